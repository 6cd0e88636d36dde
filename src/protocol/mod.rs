//! What a trial has laid down, whoever said it: `trial.toml`, flags, or flags over `trial.toml`.
//!
//! [`Trial`] is the only plan there is. [`parse`] makes it from a protocol's text and
//! [`Trial::with`] puts flags over it; [`KEYS`] lists what can be said, and by which flag.
//! [`Trial::differences`] tells a registered trial from the one done, key by key. Everything
//! behind can rely on the invariants: arms are at least two and named once, at most one arm is
//! the control, names of covariates and outcomes are unique, alpha lies in (0, 1).

mod arms;
mod caseworkers;
mod difference;
mod flags;
mod keys;
mod parse;
mod publish;
mod raw;
mod roles;

use std::collections::BTreeMap;

pub use arms::parse_arms;
pub use flags::{FileFlags, Flags};
pub use keys::{KEYS, Key};
pub use parse::parse;
pub use roles::{Compared, Roles, compare, names_the_control};

pub use crate::design::Role;

use crate::columns::{Date, Variable};
use crate::design::{ArmPlan, Counting, Method};
use crate::results::{Costs, SeType, TestName};
use crate::words::{Labels, Lang};

/// All that is laid down about a trial. Parts that nobody has said are empty.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    pub about: About,
    pub register: InputSpec,
    /// The outcome export; shares the register's id and missing codes where it has none.
    pub outcomes_file: InputSpec,
    pub assignment: Option<Assignment>,
    /// Which arms are compared, where that is said beside the arms themselves.
    pub roles: Roles,
    /// How it was drawn, where that was done elsewhere.
    pub elsewhere: Elsewhere,
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
pub struct About {
    pub name: Option<String>,
    pub language: Option<Lang>,
    /// The data are made up; every report says so.
    pub synthetic: bool,
    /// The first day, on which the first people are invited.
    pub start: Option<Date>,
    /// The last day of the follow-up; not before the first.
    pub end: Option<Date>,
}

/// A file of clients and how to read it.
#[derive(Debug, Clone, Default)]
pub struct InputSpec {
    pub file: Option<String>,
    pub id: Option<String>,
    /// Eligibility, as an SQL expression.
    pub filter: Option<String>,
    pub reading: Reading,
}

/// How a file is to be read, where looking at it doesn't settle that.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Codes that mean 'missing'.
    pub missing: Option<Vec<String>>,
    pub decimal: Option<crate::columns::Decimal>,
    pub delimiter: Option<u8>,
    pub ids: Ids,
}

/// What is said about ids, where they themselves don't tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ids {
    /// Ids of persons, whatever they look like; `all` for every id.
    pub people: Vec<String>,
    /// Ids of rows that are no persons: totals, the header again.
    pub not_people: Vec<String>,
    /// The width that numbers are filled up to with zeros, where two files are joined.
    pub width: Option<usize>,
}

/// The `[assignment]` section.
#[derive(Debug, Clone)]
pub struct Assignment {
    pub method: Method,
    pub seed: Option<String>,
    pub strata: Vec<String>,
    pub cluster: Option<String>,
    /// What sizes count where clusters are drawn.
    pub count: Counting,
    pub arms: Vec<Arm>,
    /// In the order in which they take their places.
    pub caseworkers: Vec<Caseworker>,
}

/// The design of a draw made elsewhere, whose arms stand in a column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Elsewhere {
    pub strata: Vec<String>,
    pub cluster: Option<String>,
}

/// One arm as declared.
#[derive(Debug, Clone)]
pub struct Arm {
    pub plan: ArmPlan,
    /// Only where it is said: no arm is the control by its place.
    pub role: Option<Role>,
    pub labels: Labels,
}

/// Somebody who sees people of one arm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caseworker {
    pub plan: crate::design::Caseworker,
    /// One of the arms of the draw.
    pub arm: String,
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
    /// Whether somebody of whom it is unknown counts as one who did not.
    pub unknown_is_not: bool,
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
    /// The column of the export that says who delivered the intervention to whom.
    pub provider: Option<String>,
}

impl Default for Analysis {
    fn default() -> Self {
        Analysis {
            alpha: 0.05,
            adjust: Vec::new(),
            permutations: None,
            se_type: SeType::default(),
            subgroups: Vec::new(),
            provider: None,
        }
    }
}

impl InputSpec {
    /// What this file shares with the register, where it says nothing itself.
    pub fn inherit(&self, register: &InputSpec) -> InputSpec {
        let InputSpec {
            file,
            id,
            filter,
            reading:
                Reading {
                    missing,
                    decimal,
                    delimiter,
                    ids,
                },
        } = self;
        InputSpec {
            file: file.clone(),
            id: id.clone().or_else(|| register.id.clone()),
            filter: filter.clone(),
            reading: Reading {
                missing: missing.clone().or_else(|| register.reading.missing.clone()),
                decimal: *decimal,
                delimiter: *delimiter,
                ids: match *ids == Ids::default() {
                    true => register.reading.ids.clone(),
                    false => ids.clone(),
                },
            },
        }
    }
}

impl Trial {
    /// The outcome export, with what it shares with the register.
    pub fn export(&self) -> InputSpec {
        self.outcomes_file.inherit(&self.register)
    }

    /// A variable by name, with what is laid down about it.
    pub fn variable(&self, name: &str) -> Variable {
        self.covariates
            .iter()
            .chain(self.outcomes.iter().map(|outcome| &outcome.variable))
            .find(|variable| variable.name == name)
            .cloned()
            .unwrap_or_else(|| Variable::named(name))
    }

    /// The columns of the strata of the draw.
    pub fn strata(&self) -> &[String] {
        match (&self.assignment, self.elsewhere.strata.is_empty()) {
            (Some(assignment), true) => &assignment.strata,
            _ => &self.elsewhere.strata,
        }
    }

    /// The column of what was drawn as one.
    pub fn cluster(&self) -> Option<&str> {
        let own = self
            .assignment
            .as_ref()
            .and_then(|of| of.cluster.as_deref());
        self.elsewhere.cluster.as_deref().or(own)
    }

    /// The covariates that effects are adjusted for.
    pub fn adjusted_for(&self) -> Vec<Variable> {
        let names = self.analysis.adjust.iter();
        names.map(|name| self.variable(name)).collect()
    }

    /// The outcome of this name, if it is laid down.
    pub fn outcome(&self, name: &str) -> Option<&Outcome> {
        self.outcomes
            .iter()
            .find(|outcome| outcome.variable.name == name)
    }
}
