//! `fip power`: people, effect and power, the third from the other two.

use super::progress::Progress;
use super::{Done, Session};
use crate::cli::{CaseloadArgs, PowerArgs};
use crate::error::{Error, Result};
use crate::intake::Simulated;
use crate::report::power::document;
use crate::results::{DetectableRow, EffectUnit, PowerQuestion, PowerResult};
use crate::stats::degenerate::Degenerate;
use crate::stats::power::{
    Caseload, ClusterSize, Effect, Providers, Setting, detectable, distribution, power, sample_size,
};
use crate::words::Label;

pub fn run(args: &PowerArgs, session: &Session) -> Result<Done> {
    let result = answer(args, session)?;
    Done::new(document(&result, session.lang(None)), &result, Vec::new())
}

/// People per arm, where they are given.
enum People {
    Open,
    Given { treated: u64, control: u64 },
}

fn answer(args: &PowerArgs, session: &Session) -> Result<PowerResult> {
    let PowerArgs {
        difference,
        sd,
        share,
        levels,
        odds_ratio,
        n,
        power: wanted,
        alpha,
        treated_share,
        explained,
        cluster_size,
        cluster_cv,
        icc,
        providers,
        provider_icc,
        take_up,
        attrition,
        simulate,
        trial,
        trials,
        caseload,
    } = args;
    let clients = clients(caseload)?;
    let register = match (simulate, trial) {
        (Some(register), Some(trial)) => Some(Simulated::read(trial, register)?),
        _ => None,
    };
    let sizes = register.as_ref().map(Simulated::sizes).transpose()?;
    let n: Vec<u64> = sizes.map_or_else(|| n.clone(), |(treated, control)| vec![treated, control]);
    let (people, treated_share) = people(&n, clients, *treated_share)?;
    let setting = Setting {
        alpha: inside("alpha", alpha.unwrap_or(0.05))?,
        treated: treated_share,
        explained: from_zero("--explained", explained.unwrap_or(0.0))?,
        clusters: cluster_size
            .map(|mean| clusters(mean, cluster_cv.unwrap_or(0.0), icc.unwrap_or(0.0)))
            .transpose()?,
        providers: providers
            .map(|count| {
                Ok(Providers {
                    count: count as f64,
                    icc: from_zero("--provider-icc", provider_icc.unwrap_or(0.0))?,
                })
            })
            .transpose()?,
        take_up: match take_up.unwrap_or(1.0) {
            share if share > 0.0 && share <= 1.0 => share,
            other => return Err(range("--take-up", "above 0 and at most 1", other)),
        },
        attrition: from_zero("--attrition", attrition.unwrap_or(0.0))?,
    };
    let target = inside("--power", wanted.unwrap_or(0.8))?;
    let (unit, known, effect) = effect(*difference, *sd, *share, levels, *odds_ratio)?;
    let fails = |reason: Degenerate| refused(reason, unit);
    let (question, effect, treated, control, in_clusters) = match (people, known) {
        (People::Given { treated, control }, true) => {
            (PowerQuestion::Power, effect, treated, control, None)
        }
        (People::Given { treated, control }, false) => {
            let (t, c) = (treated as f64, control as f64);
            let smallest = detectable(&effect, &setting, t, c, target).map_err(fails)?;
            let effect = sized(&effect, smallest);
            (
                PowerQuestion::DetectableEffect,
                effect,
                treated,
                control,
                None,
            )
        }
        (People::Open, true) => {
            let needed = sample_size(&effect, &setting, target).map_err(fails)?;
            let (t, c) = (needed.treated, needed.control);
            (PowerQuestion::SampleSize, effect, t, c, needed.clusters)
        }
        (People::Open, false) => {
            return Err(Error::usage("neither the people nor the effect is given")
                .hint("fip power --n 360,668, or fip power --difference 0.2"));
        }
    };
    let (t, c) = match (in_clusters, setting.clusters) {
        (Some((t, c)), Some(size)) => (t as f64 * size.mean, c as f64 * size.mean),
        _ => (treated as f64, control as f64),
    };
    let reached = power(&effect, &setting, t, c).map_err(fails)?;
    let trials = trials.unwrap_or(2000);
    if !(1..=MOST_TRIALS).contains(&trials) {
        return Err(
            Error::usage("--trials has to lie between 1 and 1,000,000").value(trials.to_string())
        );
    }
    let simulation = register
        .map(|register| {
            let lang = session.lang(None);
            let progress = Progress::new(session, Label::Simulating, trials, lang);
            register.simulate(&effect, &setting, trials, &|done| progress.add(done))
        })
        .transpose()?;
    Ok(PowerResult {
        schema: "fip/power/1".to_string(),
        question,
        unit,
        effect: shown(unit, effect.size()),
        power: reached,
        treated,
        control,
        treated_clusters: in_clusters.map(|(t, _)| t),
        control_clusters: in_clusters.map(|(_, c)| c),
        caseload: clients,
        alpha: setting.alpha,
        explained: setting.explained,
        design_effect: setting.design_effect(),
        providers: *providers,
        provider_icc: *provider_icc,
        take_up: setting.take_up,
        attrition: setting.attrition,
        detectable: [0.7, 0.8, 0.9, 0.95]
            .into_iter()
            .map(|power| DetectableRow {
                power,
                effect: detectable(&effect, &setting, t, c, power)
                    .ok()
                    .map(|size| shown(unit, size)),
            })
            .collect(),
        simulation,
    })
}

