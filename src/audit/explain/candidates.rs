//! Candidate explanations of one or two figures: slips of the pen, values implied by the other figures or
//! printed elsewhere, exchanged cells, and changes of method.

use std::collections::HashMap;

use super::Candidate;
use super::suppose::{Suppose, is_evidence};
use crate::audit::check::Check;
use crate::audit::digits::{self, Edit};
use crate::audit::evaluate;
use crate::audit::figure::{At, Figure, FigureId, Quantity, Values};
use crate::audit::finding::{Arithmetic, Change, Source};
use crate::audit::rounding::Printed;
use crate::audit::{debit, marks};

/// What an explanation costs that is not a slip of the pen: a value printed elsewhere, an implied value, a
/// change of method.
const PRINTED_ELSEWHERE: u32 = 2;
const IMPLIED: u32 = 4;
pub(super) const METHOD: u32 = 2;
/// SDs of a 0/1 variable that are tried.
const MOST_SDS: usize = 40;
/// Single candidates of one figure that are tried with a second change.
const MOST_FIRSTS: usize = 3;

/// All single changes that settle a failing check and break none.
pub fn singles(suppose: &Suppose) -> Vec<Candidate> {
    let mut found = Vec::new();
    for figure in suspects(suppose) {
        let tried = replacements(suppose, figure, suppose.failing());
        let candidates = tried.into_iter().filter_map(|(to, change, size)| {
            suppose.candidate(vec![(figure, to)], vec![change], size)
        });
        let mut candidates: Vec<Candidate> = candidates.collect();
        // The size of a group is printed everywhere: one check is no reason to doubt it.
        if matches!(suppose.figures.list[figure].at, At::GroupN(_)) {
            candidates.retain(|candidate| candidate.settles.len() > 1);
        }
        if suppose.is_n(figure) {
            let tries = tries(suppose, figure);
            candidates.retain(|candidate| !by_chance(suppose, figure, candidate, tries));
        }
        found.extend(telling(candidates));
    }
    for &check in suppose.failing() {
        found.extend(methods(suppose, check));
    }
    found.extend(swaps(suppose));
    found
}

/// Slips of one figure that settle the same checks, up to which they say something.
const MOST_SLIPS: usize = 3;

/// Leaves out slips of the pen where many would do equally well: then none of them is an explanation.
fn telling(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let slip = |c: &Candidate| matches!(c.changes[..], [Change::Figure { source: None, .. }]);
    let rivals = |c: &Candidate| {
        candidates
            .iter()
            .filter(|o| slip(o) && o.settles == c.settles)
            .count()
    };
    let kept = candidates
        .iter()
        .filter(|c| !slip(c) || rivals(c) <= MOST_SLIPS);
    kept.cloned().collect()
}

/// How many other n's are tried for one that is printed.
fn tries(suppose: &Suppose, figure: FigureId) -> usize {
    replacements(suppose, figure, suppose.failing()).len()
}

/// Supposed n's that fit by chance, above which one of them explains nothing.
const MOST_BY_CHANCE: f64 = 0.1;

/// Whether so many n's would do by chance that a supposed one is no explanation.
///
/// A mean or share printed in units of u is that of some whole number of n with chance u · n: the larger the
/// supposed n, the less it says that the figures fit it. A check of another kind is evidence by itself, and
/// so is an n that is printed elsewhere.
fn by_chance(suppose: &Suppose, figure: FigureId, candidate: &Candidate, tries: usize) -> bool {
    let supposed = candidate.edits.iter().find(|(edited, _)| *edited == figure);
    let elsewhere = candidate.changes.iter().any(|change| {
        matches!(change, Change::Figure { figure: changed, source: Some(Source::Printed(_)), .. }
            if *changed == figure)
    });
    let Some((_, n)) = supposed.filter(|_| !elsewhere) else {
        return false;
    };
    let mut chance = tries as f64;
    for &check in &candidate.settles {
        let check = &suppose.checks[check];
        if !check.figures().contains(&figure) {
            continue;
        }
        match check {
            Check::MeanOfN { mean: shown, .. } | Check::ShareOfN { share: shown, .. } => {
                let values = Values::printed_as_is(&suppose.figures.list);
                let width = values.span(*shown).map_or(1.0, |span| span.width());
                chance *= (width * n.value()).min(1.0);
            }
            Check::MeanSd { .. } | Check::Binary { .. } => {}
            _ => return false,
        }
    }
    chance > MOST_BY_CHANCE
}

