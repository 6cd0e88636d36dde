//! What the stages find out, as plain data: the shapes of the JSON files between
//! stages, and what the report is made from. No formatting, no computing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A number with its uncertainty. The sign is intervention minus control.
///
/// `df` is absent where the reference distribution is normal. Anything that is not
/// defined for the data at hand (a standard error with one person in an arm) is
/// absent, never NaN.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    pub estimate: f64,
    pub std_error: Option<f64>,
    pub df: Option<f64>,
    pub statistic: Option<f64>,
    pub p_value: Option<f64>,
    pub conf_low: Option<f64>,
    pub conf_high: Option<f64>,
}

/// What is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Estimand {
    Itt,
    Cace,
    PerProtocol,
    AsTreated,
}

/// How it is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Estimator {
    #[serde(rename = "difference_in_means")]
    DifferenceInMeans,
    #[serde(rename = "blocked_difference_in_means")]
    BlockedDifferenceInMeans,
    #[serde(rename = "lin")]
    Lin,
    #[serde(rename = "cluster_cr2")]
    ClusterCr2,
    #[serde(rename = "iv_2sls")]
    Iv2sls,
    #[serde(rename = "ancova")]
    Ancova,
}

/// Which test; the names are fixed by the file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestName {
    WelchT,
    StudentT,
    Levene,
    PearsonChiSquare,
    YatesChiSquare,
    LikelihoodRatio,
    FisherExact,
    MannWhitney,
    BrunnerMunzel,
    LinearByLinear,
    Permutation,
    HansenBowersD2,
}

/// Which effect size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    RiskDifference,
    RiskRatio,
    OddsRatio,
    CohensD,
    HedgesG,
    CramersV,
    ProbabilityOfSuperiority,
}

/// One hypothesis test. A statistic that is not defined (Fisher has none) is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestResult {
    pub test: TestName,
    pub statistic: Option<f64>,
    pub df: Option<f64>,
    /// Denominator degrees of freedom of an F statistic (Levene).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub df2: Option<f64>,
    pub p_value: Option<f64>,
}

/// One effect size with its confidence interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EffectSize {
    pub measure: Measure,
    pub estimate: Option<f64>,
    pub conf_low: Option<f64>,
    pub conf_high: Option<f64>,
}

/// How a variable is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VariableKind {
    Numeric,
    Binary,
    Ordinal,
    Categorical,
}

/// A human name per language (`nl`, `en`); empty where the protocol gives none.
pub type Labels = BTreeMap<String, String>;

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

/// An estimate with what it estimates, how, and between which arms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EstimateRow {
    pub estimand: Estimand,
    pub estimator: Estimator,
    pub treated: String,
    pub control: String,
    /// Whether randomization protects the comparison; false for per-protocol and as-treated.
    pub randomised: bool,
    /// People the estimate rests on.
    pub n: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adjusted_for: Vec<String>,
    #[serde(flatten)]
    pub value: Estimate,
}

/// A test with the arms it compares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestRow {
    pub treated: String,
    pub control: String,
    #[serde(flatten)]
    pub result: TestResult,
}

/// An effect size with the arms it compares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EffectSizeRow {
    pub treated: String,
    pub control: String,
    #[serde(flatten)]
    pub value: EffectSize,
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
    /// The microdata are made up; every report has to say so.
    #[serde(default)]
    pub synthetic: bool,
    /// Numbers of people below this are kept out of reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_cell: Option<u64>,
    pub inputs: Vec<InputFile>,
}

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
    OneLevel,
    NoDifferenceInTakeUp,
    Singular,
    TooLarge,
    SmallStrata,
}

/// One variable of the balance table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BalanceRow {
    pub name: String,
    pub kind: VariableKind,
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    #[serde(default, skip_serializing_if = "Levels::is_empty")]
    pub level_labels: Levels,
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
}

/// Labels of levels per language, in the order of the levels.
pub type Levels = BTreeMap<String, Vec<String>>;

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
    pub warnings: Vec<String>,
    pub notes: Vec<Note>,
}

/// How many people an arm has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArmSize {
    pub arm: String,
    pub n: u64,
}

/// One outcome, evaluated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutcomeResult {
    pub name: String,
    pub kind: VariableKind,
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    #[serde(default, skip_serializing_if = "Levels::is_empty")]
    pub level_labels: Levels,
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
    pub warnings: Vec<String>,
    pub notes: Vec<Note>,
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
}

/// What the protocol says about money, in euros.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Costs {
    pub per_case: Vec<CostPerCase>,
    /// Of the whole programme, for one intervention arm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub programme: Option<f64>,
}

/// What one more case of an outcome yields, or costs where it is negative.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostPerCase {
    pub outcome: String,
    pub amount: f64,
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
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
    pub costs: Option<Costs>,
    pub outcomes: Vec<OutcomeResult>,
    pub warnings: Vec<String>,
    pub notes: Vec<Note>,
}
