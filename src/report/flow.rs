//! Who came how far: from the register through the draw to the analysis, as a diagram after
//! CONSORT 2025, whose text alternative has every number.

use super::assignment::left_out;
use super::catalog::flow as words;
use super::parts::label;
use crate::design::Manifest;
use crate::document::figure::{Flow, FlowBox, Plot};
use crate::document::{Document, Figure};
use crate::results::{Evaluation, History, Note, OutcomeResult};
use crate::words::{Label, Lang, number};

/// Adds the chapter on the flow of participants.
pub(super) fn section(
    doc: &mut Document,
    manifest: &Manifest,
    evaluation: Option<&Evaluation>,
    history: Option<&History>,
) {
    let lang = doc.lang;
    doc.heading(1, Label::Flow.text(lang));
    doc.paragraph(words::as_drawn(lang));
    let flow = boxes(doc, manifest, evaluation, history);
    doc.figure(Figure {
        id: "flow".to_owned(),
        caption: Label::FlowCaption.text(lang).to_owned(),
        alt: in_words(&flow),
        notes: Vec::new(),
        plot: Plot::Flow(flow),
    });
}

fn boxes(
    doc: &Document,
    manifest: &Manifest,
    evaluation: Option<&Evaluation>,
    history: Option<&History>,
) -> Flow {
    let arms = manifest.counts.arms.iter();
    Flow {
        trunk: trunk(manifest, doc.lang),
        aside: aside(manifest, doc.lang),
        columns: arms
            .map(|arm| column(doc, &arm.arm, arm.persons, evaluation, history))
            .collect(),
    }
}

/// The flow in words, a line per box.
pub(super) fn lines(
    doc: &Document,
    manifest: &Manifest,
    evaluation: Option<&Evaluation>,
    history: Option<&History>,
) -> Vec<String> {
    sentences(&boxes(doc, manifest, evaluation, history))
}

fn boxed(title: String, lines: Vec<String>) -> FlowBox {
    FlowBox { title, lines }
}

/// A register that is smaller than what was drawn from it has been withheld.
fn trunk(manifest: &Manifest, lang: Lang) -> Vec<FlowBox> {
    let counts = &manifest.counts;
    let known = counts.read >= counts.eligible;
    let assessed = known.then(|| boxed(words::assessed(counts.read, lang), Vec::new()));
    let drawn = boxed(words::drawn(counts.eligible, lang), Vec::new());
    assessed.into_iter().chain([drawn]).collect()
}

fn aside(manifest: &Manifest, lang: Lang) -> Option<FlowBox> {
    let left_out = left_out(manifest, lang);
    let total: u64 = left_out.iter().map(|(_, count)| count).sum();
    let lines = left_out
        .into_iter()
        .map(|(reason, n)| format!("{reason} ({})", number::count(n, lang)));
    (total > 0).then(|| boxed(words::excluded(total, lang), lines.collect()))
}

/// What happened in one arm: assigned and received, lost, analysed.
fn column(
    doc: &Document,
    arm: &str,
    persons: u64,
    evaluation: Option<&Evaluation>,
    history: Option<&History>,
) -> Vec<FlowBox> {
    let lang = doc.lang;
    let title = words::assigned(arm, persons, lang);
    let later = since_the_draw(arm, history, lang);
    let Some(evaluation) = evaluation else {
        let drawn = boxed(title, Vec::new());
        return std::iter::once(drawn).chain(later).collect();
    };
    let compared =
        evaluation.control == arm || evaluation.treated.iter().any(|treated| treated == arm);
    // Who received it is told of those who were there to receive it.
    let mut boxes = match later.is_empty() {
        true => vec![boxed(title, received(evaluation, arm, lang))],
        false => {
            let mut boxes = vec![boxed(title, Vec::new())];
            boxes.extend(later);
            let lines = received(evaluation, arm, lang);
            boxes.extend((!lines.is_empty()).then(|| boxed(arm.to_owned(), lines)));
            boxes
        }
    };
    if compared {
        let lost: u64 = evaluation
            .notes
            .iter()
            .filter_map(|note| match note {
                Note::OnlyInAllocation { per_arm, .. } => per_arm
                    .iter()
                    .find(|(name, _)| name == arm)
                    .map(|(_, n)| *n),
                _ => None,
            })
            .sum();
        if evaluation
            .notes
            .iter()
            .any(|note| matches!(note, Note::OnlyInAllocation { .. }))
        {
            boxes.push(boxed(words::lost(lost, lang), Vec::new()));
        }
        boxes.extend(analysed(doc, evaluation, arm));
    }
    boxes
}

