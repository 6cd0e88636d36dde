//! What may be said about each outcome in plain words, decided from its numbers: the
//! direction and size follow the estimate, the claim follows its p-value, and neither says
//! more than they do.

use super::catalog::name;
use super::catalog::plain::{self as words, Direction};
use super::parts::{label, level_name};
use crate::columns::{VariableKind, level_scores};
use crate::document::Document;
use crate::release::{Released, Results};
use crate::results::{ArmSummary, Estimate, Evaluation, Note, OutcomeResult};
use crate::words::number::{self, Scale};
use crate::words::{Label, Lang};

/// What may be said about the outcomes, a sentence each, in the order of the chapter.
pub fn in_words(results: &Released<Results>, lang: Lang) -> Vec<String> {
    let doc = Document::new(lang, Label::InBrief.text(lang), results);
    let evaluation = results.evaluation.iter();
    evaluation
        .flat_map(|evaluation| {
            let arms = evaluation.treated.iter();
            arms.flat_map(|treated| said(&doc, evaluation, treated))
                .collect::<Vec<String>>()
        })
        .collect()
}

/// Adds the chapter with a sentence per outcome, primary ones first, and how to read the rest.
pub(super) fn section(doc: &mut Document, evaluation: &Evaluation) {
    let lang = doc.lang;
    sentences(doc, evaluation);
    doc.heading(2, Label::HowToRead.text(lang));
    doc.list(words::how_to_read(evaluation.level, lang));
    // Keeps the names of estimands in one place with what they mean.
    doc.paragraph(name::estimand_explained(
        crate::results::Estimand::Itt,
        lang,
    ));
}

/// The sentences themselves, under their heading.
pub(super) fn sentences(doc: &mut Document, evaluation: &Evaluation) {
    let lang = doc.lang;
    doc.heading(1, Label::InBrief.text(lang));
    let primary = evaluation.outcomes.iter().any(|outcome| outcome.primary);
    doc.paragraph(words::introduction(primary, lang));
    for treated in &evaluation.treated {
        if evaluation.treated.len() > 1 {
            doc.heading(2, treated.clone());
        }
        let sentences = said(doc, evaluation, treated);
        doc.list(sentences);
    }
    let together = together(doc, evaluation);
    if !together.is_empty() {
        doc.heading(2, Label::OmnibusTable.text(lang));
        doc.list(together);
    }
}

/// Whether any of several arms differs, a sentence per outcome.
fn together(doc: &Document, evaluation: &Evaluation) -> Vec<String> {
    let outcomes = evaluation.outcomes.iter();
    outcomes
        .filter_map(|outcome| {
            let p = outcome.further.omnibus.as_ref()?.p_value?;
            let title = label(&outcome.name, &outcome.labels, doc);
            let clause = number::p_clause(p, doc.lang);
            Some(words::together(
                &title,
                &clause,
                p < 1.0 - evaluation.level,
                doc.lang,
            ))
        })
        .collect()
}

/// The sentences about one intervention arm, primary outcomes first.
fn said(doc: &Document, evaluation: &Evaluation, treated: &str) -> Vec<String> {
    let (first, others): (Vec<_>, Vec<_>) = evaluation
        .outcomes
        .iter()
        .partition(|outcome| outcome.primary);
    first
        .into_iter()
        .chain(others)
        .map(|outcome| sentence(doc, evaluation, outcome, treated))
        .chain(about_these(doc, evaluation, treated))
        .collect()
}

/// Below this number of people who deliver an intervention, its result is about them.
const FEW_PROVIDERS: u64 = 10;

fn about_these(doc: &Document, evaluation: &Evaluation, treated: &str) -> Option<String> {
    let outcomes = evaluation.outcomes.iter();
    let rows = outcomes.flat_map(|outcome| &outcome.further.nested);
    let own = rows.filter(|row| row.treated == treated);
    let count = own.map(|row| row.treated_providers).max()?;
    (count < FEW_PROVIDERS).then(|| words::about_these(treated, count, doc.lang))
}

/// What may be called rare in plain words, also where a trial tests at a laxer level.
const RARE: f64 = 0.05;

