//! `fip run`: the four stages in one folder, each from the files of the one before.

use std::path::{Path, PathBuf};

use super::arms::Declared;
use super::assign::{self, ALLOCATION, DrawPlan, Drawn, MANIFEST, eligible, plan_from_protocol};
use super::balance::{self, BalancePlan, named};
use super::earlier::earlier_draw;
use super::evaluate::{self, ArmSource, EvaluatePlan, export_spec, register_of};
use super::inputs::{Loaded, read_options};
use super::report::{BALANCE, EVALUATION, HANDED_IN, STAGES, StageFile, StageFiles, write};
use super::{Done, Session, to_json};
use crate::cli::{ReadArgs, RunArgs};
use crate::data::{self, Existing, LOCK, Lock, OutputFolder, WholeFolder, refuse_foreign};
use crate::design::{Manifest, SeedSource};
use crate::error::{Error, Result};
use crate::release::{Results, release};
use crate::report::{self, Lang};
use crate::results::{BalanceTable, Evaluation};

pub fn run(args: &RunArgs, session: &Session) -> Result<Done> {
    let RunArgs {
        trial,
        out,
        write: forms,
    } = args;
    let loaded = Loaded::read(trial)?;
    let out = out.clone().unwrap_or_else(|| loaded.beside("out"));
    let lang = session.lang(loaded.protocol.trial.language);
    let plan = plan_from_protocol(&loaded, None)?;
    let mut notes = Vec::new();

    // Nobody else writes here meanwhile, and what would be lost is known before anything is done.
    let _lock = Lock::take(&out, LOCK)?;
    refuse_foreign(&out.join(HANDED_IN))?;
    // A first draw is kept only when everything behind it has worked too.
    let first = earlier_draw_is_absent(&out)?;
    let scratch = tempfile::tempdir()
        .map_err(|error| Error::data(format!("no temporary folder can be made: {error}")))?;
    let work = if first { scratch.path() } else { &out };
    let manifest = match first {
        true => assign::draft(&plan, work)?,
        false => draw_again(plan, &out, &mut notes)?,
    };
    let allocation = work.join(ALLOCATION);
    // Both need the draw only, not each other.
    let (balance, evaluation) = rayon::join(
        || balance_stage(&loaded, &allocation),
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
            folder.write(name, &data::read_bytes(&work.join(name))?, Existing::Keep)?;
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
    match export_spec(&loaded.protocol).file {
        Some(file) if !loaded.protocol.outcomes.is_empty() => format!(
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
fn draw_again(mut plan: DrawPlan, out: &Path, notes: &mut Vec<String>) -> Result<Manifest> {
    let path = out.join(MANIFEST);
    let manifest =
        Manifest::parse(&data::read_text(&path)?).map_err(|error| error.file(path.display()))?;
    if manifest.seed_source == SeedSource::Drawn && plan.assignment.seed.is_none() {
        plan.assignment.seed = Some(manifest.seed.clone());
    }
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

fn balance_stage(loaded: &Loaded, allocation: &Path) -> Result<(Vec<BalanceTable>, Vec<String>)> {
    let protocol = &loaded.protocol;
    let draw = plan_from_protocol(loaded, None)?;
    let plan = BalancePlan {
        register: draw.register,
        options: draw.options,
        id: draw.id,
        allocation: allocation.to_path_buf(),
        covariates: protocol.covariates.clone(),
        treated: None,
        control: None,
        declared: Declared::by_protocol(protocol),
        alpha: protocol.analysis.alpha,
        loaded: Some(loaded),
    };
    balance::tables(&plan)
}

fn evaluation_stage(
    loaded: &Loaded,
    allocation: &Path,
    session: &Session,
    lang: Lang,
) -> Result<Option<(Evaluation, Vec<String>)>> {
    let protocol = &loaded.protocol;
    let spec = export_spec(protocol);
    let file: Option<PathBuf> = spec.file.as_deref().map(|file| loaded.beside(file));
    let Some(file) = file.filter(|file| file.exists() && !protocol.outcomes.is_empty()) else {
        return Ok(None);
    };
    let plan = EvaluatePlan {
        file,
        options: read_options(&ReadArgs::default(), &spec)?,
        id: spec.id,
        arms: ArmSource::Allocation(allocation.to_path_buf()),
        treated: None,
        control: None,
        declared: Declared::by_protocol(protocol),
        outcomes: protocol.outcomes.clone(),
        covariates: protocol
            .analysis
            .adjust
            .iter()
            .map(|name| named(protocol, name))
            .collect(),
        compliance: protocol.compliance.clone(),
        register: register_of(loaded)?,
        alpha: protocol.analysis.alpha,
        permutations: protocol
            .analysis
            .permutations
            .map(evaluate::number_of_draws)
            .transpose()?,
        se_type: protocol.analysis.se_type,
        subgroups: evaluate::chosen_subgroups(protocol, true, &[]),
        loaded: Some(loaded),
    };
    evaluate::evaluate(plan, session, lang).map(Some)
}
