//! Formulas that cannot be worked out, which only shows once the whole file has been read.

use super::format::{CellRef, Publication, RowRef};
use super::formula::{Expr, Operator};
use crate::error::{Error, Result};

/// Looks at every formula of a publication.
///
/// # Errors
/// A claim that is made of itself, directly or by way of others; a row that is made of itself; a division
/// by what is printed as zero.
pub(super) fn check(publication: &Publication, file: &str) -> Result<()> {
    let mistake = |line: u64, message: String, hint: &str| {
        Err(Error::protocol(message).file(file).line(line).hint(hint))
    };
    let round = "a formula names the figures that its own is made of";
    let zero = "look at what stands behind '/'";
    for (index, claim) in publication.claims.iter().enumerate() {
        let Some(formula) = &claim.formula else {
            continue;
        };
        if leads_to(publication, index) {
            let message = format!("the formula of claim '{}' leads back to itself", claim.id);
            return mistake(claim.line, message, round);
        }
        if divides_by_zero(formula, publication) {
            let message = format!("the formula of claim '{}' divides by zero", claim.id);
            return mistake(claim.line, message, zero);
        }
    }
    for (at, row) in publication.rows() {
        let Some(formula) = &row.formula else {
            continue;
        };
        for &group in row.cells.keys() {
            let own = formula.for_group(group);
            let RowRef { table, row: index } = at;
            let cell = CellRef {
                table,
                row: index,
                group,
            };
            if references(&own).contains(&&Expr::Cell(cell)) {
                let message = format!("the formula of row '{}' leads back to itself", row.id);
                return mistake(row.line, message, round);
            }
            if divides_by_zero(&own, publication) {
                let message = format!("the formula of row '{}' divides by zero", row.id);
                return mistake(row.line, message, zero);
            }
        }
    }
    Ok(())
}

/// Everything that a formula refers to.
fn references(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Number(_) => Vec::new(),
        Expr::Binary(_, left, right) => [references(left), references(right)].concat(),
        reference => vec![reference],
    }
}

/// Whether the formula of a claim is made of that claim, by however many steps.
fn leads_to(publication: &Publication, start: usize) -> bool {
    let made_of = |claim: usize| {
        let formula = publication.claims[claim].formula.as_ref();
        let all = formula.map(references).unwrap_or_default();
        all.into_iter().filter_map(|expr| match expr {
            Expr::Claim(claim) => Some(*claim),
            _ => None,
        })
    };
    let mut reached: Vec<usize> = made_of(start).collect();
    let mut next = 0;
    while let Some(&claim) = reached.get(next) {
        next += 1;
        for further in made_of(claim) {
            if !reached.contains(&further) {
                reached.push(further);
            }
        }
    }
    reached.contains(&start)
}

fn divides_by_zero(expr: &Expr, publication: &Publication) -> bool {
    let Expr::Binary(operator, left, right) = expr else {
        return false;
    };
    *operator == Operator::Divide && value(right, publication) == Some(0.0)
        || divides_by_zero(left, publication)
        || divides_by_zero(right, publication)
}

/// A formula with every figure at its face value; `None` where one is not printed.
fn value(expr: &Expr, publication: &Publication) -> Option<f64> {
    match expr {
        Expr::Number(value) => Some(value.to_f64()),
        Expr::Cell(cell) => {
            let printed = &publication.cell(*cell)?.printed;
            printed.first.as_ref().map(|number| number.value.to_f64())
        }
        Expr::GroupSize(group) => {
            let n = publication.groups[*group].n.as_ref();
            n.map(|n| n.value as f64)
        }
        Expr::Claim(claim) => {
            let printed = publication.claims[*claim].printed.as_ref();
            printed.map(|number| number.value.to_f64())
        }
        Expr::OwnCell(_) | Expr::OwnSize => None,
        Expr::Binary(operator, left, right) => {
            let (a, b) = (value(left, publication)?, value(right, publication)?);
            Some(match operator {
                Operator::Add => a + b,
                Operator::Subtract => a - b,
                Operator::Multiply => a * b,
                Operator::Divide => a / b,
            })
        }
    }
}
