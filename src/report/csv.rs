//! The tables of a document as CSV for machines: one file per table, comma, UTF-8, decimal
//! point, one value per column; in full precision, unless small groups are to be protected.

use super::catalog::Named;
use super::render::{self, Renderer};
use crate::document::{
    Cell, Content, Document, Field, Figure, NoteKind, Part, Row, RowStyle, Table,
};
use crate::error::{Error, Result};
use crate::words::{Label, Lang};

/// A table as CSV.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvTable {
    /// The table's id, fit for a file name.
    pub id: String,
    pub text: String,
}

/// Every table of the document, in reading order.
///
/// Cells that hold several numbers become several columns (`M (SD) mean`, `M (SD) SD`); rows
/// under a section carry its label in a column of their own. Shares stay shares, from 0 to 1.
/// Text that a spreadsheet would run as a formula gets an apostrophe in front.
///
/// # Errors
/// None that depend on the document; the CSV writer's own are passed on as internal.
pub fn render(document: &Document) -> Result<Vec<CsvTable>> {
    let csv = Csv {
        lang: document.lang,
        tables: Vec::new(),
    };
    render::render(document, csv)
}

struct Csv {
    lang: Lang,
    tables: Vec<Result<CsvTable>>,
}

impl Renderer for Csv {
    type Output = Result<Vec<CsvTable>>;

    fn title(&mut self, lang: Lang, _title: &str, _subtitle: Option<&str>) {
        self.lang = lang;
    }

    fn heading(&mut self, _level: u8, _text: &str) {}
    fn paragraph(&mut self, _text: &str) {}
    fn note(&mut self, _kind: NoteKind, _text: &str) {}
    fn list(&mut self, _items: &[String]) {}
    fn figure(&mut self, _number: usize, _figure: &Figure) {}

    fn table(&mut self, _number: usize, table: &Table) {
        self.tables
            .push(write(table, self.lang).map(|text| CsvTable {
                id: table.id.clone(),
                text,
            }));
    }

    fn finish(self) -> Self::Output {
        self.tables.into_iter().collect()
    }
}

fn write(table: &Table, lang: Lang) -> Result<String> {
    let layout: Vec<Vec<Part>> = (0..table.columns.len())
        .map(|column| parts_of(table, column))
        .collect();
    let sections = table.rows.iter().any(|row| row.style == RowStyle::Indented);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(header(table, &layout, sections, lang))
        .map_err(internal)?;
    let mut section = "";
    for row in &table.rows {
        let label = row.cells.first().map_or("", |cell| match &cell.content {
            Content::Text(text) => text,
            _ => "",
        });
        if row.style != RowStyle::Indented {
            section = "";
        }
        let mut record = Vec::new();
        if sections {
            record.push(neutral(section));
        }
        for (column, parts) in layout.iter().enumerate() {
            record.extend(fields(row, column, parts));
        }
        writer.write_record(&record).map_err(internal)?;
        if row.style != RowStyle::Indented {
            section = label;
        }
    }
    let bytes = writer.into_inner().map_err(internal)?;
    String::from_utf8(bytes).map_err(internal)
}

/// The parts that a column's cells have, taken together.
pub(super) fn parts_of(table: &Table, column: usize) -> Vec<Part> {
    let cells = table.rows.iter().filter_map(|row| row.cells.get(column));
    let mut parts: Vec<Part> = cells.flat_map(Cell::parts).map(|(part, _)| part).collect();
    parts.sort_unstable();
    parts.dedup();
    if parts.is_empty() {
        parts.push(Part::Value);
    }
    parts
}

fn header(table: &Table, layout: &[Vec<Part>], sections: bool, lang: Lang) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    if sections {
        names.push(Label::Section.text(lang).to_owned());
    }
    for (column, parts) in table.columns.iter().zip(layout) {
        let name = match &column.group {
            Some(group) => format!("{group}: {}", column.header),
            None => column.header.clone(),
        };
        for part in parts {
            let part = part.name(lang);
            let known = parts.len() == 1 || name.eq_ignore_ascii_case(part);
            let name = if known {
                name.clone()
            } else {
                format!("{name} {part}")
            };
            names.push(neutral(name.trim()));
        }
    }
    names
}

fn fields(row: &Row, column: usize, wanted: &[Part]) -> Vec<String> {
    let parts = row.cells.get(column).map_or(Vec::new(), Cell::parts);
    wanted
        .iter()
        .map(|part| {
            let found = parts.iter().find(|(name, _)| name == part);
            match found.map(|(_, field)| field) {
                Some(Field::Number(number)) => number.clone(),
                Some(Field::Text(text)) => neutral(text),
                None => String::new(),
            }
        })
        .collect()
}

/// Text that a spreadsheet reads as text: an apostrophe before what would start a formula,
/// also in its full-width form. Plain numbers are left as they are.
pub(super) fn neutral(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if formula && !is_plain_number(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || c == '.' || c == ',')
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("a table could not be written as CSV: {error}"))
}
