//! What several verbs read: the protocol, how a file is to be read, a variable with its kind.

use std::path::{Path, PathBuf};

use crate::cli::{DecimalArg, ReadArgs};
use crate::data::{self, Decimal, Guess, ReadOptions, Table, Text, Want};
use crate::design::Texts;
use crate::error::{Error, Result};
use crate::protocol::{self, Flags, InputSpec, Reading, Trial, Variable};
use crate::results::{InputFile, Provenance, VariableKind};
use crate::variable::{Measured, Values};

/// The version that is written into every result.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

impl Texts for Text {
    fn count(&self) -> usize {
        self.len()
    }

    fn text(&self, row: usize) -> &str {
        self.get(row)
    }
}

/// A protocol with the file it came from.
pub struct Loaded {
    pub trial: Trial,
    pub path: PathBuf,
    pub sha256: String,
}

impl Loaded {
    pub fn read(path: &Path) -> Result<Self> {
        let text = data::read_text(path)?;
        Ok(Loaded {
            trial: protocol::parse(&text, &path.display().to_string())?,
            path: path.to_path_buf(),
            sha256: data::sha256_hex(text.as_bytes()),
        })
    }

    /// A file that the protocol names: beside the protocol unless absolute.
    pub fn beside(&self, file: &str) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(file)
    }

    /// Where a condition stands.
    pub fn line_of(&self, condition: &str) -> Option<Line> {
        let line = self.trial.condition_lines.get(condition.trim())?;
        Some((self.path.display().to_string(), *line))
    }

    pub fn record(&self) -> InputFile {
        InputFile {
            role: "protocol".to_string(),
            file: file_name(&self.path),
            sha256: self.sha256.clone(),
        }
    }
}

/// A trial as a command takes it up: what is laid down, with the flags over it, and where its files
/// are.
pub struct Work<'a> {
    pub trial: Trial,
    /// The protocol that it is held against.
    pub loaded: Option<&'a Loaded>,
    pub register: Option<PathBuf>,
    pub export: Option<PathBuf>,
}

impl<'a> Work<'a> {
    /// Files given by flag are where the flag says, those of the protocol beside it.
    ///
    /// # Errors
    /// Those of [`Trial::with`].
    pub fn new(
        loaded: Option<&'a Loaded>,
        flags: Flags,
        register: Option<&Path>,
        export: Option<&Path>,
    ) -> Result<Self> {
        let own = |path: Option<&Path>| path.map(|path| path.display().to_string());
        let mut flags = flags;
        flags.register.file = own(register);
        flags.export.file = own(export);
        let nothing = Trial::default();
        let trial = loaded
            .map_or(&nothing, |loaded| &loaded.trial)
            .with(flags)?;
        let named = |path: Option<&Path>, spec: &InputSpec| match (path, loaded, &spec.file) {
            (Some(path), _, _) => Some(path.to_path_buf()),
            (None, Some(loaded), Some(file)) => Some(loaded.beside(file)),
            _ => None,
        };
        Ok(Work {
            register: named(register, &trial.register),
            export: named(export, &trial.export()),
            trial,
            loaded,
        })
    }

    /// An error about something that is not laid down: in the protocol, or by flag.
    pub fn not_said(&self, what: &str, by_protocol: &str, by_flag: &str) -> Error {
        match self.loaded {
            Some(loaded) => Error::protocol(format!("the protocol does not say {what}"))
                .file(loaded.path.display())
                .hint(by_protocol),
            None => Error::usage(format!("it is not said {what}")).hint(by_flag),
        }
    }
}

/// A protocol by its path, and a line of it.
pub type Line = (String, u64);

/// An error about a condition and a file: it points to the line of the protocol that has the
/// condition, if one has.
pub fn in_line(error: Error, line: Option<Line>) -> Error {
    let Some((protocol, line)) = line else {
        return error;
    };
    let hint = match (error.hint_text(), &error.place().file) {
        (Some(hint), Some(file)) => format!("{hint} (in {file})"),
        (hint, file) => hint.or(file.as_deref()).unwrap_or_default().to_string(),
    };
    error.file(protocol).line(line).hint(hint)
}

