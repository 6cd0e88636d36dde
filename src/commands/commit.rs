//! `fip commit`: lays down protocol and register before the draw.

use super::{Done, Session};
use crate::cli::CommitArgs;
use crate::error::Result;
use crate::intake::{Loaded, Work, enter};
use crate::protocol::Flags;
use crate::record::{Record, history};
use crate::release::{Results, release};
use crate::report;

pub fn run(args: &CommitArgs, session: &Session) -> Result<Done> {
    let CommitArgs { trial } = args;
    let loaded = Loaded::read(trial)?;
    let work = Work::new(Some(&loaded), Flags::default(), None, None)?;
    let fingerprint = enter::register(&work, &loaded)?;
    let results = Results {
        history: Some(history(&Record::of(trial)?)?),
        ..Results::default()
    };
    let (released, hidden) = release(results, loaded.trial.report.min_cell);
    let lang = session.lang(loaded.trial.about.language);
    let document = report::record::committed(&released, &hidden, &fingerprint, lang);
    let json = report::json::record(&released, lang)?;
    Done::new(document, &json, Vec::new())
}
