//! Published examples: what is printed, to half a unit of its last digit, and what R, scipy and
//! statsmodels make of the same data, to all digits.

use serde_json::Value;

use fip::results::Estimate;
use fip::stats::adjust::{ancova, lin};
use fip::stats::anderson_rubin::ConfidenceSet;
use fip::stats::cluster::Clusters;
use fip::stats::contingency::{Crosstab, TwoByTwo, linear_by_linear, pearson_chi_square};
use fip::stats::fisher::{fisher_exact, fisher_exact_table};
use fip::stats::infer::Level;
use fip::stats::iv::two_stage;
use fip::stats::linear::{Variance, ols};
use fip::stats::mantel_haenszel::mantel_haenszel;
use fip::stats::matrix::Matrix;
use fip::stats::proportion::{
    odds_ratio, risk_difference, risk_difference_score, risk_ratio, wilson,
};
use fip::stats::randomization::{Drawn, Enumeration, Extent, Randomization, Statistic};
use fip::stats::rank::{
    MannWhitneyMethod, RankTable, brunner_munzel, mann_whitney, probability_of_superiority,
};
use fip::stats::sample::Moments;
use fip::stats::two_sample::welch_t;

use super::{CLOSED_FORM, assert_close};

const P95: Level = Level::P95;

/// R writes 15 digits.
const R_DIGITS: f64 = 1e-12;

fn from_r() -> Value {
    serde_json::from_str(include_str!("../../reference/published.json")).unwrap()
}

fn from_python() -> Value {
    serde_json::from_str(include_str!("../../reference/published_py.json")).unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(number).collect()
}

fn flags(value: &Value) -> Vec<bool> {
    numbers(value).iter().map(|&v| v == 1.0).collect()
}

fn counts(value: &Value) -> Vec<Vec<u64>> {
    list(value)
        .iter()
        .map(|row| numbers(row).iter().map(|&n| n as u64).collect())
        .collect()
}

fn table(row: &[u64]) -> TwoByTwo {
    TwoByTwo {
        treated_yes: row[0],
        treated_no: row[1],
        control_yes: row[2],
        control_no: row[3],
    }
}

/// As many decimals as are printed; half a unit of the last of them.
#[track_caller]
fn assert_printed(what: &str, ours: f64, printed: &str) {
    let decimals = printed.split_once('.').map_or(0, |(_, d)| d.len());
    let theirs: f64 = printed.parse().unwrap();
    let half_unit = 0.5 * 10_f64.powi(-(decimals as i32));
    assert!(
        (ours - theirs).abs() <= half_unit * (1.0 + 1e-9),
        "{what}: {ours}, printed {printed}"
    );
}

#[track_caller]
fn assert_row(what: &str, ours: &Estimate, theirs: &Value, relative: f64) {
    for (name, ours) in [
        ("estimate", Some(ours.estimate)),
        ("std_error", ours.std_error),
        ("df", ours.df),
        ("statistic", ours.statistic),
        ("conf_low", ours.conf_low),
        ("conf_high", ours.conf_high),
    ] {
        assert_close(
            &format!("{what} {name}"),
            ours,
            number(&theirs[name]),
            relative,
        );
    }
    // d log p/dt grows as t does.
    let t = number(&theirs["statistic"]);
    let p = number(&theirs["p_value"]);
    if p > 0.0 {
        assert_close(what, ours.p_value, p, relative * (10.0 + t * t));
    }
}

/// Lin (2013), Table 2: unadjusted, adjusted as usual, and with interactions.
#[test]
fn lins_table_2() {
    let star = &from_r()["lin"];
    let data = &star["data"];
    let (y, treated) = (numbers(&data["y"]), flags(&data["treated"]));
    let x = Matrix::from_columns(y.len(), &[numbers(&data["gpa0"])]).unwrap();
    let mut plain = Matrix::new(y.len());
    plain.push_intercept();
    plain.push_flags(&treated).unwrap();
    let unadjusted = ols(&y, &plain, Variance::Hc0, P95).unwrap();
    let usual = ancova(&y, &treated, &x, Variance::Hc0, P95).unwrap();
    let interacted = lin(&y, &treated, &x, Variance::Hc0, P95).unwrap();
    for (name, ours) in [
        ("unadjusted", unadjusted.coefficient(1).unwrap()),
        ("ancova", usual.effect),
        ("interacted", interacted.effect),
    ] {
        let theirs = &star[name];
        let printed = numbers(&theirs["printed"]);
        assert_printed(name, ours.estimate, &format!("{:.3}", printed[0]));
        assert_printed(name, ours.std_error.unwrap(), &format!("{:.3}", printed[1]));
        // Estimates near zero are differences of means near 2.
        assert_row(name, &ours, &theirs["hc0"], 1e-11);
    }
    let hc2 = lin(&y, &treated, &x, Variance::Hc2, P95).unwrap();
    assert_row("HC2", &hc2.effect, &star["interacted"]["hc2"], 1e-11);
    let arm = |arm: bool| -> Moments {
        let values = y.iter().zip(&treated).filter(|(_, t)| **t == arm);
        Moments::from_slice(&values.map(|(y, _)| *y).collect::<Vec<_>>())
    };
    let welch = welch_t(&arm(true), &arm(false), P95).unwrap();
    assert_row("Neyman", &welch.estimate, &star["difference"], 1e-11);
}

