//! How many small numbers there are.

use super::{Results, Rule};
use crate::results::{ArmSummary, BalanceTable, Evaluation};

/// How many numbers of people in these results are below `min_cell`.
pub fn small_numbers(results: &Results, min_cell: u64) -> u64 {
    let Results {
        manifest,
        balance,
        evaluation,
        // Its counts are the manifest's.
        history: _,
        broken: _,
        public: _,
        verification: _,
    } = results;
    let rule = Rule(min_cell);
    let counts = manifest.iter().map(|manifest| &manifest.counts);
    let strata = counts
        .clone()
        .flat_map(|counts| &counts.strata)
        .flat_map(|stratum| &stratum.arms)
        .map(|arm| arm.persons);
    let excluded = counts.flat_map(|counts| &counts.excluded);
    let drawn = rule.count(strata.chain(excluded.map(|excluded| excluded.count)));
    let covariates: u64 = balance.iter().map(|table| rule.in_table(table)).sum();
    let outcomes = evaluation.iter().map(|of| rule.in_evaluation(of));
    drawn + covariates + outcomes.sum::<u64>()
}

impl Rule {
    fn count(self, numbers: impl Iterator<Item = u64>) -> u64 {
        numbers.filter(|n| self.small(*n)).count() as u64
    }

    fn in_arm(self, summary: &ArmSummary) -> u64 {
        let levels = summary.levels.iter().map(|level| level.count);
        self.count([summary.n, summary.missing].into_iter().chain(levels))
    }

    fn in_table(self, table: &BalanceTable) -> u64 {
        let arms = table.covariates.iter().flat_map(|row| &row.arms);
        arms.map(|summary| self.in_arm(summary)).sum()
    }

    fn in_evaluation(self, evaluation: &Evaluation) -> u64 {
        let mut total = 0;
        for outcome in &evaluation.outcomes {
            total += outcome
                .arms
                .iter()
                .map(|summary| self.in_arm(summary))
                .sum::<u64>();
            let excluded = outcome.excluded.iter().flat_map(|excluded| &excluded.arms);
            let by_dose = outcome.further.dose.iter().flat_map(|row| &row.groups);
            let changes = outcome.further.before_after.iter();
            total += self.count(excluded.map(|size| size.n));
            total += self.count(by_dose.flat_map(|group| [group.n, group.missing]));
            total += self.count(changes.flat_map(|row| self.counts_of_change(row)));
        }
        if let Some(compliance) = &evaluation.compliance {
            let rows = compliance.arms.iter();
            let reasons = compliance.reasons.iter();
            total += self.count(
                rows.flat_map(|row| [row.received, row.not_received, row.unknown])
                    .chain(reasons.map(|reason| reason.count)),
            );
        }
        total
    }
}
