//! Randomization inference for a trial: the recorded draw made again and again, with all
//! outcomes looked at in every replicate.

use crate::design::{ArmPlan, Drawer, Method, Plan, Quota, Scratch, Units};
use crate::error::Result;
use crate::results::{Estimate, RandomizationRow, RandomizationStatistic};
use crate::stats::contingency::TwoByTwo;
use crate::stats::randomization::{
    Drawn, DrawnP, Draws, Enumeration, Extent, Randomization, Statistic, exact_two_by_two,
    monte_carlo_table,
};
use crate::study::{Everyone, NO_ARM, Study};

/// The seed of replicates for a draw of which no record is at hand.
const NO_RECORD: &str = "fip";

/// An outcome of levels without an order: a place in the list per analysed row, `count` or
/// above where missing or excluded.
pub struct LevelColumn {
    pub levels: Vec<u32>,
    pub count: usize,
}

/// The outcomes to look at in every draw.
pub struct Columns<'a> {
    /// One column per outcome with numbers, over the analysed rows, NaN where missing or excluded.
    pub scores: &'a [Vec<f64>],
    /// Of which of these an effect can be the same for everybody: only they have intervals.
    pub shifts: &'a [bool],
    /// The outcomes without order.
    pub levels: &'a [LevelColumn],
}

/// The randomization tests of all outcomes for one pair of arms.
pub struct Redrawn {
    randomization: Randomization,
    /// Per outcome whether an effect can be the same for everybody.
    shifts: Vec<bool>,
    /// Of the level columns; none where nobody has a level.
    tables: Vec<Option<DrawnP>>,
    /// How many people were drawn, both arms.
    people: usize,
    simple_draw: bool,
}

/// Draws again, and looks at the columns in every draw.
///
/// Only people of the two arms compared are drawn, between these arms and with the numbers
/// they had, in strata and clusters as recorded; people in other arms stay where they are. With
/// two arms this is the recorded design itself. All allocations are gone through
/// when there are no more than `permutations`, with the numbers per stratum as they were.
///
/// `progress` is told of the draws done.
///
/// # Errors
/// A recorded design that does not fit the people.
pub fn redraw(
    study: &Study,
    everyone: &Everyone,
    treated: usize,
    columns: &Columns<'_>,
    permutations: u64,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Redrawn> {
    let people: Vec<usize> = (0..everyone.codes.len())
        .filter(|&i| {
            let arm = everyone.codes[i] as usize;
            arm == treated || arm == study.control
        })
        .collect();
    let of = |values: &Option<Vec<usize>>| -> Option<Vec<usize>> {
        values
            .as_ref()
            .map(|values| people.iter().map(|&i| values[i]).collect())
    };
    let assigned: Vec<bool> = people
        .iter()
        .map(|&i| everyone.codes[i] as usize == treated)
        .collect();
    let (strata, clusters) = (of(&everyone.strata), of(&everyone.clusters));
    let outcomes: Vec<Vec<f64>> = columns
        .scores
        .iter()
        .map(|scores| {
            people
                .iter()
                .map(|&i| everyone.rows[i].map_or(f64::NAN, |row| scores[row]))
                .collect()
        })
        .collect();
    let outcomes: Vec<&[f64]> = outcomes.iter().map(Vec::as_slice).collect();
    let drawn = Drawn {
        treated: &assigned,
        outcomes: &outcomes,
        strata: strata.as_deref(),
        clusters: clusters.as_deref(),
    };
    let simple = everyone
        .plan
        .as_ref()
        .is_some_and(|plan| plan.method() == Method::Simple);
    let all = if simple {
        None
    } else {
        Enumeration::new(
            &assigned,
            strata.as_deref(),
            clusters.as_deref(),
            permutations,
        )
        .unwrap_or_default()
    };
    let level_of = |column: &LevelColumn, i: usize| {
        everyone.rows[i].map_or(u32::MAX, |row| column.levels[row])
    };
    let tables = Tables {
        assigned: &assigned,
        columns: columns
            .levels
            .iter()
            .map(|column| {
                let levels = people.iter().map(|&i| level_of(column, i)).collect();
                (levels, column.count)
            })
            .collect(),
    };
    let run = Run {
        drawn,
        shifts: columns.shifts,
        tables,
        progress,
    };
    let (randomization, tables) = match all {
        Some(all) => run.over(&all, Extent::All(all.total()))?,
        None => {
            let ids: Vec<&str> = people.iter().map(|&i| everyone.ids[i].as_str()).collect();
            let text = |codes: &Option<Vec<usize>>| -> Option<Vec<String>> {
                codes
                    .as_ref()
                    .map(|codes| codes.iter().map(|code| format!("{code:010}")).collect())
            };
            let (stratum_text, cluster_text) = (text(&strata), text(&clusters));
            let columns: Vec<&dyn crate::design::Texts> = stratum_text
                .iter()
                .map(|column| column as &dyn crate::design::Texts)
                .collect();
            let cluster = cluster_text
                .as_ref()
                .map(|column| column as &dyn crate::design::Texts);
            let columns = if simple { Vec::new() } else { columns };
            let units = Units::new(&ids, &columns, cluster)?;
            let (plan, code) = plan(study, everyone, treated, &assigned, clusters.as_deref())?;
            let replay = Replay {
                drawer: Drawer::new(&plan, &units)?,
                treated: code,
            };
            run.over(&replay, Extent::Sample(permutations))?
        }
    };
    Ok(Redrawn {
        randomization,
        shifts: columns.shifts.to_vec(),
        tables,
        simple_draw: strata.is_none() && clusters.is_none(),
        people: people.len(),
    })
}

/// What is computed over the draws, whichever they are.
struct Run<'a> {
    drawn: Drawn<'a>,
    /// Of which outcomes there are intervals.
    shifts: &'a [bool],
    tables: Tables<'a>,
    progress: &'a (dyn Fn(u64) + Sync),
}

