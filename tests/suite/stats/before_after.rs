//! Signed ranks, square tables, strata and random tables against R, coin and statsmodels.

use fip::results::TestResult;
use fip::stats::contingency::{Crosstab, TwoByTwo};
use fip::stats::degenerate::Degenerate;
use fip::stats::infer::Level;
use fip::stats::mantel_haenszel::{breslow_day, mantel_haenszel};
use fip::stats::matched_pairs::{marginal_homogeneity, mcnemar};
use fip::stats::randomization::{RandomBits, random_tables};
use fip::stats::sample::Moments;
use fip::stats::signed_rank::{SignedRankMethod, SignedRanks, Zeros, signed_rank};
use fip::stats::stratified::{StratumCounts, general_association, mean_scores};
use fip::stats::two_sample::paired_t;

use super::{CLOSED_FORM, Number, assert_close, floats};

#[derive(serde::Deserialize)]
struct Reference {
    signed_rank: Vec<Signed>,
    paired: Paired,
    strata: Vec<Strata>,
    random_tables: Vec<Random>,
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Many {
    One(Number),
    List(Vec<Number>),
}

impl Many {
    fn floats(&self) -> Vec<f64> {
        match self {
            Many::One(one) => vec![one.0],
            Many::List(list) => floats(list),
        }
    }
}

#[derive(serde::Deserialize)]
struct Signed {
    name: String,
    changes: Many,
    automatic: Vec<Number>,
    normal: Vec<Number>,
    plain: Vec<Number>,
    pratt: Number,
    exact: Option<Number>,
    pratt_exact: Option<Number>,
}

#[derive(serde::Deserialize)]
struct Paired {
    before: Vec<Number>,
    after: Vec<Number>,
    statistic: Number,
    df: Number,
    p_value: Number,
    estimate: Number,
    std_error: Number,
    conf_low: Number,
    conf_high: Number,
}

#[derive(serde::Deserialize)]
struct Strata {
    name: String,
    counts: Vec<Counts>,
    scores: Vec<f64>,
    general: Vec<Number>,
    mean_scores: Vec<Number>,
    mantelhaen: Option<Vec<Number>>,
}

#[derive(serde::Deserialize)]
struct Counts {
    treated: Vec<u64>,
    control: Vec<u64>,
}

#[derive(serde::Deserialize)]
struct Random {
    counts: Vec<Vec<u64>>,
    fisher: f64,
    chi_square_simulated: f64,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("../../reference/before_after.json")).unwrap()
}

#[test]
fn signed_ranks_agree_with_r_and_coin() {
    for case in reference().signed_rank {
        let name = &case.name;
        let changes = case.changes.floats();
        let dropped = SignedRanks::new(&changes, Zeros::Dropped);
        let pratt = SignedRanks::new(&changes, Zeros::Pratt);
        for (method, theirs) in [
            (SignedRankMethod::Automatic, &case.automatic),
            (SignedRankMethod::Normal { continuity: true }, &case.normal),
            (SignedRankMethod::Normal { continuity: false }, &case.plain),
        ] {
            let ours = signed_rank(&dropped, method).unwrap();
            assert_close(name, Some(ours.statistic), theirs[0].0, CLOSED_FORM);
            assert_close(name, Some(ours.p_value), theirs[1].0, CLOSED_FORM);
        }
        let p = |ranks, method| signed_rank(ranks, method).ok().map(|ours| ours.p_value);
        let plain = SignedRankMethod::Normal { continuity: false };
        assert_close(name, p(&pratt, plain), case.pratt.0, CLOSED_FORM);
        for (ranks, theirs) in [(&dropped, case.exact), (&pratt, case.pratt_exact)] {
            match theirs {
                // coin's exact distributions are sums in floating point.
                Some(theirs) => {
                    assert_close(name, p(ranks, SignedRankMethod::Exact), theirs.0, 1e-11)
                }
                None => assert_eq!(p(ranks, SignedRankMethod::Exact), None),
            }
        }
        let turned: Vec<f64> = changes.iter().map(|change| -change).collect();
        assert_eq!(
            p(&SignedRanks::new(&turned, Zeros::Dropped), plain),
            p(&dropped, plain)
        );
    }
    for nothing in [&[][..], &[0.0, -0.0], &[f64::NAN]] {
        assert_eq!(
            signed_rank(
                &SignedRanks::new(nothing, Zeros::Pratt),
                SignedRankMethod::Automatic
            ),
            Err(Degenerate::TooFew)
        );
    }
}

