//! How many contacts people had, and what one more does.

use super::{ConfidenceSetRow, Estimate};
use serde::{Deserialize, Serialize};

/// The number of contacts as a dose, for one pair of arms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DoseRow {
    pub treated: String,
    pub control: String,
    /// The column that counts them.
    pub column: String,
    /// From how many on the intervention counts as received.
    pub at_least: u64,
    /// People with a number of contacts and an outcome.
    pub n: u64,
    /// The effect of one contact more, averaged over the steps by their weights.
    pub per_contact: Option<Estimate>,
    /// What assignment does to the mean number of contacts.
    pub contacts: Option<Estimate>,
    pub first_stage_f: Option<f64>,
    pub anderson_rubin: Option<ConfidenceSetRow>,
    /// What each step weighs in the average.
    pub weights: Vec<DoseWeight>,
    /// The weight of all steps above the last of `weights`, where anybody had so many contacts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_beyond: Option<f64>,
    /// Outcomes by the number of contacts, which was not drawn.
    pub groups: Vec<DoseGroup>,
}

/// One step, from one contact less to `at_least`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DoseWeight {
    pub at_least: u64,
    /// Difference between the arms in the share with at least so many contacts.
    pub difference: f64,
    pub weight: f64,
}

/// The people of an arm with so many contacts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DoseGroup {
    pub arm: String,
    pub contacts: u64,
    /// So many or more.
    pub or_more: bool,
    /// The mean number of contacts in a group with more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean_contacts: Option<f64>,
    /// With an outcome.
    pub n: u64,
    /// Without an outcome, or excluded from it.
    pub missing: u64,
    /// Mean outcome; absent where nobody has one.
    pub mean: Option<f64>,
    /// Never: the draw does not decide who comes how often.
    pub randomised: bool,
}
