//! Tests of the models in the stats room, against R and exact enumeration.

mod blocked;
mod cluster;
mod hansen_bowers;
mod iv;
mod linear;
mod reference;
mod strd;
