//! Parts of a whole, and a score against its distribution.

use super::{holds, outcome};
use crate::audit::check::Check;
use crate::audit::debit::Divisor;
use crate::audit::figure::{Quantity, Values};
use crate::audit::finding::Outcome;
use crate::audit::finding::{Arithmetic, Verdict};
use crate::audit::ordinal::{self, Level};
use crate::audit::ratio::Ratio;
use crate::audit::rounding::Interval;
use crate::audit::span::Span;
use crate::audit::{parts, percentage};
use crate::publication::Parts;

pub(super) fn evaluate(check: &Check, values: &Values) -> Option<Outcome> {
    match check {
        Check::PartCounts { parts, whole, kind } => {
            let terms: Vec<u64> = parts
                .iter()
                .map(|&id| values.count(id))
                .collect::<Option<_>>()?;
            part_counts(terms, values.count(*whole)?, *kind)
        }
        Check::PartShares {
            parts,
            n,
            whole,
            kind,
        } => {
            let terms: Vec<Interval> = parts
                .iter()
                .map(|&id| values.interval(id))
                .collect::<Option<_>>()?;
            let n = n.and_then(|n| values.n(n));
            let whole = match whole {
                Some(whole) => Some(values.span(*whole)?),
                None => None,
            };
            part_shares(&terms, n, whole, *kind)
        }
        Check::Distribution {
            mean,
            sd,
            levels,
            n,
        } => {
            let n = values.n(*n)?;
            let levels: Vec<Level> = levels
                .iter()
                .map(|&(score, id)| {
                    let count = values.figures[id].quantity == Quantity::Count;
                    let share = if count {
                        share_of_count(values.count(id)?, n)?
                    } else {
                        values.interval(id)?
                    };
                    Some(Level { score, share })
                })
                .collect::<Option<_>>()?;
            let (mean, sd) = (values.span(*mean)?, sd.and_then(|sd| values.span(sd)));
            let moments = ordinal::moments(&levels, n, Divisor::Sample)?;
            let fits = ordinal::joint(&levels, n, mean, sd, Divisor::Sample)?;
            let exact = moments.mean.inside(mean) && sd.is_none_or(|sd| moments.sd.inside(sd));
            let verdict = if fits && exact {
                Verdict::Reproduced
            } else {
                holds(fits)
            };
            outcome(
                verdict,
                Arithmetic::Moments {
                    n,
                    mean: moments.mean,
                    sd: moments.sd,
                },
            )
        }
        _ => None,
    }
}

fn share_of_count(count: u64, n: u64) -> Option<Interval> {
    let exact = Ratio::new(i128::from(count), i128::from(n))?;
    Some(Interval {
        low: exact,
        high: exact,
        low_closed: true,
        high_closed: true,
    })
}

pub(super) fn part_counts(terms: Vec<u64>, whole: u64, kind: Parts) -> Option<Outcome> {
    let sum = parts::sum(&terms)?;
    let verdict = match kind {
        Parts::All if sum == whole => Verdict::Reproduced,
        Parts::All => Verdict::Inconsistent,
        Parts::Some => holds(sum <= whole),
        Parts::Overlapping => holds(terms.iter().all(|&part| part <= whole)),
    };
    outcome(verdict, Arithmetic::Sum { terms, sum, whole })
}

fn part_shares(
    terms: &[Interval],
    n: Option<u64>,
    whole: Option<Span>,
    kind: Parts,
) -> Option<Outcome> {
    let range = parts::range(terms);
    let limit = whole.unwrap_or(Span::point(1.0));
    let fits = match kind {
        Parts::All => range.overlaps(limit),
        Parts::Some => range.low <= limit.high,
        Parts::Overlapping => terms.iter().all(|part| part.span().low <= limit.high),
    };
    // Where every share is possible by itself, the counts behind them must add up too.
    let possible = |n: u64| {
        terms
            .iter()
            .all(|share| percentage::counts(n, share).is_some())
    };
    let complete = kind == Parts::All && whole.is_none();
    let adds_up = n.is_none_or(|n| !complete || !possible(n) || percentage::whole(terms, n));
    outcome(
        holds(fits && adds_up),
        Arithmetic::ShareSum {
            range,
            whole: limit,
            n,
        },
    )
}
