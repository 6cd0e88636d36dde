//! Two-stage least squares as a trial draws: assignment is the only instrument, strata are fixed
//! effects in both stages, clusters are what was drawn as one.
//!
//! [`super::iv::two_stage`] does the same for any instruments and covariates, at a cost that is
//! quadratic in their number. Here everything is a sum over people, strata and clusters, so that
//! many strata, thresholds and outcomes cost no more than reading them.

use std::collections::HashMap;

use super::anderson_rubin::{AndersonRubin, ConfidenceSet};
use super::cluster::Clusters;
use super::dist;
use super::infer::{Level, infer};
use super::iv::Strength;
use super::linear::FTest;
use super::matrix::{Matrix, ModelError, check, mean, same_length};
use super::qr::{Qr, dot};
use crate::results::Estimate;

/// An assignment as instrument, prepared once for any number of outcomes of the same people.
#[derive(Debug, Clone)]
pub struct Instrument {
    /// Stratum of each person, numbered from 0.
    strata: Vec<usize>,
    /// People per stratum.
    sizes: Vec<f64>,
    assigned: Vec<bool>,
    /// Covariates minus their means in the stratum, and the leverages that they add.
    covariates: Option<(Qr, Vec<f64>)>,
    /// Assignment minus its mean in the stratum, and minus what the covariates say of it.
    z: Vec<f64>,
    /// Σ z².
    zz: f64,
    noise: Noise,
    /// Whether the data determine a variance.
    defined: bool,
    df: f64,
}

/// What weighs the squared residuals.
#[derive(Debug, Clone)]
enum Noise {
    /// HC2: z/√(1 − leverage) per person.
    Persons(Vec<f64>),
    /// CR2: members per cluster with z/√(1 − eigenvalue).
    Clusters(Vec<(Vec<usize>, f64)>),
}

/// Two-stage least squares by the draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DrawnIv {
    /// Effect per unit received on those whom the draw moved.
    pub effect: Estimate,
    /// Effect of assignment on what is received: the share of compliers where that is yes or no.
    pub received: Estimate,
    /// The first stage's F with the robust variance; absent when receipt follows assignment
    /// exactly.
    pub f: Option<FTest>,
    pub strength: Strength,
    /// Effect of assignment on the outcome.
    pub reduced_form: Estimate,
    pub anderson_rubin: AndersonRubin,
}

impl DrawnIv {
    /// Whether the first stage is too weak for the usual interval at this level: then the Anderson–Rubin set and
    /// its test lead.
    pub fn led_by_set(&self) -> bool {
        self.strength != Strength::Strong
    }

    /// The effect with the interval and p-value that hold: those of Anderson and Rubin where the first stage is
    /// weak. A set that is no interval has no ends here.
    pub fn leading(&self) -> Estimate {
        if !self.led_by_set() {
            return self.effect;
        }
        let ends = match self.anderson_rubin.set {
            ConfidenceSet::Interval { low, high } => Some((low, high)),
            _ => None,
        };
        Estimate {
            statistic: None,
            p_value: self.anderson_rubin.no_effect.map(|test| test.p_value),
            conf_low: ends.map(|(low, _)| low),
            conf_high: ends.map(|(_, high)| high),
            ..self.effect
        }
    }
}

/// Below this, 1 − leverage (or 1 − eigenvalue of a cluster) is rounding error.
const ONE: f64 = 1e-10;

/// How far tr P may be from its value under the working model by rounding alone.
const UNBIASED: f64 = 1e-6;

/// Below this share of its own scale, an effect on receipt is rounding error.
const NOTHING: f64 = 1e-12;

/// One series regressed on assignment and strata.
struct Regression {
    coefficient: f64,
    residuals: Vec<f64>,
}

impl Instrument {
    /// # Formula
    /// With z = assignment minus its stratum's mean, the coefficient of assignment is
    /// Σ z y/Σ z² (Frisch & Waugh 1933; Lovell 1963), and leverages are 1/n_j + z²/Σ z². HC2 has n − J − 1
    /// degrees of freedom. For CR2 the block of the hat matrix of a cluster that has one arm and one
    /// stratum is (1/n_j + z²/Σ z²) 11', whose one eigenvalue gives A_g and Satterthwaite's
    /// degrees of freedom in closed form; see [`super::cluster`] for both.
    ///
    /// # Edge cases
    /// A stratum with one arm only tells nothing and moves nothing. When one person (or cluster)
    /// is the only one of its arm in all strata with both arms, there is no variance.
    ///
    /// # Errors
    /// [`ModelError::Length`], [`ModelError::Empty`], [`ModelError::EmptyArm`],
    /// [`ModelError::NoFirstStage`] when no stratum has both arms,
    /// [`ModelError::SplitCluster`], [`ModelError::ClusterAcrossStrata`],
    /// [`ModelError::NoDegreesOfFreedom`].
    pub fn new(
        assigned: &[bool],
        strata: Option<&[usize]>,
        clusters: Option<&[usize]>,
    ) -> Result<Self, ModelError> {
        let mut instrument = Self::within(assigned, strata, None)?;
        match clusters {
            None => instrument.of_persons(),
            Some(of) => instrument.of_clusters(of)?,
        }
        Ok(instrument)
    }

