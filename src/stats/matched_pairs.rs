//! A yes/no answer twice of the same people: before and after, within an arm.

use super::degenerate::Degenerate;
use super::dist;

/// McNemar's test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct McNemar {
    /// (b − c)²/(b + c) with one degree of freedom.
    pub chi_square: f64,
    pub p_value: f64,
    /// (|b − c| − 1)²/(b + c), as R's `mcnemar.test` corrects by default.
    pub corrected: f64,
    pub corrected_p: f64,
    /// Two-sided binomial of b among b + c with probability ½.
    pub exact_p: f64,
    /// The exact p-value with half the probability of the observed b (Fagerland, Lydersen
    /// & Laake 2013, BMC Med. Res. Methodol. 13, 91).
    pub mid_p: f64,
}

/// McNemar's test of change (McNemar 1947) from the number of people who changed from no to
/// yes and from yes to no; who stayed the same says nothing about change.
///
/// # Errors
/// `TooFew` when nobody changed; `TooLarge` above 2^53 changes.
pub fn mcnemar(no_to_yes: u64, yes_to_no: u64) -> Result<McNemar, Degenerate> {
    let changed = no_to_yes
        .checked_add(yes_to_no)
        .filter(|n| *n <= 1 << 53)
        .ok_or(Degenerate::TooLarge)?;
    if changed == 0 {
        return Err(Degenerate::TooFew);
    }
    let n = changed as f64;
    let difference = no_to_yes.abs_diff(yes_to_no) as f64;
    let chi_square = difference / n * difference;
    // R corrects by min(|b − c|, 1).
    let less = (difference - 1.0).max(0.0);
    let corrected = less / n * less;
    let fewer = no_to_yes.min(yes_to_no);
    let tail = dist::binomial_cdf(fewer, changed, 0.5);
    let exact_p = (2.0 * tail).min(1.0);
    let mid_p = if no_to_yes == yes_to_no {
        1.0 - dist::binomial_pmf(fewer, changed, 0.5)
    } else {
        2.0 * tail - dist::binomial_pmf(fewer, changed, 0.5)
    };
    Ok(McNemar {
        chi_square,
        p_value: dist::chi2_sf(chi_square, 1.0),
        corrected,
        corrected_p: dist::chi2_sf(corrected, 1.0),
        exact_p,
        mid_p,
    })
}
