//! The variance of an average over strata that are too thin for one of their own, and the degrees of
//! freedom of variances put together.

/// An independent piece of a variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Piece {
    pub(super) variance: f64,
    pub(super) df: f64,
}

/// The difference in a thin stratum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ThinDifference {
    pub(super) people: f64,
    pub(super) difference: f64,
    /// What its variance would be in proportion to, were the spread the same everywhere: 1/n₁ + 1/n₀, in
    /// units.
    pub(super) relative: f64,
}

/// The variance of the strata's mean difference, weighted by people, from the spread between them: right on
/// average where the effect is the same in all, and else too large, never too small.
///
/// # Formula
/// With w_k a stratum's share of the people, V = Σ a_k (τ_k − τ̄)², a_k = w_k²/((1 − 2w_k)(1 + Σ w_i²/(1 − 2w_i)))
/// (Pashley & Miratrix 2021, J. Educ. Behav. Stat. 46, 271–296, the second variance for small blocks); for two strata of
/// one size, the limit, Σ (τ_k − τ̄)²/2. Degrees of freedom are Satterthwaite's, (tr BD)²/tr (BD)² for the quadratic form
/// B and variances D in proportion to `relative`: J − 1 for strata of one size, fewer where few hold most people.
///
/// # Edge cases
/// Not a number where a stratum has half of the people or more, but for two of one size.
pub(super) fn between(strata: &[ThinDifference]) -> Piece {
    let people: f64 = strata.iter().map(|s| s.people).sum();
    let w: Vec<f64> = strata.iter().map(|s| s.people / people).collect();
    let mean: f64 = w.iter().zip(strata).map(|(w, s)| w * s.difference).sum();
    let a = factors(&w);
    let squares = a
        .iter()
        .zip(strata)
        .map(|(a, s)| a * (s.difference - mean).powi(2));
    let relative: Vec<f64> = strata.iter().map(|s| s.relative).collect();
    let alike = strata
        .iter()
        .all(|s| (s.people, s.relative) == (strata[0].people, strata[0].relative));
    Piece {
        variance: squares.sum(),
        df: match alike {
            // Without the rounding of what it comes to.
            true => strata.len() as f64 - 1.0,
            false => satterthwaite(&a, &w, &relative),
        },
    }
}

/// a_k.
fn factors(w: &[f64]) -> Vec<f64> {
    if let [a, b] = w
        && a == b
    {
        return vec![0.5; 2];
    }
    let raw = w.iter().map(|w| match 1.0 - 2.0 * w {
        free if free > 0.0 => w * w / free,
        _ => f64::NAN,
    });
    let sum: f64 = raw.clone().sum();
    raw.map(|a| a / (1.0 + sum)).collect()
}

/// B = diag(a) − wa' − aw' + (Σa) ww', so that both traces follow from sums.
fn satterthwaite(a: &[f64], w: &[f64], d: &[f64]) -> f64 {
    let inner = |x: &[f64], y: &[f64]| -> f64 {
        let both = x.iter().zip(y).zip(d);
        both.map(|((x, y), d)| d * x * y).sum()
    };
    let total: f64 = a.iter().sum();
    let (aa, aw, ww) = (inner(a, a), inner(a, w), inner(w, w));
    let mut square = 2.0 * ww * aa + 2.0 * aw * aw + (total * ww).powi(2) - 4.0 * total * ww * aw;
    let mut trace = 0.0;
    for ((a, w), d) in a.iter().zip(w).zip(d) {
        let rest = total * w * w - 2.0 * a * w;
        trace += (a + rest) * d;
        square += a * d * d * (a + 2.0 * rest);
    }
    trace * trace / square
}

/// Degrees of freedom of a sum of independent variances.
///
/// # Formula
/// V²/Σ(v²/(f + 2)) − 2 (Welch 1947, Biometrika 34, 28–35; Stata's `ttest, welch`): as Satterthwaite's V²/Σ(v²/f), but
/// with v²/(f + 2) for what v² is about on average, so that many pieces with few degrees of freedom each
/// are not taken for fewer than they are. One piece keeps its own; they are never fewer than those of the poorest. Without any
/// variance they add up.
pub(super) fn welch(pieces: &[Piece]) -> f64 {
    let variance: f64 = pieces.iter().map(|piece| piece.variance).sum();
    let told = || pieces.iter().filter(|piece| piece.variance > 0.0);
    if let (Some(only), 1) = (told().next(), told().count()) {
        return only.df;
    }
    if variance == 0.0 {
        return pieces.iter().map(|piece| piece.df).sum();
    }
    let share = |piece: &Piece| (piece.variance / variance).powi(2) / (piece.df + 2.0);
    1.0 / told().map(share).sum::<f64>() - 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both traces as they are written, with the whole matrix.
    #[test]
    fn degrees_of_freedom_are_those_of_the_written_out_form() {
        let people = [2.0, 3.0, 7.0, 3.0, 4.0];
        let all: f64 = people.iter().sum();
        let w: Vec<f64> = people.iter().map(|p| p / all).collect();
        let d: Vec<f64> = people.iter().map(|p| 1.0 + 1.0 / (p - 1.0)).collect();
        let a = factors(&w);
        let n = w.len();
        let total: f64 = a.iter().sum();
        let b = |i: usize, j: usize| {
            let own = if i == j { a[i] } else { 0.0 };
            own - w[i] * a[j] - a[i] * w[j] + total * w[i] * w[j]
        };
        let trace: f64 = (0..n).map(|i| b(i, i) * d[i]).sum();
        let square: f64 = (0..n)
            .flat_map(|i| (0..n).map(move |j| (i, j)))
            .map(|(i, j)| b(i, j).powi(2) * d[i] * d[j])
            .sum();
        let ours = satterthwaite(&a, &w, &d);
        assert!((ours - trace * trace / square).abs() < 1e-12 * ours);
        // One size: J − 1.
        let ours = satterthwaite(&factors(&[0.2; 5]), &[0.2; 5], &[2.0; 5]);
        assert!((ours - 4.0).abs() < 1e-12);
    }
}
