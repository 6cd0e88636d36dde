//! What is worth saying beside the findings: which test explains a table's marks, points or percent.

use super::check::{Check, PClaim};
use super::figure::{Figures, Quantity, Values};
use super::finding::Outcome;
use super::finding::{Arithmetic, Note};
use super::marks;
use super::span::Span;
use super::summary_test::Variant;
use crate::publication::{CellRef, Expr, Operator, Publication, RowRef};

/// The notes on a publication, in printed order.
pub fn notes(
    publication: &Publication,
    figures: &Figures,
    checks: &[Check],
    outcomes: &[Option<Outcome>],
) -> Vec<Note> {
    let mut notes: Vec<Note> = (0..publication.tables.len())
        .filter_map(|table| marks_of(table, checks, outcomes))
        .collect();
    notes.extend(checks.iter().filter_map(|check| points(check, figures)));
    notes.extend(brackets(publication));
    notes
}

/// The cells with half a pair of brackets.
fn brackets(publication: &Publication) -> impl Iterator<Item = Note> {
    publication.rows().flat_map(|(at, row)| {
        let RowRef { table, row: index } = at;
        let lacking = row
            .cells
            .iter()
            .filter(|(_, cell)| cell.printed.lacks_bracket());
        lacking.map(move |(&group, _)| Note::LacksBracket {
            cell: CellRef {
                table,
                row: index,
                group,
            },
        })
    })
}

/// How many of a table's marked rows each variant explains, of those it is defined for.
fn marks_of(table: usize, checks: &[Check], outcomes: &[Option<Outcome>]) -> Option<Note> {
    let mut marked = 0;
    let mut explained: Vec<(Variant, usize, usize)> = Vec::new();
    for (check, outcome) in checks.iter().zip(outcomes) {
        let Check::Significance {
            claim: PClaim::Mark { table: at, p, .. },
            test,
            ..
        } = check
        else {
            continue;
        };
        let Some(Outcome {
            arithmetic: Arithmetic::Tests { ranges, .. },
            ..
        }) = outcome
        else {
            continue;
        };
        if *at != table {
            continue;
        }
        marked += 1;
        for range in ranges.iter().filter(|r| test.declared.contains(&r.variant)) {
            let fits = usize::from(marks::agrees(range.p, *p));
            match explained
                .iter_mut()
                .find(|(variant, _, _)| *variant == range.variant)
            {
                Some((_, fitting, defined)) => {
                    *fitting += fits;
                    *defined += 1;
                }
                None => explained.push((range.variant, fits, 1)),
            }
        }
    }
    (marked > 0).then_some(Note::MarksOfTable {
        table,
        marks: marked,
        explained,
    })
}

/// A difference of two percentages that is itself printed as a percentage.
fn points(check: &Check, figures: &Figures) -> Option<Note> {
    let Check::Formula {
        target,
        expr: Expr::Binary(Operator::Subtract, left, right),
        ..
    } = check
    else {
        return None;
    };
    let operand = |expr: &Expr| match expr {
        Expr::Cell(cell) => figures.id(super::figure::At::First(*cell)),
        _ => None,
    };
    let (a, b) = (operand(left)?, operand(right)?);
    let percent = |id: usize| figures.list[id].percent;
    if !(percent(*target) && percent(a) && percent(b))
        || figures.list[*target].quantity != Quantity::Value
    {
        return None;
    }
    let values = Values::printed_as_is(&figures.list);
    let (a, b) = (values.get(a).span(), values.get(b).span());
    let relative = a
        .divided(b)
        .map(|ratio| ratio.minus(Span::point(1.0)).times(100.0));
    Some(Note::PercentagePoints {
        figure: *target,
        relative,
    })
}
