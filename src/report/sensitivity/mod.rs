//! How firm the results are: the draw made again, many outcomes, missing outcomes, thresholds
//! of take-up, the number of contacts, who delivered it, chance imbalance, subgroups.

mod chance;
mod compliers;
mod dose;
mod draws;
mod missing;
mod providers;

use crate::document::Document;
use crate::results::Evaluation;
use crate::words::Label;

/// Adds the chapter, as far as there is anything to say.
pub(super) fn section(doc: &mut Document, evaluation: &Evaluation) {
    let mut tables = Vec::new();
    for treated in &evaluation.treated {
        tables.push(draws::randomization(doc, evaluation, treated));
        tables.push(draws::families(doc, evaluation, treated));
        tables.push(missing::missing(doc, evaluation, treated));
        tables.push(missing::bounds(doc, evaluation, treated));
        tables.push(compliers::thresholds(doc, evaluation, treated));
        tables.push(dose::per_contact(doc, evaluation, treated));
        tables.push(dose::steps(doc, evaluation, treated));
        tables.push(dose::groups(doc, evaluation, treated));
        tables.push(providers::nested(doc, evaluation, treated));
        tables.push(chance::chance(doc, evaluation, treated));
        tables.push(chance::imbalance(doc, evaluation, treated));
        tables.push(chance::subgroups(doc, evaluation, treated));
    }
    tables.retain(|table| !table.rows.is_empty());
    if tables.is_empty() {
        return;
    }
    doc.heading(1, Label::Sensitivity.text(doc.lang));
    for table in tables {
        doc.table(table);
    }
}
