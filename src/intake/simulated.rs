//! `fip power --simulate`: the register and the design of a protocol, with made-up outcomes.

use std::path::Path;

use super::draw::{ToDraw, eligible};
use super::work::{Loaded, Work};
use crate::data::Text;
use crate::design::{Drawer, FIRST_BATCH, Plan, Texts, Units};
use crate::error::{Error, Result};
use crate::evaluate::{Roster, SIMULATION_SEED, simulate};
use crate::protocol::{Flags, compare};
use crate::results::SimulationRow;
use crate::stats::power::{Effect, Setting};

/// A register with the design that draws from it.
pub struct Simulated {
    loaded: Loaded,
    ids: Text,
    strata: Vec<Text>,
    clusters: Option<Text>,
}

impl Simulated {
    /// Reads the protocol and the eligible people of the register.
    ///
    /// # Errors
    /// Of files that cannot be read, and of a protocol that cannot draw.
    pub fn read(trial: &Path, register: &Path) -> Result<Self> {
        let loaded = Loaded::read(trial)?;
        let work = Work::new(Some(&loaded), Flags::default(), Some(register), None)?;
        let plan = ToDraw::new(&work)?;
        let eligible = eligible(&plan)?;
        let text = |name: &String| Ok(eligible.table.text(name)?.into_owned());
        Ok(Simulated {
            ids: eligible.table.text(plan.id)?.into_owned(),
            strata: plan
                .assignment
                .strata
                .iter()
                .map(text)
                .collect::<Result<_>>()?,
            clusters: plan.assignment.cluster.as_ref().map(text).transpose()?,
            loaded,
        })
    }

    /// People in the two arms compared: intervention, control.
    ///
    /// # Errors
    /// What stops a draw.
    pub fn sizes(&self) -> Result<(u64, u64)> {
        self.with(|drawer, treated, control, _| {
            let allocation = drawer.draw()?;
            let of = |code: u8| {
                allocation
                    .arms
                    .get(usize::from(code))
                    .map_or(0, |arm| arm.persons)
            };
            Ok((of(treated), of(control)))
        })
    }

    /// Shares of trials in which the effect, and no effect, was found.
    ///
    /// # Errors
    /// What stops a draw.
    pub fn simulate(
        &self,
        effect: &Effect,
        setting: &Setting,
        trials: u64,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<SimulationRow> {
        self.with(|drawer, treated, control, strata| {
            let roster = Roster {
                drawer,
                persons: self.ids.len(),
                treated,
                control,
                strata,
                clusters: self.clusters.as_ref().map(codes),
            };
            let found = simulate(&roster, effect, setting, trials, progress)?;
            let share = |count: u64| count as f64 / trials as f64;
            let error = |p: f64| (p * (1.0 - p) / trials as f64).sqrt();
            let (power, false_positive) = (share(found.with_effect), share(found.without_effect));
            Ok(SimulationRow {
                trials,
                power,
                power_error: error(power),
                false_positive,
                false_positive_error: error(false_positive),
            })
        })
    }

    /// Gives the drawer to a closure that needs it: it borrows units and plan.
    fn with<T>(
        &self,
        run: impl FnOnce(Drawer<'_>, u8, u8, Option<Vec<usize>>) -> Result<T>,
    ) -> Result<T> {
        let assignment = self
            .loaded
            .trial
            .assignment
            .as_ref()
            .ok_or_else(|| Error::internal("a protocol without assignment has a plan"))?;
        let arms = assignment.arms.iter().map(|arm| arm.plan.clone()).collect();
        let plan = Plan::of(
            assignment.method,
            arms,
            SIMULATION_SEED,
            assignment.count,
            FIRST_BATCH,
        )?;
        let names: Vec<String> = assignment
            .arms
            .iter()
            .map(|arm| arm.plan.name.clone())
            .collect();
        let file = self.loaded.path.display().to_string();
        let compared = compare(&names, &self.loaded.trial, &[], &[], &file)?;
        let code = |arm: Option<&usize>| {
            arm.and_then(|arm| u8::try_from(*arm).ok())
                .ok_or_else(|| Error::internal("a draw has more arms than it can"))
        };
        let columns: Vec<&dyn Texts> = self.strata.iter().map(|c| c as &dyn Texts).collect();
        let clusters = self.clusters.as_ref().map(|column| column as &dyn Texts);
        let units = Units::new(&self.ids, &columns, clusters)?;
        let drawer = Drawer::new(&plan, &units)?;
        let strata = if columns.is_empty() {
            None
        } else {
            let drawn = drawer.draw()?.stratum;
            drawn.map(|strata| strata.into_iter().map(|s| s as usize).collect())
        };
        run(
            drawer,
            code(compared.treated.first())?,
            code(Some(&compared.control))?,
            strata,
        )
    }
}

/// A number per distinct text.
fn codes(text: &Text) -> Vec<usize> {
    let mut names: Vec<&str> = (0..text.len()).map(|row| text.key(row)).collect();
    names.sort_unstable();
    names.dedup();
    (0..text.len())
        .map(|row| names.partition_point(|name| *name < text.key(row)))
        .collect()
}
