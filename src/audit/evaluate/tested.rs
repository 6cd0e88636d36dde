//! Tests worked out from the printed figures, and what marks, numbers and words say of them.

use super::{compare, holds, outcome};
use crate::audit::check::{Arm, Check, Df, Family, PClaim, RowTest};
use crate::audit::debit::{self, Divisor};
use crate::audit::figure::{FigureId, NRef, Values};
use crate::audit::finding::Outcome;
use crate::audit::finding::{Arithmetic, Verdict};
use crate::audit::ordinal::{self, Level};
use crate::audit::span::Span;
use crate::audit::statistic_p::{self, Reference};
use crate::audit::summary_test::{self, Summary, TestRange, Variant};
use crate::audit::{marks, percentage};
use crate::publication::Bound;
use crate::publication::format::Comparison;

pub(super) fn evaluate(check: &Check, values: &Values) -> Option<Outcome> {
    match check {
        Check::Significance { test, claim, .. } => significance(test, claim, values),
        Check::Statistic { test, statistic } => {
            let printed = values.get(*statistic).span().magnitude();
            // Fisher's test has no statistic.
            let with_statistic: Vec<Variant> = wanted(test, values)
                .iter()
                .copied()
                .filter(|&v| v != Variant::Fisher)
                .collect();
            let ranges = ranges(test, values, &with_statistic);
            let fitting = |r: &TestRange| {
                r.statistic
                    .map(|s| compare(printed, s))
                    .filter(|v| *v != Verdict::Inconsistent)
            };
            let declared = ranges.iter().filter(|r| test.declared.contains(&r.variant));
            (declared.clone().count() > 0).then_some(())?;
            let verdict = declared
                .filter_map(fitting)
                .max()
                .unwrap_or(Verdict::Inconsistent);
            outcome(
                verdict,
                Arithmetic::Tests {
                    ranges,
                    claimed: printed,
                },
            )
        }
        Check::StatisticP {
            family,
            statistic,
            df,
            p,
        } => {
            let df = df.map(|df| match df {
                Df::Printed(id) => values.get(id).value(),
                Df::Known(df) => df,
            });
            let reference = match family {
                Family::T => Reference::T { df: df? },
                Family::R => Reference::R { df: df? },
                Family::Z => Reference::Normal,
                Family::ChiSquare => Reference::ChiSquare { df: df? },
                Family::F { below } => Reference::F {
                    df1: df?,
                    df2: *below,
                },
            };
            let range = statistic_p::p_range(reference, values.get(*statistic).span())?;
            let printed = printed_p(*p, values);
            let tails = statistic_p::other_tails(range, printed);
            outcome(
                compare(printed, range),
                Arithmetic::P {
                    range,
                    tails: tails.filter(|_| matches!(family, Family::T | Family::R | Family::Z)),
                },
            )
        }
        Check::StatisticRange {
            statistic,
            low,
            high,
        } => {
            let (low, high) = (*low, *high);
            let fits = values.get(*statistic).span().overlaps(Span::new(low, high));
            outcome(holds(fits), Arithmetic::Outside { low, high })
        }
        Check::PLevel {
            p,
            level,
            significant,
            ..
        } => {
            let p = printed_p(*p, values);
            let fits = if *significant {
                p.low < *level
            } else {
                p.high >= *level
            };
            outcome(
                holds(fits),
                Arithmetic::Level {
                    level: *level,
                    significant: *significant,
                },
            )
        }
        Check::Order {
            first, second, is, ..
        } => {
            let (a, b) = (values.span(*first)?, values.span(*second)?);
            let fits = match is {
                Comparison::Higher => a.high > b.low,
                Comparison::Lower => a.low < b.high,
                Comparison::Equal => a.overlaps(b),
                Comparison::NotHigher => a.low <= b.high,
                Comparison::NotLower => a.high >= b.low,
            };
            let certain = match is {
                Comparison::Higher => a.low >= b.high,
                Comparison::Lower => a.high <= b.low,
                Comparison::Equal => values.get(*first) == values.get(*second),
                Comparison::NotHigher => a.high <= b.low,
                Comparison::NotLower => a.low >= b.high,
            };
            let verdict = if certain {
                Verdict::Reproduced
            } else {
                holds(fits)
            };
            outcome(
                verdict,
                Arithmetic::Order {
                    first: *first,
                    second: *second,
                    is: *is,
                },
            )
        }
        _ => None,
    }
}

/// The values that print as a p: what lies beyond a `<` or `>`, or rounds to the digits.
fn printed_p(p: FigureId, values: &Values) -> Span {
    let printed = values.get(p);
    match values.figures[p].bound {
        Bound::Equal => printed.span(),
        Bound::Less => Span::new(0.0, printed.value()),
        Bound::Greater => Span::new(printed.value(), 1.0),
    }
}

/// Every variant there is.
pub const ALL: [Variant; 6] = [
    Variant::Welch,
    Variant::Student,
    Variant::Pearson,
    Variant::Yates,
    Variant::LikelihoodRatio,
    Variant::Fisher,
];

