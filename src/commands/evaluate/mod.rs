//! `fip evaluate`: outcomes of the drawn arms, by intention to treat first.

mod contacts;
mod deviations;
mod people;
mod plan;

pub use plan::{
    ArmSource, EvaluatePlan, chosen_subgroups, export_spec, number_of_draws, register_of,
};

use rayon::prelude::*;

use contacts::{contacts, thresholds};
use deviations::deviations;
use people::{Elsewhere, by_allocation, by_column};
use plan::is_registered;

use super::arms::{Compared, compare};
use super::inputs::{Loaded, Wants, in_line, input, measured, provenance};
use super::progress::Progress;
use super::{Done, Session};
use crate::balance;
use crate::cli::EvaluateArgs;
use crate::data::{self, Condition, CsvFile, Keys, Table, Verdict, Want};
use crate::error::{Error, Result};
use crate::evaluate::{self, OutcomeInput, Study};
use crate::protocol::{Outcome, Variable};
use crate::report::catalog::{Label, note};
use crate::report::{self, Document, Lang, disclosure};
use crate::results::{Evaluation, Note, OutcomeResult, VariableKind};
use crate::stats::infer::Level;
use crate::variable::Measured;

pub fn run(args: &EvaluateArgs, session: &Session) -> Result<Done> {
    let loaded = args.trial.as_deref().map(Loaded::read).transpose()?;
    let plan = plan::plan(args, loaded.as_ref())?;
    let lang = session.lang(
        loaded
            .as_ref()
            .and_then(|loaded| loaded.protocol.trial.language),
    );
    let (evaluation, mut notes) = evaluate(plan, session, lang)?;
    notes.extend(evaluation.provenance.min_cell.map(unprotected));
    Done::new(document(evaluation.clone(), lang), &evaluation, notes)
}

/// What a user of the JSON has to know who wants small numbers kept out of reports.
pub fn unprotected(min_cell: u64) -> String {
    format!(
        "numbers below {min_cell} are kept out of tables and pages, not out of --format json: that is for programs"
    )
}

/// The evaluation as a document of its own, without small numbers if the protocol says so.
fn document(mut evaluation: Evaluation, lang: Lang) -> Document {
    let mut document = Document::new(lang, Label::Trial.text(lang));
    let doc = &mut document;
    report::provenance::opening(doc, &evaluation.provenance);
    let mut balance = evaluation.balance.clone();
    if let Some(min_cell) = evaluation.provenance.min_cell {
        let results = disclosure::Results {
            manifest: None,
            balance: &mut balance,
            evaluation: Some(&mut evaluation),
        };
        let hidden = disclosure::protect(results, min_cell, lang);
        disclosure::notice(
            doc,
            &hidden,
            &disclosure::labels(&balance, Some(&evaluation)),
        );
    }
    for table in &balance {
        report::balance::section(doc, table);
    }
    report::evaluation::section(doc, &evaluation);
    report::costs::section(doc, &evaluation);
    report::provenance::section(doc, &evaluation.provenance);
    document
}

/// Evaluates; the second part names people for standard error.
pub fn evaluate(
    mut plan: EvaluatePlan<'_>,
    session: &Session,
    lang: Lang,
) -> Result<(Evaluation, Vec<String>)> {
    plan.look_at_large_file()?;
    evaluation(&plan, session, lang).map_err(|error| match plan.loaded {
        Some(loaded) => error.in_protocol(loaded.path.display()),
        None => error,
    })
}

