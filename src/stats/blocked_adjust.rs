//! Intention to treat, adjusted for covariates, where the draw was made within strata.

use super::between::{Piece, welch};
use super::blocked::blocked_difference;
use super::infer::{Level, infer};
use super::matrix::{Matrix, ModelError, check, mean, same_length};
use super::qr::{Qr, dot};
use super::strata::{Block, blocks, within};
use super::weighting::Imbalance;
use crate::results::Estimate;

/// Lin's estimator with the strata among the covariates.
///
/// # Formula
/// The coefficient of treatment in the regression on treatment, the indicators of the strata and
/// the covariates, all centred, and their products with treatment (Lin 2013, Ann. Appl. Stat. 7,
/// 295–318, section 4; estimatr's `lm_lin`), with HC2. Degrees of freedom are Welch's over the cells (arms of
/// strata), each with n_aj − 1 less its share of the slopes, (n_aj − 1)·k/(n_a − J). Without covariates it is
/// [`super::blocked::blocked_difference`], estimate, standard error and degrees of freedom.
///
/// It is computed arm by arm from deviations within strata, in time linear in the number of people
/// and of strata: τ = Σ (N_j/N)(ȳ_1j − ȳ_0j) + g_1'γ_1 − g_0'γ_0 with γ_a the slopes within arm a and
/// strata and g_a = Σ (N_j/N)(x̄_j − x̄_aj). A person's leverage is 1/n_aj + x̃'(X̃_a'X̃_a)⁻¹x̃.
///
/// When every stratum is a pair nothing is left within arms: then as [`blocked_ancova`]. With a thin
/// stratum among others there are no slopes of its own within an arm: then one slope for all, from
/// deviations within strata, is taken out of the outcome, and the difference, its variance and its
/// degrees of freedom (less one per slope) are those of [`super::blocked::blocked_difference`]
/// (Fogarty 2018, J. R. Stat. Soc. B 80, 1035–1056, section 4). To the variance comes what the slopes' own (HC2) makes of the
/// difference that the covariates have, d'V(γ)d with d = Σ (N_j/N)(x̄_1j − x̄_0j).
///
/// # Errors
/// [`ModelError::ThinStratum`] as there, [`ModelError::NoDegreesOfFreedom`], [`ModelError::Length`], [`ModelError::NotFinite`],
/// [`ModelError::Empty`].
pub fn blocked_lin(
    y: &[f64],
    treated: &[bool],
    strata: &[usize],
    covariates: &Matrix,
    level: Level,
) -> Result<Estimate, ModelError> {
    check(y, treated.len())?;
    same_length(covariates.rows(), y.len())?;
    let blocks = blocks(treated, strata)?;
    if blocks.len() > 1 && blocks.iter().all(|b| (b.treated, b.control) == (1, 1)) {
        return blocked_ancova(y, treated, strata, covariates, level);
    }
    if blocks.iter().any(|b| b.treated < 2 || b.control < 2) {
        return thin_lin(y, treated, strata, covariates, level);
    }
    let sides = [true, false].map(|arm| Side::new(y, treated, covariates, &blocks, arm));
    let [one, zero] = sides;
    let (one, zero) = (one?, zero?);
    let lost = 2 * blocks.len() + one.slopes + zero.slopes;
    degrees(y.len(), lost)?;
    let pieces = [one.pieces, zero.pieces].concat();
    let df = welch(&pieces);
    let variance: f64 = pieces.iter().map(|piece| piece.variance).sum();
    Ok(infer(
        one.mean - zero.mean,
        variance.sqrt(),
        Some(df),
        level,
    ))
}

