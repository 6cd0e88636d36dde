//! Candidate explanations of a whole column: computed on another n, or repeating another column.

use super::Candidate;
use super::suppose::Suppose;
use crate::audit::check::Check;
use crate::audit::figure::{At, Denominator, FigureId, NRef, Values};
use crate::audit::finding::Change;
use crate::audit::ordinal::{self, Level};
use crate::audit::percentage::{self, ColumnCell};
use crate::audit::rounding::Printed;
use crate::publication::{Parts, Publication};

/// What another denominator, or a repeated column, costs.
const DENOMINATOR: u32 = 3;
const REPEATED: u32 = 3;
/// An n that another column suggests already.
const REUSED: u32 = 2;
/// Largest n up to which other denominators are looked for one by one.
const MOST_N: u64 = 20_000;
/// Denominators of one column that are combined with those of other columns.
const MOST_JOINT: usize = 300;

/// A run of percentages that share a denominator.
struct Column {
    table: usize,
    group: usize,
    rows: Vec<usize>,
    n: u64,
    cells: Vec<ColumnCell>,
    figures: Vec<FigureId>,
    /// The parts add up to everyone.
    complete: bool,
}

impl Column {
    fn denominator(&self, n: u64) -> Denominator {
        Denominator {
            table: self.table,
            rows: self.rows.clone(),
            group: self.group,
            n,
        }
    }
}

/// All candidates about columns.
pub fn candidates(publication: &Publication, suppose: &Suppose) -> Vec<Candidate> {
    let columns = columns(publication, suppose);
    let mut found = Vec::new();
    let mut options: Vec<(&Column, Vec<u64>)> = Vec::new();
    for column in &columns {
        let possible = denominators(column);
        found.extend(one(suppose, column, &possible));
        options.push((column, possible));
    }
    let elsewhere = found.clone();
    found.extend(
        columns
            .iter()
            .flat_map(|column| reused(suppose, column, &elsewhere)),
    );
    found.extend(joint(publication, suppose, &options));
    found.extend(repeats(suppose));
    found
}

/// The columns of percentages with a failing cell.
fn columns(publication: &Publication, suppose: &Suppose) -> Vec<Column> {
    let values = Values::printed_as_is(&suppose.figures.list);
    let mut columns: Vec<Column> = Vec::new();
    for check in suppose.checks {
        let (count, share, n) = match check {
            Check::CountShare { count, share, n } => (Some(*count), *share, *n),
            Check::ShareOfN { share, n } => (None, *share, *n),
            _ => continue,
        };
        let (Some(interval), Some(size)) = (values.interval(share), values.n(n)) else {
            continue;
        };
        let count = count.and_then(|id| values.count(id));
        let whole = publication.tables[n.cell.table].rows[n.cell.row].part_of;
        let fits_with = |column: &&mut Column| {
            let sibling = publication.tables[column.table].rows[column.rows[0]].part_of;
            // Counts with percentages of one group are one column; bare percentages only within a whole.
            let together = sibling == whole && whole.is_some()
                || count.is_some() && column.cells[0].count.is_some();
            (column.table, column.group, column.n) == (n.cell.table, n.cell.group, size) && together
        };
        let cell = ColumnCell {
            share: interval,
            count,
        };
        match columns.iter_mut().find(fits_with) {
            Some(column) => {
                column.rows.push(n.cell.row);
                column.cells.push(cell);
                column.figures.push(share);
            }
            None => columns.push(Column {
                table: n.cell.table,
                group: n.cell.group,
                rows: vec![n.cell.row],
                n: size,
                cells: vec![cell],
                figures: vec![share],
                complete: false,
            }),
        }
    }
    for check in suppose.checks {
        if let Check::PartShares {
            parts,
            n: Some(_),
            whole: None,
            kind: Parts::All,
        } = check
        {
            for column in columns.iter_mut().filter(|c| c.figures == *parts) {
                column.complete = true;
            }
        }
    }
    columns.retain(|column| column.n <= MOST_N);
    columns
}

/// The n's on which the column can have been computed: all cells, or with printed counts as many cells as
/// any n explains. Up to the size of the group.
fn denominators(column: &Column) -> Vec<u64> {
    let most = column.n.max(column.n + column.n / 5).min(MOST_N);
    if column.cells.iter().any(|cell| cell.count.is_none()) {
        return percentage::common_denominators(
            &column.cells,
            column.complete,
            2,
            most.max(column.n * 2).min(MOST_N),
        );
    }
    let least = column
        .cells
        .iter()
        .filter_map(|cell| cell.count)
        .max()
        .unwrap_or(1)
        .max(1);
    let fitting = |n: u64| {
        let cells = column.cells.iter();
        cells.filter(|cell| percentage::fitting(cell, n)).count()
    };
    let best = (least..=most).map(fitting).max().unwrap_or(0);
    (least..=most).filter(|&n| fitting(n) == best).collect()
}

