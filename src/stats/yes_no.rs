//! A yes/no outcome in two arms of a complete draw: effect, interval and p-value as one answer.
//!
//! Every [`Estimate`] from here keeps one promise: its interval holds 0 if and only if its p-value
//! is not below 1 − level. One person per arm is enough, and nobody or everybody may say yes. A
//! standard error is absent: score and exact intervals have none.

use crate::results::Estimate;

use super::agree::agreed;
use super::contingency::TwoByTwo;
use super::degenerate::Degenerate;
use super::dist;
use super::fisher::fisher_exact;
use super::infer::Level;
use super::proportion::{difference, newcombe, score_limits};
use super::validity::{Doubt, Validity};

/// The variance in a score test of two shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Score {
    /// Without a factor (Mee 1984, Biometrics 40, 1175–1176): p is that of Pearson's χ² without
    /// correction.
    Mee,
    /// Times N/(N − 1) (Miettinen & Nurminen 1985, Stat. Med. 4, 213–226): p is that of the 'N − 1' χ²
    /// (Campbell 2007, Stat. Med. 26, 3661–3675).
    MiettinenNurminen,
}

/// The totals of a table that a draw does not change.
struct Margins {
    treated: u64,
    control: u64,
    yes: u64,
}

impl Margins {
    fn of(table: &TwoByTwo) -> Result<Margins, Degenerate> {
        let TwoByTwo {
            treated_yes,
            treated_no,
            control_yes,
            control_no,
        } = *table;
        [treated_yes, treated_no, control_yes, control_no]
            .iter()
            .try_fold(0_u64, |sum, n| sum.checked_add(*n))
            .filter(|total| *total <= 1 << 53)
            .ok_or(Degenerate::TooLarge)?;
        let margins = Margins {
            treated: treated_yes + treated_no,
            control: control_yes + control_no,
            yes: treated_yes + control_yes,
        };
        if margins.treated == 0 || margins.control == 0 {
            return Err(Degenerate::TooFew);
        }
        Ok(margins)
    }

    fn total(&self) -> u64 {
        self.treated + self.control
    }

    /// What |a·n₀ − c·n₁| is divided by to give Pearson's √χ²; 0 where all answers are the same.
    fn scale(&self) -> f64 {
        let total = self.total() as f64;
        let no = (self.total() - self.yes) as f64;
        (self.treated as f64 * self.control as f64 * (self.yes as f64 / total) * no).sqrt()
    }
}

/// The score test of no difference between two shares, with the interval of the differences that it
/// does not reject.
///
/// For tables without small expected counts. Over draws with the answers fixed it may reject more often
/// than it says: ask [`pearson_is_safe`].
///
/// # Formula
/// z(δ) = (d − δ)/√V(δ), V the variance at the maximum-likelihood shares under p₁ − p₀ = δ, times the
/// factor of the variant; p = 2Φ(−|z(0)|), interval {δ: |z(δ)| ≤ z}. Where everybody has the same answer
/// there is no statistic and p is 1.
///
/// # Errors
/// `TooFew` when an arm is empty; `TooLarge` above 2^53 people.
pub fn by_score(table: &TwoByTwo, score: Score, level: Level) -> Result<Estimate, Degenerate> {
    let margins = Margins::of(table)?;
    let total = margins.total() as f64;
    let factor = match score {
        Score::Mee => 1.0,
        Score::MiettinenNurminen => total / (total - 1.0),
    };
    let estimate = difference(table, margins.treated, margins.control);
    let cross = i128::from(table.treated_yes) * i128::from(margins.control)
        - i128::from(table.control_yes) * i128::from(margins.treated);
    let scale = margins.scale() * factor.sqrt();
    let statistic = (scale > 0.0).then(|| cross as f64 / scale);
    let p_value = statistic.map_or(1.0, dist::normal_two_sided);
    let limits = |z: f64| score_limits(table, z, factor);
    let (low, high) = agreed(estimate, p_value, level, limits);
    Ok(answer(estimate, statistic, p_value, (low, high)))
}

