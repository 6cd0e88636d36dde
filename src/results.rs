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
    #[serde(flatten)]
    pub further: Further,
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

/// What is computed about an outcome beyond estimates, tests and effect sizes. Each part is
/// empty, and left out of the JSON, where it was not asked for or cannot be computed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Further {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub randomization: Vec<RandomizationRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adjusted: Vec<AdjustedRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_outcomes: Vec<MissingRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub take_up: Vec<TakeUpRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chance: Vec<ChanceRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub imbalance: Vec<ImbalanceRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subgroups: Vec<SubgroupRow>,
}

/// What a randomization test compares over draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RandomizationStatistic {
    /// The difference divided by its standard error for the design.
    Studentized,
    /// The difference in means; its interval is of constant effects not rejected.
    Difference,
    /// The difference in shares, over the hypergeometric distribution instead of draws.
    Hypergeometric,
}

/// A randomization test: the draw made again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RandomizationRow {
    pub treated: String,
    pub control: String,
    pub compares: RandomizationStatistic,
    /// People in the draw, those without an outcome included.
    pub n: u64,
    /// Draws gone through; 0 where none is needed.
    pub draws: u64,
    /// Over all allocations instead of a sample of them.
    pub exact: bool,
    /// What another sample of draws would make of the p-value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monte_carlo_error: Option<f64>,
    #[serde(flatten)]
    pub value: Estimate,
}

/// An outcome's p-value among those of its family.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdjustedRow {
    pub treated: String,
    pub control: String,
    /// Absent where the protocol gives no families: all outcomes together.
    pub family: Option<String>,
    /// Outcomes in the family with a p-value.
    pub outcomes: u64,
    pub p_value: Option<f64>,
    pub holm: Option<f64>,
    pub hochberg: Option<f64>,
    pub benjamini_hochberg: Option<f64>,
    /// From the randomization draws, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub westfall_young: Option<f64>,
}

/// What Works Clearinghouse's reading of attrition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingReading {
    Low,
    /// Low if the intervention cannot have affected who is missing.
    LowIfUnrelated,
    High,
}

/// Missing outcomes in two arms, and what they could do to the effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MissingRow {
    pub treated: String,
    pub control: String,
    pub treated_missing: u64,
    pub control_missing: u64,
    pub treated_share: f64,
    pub control_share: f64,
    pub overall: f64,
    pub difference: Option<f64>,
    pub conf_low: Option<f64>,
    pub conf_high: Option<f64>,
    pub test: Option<TestResult>,
    pub reading: MissingReading,
    /// Lee's trimming bounds.
    pub lee: Option<BoundsRow>,
    /// Every missing outcome the least or greatest possible.
    pub worst_case: Option<BoundsRow>,
    /// People weighted by how likely people like them are to be known.
    pub weighted: Option<Estimate>,
}

/// Bounds on an effect, and a confidence interval for the effect between them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BoundsRow {
    pub low: f64,
    pub high: f64,
    pub conf_low: Option<f64>,
    pub conf_high: Option<f64>,
    /// Share of an arm's values trimmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trimmed: Option<f64>,
}

/// The shape of an Anderson–Rubin confidence set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetShape {
    Interval,
    /// Everything up to `low` and from `high` on; one of them may be absent.
    Rays,
    /// Every number.
    Line,
    Empty,
}

/// An Anderson–Rubin confidence set.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ConfidenceSetRow {
    pub shape: SetShape,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// What is behind the effect on compliers, for one definition of receiving the intervention.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TakeUpRow {
    pub treated: String,
    pub control: String,
    /// The expression that says who received it.
    pub received: String,
    /// The protocol's or the command's own expression, not one of the thresholds around it.
    pub leading: bool,
    pub n: u64,
    pub complier_share: Option<Estimate>,
    pub first_stage_f: Option<f64>,
    pub cace: Option<Estimate>,
    pub anderson_rubin: Option<ConfidenceSetRow>,
    pub compliers_treated: Option<Estimate>,
    pub compliers_untreated: Option<Estimate>,
    pub always_takers: Option<f64>,
    pub never_takers: Option<f64>,
}

/// How an effect is estimated again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChanceMethod {
    Unadjusted,
    Ancova,
    Lin,
    EntropyBalanced,
    InverseProbability,
    /// Nearest neighbour with replacement: the effect on the treated.
    Matched,
    /// Pairs without replacement.
    MatchedPairs,
}

/// One row of the table 'was it chance imbalance?'.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChanceRow {
    pub treated: String,
    pub control: String,
    pub method: ChanceMethod,
    pub n: u64,
    #[serde(flatten)]
    pub value: Estimate,
}

/// What the unadjusted difference owes to one covariate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImbalanceRow {
    pub treated: String,
    pub control: String,
    pub covariate: String,
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// Mean difference of the covariate; absent where it has several columns.
    pub difference: Option<f64>,
    /// Slope of the outcome on it; absent where it has several columns.
    pub prognosis: Option<f64>,
    /// Imbalance × prognosis, over all its columns.
    pub contribution: f64,
}

/// Effects by the levels of a variable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubgroupRow {
    pub treated: String,
    pub control: String,
    pub variable: String,
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    #[serde(default, skip_serializing_if = "Levels::is_empty")]
    pub level_labels: Levels,
    /// Whether the protocol names it; absent without a protocol.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered: Option<bool>,
    /// F of the interaction: are all effects the same?
    pub statistic: Option<f64>,
    pub df: Option<f64>,
    pub df2: Option<f64>,
    pub p_value: Option<f64>,
    pub groups: Vec<SubgroupEffect>,
}

/// The effect at one level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubgroupEffect {
    pub level: String,
    pub treated_n: u64,
    pub control_n: u64,
    pub effect: Option<Estimate>,
    /// Its difference from the first level's.
    pub interaction: Option<Estimate>,
}

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
