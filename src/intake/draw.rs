//! Files to a draw: the eligible people of a register, and the drawn allocation with its manifest.

use std::path::Path;

use super::columns::Wants;
use super::work::{Loaded, VERSION, Work, file_name, in_line, read_options};
use crate::condition::Condition;
use crate::data::{self, Keys, Table, Text, Want};
use crate::design::{
    ALGORITHM, Allocation, AllocationRecord, Counts, DesignRecord, Excluded, FileRecord, Manifest,
    Plan, PublicDraw, Reading, RegisterRecord, Role, SCHEMA, SeedSource, Texts, Units, draw,
};
use crate::error::{Error, Result};
use crate::protocol::{self, Assignment, Trial};
use crate::record::ALLOCATION;

/// What a draw needs of a trial: all of it has to be laid down.
pub struct ToDraw<'a> {
    pub trial: &'a Trial,
    pub register: &'a Path,
    pub id: &'a str,
    pub assignment: &'a Assignment,
    pub loaded: Option<&'a Loaded>,
}

impl<'a> ToDraw<'a> {
    /// # Errors
    /// What is not laid down.
    pub fn new(work: &'a Work<'_>) -> Result<Self> {
        let register = work.register.as_deref().ok_or_else(|| {
            work.not_said(
                "which register to draw from",
                "add file = \"register.csv\" to [register]",
                FIRST_TRY,
            )
        })?;
        let id = work.trial.register.id.as_deref().ok_or_else(|| {
            work.not_said(
                "which column of the register has the id",
                "add id = \"klantnummer\" to [register]",
                FIRST_TRY,
            )
        })?;
        let assignment = work.trial.assignment.as_ref().ok_or_else(|| {
            work.not_said(
                "how to draw",
                "add [assignment] with two arms or more",
                FIRST_TRY,
            )
        })?;
        Ok(ToDraw {
            trial: &work.trial,
            register,
            id,
            assignment,
            loaded: work.loaded,
        })
    }

    fn protocol(&self) -> Option<FileRecord> {
        self.loaded.map(|loaded| FileRecord {
            file: file_name(&loaded.path),
            sha256: loaded.sha256.clone(),
        })
    }

    pub fn in_protocol(&self, error: Error) -> Error {
        match self.loaded {
            Some(loaded) => error.in_protocol(file_name(&loaded.path)),
            None => error,
        }
    }
}

const FIRST_TRY: &str =
    "fip assign register.csv --id klantnummer --arm interventie=360 --arm controle";

/// A register as far as a draw needs it: the eligible rows, and who was left out.
pub struct Eligible {
    pub table: Table,
    pub read: u64,
    pub excluded: Vec<Excluded>,
    pub sha256: String,
}

/// Reads the columns that the draw uses and keeps the eligible rows.
pub fn eligible(plan: &ToDraw<'_>) -> Result<Eligible> {
    let file = data::open(plan.register, &read_options(&plan.trial.register.reading))?;
    let mut wants = Wants::default();
    wants.add(plan.id, Want::Text);
    for name in plan
        .assignment
        .strata
        .iter()
        .chain(&plan.assignment.cluster)
    {
        wants.add(name, Want::Text);
    }
    let filter = plan.trial.register.filter.as_deref();
    let condition = filter.map(Condition::parse).transpose()?;
    if let Some(condition) = &condition {
        condition.check(file.header()).map_err(|error| {
            let line = plan
                .loaded
                .and_then(|loaded| loaded.line_of(condition.source()));
            in_line(error.file(file.name()), line)
        })?;
        wants.auto(condition.columns());
    }
    let table = wants.read(&file)?;
    let read = table.rows() as u64;
    let sha256 = table.sha256().to_string();
    let Some(condition) = condition else {
        return Ok(Eligible {
            table,
            read,
            excluded: Vec::new(),
            sha256,
        });
    };
    let verdicts = condition.evaluate(&table)?;
    let excluded = verdicts
        .reasons()
        .iter()
        .flat_map(data::Reason::counts)
        .map(|(reason, count)| Excluded { reason, count })
        .collect();
    let table = table.retain(&verdicts.holds())?;
    if table.rows() == 0 {
        return Err(Error::data(format!(
            "nobody is eligible: none of the {read} rows meets {}",
            filter.unwrap_or_default()
        ))
        .file(plan.register.display())
        .hint("check the expression against the values in the register"));
    }
    Ok(Eligible {
        table,
        read,
        excluded,
        sha256,
    })
}

/// A draw with the columns that go into its file.
pub struct Drawn {
    ids: Text,
    clusters: Option<Text>,
    pub allocation: Allocation,
    plan: Plan,
    without_ids: PublicDraw,
}

