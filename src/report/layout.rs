//! How wide the columns of a table become in so many characters, and into which panels it
//! falls apart when they don't fit beside each other.

/// Between columns.
pub const GAP: usize = 2;

/// A column's wishes.
#[derive(Debug, Clone)]
pub struct Size {
    /// Narrower than this, words are broken, or numbers: those never shrink below it.
    pub min: usize,
    /// Wider than this, it gains nothing.
    pub natural: usize,
    /// Words can be wrapped.
    pub words: bool,
}

/// Columns that stand beside each other: their places in the table and their widths. The
/// first column of a table, its row labels, is repeated in every panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panel {
    pub columns: Vec<usize>,
    pub widths: Vec<usize>,
}

impl Panel {
    pub fn width(&self) -> usize {
        self.widths.iter().sum::<usize>() + GAP * self.widths.len().saturating_sub(1)
    }
}

/// Divides a table over panels of at most `available` characters, keeping the columns under
/// one spanning header together where possible. `spans` are the widths of those headers.
/// Wider than `available` is only a panel whose one column of numbers doesn't fit.
pub fn panels(sizes: &[Size], spans: &[usize], available: usize) -> Vec<Panel> {
    let Some(label) = sizes.first() else {
        return Vec::new();
    };
    let mut units: Vec<Vec<usize>> = Vec::new();
    let mut start = 0;
    for span in spans {
        let columns: Vec<usize> = (start..start + span).filter(|&column| column > 0).collect();
        start += span;
        let together = minimum(sizes, &columns) + GAP + label.min;
        if together <= available {
            units.push(columns);
        } else {
            units.extend(columns.into_iter().map(|column| vec![column]));
        }
    }
    let mut panels: Vec<Vec<usize>> = vec![vec![0]];
    for unit in units.into_iter().filter(|unit| !unit.is_empty()) {
        let fits = panels.last().is_some_and(|panel| {
            panel.len() == 1 || minimum(sizes, panel) + GAP + minimum(sizes, &unit) <= available
        });
        if !fits {
            panels.push(vec![0]);
        }
        if let Some(panel) = panels.last_mut() {
            panel.extend(unit);
        }
    }
    panels
        .into_iter()
        .map(|columns| Panel {
            widths: widths(sizes, &columns, available),
            columns,
        })
        .collect()
}

fn minimum(sizes: &[Size], columns: &[usize]) -> usize {
    let cells: usize = columns.iter().map(|&column| sizes[column].min).sum();
    cells + GAP * columns.len().saturating_sub(1)
}

/// Everyone gets the minimum; what is left goes to words first, where it saves most lines,
/// then to the headers above numbers. What is lacking is taken from words.
fn widths(sizes: &[Size], columns: &[usize], available: usize) -> Vec<usize> {
    const NARROWEST: usize = 8;
    let mut widths: Vec<usize> = columns.iter().map(|&column| sizes[column].min).collect();
    let mut used = minimum(sizes, columns);
    let at = |index: usize| &sizes[columns[index]];
    while used > available {
        let widest = (0..widths.len())
            .filter(|&index| at(index).words && widths[index] > NARROWEST)
            .max_by_key(|&index| widths[index]);
        match widest {
            Some(index) => widths[index] -= 1,
            None => return widths,
        }
        used -= 1;
    }
    for words in [true, false] {
        while used < available {
            let neediest = (0..widths.len())
                .filter(|&index| at(index).words == words && widths[index] < at(index).natural)
                // The most lines to go; the first of equals, so the row labels.
                .min_by_key(|&index| widths[index] * 1000 / at(index).natural);
            match neediest {
                Some(index) => widths[index] += 1,
                None => break,
            }
            used += 1;
        }
    }
    widths
}
