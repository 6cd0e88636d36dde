//! Closed intervals of doubles, for what no fraction can hold: square roots, t, p.

/// A closed interval `[low, high]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    pub low: f64,
    pub high: f64,
}

/// Outward slack that covers the accumulated error of some dozens of operations: an audit may miss a
/// deviation of 1e-12 of a value, but must never invent one.
const SLACK: f64 = 1e-12;

impl Span {
    pub fn new(low: f64, high: f64) -> Self {
        Span { low, high }
    }

    pub fn point(value: f64) -> Self {
        Span::new(value, value)
    }

    /// Both ends moved outward by the slack.
    pub fn outward(self) -> Self {
        Span::new(
            self.low - self.low.abs() * SLACK - f64::MIN_POSITIVE,
            self.high + self.high.abs() * SLACK + f64::MIN_POSITIVE,
        )
    }

    /// The part that is not negative: an SD, a share or a count cannot be.
    pub fn not_negative(self) -> Self {
        Span::new(self.low.max(0.0), self.high.max(0.0))
    }

    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    pub fn overlaps(self, other: Span) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    pub fn inside(self, other: Span) -> bool {
        other.low <= self.low && self.high <= other.high
    }

    /// The smallest interval that holds both.
    pub fn hull(self, other: Span) -> Self {
        Span::new(self.low.min(other.low), self.high.max(other.high))
    }

    pub fn intersection(self, other: Span) -> Option<Self> {
        let both = Span::new(self.low.max(other.low), self.high.min(other.high));
        (both.low <= both.high).then_some(both)
    }

    pub fn plus(self, other: Span) -> Self {
        Span::new(self.low + other.low, self.high + other.high)
    }

    pub fn minus(self, other: Span) -> Self {
        Span::new(self.low - other.high, self.high - other.low)
    }

    /// Multiplied by a number of either sign.
    pub fn times(self, factor: f64) -> Self {
        let (a, b) = (self.low * factor, self.high * factor);
        Span::new(a.min(b), a.max(b))
    }

    /// The product of two intervals.
    pub fn product(self, other: Span) -> Self {
        self.times(other.low).hull(self.times(other.high))
    }

    /// The quotient of two intervals; `None` when the divisor can be zero.
    pub fn divided(self, other: Span) -> Option<Self> {
        (other.low > 0.0 || other.high < 0.0)
            .then(|| self.product(Span::new(1.0 / other.high, 1.0 / other.low)))
    }

    /// The range of |x|.
    pub fn magnitude(self) -> Self {
        let top = self.low.abs().max(self.high.abs());
        let bottom = if self.contains(0.0) {
            0.0
        } else {
            self.low.abs().min(self.high.abs())
        };
        Span::new(bottom, top)
    }

    pub fn middle(self) -> f64 {
        self.low / 2.0 + self.high / 2.0
    }

    pub fn width(self) -> f64 {
        self.high - self.low
    }
}
