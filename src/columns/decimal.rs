//! The sign with which a file writes decimals.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// The decimal sign of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decimal {
    Comma,
    Point,
}

impl Decimal {
    /// The sign itself.
    pub fn sign(self) -> u8 {
        match self {
            Decimal::Comma => b',',
            Decimal::Point => b'.',
        }
    }

    /// The sign that groups thousands where this one is decimal.
    pub fn grouping(self) -> u8 {
        match self {
            Decimal::Comma => b'.',
            Decimal::Point => b',',
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Decimal::Comma => "comma",
            Decimal::Point => "point",
        })
    }
}

impl FromStr for Decimal {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text.trim() {
            "comma" | "," => Ok(Decimal::Comma),
            "point" | "." => Ok(Decimal::Point),
            other => Err(Error::usage("the decimal sign is 'comma' or 'point'")
                .value(other)
                .hint("write comma for 3,5 and point for 3.5")),
        }
    }
}
