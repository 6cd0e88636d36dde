//! `fip add`: a later batch of new clients, drawn into the same trial.

use super::{Done, Session, unprotected};
use crate::cli::AddArgs;
use crate::error::Result;
use crate::intake::{Loaded, ToDraw, Work, enter};
use crate::protocol::{Flags, parse_arms};
use crate::record::{Record, history};
use crate::release::{Results, release};
use crate::report;

pub fn run(args: &AddArgs, session: &Session) -> Result<Done> {
    let AddArgs {
        trial,
        register,
        arms,
    } = args;
    let loaded = Loaded::read(trial)?;
    let work = Work::new(Some(&loaded), Flags::default(), Some(register), None)?;
    let sizes = match arms.as_slice() {
        [] => None,
        arms => Some(
            parse_arms(arms)?
                .into_iter()
                .map(|arm| arm.plan)
                .collect::<Vec<_>>(),
        ),
    };
    let manifest = enter::add(ToDraw::new(&work)?, &loaded, sizes.as_deref())?;
    let results = Results {
        manifest: Some(manifest),
        history: Some(history(&Record::of(trial)?)?),
        ..Results::default()
    };
    let (released, hidden) = release(results, loaded.trial.report.min_cell);
    let lang = session.lang(loaded.trial.about.language);
    let document = report::record::entered(&released, &hidden, lang);
    let json = report::json::record(&released, lang)?;
    Done::new(
        document,
        &json,
        Vec::from_iter(hidden.min_cell.map(unprotected)),
    )
}
