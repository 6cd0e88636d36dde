//! When a test may be trusted: decided from sizes and margins, never from its p-value.

use serde::{Deserialize, Serialize};

/// Whether a test holds its error rate over the draws of a trial without an effect.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Validity {
    Valid,
    Unsafe(Doubt),
}

/// Why it does not.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// It rejects this often where there is no effect, over all draws with these totals.
    ErrorRate { rate: f64 },
}
