//! The one catalogue of words a person reads. Dutch and English stand side by side, so that
//! a reviewer sees both, and a text without its translation does not compile.
//!
//! - [`name`]: the names of tests, estimands, estimators, measures and kinds.
//! - [`answer`]: why a number leads.
//! - [`chart`]: the words of figures.
//! - [`mod@column`]: what a column of a file is taken for.
//! - [`consort`]: the items of CONSORT 2025.
//! - [`deviation`]: what was done otherwise than registered.
//! - [`flow`]: the words of the flow of participants.
//! - [`method`]: what each test and estimator does and why, with its source; [`technique`] the same of
//!   everything beyond them.
//! - [`paired`]: the same for tests within strata and within an arm, and their legends.
//! - [`plain`]: results in plain words.
//! - [`money`]: costs and benefits; small numbers that are withheld.
//! - [`note`]: the sentence of every note that a result carries.
//! - [`office`]: the office's lists and letters.
//! - [`sentence`]: sentences with numbers and names in them.

pub mod answer;
pub mod chart;
pub mod column;
pub mod consort;
pub mod deviation;
pub mod flow;
pub mod method;
pub mod money;
pub mod name;
pub mod note;
pub mod office;
pub mod paired;
pub mod plain;
pub mod record;
pub mod sentence;
pub mod technique;

pub use crate::words::Label;
pub use name::Named;
