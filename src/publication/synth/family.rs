//! A variable as the tables print it: its levels, who has a value, and every figure that
//! depends on it.

use super::fit::{Target, What, apportion};
use super::start;
use crate::publication::format::{CellRef, RowRef};
use crate::publication::printed::Decimal;

/// A value that a person can have.
#[derive(Debug, Clone)]
pub struct Level {
    /// What `values` in the specification calls it: row ids of the part, or the number.
    pub keys: Vec<String>,
    /// Text without a specification.
    pub label: String,
    pub score: Option<i64>,
    /// Counts as yes for the row of the whole.
    pub inside: bool,
}

/// One variable. People are counted per arm (an index into `arms`) and level.
#[derive(Debug, Clone)]
pub struct Family {
    pub root: RowRef,
    pub levels: Vec<Level>,
    /// Levels are steps of a long scale, so people move between neighbours.
    pub ordered: bool,
    /// Valid n per arm.
    pub valid: Vec<u64>,
    pub figures: Vec<Figure>,
    /// First and last level occur: they are the printed range.
    pub reaches_ends: bool,
    /// Whole numbers, without printed parts.
    pub numeric: bool,
    /// Per way to start and arm: shares of the levels.
    pub starts: Vec<Vec<Vec<f64>>>,
}

/// One printed cell that depends on the variable, as targets: as it is read, and as printed.
#[derive(Debug, Clone)]
pub struct Figure {
    pub at: CellRef,
    pub read: Vec<Target>,
    pub printed: Vec<Target>,
}

impl Family {
    pub fn targets(&self) -> Vec<Target> {
        let read = self.figures.iter().flat_map(|figure| &figure.read);
        let ends = [0, self.levels.len().saturating_sub(1)].map(|end| Target {
            what: What::AtLeast,
            want: Decimal {
                mantissa: 1,
                decimals: 0,
            },
            groups: (0..self.valid.len()).collect(),
            weights: (0..self.levels.len())
                .map(|level| i64::from(level == end))
                .collect(),
        });
        let ends = ends.into_iter().filter(|_| self.reaches_ends);
        read.cloned().chain(ends).collect()
    }

    /// Counts to start the search from, by [`start::From`].
    pub fn starts(&self) -> Vec<Vec<Vec<u64>>> {
        let counts = |shares: &Vec<Vec<f64>>| {
            let each = self.valid.iter().zip(shares);
            let mut counts: Vec<Vec<u64>> = each.map(|(&n, shares)| apportion(n, shares)).collect();
            if self.reaches_ends {
                start::occupy_ends(&mut counts);
            }
            counts
        };
        self.starts.iter().map(counts).collect()
    }
}