impl Drawn {
    pub fn new(plan: &ToDraw<'_>, table: &Table, seed: &str) -> Result<Self> {
        let Assignment {
            method,
            seed: _,
            strata,
            cluster,
            arms,
        } = plan.assignment;
        let draw_plan = Plan::new(
            *method,
            arms.iter().map(|arm| arm.plan.clone()).collect(),
            seed,
        )?;
        Keys::new(table, plan.id)?;
        if let Some(cluster) = cluster {
            refuse_empty_clusters(table, cluster)?;
        }
        let ids = table.text(plan.id)?.into_owned();
        let clusters = cluster
            .as_ref()
            .map(|name| Ok(table.text(name)?.into_owned()))
            .transpose()?;
        let columns: Vec<Text> = strata
            .iter()
            .map(|name| Ok(table.text(name)?.into_owned()))
            .collect::<Result<_>>()?;
        let strata: Vec<&dyn Texts> = columns.iter().map(|column| column as &dyn Texts).collect();
        let (allocation, without_ids) = {
            let at_file = |error: Error| match error.place().file {
                Some(_) => error,
                None => error.file(table.file()),
            };
            let units = Units::new(
                &ids,
                &strata,
                clusters.as_ref().map(|column| column as &dyn Texts),
            )
            .map_err(at_file)?;
            let allocation = draw(&draw_plan, &units).map_err(at_file)?;
            let without_ids = PublicDraw::new(&units, &allocation).map_err(at_file)?;
            (allocation, without_ids)
        };
        Ok(Drawn {
            ids,
            clusters,
            allocation,
            plan: draw_plan,
            without_ids,
        })
    }

    pub fn ids(&self) -> &Text {
        &self.ids
    }

    pub fn manifest(
        &self,
        plan: &ToDraw<'_>,
        eligible: &Eligible,
        seed_source: SeedSource,
    ) -> Result<Manifest> {
        let arms = plan.assignment.arms.iter();
        let roles: Vec<Option<Role>> = arms.map(|arm| arm.role).collect();
        let mut design = DesignRecord::new(&self.plan, plan.id, &roles);
        design.strata.clone_from(&plan.assignment.strata);
        design.cluster.clone_from(&plan.assignment.cluster);
        design.eligible.clone_from(&plan.trial.register.filter);
        Ok(Manifest {
            schema: SCHEMA.to_string(),
            algorithm: ALGORITHM.to_string(),
            fip_version: VERSION.to_string(),
            seed: self.plan.seed().to_string(),
            seed_source,
            design,
            register: RegisterRecord {
                file: file_name(plan.register),
                sha256: eligible.sha256.clone(),
                rows: eligible.read,
                reading: recorded(&plan.trial.register.reading),
            },
            protocol: plan.protocol(),
            min_cell: plan.trial.report.min_cell,
            counts: Counts::new(eligible.read, eligible.excluded.clone(), &self.allocation),
            allocation: AllocationRecord {
                file: ALLOCATION.to_string(),
                sha256: self.allocation.sha256.clone(),
            },
            previous: Vec::new(),
        })
    }

    /// `draw-public.csv`: a row per person in canonical order of the ids, without them.
    pub fn public_csv(&self) -> Result<Vec<u8>> {
        let PublicDraw {
            strata,
            clusters,
            lots,
            arms,
        } = &self.without_ids;
        let mut header = vec!["place"];
        header.extend(strata.as_ref().map(|_| "stratum"));
        header.extend(clusters.as_ref().map(|_| "cluster"));
        header.extend(lots.as_ref().map(|_| "lot"));
        header.push("arm");
        let rows = (0..arms.len()).map(|row| {
            let mut cells = vec![(row + 1).to_string()];
            cells.extend(strata.as_ref().map(|of| of[row].clone()));
            cells.extend(clusters.as_ref().map(|of| of[row].to_string()));
            cells.extend(lots.as_ref().map(|of| of[row].to_string()));
            cells.push(arms[row].clone());
            cells
        });
        data::csv_bytes(&header, rows)
    }

    /// `allocation.csv`: the ids exactly as in the register, in its order.
    pub fn csv(&self, plan: &ToDraw<'_>) -> Result<Vec<u8>> {
        let mut header = vec![plan.id, "arm"];
        if self.allocation.stratum.is_some() {
            header.push("stratum");
        }
        if self.clusters.is_some() {
            header.push("cluster");
        }
        let rows = (0..self.ids.len()).map(|row| {
            let mut cells = vec![
                self.ids.get(row).to_string(),
                self.allocation.arm_of(row).to_string(),
            ];
            cells.extend(self.allocation.stratum_of(row));
            cells.extend(
                self.clusters
                    .as_ref()
                    .map(|clusters| clusters.get(row).to_string()),
            );
            cells
        });
        data::csv_bytes(&header, rows)
    }
}

/// What was said about reading the register, so that it is read the same way again.
fn recorded(options: &protocol::Reading) -> Option<Reading> {
    let reading = Reading {
        missing: options.missing.clone(),
        decimal: options.decimal.map(|decimal| decimal.to_string()),
        delimiter: options.delimiter.map(|byte| char::from(byte).to_string()),
    };
    (reading != Reading::default()).then_some(reading)
}

fn refuse_empty_clusters(table: &Table, cluster: &str) -> Result<()> {
    let text = table.text(cluster)?;
    match (0..text.len()).find(|&row| text.key(row).is_empty()) {
        None => Ok(()),
        Some(row) => Err(Error::data("somebody belongs to no cluster")
            .file(table.file())
            .row(table.row_number(row))
            .column(cluster)
            .hint("give a person without a household a cluster of their own, such as their id")),
    }
}
