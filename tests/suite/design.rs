//! Tests of the design room.
