//! `fip amend`: a change of the protocol, or people who were drawn in error, on record with the reason.

use super::{Done, Session};
use crate::cli::AmendArgs;
use crate::error::Result;
use crate::intake::{Loaded, enter};
use crate::record::{Record, history};
use crate::release::{Results, release};
use crate::report;

pub fn run(args: &AmendArgs, session: &Session) -> Result<Done> {
    let AmendArgs {
        trial,
        reason,
        drawn_in_error,
    } = args;
    let loaded = Loaded::read(trial)?;
    enter::amend(&loaded, reason, drawn_in_error)?;
    let results = Results {
        history: Some(history(&Record::of(trial)?)?),
        ..Results::default()
    };
    let (released, hidden) = release(results, loaded.trial.report.min_cell);
    let lang = session.lang(loaded.trial.about.language);
    let document = report::record::document(&released, &hidden, lang);
    let json = report::json::record(&released, lang)?;
    Done::new(document, &json, Vec::new())
}
