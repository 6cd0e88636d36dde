//! How many seats every stratum gets in every arm: exact arm totals, and the same
//! chance for every unit, in a stratum of one too. Integers only.

use crate::error::{Error, Result};

/// Seats of one arm per stratum, by systematic sampling with unequal probabilities.
///
/// `left[s]` = r_s, the units of stratum s without an arm yet, R = Σ r_s; `size` = N_a.
/// Every stratum gets floor(r_s·N_a / R). With C the cumulative sum of
/// g_s = (r_s·N_a) mod R along `order` (a permutation of the strata), s gets one seat
/// more when floor((C_s + R − 1 − u)/R) > floor((C_{s−1} + R − 1 − u)/R), so when a point
/// u + 1 + kR falls in (C_{s−1}, C_s]. Over u = 0 … R−1 that happens g_s times out of R,
/// whatever the order, hence the expected seats are r_s·N_a / R exactly (Madow 1949,
/// "On the theory of systematic sampling, II").
///
/// # Errors
/// Internal ones only: numbers that do not belong together, or overflow 128 bits.
pub fn seats(left: &[u64], size: u64, order: &[u32], u: u64) -> Result<Vec<u64>> {
    let overflow = || Error::internal("the quotas of the strata overflow 128 bits");
    let total = total(left)?;
    let r = u128::from(total);
    if size > total || (total > 0 && u >= total) || order.len() != left.len() {
        return Err(Error::internal("the quotas of the strata do not fit"));
    }
    if total == 0 {
        return Ok(vec![0; left.len()]);
    }
    let mut seats = Vec::with_capacity(left.len());
    for &units in left {
        let seat = u128::from(units) * u128::from(size) / r;
        seats.push(u64::try_from(seat).map_err(|_| overflow())?);
    }
    let shift = r - 1 - u128::from(u);
    let mut cumulative: u128 = 0;
    let mut points = shift / r;
    for &stratum in order {
        let stratum = stratum as usize;
        let units = left
            .get(stratum)
            .ok_or_else(|| Error::internal("the order of the strata names one too many"))?;
        cumulative = cumulative
            .checked_add(u128::from(*units) * u128::from(size) % r)
            .ok_or_else(overflow)?;
        let reached = cumulative.checked_add(shift).ok_or_else(overflow)? / r;
        if reached > points {
            seats[stratum] += 1;
        }
        points = reached;
    }
    Ok(seats)
}

/// Seats of all arms per stratum: `result[s][a]`.
///
/// Arm after arm from what the earlier arms left; the last arm takes the rest.
/// `misfits(a, order, R)` puts the strata 0, 1, … in a random order for arm a and returns
/// a uniform draw below R.
///
/// # Errors
/// Internal ones only: arm sizes that do not add up to the strata.
pub fn quotas(
    strata: &[u64],
    sizes: &[u64],
    mut misfits: impl FnMut(usize, &mut [u32], u64) -> u64,
) -> Result<Vec<Vec<u64>>> {
    if total(strata)? != total(sizes)? {
        return Err(Error::internal(
            "the arms' sizes do not add up to the strata",
        ));
    }
    let mut left = strata.to_vec();
    let mut result = vec![Vec::with_capacity(sizes.len()); strata.len()];
    let canonical: Vec<u32> = (0..).take(strata.len()).collect();
    let Some((_, all_but_last)) = sizes.split_last() else {
        return Ok(result);
    };
    for (arm, &size) in all_but_last.iter().enumerate() {
        let mut order = canonical.clone();
        let u = misfits(arm, &mut order, total(&left)?);
        for (s, seat) in seats(&left, size, &order, u)?.into_iter().enumerate() {
            left[s] = left[s]
                .checked_sub(seat)
                .ok_or_else(|| Error::internal("a stratum gave more seats than it has units"))?;
            result[s].push(seat);
        }
    }
    for (quota, rest) in result.iter_mut().zip(left) {
        quota.push(rest);
    }
    Ok(result)
}

/// `total` in proportion to the weights, by largest remainder, ties to the earlier one.
///
/// # Errors
/// Internal: no weight at all.
pub(super) fn apportion(weights: &[u64], total: u64) -> Result<Vec<u64>> {
    let whole: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    if whole == 0 {
        return Err(Error::internal("nothing to divide in proportion to"));
    }
    // Below 2^128: both factors are below 2^64.
    let product = |weight: u64| u128::from(weight) * u128::from(total);
    let mut parts: Vec<u64> = weights
        .iter()
        .map(|&weight| (product(weight) / whole) as u64)
        .collect();
    let left = total - parts.iter().sum::<u64>();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    // A stable sort: equal remainders stay in order.
    by_remainder.sort_by_key(|&part| std::cmp::Reverse(product(weights[part]) % whole));
    for part in by_remainder.into_iter().take(left as usize) {
        parts[part] += 1;
    }
    Ok(parts)
}

fn total(numbers: &[u64]) -> Result<u64> {
    numbers
        .iter()
        .try_fold(0u64, |sum, n| sum.checked_add(*n))
        .ok_or_else(|| Error::internal("more units than fit in 64 bits"))
}
