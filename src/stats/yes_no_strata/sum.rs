//! The distribution of a weighted sum of hypergeometric counts, one per stratum.

use std::collections::BTreeMap;

use crate::stats::contingency::TwoByTwo;
use crate::stats::degenerate::Degenerate;
use crate::stats::dist;

/// Multiplications that a distribution may cost.
const BUDGET: u64 = 100_000_000;

/// Cells of the grid per standard deviation of the sum, where the strata's steps differ.
const FINE: f64 = 1000.0;

/// The grid reaches this many standard deviations beyond the observed sum.
const BEYOND: f64 = 8.0;

/// Distances this near are the same: they are counts and ratios of counts.
const TIE: f64 = 1e-9;

/// The yeses of the treated in one stratum, whose margins are fixed.
pub(super) struct Count {
    observed: u64,
    yes: u64,
    people: u64,
    treated: u64,
}

impl Count {
    /// Of a stratum with both arms.
    pub(super) fn new(table: &TwoByTwo) -> Count {
        let treated = table.treated_yes + table.treated_no;
        Count {
            observed: table.treated_yes,
            yes: table.treated_yes + table.control_yes,
            people: treated + table.control_yes + table.control_no,
            treated,
        }
    }

    fn low(&self) -> u64 {
        (self.yes + self.treated).saturating_sub(self.people)
    }

    fn high(&self) -> u64 {
        self.yes.min(self.treated)
    }

    fn expected(&self) -> f64 {
        self.yes as f64 * (self.treated as f64 / self.people as f64)
    }

    fn variance(&self) -> f64 {
        let (n, n1, yes) = (self.people as f64, self.treated as f64, self.yes as f64);
        yes * (1.0 - yes / n) * (n1 / n) * ((n - n1) / (n - 1.0))
    }

    /// N²/(n₁n₀) in lowest terms: what one yes more among the treated adds to N·Σ w_j d_j.
    fn step(&self) -> (u128, u128) {
        let n = u128::from(self.people);
        let arms = u128::from(self.treated) * u128::from(self.people - self.treated);
        let divisor = gcd(n * n, arms);
        (n * n / divisor, arms / divisor)
    }

    /// Probabilities from [`Count::low`] to [`Count::high`].
    fn probabilities(&self) -> Vec<f64> {
        (self.low()..=self.high())
            .map(|k| dist::hypergeometric_pmf(k, self.yes, self.people, self.treated))
            .collect()
    }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Strata of one step: the sum of their counts, which are whole numbers.
struct Group {
    step: f64,
    /// From the lowest sum on.
    probabilities: Vec<f64>,
    /// Of the lowest sum and of the observed one from the expected sum.
    lowest: f64,
    observed: f64,
    variance: f64,
}

/// The probability that Σ step_j (k_j − E k_j) is at least as far from 0 as observed.
///
/// # Errors
/// `TooLarge` where the distribution would cost too much.
pub(super) fn far_probability(counts: &[Count]) -> Result<f64, Degenerate> {
    let mut spent = 0_u64;
    let groups = groups(counts, &mut spent)?;
    let observed: f64 = groups.iter().map(|g| g.step * g.observed).sum();
    let spread: f64 = groups.iter().map(|g| g.step * g.variance.sqrt()).sum();
    if observed.abs() <= TIE * spread {
        return Ok(1.0);
    }
    let p = match groups.as_slice() {
        [one] => {
            let bound = one.observed.abs() - TIE;
            let far = |k: usize| (one.lowest + k as f64).abs() >= bound;
            let cells = one.probabilities.iter().enumerate();
            cells.filter(|(k, _)| far(*k)).map(|(_, p)| p).sum()
        }
        many => on_grid(many, observed.abs(), &mut spent)?,
    };
    Ok(f64::min(p, 1.0))
}

fn spend(spent: &mut u64, a: usize, b: usize) -> Result<(), Degenerate> {
    *spent = spent.saturating_add((a as u64).saturating_mul(b as u64));
    match *spent > BUDGET {
        true => Err(Degenerate::TooLarge),
        false => Ok(()),
    }
}

/// The strata of each step, added up exactly.
fn groups(counts: &[Count], spent: &mut u64) -> Result<Vec<Group>, Degenerate> {
    let mut by_step: BTreeMap<(u128, u128), Group> = BTreeMap::new();
    for count in counts {
        // A stratum in which everybody has the same answer adds nothing.
        if count.low() == count.high() {
            continue;
        }
        // A probability costs as much as some twenty multiplications.
        spend(spent, (count.high() - count.low()) as usize + 1, 20)?;
        let own = count.probabilities();
        let (lowest, observed) = (
            count.low() as f64 - count.expected(),
            count.observed as f64 - count.expected(),
        );
        let key = count.step();
        match by_step.get_mut(&key) {
            None => {
                let group = Group {
                    step: key.0 as f64 / key.1 as f64,
                    probabilities: own,
                    lowest,
                    observed,
                    variance: count.variance(),
                };
                by_step.insert(key, group);
            }
            Some(group) => {
                spend(spent, group.probabilities.len(), own.len())?;
                group.probabilities = convolved(&group.probabilities, &own);
                group.lowest += lowest;
                group.observed += observed;
                group.variance += count.variance();
            }
        }
    }
    Ok(by_step.into_values().collect())
}

fn convolved(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; a.len() + b.len() - 1];
    for (i, p) in a.iter().enumerate() {
        for (cell, q) in sum[i..].iter_mut().zip(b) {
            *cell += p * q;
        }
    }
    sum
}

