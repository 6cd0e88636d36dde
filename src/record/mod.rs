//! What has happened in a trial, on file.

/// The file with who is in which arm.
pub const ALLOCATION: &str = "allocation.csv";
/// The file with how to derive that again.
pub const MANIFEST: &str = "manifest.json";
