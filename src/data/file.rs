//! A CSV file: opened, looked at, and read into a table.

use std::path::Path;

use rayon::prelude::*;

use super::blocks::{Block, Blocks};
use super::cells::{Cells, Collector, Want};
use super::decision::Decision;
use super::dialect::Dialect;
use super::header::{listed, no_such_column};
use super::missing::MissingCodes;
use super::rows::Rows;
use super::source::{Source, cannot_read};
use super::stream::Stream;
use super::table::{Column, Table, weigh};
use super::tokens::{self, Tokenizer};
use crate::columns::Decimal;
use crate::error::{Error, Result, nearest};

/// So much of a file is in memory at a time, twice: one block is read while another is parsed.
const BLOCK: usize = 8 << 20;

/// What a user or a protocol says about a file. By default all is found from the file itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Missing codes in place of [`super::DEFAULT_MISSING`].
    pub missing: Option<Vec<String>>,
    pub decimal: Option<Decimal>,
    pub delimiter: Option<u8>,
    /// Bytes read at a time; for tests of the seams between blocks.
    pub block_size: Option<usize>,
}

/// A CSV file whose header has been read.
#[derive(Debug, Clone)]
pub struct CsvFile {
    name: String,
    source: Source,
    dialect: Dialect,
    missing: MissingCodes,
    decimal: Option<Decimal>,
    block_size: usize,
}

/// Opens a CSV file and reads its header.
///
/// # Errors
/// The file is not there, may not be read, is a folder, empty, or not a text file; a column has no
/// name, or two have the same.
pub fn open(path: &Path, options: &ReadOptions) -> Result<CsvFile> {
    CsvFile::new(path.display().to_string(), Source::new(path)?, options)
}

/// The same for bytes in memory, with a name for messages.
pub fn open_bytes(name: &str, bytes: Vec<u8>, options: &ReadOptions) -> Result<CsvFile> {
    CsvFile::new(name.to_string(), Source::Memory(bytes.into()), options)
}

/// The beginning of a large file as a table, to see how its columns look before the whole is
/// read; none for a file of up to `bytes`, and where the beginning cannot be read by itself.
pub fn peek(path: &Path, options: &ReadOptions, bytes: usize) -> Result<Option<Table>> {
    let source = Source::new(path)?;
    let mut start = Vec::new();
    if matches!(source, Source::Memory(_))
        || source
            .open()?
            .fill(bytes + 1, &mut start)
            .map_err(|error| cannot_read(path, &error))?
            <= bytes
    {
        return Ok(None);
    }
    let whole_lines = memchr::memrchr(b'\n', &start).map_or(0, |end| end + 1);
    start.truncate(whole_lines);
    Ok(open_bytes(&path.display().to_string(), start, options)
        .and_then(|file| file.read_all())
        .ok())
}

impl CsvFile {
    fn new(name: String, source: Source, options: &ReadOptions) -> Result<Self> {
        let ReadOptions {
            missing,
            decimal,
            delimiter,
            block_size,
        } = options;
        let dialect = Stream::open(&source, &name)
            .and_then(|mut stream| Dialect::find(&mut stream, *delimiter))
            .map_err(|error| error.file(&name))?;
        Ok(CsvFile {
            name,
            source,
            dialect,
            missing: missing
                .as_ref()
                .map_or_else(MissingCodes::default, MissingCodes::new),
            decimal: *decimal,
            block_size: block_size.unwrap_or(BLOCK),
        })
    }

    /// The file's name as it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The column names, without surrounding white space.
    pub fn header(&self) -> &[String] {
        &self.dialect.header
    }

    pub fn delimiter(&self) -> u8 {
        self.dialect.delimiter
    }

    /// Checks that there is a column of this name.
    pub fn require(&self, column: &str) -> Result<()> {
        self.position(column).map(|_| ())
    }

    /// The same where the column may be in another file instead.
    pub fn require_with(&self, other: &CsvFile, column: &str) -> Result<()> {
        if self
            .header()
            .iter()
            .chain(other.header())
            .any(|name| name == column)
        {
            return Ok(());
        }
        let all = self.header().iter().chain(other.header());
        let near = nearest(column, all.map(String::as_str))
            .map(|name| format!("did you mean '{name}'? "))
            .unwrap_or_default();
        Err(Error::data(format!(
            "there is no column '{column}', neither in {} nor in {}",
            self.name, other.name
        ))
        .hint(format!(
            "{near}The columns of {} are: {}; those of {}: {}",
            self.name,
            listed(self.header()),
            other.name,
            listed(other.header())
        )))
    }

    fn position(&self, column: &str) -> Result<usize> {
        let header = self.header();
        header
            .iter()
            .position(|name| name == column)
            .ok_or_else(|| no_such_column(column, header).file(&self.name))
    }

    /// Reads all columns, for any use.
    pub fn read_all(&self) -> Result<Table> {
        let wants: Vec<(&str, Want)> = self
            .header()
            .iter()
            .map(|name| (name.as_str(), Want::Auto))
            .collect();
        self.read(&wants)
    }

