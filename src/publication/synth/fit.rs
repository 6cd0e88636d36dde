//! Whole numbers of people per level and group whose summaries print as wanted.
//!
//! Everything a table prints of one variable (counts, percentages, means, standard
//! deviations, of groups and of totals) is a function of how many people of each group
//! have each value. The search moves one person at a time, from a start near the printed
//! shares, as long as more figures come out right or the others come closer; from a dead
//! end it shakes a few people loose and tries again. Whether a figure comes out is decided
//! in exact integer arithmetic.

use super::Draws;
use crate::publication::printed::Decimal;

/// What a figure is, of people with weights w (a score, or 1 for those who count).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Σw.
    Count,
    /// Σw / n.
    Mean,
    /// 100 Σw / n.
    Percent,
    /// Sample standard deviation of w: √((nΣw² − (Σw)²) / (n(n−1))).
    Sd,
    /// Σw is at least what is wanted.
    AtLeast,
}

/// One printed figure that the counts should give.
#[derive(Debug, Clone)]
pub struct Target {
    pub what: What,
    pub want: Decimal,
    /// Indices of the groups taken together.
    pub groups: Vec<usize>,
    /// Per level.
    pub weights: Vec<i64>,
}

impl Target {
    /// Where not everything can come out, counts, means and standard deviations go before
    /// percentages, since the tests are made from them, and figures of one group before
    /// those of several, since the trial's tables are by group.
    fn weight(&self) -> f64 {
        let of_what = match self.what {
            What::Percent => 1.0,
            What::Count | What::Mean | What::Sd | What::AtLeast => 3.0,
        };
        if self.groups.len() == 1 {
            1.5 * of_what
        } else {
            of_what
        }
    }
}

/// Sums over the people of a target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    pub n: i128,
    pub sum: i128,
    pub squares: i128,
}

impl Sums {
    /// Of counts per group and level.
    pub fn of(target: &Target, counts: &[Vec<u64>]) -> Sums {
        let mut sums = Sums::default();
        for &group in &target.groups {
            for (&count, &weight) in counts[group].iter().zip(&target.weights) {
                sums.add(i128::from(count), weight);
            }
        }
        sums
    }

    fn add(&mut self, people: i128, weight: i64) {
        let weight = i128::from(weight);
        self.n += people;
        self.sum += people * weight;
        self.squares += people * weight * weight;
    }

    /// Whether these sums print as `want`: within half a unit of its last digit, ends
    /// included, since print does not say how ties were rounded.
    pub fn print_as(&self, what: What, want: Decimal) -> bool {
        let Some(unit) = 10i128.checked_pow(want.decimals) else {
            return false;
        };
        let scaled = match what {
            What::Count => return self.sum * unit == want.mantissa,
            What::AtLeast => return self.sum * unit >= want.mantissa,
            What::Mean => self.sum * unit,
            What::Percent => 100 * self.sum * unit,
            What::Sd => return self.sd_prints_as(unit, want.mantissa),
        };
        self.n > 0 && (2 * (scaled - want.mantissa * self.n)).abs() <= self.n
    }

    /// lo ≤ √v ≤ hi as lo² ≤ v ≤ hi², all multiplied by 4·unit²·n(n−1).
    fn sd_prints_as(&self, unit: i128, mantissa: i128) -> bool {
        if self.n < 2 || mantissa < 0 {
            return false;
        }
        let spread = 4 * unit * unit * (self.n * self.squares - self.sum * self.sum);
        let scale = self.n * (self.n - 1);
        let low = (2 * mantissa - 1).max(0);
        let high = 2 * mantissa + 1;
        low * low * scale <= spread && spread <= high * high * scale
    }

    /// The figure itself, as near as a double comes; absent where it is not defined.
    pub fn value(&self, what: What) -> Option<f64> {
        let n = self.n as f64;
        let sum = self.sum as f64;
        match what {
            What::Count | What::AtLeast => Some(sum),
            What::Mean if self.n > 0 => Some(sum / n),
            What::Percent if self.n > 0 => Some(100.0 * sum / n),
            What::Sd if self.n > 1 => {
                let spread = (self.n * self.squares - self.sum * self.sum) as f64;
                Some((spread / (n * (n - 1.0))).sqrt())
            }
            _ => None,
        }
    }

    /// 0 for a figure that comes out; otherwise its weight and a little more the further
    /// off, so that fewer wrong figures always beat closer ones.
    fn cost(&self, target: &Target) -> f64 {
        if self.print_as(target.what, target.want) {
            return 0.0;
        }
        let weight = target.weight();
        let half_unit = 0.5 / 10f64.powi(target.want.decimals as i32);
        let off = match self.value(target.what) {
            Some(value) => (value - target.want.to_f64()).abs() / half_unit,
            None => f64::INFINITY,
        };
        if off.is_finite() {
            weight + 0.01 * off / (off + 20.0)
        } else {
            weight + 0.01
        }
    }
}

