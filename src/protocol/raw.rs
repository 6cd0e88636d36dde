//! `trial.toml` as it is written, key by key; unknown keys are refused.

use serde::Deserialize;
use toml::Spanned;

use crate::columns::VariableKind;
use crate::results::TestName;
use crate::words::{Labels, LevelLabels};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawProtocol {
    #[serde(default)]
    pub trial: RawTrial,
    #[serde(default)]
    pub register: RawInput,
    #[serde(default)]
    pub outcomes: RawInput,
    pub assignment: Option<RawAssignment>,
    #[serde(default)]
    pub covariate: Vec<RawCovariate>,
    #[serde(default)]
    pub outcome: Vec<RawOutcome>,
    pub compliance: Option<RawCompliance>,
    #[serde(default)]
    pub analysis: RawAnalysis,
    #[serde(default)]
    pub report: RawReport,
    #[serde(default)]
    pub cost: Vec<RawCost>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct RawReport {
    pub min_cell: Option<Spanned<i64>>,
    pub programme_cost: Option<Spanned<f64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawCost {
    pub outcome: Spanned<String>,
    pub amount: f64,
    #[serde(default)]
    pub label: Labels,
    pub price_level: Option<String>,
    pub horizon: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct RawTrial {
    pub name: Option<String>,
    pub language: Option<Spanned<String>>,
    #[serde(default)]
    pub synthetic: bool,
    pub start: Option<Spanned<toml::Value>>,
    pub end: Option<Spanned<toml::Value>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct RawInput {
    pub file: Option<String>,
    pub id: Option<String>,
    #[serde(rename = "where")]
    pub filter: Option<Spanned<String>>,
    pub missing: Option<Vec<String>>,
    pub decimal: Option<Spanned<String>>,
    pub delimiter: Option<Spanned<String>>,
    #[serde(default)]
    pub people: Vec<String>,
    #[serde(default)]
    pub not_people: Vec<String>,
    pub id_width: Option<Spanned<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawAssignment {
    pub method: Option<Spanned<String>>,
    pub seed: Option<RawSeed>,
    #[serde(default)]
    pub strata: Vec<String>,
    pub cluster: Option<String>,
    pub count: Option<Spanned<String>>,
    pub arm: Spanned<Vec<RawArm>>,
    #[serde(default)]
    pub caseworker: Vec<RawCaseworker>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub enum RawSeed {
    Text(String),
    Number(i64),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawArm {
    pub name: Spanned<String>,
    /// A number, or a table of numbers by stratum.
    pub size: Option<Spanned<toml::Value>>,
    pub share: Option<Spanned<RawShare>>,
    pub role: Option<Spanned<String>>,
    #[serde(default)]
    pub label: Labels,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawCaseworker {
    pub name: Spanned<String>,
    pub places: Option<Spanned<i64>>,
    pub arm: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub enum RawShare {
    Number(f64),
    Text(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawCovariate {
    pub name: Spanned<String>,
    pub kind: Option<VariableKind>,
    pub levels: Option<Vec<String>>,
    #[serde(default)]
    pub label: Labels,
    #[serde(default)]
    pub level_labels: LevelLabels,
    pub blank: Option<String>,
    pub dash: Option<String>,
    #[serde(default)]
    pub missing: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawOutcome {
    pub name: Spanned<String>,
    pub kind: Option<VariableKind>,
    pub levels: Option<Vec<String>>,
    #[serde(default)]
    pub label: Labels,
    #[serde(default)]
    pub level_labels: LevelLabels,
    pub blank: Option<String>,
    pub dash: Option<String>,
    #[serde(default)]
    pub missing: Vec<String>,
    pub baseline: Option<String>,
    pub family: Option<String>,
    #[serde(default)]
    pub primary: bool,
    pub exclude: Option<Spanned<String>>,
    #[serde(default)]
    pub tests: Vec<Spanned<TestName>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawCompliance {
    pub received: Spanned<String>,
    pub reason: Option<String>,
    pub unknown: Option<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct RawAnalysis {
    pub alpha: Option<Spanned<f64>>,
    #[serde(default)]
    pub adjust: Vec<String>,
    pub permutations: Option<u64>,
    pub se_type: Option<Spanned<String>>,
    #[serde(default)]
    pub subgroups: Vec<String>,
    pub provider: Option<String>,
    /// Arms that are compared with the control as one.
    #[serde(default)]
    pub treated: Vec<String>,
}
