//! What a command enters into a trial's record.

use std::path::{Path, PathBuf};

use super::batch::Batch;
use super::draw::{Drawn, Eligible, ToDraw, eligible};
use super::elsewhere::given;
use super::on_record::OnRecord;
use super::start::Started;
use super::work::{Loaded, Work, file_name};
use crate::data::{self, csv_bytes};
use crate::design::{
    ArmPlan, FIRST_BATCH, FileRecord, Manifest, PreviousDraw, SeedSource, fresh_seed,
};
use crate::error::{Error, Result};
use crate::record::{
    ALLOCATION, EVERYBODY, Happening, IN_ERROR, JOINED, MANIFEST, PAGE, PAGE_TEXT, PROTOCOL,
    PUBLIC, Record, RecordedDraw, START, Writing, fingerprint, revealed_seed,
};
use crate::results::{Evaluation, EventKind, Look};

const DRAWS: [EventKind; 2] = [EventKind::Drawn, EventKind::DrawnElsewhere];

impl Loaded {
    fn file(&self) -> FileRecord {
        FileRecord {
            file: file_name(&self.path),
            sha256: self.sha256.clone(),
        }
    }
}

/// Lays down protocol and register before the draw; gives the fingerprint.
///
/// # Errors
/// Refused after a draw, or where the same has been laid down already; what would stop the draw.
pub fn register(work: &Work<'_>, loaded: &Loaded) -> Result<String> {
    let plan = ToDraw::new(work)?;
    let mut writing = Writing::begin(&loaded.path)?;
    if writing.record.last(&DRAWS).is_some() {
        return Err(Error::refused(
            "the draw has been made: what is laid down now, is laid down after it",
        )
        .file(writing.record.folder().display())
        .hint("a change of the protocol after the draw is: fip amend trial.toml --reason \"…\""));
    }
    let eligible = eligible(&plan).map_err(|error| plan.in_protocol(error))?;
    let fingerprint = fingerprint(&loaded.sha256, &eligible.sha256);
    let earlier = writing.record.last(&[EventKind::Registered]);
    if earlier.is_some_and(|event| event.event.what.fingerprint.as_ref() == Some(&fingerprint)) {
        return Err(
            Error::refused("this protocol and this register have been registered already")
                .file(writing.record.folder().display())
                .hint(format!("the fingerprint to publish is {fingerprint}")),
        );
    }
    let what = Happening {
        protocol: Some(loaded.file()),
        register: Some(FileRecord {
            file: file_name(plan.register),
            sha256: eligible.sha256,
        }),
        fingerprint: Some(fingerprint.clone()),
        ..Happening::default()
    };
    writing.add(EventKind::Registered, what, &[(PROTOCOL, &loaded.bytes)])?;
    Ok(fingerprint)
}

/// Draws, and enters the draw.
///
/// # Errors
/// Refused, where a draw is on record and `redraw` gives no reason, or outcomes have been looked at;
/// usage, where `public` is said and nothing was committed to, or something else.
pub fn draw(
    plan: &ToDraw<'_>,
    loaded: &Loaded,
    public: Option<&str>,
    redraw: Option<&str>,
) -> Result<(Manifest, Record)> {
    let mut writing = Writing::begin(&loaded.path)?;
    refuse_second(&writing.record, redraw)?;
    let eligible = eligible(plan).map_err(|error| plan.in_protocol(error))?;
    let fingerprint = public
        .map(|_| committed(&writing.record, loaded, &eligible))
        .transpose()?;
    let (seed, source) = match (public, &fingerprint, &plan.assignment.seed) {
        (Some(text), Some(fingerprint), _) => {
            (revealed_seed(fingerprint, text), SeedSource::Public)
        }
        (_, _, Some(seed)) => (seed.clone(), SeedSource::Given),
        _ => (fresh_seed()?, SeedSource::Drawn),
    };
    let drawn =
        Drawn::new(plan, &eligible.table, &seed).map_err(|error| plan.in_protocol(error))?;
    let mut manifest = drawn.manifest(plan, &eligible, source)?;
    manifest.previous = previous(&writing.record, redraw)?;
    refuse_the_same(&manifest)?;
    let what = Happening {
        protocol: Some(loaded.file()),
        register: Some(FileRecord {
            file: manifest.register.file.clone(),
            sha256: manifest.register.sha256.clone(),
        }),
        reason: redraw.map(str::to_string),
        fingerprint,
        public: public.map(str::to_string),
        ..Happening::default()
    };
    let csv = drawn.csv(plan)?;
    manifest.allocation.file_sha256 = Some(data::sha256_hex(&csv));
    let (json, without_ids) = (manifest.to_json()?, drawn.public_csv()?);
    let files: [(&str, &[u8]); 5] = [
        (PROTOCOL, &loaded.bytes),
        (ALLOCATION, &csv),
        (MANIFEST, json.as_bytes()),
        (PUBLIC, &without_ids),
        (PAGE, PAGE_TEXT.as_bytes()),
    ];
    writing.add(EventKind::Drawn, what, &files)?;
    Ok((manifest, writing.done()))
}

