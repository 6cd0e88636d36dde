//! When a number is small.

use std::collections::{BTreeMap, BTreeSet};

use crate::results::{ArmSummary, BalanceRow, Compliance, OutcomeResult};

/// The limit below which numbers of people are small.
#[derive(Clone, Copy)]
pub(super) struct Rule(pub(super) u64);

impl Rule {
    pub(super) fn small(self, n: u64) -> bool {
        n > 0 && n < self.0
    }

    pub(super) fn some(self, n: Option<u64>) -> bool {
        n.is_some_and(|n| self.small(n))
    }

    fn arm(self, summary: &ArmSummary) -> bool {
        // A total that fewer people than the limit may have made up between them.
        let total = summary
            .mean
            .map_or(0.0, |mean| (mean * summary.n as f64).abs());
        self.small(summary.n)
            || self.small(summary.missing)
            || summary.levels.iter().any(|level| self.small(level.count))
            || (summary.levels.is_empty() && total > 1e-9 && total < self.0 as f64 - 0.5)
    }

    pub(super) fn outcome(self, outcome: &OutcomeResult) -> bool {
        let excluded = outcome.excluded.iter().flat_map(|excluded| &excluded.arms);
        let fewest = &outcome.further.fewest;
        outcome.arms.iter().any(|summary| self.arm(summary))
            || excluded.into_iter().any(|size| self.small(size.n))
            || self.some(fewest.unlike)
            || self.some(fewest.strata)
    }

    /// Whether a few people lie between a group of this variable and one of another that is shown.
    pub(super) fn apart(self, nested: &BTreeMap<String, u64>, hidden: &BTreeSet<String>) -> bool {
        let mut others = nested.iter();
        others.any(|(other, n)| self.small(*n) && !hidden.contains(other))
    }

    pub(super) fn covariate(self, row: &BalanceRow) -> bool {
        row.arms.iter().any(|summary| self.arm(summary)) || self.some(row.unlike)
    }

    pub(super) fn compliance(self, compliance: &Compliance) -> bool {
        compliance.arms.iter().any(|row| {
            [row.n, row.received, row.not_received, row.unknown]
                .into_iter()
                .any(|n| self.small(n))
        })
    }
}
