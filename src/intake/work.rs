//! A trial as a command takes it up: the protocol with its file, and what results are made from.

use std::path::{Path, PathBuf};

use super::elsewhere::refuse_other_allocation;
use crate::data::{self, ReadOptions, Table};
use crate::error::{Error, Result};
use crate::protocol::{self, Flags, InputSpec, Reading, Trial};
use crate::record::{Record, RecordedDraw};
use crate::results::{InputFile, Provenance};

/// The version that is written into every result.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A protocol with the file it came from.
pub struct Loaded {
    pub trial: Trial,
    pub path: PathBuf,
    /// The file as it is.
    pub bytes: Vec<u8>,
    pub sha256: String,
    /// The protocol that counts as registered, where a record has one.
    registered: Option<Trial>,
}

impl Loaded {
    pub fn read(path: &Path) -> Result<Self> {
        let text = data::read_text(path)?;
        let bytes = data::read_bytes(path)?;
        Ok(Loaded {
            trial: protocol::parse(&text, &path.display().to_string())?,
            path: path.to_path_buf(),
            sha256: data::sha256_hex(&bytes),
            bytes,
            registered: None,
        })
    }

    /// The protocol held against the one that its record has as registered.
    ///
    /// # Errors
    /// The protocol on record cannot be read.
    pub fn on(self, record: &Record) -> Result<Self> {
        let Some(recorded) = record.registered() else {
            return Ok(self);
        };
        let place = recorded.place.display().to_string();
        let registered = protocol::parse(&recorded.protocol()?, &place)?;
        Ok(Loaded {
            registered: Some(registered),
            ..self
        })
    }

    /// What was registered; this protocol itself where no record says otherwise.
    pub fn registered(&self) -> &Trial {
        self.registered.as_ref().unwrap_or(&self.trial)
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

/// A protocol with its record, and the draw that took place. An allocation that is given beside it has to
/// be that of the record.
///
/// # Errors
/// Refused, where no draw is on record, or the file is another one.
pub fn from_record(loaded: Loaded, allocation: Option<&Path>) -> Result<(Loaded, RecordedDraw)> {
    let record = Record::of(&loaded.path)?;
    let draw = RecordedDraw::of(&record, &loaded.path)?;
    let loaded = loaded.on(&record)?;
    if let (Some(path), Some(id)) = (allocation, loaded.trial.export().id) {
        refuse_other_allocation(draw.allocation(), path, &id)?;
    }
    Ok((loaded, draw))
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

/// How a file is read, as the data room takes it.
pub fn read_options(reading: &Reading) -> ReadOptions {
    let Reading {
        missing,
        decimal,
        delimiter,
        // Judged with the column that has them.
        ids: _,
    } = reading;
    ReadOptions {
        missing: missing.clone(),
        decimal: *decimal,
        delimiter: *delimiter,
        ..ReadOptions::default()
    }
}
