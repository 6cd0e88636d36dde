//! Randomization inference against enumerations by numpy, scipy's permutation tests and R's coin.

use fip::error::Result;
use fip::stats::contingency::TwoByTwo;
use fip::stats::infer::Level;
use fip::stats::randomization::{
    Drawn, Draws, Enumeration, Extent, Randomization, Statistic, exact_two_by_two,
    monte_carlo_table,
};

use super::{close, flags, labels, load, number, numbers};

const STATISTICS: [(&str, Statistic); 2] = [
    ("difference", Statistic::Difference),
    ("studentized", Statistic::Studentized),
];

fn all(drawn: &Drawn, draw_strata: Option<&[usize]>) -> Randomization {
    let every = Enumeration::new(drawn.treated, draw_strata, drawn.clusters, 1_000_000)
        .unwrap()
        .unwrap();
    Randomization::run(drawn, &every, Extent::All(every.total()), &|_| ()).unwrap()
}

/// All allocations, by itertools: p-values of both statistics, intervals, step-down
/// p-values, for complete, stratified and clustered draws, with missing outcomes.
#[test]
fn agrees_with_enumeration() {
    let reference = load("randomization.json");
    for case in reference["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let treated = flags(&case["treated"]);
        let outcomes: Vec<Vec<f64>> = case["outcomes"]
            .as_array()
            .unwrap()
            .iter()
            .map(numbers)
            .collect();
        let outcomes: Vec<&[f64]> = outcomes.iter().map(Vec::as_slice).collect();
        let strata = case.get("strata").map(labels);
        let clusters = case.get("clusters").map(labels);
        let drawn = Drawn {
            treated: &treated,
            outcomes: &outcomes,
            strata: strata.as_deref(),
            clusters: clusters.as_deref(),
        };
        let ours = all(&drawn, strata.as_deref());
        let family: Vec<usize> = (0..outcomes.len()).collect();
        for (label, statistic) in STATISTICS {
            let theirs = &case[label];
            let adjusted = ours.westfall_young(&family, statistic);
            for k in 0..outcomes.len() {
                let what = format!("{name} {label} {k}");
                let observed = ours.observed(k, statistic).unwrap();
                close(&what, observed, number(&theirs["observed"][k]), 1e-11);
                let p = ours.p_value(k, statistic).unwrap();
                assert!(p.exact && p.monte_carlo_error == 0.0);
                // Counts divided by the number of allocations: nothing to be off by.
                assert_eq!(p.p_value, number(&theirs["p_value"][k]), "{what}");
                assert_eq!(
                    adjusted[k],
                    Some(number(&theirs["westfall_young"][k])),
                    "{what} adjusted"
                );
            }
        }
        for (level, limits) in case["intervals"].as_object().unwrap() {
            let level = Level::new(level.parse().unwrap()).unwrap();
            for (k, theirs) in limits.as_array().unwrap().iter().enumerate() {
                let ours = ours.interval(k, level).unwrap();
                for (side, ours, theirs) in [
                    ("low", ours.low, &theirs[0]),
                    ("high", ours.high, &theirs[1]),
                ] {
                    match theirs.as_f64() {
                        // The reference bisects to 1e-9 of the outcome's range.
                        Some(theirs) => assert!(
                            (ours.unwrap() - theirs).abs() < 1e-7,
                            "{name} {side} {k}: {ours:?} instead of {theirs}"
                        ),
                        None => assert_eq!(ours, None, "{name} {side} {k}"),
                    }
                }
            }
        }
    }
}

/// The studentized test inverted, against brute force over a grid of effects and all allocations.
#[test]
fn studentized_intervals_agree_with_brute_force() {
    let cases = load("randomization.json");
    let reference = load("studentized_interval.json");
    for (case, theirs) in cases["cases"]
        .as_array()
        .unwrap()
        .iter()
        .zip(reference["cases"].as_array().unwrap())
    {
        let name = case["name"].as_str().unwrap();
        assert_eq!(case["name"], theirs["name"]);
        let treated = flags(&case["treated"]);
        let outcomes: Vec<Vec<f64>> = case["outcomes"]
            .as_array()
            .unwrap()
            .iter()
            .map(numbers)
            .collect();
        let outcomes: Vec<&[f64]> = outcomes.iter().map(Vec::as_slice).collect();
        let (strata, clusters) = (
            case.get("strata").map(labels),
            case.get("clusters").map(labels),
        );
        let drawn = Drawn {
            treated: &treated,
            outcomes: &outcomes,
            strata: strata.as_deref(),
            clusters: clusters.as_deref(),
        };
        let every = Enumeration::new(&treated, strata.as_deref(), clusters.as_deref(), 1_000_000)
            .unwrap()
            .unwrap();
        let extent = Extent::All(every.total());
        for (label, limits) in theirs["intervals"].as_object().unwrap() {
            let level = Level::new(label.parse().unwrap()).unwrap();
            let shifts = vec![true; outcomes.len()];
            let done =
                Randomization::with_intervals(&drawn, &shifts, &every, extent, &|_| ()).unwrap();
            for (k, limits) in limits.as_array().unwrap().iter().enumerate() {
                let found = done.studentized_interval(k, level).unwrap();
                for (side, ours, theirs) in [
                    ("low", found.low, &limits[0]),
                    ("high", found.high, &limits[1]),
                ] {
                    match theirs.as_f64() {
                        // The reference halves until 1e-11 of the outcome's range is left.
                        Some(theirs) => assert!(
                            (ours.unwrap() - theirs).abs() < 1e-9,
                            "{name} {label} {side} {k}: {ours:?} instead of {theirs}"
                        ),
                        None => assert_eq!(ours, None, "{name} {label} {side} {k}"),
                    }
                }
            }
        }
    }
}

