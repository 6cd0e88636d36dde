//! The language of what people read, and how it is chosen.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A language of the catalogue; its numbers follow it (decimal comma in Dutch).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    Nl,
    En,
}

/// A human name per language (`nl`, `en`); empty where the protocol gives none.
pub type Labels = BTreeMap<String, String>;

/// Labels of levels per language, in the order of the levels.
pub type LevelLabels = BTreeMap<String, Vec<String>>;

impl Lang {
    /// Every language, in the order in which help texts list them.
    pub const ALL: [Lang; 2] = [Lang::Nl, Lang::En];

    /// The two-letter code, also the key of labels in a protocol.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Nl => "nl",
            Lang::En => "en",
        }
    }

    /// The first that says something: what was asked for, what the trial's protocol
    /// names, what the environment's locale text means (`nl_NL.UTF-8`; pass the value of
    /// `LC_ALL`, `LC_MESSAGES` or `LANG`); else English.
    pub fn choose(asked: Option<Lang>, trial: Option<Lang>, locale: Option<&str>) -> Lang {
        asked
            .or(trial)
            .or_else(|| locale.and_then(Lang::from_locale))
            .unwrap_or(Lang::En)
    }

    /// The language of a POSIX locale (`nl_BE@euro`) or language tag (`nl-NL`); none for
    /// `C`, `POSIX` and languages that the catalogue does not have.
    pub fn from_locale(locale: &str) -> Option<Lang> {
        let language = locale.split(['_', '-', '.', '@']).next()?;
        Lang::ALL
            .into_iter()
            .find(|lang| language.eq_ignore_ascii_case(lang.code()))
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Lang {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Lang::ALL
            .into_iter()
            .find(|lang| text.trim().eq_ignore_ascii_case(lang.code()))
            .ok_or_else(|| {
                Error::usage("this language is not available")
                    .value(text)
                    .hint("use 'nl' (Dutch) or 'en' (English)")
            })
    }
}
