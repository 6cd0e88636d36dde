//! `fip reproduce`: recomputes what a publication prints, and says what does not fit.

use std::path::Path;

use super::{Done, Session};
use crate::audit;
use crate::cli::ReproduceArgs;
use crate::data;
use crate::document::{Cell, Column, Document, Row, Table};
use crate::error::{Error, Result, nearest};
use crate::publication::{self, Publication, builtin};
use crate::release::no_results;
use crate::report::audit_text::Words;
use crate::report::reproduction;
use crate::words::{Label, Lang};

pub fn run(args: &ReproduceArgs, session: &Session) -> Result<Done> {
    let ReproduceArgs {
        publication,
        list,
        new,
        strict,
    } = args;
    if *new {
        let mut done = Done::new(Document::new(Lang::En, "", &no_results()), &(), Vec::new())?;
        done.raw = Some(builtin::TEMPLATE.to_string());
        return Ok(done);
    }
    match publication {
        Some(name) if !list => audited(&read(name)?, session, *strict),
        _ => listed(session),
    }
}

/// A built-in publication, or a file.
pub fn read(name: &str) -> Result<Publication> {
    if let Some(text) = builtin::text(name) {
        return publication::read(text, &format!("{name}.toml"));
    }
    let path = Path::new(name);
    if path.exists() {
        return publication::read(&data::read_text(path)?, name);
    }
    let names = || builtin::ALL.iter().map(|(name, _)| *name);
    let hint = match nearest(name, names()) {
        Some(near) => format!("did you mean '{near}'?"),
        None => format!("built in are: {}", names().collect::<Vec<_>>().join(", ")),
    };
    Err(
        Error::usage("there is no publication of this name, and no such file")
            .value(name)
            .hint(hint),
    )
}

fn audited(publication: &Publication, session: &Session, strict: bool) -> Result<Done> {
    let audit = audit::audit(publication);
    let words = |lang| Words {
        publication,
        audit: &audit,
        lang,
    };
    let lang = session.lang(publication.language.parse().ok());
    let mut done = Done::new(
        reproduction::document(&words(lang)),
        &words(lang).file(),
        Vec::new(),
    )?;
    done.findings = strict && !audit.findings.is_empty();
    Ok(done)
}

fn listed(session: &Session) -> Result<Done> {
    let lang = session.lang(None);
    let mut document = Document::new(lang, "fip reproduce", &no_results());
    let mut table = Table::new(
        "publications",
        Label::BuiltIn.text(lang),
        [
            Column::words(Label::Name.text(lang)),
            Column::words(Label::Publication.text(lang)),
        ],
    );
    let mut all = Vec::new();
    for (name, text) in builtin::ALL {
        let publication = publication::read(text, name)?;
        table.row(Row::new(*name).with(Cell::text(publication.title.clone())));
        all.push(serde_json::json!({"name": name, "title": publication.title, "source": publication.source}));
    }
    document.table(table);
    document.paragraph(Label::OwnPublication.text(lang));
    Done::new(document, &all, Vec::new())
}