/// A candidate that supposes other denominators, if it settles something and breaks nothing.
fn supposed(
    suppose: &Suppose,
    denominators: Vec<Denominator>,
    changes: Vec<Change>,
    size: u32,
) -> Option<Candidate> {
    let settles = suppose.settles(&[], &denominators)?;
    Some(Candidate {
        changes,
        settles,
        size,
        distance: 0.0,
        edits: Vec::new(),
        denominators,
    })
}

/// One column on another n. With counts the n nearest to the printed one is offered; without, the smallest,
/// because the fewer the people, the less likely it is that a column fits by chance.
fn one(suppose: &Suppose, column: &Column, possible: &[u64]) -> Option<Candidate> {
    if possible.contains(&column.n) || column.cells.len() < 2 {
        return None;
    }
    let counted = column.cells.iter().all(|cell| cell.count.is_some());
    let mut order = possible.to_vec();
    if counted {
        order.sort_by_key(|n| n.abs_diff(column.n));
    }
    order.iter().find_map(|&n| {
        let others = order.iter().copied().filter(|&other| other != n).collect();
        let candidate = supposed(
            suppose,
            vec![column.denominator(n)],
            vec![change(column, n, others)],
            DENOMINATOR,
        )?;
        (candidate.settles.len() > 1).then_some(candidate)
    })
}

/// A column on the n that another column of the same group turned out to be computed on.
fn reused(suppose: &Suppose, column: &Column, elsewhere: &[Candidate]) -> Vec<Candidate> {
    let mut sizes: Vec<u64> = elsewhere
        .iter()
        .flat_map(|candidate| &candidate.denominators)
        .filter(|d| d.group == column.group && (d.table, &d.rows) != (column.table, &column.rows))
        .map(|d| d.n)
        .collect();
    sizes.dedup();
    let try_n = |n| {
        supposed(
            suppose,
            vec![column.denominator(n)],
            vec![change(column, n, Vec::new())],
            REUSED,
        )
    };
    sizes.into_iter().filter_map(try_n).collect()
}

fn change(column: &Column, n: u64, others: Vec<u64>) -> Change {
    Change::Denominator {
        table: column.table,
        rows: column.rows.clone(),
        group: column.group,
        n,
        others,
    }
}

/// A total's column and its groups' columns on other n's that add up, level by level.
fn joint(
    publication: &Publication,
    suppose: &Suppose,
    options: &[(&Column, Vec<u64>)],
) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (total, totals) in options {
        let groups = &publication.groups[total.group].of;
        let [a, b] = groups[..] else {
            continue;
        };
        let part = |group: usize| {
            options.iter().find(|(column, _)| {
                column.group == group
                    && linked(suppose, total, column)
                    && column.cells.len() == total.cells.len()
            })
        };
        let (Some((first, firsts)), Some((second, seconds))) = (part(a), part(b)) else {
            continue;
        };
        let fine = |column: &Column, n: &[u64]| n.contains(&column.n);
        if fine(total, totals) && fine(first, firsts) && fine(second, seconds) {
            continue;
        }
        let mut fits = Vec::new();
        for &na in firsts.iter().take(MOST_JOINT) {
            for &nb in seconds.iter().take(MOST_JOINT) {
                if totals.binary_search(&(na + nb)).is_ok()
                    && adds_up((first, na), (second, nb), total)
                {
                    fits.push((na, nb));
                }
            }
        }
        let Some(&(na, nb)) = fits.iter().min_by_key(|(na, nb)| na + nb) else {
            continue;
        };
        let parts = [(*first, na), (*second, nb), (*total, na + nb)];
        let pick = |which: usize, (a, b): (u64, u64)| [a, b, a + b][which];
        let changes: Vec<Change> = parts
            .iter()
            .enumerate()
            .map(|(which, (column, n))| {
                let mut others: Vec<u64> = fits.iter().map(|&fit| pick(which, fit)).collect();
                others.retain(|other| other != n);
                others.sort_unstable();
                others.dedup();
                change(column, *n, others)
            })
            .collect();
        // The mean and SD above the distribution may have been computed on the same people.
        let with_whole = |(column, n): &(&Column, u64)| {
            let mut wider = column.denominator(*n);
            wider
                .rows
                .extend(publication.tables[column.table].rows[column.rows[0]].part_of);
            wider
        };
        let plain = parts
            .iter()
            .map(|(column, n)| column.denominator(*n))
            .collect();
        let wider = parts.iter().map(with_whole).collect();
        found.extend(supposed(suppose, plain, changes.clone(), DENOMINATOR + 1));
        found.extend(supposed(suppose, wider, changes, DENOMINATOR + 2));
    }
    found
}

