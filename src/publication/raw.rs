//! The publication file as serde sees it: names of keys, nothing looked up yet.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use toml::Spanned;

use super::format::{Comparison, Form, Kind, Measure, Parts, Role, Rounding, StatedTest};
use super::synth::spec::RawSynth;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPublication {
    pub publication: RawHead,
    #[serde(default)]
    pub group: Vec<Spanned<RawGroup>>,
    #[serde(default)]
    pub table: Vec<Spanned<RawTable>>,
    #[serde(default)]
    pub claim: Vec<Spanned<RawClaim>>,
    pub synth: Option<RawSynth>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawHead {
    pub id: String,
    pub title: String,
    pub source: Option<String>,
    pub language: Option<Spanned<String>>,
    pub decimal: Spanned<char>,
    pub thousands: Option<Spanned<char>>,
    pub rounding: Option<Rounding>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawGroup {
    pub id: Spanned<String>,
    pub label: Option<RawLabel>,
    pub n: Option<Spanned<RawCell>>,
    pub role: Role,
    #[serde(default)]
    pub of: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawTable {
    pub id: Spanned<String>,
    #[serde(default)]
    pub caption: String,
    pub kind: Option<Kind>,
    pub groups: Vec<Spanned<String>>,
    pub form: Option<Form>,
    pub unit: Option<String>,
    pub decimal: Option<char>,
    #[serde(default)]
    pub marks: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub tests: Vec<StatedTest>,
    pub blank: Option<Spanned<String>>,
    #[serde(default)]
    pub row: Vec<Spanned<RawRow>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRow {
    pub id: Spanned<String>,
    pub label: Option<String>,
    pub measure: Option<Measure>,
    pub form: Option<Form>,
    #[serde(default)]
    pub integer: bool,
    pub range: Option<Spanned<String>>,
    pub unit: Option<String>,
    pub n: Option<Spanned<RawN>>,
    pub part_of: Option<Spanned<String>>,
    pub parts: Option<Parts>,
    pub score: Option<i64>,
    #[serde(default)]
    pub cells: BTreeMap<Spanned<String>, Spanned<RawCell>>,
    pub same_as: Option<Spanned<Many>>,
    pub formula: Option<Spanned<String>>,
    pub tests: Option<Vec<StatedTest>>,
    pub statistic: Option<Spanned<String>>,
    pub df: Option<Spanned<String>>,
    pub p: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawClaim {
    pub id: Spanned<String>,
    pub text: String,
    #[serde(rename = "where")]
    pub location: Option<String>,
    pub printed: Option<Spanned<String>>,
    #[serde(default)]
    pub about: bool,
    pub unit: Option<String>,
    pub decimal: Option<char>,
    pub formula: Option<Spanned<String>>,
    pub rows: Option<Spanned<Many>>,
    pub is: Option<Spanned<Comparison>>,
    pub group: Option<Spanned<String>>,
    pub than: Option<Spanned<String>>,
    pub significant: Option<bool>,
    pub level: Option<Spanned<String>>,
    pub test: Option<StatedTest>,
    pub statistic: Option<Spanned<String>>,
    pub df: Option<Spanned<String>>,
    pub p: Option<Spanned<String>>,
}

/// A cell: its figure, or a table that says more about it.
#[derive(Default)]
pub struct RawCell {
    pub printed: String,
    pub same_as: Vec<String>,
    pub read_as: Option<String>,
    pub because: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCellTable {
    printed: String,
    same_as: Option<Many>,
    read_as: Option<String>,
    because: Option<String>,
}

impl<'de> Deserialize<'de> for RawCell {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct CellVisitor;
        impl<'de> Visitor<'de> for CellVisitor {
            type Value = RawCell;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a printed figure in quotes, or { printed = \"…\", … }")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<RawCell, E> {
                Ok(RawCell {
                    printed: text.to_owned(),
                    ..RawCell::default()
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawCell, A::Error> {
                let RawCellTable {
                    printed,
                    same_as,
                    read_as,
                    because,
                } = RawCellTable::deserialize(MapAccessDeserializer::new(map))?;
                Ok(RawCell {
                    printed,
                    same_as: same_as.map(|many| many.0).unwrap_or_default(),
                    read_as,
                    because,
                })
            }
        }
        from.deserialize_any(CellVisitor)
    }
}

/// Valid n: one figure for every group, or one per group.
pub enum RawN {
    Every(String),
    PerGroup(BTreeMap<Spanned<String>, Spanned<RawCell>>),
}

impl<'de> Deserialize<'de> for RawN {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct NVisitor;
        impl<'de> Visitor<'de> for NVisitor {
            type Value = RawN;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a printed n in quotes, or { group = \"n\", … }")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<RawN, E> {
                Ok(RawN::Every(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawN, A::Error> {
                Deserialize::deserialize(MapAccessDeserializer::new(map)).map(RawN::PerGroup)
            }
        }
        from.deserialize_any(NVisitor)
    }
}

/// One reference or a list of them.
pub struct Many(pub Vec<String>);

impl<'de> Deserialize<'de> for Many {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct ManyVisitor;
        impl<'de> Visitor<'de> for ManyVisitor {
            type Value = Many;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a reference in quotes, or a list of them")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Many, E> {
                Ok(Many(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Many, A::Error> {
                let mut all = Vec::new();
                while let Some(one) = seq.next_element()? {
                    all.push(one);
                }
                Ok(Many(all))
            }
        }
        from.deserialize_any(ManyVisitor)
    }
}

/// A label in one language, or per language.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum RawLabel {
    One(String),
    PerLanguage(BTreeMap<String, String>),
}
