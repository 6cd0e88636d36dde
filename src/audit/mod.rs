//! Printed tables in, findings out. Knows rounding, knows no particular publication.
//!
//! Every printed number is a [`figure`]; everything that ties figures together is a [`check`], built
//! once by [`build`] and evaluated on the set of values that round to what is printed by [`evaluate`];
//! [`explain`] supposes other figures and evaluates again. The kernels below them know integers,
//! fractions and intervals only.

pub mod build;
pub mod check;
pub mod copied;
pub mod debit;
pub mod digits;
pub mod engine;
pub mod evaluate;
pub mod explain;
pub mod figure;
pub mod finding;
pub mod formula;
pub mod grim;
pub mod grimmer;
pub mod marks;
pub mod notes;
pub mod ordinal;
pub mod parts;
pub mod percentage;
pub mod ratio;
pub mod rounding;
pub mod span;
pub mod statistic_p;
pub mod summary_test;
pub mod total;

pub use engine::audit;
pub use finding::{Arithmetic, Audit, Change, Explanation, Finding, Note, Source, Verdict};
