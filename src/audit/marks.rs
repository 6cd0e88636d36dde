//! What significance marks claim about p, and what words claim about the order of two figures.

use super::span::Span;
use crate::publication::Mark;

/// The p-values that a cell's marks stand for: at or above the next stricter level, below its own.
///
/// `legend` runs from the most lenient level on. No mark claims at least the most lenient level. `None`
/// when the marks are not in the legend.
pub fn claimed(marks: &str, legend: &[Mark]) -> Option<Span> {
    if legend.is_empty() {
        return None;
    }
    let level = |i: usize| legend.get(i).map(|m| m.level.to_f64());
    if marks.is_empty() {
        return Some(Span::new(level(0)?, 1.0));
    }
    let at = legend.iter().position(|m| m.sign == marks)?;
    Some(Span::new(level(at + 1).unwrap_or(0.0), level(at)?))
}

/// Whether some p in the range is what is claimed; the upper end of a claim is not part of it, unless it is 1.
pub fn agrees(p: Span, claimed: Span) -> bool {
    p.high >= claimed.low && (p.low < claimed.high || claimed.high >= 1.0)
}
