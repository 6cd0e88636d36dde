//! Change within an arm, for outcomes that were measured before the draw too.
//!
//! It is what evaluations print first, and no effect: whatever changes with time, and the way
//! back to the mean of who was picked at a low point, are in it.

use crate::columns::{Levels, Measured, Values, VariableKind, level_scores};
use crate::results::{
    BeforeAfterRow, Computed, Note, PairedTest, TestMethod, TestName, TestResult,
};
use crate::stats::degenerate::Degenerate;
use crate::stats::infer::infer;
use crate::stats::matched_pairs::{MAX_LEVELS, marginal_homogeneity, mcnemar};
use crate::stats::sample::Moments;
use crate::stats::signed_rank::{SignedRankMethod, SignedRanks, Zeros, signed_rank};
use crate::stats::two_sample::paired_t;
use crate::study::{OutcomeInput, Study};

/// One row per arm compared, control first; none without a baseline. `codes` are the arms of the
/// rows, without those excluded.
pub fn before_after(
    study: &Study,
    input: &OutcomeInput,
    codes: &[u32],
    notes: &mut Vec<Note>,
) -> Vec<BeforeAfterRow> {
    let Some(baseline) = &input.baseline else {
        return Vec::new();
    };
    let Some(pairs) = Pairs::new(baseline, &input.measured) else {
        notes.push(Note::BaselineNotComparable {
            variable: input.measured.name().to_string(),
            baseline: baseline.name().to_string(),
        });
        return Vec::new();
    };
    let mut arms = vec![study.control];
    arms.extend(&study.treated);
    arms.into_iter()
        .map(|arm| {
            let people: Vec<usize> = (0..codes.len())
                .filter(|&row| codes[row] as usize == arm)
                .collect();
            let absent = study.absent.get(arm).copied().unwrap_or(0);
            pairs.row(study, arm, &people, absent)
        })
        .collect()
}

/// Both measurements of everybody, in the same terms.
enum Pairs {
    Scores {
        kind: VariableKind,
        before: Vec<f64>,
        after: Vec<f64>,
    },
    /// Places in one list of levels.
    Levels {
        count: usize,
        before: Vec<Option<usize>>,
        after: Vec<Option<usize>>,
    },
}

impl Pairs {
    /// None where the two are measured differently: by kind, or by ordered levels that are
    /// not the same and no numbers either.
    fn new(before: &Measured, after: &Measured) -> Option<Pairs> {
        if before.kind != after.kind {
            return None;
        }
        if after.kind == VariableKind::Categorical {
            let ((b_names, b), (a_names, a)) = (before.level_codes()?, after.level_codes()?);
            return Some(levels(&Levels::new(b_names, b), &Levels::new(a_names, a)));
        }
        if let (Values::Levels(b), Values::Levels(a)) = (&before.values, &after.values)
            && b.levels() != a.levels()
            && !(scored_by_number(b) && scored_by_number(a))
        {
            return None;
        }
        Some(Pairs::Scores {
            kind: after.kind,
            before: before.scores()?.into_owned(),
            after: after.scores()?.into_owned(),
        })
    }

    fn row(&self, study: &Study, arm: usize, people: &[usize], absent: u64) -> BeforeAfterRow {
        let known =
            |of: &dyn Fn(usize) -> bool| people.iter().filter(|&&row| of(row)).count() as u64;
        let (has_before, has_after): (&dyn Fn(usize) -> bool, &dyn Fn(usize) -> bool) = match self {
            Pairs::Scores { before, after, .. } => {
                (&|row| !before[row].is_nan(), &|row| !after[row].is_nan())
            }
            Pairs::Levels { before, after, .. } => {
                (&|row| before[row].is_some(), &|row| after[row].is_some())
            }
        };
        let all = people.len() as u64 + absent;
        let both: Vec<usize> = people
            .iter()
            .copied()
            .filter(|&row| has_before(row) && has_after(row))
            .collect();
        let mut row = BeforeAfterRow {
            arm: study.arms[arm].clone(),
            randomised: false,
            n: both.len() as u64,
            incomplete: all - both.len() as u64,
            missing_before: all - known(has_before),
            missing_after: all - known(has_after),
            mean_before: None,
            sd_before: None,
            mean_after: None,
            sd_after: None,
            sd_change: None,
            change: None,
            increased: None,
            decreased: None,
            unchanged: 0,
            tests: Vec::new(),
        };
        match self {
            Pairs::Scores {
                kind,
                before,
                after,
            } => {
                let pick = |of: &[f64]| -> Vec<f64> { both.iter().map(|&i| of[i]).collect() };
                scored(&mut row, *kind, &pick(before), &pick(after), study);
            }
            Pairs::Levels {
                count,
                before,
                after,
            } => {
                let moves = || both.iter().filter_map(|&i| before[i].zip(after[i]));
                row.unchanged = moves().filter(|(b, a)| b == a).count() as u64;
                if *count > MAX_LEVELS {
                    return row;
                }
                let mut counts = vec![vec![0_u64; *count]; *count];
                for (b, a) in moves() {
                    counts[b][a] += 1;
                }
                if let Ok(found) = marginal_homogeneity(&counts) {
                    let tests = [Some(found.stuart_maxwell), found.bhapkar];
                    row.tests
                        .extend(tests.into_iter().flatten().map(|result| PairedTest {
                            result,
                            computed: Computed::default(),
                        }));
                }
            }
        }
        row
    }
}

