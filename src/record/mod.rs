//! What has happened in a trial: the proof of which draw this is.
//!
//! Beside the protocol stands the folder `record/`, with a folder per event in it, numbered. An
//! event is written whole or not at all, is never changed, and carries the SHA-256 of the one
//! before it. Nothing here knows statistics.
//!
//! | file | its job |
//! | --- | --- |
//! | `event` | `event.json`: what happened, and the hashes that bind it |
//! | `chain` | are the events as they were written, one after the other? |
//! | `store` | reading a record, and adding one event to it |
//! | `draw` | the draw that took place: whoever evaluates needs one, and it comes from here only |
//! | `commit` | the fingerprint of protocol and register, and the seed that is made with it |
//! | `history` | the record as results, for reports |

mod chain;
mod commit;
mod draw;
mod event;
mod history;
mod store;

pub use commit::{fingerprint, revealed_seed};
pub use draw::RecordedDraw;
pub use event::{Event, Happening};
pub use history::history;
pub use store::{Record, Recorded, Writing};

/// The folder of the record, beside the protocol.
pub const FOLDER: &str = "record";
/// The files of an event.
pub const EVENT: &str = "event.json";
pub const PROTOCOL: &str = "protocol.toml";
pub const ALLOCATION: &str = "allocation.csv";
pub const MANIFEST: &str = "manifest.json";
/// The draw without ids.
pub const PUBLIC: &str = "draw-public.csv";
/// A page that draws again from the file without ids, in any browser.
pub const PAGE: &str = "verify.html";
/// What stands in it.
pub const PAGE_TEXT: &str = include_str!("verify.html");
/// Everybody who is in the trial after a later batch or the first day.
pub const EVERYBODY: &str = "everybody.csv";
/// Who joins a cluster that was drawn before.
pub const JOINED: &str = "joined.csv";
/// What became of those who were drawn, on the first day.
pub const START: &str = "start.json";
/// Whoever was drawn in error.
pub const IN_ERROR: &str = "drawn-in-error.csv";
