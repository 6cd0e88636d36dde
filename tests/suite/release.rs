//! Tests of the one door to a document.

mod attack;
mod screen;
mod subtraction;
mod withheld;
