//! How many people a trial needs, what it can detect, and with what chance.

use super::degenerate::Degenerate;
use super::dist;

/// What is compared, and how large the effect is to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// A difference in means, and the standard deviation within arms, both in the outcome's units.
    Mean { difference: f64, sd: f64 },
    /// A share in the control arm and its change.
    Share { control: f64, difference: f64 },
    /// Shares of the levels in the control arm, and the log of the common odds ratio (the
    /// odds of a higher level, intervention against control).
    Ordinal { control: Vec<f64>, log_odds: f64 },
}

/// The design around the comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// Two-sided significance level.
    pub alpha: f64,
    /// Share of people in the intervention arm.
    pub treated: f64,
    /// Share of the outcome's variance that strata or covariates explain.
    pub explained: f64,
    pub clusters: Option<ClusterSize>,
    /// Who delivers the intervention, where they are few; not together with clusters.
    pub providers: Option<Providers>,
    /// Share of the intervention arm that takes it up, minus that of the control arm.
    pub take_up: f64,
    /// Share whose outcome will be missing.
    pub attrition: f64,
}

/// What is drawn as one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusterSize {
    /// Mean number of persons.
    pub mean: f64,
    /// Coefficient of variation of that number.
    pub cv: f64,
    /// Intraclass correlation of the outcome.
    pub icc: f64,
}

/// People who each deliver the intervention to an equal part of its arm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Providers {
    pub count: f64,
    /// Intraclass correlation of the outcome among those whom one of them sees.
    pub icc: f64,
}

impl Setting {
    /// A plain trial with arms of equal size.
    pub fn plain(alpha: f64) -> Setting {
        Setting {
            alpha,
            treated: 0.5,
            explained: 0.0,
            clusters: None,
            providers: None,
            take_up: 1.0,
            attrition: 0.0,
        }
    }

    /// Everything that a formula divides by, or takes the root of, is in range.
    fn check(&self) -> Result<(), Degenerate> {
        let inside = |x: f64| x > 0.0 && x < 1.0;
        let share = |x: f64| (0.0..1.0).contains(&x);
        let clusters = self.clusters.is_none_or(|c| {
            c.mean >= 1.0
                && c.mean.is_finite()
                && c.cv >= 0.0
                && c.cv.is_finite()
                && (0.0..=1.0).contains(&c.icc)
        });
        let providers = self.providers.is_none_or(|p| {
            self.clusters.is_none() && p.count.is_finite() && (0.0..=1.0).contains(&p.icc)
        });
        if inside(self.alpha)
            && inside(self.treated)
            && share(self.explained)
            && self.take_up > 0.0
            && self.take_up <= 1.0
            && share(self.attrition)
            && clusters
            && providers
        {
            Ok(())
        } else {
            Err(Degenerate::NotFinite)
        }
    }

    /// What the variance of the intervention arm is multiplied by because few deliver it to `people`:
    /// 1 + (m − 1)ρ with m people each.
    fn provider_effect(&self, people: f64) -> f64 {
        self.providers
            .map_or(1.0, |p| 1.0 + ((people / p.count).max(1.0) - 1.0) * p.icc)
    }

    /// What the variance is multiplied by because people are drawn together:
    /// 1 + ((cv² + 1)m − 1)ρ (Eldridge, Ashby & Kerry 2006, Int. J. Epidemiol. 35,
    /// 1292–1300); with attrition m is the mean number with an outcome.
    pub fn design_effect(&self) -> f64 {
        self.clusters.map_or(1.0, |c| {
            let m = (c.mean * (1.0 - self.attrition)).max(1.0);
            1.0 + ((c.cv * c.cv + 1.0) * m - 1.0) * c.icc
        })
    }
}

impl Effect {
    fn check(&self) -> Result<(), Degenerate> {
        let inside = |x: f64| x > 0.0 && x < 1.0;
        let valid = match self {
            Effect::Mean { difference, sd } => {
                difference.is_finite() && *sd > 0.0 && sd.is_finite()
            }
            Effect::Share {
                control,
                difference,
            } => {
                (0.0..=1.0).contains(control)
                    && (0.0..=1.0).contains(&(control + difference))
                    && (inside(*control) || inside(control + difference))
            }
            Effect::Ordinal { control, log_odds } => {
                control.iter().all(|p| (0.0..1.0).contains(p))
                    && (control.iter().sum::<f64>() - 1.0).abs() < 1e-6
                    && log_odds.is_finite()
            }
        };
        if valid {
            Ok(())
        } else {
            Err(Degenerate::NotFinite)
        }
    }

