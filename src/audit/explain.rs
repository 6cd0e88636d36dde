//! Nearest explanations: which small change of the print would make a failing check hold, and the checks
//! around it?
//!
//! Every candidate is tried on all checks it touches. It counts only if it breaks none that holds. The one
//! that settles most failing checks with the least change explains them together: one misprint that fails
//! five checks is one finding. An explanation is offered, never asserted, and there may be none.

mod candidates;
mod columns;
mod conventions;
mod suppose;

use super::check::Check;
use super::figure::{Denominator, FigureId, Figures};
use super::finding::Outcome;
use super::finding::{Change, Explanation, Finding, Verdict};
use super::rounding::Printed;
use crate::publication::Publication;
use suppose::Suppose;

/// A change with the failing checks it settles.
#[derive(Debug, Clone)]
struct Candidate {
    changes: Vec<Change>,
    settles: Vec<usize>,
    size: u32,
    /// How far the new values are from the printed ones: between equals the nearest comes first.
    distance: f64,
    edits: Vec<(FigureId, Printed)>,
    denominators: Vec<Denominator>,
}

impl Candidate {
    fn nearer(&self, other: &Candidate) -> std::cmp::Ordering {
        self.size
            .cmp(&other.size)
            .then(self.distance.total_cmp(&other.distance))
    }
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
    candidates.extend(conventions::candidates(&suppose));
    candidates.extend(candidates::pairs(&suppose, &candidates));
    let mut left: Vec<usize> = suppose.failing().to_vec();
    let mut chosen: Vec<(&Candidate, Vec<usize>)> = Vec::new();
    while let Some(best) = best(&candidates, &left) {
        let (settled, rest) = left.iter().partition(|check| best.settles.contains(check));
        left = rest;
        chosen.push((best, settled));
    }
    consequences(&suppose, &mut chosen, &mut left);
    let mut findings: Vec<Finding> = chosen
        .into_iter()
        .map(|(best, settled)| finding(&suppose, &candidates, best, settled))
        .collect();
    findings.extend(unexplained(&suppose, &left));
    findings.sort_by_key(|finding| {
        let worst = finding
            .checks
            .iter()
            .map(|&check| severity(&checks[check]))
            .max();
        let at = finding
            .figures
            .first()
            .map(|&figure| figures.list[figure].at);
        (
            std::cmp::Reverse(worst),
            std::cmp::Reverse(finding.checks.len()),
            at,
        )
    });
    findings
}

/// The candidate that settles most of what is left, with the least change.
fn best<'a>(candidates: &'a [Candidate], left: &[usize]) -> Option<&'a Candidate> {
    let reach = |c: &Candidate| {
        c.settles
            .iter()
            .filter(|check| left.contains(check))
            .count()
    };
    candidates
        .iter()
        .filter(|candidate| reach(candidate) > 0)
        .min_by(|a, b| reach(b).cmp(&reach(a)).then_with(|| a.nearer(b)))
}

/// What fails only because of what has been explained already, words and marks among it, belongs to the
/// explained finding.
fn consequences(suppose: &Suppose, chosen: &mut [(&Candidate, Vec<usize>)], left: &mut Vec<usize>) {
    let all: Vec<&Candidate> = chosen.iter().map(|(candidate, _)| *candidate).collect();
    left.retain(|&check| {
        let owner = chosen
            .iter_mut()
            .find(|(candidate, _)| suppose.concerned(check, candidate));
        let Some((candidate, settled)) = owner else {
            return true;
        };
        let explained = suppose.holds_with(check, &[candidate]) || suppose.holds_with(check, &all);
        if explained {
            settled.push(check);
        }
        !explained
    });
}