/// The difference of [`super::blocked::blocked_difference`] after one slope per covariate is taken
/// out of the outcome.
fn thin_lin(
    y: &[f64],
    treated: &[bool],
    strata: &[usize],
    covariates: &Matrix,
    level: Level,
) -> Result<Estimate, ModelError> {
    let blocks = blocks(treated, strata)?;
    let groups: Vec<&[usize]> = blocks.iter().map(|b| b.members.as_slice()).collect();
    let design = deviations(treated, covariates, &groups)?;
    let qr = Qr::new(&design)?;
    let solution = qr.solve(&within(y, &groups))?;
    let mut adjusted = y.to_vec();
    let mut slopes = 0.0;
    let mut gaps = vec![0.0; qr.rank()];
    for j in 0..covariates.columns() {
        let Some(place) = qr.position(j + 1) else {
            continue;
        };
        slopes += 1.0;
        gaps[place] = blocked_difference(covariates.column(j), treated, strata, level)?
            .effect
            .estimate;
        for (value, x) in adjusted.iter_mut().zip(covariates.column(j)) {
            *value -= solution.coefficients[place] * x;
        }
    }
    let found = blocked_difference(&adjusted, treated, strata, level)?.effect;
    let (Some(df), Some(error)) = (found.df, found.std_error) else {
        return Ok(found);
    };
    let left = df - slopes;
    if left <= 0.0 {
        return Err(ModelError::NoDegreesOfFreedom {
            units: y.len(),
            coefficients: covariates.columns(),
        });
    }
    let of_slopes = hc2(
        &qr,
        &design,
        &groups,
        &solution.residuals,
        &qr.solve_rt(&gaps),
    );
    let variance = error * error * df / left + of_slopes;
    Ok(infer(found.estimate, variance.sqrt(), Some(left), level))
}

/// Analysis of covariance with an effect for every stratum: one slope for both arms.
///
/// # Formula
/// The coefficient of treatment in the regression on treatment, covariates and the indicators of the
/// strata, from deviations within strata, with HC2 (leverage 1/n_j more than that of the
/// deviations) and N − J − 1 − k degrees of freedom.
///
/// # Errors
/// [`ModelError::EmptyArm`] when treatment varies in no stratum beyond the covariates, and as
/// [`blocked_lin`] without `ThinStratum`.
pub fn blocked_ancova(
    y: &[f64],
    treated: &[bool],
    strata: &[usize],
    covariates: &Matrix,
    level: Level,
) -> Result<Estimate, ModelError> {
    check(y, treated.len())?;
    same_length(covariates.rows(), y.len())?;
    let blocks = blocks(treated, strata)?;
    let groups: Vec<&[usize]> = blocks.iter().map(|b| b.members.as_slice()).collect();
    let design = deviations(treated, covariates, &groups)?;
    let qr = Qr::new(&design)?;
    let place = qr
        .position(0)
        .ok_or(ModelError::EmptyArm { treated: true })?;
    let df = degrees(y.len(), blocks.len() + qr.rank())?;
    let solution = qr.solve(&within(y, &groups))?;
    let mut unit = vec![0.0; qr.rank()];
    unit[place] = 1.0;
    let direction = qr.solve_rt(&unit);
    let variance = hc2(&qr, &design, &groups, &solution.residuals, &direction);
    Ok(infer(
        solution.coefficients[place],
        variance.sqrt(),
        Some(df),
        level,
    ))
}

/// The HC2 variance of a combination of coefficients of the regression within groups, R⁻ᵀ of the combination being
/// `direction`.
fn hc2(qr: &Qr, design: &Matrix, groups: &[&[usize]], residuals: &[f64], direction: &[f64]) -> f64 {
    let mut variance = 0.0;
    for members in groups {
        for &i in *members {
            let x: Vec<f64> = qr.kept().iter().map(|&j| design.column(j)[i]).collect();
            let part = qr.solve_rt(&x);
            let leverage = 1.0 / members.len() as f64 + dot(&part, &part);
            variance += share(dot(&part, direction), residuals[i], leverage);
        }
    }
    variance
}

