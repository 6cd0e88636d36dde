//! The draw as a chapter: who was left out, how many each arm got, how to draw it again.

use super::catalog::{flow, sentence};
use super::withheld;
use crate::design::{ArmCount, Counting, Declared, Manifest, Method, SeedSource, StratumCount};
use crate::document::{Cell, Column, Document, NoteKind, Row, Table};
use crate::release::{Hidden, Released, Results};
use crate::words::{Label, Lang};

/// The draw as a document of its own.
pub fn document(results: &Released<Results>, hidden: &Hidden, lang: Lang) -> Document {
    let mut document = Document::new(lang, "fip assign", results);
    withheld::notice(&mut document, results, hidden);
    if let Some(manifest) = &results.manifest {
        section(&mut document, manifest);
    }
    document
}

/// Adds the chapter on the allocation.
pub(super) fn section(doc: &mut Document, manifest: &Manifest) {
    let lang = doc.lang;
    doc.heading(1, Label::Allocation.text(lang));
    doc.paragraph(sentence::drawn(
        method(manifest.design.method, lang),
        manifest.counts.eligible,
        manifest
            .design
            .cluster
            .as_ref()
            .map(|_| manifest.counts.units),
        lang,
    ));
    let left_out = left_out(manifest, lang);
    if !left_out.is_empty() {
        let table = exclusions(doc, manifest, left_out);
        doc.table(table);
    }
    let table = arms(doc, manifest);
    doc.table(table);
    if let Some(counted) = counted(manifest, lang) {
        doc.note(NoteKind::Info, counted);
    }
    let mut values = manifest.counts.strata.iter().flat_map(|of| &of.values);
    if values.any(|value| value.trim().is_empty()) {
        doc.note(NoteKind::Info, sentence::unknown_stratum(lang));
    }
    if manifest.seed_source == SeedSource::Drawn {
        doc.note(NoteKind::Info, sentence::seed_from_system(lang));
    }
    if !manifest.previous.is_empty() {
        let table = earlier(doc, manifest);
        doc.table(table);
        doc.note(
            NoteKind::Warning,
            sentence::drawn_again(manifest.previous.len() as u64, lang),
        );
    }
    let table = provenance(doc, manifest);
    doc.table(table);
}

/// Where clusters are drawn, what the sizes count, and what that comes to in both.
fn counted(manifest: &Manifest, lang: Lang) -> Option<String> {
    let design = &manifest.design;
    let cluster = design.cluster.as_deref()?;
    let has_size = |declared: &Declared| match declared {
        Declared::Size(_) | Declared::Sizes(_) => true,
        Declared::Share(_) | Declared::Rest => false,
    };
    let sized = design.arms.iter().any(|arm| has_size(&arm.declared));
    let arms = &manifest.counts.arms;
    match design.count {
        Counting::Persons => Some(sentence::sizes_count_persons(cluster, arms, lang)),
        Counting::Units => sized.then(|| sentence::sizes_count_clusters(cluster, arms, lang)),
    }
}

fn method(method: Method, lang: Lang) -> &'static str {
    match method {
        Method::Simple => Label::MethodSimple,
        Method::Complete => Label::MethodComplete,
        Method::Stratified => Label::MethodStratified,
    }
    .text(lang)
}

/// Who was left out before the draw: why, and how many. Reasons that are withheld to protect small
/// groups are one together.
pub(super) fn left_out(manifest: &Manifest, lang: Lang) -> Vec<(String, u64)> {
    let counts = &manifest.counts;
    let named: u64 = counts.excluded.iter().map(|excluded| excluded.count).sum();
    let named = named + counts.known + counts.joined;
    let later = [
        (sentence::drawn_before(lang), counts.known),
        (sentence::joined_cluster(lang), counts.joined),
    ];
    let later = later
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(reason, count)| (reason.to_owned(), count));
    let others = counts.read.saturating_sub(counts.eligible + named);
    let others = (others > 0).then(|| (flow::merged(lang).to_owned(), others));
    counts
        .excluded
        .iter()
        .map(|excluded| {
            let reason = sentence::reason_not_met(&excluded.reason, lang);
            (reason, excluded.count)
        })
        .chain(later)
        .chain(others)
        .collect()
}

