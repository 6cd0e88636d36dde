//! Fisher's exact test of tables larger than 2 × 2: against R, and against its definition.

use fip::stats::contingency::Crosstab;
use fip::stats::degenerate::Degenerate;
use fip::stats::fisher::fisher_exact_table;
use serde_json::Value;

use super::{CLOSED_FORM, assert_close};

fn p_value(counts: &[Vec<u64>]) -> Result<f64, Degenerate> {
    let table = Crosstab::new(counts)?;
    Ok(fisher_exact_table(&table)?.p_value.unwrap())
}

#[test]
fn agrees_with_r() {
    let reference: Value =
        serde_json::from_str(include_str!("../../reference/fisher.json")).unwrap();
    for case in reference["cases"].as_array().unwrap() {
        let counts: Vec<Vec<u64>> = serde_json::from_value(case["counts"].clone()).unwrap();
        // FEXACT's hash keys merge probabilities at about 1e-7.
        let theirs = case["p_value"].as_f64().unwrap();
        assert_close(&format!("{counts:?}"), p_value(&counts).ok(), theirs, 1e-7);
    }
}

/// All tables with the margins of one, each by its whole-number weight ∏ row total!/∏ n_ij!.
fn by_definition(counts: &[Vec<u64>]) -> f64 {
    fn factorial(n: u64) -> u128 {
        (1..=u128::from(n)).product()
    }
    fn weight(table: &[Vec<u64>]) -> u128 {
        table
            .iter()
            .map(|row| {
                row.iter()
                    .fold(factorial(row.iter().sum()), |w, &n| w / factorial(n))
            })
            .product()
    }
    fn walk(
        rows: &[u64],
        columns: &mut Vec<u64>,
        table: &mut Vec<Vec<u64>>,
        found: &mut Vec<u128>,
    ) {
        let Some((&row, rest)) = rows.split_first() else {
            found.push(weight(table));
            return;
        };
        if rest.is_empty() {
            table.push(columns.clone());
            found.push(weight(table));
            table.pop();
            return;
        }
        let mut splits = vec![vec![]];
        for &c in columns.iter() {
            splits = splits
                .iter()
                .flat_map(|s: &Vec<u64>| (0..=c).map(move |n| [s.clone(), vec![n]].concat()))
                .filter(|s| s.iter().sum::<u64>() <= row)
                .collect();
        }
        for split in splits.into_iter().filter(|s| s.iter().sum::<u64>() == row) {
            columns.iter_mut().zip(&split).for_each(|(c, n)| *c -= n);
            table.push(split.clone());
            walk(rest, columns, table, found);
            table.pop();
            columns.iter_mut().zip(&split).for_each(|(c, n)| *c += n);
        }
    }
    let rows: Vec<u64> = counts.iter().map(|row| row.iter().sum()).collect();
    let mut columns: Vec<u64> = (0..counts[0].len())
        .map(|j| counts.iter().map(|row| row[j]).sum())
        .collect();
    let mut all = Vec::new();
    walk(&rows, &mut columns, &mut Vec::new(), &mut all);
    let observed = weight(counts);
    let as_unlikely: u128 = all.iter().filter(|w| **w <= observed).sum();
    as_unlikely as f64 / all.iter().sum::<u128>() as f64
}

#[test]
fn is_its_definition_on_small_tables() {
    let mut state = 1935_u64;
    let mut next = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut checked = 0;
    for (rows, columns, below) in [
        (2, 3, 7),
        (2, 4, 5),
        (2, 5, 4),
        (3, 2, 6),
        (3, 3, 4),
        (3, 4, 3),
        (4, 3, 3),
        (4, 4, 2),
    ] {
        for _ in 0..40 {
            let counts: Vec<Vec<u64>> = (0..rows)
                .map(|_| (0..columns).map(|_| next(below)).collect())
                .collect();
            let Ok(ours) = p_value(&counts) else { continue };
            assert_close(
                &format!("{counts:?}"),
                Some(ours),
                by_definition(&counts),
                CLOSED_FORM * 10.0,
            );
            // Transposed, and with rows and columns in another order, it is the same table.
            let turned: Vec<Vec<u64>> = (0..columns)
                .map(|j| counts.iter().rev().map(|row| row[j]).collect())
                .collect();
            assert_close("turned", p_value(&turned).ok(), ours, CLOSED_FORM * 10.0);
            checked += 1;
        }
    }
    assert!(checked > 200, "{checked}");
}

/// Rare levels in a trial of a million: few tables, all of them counted. And the likeliest
/// of all tables, whatever its size, has p = 1.
#[test]
fn rare_levels_and_likely_tables_are_exact() {
    // Factorials of thousands have logarithms with 1e-12 of rounding.
    let likeliest = p_value(&[vec![300; 6], vec![300; 6]]);
    assert_close("likeliest", likeliest.ok(), 1.0, 1e-10);
    let p = p_value(&[vec![3, 2, 499_995], vec![0, 4, 499_996]]).unwrap();
    // Three coins and six coins: the rare levels are binomial up to about n²/N. Of 28 outcomes
    // those at most as likely as (3 of 3, 2 of 6).
    let coins = |n: u32, k: u32| {
        let choose = (0..k).fold(1.0, |c, i| c * f64::from(n - i) / f64::from(i + 1));
        choose / 2_f64.powi(n as i32)
    };
    let observed = coins(3, 3) * coins(6, 2);
    let expected: f64 = (0..=3)
        .flat_map(|a| (0..=6).map(move |b| coins(3, a) * coins(6, b)))
        .filter(|q| *q <= observed * 1.001)
        .sum();
    assert!((p - expected).abs() < 1e-4, "{p} {expected}");
}
