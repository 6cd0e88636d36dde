//! Tests of the report room.

mod catalog;
mod layout;
mod markup;
mod number;
mod samples;