/// scipy's `permutation_test` and coin's exact `oneway_test` on Student's sleep data.
#[test]
fn agrees_with_scipy_and_coin_on_sleep() {
    let reference = load("randomization.json");
    let sleep = &reference["sleep"];
    let (y, treated) = (numbers(&sleep["y"]), flags(&sleep["treated"]));
    let drawn = Drawn {
        treated: &treated,
        outcomes: &[&y],
        strata: None,
        clusters: None,
    };
    let ours = all(&drawn, None);
    let p = |statistic| ours.p_value(0, statistic).unwrap();
    assert_eq!(p(Statistic::Difference).draws, 184_756);
    close(
        "difference",
        p(Statistic::Difference).p_value,
        number(&sleep["scipy_difference"]),
        1e-12,
    );
    close(
        "welch",
        p(Statistic::Studentized).p_value,
        number(&sleep["scipy_welch"]),
        1e-12,
    );
    close(
        "coin",
        p(Statistic::Difference).p_value,
        number(&load("coin_exact.json")["sleep"]),
        1e-12,
    );
}

/// coin's exact distribution of a yes/no outcome, and our own enumeration of small tables.
#[test]
fn hypergeometric() {
    let reference = load("coin_exact.json");
    for case in reference["binary"].as_array().unwrap() {
        let n: Vec<u64> = numbers(&case["counts"]).iter().map(|&n| n as u64).collect();
        let table = TwoByTwo {
            treated_yes: n[0],
            treated_no: n[1],
            control_yes: n[2],
            control_no: n[3],
        };
        close(
            "p",
            exact_two_by_two(&table).unwrap(),
            number(&case["p_value"]),
            1e-9,
        );
    }
    let y = [1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0];
    let treated: Vec<bool> = (0..11).map(|i| i < 4).collect();
    let drawn = Drawn {
        treated: &treated,
        outcomes: &[&y],
        strata: None,
        clusters: None,
    };
    let table = TwoByTwo {
        treated_yes: 3,
        treated_no: 1,
        control_yes: 3,
        control_no: 4,
    };
    let p = all(&drawn, None)
        .p_value(0, Statistic::Difference)
        .unwrap()
        .p_value;
    close("enumerated", exact_two_by_two(&table).unwrap(), p, 1e-12);
    let nobody = TwoByTwo {
        treated_yes: 0,
        treated_no: 5,
        control_yes: 0,
        control_no: 4,
    };
    assert_eq!(exact_two_by_two(&nobody).unwrap(), 1.0);
}

/// A small generator for draws: an LCG is plenty for a test of counts.
struct Shuffled {
    n: usize,
    treated: usize,
}

