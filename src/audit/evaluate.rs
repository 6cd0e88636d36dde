//! A check on a set of values: does it hold, and by what arithmetic?

use super::check::{Arm, Check, ColumnPair, Df, PClaim, RowTest};
use super::debit::{self, Divisor};
use super::figure::{Figures, NRef, Values};
use super::finding::{Arithmetic, Verdict};
use super::grimmer::{self, Feasible};
use super::ordinal::{self, Level};
use super::rounding::Interval;
use super::span::Span;
use super::statistic_p::{self, Reference};
use super::summary_test::{self, Summary, TestRange, Variant};
use super::total::{self, Group};
use super::{copied, formula, grim, marks, parts, percentage};
use crate::publication::format::Comparison;
use crate::publication::{Bound, Parts};

/// What a check gives.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub verdict: Verdict,
    pub arithmetic: Arithmetic,
}

fn outcome(verdict: Verdict, arithmetic: Arithmetic) -> Option<Outcome> {
    Some(Outcome { verdict, arithmetic })
}

/// The verdict on a printed figure, given the range of what it should be.
fn compare(printed: Span, recomputed: Span) -> Verdict {
    if !printed.overlaps(recomputed) {
        Verdict::Inconsistent
    } else if recomputed.inside(printed) {
        Verdict::Reproduced
    } else {
        Verdict::Consistent
    }
}

fn holds(condition: bool) -> Verdict {
    if condition { Verdict::Consistent } else { Verdict::Inconsistent }
}

