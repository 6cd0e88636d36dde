//! What a statistic needs of every unit, in columns that only have to be added up over the
//! units of an arm: all outcomes of a replicate in one pass.

use std::collections::HashMap;

use super::Drawn;
use crate::stats::cluster::Clusters;
use crate::stats::matrix::{ModelError, mean, same_length};
use crate::stats::strata::blocks;

/// Columns of one outcome. Over the units u (persons or clusters) of an arm they add up
/// S = Σ s_u, N = Σ n_u, Σ s_u², Σ n_u s_u, Σ n_u², the number of units with values, and the
/// values of those whom the observed draw gave the intervention.
#[derive(Debug, Clone, Copy)]
struct Places {
    sum: usize,
    n: usize,
    squares: usize,
    products: usize,
    n_squares: usize,
    units: usize,
    treated: usize,
}

/// Columns that are added up side by side, in registers.
const LANES: usize = 8;

/// The columns of all units, stratum by stratum.
pub(super) struct Features {
    /// Eight columns of all units, then the next eight.
    values: Vec<[f64; LANES]>,
    /// Columns, filled up to whole eights.
    width: usize,
    /// A person of the unit, whose arm is the unit's.
    person: Vec<u32>,
    /// First unit of every stratum, and one past the last.
    starts: Vec<usize>,
    /// Per stratum the columns added up over all units.
    totals: Vec<f64>,
    places: Vec<Places>,
    noise: Vec<f64>,
    /// Whether the intervention arm is the smaller, whose units are added up.
    adds_treated: bool,
}

/// The columns added up per stratum over the units of the intervention arm.
pub(super) struct Sums {
    treated: Vec<f64>,
    chosen: Vec<u32>,
}

/// Columns, equal ones once.
#[derive(Default)]
struct Distinct {
    columns: Vec<Vec<f64>>,
    found: HashMap<Vec<u64>, usize>,
}

impl Distinct {
    fn place(&mut self, column: Vec<f64>) -> usize {
        let bits: Vec<u64> = column.iter().map(|v| v.to_bits()).collect();
        let next = self.columns.len();
        *self.found.entry(bits).or_insert_with(|| {
            self.columns.push(column);
            next
        })
    }
}

impl Features {
    /// # Errors
    /// [`ModelError::Length`], [`ModelError::Empty`], [`ModelError::SplitCluster`],
    /// [`ModelError::ClusterAcrossStrata`].
    pub(super) fn new(drawn: &Drawn) -> Result<Self, ModelError> {
        let n = drawn.treated.len();
        for outcome in drawn.outcomes {
            same_length(outcome.len(), n)?;
        }
        let strata = drawn.strata.map_or_else(|| vec![0; n], <[usize]>::to_vec);
        let members: Vec<Vec<usize>> = match drawn.clusters {
            None => (0..n).map(|i| vec![i]).collect(),
            Some(clusters) => {
                same_length(clusters.len(), n)?;
                let clusters = Clusters::new(clusters)?;
                clusters.arms(drawn.treated)?;
                clusters.members().to_vec()
            }
        };
        for (cluster, members) in members.iter().enumerate() {
            if members
                .iter()
                .any(|&i| strata.get(i) != strata.get(members[0]))
            {
                return Err(ModelError::ClusterAcrossStrata { cluster });
            }
        }
        let unit_treated: Vec<bool> = members.iter().map(|m| drawn.treated[m[0]]).collect();
        let unit_strata: Vec<usize> = members
            .iter()
            .map(|m| strata.get(m[0]).copied().ok_or(ModelError::Empty))
            .collect::<Result<_, _>>()?;
        let blocks = blocks(&unit_treated, &unit_strata)?;
        let order: Vec<usize> = blocks.iter().flat_map(|b| b.members.clone()).collect();
        let mut starts = vec![0];
        for block in &blocks {
            starts.push(starts[starts.len() - 1] + block.members.len());
        }
        let mut columns = Distinct::default();
        let mut noise = Vec::new();
        let places = drawn
            .outcomes
            .iter()
            .map(|y| {
                let centred = centre(y, &strata);
                noise.push(
                    centred
                        .iter()
                        .filter(|v| !v.is_nan())
                        .fold(0.0, |m: f64, v| m.max(v.abs()))
                        * 1e-12,
                );
                places(&mut columns, &centred, &members, &order, &unit_treated)
            })
            .collect();
        let columns = columns.columns;
        let width = columns.len().div_ceil(LANES) * LANES;
        let units = order.len();
        let mut values = vec![[0.0; LANES]; units * (width / LANES)];
        for (c, column) in columns.iter().enumerate() {
            for (u, value) in column.iter().enumerate() {
                values[c / LANES * units + u][c % LANES] = *value;
            }
        }
        let mut totals = vec![0.0; width * blocks.len()];
        for (s, bounds) in starts.windows(2).enumerate() {
            let all: Vec<u32> = (bounds[0]..bounds[1]).map(|u| u as u32).collect();
            add(
                &values,
                units,
                &all,
                &mut totals[s * width..(s + 1) * width],
            );
        }
        let treated = unit_treated.iter().filter(|t| **t).count();
        Ok(Features {
            values,
            width,
            person: order.iter().map(|&u| members[u][0] as u32).collect(),
            starts,
            totals,
            places,
            noise,
            adds_treated: treated * 2 <= unit_treated.len(),
        })
    }

    pub(super) fn sums(&self) -> Sums {
        Sums {
            treated: vec![0.0; self.totals.len()],
            chosen: vec![0; self.person.len()],
        }
    }

    /// Differences up to this are rounding error.
    pub(super) fn noise(&self, outcome: usize) -> f64 {
        self.noise[outcome]
    }

