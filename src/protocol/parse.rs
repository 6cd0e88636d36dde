//! `trial.toml` to [`Trial`], with the line of whatever is wrong.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::arms::arms_of;
use super::caseworkers::caseworkers_of;
use super::publish;
use super::raw::{RawAssignment, RawInput, RawOutcome, RawProtocol, RawSeed};
use super::{
    About, Analysis, Assignment, ComplianceRule, Elsewhere, Ids, InputSpec, Outcome, Reading,
    Roles, Trial,
};
use crate::columns::{Cells, Date, Decimal, Variable, VariableKind};
use crate::condition::Condition;
use crate::design::{Counting, Method};
use crate::error::{Error, Result, nearest};
use crate::results::SeType;
use crate::words::{Labels, Lang, LevelLabels};

/// No number of a person is longer.
const LONGEST_ID: usize = 64;

/// Where in the protocol's text a byte offset lies, for errors.
pub struct Lines<'a> {
    pub file: &'a str,
    text: &'a str,
}

impl Lines<'_> {
    pub fn number(&self, offset: usize) -> u64 {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        1 + before.iter().filter(|byte| **byte == b'\n').count() as u64
    }

    pub fn error(&self, message: impl Into<String>, offset: usize) -> Error {
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
pub fn parse(text: &str, file: &str) -> Result<Trial> {
    let lines = Lines { file, text };
    let raw: RawProtocol = toml::from_str(text).map_err(|error| {
        let mut sentence = error.message().trim().to_string();
        if let Some(first) = sentence.get(..1) {
            sentence = first.to_uppercase() + &sentence[1..];
        }
        let offset = error.span().map_or(0, |span| span.start);
        let near = meant(error.message())
            .map(|name| format!("did you mean '{name}'? If not, "))
            .unwrap_or_default();
        lines
            .error(format!("the protocol cannot be read: {sentence}"), offset)
            .hint(format!(
                "{near}see 'fip init' for a protocol with every section, or the README"
            ))
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
        report,
        cost,
    } = raw;

    let mut condition_lines = BTreeMap::new();
    let conditions = [&register.filter, &outcomes.filter]
        .into_iter()
        .flatten()
        .chain(outcome.iter().filter_map(|raw| raw.exclude.as_ref()))
        .chain(compliance.iter().map(|raw| &raw.received));
    for condition in conditions {
        let line = lines.number(condition.span().start);
        let parsed = Condition::parse(condition.get_ref())
            .map_err(|error| error.in_protocol(file).line(line))?;
        condition_lines
            .entry(parsed.source().to_string())
            .or_insert(line);
    }
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
                Cells {
                    blank: raw.blank,
                    dash: raw.dash,
                    missing: raw.missing,
                },
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
    let costs = publish::costs(&lines, cost, &report, &outcomes_list)?;
    let (start, end) = period(&lines, trial.start.as_ref(), trial.end.as_ref())?;
    Ok(Trial {
        roles: Roles {
            treated: analysis.treated.clone(),
            control: None,
        },
        elsewhere: Elsewhere::default(),
        report: publish::report(&lines, &report)?,
        costs,
        condition_lines,
        about: About {
            name: trial.name,
            language: trial
                .language
                .map(|text| language(&lines, &text))
                .transpose()?,
            synthetic: trial.synthetic,
            start,
            end,
        },
        register: input(&lines, register)?,
        outcomes_file: input(&lines, outcomes)?,
        assignment: assignment
            .map(|raw| assignment_of(&lines, raw))
            .transpose()?,
        covariates,
        outcomes: outcomes_list,
        compliance: compliance
            .map(|raw| {
                Ok(ComplianceRule {
                    unknown_is_not: unknown_is_not(&lines, raw.unknown.as_ref())?,
                    received: raw.received.into_inner(),
                    reason: raw.reason,
                })
            })
            .transpose()?,
        analysis: Analysis {
            alpha,
            adjust: analysis.adjust,
            permutations: analysis.permutations,
            se_type: analysis
                .se_type
                .map(|text| se_type(&lines, &text))
                .transpose()?
                .unwrap_or_default(),
            subgroups: analysis.subgroups,
            provider: analysis.provider,
        },
    })
}

/// The allowed name nearest to the one that is not: of "unknown field `adjst`, expected one of
/// `alpha`, `adjust`", which is how serde puts it, `adjust`.
fn meant(message: &str) -> Option<&str> {
    let mut names = message.split('`').skip(1).step_by(2);
    let unknown = names.next().filter(|_| message.starts_with("unknown"))?;
    nearest(unknown, names)
}

fn se_type(lines: &Lines<'_>, text: &Spanned<String>) -> Result<SeType> {
    SeType::named(text.get_ref()).ok_or_else(|| {
        lines
            .error(
                "the standard error has to be HC0, HC1, HC2 or HC3",
                text.span().start,
            )
            .value(text.get_ref().clone())
            .hint("se_type = \"HC2\" is the usual one; drawn clusters get CR2 whatever it says")
    })
}

/// What `unknown` says of people whose receipt is unknown.
fn unknown_is_not(lines: &Lines<'_>, text: Option<&Spanned<String>>) -> Result<bool> {
    match text {
        None => Ok(false),
        Some(text) => match text.get_ref().as_str() {
            "missing" => Ok(false),
            "not_received" => Ok(true),
            other => Err(lines
                .error(
                    "unknown receipt counts as 'missing' or as 'not_received'",
                    text.span().start,
                )
                .value(other)
                .hint("unknown = \"not_received\" where a blank means that nobody came")),
        },
    }
}

fn language(lines: &Lines<'_>, text: &Spanned<String>) -> Result<Lang> {
    text.get_ref().parse().map_err(|_| {
        lines
            .error("the language has to be 'nl' or 'en'", text.span().start)
            .value(text.get_ref().clone())
            .hint("language = \"nl\"")
    })
}

/// The first and the last day.
fn period(
    lines: &Lines<'_>,
    start: Option<&Spanned<toml::Value>>,
    end: Option<&Spanned<toml::Value>>,
) -> Result<(Option<Date>, Option<Date>)> {
    let first = start.map(|value| date(lines, value)).transpose()?;
    let last = end.map(|value| date(lines, value)).transpose()?;
    match (first, last, end) {
        (Some(first), Some(last), Some(end)) if last < first => Err(lines
            .error("the trial ends before it starts", end.span().start)
            .value(last.to_string())
            .hint(format!("it starts on {first}"))),
        _ => Ok((first, last)),
    }
}

/// A day as TOML writes it (2017-03-01), or the same as text.
fn date(lines: &Lines<'_>, value: &Spanned<toml::Value>) -> Result<Date> {
    let wrong = |text: String| {
        lines
            .error("this is not a day of the calendar", value.span().start)
            .value(text)
            .hint("write year, month and day: start = 2017-03-01")
    };
    let text = match value.get_ref() {
        toml::Value::Datetime(day) if day.time.is_none() => day.to_string(),
        toml::Value::String(text) => text.clone(),
        other => return Err(wrong(other.to_string())),
    };
    // Day first is read in files, where the column shows which is which; a protocol says it once.
    let iso = text.len() == 10 && text.as_bytes().get(4) == Some(&b'-');
    match Date::parse(&text) {
        Ok(date) if iso => Ok(date),
        _ => Err(wrong(text)),
    }
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
        filter: raw.filter.map(Spanned::into_inner),
        reading: Reading {
            missing: raw.missing,
            decimal,
            delimiter,
            ids: Ids {
                people: raw.people,
                not_people: raw.not_people,
                width: raw
                    .id_width
                    .map(|width| id_width(lines, &width))
                    .transpose()?,
            },
        },
    })
}

