//! The same variable in several places: totals against their groups, and figures that recur.

use super::Builder;
use crate::audit::check::Check;
use crate::audit::figure::{At, FigureId, NRef, Quantity};
use crate::publication::{CellRef, RowRef};

impl Builder<'_> {
    /// Checks between all rows that hold one variable, and between cells said to be the same.
    pub(super) fn linked(&mut self) {
        for (at, row) in self.publication.rows() {
            let cluster = self.publication.same_variable(at);
            if cluster.first() == Some(&at) {
                self.recurring(&cluster);
                for total in 0..self.publication.groups.len() {
                    self.total(&cluster, total);
                }
            }
            for (&group, cell) in &row.cells {
                for &other in &cell.same_as {
                    self.same(other, Self::cell_of(at, group));
                }
            }
        }
    }

    /// Each group's figures, in every row after the first that has them.
    fn recurring(&mut self, cluster: &[RowRef]) {
        for group in 0..self.publication.groups.len() {
            for (index, &row) in cluster.iter().enumerate() {
                for &earlier in &cluster[..index] {
                    let (a, b) = (Self::cell_of(earlier, group), Self::cell_of(row, group));
                    if self.same(a, b) {
                        break;
                    }
                }
            }
        }
    }

    /// Compares what two cells both print; says whether there was anything.
    fn same(&mut self, a: CellRef, b: CellRef) -> bool {
        let mut any = false;
        for place in [At::First, At::Second, At::ValidN] {
            for other in [At::First, At::Second, At::ValidN] {
                let both = (self.figures.id(other(a)), self.figures.id(place(b)));
                if let (Some(first), Some(second)) = both
                    && self.comparable(first, second)
                {
                    self.push(Check::Same { first, second });
                    any = true;
                }
            }
        }
        any
    }

    /// A total's figures against those of the groups it is made of, wherever these are printed.
    fn total(&mut self, cluster: &[RowRef], total: usize) {
        let parts = &self.publication.groups[total].of;
        if parts.is_empty() {
            return;
        }
        // A total that is printed in several places is checked once, beside its groups or else where it
        // has most decimals; the other places are checked for repeating it.
        let decimals = |at: At| {
            self.figures
                .id(at)
                .map(|id| self.figures.list[id].printed.decimals)
        };
        let beside = |row: RowRef| self.sizes(row, parts).is_some();
        let n_rows = cluster
            .iter()
            .filter(|&&row| decimals(At::ValidN(Self::cell_of(row, total))).is_some());
        if let Some(&row) = n_rows
            .clone()
            .find(|&&row| beside(row))
            .or_else(|| n_rows.clone().next())
            && let Some(whole) = self.figures.id(At::ValidN(Self::cell_of(row, total)))
            && let Some(groups) = cluster.iter().find_map(|&at| self.sizes(at, parts))
        {
            self.push(Check::TotalCount {
                total: whole,
                groups,
            });
        }
        let precise = |row: &&RowRef| decimals(At::First(Self::cell_of(**row, total)));
        let figure_rows = cluster.iter().filter(|row| precise(row).is_some());
        if let Some(&row) = figure_rows.rev().max_by_key(|row| precise(row)) {
            let with_groups = [row].into_iter().chain(cluster.iter().copied()).collect();
            self.total_figure(Self::cell_of(row, total), with_groups, parts);
        }
    }

    fn total_figure(&mut self, own: CellRef, rows: Vec<RowRef>, parts: &[usize]) {
        let cells = |at: RowRef| -> Vec<CellRef> {
            parts
                .iter()
                .map(|&group| Self::cell_of(at, group))
                .collect()
        };
        for quantity in [Quantity::Mean, Quantity::Share] {
            let Some(total) = self.figures.in_cell(own, quantity) else {
                continue;
            };
            let found = rows.iter().find_map(|&at| self.each(&cells(at), quantity));
            let Some(groups) = found else {
                continue;
            };
            self.push(Check::TotalMean {
                total,
                groups: groups.clone(),
            });
            let sds: Option<Vec<(FigureId, FigureId, NRef)>> = groups
                .iter()
                .map(|&(mean, n)| Some((mean, self.sd(n.cell)?, n)))
                .collect();
            // The SD of zeros and ones follows from the share.
            if let (Some(total), Some(groups), Quantity::Mean) = (self.sd(own), sds, quantity) {
                self.push(Check::TotalSd { total, groups });
            }
        }
        if let Some(total) = self.count(own) {
            let counts = rows.iter().find_map(|&at| {
                cells(at)
                    .into_iter()
                    .map(|cell| self.count(cell))
                    .collect::<Option<Vec<_>>>()
            });
            if let Some(groups) = counts {
                self.push(Check::TotalCount { total, groups });
            }
        }
    }

    fn each(&self, cells: &[CellRef], quantity: Quantity) -> Option<Vec<(FigureId, NRef)>> {
        cells
            .iter()
            .map(|&cell| Some((self.figures.in_cell(cell, quantity)?, self.n(cell)?)))
            .collect()
    }

    fn sizes(&self, at: RowRef, parts: &[usize]) -> Option<Vec<FigureId>> {
        parts
            .iter()
            .map(|&group| self.figures.id(At::ValidN(Self::cell_of(at, group))))
            .collect()
    }
}
