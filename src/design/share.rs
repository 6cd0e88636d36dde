//! What an arm asks for: so many units, in total or per stratum, an exact share of them, or
//! the rest.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A share of all eligible units, between 0 and 1, exact to 18 decimals.
///
/// Read from text such as `0.35`, `.5`, `0,35`, `35%` or `12.5 %`; written as the
/// shortest decimal. Never a float: a third of a register must not depend on rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share {
    /// In units of 10^-18.
    parts: u64,
}

impl Share {
    const DECIMALS: usize = 18;
    pub const ZERO: Share = Share { parts: 0 };
    pub const ONE: Share = Share {
        parts: 1_000_000_000_000_000_000,
    };

    /// What is left of 1 by shares of together `given` · 10^-18; zero if that is more.
    pub(super) fn left_by(given: u128) -> Share {
        let given = u64::try_from(given).unwrap_or(u64::MAX);
        Share {
            parts: Share::ONE.parts.saturating_sub(given),
        }
    }

    /// The share as a whole number of 10^-18.
    pub fn parts(self) -> u64 {
        self.parts
    }

    /// As a float, to within two roundings, for statistics; sizes are never made from it.
    pub fn to_f64(self) -> f64 {
        self.parts as f64 / Share::ONE.parts as f64
    }
}

impl FromStr for Share {
    type Err = Error;

    /// # Errors
    /// Not a decimal number, more than 18 decimals, or above 1.
    fn from_str(text: &str) -> Result<Self> {
        let wrong = |what: &str| {
            Error::usage(format!("not a share of the units: {what}"))
                .value(text)
                .hint("write a decimal between 0 and 1 such as 0.35, or a percentage such as 35%; for a third, let one arm take the rest")
        };
        let trimmed = text.trim();
        let (number, percent) = match trimmed.strip_suffix('%') {
            Some(number) => (number.trim_end(), true),
            None => (trimmed, false),
        };
        let (whole, decimals) = number.split_once(['.', ',']).unwrap_or((number, ""));
        let digits = || whole.bytes().chain(decimals.bytes());
        if digits().next().is_none() || !digits().all(|c| c.is_ascii_digit()) {
            return Err(wrong("it is not a decimal number"));
        }
        let decimals = decimals.trim_end_matches('0');
        let scale = decimals.len() + if percent { 2 } else { 0 };
        if scale > Share::DECIMALS {
            return Err(wrong("it has more than 18 decimals"));
        }
        let mut parts: u64 = 0;
        for digit in whole
            .bytes()
            .chain(decimals.bytes())
            .chain(std::iter::repeat_n(b'0', Share::DECIMALS - scale))
        {
            parts = parts
                .checked_mul(10)
                .and_then(|p| p.checked_add(u64::from(digit - b'0')))
                .ok_or_else(|| wrong("it is above 1"))?;
        }
        if parts > Share::ONE.parts {
            return Err(wrong("it is above 1"));
        }
        Ok(Share { parts })
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal(u128::from(self.parts)))
    }
}

/// The shortest decimal for `parts` · 10^-18.
pub(super) fn decimal(parts: u128) -> String {
    let one = u128::from(Share::ONE.parts);
    let whole = parts / one;
    let decimals = format!("{:0width$}", parts % one, width = Share::DECIMALS);
    match decimals.trim_end_matches('0') {
        "" => whole.to_string(),
        decimals => format!("{whole}.{decimals}"),
    }
}

impl Serialize for Share {
    fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|e: Error| {
            serde::de::Error::custom(format!("share '{text}': {}", e.message()))
        })
    }
}

/// How many units (or persons, where the plan counts those) an arm gets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Quota {
    /// So many units.
    Size(u64),
    /// So many units of every stratum, by the stratum as it is shown.
    Sizes(BTreeMap<String, u64>),
    /// This share of all eligible units.
    Share(Share),
    /// What the other arms leave.
    Rest,
}

impl FromStr for Quota {
    type Err = Error;

    /// `360` is a size; `0.35` and `35%` are shares; nothing at all is the rest.
    ///
    /// # Errors
    /// Neither a whole number nor a share.
    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Quota::Rest);
        }
        if text.bytes().all(|c| c.is_ascii_digit()) {
            return text.parse().map(Quota::Size).map_err(|_| {
                Error::usage("an arm's size is too large")
                    .value(text)
                    .hint("no register has this many rows")
            });
        }
        text.parse().map(Quota::Share)
    }
}
