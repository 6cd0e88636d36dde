//! The record as results.

use std::path::Path;

use super::MANIFEST;
use super::store::{Record, Recorded};
use crate::data;
use crate::design::{FileRecord, Manifest};
use crate::error::Result;
use crate::protocol::{self, Trial};
use crate::results::{Happened, History};

/// Every event, with what it changed in the protocol.
///
/// # Errors
/// Those of the protocols and manifests on record.
pub fn history(record: &Record) -> Result<History> {
    let mut before: Option<Trial> = None;
    let mut events = Vec::new();
    for recorded in record.events() {
        let now = of(recorded)?;
        let changes = match (&before, &now) {
            (Some(before), Some(now)) => before.differences(now),
            _ => Vec::new(),
        };
        before = now.or(before);
        let event = &recorded.event;
        let what = event.what.clone();
        events.push(Happened {
            number: event.number,
            kind: event.kind,
            date: event.date.clone(),
            reason: what.reason,
            changes,
            fingerprint: what.fingerprint,
            public: what.public,
            seed: seed(&recorded.place, &event.files)?,
            look: what.look,
            in_error: what.in_error,
            sha256: recorded.sha256.clone(),
        });
    }
    Ok(History { events })
}

fn of(recorded: &Recorded) -> Result<Option<Trial>> {
    let kept = recorded.event.files.iter();
    let mut kept = kept.filter(|file| file.file == super::PROTOCOL);
    if kept.next().is_none() {
        return Ok(None);
    }
    let path = recorded.place.join(super::PROTOCOL);
    protocol::parse(&recorded.protocol()?, &path.display().to_string()).map(Some)
}

fn seed(place: &Path, files: &[FileRecord]) -> Result<Option<String>> {
    if !files.iter().any(|file| file.file == MANIFEST) {
        return Ok(None);
    }
    let path = place.join(MANIFEST);
    let manifest =
        Manifest::parse(&data::read_text(&path)?).map_err(|error| error.file(path.display()))?;
    Ok(Some(manifest.seed))
}
