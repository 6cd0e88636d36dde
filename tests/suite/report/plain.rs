//! Sentences against the numbers they are made from, over many made-up trials: never a wrong
//! direction, never a claim that the p-value does not carry.

use std::collections::BTreeMap;

use fip::columns::VariableKind;
use fip::release::{Results, release};
use fip::report::plain;
use fip::results::{
    Answer, ArmSize, ArmSummary, Computed, Estimand, Estimate, EstimateRow, Estimator, Evaluation,
    JoinCounts, LevelCount, OutcomeResult, Provenance, TestName, Why,
};
use fip::stats::infer::Level;
use fip::stats::sample::Moments;
use fip::stats::two_sample::welch_t;
use fip::words::Lang::{self, En, Nl};
use proptest::prelude::*;

pub fn arm(name: &str, values: &[f64], levels: Vec<(String, u64)>) -> ArmSummary {
    let n = values.len() as u64;
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    ArmSummary {
        arm: name.to_owned(),
        n,
        missing: 0,
        mean: Some(mean),
        sd: None,
        levels: levels
            .into_iter()
            .map(|(level, count)| LevelCount {
                level,
                count,
                share: Some(count as f64 / n as f64),
            })
            .collect(),
    }
}

pub fn outcome(
    kind: VariableKind,
    arms: Vec<ArmSummary>,
    estimate: Option<Estimate>,
) -> OutcomeResult {
    OutcomeResult {
        name: "werk".to_owned(),
        kind,
        labels: BTreeMap::new(),
        level_labels: BTreeMap::new(),
        family: None,
        primary: false,
        registered: None,
        baseline: None,
        arms,
        excluded: None,
        estimates: estimate
            .map(|value| EstimateRow {
                estimand: Estimand::Itt,
                estimator: Estimator::DifferenceInMeans,
                treated: "fip".to_owned(),
                control: "regulier".to_owned(),
                randomised: true,
                n: 0,
                adjusted_for: Vec::new(),
                se_type: None,
                value,
                instrument: None,
            })
            .into_iter()
            .collect(),
        tests: Vec::new(),
        effect_sizes: Vec::new(),
        answer: estimate.map(answer).into_iter().collect(),
        further: fip::results::Further::default(),
        notes: Vec::new(),
    }
}

/// A difference without an error.
fn flat() -> Estimate {
    Estimate {
        estimate: 0.5,
        std_error: None,
        df: None,
        statistic: None,
        p_value: None,
        conf_low: None,
        conf_high: None,
    }
}

/// An answer with this effect, interval and p-value.
fn answer(value: Estimate) -> Answer {
    Answer {
        treated: "fip".to_owned(),
        control: "regulier".to_owned(),
        estimand: Estimand::Itt,
        estimator: Some(Estimator::DifferenceInMeans),
        test: TestName::WelchT,
        computed: Computed::default(),
        n: 0,
        estimate: Some(value.estimate),
        std_error: value.std_error,
        df: value.df,
        p_value: value.p_value,
        conf_low: value.conf_low,
        conf_high: value.conf_high,
        sd: None,
        adjusted: None,
        why: Why::Design,
        reason: None,
        asked: None,
    }
}

pub fn evaluation(outcomes: Vec<OutcomeResult>) -> Evaluation {
    Evaluation {
        schema: "fip/evaluation/1".to_owned(),
        provenance: Provenance {
            fip_version: "0".to_owned(),
            trial: None,
            language: None,
            synthetic: false,
            min_cell: None,
            inputs: Vec::new(),
        },
        level: 0.95,
        control: "regulier".to_owned(),
        treated: vec!["fip".to_owned()],
        arms: ["fip", "regulier"]
            .map(|arm| ArmSize {
                arm: arm.to_owned(),
                n: 100,
            })
            .to_vec(),
        join: JoinCounts::default(),
        compliance: None,
        balance: Vec::new(),
        costs: None,
        outcomes,
        notes: Vec::new(),
    }
}

fn say(outcome: OutcomeResult, lang: Lang) -> String {
    told(evaluation(vec![outcome]), lang)
}

fn told(evaluation: Evaluation, lang: Lang) -> String {
    let results = Results {
        evaluation: Some(evaluation),
        ..Results::default()
    };
    plain::in_words(&release(results, None).0, lang).remove(0)
}

fn compared(treated: &[f64], control: &[f64]) -> Option<Estimate> {
    welch_t(
        &Moments::from_slice(treated),
        &Moments::from_slice(control),
        Level::P95,
    )
    .ok()
    .map(|both| both.estimate)
}

