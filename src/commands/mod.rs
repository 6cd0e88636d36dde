//! One file per verb: arguments → trial → results → document.

mod add;
mod amend;
mod assign;
mod balance;
mod commit;
mod evaluate;
mod first_try;
mod init;
mod power;
mod progress;
mod report;
mod reproduce;
mod run;
mod schedule;
mod session;
mod shell;
mod start;
mod synth;
mod verify;

pub use session::{Done, Session};

use crate::cli::{Command, DecimalArg, IdArgs, ReadArgs};
use crate::columns::Decimal;
use crate::error::{Error, Result};
use crate::protocol::{Ids, Reading};

/// What a user of the JSON has to know who wants small numbers kept out of reports.
fn unprotected(min_cell: u64) -> String {
    format!(
        "numbers below {min_cell} are kept out of tables and pages, not out of --format json: that is for programs"
    )
}

/// Pretty JSON with a line end, as it is shown and as it is written to a file.
fn to_json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string_pretty(value)
        .map(|text| text + "\n")
        .map_err(|error| Error::internal(format!("A result cannot be written as JSON: {error}")))
}

/// Runs one command.
///
/// # Errors
/// Whatever the command meets; the kind decides the exit code.
pub fn run(command: &Command, session: &Session) -> Result<Done> {
    match command {
        Command::Init(args) => init::run(args, session),
        Command::Commit(args) => commit::run(args, session),
        Command::Assign(args) => assign::run(args, session),
        Command::Add(args) => add::run(args, session),
        Command::Start(args) => start::run(args, session),
        Command::Amend(args) => amend::run(args, session),
        Command::Verify(args) => verify::run(args, session),
        Command::Balance(args) => balance::run(args, session),
        Command::Evaluate(args) => evaluate::run(args, session),
        Command::Report(args) => report::run(args, session),
        Command::Run(args) => run::run(args, session),
        Command::Schedule(args) => schedule::run(args, session),
        Command::Reproduce(args) => reproduce::run(args, session),
        Command::Synth(args) => synth::run(args, session),
        Command::Power(args) => power::run(args, session),
        Command::Completions(args) => shell::completions(args),
        Command::Man => shell::man(),
    }
}

/// The flags that say how to read a file.
///
/// # Errors
/// Kind `Usage`: a delimiter of more than one character.
fn reading(args: &ReadArgs, ids: &IdArgs) -> Result<Reading> {
    let ReadArgs {
        missing,
        decimal,
        delimiter,
    } = args;
    let delimiter = match delimiter.as_deref() {
        None => None,
        Some("tab" | "\\t" | "\t") => Some(b'\t'),
        Some(text) => match text.as_bytes() {
            [byte] if byte.is_ascii() => Some(*byte),
            _ => {
                return Err(Error::usage("the delimiter has to be one character")
                    .value(text)
                    .hint("for example --delimiter ';' or --delimiter tab"));
            }
        },
    };
    Ok(Reading {
        missing: missing.clone(),
        decimal: decimal.map(|sign| match sign {
            DecimalArg::Comma => Decimal::Comma,
            DecimalArg::Point => Decimal::Point,
        }),
        delimiter,
        ids: Ids {
            people: ids.people.clone(),
            not_people: ids.not_people.clone(),
            width: ids.id_width.map(usize::from),
        },
    })
}
