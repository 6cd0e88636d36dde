//! What a file's numbers say about its decimal sign.

use super::number::Reading;
use crate::columns::Decimal;

/// A cell that shows something: its row as a spreadsheet numbers it, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub row: u64,
    pub value: String,
}

/// What one column says about the decimal sign of its file: the first cell of each sort.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    pub comma: Option<Seen>,
    pub point: Option<Seen>,
    pub either: Option<Seen>,
}

impl Evidence {
    pub fn note(&mut self, row: u64, text: &str, reading: Reading) {
        let place = match reading {
            Reading::Only(Decimal::Comma, _) => &mut self.comma,
            Reading::Only(Decimal::Point, _) => &mut self.point,
            Reading::Either { .. } => &mut self.either,
            Reading::Same(_) | Reading::No => return,
        };
        if place.as_ref().is_none_or(|seen| row < seen.row) {
            *place = Some(Seen {
                row,
                value: text.to_string(),
            });
        }
    }

    /// Whether the decimal sign matters to this column.
    pub fn has_signs(&self) -> bool {
        self.comma.is_some() || self.point.is_some() || self.either.is_some()
    }
}

/// A cell named by its column, for messages about two columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Witness {
    pub column: String,
    pub seen: Seen,
}

/// What a file's numbers decide together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    /// By the user, or by the values themselves.
    Decided(Decimal),
    /// Nothing in the file tells, which matters only to cells that have two readings.
    Open,
    /// The file has numbers of both kinds.
    Conflict { comma: Witness, point: Witness },
}

impl Decision {
    /// Decides from the columns' evidence, taking the first witness of each kind in column order.
    pub fn from_evidence<'a>(columns: impl IntoIterator<Item = (&'a str, &'a Evidence)>) -> Self {
        let mut comma = None;
        let mut point = None;
        for (column, evidence) in columns {
            let witness = |seen: &Seen| Witness {
                column: column.to_string(),
                seen: seen.clone(),
            };
            comma = comma.or_else(|| evidence.comma.as_ref().map(witness));
            point = point.or_else(|| evidence.point.as_ref().map(witness));
        }
        match (comma, point) {
            (Some(comma), Some(point)) => Decision::Conflict { comma, point },
            (Some(_), None) => Decision::Decided(Decimal::Comma),
            (None, Some(_)) => Decision::Decided(Decimal::Point),
            (None, None) => Decision::Open,
        }
    }

    /// This decision, or that of one column's evidence where the file has none.
    pub fn or_own(&self, column: &str, evidence: &Evidence) -> Decision {
        match self {
            Decision::Open => Decision::from_evidence([(column, evidence)]),
            decided => decided.clone(),
        }
    }

    pub fn decimal(&self) -> Option<Decimal> {
        match self {
            Decision::Decided(decimal) => Some(*decimal),
            Decision::Open | Decision::Conflict { .. } => None,
        }
    }
}
