//! Small numbers in change within an arm.

use std::collections::BTreeSet;

use super::Rule;
use crate::columns::VariableKind;
use crate::results::{BeforeAfterRow, OutcomeResult};

impl Rule {
    /// Takes out the arms in which few people changed, and all where the baseline is hidden;
    /// says whether anything was.
    pub(super) fn hide_changes(
        self,
        outcome: &mut OutcomeResult,
        hidden: &BTreeSet<String>,
    ) -> bool {
        let kind = outcome.kind;
        let baseline = outcome.baseline.as_ref();
        let baseline_hidden = baseline.is_some_and(|name| hidden.contains(name));
        let rows = &mut outcome.further.before_after;
        let before = rows.len();
        rows.retain(|row| !baseline_hidden && !self.change(row, kind));
        rows.len() < before
    }

    /// Whether a few people stand out: of those with both measurements, of those who changed, of
    /// those with one measurement only (whose means stand in other tables), or by a share.
    fn change(self, row: &BeforeAfterRow, kind: VariableKind) -> bool {
        let one_only = |missing: u64| row.incomplete.saturating_sub(missing);
        // The people, or for a number their total, behind a mean.
        let stands_out = |mean: Option<f64>| {
            let n = row.n as f64;
            let total = (mean.unwrap_or(0.0) * n).abs();
            let few = |people: f64| people > 1e-9 && people < self.0 as f64 - 0.5;
            few(total) || (kind == VariableKind::Binary && few(n - total))
        };
        self.counts_of_change(row).any(|n| self.small(n))
            || self.small(row.n.saturating_sub(row.unchanged))
            || self.small(one_only(row.missing_before))
            || self.small(one_only(row.missing_after))
            || stands_out(row.mean_before)
            || stands_out(row.mean_after)
    }

    pub(super) fn counts_of_change(self, row: &BeforeAfterRow) -> impl Iterator<Item = u64> {
        let sizes = [row.n, row.incomplete, row.missing_before, row.missing_after];
        let changes = [row.increased, row.decreased, Some(row.unchanged)];
        sizes.into_iter().chain(changes.into_iter().flatten())
    }
}