/// How hard to try from every start: rounds of shaking loose after a dead end, as long as
/// the last few brought something.
const ROUNDS: usize = 400;
const PATIENCE: usize = 100;

/// Improves counts (per group and level; group sizes stay as they are) from each of the
/// starts until the targets come out or no way is found, and returns the best. `ordered`
/// levels exchange people with their neighbours only, which keeps the shape of a long
/// scale.
pub fn fit(
    targets: &[Target],
    starts: Vec<Vec<Vec<u64>>>,
    ordered: bool,
    draws: &mut impl Draws,
) -> Vec<Vec<u64>> {
    let mut best: Option<(f64, Vec<Vec<u64>>)> = None;
    let enough = starts.first().map_or(0.0, |counts| least(targets, counts)) + LEAST_GAIN;
    for start in starts {
        if best.as_ref().is_some_and(|best| best.0 <= enough) {
            break;
        }
        let found = from_start(targets, start, ordered, enough, draws);
        if best.as_ref().is_none_or(|best| found.0 < best.0) {
            best = Some(found);
        }
    }
    best.map(|(_, counts)| counts).unwrap_or_default()
}

/// A cost that no counts can be below: of every set of yeses by itself, with the best
/// number of them. Misprints make it positive.
fn least(targets: &[Target], counts: &[Vec<u64>]) -> f64 {
    let mut done: Vec<usize> = Vec::new();
    let mut total = 0.0;
    for (i, first) in targets.iter().enumerate() {
        let yes = first.weights.iter().all(|weight| (0..=1).contains(weight));
        if !yes || done.contains(&i) {
            continue;
        }
        let alike = |t: &usize| {
            let target = &targets[*t];
            target.groups == first.groups && target.weights == first.weights
        };
        let set: Vec<usize> = (i..targets.len()).filter(alike).collect();
        let n = Sums::of(first, counts).n;
        let cost = |k: i128| -> f64 {
            let sums = Sums {
                n,
                sum: k,
                squares: k,
            };
            set.iter().map(|&t| sums.cost(&targets[t])).sum()
        };
        total += (0..=n).map(cost).fold(f64::INFINITY, f64::min);
        done.extend(set);
    }
    total
}

fn from_start(
    targets: &[Target],
    start: Vec<Vec<u64>>,
    ordered: bool,
    enough: f64,
    draws: &mut impl Draws,
) -> (f64, Vec<Vec<u64>>) {
    let mut search = Search::new(targets, start, ordered);
    search.descend();
    let mut best = (search.cost(), search.counts.clone());
    let mut last_gain = 0;
    for round in 0..ROUNDS {
        if best.0 <= enough || round - last_gain > PATIENCE {
            break;
        }
        search.restart(&best.1);
        for _ in 0..=(2 + round % 12) {
            search.shake(draws);
        }
        search.descend();
        let cost = search.cost();
        if cost < best.0 {
            best = (cost, search.counts.clone());
            last_gain = round;
        }
    }
    best
}

/// Less than this is rounding, not gain.
const LEAST_GAIN: f64 = 1e-9;

/// One person of a group goes to another level.
#[derive(Debug, Clone, Copy)]
struct Move {
    group: usize,
    from: usize,
    to: usize,
}

impl Move {
    fn back(self) -> Move {
        Move {
            group: self.group,
            from: self.to,
            to: self.from,
        }
    }
}

struct Search<'a> {
    targets: &'a [Target],
    counts: Vec<Vec<u64>>,
    sums: Vec<Sums>,
    /// Targets that a group takes part in.
    touching: Vec<Vec<usize>>,
    ordered: bool,
}

impl<'a> Search<'a> {
    fn new(targets: &'a [Target], counts: Vec<Vec<u64>>, ordered: bool) -> Self {
        let touching = (0..counts.len())
            .map(|group| {
                let of = |target: &Target| target.groups.contains(&group);
                (0..targets.len()).filter(|&t| of(&targets[t])).collect()
            })
            .collect();
        let mut search = Search {
            targets,
            counts: Vec::new(),
            sums: Vec::new(),
            touching,
            ordered,
        };
        search.restart(&counts);
        search
    }

    fn restart(&mut self, counts: &[Vec<u64>]) {
        self.counts = counts.to_vec();
        let sums = self.targets.iter().map(|target| Sums::of(target, counts));
        self.sums = sums.collect();
    }

