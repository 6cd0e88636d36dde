//! Change within an arm, from the measurement before the draw to the outcome.

use super::{Computed, Estimate, TestResult};
use serde::{Deserialize, Serialize};

/// An outcome before and after, within one arm.
///
/// No comparison of arms: what changed with time, or because extreme values tend back to
/// the mean, is in it as much as the intervention.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BeforeAfterRow {
    pub arm: String,
    /// Always false: the draw does not protect a comparison over time.
    pub randomised: bool,
    /// People with both values.
    pub n: u64,
    /// People of the arm, excluded ones left out, without one of the two values or both.
    pub incomplete: u64,
    pub missing_before: u64,
    pub missing_after: u64,
    /// Means and spread among people with both values: shares for a yes/no outcome, scores for
    /// an ordinal one, absent for a categorical one.
    pub mean_before: Option<f64>,
    pub sd_before: Option<f64>,
    pub mean_after: Option<f64>,
    pub sd_after: Option<f64>,
    /// Standard deviation of the changes.
    pub sd_change: Option<f64>,
    /// Mean of after minus before, with the interval of the paired t-test.
    pub change: Option<Estimate>,
    /// Higher after than before (no to yes); absent where levels have no order.
    pub increased: Option<u64>,
    pub decreased: Option<u64>,
    pub unchanged: u64,
    pub tests: Vec<PairedTest>,
}

/// A test of change within an arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairedTest {
    #[serde(flatten)]
    pub result: TestResult,
    #[serde(flatten)]
    pub computed: Computed,
}
