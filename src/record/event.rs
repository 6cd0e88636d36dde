//! `event.json`: what happened, and the hashes that bind it to its files and to what was before.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::DateTime;
use serde::{Deserialize, Serialize};

use crate::data::sha256_hex;
use crate::design::FileRecord;
use crate::error::{Error, Result};
use crate::results::{EventKind, Look};

const SCHEMA: &str = "fip/event/1";

/// One event, as its file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub schema: String,
    pub fip_version: String,
    pub number: u32,
    pub kind: EventKind,
    /// ISO 8601, in UTC.
    pub date: String,
    /// SHA-256 of the `event.json` before it; absent in the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// The files beside it.
    pub files: Vec<FileRecord>,
    #[serde(flatten)]
    pub what: Happening,
}

/// What is particular to a kind of event; empty where it does not apply.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    /// The protocol under its own name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<FileRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register: Option<FileRecord>,
    /// The file that a draw made elsewhere came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<FileRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// The text that nobody chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<Look>,
    /// How many people were drawn in error; who they are is in a file beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_error: Option<u64>,
}

impl Event {
    /// The event of this number, now.
    ///
    /// # Errors
    /// Usage: `SOURCE_DATE_EPOCH` is not a number of seconds.
    pub(super) fn new(
        number: u32,
        kind: EventKind,
        previous: Option<String>,
        files: &[(&str, &[u8])],
        what: Happening,
    ) -> Result<Self> {
        let file = |(name, bytes): &(&str, &[u8])| FileRecord {
            file: (*name).to_string(),
            sha256: sha256_hex(bytes),
        };
        Ok(Event {
            schema: SCHEMA.to_string(),
            fip_version: env!("CARGO_PKG_VERSION").to_string(),
            number,
            kind,
            date: today()?,
            previous,
            files: files.iter().map(file).collect(),
            what,
        })
    }

    /// # Errors
    /// Protocol, with the reason: not JSON, another schema, a field that is unknown or missing.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let event: Event = serde_json::from_str(text).map_err(|error| {
            Error::protocol(format!("this is not an event of a record: {error}"))
                .line(error.line() as u64)
        })?;
        match event.schema == SCHEMA {
            true => Ok(event),
            false => Err(
                Error::protocol("this version of fip cannot read this event")
                    .value(event.schema)
                    .hint(format!("it reads {SCHEMA}")),
            ),
        }
    }

    pub(super) fn to_json(&self) -> Result<String> {
        serde_json::to_string_pretty(self)
            .map(|text| text + "\n")
            .map_err(|error| Error::internal(format!("an event cannot be written: {error}")))
    }

    /// The name of its folder.
    pub(super) fn folder(&self) -> String {
        folder(self.number, self.kind)
    }
}

pub(super) fn folder(number: u32, kind: EventKind) -> String {
    format!("{number:02}-{}", kind.name())
}

/// The date in UTC; that of `SOURCE_DATE_EPOCH` where it is set, so that a build can be repeated.
fn today() -> Result<String> {
    let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text.trim().parse::<i64>().ok(),
        Err(_) => SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|since| i64::try_from(since.as_secs()).ok()),
    };
    let date = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    date.map(|date| date.date_naive().to_string())
        .ok_or_else(|| {
            Error::usage("SOURCE_DATE_EPOCH has to be a number of seconds since 1970")
                .hint("unset it, or give seconds such as 1488326400")
        })
}
