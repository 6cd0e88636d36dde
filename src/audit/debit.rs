//! DEBIT: do the mean and SD of a 0/1 variable belong together?
//!
//! Heathers & Brown (2019), "DEBIT: a simple consistency test for binary data": with k ones of n the
//! mean is k/n and the sample variance k(n − k) / (n(n − 1)).

use super::percentage;
use super::rounding::{Interval, Printed};

/// Which divisor a standard deviation was computed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Divisor {
    /// n − 1, the sample standard deviation.
    Sample,
    /// n, the population standard deviation.
    Population,
}

impl Divisor {
    /// The divisor for n values; `None` when it would be zero.
    pub fn of(self, n: i128) -> Option<i128> {
        let divisor = match self {
            Divisor::Sample => n - 1,
            Divisor::Population => n,
        };
        (divisor > 0).then_some(divisor)
    }
}

/// All numbers of ones among `n` that print as this share and, where given, this SD.
///
/// The SD of one value is not defined with `Divisor::Sample`: then no count fits a printed SD.
pub fn counts(share: &Interval, sd: Option<&Interval>, n: u64, divisor: Divisor) -> Vec<u64> {
    let Some((first, last)) = percentage::counts(n, share) else {
        return Vec::new();
    };
    (first..=last)
        .filter(|&count| sd.is_none_or(|sd| sd_fits(count, n, sd, divisor)))
        .collect()
}

/// Whether `count` ones of `n` have an SD inside the interval; exact, by comparing squares.
pub fn sd_fits(count: u64, n: u64, sd: &Interval, divisor: Divisor) -> bool {
    let (k, n) = (i128::from(count), i128::from(n));
    let Some(divisor) = divisor.of(n) else {
        return false;
    };
    square_in(k * (n - k), n * divisor, sd).unwrap_or(true)
}

/// Whether the square root of `num / den` lies in the interval; `None` beyond exact arithmetic.
pub fn square_in(num: i128, den: i128, interval: &Interval) -> Option<bool> {
    let compare = |end: super::ratio::Ratio| -> Option<std::cmp::Ordering> {
        if end.numerator() < 0 {
            return Some(std::cmp::Ordering::Greater);
        }
        let square = |x: i128| x.checked_mul(x);
        let left = num.checked_mul(square(end.denominator())?)?;
        let right = den.checked_mul(square(end.numerator())?)?;
        Some(left.cmp(&right))
    };
    let low = compare(interval.low)?;
    let high = compare(interval.high)?;
    Some(
        (low.is_gt() || (low.is_eq() && interval.low_closed))
            && (high.is_lt() || (high.is_eq() && interval.high_closed)),
    )
}

/// The SD of `count` ones among `n`; `None` where it is not defined.
pub fn sd(count: u64, n: u64, divisor: Divisor) -> Option<f64> {
    let (k, n) = (i128::from(count), i128::from(n));
    let divisor = divisor.of(n)?;
    Some(((k * (n - k)) as f64 / (n * divisor) as f64).sqrt())
}

/// Whether a printed mean and SD can be those of `n` zeros and ones.
pub fn possible(mean: Printed, sd: Printed, n: u64, divisor: Divisor) -> bool {
    !counts(&mean.admissible(), Some(&sd.admissible()), n, divisor).is_empty()
}
