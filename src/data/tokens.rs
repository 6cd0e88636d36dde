//! Records into cells. Polars takes apart what is regular; the csv crate what is not, row by row,
//! and says which row is wrong.

use polars::io::csv::read::_csv_read_internal::read_chunk;
use polars::prelude::{CsvParseOptions, DataFrame, DataType, Field, Schema};
use rayon::prelude::*;

use super::blocks::Block;
use super::dialect::Dialect;
use super::quotes::refuse_swallowed;
use super::text::Text;
use crate::error::{Error, Result};

/// The wanted columns of a block.
pub(super) enum Cells {
    Frames(Vec<DataFrame>),
    Careful { columns: Vec<Text>, rows: Vec<u64> },
}

impl Cells {
    /// Visits each cell of a column with its spreadsheet row; `first_row` is the block's.
    pub fn visit(&self, at: usize, first_row: u64, mut f: impl FnMut(u64, &str)) {
        match self {
            Cells::Frames(frames) => {
                let columns = frames
                    .iter()
                    .filter_map(|frame| frame.columns().get(at)?.str().ok());
                let mut row = first_row;
                for chunk in columns.flat_map(|texts| texts.downcast_iter()) {
                    for text in chunk.values_iter() {
                        f(row, text);
                        row += 1;
                    }
                }
            }
            Cells::Careful { columns, rows } => {
                if let Some(texts) = columns.get(at) {
                    for (&row, text) in rows.iter().zip(texts.iter()) {
                        f(row, text);
                    }
                }
            }
        }
    }
}

/// Takes records apart into some of their columns.
pub(super) struct Tokenizer<'a> {
    dialect: &'a Dialect,
    schema: Schema,
    parse: CsvParseOptions,
    /// Indices into the fields of a record, ascending.
    projection: Vec<usize>,
}

impl<'a> Tokenizer<'a> {
    pub fn new(dialect: &'a Dialect, projection: Vec<usize>) -> Self {
        let schema: Schema = (0..dialect.fields())
            .map(|at| Field::new(at.to_string().into(), DataType::String))
            .collect();
        Tokenizer {
            dialect,
            schema,
            parse: CsvParseOptions::default()
                .with_separator(dialect.delimiter)
                .with_missing_is_null(false),
            projection,
        }
    }

    pub fn cells(&self, block: &Block) -> Result<Cells> {
        if block.regular
            && !has_lone_return(block.text.as_bytes())
            && let Some(frames) = self.with_polars(block)
        {
            return Ok(Cells::Frames(frames));
        }
        self.carefully(block)
    }

    /// `None` where polars sees something else than the scan did: then the careful way decides.
    fn with_polars(&self, block: &Block) -> Option<Vec<DataFrame>> {
        // Windows-1252 has grown while it was turned into UTF-8, so its cuts are elsewhere.
        let same = block
            .cuts
            .last()
            .is_some_and(|&(end, _)| end == block.text.len());
        let cuts = match same {
            true => block.cuts.as_slice(),
            false => &[(block.text.len(), block.rows)],
        };
        let starts = std::iter::once((0, 0)).chain(cuts.iter().copied());
        let pieces: Vec<(&[u8], usize)> = starts
            .zip(cuts)
            .map(|((from, before), &(to, rows))| (&block.text.as_bytes()[from..to], rows - before))
            .collect();
        pieces
            .into_par_iter()
            .map(|(bytes, rows)| self.piece(bytes, rows))
            .collect()
    }

    /// The parser that polars runs in each of its own tasks, in one of ours. The bytes must be
    /// valid UTF-8 and regular, which the block is.
    fn piece(&self, bytes: &[u8], rows: usize) -> Option<DataFrame> {
        let frame = read_chunk(
            bytes,
            &self.parse,
            &self.schema,
            false,
            &self.projection,
            0,
            rows,
            None,
            usize::MAX,
            bytes.len(),
            Some(0),
        )
        .ok()?;
        let complete = frame.height() == rows
            && frame.width() == self.projection.len()
            && frame
                .columns()
                .iter()
                .all(|column| column.null_count() == 0);
        complete.then_some(frame)
    }

    fn carefully(&self, block: &Block) -> Result<Cells> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.dialect.delimiter)
            .terminator(csv::Terminator::Any(b'\n'))
            .from_reader(block.text.as_bytes());
        let fields = self.dialect.fields();
        let mut columns = vec![Text::new(); self.projection.len()];
        let mut rows = Vec::new();
        let mut row = block.first_row;
        let mut record = csv::StringRecord::new();
        loop {
            let more = reader
                .read_record(&mut record)
                .map_err(|error| Error::data(format!("cannot be read: {error}")).row(row))?;
            if !more {
                break;
            }
            // The parser passes over blank lines in silence; a spreadsheet counts them.
            let start = record.position().map_or(0, |position| position.byte()) as usize;
            let source = &block.text[start..];
            let blank = source.len() - source.trim_start_matches('\n').len();
            row += blank as u64;
            let source = &source[blank..];

            // A carriage return before the line feed ends the line with it, unless it is between
            // the quotes of the last field; any other is part of a cell.
            let end = reader.position().byte() as usize;
            let returns = block.text[..end].ends_with("\r\n");
            let last = record.len().saturating_sub(1);
            let field = |at: usize| {
                let field = record.get(at).unwrap_or("");
                match field.strip_suffix('\r') {
                    Some(rest) if at == last && returns => rest,
                    _ => field,
                }
            };
            let whole = &block.text.as_bytes()[start + blank..end];
            refuse_swallowed(whole, self.dialect.delimiter, fields, row)?;
            if self.is_blank(&record, source, field(0)) {
                row += 1;
                continue;
            }
            if record.len() != fields {
                return Err(ragged(record.len(), fields).row(row));
            }
            for (column, &at) in columns.iter_mut().zip(self.projection.iter()) {
                column.push(field(at));
            }
            rows.push(row);
            row += 1;
        }
        Ok(Cells::Careful { columns, rows })
    }

    /// A line that a spreadsheet shows as an empty row: nothing but delimiters, or white space
    /// where there should be several fields.
    fn is_blank(&self, record: &csv::StringRecord, source: &str, first: &str) -> bool {
        if source.starts_with('"') {
            return false;
        }
        match (record.len(), self.dialect.fields()) {
            (1, 1) => first.is_empty(),
            (1, _) => first.trim().is_empty(),
            (found, wanted) => {
                let rest = source.trim_start_matches(char::from(self.dialect.delimiter));
                found == wanted && (rest.starts_with('\n') || rest.starts_with("\r\n"))
            }
        }
    }
}

/// Whether a carriage return stands anywhere but before a line feed: there polars ends a field.
fn has_lone_return(text: &[u8]) -> bool {
    memchr::memchr_iter(b'\r', text).any(|at| text.get(at + 1) != Some(&b'\n'))
}

fn ragged(found: usize, wanted: usize) -> Error {
    let count = |fields: usize| match fields {
        1 => "1 field".to_string(),
        many => format!("{many} fields"),
    };
    let hint = match (wanted, found > wanted) {
        (1, true) => "is there a title above the header? The first row must name the columns",
        (_, true) => "put a text that holds the delimiter between quotes, or name the extra column",
        (_, false) => {
            "is there a line break inside a text without quotes, or a total below the data?"
        }
    };
    Error::data(format!(
        "this row has {}, the header has {wanted}",
        count(found)
    ))
    .hint(hint)
}
