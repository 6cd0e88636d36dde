//! GRIMMER, exactly: can n whole numbers, on this scale, have this mean and this SD?
//!
//! Anaya (2016) and Allard (2018) test whether an admissible sum and an admissible sum of squares
//! exist with the right parity (x² and x are both odd or both even). That is necessary, not
//! sufficient; here the numbers themselves are looked for, so a printed pair is called impossible only
//! when no data can print so.

use super::debit::Divisor;
use super::rounding::Interval;

/// The lowest and highest value a variable can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scale {
    pub low: i64,
    pub high: i64,
}

/// What the search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Feasible {
    /// Whole numbers exist; the first pair of sum and sum of squares that was found.
    Yes { sum: i128, squares: i128 },
    /// No whole numbers have this mean, whatever their SD.
    NoMean,
    /// The mean is possible, but not with this SD.
    NoSd,
    /// The search was given up (huge scales): nothing may be concluded.
    Unknown,
}

impl Feasible {
    pub fn is_impossible(self) -> bool {
        matches!(self, Feasible::NoMean | Feasible::NoSd)
    }
}

/// Steps after which a search is given up.
const BUDGET: u32 = 400_000;

/// Looks for `n` respondents, each the average of `items` whole-number answers on `scale`, whose mean
/// and SD lie in the intervals.
///
/// Without a scale any whole numbers will do. The SD of a single respondent is undefined: `NoSd`.
pub fn search(
    mean: &Interval,
    sd: &Interval,
    n: u64,
    items: u32,
    scale: Option<Scale>,
    divisor: Divisor,
) -> Feasible {
    let items = i128::from(items.max(1));
    let count = i128::from(n);
    let Some((first, last)) = super::grim::sums(mean, n, items as u32) else {
        return Feasible::NoMean;
    };
    let (first, last) = match scale {
        Some(s) => (
            first.max(count * items * i128::from(s.low)),
            last.min(count * items * i128::from(s.high)),
        ),
        None => (first, last),
    };
    if first > last {
        return Feasible::NoMean;
    }
    let Some(divisor) = divisor.of(count) else {
        return Feasible::NoSd;
    };
    let bounds = scale.map(|s| (items * i128::from(s.low), items * i128::from(s.high)));
    let mut search = Search { left: BUDGET };
    for sum in first..=last {
        // Σ(x − x̄)² = Q − S²/n = divisor · SD², with x in units of 1/items.
        let Some((low, high)) = squares(sum, count, divisor, items, sd) else {
            return Feasible::Unknown;
        };
        // No more than the scale allows, no less than whole numbers must have.
        let low = low.max(least(count, sum));
        let high = match bounds {
            Some((bottom, top)) => {
                let shifted = sum - count * bottom;
                high.min(
                    most(top - bottom, shifted) + 2 * bottom * shifted + count * bottom * bottom,
                )
            }
            None => high,
        };
        let low = low + (low - sum).rem_euclid(2);
        let mut squares = low;
        while squares <= high {
            match search.attainable(count, sum, squares, bounds) {
                Some(true) => return Feasible::Yes { sum, squares },
                Some(false) => {}
                None => return Feasible::Unknown,
            }
            squares += 2;
        }
    }
    Feasible::NoSd
}

/// The integer sums of squares that go with this sum and SD; `None` beyond exact arithmetic.
fn squares(sum: i128, n: i128, divisor: i128, items: i128, sd: &Interval) -> Option<(i128, i128)> {
    let bound = |end: super::ratio::Ratio| -> Option<(i128, i128)> {
        let (a, b) = (
            end.numerator().max(0).checked_mul(items)?,
            end.denominator(),
        );
        let bb = b.checked_mul(b)?;
        let num = a
            .checked_mul(a)?
            .checked_mul(divisor)?
            .checked_mul(n)?
            .checked_add(bb.checked_mul(sum.checked_mul(sum)?)?)?;
        Some((num, bb.checked_mul(n)?))
    };
    let (low, low_den) = bound(sd.low)?;
    let (high, high_den) = bound(sd.high)?;
    let exact = |num: i128, den: i128| num.rem_euclid(den) == 0;
    let open_low = !sd.low_closed && sd.low.numerator() >= 0 && exact(low, low_den);
    let open_high = !sd.high_closed && exact(high, high_den);
    let first = low.div_euclid(low_den) + i128::from(!exact(low, low_den) || open_low);
    let last = high.div_euclid(high_den) - i128::from(open_high);
    Some((first, last))
}

