//! From numbers of people to people: who has which value.

use super::Draws;

/// A value per person: an index of a level, or nothing.
pub type Values = Vec<Option<usize>>;

/// How a column depends on an earlier one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ties<'a> {
    /// Missing first where this is missing.
    pub missing_with: Option<&'a Values>,
    /// Higher levels where this is higher, within so many levels; people without a value
    /// there come anywhere.
    pub follows: Option<(&'a Values, u64)>,
}

/// Resolution of the random part of a follow-up order.
const FINE: u64 = 1 << 20;

/// Deals `counts` (per level) over `members`, in random order except for the ties, into
/// `values`. Members beyond the counts stay without a value.
pub fn deal(
    members: &[usize],
    counts: &[u64],
    ties: Ties,
    values: &mut Values,
    draws: &mut impl Draws,
) {
    let mut members = members.to_vec();
    shuffle(&mut members, draws);
    if let Some(other) = ties.missing_with {
        members.sort_by_key(|&person| other[person].is_some());
    }
    let given: u64 = counts.iter().sum();
    let missing = members.len().saturating_sub(given as usize);
    let mut rest = members.split_off(missing);
    if let Some((other, jitter)) = ties.follows {
        let top = other
            .iter()
            .flatten()
            .max()
            .map_or(0, |&level| level as u64);
        let mut keyed: Vec<(u64, usize)> = Vec::with_capacity(rest.len());
        for person in rest {
            let level = match other[person] {
                Some(level) => level as u64,
                None => draws.below(top + 1),
            };
            let key = level * FINE + draws.below(jitter * FINE + 1);
            keyed.push((key, person));
        }
        keyed.sort_by_key(|&(key, _)| key);
        rest = keyed.into_iter().map(|(_, person)| person).collect();
    } else {
        // missing_with sorted the members; what follows must be random again
        shuffle(&mut rest, draws);
    }
    let each = counts.iter().enumerate();
    let levels = each.flat_map(|(level, &count)| std::iter::repeat_n(level, count as usize));
    for (person, level) in rest.into_iter().zip(levels) {
        values[person] = Some(level);
    }
}

/// Fisher–Yates, from the last down.
pub fn shuffle<T>(items: &mut [T], draws: &mut impl Draws) {
    for i in (1..items.len()).rev() {
        let j = draws.below(i as u64 + 1) as usize;
        items.swap(i, j);
    }
}