/// Everything that can be said about one outcome in one comparison.
fn sentence(
    doc: &Document,
    evaluation: &Evaluation,
    outcome: &OutcomeResult,
    treated: &str,
) -> String {
    let lang = doc.lang;
    let title = label(&outcome.name, &outcome.labels, doc);
    if outcome.arms.is_empty() {
        return words::withheld(&title, lang);
    }
    let control = evaluation.control.as_str();
    let arm = |name: &str| {
        outcome
            .arms
            .iter()
            .find(|summary| summary.arm == name && summary.n > 0)
    };
    let (Some(one), Some(other)) = (arm(treated), arm(control)) else {
        return words::nothing_to_say(&title, lang);
    };
    let one_value = |note: &Note| matches!(note, Note::OneValueForSome { .. });
    if outcome.notes.iter().any(one_value) {
        return words::one_value(&title, lang);
    }
    let selected = |note: &Note| matches!(note, Note::SelectedAfterDraw { .. });
    if outcome.notes.iter().any(selected) {
        return words::selected(&title, lang);
    }
    if outcome.kind == VariableKind::Categorical {
        return categories(&title, evaluation, outcome, treated, lang);
    }
    let answer = outcome.answer(treated);
    let Some(estimate) = answer.and_then(|answer| answer.effect()) else {
        return words::nothing_to_say(&title, lang);
    };
    let described = match outcome.kind {
        VariableKind::Binary => rates(&title, one, other, lang),
        _ => means(doc, &title, outcome, one, other),
    };
    let Some((described, raw)) = described else {
        return words::nothing_to_say(&title, lang);
    };
    let points = outcome.kind == VariableKind::Binary;
    let mut parts = vec![described];
    parts.extend(claim(&estimate, points, evaluation.level, treated, lang));
    if raw * estimate.estimate < 0.0 {
        parts.push(words::by_design(lang));
    }
    if outcome.registered == Some(false) {
        parts.push(words::exploratory(lang));
    }
    let missing = outcome.notes.iter().find_map(|note| match note {
        Note::Attrition {
            treated_missing,
            control_missing,
            ..
        } => Some(words::unequal(*treated_missing, *control_missing)),
        _ => None,
    });
    parts.extend(missing.map(|unequal| match unequal {
        true => words::attrition(lang),
        false => words::much_missing(lang),
    }));
    parts.join(" ")
}

/// What the estimate, its p-value and interval allow to be claimed.
fn claim(estimate: &Estimate, points: bool, level: f64, treated: &str, lang: Lang) -> Vec<String> {
    let scale = if points { Scale::Points } else { Scale::Unit };
    let estimate = &without_noise(estimate);
    let mut parts = Vec::new();
    let ends = estimate.conf_low.zip(estimate.conf_high);
    let decimals = decimals(estimate, scale, lang);
    let amount = |value: f64| {
        let direction = if value > 0.0 {
            Direction::More
        } else {
            Direction::Less
        };
        match value == 0.0 {
            true => words::nothing(lang),
            false => words::amount(
                &number::scaled(value.abs(), decimals, scale, lang),
                direction,
                points,
                lang,
            ),
        }
    };
    parts.push(match estimate.estimate == 0.0 {
        true => words::no_difference(lang),
        false => words::difference(treated, &amount(estimate.estimate), lang),
    });
    let (Some(p), Some((low, high))) = (estimate.p_value, ends) else {
        parts.push(words::untested(lang));
        return parts;
    };
    let clause = number::p_clause(p, lang);
    let interval = match low * high > 0.0 {
        // The smaller one first: 'between 0.07 and 0.35 higher'.
        true => {
            let (near, far) = if low > 0.0 { (low, high) } else { (high, low) };
            words::between(
                &number::scaled(near.abs(), decimals, scale, lang),
                &amount(far),
                lang,
            )
        }
        false => words::between(&amount(low), &amount(high), lang),
    };
    let percent = number::exact_percent(level, lang);
    // One method made both, so that p < alpha exactly where the interval leaves out zero.
    let rarely = p < 1.0 - level && (low > 0.0 || high < 0.0);
    parts.push(match rarely {
        _ if estimate.estimate == 0.0 => words::zero(&interval, &percent, lang),
        true if p < RARE => words::rarely_chance(&clause, &interval, &percent, lang),
        true => words::below_level(&clause, 1.0 - level, &interval, &percent, lang),
        false => words::maybe_chance(&clause, &interval, &percent, lang),
    });
    parts
}

/// Two equal means can differ in their last bit; that is no difference to tell anyone.
fn without_noise(estimate: &Estimate) -> Estimate {
    const NOISE: f64 = 1e-9;
    let reach = [estimate.conf_low, estimate.conf_high]
        .into_iter()
        .flatten()
        .map(f64::abs)
        .fold(0.0, f64::max);
    Estimate {
        estimate: if estimate.estimate.abs() <= reach * NOISE {
            0.0
        } else {
            estimate.estimate
        },
        ..*estimate
    }
}

