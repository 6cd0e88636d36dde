//! Tests of the stats room.

mod dist;
