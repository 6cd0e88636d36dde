//! A total against its groups: the weighted mean, and the SD from within and between.

use super::debit::Divisor;
use super::span::Span;

/// One group as printed: its n and the range of its mean, and of its SD where given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    pub n: u64,
    pub mean: Span,
    pub sd: Option<Span>,
}

/// The range of the mean of all groups together: Σ n·m / Σ n.
///
/// `None` without any observation.
pub fn mean(groups: &[Group]) -> Option<Span> {
    let n = total(groups)?;
    let sum = groups.iter().fold(Span::point(0.0), |sum, g| {
        sum.plus(g.mean.times(g.n as f64))
    });
    Some(sum.times(1.0 / n).outward())
}

/// The range of the SD of all groups together, over all means and SDs that the rounding allows.
///
/// (N − 1)·SD² = Σ (n − 1)·s² + Σ n·(m − M)². The part within groups is monotone in every s; the part
/// between them is convex in the means: greatest in a corner of the box, least by one-dimensional
/// search over M, since min over m for fixed M is nearest-point. `None` where an SD is missing, where
/// the total has fewer than two observations, or for more than 16 groups (2^16 corners).
pub fn sd(groups: &[Group], divisor: Divisor) -> Option<Span> {
    let n = total(groups)?;
    let below = divisor.of(n as i128)? as f64;
    if groups.len() > 16 {
        return None;
    }
    let mut within = Span::point(0.0);
    for group in groups {
        let sd = group.sd?.not_negative();
        let df = divisor.of(i128::from(group.n)).unwrap_or(0) as f64;
        within = within.plus(Span::new(df * sd.low * sd.low, df * sd.high * sd.high));
    }
    let between = Span::new(least_between(groups), greatest_between(groups));
    let squares = within.plus(between);
    Some(Span::new((squares.low / below).sqrt(), (squares.high / below).sqrt()).outward())
}

/// The mean that the one group not in `others` must have for the total to be as printed.
pub fn implied_mean(total_n: u64, total_mean: Span, others: &[Group], own_n: u64) -> Option<Span> {
    let known = others.iter().fold(Span::point(0.0), |sum, g| {
        sum.plus(g.mean.times(g.n as f64))
    });
    (own_n > 0).then(|| {
        let sum = total_mean.times(total_n as f64).minus(known);
        sum.times(1.0 / own_n as f64).outward()
    })
}

fn total(groups: &[Group]) -> Option<f64> {
    let n: u64 = groups
        .iter()
        .map(|g| g.n)
        .try_fold(0u64, u64::checked_add)?;
    (n > 0).then_some(n as f64)
}

fn greatest_between(groups: &[Group]) -> f64 {
    let corner = |mask: usize| {
        let at = |i: usize| {
            let mean = groups[i].mean;
            if mask >> i & 1 == 1 {
                mean.high
            } else {
                mean.low
            }
        };
        let n: f64 = groups.iter().map(|g| g.n as f64).sum();
        let middle = (0..groups.len())
            .map(|i| groups[i].n as f64 * at(i))
            .sum::<f64>()
            / n;
        (0..groups.len())
            .map(|i| groups[i].n as f64 * (at(i) - middle).powi(2))
            .sum::<f64>()
    };
    (0..1usize << groups.len()).map(corner).fold(0.0, f64::max)
}

fn least_between(groups: &[Group]) -> f64 {
    let spread = |middle: f64| {
        groups
            .iter()
            .map(|g| g.n as f64 * (middle.clamp(g.mean.low, g.mean.high) - middle).powi(2))
            .sum::<f64>()
    };
    let mut low = groups
        .iter()
        .map(|g| g.mean.low)
        .fold(f64::INFINITY, f64::min);
    let mut high = groups
        .iter()
        .map(|g| g.mean.high)
        .fold(f64::NEG_INFINITY, f64::max);
    for _ in 0..200 {
        let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if spread(a) <= spread(b) {
            high = b;
        } else {
            low = a;
        }
    }
    spread(low / 2.0 + high / 2.0)
}
