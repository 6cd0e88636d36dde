//! The pure kernels: rounding, percentages, GRIM, DEBIT, GRIMMER, totals, distributions.

use fip::audit::debit::{self, Divisor};
use fip::audit::digits::{self, Edit};
use fip::audit::grimmer::{self, Feasible, Scale};
use fip::audit::ordinal::{self, Level};
use fip::audit::percentage::{self, ColumnCell};
use fip::audit::ratio::Ratio;
use fip::audit::rounding::{Convention, Printed, admissible};
use fip::audit::span::Span;
use fip::audit::total::{self, Group};
use fip::audit::{grim, parts};

fn printed(text: &str) -> Printed {
    Printed::parse(text).unwrap()
}

fn ratio(num: i128, den: i128) -> Ratio {
    Ratio::new(num, den).unwrap()
}

#[test]
fn fractions_compare_exactly_where_doubles_cannot() {
    let near = ratio(10i128.pow(30) + 1, 10i128.pow(30));
    assert!(near > Ratio::integer(1));
    assert!(ratio(-1, 3) > ratio(-334, 1000));
    assert!(ratio(2, 4) == ratio(1, 2));
    assert_eq!(ratio(-7, 2).floor(), -4);
    assert_eq!(ratio(-7, 2).ceil(), -3);
    assert_eq!(Ratio::new(1, 0), None);
}

#[test]
fn the_ends_of_what_rounds_to_a_number_depend_on_the_convention() {
    let tie = ratio(25, 1000); // 0.025
    let contains = |text: &str, convention| admissible(printed(text), convention).contains(tie);
    assert!(contains("0.03", Convention::HalfUp) && !contains("0.02", Convention::HalfUp));
    assert!(contains("0.02", Convention::HalfEven) && !contains("0.03", Convention::HalfEven));
    assert!(
        contains("0.02", Convention::HalfUpOrEven) && contains("0.03", Convention::HalfUpOrEven)
    );
    assert!(contains("0.02", Convention::Truncation) && !contains("0.03", Convention::Truncation));
    // 0.0246 becomes 0.025 and then 0.03.
    let twice = ratio(246, 10000);
    assert!(admissible(printed("0.03"), Convention::RoundedTwice).contains(twice));
    assert!(!admissible(printed("0.02"), Convention::RoundedTwice).contains(twice));
    assert!(admissible(printed("-0.03"), Convention::RoundedTwice).contains(ratio(-246, 10000)));
    let minus = ratio(-25, 1000);
    assert!(admissible(printed("-0.03"), Convention::HalfUp).contains(minus));
    assert!(!admissible(printed("-0.02"), Convention::HalfUp).contains(minus));
    assert!(admissible(printed("0.00"), Convention::HalfUpOrEven).contains(ratio(-1, 200)));
    assert!(!admissible(printed("0.0"), Convention::Truncation).contains(ratio(1, 10)));
}

#[test]
fn printed_digits_are_kept() {
    assert_ne!(printed("0.50"), printed("0,5"));
    assert_eq!(printed(".05"), printed("0.05"));
    assert_eq!(Printed::parse("1.2.3"), None);
    assert_eq!(Printed::parse(""), None);
    assert_eq!(Printed::parse("123456789012345678901"), None);
    assert_eq!(printed("60,1").hundredth(), Printed::new(601, 3));
}

