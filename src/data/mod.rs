//! Files in, typed columns out: the only room that knows files, polars, encodings and locales.
//!
//! A file goes through [`open`] (delimiter, encoding, header) and [`CsvFile::read`] into a
//! [`Table`]; a table is asked for typed columns by name. On the way:
//!
//! - `source`, `stream`: bytes, hashed and turned into UTF-8
//! - `dialect`, `scan`, `blocks`: delimiter and header, whole records in blocks
//! - `tokens`, `cells`: records into columns, kept compactly; `quotes`: records that swallow others
//! - `number`, `decision`, `missing`: what a cell means, and which decimal sign a file has
//! - `convert`, `yes_no`: typed columns, or an error with row, column and value
//! - `condition`: SQL expressions over a table; `keys`, `ids`: ids, judged and joined; `profile`: what a column
//!   looks like; `output`: files written whole, never over something else

mod blocks;
mod cells;
mod condition;
mod convert;
mod decision;
mod dialect;
mod file;
mod header;
mod ids;
mod keys;
mod lock;
mod missing;
mod number;
mod once;
mod output;
mod profile;
mod quotes;
mod restate;
mod roles;
mod rows;
mod scan;
mod source;
mod stream;
mod table;
mod text;
mod tokens;
mod whole;
mod yes_no;

pub use cells::Want;
pub use condition::{Reason, Verdict, Verdicts};
pub use file::{CsvFile, ReadOptions, open, open_bytes, peek};
pub use ids::{Odd, near_ids, odd_ids};
pub use keys::{Join, Keys, OtherForm, join, other_form};
pub use lock::{LOCK, Lock};
pub use missing::{DEFAULT_MISSING, Kept, MissingCodes, complete_cases};
pub use once::{file_names, folders, put_once, sweep_drafts};
pub use output::{
    Existing, OutputFolder, csv_bytes, read_bytes, read_text, refuse_existing, write_csv,
    write_file,
};
pub use profile::{Guess, Profile, Role, Why};
pub use source::sha256_hex;
pub use table::Table;
pub use text::Text;
pub use whole::{SUMS, WholeFolder, refuse_foreign, refuse_handed_in};
pub use yes_no::is_yes_or_no;