/// The words of one language that claim something.
struct Words {
    more: [&'static str; 2],
    less: [&'static str; 2],
    claim: &'static str,
    doubt: &'static str,
    not_proof: &'static str,
    estimated: &'static str,
    group: &'static str,
}

fn words(lang: Lang) -> Words {
    match lang {
        Nl => Words {
            more: ["meer", "hoger"],
            less: ["minder", "lager"],
            claim: "zelden voorkomen",
            doubt: "kan toeval zijn",
            not_proof: "bewijst niet dat er geen effect is",
            estimated: "Geschat verschil: ",
            group: " in de groep 'fip'.",
        },
        En => Words {
            more: ["higher", "higher"],
            less: ["lower", "lower"],
            claim: "rarely occur",
            doubt: "may be chance",
            not_proof: "does not prove that there is no effect",
            estimated: "Estimated difference: ",
            group: " in the group 'fip'.",
        },
    }
}

/// Holds a sentence against the estimate; what it says is read from the text alone.
fn check(
    text: &str,
    estimate: &Estimate,
    none: bool,
    lang: Lang,
) -> std::result::Result<(), TestCaseError> {
    let words = words(lang);
    let (Some(p), Some(low), Some(high)) =
        (estimate.p_value, estimate.conf_low, estimate.conf_high)
    else {
        prop_assert!(!text.contains(words.claim), "{text}");
        return Ok(());
    };
    let significant = p < 0.05;
    prop_assert_eq!(
        text.contains(words.claim),
        significant,
        "{} (p = {})",
        text,
        p
    );
    prop_assert_eq!(text.contains(words.not_proof), !significant, "{}", text);
    if none {
        prop_assert!(!text.contains(words.estimated), "{text}");
        return Ok(());
    }
    prop_assert_eq!(text.contains(words.doubt), !significant, "{}", text);
    let said = text
        .split_once(words.estimated)
        .and_then(|(_, rest)| rest.split_once(words.group));
    let said = said.map(|(said, _)| said).unwrap_or_default();
    let any = |list: [&str; 2]| list.iter().any(|word| said.contains(word));
    prop_assert_eq!(
        (any(words.more), any(words.less)),
        (estimate.estimate > 0.0, estimate.estimate < 0.0),
        "{}",
        text
    );
    // Nothing that is not zero is printed as zero.
    let digits = |text: &str| text.chars().any(|c| ('1'..='9').contains(&c));
    prop_assert!(digits(said), "{text}");
    // The interval has both directions exactly where it crosses zero.
    let ends = text
        .split_once(" tussen ")
        .or_else(|| text.split_once(" between "))
        .map(|(_, rest)| rest);
    let ends = ends
        .and_then(|rest| rest.split_once(" (95%"))
        .map(|(ends, _)| ends)
        .unwrap_or_default();
    let any = |list: [&str; 2]| list.iter().any(|word| ends.contains(word));
    prop_assert_eq!(
        (any(words.more), any(words.less)),
        (high > 0.0, low < 0.0),
        "{}",
        text
    );
    Ok(())
}

fn binary(yes: u64, n: u64) -> (Vec<f64>, Vec<(String, u64)>) {
    let values = (0..n)
        .map(|person| f64::from(u8::from(person < yes)))
        .collect();
    (
        values,
        vec![("0".to_owned(), n - yes), ("1".to_owned(), yes)],
    )
}

/// The two whole numbers of 'x of every y people, against z'.
fn rates(text: &str) -> Option<(u64, u64)> {
    let before = |mark: &str, text: &str| -> Option<u64> {
        let (head, _) = text.split_once(mark)?;
        head.rsplit(' ').next()?.parse().ok()
    };
    let one = before(" van elke ", text).or_else(|| before(" of every ", text))?;
    let (_, rest) = text
        .split_once(", tegen ")
        .or_else(|| text.split_once(", against "))?;
    let other = rest
        .split(' ')
        .next()?
        .replace(['.', ','], "")
        .parse()
        .ok()?;
    Some((one, other))
}

fn without_thousands(text: &str) -> String {
    text.replace("10.000", "10000").replace("10,000", "10000")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, rng_seed: proptest::test_runner::RngSeed::Fixed(20_170_301), ..ProptestConfig::default() })]

    #[test]
    fn shares_are_told_as_they_are(
        n1 in 2_u64..3000, n0 in 2_u64..3000, share1 in 0.0_f64..=1.0, near in -0.2_f64..0.2, equal in any::<bool>(),
    ) {
        let k1 = (share1 * n1 as f64) as u64;
        let share0 = if equal { share1 } else { (share1 + near).clamp(0.0, 1.0) };
        let k0 = (share0 * n0 as f64) as u64;
        let (one, levels1) = binary(k1, n1);
        let (other, levels0) = binary(k0, n0);
        let estimate = compared(&one, &other);
        let arms = vec![arm("regulier", &other, levels0), arm("fip", &one, levels1)];
        for lang in Lang::ALL {
            let Some(estimate) = estimate else { continue };
            let text = without_thousands(&say(outcome(VariableKind::Binary, arms.clone(), Some(estimate)), lang));
            check(&text, &estimate, k1 * n0 == k0 * n1, lang)?;
            let (told, against) = rates(&text).expect("two rates");
            // In whole numbers: k1/n1 against k0/n0.
            let order = (k1 * n0).cmp(&(k0 * n1));
            let close = (k1 as f64 / n1 as f64 - k0 as f64 / n0 as f64).abs() < 1e-4;
            prop_assert!(told.cmp(&against) == order || (close && told == against), "{text}");
        }
    }

    #[test]
    fn means_are_told_as_they_are(
        one in prop::collection::vec(-50_i32..50, 3..60),
        other in prop::collection::vec(-50_i32..50, 3..60),
        shift in -30_i32..30,
        power in -6_i32..7,
        ordinal in any::<bool>(),
    ) {
        let unit = 10_f64.powi(power);
        let scaled = |values: &[i32], shift: i32| -> Vec<f64> {
            values.iter().map(|value| f64::from(value + shift) * unit).collect()
        };
        let whole = (one, other);
        let (one, other) = (scaled(&whole.0, shift), scaled(&whole.1, 0));
        let Some(estimate) = compared(&one, &other) else { return Ok(()) };
        let kind = if ordinal { VariableKind::Ordinal } else { VariableKind::Numeric };
        let levels = || if ordinal { vec![("laag".to_owned(), 1), ("hoog".to_owned(), 1)] } else { Vec::new() };
        let arms = vec![arm("fip", &one, levels()), arm("regulier", &other, levels())];
        for lang in Lang::ALL {
            let text = say(outcome(kind, arms.clone(), Some(estimate)), lang);
            // The same sum over the same number of people.
            let total = |values: &[i32], shift: i32| values.iter().map(|v| i64::from(v + shift)).sum::<i64>();
            let none = total(&whole.0, shift) * whole.1.len() as i64 == total(&whole.1, 0) * whole.0.len() as i64;
            check(&text, &estimate, none, lang)?;
        }
    }
}

