//! From rows and cells to a family: which rows print the variable, what its levels are, and
//! what each cell demands.

use std::collections::BTreeSet;

use super::check::Why;
use super::family::{Family, Figure, Level};
use super::fit::{Target, What};
use super::spec::{Published, Share};
use super::start::{self, From};
use crate::publication::format::{
    Cell, CellRef, Form, Measure, Parts, Publication, Row, RowRef, Table,
};
use crate::publication::printed::{Decimal, Number, Printed};

/// Bounds within which every square fits in 128 bits; no table of people is beyond them.
const LARGEST_FIGURE: i128 = 1_000_000_000;
const MOST_DECIMALS: u32 = 6;
const LARGEST_SCORE: i64 = 1_000_000;
const LONGEST_SCALE: u64 = 5_000;

impl Family {
    /// The variable of `spec.row`, with every figure of the publication that prints it.
    ///
    /// # Errors
    /// Why it cannot be given to people one by one.
    pub fn new(publication: &Publication, arms: &[usize], spec: &Published) -> Result<Self, Why> {
        Builder {
            publication,
            arms,
            spec,
            root: spec.row,
        }
        .build()
    }

    /// An invented variable with given counts, of which the publication prints `shares`.
    pub fn invented(
        publication: &Publication,
        arms: &[usize],
        keys: &[&String],
        shares: &[Share],
    ) -> Option<Family> {
        let root = shares.first()?.row;
        let levels: Vec<Level> = keys
            .iter()
            .map(|key| Level {
                score: key.parse().ok(),
                ..plain(key, key, true)
            })
            .collect();
        let spec = &Published::of(root);
        let builder = Builder {
            publication,
            arms,
            spec,
            root,
        };
        let mut figures = Vec::new();
        builder.shares(shares, &levels, &mut figures);
        Some(Family {
            root,
            levels,
            ordered: false,
            valid: Vec::new(),
            figures,
            reaches_ends: false,
            numeric: false,
            starts: Vec::new(),
        })
    }
}

/// A printed variable within the family, in all the rows that print it.
struct Node {
    rows: Vec<RowRef>,
    parts: Vec<Node>,
    /// Not all parts are printed.
    open: bool,
}

struct Builder<'a> {
    publication: &'a Publication,
    arms: &'a [usize],
    spec: &'a Published,
    root: RowRef,
}

