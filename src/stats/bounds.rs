//! How far missing outcomes could move the effect.

use super::degenerate::Degenerate;
use super::dist;
use super::infer::Level;
use super::root::falling_root;
use super::sample::Moments;

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
