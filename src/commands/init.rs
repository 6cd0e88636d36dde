//! `fip init`: looks at a file and drafts a protocol for it, saying what it guessed and why.

use serde::Serialize;

use super::reading;
use super::{Done, Session};
use crate::cli::{IdArgs, InitArgs};
use crate::data::{self, Existing, OutputFolder, Profile};
use crate::document::{Cell, Column, Document, NoteKind, Row, Table as Shown};
use crate::error::Result;
use crate::intake::draft::{Draft, Looked, from_folder};
use crate::intake::read_options;
use crate::release::no_results;
use crate::report::catalog::column;
use crate::report::catalog::sentence;
use crate::words::{Label, Lang};

const TRIAL: &str = "trial.toml";

/// A column as it is shown and as JSON has it.
#[derive(Serialize)]
struct Guessed<'a> {
    file: &'a str,
    column: &'a str,
    taken_as: &'static str,
    because: &'static str,
    missing: u64,
    distinct: usize,
}

pub fn run(args: &InitArgs, session: &Session) -> Result<Done> {
    let InitArgs {
        register,
        outcomes,
        out,
        read,
    } = args;
    let options = read_options(&reading(read, &IdArgs::default())?);
    data::refuse_existing(&out.join(TRIAL), Existing::Keep)?;
    let lang = session.lang(None);
    let clients = Looked::at(register, &options)?;
    let export = outcomes
        .as_deref()
        .map(|path| Looked::at(path, &options))
        .transpose()?;
    let draft = Draft {
        clients: &clients,
        export: export.as_ref(),
        lang,
    };
    let text = draft.text(
        &from_folder(register, out)?,
        outcomes
            .as_deref()
            .map(|path| from_folder(path, out))
            .transpose()?
            .as_deref(),
    )?;
    let folder = OutputFolder::create(out)?;
    folder.write(TRIAL, text.as_bytes(), Existing::Keep)?;
    let notes = vec![format!(
        "wrote {}; read it through before the draw",
        folder.file(TRIAL).display()
    )];
    let mut document = Document::new(lang, Label::Draft.text(lang), &no_results());
    let mut all = Vec::new();
    for looked in [Some(&clients), export.as_ref()].into_iter().flatten() {
        document.table(shown(looked, lang));
        all.extend(
            looked
                .profiles
                .iter()
                .map(|profile| guessed(looked, profile, Lang::En)),
        );
    }
    document.note(NoteKind::Info, sentence::check_draft(lang));
    Done::new(document, &all, notes)
}

fn guessed<'a>(looked: &'a Looked, profile: &'a Profile, lang: Lang) -> Guessed<'a> {
    Guessed {
        file: &looked.file,
        column: &profile.name,
        taken_as: column::guess(profile.guess, lang),
        because: column::why(profile.why, lang),
        missing: (profile.rows - profile.valid) as u64,
        distinct: profile.distinct,
    }
}

fn shown(looked: &Looked, lang: Lang) -> Shown {
    let mut table = Shown::new(
        "columns",
        sentence::columns_of(&looked.file, looked.table.rows() as u64, lang),
        [
            Column::words(Label::ColumnName.text(lang)),
            Column::words(Label::TakenAs.text(lang)),
            Column::words(Label::Because.text(lang)),
            Column::numbers(Label::Missing.text(lang)),
        ],
    );
    for profile in &looked.profiles {
        let guess = guessed(looked, profile, lang);
        table.row(
            Row::new(guess.column)
                .with(Cell::text(guess.taken_as))
                .with(Cell::text(guess.because))
                .with(Cell::count(guess.missing)),
        );
    }
    table
}