/// What a result was made from, in the order in which it was read.
pub fn provenance(loaded: Option<&Loaded>, inputs: Vec<InputFile>) -> Provenance {
    Provenance {
        fip_version: VERSION.to_string(),
        trial: loaded.and_then(|loaded| loaded.trial.about.name.clone()),
        language: loaded
            .and_then(|loaded| loaded.trial.about.language)
            .map(|language| language.code().to_string()),
        synthetic: loaded.is_some_and(|loaded| loaded.trial.about.synthetic),
        min_cell: loaded.and_then(|loaded| loaded.trial.report.min_cell),
        inputs: loaded
            .map(Loaded::record)
            .into_iter()
            .chain(inputs)
            .collect(),
    }
}

/// A file's own name: results must not depend on where a folder happens to be.
pub fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// A table as an input of a result.
pub fn input(role: &str, path: &Path, table: &Table) -> InputFile {
    InputFile {
        role: role.to_string(),
        file: file_name(path),
        sha256: table.sha256().to_string(),
    }
}

/// The flags that say how to read a file.
///
/// # Errors
/// Kind `Usage`: a delimiter of more than one character.
pub fn reading(args: &ReadArgs) -> Result<Reading> {
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
    })
}

/// How a file is read, as the data room takes it.
pub fn read_options(reading: &Reading) -> ReadOptions {
    let Reading {
        missing,
        decimal,
        delimiter,
    } = reading;
    ReadOptions {
        missing: missing.clone(),
        decimal: *decimal,
        delimiter: *delimiter,
        ..ReadOptions::default()
    }
}

/// The columns to read, each for the strictest use that is made of it.
#[derive(Default)]
pub struct Wants {
    columns: Vec<(String, Want)>,
}

impl Wants {
    pub fn add(&mut self, name: &str, want: Want) {
        self.columns.push((name.to_string(), want));
    }

    pub fn auto<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        for name in names {
            self.add(name, Want::Auto);
        }
    }

    pub fn variable(&mut self, variable: &Variable) {
        let want = match variable.kind {
            Some(VariableKind::Numeric) => Want::Numeric,
            _ => Want::Auto,
        };
        self.add(&variable.name, want);
    }

    pub fn read(&self, file: &data::CsvFile) -> Result<Table> {
        let wants: Vec<(&str, Want)> = self
            .columns
            .iter()
            .map(|(name, want)| (name.as_str(), *want))
            .collect();
        file.read(&wants)
    }
}

/// A variable's values, read as its kind says; without a kind, as the values look.
pub fn measured(table: &Table, spec: &Variable) -> Result<Measured> {
    let (kind, guessed) = match spec.kind {
        Some(kind) => (kind, false),
        None if spec.levels.is_some() => (VariableKind::Categorical, false),
        None => (guess(table, &spec.name)?, true),
    };
    let values = match kind {
        VariableKind::Numeric => Values::Numeric(table.numeric(&spec.name)?),
        VariableKind::Binary => Values::Binary(table.binary(&spec.name, two_levels(spec)?)?),
        VariableKind::Ordinal | VariableKind::Categorical => {
            Values::Levels(table.levels(&spec.name, spec.levels.as_deref())?)
        }
    };
    Ok(Measured {
        spec: spec.clone(),
        kind,
        guessed,
        values,
    })
}

fn two_levels(spec: &Variable) -> Result<Option<[&str; 2]>> {
    match spec.levels.as_deref() {
        None => Ok(None),
        Some([no, yes]) => Ok(Some([no.as_str(), yes.as_str()])),
        Some(_) => Err(Error::protocol(format!(
            "'{}' is binary, but has not two levels",
            spec.name
        ))
        .hint("give the level that counts as 0 first: levels = [\"man\", \"vrouw\"]")),
    }
}

/// The kind that a column's values suggest.
fn guess(table: &Table, name: &str) -> Result<VariableKind> {
    let profile = table.profile(name)?;
    match profile.guess {
        Guess::Numeric | Guess::Scale => Ok(VariableKind::Numeric),
        Guess::Binary if profile.levels.iter().all(|level| data::is_yes_or_no(level)) => {
            Ok(VariableKind::Binary)
        }
        Guess::Binary | Guess::Categorical => Ok(VariableKind::Categorical),
        // Nothing to compare, which the results say; the other variables are not kept from it.
        Guess::Constant if table.numeric(name).is_ok() => Ok(VariableKind::Numeric),
        Guess::Constant => Ok(VariableKind::Categorical),
        Guess::Empty | Guess::Id | Guess::Date | Guess::FreeText => Err(Error::data(format!(
            "'{name}' cannot be compared: {}",
            profile.why.because()
        ))
        .file(table.file())
        .column(name)
        .hint(
            "leave it out, or say how it is measured in a protocol or with --kind of fip evaluate",
        )),
    }
}
