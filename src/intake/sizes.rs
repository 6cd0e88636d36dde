//! Arm sizes that the registered design cannot have made.

use crate::design::{Method, Plan, Quota, UnitKind};
use crate::error::{Error, Result};
use crate::protocol::{Assignment, Trial};
use crate::stats::dist::chi2_sf;

/// Shares that chance gives less often are not the drawn ones: the usual limit for a sample ratio mismatch.
const NEVER: f64 = 0.001;
/// An arm of which fewer are expected is not tested by χ².
const EXPECTED: f64 = 5.0;

/// Sizes are the same whatever the seed.
const ANY_SEED: &str = "1";

/// Arms as a column has them: everybody's, or of those who are in the export.
pub(super) struct Found<'a> {
    pub names: &'a [String],
    /// Persons, or clusters where those were drawn.
    pub units: Vec<u64>,
    pub file: String,
    pub column: &'a str,
}

/// Refuses arms that the registered draw cannot have: more than an arm's size, or shares that it gives in
/// fewer than one of 1,000 trials.
pub(super) fn refuse_impossible(trial: &Trial, found: &Found<'_>) -> Result<()> {
    let Some(assignment) = &trial.assignment else {
        return Ok(());
    };
    let of = |name: &str| {
        let at = found.names.iter().position(|other| other == name);
        at.map_or(0, |at| found.units[at])
    };
    let units: Vec<u64> = assignment
        .arms
        .iter()
        .map(|arm| of(&arm.plan.name))
        .collect();
    let n: u64 = units.iter().sum();
    let Some(designed) = designed(assignment, n) else {
        return Ok(());
    };
    let sized = |at: usize| matches!(assignment.arms[at].plan.quota, Quota::Size(_));
    let fixed = assignment.method != Method::Simple;
    let too_many = (0..units.len()).any(|at| fixed && sized(at) && units[at] as f64 > designed[at]);
    let no_sizes = (0..units.len()).all(|at| !sized(at));
    if too_many || (no_sizes && ratio_p(&units, &designed) < NEVER) {
        let listed = |numbers: Vec<String>| numbers.join(", ");
        let there =
            (0..units.len()).map(|at| format!("{} {}", assignment.arms[at].plan.name, units[at]));
        let meant = (0..units.len())
            .map(|at| format!("{} {}", assignment.arms[at].plan.name, designed[at].round()));
        return Err(Error::data(format!(
            "these cannot be the drawn arms: {} in the file, {} by the registered design",
            listed(there.collect()),
            listed(meant.collect())
        ))
        .file(&found.file)
        .column(found.column)
        .hint("is this the column with the drawn arm, of everybody? The allocation on record tells: --allocation allocation.csv"));
    }
    Ok(())
}

/// What the design gives each arm of `n` units; none where sizes are laid down per stratum.
fn designed(assignment: &Assignment, n: u64) -> Option<Vec<f64>> {
    let arms = &assignment.arms;
    let sizes: Option<Vec<u64>> = arms
        .iter()
        .map(|arm| match arm.plan.quota {
            Quota::Size(size) => Some(size),
            Quota::Rest | Quota::Share(_) => Some(0),
            Quota::Sizes(_) => None,
        })
        .collect();
    let sizes = sizes?;
    if arms
        .iter()
        .any(|arm| matches!(arm.plan.quota, Quota::Size(_)))
    {
        let given: u64 = sizes.iter().sum();
        let rest = |at: usize| match arms[at].plan.quota {
            Quota::Size(size) => size,
            _ => n.saturating_sub(given),
        };
        return Some((0..arms.len()).map(|at| rest(at) as f64).collect());
    }
    let plans = arms.iter().map(|arm| arm.plan.clone()).collect();
    let plan = Plan::new(assignment.method, plans, ANY_SEED).ok()?;
    if assignment.method == Method::Simple {
        let shares = plan.shares();
        return Some(
            shares
                .iter()
                .map(|share| share.to_f64() * n as f64)
                .collect(),
        );
    }
    let sizes = plan.sizes(n, UnitKind::Person).ok()?;
    Some(sizes.into_iter().map(|size| size as f64).collect())
}

/// Pearson's χ² of counts against what is expected; 1 where too few are expected for it.
fn ratio_p(units: &[u64], expected: &[f64]) -> f64 {
    if units.len() < 2 || expected.iter().any(|&of| of < EXPECTED) {
        return 1.0;
    }
    let terms = units.iter().zip(expected);
    let statistic: f64 = terms.map(|(&n, &of)| (n as f64 - of).powi(2) / of).sum();
    chi2_sf(statistic, (units.len() - 1) as f64)
}
