//! Trying a change on every check it touches.

use std::collections::HashMap;

use super::Candidate;
use crate::audit::check::{Check, PClaim};
use crate::audit::evaluate;
use crate::audit::figure::{Denominator, FigureId, Figures, Quantity, Values};
use crate::audit::finding::Change;
use crate::audit::finding::Outcome;
use crate::audit::rounding::Printed;

/// The checks with their outcomes, and which of them each figure takes part in.
pub struct Suppose<'a> {
    pub figures: &'a Figures,
    pub checks: &'a [Check],
    pub outcomes: &'a [Option<Outcome>],
    touching: HashMap<FigureId, Vec<usize>>,
    failing: Vec<usize>,
}

/// Whether a check is evidence on its figures. Words and marks are not: they are about figures, and a
/// figure must not be changed to make the words come true.
pub fn is_evidence(check: &Check) -> bool {
    let words = matches!(
        check,
        Check::Significance {
            claim: PClaim::Mark { .. } | PClaim::Words { .. },
            ..
        }
    );
    !words
        && !matches!(
            check,
            Check::Order { .. } | Check::Column { .. } | Check::PLevel { .. }
        )
}

impl<'a> Suppose<'a> {
    pub fn new(figures: &'a Figures, checks: &'a [Check], outcomes: &'a [Option<Outcome>]) -> Self {
        let mut touching: HashMap<FigureId, Vec<usize>> = HashMap::new();
        for (index, check) in checks.iter().enumerate() {
            for figure in check.figures() {
                touching.entry(figure).or_default().push(index);
            }
        }
        let failing = (0..checks.len())
            .filter(|&index| super::fails(&outcomes[index]))
            .collect();
        Suppose {
            figures,
            checks,
            outcomes,
            touching,
            failing,
        }
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

    fn values(&self, edits: &[(FigureId, Printed)], denominators: &[Denominator]) -> Values<'a> {
        Values {
            figures: &self.figures.list,
            edits: edits.to_vec(),
            denominators: denominators.to_vec(),
            declared_only: true,
        }
    }

    /// Tries new figures and denominators: the failing checks they settle, or `None` when they settle
    /// none or break one that holds. Only evidence counts.
    pub fn settles(
        &self,
        edits: &[(FigureId, Printed)],
        denominators: &[Denominator],
    ) -> Option<Vec<usize>> {
        let values = self.values(edits, denominators);
        let edited = edits.iter().flat_map(|(figure, _)| self.touching(*figure));
        let mut touched: Vec<usize> = edited.copied().collect();
        if !denominators.is_empty() {
            let all = 0..self.checks.len();
            touched.extend(all.filter(|&index| concerns(&self.checks[index], denominators)));
        }
        touched.retain(|&index| is_evidence(&self.checks[index]) && self.outcomes[index].is_some());
        // Failing checks first: most changes settle nothing and are dropped at once.
        touched.sort_unstable_by_key(|&index| (!self.fails(index), index));
        touched.dedup();
        let mut settled = Vec::new();
        for index in touched {
            let fails = self.fails(index);
            if !fails && settled.is_empty() {
                return None;
            }
            let outcome = evaluate::evaluate(&self.checks[index], self.figures, &values);
            let bad = super::fails(&outcome) || (fails && outcome.is_none());
            match (fails, bad) {
                (true, false) => settled.push(index),
                (false, true) => return None,
                _ => {}
            }
        }
        (!settled.is_empty()).then_some(settled)
    }

    /// Whether a failing check holds when all of these are supposed together.
    pub fn holds_with(&self, check: usize, candidates: &[&Candidate]) -> bool {
        let edits: Vec<_> = candidates.iter().flat_map(|c| c.edits.clone()).collect();
        let denominators: Vec<_> = candidates
            .iter()
            .flat_map(|c| c.denominators.clone())
            .collect();
        let values = self.values(&edits, &denominators);
        let outcome = evaluate::evaluate(&self.checks[check], self.figures, &values);
        outcome.is_some() && !super::fails(&outcome)
    }

    /// Whether a candidate changes anything that a check depends on.
    pub fn concerned(&self, check: usize, candidate: &Candidate) -> bool {
        let figures = self.checks[check].figures();
        candidate
            .edits
            .iter()
            .any(|(figure, _)| figures.contains(figure))
            || concerns(&self.checks[check], &candidate.denominators)
    }

    /// A candidate for new figures, if it settles something and breaks nothing.
    ///
    /// A misprint that was copied is one misprint: where the new value alone contradicts a repetition
    /// of the figure, the repetitions that print alike are changed with it.
    pub fn candidate(
        &self,
        edits: Vec<(FigureId, Printed)>,
        changes: Vec<Change>,
        size: u32,
    ) -> Option<Candidate> {
        let alone = self.settles(&edits, &[]);
        let (edits, settles) = match alone {
            Some(settles) => (edits, settles),
            None => {
                let mut all = edits.clone();
                for &(figure, to) in &edits {
                    all.extend(self.copies(figure).into_iter().map(|copy| (copy, to)));
                }
                let settles = (all.len() > edits.len()).then(|| self.settles(&all, &[]))??;
                (all, settles)
            }
        };
        let distance = edits
            .iter()
            .map(|&(figure, to)| self.distance(figure, to))
            .sum();
        Some(Candidate {
            changes,
            settles,
            size,
            distance,
            edits,
            denominators: Vec::new(),
        })
    }

    /// How far a new value is from the printed one, relative to it.
    fn distance(&self, figure: FigureId, to: Printed) -> f64 {
        let from = self.figures.list[figure].printed;
        let unit = 1.0 / from.unit() as f64;
        (to.value() - from.value()).abs() / from.value().abs().max(unit)
    }

    /// The figures that are said to repeat this one and print the same.
    pub fn copies(&self, figure: FigureId) -> Vec<FigureId> {
        let list = &self.figures.list;
        let mut found = vec![figure];
        let mut next = 0;
        while let Some(&here) = found.get(next) {
            next += 1;
            for &check in self.touching(here) {
                let Check::Same { first, second } = self.checks[check] else {
                    continue;
                };
                for other in [first, second] {
                    let alike = list[other].printed == list[figure].printed
                        && list[other].percent == list[figure].percent;
                    if alike && !found.contains(&other) {
                        found.push(other);
                    }
                }
            }
        }
        found.remove(0);
        found
    }

    /// Whether a figure is a number of observations.
    pub fn is_n(&self, figure: FigureId) -> bool {
        self.figures.list[figure].quantity == Quantity::N
    }
}

fn concerns(check: &Check, denominators: &[Denominator]) -> bool {
    check.denominators().iter().any(|n| {
        denominators.iter().any(|d| {
            d.table == n.cell.table && d.group == n.cell.group && d.rows.contains(&n.cell.row)
        })
    })
}
