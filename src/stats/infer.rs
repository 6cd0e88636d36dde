//! The one place that turns an estimate and its standard error into statistic, p-value
//! and interval.

use std::cell::Cell;

use crate::error::{Error, Result};
use crate::results::Estimate;

use super::dist;

/// A confidence level strictly between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level(f64);

impl Level {
    /// The field's usual 95 percent.
    pub const P95: Level = Level(0.95);

    /// # Errors
    /// A usage error for a level that is not strictly between 0 and 1.
    pub fn new(level: f64) -> Result<Level> {
        if level > 0.0 && level < 1.0 {
            Ok(Level(level))
        } else {
            let error = Error::usage("a confidence level must lie between 0 and 1");
            Err(error.hint("give a share such as 0.95"))
        }
    }

    pub fn value(self) -> f64 {
        self.0
    }

    /// The probability left outside at each side, (1 − level)/2.
    pub fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }

    /// The standard normal quantile that leaves [`Level::tail`] above it.
    pub fn z(self) -> f64 {
        dist::normal_isf(self.tail())
    }
}

thread_local! {
    /// The last quantile computed: its tail and degrees of freedom, as bits, and its value.
    static LAST: Cell<(u64, u64, f64)> = const { Cell::new((0, 0, f64::INFINITY)) };
}

/// The t that leaves [`Level::tail`] above it. One regression after the other of the same people
/// asks for the same quantile, so the last one is remembered.
pub(super) fn critical(level: Level, df: f64) -> f64 {
    let (tail, df_bits) = (level.tail().to_bits(), df.to_bits());
    let last = LAST.get();
    if (last.0, last.1) == (tail, df_bits) {
        return last.2;
    }
    let value = dist::t_isf(level.tail(), df);
    LAST.set((tail, df_bits, value));
    value
}

/// Two-sided inference against zero: statistic = estimate/se, t with `df` degrees of
/// freedom or, where `df` is absent, normal; interval = estimate ∓ quantile·se.
///
/// A standard error of zero (or one that is negative or not finite) gives no statistic,
/// p-value or interval: data without spread say nothing about uncertainty. The same holds
/// for degrees of freedom that are not above zero. An infinite `df` is the normal, and is
/// reported as absent.
pub fn infer(estimate: f64, std_error: f64, df: Option<f64>, level: Level) -> Estimate {
    let df = df.filter(|df| *df != f64::INFINITY);
    let se = (std_error.is_finite() && std_error >= 0.0).then_some(std_error);
    let valid_df = df.is_none_or(|df| df > 0.0);
    let mut result = Estimate {
        estimate,
        std_error: se,
        df: df.filter(|df| *df > 0.0),
        statistic: None,
        p_value: None,
        conf_low: None,
        conf_high: None,
    };
    let Some(se) = se.filter(|se| *se > 0.0 && valid_df && estimate.is_finite()) else {
        return result;
    };
    let reference = df.unwrap_or(f64::INFINITY);
    let statistic = estimate / se;
    if statistic.is_finite() {
        result.statistic = Some(statistic);
        result.p_value = Some(dist::t_two_sided(statistic, reference));
    }
    let margin = critical(level, reference) * se;
    if margin.is_finite() {
        result.conf_low = Some(estimate - margin);
        result.conf_high = Some(estimate + margin);
    }
    result
}