fn exclusions(doc: &Document, manifest: &Manifest, left_out: Vec<(String, u64)>) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        "excluded",
        Label::ExclusionTable.text(lang),
        [
            Column::words(Label::Reason.text(lang)),
            Column::numbers(Label::Count.text(lang)),
        ],
    );
    table.row(Row::new(Label::Read.text(lang)).with(Cell::count(manifest.counts.read)));
    for (reason, count) in left_out {
        table.row(Row::indented(reason).with(Cell::count(count)));
    }
    table.row(Row::total(Label::Eligible.text(lang)).with(Cell::count(manifest.counts.eligible)));
    table
}

fn arms(doc: &Document, manifest: &Manifest) -> Table {
    let lang = doc.lang;
    let clustered = manifest.design.cluster.is_some();
    let mut columns = vec![Column::words(if manifest.counts.strata.is_empty() {
        String::new()
    } else {
        format!(
            "{} ({})",
            Label::Stratum.text(lang),
            manifest.design.strata.join(", ")
        )
    })];
    for arm in &manifest.counts.arms {
        if clustered {
            columns.push(Column::numbers(Label::Clusters.text(lang)).under(arm.arm.clone()));
            columns.push(Column::numbers(Label::Persons.text(lang)).under(arm.arm.clone()));
        } else {
            columns.push(Column::numbers(arm.arm.clone()));
        }
    }
    let title = if manifest.counts.strata.is_empty() {
        Label::AllocationTable
    } else {
        Label::AllocationPerStratum
    };
    let mut table = Table::new("allocation", title.text(lang), columns);
    let cells = |arms: &[ArmCount]| -> Vec<Cell> {
        arms.iter()
            .flat_map(|arm| {
                let units = clustered.then(|| Cell::count(arm.units));
                units.into_iter().chain([Cell::count(arm.persons)])
            })
            .collect()
    };
    for stratum in &manifest.counts.strata {
        table.row(Row::new(named(stratum, lang)).with_all(cells(&stratum.arms)));
    }
    table.row(Row::total(Label::Total.text(lang)).with_all(cells(&manifest.counts.arms)));
    table
}

/// A stratum by its values, of which an empty one is said to be unknown.
fn named(stratum: &StratumCount, lang: Lang) -> String {
    let unknown = format!("({})", Label::Unknown.text(lang));
    let mut named = stratum.clone();
    for value in named
        .values
        .iter_mut()
        .filter(|value| value.trim().is_empty())
    {
        value.clone_from(&unknown);
    }
    named.label()
}

fn earlier(doc: &Document, manifest: &Manifest) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        "earlier",
        Label::Earlier.text(lang),
        [
            Column::words(Label::Seed.text(lang)),
            Column::words(Label::Reason.text(lang)),
            Column::words(Label::AllocationFile.text(lang)),
        ],
    );
    for draw in &manifest.previous {
        table.row(
            Row::new(draw.seed.clone())
                .with(Cell::text(draw.reason.clone()))
                .with(Cell::code(draw.allocation.clone())),
        );
    }
    table
}

fn provenance(doc: &Document, manifest: &Manifest) -> Table {
    let lang = doc.lang;
    let mut table = Table::new(
        "draw",
        Label::HowToDrawAgain.text(lang),
        [
            Column::words(Label::Item.text(lang)),
            Column::words(Label::Value.text(lang)),
        ],
    );
    let mut line = |label: Label, value: &str| {
        table.row(Row::new(label.text(lang)).with(Cell::code(value)));
    };
    line(Label::Seed, &manifest.seed);
    line(Label::Algorithm, &manifest.algorithm);
    line(Label::Register, &manifest.register.file);
    line(Label::RegisterHash, &manifest.register.sha256);
    line(Label::AllocationHash, &manifest.allocation.sha256);
    line(Label::Version, &manifest.fip_version);
    table
}
