//! The one error of this crate: what went wrong, where, and what to do about it.

use std::fmt;

/// Who has to act, which decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The command line asks for something that cannot be (exit 2).
    Usage,
    /// An input file cannot be used as it is (exit 3).
    Data,
    /// The protocol, publication or manifest file is not valid (exit 3).
    Protocol,
    /// Doing it would lose or overwrite something (exit 4).
    Refused,
    /// A bug in `fip` itself (exit 70).
    Internal,
}

impl Kind {
    /// The process exit code that belongs to this kind.
    pub fn exit_code(self) -> u8 {
        match self {
            Kind::Usage => 2,
            Kind::Data | Kind::Protocol => 3,
            Kind::Refused => 4,
            Kind::Internal => 70,
        }
    }
}

/// Where in the input the trouble is. Rows are numbered as a spreadsheet shows
/// them: the header is row 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    pub file: Option<String>,
    pub row: Option<u64>,
    pub line: Option<u64>,
    pub column: Option<String>,
    pub value: Option<String>,
}

impl Place {
    fn is_empty(&self) -> bool {
        *self == Place::default()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(file) = &self.file {
            parts.push(file.clone());
        }
        if let Some(row) = self.row {
            parts.push(format!("row {row}"));
        }
        if let Some(line) = self.line {
            parts.push(format!("line {line}"));
        }
        if let Some(column) = &self.column {
            parts.push(format!("column '{column}'"));
        }
        if let Some(value) = &self.value {
            parts.push(format!("value '{value}'"));
        }
        f.write_str(&parts.join(", "))
    }
}

/// An error with a kind, a sentence, a place and a hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    kind: Kind,
    message: String,
    place: Place,
    hint: Option<String>,
}

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Error {
            inner: Box::new(Inner {
                kind,
                message: message.into(),
                place: Place::default(),
                hint: None,
            }),
        }
    }

    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    pub fn data(message: impl Into<String>) -> Self {
        Self::new(Kind::Data, message)
    }

    pub fn protocol(message: impl Into<String>) -> Self {
        Self::new(Kind::Protocol, message)
    }

    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, message)
    }

    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(Kind::Internal, message)
    }

    pub fn file(mut self, file: impl fmt::Display) -> Self {
        self.inner.place.file = Some(file.to_string());
        self
    }

    /// The row as a spreadsheet numbers it: the header is row 1.
    pub fn row(mut self, row: u64) -> Self {
        self.inner.place.row = Some(row);
        self
    }

    /// The line in a text file such as a protocol, from 1.
    pub fn line(mut self, line: u64) -> Self {
        self.inner.place.line = Some(line);
        self
    }

    pub fn column(mut self, column: impl Into<String>) -> Self {
        self.inner.place.column = Some(column.into());
        self
    }

    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.inner.place.value = Some(value.into());
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.inner.hint = Some(hint.into());
        self
    }

    /// The same error where it is a protocol, not the command line, that asked for it.
    pub fn in_protocol(mut self, file: impl fmt::Display) -> Self {
        if self.inner.kind == Kind::Usage {
            self.inner.kind = Kind::Protocol;
            self.inner.place.file = Some(file.to_string());
        }
        self
    }

    pub fn kind(&self) -> Kind {
        self.inner.kind
    }

    pub fn message(&self) -> &str {
        &self.inner.message
    }

    pub fn place(&self) -> &Place {
        &self.inner.place
    }

    pub fn hint_text(&self) -> Option<&str> {
        self.inner.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)?;
        if !self.inner.place.is_empty() {
            write!(f, "\n  at: {}", self.inner.place)?;
        }
        if let Some(hint) = &self.inner.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// The name nearest to `wanted` among `names`, for "did you mean" hints.
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name))
        .filter(|(score, _)| *score > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
