//! Which printed figures the microdata do not have, and why.

use std::collections::BTreeMap;

use super::family::{Family, Figure};
use super::fit::{Sums, Target};
use crate::publication::format::{CellRef, Form, Publication, RowRef};
use crate::publication::formula::{Expr, Operator};
use crate::publication::printed::Decimal;

/// A printed cell that the microdata do not reproduce.
#[derive(Debug, Clone, PartialEq)]
pub struct CannotMatch {
    pub at: CellRef,
    pub table: String,
    pub row: String,
    pub column: String,
    pub printed: String,
    /// What the microdata give instead, to the printed number of decimals; empty where
    /// nothing corresponds.
    pub got: Vec<Got>,
    pub why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Got {
    pub value: f64,
    pub decimals: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The publication file reads the cell differently, for this reason.
    ReadAs(String),
    /// No number of people out of this n prints so.
    NoWholeNumber,
    /// Possible by itself, but not together with the other figures of the variable.
    Contradicts,
    /// The formula gives something else from figures that do match.
    Derived,
    /// The group has people who are in no arm.
    NotAnArm,
    /// Not a characteristic of single people.
    NotOfPeople,
    /// No column of the microdata holds it.
    NoColumn,
    /// The size of a group is not printed.
    NoSize,
    /// Lowest and highest value cannot be told.
    NoRange,
}

/// Compares every printed cell with what `counts` (per family, arm and level) give.
pub(super) fn check(
    publication: &Publication,
    arms: &[usize],
    sizes: &[u64],
    families: &[(Family, Vec<Vec<u64>>)],
    failed: &BTreeMap<RowRef, Why>,
) -> Vec<CannotMatch> {
    let mut figures: BTreeMap<CellRef, (&Figure, &Vec<Vec<u64>>)> = BTreeMap::new();
    for (family, counts) in families {
        for figure in &family.figures {
            figures.insert(figure.at, (figure, counts));
        }
    }
    let checker = Checker {
        publication,
        arms,
        sizes,
        figures,
        failed,
    };
    let mut cannot = Vec::new();
    for (at, row) in publication.rows() {
        for &group in row.cells.keys() {
            let RowRef { table, row } = at;
            cannot.extend(checker.cell(CellRef { table, row, group }));
        }
    }
    cannot
}

struct Checker<'a> {
    publication: &'a Publication,
    arms: &'a [usize],
    sizes: &'a [u64],
    figures: BTreeMap<CellRef, (&'a Figure, &'a Vec<Vec<u64>>)>,
    failed: &'a BTreeMap<RowRef, Why>,
}

impl Checker<'_> {
    fn cell(&self, at: CellRef) -> Option<CannotMatch> {
        let CellRef { table, row, group } = at;
        let here = RowRef { table, row };
        let row = self.publication.row(here);
        let cell = self.publication.cell(at)?;
        let (got, why) = if let Some((figure, counts)) = self.figures.get(&at) {
            let sums = |target: &Target| Sums::of(target, counts);
            let right = |t: &Target| sums(t).print_as(t.what, t.want);
            if figure.printed.iter().all(right) {
                return None;
            }
            let why = match &cell.because {
                Some(because) => Why::ReadAs(because.clone()),
                None if figure.printed.iter().any(|t| hopeless(t, &sums(t))) => Why::NoWholeNumber,
                None => Why::Contradicts,
            };
            let got = |target: &Target| {
                Some(Got {
                    value: sums(target).value(target.what)?,
                    decimals: target.want.decimals,
                })
            };
            (figure.printed.iter().filter_map(got).collect(), why)
        } else if let Some(formula) = &row.formula {
            match self.evaluate(&formula.for_group(group)) {
                Some(value) => {
                    let (wrong, got) = self.derived(at, value);
                    if !wrong {
                        return None;
                    }
                    (got, Why::Derived)
                }
                None => (Vec::new(), self.absent(at)),
            }
        } else if cell.printed.first.is_none() && cell.printed.second.is_none() {
            return None;
        } else {
            (Vec::new(), self.absent(at))
        };
        Some(CannotMatch {
            at,
            table: self.publication.tables[table].id.clone(),
            row: row.label.clone(),
            column: self.publication.groups[group].id.clone(),
            printed: cell.printed.text.clone(),
            got,
            why,
        })
    }

    fn absent(&self, at: CellRef) -> Why {
        let group = &self.publication.groups[at.group];
        let whole: &[usize] = if group.of.is_empty() {
            &[at.group]
        } else {
            &group.of
        };
        if !whole.iter().all(|part| self.arms.contains(part)) {
            return Why::NotAnArm;
        }
        let (table, row) = (at.table, at.row);
        let failed = self.failed.get(&RowRef { table, row });
        failed.cloned().unwrap_or(Why::NoColumn)
    }

    fn derived(&self, at: CellRef, value: f64) -> (bool, Vec<Got>) {
        let Some(cell) = self.publication.cell(at) else {
            return (false, Vec::new());
        };
        let (table, row) = (at.table, at.row);
        let row = self.publication.row(RowRef { table, row });
        let mut figures = vec![(cell.printed.first.as_ref(), value)];
        if row.form == Form::CountPercent
            && let Some(n) = self.size(at.group)
        {
            figures.push((cell.printed.second.as_ref(), 100.0 * value / n));
        }
        let mut wrong = false;
        let mut got = Vec::new();
        for (printed, value) in figures {
            if let Some(number) = printed {
                let Decimal { decimals, .. } = number.value;
                // half a unit, and room for the rounding of doubles
                let room = 0.5 / 10f64.powi(decimals as i32) * (1.0 + 1e-9);
                wrong |= (value - number.value.to_f64()).abs() > room;
                got.push(Got { value, decimals });
            }
        }
        (wrong, got)
    }

    fn size(&self, group: usize) -> Option<f64> {
        if let Some(arm) = self.arms.iter().position(|&arm| arm == group) {
            return Some(self.sizes[arm] as f64);
        }
        let of = &self.publication.groups[group].of;
        if of.is_empty() || of.contains(&group) {
            return None;
        }
        of.iter().map(|&part| self.size(part)).sum()
    }

    fn evaluate(&self, formula: &Expr) -> Option<f64> {
        match formula {
            Expr::Number(value) => Some(value.to_f64()),
            Expr::GroupSize(group) => self.size(*group),
            Expr::Cell(at) => {
                let (figure, counts) = self.figures.get(at)?;
                let target = figure.printed.first()?;
                Sums::of(target, counts).value(target.what)
            }
            Expr::Binary(operator, left, right) => {
                let (left, right) = (self.evaluate(left)?, self.evaluate(right)?);
                Some(match operator {
                    Operator::Add => left + right,
                    Operator::Subtract => left - right,
                    Operator::Multiply => left * right,
                    Operator::Divide if right == 0.0 => return None,
                    Operator::Divide => left / right,
                })
            }
            Expr::OwnCell(_) | Expr::OwnSize | Expr::Claim(_) => None,
        }
    }
}

/// Whether no number of yeses among these n people prints so. Scores have too many sums
/// for the question to be worth asking.
fn hopeless(target: &Target, sums: &Sums) -> bool {
    if target
        .weights
        .iter()
        .any(|&weight| !(0..=1).contains(&weight))
    {
        return false;
    }
    let yes = |k| Sums {
        n: sums.n,
        sum: k,
        squares: k,
    };
    !(0..=sums.n).any(|k| yes(k).print_as(target.what, target.want))
}
