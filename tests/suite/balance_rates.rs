//! How often a balance table alarms after a sound draw: a star may stand at one of twenty
//! characteristics, and 'hardly ever happens' hardly ever.
//!
//! The short version runs with the tests; the long one makes the table:
//! `FIP_TRIALS=400 cargo test --release balance_rates -- --ignored --nocapture`.

use fip::balance::table;
use fip::columns::{Binary, Levels, Measured, Numeric, Values, Variable, VariableKind};
use fip::design::Stream;
use fip::report::catalog::sentence::hardly_chance;
use fip::results::{Note, Provenance, SeType};
use fip::stats::dist;
use fip::stats::infer::Level;
use fip::study::{Design, Study};

/// Units by stratum (how many, of which treated), and how many people each has.
struct Layout {
    name: &'static str,
    strata: Vec<(usize, usize)>,
    sizes: &'static [usize],
}

fn layouts() -> Vec<Layout> {
    let one = |name, strata| Layout {
        name,
        strata,
        sizes: &[1],
    };
    let by_cluster = |name, strata, sizes| Layout {
        name,
        strata,
        sizes,
    };
    vec![
        one("complete 60:60", vec![(120, 60)]),
        one("complete 150:150", vec![(300, 150)]),
        one("small arm 15:150", vec![(165, 15)]),
        one("strata", vec![(50, 25), (40, 10), (60, 36)]),
        one("triplets", vec![(3, 1); 30]),
        one("pairs", vec![(2, 1); 40]),
        by_cluster("clusters 6+6", vec![(12, 6)], &[10]),
        by_cluster("clusters, unequal", vec![(14, 7)], &[30, 4, 4, 3, 5, 4, 4]),
        by_cluster("clusters in strata", vec![(6, 3), (8, 4)], &[8, 9, 7]),
        by_cluster("households", vec![(150, 75)], &[1, 1, 2]),
    ]
}

struct Made {
    study: Study,
    covariates: Vec<Measured>,
}