/// Thirteen BCG trials, and rabbits given penicillin at once or later.
#[test]
fn mantel_haenszel_over_published_strata() {
    let reference = from_r();
    for name in ["bcg", "rabbits"] {
        let theirs = &reference[name];
        let strata: Vec<TwoByTwo> = counts(&theirs["counts"])
            .iter()
            .map(|row| table(row))
            .collect();
        let ours = mantel_haenszel(&strata, P95).unwrap();
        for (field, ours) in [
            ("statistic", ours.statistic),
            ("corrected", ours.corrected),
            ("odds_ratio", ours.odds_ratio.estimate.unwrap()),
            ("conf_low", ours.odds_ratio.conf_low.unwrap()),
            ("conf_high", ours.odds_ratio.conf_high.unwrap()),
        ] {
            let what = format!("{name} {field}");
            assert_close(&what, Some(ours), number(&theirs[field]), R_DIGITS);
            if let Some(metafor) = theirs["metafor"].get(field) {
                assert_close(&what, Some(ours), number(metafor), R_DIGITS);
            }
        }
        for (field, ours) in [("p_value", ours.p_value), ("corrected_p", ours.corrected_p)] {
            // Relative in p what is 1e-12 × 136 / 2 in the exponent.
            assert_close(name, Some(ours), number(&theirs[field]), 1e-10);
        }
    }
    let p = number(&reference["rabbits"]["corrected_p"]);
    assert_printed("rabbits", p, "0.047");
}

#[test]
fn each_bcg_trial_has_the_ratios_of_metafor() {
    let bcg = &from_r()["bcg"];
    for (i, row) in counts(&bcg["counts"]).iter().enumerate() {
        let table = table(row);
        for (ours, theirs) in [
            (risk_ratio(&table, P95).unwrap(), &bcg["risk_ratio"][i]),
            (odds_ratio(&table, P95).unwrap(), &bcg["each_odds_ratio"][i]),
        ] {
            let ours = [ours.estimate, ours.conf_low, ours.conf_high];
            for (ours, theirs) in ours.into_iter().zip(numbers(theirs)) {
                assert_close(&format!("trial {i}"), ours, theirs, R_DIGITS);
            }
        }
    }
}

#[test]
fn fishers_test_of_published_tables() {
    let fisher = &from_r()["fisher"];
    for name in ["job", "mehta_patel"] {
        let theirs = &fisher[name];
        let table = Crosstab::new(&counts(&theirs["counts"])).unwrap();
        let ours = fisher_exact_table(&table).unwrap();
        // FEXACT's hash keys merge probabilities at about 1e-7.
        assert_close(name, ours.p_value, number(&theirs["p_value"]), 1e-7);
    }
    let job = number(&fisher["job"]["p_value"]);
    assert_printed("job satisfaction", job, "0.7827");
    let rows = counts(&fisher["tea"]["counts"]).concat();
    let tea = fisher_exact(&table(&rows)).unwrap();
    assert_close("tea", Some(tea.greater), 17.0 / 70.0, CLOSED_FORM);
    assert_printed("tea", tea.greater, "0.2429");
}

#[test]
fn chi_square_and_trend_of_published_tables() {
    let reference = from_r();
    let tables = &reference["tables"];
    let party = Crosstab::new(&counts(&tables["party"]["counts"])).unwrap();
    let ours = pearson_chi_square(&party);
    let theirs = &tables["party"];
    assert_close("party", ours.statistic, number(&theirs["statistic"]), 1e-11);
    assert_close("party", ours.p_value, number(&theirs["p_value"]), 1e-10);
    let theirs = &tables["alzheimer"];
    let smoking = Crosstab::new(&counts(&theirs["counts"])).unwrap();
    let ours = pearson_chi_square(&smoking);
    assert_eq!(ours.df, Some(number(&theirs["df"])));
    assert_close("coin", ours.statistic, number(&theirs["coin"]), 1e-11);
    let theirs = &reference["trend"];
    let job = Crosstab::new(&counts(&theirs["counts"])).unwrap();
    let scores = [1.0, 2.0, 3.0, 4.0];
    let ours = linear_by_linear(&job, &scores, &scores).unwrap();
    assert_close("trend", ours.statistic, number(&theirs["statistic"]), 1e-11);
    assert_close("trend", ours.p_value, number(&theirs["p_value"]), 1e-10);
}