#[test]
fn the_paired_t_test_of_sleep() {
    let paired = reference().paired;
    let changes: Vec<f64> = floats(&paired.after)
        .iter()
        .zip(floats(&paired.before))
        .map(|(after, before)| after - before)
        .collect();
    let ours = paired_t(&Moments::from_slice(&changes), Level::P95).unwrap();
    for (what, ours, theirs) in [
        ("estimate", Some(ours.estimate), paired.estimate),
        ("std_error", ours.std_error, paired.std_error),
        ("statistic", ours.statistic, paired.statistic),
        ("df", ours.df, paired.df),
        ("p_value", ours.p_value, paired.p_value),
        ("conf_low", ours.conf_low, paired.conf_low),
        ("conf_high", ours.conf_high, paired.conf_high),
    ] {
        // R's qt holds about 12 digits.
        assert_close(what, ours, theirs.0, 1e-11);
    }
}

#[track_caller]
fn same(name: &str, ours: &TestResult, theirs: &[f64]) {
    // The references solve the same equations by other routes, at about 1e-13 each.
    assert_close(name, ours.statistic, theirs[0], 1e-10);
    assert_close(name, ours.df, theirs[1], 0.0);
    assert_close(name, ours.p_value, theirs[2], 1e-10);
}

#[test]
fn tests_over_strata_agree_with_r_and_coin() {
    for case in reference().strata {
        let name = &case.name;
        let strata: Vec<StratumCounts> = case
            .counts
            .iter()
            .map(|counts| StratumCounts {
                treated: counts.treated.clone(),
                control: counts.control.clone(),
            })
            .collect();
        let general = general_association(&strata).unwrap();
        same(name, &general, &floats(&case.general));
        if let Some(theirs) = case.mantelhaen {
            same(name, &general, &floats(&theirs));
        }
        let scored = mean_scores(&strata, &case.scores).unwrap();
        same(name, &scored, &floats(&case.mean_scores));
        // Scores count by their distances only, and the arms' names not at all.
        let moved: Vec<f64> = case.scores.iter().map(|u| 1e3 - 7.0 * u).collect();
        let turned: Vec<StratumCounts> = strata
            .iter()
            .rev()
            .map(|stratum| StratumCounts {
                treated: stratum.control.clone(),
                control: stratum.treated.clone(),
            })
            .collect();
        let again = mean_scores(&turned, &moved).unwrap();
        assert_close(name, again.statistic, scored.statistic.unwrap(), 1e-11);
        let again = general_association(&turned).unwrap();
        assert_close(name, again.statistic, general.statistic.unwrap(), 1e-11);
    }
}

/// Two levels: the generalised statistics are the one for two by two tables.
#[test]
fn two_levels_over_strata_are_mantel_haenszel() {
    let tables = [[3_u64, 5, 1, 8], [6, 2, 4, 4], [0, 3, 2, 7]];
    let two: Vec<TwoByTwo> = tables
        .iter()
        .map(|&[a, b, c, d]| TwoByTwo {
            treated_yes: a,
            treated_no: b,
            control_yes: c,
            control_no: d,
        })
        .collect();
    let strata: Vec<StratumCounts> = tables
        .iter()
        .map(|&[a, b, c, d]| StratumCounts {
            treated: vec![b, a],
            control: vec![d, c],
        })
        .collect();
    let plain = mantel_haenszel(&two, Level::P95).unwrap().statistic;
    for ours in [
        general_association(&strata).unwrap(),
        mean_scores(&strata, &[0.0, 1.0]).unwrap(),
    ] {
        assert_close("statistic", ours.statistic, plain, CLOSED_FORM);
        assert_eq!(ours.df, Some(1.0));
    }
}

#[test]
fn strata_that_say_nothing() {
    let stratum = |treated: [u64; 2], control: [u64; 2]| StratumCounts {
        treated: treated.to_vec(),
        control: control.to_vec(),
    };
    for strata in [
        vec![],
        vec![stratum([0, 0], [0, 0])],
        vec![stratum([3, 4], [0, 0]), stratum([0, 5], [0, 2])],
        vec![stratum([1, 0], [0, 0])],
    ] {
        assert_eq!(general_association(&strata), Err(Degenerate::OneLevel));
        assert_eq!(mean_scores(&strata, &[0.0, 1.0]), Err(Degenerate::OneLevel));
    }
    let large = [stratum([u64::MAX, 1], [1, 1])];
    assert_eq!(general_association(&large), Err(Degenerate::TooLarge));
}