/// Imbalance × prognosis where the draw was within strata: differences and slopes both within
/// strata, so that what the covariates contribute adds up to the effect of [`blocked_ancova`]
/// without covariates minus that with them (see [`super::weighting::imbalance_by_prognosis`]).
///
/// # Errors
/// As [`blocked_ancova`].
pub fn blocked_imbalance(
    y: &[f64],
    treated: &[bool],
    strata: &[usize],
    covariates: &Matrix,
) -> Result<Vec<Option<Imbalance>>, ModelError> {
    check(y, treated.len())?;
    same_length(covariates.rows(), y.len())?;
    let blocks = blocks(treated, strata)?;
    let groups: Vec<&[usize]> = blocks.iter().map(|b| b.members.as_slice()).collect();
    let qr = Qr::new(&deviations(treated, covariates, &groups)?)?;
    if qr.position(0).is_none() {
        return Err(ModelError::EmptyArm { treated: true });
    }
    let slopes = qr.solve(&within(y, &groups))?.coefficients;
    let z: Vec<f64> = treated.iter().map(|&z| f64::from(u8::from(z))).collect();
    let z = within(&z, &groups);
    Ok((0..covariates.columns())
        .map(|j| {
            let prognosis = slopes[qr.position(j + 1)?];
            let difference = dot(&z, &within(covariates.column(j), &groups)) / dot(&z, &z);
            Some(Imbalance {
                difference,
                prognosis,
                contribution: difference * prognosis,
            })
        })
        .collect())
}

/// Covariates that an adjustment cannot use, by column: constant, or combinations of treatment, of
/// earlier covariates, and of the strata where given.
///
/// # Errors
/// [`ModelError::Length`], [`ModelError::Empty`].
pub fn dependent(
    treated: &[bool],
    strata: Option<&[usize]>,
    covariates: &Matrix,
) -> Result<Vec<usize>, ModelError> {
    same_length(covariates.rows(), treated.len())?;
    let blocks = match strata {
        Some(strata) => blocks(treated, strata)?,
        None => blocks(treated, &vec![0; treated.len()])?,
    };
    let groups: Vec<&[usize]> = blocks.iter().map(|b| b.members.as_slice()).collect();
    let qr = Qr::new(&deviations(treated, covariates, &groups)?)?;
    Ok(qr
        .dropped()
        .iter()
        .filter_map(|j| j.checked_sub(1))
        .collect())
}

/// Whether every covariate has a slope of its own in both arms, as Lin's estimator asks: within the arm
/// (and stratum) it is no constant and no combination of the others. A level of which an arm has nobody has
/// no slope there, and what is then estimated would depend on which level, or which covariate, comes first.
///
/// # Errors
/// [`ModelError::OneArmOnly`] with the first column that has none, [`ModelError::Length`],
/// [`ModelError::Empty`].
pub fn slopes_in_both_arms(
    treated: &[bool],
    strata: Option<&[usize]>,
    covariates: &Matrix,
) -> Result<(), ModelError> {
    same_length(covariates.rows(), treated.len())?;
    let one = vec![0; treated.len()];
    let blocks = blocks(treated, strata.unwrap_or(&one))?;
    for arm in [true, false] {
        let own = |b: &Block| -> Vec<usize> {
            let members = b.members.iter().copied();
            members.filter(|&i| treated[i] == arm).collect()
        };
        let cells: Vec<Vec<usize>> = blocks.iter().map(own).collect();
        let people: Vec<usize> = cells.iter().flatten().copied().collect();
        let mut start = 0;
        let places: Vec<Vec<usize>> = cells
            .iter()
            .map(|cell| {
                start += cell.len();
                (start - cell.len()..start).collect()
            })
            .collect();
        let places: Vec<&[usize]> = places.iter().map(Vec::as_slice).collect();
        let mut deviations = Matrix::new(people.len());
        for j in 0..covariates.columns() {
            let x = covariates.column(j);
            let values: Vec<f64> = people.iter().map(|&i| x[i]).collect();
            deviations.push(&within(&values, &places))?;
        }
        if let Some(&column) = Qr::new(&deviations)?.dropped().first() {
            return Err(ModelError::OneArmOnly { column });
        }
    }
    Ok(())
}

/// Treatment and covariates as deviations from the mean of the own group.
fn deviations(
    treated: &[bool],
    covariates: &Matrix,
    groups: &[&[usize]],
) -> Result<Matrix, ModelError> {
    let z: Vec<f64> = treated.iter().map(|&z| f64::from(u8::from(z))).collect();
    let mut design = Matrix::new(treated.len());
    design.push(&within(&z, groups))?;
    for j in 0..covariates.columns() {
        design.push(&within(covariates.column(j), groups))?;
    }
    Ok(design)
}

