//! What a publication prints, as data, and microdata that reproduce it.
//!
//! [`mod@format`] says what a publication file holds and documents how to write one;
//! [`read()`] reads it and reports mistakes with line and column; [`printed`] takes a
//! printed cell apart without losing a digit; [`formula`] is the arithmetic of a
//! derived claim. Nothing here computes a statistic: that is the audit's work.

pub mod builtin;
pub mod format;
pub mod formula;
mod formulas;
mod lookup;
pub mod printed;
mod raw;
mod read;
mod resolve;
mod resolve_synth;
pub mod synth;

pub use format::{
    Cell, CellRef, Claim, Direction, Form, Group, Kind, Mark, Measure, Parts, Publication, Role,
    Rounding, Row, RowRef, StatedTest, Table,
};
pub use formula::{Expr, Operator};
pub use printed::{Bound, Decimal, Number, Printed};
pub use read::read;