/// Enters a draw that was made by other means.
///
/// # Errors
/// As [`draw`]; data, where the file cannot be the draw of this trial.
pub fn bring_in(
    work: &Work<'_>,
    loaded: &Loaded,
    file: &Path,
    arm: &str,
    redraw: Option<&str>,
) -> Result<(Option<Manifest>, Record)> {
    let mut writing = Writing::begin(&loaded.path)?;
    refuse_second(&writing.record, redraw)?;
    let given = given(work, file, arm)?;
    let what = Happening {
        protocol: Some(loaded.file()),
        given: Some(FileRecord {
            file: file_name(file),
            sha256: given.sha256,
        }),
        reason: redraw.map(str::to_string),
        ..Happening::default()
    };
    let mut files: Vec<(&str, &[u8])> =
        vec![(PROTOCOL, &loaded.bytes), (ALLOCATION, &given.allocation)];
    if let Some((text, _)) = &given.manifest {
        files.push((MANIFEST, text.as_bytes()));
    }
    writing.add(EventKind::DrawnElsewhere, what, &files)?;
    let manifest = given.manifest.map(|(_, manifest)| manifest);
    Ok((manifest, writing.done()))
}

/// Draws the newcomers of a register that comes later, and enters the batch.
///
/// # Errors
/// Refused, where nothing was drawn by fip; those of [`Batch::new`].
pub fn add(plan: ToDraw<'_>, loaded: &Loaded, sizes: Option<&[ArmPlan]>) -> Result<Manifest> {
    let mut writing = Writing::begin(&loaded.path)?;
    let draw = RecordedDraw::of(&writing.record, &loaded.path)?;
    let first = drawn_by_fip(&draw, loaded)?;
    let added = later(&writing.record, EventKind::Added);
    let plan = ToDraw {
        batch: FIRST_BATCH + 1 + added,
        ..plan
    };
    // Who has left since is no newcomer when they come back.
    let now = OnRecord::read(&[draw.allocation()], plan.id)?;
    let before = OnRecord::read(&ever_drawn(&writing.record), plan.id)?.as_of(&now);
    let batch =
        Batch::new(&plan, first, &before, sizes).map_err(|error| plan.in_protocol(error))?;
    let csv = batch.csv(&plan)?;
    let mut manifest = batch.manifest().clone();
    manifest.allocation.file_sha256 = Some(data::sha256_hex(&csv));
    let json = manifest.to_json()?;
    let without_ids = batch.drawn.public_csv()?;
    let joined = batch.joined_csv(&plan, &before)?;
    let newcomers: Vec<&[u8]> = joined.iter().chain([&csv]).map(Vec::as_slice).collect();
    let everybody = now.with(&newcomers, plan.id)?.csv(plan.id)?;
    let mut files: Vec<(&str, &[u8])> = vec![
        (PROTOCOL, &loaded.bytes),
        (ALLOCATION, &csv),
        (MANIFEST, json.as_bytes()),
        (PUBLIC, &without_ids),
        (PAGE, PAGE_TEXT.as_bytes()),
        (EVERYBODY, &everybody),
    ];
    files.extend(joined.as_ref().map(|csv| (JOINED, csv.as_slice())));
    let register = &manifest.register;
    let what = Happening {
        protocol: Some(loaded.file()),
        register: Some(FileRecord {
            file: register.file.clone(),
            sha256: register.sha256.clone(),
        }),
        ..Happening::default()
    };
    writing.add(EventKind::Added, what, &files)?;
    Ok(manifest)
}