/// Single candidates joined with a second change that settles what the first leaves failing.
pub fn pairs(suppose: &Suppose, firsts: &[Candidate]) -> Vec<Candidate> {
    let mut order: Vec<&Candidate> = firsts.iter().filter(|c| replaced(c).is_some()).collect();
    order.sort_by(|a, b| {
        b.settles
            .len()
            .cmp(&a.settles.len())
            .then_with(|| a.nearer(b))
    });
    // The nearest few of every figure.
    let mut tried: HashMap<FigureId, usize> = HashMap::new();
    order.retain(|candidate| {
        let tries = replaced(candidate).map(|figure| tried.entry(figure).or_default());
        tries.is_some_and(|tries| {
            *tries += 1;
            *tries <= MOST_FIRSTS
        })
    });
    let mut found = Vec::new();
    for first in order {
        let Some(one) = replaced(first) else {
            continue;
        };
        let open = |check: &usize| suppose.fails(*check) && !first.settles.contains(check);
        let around: Vec<usize> = suppose.touching(one).iter().copied().filter(open).collect();
        let around: Vec<usize> = around
            .into_iter()
            .filter(|&c| is_evidence(&suppose.checks[c]))
            .collect();
        let mut seconds: Vec<FigureId> = around
            .iter()
            .flat_map(|&c| suppose.checks[c].figures())
            .collect();
        seconds.sort_unstable();
        seconds.dedup();
        seconds.retain(|&f| f != one && !matches!(suppose.figures.list[f].at, At::GroupN(_)));
        for two in seconds {
            for (to, change, size) in replacements(suppose, two, suppose.failing()) {
                let edits: Vec<_> = first.edits.iter().copied().chain([(two, to)]).collect();
                let changes = first.changes.iter().cloned().chain([change]).collect();
                let Some(both) = suppose.candidate(edits, changes, first.size + size) else {
                    continue;
                };
                if suppose.is_n(two) && by_chance(suppose, two, &both, tries(suppose, two)) {
                    continue;
                }
                // Together they must settle something that neither settles alone.
                let alone = suppose.settles(&[(two, to)], &[]).unwrap_or_default();
                let new = |check: &usize| !first.settles.contains(check) && !alone.contains(check);
                if both.settles.iter().any(new) {
                    found.push(both);
                }
            }
        }
    }
    found
}

/// The figure of a candidate that replaces just one.
fn replaced(candidate: &Candidate) -> Option<FigureId> {
    match candidate.changes[..] {
        [Change::Figure { figure, .. }] => Some(figure),
        _ => None,
    }
}

/// The figures of failing checks, but for words and marks: these are about figures, not evidence on them.
fn suspects(suppose: &Suppose) -> Vec<FigureId> {
    let mut figures: Vec<FigureId> = suppose
        .failing()
        .iter()
        .filter(|&&check| is_evidence(&suppose.checks[check]))
        .flat_map(|&check| suppose.checks[check].figures())
        .collect();
    figures.sort_unstable();
    figures.dedup();
    figures
}

