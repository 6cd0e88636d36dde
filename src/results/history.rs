//! What has happened in a trial, as its record has it: for reports and for `verify`.

use serde::{Deserialize, Serialize};

use super::{ArmSize, Note};

/// The kind of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Protocol and register were laid down before the draw.
    Registered,
    /// Drawn by fip; a later one replaces it.
    Drawn,
    /// Drawn by other means, and brought in.
    DrawnElsewhere,
    /// A later batch.
    Added,
    /// The first day.
    Started,
    /// The protocol was changed, or somebody turned out to be drawn in error.
    Amended,
    /// Outcomes were analysed.
    Looked,
}

impl EventKind {
    pub const ALL: [EventKind; 7] = [
        EventKind::Registered,
        EventKind::Drawn,
        EventKind::DrawnElsewhere,
        EventKind::Added,
        EventKind::Started,
        EventKind::Amended,
        EventKind::Looked,
    ];

    /// What the name of its folder ends with.
    pub fn name(self) -> &'static str {
        match self {
            EventKind::Registered => "registered",
            EventKind::Drawn => "drawn",
            EventKind::DrawnElsewhere => "drawn-elsewhere",
            EventKind::Added => "added",
            EventKind::Started => "started",
            EventKind::Amended => "amended",
            EventKind::Looked => "looked",
        }
    }
}

/// An analysis of outcomes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// The export by its name, and the SHA-256 of its bytes.
    pub file: String,
    pub sha256: String,
    pub outcomes: Vec<String>,
}

/// People of a later batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchCount {
    pub number: u32,
    pub drawn: u64,
    pub joined: u64,
    /// Who came into each arm, joined or drawn.
    pub arms: Vec<ArmSize>,
}

/// People of one arm on the first day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartArm {
    pub arm: String,
    pub drawn: u64,
    pub left: u64,
    pub moved_in: u64,
    pub moved_out: u64,
    pub started: u64,
}

/// The record of a trial, oldest event first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    pub events: Vec<Happened>,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Happened {
    pub number: u32,
    pub kind: EventKind,
    /// ISO 8601, in UTC.
    pub date: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How its protocol differs from the one on record before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Note>,
    /// Of protocol and register, to be published before the draw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// The text that nobody chose, where the seed was made with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<Look>,
    /// A later batch: who was drawn, and who joined a cluster that was drawn before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<BatchCount>,
    /// What became of those drawn on the first day, per arm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub start: Vec<StartArm>,
    /// How many people were drawn in error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_error: Option<u64>,
    /// SHA-256 of its `event.json`, which the next one carries.
    pub sha256: String,
}

impl History {
    pub fn of(&self, kind: EventKind) -> impl Iterator<Item = &Happened> {
        self.events.iter().filter(move |event| event.kind == kind)
    }

    /// The draws, replaced ones included.
    pub fn draws(&self) -> impl Iterator<Item = &Happened> {
        let drawn = [EventKind::Drawn, EventKind::DrawnElsewhere];
        self.events
            .iter()
            .filter(move |event| drawn.contains(&event.kind))
    }

    /// The last draw's seed was made of a fingerprint that cannot have been published long before.
    pub fn revealed_on_the_day_it_was_committed(&self) -> bool {
        let Some(drawn) = self.draws().last().filter(|drawn| drawn.public.is_some()) else {
            return false;
        };
        let mut committed = self.of(EventKind::Registered);
        committed.any(|of| of.date == drawn.date && of.fingerprint == drawn.fingerprint)
    }
}

/// Something in a record that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "broken", rename_all = "snake_case")]
pub enum Broken {
    /// A file of an event is not there.
    Missing { event: String, file: String },
    /// A file of an event has other bytes.
    Changed { event: String, file: String },
    /// A file in the folder of an event that the event does not know.
    Foreign { event: String, file: String },
    /// An event does not follow on the one before it: one was changed, taken out or put between.
    Chain { event: String },
    /// A public seed is not made of the fingerprint that was committed to before.
    Seed { event: String },
    /// No event can be read from the folder.
    Unreadable { event: String, reason: String },
}