/// Applies the first day's eligibility to everybody who was drawn, and enters who starts.
///
/// # Errors
/// Refused, where nothing was drawn by fip, the trial has started, later batches have come or outcomes
/// have been seen, or the register of the protocol is not the drawn one.
pub fn start(
    plan: &ToDraw<'_>,
    loaded: &Loaded,
    register: &Path,
    filter: Option<&str>,
) -> Result<()> {
    let mut writing = Writing::begin(&loaded.path)?;
    let draw = RecordedDraw::of(&writing.record, &loaded.path)?;
    let first = drawn_by_fip(&draw, loaded)?;
    let late = [EventKind::Started, EventKind::Added, EventKind::Looked];
    if let Some(event) = writing.record.last(&late) {
        return Err(Error::refused(
            "the first day of the draw comes before later batches and outcomes, and once",
        )
        .file(event.place.display()));
    }
    let eligible = eligible(plan).map_err(|error| plan.in_protocol(error))?;
    let drawn = Drawn::new(plan, &eligible.table, &first.seed);
    let drawn = drawn
        .ok()
        .filter(|drawn| drawn.allocation.sha256 == first.allocation.sha256)
        .ok_or_else(|| {
            Error::refused("the register of the protocol does not give the draw on record any more")
                .file(plan.register.display())
                .hint("put the register that was drawn from back, and give that of the first day beside it: fip start trial.toml register-2.csv")
        })?;
    let started =
        Started::new(plan, &drawn, register, filter).map_err(|error| plan.in_protocol(error))?;
    let csv = started.csv(plan, &drawn)?;
    let json = serde_json::to_string_pretty(&started.record)
        .map_err(|error| Error::internal(format!("the first day cannot be written: {error}")))?
        + "\n";
    let what = Happening {
        protocol: Some(loaded.file()),
        register: Some(started.record.register.clone()),
        ..Happening::default()
    };
    let files: [(&str, &[u8]); 3] = [
        (PROTOCOL, &loaded.bytes),
        (EVERYBODY, &csv),
        (START, json.as_bytes()),
    ];
    writing.add(EventKind::Started, what, &files)?;
    Ok(())
}

fn drawn_by_fip<'d>(draw: &'d RecordedDraw, loaded: &Loaded) -> Result<&'d Manifest> {
    draw.manifest().ok_or_else(|| {
        Error::refused("the draw was made elsewhere, so its lots are not known here")
            .file(loaded.path.display())
            .hint("who comes later, and who takes a free place, is decided where it was drawn")
    })
}

/// The allocations of the draw that counts and of the batches since, and of who joined.
fn ever_drawn(record: &Record) -> Vec<PathBuf> {
    let drawn = record.last(&DRAWS).map_or(0, |of| of.event.number);
    let events = record.events().iter();
    events
        .filter(|of| of.event.number >= drawn)
        .flat_map(|of| {
            let own = of.event.files.iter().map(|file| file.file.as_str());
            own.filter(|file| [ALLOCATION, JOINED].contains(file))
                .map(|file| of.place.join(file))
        })
        .collect()
}

/// How many events of a kind there are since the draw that counts.
fn later(record: &Record, kind: EventKind) -> u32 {
    let drawn = record.last(&DRAWS).map_or(0, |of| of.event.number);
    let events = record.events().iter();
    events
        .filter(|of| of.event.kind == kind && of.event.number > drawn)
        .fold(0, |count, _| count + 1)
}

