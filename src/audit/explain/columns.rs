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
        Denominator { table: self.table, rows: self.rows.clone(), group: self.group, n }
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
            let together = sibling == whole && whole.is_some() || count.is_some() && column.cells[0].count.is_some();
            (column.table, column.group, column.n) == (n.cell.table, n.cell.group, size) && together
        };
        let cell = ColumnCell { share: interval, count };
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
        if let Check::PartShares { parts, n: Some(_), whole: None, kind: Parts::All } = check {
            for column in columns.iter_mut().filter(|c| c.figures == *parts) {
                column.complete = true;
            }
        }
    }
    columns.retain(|column| column.n <= MOST_N && column.cells.len() > 1);
    columns
}

/// The n's on which the column can have been computed: all cells, or with printed counts as many cells as
/// any n explains. Up to the size of the group.
fn denominators(column: &Column) -> Vec<u64> {
    let most = column.n.max(column.n + column.n / 5).min(MOST_N);
    if column.cells.iter().any(|cell| cell.count.is_none()) {
        return percentage::common_denominators(&column.cells, column.complete, 2, most.max(column.n * 2).min(MOST_N));
    }
    let least = column.cells.iter().filter_map(|cell| cell.count).max().unwrap_or(1).max(1);
    let fitting = |n: u64| percentage::fitting(&column.cells, n).into_iter().filter(|&fit| fit).count();
    let best = (least..=most).map(fitting).max().unwrap_or(0);
    (least..=most).filter(|&n| fitting(n) == best).collect()
}

/// One column on another n. With counts the n nearest to the printed one is offered; without, the smallest,
/// because the fewer the people, the less likely it is that a column fits by chance.
fn one(suppose: &Suppose, column: &Column, possible: &[u64]) -> Option<Candidate> {
    if possible.contains(&column.n) {
        return None;
    }
    let counted = column.cells.iter().all(|cell| cell.count.is_some());
    let mut order = possible.to_vec();
    if counted {
        order.sort_by_key(|n| n.abs_diff(column.n));
    }
    order.iter().find_map(|&n| {
        let settles = suppose.settles(&[], &[column.denominator(n)])?;
        let others = order.iter().copied().filter(|&other| other != n).collect();
        (settles.len() > 1).then(|| Candidate {
            changes: vec![change(column, n, others)],
            settles,
            size: DENOMINATOR,
        })
    })
}

fn change(column: &Column, n: u64, others: Vec<u64>) -> Change {
    Change::Denominator { table: column.table, rows: column.rows.clone(), group: column.group, n, others }
}

/// A total's column and its groups' columns on other n's that add up, level by level.
fn joint(publication: &Publication, suppose: &Suppose, options: &[(&Column, Vec<u64>)]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (total, totals) in options {
        let groups = &publication.groups[total.group].of;
        let [a, b] = groups[..] else {
            continue;
        };
        let part = |group: usize| {
            options.iter().find(|(column, _)| {
                column.group == group && linked(suppose, total, column) && column.cells.len() == total.cells.len()
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
                if totals.binary_search(&(na + nb)).is_ok() && adds_up((first, na), (second, nb), total) {
                    fits.push((na, nb));
                }
            }
        }
        let Some(&(na, nb)) = fits.iter().min_by_key(|(na, nb)| na + nb) else {
            continue;
        };
        let supposed = [(*first, na), (*second, nb), (*total, na + nb)];
        let denominators: Vec<Denominator> = supposed.iter().map(|(column, n)| column.denominator(*n)).collect();
        if let Some(settles) = suppose.settles(&[], &denominators) {
            let others = |pick: fn(&(u64, u64)) -> u64| fits.iter().map(pick).filter(|&n| n != pick(&(na, nb))).collect();
            found.push(Candidate {
                changes: vec![
                    change(first, na, others(|f| f.0)),
                    change(second, nb, others(|f| f.1)),
                    change(total, na + nb, others(|f| f.0 + f.1)),
                ],
                settles,
                size: DENOMINATOR + 1,
            });
        }
    }
    found
}

/// Whether the checks tie the two columns together as total and group.
fn linked(suppose: &Suppose, total: &Column, part: &Column) -> bool {
    suppose.touching(total.figures[0]).iter().any(|&check| match &suppose.checks[check] {
        Check::TotalMean { total: whole, groups } => {
            *whole == total.figures[0] && groups.iter().any(|(figure, _)| part.figures.contains(figure))
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
            sum.zip(&total.cells).all(|(count, cell)| percentage::fits(count, a.1 + b.1, &cell.share))
        })
    })
}

fn distributions(column: &Column, n: u64) -> Vec<Vec<u64>> {
    let levels: Vec<Level> = column.cells.iter().map(|cell| Level { score: 0.0, share: cell.share }).collect();
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
        let Check::Column { pairs, group, of, .. } = check else {
            continue;
        };
        if pairs.iter().any(|pair| values.get(pair.first) != values.get(pair.second)) {
            continue;
        }
        let figures: Vec<FigureId> = pairs.iter().map(|pair| pair.second).collect();
        let Some(implied) = implied(suppose, &figures, &values) else {
            continue;
        };
        let Some(At::First(cell) | At::Second(cell)) = figures.first().map(|&id| suppose.figures.list[id].at) else {
            continue;
        };
        if let Some(settles) = suppose.settles(&implied, &[]) {
            let change = Change::Column { table: cell.table, group: *group, of: *of, implied };
            found.push(Candidate { changes: vec![change], settles, size: REPEATED });
        }
    }
    found
}

/// The column that the totals leave for this group: by whole counts where these are known, so that the
/// implied percentages are possible ones.
fn implied(suppose: &Suppose, figures: &[FigureId], values: &Values) -> Option<Vec<(FigureId, Printed)>> {
    let mut own_n = None;
    let mut all = Vec::new();
    for &figure in figures {
        let check = suppose.touching(figure).iter().find_map(|&index| match &suppose.checks[index] {
            Check::TotalMean { total, groups } if *total != figure && groups.len() == 2 => Some((*total, groups)),
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
        _ => Some(values.span(total)?.middle() * all as f64 - values.span(other.0)?.middle() * other_n as f64),
    }
}
