//! What is said on the command line: flags over what a protocol lays down.

use super::arms::parse_arms;
use super::{Assignment, ComplianceRule, Ids, InputSpec, Outcome, Reading, Roles, Trial};
use crate::columns::{Cells, Variable, VariableKind};
use crate::design::{Counting, Method};
use crate::error::{Error, Result};
use crate::results::SeType;

/// Flags about a file.
#[derive(Debug, Clone, Default)]
pub struct FileFlags {
    pub file: Option<String>,
    pub id: Option<String>,
    pub filter: Option<String>,
    pub reading: Reading,
}

/// Everything about a trial that a flag can say; empty where none does. [`super::KEYS`] has their names.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    pub register: FileFlags,
    pub export: FileFlags,
    pub arms: Vec<String>,
    pub method: Option<Method>,
    pub seed: Option<String>,
    pub strata: Vec<String>,
    pub cluster: Option<String>,
    pub count: Option<Counting>,
    pub roles: Roles,
    pub outcomes: Vec<String>,
    pub received: Option<String>,
    pub reason: Option<String>,
    pub exclude: Option<String>,
    pub covariates: Vec<String>,
    /// Of a balance table, which adjusts for nothing.
    pub compared: Vec<String>,
    pub kinds: Vec<String>,
    /// `NAME=VALUE`, as are the next two.
    pub blanks: Vec<String>,
    pub dashes: Vec<String>,
    pub codes: Vec<String>,
    pub alpha: Option<f64>,
    pub permutations: Option<u64>,
    pub se_type: Option<SeType>,
    pub subgroups: Vec<String>,
    pub provider: Option<String>,
}

impl Trial {
    /// The trial with these flags over it.
    ///
    /// # Errors
    /// Kind `Usage`: arms that are none, a kind of nothing asked for, an outcome named twice, a number of
    /// draws or an alpha out of range.
    pub fn with(&self, flags: Flags) -> Result<Trial> {
        let Flags {
            register,
            export,
            arms,
            method,
            seed,
            strata,
            cluster,
            count,
            roles,
            outcomes,
            received,
            reason,
            exclude,
            covariates,
            compared,
            kinds,
            blanks,
            dashes,
            codes,
            alpha,
            permutations,
            se_type,
            subgroups,
            provider,
        } = flags;
        let mut done = self.clone();
        register.over(&mut done.register);
        export.over(&mut done.outcomes_file);
        if !arms.is_empty() {
            done.assignment = Some(Assignment {
                method: method.unwrap_or(match strata.is_empty() {
                    true => Method::Complete,
                    false => Method::Stratified,
                }),
                seed,
                strata,
                cluster,
                count: count.unwrap_or_default(),
                arms: parse_arms(&arms)?,
                caseworkers: Vec::new(),
            });
        } else {
            // Without arms of its own, a design is that of a draw made elsewhere.
            if !strata.is_empty() {
                done.elsewhere.strata = strata;
            }
            set(&mut done.elsewhere.cluster, cluster);
        }
        if !roles.treated.is_empty() {
            done.roles.treated = roles.treated;
        }
        set(&mut done.roles.control, roles.control);
        if let Some(received) = received {
            done.compliance = Some(ComplianceRule {
                received,
                reason,
                unknown_is_not: false,
            });
        }
        if !outcomes.is_empty() {
            done.outcomes = outcomes
                .iter()
                .map(|name| self.outcome_named(name))
                .collect();
        }
        once(&done.outcomes)?;
        if let Some(exclude) = exclude {
            for outcome in &mut done.outcomes {
                outcome.exclude = Some(exclude.clone());
            }
        }
        if !covariates.is_empty() {
            done.analysis.adjust = covariates;
        }
        if !compared.is_empty() {
            done.covariates = compared.iter().map(|name| self.variable(name)).collect();
        }
        if !subgroups.is_empty() {
            done.analysis.subgroups = subgroups;
        }
        set(&mut done.analysis.provider, provider);
        done.declare_kinds(&kinds)?;
        for text in &blanks {
            done.declare_cells("--blank", text, |cells, value| cells.blank = Some(value))?;
        }
        for text in &dashes {
            done.declare_cells("--dash", text, |cells, value| cells.dash = Some(value))?;
        }
        for text in &codes {
            done.declare_cells("--codes", text, |cells, value| {
                cells.missing = value.split('|').map(str::to_string).collect();
            })?;
        }
        if let Some(alpha) = alpha {
            done.analysis.alpha = alpha;
        }
        set(&mut done.analysis.permutations, permutations);
        if let Some(draws) = done.analysis.permutations {
            number_of_draws(draws)?;
        }
        if let Some(se_type) = se_type {
            done.analysis.se_type = se_type;
        }
        Ok(done)
    }

