//! The draw as a chapter: who was left out, how many each arm got, how to draw it again.

use super::catalog::{Label, sentence};
use super::cell::Cell;
use super::document::{Column, Document, NoteKind, Row, Table};
use crate::design::{ArmCount, Manifest, Method, SeedSource};

/// Adds the chapter on the allocation.
pub fn section(doc: &mut Document, manifest: &Manifest) {
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
    if !manifest.counts.excluded.is_empty() {
        let table = exclusions(doc, manifest);
        doc.table(table);
    }
    let table = arms(doc, manifest);
    doc.table(table);
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

fn method(method: Method, lang: super::lang::Lang) -> &'static str {
    match method {
        Method::Simple => Label::MethodSimple,
        Method::Complete => Label::MethodComplete,
        Method::Stratified => Label::MethodStratified,
    }
    .text(lang)
}

fn exclusions(doc: &Document, manifest: &Manifest) -> Table {
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
    for excluded in &manifest.counts.excluded {
        table.row(
            Row::indented(sentence::reason_not_met(&excluded.reason, lang))
                .with(Cell::count(excluded.count)),
        );
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
        table.row(Row::new(stratum.label()).with_all(cells(&stratum.arms)));
    }
    table.row(Row::total(Label::Total.text(lang)).with_all(cells(&manifest.counts.arms)));
    table
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
