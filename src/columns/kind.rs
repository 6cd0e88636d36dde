//! How a column is measured.

use serde::{Deserialize, Serialize};

/// How a variable is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VariableKind {
    Numeric,
    Binary,
    Ordinal,
    Categorical,
}
