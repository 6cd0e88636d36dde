//! What a column is called, and what is laid down about it.

use std::collections::BTreeMap;

use super::VariableKind;
use crate::words::{Labels, LevelLabels};

/// A covariate, or what an outcome shares with it.
#[derive(Debug, Clone)]
pub struct Variable {
    pub name: String,
    pub kind: Option<VariableKind>,
    pub levels: Option<Vec<String>>,
    pub labels: Labels,
    pub level_labels: LevelLabels,
    pub cells: Cells,
}

/// What cells of one column stand for, where they don't say it themselves. `missing` as a value says that
/// nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cells {
    /// The value that an empty cell stands for.
    pub blank: Option<String>,
    /// The value that a dash stands for.
    pub dash: Option<String>,
    /// Codes for missing, in this column beside those of the file.
    pub missing: Vec<String>,
}

impl Cells {
    /// The value that says that nothing is known.
    pub const UNKNOWN: &str = "missing";

    /// Whether any cell stands for something else than it says.
    pub fn restate(&self) -> bool {
        let means = |of: &Option<String>| of.as_ref().is_some_and(|value| value != Self::UNKNOWN);
        means(&self.blank) || means(&self.dash) || !self.missing.is_empty()
    }
}

impl Variable {
    /// A variable of which only the name is known; its kind is guessed from the values.
    pub fn named(name: impl Into<String>) -> Self {
        Variable {
            name: name.into(),
            kind: None,
            levels: None,
            labels: Labels::new(),
            level_labels: BTreeMap::new(),
            cells: Cells::default(),
        }
    }
}
