//! How long inference by the draw takes, and how the kernels' cost grows with n.
//!
//! `cargo bench --bench inference`; `benches/beside` times the same in R and Python. Every line
//! is the median of several runs, after one that doesn't count. Measured, never asserted.

#![allow(clippy::unwrap_used)]

use std::hint::black_box;
use std::time::Instant;

use fip::design::{ArmPlan, Drawer, Method, Plan, Quota, Scratch, Units};
use fip::error::Result;
use fip::stats::blocked::{blocked_difference, cluster_difference};
use fip::stats::bounds::lee;
use fip::stats::cluster::Clusters;
use fip::stats::compliance::compliers;
use fip::stats::contingency::{Crosstab, TwoByTwo};
use fip::stats::drawn_iv::Instrument;
use fip::stats::fisher::{fisher_exact, fisher_exact_table};
use fip::stats::hansen_bowers::balance;
use fip::stats::infer::Level;
use fip::stats::iv::two_stage;
use fip::stats::linear::Variance;
use fip::stats::matching::Neighbours;
use fip::stats::matrix::Matrix;
use fip::stats::proportion::risk_difference_score;
use fip::stats::randomization::{Drawn, Draws, Extent, Randomization, Statistic};
use fip::stats::rank::{MannWhitneyMethod, RankTable, brunner_munzel, mann_whitney};
use fip::stats::sample::moments_by_arm;
use fip::stats::two_sample::{Centre, levene, welch_t};
use fip::stats::{adjust, weighting};

struct Replay<'a>(Drawer<'a>);

impl Draws for Replay<'_> {
    type Memory = Scratch;
    fn memory(&self) -> Scratch {
        self.0.scratch()
    }
    fn treated(&self) -> u8 {
        0
    }
    fn draw(&self, index: u64, memory: &mut Scratch, arms: &mut [u8]) -> Result<()> {
        self.0.replicate(index, memory, arms)
    }
}

/// Median milliseconds of nine runs.
fn time(what: &str, mut run: impl FnMut()) -> f64 {
    run();
    let mut times: Vec<f64> = (0..9)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{what:<66}{:>10.2} ms   (best {:.2})", times[4], times[0]);
    times[4]
}

/// Numbers without a pattern that matters.
fn noise(n: usize, salt: u64) -> Vec<f64> {
    let mut state = salt.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    (0..n)
        .map(|_| {
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1u64 << 53) as f64
        })
        .collect()
}

fn draws(strata: bool, clusters: bool) {
    let (n, treated) = (1028, 360);
    let ids: Vec<String> = (0..n).map(|i| format!("{i:06}")).collect();
    let stratum: Vec<usize> = (0..n).map(|i| i / 4 % 6).collect();
    let cluster: Vec<usize> = (0..n).map(|i| i / 2).collect();
    let text = |codes: &[usize]| codes.iter().map(|c| format!("{c:06}")).collect::<Vec<_>>();
    let (stratum_text, cluster_text) = (text(&stratum), text(&cluster));
    let columns: Vec<&dyn fip::design::Texts> = if strata {
        vec![&stratum_text]
    } else {
        Vec::new()
    };
    let cluster_column = clusters.then_some(&cluster_text as &dyn fip::design::Texts);
    let units = Units::new(&ids, &columns, cluster_column).unwrap();
    let method = if strata {
        Method::Stratified
    } else {
        Method::Complete
    };
    let size = if clusters { treated / 2 } else { treated };
    let arms = vec![
        ArmPlan {
            name: "i".into(),
            quota: Quota::Size(size as u64),
        },
        ArmPlan {
            name: "c".into(),
            quota: Quota::Rest,
        },
    ];
    let plan = Plan::new(method, arms, "20170301").unwrap();
    let drawer = Drawer::new(&plan, &units).unwrap();
    let allocation = drawer.draw().unwrap();
    let assigned: Vec<bool> = (0..n).map(|row| allocation.arm_of(row) == "i").collect();
    let outcomes: Vec<Vec<f64>> = (0..10).map(|k| noise(n, 17 + k)).collect();
    let outcomes: Vec<&[f64]> = outcomes.iter().map(Vec::as_slice).collect();
    let drawn = Drawn {
        treated: &assigned,
        outcomes: &outcomes,
        strata: strata.then_some(&stratum),
        clusters: clusters.then_some(&cluster),
    };
    let replay = Replay(drawer);
    let name = match (strata, clusters) {
        (false, false) => "complete",
        (true, false) => "six strata",
        (false, true) => "pairs drawn together",
        (true, true) => "pairs drawn together in six strata",
    };
    time(
        &format!("10,000 draws × 10 outcomes × 1,028 clients: {name}"),
        || {
            let done =
                Randomization::run(&drawn, &replay, Extent::Sample(10_000), &|_| ()).unwrap();
            black_box(done.p_value(3, Statistic::Studentized));
        },
    );
    if !strata && !clusters {
        let done = Randomization::run(&drawn, &replay, Extent::Sample(10_000), &|_| ()).unwrap();
        let family: Vec<usize> = (0..10).collect();
        time("  ten p-values, ten intervals, step-down of all", || {
            for k in 0..10 {
                black_box(done.p_value(k, Statistic::Studentized));
                black_box(done.interval(k, Level::P95));
            }
            black_box(done.westfall_young(&family, Statistic::Studentized));
        });
        let mut scratch = replay.memory();
        let mut arms = vec![0; n];
        time("  the draws alone, one thread", || {
            for index in 0..10_000 {
                replay.draw(index, &mut scratch, &mut arms).unwrap();
            }
        });
    }
}

