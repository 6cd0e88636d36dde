//! GRIM: can integers have this mean?
//!
//! Brown & Heathers (2017), "The GRIM test", Social Psychological and Personality Science 8(4),
//! p. 364: the mean of n integers is a multiple of 1/n; of `items` integer items averaged, of
//! 1/(n · items).

use super::rounding::Interval;

/// All integer sums of `n · items` answers whose mean lies in `mean`, as `(first, last)`.
///
/// `None` when there is none: the mean is impossible.
pub fn sums(mean: &Interval, n: u64, items: u32) -> Option<(i128, i128)> {
    mean.integers(i128::from(n).checked_mul(i128::from(items.max(1)))?)
}

/// Whether whole numbers can have the printed mean.
pub fn possible(mean: &Interval, n: u64, items: u32) -> bool {
    sums(mean, n, items).is_some()
}
