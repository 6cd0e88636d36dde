//! Tests of the audit room.
#![allow(clippy::unwrap_used)]

#[path = "audit/kernels.rs"]
mod kernels;
#[path = "audit/made_up.rs"]
mod made_up;
#[path = "audit/small_reports.rs"]
mod small_reports;
#[path = "audit/tests.rs"]
mod tests;
