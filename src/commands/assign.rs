//! `fip assign`: draws the arms, into the record of a trial or as a first try.

use std::path::Path;

use super::{Done, Session, first_try, unprotected};
use crate::cli::AssignArgs;
use crate::error::{Error, Result};
use crate::intake::{Loaded, ToDraw, Work, enter};
use crate::protocol::Flags;
use crate::record::{FOLDER, RecordedDraw, history};
use crate::release::{Results, release};
use crate::report::assignment;

pub fn run(args: &AssignArgs, session: &Session) -> Result<Done> {
    let is_protocol = |path: &&Path| path.extension().is_some_and(|of| of == "toml");
    let given = args.register.as_deref();
    match (args.trial.as_deref(), given.filter(is_protocol)) {
        (Some(_), Some(_)) => Err(Error::usage("two protocols are given")),
        (Some(trial), None) => in_trial(args, trial, given, session),
        (None, Some(trial)) => in_trial(args, trial, None, session),
        (None, None) => first_try::run(args, session),
    }
}

fn in_trial(
    args: &AssignArgs,
    trial: &Path,
    register: Option<&Path>,
    session: &Session,
) -> Result<Done> {
    refuse_own_plan(args)?;
    let loaded = Loaded::read(trial)?;
    let work = Work::new(Some(&loaded), Flags::default(), register, None)?;
    let redraw = args.redraw.as_deref();
    let (manifest, record) = match &args.drawn {
        Some(file) => {
            let arm = args.drawn_arm.as_deref().unwrap_or("arm");
            enter::bring_in(&work, &loaded, file, arm, redraw)?
        }
        None => {
            let plan = ToDraw::new(&work)?;
            let drawn = enter::draw(&plan, &loaded, args.public.as_deref(), redraw)?;
            (Some(drawn.0), drawn.1)
        }
    };
    let allocation = RecordedDraw::of(&record, trial)?;
    let note = format!(
        "the draw is on record: {}; keep {FOLDER}/ with the protocol, it is what the results will be held against",
        allocation.allocation().display()
    );
    let history = history(&record)?;
    let mut notes = vec![note];
    if history.revealed_on_the_day_it_was_committed() {
        notes.push(
            "the fingerprint and this draw are of one day: the proof holds for whoever saw the fingerprint before the \
             text was known; take a text of a later day next time"
                .to_string(),
        );
    }
    let results = Results {
        manifest,
        history: Some(history),
        ..Results::default()
    };
    shown(results, &work, notes, session)
}

/// What is laid down in a protocol is not said by flag.
fn refuse_own_plan(args: &AssignArgs) -> Result<()> {
    let said = [
        (args.id.is_some(), "--id"),
        (!args.arms.is_empty(), "--arm"),
        (args.seed.is_some(), "--seed"),
        (!args.strata.is_empty(), "--strata"),
        (args.cluster.is_some(), "--cluster"),
        (args.count.is_some(), "--count"),
        (args.filter.is_some(), "--where"),
        (args.method.is_some(), "--method"),
        (args.read.missing.is_some(), "--missing"),
        (args.read.decimal.is_some(), "--decimal"),
        (args.read.delimiter.is_some(), "--delimiter"),
        (!args.ids.people.is_empty(), "--people"),
        (!args.ids.not_people.is_empty(), "--not-people"),
        (args.ids.id_width.is_some(), "--id-width"),
        (args.out.is_some(), "--out"),
    ];
    match said.iter().find(|(said, _)| *said) {
        None => Ok(()),
        Some((_, "--out")) => Err(Error::usage(format!(
            "a trial has one record, in {FOLDER}/ beside its protocol, and --out makes no other"
        ))),
        Some((_, flag)) => Err(Error::usage(format!(
            "{flag} cannot be used with a protocol, which lays down the draw"
        ))
        .hint("write it in the protocol instead")),
    }
}

/// The draw, for people and for programs.
pub(super) fn shown(
    results: Results,
    work: &Work<'_>,
    mut notes: Vec<String>,
    session: &Session,
) -> Result<Done> {
    let manifest = results.manifest.clone();
    let (released, hidden) = release(results, work.trial.report.min_cell);
    notes.extend(hidden.min_cell.map(unprotected));
    let lang = session.lang(work.trial.about.language);
    let document = assignment::document(&released, &hidden, lang);
    Done::new(document, &manifest, notes)
}
