//! The audit in words: two or three plain sentences per finding, with the arithmetic shown.
//!
//! What is printed is quoted as printed; what is recomputed follows the reader's language.

mod explanation;
pub mod json;
mod problem;

use crate::audit::figure::{At, FigureId};
use crate::audit::rounding::Printed;
use crate::audit::span::Span;
use crate::audit::{Audit, Finding, Note};
use crate::publication::{CellRef, Kind, Publication, RowRef};
use crate::words::{Lang, number};

/// An audit with what is needed to speak of it.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    pub publication: &'a Publication,
    pub audit: &'a Audit,
    pub lang: Lang,
}

impl<'a> Words<'a> {
    /// Where a finding is: `Tabel 3, Leeftijd, Controlegroep`.
    pub fn place(&self, figure: FigureId) -> String {
        match self.audit.figures.list[figure].at {
            At::First(cell) | At::Second(cell) => self.cell(cell),
            At::ValidN(cell) => format!("{}, n", self.cell(cell)),
            At::GroupN(group) => format!("n, {}", self.group(group)),
            At::RowStatistic(row) | At::RowDf(row) | At::RowP(row) => self.row(row),
            At::ClaimValue(claim)
            | At::ClaimStatistic(claim)
            | At::ClaimDf(claim)
            | At::ClaimP(claim) => self.claim(claim),
        }
    }

    /// What is printed there, as printed.
    pub fn printed(&self, figure: FigureId) -> &'a str {
        let text = &self.audit.figures.list[figure].text;
        if text.is_empty() {
            self.pick("(leeg)", "(empty)")
        } else {
            text
        }
    }

    /// A finding in two or three sentences: what does not fit, what fails with it, what would explain it.
    pub fn sentences(&self, finding: &Finding) -> Vec<String> {
        let Some((&first, others)) = finding.checks.split_first() else {
            return Vec::new();
        };
        let mut sentences = vec![self.problem(first)];
        sentences.extend(self.also(others));
        sentences.push(self.explanations(finding));
        sentences
    }

    /// The other figures of a finding, as places; the first is the finding's own.
    pub fn other_places(&self, finding: &Finding) -> Vec<String> {
        finding
            .figures
            .iter()
            .skip(1)
            .map(|&figure| self.place(figure))
            .collect()
    }

    /// A note in a sentence.
    pub fn note(&self, note: &Note) -> String {
        match note {
            Note::MarksOfTable {
                table,
                marks,
                explained,
            } => {
                let each = |&(variant, fits, of): &(_, usize, usize)| {
                    let among = self.pick("van de", "of");
                    format!("{} {fits} {among} {of}", self.variant(variant))
                };
                let list: Vec<String> = explained.iter().map(each).collect();
                let table = self.table(*table);
                match self.lang {
                    Lang::Nl => format!(
                        "{table}: van {marks} rijen met of zonder ster verklaart {}.",
                        list.join(", ")
                    ),
                    Lang::En => format!(
                        "{table}: of {marks} rows with or without a star, {} are explained.",
                        list.join(", ")
                    ),
                }
            }
            Note::LacksBracket { cell } => {
                let place = self.cell(*cell);
                let cell = self.publication.cell(*cell);
                let printed = cell.map_or("", |cell| cell.printed.text.as_str());
                match self.lang {
                    Lang::Nl => format!("{place}: in ‘{printed}’ ontbreekt een haakje."),
                    Lang::En => format!("{place}: ‘{printed}’ lacks a bracket."),
                }
            }
            Note::PercentagePoints { figure, relative } => {
                let (place, printed) = (self.place(*figure), self.printed(*figure));
                let percent = relative.map(|r| self.range(r, 0)).unwrap_or_default();
                match self.lang {
                    Lang::Nl => format!(
                        "{place}: {printed} is een verschil in procentpunten; in procenten is het {percent}%."
                    ),
                    Lang::En => format!(
                        "{place}: {printed} is a difference in percentage points; in percent it is {percent}%."
                    ),
                }
            }
        }
    }

    fn pick(&self, nl: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Nl => nl,
            Lang::En => en,
        }
    }

    fn table(&self, table: usize) -> String {
        let table = &self.publication.tables[table];
        let kind = match table.kind {
            Kind::Table => self.pick("Tabel", "Table"),
            Kind::Figure => self.pick("Figuur", "Figure"),
            Kind::Prose => self.pick("Tekst", "Text"),
        };
        format!("{kind} {}", table.id)
    }

    fn row(&self, at: RowRef) -> String {
        format!(
            "{}, {}",
            self.table(at.table),
            self.publication.row(at).label
        )
    }

    fn cell(&self, cell: CellRef) -> String {
        let row = self.row(RowRef {
            table: cell.table,
            row: cell.row,
        });
        format!("{row}, {}", self.group(cell.group))
    }

    fn group(&self, group: usize) -> String {
        let group = &self.publication.groups[group];
        let labels = &group.label;
        let own = labels
            .get(self.lang.code())
            .or_else(|| labels.get(&self.publication.language));
        own.or_else(|| labels.values().next())
            .unwrap_or(&group.id)
            .clone()
    }

    fn claim(&self, claim: usize) -> String {
        let claim = &self.publication.claims[claim];
        match &claim.location {
            Some(location) => format!(
                "{} {location}: ‘{}’",
                self.pick("Paragraaf", "Section"),
                claim.text
            ),
            None => format!("‘{}’", claim.text),
        }
    }

    /// A range with these decimals; one number where both ends read the same.
    fn range(&self, span: Span, decimals: u32) -> String {
        let text = |value: f64| number::fixed(value, decimals as usize, self.lang);
        let (low, high) = (text(span.low), text(span.high));
        if low == high {
            low
        } else {
            format!("{low} {} {high}", self.pick("tot", "to"))
        }
    }

    /// A range of values of a figure, in the unit it is printed in and with one more decimal.
    fn as_printed(&self, figure: FigureId, span: Span, more: u32) -> String {
        let shown = &self.audit.figures.list[figure];
        let share = shown.quantity == crate::audit::figure::Quantity::Share;
        let unit = if shown.percent && share { 100.0 } else { 1.0 };
        let sign = if shown.percent { "%" } else { "" };
        format!(
            "{}{sign}",
            self.range(span.times(unit), shown.printed.decimals + more)
        )
    }

    /// A supposed value of a figure.
    fn supposed(&self, figure: FigureId, to: Printed) -> String {
        let sign = if self.audit.figures.list[figure].percent {
            "%"
        } else {
            ""
        };
        format!(
            "{}{sign}",
            number::fixed(to.value(), to.decimals as usize, self.lang)
        )
    }

    /// A range of p-values: `p = 0,012 tot 0,034`.
    fn p(&self, span: Span) -> String {
        let (low, high) = (
            number::p_value(span.low, self.lang),
            number::p_value(span.high, self.lang),
        );
        if low == high {
            number::p_clause(span.low, self.lang)
        } else {
            format!(
                "p {} {low} {} {high}",
                self.pick("van", "from"),
                self.pick("tot", "to")
            )
        }
    }
}
