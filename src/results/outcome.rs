//! Outcomes, evaluated, and who received what.

use super::{
    Answer, ArmSize, ArmSummary, BalanceTable, CostsAndBenefits, EffectSizeRow, EstimateRow,
    Further, Note, Provenance, TestRow,
};
use crate::columns::VariableKind;
use crate::words::{Labels, LevelLabels};
use serde::{Deserialize, Serialize};

/// One outcome, evaluated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutcomeResult {
    pub name: String,
    pub kind: VariableKind,
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    #[serde(default, skip_serializing_if = "LevelLabels::is_empty")]
    pub level_labels: LevelLabels,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    #[serde(default)]
    pub primary: bool,
    /// Whether the registered protocol names it; absent without a protocol.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered: Option<bool>,
    /// The same variable before the draw, by its name among the covariates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    pub arms: Vec<ArmSummary>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excluded: Option<Exclusion>,
    pub estimates: Vec<EstimateRow>,
    pub tests: Vec<TestRow>,
    pub effect_sizes: Vec<EffectSizeRow>,
    /// What everybody reads: one per intervention arm, absent where nothing can be said.
    #[serde(default)]
    pub answer: Vec<Answer>,
    #[serde(flatten)]
    pub further: Further,
    pub notes: Vec<Note>,
}

impl OutcomeResult {
    /// The answer about an intervention arm.
    pub fn answer(&self, treated: &str) -> Option<&Answer> {
        self.answer.iter().find(|answer| answer.treated == treated)
    }
}

/// Whom an outcome's `exclude` expression leaves out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exclusion {
    pub expression: String,
    pub arms: Vec<ArmSize>,
}

/// Who received what was assigned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compliance {
    pub expression: String,
    pub arms: Vec<ComplianceRow>,
    /// Why people of the arm did not receive it, most frequent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<ReasonCount>,
}

/// One arm of the compliance table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComplianceRow {
    pub arm: String,
    pub n: u64,
    pub received: u64,
    pub not_received: u64,
    pub unknown: u64,
}

/// How often a reason for not receiving the intervention was recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReasonCount {
    pub arm: String,
    /// Absent where the export gives none.
    pub reason: Option<String>,
    pub count: u64,
    /// Several reasons taken together to protect small groups.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub merged: bool,
}

/// What the two files have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinCounts {
    pub rows: u64,
    pub analysed: u64,
    pub only_in_outcomes: u64,
    pub only_in_allocation: u64,
    pub no_arm: u64,
}

/// All outcomes of a trial, evaluated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    pub schema: String,
    pub provenance: Provenance,
    /// Confidence level of every interval.
    pub level: f64,
    pub control: String,
    pub treated: Vec<String>,
    pub arms: Vec<ArmSize>,
    pub join: JoinCounts,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compliance: Option<Compliance>,
    /// The covariates of the analysed people, one table per intervention arm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub balance: Vec<BalanceTable>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub costs: Option<CostsAndBenefits>,
    pub outcomes: Vec<OutcomeResult>,
    pub notes: Vec<Note>,
}