/// Rats that fall off a rotating rod: twelve against twelve, nearly all tied at 300 seconds.
#[test]
fn rank_test_of_the_rotarod() {
    let rats = &from_r()["rotarod"];
    let (treated, control) = (numbers(&rats["treated"]), numbers(&rats["control"]));
    let table = RankTable::from_values(&treated, &control).unwrap();
    let p = |method| mann_whitney(&table, method).unwrap().p_value;
    let exact = p(MannWhitneyMethod::Exact);
    assert_close("exact", exact, number(&rats["exact"]), 1e-11);
    assert_printed("exact", exact.unwrap(), "0.0373");
    let normal = p(MannWhitneyMethod::Normal { continuity: false });
    assert_close("normal", normal, number(&rats["asymptotic"]), 1e-11);
    assert_printed("normal", normal.unwrap(), "0.0147");
}

/// Brunner and Munzel's pain scores.
#[test]
fn brunner_munzel_on_pain_scores() {
    let pain = &from_python()["pain"];
    let (treated, control) = (numbers(&pain["treated"]), numbers(&pain["control"]));
    let table = RankTable::from_values(&treated, &control).unwrap();
    let ours = brunner_munzel(&table).unwrap();
    // scipy counts control above treated as positive.
    let statistic = ours.statistic.map(|t| -t);
    let theirs = [
        number(&pain["statistic"]),
        number(&pain["df"]),
        number(&pain["p_value"]),
    ];
    for ((ours, theirs), printed) in [statistic, ours.df, ours.p_value]
        .into_iter()
        .zip(theirs)
        .zip(list(&pain["printed"]))
    {
        assert_close("pain", ours, theirs, 1e-11);
        assert_printed("pain", ours.unwrap(), printed.as_str().unwrap());
    }
    let ours = probability_of_superiority(&table, P95);
    let theirs = numbers(&pain["superiority"]);
    for (ours, theirs) in [ours.estimate, ours.conf_low, ours.conf_high]
        .into_iter()
        .zip(theirs)
    {
        assert_close("superiority", ours, theirs, 1e-11);
    }
}

/// Newcombe (1998a), Table I, method 3, and (1998b), Table II, methods 10 and 6.
#[test]
fn newcombes_tables() {
    let reference = from_python();
    for case in list(&reference["wilson"]) {
        let (yes, n) = (case["yes"].as_u64().unwrap(), case["n"].as_u64().unwrap());
        let ours = wilson(yes, n, P95).unwrap();
        let what = format!("{yes} of {n}");
        for (i, ours) in [ours.conf_low, ours.conf_high].into_iter().enumerate() {
            assert_close(&what, Some(ours), number(&case["limits"][i]), CLOSED_FORM);
            assert_printed(&what, ours, case["printed"][i].as_str().unwrap());
        }
    }
    for case in list(&reference["newcombe"]) {
        let row: Vec<u64> = numbers(&case["table"]).iter().map(|&n| n as u64).collect();
        let table = table(&row);
        let hybrid = risk_difference(&table, P95).unwrap();
        let score = risk_difference_score(&table, P95).unwrap();
        for (i, (hybrid, score)) in [
            (hybrid.conf_low, score.conf_low),
            (hybrid.conf_high, score.conf_high),
        ]
        .into_iter()
        .enumerate()
        {
            let (hybrid, score) = (hybrid.unwrap(), score.unwrap());
            let what = format!("{row:?}");
            // Limits lie on a scale of one.
            assert!(
                (hybrid - number(&case["hybrid"][i])).abs() < 1e-12,
                "{what}"
            );
            assert_printed(&what, hybrid, case["hybrid_printed"][i].as_str().unwrap());
            assert_printed(&what, score, case["score_printed"][i].as_str().unwrap());
        }
    }
}

/// The vitamin A trial in Sumatra: nobody in the control villages received a capsule.
#[test]
fn vitamin_a() {
    let trial = &from_r()["vitamin"];
    let (mut y, mut d, mut z) = (Vec::new(), Vec::new(), Vec::new());
    for row in counts(&trial["counts"]) {
        for _ in 0..row[3] {
            z.push(row[0] == 1);
            d.push(row[1] as f64);
            y.push(row[2] as f64);
        }
    }
    let n = y.len();
    assert_eq!(n, 23_682);
    let mut instrument = Matrix::new(n);
    instrument.push_flags(&z).unwrap();
    let ours = two_stage(&y, &d, &instrument, &Matrix::new(n), Variance::Hc2, P95).unwrap();
    // Sums of 23,682 terms by other routes.
    let sums = 1e-10;
    assert_row("CACE", &ours.effect, &trial["effect"], sums);
    assert_row("ITT", &ours.reduced_form.unwrap(), &trial["itt"], sums);
    assert_row(
        "share",
        &ours.first_stage.effect.unwrap(),
        &trial["share"],
        sums,
    );
    let ConfidenceSet::Interval { low, high } = ours.anderson_rubin.set else {
        panic!("{:?}", ours.anderson_rubin);
    };
    let theirs = numbers(&trial["anderson_rubin"]);
    // R's root finder stops at 1e-14 of a p-value that moves slowly.
    assert_close("low", Some(low), theirs[0], 1e-8);
    assert_close("high", Some(high), theirs[1], 1e-8);
}