    /// The same with covariates in both stages, where persons were drawn.
    ///
    /// # Formula
    /// As [`Instrument::new`], with what the covariates (their deviations within strata) explain taken out of
    /// every series. Leverages are 1/n_j + h + z²/Σ z², h those of the covariates: with one instrument the
    /// first stage's fit spans what the instrument does. n − J − 1 − k degrees of freedom.
    ///
    /// # Errors
    /// As there, without those of clusters; [`ModelError::NoFirstStage`] also where assignment follows from the
    /// covariates.
    pub fn adjusted(
        assigned: &[bool],
        strata: Option<&[usize]>,
        covariates: &Matrix,
    ) -> Result<Self, ModelError> {
        let mut instrument = Self::within(assigned, strata, Some(covariates))?;
        instrument.of_persons();
        Ok(instrument)
    }

    fn within(
        assigned: &[bool],
        strata: Option<&[usize]>,
        covariates: Option<&Matrix>,
    ) -> Result<Self, ModelError> {
        let n = assigned.len();
        if n == 0 {
            return Err(ModelError::Empty);
        }
        for treated in [true, false] {
            if !assigned.contains(&treated) {
                return Err(ModelError::EmptyArm { treated });
            }
        }
        let strata = dense(n, strata)?;
        let mut sizes = vec![0.0; strata.iter().max().map_or(0, |&last| last + 1)];
        for &s in &strata {
            sizes[s] += 1.0;
        }
        let covariates = match covariates {
            None => None,
            Some(all) => {
                same_length(all.rows(), n)?;
                let mut deviations = Matrix::new(n);
                for j in 0..all.columns() {
                    deviations.push(&centred(all.column(j), &strata, &sizes))?;
                }
                let qr = Qr::new(&deviations)?;
                let leverage = qr.leverage();
                Some((qr, leverage))
            }
        };
        let slopes = covariates.as_ref().map_or(0, |(qr, _)| qr.rank());
        let coefficients = sizes.len() + 1 + slopes;
        if n <= coefficients {
            return Err(ModelError::NoDegreesOfFreedom {
                units: n,
                coefficients,
            });
        }
        let flags: Vec<f64> = assigned.iter().map(|&z| f64::from(u8::from(z))).collect();
        let centred = centred(&flags, &strata, &sizes);
        let whole = dot(&centred, &centred);
        let z = match &covariates {
            None => centred,
            Some((qr, _)) => qr.solve(&centred)?.residuals,
        };
        let zz = dot(&z, &z);
        if zz <= ONE * whole {
            return Err(ModelError::NoFirstStage);
        }
        Ok(Instrument {
            strata,
            sizes,
            assigned: assigned.to_vec(),
            covariates,
            z,
            zz,
            noise: Noise::Persons(Vec::new()),
            defined: true,
            df: (n - coefficients) as f64,
        })
    }

    /// How many people.
    pub fn units(&self) -> usize {
        self.z.len()
    }

    pub fn assigned(&self) -> &[bool] {
        &self.assigned
    }

    fn eigenvalue(&self, stratum: usize, z: f64, members: f64) -> f64 {
        members * (1.0 / self.sizes[stratum] + z * z / self.zz)
    }

    fn of_persons(&mut self) {
        let added = |i: usize| self.covariates.as_ref().map_or(0.0, |(_, h)| h[i]);
        let people = self.z.iter().zip(&self.strata).enumerate();
        let weights: Vec<f64> = people
            .map(|(i, (&z, &s))| z * root(self.eigenvalue(s, z, 1.0) + added(i)))
            .collect();
        // A person of leverage one has weight zero: nothing but that person decides.
        self.defined = !self
            .z
            .iter()
            .zip(&weights)
            .any(|(&z, &w)| w == 0.0 && z * z > ONE * self.zz);
        self.noise = Noise::Persons(weights);
    }