    /// The same outcome with another effect, in the effect's own units.
    fn with(&self, size: f64) -> Effect {
        match self {
            Effect::Mean { sd, .. } => Effect::Mean {
                difference: size,
                sd: *sd,
            },
            Effect::Share { control, .. } => Effect::Share {
                control: *control,
                difference: size,
            },
            Effect::Ordinal { control, .. } => Effect::Ordinal {
                control: control.clone(),
                log_odds: size,
            },
        }
    }

    /// The effect in its own units.
    pub fn size(&self) -> f64 {
        match self {
            Effect::Mean { difference, .. } | Effect::Share { difference, .. } => *difference,
            Effect::Ordinal { log_odds, .. } => *log_odds,
        }
    }
}

/// The chance of a two-sided test below alpha with `treated` and `control` people drawn.
///
/// # Formula
/// The effect is diluted by take-up (effect × take-up: who does not take it up has none),
/// the people by attrition, and the variance is multiplied by (1 − explained) × the design
/// effect.
///
/// * Means: Student's t, noncentral, with noncentrality Δ/(σ√(1/n₁ + 1/n₀)), both tails
///   (Cohen 1988, ch. 2; R's `power.t.test(strict = TRUE)`). Degrees of freedom are n₁ + n₀ − 2,
///   or with clusters their number − 2.
/// * Shares: normal, Φ((|Δ| − z·√(p̄q̄(1/n₁ + 1/n₀)))/√(p₁q₁/n₁ + p₀q₀/n₀)), p̄ the share
///   of both arms together (Fleiss, Levin & Paik 2003, ch. 4; R's `power.prop.test`).
/// * Ordinal: Φ(|θ|√V − z), V = n₁n₀/(3(n₁ + n₀))·(1 − Σp̄³),
///   p̄ the mean shares of the levels in both arms by size (Whitehead 1993, Stat. Med. 12,
///   2257–2271).
/// * Both with clusters: noncentral t as for means, with the number of clusters − 2 and noncentrality
///   Δ/√(p₁q₁/n₁ + p₀q₀/n₀) or θ√V: the spread between few clusters is estimated, whatever the outcome
///   (Hayes & Moulton 2017, Cluster Randomised Trials, 2nd ed., §7.4).
/// * With k who deliver the intervention the variance of its arm alone is multiplied by 1 + (m − 1)ρ, m people each
///   (Moerbeek & Teerenstra 2016, Power Analysis of Trials with Multilevel Data, ch. 8), and degrees of freedom are those that
///   [`super::nested`] tests with, Satterthwaite's for independent people: (v₁ + v₀)²/(v₁²/(k − 1) + v₀²/(n₀ − 1)), v the variances of
///   the arms' means without that.
///
/// # Errors
/// `NotFinite` for a setting or an effect outside its range; `TooFew` when fewer than two
/// people, or clusters, per arm are left, or one person delivers the intervention.
pub fn power(
    effect: &Effect,
    setting: &Setting,
    treated: f64,
    control: f64,
) -> Result<f64, Degenerate> {
    setting.check()?;
    effect.check()?;
    let keep = 1.0 - setting.attrition;
    let inflation = (1.0 - setting.explained) * setting.design_effect();
    let (n1, n0) = (treated * keep, control * keep);
    let per_cluster = setting.clusters.map_or(1.0, |c| c.mean);
    let (units1, units0) = (treated / per_cluster, control / per_cluster);
    let enough = |n: f64| n.is_finite() && n >= 2.0 - 1e-9;
    let delivered = setting.providers.is_none_or(|p| enough(p.count));
    if !(enough(n1) && enough(n0) && enough(units1) && enough(units0) && delivered) {
        return Err(Degenerate::TooFew);
    }
    // As many people as would tell as much, were they seen by as many.
    let (seen, n1) = (n1, n1 / setting.provider_effect(n1));
    let diluted = effect.with(effect.size() * setting.take_up);
    let tail = setting.alpha / 2.0;
    let z = dist::normal_isf(tail);
    let by_t = |delta: f64, df: f64| {
        let t = dist::t_isf(tail, df);
        // P(T > t) = P(−T ≤ −t), and −T has noncentrality −δ: a tail of its own.
        dist::noncentral_t_cdf(-t, df, -delta) + dist::noncentral_t_cdf(-t, df, delta)
    };
    // Of two variances, those of the means of both arms were people independent.
    let between = |v1: f64, v0: f64| match (setting.clusters, setting.providers) {
        (Some(_), _) => Some(units1 + units0 - 2.0),
        (None, Some(p)) => {
            let own = v1 * v1 / (p.count.min(seen) - 1.0) + v0 * v0 / (n0 - 1.0);
            Some((v1 + v0).powi(2) / own)
        }
        (None, None) => None,
    };
    let chance = match &diluted {
        Effect::Mean { difference, sd } => {
            let se = sd * (inflation * (1.0 / n1 + 1.0 / n0)).sqrt();
            let df = between(1.0 / seen, 1.0 / n0).unwrap_or(n1 + n0 - 2.0);
            by_t((difference / se).abs(), df)
        }
        Effect::Share {
            control,
            difference,
        } => {
            let (p1, p0) = (control + difference, *control);
            let mean = (n1 * p1 + n0 * p0) / (n1 + n0);
            let under_null = (inflation * mean * (1.0 - mean) * (1.0 / n1 + 1.0 / n0)).sqrt();
            let under_effect = (inflation * (p1 * (1.0 - p1) / n1 + p0 * (1.0 - p0) / n0)).sqrt();
            match between(p1 * (1.0 - p1) / seen, p0 * (1.0 - p0) / n0) {
                Some(df) => by_t(difference.abs() / under_effect, df),
                None => dist::normal_cdf((difference.abs() - z * under_null) / under_effect),
            }
        }
        Effect::Ordinal { control, log_odds } => {
            let shares = shifted(control, *log_odds);
            let cubes: f64 = control
                .iter()
                .zip(&shares)
                .map(|(p0, p1)| ((n1 * p1 + n0 * p0) / (n1 + n0)).powi(3))
                .sum();
            let information = n1 * n0 / (n1 + n0) / 3.0 * (1.0 - cubes) / inflation;
            let delta = log_odds.abs() * information.sqrt();
            match between(1.0 / seen, 1.0 / n0) {
                Some(df) => by_t(delta, df),
                None => dist::normal_cdf(delta - z),
            }
        }
    };
    Ok(chance.clamp(0.0, 1.0))
}

