//! `fip balance`: compares the drawn arms on what was known before.

use super::{Done, Session, reading, unprotected};
use crate::cli::BalanceArgs;
use crate::error::{Error, Result};
use crate::intake::{Loaded, ToCompare, Work, balance_tables, from_record};
use crate::protocol::{FileFlags, Flags, Roles};
use crate::release::{Results, release};
use crate::report;
use crate::results::BalanceTable;
use crate::words::Lang;

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
        ids,
    } = args;
    let loaded = trial.as_deref().map(Loaded::read).transpose()?;
    let flags = Flags {
        register: FileFlags {
            id: id.clone(),
            reading: reading(read, ids)?,
            ..FileFlags::default()
        },
        roles: Roles {
            treated: treated.clone().into_iter().collect(),
            control: control.clone(),
        },
        compared: covariates.clone(),
        ..Flags::default()
    };
    let loaded = loaded
        .map(|loaded| from_record(loaded, allocation.as_deref()))
        .transpose()?;
    let (loaded, recorded) = loaded.unzip();
    let work = Work::new(loaded.as_ref(), flags, register.as_deref(), None)?;
    let allocation = match (&recorded, allocation) {
        (Some(draw), _) => draw.allocation(),
        (None, Some(path)) => path,
        (None, None) => return Err(Error::usage("no allocation is given")),
    };
    let lang = session.lang(work.trial.about.language);
    let (tables, mut notes) = balance_tables(&ToCompare::new(&work, allocation)?)?;
    let json = file(&tables, lang)?;
    let results = Results {
        balance: tables,
        ..Results::default()
    };
    let (released, hidden) = release(results, None);
    notes.extend(hidden.min_cell.map(unprotected));
    let document = report::balance::document(&released, &hidden, lang);
    Done::new(document, &json, notes)
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