impl Draws for Shuffled {
    type Memory = Vec<usize>;
    fn memory(&self) -> Vec<usize> {
        (0..self.n).collect()
    }
    fn treated(&self) -> u8 {
        7
    }
    fn draw(&self, index: u64, memory: &mut Vec<usize>, arms: &mut [u8]) -> Result<()> {
        memory
            .iter_mut()
            .enumerate()
            .for_each(|(i, place)| *place = i);
        let mut state = index.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
        for i in (1..self.n).rev() {
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            memory.swap(
                i,
                (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % (i + 1),
            );
        }
        arms.fill(0);
        memory[..self.treated].iter().for_each(|&i| arms[i] = 7);
        Ok(())
    }
}

/// A sample of draws is within its Monte Carlo error of all of them.
#[test]
fn sampling_approaches_enumeration() {
    let reference = load("randomization.json");
    let sleep = &reference["sleep"];
    let (y, treated) = (numbers(&sleep["y"]), flags(&sleep["treated"]));
    let drawn = Drawn {
        treated: &treated,
        outcomes: &[&y],
        strata: None,
        clusters: None,
    };
    let draws = Shuffled { n: 20, treated: 10 };
    let sampled = Randomization::run(&drawn, &draws, Extent::Sample(20_000), &|_| ()).unwrap();
    let exact = all(&drawn, None);
    for (_, statistic) in STATISTICS {
        let (s, e) = (
            sampled.p_value(0, statistic).unwrap(),
            exact.p_value(0, statistic).unwrap(),
        );
        assert!(
            (s.p_value - e.p_value).abs() < 4.0 * s.monte_carlo_error,
            "{s:?} {e:?}"
        );
        assert!(!s.exact && s.draws == 20_000);
    }
    let (s, e) = (
        sampled.interval(0, Level::P95).unwrap(),
        exact.interval(0, Level::P95).unwrap(),
    );
    assert!(
        (s.low.unwrap() - e.low.unwrap()).abs() < 0.1
            && (s.high.unwrap() - e.high.unwrap()).abs() < 0.1
    );
}

/// A table over draws against R's Fisher test of the same table.
#[test]
fn tables_over_draws() {
    let case = &load("coin_exact.json")["table"];
    let counts: Vec<Vec<u64>> = case["counts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| numbers(row).iter().map(|&n| n as u64).collect())
        .collect();
    let (mut arms, mut levels) = (Vec::new(), Vec::new());
    for (arm, row) in [(7_u8, &counts[0]), (0, &counts[1])] {
        for (level, &n) in row.iter().enumerate() {
            arms.extend(std::iter::repeat_n(arm, n as usize));
            levels.extend(std::iter::repeat_n(level as u32, n as usize));
        }
    }
    let draws = Shuffled {
        n: arms.len(),
        treated: counts[0].iter().sum::<u64>() as usize,
    };
    let ours = monte_carlo_table(
        &arms,
        &levels,
        counts[0].len(),
        &draws,
        Extent::Sample(20_000),
    )
    .unwrap()
    .unwrap();
    assert!(
        (ours.p_value - number(&case["p_value"])).abs() < 4.0 * ours.monte_carlo_error,
        "{ours:?}"
    );
    assert!(
        monte_carlo_table(&arms, &vec![9; arms.len()], 3, &draws, Extent::Sample(10))
            .unwrap()
            .is_none()
    );
}

/// Numbers do not depend on the threads, nor on the order of the people.
#[test]
fn threads_and_order_do_not_matter() {
    let y: Vec<f64> = (0..60).map(|i| f64::from((i * 37) % 23) / 7.0).collect();
    let treated: Vec<bool> = (0..60).map(|i| i % 3 == 0).collect();
    let drawn = Drawn {
        treated: &treated,
        outcomes: &[&y],
        strata: None,
        clusters: None,
    };
    let draws = Shuffled { n: 60, treated: 20 };
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let ours = pool
            .install(|| Randomization::run(&drawn, &draws, Extent::Sample(1000), &|_| ()).unwrap());
        let interval = ours.interval(0, Level::P95).unwrap();
        (
            ours.p_value(0, Statistic::Studentized).unwrap().p_value,
            interval.low.unwrap().to_bits(),
            interval.high,
        )
    };
    assert_eq!(run(1), run(3));
}

#[test]
fn degenerate_outcomes_have_no_nan() {
    let treated = [true, true, false, false, false, true];
    let constant = [4.0; 6];
    let none = [f64::NAN; 6];
    let one_arm = [1.0, 2.0, f64::NAN, f64::NAN, f64::NAN, 3.0];
    let single = [1.0, f64::NAN, 2.0, 5.0, f64::NAN, f64::NAN];
    let apart = [1.0, 1.0, 0.0, 0.0, 0.0, 1.0];
    let outcomes: [&[f64]; 5] = [&constant, &none, &one_arm, &single, &apart];
    let drawn = Drawn {
        treated: &treated,
        outcomes: &outcomes,
        strata: None,
        clusters: None,
    };
    let ours = all(&drawn, None);
    let p = |k, statistic| ours.p_value(k, statistic).map(|p| p.p_value);
    assert_eq!(p(0, Statistic::Difference), Some(1.0));
    assert_eq!(p(0, Statistic::Studentized), Some(1.0));
    assert_eq!(p(1, Statistic::Difference), None);
    assert_eq!(p(2, Statistic::Difference), None);
    assert_eq!(p(3, Statistic::Studentized), None);
    assert!(p(3, Statistic::Difference).is_some_and(|p| p > 0.0 && p <= 1.0));
    // Perfect separation: the observed draw and its mirror image out of twenty.
    assert_eq!(p(4, Statistic::Difference), Some(0.1));
    assert_eq!(p(4, Statistic::Studentized), Some(0.1));
    assert_eq!(
        ours.westfall_young(&[1, 2], Statistic::Studentized),
        [None, None]
    );
    // Twenty draws cannot reject anything at .05.
    assert_eq!(ours.interval(4, Level::P95).unwrap().low, None);
    let empty = Drawn {
        treated: &[],
        outcomes: &[],
        strata: None,
        clusters: None,
    };
    assert!(
        Randomization::run(
            &empty,
            &Shuffled { n: 0, treated: 0 },
            Extent::Sample(5),
            &|_| ()
        )
        .is_err()
    );
    let all_treated = [true; 3];
    let y = [1.0, 2.0, 3.0];
    let drawn = Drawn {
        treated: &all_treated,
        outcomes: &[&y],
        strata: None,
        clusters: None,
    };
    assert_eq!(all(&drawn, None).p_value(0, Statistic::Difference), None);
}
