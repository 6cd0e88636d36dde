//! Files to an evaluation: read, joined, evaluated, and what is to be noted.

use rayon::prelude::*;

use super::allocation::{designed, identifying, recode, refuse_identifying, roles_beside};
use super::asked::{ArmSource, ToEvaluate};
use super::before_draw::refuse_later;
use super::beside::compare_with_register;
use super::columns::measured;
use super::contacts::{contacts, thresholds};
use super::export::{Conditions, baseline, order, providers, reasons, received, wants};
use super::people::{
    Elsewhere, People, beside, by_allocation, by_column, declared, refuse_other_arms,
};
use super::persons::{refuse_unsaid, without_others};
use super::unsaid::refuse_unsaid_cells;
use super::work::{input, provenance};
use super::{Stage, Watch};
use crate::balance;
use crate::columns::{Measured, Variable};
use crate::condition::Condition;
use crate::data::{self, Table, Verdict};
use crate::error::{Error, Result};
use crate::evaluate::{
    self, Evaluated, design_notes, no_constant_effect, other_arms, unregistered_tests,
};
use crate::protocol::{Compared, Outcome, compare};
use crate::results::{BalanceTable, CostsAndBenefits, Evaluation, Note, OutcomeResult, Provenance};
use crate::stats::infer::Level;
use crate::study::{Design, OutcomeInput, Study};

/// Evaluates; the second part names people for standard error.
pub fn evaluate(mut plan: ToEvaluate<'_>, watch: &Watch<'_>) -> Result<(Evaluation, Vec<String>)> {
    plan.look_at_large_file()?;
    evaluation(&plan, watch).map_err(|error| match plan.loaded {
        Some(loaded) => error.in_protocol(loaded.path.display()),
        None => error,
    })
}