/// Enters a change of the protocol, or people who turned out to be drawn in error.
///
/// # Errors
/// Refused, where nothing is on record, or nothing was changed; data, for an id that was not drawn.
pub fn amend(loaded: &Loaded, reason: &str, in_error: &[String]) -> Result<()> {
    if reason.trim().is_empty() {
        return Err(Error::usage("an amendment needs a reason")
            .hint("for example --reason \"uitkomst toegevoegd voor de gemeenteraad\""));
    }
    let mut writing = Writing::begin(&loaded.path)?;
    let latest = writing.record.latest_protocol().ok_or_else(|| {
        Error::refused("nothing has been registered or drawn yet, so there is nothing to amend")
            .file(loaded.path.display())
            .hint("change the protocol, and then: fip commit trial.toml, or fip assign trial.toml")
    })?;
    let same = latest
        .event
        .files
        .iter()
        .any(|file| file.file == PROTOCOL && file.sha256 == loaded.sha256);
    let mut what = Happening {
        protocol: Some(loaded.file()),
        reason: Some(reason.to_string()),
        ..Happening::default()
    };
    let mut files: Vec<(&str, &[u8])> = Vec::new();
    let listed;
    if in_error.is_empty() {
        if same {
            return Err(
                Error::refused("the protocol is the one on record: nothing was changed")
                    .file(loaded.path.display())
                    .hint("change trial.toml first, and then tell why with: fip amend trial.toml --reason \"…\""),
            );
        }
        files.push((PROTOCOL, &loaded.bytes));
    } else {
        if !same {
            return Err(Error::refused("the protocol was changed as well")
                .file(loaded.path.display())
                .hint("tell that first, apart from who was drawn in error: fip amend trial.toml --reason \"…\""));
        }
        let draw = RecordedDraw::of(&writing.record, &loaded.path)?;
        listed = listed_in_error(loaded, &draw, in_error)?;
        what.in_error = Some(in_error.len() as u64);
        files.push((IN_ERROR, &listed));
    }
    writing.add(EventKind::Amended, what, &files)?;
    Ok(())
}

/// Enters that outcomes were analysed, unless that was done before in just this way. Nothing is
/// entered for data that are made up.
///
/// # Errors
/// Data, where the record cannot be written to.
pub fn look(loaded: &Loaded, evaluation: &Evaluation) -> Result<()> {
    if loaded.trial.about.synthetic {
        return Ok(());
    }
    let mut inputs = evaluation.provenance.inputs.iter();
    let Some(export) = inputs.find(|input| input.role == "outcomes") else {
        return Ok(());
    };
    let look = Look {
        file: export.file.clone(),
        sha256: export.sha256.clone(),
        outcomes: evaluation
            .outcomes
            .iter()
            .map(|of| of.name.clone())
            .collect(),
    };
    let what = Happening {
        protocol: Some(loaded.file()),
        look: Some(look),
        ..Happening::default()
    };
    let before = |record: &Record| record.events().iter().any(|of| of.event.what == what);
    if before(&Record::of(&loaded.path)?) {
        return Ok(());
    }
    let mut writing = Writing::begin(&loaded.path)?;
    let before = before(&writing.record);
    if !before {
        writing.add(EventKind::Looked, what, &[])?;
    }
    Ok(())
}

/// A second draw has to be deliberate, and cannot come after the outcomes.
fn refuse_second(record: &Record, redraw: Option<&str>) -> Result<()> {
    let drawn = record.last(&DRAWS);
    match (drawn, redraw) {
        (None, None) => return Ok(()),
        (None, Some(_)) => {
            return Err(Error::usage("there is no draw on record to be replaced")
                .hint("leave out --redraw"));
        }
        (Some(drawn), None) => {
            return Err(Error::refused(
                "the draw of this trial has been made, and is not made again",
            )
            .file(drawn.place.display())
            .hint(
                "--redraw \"reason\" makes a deliberate new draw, and keeps this one on record",
            ));
        }
        (Some(_), Some(reason)) if reason.trim().is_empty() => {
            return Err(Error::usage("a new draw needs a reason")
                .hint("for example --redraw \"register bleek verouderd\""));
        }
        _ => {}
    }
    match record.last(&[EventKind::Looked, EventKind::Started, EventKind::Added]) {
        None => Ok(()),
        Some(event) => Err(Error::refused(
            "a new draw would come too late: people have started in their arms, or their outcomes have been seen",
        )
        .file(event.place.display())
        .hint("a new trial, with people who have not been drawn before, gets a folder and a protocol of its own")),
    }
}