/// What a reader would conclude wrongly weighs most, a rounding in the last digit least.
fn severity(check: &Check) -> u32 {
    match check {
        Check::Significance { .. }
        | Check::Statistic { .. }
        | Check::StatisticP { .. }
        | Check::StatisticRange { .. }
        | Check::PLevel { .. }
        | Check::Order { .. }
        | Check::Formula { .. } => 3,
        Check::CountShare { .. } | Check::ShareOfN { .. } | Check::MeanOfN { .. } => 1,
        _ => 2,
    }
}

fn finding(
    suppose: &Suppose,
    candidates: &[Candidate],
    best: &Candidate,
    mut checks: Vec<usize>,
) -> Finding {
    let settles_all = |c: &&Candidate| {
        let evidence = |check: &usize| suppose::is_evidence(&suppose.checks[*check]);
        let settled = checks.iter().filter(|check| best.settles.contains(check));
        let all = settled
            .filter(|check| evidence(check))
            .all(|check| c.settles.contains(check));
        !std::ptr::eq(*c, best) && all && checks.iter().any(|check| c.settles.contains(check))
    };
    let mut others: Vec<&Candidate> = candidates.iter().filter(settles_all).collect();
    others.sort_by(|a, b| a.nearer(b));
    let rivals = others
        .iter()
        .any(|c| c.size <= best.size && !same_place(c, best));
    let partial = candidates
        .iter()
        .filter(|c| most_of(c, best) && !settles_all(c));
    others.extend(partial);
    let changed = changed(suppose, best, &checks);
    let figures = if rivals || changed.is_empty() {
        targets(suppose, &checks)
    } else {
        changed
    };
    // First the figures that fail by themselves, those with the smallest supposed n in front; an n last.
    let mut figures = figures;
    figures.sort_by_key(|&figure| {
        let own = checks
            .iter()
            .filter(|&&c| suppose.checks[c].target() == figure);
        let alone = own.filter(|&&c| severity(&suppose.checks[c]) == 1).count();
        let cell = suppose.figures.list[figure].at.cell();
        let supposed = best
            .denominators
            .iter()
            .find(|d| cell.is_some_and(|cell| (cell.table, cell.group) == (d.table, d.group)));
        (
            suppose.is_n(figure),
            alone == 0,
            supposed.map_or(0, |d| d.n),
        )
    });
    figures.extend(failing_by_themselves(suppose, &figures, &checks));
    // The finding is named after evidence on its first figure, before words and marks.
    checks.sort_by_key(|&index| {
        let check = &suppose.checks[index];
        let words = !suppose::is_evidence(check) && !matches!(check, Check::Column { .. });
        let first = figures.first() == Some(&check.target());
        let about = figures
            .first()
            .is_some_and(|figure| check.figures().contains(figure));
        let weight = std::cmp::Reverse(severity(check));
        (words, !first, !about, weight, index)
    });
    let explain = |c: &Candidate| Explanation {
        changes: c.changes.clone(),
        settles: checks
            .iter()
            .filter(|check| c.settles.contains(check))
            .count(),
        size: c.size,
    };
    let mut kept: Vec<&Candidate> = Vec::new();
    for candidate in [best].into_iter().chain(others) {
        let alike = |other: &&&Candidate| {
            same_place(other, candidate) && other.edits.len() == 1 && candidate.edits.len() == 1
        };
        let new = kept.iter().all(|other| !same(other, candidate));
        if new && kept.len() < KEPT && kept.iter().filter(alike).count() < KEPT - 1 {
            kept.push(candidate);
        }
    }
    let explanations = kept.into_iter().map(explain).collect();
    Finding {
        figures,
        checks,
        explanations,
    }
}

