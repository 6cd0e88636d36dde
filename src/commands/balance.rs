//! `fip balance`: compares the drawn arms on what was known before.

use std::path::{Path, PathBuf};

use super::arms::{AllocationFile, Declared, compare};
use super::inputs::{Loaded, Wants, input, measured, provenance, read_options};
use super::{Done, Session, unprotected};
use crate::balance;
use crate::cli::BalanceArgs;
use crate::data::{self, Keys, ReadOptions, Want, join};
use crate::error::{Error, Result};
use crate::evaluate::few_in_table;
use crate::protocol::{Analysis, InputSpec, Protocol, Variable};
use crate::release::{Results, release};
use crate::report::{self, Lang};
use crate::results::{BalanceTable, Note, SeType};
use crate::stats::infer::Level;
use crate::study::{Design, Study};
use crate::variable::Measured;

/// What is to be compared, wherever it was said.
pub struct BalancePlan<'a> {
    pub register: PathBuf,
    pub options: ReadOptions,
    pub id: String,
    pub allocation: PathBuf,
    /// Empty: everything that can be compared.
    pub covariates: Vec<Variable>,
    pub treated: Option<String>,
    pub control: Option<String>,
    pub declared: Declared,
    pub alpha: f64,
    pub loaded: Option<&'a Loaded>,
}

pub fn run(args: &BalanceArgs, session: &Session) -> Result<Done> {
    let BalanceArgs {
        register,
        trial,
        id,
        allocation,
        covariates,
        treated,
        control,
        read,
    } = args;
    let loaded = trial.as_deref().map(Loaded::read).transpose()?;
    let nothing = Protocol::default();
    let protocol = loaded.as_ref().map_or(&nothing, |loaded| &loaded.protocol);
    let register = match (register, &loaded, &protocol.register.file) {
        (Some(path), _, _) => path.clone(),
        (None, Some(loaded), Some(file)) => loaded.beside(file),
        _ => {
            return Err(Error::usage("no register is given")
                .hint("fip balance register.csv --id … --allocation allocation.csv"));
        }
    };
    let id = id
        .clone()
        .or_else(|| protocol.register.id.clone())
        .ok_or_else(|| {
            Error::usage("which column has the client's id?").hint("say so with --id COLUMN")
        })?;
    let covariates = if covariates.is_empty() {
        protocol.covariates.clone()
    } else {
        covariates
            .iter()
            .map(|name| named(protocol, name))
            .collect()
    };
    let declared = match Declared::by_protocol(protocol) {
        declared if declared.is_empty() => Declared::beside(allocation),
        declared => declared,
    };
    let plan = BalancePlan {
        register,
        options: read_options(read, &protocol.register)?,
        id,
        allocation: allocation.clone(),
        covariates,
        treated: treated.clone(),
        control: control.clone(),
        declared,
        alpha: Analysis::default().alpha,
        loaded: loaded.as_ref(),
    };
    let lang = session.lang(protocol.trial.language);
    let (tables, mut notes) = tables(&plan)?;
    let json = file(&tables, lang)?;
    let results = Results {
        balance: tables,
        ..Results::default()
    };
    let (released, hidden) = release(results, None);
    notes.extend(hidden.min_cell.map(unprotected));
    Done::new(
        report::balance::document(&released, &hidden, lang),
        &json,
        notes,
    )
}

/// The tables as JSON: the one, or all under one roof.
pub fn file(tables: &[BalanceTable], lang: Lang) -> Result<serde_json::Value> {
    match tables {
        [one] => report::json::balance(one, lang),
        many => {
            let tables = many.iter().map(|table| report::json::balance(table, lang));
            let tables = tables.collect::<Result<Vec<_>>>()?;
            Ok(serde_json::json!({"schema": "fip/balance/1", "tables": tables}))
        }
    }
}

/// A variable by name, with what the protocol says about it.
pub fn named(protocol: &Protocol, name: &str) -> Variable {
    protocol
        .covariates
        .iter()
        .chain(protocol.outcomes.iter().map(|outcome| &outcome.variable))
        .find(|variable| variable.name == name)
        .cloned()
        .unwrap_or_else(|| Variable::named(name))
}

