//! `fip report`: the results of a folder as one document.

use super::{Done, Session};
use crate::cli::ReportArgs;
use crate::data::WholeFolder;
use crate::error::Result;
use crate::intake::left::read;
use crate::release::{Results, release};
use crate::report;
use crate::report::write::write;
use crate::results::Provenance;
use crate::words::Lang;

pub fn run(args: &ReportArgs, session: &Session) -> Result<Done> {
    let ReportArgs {
        dir,
        out,
        write: forms,
    } = args;
    let results = read(dir)?;
    let lang = session.lang(language(&results));
    let (released, hidden) = release(results, None);
    let document = report::trial::document(&released, &hidden, lang);
    let mut notes = Vec::new();
    if let Some(out) = out {
        let folder = WholeFolder::begin(out)?;
        notes.push(write(&document, forms, &folder)?);
        folder.put()?;
    }
    let json = report::json::together("fip/report/1", &released, lang)?;
    Done::new(document, &json, notes)
}

/// The language that the results were made in.
fn language(results: &Results) -> Option<Lang> {
    let mut made = provenances(results).map(|provenance| provenance.language.as_deref());
    made.next()?.and_then(|code| code.parse().ok())
}

fn provenances(results: &Results) -> impl Iterator<Item = &Provenance> {
    let evaluated = results.evaluation.iter();
    let compared = results.balance.iter();
    evaluated
        .map(|evaluation| &evaluation.provenance)
        .chain(compared.map(|table| &table.provenance))
}
