//! The one catalogue of words a person reads. Dutch and English stand side by side, so that
//! a reviewer sees both, and a text without its translation does not compile.
//!
//! - [`Label`]: words and short phrases without parameters: headers, titles, legends.
//! - [`name`]: the names of tests, estimands, estimators, measures and kinds.
//! - [`mod@column`]: what a column of a file is taken for.
//! - [`note`]: the sentence of every note that a result carries.
//! - [`sentence`]: sentences with numbers and names in them.

pub mod column;
mod label;
pub mod name;
pub mod note;
pub mod sentence;

pub use label::Label;
pub use name::Named;
