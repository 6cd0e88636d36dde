//! Candidate explanations by another way of rounding: cut off, or rounded twice.

use super::Candidate;
use super::candidates::METHOD;
use super::suppose::Suppose;
use crate::audit::check::Check;
use crate::audit::debit::{self, Divisor};
use crate::audit::figure::{FigureId, Quantity, Values};
use crate::audit::finding::Change;
use crate::audit::percentage;
use crate::audit::rounding::{Convention, Interval, admissible};

/// Per convention and column of a table: all failing cells that it explains, if it fits the cells that
/// hold as well; otherwise each cell by itself.
pub fn candidates(suppose: &Suppose) -> Vec<Candidate> {
    let values = Values::printed_as_is(&suppose.figures.list);
    let mut found = Vec::new();
    for convention in [Convention::RoundedTwice, Convention::Truncation] {
        let holds =
            |check: usize| holds_under(&suppose.checks[check], &values, convention) == Some(true);
        let mut done: Vec<(usize, usize)> = Vec::new();
        for &check in suppose.failing() {
            let Some(column) = column(suppose, check).filter(|_| holds(check)) else {
                continue;
            };
            found.push(candidate(suppose, &[check], convention));
            if done.contains(&column) {
                continue;
            }
            done.push(column);
            let whole: Vec<usize> = (0..suppose.checks.len())
                .filter(|&other| self::column(suppose, other) == Some(column))
                .filter(|&other| suppose.outcomes[other].is_some())
                .collect();
            if whole
                .iter()
                .all(|&other| suppose.fails(other) || holds(other))
            {
                let mut settles: Vec<usize> = whole
                    .into_iter()
                    .filter(|&other| suppose.fails(other) && holds(other))
                    .collect();
                // The same figures printed elsewhere were copied from here.
                let copies: Vec<usize> = settles
                    .iter()
                    .flat_map(|&other| suppose.copies(suppose.checks[other].target()))
                    .flat_map(|copy| suppose.touching(copy))
                    .copied()
                    .filter(|&other| suppose.fails(other) && holds(other))
                    .collect();
                settles.extend(copies);
                settles.sort_unstable();
                settles.dedup();
                found.push(candidate(suppose, &settles, convention));
            }
        }
    }
    found
}

fn candidate(suppose: &Suppose, settles: &[usize], convention: Convention) -> Candidate {
    let figures: Vec<FigureId> = settles
        .iter()
        .map(|&check| suppose.checks[check].target())
        .collect();
    Candidate {
        changes: vec![Change::Rounding {
            figures,
            convention,
        }],
        settles: settles.to_vec(),
        size: METHOD,
        distance: 0.0,
        edits: Vec::new(),
        denominators: Vec::new(),
    }
}

/// Table and group of a check of a percentage or a 0/1 mean.
fn column(suppose: &Suppose, check: usize) -> Option<(usize, usize)> {
    let check = &suppose.checks[check];
    matches!(
        check,
        Check::CountShare { .. } | Check::ShareOfN { .. } | Check::Binary { .. }
    )
    .then_some(())?;
    let cell = suppose.figures.list[check.target()].at.cell()?;
    Some((cell.table, cell.group))
}

/// Whether a check would hold if its digits had come about so; `None` for other checks.
fn holds_under(check: &Check, values: &Values, convention: Convention) -> Option<bool> {
    let interval = |id: FigureId| -> Option<Interval> {
        let printed = values.get(id);
        let figure = &values.figures[id];
        let percent = figure.percent && figure.quantity == Quantity::Share;
        let printed = if percent {
            printed.hundredth()?
        } else {
            printed
        };
        Some(admissible(printed, convention))
    };
    match check {
        Check::CountShare { count, share, n } => Some(percentage::fits(
            values.count(*count)?,
            values.n(*n)?,
            &interval(*share)?,
        )),
        Check::ShareOfN { share, n } => {
            Some(percentage::counts(values.n(*n)?, &interval(*share)?).is_some())
        }
        Check::Binary { share, sd, n } => {
            let (share, sd) = (interval(*share)?, interval(*sd)?);
            let counts = debit::counts(&share, Some(&sd), values.n(*n)?, Divisor::Sample);
            Some(!counts.is_empty())
        }
        _ => None,
    }
}

/// Whether two candidates suppose the same way of rounding.
pub fn same(a: &Candidate, b: &Candidate) -> bool {
    let convention = |c: &Candidate| match c.changes[..] {
        [Change::Rounding { convention, .. }] => Some(convention),
        _ => None,
    };
    convention(a).is_some() && convention(a) == convention(b)
}