/// A printed distribution, made to add up to 1: what each share was rounded to, at most half a percent per
/// level, is no mistake. A level that nobody has is one.
///
/// # Errors
/// `NotFinite` for a share below 0, fewer than two above it, or a sum further from 1 than rounding explains.
pub fn distribution(printed: &[f64]) -> Result<Vec<f64>, Degenerate> {
    const HALF_A_PERCENT: f64 = 0.005;
    let total: f64 = printed.iter().sum();
    let levels = printed.iter().filter(|share| **share > 0.0).count();
    let rounded = (total - 1.0).abs() <= HALF_A_PERCENT * levels as f64 + 1e-9;
    if levels < 2 || !rounded || printed.iter().any(|share| share.is_nan() || *share < 0.0) {
        return Err(Degenerate::NotFinite);
    }
    Ok(printed.iter().map(|share| share / total).collect())
}

/// The shares of the levels when the odds of every higher level are multiplied by e^θ.
pub fn shifted(control: &[f64], log_odds: f64) -> Vec<f64> {
    let mut above = 1.0;
    let mut before = 1.0;
    let ratio = log_odds.exp();
    control
        .iter()
        .enumerate()
        .map(|(i, p)| {
            above -= p;
            let now = if i + 1 == control.len() {
                0.0
            } else {
                let above: f64 = above.clamp(0.0, 1.0);
                above * ratio / (1.0 - above + above * ratio)
            };
            let share = before - now;
            before = now;
            share
        })
        .collect()
}

/// How many people are to be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needed {
    pub treated: u64,
    pub control: u64,
    /// Clusters per arm, where clusters are drawn: people are then whole clusters of mean size.
    pub clusters: Option<(u64, u64)>,
}

/// Beyond so many people per arm nobody runs a trial, and counts stay exact.
const MOST: u64 = 1 << 40;

