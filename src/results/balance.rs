//! The balance table.

use super::{ArmSize, ArmSummary, Note, Provenance, TestResult};
use crate::columns::VariableKind;
use crate::words::{Labels, LevelLabels};
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One variable of the balance table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BalanceRow {
    pub name: String,
    pub kind: VariableKind,
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    #[serde(default, skip_serializing_if = "LevelLabels::is_empty")]
    pub level_labels: LevelLabels,
    pub treated: String,
    pub control: String,
    pub arms: Vec<ArmSummary>,
    /// Mean difference, intervention minus control; absent for categorical variables.
    pub difference: Option<f64>,
    pub smd: Option<f64>,
    pub smd_formula: SmdFormula,
    pub variance_ratio: Option<f64>,
    pub band: Option<Band>,
    pub tests: Vec<TestResult>,
    /// Whether values are missing equally often; absent where none is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missingness: Option<Missingness>,
    /// The fewest people of an arm whose number is another than most have, or one of a few whole
    /// numbers; only where the protocol wants small groups kept out of reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unlike: Option<u64>,
    /// By an earlier covariate, as [`super::Fewest::nested`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub nested: BTreeMap<String, u64>,
}

/// How the standardized mean difference is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmdFormula {
    /// Mean difference over √((s₁² + s₀²)/2); for shares s² = p(1 − p).
    Pooled,
    /// Multivariate distance over the levels of a categorical variable.
    Mahalanobis,
}

/// What Works Clearinghouse's reading of a baseline difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// |SMD| ≤ .05: satisfies baseline equivalence.
    Equivalent,
    /// .05 < |SMD| ≤ .25: adjust for it.
    Adjust,
    /// |SMD| > .25: not equivalent.
    NotEquivalent,
}

/// Missing values of one covariate, compared between the arms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Missingness {
    pub treated_share: f64,
    pub control_share: f64,
    pub smd: Option<f64>,
    pub p_value: Option<f64>,
}

/// The whole balance table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BalanceTable {
    pub schema: String,
    pub provenance: Provenance,
    pub treated: String,
    pub control: String,
    pub arms: Vec<ArmSize>,
    pub covariates: Vec<BalanceRow>,
    pub omnibus: Option<TestResult>,
    pub notes: Vec<Note>,
}
