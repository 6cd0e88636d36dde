//! `fip run`: what follows from the draw on record, in one folder.

use std::path::Path;

use super::progress::watch;
use super::{Done, Session, balance, to_json};
use crate::cli::RunArgs;
use crate::data::{Existing, LOCK, Lock, OutputFolder, WholeFolder, refuse_foreign};
use crate::error::Result;
use crate::intake::left::{BALANCE, DRAW, EVALUATION, HISTORY, STAGES, StageFiles};
use crate::intake::{Loaded, enter, from_record, stages};
use crate::record::{FOLDER, Record, history};
use crate::release::{Results, release};
use crate::report;
use crate::report::write::{HANDED_IN, write};

pub fn run(args: &RunArgs, session: &Session) -> Result<Done> {
    let RunArgs {
        trial,
        out,
        write: forms,
    } = args;
    let loaded = Loaded::read(trial)?;
    let out = out.clone().unwrap_or_else(|| loaded.beside("out"));
    let lang = session.lang(loaded.trial.about.language);

    // Nobody else writes here meanwhile, and what would be lost is known before anything is done.
    let _lock = Lock::take(&out, LOCK)?;
    refuse_foreign(&out.join(HANDED_IN))?;
    stages::draw_where_nothing_is_evaluated(&loaded)?;
    let (loaded, draw) = from_record(loaded, None)?;
    // Both need the draw only, not each other.
    let (balance, evaluation) = rayon::join(
        || stages::balance(&loaded, &draw),
        || stages::evaluation(&loaded, &draw, &watch(session, lang)),
    );
    let (balance, mut notes) = balance?;
    let evaluation = match evaluation? {
        Some((evaluation, named)) => {
            // Before anybody can see a result, it is on record that it was looked at.
            enter::look(&loaded, &evaluation)?;
            notes.extend(named);
            Some(evaluation)
        }
        None => {
            notes.push(stages::no_outcomes_yet(&loaded));
            None
        }
    };
    let history = history(&Record::of(trial)?)?;
    let stages = [
        (DRAW, draw.manifest().map(to_json).transpose()?),
        (HISTORY, Some(to_json(&history)?)),
        (BALANCE, Some(to_json(&balance::file(&balance, lang)?)?)),
        (
            EVALUATION,
            evaluation
                .as_ref()
                .map(|evaluation| to_json(&report::json::evaluation(evaluation, lang)?))
                .transpose()?,
        ),
    ];
    let results = Results {
        manifest: draw.manifest().cloned(),
        balance,
        evaluation,
        history: Some(history),
        ..Results::default()
    };
    let (released, hidden) = release(results, None);
    let document = report::trial::document(&released, &hidden, lang);
    let folder = OutputFolder::create(&out)?;
    folder.sweep()?;
    let handed_in = WholeFolder::begin(&folder.file(HANDED_IN))?;
    notes.push(write(&document, forms, &handed_in)?);
    notes.push(internal(&folder, handed_in.path(), hidden.min_cell));
    let brief = report::trial::in_brief(
        &released,
        &hidden,
        &handed_in.path().display().to_string(),
        &folder.path().display().to_string(),
        lang,
    );
    // Until the list of the stages is there again, no report is made from what is half replaced.
    folder.remove(STAGES)?;
    for (name, json) in &stages {
        match json {
            Some(json) => drop(folder.write(name, json.as_bytes(), Existing::Replace)?),
            None => folder.remove(name)?,
        }
    }
    let listed = to_json(&StageFiles::of(&folder, &stages.map(|(name, _)| name))?)?;
    folder.write(STAGES, listed.as_bytes(), Existing::Replace)?;
    handed_in.put()?;
    let json = report::json::together("fip/run/1", &released, lang)?;
    Ok(Done {
        brief: Some(brief),
        ..Done::new(document, &json, notes)?
    })
}

/// What may be handed in, and what stays with the researchers.
fn internal(folder: &OutputFolder, handed_in: &Path, min_cell: Option<u64>) -> String {
    let limit = match min_cell {
        Some(limit) => format!(", also of numbers below {limit}"),
        None => String::new(),
    };
    format!(
        "hand in {} only: {FOLDER}/ with client ids, and the other files in {} with results in full precision{limit}, \
         are internal",
        handed_in.display(),
        folder.path().display(),
    )
}
