//! The answer of an outcome in two arms: the one number that everybody reads.

use super::{Computed, Estimand, Estimate, Estimator, TestName};
use serde::{Deserialize, Serialize};

/// Effect, interval and p-value of one method, or of methods that cannot contradict each other,
/// valid under the design that was drawn. Stars, sentences, families, money and figures read this
/// and nothing else. The sign of the effect is intervention minus control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub treated: String,
    pub control: String,
    pub estimand: Estimand,
    /// How the effect is estimated; absent where there is none, as of levels without an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimator: Option<Estimator>,
    /// The test whose p-value leads.
    pub test: TestName,
    #[serde(flatten)]
    pub computed: Computed,
    /// People with a known outcome.
    pub n: u64,
    pub estimate: Option<f64>,
    pub std_error: Option<f64>,
    pub df: Option<f64>,
    pub p_value: Option<f64>,
    pub conf_low: Option<f64>,
    pub conf_high: Option<f64>,
    /// The standard deviation within the arms, pooled: what the effect is put on one scale with
    /// others by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sd: Option<f64>,
    /// The p-value corrected for looking at several outcomes of a family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjusted: Option<Corrected>,
    pub why: Why,
    /// Why another method stands in for the registered one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<StandIn>,
    /// The registered test that it stands in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<TestName>,
}

/// Why this method leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It is the registered test, and valid under the design.
    Registered,
    /// No test is registered: it is the one for this kind of outcome and this design.
    Design,
    /// The registered test is not valid here.
    StandIn,
}

/// Why a method is not valid here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandIn {
    /// A t-test of a yes/no outcome.
    YesOrNo,
    /// An expected count below 5.
    SparseTable,
    /// With these totals it rejects too often in draws without an effect.
    ErrorRate,
    /// An arm too small for its spread to be known, or values too skewed for arms of this size.
    SmallArm,
    /// It knows nothing of the strata of the draw.
    DrawnInStrata,
    /// It takes members of a cluster for people who were drawn one by one.
    DrawnByCluster,
    /// Too few clusters, or clusters too unequal, for their standard error.
    FewClusters,
    /// Strata too thin for a standard error within them.
    ThinStrata,
    /// The arms differ in spread and size, and it takes one spread for both.
    UnequalSpread,
    /// It has no answer for these data.
    NotDefined,
}

/// The p-value corrected for its family, as in [`super::AdjustedRow`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Corrected {
    pub holm: Option<f64>,
    pub hochberg: Option<f64>,
    pub benjamini_hochberg: Option<f64>,
    /// From the draws made again, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub westfall_young: Option<f64>,
}

impl Answer {
    /// The effect and its interval in standard deviations.
    pub fn standardized(&self) -> Option<(f64, f64, f64)> {
        let sd = self.sd.filter(|sd| *sd > 0.0)?;
        Some((
            self.estimate? / sd,
            self.conf_low? / sd,
            self.conf_high? / sd,
        ))
    }

    /// The effect with its uncertainty, where there is one.
    pub fn effect(&self) -> Option<Estimate> {
        Some(Estimate {
            estimate: self.estimate?,
            std_error: self.std_error,
            df: self.df,
            statistic: None,
            p_value: self.p_value,
            conf_low: self.conf_low,
            conf_high: self.conf_high,
        })
    }
}
