//! Columns that could repeat another: the parts of a whole, and a mean with its SD.

use super::Builder;
use crate::audit::check::{Check, ColumnPair};
use crate::audit::figure::FigureId;
use crate::publication::{CellRef, Measure, Role, RowRef};

/// A column of shares that repeats another by chance less often than this is called a repeat.
const SHARES: f64 = 1e-3;
/// The same for a single mean and SD, of which a report prints many more.
const MOMENTS: f64 = 1e-4;

impl Builder<'_> {
    /// Compares each group's column of a whole, or mean and SD, with those of the groups before it and,
    /// if it is part of a total, with the total's wherever it is printed.
    pub(super) fn columns(&mut self, at: RowRef) {
        let row = self.publication.row(at);
        let shares =
            !row.parts.is_empty() && matches!(row.measure, Measure::Categorical | Measure::Ordinal);
        let groups = &self.publication.tables[at.table].groups;
        let is_total = |g: usize| self.publication.groups[g].role == Role::Total;
        let cluster = self.publication.same_variable(at);
        for (index, &group) in groups.iter().enumerate() {
            if is_total(group) {
                continue;
            }
            let earlier = groups[..index]
                .iter()
                .filter(|&&g| !is_total(g))
                .map(|&g| (at, g));
            let totals = (0..self.publication.groups.len())
                .filter(|&g| self.publication.groups[g].of.contains(&group))
                .flat_map(|g| cluster.iter().map(move |&row| (row, g)));
            let others: Vec<(RowRef, usize)> = earlier.chain(totals).collect();
            for (other, of) in others {
                let nested = is_total(of);
                if shares && let Some(pairs) = self.share_pairs(at, group, other, of, nested) {
                    self.push(Check::Column {
                        pairs,
                        group,
                        of,
                        limit: SHARES,
                    });
                }
                if row.measure == Measure::Numeric
                    && let Some(pairs) = self.moment_pairs(at, group, other, of, nested)
                {
                    self.push(Check::Column {
                        pairs,
                        group,
                        of,
                        limit: MOMENTS,
                    });
                }
            }
        }
    }

    fn share_pairs(
        &self,
        at: RowRef,
        group: usize,
        other: RowRef,
        of: usize,
        nested: bool,
    ) -> Option<Vec<ColumnPair>> {
        let parts = &self.publication.row(at).parts;
        let others = &self.publication.row(other).parts;
        (parts.len() == others.len() && parts.len() > 1).then_some(())?;
        let pair = |(&part, &theirs): (&usize, &usize)| {
            let second = Self::cell_of(RowRef { row: part, ..at }, group);
            let first = Self::cell_of(
                RowRef {
                    row: theirs,
                    ..other
                },
                of,
            );
            let (a, b) = (self.share(first)?, self.share(second)?);
            self.pair(a, b, first, second, None, nested)
        };
        parts.iter().zip(others).map(pair).collect()
    }

    fn moment_pairs(
        &self,
        at: RowRef,
        group: usize,
        other: RowRef,
        of: usize,
        nested: bool,
    ) -> Option<Vec<ColumnPair>> {
        let (first, second) = (Self::cell_of(other, of), Self::cell_of(at, group));
        let (mean, sd) = (
            (self.mean(first)?, self.mean(second)?),
            (self.sd(first)?, self.sd(second)?),
        );
        Some(vec![
            self.pair(mean.0, mean.1, first, second, Some(sd.1), nested)?,
            self.pair(sd.0, sd.1, first, second, Some(sd.1), nested)?,
        ])
    }

    fn pair(
        &self,
        first: FigureId,
        second: FigureId,
        first_cell: CellRef,
        second_cell: CellRef,
        spread: Option<FigureId>,
        nested: bool,
    ) -> Option<ColumnPair> {
        Some(ColumnPair {
            first,
            second,
            first_n: self.n(first_cell)?,
            second_n: self.n(second_cell)?,
            spread,
            nested,
        })
    }
}