impl Run<'_> {
    fn over<D: Draws>(
        &self,
        draws: &D,
        extent: Extent,
    ) -> Result<(Randomization, Vec<Option<DrawnP>>)> {
        let randomization =
            Randomization::with_intervals(&self.drawn, self.shifts, draws, extent, self.progress)?;
        Ok((randomization, self.tables.over(draws, extent)?))
    }
}

/// The plan between the two arms, and the code of the intervention in it.
fn plan(
    study: &Study,
    everyone: &Everyone,
    treated: usize,
    assigned: &[bool],
    clusters: Option<&[usize]>,
) -> Result<(Plan, u8)> {
    let (intervention, control) = (&study.arms[treated], &study.arms[study.control]);
    let recorded = everyone.plan.as_ref();
    if let Some(plan) = recorded
        && plan.method() == Method::Simple
        && let [a, b] = plan.arms()
        && [&a.name, &b.name].contains(&intervention)
        && [&a.name, &b.name].contains(&control)
    {
        return Ok((plan.clone(), u8::from(b.name == *intervention)));
    }
    let units = |arm: bool| -> u64 {
        let own = (0..assigned.len()).filter(|&i| assigned[i] == arm);
        match clusters {
            None => own.count() as u64,
            Some(clusters) => {
                let mut distinct: Vec<usize> = own.map(|i| clusters[i]).collect();
                distinct.sort_unstable();
                distinct.dedup();
                distinct.len() as u64
            }
        }
    };
    let place = |name: &String| {
        recorded.and_then(|plan| plan.arms().iter().position(|arm| arm.name == *name))
    };
    let intervention_first = match (place(intervention), place(control)) {
        (Some(a), Some(b)) => a < b,
        _ => treated < study.control,
    };
    let mut arms = vec![
        ArmPlan {
            name: intervention.clone(),
            quota: Quota::Size(units(true)),
        },
        ArmPlan {
            name: control.clone(),
            quota: Quota::Size(units(false)),
        },
    ];
    if !intervention_first {
        arms.reverse();
    }
    let simple = recorded.is_some_and(|plan| plan.method() == Method::Simple);
    let method = if everyone.strata.is_some() && !simple {
        Method::Stratified
    } else {
        Method::Complete
    };
    let seed = recorded.map_or(NO_RECORD, Plan::seed);
    Ok((
        Plan::new(method, arms, seed)?,
        u8::from(!intervention_first),
    ))
}

/// The tables of arms by levels to draw again, one entry per person drawn.
struct Tables<'a> {
    assigned: &'a [bool],
    columns: Vec<(Vec<u32>, usize)>,
}

