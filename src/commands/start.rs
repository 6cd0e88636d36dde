//! `fip start`: who is left on the first day, in the order of the lots.

use super::{Done, Session, unprotected};
use crate::cli::StartArgs;
use crate::error::Result;
use crate::intake::{Loaded, ToDraw, Work, enter};
use crate::protocol::Flags;
use crate::record::{Record, history};
use crate::release::{Results, release};
use crate::report;

pub fn run(args: &StartArgs, session: &Session) -> Result<Done> {
    let StartArgs {
        trial,
        register,
        filter,
    } = args;
    let loaded = Loaded::read(trial)?;
    let work = Work::new(Some(&loaded), Flags::default(), None, None)?;
    let filter = filter
        .as_deref()
        .or(loaded.trial.register.filter.as_deref());
    enter::start(&ToDraw::new(&work)?, &loaded, register, filter)?;
    let results = Results {
        history: Some(history(&Record::of(trial)?)?),
        ..Results::default()
    };
    let (released, hidden) = release(results, loaded.trial.report.min_cell);
    let lang = session.lang(loaded.trial.about.language);
    let document = report::record::document(&released, &hidden, lang);
    let json = report::json::record(&released, lang)?;
    Done::new(
        document,
        &json,
        Vec::from_iter(hidden.min_cell.map(unprotected)),
    )
}