/// Every k, n and number of decimals: the printed percentage, worked out with integers, must fit, and
/// no other printed percentage may.
#[test]
fn a_percentage_fits_its_own_count_and_no_other() {
    for n in [1, 2, 3, 7, 8, 12, 16, 40u64] {
        for k in 0..=n {
            for decimals in 0..=2u32 {
                let unit = 100 * 10i128.pow(decimals);
                for mantissa in 0..=unit {
                    let share =
                        percentage::share(Printed::new(mantissa, decimals).unwrap()).unwrap();
                    // |unit·k/n − mantissa| ≤ 1/2
                    let off = 2 * (unit * i128::from(k) - mantissa * i128::from(n)).abs();
                    if decimals < 2 || off <= 4 * i128::from(n) {
                        assert_eq!(
                            percentage::fits(k, n, &share),
                            off <= i128::from(n),
                            "{k}/{n} {mantissa}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn the_n_that_fits_is_found_by_trying_all() {
    for text in ["0.7", "33", "3.3", "60.1", "0", "100", "12.50"] {
        let share = percentage::share(printed(text)).unwrap();
        for count in 0..60u64 {
            let fitting: Vec<u64> = (1..=900)
                .filter(|&n| count <= n && percentage::fits(count, n, &share))
                .collect();
            let found = percentage::denominators(count, &share, 900);
            assert_eq!(
                found,
                fitting.first().copied().zip(fitting.last().copied()),
                "{count} {text}"
            );
        }
    }
}

#[test]
fn a_column_gives_away_its_denominator() {
    let cells = |texts: &[&str]| -> Vec<ColumnCell> {
        let cell = |t: &&str| ColumnCell {
            share: percentage::share(printed(t)).unwrap(),
            count: None,
        };
        texts.iter().map(cell).collect()
    };
    // 5, 11, 20 of 36
    let column = cells(&["13.9", "30.6", "55.6"]);
    assert_eq!(
        percentage::common_denominators(&column, true, 2, 80),
        [36, 72]
    );
    let shares: Vec<_> = column.iter().map(|c| c.share).collect();
    assert!(percentage::whole(&shares, 36) && !percentage::whole(&shares, 37));
}

/// Brown & Heathers (2017), figure 1: of the means from 5.19 on at n = 28, these are possible.
#[test]
fn grim_published_example() {
    let possible =
        |mean: i128, n: u64| grim::possible(&Printed::new(mean, 2).unwrap().admissible(), n, 1);
    let passing: Vec<i128> = (519..=530).filter(|&mean| possible(mean, 28)).collect();
    assert_eq!(passing, [521, 525, 529]);
    // The documentation of the R package scrutiny: grim("5.27", 43), and its data set pigs1.
    assert!(!possible(527, 43));
    assert!(possible(722, 32));
    assert!(!possible(474, 25) && !possible(523, 29) && !possible(257, 24));
}

#[test]
fn grim_with_several_items() {
    // Three items, ten people: multiples of 1/30.
    let mean = printed("3.43").admissible();
    assert_eq!(grim::sums(&mean, 10, 3), Some((103, 103)));
    assert!(!grim::possible(&mean, 10, 1));
}

#[test]
fn debit_published_example() {
    // The documentation of scrutiny: debit("0.35", "0.18", n = 20) and ("0.36", "0.11", 20) are impossible.
    let possible = |mean, sd, n| debit::possible(printed(mean), printed(sd), n, Divisor::Sample);
    assert!(!possible("0.35", "0.18", 20));
    assert!(!possible("0.36", "0.11", 20));
    assert!(possible("0.35", "0.49", 20));
    assert!(!debit::possible(
        printed("0.35"),
        printed("0.49"),
        20,
        Divisor::Population
    ));
}

/// Whether 2|unit·a/b − m| ≤ 1: a value that rounds to m either way at a tie.
fn rounds(a: i128, b: i128, unit: i128, m: i128) -> bool {
    2 * (unit * a - m * b).abs() <= b
}

/// Every sample there is, for small n and scales: what it prints must be possible, and nothing else.
#[test]
fn grimmer_agrees_with_every_sample() {
    for (low, high, most_n) in [
        (1i64, 5i64, 6u64),
        (0, 2, 9),
        (0, 1, 12),
        (1, 7, 4),
        (-2, 1, 6),
    ] {
        for n in 2..=most_n {
            let mut achieved = std::collections::BTreeSet::new();
            each_sample(low, high, n, &mut |sum, squares| {
                let n = i128::from(n);
                for mean in 10 * sum / n - 1..=10 * sum / n + 1 {
                    if !rounds(sum, n, 10, mean) {
                        continue;
                    }
                    let spread = n * squares - sum * sum; // n(n − 1)s²
                    for sd in 0..=10 * i128::from(high - low) {
                        let at = |end: i128| end * end * n * (n - 1);
                        let above = sd == 0 || at(2 * sd - 1) <= 400 * spread;
                        if above && 400 * spread <= at(2 * sd + 1) {
                            achieved.insert((mean, sd));
                        }
                    }
                }
            });
            for mean in 10 * i128::from(low)..=10 * i128::from(high) {
                for sd in 0..=10 * i128::from(high - low) {
                    let interval = |m| Printed::new(m, 1).unwrap().admissible();
                    let found = grimmer::search(
                        &interval(mean),
                        &interval(sd),
                        n,
                        1,
                        Some(Scale { low, high }),
                        Divisor::Sample,
                    );
                    assert_ne!(found, Feasible::Unknown);
                    assert_eq!(
                        !found.is_impossible(),
                        achieved.contains(&(mean, sd)),
                        "n {n} on {low}–{high}: mean {mean}/10, SD {sd}/10, {found:?}"
                    );
                }
            }
        }
    }
}

fn each_sample(low: i64, high: i64, n: u64, visit: &mut dyn FnMut(i128, i128)) {
    fn go(
        value: i64,
        high: i64,
        left: u64,
        sum: i128,
        squares: i128,
        visit: &mut dyn FnMut(i128, i128),
    ) {
        if left == 0 {
            return visit(sum, squares);
        }
        for next in value..=high {
            let x = i128::from(next);
            go(next, high, left - 1, sum + x, squares + x * x, visit);
        }
    }
    go(low, high, n, 0, 0, visit);
}

/// Without a scale: from five values on every sum of squares of the right parity occurs; below five the
/// search goes through the values.
#[test]
fn without_a_scale_every_whole_number_may_occur() {
    for n in 2..=7u64 {
        let mut seen = std::collections::BTreeSet::new();
        // Squares up to 48 are complete with values from −7 to 7.
        each_sample(-6, 6, n, &mut |sum, squares| {
            if (0..n as i128).contains(&sum) && squares <= 48 {
                seen.insert((sum, squares));
            }
        });
        for sum in 0..n as i128 {
            for squares in 0..=48i128 {
                let spread = (n as i128 * squares - sum * sum) as f64;
                if spread < 0.0 {
                    continue;
                }
                let mean = Printed::round(sum as f64 / n as f64, 9)
                    .unwrap()
                    .admissible();
                let sd = (spread / (n * (n - 1)) as f64).sqrt();
                let sd = Printed::round(sd, 7).unwrap().admissible();
                let found = grimmer::search(&mean, &sd, n, 1, None, Divisor::Sample);
                assert_eq!(
                    matches!(found, Feasible::Yes { .. }),
                    seen.contains(&(sum, squares)),
                    "{n} {sum} {squares}"
                );
            }
        }
    }
}

#[test]
fn grimmer_gives_no_false_alarm() {
    let search = |mean, sd, n, scale| {
        let (mean, sd) = (printed(mean).admissible(), printed(sd).admissible());
        grimmer::search(&mean, &sd, n, 1, scale, Divisor::Sample)
    };
    let five = Some(Scale { low: 1, high: 5 });
    assert!(matches!(
        search("3.63", "0.75", 120, five),
        Feasible::Yes { .. }
    ));
    assert_eq!(search("3.44", "2.47", 18, five), Feasible::NoSd); // wider than the scale allows
    assert_eq!(search("3.45", "1.20", 18, five), Feasible::NoMean);
    // Documentation of scrutiny: grimmer("7.3", "2.51", 12) is impossible whatever the scale.
    assert!(search("7.3", "2.51", 12, None).is_impossible());
    // Huge numbers are given up, not called impossible.
    assert!(!search("100000.0", "1.1", 10, None).is_impossible());
}

#[test]
fn misprints_are_told_apart() {
    let classify = |a, b| digits::classify(printed(a), printed(b));
    assert_eq!(classify("28.12", "48.12"), Some(Edit::OneDigit));
    assert_eq!(classify("123", "132"), Some(Edit::Transposed));
    assert_eq!(classify("0.58714", "0.058714"), Some(Edit::SlippedDecimal));
    assert_eq!(classify("45", "450"), Some(Edit::SlippedDecimal));
    assert_eq!(classify("338", "668"), Some(Edit::TwoDigits));
    assert_eq!(classify("1028", "128"), Some(Edit::Length));
    assert_eq!(classify("12", "34"), None);
    assert_eq!(classify("0.5", "0.5"), None);
    let edits = digits::edits(printed("12"), false);
    assert!(
        edits.contains(&(printed("21"), Edit::Transposed))
            && edits.contains(&(printed("2"), Edit::OneDigit))
    );
}

#[test]
fn a_total_is_bounded_by_its_groups() {
    let group = |n, mean: &str, sd: &str| Group {
        n,
        mean: printed(mean).span(),
        sd: Some(printed(sd).span()),
    };
    let groups = [group(4, "2.0", "1.0"), group(6, "3.0", "2.0")];
    let mean = total::mean(&groups).unwrap();
    assert!((mean.low - 2.55).abs() < 1e-9 && (mean.high - 2.65).abs() < 1e-9);
    // Sampled from inside the box, every SD lies within the range, and the range is no wider than needed.
    let range = total::sd(&groups, Divisor::Sample).unwrap();
    let mut seen = Span::new(f64::INFINITY, 0.0);
    let steps = [-0.05, -0.025, 0.0, 0.025, 0.05];
    for a in steps {
        for b in steps {
            for c in steps {
                for d in steps {
                    let ((m1, s1), (m2, s2)) = ((2.0 + a, 1.0 + b), (3.0 + c, 2.0 + d));
                    let m = (4.0 * m1 + 6.0 * m2) / 10.0;
                    let squares = 3.0 * s1 * s1
                        + 5.0 * s2 * s2
                        + 4.0 * f64::powi(m1 - m, 2)
                        + 6.0 * f64::powi(m2 - m, 2);
                    let sd = f64::sqrt(squares / 9.0);
                    assert!(range.contains(sd));
                    seen = Span::new(seen.low.min(sd), seen.high.max(sd));
                }
            }
        }
    }
    assert!((seen.low - range.low).abs() < 1e-9 && (seen.high - range.high).abs() < 1e-9);
    assert_eq!(total::mean(&[]), None);
}

#[test]
fn a_distribution_bounds_its_mean_and_sd() {
    let level = |score: f64, share: &str| Level {
        score,
        share: percentage::share(printed(share)).unwrap(),
    };
    let levels = [level(1.0, "25"), level(2.0, "50"), level(3.0, "25")];
    // 8 people: exactly 2, 4, 2.
    let exact = ordinal::moments(&levels, 8, Divisor::Sample).unwrap();
    assert!(exact.exact && exact.mean.contains(2.0) && exact.mean.width() < 1e-9);
    assert!(exact.sd.contains((4.0f64 / 7.0).sqrt()));
    let mean = |text: &str| printed(text).span();
    assert_eq!(
        ordinal::joint(
            &levels,
            8,
            mean("2.00"),
            Some(mean("0.76")),
            Divisor::Sample
        ),
        Some(true)
    );
    assert_eq!(
        ordinal::joint(
            &levels,
            8,
            mean("2.00"),
            Some(mean("0.71")),
            Divisor::Sample
        ),
        Some(false)
    );
    // Nobody can be 25% of 7; the bounds over real shares still hold.
    let bounds = ordinal::moments(&levels, 7, Divisor::Sample).unwrap();
    assert!(!bounds.exact && bounds.mean.contains(2.0) && bounds.mean.width() < 0.03);
    // Shares that cannot add up to one.
    assert_eq!(ordinal::moments(&levels[..2], 8, Divisor::Sample), None);
}

#[test]
fn parts_add_up_within_rounding() {
    assert_eq!(parts::sum(&[1, 2, 3]), Some(6));
    assert_eq!(parts::sum(&[u64::MAX, 1]), None);
    let shares: Vec<_> = ["33.3", "33.3", "33.3"]
        .iter()
        .map(|t| percentage::share(printed(t)).unwrap())
        .collect();
    assert!(parts::range(&shares).contains(1.0));
    assert!(!parts::range(&shares[..2]).contains(1.0));
}
