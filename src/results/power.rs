//! How large a trial must be, and what it can find.

use serde::{Deserialize, Serialize};

/// What is asked about a trial's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PowerQuestion {
    /// People and effect are given.
    Power,
    /// Effect and power are given.
    SampleSize,
    /// People and power are given.
    DetectableEffect,
}

/// The effect's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectUnit {
    /// The outcome's own.
    Outcome,
    /// Standard deviations within arms.
    StandardDeviations,
    /// A difference of shares.
    Shares,
    /// A common odds ratio.
    OddsRatio,
}

/// The size of a trial, with the chance it has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PowerResult {
    pub schema: String,
    pub question: PowerQuestion,
    pub unit: EffectUnit,
    /// The effect of the intervention on who takes it up.
    pub effect: f64,
    pub power: f64,
    pub treated: u64,
    pub control: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub treated_clusters: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control_clusters: Option<u64>,
    /// Clients that the team can serve, where that decides the intervention arm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caseload: Option<u64>,
    pub alpha: f64,
    pub explained: f64,
    pub design_effect: f64,
    /// How many deliver the intervention, where they are few, and how alike those are whom one of them sees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub providers: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_icc: Option<f64>,
    pub take_up: f64,
    pub attrition: f64,
    pub detectable: Vec<DetectableRow>,
    /// The same by simulation on a register, where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simulation: Option<SimulationRow>,
}

/// Made-up trials on an actual register with the actual design.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SimulationRow {
    pub trials: u64,
    /// Share of trials in which the effect was found, with its Monte Carlo error.
    pub power: f64,
    pub power_error: f64,
    /// Share in which an effect was found though there was none.
    pub false_positive: f64,
    pub false_positive_error: f64,
}

/// The smallest effect that a trial of this size detects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DetectableRow {
    pub power: f64,
    /// Absent where nothing can be detected with that power.
    pub effect: Option<f64>,
}
