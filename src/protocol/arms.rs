//! The arms of a draw, from a protocol or from flags: names, quotas, and roles where they are said.

use std::collections::BTreeMap;

use toml::Spanned;

use super::parse::{Lines, unique};
use super::raw::{RawArm, RawShare};
use super::{Arm, Role};
use crate::design::{ArmPlan, Quota, Share};
use crate::error::{Error, Result};
use crate::words::Labels;

/// The `[[assignment.arm]]` tables; `start` is where they begin.
pub fn arms_of(lines: &Lines<'_>, start: usize, raw: Vec<RawArm>) -> Result<Vec<Arm>> {
    let raw = unique(lines, "arm", raw, |arm| &arm.name)?;
    if raw.len() < 2 {
        return Err(lines
            .error("a draw needs at least two arms", start)
            .hint("add another [[assignment.arm]]"));
    }
    let mut arms: Vec<Arm> = Vec::new();
    for arm in raw {
        let at = arm.name.span().start;
        let quota = match (&arm.size, &arm.share) {
            (Some(size), None) => size_of(lines, size)?,
            (None, Some(share)) => {
                let text = match share.get_ref() {
                    RawShare::Number(number) => number.to_string(),
                    RawShare::Text(text) => text.clone(),
                };
                Quota::Share(text.parse::<Share>().map_err(|error| {
                    error
                        .file(lines.file)
                        .line(lines.number(share.span().start))
                })?)
            }
            (None, None) => Quota::Rest,
            (Some(_), Some(_)) => {
                return Err(lines
                    .error(
                        format!(
                            "the arm '{}' has both a size and a share",
                            arm.name.get_ref()
                        ),
                        at,
                    )
                    .hint("keep one of the two"));
            }
        };
        let role = match &arm.role {
            None => None,
            Some(text) => Some(match text.get_ref().as_str() {
                "intervention" => Role::Intervention,
                "control" => Role::Control,
                _ => {
                    return Err(lines
                        .error(
                            "the role of an arm has to be 'intervention' or 'control'",
                            text.span().start,
                        )
                        .value(text.get_ref().clone())
                        .hint("leave it out, and say with --control which arm is the control"));
                }
            }),
        };
        arms.push(Arm {
            plan: ArmPlan {
                name: arm.name.into_inner(),
                quota,
            },
            role,
            labels: arm.label,
        });
    }
    let controls = arms.iter().filter(|arm| arm.role == Some(Role::Control));
    match controls.count() {
        0 | 1 => Ok(arms),
        _ => Err(lines
            .error("more than one arm has the role 'control'", start)
            .hint("one arm is the control: the others are compared with it")),
    }
}

/// `size = 360`, or `size = { Capelle = 120, Krimpen = 240 }` by stratum.
fn size_of(lines: &Lines<'_>, size: &Spanned<toml::Value>) -> Result<Quota> {
    let at = size.span().start;
    let whole = |value: &toml::Value| -> Result<u64> {
        let number = value.as_integer().map(u64::try_from);
        number.and_then(|number| number.ok()).ok_or_else(|| {
            lines
                .error("the size of an arm is not a whole number", at)
                .value(value.to_string())
                .hint("write size = 360, or per stratum size = { Capelle = 120, Krimpen = 240 }; a part of everybody is a share")
        })
    };
    let toml::Value::Table(table) = size.get_ref() else {
        return whole(size.get_ref()).map(Quota::Size);
    };
    if table.is_empty() {
        return Err(lines
            .error("the sizes per stratum name no stratum", at)
            .hint("write size = { Capelle = 120, Krimpen = 240 }"));
    }
    let mut sizes = BTreeMap::new();
    for (stratum, value) in table {
        // Spaces around a stratum's name do not make another of it.
        if sizes
            .insert(stratum.trim().to_owned(), whole(value)?)
            .is_some()
        {
            return Err(lines
                .error("a stratum has two sizes in one arm", at)
                .value(stratum.trim())
                .hint("name every stratum once"));
        }
    }
    Ok(Quota::Sizes(sizes))
}

/// The arms of `--arm NAME`, `--arm NAME=360`, `--arm NAME=0.35` or `--arm NAME=35%`.
///
/// # Errors
/// Kind `Usage`: fewer than two arms, a doubled name, a size that is no number.
pub fn parse_arms(texts: &[String]) -> Result<Vec<Arm>> {
    let mut arms: Vec<Arm> = Vec::new();
    for text in texts {
        let (name, quota) = match text.rsplit_once('=') {
            None => (text.trim(), Quota::Rest),
            Some((name, size)) => (name.trim(), size.parse()?),
        };
        if name.is_empty() {
            return Err(Error::usage("an arm needs a name")
                .value(text.clone())
                .hint("--arm interventie=360"));
        }
        if arms.iter().any(|arm| arm.plan.name == name) {
            return Err(Error::usage(format!("the arm '{name}' is given twice"))
                .hint("every arm needs its own name"));
        }
        arms.push(Arm {
            plan: ArmPlan {
                name: name.to_string(),
                quota,
            },
            role: None,
            labels: Labels::new(),
        });
    }
    if arms.len() < 2 {
        return Err(Error::usage("a draw needs at least two arms")
            .hint("for example: --arm interventie=360 --arm controle"));
    }
    Ok(arms)
}