/// Evaluates a check; `None` when something it needs is not there or not a usable number.
pub fn evaluate(check: &Check, figures: &Figures, values: &Values) -> Option<Outcome> {
    match check {
        Check::CountShare { count, share, n } => {
            let (count, n, share) = (values.count(*count)?, values.n(*n)?, values.interval(*share)?);
            let verdict = match percentage::fits(count, n, &share) {
                true => Verdict::Reproduced,
                false => Verdict::Inconsistent,
            };
            let most = n.saturating_mul(4).saturating_add(1000);
            outcome(verdict, Arithmetic::Ratio {
                count,
                n,
                fitting_counts: percentage::counts(n, &share),
                fitting_n: percentage::denominators(count, &share, most),
            })
        }
        Check::ShareOfN { share, n } => {
            let (n, share) = (values.n(*n)?, values.interval(*share)?);
            can_fail(&share, n)?;
            let fits = percentage::counts(n, &share).is_some();
            outcome(holds(fits), nearest(n, &share))
        }
        Check::MeanOfN { mean, n } => {
            let (n, mean) = (values.n(*n)?, values.interval(*mean)?);
            (n > 0).then_some(())?;
            can_fail(&mean, n)?;
            outcome(holds(grim::possible(&mean, n, 1)), nearest(n, &mean))
        }
        Check::Binary { share, sd, n } => binary(values.interval(*share)?, values.interval(*sd)?, values.n(*n)?),
        Check::MeanSd { mean, sd, n, scale } => {
            let (mean, sd, n) = (values.interval(*mean)?, values.interval(*sd)?, values.n(*n)?);
            let found = grimmer::search(&mean, &sd, n, 1, *scale, Divisor::Sample);
            // An impossible mean is the business of GRIM.
            outcome(holds(found != Feasible::NoSd), Arithmetic::NoSd {
                n,
                scale: *scale,
                population: found == Feasible::NoSd
                    && !grimmer::search(&mean, &sd, n, 1, *scale, Divisor::Population).is_impossible(),
            })
        }
        Check::Range { mean, sd, n, low, high } => {
            let mean = values.span(*mean)?;
            let ends = Span::new(*low, *high);
            let n = n.and_then(|n| values.n(n));
            let sd = sd.and_then(|sd| values.span(sd));
            // Bhatia & Davis (2000): variance ≤ (max − mean)(mean − min), times n/(n − 1).
            let most = |m: f64| {
                let factor = n.filter(|&n| n > 1).map_or(2.0, |n| n as f64 / (n as f64 - 1.0));
                ((high - m) * (m - low) * factor).max(0.0).sqrt()
            };
            let centre = ends.middle().clamp(mean.low, mean.high);
            let fits = mean.overlaps(ends.outward()) && sd.is_none_or(|sd| sd.low <= most(centre) * (1.0 + 1e-12));
            outcome(holds(fits), Arithmetic::Limits { low: *low, high: *high, most_sd: most(centre) })
        }
        Check::AtMost { part, whole } => {
            let (part, whole) = (values.count(*part)?, values.n(*whole)?);
            outcome(holds(part <= whole), Arithmetic::AtMost { part, whole })
        }
        Check::PartCounts { parts, whole, kind } => {
            let terms: Vec<u64> = parts.iter().map(|&id| values.count(id)).collect::<Option<_>>()?;
            part_counts(terms, values.count(*whole)?, *kind)
        }
        Check::PartShares { parts, n, whole, kind } => {
            let terms: Vec<Interval> = parts.iter().map(|&id| values.interval(id)).collect::<Option<_>>()?;
            let n = n.and_then(|n| values.n(n));
            let whole = match whole {
                Some(whole) => Some(values.span(*whole)?),
                None => None,
            };
            part_shares(&terms, n, whole, *kind)
        }
        Check::Distribution { mean, sd, levels, n } => {
            let n = values.n(*n)?;
            let levels: Vec<Level> = levels
                .iter()
                .map(|&(score, id)| {
                    let count = values.figures[id].quantity == super::figure::Quantity::Count;
                    let share = if count { share_of_count(values.count(id)?, n)? } else { values.interval(id)? };
                    Some(Level { score, share })
                })
                .collect::<Option<_>>()?;
            let (mean, sd) = (values.span(*mean)?, sd.and_then(|sd| values.span(sd)));
            let moments = ordinal::moments(&levels, n, Divisor::Sample)?;
            let fits = ordinal::joint(&levels, n, mean, sd, Divisor::Sample)?;
            let exact = moments.mean.inside(mean) && sd.is_none_or(|sd| moments.sd.inside(sd));
            let verdict = if fits && exact { Verdict::Reproduced } else { holds(fits) };
            outcome(verdict, Arithmetic::Moments { n, mean: moments.mean, sd: moments.sd })
        }
        Check::TotalCount { total, groups } => {
            let terms: Vec<u64> = groups.iter().map(|&id| values.count(id)).collect::<Option<_>>()?;
            part_counts(terms, values.count(*total)?, Parts::All)
        }
        Check::TotalMean { total, groups } => {
            let parts = groups
                .iter()
                .map(|&(mean, n)| Some(Group { n: values.n(n)?, mean: values.span(mean)?, sd: None }))
                .collect::<Option<Vec<_>>>()?;
            let range = total::mean(&parts)?;
            let terms = groups.iter().map(|&(mean, n)| Some((values.n(n)?, values.get(mean)))).collect::<Option<_>>()?;
            outcome(compare(values.span(*total)?, range), Arithmetic::Weighted { terms, range })
        }
        Check::TotalSd { total, groups } => {
            let parts = groups
                .iter()
                .map(|&(mean, sd, n)| {
                    Some(Group { n: values.n(n)?, mean: values.span(mean)?, sd: Some(values.span(sd)?) })
                })
                .collect::<Option<Vec<_>>>()?;
            let range = total::sd(&parts, Divisor::Sample)?;
            outcome(compare(values.span(*total)?, range), Arithmetic::CombinedSd { range })
        }
        Check::Column { pairs, of, limit, .. } => {
            let shares = pairs.iter().all(|pair| pair.spread.is_none());
            let repeat = copied::repeat(&copied_pairs(pairs, values)?, shares);
            let suspect = repeat.filter(|r| r.chance < *limit);
            let arithmetic = repeat.map_or(Arithmetic::None, |repeat| Arithmetic::Repeat { of: *of, repeat });
            outcome(holds(suspect.is_none()), arithmetic)
        }
        Check::Same { first, second } => {
            let (a, b) = (values.span(*first)?, values.span(*second)?);
            let (coarse, fine) = if a.width() >= b.width() { (a, b) } else { (b, a) };
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
        Check::Significance { test, claim, .. } => significance(test, claim, values),
        Check::Statistic { test, statistic } => {
            let printed = values.get(*statistic).span().magnitude();
            // Fisher's test has no statistic.
            let with_statistic: Vec<Variant> = wanted(test, values).iter().copied().filter(|&v| v != Variant::Fisher).collect();
            let ranges = ranges(test, values, &with_statistic);
            let fitting = |r: &TestRange| r.statistic.map(|s| compare(printed, s)).filter(|v| *v != Verdict::Inconsistent);
            let declared = ranges.iter().filter(|r| test.declared.contains(&r.variant));
            (declared.clone().count() > 0).then_some(())?;
            let verdict = declared.filter_map(fitting).max().unwrap_or(Verdict::Inconsistent);
            outcome(verdict, Arithmetic::Tests { ranges, claimed: printed })
        }
        Check::StatisticP { chi_square, statistic, df, p } => {
            let df = match df {
                Df::Printed(id) => values.get(*id).value(),
                Df::Known(df) => *df,
            };
            let reference = if *chi_square { Reference::ChiSquare { df } } else { Reference::T { df } };
            let range = statistic_p::p_range(reference, values.get(*statistic).span())?;
            let printed = printed_p(*p, values);
            let tails = statistic_p::other_tails(range, printed);
            outcome(compare(printed, range), Arithmetic::P { range, tails: tails.filter(|_| !chi_square) })
        }
        Check::PLevel { p, level, significant } => {
            let p = printed_p(*p, values);
            let fits = if *significant { p.low < *level } else { p.high >= *level };
            outcome(holds(fits), Arithmetic::Level { level: *level, significant: *significant })
        }
        Check::Order { first, second, is, .. } => {
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
            let verdict = if certain { Verdict::Reproduced } else { holds(fits) };
            outcome(verdict, Arithmetic::Order { first: *first, second: *second, is: *is })
        }
    }
}

/// The cells of two columns, with the standard error of their difference where they are samples of one
/// population: the second from all, or both apart.
fn copied_pairs(pairs: &[ColumnPair], values: &Values) -> Option<Vec<copied::Pair>> {
    pairs
        .iter()
        .map(|pair| {
            let (first, second) = (values.get(pair.first), values.get(pair.second));
            let (na, nb) = (values.n(pair.first_n)? as f64, values.n(pair.second_n)? as f64);
            let spread = match pair.spread {
                Some(sd) => values.get(sd).value() * if sd == pair.second { 0.5f64.sqrt() } else { 1.0 },
                None => {
                    let share = values.interval(pair.second)?.span().middle();
                    let unit = if values.figures[pair.second].percent { 100.0 } else { 1.0 };
                    unit * (share * (1.0 - share)).max(0.0).sqrt()
                }
            };
            let inverse = if pair.nested { (1.0 / nb - 1.0 / na).abs() } else { 1.0 / na + 1.0 / nb };
            Some(copied::Pair { first, second, std_error: spread * inverse.sqrt() })
        })
        .collect()
}

/// The values that print as a p: what lies beyond a `<` or `>`, or rounds to the digits.
fn printed_p(p: super::figure::FigureId, values: &Values) -> Span {
    let printed = values.get(p);
    match values.figures[p].bound {
        Bound::Equal => printed.span(),
        Bound::Less => Span::new(0.0, printed.value()),
        Bound::Greater => Span::new(printed.value(), 1.0),
    }
}

fn share_of_count(count: u64, n: u64) -> Option<Interval> {
    let exact = super::ratio::Ratio::new(i128::from(count), i128::from(n))?;
    Some(Interval { low: exact, high: exact, low_closed: true, high_closed: true })
}

/// With n so large that every printed value is near some whole number of n, there is nothing to check.
fn can_fail(interval: &Interval, n: u64) -> Option<()> {
    let span = interval.span();
    let impossible = span.high < 0.0 || (span.width() < 1.0 && span.low > 1e15);
    (impossible || span.width() * (n as f64) < 1.0).then_some(())
}

/// The nearest means or shares that n whole numbers can have.
fn nearest(n: u64, wanted: &Interval) -> Arithmetic {
    let centre = wanted.span().middle() * n as f64;
    let at = |k: f64| k / n as f64;
    Arithmetic::Nearest { n, below: at(centre.floor()), above: at(centre.ceil()) }
}

fn binary(share: Interval, sd: Interval, n: u64) -> Option<Outcome> {
    let counts = percentage::counts(n, &share);
    let Some((first, last)) = counts else {
        // An impossible share is reported by the share's own check.
        return outcome(Verdict::Consistent, Arithmetic::None);
    };
    let fits = debit::counts(&share, Some(&sd), n, Divisor::Sample);
    let sds = [first, last].map(|k| debit::sd(k, n, Divisor::Sample));
    let possible = match sds {
        [Some(a), Some(b)] => Span::new(a.min(b), a.max(b)),
        _ => return None,
    };
    outcome(holds(!fits.is_empty()), Arithmetic::BinarySd {
        n,
        counts: (first, last),
        possible,
        population: fits.is_empty() && !debit::counts(&share, Some(&sd), n, Divisor::Population).is_empty(),
    })
}

fn part_counts(terms: Vec<u64>, whole: u64, kind: Parts) -> Option<Outcome> {
    let sum = parts::sum(&terms)?;
    let verdict = match kind {
        Parts::All if sum == whole => Verdict::Reproduced,
        Parts::All => Verdict::Inconsistent,
        Parts::Some => holds(sum <= whole),
        Parts::Overlapping => holds(terms.iter().all(|&part| part <= whole)),
    };
    outcome(verdict, Arithmetic::Sum { terms, sum, whole })
}

fn part_shares(terms: &[Interval], n: Option<u64>, whole: Option<Span>, kind: Parts) -> Option<Outcome> {
    let range = parts::range(terms);
    let limit = whole.unwrap_or(Span::point(1.0));
    let fits = match kind {
        Parts::All => range.overlaps(limit),
        Parts::Some => range.low <= limit.high,
        Parts::Overlapping => terms.iter().all(|part| part.span().low <= limit.high),
    };
    // Where every share is possible by itself, the counts behind them must add up too.
    let possible = |n: u64| terms.iter().all(|share| percentage::counts(n, share).is_some());
    let complete = kind == Parts::All && whole.is_none();
    let adds_up = n.is_none_or(|n| !complete || !possible(n) || percentage::whole(terms, n));
    outcome(holds(fits && adds_up), Arithmetic::ShareSum { range, whole: limit, n })
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
        let mut variants = test.declared.iter().flat_map(|&v| ranges(test, values, &[v])).peekable();
        variants.peek()?;
        return outcome(holds(variants.any(|r| agrees(&r))), Arithmetic::None);
    }
    let ranges = ranges(test, values, &ALL);
    let mut declared = ranges.iter().filter(|r| test.declared.contains(&r.variant)).peekable();
    declared.peek()?;
    let fits = declared.clone().any(agrees);
    let certain = declared.all(|r| r.p.inside(claimed));
    let verdict = if fits && certain { Verdict::Reproduced } else { holds(fits) };
    outcome(verdict, Arithmetic::Tests { ranges, claimed })
}

