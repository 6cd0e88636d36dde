//! Files to balance tables: the register beside the allocation.

use std::path::Path;

use super::allocation::{
    AllocationFile, designed, drawn_from_another, identifying, recode, refuse_identifying,
    roles_beside,
};
use super::columns::{Wants, measured};
use super::joined::joined;
use super::persons::without_others;
use super::work::{Work, input, provenance, read_options};
use crate::balance;
use crate::columns::{Measured, Variable};
use crate::data::{self, Guess, Keys, Want};
use crate::error::{Error, Result};
use crate::evaluate::few_in_table;
use crate::protocol::compare;
use crate::results::{BalanceTable, Note, SeType};
use crate::stats::infer::Level;
use crate::study::{Design, Study};

/// What a balance table needs: a trial whose register and id are laid down, and an allocation.
pub struct ToCompare<'a> {
    pub work: &'a Work<'a>,
    pub register: &'a Path,
    pub id: &'a str,
    pub allocation: &'a Path,
    /// A register with nothing in it to compare by has no table, rather than an error.
    pub where_possible: bool,
}

impl<'a> ToCompare<'a> {
    /// # Errors
    /// What is not laid down.
    pub fn new(work: &'a Work<'a>, allocation: &'a Path) -> Result<Self> {
        Ok(ToCompare {
            work,
            register: work.register.as_deref().ok_or_else(|| {
                Error::usage("no register is given")
                    .hint("fip balance register.csv --id … --allocation allocation.csv")
            })?,
            id: work.trial.register.id.as_deref().ok_or_else(|| {
                Error::usage("which column has the client's id?").hint("say so with --id COLUMN")
            })?,
            allocation,
            where_possible: false,
        })
    }
}

