//! How often what is printed claims something that is not there: trials of every design in which
//! nobody's outcome depends on the arm, drawn and evaluated as `fip` does it, and read as a reader
//! would. A star, or 'would rarely occur', may appear in one of twenty.
//!
//! The short version runs with the tests. The long one makes the table in `benches/error_rates.md`:
//! `FIP_TRIALS=2000 cargo test --release error_rates -- --ignored --nocapture`.

use std::fmt::Write;

use fip::columns::{Binary, Levels, Measured, Numeric, Values, Variable, VariableKind};
use fip::design::{ArmPlan, Drawer, Method, Plan, Quota, Stream, Units};
use fip::evaluate::{conclude, outcome};
use fip::protocol::Outcome;
use fip::release::{Results, release};
use fip::report::plain;
use fip::results::{Evaluation, JoinCounts, OutcomeResult, Provenance, SeType};
use fip::stats::dist;
use fip::stats::infer::Level;
use fip::study::{Design, Everyone, OutcomeInput, Study};
use fip::words::Lang;
use rayon::prelude::*;

/// People and how they are drawn.
struct Layout {
    name: &'static str,
    /// Stratum and cluster of every person.
    strata: Option<Vec<usize>>,
    clusters: Option<Vec<usize>>,
    people: usize,
    method: Method,
    arms: Vec<Quota>,
}

fn plain_draw(name: &'static str, treated: u64, control: u64) -> Layout {
    Layout {
        name,
        strata: None,
        clusters: None,
        people: (treated + control) as usize,
        method: Method::Complete,
        arms: vec![Quota::Size(treated), Quota::Rest],
    }
}

/// Strata of these sizes with `treated` of `of` in the intervention.
fn in_strata(name: &'static str, sizes: &[usize], treated: u64) -> Layout {
    Layout {
        name,
        strata: Some(groups(sizes)),
        clusters: None,
        people: sizes.iter().sum(),
        method: Method::Stratified,
        arms: vec![Quota::Size(treated), Quota::Rest],
    }
}

fn in_clusters(name: &'static str, sizes: &[usize], treated: u64) -> Layout {
    Layout {
        name,
        strata: None,
        clusters: Some(groups(sizes)),
        people: sizes.iter().sum(),
        method: Method::Complete,
        arms: vec![Quota::Size(treated), Quota::Rest],
    }
}

fn groups(sizes: &[usize]) -> Vec<usize> {
    let all = sizes.iter().enumerate();
    all.flat_map(|(group, &size)| std::iter::repeat_n(group, size))
        .collect()
}

fn layouts() -> Vec<Layout> {
    let mut pairs_and_triple = vec![2; 39];
    pairs_and_triple.push(3);
    let blocked_clusters = Layout {
        strata: Some(groups(&[40, 40, 40, 40])),
        ..in_clusters("clusters in strata", &[10; 16], 8)
    };
    vec![
        plain_draw("complete 50:50", 60, 60),
        plain_draw("complete 35:65", 70, 130),
        plain_draw("small arm 20:180", 20, 180),
        plain_draw("small arm 15:150", 15, 150),
        in_strata("strata, large", &[50, 40, 30, 60], 90),
        in_strata(
            "strata, thin 1:2 and 2:2",
            &[3, 4, 3, 4, 3, 4, 3, 4, 3, 4, 3, 4, 3, 4, 3, 4],
            24,
        ),
        in_strata("pairs", &[2; 40], 40),
        in_strata("triplets", &[3; 30], 30),
        in_strata("pairs and a triple", &pairs_and_triple, 40),
        in_clusters("clusters 6+6", &[10; 12], 6),
        in_clusters("clusters 3+3", &[15; 6], 3),
        in_clusters(
            "clusters, unequal",
            &[60, 45, 10, 9, 8, 8, 7, 6, 6, 5, 4, 4],
            6,
        ),
        Layout {
            method: Method::Stratified,
            ..blocked_clusters
        },
        Layout {
            arms: vec![
                Quota::Size(40),
                Quota::Size(40),
                Quota::Size(40),
                Quota::Rest,
            ],
            ..plain_draw("four arms", 80, 80)
        },
    ]
}

