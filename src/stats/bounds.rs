//! How far missing outcomes could move the effect.

use super::cluster::Clusters;
use super::degenerate::Degenerate;
use super::dist;
use super::infer::Level;
use super::root::falling_root;
use super::sample::Moments;
use crate::results::Estimate;

/// An interval that the effect lies in, whatever the missing outcomes are within the
/// assumption made, and a confidence interval for the effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    pub low: f64,
    pub high: f64,
    pub low_std_error: Option<f64>,
    pub high_std_error: Option<f64>,
    /// Covers the effect (not the whole interval) at the level asked for.
    pub conf_low: Option<f64>,
    pub conf_high: Option<f64>,
}

impl Bounds {
    /// Bounds whose ends were estimated by a method that follows the draw.
    pub fn of_estimates(low: &Estimate, high: &Estimate, level: Level) -> Bounds {
        let ends = |of: &Estimate| (of.estimate, of.std_error.unwrap_or(f64::NAN));
        Bounds::new(ends(low), ends(high), level)
    }

    fn new(low: (f64, f64), high: (f64, f64), level: Level) -> Bounds {
        let known = |se: f64| (se.is_finite() && se >= 0.0).then_some(se);
        let (low_se, high_se) = (known(low.1), known(high.1));
        let limits = low_se
            .zip(high_se)
            .filter(|(l, h)| *l > 0.0 || *h > 0.0)
            .and_then(|(l, h)| {
                let c = imbens_manski((high.0 - low.0).max(0.0), l.max(h), level)?;
                Some((low.0 - c * l, high.0 + c * h))
            });
        Bounds {
            low: low.0,
            high: high.0,
            low_std_error: low_se,
            high_std_error: high_se,
            conf_low: limits.map(|(low, _)| low),
            conf_high: limits.map(|(_, high)| high),
        }
    }
}

/// The critical value c with Φ(c + width/se) − Φ(−c) = level: 1.96 for a point, 1.645
/// for a wide interval at .95 (Imbens & Manski 2004, Econometrica 72, 1845–1857).
fn imbens_manski(width: f64, std_error: f64, level: Level) -> Option<f64> {
    let apart = width / std_error;
    if apart.is_nan() {
        return None;
    }
    // The uncovered probability falls in c.
    falling_root(0.0, 4.0, |c| {
        dist::normal_sf(c + apart) + dist::normal_sf(c) - 2.0 * level.tail()
    })
}

/// Bounds that only assume the outcome's range: every missing outcome is the least or the
/// greatest possible, against the intervention or in its favour (Horowitz & Manski 2000,
/// JASA 95, 77–84).
///
/// Standard errors are Neyman's for the outcomes filled in so. `treated` and `control` are the
/// valid values, each with the number of missing ones.
///
/// # Errors
/// `TooFew` for an arm without people, `NotFinite` for a range that is not finite or the wrong
/// way round.
pub fn worst_case(
    treated: (&Moments, u64),
    control: (&Moments, u64),
    range: (f64, f64),
    level: Level,
) -> Result<Bounds, Degenerate> {
    if !(range.0.is_finite() && range.1.is_finite() && range.0 <= range.1) {
        return Err(Degenerate::NotFinite);
    }
    let filled = |(valid, missing): (&Moments, u64), value: f64| {
        valid.merge(Moments::from_counts(&[(value, missing)]))
    };
    let difference = |for_treated: f64, for_control: f64| {
        let (t, c) = (filled(treated, for_treated), filled(control, for_control));
        if t.n == 0 || c.n == 0 {
            return Err(Degenerate::TooFew);
        }
        let variance = |m: &Moments| m.variance().unwrap_or(f64::NAN) / m.n as f64;
        Ok((t.mean_minus(&c), (variance(&t) + variance(&c)).sqrt()))
    };
    let low = difference(range.0, range.1)?;
    let high = difference(range.1, range.0)?;
    Ok(Bounds::new(low, high, level))
}

/// Lee's bounds on the effect for those whose outcome is known whatever their arm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lee {
    pub bounds: Bounds,
    /// Whether values of the intervention arm were trimmed (more of its outcomes known).
    pub trims_treated: bool,
    /// The share of the valid values of that arm that was trimmed.
    pub trimmed: f64,
}

