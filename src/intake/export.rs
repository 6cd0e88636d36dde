//! What is read of the export: the columns asked for, and the expressions over them.

use super::asked::{ArmSource, ToEvaluate};
use super::columns::Wants;
use super::work::in_line;
use crate::columns::{Cells, Variable};
use crate::condition::Condition;
use crate::data::{CsvFile, Keys, Table, Verdict, Want};
use crate::error::Result;
use crate::protocol::{ComplianceRule, Outcome};
use crate::study::Providers;

/// The expressions over the export, parsed before anything is read.
pub(super) struct Conditions {
    pub(super) received: Option<Condition>,
    /// One per outcome.
    pub(super) exclude: Vec<Option<Condition>>,
}

impl Conditions {
    pub(super) fn parse(plan: &ToEvaluate<'_>) -> Result<Self> {
        let parse = |text: &String| Condition::parse(text);
        Ok(Conditions {
            received: plan
                .trial
                .compliance
                .as_ref()
                .map(|rule| parse(&rule.received))
                .transpose()?,
            exclude: plan
                .trial
                .outcomes
                .iter()
                .map(|outcome| outcome.exclude.as_ref().map(parse).transpose())
                .collect::<Result<_>>()?,
        })
    }

    pub(super) fn check(&self, file: &CsvFile, plan: &ToEvaluate<'_>) -> Result<()> {
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

pub(super) fn wants(
    plan: &ToEvaluate<'_>,
    file: &CsvFile,
    conditions: &Conditions,
) -> Result<Wants> {
    let mut wants = Wants::default();
    if let Some(id) = &plan.id {
        wants.add(id, Want::Text);
    }
    let has = |name: &str| file.header().iter().any(|column| column == name);
    if let ArmSource::Column(column) = &plan.arms {
        wants.add(column, Want::Levels);
        for name in &plan.trial.elsewhere.strata {
            file.require(name)?;
        }
        if let Some(name) = &plan.trial.elsewhere.cluster {
            file.require(name)?;
        }
        let strata = plan.trial.strata().iter().map(String::as_str);
        for name in strata.chain(plan.trial.cluster()).filter(|name| has(name)) {
            wants.add(name, Want::Text);
        }
    }
    if let ArmSource::Recorded {
        column: Some(column),
        ..
    } = &plan.arms
    {
        file.require(column)?;
        wants.add(column, Want::Levels);
    }
    wants.auto(conditions.columns());
    wants.auto(
        plan.trial
            .compliance
            .iter()
            .flat_map(|rule| rule.reason.as_deref()),
    );
    if let Some(provider) = &plan.trial.analysis.provider {
        file.require(provider)?;
        wants.add(provider, Want::Levels);
    }
    for outcome in &plan.trial.outcomes {
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
pub(super) fn order(plan: &ToEvaluate<'_>, table: &Table) -> Result<Option<Vec<usize>>> {
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
pub(super) fn baseline(plan: &ToEvaluate<'_>, outcome: &Outcome, name: &str) -> Variable {
    let declared = plan.loaded.and_then(|loaded| {
        loaded
            .trial
            .covariates
            .iter()
            .find(|covariate| covariate.name == name && covariate.kind.is_some())
    });
    declared.cloned().unwrap_or_else(|| Variable {
        name: name.to_string(),
        // What a blank stands for is said of one column; codes belong to a scale.
        cells: Cells {
            missing: outcome.variable.cells.missing.clone(),
            ..Cells::default()
        },
        ..outcome.variable.clone()
    })
}

/// Whether each row received the intervention; unknown counts as not where the trial says so.
pub(super) fn received(
    condition: &Condition,
    table: &Table,
    rule: &ComplianceRule,
) -> Result<Vec<Option<bool>>> {
    let verdicts = condition.evaluate(table)?;
    Ok((0..table.rows())
        .map(|row| match verdicts.values()[row] {
            Verdict::True => Some(true),
            Verdict::False => Some(false),
            Verdict::Unknown => rule.unknown_is_not.then_some(false),
        })
        .collect())
}

/// Who saw each row; blank for nobody.
pub(super) fn providers(plan: &ToEvaluate<'_>, table: &Table) -> Result<Option<Providers>> {
    let Some(column) = &plan.trial.analysis.provider else {
        return Ok(None);
    };
    let levels = table.levels(column, None)?;
    Ok(Some(Providers {
        column: column.clone(),
        of: levels.iter().collect(),
    }))
}

pub(super) fn reasons(plan: &ToEvaluate<'_>, table: &Table) -> Result<Option<Vec<Option<String>>>> {
    let Some(column) = plan
        .trial
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
