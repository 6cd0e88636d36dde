//! Trying a change on every check it touches.

use std::collections::HashMap;

use super::Candidate;
use crate::audit::check::Check;
use crate::audit::evaluate::{self, Outcome};
use crate::audit::figure::{Denominator, FigureId, Figures, Values};
use crate::audit::finding::Change;
use crate::audit::rounding::Printed;

/// The checks with their outcomes, and which of them each figure takes part in.
pub struct Suppose<'a> {
    pub figures: &'a Figures,
    pub checks: &'a [Check],
    pub outcomes: &'a [Option<Outcome>],
    touching: HashMap<FigureId, Vec<usize>>,
    failing: Vec<usize>,
}

impl<'a> Suppose<'a> {
    pub fn new(figures: &'a Figures, checks: &'a [Check], outcomes: &'a [Option<Outcome>]) -> Self {
        let mut touching: HashMap<FigureId, Vec<usize>> = HashMap::new();
        for (index, check) in checks.iter().enumerate() {
            for figure in check.figures() {
                touching.entry(figure).or_default().push(index);
            }
        }
        let failing = (0..checks.len()).filter(|&index| super::fails(&outcomes[index])).collect();
        Suppose { figures, checks, outcomes, touching, failing }
    }

    pub fn failing(&self) -> &[usize] {
        &self.failing
    }

    pub fn fails(&self, check: usize) -> bool {
        self.failing.binary_search(&check).is_ok()
    }

    /// The checks a figure takes part in.
    pub fn touching(&self, figure: FigureId) -> &[usize] {
        self.touching.get(&figure).map_or(&[], Vec::as_slice)
    }

    /// Tries new figures and denominators: the failing checks they settle, or `None` when they settle
    /// none or break one that holds.
    pub fn settles(&self, edits: &[(FigureId, Printed)], denominators: &[Denominator]) -> Option<Vec<usize>> {
        let values = Values {
            figures: &self.figures.list,
            edits: edits.to_vec(),
            denominators: denominators.to_vec(),
            declared_only: true,
        };
        let mut touched: Vec<usize> = edits.iter().flat_map(|(figure, _)| self.touching(*figure)).copied().collect();
        if !denominators.is_empty() {
            let concerns = |check: &Check| {
                check.denominators().iter().any(|n| {
                    let here = |d: &Denominator| d.table == n.cell.table && d.group == n.cell.group && d.rows.contains(&n.cell.row);
                    denominators.iter().any(here)
                })
            };
            touched.extend((0..self.checks.len()).filter(|&index| concerns(&self.checks[index])));
        }
        // Failing checks first: most changes settle nothing and are dropped at once.
        touched.sort_unstable_by_key(|&index| (!self.fails(index), index));
        touched.dedup();
        let mut settled = Vec::new();
        for index in touched {
            let fails = self.fails(index);
            if !fails && (settled.is_empty() || self.outcomes[index].is_none()) {
                if settled.is_empty() {
                    return None;
                }
                continue;
            }
            let outcome = evaluate::evaluate(&self.checks[index], self.figures, &values);
            let bad = outcome.is_none() || super::fails(&outcome);
            match (fails, bad) {
                (true, false) => settled.push(index),
                (false, true) => return None,
                _ => {}
            }
        }
        (!settled.is_empty()).then_some(settled)
    }

    /// A candidate for new figures, if it settles something and breaks nothing.
    pub fn candidate(&self, edits: &[(FigureId, Printed)], changes: Vec<Change>, size: u32) -> Option<Candidate> {
        let settles = self.settles(edits, &[])?;
        Some(Candidate { changes, settles, size })
    }
}
