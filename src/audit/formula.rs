//! Figures that a report derives from others: differences, ratios, cases, money.

use super::figure::{At, FigureId, Figures, Quantity, Values};
use super::span::Span;
use crate::publication::{Expr, Operator};

/// The figures that a formula refers to; `None` when one of them is not printed.
pub fn operands(expr: &Expr, figures: &Figures) -> Option<Vec<FigureId>> {
    Some(match expr {
        Expr::Number(_) => Vec::new(),
        Expr::Binary(_, left, right) => {
            let mut all = operands(left, figures)?;
            all.extend(operands(right, figures)?);
            all
        }
        Expr::Cell(cell) => vec![figures.id(At::First(*cell))?],
        Expr::GroupSize(group) => vec![figures.id(At::GroupN(*group))?],
        Expr::Claim(claim) => vec![figures.id(At::ClaimValue(*claim))?],
        Expr::OwnCell(_) | Expr::OwnSize => return None,
    })
}

/// The range of a formula over all values that print as its operands.
///
/// Whole numbers without decimals are taken as exact: they are counts, sizes and prices. A figure that
/// occurs twice is counted twice, which can only widen the range. `None` when a divisor can be zero.
pub fn range(expr: &Expr, figures: &Figures, values: &Values) -> Option<Span> {
    evaluate(expr, figures, &|id| operand(id, values))
}

/// The formula with every figure taken at its face value.
pub fn at_face_value(expr: &Expr, figures: &Figures, values: &Values) -> Option<f64> {
    evaluate(expr, figures, &|id| {
        Some(Span::point(values.get(id).value()))
    })
    .map(Span::middle)
}

fn operand(id: FigureId, values: &Values) -> Option<Span> {
    let printed = values.get(id);
    let figure = &values.figures[id];
    let exact = printed.decimals == 0
        && !figure.percent
        && matches!(
            figure.quantity,
            Quantity::Count | Quantity::N | Quantity::Value
        );
    Some(if exact {
        Span::point(printed.value())
    } else {
        printed.span()
    })
}

fn evaluate(expr: &Expr, figures: &Figures, of: &dyn Fn(FigureId) -> Option<Span>) -> Option<Span> {
    let figure = |at: At| figures.id(at).and_then(of);
    match expr {
        Expr::Number(value) => Some(Span::point(value.to_f64())),
        Expr::Cell(cell) => figure(At::First(*cell)),
        Expr::GroupSize(group) => figure(At::GroupN(*group)),
        Expr::Claim(claim) => figure(At::ClaimValue(*claim)),
        Expr::OwnCell(_) | Expr::OwnSize => None,
        Expr::Binary(operator, left, right) => {
            let (a, b) = (evaluate(left, figures, of)?, evaluate(right, figures, of)?);
            let result = match operator {
                Operator::Add => a.plus(b),
                Operator::Subtract => a.minus(b),
                Operator::Multiply => a.product(b),
                Operator::Divide => a.divided(b)?,
            };
            Some(result.outward())
        }
    }
}