    fn of_clusters(&mut self, cluster: &[usize]) -> Result<(), ModelError> {
        same_length(cluster.len(), self.z.len())?;
        let clusters = Clusters::new(cluster)?;
        clusters.arms(&self.assigned)?;
        let strata = self.sizes.len();
        let (mut trace, mut squares, mut joint) = (0.0, 0.0, 0.0);
        let (mut same, mut crossed) = (vec![0.0; strata], vec![0.0; strata]);
        let mut found = Vec::with_capacity(clusters.count());
        for (place, members) in clusters.members().iter().enumerate() {
            let stratum = self.strata[members[0]];
            if members.iter().any(|&i| self.strata[i] != stratum) {
                return Err(ModelError::ClusterAcrossStrata { cluster: place });
            }
            let (z, n) = (self.z[members[0]], members.len() as f64);
            let eigenvalue = self.eigenvalue(stratum, z, n);
            let weight = z * root(eigenvalue);
            // P = D − A, D = u_g'u_g, A_gh = m_g m_h (1[same stratum]/n_j + z_g z_h/Σz²).
            let (own, m) = (weight * weight * n, weight * n);
            trace += own * (1.0 - eigenvalue);
            squares += own * own * (1.0 - 2.0 * eigenvalue);
            same[stratum] += m * m;
            crossed[stratum] += m * m * z;
            joint += m * m * z * z;
            found.push((members.clone(), weight));
        }
        let across: f64 = same
            .iter()
            .zip(&crossed)
            .zip(&self.sizes)
            .map(|((same, crossed), n)| {
                (same / n).powi(2) + 2.0 * crossed * crossed / (n * self.zz)
            })
            .sum();
        self.defined = (trace / self.zz - 1.0).abs() < UNBIASED;
        self.df = trace * trace / (squares + across + (joint / self.zz).powi(2));
        self.noise = Noise::Clusters(found);
        Ok(())
    }

    /// The effect of assignment on a series: Σ z y/Σ z², within strata.
    ///
    /// # Errors
    /// [`ModelError::Length`], [`ModelError::NotFinite`].
    pub fn effect_on(&self, y: &[f64]) -> Result<f64, ModelError> {
        Ok(self.regress(y)?.coefficient)
    }

    fn regress(&self, y: &[f64]) -> Result<Regression, ModelError> {
        check(y, self.z.len())?;
        let mut y_within = centred(y, &self.strata, &self.sizes);
        if let Some((qr, _)) = &self.covariates {
            y_within = qr.solve(&y_within)?.residuals;
        }
        let rough = dot(&self.z, &y_within) / self.zz;
        let mut residuals = y_within.clone();
        for (e, z) in residuals.iter_mut().zip(&self.z) {
            *e -= rough * z;
        }
        let correction = dot(&self.z, &residuals) / self.zz;
        let coefficient = rough + correction;
        for (i, e) in residuals.iter_mut().enumerate() {
            *e = y_within[i] - coefficient * self.z[i];
            let scale = y[i].abs() + (y[i] - y_within[i]).abs() + coefficient.abs();
            if e.abs() <= 16.0 * f64::EPSILON * scale {
                *e = 0.0;
            }
        }
        Ok(Regression {
            coefficient,
            residuals,
        })
    }

    /// The covariance of the coefficients of two regressions with these residuals.
    fn covariance(&self, e: &[f64], f: &[f64]) -> f64 {
        let meat: f64 = match &self.noise {
            Noise::Persons(weights) => weights
                .iter()
                .zip(e.iter().zip(f))
                .map(|(w, (e, f))| w * w * e * f)
                .sum(),
            Noise::Clusters(clusters) => clusters
                .iter()
                .map(|(members, weight)| {
                    let of = |e: &[f64]| weight * members.iter().map(|&i| e[i]).sum::<f64>();
                    of(e) * of(f)
                })
                .sum(),
        };
        meat / (self.zz * self.zz)
    }

    fn infer(&self, estimate: f64, variance: f64, level: Level) -> Estimate {
        let std_error = if self.defined {
            variance.max(0.0).sqrt()
        } else {
            f64::NAN
        };
        infer(estimate, std_error, Some(self.df), level)
    }

    fn f(&self, effect: f64, variance: f64) -> Option<FTest> {
        let statistic = effect * effect / variance;
        (self.defined && variance > 0.0 && statistic.is_finite()).then(|| FTest {
            statistic,
            df1: 1.0,
            df2: self.df,
            p_value: dist::f_sf(statistic, 1.0, self.df),
        })
    }