fn significance(test: &RowTest, claim: &PClaim, values: &Values) -> Option<Outcome> {
    let claimed = match claim {
        PClaim::Mark { p, .. } | PClaim::Words { p, .. } => *p,
        PClaim::Printed { p } => printed_p(*p, values),
    };
    let agrees = |r: &TestRange| match claim {
        PClaim::Printed { .. } => r.p.overlaps(claimed),
        _ => marks::agrees(r.p, claimed),
    };
    if values.declared_only {
        // Supposing only asks whether any variant will do: stop at the first.
        let mut variants = test
            .declared
            .iter()
            .flat_map(|&v| ranges(test, values, &[v]))
            .peekable();
        variants.peek()?;
        return outcome(holds(variants.any(|r| agrees(&r))), Arithmetic::None);
    }
    let ranges = ranges(test, values, &ALL);
    let mut declared = ranges
        .iter()
        .filter(|r| test.declared.contains(&r.variant))
        .peekable();
    declared.peek()?;
    let fits = declared.clone().any(agrees);
    let certain = declared.all(|r| r.p.inside(claimed));
    let verdict = if fits && certain {
        Verdict::Reproduced
    } else {
        holds(fits)
    };
    outcome(verdict, Arithmetic::Tests { ranges, claimed })
}

fn wanted<'a>(test: &'a RowTest, values: &Values) -> &'a [Variant] {
    if values.declared_only {
        &test.declared
    } else {
        &ALL
    }
}

/// The range of each variant that the printed data allow.
pub fn ranges(test: &RowTest, values: &Values, variants: &[Variant]) -> Vec<TestRange> {
    let mut found = Vec::new();
    for &variant in variants {
        let range = test
            .data
            .iter()
            .find_map(|(a, b)| pair_range(variant, a, b, values));
        found.extend(range);
    }
    found
}

fn pair_range(variant: Variant, a: &Arm, b: &Arm, values: &Values) -> Option<TestRange> {
    match (a, b) {
        (Arm::Binary { n: na, .. }, Arm::Binary { n: nb, .. }) => {
            let (ka, kb) = (binary_counts(a, values)?, binary_counts(b, values)?);
            summary_test::binary_range(variant, &ka, values.n(*na)?, &kb, values.n(*nb)?)
        }
        (Arm::Moments { .. }, Arm::Moments { .. }) => {
            summary_test::t_range(variant, summary(a, values)?, summary(b, values)?)
        }
        (Arm::Levels { .. }, Arm::Levels { .. })
            if !matches!(variant, Variant::Welch | Variant::Student) =>
        {
            let (x, y) = (distributions(a, values)?, distributions(b, values)?);
            summary_test::tables_range(variant, &x, &y)
        }
        _ => None,
    }
}

/// The counts of ones that print as this group's share and SD.
///
/// Where none does, whatever prints as the share; where none does either, its neighbours: the impossible
/// figure is reported by its own check, not by every test it takes part in.
fn binary_counts(arm: &Arm, values: &Values) -> Option<Vec<u64>> {
    let Arm::Binary {
        count,
        share,
        sd,
        n,
    } = arm
    else {
        return None;
    };
    if let Some(count) = count {
        return Some(vec![values.count(*count)?]);
    }
    let (n, share) = (values.n(*n)?, values.interval((*share)?)?);
    let sd = sd.and_then(|sd| values.interval(sd));
    let found = debit::counts(&share, sd.as_ref(), n, Divisor::Sample);
    if !found.is_empty() {
        return Some(found);
    }
    if let Some((first, last)) = percentage::counts(n, &share) {
        return Some((first..=last).collect());
    }
    let at = share.span().not_negative();
    let (low, high) = (
        (at.low * n as f64).floor() as u64,
        (at.high * n as f64).ceil() as u64,
    );
    (high <= n).then(|| (low..=high).collect())
}

fn summary(arm: &Arm, values: &Values) -> Option<Summary> {
    let Arm::Moments { mean, sd, n } = arm else {
        return None;
    };
    Some(Summary {
        n: values.n(*n)?,
        mean: values.span(*mean)?,
        sd: values.span(*sd)?,
    })
}

/// Distributions up to which a test of shares is worked out for each.
const MOST_DISTRIBUTIONS: usize = 60;

/// The whole-number distributions that print as this group's; `None` when none or too many do.
fn distributions(arm: &Arm, values: &Values) -> Option<Vec<Vec<u64>>> {
    let Arm::Levels { levels, n } = arm else {
        return None;
    };
    let counts: Option<Vec<u64>> = levels
        .iter()
        .map(|(count, _)| values.count((*count)?))
        .collect();
    if let Some(counts) = counts {
        return Some(vec![counts]);
    }
    let n: u64 = values.n((*n)? as NRef)?;
    let shares: Vec<Level> = levels
        .iter()
        .map(|(_, share)| {
            Some(Level {
                score: 0.0,
                share: values.interval((*share)?)?,
            })
        })
        .collect::<Option<_>>()?;
    let mut found = Vec::new();
    ordinal::each_distribution(&shares, n, |counts| {
        found.push(counts.to_vec());
        found.len() <= MOST_DISTRIBUTIONS
    })?;
    (!found.is_empty() && found.len() <= MOST_DISTRIBUTIONS).then_some(found)
}
