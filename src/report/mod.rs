//! Results to a Document, a Document to text, Markdown, HTML, LaTeX, Word, Excel and CSV.
//!
//! A stage's result becomes one [`Document`] of typed cells; each format is one
//! [`render::Renderer`]. Numbers become text in [`crate::words::number`] only, words come from
//! [`catalog`] only, so that formats and languages cannot disagree.

pub mod assignment;
pub mod audit_text;
pub mod balance;
pub mod catalog;
pub mod csv;
pub mod docx;
pub mod evaluation;
pub mod html;
pub mod json;
pub mod latex;
pub mod lists;
pub mod markdown;
pub mod picture;
pub mod plain;
pub mod power;
pub mod record;
pub mod render;
pub mod reproduction;
pub mod schedule;
pub mod terminal;
pub mod trial;
pub mod verification;
pub mod write;
pub mod xlsx;

mod brief;
mod charts;
mod checklist;
mod columns;
mod costs;
mod deviations;
mod flow;
mod grid;
mod layout;
mod methods;
mod parts;
mod provenance;
mod sensitivity;
mod text;
mod withheld;

pub use csv::CsvTable;

// What has moved, until every branch has the new paths.
pub use crate::document::{self, cell, figure};
pub use crate::words::{Lang, lang, number};

use crate::document::Document;
use crate::error::Result;

/// The document as Markdown.
pub fn markdown(document: &Document) -> String {
    markdown::render(document)
}

/// The document for a terminal of this width.
pub fn terminal(document: &Document, width: usize, color: bool) -> String {
    terminal::render(document, width, color)
}

/// The document's tables, each as a CSV file.
pub fn csv_tables(document: &Document) -> Result<Vec<CsvTable>> {
    csv::render(document)
}

/// All tables after one another, an empty line between them.
pub fn csv(document: &Document) -> Result<String> {
    let tables: Vec<String> = csv_tables(document)?
        .into_iter()
        .map(|table| table.text)
        .collect();
    Ok(tables.join("\n"))
}
