//! Reading a record, and adding one event to it.

use std::path::{Path, PathBuf};

use super::event::{Event, Happening};
use super::{EVENT, FOLDER, PROTOCOL, chain};
use crate::data::{self, LOCK, Lock};
use crate::error::{Error, Result};
use crate::results::{Broken, EventKind};

/// An event on file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub event: Event,
    /// Its folder.
    pub place: PathBuf,
    /// SHA-256 of its `event.json`.
    pub sha256: String,
}

impl Recorded {
    /// The text of the protocol that was kept with it.
    ///
    /// # Errors
    /// Data, where it cannot be read.
    pub fn protocol(&self) -> Result<String> {
        data::read_text(&self.place.join(PROTOCOL))
    }
}

/// A trial's record, as it was written.
#[derive(Debug, Clone)]
pub struct Record {
    folder: PathBuf,
    events: Vec<Recorded>,
}

impl Record {
    /// The record beside a protocol; empty where nothing has happened yet.
    ///
    /// # Errors
    /// Data, where the record is not as it was written; refused, where it is that of a protocol of
    /// another name.
    pub fn of(protocol: &Path) -> Result<Self> {
        let (record, broken) = Self::walk(protocol)?;
        match broken.first() {
            None => record.refuse_other(protocol),
            Some(broken) => Err(chain::refused(&record.folder, broken)),
        }
    }

    /// The record beside a protocol, with everything in it that is not as it was written.
    ///
    /// # Errors
    /// Data, where the folder cannot be read.
    pub fn walk(protocol: &Path) -> Result<(Self, Vec<Broken>)> {
        let folder = protocol.parent().unwrap_or(Path::new("")).join(FOLDER);
        let (events, broken) = chain::walk(&folder)?;
        Ok((Record { folder, events }, broken))
    }

    fn refuse_other(self, protocol: &Path) -> Result<Self> {
        let name = protocol.file_name().unwrap_or_default().to_string_lossy();
        let known = self
            .events
            .iter()
            .find_map(|recorded| recorded.event.what.protocol.as_ref());
        match known {
            Some(known) if known.file != name => Err(Error::refused(format!(
                "the record here is that of {}, and a trial has one protocol and one record",
                known.file
            ))
            .file(self.folder.display())
            .hint(format!(
                "if this is the same trial, give the protocol its name back; another trial gets a folder of its own, \
                 with {name} in it"
            ))),
            _ => Ok(self),
        }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Oldest first.
    pub fn events(&self) -> &[Recorded] {
        &self.events
    }

    pub fn last(&self, kinds: &[EventKind]) -> Option<&Recorded> {
        let mut events = self.events.iter().rev();
        events.find(|recorded| kinds.contains(&recorded.event.kind))
    }

    /// The event whose protocol counts as registered: the first that was committed to, or else that
    /// of the first draw.
    pub fn registered(&self) -> Option<&Recorded> {
        let mut events = self.events.iter();
        events.find(|recorded| {
            matches!(
                recorded.event.kind,
                EventKind::Registered | EventKind::Drawn | EventKind::DrawnElsewhere
            )
        })
    }

    /// The protocol that was on record last.
    pub fn latest_protocol(&self) -> Option<&Recorded> {
        let mut events = self.events.iter().rev();
        events.find(|recorded| {
            recorded
                .event
                .files
                .iter()
                .any(|file| file.file == PROTOCOL)
        })
    }
}

/// A record that is being written to, by one at a time.
#[derive(Debug)]
pub struct Writing {
    pub record: Record,
    _lock: Lock,
}

impl Writing {
    /// Closes the record beside a protocol to others, and reads it.
    ///
    /// # Errors
    /// Refused while another run writes to it; as [`Record::of`].
    pub fn begin(protocol: &Path) -> Result<Self> {
        let folder = protocol.parent().unwrap_or(Path::new("")).join(FOLDER);
        let lock = Lock::take(&folder, LOCK)?;
        data::sweep_drafts(&folder)?;
        Ok(Writing {
            record: Record::of(protocol)?,
            _lock: lock,
        })
    }

    /// The record as it is now, open to others again.
    pub fn done(self) -> Record {
        self.record
    }

    fn number(&self) -> u32 {
        let last = self.record.events.last();
        last.map_or(0, |last| last.event.number) + 1
    }

    /// Adds an event with its files, whole or not at all; gives its folder.
    ///
    /// # Errors
    /// Data, where the disk does not let us: then nothing has happened.
    pub fn add(
        &mut self,
        kind: EventKind,
        what: Happening,
        files: &[(&str, &[u8])],
    ) -> Result<PathBuf> {
        let previous = self.record.events.last().map(|last| last.sha256.clone());
        let event = Event::new(self.number(), kind, previous, files, what)?;
        let json = event.to_json()?;
        let place = self.record.folder.join(event.folder());
        let mut all = vec![(EVENT, json.as_bytes())];
        all.extend_from_slice(files);
        data::put_once(&place, &all)?;
        self.record.events.push(Recorded {
            event,
            place: place.clone(),
            sha256: data::sha256_hex(json.as_bytes()),
        });
        Ok(place)
    }
}
