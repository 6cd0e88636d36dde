//! `fip verify`: is the record as it was written, and does the draw follow from it?

use std::path::Path;

use super::{Done, Session, unprotected};
use crate::cli::VerifyArgs;
use crate::error::{Error, Result};
use crate::intake::Loaded;
use crate::intake::verification::{self, HeldAgainst};
use crate::record::{MANIFEST, Record, history};
use crate::release::{Results, release};
use crate::report;
use crate::results::EventKind;

pub fn run(args: &VerifyArgs, session: &Session) -> Result<Done> {
    match args.path.extension().is_some_and(|of| of == "toml") {
        true => of_trial(args, session),
        false => of_manifest(args, session),
    }
}

/// The record of a trial, event by event, and its draw.
fn of_trial(args: &VerifyArgs, session: &Session) -> Result<Done> {
    let loaded = Loaded::read(&args.path)?;
    let (record, mut broken) = Record::walk(&args.path)?;
    if record.events().is_empty() && broken.is_empty() {
        return Err(Error::refused("nothing is on record for this trial yet")
            .file(args.path.display())
            .hint("fip commit trial.toml lays it down, fip assign trial.toml draws"));
    }
    let mut results = Results::default();
    // What is not as it was written is told, not read.
    if broken.is_empty() {
        broken = verification::seeds_not_revealed(&record)?;
        results.history = Some(history(&record)?);
    }
    results.broken = Some(broken);
    let register = args.register.clone().or_else(|| {
        let named = loaded.trial.register.file.as_ref();
        named
            .map(|file| loaded.beside(file))
            .filter(|path| path.exists())
    });
    let drawn = record.last(&[EventKind::Drawn, EventKind::DrawnElsewhere]);
    let notes = match drawn.map(|drawn| drawn.place.join(MANIFEST)) {
        Some(path) if path.exists() => {
            verification::draw_again(&held(args, register.as_deref()), &path, None, &mut results)?
        }
        _ => vec!["there is no draw by fip on record that could be made again".to_string()],
    };
    shown(results, loaded.trial.report.min_cell, notes, session)
}

/// A draw by its manifest alone.
fn of_manifest(args: &VerifyArgs, session: &Session) -> Result<Done> {
    let trial = args.trial.as_deref().map(Loaded::read).transpose()?;
    if args.register.is_none() && args.public.is_none() {
        return Err(Error::usage("which register was drawn from?")
            .hint("fip verify manifest.json --register register.csv; or without ids: --public"));
    }
    let mut results = Results::default();
    let register = args.register.as_deref();
    let notes = verification::draw_again(
        &held(args, register),
        &args.path,
        trial.as_ref(),
        &mut results,
    )?;
    let min_cell = trial.as_ref().and_then(|of| of.trial.report.min_cell);
    shown(results, min_cell, notes, session)
}

fn held<'a>(args: &'a VerifyArgs, register: Option<&'a Path>) -> HeldAgainst<'a> {
    HeldAgainst {
        register,
        allocation: args.allocation.as_deref(),
        public: args.public.as_ref().map(Option::as_deref),
    }
}

fn shown(
    results: Results,
    min_cell: Option<u64>,
    mut notes: Vec<String>,
    session: &Session,
) -> Result<Done> {
    let json = report::json::verification(&results, !differs(&results))?;
    let findings = differs(&results);
    let (released, hidden) = release(results, min_cell);
    let document = report::verification::document(&released, &hidden, session.lang(None));
    notes.extend(hidden.min_cell.map(unprotected));
    let mut done = Done::new(document, &json, notes)?;
    done.findings = findings;
    Ok(done)
}

fn differs(results: &Results) -> bool {
    let Results {
        broken,
        public,
        verification,
        ..
    } = results;
    broken.as_ref().is_some_and(|broken| !broken.is_empty())
        || public.as_ref().is_some_and(|public| !public.same())
        || verification.as_ref().is_some_and(|found| !found.same)
}