/// More would not fit in memory, and says nothing more.
const MOST_TRIALS: u64 = 1_000_000;

/// The clients that the team can serve.
fn clients(args: &CaseloadArgs) -> Result<Option<u64>> {
    let CaseloadArgs {
        caseworkers,
        contacts,
        contacts_per_year,
        hours,
        minutes,
    } = args;
    let (Some(caseworkers), Some(contacts)) = (*caseworkers, *contacts) else {
        return Ok(None);
    };
    let caseload = match (contacts_per_year, hours, minutes) {
        (Some(contacts_per_year), _, _) => Caseload {
            caseworkers,
            contacts_per_year: *contacts_per_year,
            contacts_per_client: contacts,
        },
        (None, Some(hours), Some(minutes)) => {
            Caseload::from_hours(caseworkers, *hours, *minutes, contacts)
        }
        _ => {
            return Err(Error::usage("it is not said how much a caseworker can do")
                .hint("give --contacts-per-year 720, or --hours 600 --minutes 50"));
        }
    };
    let clients = caseload.clients().filter(|clients| *clients > 0);
    clients.map(Some).ok_or_else(|| {
        Error::usage("a team like this serves nobody")
            .hint("caseworkers, contacts, hours and minutes have to be above zero")
    })
}

/// People per arm, and the share of the intervention arm.
fn people(n: &[u64], clients: Option<u64>, share: Option<f64>) -> Result<(People, f64)> {
    let share = share
        .map(|share| inside("--treated-share", share))
        .transpose()?;
    let split = |treated: u64, control: u64| {
        // Counts of people are far below 2^53.
        let share = treated as f64 / (treated as f64 + control as f64);
        (People::Given { treated, control }, share)
    };
    match (n, clients) {
        ([], None) => Ok((People::Open, share.unwrap_or(0.5))),
        ([], Some(clients)) => {
            let share = share.unwrap_or(0.5);
            let control = (clients as f64 * (1.0 - share) / share - 1e-9).ceil();
            Ok(split(clients, control as u64))
        }
        ([all], _) => {
            let treated = (*all as f64 * share.unwrap_or(0.5)).round() as u64;
            Ok(split(treated, all - treated))
        }
        ([treated, control], _) if share.is_none() && *treated > 0 && *control > 0 => {
            Ok(split(*treated, *control))
        }
        _ => Err(
            Error::usage("--n is one number for all people, or two for the arms")
                .hint("--n 1028 --treated-share 0.35, or --n 360,668"),
        ),
    }
}

