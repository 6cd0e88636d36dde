//! Parts of a whole: do counts add up, can the percentages add up within their rounding?

use super::rounding::Interval;
use super::span::Span;

/// The sum of printed counts, and what the whole should have been; `None` on overflow.
pub fn sum(counts: &[u64]) -> Option<u64> {
    counts
        .iter()
        .try_fold(0u64, |sum, &count| sum.checked_add(count))
}

/// The range of the sum of values that print as these.
pub fn range(values: &[Interval]) -> Span {
    values
        .iter()
        .fold(Span::point(0.0), |sum, value| {
            sum.plus(value.span().not_negative())
        })
        .outward()
}

/// The value that the missing part must have had, given the whole and the other parts.
pub fn remainder(whole: Span, others: &[Interval]) -> Span {
    whole.minus(range(others))
}
