//! The evaluation as chapters: outcomes per group in the layout of the pilots, effects with
//! their intervals, tests, and who received what.

mod before_after;
mod compliance;
mod outcomes;
mod tests;

use crate::document::{Document, NoteKind};
use crate::release::{Hidden, Released, Results};
use crate::report::catalog::{Named, note, sentence};
use crate::report::parts::label;
use crate::report::{balance, costs, provenance, withheld};
use crate::results::{EstimateRow, Estimator, Evaluation, Note, OutcomeResult};
use crate::words::{Label, Lang};

/// The evaluation as a document of its own: balance of the analysed, outcomes, tests,
/// non-compliance, money.
pub fn document(results: &Released<Results>, hidden: &Hidden, lang: Lang) -> Document {
    let mut document = Document::new(lang, Label::Trial.text(lang), results);
    let doc = &mut document;
    if let Some(evaluation) = &results.evaluation {
        provenance::opening(doc, &evaluation.provenance);
        withheld::notice(doc, results, hidden);
        for table in &results.balance {
            balance::section(doc, table);
        }
        outcomes_chapter(doc, evaluation);
        background_chapters(doc, evaluation);
        costs::section(doc, evaluation);
        provenance::section(doc, &evaluation.provenance);
    }
    document
}

/// The chapter on outcomes: what was found, with its notes.
pub(super) fn outcomes_chapter(doc: &mut Document, evaluation: &Evaluation) {
    let lang = doc.lang;
    doc.heading(1, Label::Outcomes.text(lang));
    for treated in &evaluation.treated {
        let outcomes = outcomes::outcomes(doc, evaluation, treated);
        doc.table(outcomes);
        let effects = outcomes::effects(doc, evaluation, treated);
        doc.table(effects);
    }
    for item in &evaluation.notes {
        doc.note(NoteKind::Warning, note::text(item, lang));
    }
    for item in together(doc, &evaluation.outcomes) {
        doc.note(NoteKind::Warning, note::text(&item, lang));
    }
}

/// The notes of the outcomes under the outcomes' names. What holds for several of them in the
/// same words is said once, with all their names.
fn together(doc: &Document, outcomes: &[OutcomeResult]) -> Vec<Note> {
    let mut said: Vec<(Note, Vec<String>)> = Vec::new();
    for outcome in outcomes {
        for item in &outcome.notes {
            let mut bare = item.clone();
            let about = bare.variable_mut().map(std::mem::take);
            let names = about.map(|name| label(&name, &outcome.labels, doc));
            let mut names = Vec::from_iter(names);
            let joins = matches!(bare, Note::LeftOut { .. } | Note::Excluded { .. });
            let same = said
                .iter_mut()
                .find(|(other, others)| *other == bare && (joins || *others == names));
            match same {
                Some((_, others)) => {
                    names.retain(|name| !others.contains(name));
                    others.append(&mut names);
                }
                None => said.push((bare, names)),
            }
        }
    }
    said.into_iter()
        .map(|(mut item, names)| {
            if let Some(variable) = item.variable_mut() {
                *variable = names.join(", ");
            }
            item
        })
        .collect()
}

/// What lies behind the outcomes: who received what, and every test.
pub(super) fn background_chapters(doc: &mut Document, evaluation: &Evaluation) {
    let lang = doc.lang;
    if let Some(compliance) = &evaluation.compliance {
        compliance::non_compliance(doc, evaluation, compliance);
    }
    doc.heading(1, Label::Tests.text(lang));
    let together = tests::omnibus(doc, evaluation);
    doc.table(together);
    for treated in &evaluation.treated {
        let crosstabs = tests::distributions(doc, evaluation, treated);
        doc.table(crosstabs);
        let tests = tests::tests(doc, evaluation, treated);
        doc.table(tests);
        let sizes = tests::effect_sizes(doc, evaluation, treated);
        doc.table(sizes);
    }
    before_after::section(doc, evaluation);
    super::sensitivity::section(doc, evaluation);
}

fn size(evaluation: &Evaluation, arm: &str) -> u64 {
    evaluation
        .arms
        .iter()
        .find(|size| size.arm == arm)
        .map_or(0, |size| size.n)
}

fn estimate_name(row: &EstimateRow, lang: crate::words::Lang) -> String {
    match row.estimator {
        Estimator::Iv2sls if !row.adjusted_for.is_empty() => {
            sentence::adjusted(row.estimand.name(lang), &row.adjusted_for.join(", "), lang)
        }
        Estimator::DifferenceInMeans | Estimator::Iv2sls => row.estimand.name(lang).to_string(),
        Estimator::BlockedDifferenceInMeans
        | Estimator::Lin
        | Estimator::ClusterCr2
        | Estimator::Ancova => {
            format!("{}: {}", row.estimand.name(lang), row.estimator.name(lang))
        }
    }
}