fn made(layout: &Layout, trial: u64) -> Made {
    let mut stream = Stream::new("balance rates", &format!("{} {trial}", layout.name));
    let (mut codes, mut strata, mut clusters) = (Vec::new(), Vec::new(), Vec::new());
    let mut unit = 0;
    for (stratum, &(units, treated)) in layout.strata.iter().enumerate() {
        let mut arms: Vec<u32> = (0..units).map(|i| u32::from(i >= treated)).collect();
        stream.shuffle(&mut arms);
        for arm in arms {
            for _ in 0..layout.sizes[unit % layout.sizes.len()] {
                codes.push(arm);
                strata.push(stratum);
                clusters.push(unit);
            }
            unit += 1;
        }
    }
    let n = codes.len();
    let mut uniform = || ((stream.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    // Half of the variance is between clusters, and strata differ.
    let shared: Vec<f64> = (0..unit)
        .map(|_| dist::normal_quantile(uniform()))
        .collect();
    let mut standing = |i: usize| {
        let own = dist::normal_quantile(uniform());
        let cluster = match layout.sizes {
            [1] => 0.0,
            _ => shared[clusters[i]],
        };
        own + cluster + 0.5 * (strata[i] % 3) as f64
    };
    let mut numbers =
        |of: &dyn Fn(f64) -> f64| -> Vec<f64> { (0..n).map(|i| of(standing(i))).collect() };
    let numeric = |values: Vec<f64>| Values::Numeric(Numeric::new(values));
    let yes = |values: Vec<f64>, from: f64| {
        let flags: Vec<Option<bool>> = values.iter().map(|z| Some(*z > from)).collect();
        Values::Binary(Binary::new(flags, ["nee".to_owned(), "ja".to_owned()]))
    };
    let mut with_blanks = numbers(&|z| z);
    let blank = numbers(&|z| z);
    for (value, z) in with_blanks.iter_mut().zip(&blank) {
        if *z > 2.3 {
            *value = f64::NAN;
        }
    }
    let codes_of = |values: Vec<f64>| {
        values
            .iter()
            .map(|z| (*z > -0.5) as u32 + (*z > 1.0) as u32 + (*z > 2.4) as u32)
            .collect()
    };
    let levels = Levels::new(
        ["a", "b", "c", "d"].map(str::to_owned).to_vec(),
        codes_of(numbers(&|z| z)),
    );
    let all = [
        (VariableKind::Numeric, numeric(numbers(&|z| z))),
        (
            VariableKind::Numeric,
            numeric(numbers(&|z| (1.3 * z).exp())),
        ),
        (
            VariableKind::Numeric,
            numeric(numbers(&|z| (2.0 * z - 1.0).max(0.0).floor())),
        ),
        (VariableKind::Numeric, numeric(with_blanks)),
        (VariableKind::Binary, yes(numbers(&|z| z), 2.2)),
        (VariableKind::Binary, yes(numbers(&|z| z), 0.5)),
        (VariableKind::Categorical, Values::Levels(levels)),
    ];
    let covariates = all
        .into_iter()
        .enumerate()
        .map(|(k, (kind, values))| Measured {
            spec: Variable::named(format!("x{k}")),
            kind,
            guessed: false,
            values,
        })
        .collect();
    let study = Study {
        arms: vec!["i".to_owned(), "c".to_owned()],
        absent: vec![0; 2],
        control: 1,
        treated: vec![0],
        design: Design {
            strata: (layout.strata.len() > 1).then_some(strata),
            clusters: (layout.sizes != [1]).then_some(clusters),
            everyone: None,
        },
        order: None,
        received: None,
        receipt_stated: false,
        providers: None,
        covariates: Vec::new(),
        thresholds: Vec::new(),
        contacts: None,
        subgroups: Vec::new(),
        se_type: SeType::Hc2,
        level: Level::P95,
        codes,
    };
    Made { study, covariates }
}

/// What the tables of some trials claimed.
#[derive(Default)]
struct Alarms {
    tested: u64,
    stars: u64,
    missing_tested: u64,
    missing_stars: u64,
    tables: u64,
    omnibus: u64,
    hardly: u64,
}

fn alarms(layout: &Layout, trials: u64) -> Alarms {
    let mut found = Alarms::default();
    for trial in 0..trials {
        let Made { study, covariates } = made(layout, trial);
        let provenance = Provenance {
            fip_version: String::new(),
            trial: None,
            language: None,
            synthetic: true,
            min_cell: None,
            inputs: Vec::new(),
        };
        let made = table(&study, 0, &covariates, 0.05, provenance).unwrap();
        let p = made.covariates.iter().filter_map(|row| row.tests.first());
        let p: Vec<f64> = p.filter_map(|test| test.p_value).collect();
        found.tested += p.len() as u64;
        found.stars += p.iter().filter(|p| **p < 0.05).count() as u64;
        let missing = made
            .covariates
            .iter()
            .filter_map(|row| row.missingness.as_ref());
        let missing: Vec<f64> = missing.filter_map(|one| one.p_value).collect();
        found.missing_tested += missing.len() as u64;
        found.missing_stars += missing.iter().filter(|p| **p < 0.05).count() as u64;
        found.tables += 1;
        let omnibus = made.omnibus.and_then(|test| test.p_value);
        found.omnibus += u64::from(omnibus.is_some_and(|p| p < 0.05));
        found.hardly += u64::from(made.notes.iter().any(|note| matches!(note,
            Note::SignificantBalance { tested, smallest_p: Some(p), .. } if hardly_chance(*p, *tested))));
    }
    found
}

/// At most .05 and three Monte Carlo errors.
fn at_most(count: u64, of: u64) -> bool {
    let n = of.max(1) as f64;
    count as f64 / n <= 0.05 + 3.0 * (0.05 * 0.95 / n).sqrt()
}

#[test]
fn sound_draws_seldom_alarm() {
    for layout in layouts() {
        let found = alarms(&layout, 12);
        assert!(
            at_most(found.stars, found.tested),
            "{}: {} of {}",
            layout.name,
            found.stars,
            found.tested
        );
        assert!(
            at_most(found.omnibus, found.tables),
            "{}: d² {}",
            layout.name,
            found.omnibus
        );
        assert_eq!(found.hardly, 0, "{}", layout.name);
    }
}

#[test]
#[ignore = "minutes"]
fn balance_rates() {
    let trials = std::env::var("FIP_TRIALS").map_or(200, |n| n.parse().unwrap());
    for layout in layouts() {
        let found = alarms(&layout, trials);
        let share = |count: u64, of: u64| count as f64 / of.max(1) as f64;
        eprintln!(
            "{:20} starred {:.3} of {}, missing {:.3}, d² {:.3}, 'hardly ever' {:.4}",
            layout.name,
            share(found.stars, found.tested),
            found.tested,
            share(found.missing_stars, found.missing_tested),
            share(found.omnibus, found.tables),
            share(found.hardly, found.tables),
        );
        assert!(at_most(found.stars, found.tested) && at_most(found.omnibus, found.tables));
    }
}