    /// Two-stage least squares of `y` on what was `received` (yes or no as 1 or 0, or a dose).
    ///
    /// # Formula
    /// b = Σ z y/Σ z d: with strata the ratio of the two effects of assignment, each an average over
    /// strata with weights n_j p_j (1 − p_j), p_j the share assigned (the model of estimatr's
    /// `iv_robust` with the strata as `fixed_effects`). Its variance is that of the effect of
    /// assignment on y − b d, over the squared effect on d. The Anderson–Rubin set is that of
    /// [`super::anderson_rubin`] with the same variances and degrees of freedom.
    ///
    /// # Errors
    /// [`ModelError::NoFirstStage`] when assignment does not change receipt,
    /// [`ModelError::Length`], [`ModelError::NotFinite`], [`ModelError::Numerical`].
    pub fn two_stage(
        &self,
        y: &[f64],
        received: &[f64],
        level: Level,
    ) -> Result<DrawnIv, ModelError> {
        let first = self.regress(received)?;
        let reduced = self.regress(y)?;
        let share = first.coefficient;
        let scale = received.iter().fold(0.0_f64, |m, d| m.max(d.abs()));
        if share.abs() <= NOTHING * scale {
            return Err(ModelError::NoFirstStage);
        }
        let ratio = reduced.coefficient / share;
        let e: Vec<f64> = (0..y.len())
            .map(|i| {
                let (of_y, of_d) = (reduced.residuals[i], first.residuals[i]);
                let e = of_y - ratio * of_d;
                // Where the outcome is receipt times a number nothing but rounding is left.
                let terms = |value: f64, residual: f64| value.abs() + (value - residual).abs();
                let scale = terms(y[i], of_y) + ratio.abs() * terms(received[i], of_d);
                if e.abs() <= 16.0 * f64::EPSILON * scale {
                    0.0
                } else {
                    e
                }
            })
            .collect();
        let vee = self.covariance(&e, &e);
        let ved = self.covariance(&e, &first.residuals);
        let vdd = self.covariance(&first.residuals, &first.residuals);
        let vyy = self.covariance(&reduced.residuals, &reduced.residuals);
        let t2 = dist::t_isf(level.tail(), self.df).powi(2);
        let set = if self.defined {
            ConfidenceSet::of_quadratic(ratio, share * share - t2 * vdd, -t2 * ved, -t2 * vee)?
        } else {
            ConfidenceSet::Line
        };
        let f = self.f(share, vdd);
        Ok(DrawnIv {
            effect: self.infer(ratio, vee / (share * share), level),
            received: self.infer(share, vdd, level),
            f,
            strength: Strength::of(f.map(|f| f.statistic), level),
            reduced_form: self.infer(reduced.coefficient, vyy, level),
            anderson_rubin: AndersonRubin {
                no_effect: self.f(reduced.coefficient, vyy),
                set,
            },
        })
    }
}

/// (1 − h)^(−1/2), and zero where 1 − h is rounding error.
fn root(h: f64) -> f64 {
    if 1.0 - h > ONE {
        1.0 / (1.0 - h).sqrt()
    } else {
        0.0
    }
}

/// Strata numbered from 0 in order of appearance; one where there are none.
fn dense(n: usize, strata: Option<&[usize]>) -> Result<Vec<usize>, ModelError> {
    let Some(strata) = strata else {
        return Ok(vec![0; n]);
    };
    same_length(strata.len(), n)?;
    let mut numbers: HashMap<usize, usize> = HashMap::new();
    Ok(strata
        .iter()
        .map(|stratum| {
            let next = numbers.len();
            *numbers.entry(*stratum).or_insert(next)
        })
        .collect())
}

/// Values minus the mean of their stratum, which is taken twice so that large values keep
/// their digits.
fn centred(values: &[f64], strata: &[usize], sizes: &[f64]) -> Vec<f64> {
    if sizes.len() == 1 {
        let mean = mean(values.iter().copied()).unwrap_or_default();
        return values.iter().map(|v| v - mean).collect();
    }
    let means = |values: &[f64], around: &[f64]| -> Vec<f64> {
        let mut sums = vec![0.0; sizes.len()];
        for (v, &s) in values.iter().zip(strata) {
            sums[s] += v - around[s];
        }
        sums.iter()
            .zip(sizes)
            .zip(around)
            .map(|((sum, n), around)| around + sum / n)
            .collect()
    };
    let rough = means(values, &vec![0.0; sizes.len()]);
    let centres = means(values, &rough);
    values
        .iter()
        .zip(strata)
        .map(|(v, &s)| v - centres[s])
        .collect()
}
