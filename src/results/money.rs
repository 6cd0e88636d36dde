//! What the protocol says about money, and what the effects are worth by it.

use super::{ConfidenceSetRow, Estimate, Estimator};
use crate::columns::VariableKind;
use crate::words::Labels;
use serde::{Deserialize, Serialize};

/// What the protocol says about money, in euros.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Costs {
    pub per_case: Vec<CostPerCase>,
    /// Of the whole programme, for one intervention arm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub programme: Option<f64>,
}

/// What one more case of an outcome (or one unit more of it) yields, or costs where it is
/// negative.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostPerCase {
    pub outcome: String,
    pub amount: f64,
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// The year of the prices, as the protocol gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_level: Option<String>,
    /// The period that the amount is about, as the protocol gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon: Option<String>,
}

/// What the effects are worth, per intervention arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostsAndBenefits {
    #[serde(flatten)]
    pub given: Costs,
    pub arms: Vec<ArmCosts>,
}

/// One intervention arm against the control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmCosts {
    pub treated: String,
    pub control: String,
    /// People assigned to the intervention.
    pub people: u64,
    /// The programme's cost divided over them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub programme_per_participant: Option<f64>,
    pub lines: Vec<CostLine>,
    /// All lines together; absent where there are none, or nobody has all the outcomes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<CostTotal>,
}

/// A number with the ends of its interval, the smaller first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Amount {
    pub estimate: f64,
    pub conf_low: f64,
    pub conf_high: f64,
}

/// What the effect on one outcome is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostLine {
    #[serde(flatten)]
    pub price: CostPerCase,
    pub kind: VariableKind,
    pub estimator: Estimator,
    /// People that the effect rests on, both arms.
    pub n: u64,
    /// People that it is applied to: those assigned, without whom the outcome leaves out.
    pub people: u64,
    /// Cases, or units, per person assigned.
    pub effect: Estimate,
    /// Cases, or units, because of the programme.
    pub cases: Amount,
    pub per_participant: Amount,
    pub benefit: Amount,
    /// The programme's cost divided by the cases; absent without a cost, and for an outcome that
    /// costs money itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_per_case: Option<CostPerUnit>,
    /// Cases at which the benefit equals the programme's cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub break_even: Option<f64>,
}

/// A cost divided by an uncertain number of cases.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CostPerUnit {
    /// Absent where the estimated number is zero.
    pub estimate: Option<f64>,
    /// Not an interval where the number of cases may be zero.
    pub set: ConfidenceSetRow,
}

/// What all priced outcomes are worth together, person by person, so that the interval takes
/// account of how they go together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostTotal {
    pub estimator: Estimator,
    /// People whose priced outcomes are all known, both arms.
    pub n: u64,
    /// People that it is applied to.
    pub people: u64,
    /// Euros per person assigned.
    pub effect: Estimate,
    pub benefit: Amount,
    /// Benefit minus the programme's cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net: Option<Amount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net_per_participant: Option<Amount>,
    /// The fewest people, but not nobody, with some value of one priced outcome and some of
    /// another; only where the protocol wants small groups kept out of reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fewest: Option<u64>,
}
