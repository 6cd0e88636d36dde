//! What people read, in their language: the language itself, words and short phrases without
//! parameters, a number's digits. The ground.

mod label;
pub mod lang;
pub mod number;

pub use label::Label;
pub use lang::{Labels, Lang, LevelLabels};
