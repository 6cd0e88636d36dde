//! One cell against its n.

use super::{holds, outcome};
use crate::audit::check::Check;
use crate::audit::debit::{self, Divisor};
use crate::audit::figure::Values;
use crate::audit::finding::Outcome;
use crate::audit::finding::{Arithmetic, Verdict};
use crate::audit::grimmer::{self, Feasible};
use crate::audit::rounding::Interval;
use crate::audit::span::Span;
use crate::audit::{grim, percentage};

pub(super) fn evaluate(check: &Check, values: &Values) -> Option<Outcome> {
    match check {
        Check::CountShare { count, share, n } => {
            let (count, n, share) = (
                values.count(*count)?,
                values.n(*n)?,
                values.interval(*share)?,
            );
            let verdict = match percentage::fits(count, n, &share) {
                true => Verdict::Reproduced,
                false => Verdict::Inconsistent,
            };
            let most = n.saturating_mul(4).saturating_add(1000);
            outcome(
                verdict,
                Arithmetic::Ratio {
                    count,
                    n,
                    fitting_counts: percentage::counts(n, &share),
                    fitting_n: percentage::denominators(count, &share, most),
                },
            )
        }
        Check::ShareOfN { share, n } => {
            let (n, share) = (values.n(*n)?, values.interval(*share)?);
            can_fail(&share, n)?;
            let fits = percentage::counts(n, &share).is_some();
            outcome(holds(fits), nearest(n, &share))
        }
        Check::MeanOfN { mean, n } => {
            let (n, mean) = (values.n(*n)?, values.interval(*mean)?);
            (n > 0).then_some(())?;
            can_fail(&mean, n)?;
            outcome(holds(grim::possible(&mean, n, 1)), nearest(n, &mean))
        }
        Check::Binary { share, sd, n } => binary(
            values.interval(*share)?,
            values.interval(*sd)?,
            values.n(*n)?,
        ),
        Check::MeanSd { mean, sd, n, scale } => {
            let (mean, sd, n) = (
                values.interval(*mean)?,
                values.interval(*sd)?,
                values.n(*n)?,
            );
            let found = grimmer::search(&mean, &sd, n, 1, *scale, Divisor::Sample);
            // An impossible mean is the business of GRIM.
            outcome(
                holds(found != Feasible::NoSd),
                Arithmetic::NoSd {
                    n,
                    scale: *scale,
                    population: found == Feasible::NoSd
                        && !grimmer::search(&mean, &sd, n, 1, *scale, Divisor::Population)
                            .is_impossible(),
                },
            )
        }
        Check::Range {
            mean,
            sd,
            n,
            low,
            high,
        } => {
            let mean = values.span(*mean)?;
            let ends = Span::new(*low, *high);
            let n = n.and_then(|n| values.n(n));
            let sd = sd.and_then(|sd| values.span(sd));
            // Bhatia & Davis (2000): variance ≤ (max − mean)(mean − min), times n/(n − 1).
            let most = |m: f64| {
                let factor = n
                    .filter(|&n| n > 1)
                    .map_or(2.0, |n| n as f64 / (n as f64 - 1.0));
                ((high - m) * (m - low) * factor).max(0.0).sqrt()
            };
            let centre = ends.middle().clamp(mean.low, mean.high);
            let fits = mean.overlaps(ends.outward())
                && sd.is_none_or(|sd| sd.low <= most(centre) * (1.0 + 1e-12));
            outcome(
                holds(fits),
                Arithmetic::Limits {
                    low: *low,
                    high: *high,
                    most_sd: most(centre),
                },
            )
        }
        Check::AtMost { part, whole } => {
            let (part, whole) = (values.count(*part)?, values.n(*whole)?);
            outcome(holds(part <= whole), Arithmetic::AtMost { part, whole })
        }
        _ => None,
    }
}

/// With n so large that every printed value is near some whole number of n, there is nothing to check.
fn can_fail(interval: &Interval, n: u64) -> Option<()> {
    let span = interval.span();
    let impossible = span.high < 0.0 || (span.width() < 1.0 && span.low > 1e15);
    (impossible || span.width() * (n as f64) < 1.0).then_some(())
}

/// The nearest means or shares that n whole numbers can have.
fn nearest(n: u64, wanted: &Interval) -> Arithmetic {
    let centre = wanted.span().middle() * n as f64;
    let at = |k: f64| k / n as f64;
    Arithmetic::Nearest {
        n,
        below: at(centre.floor()),
        above: at(centre.ceil()),
    }
}

fn binary(share: Interval, sd: Interval, n: u64) -> Option<Outcome> {
    let counts = percentage::counts(n, &share);
    let Some((first, last)) = counts else {
        // An impossible share is reported by the share's own check.
        return outcome(Verdict::Consistent, Arithmetic::None);
    };
    let fits = debit::counts(&share, Some(&sd), n, Divisor::Sample);
    let sds = [first, last].map(|k| debit::sd(k, n, Divisor::Sample));
    let possible = match sds {
        [Some(a), Some(b)] => Span::new(a.min(b), a.max(b)),
        _ => return None,
    };
    outcome(
        holds(!fits.is_empty()),
        Arithmetic::BinarySd {
            n,
            counts: (first, last),
            possible,
            population: fits.is_empty()
                && !debit::counts(&share, Some(&sd), n, Divisor::Population).is_empty(),
        },
    )
}
