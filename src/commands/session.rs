//! What every command knows of its user, and what it gives back.

use super::to_json;
use crate::cli::LangArg;
use crate::document::Document;
use crate::error::Result;
use crate::words::Lang;

/// What every command knows of the user: the language asked for and that of the environment.
#[derive(Debug, Clone)]
pub struct Session {
    asked: Option<Lang>,
    environment: Option<Lang>,
    /// Whether somebody watches standard error and wants to see how far a long run is.
    pub(super) watched: bool,
}

impl Session {
    pub fn new(asked: Option<LangArg>, environment: Option<String>) -> Self {
        Session {
            asked: asked.map(|lang| match lang {
                LangArg::Nl => Lang::Nl,
                LangArg::En => Lang::En,
            }),
            environment: environment.as_deref().and_then(Lang::from_locale),
            watched: false,
        }
    }

    /// Shows the progress of long runs on standard error, where `watched`.
    pub fn watched(self, watched: bool) -> Self {
        Session { watched, ..self }
    }

    /// The flag, else the trial's language, else the environment's, else English.
    pub fn lang(&self, trial: Option<Lang>) -> Lang {
        self.asked
            .or(trial)
            .or(self.environment)
            .unwrap_or(Lang::En)
    }
}

/// What a command has done: the same result for people and for programs.
#[derive(Debug)]
pub struct Done {
    pub document: Document,
    /// What a terminal shows, where that is less than the document.
    pub brief: Option<Document>,
    /// The result as JSON text.
    pub json: String,
    /// Text that has one form only, such as a completion script.
    pub raw: Option<String>,
    /// For standard error.
    pub notes: Vec<String>,
    /// A script should notice (exit 1).
    pub findings: bool,
}

impl Done {
    pub(super) fn new(
        document: Document,
        json: &impl serde::Serialize,
        notes: Vec<String>,
    ) -> Result<Self> {
        Ok(Done {
            document,
            brief: None,
            json: to_json(json)?,
            raw: None,
            notes,
            findings: false,
        })
    }
}
