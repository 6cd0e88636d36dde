//! What a reader must know beside the numbers.

use super::{Estimand, Estimator, StandIn, TestName};
use crate::columns::VariableKind;
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
    /// The register's bytes are not those that were drawn from.
    AnotherRegister,
    /// Rows that have no arm.
    NoArm { count: u64 },
    /// People of whom the export says something else than the register, and of how many both say something.
    OtherThanRegister {
        variable: String,
        count: u64,
        of: u64,
    },
    /// Rows that are said to be no persons.
    NotPeople { count: u64 },
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
    /// A categorical outcome known only for people who were selected after the draw: it is shown and not compared.
    SelectedAfterDraw {
        variable: String,
        treated_known: f64,
        control_known: f64,
    },
    /// Everybody of whom it is known has the same value, and many have none.
    OneValueForSome {
        variable: String,
        known: u64,
        of: u64,
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
    /// Receipt is unknown for people whose outcome is known: no single effect on compliers, but the
    /// least and the greatest that it could be.
    ReceiptUnknown {
        variable: String,
        people: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        low: Option<f64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        high: Option<f64>,
    },
    /// Several intervention arms are compared with the control as one.
    ArmsPooled { arm: String },
    /// People of whom receipt is unknown, and who count as not having received it, as the protocol says.
    UnknownAsNotReceived { count: u64 },
    /// Assignment moves receipt too little for the usual interval of the effect on compliers: the
    /// Anderson–Rubin set leads.
    WeakFirstStage {
        variable: String,
        f: f64,
        /// From which F on the usual interval would hold.
        enough: f64,
    },
    /// What a significant balance row means in a randomized trial.
    SignificantBalance {
        significant: u64,
        tested: u64,
        alpha: f64,
        /// The least p-value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        smallest_p: Option<f64>,
    },
    /// The arms have no level of a categorical covariate in common.
    NoLevelInCommon { variable: String },
    /// A standardized difference outside the What Works Clearinghouse band.
    LargeImbalance { variable: String, smd: f64 },
    /// A covariate is known for fewer than the given share of people.
    MuchMissing { variable: String, share: f64 },
    /// An outcome, exclusion or test that is not in the protocol.
    NotRegistered { what: Registered, name: String },
    /// An outcome of the protocol that was not analysed.
    RegisteredNotAnalysed { name: String },
    /// The draw was made again, but no record of its design is at hand.
    DrawNotRecorded,
    /// Covariates with missing values, taken at the mean for the adjusted effect.
    CovariatesImputed { covariates: Vec<String> },
    /// Covariates that the adjusted effects do without.
    CovariatesNotUsed {
        covariates: Vec<String>,
        reason: NotUsed,
    },
    /// More of the control arm than of the intervention received the intervention.
    ReversedTakeUp { treated: String },
    /// Parts of an outcome's results that are absent, for one reason.
    LeftOut {
        variable: String,
        parts: Vec<ResultPart>,
        reason: Reason,
    },
    /// An estimate without a standard error.
    NoStandardError {
        variable: String,
        estimand: Estimand,
        estimator: Estimator,
        reason: Reason,
    },
    /// Fewer people than [`SMALL_ARM`] with an outcome in an arm: what rests on large samples
    /// is too sure of itself.
    SmallArm {
        variable: String,
        arm: String,
        n: u64,
    },
    /// Levels of a subgroup with fewer than two people (or clusters) in an arm, which have no effect of
    /// their own and no part in the test of a difference.
    LevelsWithFew {
        variable: String,
        subgroup: String,
        levels: Vec<String>,
    },
    /// Strata left out because nobody of an arm has an outcome there.
    IncompletePairs {
        variable: String,
        strata: u64,
        people: u64,
    },
    /// People without an outcome such that nobody like them has one.
    NobodyLikeThem { variable: String, people: u64 },
    /// The column that says how much was received has other than whole numbers.
    DoseNotCounted { column: String },
    /// Yes/no outcomes, for which no constant effect can be the same for everybody: there is
    /// no interval from the draws.
    NoConstantEffect { variables: Vec<String> },
    /// Tests of outcomes for which the protocol names others.
    TestsNotRegistered {
        variables: Vec<String>,
        tests: Vec<TestName>,
    },
    /// Something of the protocol other than an outcome that was not used.
    RegisteredNotUsed { what: Registered, name: String },
    /// A programme's cost is given for several intervention arms together: no arm's net is known.
    ProgrammeOfSeveralArms,
    /// Several outcomes were tested without correction.
    ManyOutcomes { count: u64, alpha: f64 },
    /// A registered test that is not computed here.
    TestNotAvailable { variable: String, test: TestName },
    /// A method leads in place of the registered or usual one.
    StandsIn {
        variable: String,
        /// The registered test; absent where none is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked: Option<TestName>,
        test: TestName,
        reason: StandIn,
    },
    /// The baseline is measured otherwise than the outcome: no change can be computed.
    BaselineNotComparable { variable: String, baseline: String },
    /// Rank tests of so many people are made on request only.
    RanksLeftOut { variable: String, people: u64 },
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
            | Note::SelectedAfterDraw { variable, .. }
            | Note::OneValueForSome { variable, .. }
            | Note::Excluded { variable, .. }
            | Note::LargeImbalance { variable, .. }
            | Note::MuchMissing { variable, .. }
            | Note::TestNotAvailable { variable, .. }
            | Note::NoLevelInCommon { variable }
            | Note::LeftOut { variable, .. }
            | Note::NoStandardError { variable, .. }
            | Note::SmallArm { variable, .. }
            | Note::LevelsWithFew { variable, .. }
            | Note::IncompletePairs { variable, .. }
            | Note::NobodyLikeThem { variable, .. }
            | Note::StandsIn { variable, .. }
            | Note::ReceiptUnknown { variable, .. }
            | Note::WeakFirstStage { variable, .. }
            | Note::BaselineNotComparable { variable, .. }
            | Note::RanksLeftOut { variable, .. }
            | Note::OtherThanRegister { variable, .. }
            | Note::EmptyArm { variable, .. } => Some(variable),
            Note::OnlyInOutcomes { .. }
            | Note::OnlyInAllocation { .. }
            | Note::OnlyInRegister { .. }
            | Note::MissingFromRegister { .. }
            | Note::AnotherRegister
            | Note::NoArm { .. }
            | Note::NotPeople { .. }
            | Note::OtherArms { .. }
            | Note::ArmRolesGuessed { .. }
            | Note::StratifiedDraw { .. }
            | Note::ClusteredDraw { .. }
            | Note::TwoSidedNonCompliance { .. }
            | Note::ComplianceUnknown { .. }
            | Note::UnknownAsNotReceived { .. }
            | Note::ArmsPooled { .. }
            | Note::SignificantBalance { .. }
            | Note::NotRegistered { .. }
            | Note::RegisteredNotAnalysed { .. }
            | Note::RegisteredNotUsed { .. }
            | Note::TestsNotRegistered { .. }
            | Note::DoseNotCounted { .. }
            | Note::NoConstantEffect { .. }
            | Note::DrawNotRecorded
            | Note::ProgrammeOfSeveralArms
            | Note::CovariatesImputed { .. }
            | Note::CovariatesNotUsed { .. }
            | Note::ReversedTakeUp { .. }
            | Note::ManyOutcomes { .. } => None,
        }
    }
}

