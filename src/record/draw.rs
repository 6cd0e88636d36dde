//! The draw that took place.

use std::path::{Path, PathBuf};

use super::store::{Record, Recorded};
use super::{ALLOCATION, EVERYBODY, MANIFEST};
use crate::data;
use crate::design::Manifest;
use crate::error::{Error, Result};
use crate::results::EventKind;

/// Who was drawn into which arm, from a record: there is no other way to make one.
#[derive(Debug, Clone)]
pub struct RecordedDraw {
    allocation: PathBuf,
    manifest: Option<Box<Manifest>>,
    /// Later batches came, or the first day.
    changed: bool,
    elsewhere: bool,
}

impl RecordedDraw {
    /// The draw on record, with the batches that came later and the first day.
    ///
    /// # Errors
    /// Refused, where nothing was drawn; protocol, where the manifest cannot be read.
    pub fn of(record: &Record, protocol: &Path) -> Result<Self> {
        Self::there(record)?.ok_or_else(|| none(protocol))
    }

    /// The same; nothing where nothing was drawn.
    ///
    /// # Errors
    /// Protocol, where the manifest cannot be read.
    pub fn there(record: &Record) -> Result<Option<Self>> {
        let Some(drawn) = drawn(record) else {
            return Ok(None);
        };
        let manifest = manifest(drawn)?;
        let later = record
            .last(&[EventKind::Added, EventKind::Started])
            .filter(|later| later.event.number > drawn.event.number);
        Ok(Some(RecordedDraw {
            allocation: match later {
                Some(later) => later.place.join(EVERYBODY),
                None => drawn.place.join(ALLOCATION),
            },
            manifest: manifest.map(Box::new),
            changed: later.is_some(),
            elsewhere: drawn.event.kind == EventKind::DrawnElsewhere,
        }))
    }

    /// The file with everybody's arm.
    pub fn allocation(&self) -> &Path {
        &self.allocation
    }

    /// Of the draw itself; none where it was made by other means.
    pub fn manifest(&self) -> Option<&Manifest> {
        self.manifest.as_deref()
    }

    /// Of the draw itself, where it is what everybody's arm still follows from.
    pub fn plan(&self) -> Option<&Manifest> {
        self.manifest.as_deref().filter(|_| !self.changed)
    }

    pub fn elsewhere(&self) -> bool {
        self.elsewhere
    }
}

/// The manifest of an event, where it has one.
fn manifest(of: &Recorded) -> Result<Option<Manifest>> {
    let path = of.place.join(MANIFEST);
    match path.exists() {
        false => Ok(None),
        true => Manifest::parse(&data::read_text(&path)?)
            .map(Some)
            .map_err(|error| error.file(path.display())),
    }
}

/// The event of the draw that counts: the last one.
pub(super) fn drawn(record: &Record) -> Option<&Recorded> {
    record.last(&[EventKind::Drawn, EventKind::DrawnElsewhere])
}

fn none(protocol: &Path) -> Error {
    let (name, above) = (
        protocol.display(),
        protocol.parent().unwrap_or(Path::new("")),
    );
    // Where the versions before the record, and a first try without a protocol, have put it.
    let lying = [above.join(ALLOCATION), above.join("out").join(ALLOCATION)]
        .into_iter()
        .find(|path| path.exists());
    let hint = match lying {
        Some(path) => format!(
            "if {} is the draw that took place, bring it in: fip assign {name} --drawn {}",
            path.display(),
            path.display()
        ),
        None => format!(
            "draw with: fip assign {name}; or bring in a draw that was made elsewhere with: fip assign {name} --drawn \
             allocation.csv"
        ),
    };
    Error::refused("no draw is on record for this trial, so nothing says who was in which arm")
        .file(name)
        .hint(hint)
}
