//! Tests of the one door to a document.

mod screen;
mod subtraction;
mod withheld;
