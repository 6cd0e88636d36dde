//! What is to be evaluated: flags over protocol, and what deviates from the protocol.

use std::path::PathBuf;

use crate::cli::{EvaluateArgs, ReadArgs};
use crate::commands::arms::Declared;
use crate::commands::balance::{inherit, named};
use crate::commands::inputs::{Loaded, read_options};
use crate::data::{self, Guess, ReadOptions};
use crate::error::{Error, Result};
use crate::protocol::{ComplianceRule, InputSpec, Outcome, Protocol, Variable};
use crate::results::{SeType, VariableKind};

/// What is to be evaluated, wherever it was said.
pub struct EvaluatePlan<'a> {
    pub file: PathBuf,
    pub options: ReadOptions,
    pub id: Option<String>,
    pub arms: ArmSource,
    pub treated: Option<String>,
    pub control: Option<String>,
    pub declared: Declared,
    pub outcomes: Vec<Outcome>,
    pub covariates: Vec<Variable>,
    pub compliance: Option<ComplianceRule>,
    /// Where columns are looked up that the export doesn't have, by id.
    pub register: Option<(PathBuf, ReadOptions)>,
    pub alpha: f64,
    /// Draws for randomization tests, where asked for.
    pub permutations: Option<u64>,
    /// Standard errors of adjusted effects.
    pub se_type: SeType,
    /// Variables to look at effects by, and whether the protocol names them.
    pub subgroups: Vec<(Variable, Option<bool>)>,
    pub loaded: Option<&'a Loaded>,
}

/// So much of a file is looked at before the whole is read.
const PEEK: usize = 4 << 20;

impl EvaluatePlan<'_> {
    /// The limit below which numbers of people are kept out of reports.
    pub fn min_cell(&self) -> Option<u64> {
        self.loaded
            .and_then(|loaded| loaded.protocol.report.min_cell)
    }

    /// In a large file, columns that begin as numbers are read as numbers: that needs half the
    /// memory of keeping their text until their kind is known.
    pub fn look_at_large_file(&mut self) -> Result<()> {
        let unknown = |outcome: &Outcome| {
            outcome.variable.kind.is_none() && outcome.variable.levels.is_none()
        };
        if !self.outcomes.iter().any(unknown) {
            return Ok(());
        }
        let Some(start) = data::peek(&self.file, &self.options, PEEK)? else {
            return Ok(());
        };
        for outcome in self.outcomes.iter_mut().filter(|outcome| unknown(outcome)) {
            if start.has(&outcome.variable.name)
                && start.profile(&outcome.variable.name)?.guess == Guess::Numeric
            {
                outcome.variable.kind = Some(VariableKind::Numeric);
            }
        }
        Ok(())
    }
}

/// Where a person's arm stands.
pub enum ArmSource {
    Column(String),
    Allocation(PathBuf),
}

pub fn plan<'a>(args: &EvaluateArgs, loaded: Option<&'a Loaded>) -> Result<EvaluatePlan<'a>> {
    let EvaluateArgs {
        outcomes_file,
        trial: _,
        id,
        arm,
        allocation,
        treated,
        control,
        outcomes,
        received,
        reason,
        exclude,
        covariates,
        kinds,
        alpha,
        permutations,
        se_type,
        subgroups,
        read,
    } = args;
    let nothing = Protocol::default();
    let protocol = loaded.map_or(&nothing, |loaded| &loaded.protocol);
    let spec = inherit(&protocol.outcomes_file, &protocol.register);
    let file = match (outcomes_file, loaded, &spec.file) {
        (Some(path), _, _) => path.clone(),
        (None, Some(loaded), Some(file)) => loaded.beside(file),
        _ => {
            return Err(Error::usage("no outcome export is given")
                .hint("fip evaluate outcomes.csv …, or file = \"outcomes.csv\" in [outcomes] of the protocol"));
        }
    };
    let arms = match (arm, allocation) {
        (Some(column), _) => ArmSource::Column(column.clone()),
        (None, Some(path)) => ArmSource::Allocation(path.clone()),
        (None, None) => {
            return Err(Error::usage("it is not said who is in which arm")
                .hint("give --arm COLUMN of the export, or --allocation allocation.csv"));
        }
    };
    let mut declared = Declared::by_protocol(protocol);
    if let (true, ArmSource::Allocation(path)) = (declared.is_empty(), &arms) {
        declared = Declared::beside(path);
    }
    let compliance = match received {
        Some(received) => Some(ComplianceRule {
            received: received.clone(),
            reason: reason.clone(),
        }),
        None => protocol.compliance.clone(),
    };
    let mut outcomes = chosen_outcomes(protocol, outcomes, exclude.as_deref())?;
    let names = if covariates.is_empty() {
        &protocol.analysis.adjust
    } else {
        covariates
    };
    let mut covariates: Vec<Variable> = names.iter().map(|name| named(protocol, name)).collect();
    let mut subgroups = chosen_subgroups(protocol, loaded.is_some(), subgroups);
    let variables = outcomes.iter_mut().map(|outcome| &mut outcome.variable);
    let variables = variables
        .chain(&mut covariates)
        .chain(subgroups.iter_mut().map(|(variable, _)| variable));
    declare_kinds(kinds, &mut variables.collect::<Vec<_>>())?;
    Ok(EvaluatePlan {
        file,
        options: read_options(read, &spec)?,
        id: id.clone().or(spec.id),
        arms,
        treated: treated.clone(),
        control: control.clone(),
        declared,
        outcomes,
        covariates,
        compliance,
        register: loaded
            .and_then(|loaded| register_of(loaded).transpose())
            .transpose()?,
        alpha: alpha.unwrap_or(protocol.analysis.alpha),
        permutations: permutations
            .or(protocol.analysis.permutations)
            .map(number_of_draws)
            .transpose()?,
        se_type: se_type
            .as_deref()
            .and_then(SeType::named)
            .unwrap_or(protocol.analysis.se_type),
        subgroups,
        loaded,
    })
}

