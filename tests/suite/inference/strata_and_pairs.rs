//! McNemar and Cochran–Mantel–Haenszel against R.

use fip::stats::contingency::TwoByTwo;
use fip::stats::degenerate::Degenerate;
use fip::stats::infer::Level;
use fip::stats::mantel_haenszel::mantel_haenszel;
use fip::stats::matched_pairs::mcnemar;
use serde_json::Value;

use super::{close, load, number, numbers};

#[test]
fn mcnemar_agrees_with_r() {
    for case in load("inference.json")["mcnemar"].as_array().unwrap() {
        let n = numbers(&case["counts"]);
        let ours = mcnemar(n[0] as u64, n[1] as u64).unwrap();
        for (what, ours) in [
            ("chi_square", ours.chi_square),
            ("p_value", ours.p_value),
            ("corrected", ours.corrected),
            ("corrected_p", ours.corrected_p),
            ("exact_p", ours.exact_p),
            ("mid_p", ours.mid_p),
        ] {
            // R's text has fifteen digits.
            close(what, ours, number(&case[what]), 1e-12);
        }
        let turned = mcnemar(n[1] as u64, n[0] as u64).unwrap();
        assert_eq!((turned.exact_p, turned.mid_p), (ours.exact_p, ours.mid_p));
    }
    assert_eq!(mcnemar(0, 0).unwrap_err(), Degenerate::TooFew);
}

fn tables(value: &Value) -> Vec<TwoByTwo> {
    let strata = value.as_array().unwrap();
    strata
        .iter()
        .map(|n| {
            let n: Vec<u64> = numbers(n).iter().map(|&n| n as u64).collect();
            TwoByTwo {
                treated_yes: n[0],
                treated_no: n[1],
                control_yes: n[2],
                control_no: n[3],
            }
        })
        .collect()
}

/// Berkeley's admissions by department, as in R's help.
#[test]
fn mantel_haenszel_agrees_with_r() {
    let reference = load("inference.json");
    for name in ["ucb", "small"] {
        let theirs = &reference["cmh"][name];
        let ours = mantel_haenszel(&tables(&theirs["counts"]), Level::P95).unwrap();
        for (what, ours) in [
            ("statistic", ours.statistic),
            ("p_value", ours.p_value),
            ("corrected", ours.corrected),
            ("corrected_p", ours.corrected_p),
            ("odds_ratio", ours.odds_ratio.estimate.unwrap()),
            ("conf_low", ours.odds_ratio.conf_low.unwrap()),
            ("conf_high", ours.odds_ratio.conf_high.unwrap()),
        ] {
            close(
                &format!("{name} {what}"),
                ours,
                number(&theirs[what]),
                1e-11,
            );
        }
    }
    let nothing = TwoByTwo {
        treated_yes: 3,
        treated_no: 0,
        control_yes: 2,
        control_no: 0,
    };
    assert_eq!(
        mantel_haenszel(&[nothing], Level::P95).unwrap_err(),
        Degenerate::OneLevel
    );
    let apart = TwoByTwo {
        treated_yes: 3,
        treated_no: 0,
        control_yes: 0,
        control_no: 2,
    };
    assert_eq!(
        mantel_haenszel(&[apart], Level::P95)
            .unwrap()
            .odds_ratio
            .estimate,
        None
    );
}