/// The figures of further cells that fail without any other cell: whatever explains them, they do not fit
/// the n that is printed.
fn failing_by_themselves(suppose: &Suppose, named: &[FigureId], checks: &[usize]) -> Vec<FigureId> {
    let cell = |figure: FigureId| suppose.figures.list[figure].at.cell();
    let shown = named.iter().filter(|&&figure| !suppose.is_n(figure));
    let mut cells: Vec<_> = shown.filter_map(|&figure| cell(figure)).collect();
    let mut found: Vec<FigureId> = Vec::new();
    let within = checks.iter().map(|&check| &suppose.checks[check]);
    for check in within.filter(|check| check.within_cell()) {
        let own = cell(check.target()).filter(|own| !cells.contains(own));
        if let Some(own) = own {
            cells.push(own);
            found.push(check.target());
        }
    }
    found.sort_unstable();
    found
}

/// The figures that a candidate replaces; none when it supposes something else.
///
/// An n that is only used to judge other figures stays out: it is these that contradict it.
fn changed(suppose: &Suppose, candidate: &Candidate, checks: &[usize]) -> Vec<FigureId> {
    let about_n = |figure: FigureId| {
        checks.iter().any(|&check| {
            let counted = matches!(
                suppose.checks[check],
                Check::TotalCount { .. }
                    | Check::AtMost { .. }
                    | Check::Same { .. }
                    | Check::PartCounts { .. }
            );
            counted && suppose.checks[check].figures().contains(&figure)
        })
    };
    let edited = candidate.edits.iter().map(|(figure, _)| *figure);
    let mut figures: Vec<FigureId> = edited.filter(|&f| !suppose.is_n(f) || about_n(f)).collect();
    figures.sort_unstable();
    figures
}

/// Whether two candidates change at least one figure both: then they agree on where the error is.
fn same_place(a: &Candidate, b: &Candidate) -> bool {
    let edits = |c: &Candidate| {
        c.edits
            .iter()
            .map(|(figure, _)| *figure)
            .collect::<Vec<_>>()
    };
    let (a, b) = (edits(a), edits(b));
    a.is_empty() || b.is_empty() || a.iter().any(|figure| b.contains(figure))
}

/// Whether a cause of a whole column leaves only a few of the checks open that a better one settles.
fn most_of(candidate: &Candidate, best: &Candidate) -> bool {
    let shared = best
        .settles
        .iter()
        .filter(|check| candidate.settles.contains(check))
        .count();
    let of_best = |d: &Denominator| {
        let same = |o: &Denominator| (o.table, o.group, o.n) == (d.table, d.group, d.n);
        best.denominators.iter().any(same)
    };
    let other = !candidate.denominators.iter().all(of_best);
    shared > 2 && 2 * shared > best.settles.len() && other
}

/// Whether two candidates come to the same, whatever led to them and in whatever order.
fn same(a: &Candidate, b: &Candidate) -> bool {
    let sorted = |c: &Candidate| {
        let mut edits = c.edits.clone();
        edits.sort_unstable();
        edits
    };
    match (a.edits.is_empty(), b.edits.is_empty()) {
        (false, false) => sorted(a) == sorted(b),
        (true, true) if a.denominators.is_empty() => conventions::same(a, b),
        (true, true) => a.denominators == b.denominators,
        _ => false,
    }
}

fn targets(suppose: &Suppose, checks: &[usize]) -> Vec<FigureId> {
    let mut figures: Vec<FigureId> = checks.iter().map(|&c| suppose.checks[c].target()).collect();
    figures.sort_unstable();
    figures.dedup();
    figures
}

/// One finding per figure for what nothing explains.
fn unexplained(suppose: &Suppose, left: &[usize]) -> Vec<Finding> {
    let of = |figure: FigureId| {
        let own = |check: &&usize| suppose.checks[**check].target() == figure;
        left.iter().filter(own).copied().collect()
    };
    targets(suppose, left)
        .into_iter()
        .map(|figure| Finding {
            figures: vec![figure],
            checks: of(figure),
            explanations: Vec::new(),
        })
        .collect()
}

/// Whether a verdict is a failure.
fn fails(outcome: &Option<Outcome>) -> bool {
    outcome
        .as_ref()
        .is_some_and(|o| o.verdict == Verdict::Inconsistent)
}