/// A balance table per intervention arm, and notes for standard error that name people.
pub fn balance_tables(plan: &ToCompare<'_>) -> Result<(Vec<BalanceTable>, Vec<String>)> {
    let trial = &plan.work.trial;
    let allocation = AllocationFile::read(plan.allocation, plan.id)?;
    let file = data::open(plan.register, &read_options(&trial.register.reading))?;
    let identifying = identifying(trial, Some(plan.allocation));
    let asked = trial.covariates.iter().map(|of| of.name.as_str());
    refuse_identifying(asked, &identifying, plan.register)?;
    let mut wants = Wants::default();
    wants.add(plan.id, Want::Text);
    if plan.work.trial.covariates.is_empty() {
        wants.auto(
            file.header()
                .iter()
                .filter(|name| !identifying.contains(name))
                .map(String::as_str),
        );
    } else {
        plan.work
            .trial
            .covariates
            .iter()
            .for_each(|variable| wants.variable(variable));
    }
    let (table, _) = without_others(wants.read(&file)?, plan.id, &trial.register.reading.ids)?;
    let width = trial.register.reading.ids.width;
    let (clients, drawn) = (
        Keys::padded(&table, plan.id, width)?,
        Keys::padded(&allocation.table, &allocation.id, width)?,
    );
    let joined = joined(&clients, &drawn, table.file(), plan.id)?;
    let mut notes = Vec::new();
    let mut stderr = Vec::new();
    if drawn_from_another(plan.allocation, table.sha256()) {
        notes.push(Note::AnotherRegister);
    }
    if !joined.only_left.is_empty() {
        notes.push(Note::OnlyInRegister {
            count: joined.only_left.len() as u64,
        });
    }
    if !joined.only_right.is_empty() {
        notes.push(Note::MissingFromRegister {
            count: joined.only_right.len() as u64,
        });
        stderr.push(format!(
            "in {} but not in the register: {}",
            plan.allocation.display(),
            drawn.show(&joined.only_right)
        ));
    }
    if joined.pairs.is_empty() {
        return Err(Error::data("no id of the register is in the allocation")
            .file(plan.allocation.display())
            .column(plan.id)
            .hint(
                "is this the allocation of this register, and are the ids written the same way?",
            ));
    }
    let rows: Vec<Option<usize>> = joined
        .pairs
        .iter()
        .map(|(row, _)| Some(*row as usize))
        .collect();
    let covariates = covariates(plan, &table, file.header(), &identifying, &mut stderr)?
        .iter()
        .map(|covariate| covariate.select(&rows))
        .collect::<Vec<Measured>>();
    let compared = compare(
        allocation.arms.levels(),
        trial,
        &roles_beside(plan.allocation),
        &designed(trial),
        &plan.allocation.display().to_string(),
    )?;
    let (compared, arms, now) = compared.pool(allocation.arms.levels().to_vec());
    if let Some(loaded) = plan.work.loaded {
        notes.extend(loaded.registered().differences(trial));
    }
    notes.extend(compared.guessed.clone());
    let pick = |of: &Option<Vec<usize>>| {
        of.as_ref().map(|of| {
            joined
                .pairs
                .iter()
                .map(|(_, row)| of[*row as usize])
                .collect()
        })
    };
    let mut absent = vec![0; arms.len()];
    for row in &joined.only_right {
        if let Some(arm) = allocation.arms.code(*row as usize) {
            absent[now[arm] as usize] += 1;
        }
    }
    let mut codes: Vec<u32> = joined
        .pairs
        .iter()
        .map(|(_, row)| allocation.arms.codes()[*row as usize])
        .collect();
    recode(&mut codes, &now);
    notes.extend(compared.together(&arms));
    let mut by_id: Vec<(&str, usize)> = joined
        .pairs
        .iter()
        .map(|(row, _)| clients.key(*row as usize))
        .zip(0..)
        .collect();
    by_id.sort_unstable();
    let mut order = vec![0; by_id.len()];
    for (place, (_, row)) in by_id.into_iter().enumerate() {
        order[row] = place;
    }
    let study = Study {
        order: Some(order),
        se_type: SeType::default(),
        thresholds: Vec::new(),
        contacts: None,
        subgroups: Vec::new(),
        arms,
        codes,
        absent,
        control: compared.control,
        treated: compared.treated.clone(),
        design: Design {
            strata: pick(&allocation.strata),
            clusters: pick(&allocation.clusters),
            everyone: None,
        },
        received: None,
        receipt_stated: false,
        providers: None,
        covariates: Vec::new(),
        level: Level::P95,
    };
    let made_from = provenance(
        plan.work.loaded,
        vec![
            input("register", plan.register, &table),
            allocation.record.clone(),
        ],
    );
    if covariates.is_empty() {
        stderr.push(
            "the arms were not compared: no column of the register can be compared".to_string(),
        );
        return Ok((Vec::new(), stderr));
    }
    let mut tables = Vec::new();
    for &treated in &compared.treated {
        let mut one = balance::table(
            &study,
            treated,
            &covariates,
            trial.analysis.alpha,
            made_from.clone(),
        )?;
        one.notes.splice(0..0, notes.iter().cloned());
        if made_from.min_cell.is_some() {
            few_in_table(&mut one, &study, &covariates);
        }
        tables.push(one);
    }
    Ok((tables, stderr))
}

/// The covariates asked for, or every column that can be compared.
fn covariates(
    plan: &ToCompare<'_>,
    table: &data::Table,
    header: &[String],
    identifying: &[String],
    stderr: &mut Vec<String>,
) -> Result<Vec<Measured>> {
    let trial = &plan.work.trial;
    if !trial.covariates.is_empty() {
        return plan
            .work
            .trial
            .covariates
            .iter()
            .map(|variable| measured(table, variable))
            .collect();
    }
    let mut found = Vec::new();
    for name in header.iter().filter(|name| !identifying.contains(name)) {
        // Numbers of people, such as a telephone's, are not compared unless asked for.
        if table.profile(name)?.guess == Guess::Id {
            stderr.push(format!("left out: '{name}' has another code for everybody"));
            continue;
        }
        match measured(table, &Variable::named(name.clone())) {
            Ok(covariate) => found.push(covariate),
            Err(error) => stderr.push(format!("left out: {}", error.message())),
        }
    }
    if found.is_empty() && !plan.where_possible {
        return Err(Error::data("no column of the register can be compared")
            .file(Path::new(table.file()).display())
            .hint("name the covariates with --covariates"));
    }
    Ok(found)
}
