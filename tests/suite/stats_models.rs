//! Tests of the models in the stats room, against R and exact enumeration.

// A reference that cannot be read should stop the test where it is read.
#![allow(clippy::unwrap_used)]

mod asymmetry;
mod blocked;
mod blocked_adjust;
mod chances;
mod cluster;
mod drawn_iv;
mod hansen_bowers;
mod htz;
mod iv;
mod linear;
mod properties;
mod rates;
mod reference;
mod strd;
