//! All tables with given margins, without visiting each: the walk behind Fisher's exact test.
//!
//! Columns are filled one after the other, small ones first. Partial tables that leave the rows
//! as much to give, in whatever order, and are as likely so far, become one node (Mehta & Patel
//! 1983, JASA 78, 427–434). A node of which every completion is at most as likely as the
//! observed table counts as a whole, and one of which none is, is dropped. With two rows, the
//! last two columns leave one count free, and only the tails of its distribution count.

use crate::stats::degenerate::Degenerate;
use crate::stats::dist;

/// What a walk may cost: a table or a count looked at is 1, a node kept [`KEEP`].
const BUDGET: u64 = 5_000_000;
const KEEP: u64 = 5;

/// Log probabilities this near are the same; far below the tolerance for ties with the
/// observed table.
const SAME: f64 = 1e-10;

/// How far a bound may be off by rounding.
const ROUNDING: f64 = 1e-8;

/// Beyond so many people the likeliest completion is bounded instead of computed.
const EXACT_BOUND: u64 = 100_000;

/// Partial tables that are one from here on.
#[derive(Clone, Copy)]
struct Node {
    /// What the rows still have to give, ascending, as digits; the last follows from the sum.
    left: u128,
    /// Log probability of the part that is filled.
    past: f64,
    /// How many partial tables.
    ways: f64,
}

/// Margins, and how likely is likely enough.
pub(super) struct Network<'a> {
    columns: Vec<u64>,
    ln_factorial: &'a [f64],
    ln_limit: f64,
    radix: u128,
    spent: u64,
    sum: f64,
}

impl<'a> Network<'a> {
    /// The summed probability of all tables whose log probability is at most `ln_limit`.
    /// `ln_constant` is that of a table without its own factorials; `ln_factorial` reaches to
    /// the largest margin.
    ///
    /// # Errors
    /// `TooLarge` when the walk would cost too much.
    pub(super) fn p_value(
        rows: &[u64],
        columns: &[u64],
        ln_factorial: &'a [f64],
        (ln_constant, ln_limit): (f64, f64),
    ) -> Result<f64, Degenerate> {
        let mut columns = columns.to_vec();
        columns.sort_unstable();
        let mut rows = rows.to_vec();
        rows.sort_unstable();
        let radix = u128::from(rows[rows.len() - 1]) + 1;
        radix
            .checked_pow(rows.len() as u32 - 1)
            .ok_or(Degenerate::TooLarge)?;
        let mut network = Network {
            columns,
            ln_factorial,
            ln_limit,
            radix,
            spent: 0,
            sum: 0.0,
        };
        let mut level = vec![Node {
            left: network.encode(&rows),
            past: ln_constant,
            ways: 1.0,
        }];
        for filled in 0..network.columns.len() - 1 {
            if rows.len() == 2 && network.columns.len() - filled == 2 {
                network.close(&level, filled)?;
                break;
            }
            level = network.fill_column(&level, filled, rows.len())?;
        }
        Ok(network.sum)
    }

    fn spend(&mut self, cost: u64) -> Result<(), Degenerate> {
        self.spent = self.spent.saturating_add(cost);
        if self.spent > BUDGET {
            return Err(Degenerate::TooLarge);
        }
        Ok(())
    }

    fn encode(&self, ascending: &[u64]) -> u128 {
        let digits = &ascending[..ascending.len() - 1];
        digits
            .iter()
            .fold(0, |code, &n| code * self.radix + u128::from(n))
    }

    /// What `rows` rows still have to give before column `filled` is.
    fn decode(&self, mut code: u128, filled: usize, rows: usize) -> Vec<u64> {
        let mut left = vec![0; rows];
        let mut last: u64 = self.columns[filled..].iter().sum();
        for n in left[..rows - 1].iter_mut().rev() {
            // Below the radix, which is a row total plus one.
            *n = (code % self.radix) as u64;
            code /= self.radix;
            last -= *n;
        }
        left[rows - 1] = last;
        left
    }

    fn ln_of(&self, counts: &[u64]) -> f64 {
        counts.iter().map(|&n| self.ln_factorial[n as usize]).sum()
    }

    /// All ways to fill one column of every node; equal ones together, in a fixed order.
    fn fill_column(
        &mut self,
        level: &[Node],
        filled: usize,
        rows: usize,
    ) -> Result<Vec<Node>, Degenerate> {
        let rest = Rest::new(&self.columns[filled + 1..], rows, self.ln_factorial);
        let mut next = Vec::new();
        let mut sorted = vec![0; rows];
        for node in level {
            let mut left = self.decode(node.left, filled, rows);
            let column = self.columns[filled];
            self.fill(
                0,
                column,
                &mut left,
                node.past,
                &mut |network, left, past| {
                    network.spend(1)?;
                    let ln_left = network.ln_of(left);
                    let (least, most) = rest.bounds(left, ln_left);
                    if past + most <= network.ln_limit - ROUNDING || rest.columns == 1 {
                        if past + most <= network.ln_limit {
                            network.sum += node.ways * (past + rest.ln_whole - ln_left).exp();
                        }
                    } else if past + least <= network.ln_limit + ROUNDING {
                        network.spend(KEEP)?;
                        sorted.copy_from_slice(left);
                        sorted.sort_unstable();
                        next.push(Node {
                            left: network.encode(&sorted),
                            past,
                            ways: node.ways,
                        });
                    }
                    Ok(())
                },
            )?;
        }
        next.sort_unstable_by(|a, b| a.left.cmp(&b.left).then(a.past.total_cmp(&b.past)));
        next.dedup_by(|later, kept| {
            let same = later.left == kept.left && later.past - kept.past <= SAME;
            if same {
                kept.ways += later.ways;
            }
            same
        });
        Ok(next)
    }

