//! Nearest explanations: which small change of the print would make a failing check hold, and the checks
//! around it?
//!
//! Every candidate is tried on all checks it touches. It counts only if it breaks none that holds. The one
//! that settles most failing checks with the least change explains them together: one misprint that fails
//! five checks is one finding. An explanation is offered, never asserted, and there may be none.

mod candidates;
mod columns;
mod suppose;

use super::check::Check;
use super::evaluate::Outcome;
use super::figure::{FigureId, Figures};
use super::finding::{Change, Explanation, Finding, Verdict};
use crate::publication::Publication;
use suppose::Suppose;

/// A change with the failing checks it settles.
#[derive(Debug, Clone)]
struct Candidate {
    changes: Vec<Change>,
    settles: Vec<usize>,
    size: u32,
}

/// Explanations kept per finding.
const KEPT: usize = 3;

/// The findings of an audit, most serious first.
pub fn findings(
    publication: &Publication,
    figures: &Figures,
    checks: &[Check],
    outcomes: &[Option<Outcome>],
) -> Vec<Finding> {
    let suppose = Suppose::new(figures, checks, outcomes);
    let mut candidates = candidates::singles(&suppose);
    candidates.extend(columns::candidates(publication, &suppose));
    candidates.extend(candidates::pairs(&suppose, &candidates));
    let mut left: Vec<usize> = suppose.failing().to_vec();
    let mut findings = Vec::new();
    while !left.is_empty() {
        let reach = |candidate: &Candidate| candidate.settles.iter().filter(|check| left.contains(check)).count();
        let best = candidates
            .iter()
            .filter(|candidate| reach(candidate) > 0)
            .min_by_key(|candidate| (std::cmp::Reverse(reach(candidate)), candidate.size));
        let Some(best) = best else {
            break;
        };
        let settled: Vec<usize> = left.iter().copied().filter(|check| best.settles.contains(check)).collect();
        findings.push(finding(&suppose, &candidates, best, settled.clone()));
        left.retain(|check| !settled.contains(check));
    }
    findings.extend(unexplained(&suppose, &left));
    findings.sort_by_key(|finding| {
        let worst = finding.checks.iter().map(|&check| severity(&checks[check])).max();
        let at = finding.figures.first().map(|&figure| figures.list[figure].at);
        (std::cmp::Reverse(worst), std::cmp::Reverse(finding.checks.len()), at)
    });
    findings
}

/// What a reader would conclude wrongly weighs most, a rounding in the last digit least.
fn severity(check: &Check) -> u32 {
    match check {
        Check::Significance { .. }
        | Check::Statistic { .. }
        | Check::StatisticP { .. }
        | Check::PLevel { .. }
        | Check::Order { .. }
        | Check::Formula { .. } => 3,
        Check::CountShare { .. } | Check::ShareOfN { .. } | Check::MeanOfN { .. } => 1,
        _ => 2,
    }
}

fn finding(suppose: &Suppose, candidates: &[Candidate], best: &Candidate, mut checks: Vec<usize>) -> Finding {
    let mut others: Vec<&Candidate> = candidates
        .iter()
        .filter(|c| !std::ptr::eq(*c, best) && checks.iter().all(|check| c.settles.contains(check)))
        .collect();
    others.sort_by_key(|c| c.size);
    let rivals = others.iter().any(|c| c.size <= best.size && !same_place(c, best));
    let changed = changed(best);
    let figures = if rivals || changed.is_empty() {
        targets(suppose, &checks)
    } else {
        changed
    };
    // The finding is named after the weightiest check that is about the figure itself.
    checks.sort_by_key(|&check| {
        let about = figures.contains(&suppose.checks[check].target());
        (!about, std::cmp::Reverse(severity(&suppose.checks[check])), check)
    });
    let explain = |c: &Candidate| Explanation {
        changes: c.changes.clone(),
        settles: c.settles.len(),
        size: c.size,
    };
    let explanations = [best].into_iter().chain(others).take(KEPT).map(explain).collect();
    Finding { figures, checks, explanations }
}

/// The figures that a candidate replaces; none when it supposes something else.
fn changed(candidate: &Candidate) -> Vec<FigureId> {
    let each = candidate.changes.iter().flat_map(|change| match change {
        Change::Figure { figure, .. } => vec![*figure],
        Change::Swapped { first, second } => vec![*first, *second],
        Change::Column { implied, .. } => implied.iter().map(|(figure, _)| *figure).collect(),
        _ => Vec::new(),
    });
    each.collect()
}

fn same_place(a: &Candidate, b: &Candidate) -> bool {
    let (a, b) = (changed(a), changed(b));
    a.is_empty() || a.iter().any(|figure| b.contains(figure))
}

fn targets(suppose: &Suppose, checks: &[usize]) -> Vec<FigureId> {
    let mut figures: Vec<FigureId> = checks.iter().map(|&check| suppose.checks[check].target()).collect();
    figures.sort_unstable();
    figures.dedup();
    figures
}

/// One finding per figure for what nothing explains.
fn unexplained(suppose: &Suppose, left: &[usize]) -> Vec<Finding> {
    targets(suppose, left)
        .into_iter()
        .map(|figure| Finding {
            figures: vec![figure],
            checks: left.iter().copied().filter(|&c| suppose.checks[c].target() == figure).collect(),
            explanations: Vec::new(),
        })
        .collect()
}

/// Whether a verdict is a failure.
fn fails(outcome: &Option<Outcome>) -> bool {
    outcome.as_ref().is_some_and(|o| o.verdict == Verdict::Inconsistent)
}
