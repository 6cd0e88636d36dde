//! Percentages against counts: is k/n what is printed, and which k or n would be?

use super::rounding::{Interval, Printed};

/// A printed percentage as the interval of shares it can stand for.
///
/// `None` for more digits than exact arithmetic holds.
pub fn share(percentage: Printed) -> Option<Interval> {
    percentage.hundredth().map(Printed::admissible)
}

/// Whether `count` of `n` can print as the share in `share`.
pub fn fits(count: u64, n: u64, share: &Interval) -> bool {
    counts(n, share).is_some_and(|(first, last)| (first..=last).contains(&count))
}

/// All counts of `n` that print as the share, as `(first, last)`; `None` when there is none.
pub fn counts(n: u64, share: &Interval) -> Option<(u64, u64)> {
    let (first, last) = share.integers(i128::from(n))?;
    let (first, last) = (first.max(0), last.min(i128::from(n)));
    let both = (u64::try_from(first).ok()?, u64::try_from(last).ok()?);
    (both.0 <= both.1).then_some(both)
}

/// All `n` for which `count / n` prints as the share, as `(first, last)`, with `last` no more than `most`.
pub fn denominators(count: u64, share: &Interval, most: u64) -> Option<(u64, u64)> {
    // k/n falls as n grows, so the set is a run: find its ends by bisection on exact comparisons.
    let floor = count.max(1);
    let first = first_where(floor, most, |n| !above(count, n, share))?;
    let end = first_where(first, most, |n| below(count, n, share)).unwrap_or(most + 1);
    (first < end).then(|| (first, end - 1))
}

fn above(count: u64, n: u64, share: &Interval) -> bool {
    share.integers(i128::from(n)).map_or_else(
        || beyond(count, n, share, true),
        |(_, last)| i128::from(count) > last,
    )
}

fn below(count: u64, n: u64, share: &Interval) -> bool {
    share.integers(i128::from(n)).map_or_else(
        || beyond(count, n, share, false),
        |(first, _)| i128::from(count) < first,
    )
}

fn beyond(count: u64, n: u64, share: &Interval, up: bool) -> bool {
    let Some(value) = super::ratio::Ratio::new(i128::from(count), i128::from(n)) else {
        return false;
    };
    if up {
        value >= share.high
    } else {
        value <= share.low
    }
}

/// The first `n` in `low..=high` for which a condition holds that stays true once true.
fn first_where(low: u64, high: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
    if low > high || !holds(high) {
        return None;
    }
    let (mut low, mut high) = (low, high);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low)
}

/// A cell of a column of percentages, with its count where one is printed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ColumnCell {
    pub share: Interval,
    pub count: Option<u64>,
}

/// Whether a cell can be a share of `n`.
pub fn fitting(cell: &ColumnCell, n: u64) -> bool {
    match cell.count {
        Some(count) => fits(count, n, &cell.share),
        None => counts(n, &cell.share).is_some(),
    }
}

/// Whether integer counts exist, one per share, that add up to `n` and print as the shares.
///
/// Because each count runs over an interval, the sum runs over all integers between the sums of the ends.
pub fn whole(shares: &[Interval], n: u64) -> bool {
    let mut low = 0u64;
    let mut high = 0u64;
    for share in shares {
        let Some((first, last)) = counts(n, share) else {
            return false;
        };
        low = low.saturating_add(first);
        high = high.saturating_add(last);
    }
    (low..=high).contains(&n)
}

/// Every `n` in `least..=most` on which the whole column can have been computed; with `complete`, the
/// counts must also add up to `n`.
pub fn common_denominators(
    cells: &[ColumnCell],
    complete: bool,
    least: u64,
    most: u64,
) -> Vec<u64> {
    let shares: Vec<Interval> = cells.iter().map(|cell| cell.share).collect();
    let sum = cells.iter().map(|c| c.count).sum::<Option<u64>>();
    let fits_all = |&n: &u64| {
        cells.iter().all(|cell| fitting(cell, n))
            && (!complete || sum.map_or_else(|| whole(&shares, n), |sum| sum == n))
    };
    (least.max(1)..=most).filter(fits_all).collect()
}