    /// Gives `column_left` from the rows on from `row`, in every way.
    fn fill(
        &mut self,
        row: usize,
        column_left: u64,
        left: &mut [u64],
        past: f64,
        done: &mut impl FnMut(&mut Self, &[u64], f64) -> Result<(), Degenerate>,
    ) -> Result<(), Degenerate> {
        let others: u64 = left[row + 1..].iter().sum();
        for n in column_left.saturating_sub(others)..=column_left.min(left[row]) {
            let past = past - self.ln_factorial[n as usize];
            left[row] -= n;
            if row + 1 == left.len() {
                done(self, left, past)?;
            } else {
                self.fill(row + 1, column_left - n, left, past, done)?;
            }
            left[row] += n;
        }
        Ok(())
    }

    /// Two rows and two columns are left: their likely tables are in the middle of a
    /// distribution with one mode, and what counts are its tails.
    fn close(&mut self, level: &[Node], filled: usize) -> Result<(), Degenerate> {
        let (a, b) = (self.columns[filled], self.columns[filled + 1]);
        for group in level.chunk_by(|x, y| x.left == y.left) {
            let row = self.decode(group[0].left, filled, 2)[0];
            let (low, high) = (row.saturating_sub(b), row.min(a));
            self.spend(high - low + 1)?;
            let weights: Vec<f64> = (low..=high)
                .map(|n| -self.ln_of(&[n, a - n, row - n, b + n - row]))
                .collect();
            let top = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let mode = weights.iter().position(|w| *w >= top).unwrap_or_default();
            let running = |sum: &mut f64, w: &f64| {
                *sum += (w - top).exp();
                Some(*sum)
            };
            let below: Vec<f64> = weights.iter().scan(0.0, running).collect();
            let mut above: Vec<f64> = weights.iter().rev().scan(0.0, running).collect();
            above.reverse();
            for node in group {
                let limit = self.ln_limit - node.past;
                let tails = if top <= limit {
                    below[below.len() - 1]
                } else {
                    let left = weights[..mode].partition_point(|w| *w <= limit);
                    let right = mode + weights[mode..].partition_point(|w| *w > limit);
                    left.checked_sub(1).map_or(0.0, |at| below[at])
                        + above.get(right).copied().unwrap_or(0.0)
                };
                self.sum += node.ways * (node.past + top).exp() * tails;
            }
        }
        Ok(())
    }
}

/// The columns that are not filled yet.
struct Rest<'a> {
    columns: usize,
    ln_factorial: &'a [f64],
    /// Log of the summed weight of all completions, but for the rows' factorials.
    ln_whole: f64,
    /// Σ ln C_j!, and the least Σ ln n! over the ways to spread each column over the rows.
    ln_columns: f64,
    even_columns: f64,
    /// With two rows: the weight of the likeliest completion, by what the first still gives.
    likeliest: Option<Vec<f64>>,
}

impl<'a> Rest<'a> {
    fn new(columns: &[u64], rows: usize, ln_factorial: &'a [f64]) -> Rest<'a> {
        let total: u64 = columns.iter().sum();
        let ln_columns: f64 = columns.iter().map(|&n| ln_factorial[n as usize]).sum();
        let exact = rows == 2 && columns.len() > 1 && total <= EXACT_BOUND;
        Rest {
            columns: columns.len(),
            ln_factorial,
            ln_whole: dist::ln_gamma(total as f64 + 1.0) - ln_columns,
            ln_columns,
            even_columns: spread(columns, rows, ln_factorial),
            likeliest: exact.then(|| likeliest(columns, ln_columns)),
        }
    }

    /// The least and the greatest log weight that a completion can have: n! m! ≤ (n + m)!, so
    /// gathering weighs least, and ln n! is convex, so spreading weighs most.
    fn bounds(&self, left: &[u64], ln_left: f64) -> (f64, f64) {
        if self.columns == 1 {
            return (-ln_left, -ln_left);
        }
        let most = match &self.likeliest {
            Some(likeliest) => likeliest[left[0] as usize],
            None => -spread(left, self.columns, self.ln_factorial).max(self.even_columns),
        };
        (-ln_left.min(self.ln_columns), most)
    }
}

/// The least Σ ln n! when every total is spread over so many cells, by ones where it must be.
fn spread(totals: &[u64], cells: usize, ln_factorial: &[f64]) -> f64 {
    let cells = cells as u64;
    totals
        .iter()
        .map(|total| {
            let (each, more) = (total / cells, total % cells);
            let of = |n: u64| if n > 1 { ln_factorial[n as usize] } else { 0.0 };
            (cells - more) as f64 * of(each) + more as f64 * of(each + 1)
        })
        .sum()
}

/// Per number that the first of two rows gives: the greatest −Σ ln n! over both rows. Each
/// column's weight is concave in its count, so the best next unit is the best of all columns.
fn likeliest(columns: &[u64], ln_columns: f64) -> Vec<f64> {
    let mut gains: Vec<f64> = columns
        .iter()
        .flat_map(|&c| (0..c).map(move |n| ((c - n) as f64 / (n + 1) as f64).ln()))
        .collect();
    gains.sort_unstable_by(|a, b| b.total_cmp(a));
    let mut best = -ln_columns;
    let mut all = vec![best];
    all.extend(gains.into_iter().map(|gain| {
        best += gain;
        best
    }));
    all
}