    /// Reads some columns. A column named twice is kept so that both uses are possible.
    ///
    /// The file's decimal sign is decided by the numbers in the columns read as [`Want::Numeric`]
    /// or [`Want::Auto`]; a column has a say if all of its values look like numbers. Only if those
    /// have cells with two readings and nothing that decides, the other columns of the file are
    /// asked.
    ///
    /// # Errors
    /// A column that is not there; no rows; a row with more or fewer fields than the header; a
    /// quote that is never closed; text that is neither UTF-8 nor Windows-1252.
    pub fn read(&self, wants: &[(&str, Want)]) -> Result<Table> {
        let mut plan: Vec<(usize, Want)> = Vec::new();
        for (name, want) in wants {
            let at = self.position(name)?;
            match plan.iter_mut().find(|(other, _)| *other == at) {
                Some((_, other)) => *other = other.both(*want),
                None => plan.push((at, *want)),
            }
        }
        plan.sort_unstable_by_key(|(at, _)| *at);
        let read = self.pass(&plan).map_err(|error| error.file(&self.name))?;
        let mut columns = self.name_columns(&plan, read.cells);
        let decision = match self.decimal {
            Some(decimal) => Decision::Decided(decimal),
            None => self.decide(&columns, &read.rows)?,
        };
        for column in &mut columns {
            if let Cells::Numbers(numbers) = &mut column.cells {
                let own = decision.or_own(&column.name, &numbers.evidence);
                numbers.settle(own.decimal());
            }
        }
        Ok(Table {
            file: self.name.clone(),
            rows: read.rows,
            skipped: read.skipped,
            sha256: read.sha256,
            columns,
            missing: self.missing.clone(),
            decision,
        })
    }

    /// What the columns that were read decide; failing that, the others.
    fn decide(&self, read: &[Column], rows: &Rows) -> Result<Decision> {
        let (decision, open) = weigh(read, rows, &self.missing);
        if decision != Decision::Open || !open {
            return Ok(decision);
        }
        let is_read = |name: &String| read.iter().any(|column| column.name == *name);
        let others: Vec<(usize, Want)> = (0..self.header().len())
            .filter(|&at| !is_read(&self.header()[at]))
            .map(|at| (at, Want::Auto))
            .collect();
        if others.is_empty() {
            return Ok(Decision::Open);
        }
        let pass = self.pass(&others).map_err(|error| error.file(&self.name))?;
        let columns = self.name_columns(&others, pass.cells);
        // Witnesses that contradict each other settle nothing.
        Ok(match weigh(&columns, &pass.rows, &self.missing).0 {
            Decision::Conflict { .. } => Decision::Open,
            settled => settled,
        })
    }

    fn name_columns(&self, plan: &[(usize, Want)], cells: Vec<Cells>) -> Vec<Column> {
        plan.iter()
            .zip(cells)
            .map(|(&(at, want), cells)| Column {
                name: self.header()[at].clone(),
                want,
                cells,
            })
            .collect()
    }

    /// One pass through the file.
    fn pass(&self, plan: &[(usize, Want)]) -> Result<Pass> {
        let named = self.header().len();
        let projection: Vec<usize> = plan
            .iter()
            .map(|(at, _)| *at)
            .chain(named..self.dialect.fields())
            .collect();
        let projection = if projection.is_empty() {
            vec![0]
        } else {
            projection
        };
        let tokenizer = Tokenizer::new(&self.dialect, projection);
        let mut pass = Pass {
            rows: Rows::new(),
            skipped: 0,
            sha256: String::new(),
            cells: Vec::new(),
        };
        let mut collectors: Vec<Collector> =
            plan.iter().map(|(_, want)| Collector::new(*want)).collect();

        let stream = Stream::open(&self.source, &self.name)?;
        let mut blocks = Blocks::new(stream, &self.dialect, self.block_size);
        let mut current = blocks.next()?;
        while let Some(block) = current {
            let (next, done) = rayon::join(
                || blocks.next(),
                || self.collect(&block, &tokenizer, &mut collectors, &mut pass),
            );
            done?;
            current = next?;
            blocks.recycle(block);
        }
        if pass.rows.len() == 0 {
            return Err(Error::data("this file has a header but no rows")
                .hint("a row per person must follow the header; is this the right export?"));
        }
        pass.sha256 = blocks.sha256();
        pass.cells = collectors.into_par_iter().map(Collector::finish).collect();
        Ok(pass)
    }

    fn collect(
        &self,
        block: &Block,
        tokenizer: &Tokenizer,
        collectors: &mut [Collector],
        pass: &mut Pass,
    ) -> Result<()> {
        let cells = tokenizer.cells(block)?;
        for at in collectors.len()..collectors.len() + self.dialect.unnamed {
            let mut found = None;
            cells.visit(at, block.first_row, |row, value| {
                if found.is_none() && !value.trim().is_empty() {
                    found = Some((row, value.to_string()));
                }
            });
            if let Some((row, value)) = found {
                let column = self.header().len() + at - collectors.len() + 1;
                return Err(Error::data(format!(
                    "column {column} has no name, but here is a value in it"
                ))
                .row(row)
                .value(value)
                .hint("name the column in the first row, or empty it"));
            }
        }
        collectors
            .par_iter_mut()
            .enumerate()
            .for_each(|(at, collector)| {
                collector.extend(&cells, at, block.first_row, &self.missing, self.decimal);
            });
        pass.skipped += match &cells {
            tokens::Cells::Frames(_) => {
                pass.rows.push_run(block.first_row, block.rows);
                0
            }
            tokens::Cells::Careful { rows, .. } => {
                for &row in rows {
                    pass.rows.push_run(row, 1);
                }
                (block.rows - rows.len()) as u64
            }
        };
        Ok(())
    }
}

/// What one pass through a file brings home.
struct Pass {
    rows: Rows,
    skipped: u64,
    sha256: String,
    cells: Vec<Cells>,
}
