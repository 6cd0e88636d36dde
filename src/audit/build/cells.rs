//! Checks within one cell: count, percentage, mean and SD against n.

use super::Builder;
use crate::audit::check::Check;
use crate::audit::figure::{At, NRef};
use crate::audit::grimmer::Scale;
use crate::publication::{CellRef, Decimal, Measure, Row, RowRef};

impl Builder<'_> {
    /// The checks of a cell by itself.
    pub(super) fn cell(&mut self, cell: CellRef) {
        let row = self.publication.row(RowRef {
            table: cell.table,
            row: cell.row,
        });
        let n = self.n(cell);
        let (share, sd) = (self.share(cell), self.sd(cell));
        if let Some(n) = n {
            match (self.count(cell), share) {
                _ if row.measure == Measure::Count => {}
                (Some(count), Some(share)) => self.push(Check::CountShare { count, share, n }),
                (Some(part), None) => self.push(Check::AtMost { part, whole: n }),
                (None, Some(share)) => self.push(Check::ShareOfN { share, n }),
                (None, None) => {}
            }
            if let (Some(share), Some(sd)) = (share, sd) {
                self.push(Check::Binary { share, sd, n });
            }
        }
        let Some(mean) = self.mean(cell) else {
            return;
        };
        if let Some((low, high)) = row.range {
            let (low, high) = (low.to_f64(), high.to_f64());
            self.push(Check::Range {
                mean,
                sd,
                n,
                low,
                high,
            });
        }
        if let Some(n) = n.filter(|_| row.integer) {
            self.push(Check::MeanOfN { mean, n });
            if let Some(sd) = sd {
                let scale = scale(row);
                self.push(Check::MeanSd { mean, sd, n, scale });
            }
        }
    }

    /// A valid n is not more than the group.
    pub(super) fn valid_n(&mut self, at: RowRef, group: usize) {
        let cell = Self::cell_of(at, group);
        let own = self.figures.id(At::ValidN(cell));
        let size = self.figures.id(At::GroupN(group));
        if let (Some(part), Some(figure)) = (own, size) {
            self.push(Check::AtMost {
                part,
                whole: NRef { figure, cell },
            });
        }
    }
}

/// Lowest and highest value, if both are whole numbers.
fn scale(row: &Row) -> Option<Scale> {
    let whole = |d: Decimal| d.integer().and_then(|v| i64::try_from(v).ok());
    let (low, high) = row.range?;
    Some(Scale {
        low: whole(low)?,
        high: whole(high)?,
    })
}
