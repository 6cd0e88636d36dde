//! Columns that other rooms compute with, each valid by construction: no files, no polars.
//!
//! A column is [`Numeric`], [`Binary`], [`Levels`] or [`Dates`]; a [`Variable`] is what is laid
//! down about one, and [`Measured`] is both together.

mod date;
mod decimal;
mod kind;
mod measured;
mod typed;
mod variable;

pub use date::{Date, NoDate};
pub use decimal::Decimal;
pub use kind::VariableKind;
pub use measured::{Measured, Values, level_scores};
pub use typed::{Binary, Dates, Levels, Numeric};
pub use variable::{Cells, Variable};
