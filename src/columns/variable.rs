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
        }
    }
}