/// Whether the levels' scores are their own numbers, which mean the same in any list.
fn scored_by_number(levels: &Levels) -> bool {
    let names = levels.levels();
    let own = |(name, score): (&String, &f64)| name.trim().parse() == Ok(*score);
    names.iter().zip(&level_scores(names)).all(own)
}

/// The levels of both measurements in one list.
fn levels(before: &Levels, after: &Levels) -> Pairs {
    let mut names: Vec<&String> = after.levels().iter().collect();
    for name in before.levels() {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let places = |of: &Levels| -> Vec<Option<usize>> {
        let place: Vec<Option<usize>> = of
            .levels()
            .iter()
            .map(|level| names.iter().position(|name| *name == level))
            .collect();
        of.iter()
            .map(|code| code.and_then(|code| place[code]))
            .collect()
    };
    Pairs::Levels {
        count: names.len(),
        before: places(before),
        after: places(after),
    }
}

fn scored(
    row: &mut BeforeAfterRow,
    kind: VariableKind,
    before: &[f64],
    after: &[f64],
    study: &Study,
) {
    let changes: Vec<f64> = after.iter().zip(before).map(|(a, b)| a - b).collect();
    let (first, second) = (Moments::from_slice(before), Moments::from_slice(after));
    let change = Moments::from_slice(&changes);
    (row.mean_before, row.sd_before) = (first.mean(), first.sd());
    (row.mean_after, row.sd_after) = (second.mean(), second.sd());
    row.sd_change = change.sd();
    let up = changes.iter().filter(|change| **change > 0.0).count() as u64;
    let down = changes.iter().filter(|change| **change < 0.0).count() as u64;
    (row.increased, row.decreased) = (Some(up), Some(down));
    row.unchanged = row.n - up - down;
    let paired = paired_t(&change, study.level);
    row.change = match (&paired, change.mean()) {
        (Ok(estimate), _) => Some(*estimate),
        // Everybody changed by as much: there is a change, but no spread to judge it by.
        (Err(_), Some(mean)) => Some(infer(mean, f64::NAN, None, study.level)),
        (Err(_), None) => None,
    };
    let mut add = |result: TestResult, computed: Computed| {
        row.tests.push(PairedTest { result, computed });
    };
    let result = |test, statistic, df, p_value| TestResult {
        test,
        statistic,
        df,
        df2: None,
        p_value: Some(p_value),
    };
    if kind == VariableKind::Binary {
        if let Ok(found) = mcnemar(up, down) {
            let test = |statistic, df, p| result(TestName::Mcnemar, statistic, df, p);
            let (plain, corrected) = (found.chi_square, found.corrected);
            for (method, result) in [
                (TestMethod::Exact, test(None, None, found.exact_p)),
                (TestMethod::MidP, test(None, None, found.mid_p)),
                (
                    TestMethod::Uncorrected,
                    test(Some(plain), Some(1.0), found.p_value),
                ),
                (
                    TestMethod::Corrected,
                    test(Some(corrected), Some(1.0), found.corrected_p),
                ),
            ] {
                add(result, method.into());
            }
        }
        return;
    }
    if let Ok(Some(p)) = paired.map(|estimate| estimate.p_value) {
        let (statistic, df) = match row.change {
            Some(change) => (change.statistic, change.df),
            None => (None, None),
        };
        add(
            result(TestName::PairedT, statistic, df, p),
            Computed::default(),
        );
    }
    for (test, computed) in ranked(&changes) {
        add(test, computed);
    }
}

/// Wilcoxon's test with zeros left out, as R has it, and where there are zeros Pratt's; the exact
/// p-value beside the approximate one where it can be had.
fn ranked(changes: &[f64]) -> Vec<(TestResult, Computed)> {
    let mut found = Vec::new();
    let mut add = |test: TestName, ranks: &SignedRanks, method| -> Result<bool, Degenerate> {
        let answer = signed_rank(ranks, method)?;
        let how = if answer.exact {
            TestMethod::Exact
        } else {
            TestMethod::Normal
        };
        found.push((
            TestResult {
                test,
                statistic: Some(answer.statistic),
                df: None,
                df2: None,
                p_value: Some(answer.p_value),
            },
            how.into(),
        ));
        Ok(answer.exact)
    };
    let mut both = |test, ranks: &SignedRanks, first| {
        if let Ok(false) = add(test, ranks, first)
            && ranks.small()
        {
            // With so few changes it has an answer if the first had one.
            add(test, ranks, SignedRankMethod::Exact).ok();
        }
    };
    let ranks = SignedRanks::new(changes, Zeros::Dropped);
    both(
        TestName::WilcoxonSignedRank,
        &ranks,
        SignedRankMethod::Automatic,
    );
    if ranks.zeros() > 0 {
        both(
            TestName::PrattSignedRank,
            &SignedRanks::new(changes, Zeros::Pratt),
            SignedRankMethod::Normal { continuity: false },
        );
    }
    found
}
