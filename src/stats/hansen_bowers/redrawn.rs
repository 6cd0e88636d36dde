//! Balance by the draw's own distribution, where χ² and the normal cannot be relied on: few units,
//! rare values, many covariates at once.

use rayon::prelude::*;

use super::super::cluster::Clusters;
use super::super::dist;
use super::super::matrix::{Matrix, ModelError};
use super::super::qr::{Qr, dot};
use super::super::randomization::{DrawnP, Draws, Extent};
use super::{Draw, Omnibus};
use crate::error::Result;

/// Up to this squared jump χ² holds: a value that one person in twenty has must be expected twenty times in
/// the smaller arm, and a normal one needs some two hundred people in equal arms.
const STEADY: f64 = 0.05;

/// A statistic within this of the observed one counts as equal, relative.
const TIE: f64 = 1e-9;

/// Replicates per task: a fixed number, so that nothing depends on the number of threads.
const CHUNK: u64 = 64;

/// Questions of balance, each about some of the covariates' columns.
pub struct Questions {
    /// Units in strata with both arms: the totals of their members per column, row by row.
    totals: Vec<f64>,
    columns: usize,
    /// A member of each unit, whose arm is the unit's.
    members: Vec<usize>,
    asked: Vec<Asked>,
}

struct Asked {
    columns: Vec<usize>,
    qr: Qr,
    /// Of one column: its square in units of the covariance, by which the squared sum is divided.
    square: Option<f64>,
    statistic: f64,
    jump: f64,
    /// Whether the statistic differs between draws.
    varies: bool,
}

impl Questions {
    /// Asks d² of each set of columns (see [`super::balance`]); of one column it is z².
    ///
    /// # Errors
    /// As [`super::balance`].
    pub fn new(
        covariates: &Matrix,
        questions: &[Vec<usize>],
        treated: &[bool],
        strata: Option<&[usize]>,
        clusters: Option<&Clusters>,
    ) -> std::result::Result<Self, ModelError> {
        let draw = Draw::new(covariates.rows(), treated, strata, clusters)?;
        let informative: Vec<_> = draw.strata.iter().filter(|s| s.h() > 0.0).collect();
        let columns = covariates.columns();
        let units: usize = informative.iter().map(|s| s.units.len()).sum();
        let mut found = Questions {
            totals: vec![0.0; units * columns],
            columns,
            members: Vec::with_capacity(units),
            asked: Vec::with_capacity(questions.len()),
        };
        // √(h_b/(n_b − 1)) and the odds of the rarer arm, per unit.
        let (mut roots, mut odds) = (Vec::with_capacity(units), Vec::with_capacity(units));
        for stratum in &informative {
            let first = found.members.len();
            for j in 0..columns {
                let totals = stratum.centred_totals(covariates.column(j));
                for (u, total) in totals.into_iter().enumerate() {
                    found.totals[(first + u) * columns + j] = total;
                }
            }
            let n = stratum.units.len() as f64;
            let given = stratum.units.iter().filter(|u| u.treated).count() as f64;
            let fewer = given.min(n - given);
            for unit in &stratum.units {
                found.members.push(unit.members[0]);
                roots.push((stratum.h() / (n - 1.0)).sqrt());
                odds.push((n - fewer) / fewer);
            }
        }
        let every: Vec<usize> = (0..columns).collect();
        let sums = found.sums(&found.totals, columns, &mut Vec::new(), |person| {
            treated[person]
        });
        let sums = Sums {
            values: sums,
            places: &every,
        };
        let dimensions = units - informative.len();
        for question in questions {
            let mut spread = Matrix::new(units);
            for &j in question {
                let column: Vec<f64> = (0..units)
                    .map(|u| roots[u] * found.totals[u * columns + j])
                    .collect();
                spread.push(&column)?;
            }
            let qr = Qr::new(&spread)?;
            let jumps = qr.leverage().into_iter().zip(&odds).map(|(h, o)| h * o);
            let mut asked = Asked {
                columns: question.clone(),
                square: (question.len() == 1 && qr.rank() == 1).then(|| dot(qr.x(0), qr.x(0))),
                statistic: 0.0,
                jump: jumps.fold(0.0, f64::max),
                varies: qr.rank() > 0 && qr.rank() < dimensions,
                qr,
            };
            asked.statistic = asked.value(&sums);
            found.asked.push(asked);
        }
        Ok(found)
    }

    /// How many units say something.
    pub fn units(&self) -> usize {
        self.members.len()
    }

    /// The statistic with its χ²; absent where it is the same in every draw.
    pub fn closed(&self, question: usize) -> Option<Omnibus> {
        let asked = self.asked.get(question).filter(|asked| asked.varies)?;
        let df = asked.qr.rank() as f64;
        Some(Omnibus {
            statistic: asked.statistic,
            df,
            p_value: dist::chi2_sf(asked.statistic, df),
        })
    }