    fn outcome_named(&self, name: &str) -> Outcome {
        let known = self.outcome(name).cloned();
        known.unwrap_or_else(|| Outcome::named(name))
    }

    /// Says what cells of a column stand for: an outcome, a covariate or a subgroup.
    fn declare_cells(
        &mut self,
        flag: &str,
        text: &str,
        say: impl Fn(&mut Cells, String),
    ) -> Result<()> {
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| Error::usage(format!("{flag} is written NAME=VALUE")).value(text))?;
        let named = self.analysis.adjust.iter().chain(&self.analysis.subgroups);
        let outside = named.clone().any(|other| other == name);
        let outcomes = self
            .outcomes
            .iter_mut()
            .map(|outcome| &mut outcome.variable);
        let mut found = false;
        for variable in outcomes
            .chain(&mut self.covariates)
            .filter(|of| of.name == name)
        {
            say(&mut variable.cells, value.to_string());
            found = true;
        }
        match (found, outside) {
            (true, _) => Ok(()),
            (false, true) => {
                let mut variable = Variable::named(name);
                say(&mut variable.cells, value.to_string());
                self.covariates.push(variable);
                Ok(())
            }
            (false, false) => Err(Error::usage(format!(
                "{flag} is about '{name}', which is not among the outcomes, covariates or subgroups"
            ))
            .value(text)),
        }
    }

    /// Says how variables are measured: outcomes, covariates and subgroups, wherever the name occurs.
    fn declare_kinds(&mut self, kinds: &[String]) -> Result<()> {
        for text in kinds {
            let (name, kind, levels) = parse_kind(text)?;
            let analysis = &self.analysis;
            let named = analysis.adjust.iter().chain(&analysis.subgroups);
            let outside = named.clone().any(|other| *other == name);
            let declared = |variable: &mut Variable| {
                variable.kind = Some(kind);
                variable.levels.clone_from(&levels);
            };
            let mut found = false;
            for outcome in &mut self.outcomes {
                if outcome.variable.name == name {
                    declared(&mut outcome.variable);
                    found = true;
                }
            }
            for covariate in &mut self.covariates {
                if covariate.name == name {
                    declared(covariate);
                    found = true;
                }
            }
            if outside && !found {
                let mut variable = Variable::named(name.clone());
                declared(&mut variable);
                self.covariates.push(variable);
            } else if !found {
                return Err(Error::usage(format!(
                    "--kind is about '{name}', which is not among the outcomes, covariates or subgroups"
                ))
                .value(text.clone()));
            }
        }
        Ok(())
    }
}

impl FileFlags {
    fn over(self, spec: &mut InputSpec) {
        let FileFlags {
            file,
            id,
            filter,
            reading:
                Reading {
                    missing,
                    decimal,
                    delimiter,
                    ids:
                        Ids {
                            people,
                            not_people,
                            width,
                        },
                },
        } = self;
        set(&mut spec.file, file);
        set(&mut spec.id, id);
        set(&mut spec.filter, filter);
        set(&mut spec.reading.missing, missing);
        set(&mut spec.reading.decimal, decimal);
        set(&mut spec.reading.delimiter, delimiter);
        set(&mut spec.reading.ids.width, width);
        for (own, said) in [
            (&mut spec.reading.ids.people, people),
            (&mut spec.reading.ids.not_people, not_people),
        ] {
            if !said.is_empty() {
                *own = said;
            }
        }
    }
}

fn set<T>(old: &mut Option<T>, new: Option<T>) {
    if new.is_some() {
        *old = new;
    }
}

fn once(outcomes: &[Outcome]) -> Result<()> {
    for (index, outcome) in outcomes.iter().enumerate() {
        let name = &outcome.variable.name;
        let mut earlier = outcomes[..index].iter();
        if earlier.any(|earlier| earlier.variable.name == *name) {
            return Err(Error::usage(format!("the outcome '{name}' is given twice"))
                .hint("name every outcome once"));
        }
    }
    Ok(())
}

/// So many draws of ten outcomes take about 240 MiB, and a Monte Carlo error of 0.0002 at .05.
const MOST_DRAWS: u64 = 1_000_000;

/// # Errors
/// None, or more than memory is for.
fn number_of_draws(asked: u64) -> Result<()> {
    match (1..=MOST_DRAWS).contains(&asked) {
        true => Ok(()),
        false => Err(
            Error::usage("the number of random draws has to lie between 1 and 1,000,000")
                .value(asked.to_string())
                .hint("10000 is usual"),
        ),
    }
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
