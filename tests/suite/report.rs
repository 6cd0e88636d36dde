//! Tests of the report room.

mod catalog;
mod chapters;
mod disclosure;
mod layout;
mod markup;
mod number;
mod office;
mod page;
mod picture;
mod plain;
mod samples;
mod withheld;
