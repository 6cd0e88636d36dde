//! p-values adjusted for looking at many outcomes.
//!
//! An absent p-value (a test without an answer) stays absent and does not count among the
//! tests. Results keep the order they were given in.

/// How a family of p-values is adjusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// Family-wise error under any dependence: step down with p₍ᵢ₎·(m − i + 1) (Holm 1979).
    Holm,
    /// Family-wise error under independence or positive dependence: step up with the same
    /// factors (Hochberg 1988).
    Hochberg,
    /// False discovery rate under independence or positive dependence: step up with
    /// p₍ᵢ₎·m/i (Benjamini & Hochberg 1995).
    BenjaminiHochberg,
}

/// Adjusted p-values, at most 1, never below the unadjusted ones, in the same order (R's
/// `p.adjust`). A NaN counts as absent.
pub fn adjust(p_values: &[Option<f64>], method: Adjustment) -> Vec<Option<f64>> {
    let mut order: Vec<(f64, usize)> = p_values
        .iter()
        .enumerate()
        .filter_map(|(i, p)| p.filter(|p| !p.is_nan()).map(|p| (p, i)))
        .collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let m = order.len() as f64;
    let scaled: Vec<(f64, usize)> = order
        .iter()
        .enumerate()
        .map(|(i, &(p, place))| {
            let rank = i as f64 + 1.0;
            let factor = match method {
                Adjustment::Holm | Adjustment::Hochberg => m - rank + 1.0,
                Adjustment::BenjaminiHochberg => m / rank,
            };
            ((p * factor).min(1.0), place)
        })
        .collect();
    let mut adjusted = vec![None; p_values.len()];
    let mut running = |bound: &mut f64, (p, place): (f64, usize), take: fn(f64, f64) -> f64| {
        *bound = take(*bound, p);
        adjusted[place] = Some(*bound);
    };
    match method {
        Adjustment::Holm => {
            let mut bound = 0.0;
            for step in scaled {
                running(&mut bound, step, f64::max);
            }
        }
        Adjustment::Hochberg | Adjustment::BenjaminiHochberg => {
            let mut bound = 1.0;
            for step in scaled.into_iter().rev() {
                running(&mut bound, step, f64::min);
            }
        }
    }
    adjusted
}
