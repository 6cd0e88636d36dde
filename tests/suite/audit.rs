//! Tests of the audit room.

#[path = "audit/dump.rs"]
mod dump;
#[path = "audit/kernels.rs"]
mod kernels;
#[path = "audit/made_up.rs"]
mod made_up;
#[path = "audit/tests.rs"]
mod tests;
