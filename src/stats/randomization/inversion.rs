//! Confidence intervals by inverting a randomization test, without a search.

/// The effects that are not rejected. A limit is absent where the draws are too few to
/// reject anything on that side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inverted {
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// The constant effects τ with a two-sided p-value above alpha.
///
/// # Formula
/// If the intervention adds τ for everybody, outcomes without it are y − τz. In a replicate
/// the difference in means of these is a − τb, with a that of y and b that of the
/// observed assignment z; in the observed draw it is T − τ. |a − τb| ≥ |T − τ| is a
/// quadratic in τ with roots (T − a)/(1 − b) and (T + a)/(1 + b), and holds between them, T
/// among them. So every replicate has an interval of effects for which it is as far away
/// as the observed draw, and p(τ) is the share of the intervals that τ lies in: it falls from T
/// to both sides, and the limits are order statistics of the intervals' ends.
pub(super) fn invert(
    observed: f64,
    replicates: impl Iterator<Item = (f64, f64)>,
    own: u64,
    alpha: f64,
) -> Inverted {
    let (mut lows, mut highs): (Vec<f64>, Vec<f64>) =
        replicates.map(|(a, b)| reach(observed, a, b)).unzip();
    lows.sort_unstable_by(f64::total_cmp);
    highs.sort_unstable_by(|a, b| b.total_cmp(a));
    let total = (lows.len() as u64 + own) as f64;
    // The fewest intervals that a τ must lie in for (count + own)/total > alpha.
    let mut needed = ((alpha * total).floor() as usize + 1).saturating_sub(own as usize);
    while needed > 0 && (needed as u64 - 1 + own) as f64 / total > alpha {
        needed -= 1;
    }
    let limit = |ends: &[f64]| {
        let at = needed.checked_sub(1)?;
        ends.get(at).copied().filter(|end| end.is_finite())
    };
    Inverted {
        low: limit(&lows),
        high: limit(&highs),
    }
}

/// Below this, 1 − |b| is rounding: the replicate is the observed draw, or its mirror image,
/// and as far away as the observed one whatever the effect.
const SAME: f64 = 1e-12;

fn reach(t: f64, a: f64, b: f64) -> (f64, f64) {
    if a.is_nan() || b.is_nan() || 1.0 - b.abs() < SAME {
        return (f64::NEG_INFINITY, f64::INFINITY);
    }
    let (x, y) = ((t - a) / (1.0 - b), (t + a) / (1.0 + b));
    (x.min(y), x.max(y))
}