/// What a figure could have been, with the change it is and its size; each value once, nearest first.
fn replacements(
    suppose: &Suppose,
    figure: FigureId,
    failing: &[usize],
) -> Vec<(Printed, Change, u32)> {
    let printed = suppose.figures.list[figure].printed;
    let mut found: Vec<(Printed, Change, u32)> = Vec::new();
    let mut push = |to: Printed, source: Option<Source>, size: u32| {
        let edit = digits::classify(printed, to);
        let size = edit.map_or(size, |edit| edit.size().min(size));
        let sensible = possible(suppose, figure, to)
            && (source.is_some() || !moved(edit) || likelier(suppose, figure, to));
        if to != printed && sensible && !found.iter().any(|(seen, _, _)| *seen == to) {
            found.push((
                to,
                Change::Figure {
                    figure,
                    to,
                    edit,
                    source,
                },
                size,
            ));
        }
    };
    let involved = failing
        .iter()
        .filter(|&&check| suppose.checks[check].figures().contains(&figure));
    for &check in involved {
        for to in implied(suppose, check, figure) {
            push(to, Some(Source::Implied), IMPLIED);
        }
    }
    if suppose.figures.list[figure].quantity == Quantity::N {
        for other in &suppose.figures.list {
            if other.quantity == Quantity::N {
                push(
                    other.printed,
                    Some(Source::Printed(other.at)),
                    PRINTED_ELSEWHERE,
                );
            }
        }
    }
    for (to, edit) in digits::edits(printed, false) {
        push(to, None, edit.size());
    }
    found
}

/// Whether a figure of this kind can be this number at all: a share is at most 1, a mean within its scale.
fn possible(suppose: &Suppose, figure: FigureId, to: Printed) -> bool {
    let shown = &suppose.figures.list[figure];
    let value = to.value();
    let scale = suppose.touching(figure).iter().find_map(|&check| {
        let Check::Range { low, high, .. } = suppose.checks[check] else {
            return None;
        };
        Some((low, high))
    });
    let fits = match shown.quantity {
        Quantity::Count => to.decimals == 0,
        Quantity::N => to.decimals == 0 && to.mantissa > 0,
        Quantity::Share => value <= if shown.percent { 100.0 } else { 1.0 },
        Quantity::Mean => scale.is_none_or(|(low, high)| (low..=high).contains(&value)),
        Quantity::Sd => scale.is_none_or(|(low, high)| value <= high - low),
        Quantity::Df => to.mantissa > 0 && to.decimals <= shown.printed.decimals,
        Quantity::P => to.mantissa > 0 && value <= 1.0,
        Quantity::Value | Quantity::Statistic => true,
    };
    fits && (to.mantissa >= 0 || shown.printed.mantissa < 0)
}

/// Whether a slip moves the number to another order of magnitude.
fn moved(edit: Option<Edit>) -> bool {
    matches!(edit, Some(Edit::SlippedDecimal | Edit::Length))
}

/// Whether a mean, SD or share of another order of magnitude is more like those of the other groups in
/// its row; anything else may have slipped.
fn likelier(suppose: &Suppose, figure: FigureId, to: Printed) -> bool {
    let list = &suppose.figures.list;
    let shown = &list[figure];
    let (Some(here), Quantity::Mean | Quantity::Sd | Quantity::Share) =
        (shown.at.cell(), shown.quantity)
    else {
        return true;
    };
    let beside = |other: &Figure| {
        let there = other.at.cell();
        other.quantity == shown.quantity
            && there.is_some_and(|there| {
                (there.table, there.row) == (here.table, here.row) && there.group != here.group
            })
    };
    let far =
        |value: f64, other: &Figure| (value.abs().ln() - other.printed.value().abs().ln()).abs();
    list.iter()
        .filter(|other| beside(other))
        .any(|other| far(to.value(), other) < far(shown.printed.value(), other))
}

