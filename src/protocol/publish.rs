//! What a protocol says about the report: small numbers, and what outcomes are worth.

use std::collections::BTreeSet;

use super::parse::Lines;
use super::raw::{RawCost, RawReport};
use super::{Outcome, Report};
use crate::error::Result;
use crate::results::{CostPerCase, Costs};

/// The `[report]` section.
pub fn report(lines: &Lines<'_>, raw: &RawReport) -> Result<Report> {
    let Some(min_cell) = &raw.min_cell else {
        return Ok(Report::default());
    };
    match u64::try_from(*min_cell.get_ref()) {
        Ok(limit) if limit >= 2 => Ok(Report {
            min_cell: Some(limit),
        }),
        _ => Err(lines
            .error("min_cell has to be 2 or more", min_cell.span().start)
            .value(min_cell.get_ref().to_string())
            .hint("min_cell = 5 keeps numbers of 1 to 4 people out of the report")),
    }
}

/// The `[[cost]]` entries, and the cost of the programme.
pub fn costs(
    lines: &Lines<'_>,
    raw: Vec<RawCost>,
    report: &RawReport,
    outcomes: &[Outcome],
) -> Result<Option<Costs>> {
    let programme = match &report.programme_cost {
        Some(cost) if !cost.get_ref().is_finite() || *cost.get_ref() < 0.0 => {
            return Err(lines
                .error(
                    "programme_cost has to be an amount in euros",
                    cost.span().start,
                )
                .value(cost.get_ref().to_string()));
        }
        cost => cost.as_ref().map(|cost| *cost.get_ref()),
    };
    let mut seen = BTreeSet::new();
    let mut per_case = Vec::new();
    for cost in raw {
        let name = cost.outcome.get_ref();
        let start = cost.outcome.span().start;
        if !outcomes
            .iter()
            .any(|outcome| outcome.variable.name == *name)
        {
            return Err(lines
                .error(
                    format!("a [[cost]] is about '{name}', which is no outcome of this protocol"),
                    start,
                )
                .hint("name an [[outcome]]"));
        }
        if !seen.insert(name.clone()) {
            return Err(lines.error(
                format!("there are two [[cost]] entries about '{name}'"),
                start,
            ));
        }
        if !cost.amount.is_finite() {
            return Err(lines.error(
                format!("the amount for '{name}' is not a number of euros"),
                start,
            ));
        }
        per_case.push(CostPerCase {
            outcome: name.clone(),
            amount: cost.amount,
            labels: cost.label,
            price_level: cost.price_level,
            horizon: cost.horizon,
        });
    }
    Ok(
        (!per_case.is_empty() || programme.is_some()).then_some(Costs {
            per_case,
            programme,
        }),
    )
}