/// One arm's mean for everybody, as its own slopes within strata predict it.
struct Side {
    mean: f64,
    /// The variance, cell by cell.
    pieces: Vec<Piece>,
    slopes: usize,
}

impl Side {
    fn new(
        y: &[f64],
        treated: &[bool],
        covariates: &Matrix,
        blocks: &[Block],
        arm: bool,
    ) -> Result<Side, ModelError> {
        let own: Vec<Vec<usize>> = blocks
            .iter()
            .map(|b| {
                b.members
                    .iter()
                    .copied()
                    .filter(|&i| treated[i] == arm)
                    .collect()
            })
            .collect();
        // Places of the arm's people, stratum by stratum.
        let people: Vec<usize> = own.iter().flatten().copied().collect();
        let mut start = 0;
        let cells: Vec<Vec<usize>> = own
            .iter()
            .map(|members| {
                start += members.len();
                (start - members.len()..start).collect()
            })
            .collect();
        let cells: Vec<&[usize]> = cells.iter().map(Vec::as_slice).collect();
        let pick = |values: &[f64]| -> Vec<f64> { people.iter().map(|&i| values[i]).collect() };
        let average = |values: &[f64], members: &[usize]| {
            mean(members.iter().map(|&i| values[i])).unwrap_or_default()
        };
        let total = y.len() as f64;
        let weight = |b: &Block| b.members.len() as f64 / total;

        let mut deviations = Matrix::new(people.len());
        let mut gaps = Vec::with_capacity(covariates.columns());
        for j in 0..covariates.columns() {
            let x = covariates.column(j);
            deviations.push(&within(&pick(x), &cells))?;
            let gap: f64 = blocks
                .iter()
                .zip(&own)
                .map(|(b, members)| weight(b) * (average(x, &b.members) - average(x, members)))
                .sum();
            gaps.push(gap);
        }
        let qr = Qr::new(&deviations)?;
        let solution = qr.solve(&within(&pick(y), &cells))?;
        let kept: Vec<f64> = qr.kept().iter().map(|&j| gaps[j]).collect();
        let direction = qr.solve_rt(&kept);
        let means: f64 = blocks
            .iter()
            .zip(&own)
            .map(|(b, members)| weight(b) * average(y, members))
            .sum();
        // The slopes take their degrees of freedom from all cells.
        let free = people.len() as f64 - blocks.len() as f64;
        let left = 1.0 - qr.rank() as f64 / free;
        let mut pieces = Vec::with_capacity(blocks.len());
        for (b, members) in blocks.iter().zip(&cells) {
            let n = members.len() as f64;
            let mut variance = 0.0;
            for &place in *members {
                let x: Vec<f64> = qr
                    .kept()
                    .iter()
                    .map(|&j| deviations.column(j)[place])
                    .collect();
                let part = qr.solve_rt(&x);
                let leverage = 1.0 / n + dot(&part, &part);
                let pull = weight(b) / n + dot(&part, &direction);
                variance += share(pull, solution.residuals[place], leverage);
            }
            let df = (n - 1.0) * left;
            pieces.push(Piece { variance, df });
        }
        Ok(Side {
            mean: means + dot(&kept, &solution.coefficients),
            pieces,
            slopes: qr.rank(),
        })
    }
}

/// A person's part in the HC2 variance; not a number for one who decides their own fitted value.
fn share(pull: f64, residual: f64, leverage: f64) -> f64 {
    let free = 1.0 - leverage;
    if free > 1e-10 {
        (pull * residual).powi(2) / free
    } else {
        f64::NAN
    }
}

fn degrees(units: usize, coefficients: usize) -> Result<f64, ModelError> {
    match units.checked_sub(coefficients) {
        Some(df) if df > 0 => Ok(df as f64),
        _ => Err(ModelError::NoDegreesOfFreedom {
            units,
            coefficients,
        }),
    }
}
