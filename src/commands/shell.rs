//! `fip completions` and `fip man`: what clap knows, for shells and for `man`.

use clap::CommandFactory;

use super::Done;
use crate::cli::{Cli, CompletionsArgs};
use crate::document::Document;
use crate::error::{Error, Result};
use crate::release::no_results;
use crate::words::Lang;

/// The completion script of one shell.
pub fn completions(args: &CompletionsArgs) -> Result<Done> {
    let mut buffer = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "fip", &mut buffer);
    text(buffer)
}

/// The manual page: the program's own, then one part per command.
pub fn man() -> Result<Done> {
    let mut buffer = Vec::new();
    let command = Cli::command();
    let failed =
        |error: std::io::Error| Error::internal(format!("The manual page cannot be made: {error}"));
    clap_mangen::Man::new(command.clone())
        .render(&mut buffer)
        .map_err(failed)?;
    for sub in command.get_subcommands() {
        let name: &'static str = format!("fip-{}", sub.get_name()).leak();
        clap_mangen::Man::new(sub.clone().name(name))
            .render(&mut buffer)
            .map_err(failed)?;
    }
    text(buffer)
}

fn text(buffer: Vec<u8>) -> Result<Done> {
    let raw = String::from_utf8(buffer).map_err(|error| Error::internal(error.to_string()))?;
    Ok(Done {
        brief: None,
        document: Document::new(Lang::En, "fip", &no_results()),
        json: String::new(),
        raw: Some(raw),
        notes: Vec::new(),
        findings: false,
    })
}
