//! Files to a draw: the eligible people of a register, and the drawn allocation with its manifest.

use std::borrow::Cow;
use std::path::Path;

use super::columns::Wants;
use super::near::refuse_near_values;
use super::office::Office;
use super::persons::{refuse_unsaid, without_others};
use super::work::{Loaded, VERSION, Work, file_name, in_line, read_options};
use crate::condition::Condition;
use crate::data::{self, Keys, Table, Text, Want};
use crate::design::{
    ALGORITHM, Allocation, AllocationRecord, ArmCount, Counts, DesignRecord, Drawer, Excluded,
    FIRST_BATCH, FileRecord, Manifest, Plan, Reading, RegisterRecord, Role, SCHEMA, SeedSource,
    Start, Texts, Units, draw,
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
    /// 1 for the first draw, k for the k-th that adds newcomers.
    pub batch: u32,
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
            batch: FIRST_BATCH,
        })
    }

    /// The plan of the draw that is laid down.
    ///
    /// # Errors
    /// Arms that do not go together.
    pub fn plan(&self, seed: &str) -> Result<Plan> {
        let Assignment {
            method,
            seed: _,
            strata: _,
            cluster: _,
            count,
            arms,
            caseworkers: _,
        } = self.assignment;
        let arms = arms.iter().map(|arm| arm.plan.clone()).collect();
        Plan::of(*method, arms, seed, *count, self.batch)
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
    let filter = plan.trial.register.filter.as_deref();
    let condition = filter.map(Condition::parse).transpose()?;
    let columns: Vec<&str> = plan
        .assignment
        .strata
        .iter()
        .chain(&plan.assignment.cluster)
        .map(String::as_str)
        .collect();
    let table = people(plan, plan.register, &columns, condition.as_ref())?;
    let read = table.rows() as u64;
    let sha256 = table.sha256().to_string();
    let said = &plan.trial.register.reading.ids;
    let (table, others) = without_others(table, plan.id, said)?;
    let mut excluded = Vec::new();
    if others > 0 {
        let listed = said.not_people.iter().map(|id| format!("'{id}'"));
        excluded.push(Excluded {
            reason: format!(
                "{} NOT IN ({})",
                plan.id,
                listed.collect::<Vec<_>>().join(", ")
            ),
            count: others,
        });
    }
    refuse_unsaid(&table, plan.id, said, "register")?;
    let judged = !said.people.iter().any(|of| of == "all");
    for column in plan.assignment.strata.iter().filter(|_| judged) {
        refuse_near_values(&table, column)?;
    }
    let Some(condition) = condition else {
        return Ok(Eligible {
            table,
            read,
            excluded,
            sha256,
        });
    };
    let verdicts = condition.evaluate(&table)?;
    let reasons = verdicts.reasons().iter().flat_map(data::Reason::counts);
    excluded.extend(reasons.map(|(reason, count)| Excluded { reason, count }));
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

/// Reads the ids of a register with these columns as text, and what a condition needs.
pub(super) fn people(
    plan: &ToDraw<'_>,
    register: &Path,
    columns: &[&str],
    condition: Option<&Condition>,
) -> Result<Table> {
    let file = data::open(register, &read_options(&plan.trial.register.reading))?;
    let mut wants = Wants::default();
    wants.add(plan.id, Want::Text);
    for name in columns {
        wants.add(name, Want::Text);
    }
    if let Some(condition) = condition {
        condition.check(file.header()).map_err(|error| {
            let line = plan
                .loaded
                .and_then(|loaded| loaded.line_of(condition.source()));
            in_line(error.file(file.name()), line)
        })?;
        wants.auto(condition.columns());
    }
    wants.read(&file)
}

/// A draw with the columns that go into its file.
pub struct Drawn {
    ids: Text,
    strata: Vec<Text>,
    clusters: Option<Text>,
    pub allocation: Allocation,
    office: Option<Office>,
    /// Rows in canonical order.
    order: Vec<u32>,
    /// Per row the number of its cluster in canonical order, from 1.
    cluster_numbers: Option<Vec<u32>>,
    plan: Plan,
    /// The arms of the first draw, where this one is a later batch.
    first: Option<Vec<ArmCount>>,
}

impl Drawn {
    /// Draws as the protocol lays down, of everybody in the table.
    ///
    /// # Errors
    /// Ids and clusters that are empty or doubled, sizes or places that do not fit.
    pub fn new(plan: &ToDraw<'_>, table: &Table, seed: &str) -> Result<Self> {
        Self::of(plan, table, |_| plan.plan(seed), None)
    }

    /// The same with a plan that is made when the units are known; `first` are the arms of the
    /// first draw, where this one is a later batch.
    pub(super) fn of(
        plan: &ToDraw<'_>,
        table: &Table,
        planned: impl FnOnce(&Units) -> Result<Plan>,
        first: Option<Vec<ArmCount>>,
    ) -> Result<Self> {
        let Assignment {
            method: _,
            seed: _,
            strata,
            cluster,
            count: _,
            arms: _,
            caseworkers,
        } = plan.assignment;
        Keys::new(table, plan.id)?;
        if let Some(cluster) = cluster {
            refuse_empty_clusters(table, cluster)?;
        }
        let ids = table.text(plan.id)?.into_owned();
        let clusters = cluster
            .as_ref()
            .map(|name| Ok(table.text(name)?.into_owned()))
            .transpose()?;
        let strata: Vec<Text> = strata
            .iter()
            .map(|name| trimmed(table, name))
            .collect::<Result<_>>()?;
        let at_file = |error: Error| match error.place().file {
            Some(_) => error,
            None => error.file(table.file()),
        };
        let (draw_plan, allocation, order, cluster_numbers) = {
            let units = units(&ids, &strata, clusters.as_ref()).map_err(at_file)?;
            let draw_plan = planned(&units)?;
            let allocation = draw(&draw_plan, &units).map_err(at_file)?;
            let numbers = clusters.as_ref().map(|_| {
                let number = |row| units.cluster_of(row).map_or(0, |cluster| cluster + 1);
                (0..ids.len()).map(number).collect()
            });
            (
                draw_plan,
                allocation,
                units.canonical_rows().to_vec(),
                numbers,
            )
        };
        let office = Office::new(
            &draw_plan,
            caseworkers,
            &ids,
            clusters.as_ref().map(|column| column as &dyn Texts),
            |row| Some(allocation.arm_of(row)),
            first.as_deref(),
        )?;
        let drawn = Drawn {
            ids,
            strata,
            clusters,
            allocation,
            office,
            order,
            cluster_numbers,
            plan: draw_plan,
            first,
        };
        drawn.refuse_double_column(plan.id, table.file())?;
        Ok(drawn)
    }

    /// The id keeps its own name, which may be that of another column of the file.
    fn refuse_double_column(&self, id: &str, file: &str) -> Result<()> {
        match self.columns().contains(&id) {
            false => Ok(()),
            true => Err(Error::data(format!(
                "the column with the id is called '{id}', as another column of {ALLOCATION} is"
            ))
            .file(file)
            .column(id)
            .hint("give the column another name in the register")),
        }
    }

    pub fn ids(&self) -> &Text {
        &self.ids
    }

    pub fn clusters(&self) -> Option<&Text> {
        self.clusters.as_ref()
    }

    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(super) fn first(&self) -> Option<&[ArmCount]> {
        self.first.as_deref()
    }

    /// The first day of this draw, with one entry per row that was drawn: whether they are still
    /// eligible.
    ///
    /// # Errors
    /// Nobody is.
    pub fn start(&self, still: &[bool]) -> Result<Start> {
        let units = units(&self.ids, &self.strata, self.clusters.as_ref())?;
        Drawer::new(&self.plan, &units)?.start(still)
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
                file_sha256: None,
            },
            previous: Vec::new(),
        })
    }

    /// `allocation.csv`: the ids exactly as in the register, in its order.
    ///
    /// # Errors
    /// Internal ones only.
    pub fn csv(&self, plan: &ToDraw<'_>) -> Result<Vec<u8>> {
        let rows = (0..self.ids.len()).map(|row| (row, self.allocation.arm_of(row)));
        self.csv_of(plan, rows, self.office.as_ref())
    }

    /// The same file of some of those drawn, each with the arm that they have now.
    pub(super) fn csv_of<'n>(
        &self,
        plan: &ToDraw<'_>,
        rows: impl Iterator<Item = (usize, &'n str)>,
        office: Option<&Office>,
    ) -> Result<Vec<u8>> {
        let columns = self.columns();
        let labels: Vec<String> = self.allocation.strata.iter().map(|s| s.label()).collect();
        let caseworkers = &plan.assignment.caseworkers;
        let batch = self.plan.batch().to_string();
        let number = |number: Option<u32>| {
            number.map_or(Cow::Borrowed(""), |number| Cow::Owned(number.to_string()))
        };
        let cell = |column: &str, row: usize, arm: &'n str| -> Cow<'_, str> {
            match column {
                "arm" => Cow::Borrowed(arm),
                "lot" => number(self.allocation.lot.as_ref().map(|lots| lots[row])),
                "stratum" => {
                    let stratum = self.allocation.stratum.as_ref().map(|of| of[row] as usize);
                    Cow::Borrowed(stratum.map_or("", |stratum| &labels[stratum]))
                }
                "cluster" => Cow::Borrowed(self.clusters.as_ref().map_or("", |of| of.get(row))),
                "batch" => Cow::Borrowed(&batch),
                "caseworker" => {
                    let person = office.and_then(|office| office.caseworker[row]);
                    Cow::Borrowed(person.map_or("", |index| &caseworkers[index].plan.name))
                }
                "invitation" => number(office.and_then(|office| office.invitation[row])),
                _ => Cow::Borrowed(""),
            }
        };
        let header = [&[plan.id], columns.as_slice()].concat();
        let rows = rows.map(|(row, arm)| {
            let others = columns.iter().map(|column| cell(column, row, arm));
            std::iter::once(Cow::Borrowed(self.ids.get(row)))
                .chain(others)
                .collect::<Vec<_>>()
        });
        data::csv_bytes(&header, rows)
    }

    /// The columns of `allocation.csv` beside the id: those that this draw uses.
    fn columns(&self) -> Vec<&'static str> {
        let used = [
            ("arm", true),
            ("lot", self.allocation.lot.is_some()),
            ("stratum", self.allocation.stratum.is_some()),
            ("cluster", self.clusters.is_some()),
            ("batch", self.plan.batch() > FIRST_BATCH),
            ("caseworker", self.office.is_some()),
            ("invitation", self.office.is_some()),
        ];
        let used = used.into_iter().filter(|(_, used)| *used);
        used.map(|(name, _)| name).collect()
    }

    /// `draw-public.csv`: everybody in canonical order without their ids, so that others can draw
    /// again.
    ///
    /// # Errors
    /// Data: two strata that are written alike.
    pub fn public_csv(&self) -> Result<Vec<u8>> {
        let labels = self.allocation.stratum_labels()?;
        let strata = self.allocation.stratum.as_ref();
        let clusters = self.cluster_numbers.as_ref();
        let lots = self.allocation.lot.as_ref();
        let used = [
            ("place", true),
            ("stratum", strata.is_some()),
            ("cluster", clusters.is_some()),
            ("lot", lots.is_some()),
            ("arm", true),
        ];
        let header: Vec<&str> = used
            .into_iter()
            .filter(|(_, used)| *used)
            .map(|(name, _)| name)
            .collect();
        let rows = (1u32..).zip(&self.order).map(|(place, &row)| {
            let row = row as usize;
            let mut cells = vec![Cow::Owned(place.to_string())];
            cells.extend(strata.map(|of| Cow::Borrowed(labels[of[row] as usize].as_str())));
            cells.extend(clusters.map(|of| Cow::Owned(of[row].to_string())));
            cells.extend(lots.map(|of| Cow::Owned(of[row].to_string())));
            cells.push(Cow::Borrowed(self.allocation.arm_of(row)));
            cells
        });
        data::csv_bytes(&header, rows)
    }
}

/// The units of a draw from columns of a register.
fn units<'a>(ids: &'a Text, strata: &[Text], clusters: Option<&Text>) -> Result<Units<'a>> {
    let strata: Vec<&dyn Texts> = strata.iter().map(|column| column as &dyn Texts).collect();
    Units::new(ids, &strata, clusters.map(|column| column as &dyn Texts))
}

/// What was said about reading the register, so that it is read the same way again.
fn recorded(options: &protocol::Reading) -> Option<Reading> {
    let reading = Reading {
        missing: options.missing.clone(),
        decimal: options.decimal.map(|decimal| decimal.to_string()),
        delimiter: options.delimiter.map(|byte| char::from(byte).to_string()),
        not_people: options.ids.not_people.clone(),
    };
    (reading != Reading::default()).then_some(reading)
}

/// A column without the white space around its values, which is no part of them.
fn trimmed(table: &Table, column: &str) -> Result<Text> {
    let text = table.text(column)?;
    Ok((0..text.len()).map(|row| text.key(row)).collect())
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
