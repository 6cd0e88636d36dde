//! Exact fractions: the ends of the set of values that round to what is printed.

use std::cmp::Ordering;

/// A fraction in lowest terms with a positive denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    num: i128,
    den: i128,
}

impl Ratio {
    /// `num / den` in lowest terms; `None` for a zero denominator or at the edge of `i128`.
    pub fn new(num: i128, den: i128) -> Option<Self> {
        if den == 0 || num == i128::MIN || den == i128::MIN {
            return None;
        }
        let common = gcd(num.unsigned_abs(), den.unsigned_abs()).max(1) as i128;
        let sign = den.signum();
        Some(Ratio {
            num: sign * num / common,
            den: den.abs() / common,
        })
    }

    pub fn integer(value: i128) -> Self {
        Ratio { num: value, den: 1 }
    }

    pub fn numerator(self) -> i128 {
        self.num
    }

    pub fn denominator(self) -> i128 {
        self.den
    }

    /// The nearest double.
    pub fn to_f64(self) -> f64 {
        self.num as f64 / self.den as f64
    }

    /// This fraction times `factor / divisor`; `None` on overflow or division by zero.
    pub fn scale(self, factor: i128, divisor: i128) -> Option<Self> {
        let first = Ratio::new(factor, divisor)?;
        let a = Ratio::new(self.num, first.den)?;
        let b = Ratio::new(first.num, self.den)?;
        Ratio::new(a.num.checked_mul(b.num)?, a.den.checked_mul(b.den)?)
    }

    /// The largest integer not above the fraction.
    pub fn floor(self) -> i128 {
        self.num.div_euclid(self.den)
    }

    /// The smallest integer not below the fraction.
    pub fn ceil(self) -> i128 {
        self.floor() + i128::from(self.num.rem_euclid(self.den) != 0)
    }

    pub fn is_integer(self) -> bool {
        self.den == 1
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    /// Exact, by the digits of the two continued fractions, so that nothing overflows.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut a, mut b) = (*self, *other);
        let mut flipped = false;
        loop {
            let order = a.floor().cmp(&b.floor());
            let (rest_a, rest_b) = (a.num.rem_euclid(a.den), b.num.rem_euclid(b.den));
            let order = match (order, rest_a, rest_b) {
                (Ordering::Equal, 0, 0) => Ordering::Equal,
                (Ordering::Equal, 0, _) => Ordering::Less,
                (Ordering::Equal, _, 0) => Ordering::Greater,
                (Ordering::Equal, _, _) => {
                    a = Ratio {
                        num: a.den,
                        den: rest_a,
                    };
                    b = Ratio {
                        num: b.den,
                        den: rest_b,
                    };
                    flipped = !flipped;
                    continue;
                }
                (order, _, _) => order,
            };
            return if flipped { order.reverse() } else { order };
        }
    }
}

fn gcd(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
