//! How arms take units in lot order.

/// What the units count for: 1 each, or their persons.
pub(super) fn weight(weights: Option<&[u64]>, unit: u32) -> i128 {
    weights.map_or(1, |weights| i128::from(weights[unit as usize]))
}

/// Deals the units of all strata to the arms: stratum by stratum (of `strata[s]` units, in
/// canonical order), in lot order, every arm but the last takes units while they count for less
/// than its quota; the last takes the rest.
///
/// Without weights these are consecutive runs of exactly the quotas. A unit that counts for
/// several may fill an arm beyond its quota: what an arm took too many it takes less in the next
/// stratum, and what it was short it takes more, so that its total is off by less than one unit
/// at the end. Units are never split.
///
/// `give` is told of every unit: its arm, and its lot from 1.
pub(super) fn deal(
    units: &[u32],
    strata: &[u64],
    quotas: &[Vec<u64>],
    weights: Option<&[u64]>,
    mut give: impl FnMut(u32, u8, u32),
) {
    let arms = quotas.first().map_or(0, Vec::len);
    let mut ahead = vec![0i128; arms];
    let mut rest = units;
    for (&size, quota) in strata.iter().zip(quotas) {
        let (stratum, others) = rest.split_at(size as usize);
        rest = others;
        let mut line = (1u32..).zip(stratum).peekable();
        let all_but_last = quota.len().saturating_sub(1);
        for (arm, (&seats, ahead)) in (0u8..).zip(quota.iter().zip(&mut ahead).take(all_but_last)) {
            let wanted = i128::from(seats) - *ahead;
            let mut taken = 0;
            while taken < wanted
                && let Some((lot, &unit)) = line.next()
            {
                taken += weight(weights, unit);
                give(unit, arm, lot);
            }
            *ahead = taken - wanted;
        }
        for (lot, &unit) in line {
            give(unit, all_but_last as u8, lot);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::deal;

    fn permutations(items: &[u32]) -> Vec<Vec<u32>> {
        if items.is_empty() {
            return vec![vec![]];
        }
        let mut all = Vec::new();
        for (i, &first) in items.iter().enumerate() {
            let mut others = items.to_vec();
            others.remove(i);
            for mut rest in permutations(&others) {
                rest.insert(0, first);
                all.push(rest);
            }
        }
        all
    }

    /// How often every unit is in the first arm, over all equally likely orders.
    fn counts(weights: &[u64], quota: &[u64]) -> Vec<u64> {
        let units: Vec<u32> = (0..weights.len() as u32).collect();
        let mut counts = vec![0; units.len()];
        for order in permutations(&units) {
            let mut seen = vec![0; units.len()];
            deal(
                &order,
                &[order.len() as u64],
                &[quota.to_vec()],
                Some(weights),
                |unit, arm, lot| {
                    assert_eq!(order[lot as usize - 1], unit);
                    counts[unit as usize] += u64::from(arm == 0);
                    seen[unit as usize] += 1;
                },
            );
            assert!(seen.iter().all(|&times| times == 1));
        }
        counts
    }

    #[test]
    fn over_all_orders_units_that_count_for_the_same_have_the_same_chance() {
        // Six units of one, four of two for five persons (three units): exact shares.
        assert_eq!(counts(&[1; 6], &[2, 4]), [720 * 2 / 6; 6]);
        assert_eq!(counts(&[2; 4], &[5, 3]), [24 * 3 / 4; 4]);
        let mixed = counts(&[1, 1, 2, 2, 3, 3], &[5, 7]);
        assert_eq!(
            (mixed[0], mixed[2], mixed[4]),
            (mixed[1], mixed[3], mixed[5])
        );
    }

    #[test]
    fn what_a_stratum_took_too_many_the_next_one_takes_less() {
        // Households of three for two places each time: 3, then 2 − 1 → 3, then 2 − 2 → 0.
        let mut persons = [[0; 2]; 3];
        deal(
            &[0, 1, 2, 3, 4, 5],
            &[2, 2, 2],
            &[vec![2, 4], vec![2, 4], vec![2, 4]],
            Some(&[3; 6]),
            |unit, arm, _| persons[unit as usize / 2][usize::from(arm)] += 3,
        );
        assert_eq!(persons, [[3, 3], [3, 3], [0, 6]]);
    }

    #[test]
    fn what_an_arm_was_short_it_takes_in_the_next_stratum() {
        let mut arms = [9; 4];
        deal(
            &[0, 1, 2, 3],
            &[1, 3],
            &[vec![1, 1, 0], vec![1, 1, 1]],
            Some(&[2, 1, 1, 1]),
            |unit, arm, _| arms[unit as usize] = arm,
        );
        // The first household fills both places of its stratum: b takes two of the next, a none.
        assert_eq!(arms, [0, 1, 1, 2]);
    }
}
