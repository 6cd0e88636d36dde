//! What the stages find out, as plain data: the shapes of the JSON files between
//! stages, and what the report is made from. No formatting, no computing.

mod answer;
mod balance;
mod before_after;
mod dose;
mod estimate;
mod further;
mod history;
mod money;
mod note;
mod outcome;
mod power;

pub use answer::*;
pub use balance::*;
pub use before_after::*;
pub use dose::*;
pub use estimate::*;
pub use further::*;
pub use history::*;
pub use money::*;
pub use note::*;
pub use outcome::*;
pub use power::*;

use serde::{Deserialize, Serialize};

/// How often one level occurs among the valid values of an arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelCount {
    pub level: String,
    pub count: u64,
    pub share: Option<f64>,
}

/// One variable in one arm: `n` counts valid values, `missing` the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmSummary {
    pub arm: String,
    pub n: u64,
    pub missing: u64,
    pub mean: Option<f64>,
    pub sd: Option<f64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelCount>,
}

/// How many people an arm has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArmSize {
    pub arm: String,
    pub n: u64,
}

/// A file that a result was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputFile {
    /// `register`, `outcomes`, `allocation`, `protocol` …
    pub role: String,
    pub file: String,
    pub sha256: String,
}

/// What made a result: the program and its inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    pub fip_version: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<String>,
    /// The language of the trial's protocol (`nl`, `en`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The microdata are made up; every report has to say so.
    #[serde(default)]
    pub synthetic: bool,
    /// Numbers of people below this are kept out of reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_cell: Option<u64>,
    pub inputs: Vec<InputFile>,
}