/// Fisher's exact test, which is the randomization test of a complete draw, with an interval for the
/// difference in shares that agrees with it.
///
/// For any table: over draws with the answers fixed it never rejects more often than 1 − level. It is
/// the usual answer for a yes/no outcome.
///
/// # Formula
/// p sums the tables at most as likely as the observed one ([`fisher_exact`]). The interval is
/// Newcombe's hybrid score interval (1998b, method 10), whose end nearer to 0 moves where the two
/// disagree (see the module `agree`). Summed over both binomial distributions, for arms of 15 and more, its coverage of
/// p₁ − p₀ is between .936 and 1 for shares of .01 to .7, and .945 or more for arms of 36 and more
/// (`tests/reference/yes_no_coverage.py`).
///
/// # Errors
/// `TooFew` when an arm is empty; `TooLarge` above 2^53 people.
pub fn by_fisher(table: &TwoByTwo, level: Level) -> Result<Estimate, Degenerate> {
    let margins = Margins::of(table)?;
    let p_value = fisher_exact(table)?.two_sided;
    let estimate = difference(table, margins.treated, margins.control);
    let (low, high) = agreed(estimate, p_value, level, |z| newcombe(table, z));
    Ok(answer(estimate, None, p_value, (low, high)))
}

pub(super) fn answer(
    estimate: f64,
    statistic: Option<f64>,
    p_value: f64,
    (low, high): (f64, f64),
) -> Estimate {
    Estimate {
        estimate,
        std_error: None,
        df: None,
        statistic,
        p_value: Some(p_value),
        conf_low: Some(low),
        conf_high: Some(high),
    }
}

/// How often Pearson's χ² without correction rejects at 1 − level over the complete draws of a trial
/// with this many people and this many yes, when the intervention changes nothing: exactly.
///
/// It is a property of the margins, which no draw changes, so a choice between tests by it costs no
/// validity.
///
/// # Formula
/// The number k of yes among the treated is hypergeometric; the test rejects where |kN − s·n₁| is
/// above z√(n₁n₀s(N − s)/N). With expected counts of at least 5 the rate is up to .09 for two arms of
/// 50, .075 for two of 500 (at .05); on average over s it is .05.
///
/// # Errors
/// `TooFew` when an arm is empty; `TooLarge` above 2^53 people.
pub fn pearson_error_rate(table: &TwoByTwo, level: Level) -> Result<f64, Degenerate> {
    let margins = Margins::of(table)?;
    let (total, n1, yes) = (margins.total(), margins.treated, margins.yes);
    let scale = margins.scale();
    if scale == 0.0 {
        return Ok(0.0);
    }
    let reach = level.z() * scale;
    let centre = yes as f64 * n1 as f64;
    // The last k below the middle that is rejected, and the first above it.
    let below = ((centre - reach) / total as f64).ceil() - 1.0;
    let above = ((centre + reach) / total as f64).floor();
    let lower = match below >= 0.0 {
        true => dist::hypergeometric_cdf(below as u64, yes, total, n1),
        false => 0.0,
    };
    let upper = match above < yes.min(n1) as f64 {
        true => dist::hypergeometric_sf(above as u64, yes, total, n1),
        false => 0.0,
    };
    Ok(lower + upper)
}

/// Whether Pearson's χ² without correction may lead under a complete draw: its own error rate
/// ([`pearson_error_rate`]) is at most 1.2 times what it says, the tolerance of Cochran (1952, Ann.
/// Math. Stat. 23, 315–345: .06 for .05). Else Fisher's test stands in.
///
/// # Errors
/// As [`pearson_error_rate`].
pub fn pearson_is_safe(table: &TwoByTwo, level: Level) -> Result<Validity, Degenerate> {
    let rate = pearson_error_rate(table, level)?;
    Ok(match rate <= 1.2 * (1.0 - level.value()) {
        true => Validity::Valid,
        false => Validity::Unsafe(Doubt::ErrorRate { rate }),
    })
}