/// The tails of a sum whose parts have steps of their own. Every part's probability is shared between the
/// two nearest cells so that its mean stays. That moves a sum by a cell per part at most, and by half a cell
/// times the root of their number on average: the bound comes as many cells nearer, to the safe side.
fn on_grid(groups: &[Group], observed: f64, spent: &mut u64) -> Result<f64, Degenerate> {
    let spread = groups
        .iter()
        .map(|g| g.step * g.step * g.variance)
        .sum::<f64>()
        .sqrt();
    let cell = spread / FINE;
    let extent = |of: &dyn Fn(&Group) -> f64| groups.iter().map(of).sum::<f64>().abs();
    let below = extent(&|g| g.step * g.lowest);
    let above = extent(&|g| g.step * (g.lowest + g.probabilities.len() as f64 - 1.0));
    let half = (below.max(above).min(observed + BEYOND * spread) / cell).ceil() as usize
        + groups.len()
        + 1;
    let mut sum = vec![0.0; 2 * half + 1];
    sum[half] = 1.0;
    for group in groups {
        spend(spent, sum.len(), 2 * group.probabilities.len())?;
        let mut next = vec![0.0; sum.len()];
        for (k, p) in group.probabilities.iter().enumerate() {
            let place = group.step * (group.lowest + k as f64) / cell;
            let first = place.floor();
            let share = place - first;
            add_shifted(&mut next, &sum, first as isize, p * (1.0 - share));
            add_shifted(&mut next, &sum, first as isize + 1, p * share);
        }
        sum = next;
    }
    let parts = groups.len() as f64;
    let bound = observed / cell - parts.min(1.0 + 1.5 * parts.sqrt());
    let far = |i: usize| (i as f64 - half as f64).abs() >= bound;
    let cells = sum.iter().enumerate();
    Ok(cells.filter(|(i, _)| far(*i)).map(|(_, p)| p).sum())
}

/// Adds p times the cells, moved; what moves beyond an end stays there.
fn add_shifted(next: &mut [f64], cells: &[f64], shift: isize, p: f64) {
    if p == 0.0 {
        return;
    }
    let last = cells.len() as isize - 1;
    let from = (-shift).clamp(0, last + 1);
    let to = (last + 1 - shift).clamp(from, last + 1);
    for (cell, own) in next[(from + shift).clamp(0, last + 1) as usize..]
        .iter_mut()
        .zip(&cells[from as usize..to as usize])
    {
        *cell += p * own;
    }
    next[0] += p * cells[..from as usize].iter().sum::<f64>();
    next[last as usize] += p * cells[to as usize..].iter().sum::<f64>();
}
