//! Why a kernel has no answer for the data at hand.

use serde::{Deserialize, Serialize};

/// The reason that a statistic is not defined; callers turn it into a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Degenerate {
    /// Fewer valid values than the statistic needs (an arm of none or of one).
    TooFew,
    /// All values are the same within every arm, so there is no spread to compare with.
    NoVariance,
    /// Fewer than two arms, or fewer than two levels, have any observation.
    OneLevel,
    /// A cell of the table is empty where the measure divides by it.
    ZeroCell,
    /// The exact computation is not feasible for data of this size.
    TooLarge,
    /// The arms have no value in common, or differ in a direction without spread.
    Disjoint,
    /// A value, or the result, is outside the range of floating-point numbers.
    NotFinite,
}
