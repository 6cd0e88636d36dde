//! Totals against groups, figures that recur, columns that repeat, figures derived from others.

use super::wholes::part_counts;
use super::{compare, holds, outcome};
use crate::audit::check::{Check, ColumnPair};
use crate::audit::debit::Divisor;
use crate::audit::figure::{Figures, Values};
use crate::audit::finding::Outcome;
use crate::audit::finding::{Arithmetic, Verdict};
use crate::audit::total::{self, Group};
use crate::audit::{copied, formula};
use crate::publication::Parts;

pub(super) fn evaluate(check: &Check, figures: &Figures, values: &Values) -> Option<Outcome> {
    match check {
        Check::TotalCount { total, groups } => {
            let terms: Vec<u64> = groups
                .iter()
                .map(|&id| values.count(id))
                .collect::<Option<_>>()?;
            part_counts(terms, values.count(*total)?, Parts::All)
        }
        Check::TotalMean { total, groups } => {
            let parts = groups
                .iter()
                .map(|&(mean, n)| {
                    Some(Group {
                        n: values.n(n)?,
                        mean: values.span(mean)?,
                        sd: None,
                    })
                })
                .collect::<Option<Vec<_>>>()?;
            let range = total::mean(&parts)?;
            let terms = groups
                .iter()
                .map(|&(mean, n)| Some((values.n(n)?, values.get(mean))))
                .collect::<Option<_>>()?;
            outcome(
                compare(values.span(*total)?, range),
                Arithmetic::Weighted { terms, range },
            )
        }
        Check::TotalSd { total, groups } => {
            let parts = groups
                .iter()
                .map(|&(mean, sd, n)| {
                    Some(Group {
                        n: values.n(n)?,
                        mean: values.span(mean)?,
                        sd: Some(values.span(sd)?),
                    })
                })
                .collect::<Option<Vec<_>>>()?;
            let range = total::sd(&parts, Divisor::Sample)?;
            outcome(
                compare(values.span(*total)?, range),
                Arithmetic::CombinedSd { range },
            )
        }
        Check::Column {
            pairs, of, limit, ..
        } => {
            let shares = pairs.iter().all(|pair| pair.spread.is_none());
            let repeat = copied::repeat(&copied_pairs(pairs, values)?, shares);
            let suspect = repeat.filter(|r| r.chance < *limit);
            let arithmetic = repeat.map_or(Arithmetic::None, |repeat| Arithmetic::Repeat {
                of: *of,
                repeat,
            });
            outcome(holds(suspect.is_none()), arithmetic)
        }
        Check::Same { first, second } => {
            let (a, b) = (values.span(*first)?, values.span(*second)?);
            let (coarse, fine) = if a.width() >= b.width() {
                (a, b)
            } else {
                (b, a)
            };
            // Neighbouring digits share no more than the tie between them.
            let shared = coarse.intersection(fine).map_or(-1.0, |both| both.width());
            let verdict = if shared > 1e-6 * fine.width() || fine.width() == 0.0 && shared >= 0.0 {
                compare(coarse, fine)
            } else {
                Verdict::Inconsistent
            };
            outcome(verdict, Arithmetic::Other { figure: *first })
        }
        Check::Formula { target, expr, .. } => {
            let range = formula::range(expr, figures, values)?;
            let printed = values.get(*target).span();
            let printed = match values.figures[*target].about {
                // What is called approximate is allowed a tenth either way.
                true => printed.hull(printed.times(0.9)).hull(printed.times(1.1)),
                false => printed,
            };
            outcome(compare(printed, range), Arithmetic::Formula { range })
        }
        _ => None,
    }
}

/// The cells of two columns, with the standard error of their difference where they are samples of one
/// population: the second from all, or both apart.
fn copied_pairs(pairs: &[ColumnPair], values: &Values) -> Option<Vec<copied::Pair>> {
    pairs
        .iter()
        .map(|pair| {
            let (first, second) = (values.get(pair.first), values.get(pair.second));
            let (na, nb) = (
                values.n(pair.first_n)? as f64,
                values.n(pair.second_n)? as f64,
            );
            // The finer of two grids decides how often figures meet.
            let many = na.max(nb);
            let (spread, step) = match pair.spread {
                // Sums of squares of one parity: 2 / (n − 1) between variances.
                Some(sd) if sd == pair.second => {
                    let sd = values.get(sd).value();
                    (sd * 0.5f64.sqrt(), 1.0 / ((many - 1.0) * sd))
                }
                Some(sd) => (values.get(sd).value(), 1.0 / many),
                None => {
                    let share = values.interval(pair.second)?.span().middle();
                    let unit = if values.figures[pair.second].percent {
                        100.0
                    } else {
                        1.0
                    };
                    let spread = unit * (share * (1.0 - share)).max(0.0).sqrt();
                    (spread, unit / many)
                }
            };
            let inverse = if pair.nested {
                (1.0 / nb - 1.0 / na).abs()
            } else {
                1.0 / na + 1.0 / nb
            };
            Some(copied::Pair {
                first,
                second,
                std_error: spread * inverse.sqrt(),
                step,
            })
        })
        .collect()
}
