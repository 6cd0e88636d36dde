//! `trial.toml` to [`Protocol`], with the line of whatever is wrong.

use std::collections::BTreeSet;

use serde::Deserialize;
use toml::Spanned;

use super::{
    Analysis, Arm, Assignment, ComplianceRule, InputSpec, Outcome, Protocol, Role, Trial, Variable,
    looks_like_control,
};
use crate::data::Decimal;
use crate::design::{ArmPlan, Method, Quota, Share};
use crate::error::{Error, Result};
use crate::report::Lang;
use crate::results::{Labels, Levels, TestName, VariableKind};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProtocol {
    #[serde(default)]
    trial: RawTrial,
    #[serde(default)]
    register: RawInput,
    #[serde(default)]
    outcomes: RawInput,
    assignment: Option<RawAssignment>,
    #[serde(default)]
    covariate: Vec<RawCovariate>,
    #[serde(default)]
    outcome: Vec<RawOutcome>,
    compliance: Option<RawCompliance>,
    #[serde(default)]
    analysis: RawAnalysis,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawTrial {
    name: Option<String>,
    language: Option<Spanned<String>>,
    #[serde(default)]
    synthetic: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawInput {
    file: Option<String>,
    id: Option<String>,
    #[serde(rename = "where")]
    filter: Option<String>,
    missing: Option<Vec<String>>,
    decimal: Option<Spanned<String>>,
    delimiter: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAssignment {
    method: Option<Spanned<String>>,
    seed: Option<RawSeed>,
    #[serde(default)]
    strata: Vec<String>,
    cluster: Option<String>,
    arm: Spanned<Vec<RawArm>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawSeed {
    Text(String),
    Number(i64),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawArm {
    name: Spanned<String>,
    size: Option<Spanned<i64>>,
    share: Option<Spanned<RawShare>>,
    role: Option<Spanned<String>>,
    #[serde(default)]
    label: Labels,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawShare {
    Number(f64),
    Text(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCovariate {
    name: Spanned<String>,
    kind: Option<VariableKind>,
    levels: Option<Vec<String>>,
    #[serde(default)]
    label: Labels,
    #[serde(default)]
    level_labels: Levels,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOutcome {
    name: Spanned<String>,
    kind: Option<VariableKind>,
    levels: Option<Vec<String>>,
    #[serde(default)]
    label: Labels,
    #[serde(default)]
    level_labels: Levels,
    baseline: Option<String>,
    family: Option<String>,
    #[serde(default)]
    primary: bool,
    exclude: Option<String>,
    #[serde(default)]
    tests: Vec<Spanned<TestName>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCompliance {
    received: String,
    reason: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawAnalysis {
    alpha: Option<Spanned<f64>>,
    #[serde(default)]
    adjust: Vec<String>,
    permutations: Option<u64>,
    #[serde(default)]
    subgroups: Vec<String>,
}

/// Where in the protocol's text a byte offset lies, for errors.
struct Lines<'a> {
    file: &'a str,
    text: &'a str,
}

impl Lines<'_> {
    fn number(&self, offset: usize) -> u64 {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        1 + before.iter().filter(|byte| **byte == b'\n').count() as u64
    }

    fn error(&self, message: impl Into<String>, offset: usize) -> Error {
        Error::protocol(message)
            .file(self.file)
            .line(self.number(offset))
    }
}

/// Reads a protocol. `file` is its name for messages.
///
/// # Errors
/// Kind `Protocol`, with the line: text that isn't TOML, unknown keys, arms that don't
/// add up to a comparison, doubled names, an alpha outside (0, 1).
pub fn parse(text: &str, file: &str) -> Result<Protocol> {
    let lines = Lines { file, text };
    let raw: RawProtocol = toml::from_str(text).map_err(|error| {
        let mut sentence = error.message().trim().to_string();
        if let Some(first) = sentence.get(..1) {
            sentence = first.to_uppercase() + &sentence[1..];
        }
        let offset = error.span().map_or(0, |span| span.start);
        lines
            .error(format!("the protocol cannot be read: {sentence}"), offset)
            .hint("see 'fip init' for a protocol with every section, or the README")
    })?;
    let RawProtocol {
        trial,
        register,
        outcomes,
        assignment,
        covariate,
        outcome,
        compliance,
        analysis,
    } = raw;

    let covariates: Vec<Variable> = unique(&lines, "covariate", covariate, |raw| &raw.name)?
        .into_iter()
        .map(|raw| {
            variable(
                &lines,
                raw.name,
                raw.kind,
                raw.levels,
                raw.label,
                raw.level_labels,
            )
        })
        .collect::<Result<_>>()?;
    let outcomes_list = unique(&lines, "outcome", outcome, |raw| &raw.name)?
        .into_iter()
        .map(|raw| outcome_of(&lines, raw))
        .collect::<Result<Vec<_>>>()?;
    let alpha = match &analysis.alpha {
        None => Analysis::default().alpha,
        Some(alpha) if *alpha.get_ref() > 0.0 && *alpha.get_ref() < 1.0 => *alpha.get_ref(),
        Some(alpha) => {
            return Err(lines
                .error("alpha has to lie between 0 and 1", alpha.span().start)
                .value(alpha.get_ref().to_string())
                .hint("0.05 gives 95% intervals"));
        }
    };
    Ok(Protocol {
        trial: Trial {
            name: trial.name,
            language: trial
                .language
                .map(|text| language(&lines, &text))
                .transpose()?,
            synthetic: trial.synthetic,
        },
        register: input(&lines, register)?,
        outcomes_file: input(&lines, outcomes)?,
        assignment: assignment
            .map(|raw| assignment_of(&lines, raw))
            .transpose()?,
        covariates,
        outcomes: outcomes_list,
        compliance: compliance.map(|raw| ComplianceRule {
            received: raw.received,
            reason: raw.reason,
        }),
        analysis: Analysis {
            alpha,
            adjust: analysis.adjust,
            permutations: analysis.permutations,
            subgroups: analysis.subgroups,
        },
    })
}

fn language(lines: &Lines<'_>, text: &Spanned<String>) -> Result<Lang> {
    text.get_ref().parse().map_err(|_| {
        lines
            .error("the language has to be 'nl' or 'en'", text.span().start)
            .value(text.get_ref().clone())
    })
}

fn input(lines: &Lines<'_>, raw: RawInput) -> Result<InputSpec> {
    let decimal = match &raw.decimal {
        None => None,
        Some(text) => Some(text.get_ref().parse::<Decimal>().map_err(|_| {
            lines
                .error(
                    "the decimal sign has to be 'comma' or 'point'",
                    text.span().start,
                )
                .value(text.get_ref().clone())
        })?),
    };
    let delimiter = match &raw.delimiter {
        None => None,
        Some(text) => match text.get_ref().as_bytes() {
            [byte] if byte.is_ascii() => Some(*byte),
            _ if text.get_ref() == "tab" => Some(b'\t'),
            _ => {
                return Err(lines
                    .error(
                        "the delimiter has to be one character, such as ';'",
                        text.span().start,
                    )
                    .value(text.get_ref().clone()));
            }
        },
    };
    Ok(InputSpec {
        file: raw.file,
        id: raw.id,
        filter: raw.filter,
        missing: raw.missing,
        decimal,
        delimiter,
    })
}

fn unique<T>(
    lines: &Lines<'_>,
    what: &str,
    items: Vec<T>,
    name: impl Fn(&T) -> &Spanned<String>,
) -> Result<Vec<T>> {
    let mut seen = BTreeSet::new();
    for item in &items {
        let name = name(item);
        if name.get_ref().trim().is_empty() {
            return Err(lines.error(format!("a [[{what}]] has an empty name"), name.span().start));
        }
        if !seen.insert(name.get_ref().clone()) {
            return Err(lines
                .error(
                    format!("the {what} '{}' is declared twice", name.get_ref()),
                    name.span().start,
                )
                .hint("keep one of the two"));
        }
    }
    Ok(items)
}

fn variable(
    lines: &Lines<'_>,
    name: Spanned<String>,
    kind: Option<VariableKind>,
    levels: Option<Vec<String>>,
    labels: Labels,
    level_labels: Levels,
) -> Result<Variable> {
    let start = name.span().start;
    let name = name.into_inner();
    if let Some(levels) = &levels {
        let distinct: BTreeSet<&String> = levels.iter().collect();
        if distinct.len() != levels.len() || levels.is_empty() {
            return Err(lines.error(
                format!("the levels of '{name}' are empty or name one twice"),
                start,
            ));
        }
    }
    if kind == Some(VariableKind::Ordinal) && levels.is_none() {
        return Err(lines
            .error(
                format!("'{name}' is ordinal, but its levels are not given"),
                start,
            )
            .hint("list them from low to high: levels = [\"1\", \"2\", \"3\"]"));
    }
    for (lang, texts) in &level_labels {
        if texts.len() != levels.as_ref().map_or(0, Vec::len) {
            return Err(lines.error(
                format!("'{name}' has another number of level labels ({lang}) than of levels"),
                start,
            ));
        }
    }
    Ok(Variable {
        name,
        kind,
        levels,
        labels,
        level_labels,
    })
}

fn outcome_of(lines: &Lines<'_>, raw: RawOutcome) -> Result<Outcome> {
    Ok(Outcome {
        variable: variable(
            lines,
            raw.name,
            raw.kind,
            raw.levels,
            raw.label,
            raw.level_labels,
        )?,
        baseline: raw.baseline,
        family: raw.family,
        primary: raw.primary,
        exclude: raw.exclude,
        tests: raw.tests.into_iter().map(Spanned::into_inner).collect(),
    })
}

fn assignment_of(lines: &Lines<'_>, raw: RawAssignment) -> Result<Assignment> {
    let RawAssignment {
        method,
        seed,
        strata,
        cluster,
        arm,
    } = raw;
    let method = match &method {
        None if strata.is_empty() => Method::Complete,
        None => Method::Stratified,
        Some(text) => match (text.get_ref().as_str(), strata.is_empty()) {
            ("simple", true) => Method::Simple,
            ("complete", true) => Method::Complete,
            ("stratified", false) => Method::Stratified,
            ("stratified", true) => {
                return Err(lines
                    .error("a stratified draw needs strata", text.span().start)
                    .hint("add strata = [\"gemeente\"], or use method = \"complete\""));
            }
            ("simple" | "complete", false) => {
                return Err(lines
                    .error(
                        "strata are given, but the method does not use them",
                        text.span().start,
                    )
                    .value(text.get_ref().clone())
                    .hint("use method = \"stratified\", or leave strata out"));
            }
            _ => {
                return Err(lines
                    .error(
                        "the method has to be simple, complete or stratified",
                        text.span().start,
                    )
                    .value(text.get_ref().clone()));
            }
        },
    };
    let arms_start = arm.span().start;
    let arms = arms_of(lines, arms_start, arm.into_inner())?;
    Ok(Assignment {
        method,
        seed: seed.map(|seed| match seed {
            RawSeed::Text(text) => text,
            RawSeed::Number(number) => number.to_string(),
        }),
        strata,
        cluster,
        arms,
    })
}

fn arms_of(lines: &Lines<'_>, start: usize, raw: Vec<RawArm>) -> Result<Vec<Arm>> {
    let raw = unique(lines, "arm", raw, |arm| &arm.name)?;
    if raw.len() < 2 {
        return Err(lines.error("a draw needs at least two arms", start));
    }
    let mut arms = Vec::new();
    for arm in raw {
        let at = arm.name.span().start;
        let quota = match (&arm.size, &arm.share) {
            (Some(size), None) => Quota::Size(u64::try_from(*size.get_ref()).map_err(|_| {
                lines
                    .error("the size of an arm cannot be negative", size.span().start)
                    .value(size.get_ref().to_string())
            })?),
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
                return Err(lines.error(
                    format!(
                        "the arm '{}' has both a size and a share",
                        arm.name.get_ref()
                    ),
                    at,
                ));
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
                        .value(text.get_ref().clone()));
                }
            }),
        };
        arms.push((
            ArmPlan {
                name: arm.name.into_inner(),
                quota,
            },
            role,
            arm.label,
        ));
    }
    assign_roles(arms).map_err(|message| {
        lines
            .error(message, start)
            .hint("give each arm role = \"intervention\" or \"control\"")
    })
}

/// Roles where some are not given: the control is the arm that says so, or whose name
/// says so, or the last one.
fn assign_roles(
    arms: Vec<(ArmPlan, Option<Role>, Labels)>,
) -> std::result::Result<Vec<Arm>, String> {
    let declared = arms
        .iter()
        .filter(|arm| arm.1 == Some(Role::Control))
        .count();
    if declared > 1 {
        return Err("more than one arm has the role 'control'".to_string());
    }
    let open: Vec<usize> = (0..arms.len()).filter(|&i| arms[i].1.is_none()).collect();
    let control = arms
        .iter()
        .position(|arm| arm.1 == Some(Role::Control))
        .or_else(|| {
            open.iter()
                .copied()
                .find(|&i| looks_like_control(&arms[i].0.name))
        })
        .or_else(|| open.last().copied())
        .ok_or("no arm has the role 'control'")?;
    Ok(arms
        .into_iter()
        .enumerate()
        .map(|(index, (plan, role, labels))| Arm {
            plan,
            role: role.unwrap_or(if index == control {
                Role::Control
            } else {
                Role::Intervention
            }),
            labels,
        })
        .collect())
}

/// The arms of `--arm NAME`, `--arm NAME=360`, `--arm NAME=0.35` or `--arm NAME=35%`.
///
/// # Errors
/// Kind `Usage`: fewer than two arms, a doubled name, a size that is no number.
pub fn parse_arms(texts: &[String]) -> Result<Vec<Arm>> {
    let mut arms: Vec<(ArmPlan, Option<Role>, Labels)> = Vec::new();
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
        if arms.iter().any(|arm| arm.0.name == name) {
            return Err(Error::usage(format!("the arm '{name}' is given twice"))
                .hint("every arm needs its own name"));
        }
        arms.push((
            ArmPlan {
                name: name.to_string(),
                quota,
            },
            None,
            Labels::new(),
        ));
    }
    if arms.len() < 2 {
        return Err(Error::usage("a draw needs at least two arms")
            .hint("for example: --arm interventie=360 --arm controle"));
    }
    assign_roles(arms).map_err(Error::usage)
}
