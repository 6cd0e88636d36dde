//! `fip synth`: microdata whose tables are the published ones.

use super::{Done, Session, reproduce};
use crate::cli::SynthArgs;
use crate::data::{Existing, OutputFolder};
use crate::document::{Cell, Column, Document, NoteKind, Row, Table};
use crate::error::Result;
use crate::publication::synth::{self, CannotMatch};
use crate::release::no_results;
use crate::report::catalog::sentence;
use crate::words::{Label, Lang, number};

pub fn run(args: &SynthArgs, session: &Session) -> Result<Done> {
    let SynthArgs {
        publication,
        seed,
        out,
    } = args;
    let publication = reproduce::read(publication)?;
    let made = synth::make(&publication, seed.as_deref())?;
    let folder = OutputFolder::create(out)?;
    for (name, _) in &made.files {
        crate::data::refuse_existing(&folder.file(name), Existing::Keep)?;
    }
    let mut notes = Vec::new();
    for (name, text) in &made.files {
        let path = folder.write(name, text.as_bytes(), Existing::Keep)?;
        notes.push(format!("wrote {}", path.display()));
    }
    let lang = session.lang(publication.language.parse().ok());
    let mut document = Document::new(lang, publication.title.clone(), &no_results());
    document.note(NoteKind::Synthetic, sentence::synthetic(lang));
    document.paragraph(sentence::synthesised(
        made.table.matched as u64,
        made.table.cannot.len() as u64,
        &made.seed,
        lang,
    ));
    if !made.table.cannot.is_empty() {
        document.table(cannot(&made.table.cannot, lang));
    }
    let json = serde_json::json!({
        "schema": "fip/synth/1",
        "publication": publication.id,
        "seed": made.seed,
        "matched": made.table.matched,
        "cannot": made.table.cannot.iter().map(|cell| serde_json::json!({
            "table": cell.table, "row": cell.row, "column": cell.column, "printed": cell.printed,
            "got": cell.got.iter().map(|got| got.value).collect::<Vec<f64>>(),
            "why": sentence::why_not(&cell.why, Lang::En),
        })).collect::<Vec<_>>(),
        "files": made.files.iter().map(|(name, _)| name).collect::<Vec<_>>(),
    });
    Done::new(document, &json, notes)
}

fn cannot(cells: &[CannotMatch], lang: Lang) -> Table {
    let mut table = Table::new(
        "cannot",
        Label::CannotMatch.text(lang),
        [
            Column::words(Label::Place.text(lang)),
            Column::numbers(Label::AsPrinted.text(lang)),
            Column::numbers(Label::Value.text(lang)),
            Column::words(Label::Reason.text(lang)),
        ],
    );
    for cell in cells {
        let got: Vec<String> = cell
            .got
            .iter()
            .map(|got| number::fixed(got.value, got.decimals as usize, lang))
            .collect();
        table.row(
            Row::new(format!("{}, {}, {}", cell.table, cell.row, cell.column))
                .with(Cell::text(cell.printed.clone()))
                .with(Cell::text(got.join("; ")))
                .with(Cell::text(sentence::why_not(&cell.why, lang))),
        );
    }
    table
}