/// The values that a failing check gives for one of its figures, at that figure's decimals.
fn implied(suppose: &Suppose, check: usize, figure: FigureId) -> Vec<Printed> {
    let Some(outcome) = &suppose.outcomes[check] else {
        return Vec::new();
    };
    let shown = &suppose.figures.list[figure];
    let unit = if shown.percent && shown.quantity == Quantity::Share {
        100.0
    } else {
        1.0
    };
    let round = |value: f64| Printed::round(value * unit, shown.printed.decimals);
    let whole = |value: u64| Printed::new(i128::from(value), 0);
    let values = Values::printed_as_is(&suppose.figures.list);
    let check = &suppose.checks[check];
    let is_target = check.target() == figure;
    let options: Vec<Option<Printed>> = match (&outcome.arithmetic, check) {
        (Arithmetic::Ratio { count, n, .. }, _) if is_target => {
            vec![round(*count as f64 / *n as f64)]
        }
        (
            Arithmetic::Ratio {
                fitting_counts: Some((first, last)),
                ..
            },
            Check::CountShare { count, .. },
        ) if *count == figure => {
            vec![whole(*first), whole(*last)]
        }
        (Arithmetic::Nearest { below, above, .. }, _) if is_target => {
            vec![round(*below), round(*above)]
        }
        (
            Arithmetic::BinarySd {
                n,
                counts: (first, last),
                ..
            },
            _,
        ) if is_target => {
            let sds = (*first..=*last)
                .take(MOST_SDS)
                .filter_map(|k| debit::sd(k, *n, debit::Divisor::Sample));
            sds.map(round).collect()
        }
        // A dash that is not a minus.
        (Arithmetic::Outside { .. }, _) if is_target && shown.printed.mantissa < 0 => {
            vec![Printed::new(
                -shown.printed.mantissa,
                shown.printed.decimals,
            )]
        }
        (Arithmetic::Sum { sum, .. }, _) if is_target => vec![whole(*sum)],
        (
            Arithmetic::Sum {
                sum, whole: all, ..
            },
            _,
        ) => {
            let own = values.count(figure).unwrap_or(0);
            vec![(all + own).checked_sub(*sum).and_then(whole)]
        }
        (Arithmetic::Weighted { range, .. }, _) if is_target => vec![round(range.middle())],
        (Arithmetic::Weighted { .. }, Check::TotalMean { total, groups }) => {
            vec![implied_mean(*total, groups, figure, &values).and_then(round)]
        }
        (
            Arithmetic::CombinedSd { range }
            | Arithmetic::Formula { range }
            | Arithmetic::P { range, .. },
            _,
        ) if is_target => {
            vec![round(range.middle())]
        }
        (Arithmetic::Moments { mean, .. }, Check::Distribution { mean: own, .. })
            if *own == figure =>
        {
            vec![round(mean.middle())]
        }
        (Arithmetic::Moments { sd, .. }, Check::Distribution { sd: Some(own), .. })
            if *own == figure =>
        {
            vec![round(sd.middle())]
        }
        (Arithmetic::ShareSum { range, whole, .. }, Check::PartShares { parts, .. })
            if parts.contains(&figure) =>
        {
            let own = values.span(figure).map_or(0.0, |span| span.middle());
            vec![round(own + whole.middle() - range.middle())]
        }
        (Arithmetic::Other { .. }, Check::Same { first, second }) => {
            let other = if *first == figure { *second } else { *first };
            vec![values.span(other).and_then(|span| round(span.middle()))]
        }
        (Arithmetic::Tests { ranges, .. }, Check::Statistic { .. }) if is_target => ranges
            .iter()
            .filter_map(|r| r.statistic)
            .map(|s| round(s.middle()))
            .collect(),
        _ => Vec::new(),
    };
    options.into_iter().flatten().collect()
}

fn implied_mean(
    total: FigureId,
    groups: &[(FigureId, crate::audit::figure::NRef)],
    figure: FigureId,
    values: &Values,
) -> Option<f64> {
    let at = groups.iter().position(|(mean, _)| *mean == figure)?;
    let sizes: Vec<f64> = groups
        .iter()
        .map(|(_, n)| values.n(*n).map(|n| n as f64))
        .collect::<Option<_>>()?;
    let means: Vec<f64> = groups
        .iter()
        .map(|(mean, _)| values.span(*mean).map(|s| s.middle()))
        .collect::<Option<_>>()?;
    let all: f64 = sizes.iter().sum();
    let others: f64 = (0..groups.len())
        .filter(|&i| i != at)
        .map(|i| sizes[i] * means[i])
        .sum();
    let sum = values.span(total)?.middle() * all - others;
    (sizes[at] > 0.0).then(|| sum / sizes[at])
}

