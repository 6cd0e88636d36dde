//! Tests worked out from printed summaries, against scipy.

use fip::audit::rounding::Printed;
use fip::audit::span::Span;
use fip::audit::statistic_p::{self, Reference, Tails};
use fip::audit::summary_test::{self, Summary, Variant};
use serde_json::Value;

fn reference() -> Value {
    serde_json::from_str(include_str!("../../reference/audit.json")).unwrap()
}

fn close(found: Span, expected: &Value) {
    let expected = expected.as_f64().unwrap();
    // Closed forms, but for the slack that the spans carry on either side.
    let tolerance = 1e-10 * expected.abs();
    assert!(
        (found.low - expected).abs() <= tolerance && (found.high - expected).abs() <= tolerance,
        "{found:?} {expected}"
    );
}

#[test]
fn t_from_summaries() {
    for row in reference()["summaries"].as_array().unwrap() {
        let arm = |i: usize| {
            let at = |j: usize| row["arms"][i][j].as_f64().unwrap();
            Summary {
                n: at(0) as u64,
                mean: Span::point(at(1)),
                sd: Span::point(at(2)),
            }
        };
        for (name, variant) in [("welch", Variant::Welch), ("student", Variant::Student)] {
            let range = summary_test::t_range(variant, arm(0), arm(1)).unwrap();
            close(range.statistic.unwrap(), &row[name]["t"]);
            close(range.p, &row[name]["p"]);
        }
    }
}

#[test]
fn chi_square_and_fisher_from_counts() {
    for row in reference()["tables"].as_array().unwrap() {
        let table: Vec<Vec<u64>> = serde_json::from_value(row["table"].clone()).unwrap();
        let names = [
            ("pearson", Variant::Pearson),
            ("yates", Variant::Yates),
            ("likelihood", Variant::LikelihoodRatio),
        ];
        for (name, variant) in names {
            let found = summary_test::counts_test(variant, &table);
            let Some(expected) = row.get(name) else {
                assert_eq!(found, None);
                continue;
            };
            let found = found.unwrap();
            close(found.statistic.unwrap(), &expected["statistic"]);
            close(found.df.unwrap(), &expected["df"]);
            close(found.p, &expected["p"]);
        }
        let fisher = summary_test::counts_test(Variant::Fisher, &table);
        assert_eq!(fisher.is_some(), row.get("fisher").is_some());
        if let Some(found) = fisher {
            close(found.p, &row["fisher"]["p"]);
        }
    }
}

#[test]
fn p_from_a_statistic() {
    for row in reference()["statistics"].as_array().unwrap() {
        let df = row["df"].as_f64().unwrap_or(0.0);
        let reference = match row["kind"].as_str().unwrap() {
            "t" => Reference::T { df },
            "chi2" => Reference::ChiSquare { df },
            _ => Reference::Normal,
        };
        let p =
            statistic_p::p_range(reference, Span::point(row["value"].as_f64().unwrap())).unwrap();
        close(p, &row["p"]);
    }
    assert_eq!(
        statistic_p::p_range(Reference::T { df: 0.0 }, Span::point(1.0)),
        None
    );
}

/// Nuijten et al. (2016) ask whether t(28) = 2.20 can have p = .03, allowing for rounding of the 2.20; half
/// of it is what a one-sided test gives.
#[test]
fn a_statistic_as_printed_has_a_range_of_p() {
    let span = |text: &str| Printed::parse(text).unwrap().span();
    let p = statistic_p::p_range(Reference::T { df: 28.0 }, span("2.20")).unwrap();
    assert!(p.overlaps(span(".036")) && !p.overlaps(span(".030")));
    assert_eq!(statistic_p::other_tails(p, span(".018")), Some(Tails::One));
    assert_eq!(
        statistic_p::other_tails(p, span(".072")),
        Some(Tails::Doubled)
    );
    assert_eq!(statistic_p::other_tails(p, span(".036")), None);
}

/// Everything that rounds to the printed summaries lies in the range, and its ends are reached.
#[test]
fn the_range_of_t_holds_every_rounding() {
    let span = |text: &str| Printed::parse(text).unwrap().span();
    let arm = |n, mean, sd| Summary {
        n,
        mean: span(mean),
        sd: span(sd),
    };
    let (a, b) = (arm(12, "3.1", "1.2"), arm(20, "2.4", "0.9"));
    for variant in [Variant::Welch, Variant::Student] {
        let range = summary_test::t_range(variant, a, b).unwrap();
        let mut seen = Span::new(f64::INFINITY, 0.0);
        for i in 0..=4 {
            for j in 0..=4 {
                for k in 0..=4 {
                    for l in 0..=4 {
                        let at = |s: Span, step: i32| {
                            Span::point(s.low + s.width() * f64::from(step) / 4.0)
                        };
                        let x = Summary {
                            n: a.n,
                            mean: at(a.mean, i),
                            sd: at(a.sd, j),
                        };
                        let y = Summary {
                            n: b.n,
                            mean: at(b.mean, k),
                            sd: at(b.sd, l),
                        };
                        let one = summary_test::t_range(variant, x, y).unwrap();
                        let (t, p, df) = (one.statistic.unwrap(), one.p, one.df.unwrap());
                        assert!(range.statistic.unwrap().contains(t.middle()));
                        assert!(range.df.unwrap().outward().contains(df.middle()));
                        assert!(range.p.contains(p.middle()));
                        seen = Span::new(seen.low.min(t.low), seen.high.max(t.high));
                    }
                }
            }
        }
        let t = range.statistic.unwrap();
        assert!((seen.low - t.low).abs() < 1e-9 && (seen.high - t.high).abs() < 1e-9);
    }
    assert_eq!(
        summary_test::t_range(Variant::Welch, arm(1, "3.1", "1.2"), b),
        None
    );
    assert_eq!(
        summary_test::t_range(
            Variant::Student,
            arm(5, "0.00", "0.0"),
            arm(5, "0.00", "0.0")
        )
        .map(|r| r.p.high),
        Some(1.0)
    );
}
