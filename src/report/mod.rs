//! Results to a Document, a Document to text, Markdown and CSV.
//!
//! A stage's result becomes one [`document::Document`] of typed cells; each format is one
//! [`render::Renderer`]. Numbers become text in [`number`] only, words come from [`catalog`]
//! only, so that formats and languages cannot disagree.

pub mod audit_text;
pub mod catalog;
pub mod cell;
pub mod csv;
pub mod document;
pub mod lang;
pub mod markdown;
pub mod number;
pub mod render;
pub mod terminal;

mod grid;
mod layout;
mod text;