impl Tables<'_> {
    fn over<D: Draws>(&self, draws: &D, extent: Extent) -> Result<Vec<Option<DrawnP>>> {
        let treated = draws.treated();
        let arm = |is_treated: &bool| if *is_treated { treated } else { 1 - treated };
        let arms: Vec<u8> = self.assigned.iter().map(arm).collect();
        self.columns
            .iter()
            .map(|(levels, count)| monte_carlo_table(&arms, levels, *count, draws, extent))
            .collect()
    }
}

struct Replay<'a> {
    drawer: Drawer<'a>,
    treated: u8,
}

impl Draws for Replay<'_> {
    type Memory = Scratch;

    fn memory(&self) -> Scratch {
        self.drawer.scratch()
    }

    fn treated(&self) -> u8 {
        self.treated
    }

    fn draw(&self, index: u64, memory: &mut Scratch, arms: &mut [u8]) -> Result<()> {
        self.drawer.replicate(index, memory, arms)
    }
}

impl Redrawn {
    /// One outcome's tests: studentized and of the plain difference, each with its interval where
    /// an effect can be the same for everybody. The first row is the one to report: exact for a yes/no outcome of a draw without strata and
    /// clusters, else studentized.
    pub fn rows(
        &self,
        study: &Study,
        treated: usize,
        outcome: usize,
        binary: Option<TwoByTwo>,
    ) -> Vec<RandomizationRow> {
        let row = |statistic, estimate: f64| RandomizationRow {
            treated: study.arms[treated].clone(),
            control: study.arms[study.control].clone(),
            compares: statistic,
            n: self.people as u64,
            draws: 0,
            exact: true,
            monte_carlo_error: None,
            value: Estimate {
                estimate,
                std_error: None,
                df: None,
                statistic: None,
                p_value: None,
                conf_low: None,
                conf_high: None,
            },
        };
        let mut rows = Vec::new();
        if let Some(table) = binary.filter(|_| self.simple_draw)
            && let Ok(p) = exact_two_by_two(&table)
            && let Some(difference) = self.randomization.observed(outcome, Statistic::Difference)
        {
            let mut exact = row(RandomizationStatistic::Hypergeometric, difference);
            exact.value.p_value = Some(p);
            rows.push(exact);
        }
        for (statistic, name) in [
            (Statistic::Studentized, RandomizationStatistic::Studentized),
            (Statistic::Difference, RandomizationStatistic::Difference),
        ] {
            let randomization = &self.randomization;
            let (Some(observed), Some(p)) = (
                randomization.observed(outcome, statistic),
                randomization.p_value(outcome, statistic),
            ) else {
                continue;
            };
            // Values so large that their squares overflow.
            if observed.is_nan() {
                continue;
            }
            let difference = randomization
                .observed(outcome, Statistic::Difference)
                .unwrap_or(observed);
            let mut found = row(name, difference);
            found.draws = p.draws;
            found.exact = p.exact;
            found.monte_carlo_error = (!p.exact).then_some(p.monte_carlo_error);
            found.value.p_value = Some(p.p_value);
            found.value.statistic = observed.is_finite().then_some(observed);
            let interval = match statistic {
                _ if !self.shifts[outcome] || !self.has_spread(outcome) => None,
                Statistic::Difference => randomization.interval(outcome, study.level),
                Statistic::Studentized => randomization.studentized_interval(outcome, study.level),
            };
            if let Some(interval) = interval.filter(|found| found.low != found.high) {
                found.value.conf_low = interval.low;
                found.value.conf_high = interval.high;
            }
            rows.push(found);
        }
        rows
    }

    /// The p-value of a level column.
    pub fn table(&self, column: usize) -> Option<DrawnP> {
        self.tables.get(column).copied().flatten()
    }

    /// Whether values differ within arms; without, every effect but one is impossible and an
    /// interval would be a point.
    fn has_spread(&self, outcome: usize) -> bool {
        self.randomization
            .observed(outcome, Statistic::Studentized)
            .is_none_or(f64::is_finite)
    }

    /// Westfall and Young's step-down p-values of a family of outcomes.
    pub fn step_down(&self, family: &[usize]) -> Vec<Option<f64>> {
        self.randomization
            .westfall_young(family, Statistic::Studentized)
    }
}

/// An outcome's numbers with NaN for who is excluded.
pub fn with_exclusions(scores: &[f64], codes: &[u32]) -> Vec<f64> {
    scores
        .iter()
        .zip(codes)
        .map(|(score, code)| if *code == NO_ARM { f64::NAN } else { *score })
        .collect()
}