/// As few decimals as show the interval, but so many that nothing that is not zero reads as zero.
fn decimals(estimate: &Estimate, scale: Scale, lang: Lang) -> usize {
    const MOST: usize = 8;
    let start = number::decimals_for_interval(estimate.conf_low, estimate.conf_high, scale);
    let values = [
        Some(estimate.estimate),
        estimate.conf_low,
        estimate.conf_high,
    ];
    let zero = |decimals: usize| number::scaled(0.0, decimals, scale, lang);
    (start..=MOST)
        .find(|&decimals| {
            values.iter().flatten().all(|value| {
                *value == 0.0
                    || number::scaled(value.abs(), decimals, scale, lang) != zero(decimals)
            })
        })
        .unwrap_or(MOST)
}

/// 'x of every 100', or of every 1,000 or 10,000 where 100 is too coarse; and the plain
/// difference, by its sign.
fn rates(title: &str, one: &ArmSummary, other: &ArmSummary, lang: Lang) -> Option<(String, f64)> {
    let yes = |summary: &ArmSummary| match summary.levels.as_slice() {
        [_, yes] => Some(yes.count),
        _ => None,
    };
    let (a, b) = ((yes(one)?, one.n), (yes(other)?, other.n));
    let of = |(count, n): (u64, u64), base: u64| (count as f64 / n as f64 * base as f64).round();
    let exact = |(count, n): (u64, u64)| count as f64 / n as f64;
    let fits = |base: u64| {
        // Near the share itself, and different where the shares differ.
        let near = |pair| {
            (of(pair, base) - exact(pair) * base as f64).abs() <= 0.15 * exact(pair) * base as f64
        };
        near(a) && near(b) && (exact(a) == exact(b) || of(a, base) != of(b, base))
    };
    let base = [100, 1000, 10_000]
        .into_iter()
        .find(|&base| fits(base))
        .unwrap_or(10_000);
    let text = words::rates(
        title,
        base,
        (&one.arm, of(a, base) as u64),
        (&other.arm, of(b, base) as u64),
        lang,
    );
    Some((text, exact(a) - exact(b)))
}

fn means(
    doc: &Document,
    title: &str,
    outcome: &OutcomeResult,
    one: &ArmSummary,
    other: &ArmSummary,
) -> Option<(String, f64)> {
    let lang = doc.lang;
    let (a, b) = (one.mean?, other.mean?);
    // As many decimals as show that they differ, two at least.
    let decimals = (2..=6)
        .find(|&decimals| {
            a == b || number::fixed(a, decimals, lang) != number::fixed(b, decimals, lang)
        })
        .unwrap_or(6);
    let ends = (outcome.kind == VariableKind::Ordinal)
        .then(|| scale_ends(doc, outcome, one))
        .flatten();
    let scale = ends
        .as_ref()
        .map(|(first, last)| (first.as_str(), last.as_str()));
    let (a_text, b_text) = (
        number::fixed(a, decimals, lang),
        number::fixed(b, decimals, lang),
    );
    Some((
        words::means(
            title,
            scale,
            (&one.arm, &a_text),
            (&other.arm, &b_text),
            lang,
        ),
        a - b,
    ))
}

/// The lowest and the highest level with the score that the mean is made of: '1 (isolated)'.
fn scale_ends(
    doc: &Document,
    outcome: &OutcomeResult,
    summary: &ArmSummary,
) -> Option<(String, String)> {
    let levels: Vec<String> = summary
        .levels
        .iter()
        .map(|level| level.level.clone())
        .collect();
    let scores = level_scores(&levels);
    let named = |index: usize| {
        let score = scores.get(index)?;
        let decimals = usize::from(score.fract() != 0.0);
        let score = number::fixed(*score, decimals, doc.lang);
        let name = level_name(doc, outcome, index, levels.get(index)?);
        Some(match name == score {
            true => score,
            false => format!("{score} ({name})"),
        })
    };
    named(0).zip(named(levels.len().checked_sub(1)?))
}

fn categories(
    title: &str,
    evaluation: &Evaluation,
    outcome: &OutcomeResult,
    treated: &str,
    lang: Lang,
) -> String {
    match outcome.answer(treated).and_then(|answer| answer.p_value) {
        Some(p) => words::categories(
            title,
            &number::p_clause(p, lang),
            p < 1.0 - evaluation.level,
            lang,
        ),
        None => words::nothing_to_say(title, lang),
    }
}