impl Note {
    /// How many people of an outcome the note counts, if it does.
    pub fn people(&self) -> Option<u64> {
        match self {
            Note::SmallArm { n, .. } => Some(*n),
            Note::IncompletePairs { people, .. }
            | Note::NobodyLikeThem { people, .. }
            | Note::ReceiptUnknown { people, .. } => Some(*people),
            _ => None,
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
    /// A covariate that effects are adjusted for.
    Covariate,
    /// A variable that effects are looked at by.
    Subgroup,
    /// How an outcome is measured.
    Kind,
    /// The error rate; the name is the number, with a decimal point.
    Alpha,
    /// Draws for the randomization test; the name is their number.
    Permutations,
    SeType,
    /// That the data are made up.
    Synthetic,
    RegisterFile,
    OutcomeFile,
    /// The column with the id.
    Id,
    /// Which rows of a file count.
    Eligibility,
    /// Codes that mean 'missing'.
    Missing,
    Decimal,
    Delimiter,
    /// What an empty cell of a column stands for.
    Blank,
    /// What a dash stands for.
    Dash,
    /// Ids of persons, whatever they look like.
    People,
    /// Ids of rows that are no persons.
    NotPeople,
    /// The width to which ids are filled up.
    IdWidth,
    /// How it is drawn.
    Method,
    Seed,
    Strata,
    Cluster,
    /// An arm with its size.
    Arm,
    /// What sizes count.
    Counting,
    /// Who sees the people of an arm; the name has their places, not their names.
    Caseworkers,
    /// The first day.
    Start,
    /// The last day of the follow-up.
    End,
    /// Which arm is the control, which an intervention.
    Role,
    /// A covariate of the balance table.
    Characteristic,
    Baseline,
    Family,
    Primary,
    /// Why somebody did not receive the intervention.
    Reason,
    /// What unknown receipt counts as.
    UnknownReceipt,
    MinCell,
    Cost,
    /// The column that says who delivered the intervention.
    Provider,
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
    /// Categories without an order have no amount per unit.
    NoNumbers,
    /// Too few clusters, or one that determines a coefficient by itself.
    FewClusters,
    /// One person determines a coefficient by themselves.
    OnePersonDecides,
    /// As many coefficients as people, or more.
    ManyCoefficients,
    /// The model leaves nothing unexplained.
    NothingLeft,
    /// Members of one cluster are in different arms or strata.
    SplitClusters,
    /// Numbers too large or too small to compute with.
    OutOfRange,
    /// The covariates tell the two sides apart without exception.
    Separated,
    /// No weights make the arms alike on the covariates.
    OutOfReach,
    /// The method takes people as drawn one by one.
    DrawnByCluster,
    /// The chance of the intervention differs between strata, and it takes the arms as they are.
    UnequalChances,
    /// The matched people still differ on a covariate.
    NotAlike,
    /// Fewer people in an arm than the method is for.
    FewPeople,
    /// More people than can be compared with each other.
    ManyPeople,
    /// None of the covariates can be used.
    NoCovariate,
    /// Nobody or everybody in an arm has the outcome.
    EmptyCell,
    /// All values of one arm lie above all of the other.
    NoOverlap,
    /// A level, or a combination, of the covariates occurs in one of the arms only.
    OneArmOnly,
}

/// An arm below this number of outcomes is named in a note where standard errors that need large
/// samples (HC2, two-stage least squares, weights, matching) are shown.
pub const SMALL_ARM: u64 = 10;

/// Why a covariate is not adjusted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotUsed {
    /// Everybody has the same value.
    Constant,
    /// It follows from earlier covariates, the strata or the arm.
    Dependent,
    /// Nobody of one arm has a value.
    MissingInArm,
    /// Nobody has a value.
    Missing,
}

/// A part of the results of an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultPart {
    Levene,
    BrunnerMunzel,
    RiskRatio,
    OddsRatio,
    LeeBounds,
    LeeInterval,
    WorstCase,
    WorstCaseInterval,
    ResponseWeighted,
    Lin,
    Ancova,
    EntropyBalanced,
    InverseProbability,
    Matched,
    ImbalanceByPrognosis,
    Subgroups,
    SubgroupTest,
    Compliers,
    AdjustedCace,
    Omnibus,
    Nested,
    EffectSizes,
}
