//! What a printed number can stand for: the set of values that round to it.
//!
//! A verdict must never depend on a guess about rounding, so the default set is the union of
//! rounding half up and half to even: the closed interval of half a unit of the last digit on
//! either side. Truncation is wider on one side and is only ever used as a named explanation.

use super::ratio::Ratio;
use super::span::Span;

/// A decimal number exactly as printed: `mantissa · 10^-decimals`, so that `0.50` is not `0.5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Printed {
    pub mantissa: i128,
    pub decimals: u32,
}

/// More digits than any table prints; beyond it exact arithmetic could overflow.
const MOST_DIGITS: usize = 17;

impl Printed {
    /// A number with `decimals` digits behind the decimal sign; `None` beyond 17 digits.
    pub fn new(mantissa: i128, decimals: u32) -> Option<Self> {
        let fits = mantissa.unsigned_abs() < 10u128.pow(MOST_DIGITS as u32);
        (fits && decimals as usize <= MOST_DIGITS).then_some(Printed { mantissa, decimals })
    }

    pub fn integer(value: i128) -> Self {
        Printed {
            mantissa: value,
            decimals: 0,
        }
    }

    /// Reads plain digits with at most one decimal sign, a point or a comma: `-0,17`, `.05`, `60.1`.
    /// Thousands separators are the caller's to remove, because only the caller knows the locale.
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, body) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(body) => (-1, body),
            None => (1, text),
        };
        let mut decimals = None;
        let mut mantissa: i128 = 0;
        let mut digits = 0;
        for symbol in body.chars() {
            match (symbol.to_digit(10), decimals) {
                (Some(digit), _) => {
                    mantissa = mantissa.checked_mul(10)?.checked_add(i128::from(digit))?;
                    decimals = decimals.map(|d: u32| d + 1);
                    digits += 1;
                }
                (None, None) if symbol == '.' || symbol == ',' => decimals = Some(0),
                _ => return None,
            }
        }
        if digits == 0 {
            return None;
        }
        Printed::new(sign * mantissa, decimals.unwrap_or(0))
    }

    /// One unit of the last printed digit is `1 / unit()`.
    pub fn unit(self) -> i128 {
        10i128.pow(self.decimals)
    }

    pub fn ratio(self) -> Ratio {
        Ratio::new(self.mantissa, self.unit()).unwrap_or(Ratio::integer(0))
    }

    pub fn value(self) -> f64 {
        self.mantissa as f64 / self.unit() as f64
    }

    /// The same quantity at another number of decimals, if no digit is lost.
    pub fn with_decimals(self, decimals: u32) -> Option<Self> {
        let mut mantissa = self.mantissa;
        for _ in self.decimals..decimals {
            mantissa = mantissa.checked_mul(10)?;
        }
        for _ in decimals..self.decimals {
            if mantissa % 10 != 0 {
                return None;
            }
            mantissa /= 10;
        }
        Printed::new(mantissa, decimals)
    }

    /// The same quantity divided by 100, as a percentage becomes a share: two more decimals.
    pub fn hundredth(self) -> Option<Self> {
        Printed::new(self.mantissa, self.decimals + 2)
    }

    /// `value` rounded half away from zero to these decimals; `None` for what cannot be printed.
    pub fn round(value: f64, decimals: u32) -> Option<Self> {
        let scaled = value * 10f64.powi(decimals as i32);
        let fits = scaled.is_finite() && scaled.abs() < 10f64.powi(MOST_DIGITS as i32);
        fits.then(|| Printed {
            mantissa: scaled.round() as i128,
            decimals,
        })
    }

    /// The set of values that could have been printed so: see the module's text.
    pub fn admissible(self) -> Interval {
        admissible(self, Convention::HalfUpOrEven)
    }

    /// The same set in doubles.
    pub fn span(self) -> Span {
        self.admissible().span()
    }
}

/// How a value became its printed digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Convention {
    /// Ties away from zero.
    HalfUp,
    /// Ties to the even digit.
    HalfEven,
    /// Either of the two: what every check assumes.
    HalfUpOrEven,
    /// The further digits are cut off.
    Truncation,
    /// Rounded half up to one digit more first, then again: 1.247 becomes 1.25 and then 1.3.
    RoundedTwice,
}

/// An interval with exact ends, each of which belongs to it or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    pub low: Ratio,
    pub high: Ratio,
    pub low_closed: bool,
    pub high_closed: bool,
}

impl Interval {
    pub fn contains(&self, value: Ratio) -> bool {
        let above = value > self.low || (self.low_closed && value == self.low);
        let below = value < self.high || (self.high_closed && value == self.high);
        above && below
    }

    /// All integers `k` for which `k / denominator` lies in the interval, as `(first, last)`.
    ///
    /// `None` when there is none, for a denominator below 1, or beyond the range of exact arithmetic.
    pub fn integers(&self, denominator: i128) -> Option<(i128, i128)> {
        if denominator < 1 {
            return None;
        }
        let low = self.low.scale(denominator, 1)?;
        let high = self.high.scale(denominator, 1)?;
        let first = low.ceil() + i128::from(low.is_integer() && !self.low_closed);
        let last = high.floor() - i128::from(high.is_integer() && !self.high_closed);
        (first <= last).then_some((first, last))
    }

    /// The closed hull in doubles, widened by the last bits so that no admissible value falls out.
    pub fn span(&self) -> Span {
        Span::new(self.low.to_f64(), self.high.to_f64()).outward()
    }
}

/// The values that print as `printed` under a convention.
///
/// Half up is away from zero (as people and spreadsheets do), so that the end nearer to zero belongs to
/// the set and the other doesn't; half to even takes both ends or neither, by the last digit. A printed
/// zero can stand for either sign.
pub fn admissible(printed: Printed, convention: Convention) -> Interval {
    // The ends in twentieths of the last digit, for the number without its sign.
    let size = 20 * printed.mantissa.abs();
    let even = printed.mantissa % 2 == 0;
    let (low, high, low_closed, high_closed) = match convention {
        Convention::HalfUpOrEven => (size - 10, size + 10, true, true),
        Convention::HalfEven => (size - 10, size + 10, even, even),
        Convention::HalfUp => (size - 10, size + 10, true, false),
        Convention::Truncation => (size, size + 20, true, false),
        Convention::RoundedTwice => (size - 11, size + 9, true, false),
    };
    let end =
        |twentieths: i128| Ratio::new(twentieths, 20 * printed.unit()).unwrap_or(Ratio::integer(0));
    match printed.mantissa.signum() {
        // Zero stands for either sign: the upper end, mirrored.
        0 => Interval {
            low: end(-high),
            high: end(high),
            low_closed: high_closed,
            high_closed,
        },
        1 => Interval {
            low: end(low),
            high: end(high),
            low_closed,
            high_closed,
        },
        _ => Interval {
            low: end(-high),
            high: end(-low),
            low_closed: high_closed,
            high_closed: low_closed,
        },
    }
}
