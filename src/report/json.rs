//! Results as JSON, with what is noted said in words: `warnings` beside the coded `notes`.

use serde_json::{Map, Value};

use super::catalog::note;
use crate::error::{Error, Result};
use crate::release::{Released, Results};
use crate::results::{BalanceTable, Evaluation, Note};
use crate::words::Lang;

/// An evaluation, with warnings for its outcomes and covariates too.
///
/// # Errors
/// Internal: a result that cannot be written as JSON.
pub fn evaluation(evaluation: &Evaluation, lang: Lang) -> Result<Value> {
    let mut written = object(evaluation)?;
    let parts = |written: &mut Map<String, Value>, name: &str, notes: Vec<&[Note]>| {
        let items = written.get_mut(name).and_then(Value::as_array_mut);
        for (item, notes) in items.into_iter().flatten().zip(notes) {
            if let Value::Object(fields) = item {
                warn(fields, notes, lang);
            }
        }
    };
    let tables = evaluation.balance.iter().map(|table| &table.notes[..]);
    let outcomes = evaluation.outcomes.iter().map(|outcome| &outcome.notes[..]);
    parts(&mut written, "balance", tables.collect());
    parts(&mut written, "outcomes", outcomes.collect());
    warn(&mut written, &evaluation.notes, lang);
    Ok(Value::Object(written))
}

/// A balance table.
///
/// # Errors
/// Internal: a result that cannot be written as JSON.
pub fn balance(table: &BalanceTable, lang: Lang) -> Result<Value> {
    let mut written = object(table)?;
    warn(&mut written, &table.notes, lang);
    Ok(Value::Object(written))
}

/// Everything that a report shows.
///
/// # Errors
/// Internal: a result that cannot be written as JSON.
pub fn together(schema: &str, results: &Released<Results>, lang: Lang) -> Result<Value> {
    let tables = results.balance.iter().map(|table| balance(table, lang));
    let evaluated = results.evaluation.iter().map(|of| evaluation(of, lang));
    Ok(serde_json::json!({
        "schema": schema,
        "manifest": results.manifest,
        "balance": tables.collect::<Result<Vec<Value>>>()?,
        "evaluation": evaluated.collect::<Result<Vec<Value>>>()?.pop(),
        "record": history(results, lang)?,
    }))
}

/// The record of a trial.
///
/// # Errors
/// Internal: a result that cannot be written as JSON.
pub fn record(results: &Released<Results>, lang: Lang) -> Result<Value> {
    let events = history(results, lang)?;
    Ok(serde_json::json!({"schema": "fip/record/1", "events": events}))
}

/// What was found of a draw and of a record; the draw's own findings are at the top.
///
/// # Errors
/// Internal: a result that cannot be written as JSON.
pub fn verification(results: &Results, same: bool) -> Result<Value> {
    let mut written = match &results.verification {
        Some(found) => object(found)?,
        None => Map::new(),
    };
    written.insert("same".to_owned(), same.into());
    if let Some(broken) = &results.broken {
        written.insert("record".to_owned(), history(results, Lang::En)?.into());
        written.insert("broken".to_owned(), serde_json::json!(broken));
    }
    if let Some(public) = &results.public {
        written.insert("public".to_owned(), serde_json::json!(public));
    }
    Ok(Value::Object(written))
}

/// Events, with what they changed in words.
fn history(results: &Results, lang: Lang) -> Result<Vec<Value>> {
    let events = results.history.iter().flat_map(|history| &history.events);
    let written = events.map(|event| {
        let mut written = object(event)?;
        warn(&mut written, &event.changes, lang);
        Ok(Value::Object(written))
    });
    written.collect()
}

fn object(result: &impl serde::Serialize) -> Result<Map<String, Value>> {
    match serde_json::to_value(result) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Error::internal("A result is no object in JSON")),
        Err(error) => Err(Error::internal(format!(
            "A result cannot be written as JSON: {error}"
        ))),
    }
}

/// Says the notes, before them.
fn warn(fields: &mut Map<String, Value>, notes: &[Note], lang: Lang) {
    let texts = notes.iter().map(|item| note::text(item, lang).into());
    let warnings = Value::Array(texts.collect());
    let place = fields.keys().position(|name| name == "notes");
    match place {
        Some(place) => fields.shift_insert(place, "warnings".to_owned(), warnings),
        None => fields.insert("warnings".to_owned(), warnings),
    };
}
