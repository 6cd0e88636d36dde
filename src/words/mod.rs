//! What people read, in their language: the language itself, and a number's digits. The ground.

pub mod lang;
pub mod number;

pub use lang::{Labels, Lang, LevelLabels};