/// So many draws of ten outcomes take about 240 MiB, and a Monte Carlo error of 0.0002 at .05.
const MOST_DRAWS: u64 = 1_000_000;

/// # Errors
/// None, or more than memory is for.
pub fn number_of_draws(asked: u64) -> Result<u64> {
    if (1..=MOST_DRAWS).contains(&asked) {
        Ok(asked)
    } else {
        Err(
            Error::usage("the number of random draws has to lie between 1 and 1,000,000")
                .value(asked.to_string())
                .hint("10000 is usual"),
        )
    }
}

/// The subgroups asked for, or else the protocol's.
pub fn chosen_subgroups(
    protocol: &Protocol,
    registered: bool,
    names: &[String],
) -> Vec<(Variable, Option<bool>)> {
    let known = &protocol.analysis.subgroups;
    let names = if names.is_empty() { known } else { names };
    names
        .iter()
        .map(|name| {
            let is_known = registered.then(|| known.contains(name));
            (named(protocol, name), is_known)
        })
        .collect()
}

/// The register that a protocol names, if it is there.
pub fn register_of(loaded: &Loaded) -> Result<Option<(PathBuf, ReadOptions)>> {
    let spec = &loaded.protocol.register;
    let Some(path) = spec
        .file
        .as_deref()
        .map(|file| loaded.beside(file))
        .filter(|path| path.exists())
    else {
        return Ok(None);
    };
    Ok(Some((path, read_options(&ReadArgs::default(), spec)?)))
}

/// The outcomes asked for by flag, or else those of the protocol.
fn chosen_outcomes(
    protocol: &Protocol,
    names: &[String],
    exclude: Option<&str>,
) -> Result<Vec<Outcome>> {
    let mut outcomes: Vec<Outcome> = if names.is_empty() {
        protocol.outcomes.clone()
    } else {
        names
            .iter()
            .map(|name| {
                let registered = protocol
                    .outcomes
                    .iter()
                    .find(|outcome| outcome.variable.name == *name);
                registered
                    .cloned()
                    .unwrap_or_else(|| Outcome::named(name.clone()))
            })
            .collect()
    };
    if outcomes.is_empty() {
        return Err(Error::usage("no outcomes are given")
            .hint("name them with --outcomes a,b, or in a protocol"));
    }
    for (index, outcome) in outcomes.iter().enumerate() {
        let name = &outcome.variable.name;
        if outcomes[..index]
            .iter()
            .any(|earlier| earlier.variable.name == *name)
        {
            return Err(Error::usage(format!("the outcome '{name}' is given twice"))
                .hint("name every outcome once"));
        }
    }
    if let Some(exclude) = exclude {
        for outcome in &mut outcomes {
            outcome.exclude = Some(exclude.to_string());
        }
    }
    Ok(outcomes)
}

/// Says how variables are measured: outcomes, covariates and subgroups, wherever the name occurs.
///
/// # Errors
/// A kind that is none, or of a variable that is not asked for.
fn declare_kinds(kinds: &[String], variables: &mut [&mut Variable]) -> Result<()> {
    for text in kinds {
        let (name, kind, levels) = parse_kind(text)?;
        let mut found = false;
        for variable in variables
            .iter_mut()
            .filter(|variable| variable.name == name)
        {
            found = true;
            variable.kind = Some(kind);
            variable.levels.clone_from(&levels);
        }
        if !found {
            return Err(Error::usage(format!(
                "--kind is about '{name}', which is not among the outcomes, covariates or subgroups"
            ))
            .value(text.clone()));
        }
    }
    Ok(())
}

/// `NAME=numeric`, `NAME=ordinal:1|2|3`.
fn parse_kind(text: &str) -> Result<(String, VariableKind, Option<Vec<String>>)> {
    let wrong = || {
        Error::usage(
            "a kind is written NAME=numeric, NAME=binary, NAME=categorical or NAME=ordinal:1|2|3",
        )
        .value(text)
    };
    let (name, rest) = text.split_once('=').ok_or_else(wrong)?;
    let (kind, levels) = match rest.split_once(':') {
        Some((kind, levels)) => (
            kind,
            Some(
                levels
                    .split('|')
                    .map(str::to_string)
                    .collect::<Vec<String>>(),
            ),
        ),
        None => (rest, None),
    };
    let kind = match kind {
        "numeric" => VariableKind::Numeric,
        "binary" => VariableKind::Binary,
        "categorical" => VariableKind::Categorical,
        "ordinal" => VariableKind::Ordinal,
        _ => return Err(wrong()),
    };
    if kind == VariableKind::Ordinal && levels.is_none() {
        return Err(
            Error::usage(format!("the levels of '{name}' are not given, low to high"))
                .value(text)
                .hint(format!("for example --kind '{name}=ordinal:1|2|3'")),
        );
    }
    Ok((name.to_string(), kind, levels))
}

/// The reading options and id of the export that goes with a protocol.
pub fn export_spec(protocol: &Protocol) -> InputSpec {
    inherit(&protocol.outcomes_file, &protocol.register)
}

/// Whether the protocol names the outcome.
pub fn is_registered(protocol: &Protocol, outcome: &Outcome) -> bool {
    protocol
        .outcomes
        .iter()
        .any(|registered| registered.variable.name == outcome.variable.name)
}
