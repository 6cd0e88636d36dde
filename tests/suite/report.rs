//! Tests of the report room.

mod catalog;
mod chapters;
mod layout;
mod markup;
mod number;
mod office;
mod page;
mod picture;
pub mod plain;
mod samples;
