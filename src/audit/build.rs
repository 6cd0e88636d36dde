//! From a publication to its checks: everything that what is printed allows to be recomputed.

mod cells;
mod claims;
mod columns;
mod linked;
mod tests;
mod wholes;

use super::check::Check;
use super::figure::{At, FigureId, Figures, NRef, Quantity};
use crate::publication::{CellRef, Publication, Role, RowRef};

/// All checks of a publication, in printed order.
pub fn checks(publication: &Publication, figures: &Figures) -> Vec<Check> {
    let mut builder = Builder {
        publication,
        figures,
        checks: Vec::new(),
    };
    for (at, row) in publication.rows() {
        for &group in row.n.keys() {
            builder.valid_n(at, group);
        }
        for &group in row.cells.keys() {
            builder.cell(CellRef {
                table: at.table,
                row: at.row,
                group,
            });
        }
        builder.whole(at);
        builder.columns(at);
        builder.row_test(at);
        builder.formula_row(at);
    }
    builder.group_sizes();
    builder.linked();
    for claim in 0..publication.claims.len() {
        builder.claim(claim);
    }
    builder.checks
}

struct Builder<'a> {
    publication: &'a Publication,
    figures: &'a Figures,
    checks: Vec<Check>,
}

impl Builder<'_> {
    fn push(&mut self, check: Check) {
        self.checks.push(check);
    }

    fn quantity(&self, id: FigureId) -> Quantity {
        self.figures.list[id].quantity
    }

    /// The printed n that holds for a cell: its row's, else that of the row it is part of, else its group's.
    fn n(&self, cell: CellRef) -> Option<NRef> {
        let rows = &self.publication.tables[cell.table].rows;
        let mut at = Some(cell.row);
        while let Some(row) = at {
            if let Some(figure) = self.figures.id(At::ValidN(CellRef { row, ..cell })) {
                return Some(NRef { figure, cell });
            }
            at = rows[row].part_of;
        }
        let figure = self.figures.id(At::GroupN(cell.group))?;
        Some(NRef { figure, cell })
    }

    fn share(&self, cell: CellRef) -> Option<FigureId> {
        self.figures.in_cell(cell, Quantity::Share)
    }

    fn count(&self, cell: CellRef) -> Option<FigureId> {
        self.figures.in_cell(cell, Quantity::Count)
    }

    fn mean(&self, cell: CellRef) -> Option<FigureId> {
        self.figures.in_cell(cell, Quantity::Mean)
    }

    fn sd(&self, cell: CellRef) -> Option<FigureId> {
        self.figures.in_cell(cell, Quantity::Sd)
    }

    /// The two groups that a table compares: intervention and control, else its only two.
    fn compared(&self, table: usize) -> Option<(usize, usize)> {
        let groups = &self.publication.tables[table].groups;
        let role = |wanted: Role| {
            let mut with = groups
                .iter()
                .filter(|&&g| self.publication.groups[g].role == wanted);
            with.next().filter(|_| with.next().is_none()).copied()
        };
        if let (Some(a), Some(b)) = (role(Role::Intervention), role(Role::Control)) {
            return Some((a, b));
        }
        let parts: Vec<usize> = groups
            .iter()
            .copied()
            .filter(|&g| self.publication.groups[g].role != Role::Total)
            .collect();
        match parts[..] {
            [a, b] => Some((a, b)),
            _ => None,
        }
    }

    fn cell_of(at: RowRef, group: usize) -> CellRef {
        CellRef {
            table: at.table,
            row: at.row,
            group,
        }
    }
}