/// A search with a budget shared by all its branches.
struct Search {
    left: u32,
}

impl Search {
    /// Whether `n` integers within the bounds have this sum and sum of squares; `None`: gave up.
    fn attainable(
        &mut self,
        n: i128,
        sum: i128,
        squares: i128,
        bounds: Option<(i128, i128)>,
    ) -> Option<bool> {
        let (low, width) = match bounds {
            Some((low, high)) => (low, high - low),
            None => {
                // No value can be further from the mean than all deviation put in one value.
                let deviation = n.checked_mul(squares)?.checked_sub(sum.checked_mul(sum)?)?;
                if deviation < 0 {
                    return Some(false);
                }
                // From five values on, every sum of squares of the right parity above the least occurs.
                if n >= 5 {
                    return Some(squares >= least(n, sum) && (squares - sum).rem_euclid(2) == 0);
                }
                let reach = (deviation as f64).sqrt() as i128 + 1;
                (sum.div_euclid(n) - reach, 2 * reach + 1)
            }
        };
        // y = x − low runs over 0..=width.
        let shifted = sum - n * low;
        let squares = squares
            .checked_sub(2 * low * shifted)?
            .checked_sub(n * low * low)?;
        self.levels(width, n, shifted, squares)
    }

    /// The same for integers in `0..=width`: how many of them are `width`, then the rest below it.
    fn levels(&mut self, width: i128, n: i128, sum: i128, squares: i128) -> Option<bool> {
        if sum < 0 || sum > width * n || (squares - sum).rem_euclid(2) != 0 {
            return Some(false);
        }
        if n == 0 {
            return Some(sum == 0 && squares == 0);
        }
        if squares < least(n, sum) || squares > most(width, sum) {
            return Some(false);
        }
        // T = Σ y(y−1)/2 counts 1 per two, 3 per three, 6 per four …
        let triangle = (squares - sum) / 2;
        if width <= 2 {
            let twos = triangle;
            let ones = sum - 2 * twos;
            let enough = width == 2 || twos == 0;
            return Some(enough && ones >= 0 && n - ones - twos >= 0);
        }
        if width == 3 {
            // twos = T − 3c, ones = S − 2T + 3c, zeros = n − S + T − c, all ≥ 0, with c threes.
            let from = (2 * triangle - sum + 2).div_euclid(3).max(0);
            let to = triangle.div_euclid(3).min(n - sum + triangle);
            return Some(from <= to);
        }
        self.left = self.left.checked_sub(1)?;
        let top = n.min(sum / width).min(squares / (width * width));
        for c in 0..=top {
            let rest = (n - c, sum - width * c, squares - width * width * c);
            if rest.1 > (width - 1) * rest.0 || (rest.0 > 0 && rest.2 > most(width - 1, rest.1)) {
                continue;
            }
            if rest.0 > 0 && rest.2 < least(rest.0, rest.1) {
                break;
            }
            if self.levels(width - 1, rest.0, rest.1, rest.2)? {
                return Some(true);
            }
        }
        Some(false)
    }
}

/// The least sum of squares of `n` integers with this sum: all as near to the mean as can be.
fn least(n: i128, sum: i128) -> i128 {
    let (low, more) = (sum.div_euclid(n), sum.rem_euclid(n));
    (n - more) * low * low + more * (low + 1) * (low + 1)
}

/// The greatest sum of squares of integers in `0..=width` with this sum: as many at the top as can be.
fn most(width: i128, sum: i128) -> i128 {
    if width == 0 {
        return 0;
    }
    let (full, rest) = (sum / width, sum % width);
    full * width * width + rest * rest
}