/// Explanations that leave the digits alone: truncation, n instead of n − 1, another test, other tails, an
/// operand left out.
fn methods(suppose: &Suppose, index: usize) -> Vec<Candidate> {
    let check = &suppose.checks[index];
    let Some(outcome) = &suppose.outcomes[index] else {
        return Vec::new();
    };
    let values = Values::printed_as_is(&suppose.figures.list);
    let mut changes = Vec::new();
    match &outcome.arithmetic {
        Arithmetic::BinarySd {
            population: true, ..
        }
        | Arithmetic::NoSd {
            population: true, ..
        } => {
            changes.push(Change::PopulationSd {
                figure: check.target(),
            });
        }
        Arithmetic::P {
            tails: Some(tails), ..
        } => changes.push(Change::Tails { tails: *tails }),
        Arithmetic::Tests { ranges, claimed } => {
            let (declared, by_p) = match check {
                Check::Significance { test, .. } => (&test.declared, true),
                Check::Statistic { test, .. } => (&test.declared, false),
                _ => return Vec::new(),
            };
            let fits = |r: &&crate::audit::summary_test::TestRange| match by_p {
                true => marks::agrees(r.p, *claimed),
                false => r.statistic.is_some_and(|s| s.overlaps(*claimed)),
            };
            let others = ranges
                .iter()
                .filter(|r| !declared.contains(&r.variant))
                .filter(fits);
            changes.extend(others.map(|r| Change::OtherTest { variant: r.variant }));
        }
        _ => {}
    }
    if let Check::Formula { operands, .. } = check {
        for (index, &operand) in operands.iter().enumerate() {
            if operands[..index].contains(&operand) {
                continue;
            }
            let zero = Values {
                edits: vec![(operand, Printed::integer(0))],
                ..values.clone()
            };
            let without = evaluate::evaluate(check, suppose.figures, &zero);
            if without.is_some() && !super::fails(&without) {
                changes.push(Change::LeftOut { figure: operand });
            }
        }
    }
    changes
        .into_iter()
        .map(|change| Candidate {
            changes: vec![change],
            settles: vec![index],
            size: METHOD,
            distance: 0.0,
            edits: Vec::new(),
            denominators: Vec::new(),
        })
        .collect()
}

/// Two figures of one row exchanged between groups.
fn swaps(suppose: &Suppose) -> Vec<Candidate> {
    let suspects = suspects(suppose);
    let list = &suppose.figures.list;
    let mut found = Vec::new();
    for &first in &suspects {
        let Some(here) = list[first].at.cell() else {
            continue;
        };
        for (second, other) in list.iter().enumerate() {
            let Some(there) = other.at.cell() else {
                continue;
            };
            let same_row =
                (here.table, here.row) == (there.table, there.row) && here.group != there.group;
            let alike =
                list[first].quantity == other.quantity && list[first].percent == other.percent;
            let once = second > first || !suspects.contains(&second);
            if same_row && alike && once && other.printed != list[first].printed {
                let edits = vec![(first, other.printed), (second, list[first].printed)];
                let change = Change::Swapped { first, second };
                let swapped = suppose.candidate(edits, vec![change], PRINTED_ELSEWHERE);
                // Words that come true are no evidence by themselves, but speak for an exchange.
                found.extend(swapped.map(|mut candidate| {
                    let words = suppose.touching(first).iter().copied().filter(|&check| {
                        let order = matches!(suppose.checks[check], Check::Order { .. });
                        order && suppose.fails(check) && suppose.holds_with(check, &[&candidate])
                    });
                    let words: Vec<usize> = words.collect();
                    candidate.settles.extend(words);
                    candidate
                }));
            }
        }
    }
    found
}