/// A balance table per intervention arm, and notes for standard error that name people.
pub fn tables(plan: &BalancePlan<'_>) -> Result<(Vec<BalanceTable>, Vec<String>)> {
    let allocation = AllocationFile::read(&plan.allocation, &plan.id)?;
    let file = data::open(&plan.register, &plan.options)?;
    let mut wants = Wants::default();
    wants.add(&plan.id, Want::Text);
    if plan.covariates.is_empty() {
        wants.auto(
            file.header()
                .iter()
                .filter(|name| **name != plan.id)
                .map(String::as_str),
        );
    } else {
        plan.covariates
            .iter()
            .for_each(|variable| wants.variable(variable));
    }
    let table = wants.read(&file)?;
    let (clients, drawn) = (
        Keys::new(&table, &plan.id)?,
        Keys::new(&allocation.table, &allocation.id)?,
    );
    let joined = join(&clients, &drawn);
    let mut notes = Vec::new();
    let mut stderr = Vec::new();
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
            .column(plan.id.clone())
            .hint(
                "is this the allocation of this register, and are the ids written the same way?",
            ));
    }
    let rows: Vec<Option<usize>> = joined
        .pairs
        .iter()
        .map(|(row, _)| Some(*row as usize))
        .collect();
    let covariates = covariates(plan, &table, file.header(), &mut stderr)?
        .iter()
        .map(|covariate| covariate.select(&rows))
        .collect::<Vec<Measured>>();
    let compared = compare(
        allocation.arms.levels(),
        plan.treated.as_deref(),
        plan.control.as_deref(),
        &plan.declared,
        &plan.allocation.display().to_string(),
    )?;
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
    let mut absent = vec![0; allocation.arms.levels().len()];
    for row in &joined.only_right {
        if let Some(arm) = allocation.arms.code(*row as usize) {
            absent[arm] += 1;
        }
    }
    let study = Study {
        order: None,
        se_type: SeType::default(),
        thresholds: Vec::new(),
        contacts: None,
        subgroups: Vec::new(),
        arms: allocation.arms.levels().to_vec(),
        codes: joined
            .pairs
            .iter()
            .map(|(_, row)| allocation.arms.codes()[*row as usize])
            .collect(),
        absent,
        control: compared.control,
        treated: compared.treated.clone(),
        design: Design {
            strata: pick(&allocation.strata),
            clusters: pick(&allocation.clusters),
            everyone: None,
        },
        received: None,
        covariates: Vec::new(),
        level: Level::P95,
    };
    let made_from = provenance(
        plan.loaded,
        vec![
            input("register", &plan.register, &table),
            allocation.record.clone(),
        ],
    );
    let mut tables = Vec::new();
    for &treated in &compared.treated {
        let mut one = balance::table(&study, treated, &covariates, plan.alpha, made_from.clone())?;
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
    plan: &BalancePlan<'_>,
    table: &data::Table,
    header: &[String],
    stderr: &mut Vec<String>,
) -> Result<Vec<Measured>> {
    if !plan.covariates.is_empty() {
        return plan
            .covariates
            .iter()
            .map(|variable| measured(table, variable))
            .collect();
    }
    let mut found = Vec::new();
    for name in header.iter().filter(|name| **name != plan.id) {
        match measured(table, &Variable::named(name.clone())) {
            Ok(covariate) => found.push(covariate),
            Err(error) => stderr.push(format!("left out: {}", error.message())),
        }
    }
    if found.is_empty() {
        return Err(Error::data("no column of the register can be compared")
            .file(Path::new(table.file()).display())
            .hint("name the covariates with --covariates"));
    }
    Ok(found)
}

/// The reading options of a file that shares what the register says.
pub fn inherit(own: &InputSpec, register: &InputSpec) -> InputSpec {
    InputSpec {
        file: own.file.clone(),
        id: own.id.clone().or_else(|| register.id.clone()),
        filter: own.filter.clone(),
        missing: own.missing.clone().or_else(|| register.missing.clone()),
        decimal: own.decimal,
        delimiter: own.delimiter,
    }
}