fn wanted<'a>(test: &'a RowTest, values: &Values) -> &'a [Variant] {
    if values.declared_only { &test.declared } else { &ALL }
}

/// The range of each variant that the printed data allow.
pub fn ranges(test: &RowTest, values: &Values, variants: &[Variant]) -> Vec<TestRange> {
    let mut found = Vec::new();
    for &variant in variants {
        let range = test.data.iter().find_map(|(a, b)| pair_range(variant, a, b, values));
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
        (Arm::Levels { .. }, Arm::Levels { .. }) if !matches!(variant, Variant::Welch | Variant::Student) => {
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
    let Arm::Binary { count, share, sd, n } = arm else {
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
    let (low, high) = ((at.low * n as f64).floor() as u64, (at.high * n as f64).ceil() as u64);
    (high <= n).then(|| (low..=high).collect())
}

fn summary(arm: &Arm, values: &Values) -> Option<Summary> {
    let Arm::Moments { mean, sd, n } = arm else {
        return None;
    };
    Some(Summary { n: values.n(*n)?, mean: values.span(*mean)?, sd: values.span(*sd)? })
}

/// Distributions up to which a test of shares is worked out for each.
const MOST_DISTRIBUTIONS: usize = 60;

/// The whole-number distributions that print as this group's; `None` when none or too many do.
fn distributions(arm: &Arm, values: &Values) -> Option<Vec<Vec<u64>>> {
    let Arm::Levels { levels, n } = arm else {
        return None;
    };
    let counts: Option<Vec<u64>> = levels.iter().map(|(count, _)| values.count((*count)?)).collect();
    if let Some(counts) = counts {
        return Some(vec![counts]);
    }
    let n: u64 = values.n((*n)? as NRef)?;
    let shares: Vec<Level> = levels
        .iter()
        .map(|(_, share)| Some(Level { score: 0.0, share: values.interval((*share)?)? }))
        .collect::<Option<_>>()?;
    let mut found = Vec::new();
    ordinal::each_distribution(&shares, n, |counts| {
        found.push(counts.to_vec());
        found.len() <= MOST_DISTRIBUTIONS
    })?;
    (!found.is_empty() && found.len() <= MOST_DISTRIBUTIONS).then_some(found)
}
