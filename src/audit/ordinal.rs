//! A printed distribution over scored levels: which means and SDs can it have?

use super::debit::Divisor;
use super::percentage;
use super::rounding::Interval;
use super::span::Span;

/// A level's score and the interval of its share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    pub score: f64,
    pub share: Interval,
}

/// The means and SDs that a distribution allows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    pub mean: Span,
    pub sd: Span,
    /// Over all whole-number counts; otherwise bounds that are at least as wide.
    pub exact: bool,
}

/// Most combinations of counts that are gone through one by one.
const MOST_COMBINATIONS: u64 = 200_000;

/// The means and SDs of `n` people whose level counts print as these shares.
///
/// With many combinations, or when no counts of `n` print so, outer bounds over real shares that sum to 1:
/// the mean exactly, the SD from the extremes of the mean square about the middle of the means. `None` when
/// not even real shares add up.
pub fn moments(levels: &[Level], n: u64, divisor: Divisor) -> Option<Moments> {
    let mut found: Option<Moments> = None;
    let complete = each_distribution(levels, n, |counts| {
        if let Some((mean, sd)) = mean_sd(levels, counts, divisor) {
            let here = Moments {
                mean: Span::point(mean),
                sd: Span::point(sd),
                exact: true,
            };
            found = Some(found.map_or(here, |m| Moments {
                mean: m.mean.hull(here.mean),
                sd: m.sd.hull(here.sd),
                exact: true,
            }));
        }
        true
    });
    match complete {
        Some(seen) if seen > 0 => found.map(|m| Moments {
            mean: m.mean.outward(),
            sd: m.sd.outward(),
            exact: true,
        }),
        _ => bounds(levels, n, divisor),
    }
}

/// Whether some whole-number distribution has the mean and the SD at the same time; where there is none,
/// or too many, whether the bounds of [`moments`] allow both.
pub fn joint(
    levels: &[Level],
    n: u64,
    mean: Span,
    sd: Option<Span>,
    divisor: Divisor,
) -> Option<bool> {
    let mut found = false;
    let complete = each_distribution(levels, n, |counts| {
        found = mean_sd(levels, counts, divisor).is_some_and(|(m, s)| {
            Span::point(m).outward().overlaps(mean)
                && sd.is_none_or(|sd| Span::point(s).outward().overlaps(sd))
        });
        !found
    });
    match complete {
        Some(seen) if seen > 0 => Some(found),
        _ => bounds(levels, n, divisor)
            .map(|m| m.mean.overlaps(mean) && sd.is_none_or(|sd| m.sd.overlaps(sd))),
    }
}

/// Mean and SD of level counts; `None` for fewer than two people.
pub fn mean_sd(levels: &[Level], counts: &[u64], divisor: Divisor) -> Option<(f64, f64)> {
    let n: u64 = counts.iter().sum();
    let below = divisor.of(i128::from(n))? as f64;
    let weighted = |power: i32| -> f64 {
        let each = levels.iter().zip(counts);
        each.map(|(level, &k)| k as f64 * level.score.powi(power))
            .sum()
    };
    let mean = weighted(1) / n as f64;
    let around: f64 = levels
        .iter()
        .zip(counts)
        .map(|(level, &k)| k as f64 * (level.score - mean).powi(2))
        .sum();
    Some((mean, (around / below).sqrt()))
}

/// Calls `visit` with every list of counts that prints as the shares and adds up to `n`, until it says
/// stop; returns how many there were, or `None` when there are too many combinations to go through.
pub fn each_distribution(
    levels: &[Level],
    n: u64,
    mut visit: impl FnMut(&[u64]) -> bool,
) -> Option<u64> {
    let mut ranges = Vec::with_capacity(levels.len());
    let mut combinations = 1u64;
    for level in levels {
        let Some((first, last)) = percentage::counts(n, &level.share) else {
            return Some(0);
        };
        combinations = combinations.saturating_mul(last - first + 1);
        ranges.push((first, last));
    }
    if combinations > MOST_COMBINATIONS {
        return None;
    }
    let mut counts: Vec<u64> = ranges.iter().map(|r| r.0).collect();
    let mut seen = 0;
    loop {
        if counts.iter().sum::<u64>() == n {
            seen += 1;
            if !visit(&counts) {
                return Some(seen);
            }
        }
        let mut at = 0;
        loop {
            let Some(count) = counts.get_mut(at) else {
                return Some(seen);
            };
            if *count < ranges[at].1 {
                *count += 1;
                break;
            }
            *count = ranges[at].0;
            at += 1;
        }
    }
}

/// Outer bounds over real shares that sum to 1; `None` when none do.
fn bounds(levels: &[Level], n: u64, divisor: Divisor) -> Option<Moments> {
    let below = divisor.of(i128::from(n))? as f64;
    let least = extreme(levels, |x| x)?;
    let greatest = -extreme(levels, |x| -x)?;
    // The variance is the least mean square about any centre; about the middle of the means it is
    // within (half their range)² of that.
    let centre = least / 2.0 + greatest / 2.0;
    let slack = ((greatest - least) / 2.0).powi(2);
    let low = extreme(levels, |x| (x - centre).powi(2))? - slack;
    let high = -extreme(levels, |x| -(x - centre).powi(2))?;
    let scale = n as f64 / below;
    Some(Moments {
        mean: Span::new(least, greatest).outward(),
        sd: Span::new(
            (low.max(0.0) * scale).sqrt(),
            (high.max(0.0) * scale).sqrt(),
        )
        .outward(),
        exact: false,
    })
}

/// The least Σ share·f(score) over shares in their intervals that sum to 1: fill the cheapest first.
fn extreme(levels: &[Level], f: impl Fn(f64) -> f64) -> Option<f64> {
    let mut order: Vec<(f64, Span)> = levels
        .iter()
        .map(|l| (f(l.score), l.share.span().not_negative()))
        .collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut left = 1.0 - order.iter().map(|(_, s)| s.low).sum::<f64>();
    if left < -1e-9 {
        return None;
    }
    let mut value: f64 = order.iter().map(|(x, s)| x * s.low).sum();
    for (x, share) in order {
        let take = share.width().min(left.max(0.0));
        value += x * take;
        left -= take;
    }
    (left <= 1e-9).then_some(value)
}