fn evaluation(plan: &ToEvaluate<'_>, watch: &Watch<'_>) -> Result<(Evaluation, Vec<String>)> {
    let level = Level::new(1.0 - plan.trial.analysis.alpha).map_err(|_| {
        Error::usage("alpha has to lie between 0 and 1")
            .value(plan.trial.analysis.alpha.to_string())
            .hint("0.05 gives 95% intervals")
    })?;
    let allocation = match &plan.arms {
        ArmSource::Column(_) => None,
        ArmSource::Allocation(path) => Some(path.as_path()),
        ArmSource::Recorded { draw, .. } => Some(draw.allocation()),
    };
    let by = plan
        .covariates
        .iter()
        .chain(plan.subgroups.iter().map(|(of, _)| of));
    let by = by.map(|of| of.name.as_str());
    refuse_identifying(by, &identifying(&plan.trial, allocation), &plan.file)?;
    let conditions = Conditions::parse(plan)?;
    let file = data::open(&plan.file, &plan.options)?;
    conditions.check(&file, plan)?;
    refuse_later(plan, &conditions)?;
    let mut table = wants(plan, &file, &conditions)?.read(&file)?;
    let mut others = 0;
    if let Some(id) = &plan.id {
        let said = &plan.trial.export().reading.ids;
        (table, others) = without_others(table, id, said)?;
        // An allocation on record tells who is a person.
        if matches!(plan.arms, ArmSource::Column(_)) {
            refuse_unsaid(&table, id, said, "outcomes")?;
        }
    }
    let export = input("outcomes", &plan.file, &table);
    let mut people = match &plan.arms {
        ArmSource::Column(column) => by_column(plan, &table, column)?,
        ArmSource::Allocation(path) => {
            let by = match beside(path)? {
                Some(by) => Some(by),
                None => declared(plan)?,
            };
            by_allocation(plan, &table, path, by)?
        }
        ArmSource::Recorded { draw, column } => {
            let by = match draw.plan() {
                Some(manifest) => Some(manifest.plan()?),
                None if draw.elsewhere() => declared(plan)?,
                None => None,
            };
            let people = by_allocation(plan, &table, draw.allocation(), by)?;
            if let Some(column) = column {
                refuse_other_arms(plan, &table, draw.allocation(), column)?;
            }
            people
        }
    };
    let table = table.retain(&people.keep)?;
    let declared = match &plan.arms {
        ArmSource::Allocation(path) => roles_beside(path),
        ArmSource::Recorded { draw, .. } => roles_beside(draw.allocation()),
        ArmSource::Column(_) => Vec::new(),
    };
    let compared = compare(
        &people.names,
        &plan.trial,
        &declared,
        &designed(&plan.trial),
        &plan.file.display().to_string(),
    )?;
    let compared = pooled(compared, &mut people);
    let differences = compare_with_register(plan, &file)?;
    let elsewhere = Elsewhere::read(plan, &file, &table)?;
    let source = Source {
        plan,
        conditions,
        table,
        elsewhere,
    };
    let mut notes = people.notes;
    notes.extend((others > 0).then_some(Note::NotPeople { count: others }));
    notes.extend(differences);
    notes.extend(compared.guessed.clone());
    notes.extend(compared.together(&people.names));
    let stated = source.counted_as_not()?;
    notes.extend(stated.clone());
    let study = Study {
        received: source.received()?,
        receipt_stated: stated.is_some(),
        providers: providers(plan, &source.table)?.or(people.providers),
        covariates: source.all(plan.covariates.iter())?,
        arms: people.names,
        codes: people.codes,
        absent: people.absent,
        control: compared.control,
        treated: compared.treated.clone(),
        design: Design {
            strata: people.strata,
            clusters: people.clusters,
            everyone: people.everyone,
        },
        order: order(plan, &source.table)?,
        se_type: plan.trial.analysis.se_type,
        thresholds: thresholds(plan, &source.table)?,
        contacts: contacts(plan, &source.table, &mut notes)?,
        subgroups: plan
            .subgroups
            .iter()
            .map(|(variable, registered)| Ok((source.find(variable)?, *registered)))
            .collect::<Result<_>>()?,
        level,
    };
    design_notes(&study, &mut notes);
    other_arms(&study, &compared, &mut notes);
    let (evaluated, inputs) = source.outcomes(&study, watch)?;
    let steps = evaluate::steps(&study, &evaluated, plan.trial.analysis.permutations);
    let progress = watch(Stage::DrawingAgain, steps);
    let (mut outcomes, more) = evaluate::conclude(
        &study,
        &inputs,
        evaluated,
        plan.trial.analysis.permutations,
        &|draws| progress(draws),
    )?;
    notes.extend(more);
    notes.extend(no_constant_effect(&outcomes));
    let mut costs = plan
        .trial
        .costs
        .as_ref()
        .map(|given| evaluate::costs(&study, &inputs, &outcomes, given))
        .transpose()?
        .map(|(costs, more)| {
            notes.extend(more);
            costs
        });
    if plan.min_cell().is_some() {
        count_few(&study, &inputs, &mut outcomes, costs.as_mut());
    }
    drop(inputs);
    let reasons = reasons(plan, &source.table)?;
    let (compliance, more) = match &plan.trial.compliance {
        Some(rule) => evaluate::compliance(&study, &rule.received, reasons.as_deref()),
        None => (None, Vec::new()),
    };
    notes.extend(more);
    if let Some(loaded) = plan.loaded {
        notes.extend(loaded.registered().differences(&plan.trial));
        notes.extend(unregistered_tests(&outcomes, &loaded.registered().outcomes));
    }
    if outcomes.len() > 1 {
        notes.push(Note::ManyOutcomes {
            count: outcomes.len() as u64,
            alpha: plan.trial.analysis.alpha,
        });
    }
    let register = source.elsewhere.map(|other| other.record);
    let files = register.into_iter().chain(people.record).chain([export]);
    let made_from = provenance(plan.loaded, files.collect());
    let evaluation = Evaluation {
        schema: "fip/evaluation/1".to_string(),
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
        balance: balance_tables(&study, plan.trial.analysis.alpha, &made_from)?,
        provenance: made_from,
        costs,
        outcomes,
        notes,
    };
    Ok((evaluation, people.stderr))
}

/// The people with arms that are compared as one in one arm.
fn pooled(compared: Compared, people: &mut People) -> Compared {
    let names = std::mem::take(&mut people.names);
    let (compared, names, now) = compared.pool(names);
    recode(&mut people.codes, &now);
    if let Some(everyone) = &mut people.everyone {
        recode(&mut everyone.codes, &now);
    }
    let mut absent = vec![0; names.len()];
    for (count, &arm) in people.absent.iter().zip(&now) {
        absent[arm as usize] += count;
    }
    people.absent = absent;
    people.names = names;
    compared
}

/// The analysed rows of the export, and the register where columns stand only there.
struct Source<'a> {
    plan: &'a ToEvaluate<'a>,
    conditions: Conditions,
    table: Table,
    elsewhere: Option<Elsewhere>,
}

