//! `fip assign`: draws the arms, and keeps every draw that was ever made.

use std::path::Path;

use super::earlier::earlier_draw;
use super::{Done, Session, reading, unprotected};
use crate::cli::{AssignArgs, MethodArg};
use crate::data::{Existing, LOCK, Lock, OutputFolder};
use crate::design::{Manifest, Method, SeedSource, fresh_seed};
use crate::error::Result;
use crate::intake::{Drawn, Loaded, ToDraw, Work, eligible};
use crate::protocol::{FileFlags, Flags};
use crate::record::{ALLOCATION, MANIFEST};
use crate::release::{Results, release};
use crate::report::assignment;

pub fn run(args: &AssignArgs, session: &Session) -> Result<Done> {
    let AssignArgs {
        register,
        trial,
        id,
        arms,
        seed,
        strata,
        cluster,
        filter,
        method,
        out,
        redraw,
        read,
    } = args;
    let loaded = trial.as_deref().map(Loaded::read).transpose()?;
    let flags = Flags {
        register: FileFlags {
            id: id.clone(),
            filter: filter.clone(),
            reading: reading(read)?,
            ..FileFlags::default()
        },
        arms: arms.clone(),
        method: method.map(|method| match method {
            MethodArg::Simple => Method::Simple,
            MethodArg::Complete => Method::Complete,
            MethodArg::Stratified => Method::Stratified,
        }),
        seed: seed.clone(),
        strata: strata.clone(),
        cluster: cluster.clone(),
        ..Flags::default()
    };
    let work = Work::new(loaded.as_ref(), flags, register.as_deref(), None)?;
    let manifest = assign(&ToDraw::new(&work)?, out, redraw.as_deref())?;
    let mut notes = vec![format!(
        "wrote {} and {}",
        out.join(ALLOCATION).display(),
        out.join(MANIFEST).display()
    )];
    let results = Results {
        manifest: Some(manifest.clone()),
        ..Results::default()
    };
    let (released, hidden) = release(results, work.trial.report.min_cell);
    notes.extend(hidden.min_cell.map(unprotected));
    let lang = session.lang(work.trial.about.language);
    let document = assignment::document(&released, &hidden, lang);
    Done::new(document, &manifest, notes)
}

/// Draws and writes allocation and manifest. Nothing is written if anything is wrong.
pub fn assign(plan: &ToDraw<'_>, out: &Path, redraw: Option<&str>) -> Result<Manifest> {
    let existing = match redraw {
        Some(_) => Existing::Replace,
        None => Existing::Keep,
    };
    draw_and_write(plan, out, redraw, existing).map_err(|error| plan.in_protocol(error))
}

/// Draws into a scratch folder, from where the files are to be copied to one that lasts.
pub fn draft(plan: &ToDraw<'_>, scratch: &Path) -> Result<Manifest> {
    draw_and_write(plan, scratch, None, Existing::Replace).map_err(|error| plan.in_protocol(error))
}

fn draw_and_write(
    plan: &ToDraw<'_>,
    out: &Path,
    redraw: Option<&str>,
    existing: Existing,
) -> Result<Manifest> {
    let _lock = Lock::take(out, LOCK)?;
    let earlier = earlier_draw(out, redraw)?;
    let eligible = eligible(plan)?;
    let (seed, seed_source) = match &plan.assignment.seed {
        Some(seed) => (seed.clone(), SeedSource::Given),
        None => (fresh_seed()?, SeedSource::Drawn),
    };
    let drawn = Drawn::new(plan, &eligible.table, &seed)?;
    let mut manifest = drawn.manifest(plan, &eligible, seed_source)?;
    let folder = OutputFolder::create(out)?;
    folder.sweep()?;
    if let Some(earlier) = earlier {
        manifest.previous = earlier.set_aside(&folder)?;
    }
    folder.write(ALLOCATION, &drawn.csv(plan)?, existing)?;
    folder.write(MANIFEST, manifest.to_json()?.as_bytes(), existing)?;
    Ok(manifest)
}