impl Builder<'_> {
    fn build(&self) -> Result<Family, Why> {
        let tree = self.node(self.root, &mut BTreeSet::new());
        let measure = self.measure(&tree);
        let numeric =
            tree.parts.is_empty() && matches!(measure, Measure::Numeric | Measure::Ordinal);
        let mut levels = Vec::new();
        match measure {
            Measure::Count | Measure::Derived => return Err(Why::NotOfPeople),
            Measure::Categorical if tree.parts.is_empty() => return Err(Why::NotOfPeople),
            _ if numeric => {
                let (low, high) = self.range(&tree)?;
                levels.extend((low..=high).map(|value| Level {
                    keys: vec![value.to_string()],
                    label: value.to_string(),
                    score: Some(value),
                    inside: true,
                }));
            }
            _ => {
                if matches!(measure, Measure::Binary | Measure::Share) {
                    levels.push(Level {
                        keys: vec!["none".to_owned(), "0".to_owned()],
                        ..plain("none", "0", false)
                    });
                }
                self.leaves(&tree, tree.parts.is_empty(), &mut levels);
            }
        }
        let valid = self
            .arms
            .iter()
            .map(|&arm| self.valid(&tree, arm).ok_or(Why::NoSize))
            .collect::<Result<Vec<u64>, Why>>()?;
        let mut figures = Vec::new();
        self.figures(&tree, measure, &levels, &mut figures);
        self.shares(&self.spec.shares, &levels, &mut figures);
        let mut family = Family {
            root: self.root,
            ordered: numeric && levels.len() > 2,
            levels,
            valid,
            figures,
            reaches_ends: numeric && self.rows(&tree).any(|row| row.range_text.is_some()),
            numeric,
            starts: Vec::new(),
        };
        // of an arm that no figure speaks of, nobody has a value
        for (arm, valid) in family.valid.iter_mut().enumerate() {
            let mut targets = family.figures.iter().flat_map(|figure| &figure.read);
            if !targets.any(|target| target.groups.contains(&arm)) {
                *valid = 0;
            }
        }
        let ways = [From::Arm, From::All, From::Print];
        let of_arms = |from| {
            let shares = |arm| start::shares(&family, arm, self.spec.sd, from);
            (0..self.arms.len()).map(shares).collect()
        };
        family.starts = ways.map(of_arms).to_vec();
        Ok(family)
    }

    /// Printed shares of people whose score is beyond a bound.
    fn shares(&self, shares: &[Share], levels: &[Level], out: &mut Vec<Figure>) {
        for share in shares {
            let weights: Vec<i64> = levels
                .iter()
                .map(|level| i64::from(level.score.is_some_and(|score| share.covers(score))))
                .collect();
            for linked in self.publication.same_variable(share.row) {
                self.cells(linked, Measure::Share, &weights, out);
            }
        }
    }

    /// The rows of one variable and, below it, those of its parts in any table.
    fn node(&self, at: RowRef, seen: &mut BTreeSet<RowRef>) -> Node {
        let publication = self.publication;
        let mut rows = publication.same_variable(at);
        rows.retain(|&row| seen.insert(row) && publication.row(row).formula.is_none());
        let mut parts = Vec::new();
        let mut open = false;
        for &row in &rows {
            let whole = publication.row(row);
            open |= whole.parts_are == Parts::Some;
            if whole.parts_are == Parts::Overlapping {
                continue;
            }
            for &part in &whole.parts {
                let part = RowRef { row: part, ..row };
                if !seen.contains(&part) && publication.row(part).formula.is_none() {
                    parts.push(self.node(part, seen));
                }
            }
        }
        Node { rows, parts, open }
    }

    fn rows<'a>(&'a self, node: &'a Node) -> impl Iterator<Item = &'a Row> {
        node.rows.iter().map(|&at| self.publication.row(at))
    }

    /// A heading or a score says more about what the rows are than a share elsewhere does.
    fn measure(&self, node: &Node) -> Measure {
        let order = |measure: Measure| match measure {
            Measure::Ordinal => 0,
            Measure::Categorical => 1,
            Measure::Numeric => 2,
            Measure::Binary => 3,
            Measure::Share => 4,
            Measure::Count => 5,
            Measure::Derived => 6,
        };
        let measures = self.rows(node).map(|row| row.measure);
        measures
            .min_by_key(|&m| order(m))
            .unwrap_or(Measure::Derived)
    }

    fn leaves(&self, node: &Node, itself: bool, levels: &mut Vec<Level>) {
        if node.parts.is_empty() && itself {
            levels.push(plain("1", "1", true));
            return;
        }
        for part in &node.parts {
            if part.parts.is_empty() {
                let first = self.publication.row(part.rows[0]);
                let small = |score: &i64| score.saturating_abs() <= LARGEST_SCORE;
                let score = self.rows(part).find_map(|row| row.score).filter(small);
                levels.push(Level {
                    keys: self.rows(part).map(|row| row.id.clone()).collect(),
                    label: score.map_or_else(|| first.label.clone(), |score| score.to_string()),
                    score,
                    inside: true,
                });
            } else {
                self.leaves(part, false, levels);
            }
        }
        if node.open {
            levels.push(plain("other", "", true));
        }
    }

    /// Lowest and highest whole value: printed, specified, or five standard deviations
    /// around the means (from 0 up where the means are positive).
    fn range(&self, node: &Node) -> Result<(i64, i64), Why> {
        let printed = self.rows(node).find_map(|row| row.range);
        let whole = |d: Decimal| d.integer().and_then(|i| i64::try_from(i).ok());
        let printed = printed.and_then(|(low, high)| Some((whole(low)?, whole(high)?)));
        let around = || {
            let mut ends: Option<(f64, f64)> = None;
            for row in self.rows(node) {
                for cell in row.cells.values() {
                    let read = cell.read_as.as_ref().unwrap_or(&cell.printed);
                    let Some(mean) = read.first.as_ref().map(|n| n.value.to_f64()) else {
                        continue;
                    };
                    let sd = read.second.as_ref().map(|n| n.value).or(self.spec.sd);
                    let reach = 5.0 * sd.map_or(mean.abs() / 2.0, Decimal::to_f64);
                    let (low, high) = ends.unwrap_or((mean, mean));
                    ends = Some((low.min(mean - reach), high.max(mean + reach)));
                }
            }
            let positive = ends.is_some_and(|_| {
                self.rows(node)
                    .flat_map(|row| row.cells.values())
                    .all(|cell| {
                        cell.printed
                            .first
                            .as_ref()
                            .is_none_or(|n| n.value.mantissa >= 0)
                    })
            });
            ends.map(|(low, high)| {
                let low = if positive { low.max(0.0) } else { low };
                (low.floor() as i64, high.ceil() as i64)
            })
        };
        let range = self.spec.range.or(printed).or_else(around);
        match range {
            Some((low, high))
                if low < high
                    && high.abs_diff(low) <= LONGEST_SCALE
                    && low.saturating_abs().max(high.saturating_abs()) <= LARGEST_SCORE =>
            {
                Ok((low, high))
            }
            _ => Err(Why::NoRange),
        }
    }

    fn valid(&self, node: &Node, arm: usize) -> Option<u64> {
        node.rows.iter().find_map(|at| {
            let n = self.publication.valid_n(CellRef {
                table: at.table,
                row: at.row,
                group: arm,
            })?;
            Some(n.read_as.unwrap_or(n.value))
        })
    }

    /// Collects the cells of a variable and its parts. `levels` are those of the family.
    fn figures(&self, node: &Node, measure: Measure, levels: &[Level], out: &mut Vec<Figure>) {
        let scored = matches!(measure, Measure::Ordinal | Measure::Numeric);
        let weights: Vec<i64> = if scored {
            levels
                .iter()
                .map(|level| level.score.unwrap_or(0))
                .collect()
        } else {
            levels.iter().map(|level| i64::from(level.inside)).collect()
        };
        // without a score per level there is no mean to aim at
        if !scored || levels.iter().all(|level| level.score.is_some()) {
            for &row in &node.rows {
                self.cells(row, measure, &weights, out);
            }
        }
        let mut parts: Vec<&Node> = node.parts.iter().collect();
        while let Some(part) = parts.pop() {
            let ids = self.ids(part);
            let of_part = |level: &Level| i64::from(level.keys.iter().any(|k| ids.contains(k)));
            let weights: Vec<i64> = levels.iter().map(of_part).collect();
            for &row in &part.rows {
                self.cells(row, Measure::Share, &weights, out);
            }
            parts.extend(&part.parts);
        }
        out.sort_by_key(|figure| figure.at);
    }

    /// Row ids of the leaves under a node.
    fn ids(&self, node: &Node) -> BTreeSet<String> {
        if node.parts.is_empty() {
            return self.rows(node).map(|row| row.id.clone()).collect();
        }
        node.parts.iter().flat_map(|part| self.ids(part)).collect()
    }

    fn cells(&self, at: RowRef, measure: Measure, weights: &[i64], out: &mut Vec<Figure>) {
        let table = &self.publication.tables[at.table];
        let row = self.publication.row(at);
        for (&group, cell) in &row.cells {
            let Some(groups) = self.arms_of(group) else {
                continue;
            };
            let targets = |printed: &Printed| -> Vec<Target> {
                readings(printed, row, table, measure)
                    .into_iter()
                    .filter(|(_, want)| {
                        want.mantissa.abs() <= LARGEST_FIGURE && want.decimals <= MOST_DECIMALS
                    })
                    .map(|(what, want)| Target {
                        what,
                        want,
                        groups: groups.clone(),
                        weights: weights.to_vec(),
                    })
                    .collect()
            };
            let Cell {
                printed, read_as, ..
            } = cell;
            out.push(Figure {
                at: CellRef {
                    table: at.table,
                    row: at.row,
                    group,
                },
                read: match read_as {
                    // read as nothing: not used, whatever an empty cell stands for in print
                    Some(none) if none.first.is_none() => Vec::new(),
                    Some(other) => targets(other),
                    None => targets(printed),
                },
                printed: targets(printed),
            });
        }
    }

    /// The arms that make up a group; absent if it has people outside the arms.
    fn arms_of(&self, group: usize) -> Option<Vec<usize>> {
        if let Some(arm) = self.arms.iter().position(|&arm| arm == group) {
            return Some(vec![arm]);
        }
        let of = &self.publication.groups[group].of;
        if of.is_empty() || of.contains(&group) {
            return None;
        }
        let each = of
            .iter()
            .map(|&part| self.arms.iter().position(|&arm| arm == part));
        each.collect()
    }
}

fn plain(key: &str, label: &str, inside: bool) -> Level {
    Level {
        keys: vec![key.to_owned()],
        label: label.to_owned(),
        score: None,
        inside,
    }
}

/// What the numbers of a cell are.
fn readings(printed: &Printed, row: &Row, table: &Table, measure: Measure) -> Vec<(What, Decimal)> {
    let scored = matches!(measure, Measure::Ordinal | Measure::Numeric);
    let percent = |number: &Number| number.percent_sign || row.percent();
    let mut found = Vec::new();
    match (&printed.first, table.blank) {
        (None, Some(blank)) if row.form == Form::CountPercent => found.push((What::Count, blank)),
        (None, _) => {}
        (Some(number), _) => {
            let what = match row.form {
                _ if scored => What::Mean,
                _ if percent(number) => What::Percent,
                Form::CountPercent => What::Count,
                Form::MeanSd => What::Mean,
            };
            found.push((what, number.value));
        }
    }
    if let Some(number) = &printed.second {
        let what = match row.form {
            Form::CountPercent if !scored => What::Percent,
            _ => What::Sd,
        };
        found.push((what, number.value));
    }
    found
}
