//! The allocation: design, random streams, draw, manifest, verification.