    fn cost(&self) -> f64 {
        let each = self.targets.iter().zip(&self.sums);
        each.map(|(target, sums)| sums.cost(target)).sum()
    }

    fn moved(&self, t: usize, from: usize, to: usize) -> Sums {
        let mut sums = self.sums[t];
        sums.add(-1, self.targets[t].weights[from]);
        sums.add(1, self.targets[t].weights[to]);
        sums
    }

    /// What one person's move would change in cost.
    fn gain(&self, Move { group, from, to }: Move) -> f64 {
        let mut gain = 0.0;
        for &t in &self.touching[group] {
            let target = &self.targets[t];
            if target.weights[from] != target.weights[to] {
                gain += self.sums[t].cost(target) - self.moved(t, from, to).cost(target);
            }
        }
        gain
    }

    fn apply(&mut self, Move { group, from, to }: Move) {
        for i in 0..self.touching[group].len() {
            let t = self.touching[group][i];
            self.sums[t] = self.moved(t, from, to);
        }
        self.counts[group][from] -= 1;
        self.counts[group][to] += 1;
    }

    /// The levels a person can go to.
    fn reachable(&self, from: usize, levels: usize) -> impl Iterator<Item = usize> + use<> {
        let near = self.ordered;
        (0..levels).filter(move |&to| to != from && (!near || to.abs_diff(from) == 1))
    }

    /// Takes the best move as long as one helps; where none does, two moves at once.
    fn descend(&mut self) {
        loop {
            let mut best = (LEAST_GAIN, None);
            for one in self.moves() {
                let gain = self.gain(one);
                if gain > best.0 {
                    best = (gain, Some(one));
                }
            }
            match best.1 {
                Some(one) => self.apply(one),
                None if self.exchange() => {}
                None => return,
            }
        }
    }

    fn moves(&self) -> Vec<Move> {
        let mut moves = Vec::new();
        for (group, counts) in self.counts.iter().enumerate() {
            for from in (0..counts.len()).filter(|&level| counts[level] > 0) {
                for to in self.reachable(from, counts.len()) {
                    moves.push(Move { group, from, to });
                }
            }
        }
        moves
    }

    /// Two moves that undo each other in a total: people of two groups change levels, or,
    /// on a long scale, two people of one group step towards or away from each other.
    fn exchange(&mut self) -> bool {
        let moves = self.moves();
        for &first in &moves {
            let before = self.gain(first);
            self.apply(first);
            let mut seconds: Vec<Move> = (0..self.counts.len())
                .filter(|&group| group != first.group)
                .map(|group| Move {
                    group,
                    ..first.back()
                })
                .collect();
            if self.ordered {
                let up = first.from < first.to;
                let opposite = |m: &&Move| m.group == first.group && (m.from < m.to) != up;
                seconds.extend(moves.iter().filter(opposite));
            }
            for second in seconds {
                if self.counts[second.group][second.from] > 0
                    && before + self.gain(second) > LEAST_GAIN
                {
                    self.apply(second);
                    return true;
                }
            }
            self.apply(first.back());
        }
        false
    }

    fn shake(&mut self, draws: &mut impl Draws) {
        let mut pick = |n: usize| draws.below(n as u64) as usize;
        let group = pick(self.counts.len());
        let levels = self.counts[group].len();
        let (from, to) = (pick(levels), pick(levels));
        if from != to && self.counts[group][from] > 0 {
            self.apply(Move { group, from, to });
        }
    }
}

/// Splits `people` over levels in proportion to `shares`, by largest remainder; ties go to
/// the earlier level. Without any positive share everybody is in the first level.
pub fn apportion(people: u64, shares: &[f64]) -> Vec<u64> {
    let positive = |share: f64| if share > 0.0 { share } else { 0.0 };
    let total: f64 = shares.iter().map(|&share| positive(share)).sum();
    let mut counts = vec![0; shares.len()];
    if shares.is_empty() {
        return counts;
    }
    if total <= 0.0 {
        counts[0] = people;
        return counts;
    }
    let exact: Vec<f64> = shares
        .iter()
        .map(|&share| positive(share) / total * people as f64)
        .collect();
    for (count, exact) in counts.iter_mut().zip(&exact) {
        *count = exact.floor() as u64;
    }
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by(|&a, &b| {
        exact[b]
            .fract()
            .total_cmp(&exact[a].fract())
            .then(a.cmp(&b))
    });
    let left = people.saturating_sub(counts.iter().sum());
    for &level in order.iter().cycle().take(left as usize) {
        counts[level] += 1;
    }
    counts
}
