//! Parse, run, print, exit: the only place that prints or exits.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use fip::cli::{Cli, Color, Format, OutputArgs};
use fip::commands::{self, Done, Session};
use fip::document::Document;
use fip::error::Result;
use fip::report;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let session =
        Session::new(cli.output.lang, environment_language()).watched(is_watched(&cli.output));
    match commands::run(&cli.command, &session) {
        Ok(done) => show(&done, &cli.output),
        Err(error) => {
            complain(&format!("error: {error}"));
            ExitCode::from(error.kind().exit_code())
        }
    }
}

/// Whether a person looks at standard error: a terminal that can move its cursor, not the log of
/// a build.
fn is_watched(output: &OutputArgs) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    !output.quiet && io::stderr().is_terminal() && !dumb && !set("CI")
}

/// The locale as POSIX ranks it.
fn environment_language() -> Option<String> {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}

fn show(done: &Done, output: &OutputArgs) -> ExitCode {
    let OutputArgs {
        format,
        lang: _,
        quiet,
        color,
    } = output;
    if !quiet {
        for note in &done.notes {
            complain(&format!("note: {note}"));
        }
    }
    let stdout = io::stdout();
    let text = match (&done.raw, format) {
        (Some(raw), _) => raw.clone(),
        (None, Format::Json) => done.json.clone(),
        (None, Format::Markdown) => report::markdown(&done.document),
        (None, Format::Latex) => report::latex::render(&done.document),
        (None, Format::Html | Format::Csv) => match page(*format, &done.document) {
            Ok(text) => text,
            Err(error) => {
                complain(&format!("error: {error}"));
                return ExitCode::from(error.kind().exit_code());
            }
        },
        (None, Format::Text) => {
            let colored = match color {
                Color::Always => true,
                Color::Never => false,
                Color::Auto => stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none(),
            };
            let width = if stdout.is_terminal() {
                terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0))
            } else {
                80
            };
            report::terminal(
                done.brief.as_ref().unwrap_or(&done.document),
                width.clamp(60, 140),
                colored,
            )
        }
    };
    let text = text.trim_end().to_string() + "\n";
    // A reader that stops early (`| head`) is no failure.
    match stdout.lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!(
                "error: standard output cannot be written: {error}"
            ));
            return ExitCode::from(3);
        }
        _ => {}
    }
    ExitCode::from(u8::from(done.findings))
}

/// The formats that can fail.
fn page(format: Format, document: &Document) -> Result<String> {
    match format {
        Format::Html => report::html::render(document),
        _ => report::csv(document),
    }
}

/// To standard error; if even that fails there is nobody to tell.
fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