fn id_width(lines: &Lines<'_>, width: &Spanned<i64>) -> Result<usize> {
    match usize::try_from(*width.get_ref()) {
        Ok(width @ 1..=LONGEST_ID) => Ok(width),
        _ => Err(lines
            .error(
                "the width of an id has to lie between 1 and 64",
                width.span().start,
            )
            .value(width.get_ref().to_string())
            .hint("id_width = 9 for a number of nine digits")),
    }
}

/// The items, unless two have the same name or one has none.
pub fn unique<T>(
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
    level_labels: LevelLabels,
    cells: Cells,
) -> Result<Variable> {
    let start = name.span().start;
    let name = name.into_inner();
    if let Some(levels) = &levels {
        let distinct: BTreeSet<&String> = levels.iter().collect();
        if distinct.len() != levels.len() || levels.is_empty() {
            return Err(lines
                .error(
                    format!("the levels of '{name}' are empty or name one twice"),
                    start,
                )
                .hint("list every level once"));
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
        cells,
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
            Cells {
                blank: raw.blank,
                dash: raw.dash,
                missing: raw.missing,
            },
        )?,
        baseline: raw.baseline,
        family: raw.family,
        primary: raw.primary,
        exclude: raw.exclude.map(Spanned::into_inner),
        tests: raw.tests.into_iter().map(Spanned::into_inner).collect(),
    })
}

fn assignment_of(lines: &Lines<'_>, raw: RawAssignment) -> Result<Assignment> {
    let RawAssignment {
        method,
        seed,
        strata,
        cluster,
        count,
        arm,
        caseworker,
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
                    .value(text.get_ref().clone())
                    .hint("method = \"complete\" draws exact numbers over everybody"));
            }
        },
    };
    let arms_start = arm.span().start;
    let arms = arms_of(lines, arms_start, arm.into_inner())?;
    let caseworkers = caseworkers_of(lines, caseworker, &arms)?;
    Ok(Assignment {
        method,
        seed: seed.map(|seed| match seed {
            RawSeed::Text(text) => text,
            RawSeed::Number(number) => number.to_string(),
        }),
        strata,
        cluster,
        count: counting(lines, count.as_ref())?,
        arms,
        caseworkers,
    })
}

fn counting(lines: &Lines<'_>, text: Option<&Spanned<String>>) -> Result<Counting> {
    let Some(text) = text else {
        return Ok(Counting::default());
    };
    match text.get_ref().as_str() {
        "units" => Ok(Counting::Units),
        "persons" => Ok(Counting::Persons),
        other => Err(lines
            .error(
                "what sizes count has to be 'persons' or 'units'",
                text.span().start,
            )
            .value(other)
            .hint("units are what is drawn: clusters such as households where a cluster is named, else persons")),
    }
}