/// Lee's trimming bounds (Lee 2009, Rev. Econ. Stud. 76, 1071–1102, proposition 1a and 3),
/// assuming that the arm moves everybody's chance of a known outcome in the same direction.
///
/// # Formula
/// With response rates r₁ > r₀ the share q = (r₁ − r₀)/r₁ of the treated arm's valid values
/// is trimmed, from above for the lower and from below for the upper bound; the value at the
/// edge counts in part, so that exactly (1 − q)n₁ stay and ties don't matter. Squared
/// standard error of a bound, with μ and s² of the values kept and y_q the edge:
/// s²/(n₁(1−q)) + (y_q − μ)² q/(n₁(1−q)) + (y_q − μ)² [(1−r₁)/(N₁r₁) + (1−r₀)/(N₀r₀)] + s₀²/n₀.
///
/// `treated` and `control` are the valid values (no NaN) and the number of missing ones.
///
/// # Errors
/// `TooFew` when an arm has no valid value.
pub fn lee(
    treated: (&[f64], u64),
    control: (&[f64], u64),
    level: Level,
) -> Result<Lee, Degenerate> {
    let arm = |(values, missing): (&[f64], u64)| Arm {
        valid: values.len() as f64,
        people: values.len() as f64 + missing as f64,
    };
    let (t, c) = (arm(treated), arm(control));
    if t.valid == 0.0 || c.valid == 0.0 {
        return Err(Degenerate::TooFew);
    }
    // Rates compared as whole numbers, so that equal rates trim nothing.
    let trims_treated = t.valid * c.people >= c.valid * t.people;
    let (more, fewer) = if trims_treated { (t, c) } else { (c, t) };
    let (values, others) = if trims_treated {
        (treated.0, control.0)
    } else {
        (control.0, treated.0)
    };
    let excess = more.valid * fewer.people - fewer.valid * more.people;
    let q = excess / (more.valid * fewer.people);
    let rates: f64 = [more, fewer]
        .iter()
        .map(|arm| (1.0 - arm.valid / arm.people) / arm.valid)
        .sum();
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let untrimmed = Moments::from_slice(others);
    let other_variance = untrimmed.variance().unwrap_or(f64::NAN) / fewer.valid;
    let bound = |ascending: bool| {
        let kept = Kept::new(&sorted, q, ascending);
        let at_edge = (kept.edge - kept.mean) * (kept.edge - kept.mean);
        let n_kept = more.valid * (1.0 - q);
        let trimming = if q > 0.0 {
            at_edge * (q / n_kept + rates)
        } else {
            0.0
        };
        let variance = kept.variance / n_kept + trimming + other_variance;
        (kept.mean - untrimmed.mean, variance.sqrt())
    };
    // Keeping the lowest values bounds the trimmed arm's mean from below.
    let (lowest, highest) = (bound(true), bound(false));
    let (low, high) = if trims_treated {
        (lowest, highest)
    } else {
        ((-highest.0, highest.1), (-lowest.0, lowest.1))
    };
    Ok(Lee {
        bounds: Bounds::new(low, high, level),
        trims_treated,
        trimmed: q,
    })
}

/// One arm for [`lee_by_cluster`]: everybody's outcome, where it is known, and cluster.
pub type Clustered<'a> = (&'a [Option<f64>], &'a [usize]);

