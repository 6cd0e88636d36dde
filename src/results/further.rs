//! What is computed about an outcome beyond estimates, tests and effect sizes.

use super::{BeforeAfterRow, DoseRow, Estimate, TestResult};
use crate::words::{Labels, LevelLabels};
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is computed about an outcome beyond estimates, tests and effect sizes. Each part is
/// empty, and left out of the JSON, where it was not asked for or cannot be computed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Further {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub randomization: Vec<RandomizationRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adjusted: Vec<AdjustedRow>,
    /// Of several intervention arms: one test over all arms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub omnibus: Option<OmnibusRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_outcomes: Vec<MissingRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub take_up: Vec<TakeUpRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dose: Vec<DoseRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nested: Vec<NestedRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chance: Vec<ChanceRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub imbalance: Vec<ImbalanceRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subgroups: Vec<SubgroupRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before_after: Vec<BeforeAfterRow>,
    /// What a report has to know to keep small groups out; only where the protocol asks it.
    #[serde(default, skip_serializing_if = "Fewest::is_empty")]
    pub fewest: Fewest,
}

/// The fewest people, but not nobody, behind what is shown of an outcome. A count at which
/// a report looks to decide what it may not show, and never shows itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fewest {
    /// In an arm, those with another number than the one that most people there have, or with one
    /// of a few whole numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unlike: Option<u64>,
    /// In an arm, by whether they received the intervention, with some value or with none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<u64>,
    /// In an arm, by the number of contacts, with another number than most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dose: Option<u64>,
    /// In an arm, by the level of a subgroup variable, with some value or with none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub subgroups: BTreeMap<String, u64>,
    /// In an arm, by the level of a covariate, with some value; only where one or two covariates
    /// are adjusted for, since more leave too much open to go back from an estimate to people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjusted: Option<u64>,
    /// In an arm, by the outcome's value before the draw, with some value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<u64>,
    /// In an arm of a stratum, with some value or with none; only where there are few strata.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strata: Option<u64>,
    /// The same, however many strata there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stratified: Option<u64>,
    /// By an earlier outcome or a covariate: people of a group of the one who are not in a group of
    /// the other that is within it, groups being levels, sums of them, those without a value or left
    /// out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub nested: BTreeMap<String, u64>,
}

impl Fewest {
    pub fn is_empty(&self) -> bool {
        *self == Fewest::default()
    }
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
    /// Within the boundary, but more than a fifth is missing: equal shares do not make those who are known like
    /// everybody.
    MuchMissing,
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
    /// Where the first stage is weak, interval and p-value are those of the Anderson–Rubin set.
    pub cace: Option<Estimate>,
    pub anderson_rubin: Option<ConfidenceSetRow>,
    pub compliers_treated: Option<Estimate>,
    pub compliers_untreated: Option<Estimate>,
    pub always_takers: Option<f64>,
    pub never_takers: Option<f64>,
}

/// The effect of an intervention delivered by people who each see several: they share what that person does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NestedRow {
    pub treated: String,
    pub control: String,
    /// The column that says who saw whom.
    pub provider: String,
    /// How many delivered it, and how many saw people of the control arm.
    pub treated_providers: u64,
    pub control_providers: u64,
    pub n: u64,
    /// Absent where one person cannot be told from the intervention.
    pub effect: Option<Estimate>,
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
}

/// One row of the table 'was it chance imbalance?'.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChanceRow {
    pub treated: String,
    pub control: String,
    pub method: ChanceMethod,
    pub n: u64,
    /// How unlike the arms still are; absent where a model does the adjusting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least_alike: Option<LeastAlike>,
    #[serde(flatten)]
    pub value: Estimate,
}

/// The covariate with the largest standardized mean difference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeastAlike {
    pub covariate: String,
    pub smd: f64,
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

/// Which test asks whether any of several arms differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OmnibusMethod {
    /// Welch's analysis of variance.
    Welch,
    PearsonChiSquare,
    FisherExact,
    /// F of the arms with the strata as fixed effects (HC2).
    WithinStrata,
    /// F of the arms, clusters being what was drawn (CR2).
    Clusters,
}

/// Whether any arm differs from another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OmnibusRow {
    pub arms: Vec<String>,
    pub n: u64,
    pub method: OmnibusMethod,
    pub statistic: Option<f64>,
    pub df: Option<f64>,
    pub df2: Option<f64>,
    pub p_value: Option<f64>,
}

/// Effects by the levels of a variable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubgroupRow {
    pub treated: String,
    pub control: String,
    pub variable: String,
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    #[serde(default, skip_serializing_if = "LevelLabels::is_empty")]
    pub level_labels: LevelLabels,
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
