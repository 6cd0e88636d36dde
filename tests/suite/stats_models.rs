//! Tests of the stats_models room.