/// A new draw with the old seed from the old register is the old draw.
fn refuse_the_same(manifest: &Manifest) -> Result<()> {
    let replaced = manifest.previous.last();
    match replaced.is_some_and(|of| of.allocation_sha256 == manifest.allocation.sha256) {
        false => Ok(()),
        true => Err(Error::refused(
            "the new draw would be the old one: the seed and the people are the same",
        )
        .value(manifest.seed.clone())
        .hint("change the seed in the protocol, or leave it out; that is told as a deviation")),
    }
}

/// The fingerprint that was committed to, if it is of this protocol and this register.
fn committed(record: &Record, loaded: &Loaded, eligible: &Eligible) -> Result<String> {
    let registered = record.last(&[EventKind::Registered]).ok_or_else(|| {
        Error::refused("a public draw needs a fingerprint that was published before it")
            .file(loaded.path.display())
            .hint("first: fip commit trial.toml; publish its fingerprint; and draw later, with a text of a later day")
    })?;
    let now = fingerprint(&loaded.sha256, &eligible.sha256);
    match registered.event.what.fingerprint.as_ref() == Some(&now) {
        true => Ok(now),
        false => Err(Error::refused(
            "the protocol or the register is another one than was committed to, so the published fingerprint is not theirs",
        )
        .file(registered.place.display())
        .hint("put them back; or commit again, publish the new fingerprint, and draw with a text of a day after that")),
    }
}

/// The draws before, with where they are kept and why each was replaced: the last one now.
fn previous(record: &Record, redraw: Option<&str>) -> Result<Vec<PreviousDraw>> {
    let mut previous = Vec::new();
    let drawn = record
        .events()
        .iter()
        .filter(|of| DRAWS.contains(&of.event.kind));
    let mut drawn = drawn.peekable();
    while let Some(recorded) = drawn.next() {
        let folder = file_name(&recorded.place);
        let manifest = match recorded.place.join(MANIFEST) {
            path if path.exists() => {
                let text = data::read_text(&path)?;
                Some(Manifest::parse(&text).map_err(|error| error.file(path.display()))?)
            }
            _ => None,
        };
        let next = drawn.peek().and_then(|next| next.event.what.reason.clone());
        let file = |name: &str| recorded.event.files.iter().find(|file| file.file == name);
        previous.push(PreviousDraw {
            seed: manifest
                .as_ref()
                .map_or_else(String::new, |of| of.seed.clone()),
            allocation_sha256: match &manifest {
                Some(manifest) => manifest.allocation.sha256.clone(),
                None => file(ALLOCATION).map_or_else(String::new, |file| file.sha256.clone()),
            },
            manifest: format!("{folder}/{MANIFEST}"),
            allocation: format!("{folder}/{ALLOCATION}"),
            reason: next.or(redraw.map(str::to_string)).unwrap_or_default(),
        });
    }
    Ok(previous)
}

fn listed_in_error(loaded: &Loaded, draw: &RecordedDraw, ids: &[String]) -> Result<Vec<u8>> {
    let id = loaded.trial.export().id.unwrap_or_default();
    let drawn = super::allocation::AllocationFile::read(draw.allocation(), &id)?;
    let keys = data::Keys::new(&drawn.table, &drawn.id)?;
    let mut rows = Vec::new();
    for wanted in ids {
        let row = keys
            .iter()
            .position(|key| key == wanted.trim())
            .ok_or_else(|| {
                Error::data("nobody with this id was drawn")
                    .file(draw.allocation().display())
                    .value(wanted.clone())
            })?;
        let arm = drawn.arms.label(row).unwrap_or_default().to_string();
        rows.push([keys.raw(row).to_string(), arm]);
    }
    csv_bytes(&[&drawn.id, "arm"], rows)
}
