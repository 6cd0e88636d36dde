//! Tests of the audit room.

mod dump;