/// What is measured.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Normal,
    Skewed,
    Count,
    Rare,
    Share,
    Ordinal,
    Categorical,
}

const KINDS: [(Kind, &str); 7] = [
    (Kind::Normal, "normal"),
    (Kind::Skewed, "skewed"),
    (Kind::Count, "count"),
    (Kind::Rare, "yes/no 2 %"),
    (Kind::Share, "yes/no 30 %"),
    (Kind::Ordinal, "ordinal"),
    (Kind::Categorical, "categorical"),
];

fn uniform(stream: &mut Stream) -> f64 {
    ((stream.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

/// Values that know of stratum and cluster, but not of the arm; `effect` standard deviations are added to
/// the standing of whom `treated` says so.
fn made_up(
    layout: &Layout,
    kind: Kind,
    missing: f64,
    effect: &dyn Fn(usize) -> f64,
    stream: &mut Stream,
) -> Values {
    let count = |of: &Option<Vec<usize>>| of.as_ref().map_or(0, |of| of.iter().max().unwrap() + 1);
    let mut deviates = |n: usize| -> Vec<f64> {
        (0..n)
            .map(|_| dist::normal_quantile(uniform(stream)))
            .collect()
    };
    let strata = deviates(count(&layout.strata));
    let clusters = deviates(count(&layout.clusters));
    let standing: Vec<f64> = (0..layout.people)
        .map(|i| {
            let own = dist::normal_quantile(uniform(stream));
            let of = |values: &[f64], of: &Option<Vec<usize>>| {
                of.as_ref().map_or(0.0, |of| values[of[i]])
            };
            // A third of the variance is between strata, a tenth between clusters.
            0.9 * own
                + 0.7 * of(&strata, &layout.strata)
                + 0.33 * of(&clusters, &layout.clusters)
                + effect(i)
        })
        .collect();
    let is_missing: Vec<bool> = (0..layout.people)
        .map(|_| uniform(stream) < missing)
        .collect();
    let share = |z: f64| dist::normal_cdf(z);
    let number = |of: &dyn Fn(f64) -> f64| {
        let values = standing.iter().zip(&is_missing);
        Values::Numeric(Numeric::new(
            values
                .map(|(z, missing)| if *missing { f64::NAN } else { of(*z) })
                .collect(),
        ))
    };
    let yes_no = |p: f64| {
        let values = standing.iter().zip(&is_missing);
        Values::Binary(Binary::new(
            values.map(|(z, missing)| (!missing).then(|| share(*z) > 1.0 - p)),
            ["0".to_owned(), "1".to_owned()],
        ))
    };
    let levels = |limits: &[f64]| {
        let values = standing.iter().zip(&is_missing);
        Values::Levels(Levels::new(
            (1..=limits.len() + 1)
                .map(|level| level.to_string())
                .collect(),
            values
                .map(|(z, missing)| match missing {
                    true => Levels::MISSING,
                    false => limits.iter().filter(|limit| share(*z) > **limit).count() as u32,
                })
                .collect(),
        ))
    };
    match kind {
        Kind::Normal => number(&|z| z),
        Kind::Skewed => number(&|z| (1.3 * z).exp()),
        Kind::Count => number(&|z| (2.0 * z - 1.0).max(0.0).floor()),
        Kind::Rare => yes_no(0.02),
        Kind::Share => yes_no(0.3),
        Kind::Ordinal => levels(&[0.2, 0.45, 0.7, 0.85, 0.95]),
        Kind::Categorical => levels(&[0.5, 0.8, 0.95]),
    }
}

fn measured(kind: Kind, name: &str, values: Values) -> Measured {
    Measured {
        spec: Variable::named(name),
        kind: match kind {
            Kind::Normal | Kind::Skewed | Kind::Count => VariableKind::Numeric,
            Kind::Rare | Kind::Share => VariableKind::Binary,
            Kind::Ordinal => VariableKind::Ordinal,
            Kind::Categorical => VariableKind::Categorical,
        },
        guessed: false,
        values,
    }
}

/// What a reader meets, per outcome.
#[derive(Clone, Copy, Default)]
struct Met {
    answers: u64,
    stars: u64,
    rarely: u64,
    /// Intervals, and those without 0.
    intervals: u64,
    without_zero: u64,
}

impl Met {
    fn add(&mut self, other: &Met) {
        self.answers += other.answers;
        self.stars += other.stars;
        self.rarely += other.rarely;
        self.intervals += other.intervals;
        self.without_zero += other.without_zero;
    }
}

/// Draws and evaluates one made-up trial; what is met per kind, with and without missing values.
fn trial(layout: &Layout, number: u64, effect: f64) -> Vec<Met> {
    let ids: Vec<String> = (0..layout.people).map(|i| format!("{i:05}")).collect();
    let text = |of: &Option<Vec<usize>>| -> Option<Vec<String>> {
        of.as_ref()
            .map(|of| of.iter().map(|code| format!("{code:04}")).collect())
    };
    let (strata, clusters) = (text(&layout.strata), text(&layout.clusters));
    let arms: Vec<String> = (0..layout.arms.len())
        .map(|arm| {
            if arm + 1 == layout.arms.len() {
                "control".to_owned()
            } else {
                format!("t{arm}")
            }
        })
        .collect();
    let plan = Plan::new(
        layout.method,
        arms.iter()
            .zip(&layout.arms)
            .map(|(name, quota)| ArmPlan {
                name: name.clone(),
                quota: quota.clone(),
            })
            .collect(),
        format!("error rates {} {number}", layout.name),
    )
    .unwrap();
    let columns: Vec<&dyn fip::design::Texts> = strata
        .iter()
        .map(|s| s as &dyn fip::design::Texts)
        .collect();
    let units = Units::new(
        &ids,
        &columns,
        clusters.as_ref().map(|c| c as &dyn fip::design::Texts),
    )
    .unwrap();
    let drawer = Drawer::new(&plan, &units).unwrap();
    let drawn = drawer.draw().unwrap();
    let codes: Vec<u32> = (0..layout.people)
        .map(|i| arms.iter().position(|arm| arm == drawn.arm_of(i)).unwrap() as u32)
        .collect();
    let control = arms.len() - 1;
    let study = Study {
        arms: arms.clone(),
        absent: vec![0; arms.len()],
        control,
        treated: (0..control).collect(),
        design: Design {
            strata: layout.strata.clone(),
            clusters: layout.clusters.clone(),
            everyone: Some(Everyone {
                ids: ids.clone(),
                codes: codes.clone(),
                strata: layout.strata.clone(),
                clusters: layout.clusters.clone(),
                rows: (0..layout.people).map(Some).collect(),
                plan: Some(plan.clone()),
            }),
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
        codes: codes.clone(),
    };
    let mut stream = Stream::new("error rates", &format!("{} {number}", layout.name));
    let added = |i: usize| {
        if codes[i] as usize == control {
            0.0
        } else {
            effect
        }
    };
    let mut inputs = Vec::new();
    for missing in [0.0, 0.3] {
        for (kind, name) in KINDS {
            let values = made_up(layout, kind, missing, &added, &mut stream);
            inputs.push(OutcomeInput {
                spec: Outcome::named(name),
                measured: measured(kind, name, values),
                baseline: None,
                excluded: None,
                registered: None,
            });
        }
    }
    let evaluated = inputs
        .iter()
        .map(|input| outcome(&study, input).unwrap())
        .collect();
    let (results, _) = conclude(&study, &inputs, evaluated, None, &|_| {}).unwrap();
    read(&study, results)
}

/// The stars and sentences of every outcome.
fn read(study: &Study, outcomes: Vec<OutcomeResult>) -> Vec<Met> {
    let evaluation = Evaluation {
        schema: "fip/evaluation/1".to_owned(),
        provenance: Provenance {
            fip_version: String::new(),
            trial: None,
            language: None,
            synthetic: true,
            min_cell: None,
            inputs: Vec::new(),
        },
        level: 0.95,
        control: study.arms[study.control].clone(),
        treated: study
            .treated
            .iter()
            .map(|&arm| study.arms[arm].clone())
            .collect(),
        arms: study.sizes(),
        join: JoinCounts::default(),
        compliance: None,
        balance: Vec::new(),
        costs: None,
        outcomes,
        notes: Vec::new(),
    };
    let results = Results {
        evaluation: Some(evaluation.clone()),
        ..Results::default()
    };
    let sentences = plain::in_words(&release(results, None).0, Lang::En);
    let outcomes = &evaluation.outcomes;
    let met = |place: usize, outcome: &OutcomeResult| {
        let mut met = Met::default();
        for answer in &outcome.answer {
            let arm = evaluation
                .treated
                .iter()
                .position(|arm| *arm == answer.treated)
                .unwrap();
            let sentence = &sentences[arm * outcomes.len() + place];
            let interval = answer.conf_low.zip(answer.conf_high);
            let without_zero = interval.is_some_and(|(low, high)| low > 0.0 || high < 0.0);
            met.add(&Met {
                answers: u64::from(answer.p_value.is_some()),
                stars: u64::from(answer.p_value.is_some_and(|p| p < 0.05)),
                rarely: u64::from(sentence.contains("rarely occur")),
                intervals: u64::from(interval.is_some()),
                without_zero: u64::from(without_zero),
            });
        }
        met
    };
    outcomes
        .iter()
        .enumerate()
        .map(|(place, outcome)| met(place, outcome))
        .collect()
}

fn rates(layout: &Layout, trials: u64, effect: f64) -> Vec<Met> {
    let each: Vec<Vec<Met>> = (0..trials)
        .into_par_iter()
        .map(|number| trial(layout, number, effect))
        .collect();
    let mut all = vec![Met::default(); 2 * KINDS.len()];
    for met in each {
        all.iter_mut().zip(&met).for_each(|(sum, one)| sum.add(one));
    }
    all
}

/// The most that a rate of one in twenty shows in so many trials: three Monte Carlo errors.
fn most(tests: u64) -> f64 {
    0.05 + 3.0 * (0.05 * 0.95 / tests as f64).sqrt()
}

fn share(of: u64, all: u64) -> f64 {
    of as f64 / all.max(1) as f64
}

#[test]
fn what_is_printed_errs_in_one_of_twenty() {
    const TRIALS: u64 = 8;
    for layout in layouts() {
        let mut all = Met::default();
        for met in rates(&layout, TRIALS, 0.0) {
            all.add(&met);
        }
        let tests = TRIALS * (layout.arms.len() as u64 - 1) * 2 * KINDS.len() as u64;
        for (what, count) in [
            ("stars", all.stars),
            ("rarely", all.rarely),
            ("intervals", all.without_zero),
        ] {
            let rate = share(count, tests);
            let name = layout.name;
            assert!(
                rate <= most(tests),
                "{name}: {what} in {rate:.3} of null trials"
            );
        }
    }
}

/// The table of the long version: null trials, and power where there is an effect of so many standard
/// deviations.
#[test]
#[ignore = "an hour; makes the table in benches/error_rates.md"]
fn table_of_error_rates() {
    let asked = |name: &str, default: f64| {
        std::env::var(name)
            .ok()
            .map_or(default, |text| text.parse().unwrap())
    };
    let (trials, effect) = (asked("FIP_TRIALS", 2000.0) as u64, asked("FIP_EFFECT", 0.0));
    let mut text = String::from(
        "| design | outcome | missing | answers | stars | 'rarely' | interval without 0 |\n| --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for layout in layouts() {
        let tests = trials * (layout.arms.len() as u64 - 1);
        for (place, met) in rates(&layout, trials, effect).iter().enumerate() {
            let (_, kind) = KINDS[place % KINDS.len()];
            let missing = if place < KINDS.len() { "0" } else { "30 %" };
            let mark = if share(met.stars, tests) > most(tests) {
                " !"
            } else {
                ""
            };
            writeln!(
                text,
                "| {} | {kind} | {missing} | {:.3} | {:.3}{mark} | {:.3} | {:.3} |",
                layout.name,
                share(met.answers, tests),
                share(met.stars, tests),
                share(met.rarely, tests),
                share(met.without_zero, tests),
            )
            .unwrap();
        }
    }
    println!("{text}");
}