/// As [`lee`] where clusters were drawn.
///
/// # Formula
/// The bounds are those of [`lee`]. What a person moves a bound by is, in the trimmed arm with p = 1 − q, n₁ known of N₁,
/// μ the mean of those kept and c the edge, s(((y − c)1{kept})/p + c − μ)/n₁ − (c − μ)(s − r₁)/(r₁N₁), and in the other
/// −s(y − μ₀)/n₀ + (c − μ)(s − r₀)/(r₀N₀), s being 1 where the outcome is known: with everybody a cluster of their own, the
/// variance of proposition 3. Within clusters these are summed before they are squared, times G/(G − 1) in each arm.
///
/// Without an interval where an arm has fewer than ten clusters, for which the normal reference is too short.
///
/// # Errors
/// As [`lee`].
pub fn lee_by_cluster(
    treated: Clustered<'_>,
    control: Clustered<'_>,
    level: Level,
) -> Result<Lee, Degenerate> {
    let known = |(y, _): Clustered<'_>| -> Vec<f64> { y.iter().flatten().copied().collect() };
    let missing = |(y, _): Clustered<'_>| y.iter().filter(|y| y.is_none()).count() as u64;
    let (t, c) = (known(treated), known(control));
    let mut found = lee((&t, missing(treated)), (&c, missing(control)), level)?;
    let (more, fewer, sign) = match found.trims_treated {
        true => (treated, control, 1.0),
        false => (control, treated, -1.0),
    };
    let mut sorted = known(more);
    sorted.sort_unstable_by(f64::total_cmp);
    let others = Moments::from_slice(&known(fewer));
    let rate = |(y, _): Clustered<'_>| y.iter().flatten().count() as f64 / y.len() as f64;
    let (r1, r0) = (rate(more), rate(fewer));
    let error = |lowest: bool| -> Option<f64> {
        let kept = Kept::new(&sorted, found.trimmed, lowest);
        let (gap, p) = (kept.edge - kept.mean, 1.0 - found.trimmed);
        let trims = f64::from(u8::from(found.trimmed > 0.0));
        let (n1, all1) = (sorted.len() as f64, more.0.len() as f64);
        let (n0, all0) = (others.n as f64, fewer.0.len() as f64);
        let trimmed = |y: &Option<f64>| {
            let rates = |s: f64| -gap * trims * (s - r1) / (r1 * all1);
            match y {
                None => rates(0.0),
                Some(y) => {
                    let inside = if lowest {
                        *y <= kept.edge
                    } else {
                        *y >= kept.edge
                    };
                    let within = match found.trimmed > 0.0 {
                        true if inside => (y - kept.edge) / p + gap,
                        true => gap,
                        false => y - kept.mean,
                    };
                    within / n1 + rates(1.0)
                }
            }
        };
        let other = |y: &Option<f64>| {
            let rates = |s: f64| gap * trims * (s - r0) / (r0 * all0);
            match y {
                None => rates(0.0),
                Some(y) => -(y - others.mean) / n0 + rates(1.0),
            }
        };
        Some((squares(more, trimmed)? + squares(fewer, other)?).sqrt())
    };
    let lowest = error(true).unwrap_or(f64::NAN);
    let highest = error(false).unwrap_or(f64::NAN);
    let (low_error, high_error) = match sign > 0.0 {
        true => (lowest, highest),
        false => (highest, lowest),
    };
    let bounds = &found.bounds;
    found.bounds = Bounds::new((bounds.low, low_error), (bounds.high, high_error), level);
    Ok(found)
}

/// Fewer clusters in an arm than this have no interval.
const LEE_CLUSTERS: usize = 10;

/// Σ over clusters of the squared sum of what their members move a number by, times G/(G − 1).
fn squares((y, cluster): Clustered<'_>, moves: impl Fn(&Option<f64>) -> f64) -> Option<f64> {
    let clusters = Clusters::new(cluster).ok()?;
    let count = clusters.count();
    if count < LEE_CLUSTERS {
        return None;
    }
    let sums = clusters.members().iter().map(|members| {
        let sum: f64 = members.iter().map(|&i| moves(&y[i])).sum();
        sum * sum
    });
    Some(sums.sum::<f64>() * count as f64 / (count as f64 - 1.0))
}

#[derive(Clone, Copy)]
struct Arm {
    valid: f64,
    people: f64,
}

/// The values left after trimming one end, the one at the edge in part.
struct Kept {
    mean: f64,
    /// Σ w (y − mean)²/(Σw − 1).
    variance: f64,
    edge: f64,
}

impl Kept {
    /// `sorted` is ascending; keeps the lowest values if `lowest`, else the highest.
    fn new(sorted: &[f64], q: f64, lowest: bool) -> Kept {
        let mass = sorted.len() as f64 * (1.0 - q);
        let whole = (mass.floor() as usize).min(sorted.len());
        let at = |i: usize| {
            if lowest {
                sorted[i]
            } else {
                sorted[sorted.len() - 1 - i]
            }
        };
        let part = mass - whole as f64;
        // Rounding must not make a sliver of one more value.
        let part = if part < 1e-9 || whole == sorted.len() {
            0.0
        } else {
            part
        };
        let last = if part > 0.0 {
            whole
        } else {
            whole.saturating_sub(1)
        };
        let edge = at(last);
        let weighted = |f: &dyn Fn(f64) -> f64| -> f64 {
            (0..whole).map(|i| f(at(i))).sum::<f64>()
                + if part > 0.0 { part * f(edge) } else { 0.0 }
        };
        let total = whole as f64 + part;
        let mean = edge + weighted(&|y| y - edge) / total;
        let squares = weighted(&|y| (y - mean) * (y - mean));
        Kept {
            mean,
            variance: if total > 1.0 {
                squares / (total - 1.0)
            } else {
                f64::NAN
            },
            edge,
        }
    }
}
