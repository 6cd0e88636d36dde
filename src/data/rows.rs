//! Which row of the spreadsheet each row of a table was.

/// Spreadsheet rows (the header is row 1) of a table's rows, in ascending order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rows {
    /// Runs without gaps: where each starts in the table, and at which spreadsheet row.
    Runs {
        starts: Vec<(usize, u64)>,
        len: usize,
    },
    /// Row by row, after a selection.
    Each(Vec<u32>),
}

impl Rows {
    pub fn new() -> Self {
        Rows::Runs {
            starts: Vec::new(),
            len: 0,
        }
    }

    /// Adds `count` rows of which the first is spreadsheet row `first`.
    pub fn push_run(&mut self, first: u64, count: usize) {
        match self {
            Rows::Runs { starts, len } => {
                let follows = starts
                    .last()
                    .is_some_and(|&(start, row)| row + (*len - start) as u64 == first);
                if count > 0 && !follows {
                    starts.push((*len, first));
                }
                *len += count;
            }
            Rows::Each(rows) => rows.extend((0..count as u64).map(|step| (first + step) as u32)),
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Rows::Runs { len, .. } => *len,
            Rows::Each(rows) => rows.len(),
        }
    }

    /// The spreadsheet row of a row of the table.
    pub fn number(&self, index: usize) -> u64 {
        match self {
            Rows::Runs { starts, .. } => {
                let run = starts.partition_point(|&(start, _)| start <= index);
                match run.checked_sub(1).and_then(|run| starts.get(run)) {
                    Some(&(start, row)) => row + (index - start) as u64,
                    None => 0,
                }
            }
            Rows::Each(rows) => rows.get(index).map_or(0, |&row| u64::from(row)),
        }
    }

    pub fn retain(&self, keep: &[bool]) -> Rows {
        Rows::Each(
            (0..self.len())
                .zip(keep)
                .filter(|(_, keep)| **keep)
                .map(|(index, _)| self.number(index) as u32)
                .collect(),
        )
    }
}
