//! What a reader must know beside the numbers.

use super::{TestName, VariableKind};
use serde::{Deserialize, Serialize};

/// Something a reader must know beside the numbers. Sentences are made in `report`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Note {
    /// Whom the analysis could not place: rows of the export that the allocation doesn't know.
    OnlyInOutcomes { count: u64 },
    /// People of the allocation without a row in the export, per arm; they count as missing.
    OnlyInAllocation {
        count: u64,
        per_arm: Vec<(String, u64)>,
    },
    /// People in the register but not in the allocation, or the other way round.
    OnlyInRegister { count: u64 },
    /// People of the allocation that the register doesn't know.
    MissingFromRegister { count: u64 },
    /// Rows that have no arm.
    NoArm { count: u64 },
    /// Rows in arms that are not compared.
    OtherArms { count: u64, arms: Vec<String> },
    /// Kinds were guessed from the values.
    KindGuessed {
        variable: String,
        kind: VariableKind,
    },
    /// Which arm is the control was inferred from names or order.
    ArmRolesGuessed { treated: String, control: String },
    /// The statistic cannot be computed, and why.
    NotComputed { variable: String, reason: Reason },
    /// An expected count below 5 makes the chi-square approximation doubtful.
    SparseTable {
        variable: String,
        min_expected: f64,
        exact: bool,
    },
    /// Too many values are missing, or unequally so.
    Attrition {
        variable: String,
        treated_missing: f64,
        control_missing: f64,
    },
    /// Excluded by the outcome's `exclude` expression, per arm.
    Excluded {
        variable: String,
        expression: String,
        per_arm: Vec<(String, u64)>,
    },
    /// The draw was stratified; the plain difference ignores that.
    StratifiedDraw { strata: u64 },
    /// The draw was by cluster; person-level tests are too optimistic.
    ClusteredDraw { clusters: u64 },
    /// Some people got the intervention though assigned to control.
    TwoSidedNonCompliance { count: u64 },
    /// Compliance is unknown for some rows.
    ComplianceUnknown { count: u64 },
    /// The share of compliers is too small for the CACE to be trusted.
    WeakFirstStage { f: f64 },
    /// What a significant balance row means in a randomized trial.
    SignificantBalance {
        significant: u64,
        tested: u64,
        alpha: f64,
    },
    /// A standardized difference outside the What Works Clearinghouse band.
    LargeImbalance { variable: String, smd: f64 },
    /// A covariate is known for fewer than the given share of people.
    MuchMissing { variable: String, share: f64 },
    /// An outcome, exclusion or test that is not in the protocol.
    NotRegistered { what: Registered, name: String },
    /// An outcome of the protocol that was not analysed.
    RegisteredNotAnalysed { name: String },
    /// Strata with fewer than two people (or clusters) in an arm were taken together.
    StrataMerged { variable: String, strata: u64 },
    /// The draw was made again, but no record of its design is at hand.
    DrawNotRecorded,
    /// Covariates with missing values, taken at the mean for the adjusted effect.
    CovariatesImputed { covariates: Vec<String> },
    /// Several outcomes were tested without correction.
    ManyOutcomes { count: u64, alpha: f64 },
    /// A registered test that is not computed here.
    TestNotAvailable { variable: String, test: TestName },
    /// Values cannot be compared between arms because one has none.
    EmptyArm { variable: String, arm: String },
}

impl Note {
    /// The variable that the note is about, if it is about one.
    pub fn variable_mut(&mut self) -> Option<&mut String> {
        match self {
            Note::KindGuessed { variable, .. }
            | Note::NotComputed { variable, .. }
            | Note::SparseTable { variable, .. }
            | Note::Attrition { variable, .. }
            | Note::Excluded { variable, .. }
            | Note::LargeImbalance { variable, .. }
            | Note::MuchMissing { variable, .. }
            | Note::TestNotAvailable { variable, .. }
            | Note::StrataMerged { variable, .. }
            | Note::EmptyArm { variable, .. } => Some(variable),
            Note::OnlyInOutcomes { .. }
            | Note::OnlyInAllocation { .. }
            | Note::OnlyInRegister { .. }
            | Note::MissingFromRegister { .. }
            | Note::NoArm { .. }
            | Note::OtherArms { .. }
            | Note::ArmRolesGuessed { .. }
            | Note::StratifiedDraw { .. }
            | Note::ClusteredDraw { .. }
            | Note::TwoSidedNonCompliance { .. }
            | Note::ComplianceUnknown { .. }
            | Note::WeakFirstStage { .. }
            | Note::SignificantBalance { .. }
            | Note::NotRegistered { .. }
            | Note::RegisteredNotAnalysed { .. }
            | Note::DrawNotRecorded
            | Note::CovariatesImputed { .. }
            | Note::ManyOutcomes { .. } => None,
        }
    }
}

/// What a protocol registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registered {
    Outcome,
    Exclusion,
    Test,
    Compliance,
}

/// Why something is not computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    TooFewValues,
    NoVariance,
    /// Everybody in an arm has the same value, but not the same as in the other.
    NoVarianceWithin,
    OneLevel,
    NoDifferenceInTakeUp,
    Singular,
    TooLarge,
    SmallStrata,
}