fn evaluation(
    plan: &EvaluatePlan<'_>,
    session: &Session,
    lang: Lang,
) -> Result<(Evaluation, Vec<String>)> {
    let level = Level::new(1.0 - plan.alpha).map_err(|_| {
        Error::usage("alpha has to lie between 0 and 1")
            .value(plan.alpha.to_string())
            .hint("0.05 gives 95% intervals")
    })?;
    let conditions = Conditions::parse(plan)?;
    let file = data::open(&plan.file, &plan.options)?;
    conditions.check(&file, plan)?;
    let table = wants(plan, &file, &conditions)?.read(&file)?;
    let export = input("outcomes", &plan.file, &table);
    let people = match &plan.arms {
        ArmSource::Column(column) => by_column(plan, &table, column)?,
        ArmSource::Allocation(path) => by_allocation(plan, &table, path)?,
    };
    let table = table.retain(&people.keep)?;
    let compared = compare(
        &people.names,
        plan.treated.as_deref(),
        plan.control.as_deref(),
        &plan.declared,
        &plan.file.display().to_string(),
    )?;
    let elsewhere = Elsewhere::read(plan, &file, &table)?;
    let find = |variable: &Variable| match &elsewhere {
        Some(other) if !table.has(&variable.name) => other.measured(variable),
        _ => measured(&table, variable),
    };
    let mut notes = people.notes;
    notes.extend(compared.guessed.clone());
    let study = Study {
        received: conditions
            .received
            .as_ref()
            .map(|condition| received(condition, &table))
            .transpose()?,
        covariates: plan
            .covariates
            .iter()
            .map(&find)
            .collect::<Result<Vec<Measured>>>()?,
        arms: people.names,
        codes: people.codes,
        absent: people.absent,
        control: compared.control,
        treated: compared.treated.clone(),
        strata: people.strata,
        clusters: people.clusters,
        order: order(plan, &table)?,
        thresholds: thresholds(plan, &table)?,
        contacts: contacts(plan, &table, &mut notes)?,
        subgroups: plan
            .subgroups
            .iter()
            .map(|(variable, registered)| Ok((find(variable)?, *registered)))
            .collect::<Result<_>>()?,
        level,
    };
    design_notes(&study, &mut notes);
    other_arms(&study, &compared, &mut notes);
    let progress = Progress::new(session, Label::Evaluating, plan.outcomes.len() as u64, lang);
    let evaluated = plan
        .outcomes
        .par_iter()
        .zip(&conditions.exclude)
        .map(|(outcome, exclude)| {
            let input = OutcomeInput {
                spec: outcome.clone(),
                measured: find(&outcome.variable)?,
                baseline: outcome
                    .baseline
                    .as_deref()
                    .map(|name| find(&baseline(plan, outcome, name)))
                    .transpose()?,
                excluded: exclude
                    .as_ref()
                    .map(|condition| Ok(condition.evaluate(&table)?.holds()))
                    .transpose()?,
                registered: plan
                    .loaded
                    .map(|loaded| is_registered(&loaded.protocol, outcome)),
            };
            let mut result = evaluate::outcome(&study, &input)?;
            result.warnings = result
                .notes
                .iter()
                .map(|item| note::text(item, lang))
                .collect();
            progress.add(1);
            Ok((result, input))
        })
        .collect::<Vec<Result<(OutcomeResult, OutcomeInput)>>>()
        .into_iter()
        .collect::<Result<Vec<_>>>()?;
    drop(progress);
    let (mut outcomes, inputs): (Vec<OutcomeResult>, Vec<OutcomeInput>) =
        evaluated.into_iter().unzip();
    let draws = match (plan.permutations, &people.everyone) {
        (Some(permutations), Some(everyone)) => {
            if everyone.plan.is_none() {
                notes.push(Note::DrawNotRecorded);
            }
            let steps = permutations * study.treated.len() as u64;
            let progress = Progress::new(session, Label::DrawingAgain, steps, lang);
            let draws = evaluate::randomize(
                &study,
                everyone,
                &inputs,
                &mut outcomes,
                permutations,
                &|draws| progress.add(draws),
            )?;
            notes.extend(no_constant_effect(&outcomes));
            draws
        }
        _ => Vec::new(),
    };
    let mut costs = plan
        .loaded
        .and_then(|loaded| loaded.protocol.costs.as_ref())
        .map(|given| evaluate::costs(&study, &inputs, &outcomes, given))
        .transpose()?
        .map(|(costs, more)| {
            notes.extend(more);
            costs
        });
    if plan.min_cell().is_some() {
        let arms = costs.iter_mut().flat_map(|costs| &mut costs.arms);
        for arm in arms {
            let priced: Vec<&OutcomeInput> = inputs
                .iter()
                .filter(|input| {
                    let mut lines = arm.lines.iter();
                    lines.any(|line| line.price.outcome == input.measured.name())
                })
                .collect();
            if let Some(total) = &mut arm.total {
                total.fewest = evaluate::fewest_together(&study, &priced);
            }
        }
        for (index, result) in outcomes.iter_mut().enumerate() {
            let earlier: Vec<&OutcomeInput> = inputs[..index].iter().collect();
            result.further.fewest = evaluate::fewest(&study, &inputs[index], &earlier);
        }
    }
    drop(inputs);
    evaluate::adjust(&study, &mut outcomes, &draws);
    let reasons = reasons(plan, &table)?;
    let (compliance, more) = match &plan.compliance {
        Some(rule) => evaluate::compliance(&study, &rule.received, reasons.as_deref()),
        None => (None, Vec::new()),
    };
    notes.extend(more);
    deviations(plan, &outcomes, &mut notes);
    if outcomes.len() > 1 {
        notes.push(Note::ManyOutcomes {
            count: outcomes.len() as u64,
            alpha: plan.alpha,
        });
    }
    let inputs = elsewhere
        .as_ref()
        .map(|other| other.record.clone())
        .into_iter()
        .chain(people.record)
        .chain([export])
        .collect();
    let made_from = provenance(plan.loaded, inputs);
    let balance = if study.covariates.is_empty() {
        Vec::new()
    } else {
        let tables = compared
            .treated
            .iter()
            .map(|&treated| {
                balance::table(
                    &study,
                    treated,
                    &study.covariates,
                    plan.alpha,
                    made_from.clone(),
                )
            })
            .collect::<Result<Vec<_>>>()?;
        tables
            .into_iter()
            .map(|table| balance::in_words(table, |item| note::text(item, lang)))
            .collect()
    };
    let evaluation = Evaluation {
        schema: "fip/evaluation/1".to_string(),
        provenance: made_from,
        level: level.value(),
        control: study.arms[study.control].clone(),
        treated: study
            .treated
            .iter()
            .map(|&arm| study.arms[arm].clone())
            .collect(),
        arms: study.sizes(),
        join: people.join,
        compliance,
        balance,
        costs,
        outcomes,
        warnings: notes.iter().map(|item| note::text(item, lang)).collect(),
        notes,
    };
    Ok((evaluation, people.stderr))
}