    /// Adds up the units that are `code` in this replicate; `arms` has one entry per person.
    pub(super) fn add(&self, arms: &[u8], code: u8, sums: &mut Sums) {
        let width = self.width;
        for (s, bounds) in self.starts.windows(2).enumerate() {
            // Writing always and counting on keeps the loop free of branches, which a random
            // draw makes unpredictable.
            let mut count = 0_usize;
            let units = bounds[0] as u32..bounds[1] as u32;
            for (u, &person) in units.zip(&self.person[bounds[0]..bounds[1]]) {
                sums.chosen[count] = u;
                let treated = arms[person as usize] == code;
                // No more than there are units.
                count = count.wrapping_add(usize::from(treated == self.adds_treated));
            }
            let sum = &mut sums.treated[s * width..(s + 1) * width];
            add(&self.values, self.person.len(), &sums.chosen[..count], sum);
            if !self.adds_treated {
                let total = &self.totals[s * width..(s + 1) * width];
                for (sum, total) in sum.iter_mut().zip(total) {
                    *sum = total - *sum;
                }
            }
        }
    }

    /// Difference, slope (the same difference of the observed assignment) and studentized
    /// difference of an outcome; NaN where not defined.
    pub(super) fn statistics(&self, outcome: usize, sums: &Sums) -> [f64; 3] {
        let at = &self.places[outcome];
        let width = self.width;
        let (mut weight, mut difference, mut slope, mut variance) = (0.0, 0.0, 0.0, 0.0);
        for (treated, total) in sums
            .treated
            .chunks_exact(width)
            .zip(self.totals.chunks_exact(width))
        {
            let n = total[at.n];
            if n == 0.0 {
                continue;
            }
            let arm = |column: usize| (treated[column], total[column] - treated[column]);
            let (n1, n0) = arm(at.n);
            if n1 == 0.0 || n0 == 0.0 {
                continue;
            }
            let (s1, s0) = arm(at.sum);
            let (z1, z0) = arm(at.treated);
            let (m1, m0) = (s1 / n1, s0 / n0);
            weight += n;
            difference += n * (m1 - m0);
            slope += n * (z1 / n1 - z0 / n0);
            let (q1, q0) = arm(at.squares);
            let (p1, p0) = arm(at.products);
            let (c1, c0) = arm(at.n_squares);
            let (g1, g0) = arm(at.units);
            let v = |q: f64, p: f64, c: f64, g: f64, n: f64, m: f64| {
                // 0/0 for a single unit: not defined.
                (q - m * (2.0 * p - m * c)).max(0.0) / (n * n) * (g / (g - 1.0))
            };
            variance += n * n * (v(q1, p1, c1, g1, n1, m1) + v(q0, p0, c0, g0, n0, m0));
        }
        if weight == 0.0 {
            return [f64::NAN; 3];
        }
        let noise = self.noise[outcome];
        let std_error = variance.sqrt();
        let studentized = if !std_error.is_finite() {
            f64::NAN
        } else if difference.abs() <= noise * weight {
            0.0
        } else if std_error <= noise * weight {
            f64::INFINITY.copysign(difference)
        } else {
            difference / std_error
        };
        [difference / weight, slope / weight, studentized]
    }
}

/// The columns' sums over the chosen units.
fn add(values: &[[f64; LANES]], units: usize, chosen: &[u32], sums: &mut [f64]) {
    for (block, sums) in values.chunks_exact(units).zip(sums.chunks_exact_mut(LANES)) {
        let mut sum = [0.0; LANES];
        for &u in chosen {
            let row = &block[u as usize];
            for lane in 0..LANES {
                sum[lane] += row[lane];
            }
        }
        sums.copy_from_slice(&sum);
    }
}

/// Values minus the mean of their stratum: the differences stay, and squares keep digits.
fn centre(y: &[f64], strata: &[usize]) -> Vec<f64> {
    let mut of: HashMap<usize, Vec<usize>> = HashMap::new();
    for (i, &s) in strata.iter().enumerate().filter(|(i, _)| y[*i].is_finite()) {
        of.entry(s).or_default().push(i);
    }
    let mut centred = vec![f64::NAN; y.len()];
    for members in of.values() {
        let mean = mean(members.iter().map(|&i| y[i])).unwrap_or_default();
        for &i in members {
            centred[i] = y[i] - mean;
        }
    }
    centred
}

fn places(
    columns: &mut Distinct,
    y: &[f64],
    members: &[Vec<usize>],
    order: &[usize],
    treated: &[bool],
) -> Places {
    let of_unit = |f: &dyn Fn(usize) -> f64| -> Vec<f64> { order.iter().map(|&u| f(u)).collect() };
    let valid = |u: usize| members[u].iter().map(|&i| y[i]).filter(|v| !v.is_nan());
    let n = of_unit(&|u| valid(u).count() as f64);
    // + 0.0, so that an empty sum is not −0.
    let sum = of_unit(&|u| valid(u).sum::<f64>() + 0.0);
    let product = |a: &[f64], b: &[f64]| {
        a.iter()
            .zip(b)
            .map(|(a, b)| a * b + 0.0)
            .collect::<Vec<f64>>()
    };
    let units: Vec<f64> = n.iter().map(|&n| f64::from(u8::from(n > 0.0))).collect();
    let given = of_unit(&|u| f64::from(u8::from(treated[u])));
    Places {
        squares: columns.place(product(&sum, &sum)),
        products: columns.place(product(&sum, &n)),
        n_squares: columns.place(product(&n, &n)),
        treated: columns.place(product(&given, &n)),
        units: columns.place(units),
        sum: columns.place(sum),
        n: columns.place(n),
    }
}