/// The fewest people (whole clusters, where clusters are drawn) with at least this power;
/// arms are rounded up, each by itself, from their shares.
///
/// # Errors
/// `NotFinite` for a setting, an effect or a power out of range; `NoVariance` for an effect of zero;
/// `TooLarge` when no number below 2^40 is enough.
pub fn sample_size(effect: &Effect, setting: &Setting, target: f64) -> Result<Needed, Degenerate> {
    setting.check()?;
    effect.check()?;
    if !(target > 0.0 && target < 1.0) {
        return Err(Degenerate::NotFinite);
    }
    if effect.size() == 0.0 {
        return Err(Degenerate::NoVariance);
    }
    let size = setting.clusters.map_or(1.0, |c| c.mean);
    let arms = |units: u64| {
        let n = units as f64;
        // An exact product such as 0.35 × 100 must not be rounded up by its last digit.
        let of = |share: f64| (n * share - 1e-9).ceil().max(1.0);
        (of(setting.treated), of(1.0 - setting.treated))
    };
    let enough = |units: u64| {
        let (t, c) = arms(units);
        power(effect, setting, t * size, c * size).is_ok_and(|p| p >= target)
    };
    let mut high = 4;
    while !enough(high) {
        high *= 2;
        if high > MOST {
            return Err(Degenerate::TooLarge);
        }
    }
    let mut low = high / 2;
    if low < 4 {
        low = 1;
    }
    while low + 1 < high {
        let middle = low + (high - low) / 2;
        if enough(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    let (t, c) = arms(high);
    let people = |units: f64| (units * size).ceil() as u64;
    Ok(Needed {
        treated: people(t),
        control: people(c),
        clusters: setting.clusters.map(|_| (t as u64, c as u64)),
    })
}

/// The smallest effect with at least this power, in the effect's own units and with the sign
/// of `effect`'s size (upwards for zero).
///
/// # Errors
/// As [`power`]; `TooLarge` when no possible effect has the power (a share cannot leave 0 to 1).
pub fn detectable(
    effect: &Effect,
    setting: &Setting,
    treated: f64,
    control: f64,
    target: f64,
) -> Result<f64, Degenerate> {
    if !(target > setting.alpha && target < 1.0) {
        return Err(Degenerate::NotFinite);
    }
    let sign = if effect.size() < 0.0 { -1.0 } else { 1.0 };
    let at = |size: f64| power(&effect.with(sign * size), setting, treated, control);
    let (mut low, mut high) = (
        0.0,
        match effect {
            Effect::Mean { sd, .. } => *sd,
            Effect::Share { control, .. } if sign > 0.0 => 1.0 - control,
            Effect::Share { control, .. } => *control,
            Effect::Ordinal { .. } => 1.0,
        },
    );
    let bounded = matches!(effect, Effect::Share { .. });
    if bounded {
        // The bound itself may leave no variance: stay a hair inside.
        high *= 1.0 - 1e-12;
    }
    let mut widened = 0;
    while at(high)? < target {
        if bounded || widened > 60 {
            return Err(Degenerate::TooLarge);
        }
        low = high;
        high *= 2.0;
        widened += 1;
    }
    for _ in 0..200 {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if at(middle)? < target {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(sign * high)
}

/// How many clients a team can serve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Caseload {
    pub caseworkers: f64,
    /// What a caseworker can hold in a year.
    pub contacts_per_year: f64,
    /// What a client gets in a year.
    pub contacts_per_client: f64,
}

impl Caseload {
    /// Contacts from hours: hours per year of a caseworker over minutes per contact.
    pub fn from_hours(
        caseworkers: f64,
        hours: f64,
        minutes: f64,
        contacts_per_client: f64,
    ) -> Caseload {
        Caseload {
            caseworkers,
            contacts_per_year: hours * 60.0 / minutes,
            contacts_per_client,
        }
    }

    /// Whole clients per caseworker, times caseworkers; absent for numbers that are not positive.
    pub fn clients(&self) -> Option<u64> {
        let each = self.contacts_per_year / self.contacts_per_client;
        let all = (each + 1e-9).floor() * self.caseworkers;
        (each.is_finite()
            && each > 0.0
            && all.is_finite()
            && self.caseworkers > 0.0
            && all < MOST as f64)
            .then_some((all + 1e-9).floor() as u64)
    }
}
