//! A check on a set of values: does it hold, and by what arithmetic?

mod cells;
mod linked;
mod tested;
mod wholes;

use super::check::Check;
use super::figure::{Figures, Values};
use super::finding::{Arithmetic, Outcome, Verdict};
use super::span::Span;

pub use tested::{ALL, ranges};

fn outcome(verdict: Verdict, arithmetic: Arithmetic) -> Option<Outcome> {
    Some(Outcome {
        verdict,
        arithmetic,
    })
}

/// The verdict on a printed figure, given the range of what it should be.
fn compare(printed: Span, recomputed: Span) -> Verdict {
    if !printed.overlaps(recomputed) {
        Verdict::Inconsistent
    } else if recomputed.inside(printed) {
        Verdict::Reproduced
    } else {
        Verdict::Consistent
    }
}

fn holds(condition: bool) -> Verdict {
    if condition {
        Verdict::Consistent
    } else {
        Verdict::Inconsistent
    }
}

/// Evaluates a check; `None` when something it needs is not there or not a usable number.
pub fn evaluate(check: &Check, figures: &Figures, values: &Values) -> Option<Outcome> {
    match check {
        Check::CountShare { .. }
        | Check::ShareOfN { .. }
        | Check::MeanOfN { .. }
        | Check::Binary { .. }
        | Check::MeanSd { .. }
        | Check::Range { .. }
        | Check::AtMost { .. } => cells::evaluate(check, values),
        Check::PartCounts { .. } | Check::PartShares { .. } | Check::Distribution { .. } => {
            wholes::evaluate(check, values)
        }
        Check::TotalCount { .. }
        | Check::TotalMean { .. }
        | Check::TotalSd { .. }
        | Check::Column { .. }
        | Check::Same { .. }
        | Check::Formula { .. } => linked::evaluate(check, figures, values),
        Check::Significance { .. }
        | Check::Statistic { .. }
        | Check::StatisticP { .. }
        | Check::StatisticRange { .. }
        | Check::PLevel { .. }
        | Check::Order { .. } => tested::evaluate(check, values),
    }
}