impl Source<'_> {
    fn find(&self, variable: &Variable) -> Result<Measured> {
        match &self.elsewhere {
            Some(other) if !self.table.has(&variable.name) => other.measured(variable),
            _ => measured(&self.table, variable),
        }
    }

    fn all<'v>(&self, variables: impl Iterator<Item = &'v Variable>) -> Result<Vec<Measured>> {
        variables.map(|variable| self.find(variable)).collect()
    }

    fn received(&self) -> Result<Option<Vec<Option<bool>>>> {
        let rule = self.plan.trial.compliance.as_ref();
        let asked = self.conditions.received.as_ref().zip(rule);
        asked
            .map(|(condition, rule)| received(condition, &self.table, rule))
            .transpose()
    }

    /// How many rows count as not having received it since nothing is known.
    fn counted_as_not(&self) -> Result<Option<Note>> {
        let rule = self.plan.trial.compliance.as_ref();
        let stated = rule.filter(|rule| rule.unknown_is_not);
        let Some((condition, _)) = self.conditions.received.as_ref().zip(stated) else {
            return Ok(None);
        };
        let verdicts = condition.evaluate(&self.table)?;
        let unknown = verdicts.values().iter().filter(|v| **v == Verdict::Unknown);
        let count = unknown.count() as u64;
        Ok((count > 0).then_some(Note::UnknownAsNotReceived { count }))
    }

    fn input(&self, outcome: &Outcome, exclude: Option<&Condition>) -> Result<OutcomeInput> {
        let plan = self.plan;
        Ok(OutcomeInput {
            spec: outcome.clone(),
            measured: self.find(&outcome.variable)?,
            baseline: outcome
                .baseline
                .as_deref()
                .map(|name| self.find(&baseline(plan, outcome, name)))
                .transpose()?,
            excluded: exclude
                .map(|condition| Ok(condition.evaluate(&self.table)?.holds()))
                .transpose()?,
            registered: plan.loaded.map(|loaded| {
                let registered = loaded.registered();
                registered.outcome(&outcome.variable.name).is_some()
            }),
        })
    }

    /// Every outcome evaluated, with what went into it.
    fn outcomes(
        &self,
        study: &Study,
        watch: &Watch<'_>,
    ) -> Result<(Vec<Evaluated>, Vec<OutcomeInput>)> {
        let outcomes = &self.plan.trial.outcomes;
        let progress = watch(Stage::Evaluating, outcomes.len() as u64);
        // All are tried before the first error is looked at, so that it is the first one's.
        let evaluated: Vec<Result<(Evaluated, OutcomeInput)>> = outcomes
            .par_iter()
            .zip(&self.conditions.exclude)
            .map(|(outcome, exclude)| {
                let input = self.input(outcome, exclude.as_ref())?;
                refuse_unsaid_cells(&self.table, &input.measured, study.absent.iter().sum())?;
                let evaluated = evaluate::outcome(study, &input)?;
                progress(1);
                Ok((evaluated, input))
            })
            .collect();
        evaluated.into_iter().collect()
    }
}

/// Counts how few people stand behind what is shown, for whoever keeps small numbers out.
fn count_few(
    study: &Study,
    inputs: &[OutcomeInput],
    outcomes: &mut [OutcomeResult],
    costs: Option<&mut CostsAndBenefits>,
) {
    for arm in costs.into_iter().flat_map(|costs| &mut costs.arms) {
        let priced: Vec<&OutcomeInput> = inputs
            .iter()
            .filter(|input| {
                let mut lines = arm.lines.iter();
                lines.any(|line| line.price.outcome == input.measured.name())
            })
            .collect();
        if let Some(total) = &mut arm.total {
            total.fewest = evaluate::fewest_together(study, &priced);
        }
    }
    for (index, result) in outcomes.iter_mut().enumerate() {
        let earlier: Vec<&OutcomeInput> = inputs[..index].iter().collect();
        result.further.fewest = evaluate::fewest(study, &inputs[index], &earlier);
    }
}

/// The covariates of the analysed people, a table per intervention arm.
fn balance_tables(study: &Study, alpha: f64, made_from: &Provenance) -> Result<Vec<BalanceTable>> {
    if study.covariates.is_empty() {
        return Ok(Vec::new());
    }
    let of = |&treated: &usize| {
        let covariates = &study.covariates;
        let mut table = balance::table(study, treated, covariates, alpha, made_from.clone())?;
        if made_from.min_cell.is_some() {
            evaluate::few_in_table(&mut table, study, covariates);
        }
        Ok(table)
    };
    study.treated.iter().map(of).collect()
}