/// The expressions over the export, parsed before anything is read.
struct Conditions {
    received: Option<Condition>,
    /// One per outcome.
    exclude: Vec<Option<Condition>>,
}

impl Conditions {
    fn parse(plan: &EvaluatePlan<'_>) -> Result<Self> {
        let parse = |text: &String| Condition::parse(text);
        Ok(Conditions {
            received: plan
                .compliance
                .as_ref()
                .map(|rule| parse(&rule.received))
                .transpose()?,
            exclude: plan
                .outcomes
                .iter()
                .map(|outcome| outcome.exclude.as_ref().map(parse).transpose())
                .collect::<Result<_>>()?,
        })
    }

    fn check(&self, file: &CsvFile, plan: &EvaluatePlan<'_>) -> Result<()> {
        self.all().try_for_each(|condition| {
            let line = || plan.loaded?.line_of(condition.source());
            condition
                .check(file.header())
                .map_err(|error| in_line(error.file(file.name()), line()))
        })
    }

    fn all(&self) -> impl Iterator<Item = &Condition> {
        self.received.iter().chain(self.exclude.iter().flatten())
    }

    fn columns(&self) -> impl Iterator<Item = &str> {
        self.all().flat_map(Condition::columns)
    }
}

fn wants(plan: &EvaluatePlan<'_>, file: &CsvFile, conditions: &Conditions) -> Result<Wants> {
    let mut wants = Wants::default();
    if let Some(id) = &plan.id {
        wants.add(id, Want::Text);
    }
    if let ArmSource::Column(column) = &plan.arms {
        wants.add(column, Want::Levels);
    }
    wants.auto(conditions.columns());
    wants.auto(
        plan.compliance
            .iter()
            .flat_map(|rule| rule.reason.as_deref()),
    );
    let has = |name: &str| file.header().iter().any(|column| column == name);
    for outcome in &plan.outcomes {
        if has(&outcome.variable.name) || plan.register.is_none() {
            wants.variable(&outcome.variable);
        }
        if let Some(name) = outcome
            .baseline
            .as_deref()
            .filter(|name| has(name) || plan.register.is_none())
        {
            wants.variable(&baseline(plan, outcome, name));
        }
    }
    for covariate in plan
        .covariates
        .iter()
        .filter(|covariate| has(&covariate.name) || plan.register.is_none())
    {
        wants.variable(covariate);
    }
    for (variable, _) in plan
        .subgroups
        .iter()
        .filter(|(variable, _)| has(&variable.name) || plan.register.is_none())
    {
        wants.variable(variable);
    }
    Ok(wants)
}

