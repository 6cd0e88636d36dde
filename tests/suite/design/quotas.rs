//! Quotas by exact counting: over all equally likely outcomes of the random steps, every
//! stratum's expected seats are r_s·N_a / N, which gives every unit the same chance.

use std::collections::HashMap;

use fip::design::{quotas, seats};

fn permutations(n: u32) -> Vec<Vec<u32>> {
    let Some(last) = n.checked_sub(1) else {
        return vec![vec![]];
    };
    let mut all = Vec::new();
    for shorter in permutations(last) {
        for place in 0..n as usize {
            let mut longer = shorter.clone();
            longer.insert(place, last);
            all.push(longer);
        }
    }
    all
}

/// Strata with an arm size each up to all of them.
const STRATA: [&[u64]; 8] = [
    &[7],
    &[1, 1],
    &[1, 1, 1, 1, 1],
    &[1, 2, 3],
    &[1, 1, 9],
    &[4, 4, 4],
    &[1, 3, 5, 11],
    &[2, 1, 1, 6, 13],
];

/// By hand from the formula: three strata of one, one seat, so R = 3 and every g_s = 1.
/// C runs 1, 2, 3, and floor((C + 2 − u)/3) first reaches 1 at C = u + 1.
#[test]
fn the_seat_goes_where_the_cumulative_sum_passes_the_draw() {
    let order = [2, 0, 1];
    for u in 0..3 {
        let mut expected = [0; 3];
        expected[order[u as usize] as usize] = 1;
        assert_eq!(seats(&[1, 1, 1], 1, &order, u).unwrap(), expected);
    }
}

#[test]
fn one_arm_expects_its_exact_share_of_every_stratum() {
    for strata in STRATA {
        let total: u64 = strata.iter().sum();
        for size in 0..=total {
            for order in permutations(strata.len() as u32) {
                let mut sums = vec![0; strata.len()];
                for u in 0..total {
                    let seats = seats(strata, size, &order, u).unwrap();
                    assert_eq!(seats.iter().sum::<u64>(), size);
                    for (s, seat) in seats.iter().enumerate() {
                        let floor = strata[s] * size / total;
                        let ceiling = (strata[s] * size).div_ceil(total);
                        assert!((floor..=ceiling).contains(seat));
                        sums[s] += seat;
                    }
                }
                // Sum over all u = total · (r_s · size / total), for every single order.
                for (s, sum) in sums.into_iter().enumerate() {
                    assert_eq!(sum, strata[s] * size, "{strata:?} {size} {order:?}");
                }
            }
        }
    }
}

#[test]
fn every_arm_of_three_expects_its_exact_share_of_every_stratum() {
    for strata in [&[1u64, 1, 1][..], &[1, 2, 3], &[1, 1, 5], &[2, 1, 1, 3]] {
        let total: u64 = strata.iter().sum();
        let orders = permutations(strata.len() as u32);
        let ways = orders.len() as u64;
        for first in 1..total - 1 {
            for second in 1..total - first {
                let sizes = [first, second, total - first - second];
                // What the first arm leaves, with the number of ways to get there.
                let mut left: HashMap<Vec<u64>, u64> = HashMap::new();
                for order in &orders {
                    for u in 0..total {
                        let seats = seats(strata, first, order, u).unwrap();
                        let rest = strata.iter().zip(seats).map(|(r, n)| r - n).collect();
                        *left.entry(rest).or_default() += 1;
                    }
                }
                let remaining = total - first;
                let mut sums = [vec![0; strata.len()], vec![0; strata.len()]];
                for (left, count) in &left {
                    for order in &orders {
                        for u in 0..remaining {
                            let seats = seats(left, second, order, u).unwrap();
                            for (s, seat) in seats.iter().enumerate() {
                                sums[0][s] += count * seat;
                                sums[1][s] += count * (left[s] - seat);
                            }
                        }
                    }
                }
                let all = ways * total * ways * remaining;
                for (arm, sums) in sums.iter().enumerate() {
                    for (s, sum) in sums.iter().enumerate() {
                        assert_eq!(
                            sum * total,
                            strata[s] * sizes[arm + 1] * all,
                            "{strata:?} {sizes:?}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn totals_of_arms_and_strata_are_exact() {
    let strata = [1, 1, 1, 17, 300, 2, 41];
    let total: u64 = strata.iter().sum();
    let sizes = [100, 33, 7, total - 140];
    for start in 0..50 {
        let quotas = quotas(&strata, &sizes, |arm, order, r| {
            order.rotate_left(arm);
            start * 7 % r
        })
        .unwrap();
        for (s, quota) in quotas.iter().enumerate() {
            assert_eq!(quota.iter().sum::<u64>(), strata[s]);
        }
        for (a, &size) in sizes.iter().enumerate() {
            assert_eq!(quotas.iter().map(|quota| quota[a]).sum::<u64>(), size);
        }
    }
}

#[test]
fn the_largest_numbers_do_not_overflow() {
    let half = u64::MAX / 2;
    let strata = [half, half, 1];
    for u in [0, 1, half, u64::MAX - 1] {
        for order in permutations(3) {
            let seats = seats(&strata, u64::MAX - 2, &order, u).unwrap();
            let sum: u128 = seats.iter().map(|&n| u128::from(n)).sum();
            assert_eq!(sum, u128::from(u64::MAX - 2));
            assert!(seats.iter().zip(strata).all(|(seat, units)| *seat <= units));
        }
    }
    assert!(seats(&[u64::MAX, 1], 1, &[0, 1], 0).is_err());
}

#[test]
fn numbers_that_do_not_belong_together_are_errors() {
    assert!(seats(&[2, 2], 5, &[0, 1], 0).is_err());
    assert!(seats(&[2, 2], 2, &[0, 1], 4).is_err());
    assert!(seats(&[2, 2], 2, &[0], 0).is_err());
    assert!(seats(&[2, 2], 2, &[0, 7], 0).is_err());
    assert!(quotas(&[2, 2], &[2, 3], |_, _, _| 0).is_err());
    assert_eq!(seats(&[0, 0], 0, &[0, 1], 0).unwrap(), [0, 0]);
}
