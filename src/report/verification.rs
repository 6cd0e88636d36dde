//! A verification as a chapter: whether the draw is the drawn one, and what differs.

use super::catalog::{record as words, sentence};
use super::{record, withheld};
use crate::design::{Count, Difference, PublicCheck, Source, Verification};
use crate::document::{Document, NoteKind};
use crate::release::{Hidden, Released, Results};
use crate::words::{Label, Lang};

/// So many differences are listed; the JSON has all.
const LISTED: usize = 20;

/// The verdict, what differs, and the draw itself.
pub fn document(results: &Released<Results>, hidden: &Hidden, lang: Lang) -> Document {
    let mut document = Document::new(lang, Label::Verification.text(lang), results);
    withheld::notice(&mut document, results, hidden);
    let Results {
        manifest,
        history,
        broken,
        verification,
        public,
        ..
    } = &**results;
    let doc = &mut document;
    if let Some(broken) = broken {
        let same = verification.as_ref().is_none_or(|found| found.same)
            && public.as_ref().is_none_or(PublicCheck::same);
        let again = verification.is_some() || public.is_some();
        record::walked(doc, history.as_ref(), broken, again.then_some(same));
    }
    if let Some(found) = verification {
        section(doc, found);
    }
    if let Some(public) = public {
        without_ids(doc, public);
    }
    if let Some(manifest) = manifest {
        super::assignment::section(doc, manifest);
    }
    document
}

/// The draw again from the file without ids.
fn without_ids(doc: &mut Document, found: &PublicCheck) {
    let lang = doc.lang;
    if found.same() {
        doc.paragraph(words::public_same(found.persons, lang));
        return;
    }
    doc.paragraph(Label::NotVerified.text(lang));
    let mut items: Vec<String> = found
        .different
        .iter()
        .take(LISTED)
        .map(|of| words::public_differs(of.place, &of.drawn, &of.found, of.lot_only, lang))
        .collect();
    if found.different.len() > LISTED {
        let more = (found.different.len() - LISTED) as u64;
        items.push(sentence::and_more(more, lang));
    }
    if !found.same_counts {
        items.push(words::public_counts(lang).to_string());
    }
    doc.list(items);
}

/// Adds the verdict and the differences.
fn section(doc: &mut Document, found: &Verification) {
    let lang = doc.lang;
    let verdict = match (found.same, found.kept) {
        (true, Some(_)) => Label::VerifiedAll,
        (true, None) => Label::VerifiedDraw,
        (false, _) => Label::NotVerified,
    };
    doc.paragraph(verdict.text(lang));
    if !found.differences.is_empty() {
        let mut items: Vec<String> = found
            .differences
            .iter()
            .take(LISTED)
            .map(|difference| describe(difference, doc))
            .collect();
        if found.differences.len() > LISTED {
            items.push(sentence::and_more(
                (found.differences.len() - LISTED) as u64,
                lang,
            ));
        }
        doc.list(items);
    }
    if found.register_saved_again {
        doc.note(NoteKind::Info, words::saved_again(lang));
    }
    let register_changed = found
        .differences
        .iter()
        .any(|difference| matches!(difference, Difference::RegisterChanged { .. }));
    if register_changed && found.kept == Some(true) && !found.rederived {
        doc.note(NoteKind::Info, Label::KeptIsTheDraw.text(lang));
    }
}

fn describe(difference: &Difference, doc: &Document) -> String {
    let lang = doc.lang;
    match difference {
        Difference::RegisterChanged { expected, found } => {
            sentence::file_changed(Label::Register.text(lang), expected, found, lang)
        }
        Difference::ProtocolChanged { expected, found } => {
            sentence::file_changed(Label::Protocol.text(lang), expected, found, lang)
        }
        Difference::NotRederivable { reason } => sentence::not_rederivable(reason, lang),
        Difference::AllocationHashDiffers {
            source,
            expected,
            found,
        } => match source {
            Source::Register => sentence::other_draw(expected, found, lang),
            Source::Allocation => {
                sentence::file_changed(Label::AllocationFile.text(lang), expected, found, lang)
            }
        },
        Difference::CountsDiffer {
            count,
            expected,
            found,
        } => sentence::count_differs(&counted(count, doc), *expected, *found, lang),
        Difference::ClientMissing { source, id } => {
            sentence::client_missing(id, file(*source, doc), lang)
        }
        Difference::ClientAdded { source, id } => {
            sentence::client_added(id, file(*source, doc), lang)
        }
        Difference::DuplicateClient { source, id, times } => {
            sentence::client_repeated(id, *times, file(*source, doc), lang)
        }
        Difference::ArmChanged { id, drawn, found } => {
            sentence::value_changed(id, Label::Arm.text(lang), drawn, found, lang)
        }
        Difference::StratumChanged {
            source: _,
            id,
            drawn,
            found,
        } => sentence::value_changed(id, Label::Stratum.text(lang), drawn, found, lang),
    }
}

fn file(source: Source, doc: &Document) -> &'static str {
    match source {
        Source::Register => Label::Register,
        Source::Allocation => Label::AllocationFile,
    }
    .text(doc.lang)
}

fn counted(count: &Count, doc: &Document) -> String {
    let lang = doc.lang;
    match count {
        Count::Read => Label::Read.text(lang).to_string(),
        Count::Excluded { reason } => sentence::reason_not_met(reason, lang),
        Count::Eligible => Label::Eligible.text(lang).to_string(),
        Count::Units => Label::Units.text(lang).to_string(),
        Count::ArmUnits { arm } => format!("{} ({})", arm, Label::Units.text(lang)),
        Count::ArmPersons { arm } => format!("{} ({})", arm, Label::Persons.text(lang)),
        Count::StratumUnits { stratum, arm } => {
            format!("{stratum}, {arm} ({})", Label::Units.text(lang))
        }
        Count::StratumPersons { stratum, arm } => {
            format!("{stratum}, {arm} ({})", Label::Persons.text(lang))
        }
    }
}