/// Kernels whose cost should grow with n: the last column is nanoseconds per person.
fn kernels(n: usize) {
    let y = noise(n, 5);
    let treated: Vec<bool> = noise(n, 6).iter().map(|x| *x < 0.35).collect();
    let codes: Vec<u32> = treated.iter().map(|t| u32::from(*t)).collect();
    let of = |arm: bool| -> Vec<f64> {
        (0..n)
            .filter(|&i| treated[i] == arm)
            .map(|i| y[i])
            .collect()
    };
    let (t, c) = (of(true), of(false));
    let ladder = |values: &[f64]| values.iter().map(|v| (v * 6.0).floor()).collect::<Vec<_>>();
    let (t_ladder, c_ladder) = (ladder(&t), ladder(&c));
    let x = Matrix::from_columns(n, &[noise(n, 7), noise(n, 8), noise(n, 9)]).unwrap();
    let none = Matrix::new(n);
    let mut z = Matrix::new(n);
    z.push_flags(&treated).unwrap();
    let received: Vec<bool> = noise(n, 10)
        .iter()
        .zip(&treated)
        .map(|(u, t)| *t && *u < 0.7)
        .collect();
    let dose: Vec<f64> = received.iter().map(|r| f64::from(u8::from(*r))).collect();
    let strata: Vec<usize> = (0..n).map(|i| i % 12).collect();
    // Pairs, both in the arm of the first.
    let cluster: Vec<usize> = (0..n).map(|i| i / 2).collect();
    let by_pair: Vec<bool> = (0..n).map(|i| treated[i / 2 * 2]).collect();
    let persons = Clusters::new(&cluster).unwrap();
    let each = |what: &str, run: &mut dyn FnMut()| {
        let milliseconds = time(&format!("n = {n:>9}: {what}"), run);
        println!(
            "{:>66}{:>10.1} ns per person",
            "",
            milliseconds * 1e6 / n as f64
        );
    };
    each("moments per arm, Welch", &mut || {
        let arms = moments_by_arm(&y, &codes, 2).unwrap();
        black_box(welch_t(&arms[1].moments, &arms[0].moments, Level::P95).unwrap());
    });
    each("Levene about the median", &mut || {
        let _ = black_box(levene(&y, &codes, 2, Centre::Median).unwrap());
    });
    each("difference over twelve strata", &mut || {
        black_box(blocked_difference(&y, &treated, &strata, Level::P95).unwrap());
    });
    each("difference of pairs drawn together, CR2", &mut || {
        black_box(cluster_difference(&y, &by_pair, &cluster, Level::P95).unwrap());
    });
    each("ANCOVA with three covariates, CR2 for pairs", &mut || {
        let cr2 = Variance::Cr2(&persons);
        black_box(adjust::ancova(&y, &by_pair, &x, cr2, Level::P95).unwrap());
    });
    each("Lin with three covariates, HC2", &mut || {
        black_box(adjust::lin(&y, &treated, &x, Variance::Hc2, Level::P95).unwrap());
    });
    each("Lin with one covariate, HC2", &mut || {
        let one = Matrix::from_columns(n, &[x.column(0)]).unwrap();
        black_box(adjust::lin(&y, &treated, &one, Variance::Hc2, Level::P95).unwrap());
    });
    each("2SLS and Anderson–Rubin, HC2", &mut || {
        black_box(two_stage(&y, &dose, &z, &none, Variance::Hc2, Level::P95).unwrap());
    });
    let drawn = Instrument::new(&treated, None, None).unwrap();
    each("2SLS and Anderson–Rubin by the draw, HC2", &mut || {
        black_box(drawn.two_stage(&y, &dose, Level::P95).unwrap());
    });
    each("complier share and means", &mut || {
        black_box(compliers(&y, &received, &drawn, Level::P95).unwrap());
    });
    each("Mann–Whitney without ties", &mut || {
        let table = RankTable::from_values(&t, &c).unwrap();
        black_box(mann_whitney(&table, MannWhitneyMethod::Automatic).unwrap());
    });
    each(
        "Mann–Whitney and Brunner–Munzel of six levels",
        &mut || {
            let table = RankTable::from_values(&t_ladder, &c_ladder).unwrap();
            black_box(mann_whitney(&table, MannWhitneyMethod::Automatic).unwrap());
            black_box(brunner_munzel(&table).unwrap());
        },
    );
    each("Lee bounds", &mut || {
        black_box(lee((&t, 10), (&c, 90), Level::P95).unwrap());
    });
    each("balance on three covariates, strata", &mut || {
        black_box(balance(&x, &treated, Some(&strata), None).unwrap());
    });
    each("entropy balancing on three covariates", &mut || {
        black_box(weighting::entropy_balance(&treated, &x).unwrap());
    });
    each("inverse-probability weights", &mut || {
        black_box(weighting::inverse_probability(&treated, &x).unwrap());
    });
}

