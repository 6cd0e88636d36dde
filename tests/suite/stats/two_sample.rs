//! Welch, Student, Levene and the paired t-test against R and car.

use fip::results::Estimate;
use fip::stats::degenerate::Degenerate;
use fip::stats::infer::Level;
use fip::stats::sample::Moments;
use fip::stats::two_sample::{Centre, levene, paired_t, student_t, welch_t};

use super::{CLOSED_FORM, Number, assert_close, floats};

#[derive(serde::Deserialize)]
struct Reference {
    cases: Vec<Case>,
    paired_sleep: TTest,
    levene_three: LeveneThree,
}

#[derive(serde::Deserialize)]
struct Case {
    name: Vec<String>,
    treated: Vec<Number>,
    control: Vec<Number>,
    welch: TTest,
    welch99: TTest,
    student: TTest,
    levene_mean: Levene,
    levene_median: Levene,
}

#[derive(serde::Deserialize)]
struct TTest {
    estimate: Number,
    std_error: Number,
    df: Number,
    statistic: Number,
    p_value: Number,
    conf_low: Number,
    conf_high: Number,
}

#[derive(serde::Deserialize)]
struct Levene {
    statistic: Number,
    df: Number,
    df2: Number,
    p_value: Number,
}

#[derive(serde::Deserialize)]
struct LeveneThree {
    groups: Vec<Vec<Number>>,
    #[serde(flatten)]
    test: Levene,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("../../reference/two_sample.json")).unwrap()
}

/// R works with unshifted sums, so differences of means carry its rounding: 1e-11. Its pt
/// is good to about 1e-12 near the centre and 1e-11 in far tails.
const R_DIGITS: f64 = 1e-11;

#[track_caller]
fn check(what: &str, ours: &Estimate, theirs: &TTest) {
    assert_close(what, Some(ours.estimate), theirs.estimate.0, R_DIGITS);
    assert_close(what, ours.std_error, theirs.std_error.0, CLOSED_FORM);
    assert_close(what, ours.df, theirs.df.0, CLOSED_FORM);
    assert_close(what, ours.statistic, theirs.statistic.0, R_DIGITS);
    assert_close(what, ours.p_value, theirs.p_value.0, 1e-10);
    assert_close(what, ours.conf_low, theirs.conf_low.0, R_DIGITS);
    assert_close(what, ours.conf_high, theirs.conf_high.0, R_DIGITS);
}

fn codes(groups: &[Vec<f64>]) -> (Vec<f64>, Vec<u32>) {
    let values = groups.concat();
    let codes = groups
        .iter()
        .zip(0..)
        .flat_map(|(group, code)| std::iter::repeat_n(code, group.len()))
        .collect();
    (values, codes)
}

#[test]
fn t_tests_agree_with_r() {
    for case in reference().cases {
        let name = &case.name[0];
        let treated = Moments::from_slice(&floats(&case.treated));
        let control = Moments::from_slice(&floats(&case.control));
        let welch = welch_t(&treated, &control, Level::P95).unwrap();
        check(name, &welch.estimate, &case.welch);
        assert_eq!(welch.test.statistic, welch.estimate.statistic);
        let wide = welch_t(&treated, &control, Level::new(0.99).unwrap()).unwrap();
        check(name, &wide.estimate, &case.welch99);
        let student = student_t(&treated, &control, Level::P95).unwrap();
        check(name, &student.estimate, &case.student);
    }
}

#[track_caller]
fn check_levene(what: &str, values: &[Vec<f64>], centre: Centre, theirs: &Levene) {
    let (values, codes) = codes(values);
    let ours = levene(&values, &codes, 3, centre).unwrap().unwrap();
    assert_eq!((ours.df, ours.df2), (Some(theirs.df.0), Some(theirs.df2.0)));
    assert_close(what, ours.statistic, theirs.statistic.0, 1e-10);
    assert_close(what, ours.p_value, theirs.p_value.0, 1e-10);
}

#[test]
fn levene_agrees_with_car() {
    let reference = reference();
    for case in &reference.cases {
        // Two values have one distance from their centre, so no spread at all; 1e-160
        // squared is 0.
        if ["two_each", "tiny_scale"].contains(&case.name[0].as_str()) {
            continue;
        }
        let groups = [floats(&case.treated), floats(&case.control)];
        check_levene(&case.name[0], &groups, Centre::Mean, &case.levene_mean);
        check_levene(&case.name[0], &groups, Centre::Median, &case.levene_median);
    }
    let three: Vec<Vec<f64>> = reference
        .levene_three
        .groups
        .iter()
        .map(|g| floats(g))
        .collect();
    check_levene("three", &three, Centre::Mean, &reference.levene_three.test);
}

#[test]
fn paired_t_agrees_with_r_on_sleep() {
    let reference = reference();
    let sleep = reference
        .cases
        .iter()
        .find(|c| c.name[0] == "sleep")
        .unwrap();
    let differences: Vec<f64> = floats(&sleep.treated)
        .iter()
        .zip(floats(&sleep.control))
        .map(|(a, b)| a - b)
        .collect();
    let ours = paired_t(&Moments::from_slice(&differences), Level::P95).unwrap();
    check("paired sleep", &ours, &reference.paired_sleep);
}

#[test]
fn degenerate_samples_get_a_reason() {
    let of = Moments::from_slice;
    let level = Level::P95;
    let some = of(&[1.0, 2.0, 4.0]);
    for few in [of(&[]), of(&[5.0])] {
        assert_eq!(welch_t(&few, &some, level), Err(Degenerate::TooFew));
        assert_eq!(welch_t(&some, &few, level), Err(Degenerate::TooFew));
        assert_eq!(paired_t(&few, level), Err(Degenerate::TooFew));
    }
    assert_eq!(student_t(&of(&[]), &some, level), Err(Degenerate::TooFew));
    assert_eq!(
        student_t(&of(&[1.0]), &of(&[2.0]), level),
        Err(Degenerate::TooFew)
    );
    // One value against three: Student has two degrees of freedom, as in R.
    let student = student_t(&of(&[5.0]), &some, level).unwrap();
    assert_eq!(student.test.df, Some(2.0));
    let constant = of(&[3.0; 4]);
    assert_eq!(
        welch_t(&constant, &of(&[7.0; 5]), level),
        Err(Degenerate::NoVariance)
    );
    assert_eq!(
        student_t(&constant, &constant, level),
        Err(Degenerate::NoVariance)
    );
    let huge = of(&[1e200, -1e200, 5.0]);
    assert_eq!(welch_t(&huge, &some, level), Err(Degenerate::NotFinite));
    let levene = |values: &[f64], codes: &[u32]| levene(values, codes, 2, Centre::Mean).unwrap();
    assert_eq!(levene(&[1.0, 2.0], &[0, 0]), Err(Degenerate::OneLevel));
    assert_eq!(levene(&[1.0, 2.0], &[0, 1]), Err(Degenerate::TooFew));
    assert_eq!(
        levene(&[1.0, 1.0, 2.0], &[0, 0, 1]),
        Err(Degenerate::NoVariance)
    );
}
