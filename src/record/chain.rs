//! Whether a record is as it was written.

use std::path::Path;

use super::event::{Event, folder};
use super::store::Recorded;
use super::{EVENT, FOLDER};
use crate::data::{self, sha256_hex};
use crate::error::{Error, Result};
use crate::results::Broken;

/// Reads the events in order, and names everything that is not as it was written.
///
/// # Errors
/// Data, where the folder itself cannot be read.
pub(super) fn walk(record: &Path) -> Result<(Vec<Recorded>, Vec<Broken>)> {
    let mut events: Vec<Recorded> = Vec::new();
    let mut broken = Vec::new();
    for name in data::folders(record)? {
        let place = record.join(&name);
        let read = data::read_bytes(&place.join(EVENT)).and_then(|bytes| {
            let event = Event::parse(&String::from_utf8_lossy(&bytes))?;
            Ok((event, sha256_hex(&bytes)))
        });
        let (event, sha256) = match read {
            Ok(read) => read,
            Err(error) => {
                broken.push(Broken::Unreadable {
                    event: name,
                    reason: error.message().to_string(),
                });
                continue;
            }
        };
        let before = events.last();
        let follows = event.number == before.map_or(0, |before| before.event.number) + 1
            && event.previous.as_ref() == before.map(|before| &before.sha256)
            && name == folder(event.number, event.kind);
        if !follows {
            broken.push(Broken::Chain {
                event: name.clone(),
            });
        }
        files(&name, &place, &event, &mut broken)?;
        events.push(Recorded {
            event,
            place,
            sha256,
        });
    }
    Ok((events, broken))
}

fn files(name: &str, place: &Path, event: &Event, broken: &mut Vec<Broken>) -> Result<()> {
    let (event_of, file_of) = (|| name.to_string(), |file: &str| file.to_string());
    let there = data::file_names(place)?;
    for known in &event.files {
        if !there.contains(&known.file) {
            broken.push(Broken::Missing {
                event: event_of(),
                file: file_of(&known.file),
            });
        } else if sha256_hex(&data::read_bytes(&place.join(&known.file))?) != known.sha256 {
            broken.push(Broken::Changed {
                event: event_of(),
                file: file_of(&known.file),
            });
        }
    }
    let known =
        |file: &String| *file == EVENT || event.files.iter().any(|known| known.file == *file);
    for file in there.iter().filter(|file| !known(file)) {
        broken.push(Broken::Foreign {
            event: event_of(),
            file: file_of(file),
        });
    }
    Ok(())
}

/// The refusal to go on with a record that is not as it was written.
pub(super) fn refused(record: &Path, broken: &Broken) -> Error {
    let (event, what) = match broken {
        Broken::Missing { event, file } => (event, format!("{file} is not there any more")),
        Broken::Changed { event, file } => (event, format!("{file} was changed")),
        Broken::Foreign { event, file } => (event, format!("{file} was put beside it")),
        Broken::Chain { event } => (
            event,
            "it does not follow on the event before it, so one was changed, taken out or put between"
                .to_string(),
        ),
        Broken::Seed { event } => (
            event,
            "its seed does not follow from the fingerprint".to_string(),
        ),
        Broken::Unreadable { event, reason } => (event, reason.clone()),
    };
    Error::data(format!("the record of this trial is not as fip wrote it: {what}"))
        .file(record.join(event).display())
        .hint(format!(
            "put back the copy of {FOLDER}/ that was kept; 'fip verify trial.toml' names everything that differs"
        ))
}