/// Gerber and Green's seven villages: the published p-value; and over all 21 draws the
/// difference is right on average, and Neyman's variance is what the samples say.
#[test]
fn seven_villages() {
    let villages = &from_r()["villages"];
    let treated = flags(&villages["treated"]);
    let observed = numbers(&villages["observed"]);
    let every = Enumeration::new(&treated, None, None, 100)
        .unwrap()
        .unwrap();
    let drawn = Drawn {
        treated: &treated,
        outcomes: &[&observed],
        strata: None,
        clusters: None,
    };
    let all = Extent::All(every.total());
    let done = Randomization::run(&drawn, &every, all, &|_| ()).unwrap();
    let printed = numbers(&villages["printed"]);
    assert_eq!(done.observed(0, Statistic::Difference), Some(printed[0]));
    let p = done.p_value(0, Statistic::Difference).unwrap();
    assert_eq!((p.p_value, p.draws), (8.0 / 21.0, 21));
    assert_printed("p", p.p_value, "0.3809524");

    let (y0, y1) = (numbers(&villages["y0"]), numbers(&villages["y1"]));
    let estimates = numbers(&villages["estimates"]);
    let neyman = numbers(&villages["neyman"]);
    let mut sum = 0.0;
    let pairs = (0..7).flat_map(|a| (a + 1..7).map(move |b| (a, b)));
    for (draw, (a, b)) in pairs.enumerate() {
        let control: Vec<f64> = (0..7)
            .filter(|i| *i != a && *i != b)
            .map(|i| y0[i])
            .collect();
        let treated = Moments::from_slice(&[y1[a], y1[b]]);
        let ours = welch_t(&treated, &Moments::from_slice(&control), P95).unwrap();
        let ours = ours.estimate;
        assert!((ours.estimate - estimates[draw]).abs() < 1e-14);
        let variance = ours.std_error.map(|se| se * se);
        assert_close("variance", variance, neyman[draw], CLOSED_FORM);
        sum += ours.estimate;
    }
    assert!((sum / 21.0 - number(&villages["ate"])).abs() < 1e-14);
}

/// Bell–McCaffrey standard errors and degrees of freedom of growth by diet, chicks as clusters.
#[test]
fn chicks_by_diet() {
    let chicks = &from_r()["chick"];
    let (weight, time) = (numbers(&chicks["weight"]), numbers(&chicks["time"]));
    let diet = numbers(&chicks["diet"]);
    let chick: Vec<usize> = numbers(&chicks["chick"])
        .iter()
        .map(|&c| c as usize)
        .collect();
    let columns: Vec<Vec<f64>> = (1..=4)
        .map(|k| {
            let mine = |d: &f64| *d == f64::from(k);
            diet.iter()
                .zip(&time)
                .map(|(d, t)| if mine(d) { *t } else { 0.0 })
                .collect()
        })
        .collect();
    let design = Matrix::from_columns(weight.len(), &columns).unwrap();
    let clusters = Clusters::new(&chick).unwrap();
    let fit = ols(&weight, &design, Variance::Cr2(&clusters), P95).unwrap();
    for k in 0..4 {
        let ours = fit.coefficient(k).unwrap();
        let at = |field: &str| number(&chicks[field][k]);
        assert_close("slope", Some(ours.estimate), at("estimate"), R_DIGITS);
        assert_close("se", ours.std_error, at("std_error"), 1e-11);
        assert_close("df", ours.df, at("df"), 1e-11);
    }
}

/// NIST's 5000 digits of pi.
#[test]
fn pi_digits() {
    let pi = &from_python()["pi_digits"];
    let digits = pi["digits"].as_str().unwrap().bytes();
    let digits: Vec<f64> = digits.map(|b| f64::from(b - b'0')).collect();
    assert_eq!(digits.len(), 5000);
    let ours = Moments::from_slice(&digits);
    assert_close("mean", ours.mean(), 4.5348, 2e-16);
    let sd: f64 = pi["sd"].as_str().unwrap().parse().unwrap();
    // Certified to 15 digits.
    assert_close("sd", ours.sd(), sd, 2e-15);
}
