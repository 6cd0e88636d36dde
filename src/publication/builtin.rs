//! The publications that come with the program: the files of `data/`.

include!(concat!(env!("OUT_DIR"), "/publications.rs"));

/// The text of a built-in publication file.
pub fn text(name: &str) -> Option<&'static str> {
    let found = ALL.iter().find(|(known, _)| *known == name);
    found.map(|(_, text)| *text)
}

/// A commented example to start a publication file from.
pub const TEMPLATE: &str = include_str!("template.toml");
