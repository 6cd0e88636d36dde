//! One number with its uncertainty, and the names of what it is: estimand, estimator,
//! test, effect size.

use super::ConfidenceSetRow;
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

/// The heteroskedasticity-consistent standard error of an adjusted effect (MacKinnon & White
/// 1985).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SeType {
    #[serde(rename = "HC0")]
    Hc0,
    #[serde(rename = "HC1")]
    Hc1,
    #[default]
    #[serde(rename = "HC2")]
    Hc2,
    #[serde(rename = "HC3")]
    Hc3,
}

impl SeType {
    pub const NAMES: [&str; 4] = ["HC0", "HC1", "HC2", "HC3"];

    /// By its name, in capitals or not.
    pub fn named(name: &str) -> Option<SeType> {
        let all = [SeType::Hc0, SeType::Hc1, SeType::Hc2, SeType::Hc3];
        let mut pairs = SeType::NAMES.into_iter().zip(all);
        let found = pairs.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, se_type)| se_type)
    }

    pub fn name(self) -> &'static str {
        match self {
            SeType::Hc0 => "HC0",
            SeType::Hc1 => "HC1",
            SeType::Hc2 => "HC2",
            SeType::Hc3 => "HC3",
        }
    }
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
    /// The t-test of the estimate that follows the draw: within strata, or of clusters.
    DesignT,
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
    CochranMantelHaenszel,
    BreslowDay,
    Mcnemar,
    PairedT,
    WilcoxonSignedRank,
    PrattSignedRank,
    StuartMaxwell,
    Bhapkar,
}

impl TestName {
    /// The name in files: `welch_t`.
    pub fn key(self) -> String {
        let name = serde_json::to_value(self).ok();
        let name = name.as_ref().and_then(serde_json::Value::as_str);
        name.unwrap_or_default().to_owned()
    }
}

/// How a p-value was come by, where one test has several ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestMethod {
    /// Over all tables or arrangements that could have been.
    Exact,
    /// The exact one with half the weight of what is as likely as the observed.
    MidP,
    /// Over a random sample of tables with the same margins.
    MonteCarlo,
    /// A normal approximation.
    Normal,
    /// χ² without continuity correction.
    Uncorrected,
    /// χ² with continuity correction.
    Corrected,
    /// Cochran–Mantel–Haenszel on the mean score of ordered levels.
    MeanScores,
    /// Cochran–Mantel–Haenszel on all levels, in no order.
    GeneralAssociation,
    /// Breslow–Day with Tarone's correction.
    Tarone,
}

/// How a test was computed; all absent where there is only one way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Computed {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<TestMethod>,
    /// Tables drawn at random.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<u64>,
    /// Standard error of a p-value from random tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monte_carlo_error: Option<f64>,
}

impl From<TestMethod> for Computed {
    fn from(method: TestMethod) -> Computed {
        Computed {
            method: Some(method),
            ..Computed::default()
        }
    }
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
    /// Common to the strata of the draw.
    MantelHaenszelOddsRatio,
}

/// How the interval of an effect size is made, where there is more than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SizeMethod {
    /// Hybrid score interval of a risk difference.
    Newcombe,
    /// Asymptotic score interval of a risk difference.
    MiettinenNurminen,
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
    /// Of an effect adjusted for covariates; absent where clusters were drawn (CR2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub se_type: Option<SeType>,
    #[serde(flatten)]
    pub value: Estimate,
    /// What stands behind an effect on compliers; absent for other effects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instrument: Option<InstrumentRow>,
}

/// How far assignment moves receipt, and what that leaves of the effect on compliers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct InstrumentRow {
    /// The first stage's robust F; absent when receipt follows assignment exactly.
    pub first_stage_f: Option<f64>,
    pub anderson_rubin: ConfidenceSetRow,
    /// Whether interval and p-value are those of Anderson and Rubin, the first stage being weak.
    pub leads: bool,
}

/// A test with the arms it compares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestRow {
    pub treated: String,
    pub control: String,
    #[serde(flatten)]
    pub result: TestResult,
    #[serde(flatten)]
    pub computed: Computed,
}

/// An effect size with the arms it compares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EffectSizeRow {
    pub treated: String,
    pub control: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<SizeMethod>,
    #[serde(flatten)]
    pub value: EffectSize,
}
