//! Do a statistic, its degrees of freedom and its p-value belong together?
//!
//! As statcheck asks of APA sentences (Nuijten et al. 2016, Behavior Research Methods 48, p. 1207), but over
//! the whole set of statistics that round to what is printed.

use super::span::Span;
use crate::stats::dist::{chi2_sf, f_sf, normal_two_sided, t_two_sided};

/// The distribution of a statistic when nothing is going on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reference {
    T {
        df: f64,
    },
    /// A correlation, by t = r √(df / (1 − r²)) on n − 2 degrees of freedom.
    R {
        df: f64,
    },
    ChiSquare {
        df: f64,
    },
    F {
        df1: f64,
        df2: f64,
    },
    Normal,
}

/// The range of the p-value over all statistics in `statistic`: two-sided for t, r and z.
///
/// `None` for degrees of freedom that are not positive.
pub fn p_range(reference: Reference, statistic: Span) -> Option<Span> {
    let valid = match reference {
        Reference::T { df } | Reference::R { df } | Reference::ChiSquare { df } => df > 0.0,
        Reference::F { df1, df2 } => df1 > 0.0 && df2 > 0.0,
        Reference::Normal => true,
    };
    let size = match reference {
        Reference::T { .. } | Reference::R { .. } | Reference::Normal => statistic.magnitude(),
        _ => statistic.not_negative(),
    };
    let p = |x: f64| match reference {
        Reference::T { df } => t_two_sided(x, df),
        Reference::R { .. } if x >= 1.0 => 0.0,
        Reference::R { df } => t_two_sided(x * (df / (1.0 - x * x)).sqrt(), df),
        Reference::ChiSquare { df } => chi2_sf(x, df),
        Reference::F { df1, df2 } => f_sf(x, df1, df2),
        Reference::Normal => normal_two_sided(x),
    };
    valid.then(|| Span::new(p(size.high), p(size.low)).outward())
}

/// Why a printed p differs from its statistic's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tails {
    /// Half of the two-sided p is printed.
    One,
    /// Twice the two-sided p is printed.
    Doubled,
}

/// Whether half or twice the p-value is what is printed; `None` when neither.
pub fn other_tails(p: Span, printed: Span) -> Option<Tails> {
    if p.times(0.5).overlaps(printed) {
        Some(Tails::One)
    } else if p.times(2.0).overlaps(printed) {
        Some(Tails::Doubled)
    } else {
        None
    }
}
