//! `fip run`: the four stages in one folder, each from the files of the one before.

use std::path::Path;

use super::earlier::earlier_draw;
use super::progress::watch;
use super::report::{BALANCE, EVALUATION, HANDED_IN, STAGES, StageFile, StageFiles, write};
use super::{Done, Session, to_json};
use super::{assign, balance};
use crate::cli::RunArgs;
use crate::data::{self, Existing, LOCK, Lock, OutputFolder, WholeFolder, refuse_foreign};
use crate::design::{Manifest, SeedSource};
use crate::error::{Error, Result};
use crate::intake::{
    ArmSource, Drawn, Loaded, ToCompare, ToDraw, ToEvaluate, Work, balance_tables, eligible,
    evaluation,
};
use crate::protocol::Flags;
use crate::record::{ALLOCATION, MANIFEST};
use crate::release::{Results, release};
use crate::report;
use crate::results::{BalanceTable, Evaluation};
use crate::words::Lang;

pub fn run(args: &RunArgs, session: &Session) -> Result<Done> {
    let RunArgs {
        trial,
        out,
        write: forms,
    } = args;
    let loaded = Loaded::read(trial)?;
    let out = out.clone().unwrap_or_else(|| loaded.beside("out"));
    let lang = session.lang(loaded.trial.about.language);
    let mut work = Work::new(Some(&loaded), Flags::default(), None, None)?;
    let mut notes = Vec::new();

    // Nobody else writes here meanwhile, and what would be lost is known before anything is done.
    let _lock = Lock::take(&out, LOCK)?;
    refuse_foreign(&out.join(HANDED_IN))?;
    // A first draw is kept only when everything behind it has worked too.
    let first = earlier_draw_is_absent(&out)?;
    let scratch = tempfile::tempdir()
        .map_err(|error| Error::data(format!("no temporary folder can be made: {error}")))?;
    let folder_of_draw = if first { scratch.path() } else { &out };
    let manifest = match first {
        true => assign::draft(&ToDraw::new(&work)?, folder_of_draw)?,
        false => draw_again(&mut work, &out, &mut notes)?,
    };
    let allocation = folder_of_draw.join(ALLOCATION);
    // Both need the draw only, not each other.
    let (balance, evaluation) = rayon::join(
        || balance_stage(&work, &allocation),
        || evaluation_stage(&loaded, &allocation, session, lang),
    );
    let (balance, named) = balance?;
    notes.extend(named);
    let evaluation = match evaluation? {
        Some((evaluation, named)) => {
            notes.extend(named);
            Some(evaluation)
        }
        None => {
            notes.push(no_outcomes_yet(&loaded));
            None
        }
    };
    let stages = [
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
        manifest: Some(manifest),
        balance,
        evaluation,
        verification: None,
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
    // Everything is made: now it is kept. Until the list of the stages is there again, no report
    // is made from what is half replaced.
    folder.remove(STAGES)?;
    if first {
        for name in [ALLOCATION, MANIFEST] {
            folder.write(
                name,
                &data::read_bytes(&folder_of_draw.join(name))?,
                Existing::Keep,
            )?;
        }
    }
    for (name, json) in stages {
        match json {
            Some(json) => drop(folder.write(name, json.as_bytes(), Existing::Replace)?),
            None => folder.remove(name)?,
        }
    }
    record_stages(&folder)?;
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
        "hand in {} only: the other files in {} are internal, with client ids in {ALLOCATION} and results in full \
         precision{limit}",
        handed_in.display(),
        folder.path().display(),
    )
}

/// Whether no draw has been made in the folder; half a draw is refused.
fn earlier_draw_is_absent(out: &Path) -> Result<bool> {
    if out.join(MANIFEST).exists() {
        return Ok(false);
    }
    earlier_draw(out, None).map(|_| true)
}

fn no_outcomes_yet(loaded: &Loaded) -> String {
    match loaded.trial.export().file {
        Some(file) if !loaded.trial.outcomes.is_empty() => format!(
            "no outcomes yet: {} is not there",
            loaded.beside(&file).display()
        ),
        _ => "no outcomes yet: the protocol names no outcome file or no outcomes".to_string(),
    }
}

/// The hashes of what the stages left, so that a report knows that it belongs together.
fn record_stages(folder: &OutputFolder) -> Result<()> {
    let mut files = Vec::new();
    for name in [ALLOCATION, MANIFEST, BALANCE, EVALUATION] {
        if folder.has(name) {
            files.push(StageFile {
                file: name.to_string(),
                sha256: data::sha256_hex(&data::read_bytes(&folder.file(name))?),
            });
        }
    }
    let json = to_json(&StageFiles::new(files))?;
    folder.write(STAGES, json.as_bytes(), Existing::Replace)?;
    Ok(())
}

/// The draw that is there, if the protocol and the register still give it.
fn draw_again(work: &mut Work<'_>, out: &Path, notes: &mut Vec<String>) -> Result<Manifest> {
    let path = out.join(MANIFEST);
    let manifest =
        Manifest::parse(&data::read_text(&path)?).map_err(|error| error.file(path.display()))?;
    if let Some(assignment) = &mut work.trial.assignment
        && manifest.seed_source == SeedSource::Drawn
        && assignment.seed.is_none()
    {
        assignment.seed = Some(manifest.seed.clone());
    }
    let plan = ToDraw::new(work)?;
    let eligible = eligible(&plan)?;
    let seed = plan
        .assignment
        .seed
        .clone()
        .unwrap_or_else(|| manifest.seed.clone());
    let drawn = Drawn::new(&plan, &eligible.table, &seed)?;
    let same = drawn.allocation.sha256 == manifest.allocation.sha256
        && eligible.sha256 == manifest.register.sha256
        && drawn.csv(&plan)? == data::read_bytes(&out.join(ALLOCATION))?;
    if !same {
        return Err(Error::refused("another draw has already been made here, and is not overwritten")
            .file(path.display())
            .hint("'fip verify' names the differences; use another --out, or 'fip assign --redraw' for a deliberate new draw"));
    }
    notes.push(format!(
        "used the draw that was made before: {}",
        path.display()
    ));
    Ok(manifest)
}

fn balance_stage(work: &Work<'_>, allocation: &Path) -> Result<(Vec<BalanceTable>, Vec<String>)> {
    balance_tables(&ToCompare::new(work, allocation)?)
}

fn evaluation_stage(
    loaded: &Loaded,
    allocation: &Path,
    session: &Session,
    lang: Lang,
) -> Result<Option<(Evaluation, Vec<String>)>> {
    let work = Work::new(Some(loaded), Flags::default(), None, None)?;
    let there = work.export.as_ref().is_some_and(|file| file.exists());
    if !there || work.trial.outcomes.is_empty() {
        return Ok(None);
    }
    let plan = ToEvaluate::new(work, ArmSource::Allocation(allocation.to_path_buf()))?;
    evaluation::evaluate(plan, &watch(session, lang)).map(Some)
}