/// Whether the checks tie the two columns together as total and group.
fn linked(suppose: &Suppose, total: &Column, part: &Column) -> bool {
    suppose
        .touching(total.figures[0])
        .iter()
        .any(|&check| match &suppose.checks[check] {
            Check::TotalMean {
                total: whole,
                groups,
            } => {
                *whole == total.figures[0]
                    && groups
                        .iter()
                        .any(|(figure, _)| part.figures.contains(figure))
            }
            _ => false,
        })
}

/// Whether counts of the two parts exist that add up to counts of the total.
fn adds_up(a: (&Column, u64), b: (&Column, u64), total: &Column) -> bool {
    let (x, y) = (distributions(a.0, a.1), distributions(b.0, b.1));
    x.iter().any(|x| {
        y.iter().any(|y| {
            let sum = x.iter().zip(y).map(|(p, q)| p + q);
            sum.zip(&total.cells)
                .all(|(count, cell)| percentage::fits(count, a.1 + b.1, &cell.share))
        })
    })
}

fn distributions(column: &Column, n: u64) -> Vec<Vec<u64>> {
    let levels: Vec<Level> = column
        .cells
        .iter()
        .map(|cell| Level {
            score: 0.0,
            share: cell.share,
        })
        .collect();
    let mut found = Vec::new();
    ordinal::each_distribution(&levels, n, |counts| {
        found.push(counts.to_vec());
        found.len() < 50
    });
    found
}

/// Columns that repeat another: what the total and the other groups imply instead.
fn repeats(suppose: &Suppose) -> Vec<Candidate> {
    let values = Values::printed_as_is(&suppose.figures.list);
    let mut found = Vec::new();
    for check in suppose.checks {
        let Check::Column {
            pairs, group, of, ..
        } = check
        else {
            continue;
        };
        if pairs
            .iter()
            .any(|pair| values.get(pair.first) != values.get(pair.second))
        {
            continue;
        }
        let figures: Vec<FigureId> = pairs.iter().map(|pair| pair.second).collect();
        let Some(implied) = implied(suppose, &figures, &values) else {
            continue;
        };
        let Some(At::First(cell) | At::Second(cell)) =
            figures.first().map(|&id| suppose.figures.list[id].at)
        else {
            continue;
        };
        let change = Change::Column {
            table: cell.table,
            group: *group,
            of: *of,
            implied: implied.clone(),
        };
        found.extend(suppose.candidate(implied, vec![change], REPEATED));
    }
    found
}

/// The column that the totals leave for this group: by whole counts where these are known, so that the
/// implied percentages are possible ones.
fn implied(
    suppose: &Suppose,
    figures: &[FigureId],
    values: &Values,
) -> Option<Vec<(FigureId, Printed)>> {
    let mut own_n = None;
    let mut all = Vec::new();
    for &figure in figures {
        let check =
            suppose
                .touching(figure)
                .iter()
                .find_map(|&index| match &suppose.checks[index] {
                    Check::TotalMean { total, groups } if *total != figure && groups.len() == 2 => {
                        Some((*total, groups))
                    }
                    _ => None,
                });
        let (total, groups) = check?;
        let own = groups.iter().find(|(id, _)| *id == figure)?;
        let other = groups.iter().find(|(id, _)| *id != figure)?;
        let n: u64 = values.n(own.1)?;
        own_n = Some(n);
        all.push((figure, total, *other));
    }
    let n = own_n?;
    let mut implied = Vec::new();
    for (figure, total, other) in all {
        let count = implied_count(total, other, n, values)?;
        let shown = &suppose.figures.list[figure];
        let unit = if shown.percent { 100.0 } else { 1.0 };
        let printed = Printed::round(unit * count / n as f64, shown.printed.decimals)?;
        implied.push((figure, printed));
    }
    Some(implied)
}

/// The total's count less the other group's, where rounding leaves one count for each; else the difference
/// of the shares.
fn implied_count(total: FigureId, other: (FigureId, NRef), n: u64, values: &Values) -> Option<f64> {
    let other_n = values.n(other.1)?;
    let all = n + other_n;
    let only = |id: FigureId, n: u64| {
        let (first, last) = percentage::counts(n, &values.interval(id)?)?;
        (first == last).then_some(first as f64)
    };
    match (only(total, all), only(other.0, other_n)) {
        (Some(total), Some(other)) => Some(total - other),
        _ => Some(
            values.span(total)?.middle() * all as f64
                - values.span(other.0)?.middle() * other_n as f64,
        ),
    }
}