/// The first day, and later batches.
fn since_the_draw(arm: &str, history: Option<&History>, lang: Lang) -> Vec<FlowBox> {
    let mut boxes = Vec::new();
    for event in history.iter().flat_map(|history| &history.events) {
        if let Some(of) = event.start.iter().find(|of| of.arm == arm) {
            boxes.push(boxed(
                words::started(of, lang),
                words::before_the_start(of, lang),
            ));
        }
        let batch = event.batch.iter();
        for (of, size) in batch.flat_map(|of| of.arms.iter().map(move |size| (of, size))) {
            if size.arm == arm {
                boxes.push(boxed(
                    words::later_batch(of.number, size.n, lang),
                    Vec::new(),
                ));
            }
        }
    }
    boxes
}

fn received(evaluation: &Evaluation, arm: &str, lang: Lang) -> Vec<String> {
    let Some(compliance) = &evaluation.compliance else {
        return Vec::new();
    };
    let Some(row) = compliance.arms.iter().find(|row| row.arm == arm) else {
        return Vec::new();
    };
    let mut lines = vec![
        words::received(row.received, lang),
        words::not_received(row.not_received, lang),
    ];
    for reason in compliance.reasons.iter().filter(|reason| reason.arm == arm) {
        let name = words::reason(reason.reason.as_deref(), reason.merged, lang);
        lines.push(format!(
            "{REASON}{name} ({})",
            number::count(reason.count, lang)
        ));
    }
    if row.unknown > 0 {
        lines.push(words::receipt_unknown(row.unknown, lang));
    }
    lines
}

/// The primary outcome, as CONSORT asks; where none is primary, all of them.
fn analysed(doc: &Document, evaluation: &Evaluation, arm: &str) -> Option<FlowBox> {
    let lang = doc.lang;
    let of = |outcome: &OutcomeResult| {
        let summary = outcome.arms.iter().find(|summary| summary.arm == arm)?;
        let left_out = outcome
            .excluded
            .iter()
            .flat_map(|excluded| &excluded.arms)
            .find(|size| size.arm == arm);
        Some((
            label(&outcome.name, &outcome.labels, doc),
            summary.n,
            summary.missing,
            left_out.map_or(0, |size| size.n),
        ))
    };
    let primary: Vec<_> = evaluation
        .outcomes
        .iter()
        .filter(|outcome| outcome.primary)
        .filter_map(of)
        .collect();
    if let [(name, n, missing, left_out)] = primary.as_slice() {
        let mut lines = vec![name.clone()];
        if *left_out > 0 {
            lines.push(words::left_out(*left_out, lang));
        }
        if *missing > 0 {
            lines.push(words::missing(*missing, lang));
        }
        return Some(boxed(words::analysed(*n, lang), lines));
    }
    let several = if primary.is_empty() {
        evaluation.outcomes.iter().filter_map(of).collect()
    } else {
        primary
    };
    let lines: Vec<String> = several
        .into_iter()
        .map(|(name, n, missing, left_out)| {
            let mut rest = Vec::new();
            if left_out > 0 {
                rest.push(words::left_out(left_out, lang));
            }
            if missing > 0 {
                rest.push(words::missing(missing, lang));
            }
            let n = number::count(n, lang);
            match rest.is_empty() {
                true => format!("{name}: n = {n}"),
                false => format!("{name}: n = {n} ({})", rest.join(", ").to_lowercase()),
            }
        })
        .collect();
    (!lines.is_empty()).then(|| boxed(Label::ValidN.text(lang).to_owned(), lines))
}

/// Every box after the other, arm by arm.
fn in_words(flow: &Flow) -> String {
    sentences(flow).join(" ")
}

/// The lines of a box as one: reasons behind what they are reasons for.
fn listed(lines: &[String]) -> String {
    let mut text = String::new();
    let mut in_reasons = false;
    for line in lines {
        let reason = line.strip_prefix(REASON);
        let between = match (text.is_empty(), reason.is_some(), in_reasons) {
            (true, ..) => "",
            (_, true, true) => ", ",
            (_, true, false) => ": ",
            (_, false, _) => "; ",
        };
        text.push_str(between);
        text.push_str(reason.unwrap_or(line));
        in_reasons = reason.is_some();
    }
    text
}

/// What a reason stands behind in a box.
const REASON: &str = "· ";

fn sentences(flow: &Flow) -> Vec<String> {
    let text = |item: &FlowBox| match item.lines.is_empty() {
        true => format!("{}.", item.title),
        false => format!("{}: {}.", item.title, listed(&item.lines)),
    };
    let (first, rest) = flow.trunk.split_at(flow.trunk.len().min(1));
    let order = first
        .iter()
        .chain(&flow.aside)
        .chain(rest)
        .chain(flow.columns.iter().flatten());
    order.map(text).collect()
}