    /// Whether χ² holds for a question: whether no single unit's arm moves the differences, in their
    /// standard deviations, by more than a little.
    ///
    /// # Formula
    /// A unit of leverage h (its share in the covariance over the draws, h = f(1 − f)·x'S⁻¹x for the rarer
    /// arm's share f) moves d² by h(1 − f)/f when it gets into the rarer arm. That is 1/(m f) for a value that m
    /// people have: one over how many of them the rarer arm expects. The largest may not exceed 1/20.
    pub fn steady(&self, question: usize) -> bool {
        let asked = self.asked.get(question);
        asked.is_some_and(|asked| asked.jump <= STEADY)
    }

    /// The p-values of some questions over draws: the share in which d² is at least as large. Absent where it is
    /// the same in every draw.
    ///
    /// # Errors
    /// Those of the draws.
    pub fn over<D: Draws>(
        &self,
        questions: &[usize],
        persons: usize,
        draws: &D,
        extent: Extent,
    ) -> Result<Vec<Option<DrawnP>>> {
        let (total, own) = match extent {
            Extent::Sample(draws) => (draws, 1),
            Extent::All(draws) => (draws, 0),
        };
        let asked: Vec<Option<&Asked>> = questions
            .iter()
            .map(|&q| self.asked.get(q).filter(|asked| asked.varies))
            .collect();
        // Only what the questions are about is added up in every draw.
        let mut used: Vec<usize> = asked
            .iter()
            .flatten()
            .flat_map(|of| of.columns.clone())
            .collect();
        used.sort_unstable();
        used.dedup();
        let places = places(&used, self.columns);
        let rows = self.totals.chunks_exact(self.columns.max(1));
        let totals: Vec<f64> = rows.flat_map(|row| used.iter().map(|&j| row[j])).collect();
        let chunks: Vec<Vec<u64>> = (0..total.div_ceil(CHUNK))
            .into_par_iter()
            .map_init(
                || (draws.memory(), vec![0_u8; persons], Vec::new()),
                |(memory, arms, drawn), chunk| {
                    let mut counts = vec![0; asked.len()];
                    for index in chunk * CHUNK..total.min((chunk + 1) * CHUNK) {
                        draws.draw(index, memory, arms)?;
                        let treated = draws.treated();
                        let sums =
                            self.sums(&totals, used.len(), drawn, |person| arms[person] == treated);
                        let sums = Sums {
                            values: sums,
                            places: &places,
                        };
                        for (count, asked) in counts.iter_mut().zip(&asked) {
                            let Some(asked) = asked else { continue };
                            let value = asked.value(&sums);
                            *count += u64::from(value >= asked.statistic * (1.0 - TIE));
                        }
                    }
                    Ok(counts)
                },
            )
            .collect::<Result<_>>()?;
        let exact = own == 0;
        Ok(asked
            .iter()
            .enumerate()
            .map(|(place, asked)| {
                asked.filter(|_| total > 0)?;
                let count: u64 = chunks.iter().map(|counts| counts[place]).sum();
                // Counts of draws are far below 2^53.
                let p_value = (count + own) as f64 / (total + own) as f64;
                let error = (p_value * (1.0 - p_value) / total as f64).sqrt();
                Some(DrawnP {
                    p_value,
                    monte_carlo_error: if exact { 0.0 } else { error },
                    draws: total,
                    exact,
                })
            })
            .collect())
    }

    /// Σ z'x per column of `totals`, which has so many per unit; `drawn` is memory for who is in the intervention.
    fn sums(
        &self,
        totals: &[f64],
        columns: usize,
        drawn: &mut Vec<usize>,
        treated: impl Fn(usize) -> bool,
    ) -> Vec<f64> {
        let mut sums = vec![0.0; columns];
        // A list made without a branch, then the sums: the arms come in no order that could be foreseen.
        drawn.resize(self.members.len(), 0);
        let mut count = 0;
        for (unit, &person) in self.members.iter().enumerate() {
            drawn[count] = unit;
            count += usize::from(treated(person));
        }
        for &unit in &drawn[..count] {
            let row = &totals[unit * columns..(unit + 1) * columns];
            for (sum, total) in sums.iter_mut().zip(row) {
                *sum += total;
            }
        }
        sums
    }
}

/// Where each of all columns stands among some of them.
fn places(columns: &[usize], all: usize) -> Vec<usize> {
    let mut places = vec![0; all];
    for (place, &column) in columns.iter().enumerate() {
        places[column] = place;
    }
    places
}

/// Sums of some of the columns, by the column.
struct Sums<'a> {
    values: Vec<f64>,
    places: &'a [usize],
}

impl Sums<'_> {
    fn at(&self, column: usize) -> f64 {
        self.values[self.places[column]]
    }
}

impl Asked {
    /// ‖R⁻ᵀT‖² of the kept columns.
    fn value(&self, sums: &Sums<'_>) -> f64 {
        if let (Some(square), [column]) = (self.square, self.columns.as_slice()) {
            // One column, as most questions have.
            return sums.at(*column).powi(2) / square;
        }
        let kept: Vec<f64> = self
            .qr
            .kept()
            .iter()
            .map(|&j| sums.at(self.columns[j]))
            .collect();
        let standardised = self.qr.solve_rt(&kept);
        dot(&standardised, &standardised)
    }
}