/// The place of each row in the order of the ids, where people may be matched.
fn order(plan: &EvaluatePlan<'_>, table: &Table) -> Result<Option<Vec<usize>>> {
    let Some(id) = plan.id.as_ref().filter(|_| !plan.covariates.is_empty()) else {
        return Ok(None);
    };
    let keys = Keys::new(table, id)?;
    let mut rows: Vec<(&str, usize)> = keys.iter().zip(0..).collect();
    rows.sort_unstable();
    let mut order = vec![0; rows.len()];
    for (place, (_, row)) in rows.into_iter().enumerate() {
        order[row] = place;
    }
    Ok(Some(order))
}

/// A baseline is measured as its outcome is, unless it is a covariate with a kind of its own.
fn baseline(plan: &EvaluatePlan<'_>, outcome: &Outcome, name: &str) -> Variable {
    let declared = plan.loaded.and_then(|loaded| {
        loaded
            .protocol
            .covariates
            .iter()
            .find(|covariate| covariate.name == name && covariate.kind.is_some())
    });
    declared.cloned().unwrap_or_else(|| Variable {
        name: name.to_string(),
        ..outcome.variable.clone()
    })
}

fn received(condition: &Condition, table: &Table) -> Result<Vec<Option<bool>>> {
    let verdicts = condition.evaluate(table)?;
    Ok((0..table.rows())
        .map(|row| match verdicts.values()[row] {
            Verdict::True => Some(true),
            Verdict::False => Some(false),
            Verdict::Unknown => None,
        })
        .collect())
}

fn reasons(plan: &EvaluatePlan<'_>, table: &Table) -> Result<Option<Vec<Option<String>>>> {
    let Some(column) = plan
        .compliance
        .as_ref()
        .and_then(|rule| rule.reason.as_deref())
    else {
        return Ok(None);
    };
    let levels = table.levels(column, None)?;
    Ok(Some(
        (0..table.rows())
            .map(|row| levels.label(row).map(str::to_string))
            .collect(),
    ))
}

/// Why yes/no outcomes have no interval from the draws.
fn no_constant_effect(outcomes: &[OutcomeResult]) -> Option<Note> {
    let variables: Vec<String> = outcomes
        .iter()
        .filter(|outcome| outcome.kind == VariableKind::Binary)
        .filter(|outcome| !outcome.further.randomization.is_empty())
        .map(|outcome| outcome.name.clone())
        .collect();
    (!variables.is_empty()).then_some(Note::NoConstantEffect { variables })
}

fn design_notes(study: &Study, notes: &mut Vec<Note>) {
    let distinct = |of: &Vec<usize>| {
        let mut of = of.clone();
        of.sort_unstable();
        of.dedup();
        of.len() as u64
    };
    notes.extend(study.strata.as_ref().map(|of| Note::StratifiedDraw {
        strata: distinct(of),
    }));
    notes.extend(study.clusters.as_ref().map(|of| Note::ClusteredDraw {
        clusters: distinct(of),
    }));
}

fn other_arms(study: &Study, compared: &Compared, notes: &mut Vec<Note>) {
    let arms: Vec<_> = study
        .sizes()
        .into_iter()
        .enumerate()
        .filter(|(arm, _)| *arm != compared.control && !compared.treated.contains(arm))
        .map(|(_, size)| size)
        .collect();
    let count = arms.iter().map(|size| size.n).sum();
    if count > 0 {
        notes.push(Note::OtherArms {
            count,
            arms: arms.into_iter().map(|size| size.arm).collect(),
        });
    }
}