/// The kind of effect, whether its size is given, and the effect.
fn effect(
    difference: Option<f64>,
    sd: Option<f64>,
    share: Option<f64>,
    levels: &[f64],
    odds_ratio: Option<f64>,
) -> Result<(EffectUnit, bool, Effect)> {
    if let Some(difference) = difference
        && !(difference.is_finite() && difference != 0.0)
    {
        return Err(range("--difference", "a number other than 0", difference));
    }
    if !levels.is_empty() {
        let total: f64 = levels.iter().sum();
        let control = distribution(levels).map_err(|_| {
            Error::usage(
                "the shares of the levels have to be 0 or more, two of them above it, and add up to 1 within rounding",
            )
            .value(total.to_string())
            .hint("for example --levels 0.2,0.5,0.2,0.1")
        })?;
        if let Some(ratio) = odds_ratio
            && !(ratio > 0.0 && ratio.is_finite() && ratio != 1.0)
        {
            return Err(range("--odds-ratio", "above 0 and not 1", ratio));
        }
        let effect = Effect::Ordinal {
            control,
            log_odds: odds_ratio.map_or(0.0, f64::ln),
        };
        return Ok((EffectUnit::OddsRatio, odds_ratio.is_some(), effect));
    }
    let size = difference.unwrap_or(0.0);
    if let Some(control) = share {
        let control = inside("--share", control)?;
        if !(0.0..=1.0).contains(&(control + size)) {
            return Err(Error::usage("the share plus the difference leaves 0 to 1")
                .hint("a rise from 20% to 30% is --share 0.2 --difference 0.1"));
        }
        let effect = Effect::Share {
            control,
            difference: size,
        };
        return Ok((EffectUnit::Shares, difference.is_some(), effect));
    }
    let unit = match sd {
        Some(_) => EffectUnit::Outcome,
        None => EffectUnit::StandardDeviations,
    };
    let sd = sd.unwrap_or(1.0);
    if !(sd > 0.0 && sd.is_finite()) {
        return Err(range("--sd", "above 0", sd));
    }
    let effect = Effect::Mean {
        difference: size,
        sd,
    };
    Ok((unit, difference.is_some(), effect))
}

/// The same outcome with another size of effect.
fn sized(effect: &Effect, size: f64) -> Effect {
    let mut effect = effect.clone();
    match &mut effect {
        Effect::Mean { difference, .. } | Effect::Share { difference, .. } => *difference = size,
        Effect::Ordinal { log_odds, .. } => *log_odds = size,
    }
    effect
}

fn shown(unit: EffectUnit, size: f64) -> f64 {
    match unit {
        EffectUnit::OddsRatio => size.exp(),
        _ => size,
    }
}

fn clusters(mean: f64, cv: f64, icc: f64) -> Result<ClusterSize> {
    if !(mean >= 1.0 && mean.is_finite()) {
        return Err(range("--cluster-size", "at least 1", mean));
    }
    if !(cv >= 0.0 && cv.is_finite()) {
        return Err(range("--cluster-cv", "at least 0", cv));
    }
    if !(0.0..=1.0).contains(&icc) {
        return Err(range("--icc", "between 0 and 1", icc));
    }
    Ok(ClusterSize { mean, cv, icc })
}

fn inside(flag: &str, value: f64) -> Result<f64> {
    if value > 0.0 && value < 1.0 {
        Ok(value)
    } else {
        Err(range(flag, "above 0 and below 1", value))
    }
}

fn from_zero(flag: &str, value: f64) -> Result<f64> {
    if (0.0..1.0).contains(&value) {
        Ok(value)
    } else {
        Err(range(flag, "at least 0 and below 1", value))
    }
}

fn range(flag: &str, wanted: &str, value: f64) -> Error {
    Error::usage(format!("{flag} has to be {wanted}")).value(value.to_string())
}

fn refused(reason: Degenerate, unit: EffectUnit) -> Error {
    match reason {
        Degenerate::TooFew => {
            Error::usage("there are fewer than two people, or clusters, in an arm")
                .hint("give more with --n")
        }
        Degenerate::TooLarge if unit == EffectUnit::Shares => {
            Error::usage("no change of this share can be found with that power")
                .hint("give more people, or accept less power")
        }
        Degenerate::TooLarge => Error::usage("no trial is large enough for an effect this small")
            .hint("check the effect and its unit"),
        _ => Error::usage("these numbers do not describe a trial")
            .hint("the power asked for has to be above alpha"),
    }
}
