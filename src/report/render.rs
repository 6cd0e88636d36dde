//! What every format has to know how to write, and the one walk over a document.

use crate::document::{Block, Document, Figure, NoteKind, Table};
use crate::words::Lang;

/// A format: small hooks, called in reading order.
///
/// `Output` is a `String` for text, a list of files for CSV, and whatever a library for
/// documents or workbooks needs.
pub trait Renderer {
    type Output;

    /// First, and once: everything after it is in this language.
    fn title(&mut self, lang: Lang, title: &str, subtitle: Option<&str>);
    fn heading(&mut self, level: u8, text: &str);
    fn paragraph(&mut self, text: &str);
    fn note(&mut self, kind: NoteKind, text: &str);
    fn list(&mut self, items: &[String]);
    /// Tables are numbered from 1.
    fn table(&mut self, number: usize, table: &Table);
    /// Figures are numbered from 1, apart from the tables.
    fn figure(&mut self, number: usize, figure: &Figure);
    fn finish(self) -> Self::Output;
}

/// Writes a document in a format.
pub fn render<R: Renderer>(document: &Document, mut renderer: R) -> R::Output {
    renderer.title(document.lang, &document.title, document.subtitle.as_deref());
    let (mut tables, mut figures) = (0, 0);
    for block in &document.blocks {
        match block {
            Block::Heading { level, text } => renderer.heading(*level, text),
            Block::Paragraph(text) => renderer.paragraph(text),
            Block::Note { kind, text } => renderer.note(*kind, text),
            Block::List(items) => renderer.list(items),
            Block::Table(table) => {
                tables += 1;
                renderer.table(tables, table);
            }
            Block::Figure(figure) => {
                figures += 1;
                renderer.figure(figures, figure);
            }
        }
    }
    renderer.finish()
}