#[derive(serde::Deserialize)]
struct FromPython {
    squares: Vec<Square>,
    homogeneity: Vec<Same>,
}

#[derive(serde::Deserialize)]
struct Square {
    counts: Vec<Vec<u64>>,
    stuart_maxwell: Vec<f64>,
    bhapkar: Vec<f64>,
}

#[derive(serde::Deserialize)]
struct Same {
    counts: Vec<[u64; 4]>,
    odds_ratio: f64,
    df: f64,
    breslow_day: Vec<f64>,
    tarone: Vec<f64>,
}

fn python() -> FromPython {
    serde_json::from_str(include_str!("../../reference/before_after_py.json")).unwrap()
}

#[test]
fn square_tables_agree_with_statsmodels() {
    for case in python().squares {
        let ours = marginal_homogeneity(&case.counts).unwrap();
        same("Stuart–Maxwell", &ours.stuart_maxwell, &case.stuart_maxwell);
        same("Bhapkar", &ours.bhapkar.unwrap(), &case.bhapkar);
    }
    // With two levels it is McNemar's, and an unused level changes nothing.
    let ours = marginal_homogeneity(&[vec![10, 9, 0], vec![3, 20, 0], vec![0, 0, 5]]).unwrap();
    let theirs = mcnemar(9, 3).unwrap();
    assert_close(
        "two",
        ours.stuart_maxwell.statistic,
        theirs.chi_square,
        CLOSED_FORM,
    );
    assert_eq!(ours.stuart_maxwell.df, Some(1.0));
    assert_eq!(
        marginal_homogeneity(&[vec![4, 0], vec![0, 2]]),
        Err(Degenerate::TooFew)
    );
    // Everybody moved one way: the statistic is n, and Bhapkar's infinite.
    assert_eq!(
        marginal_homogeneity(&[vec![0, 7], vec![0, 0]])
            .unwrap()
            .bhapkar,
        None
    );
}

#[test]
fn homogeneity_agrees_with_statsmodels() {
    for case in python().homogeneity {
        let tables: Vec<TwoByTwo> = case
            .counts
            .iter()
            .map(|&[a, b, c, d]| TwoByTwo {
                treated_yes: a,
                treated_no: b,
                control_yes: c,
                control_no: d,
            })
            .collect();
        let ratio = mantel_haenszel(&tables, Level::P95).unwrap().odds_ratio;
        assert_close("odds ratio", ratio.estimate, case.odds_ratio, CLOSED_FORM);
        let ours = breslow_day(&tables, Level::P95).unwrap();
        for (ours, theirs) in [
            (&ours.breslow_day, &case.breslow_day),
            (&ours.tarone, &case.tarone),
        ] {
            same("homogeneity", ours, &[theirs[0], case.df, theirs[1]]);
        }
    }
}

/// Steele, Lea & Flood's SplitMix64: a generator to draw tables with.
struct SplitMix(u64);

impl RandomBits for SplitMix {
    fn stream(&self, index: u64) -> impl FnMut() -> u64 {
        let mut state = self.0 ^ index.wrapping_mul(0xd134_2543_de82_ef95);
        move || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        }
    }
}

/// R's exact p-value, and its simulation of a million tables, within four standard errors.
#[test]
fn random_tables_agree_with_exact_ones() {
    for case in reference().random_tables {
        let table = Crosstab::new(&case.counts).unwrap();
        let ours = random_tables(&table, &SplitMix(7), 50_000).unwrap();
        for (ours, theirs) in [
            (ours.fisher, case.fisher),
            (ours.chi_square, case.chi_square_simulated),
        ] {
            assert!(
                (ours.p_value - theirs).abs() < 4.0 * ours.monte_carlo_error,
                "{ours:?} {theirs}"
            );
            assert_eq!((ours.draws, ours.exact), (50_000, false));
        }
    }
}

/// Millions of people cost no more than hundreds, and the same bits give the same tables.
#[test]
fn random_tables_of_many_people() {
    let table =
        Crosstab::new(&[vec![4_000_000, 3, 999_997], vec![3_999_000, 9, 1_000_991]]).unwrap();
    let ours = random_tables(&table, &SplitMix(1), 500).unwrap();
    assert_eq!(ours, random_tables(&table, &SplitMix(1), 500).unwrap());
    assert!(ours.fisher.p_value > 0.0 && ours.fisher.p_value <= 1.0);
    assert_eq!(
        random_tables(&table, &SplitMix(1), 0).unwrap_err(),
        Degenerate::TooFew
    );
}
