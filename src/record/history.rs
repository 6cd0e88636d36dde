//! The record as results.

use std::path::Path;

use super::store::{Record, Recorded};
use super::{JOINED, MANIFEST, START};
use crate::data;
use crate::design::{FileRecord, Manifest, StartRecord};
use crate::error::{Error, Result};
use crate::protocol::{self, Trial};
use crate::results::{ArmSize, BatchCount, Happened, History, StartArm};

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
        let manifest = manifest(&recorded.place, &event.files)?;
        let what = event.what.clone();
        events.push(Happened {
            number: event.number,
            kind: event.kind,
            date: event.date.clone(),
            reason: what.reason,
            changes,
            fingerprint: what.fingerprint,
            public: what.public,
            batch: match &manifest {
                Some(of) => batch(&recorded.place, of)?,
                None => None,
            },
            start: start(&recorded.place, &event.files)?,
            seed: manifest
                .filter(|of| of.design.batch.is_none())
                .map(|of| of.seed),
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

fn manifest(place: &Path, files: &[FileRecord]) -> Result<Option<Manifest>> {
    if !files.iter().any(|file| file.file == MANIFEST) {
        return Ok(None);
    }
    let path = place.join(MANIFEST);
    let manifest =
        Manifest::parse(&data::read_text(&path)?).map_err(|error| error.file(path.display()))?;
    Ok(Some(manifest))
}

/// A later batch, with who joined a cluster that was drawn before.
fn batch(place: &Path, manifest: &Manifest) -> Result<Option<BatchCount>> {
    let Some(number) = manifest.design.batch else {
        return Ok(None);
    };
    let counts = &manifest.counts;
    let mut arms: Vec<ArmSize> = counts
        .arms
        .iter()
        .map(|of| ArmSize {
            arm: of.arm.clone(),
            n: of.persons,
        })
        .collect();
    let joined = place.join(JOINED);
    if joined.exists() {
        let bytes = data::read_bytes(&joined)?;
        let broken = |error: csv::Error| {
            Error::data(format!("this file cannot be read: {error}")).file(joined.display())
        };
        for row in csv::Reader::from_reader(bytes.as_slice()).records() {
            let row = row.map_err(broken)?;
            if let Some(of) = arms.iter_mut().find(|of| row.get(1) == Some(&of.arm)) {
                of.n += 1;
            }
        }
    }
    Ok(Some(BatchCount {
        number,
        drawn: counts.eligible,
        joined: counts.joined,
        arms,
    }))
}

fn start(place: &Path, files: &[FileRecord]) -> Result<Vec<StartArm>> {
    if !files.iter().any(|file| file.file == START) {
        return Ok(Vec::new());
    }
    let path = place.join(START);
    let record: StartRecord = serde_json::from_str(&data::read_text(&path)?).map_err(|error| {
        Error::protocol(format!("the first day on record cannot be read: {error}"))
            .file(path.display())
    })?;
    let arms = record.arms.into_iter().map(|of| StartArm {
        arm: of.arm,
        drawn: of.drawn,
        left: of.left,
        moved_in: of.moved_in,
        moved_out: of.moved_out,
        started: of.started,
    });
    Ok(arms.collect())
}
