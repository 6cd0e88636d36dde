//! Parts against their whole, a score against its distribution, formulas.

use super::Builder;
use crate::audit::check::Check;
use crate::audit::figure::{At, FigureId, Quantity};
use crate::audit::formula;
use crate::publication::{CellRef, Expr, Measure, Parts, RowRef};

impl Builder<'_> {
    /// The checks of a row that has parts, in every group of the table.
    pub(super) fn whole(&mut self, at: RowRef) {
        let table = &self.publication.tables[at.table];
        if table.rows[at.row].parts.is_empty() {
            return;
        }
        for &group in &table.groups {
            self.parts(at, group);
            if table.rows[at.row].measure == Measure::Ordinal {
                self.distribution(at, group);
            }
        }
    }

    fn parts(&mut self, at: RowRef, group: usize) {
        let row = self.publication.row(at);
        let whole = Self::cell_of(at, group);
        let mut cells = Vec::new();
        self.printed_parts(at, group, &mut cells);
        // Parts that one group has no figure for leave the sum open; nobody adds nothing.
        let nobody = |cell| {
            self.count(cell)
                .is_some_and(|id| self.figures.list[id].printed.mantissa == 0)
        };
        let all = |find: &dyn Fn(CellRef) -> Option<FigureId>| -> (Vec<FigureId>, Parts) {
            let found: Vec<FigureId> = cells.iter().filter_map(|&cell| find(cell)).collect();
            let missing = cells
                .iter()
                .any(|&cell| find(cell).is_none() && !nobody(cell));
            let kind = match row.parts_are {
                Parts::All if missing => Parts::Some,
                kind => kind,
            };
            (found, kind)
        };
        let (counts, counts_kind) = all(&|cell| self.count(cell));
        let (shares, shares_kind) = all(&|cell| self.share(cell));
        let is_share = matches!(
            row.measure,
            Measure::Share | Measure::Binary | Measure::Count
        );
        let n = self.n(whole);
        // A share without a printed count has a count that isn't printed.
        let everyone = n.map(|n| n.figure).filter(|_| !is_share);
        let all_counts = self.count(whole).filter(|_| is_share).or(everyone);
        let own_share = self.share(whole).filter(|_| is_share);
        // The n of the parts' own cells, so that a supposed denominator of theirs counts here.
        // Where the counts are printed, these have a check of their own.
        let n = n
            .filter(|_| own_share.is_none() && counts.is_empty())
            .and_then(|_| self.n(cells[0]));
        let percentages = shares
            .iter()
            .filter(|&&id| self.figures.list[id].percent)
            .count();
        let alike = percentages == 0 || percentages == shares.len();
        if let (Some(whole), false) = (all_counts, counts.is_empty()) {
            self.push(Check::PartCounts {
                parts: counts,
                whole,
                kind: counts_kind,
            });
        }
        // A whole that is itself a share without a printed figure leaves nothing to compare with.
        if !shares.is_empty() && alike && (own_share.is_some() || !is_share) {
            self.push(Check::PartShares {
                parts: shares,
                n,
                whole: own_share,
                kind: shares_kind,
            });
        }
    }

    /// The cells of a row's parts; a part without a figure of its own stands for its parts.
    fn printed_parts(&self, at: RowRef, group: usize, into: &mut Vec<CellRef>) {
        let rows = &self.publication.tables[at.table].rows;
        for &part in &rows[at.row].parts {
            let here = RowRef { row: part, ..at };
            let cell = Self::cell_of(here, group);
            let own = self.count(cell).is_some() || self.share(cell).is_some();
            if !own && !rows[part].parts.is_empty() && rows[part].parts_are == Parts::All {
                self.printed_parts(here, group, into);
            } else {
                into.push(cell);
            }
        }
    }

    fn distribution(&mut self, at: RowRef, group: usize) {
        let whole = Self::cell_of(at, group);
        let row = self.publication.row(at);
        let rows = &self.publication.tables[at.table].rows;
        let part = |&part: &usize| self.n(Self::cell_of(RowRef { row: part, ..at }, group));
        let n = row.parts.first().and_then(part);
        let (Some(mean), Some(n)) = (self.mean(whole), n) else {
            return;
        };
        let level = |&part: &usize| -> Option<(f64, FigureId)> {
            let cell = Self::cell_of(RowRef { row: part, ..at }, group);
            let figure = self.share(cell).or_else(|| self.count(cell))?;
            Some((rows[part].score? as f64, figure))
        };
        let levels: Option<Vec<_>> = row.parts.iter().map(level).collect();
        if let (Some(levels), Parts::All) = (levels, row.parts_are) {
            let sd = self.sd(whole);
            self.push(Check::Distribution {
                mean,
                sd,
                levels,
                n,
            });
        }
    }

    /// A row with a formula: one check per printed cell.
    pub(super) fn formula_row(&mut self, at: RowRef) {
        let Some(expr) = &self.publication.row(at).formula else {
            return;
        };
        for &group in self.publication.row(at).cells.keys() {
            let target = self.figures.id(At::First(Self::cell_of(at, group)));
            if let Some(target) = target {
                self.formula(target, expr.for_group(group));
            }
        }
    }

    pub(super) fn formula(&mut self, target: FigureId, expr: Expr) {
        if let Some(operands) = formula::operands(&expr, self.figures) {
            self.push(Check::Formula {
                target,
                expr,
                operands,
            });
        }
    }

    /// The sizes of groups against their total's.
    pub(super) fn group_sizes(&mut self) {
        for (index, group) in self.publication.groups.iter().enumerate() {
            let size = |g: usize| self.figures.id(At::GroupN(g));
            let parts: Option<Vec<FigureId>> = group.of.iter().map(|&g| size(g)).collect();
            if let (Some(total), Some(groups), false) = (size(index), parts, group.of.is_empty()) {
                self.push(Check::TotalCount { total, groups });
            }
        }
    }

    /// Whether two figures measure the same kind of thing, so that one can repeat the other.
    pub(super) fn comparable(&self, a: FigureId, b: FigureId) -> bool {
        let kind = |id: FigureId| match self.quantity(id) {
            Quantity::Value => Quantity::Mean,
            other => other,
        };
        kind(a) == kind(b)
    }
}