#[test]
fn the_sentence_of_a_pilot() {
    // 29 of 360 against 27 of 668, as printed for volunteering in the first pilot.
    let (one, levels1) = binary(29, 360);
    let (other, levels0) = binary(27, 668);
    let arms = vec![arm("fip", &one, levels1), arm("regulier", &other, levels0)];
    let text = say(
        outcome(VariableKind::Binary, arms, compared(&one, &other)),
        Nl,
    );
    assert_eq!(
        text,
        "werk: dit gold voor 8 van elke 100 mensen in de groep 'fip', tegen 4 in de groep 'regulier'. Geschat verschil: \
         4,0 procentpunt meer in de groep 'fip'. Door toeval alleen zou zo'n groot verschil zelden voorkomen (p = 0,014). \
         De gegevens passen bij een werkelijk verschil tussen 0,8 en 7,2 procentpunt meer \
         (95%-betrouwbaarheidsinterval)."
    );
}

#[test]
fn categories_have_no_direction() {
    for (p, claim) in [(0.003, true), (0.3, false)] {
        let mut outcome = outcome(
            VariableKind::Categorical,
            vec![
                arm("fip", &[1.0], Vec::new()),
                arm("regulier", &[1.0], Vec::new()),
            ],
            None,
        );
        outcome.answer.push(Answer {
            estimator: None,
            test: TestName::PearsonChiSquare,
            estimate: None,
            p_value: Some(p),
            ..answer(flat())
        });
        for lang in Lang::ALL {
            let text = say(outcome.clone(), lang);
            let words = words(lang);
            assert_eq!(text.contains(words.claim), claim, "{text}");
            assert!(
                !words
                    .more
                    .iter()
                    .chain(&words.less)
                    .any(|word| text.contains(word)),
                "{text}"
            );
        }
    }
}

#[test]
fn what_cannot_be_tested_is_not_claimed() {
    let flat = flat();
    let arms = vec![
        arm("fip", &[1.5], Vec::new()),
        arm("regulier", &[1.0], Vec::new()),
    ];
    let text = say(outcome(VariableKind::Numeric, arms.clone(), Some(flat)), Nl);
    assert!(
        text.contains("niet te toetsen") && text.contains("hoger"),
        "{text}"
    );
    let text = say(outcome(VariableKind::Numeric, arms, None), En);
    assert!(text.contains("nothing can be said"), "{text}");
}

#[test]
fn a_lax_level_is_named_as_such() {
    let (one, levels1) = binary(20, 100);
    let (other, levels0) = binary(30, 100);
    let arms = vec![arm("fip", &one, levels1), arm("regulier", &other, levels0)];
    let level = Level::new(0.8).unwrap();
    let estimate = welch_t(
        &Moments::from_slice(&one),
        &Moments::from_slice(&other),
        level,
    )
    .unwrap()
    .estimate;
    let mut evaluation = evaluation(vec![outcome(VariableKind::Binary, arms, Some(estimate))]);
    evaluation.level = 0.8;
    let text = told(evaluation, Nl);
    assert!(estimate.p_value.unwrap() > 0.05, "{estimate:?}");
    assert!(
        text.contains("minder dan 20% van de gevallen") && !text.contains("zelden"),
        "{text}"
    );
}