/// Tables: what an outcome of yes and no, or of levels, costs whatever n is.
fn tables() {
    let shares = TwoByTwo {
        treated_yes: 89,
        treated_no: 271,
        control_yes: 110,
        control_no: 558,
    };
    time("89 of 360, 110 of 668: Miettinen–Nurminen", || {
        black_box(risk_difference_score(&shares, Level::P95).unwrap());
    });
    time("89 of 360, 110 of 668: Fisher", || {
        black_box(fisher_exact(&shares).unwrap());
    });
    let of = |counts: &[&[u64]]| {
        let rows: Vec<Vec<u64>> = counts.iter().map(|row| row.to_vec()).collect();
        Crosstab::new(&rows).unwrap()
    };
    for (what, table) in [
        (
            "2 × 4, n = 100: Fisher",
            of(&[&[10, 15, 12, 8], &[20, 14, 11, 10]]),
        ),
        (
            "2 × 5, n = 116: Fisher",
            of(&[&[8, 12, 20, 9, 3], &[15, 22, 17, 8, 2]]),
        ),
        (
            "4 × 4, n = 104 (job satisfaction): Fisher",
            of(&[
                &[1, 3, 10, 6],
                &[2, 3, 10, 7],
                &[1, 6, 14, 12],
                &[0, 1, 9, 11],
            ]),
        ),
    ] {
        time(what, || {
            black_box(fisher_exact_table(&table).unwrap());
        });
    }
}

fn main() {
    println!("{} threads", rayon::current_num_threads());
    for (strata, clusters) in [(false, false), (true, false), (false, true), (true, true)] {
        draws(strata, clusters);
    }
    tables();
    for n in [1_028, 10_000, 100_000, 1_000_000] {
        kernels(n);
    }
    for n in [1_028, 3_000] {
        let x = Matrix::from_columns(n, &[noise(n, 7), noise(n, 8)]).unwrap();
        let y = noise(n, 5);
        let treated: Vec<bool> = (0..n).map(|i| i % 3 == 0).collect();
        time(&format!("n = {n:>9}: matching with replacement"), || {
            let neighbours = Neighbours::new(&treated, &x).unwrap();
            black_box(neighbours.with_replacement(&y, Level::P95).unwrap());
        });
    }
}
