//! What a trial has laid down before the draw: `trial.toml`, or the flags that say the same.
//!
//! [`parse`] turns text into [`Protocol`]; everything behind it can rely on the
//! invariants: arms are at least two and named once, exactly one arm is the
//! control, names of covariates and outcomes are unique, alpha lies in (0, 1).

mod arms;
mod parse;
mod publish;
mod raw;

use std::collections::BTreeMap;

pub use arms::parse_arms;
pub use parse::parse;

pub use crate::design::Role;

use crate::design::{ArmPlan, Method};
use crate::error::{Error, Result};
use crate::report::Lang;
use crate::results::{Costs, Labels, Levels, SeType, TestName, VariableKind};

/// A whole protocol. Parts that a command doesn't need may be empty.
#[derive(Debug, Clone, Default)]
pub struct Protocol {
    pub trial: Trial,
    pub register: InputSpec,
    /// The outcome export; shares the register's id and missing codes where it has none.
    pub outcomes_file: InputSpec,
    pub assignment: Option<Assignment>,
    pub covariates: Vec<Variable>,
    pub outcomes: Vec<Outcome>,
    pub compliance: Option<ComplianceRule>,
    pub analysis: Analysis,
    pub report: Report,
    /// What the outcomes are worth, where the protocol says so.
    pub costs: Option<Costs>,
    /// The line of every condition, by its text.
    pub condition_lines: BTreeMap<String, u64>,
}

/// The `[report]` section.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Numbers of people below this are kept out of reports.
    pub min_cell: Option<u64>,
}

/// The `[trial]` section.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    pub name: Option<String>,
    pub language: Option<Lang>,
    /// The data are made up; every report says so.
    pub synthetic: bool,
}

/// A file of clients and how to read it.
#[derive(Debug, Clone, Default)]
pub struct InputSpec {
    pub file: Option<String>,
    pub id: Option<String>,
    /// Eligibility, as an SQL expression.
    pub filter: Option<String>,
    pub missing: Option<Vec<String>>,
    pub decimal: Option<crate::data::Decimal>,
    pub delimiter: Option<u8>,
}

/// The `[assignment]` section.
#[derive(Debug, Clone)]
pub struct Assignment {
    pub method: Method,
    pub seed: Option<String>,
    pub strata: Vec<String>,
    pub cluster: Option<String>,
    pub arms: Vec<Arm>,
}

/// One arm as declared.
#[derive(Debug, Clone)]
pub struct Arm {
    pub plan: ArmPlan,
    pub role: Role,
    pub labels: Labels,
}

/// A covariate, or what an outcome shares with it.
#[derive(Debug, Clone)]
pub struct Variable {
    pub name: String,
    pub kind: Option<VariableKind>,
    pub levels: Option<Vec<String>>,
    pub labels: Labels,
    pub level_labels: Levels,
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

/// One outcome as registered.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub variable: Variable,
    pub baseline: Option<String>,
    pub family: Option<String>,
    pub primary: bool,
    /// People left out of this outcome, as an SQL expression.
    pub exclude: Option<String>,
    /// Registered tests; empty means the defaults for its kind.
    pub tests: Vec<TestName>,
}

impl Outcome {
    /// An outcome of which only the name is known.
    pub fn named(name: impl Into<String>) -> Self {
        Outcome {
            variable: Variable::named(name),
            baseline: None,
            family: None,
            primary: false,
            exclude: None,
            tests: Vec::new(),
        }
    }
}

/// The `[compliance]` section.
#[derive(Debug, Clone)]
pub struct ComplianceRule {
    /// Who received the intervention, as an SQL expression over the export.
    pub received: String,
    /// Column with the reason why somebody did not.
    pub reason: Option<String>,
}

/// The `[analysis]` section.
#[derive(Debug, Clone)]
pub struct Analysis {
    pub alpha: f64,
    pub adjust: Vec<String>,
    /// Random re-draws for the permutation test.
    pub permutations: Option<u64>,
    /// Standard errors of adjusted effects.
    pub se_type: SeType,
    /// Variables by which effects are looked at.
    pub subgroups: Vec<String>,
}

impl Default for Analysis {
    fn default() -> Self {
        Analysis {
            alpha: 0.05,
            adjust: Vec::new(),
            permutations: None,
            se_type: SeType::default(),
            subgroups: Vec::new(),
        }
    }
}

/// Names that make an arm the control when nobody says which one is.
const CONTROL_NAMES: [&str; 9] = [
    "control",
    "controle",
    "controlegroep",
    "regulier",
    "reguliere",
    "usual",
    "placebo",
    "regular",
    "gebruikelijk",
];

/// Whether an arm's name says that it is the control.
pub fn looks_like_control(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    CONTROL_NAMES.iter().any(|known| {
        name == *known
            || name.starts_with(&format!("{known} "))
            || name.starts_with(&format!("{known}g"))
    })
}

impl Assignment {
    /// The control arm's name.
    pub fn control(&self) -> Result<&str> {
        self.arms
            .iter()
            .find(|arm| arm.role == Role::Control)
            .map(|arm| arm.plan.name.as_str())
            .ok_or_else(|| Error::internal("a protocol without a control arm passed validation"))
    }
}
