//! Whom an evaluation is about: rows of the export with their arm, and columns that only
//! the register has.

use std::path::Path;

use super::allocation::AllocationFile;
use super::asked::ToEvaluate;
use super::columns::{Wants, measured};
use super::export::baseline;
use super::joined::joined;
use super::near::refuse_near_values;
use super::persons::without_others;
use super::sizes::{Found, refuse_impossible};
use super::work::input;
use crate::columns::{Measured, Variable};
use crate::data::{self, CsvFile, Keys, Table, Want, join};
use crate::design::{Manifest, Plan};
use crate::error::{Error, Result};
use crate::record::MANIFEST;
use crate::results::{InputFile, JoinCounts, Note};
use crate::study::{Everyone, NO_ARM, Providers};

/// With more people than this the draw is made again on request only: arms this large have standard
/// errors to be trusted, and everybody's id takes memory.
const DRAWABLE: usize = 200_000;

/// Everyone who is analysed: row of the export, arm, stratum, cluster.
pub struct People {
    /// Rows of the export that are analysed.
    pub keep: Vec<bool>,
    pub names: Vec<String>,
    pub codes: Vec<u32>,
    pub absent: Vec<u64>,
    pub strata: Option<Vec<usize>>,
    pub clusters: Option<Vec<usize>>,
    /// Everybody who was drawn, where the draw is to be made again.
    pub everyone: Option<Everyone>,
    /// Who sees whom, where the draw divided that.
    pub providers: Option<Providers>,
    pub record: Option<InputFile>,
    pub join: JoinCounts,
    pub notes: Vec<Note>,
    pub stderr: Vec<String>,
}

pub fn by_column(plan: &ToEvaluate<'_>, table: &Table, column: &str) -> Result<People> {
    let keys = match &plan.id {
        Some(id) => Some(Keys::new(table, id)?),
        None => None,
    };
    refuse_near_values(table, column)?;
    let levels = table.levels(column, None)?;
    let keep: Vec<bool> = levels.iter().map(|arm| arm.is_some()).collect();
    let no_arm = levels.missing_count() as u64;
    let codes: Vec<u32> = levels
        .codes()
        .iter()
        .copied()
        .filter(|code| *code != NO_ARM)
        .collect();
    let (strata, clusters) = drawn_by(plan, table, &keep)?;
    if plan.trial.cluster().is_none() || clusters.is_some() {
        let found = Found {
            names: levels.levels(),
            units: units(levels.levels().len(), &codes, clusters.as_deref()),
            file: plan.file.display().to_string(),
            column,
        };
        refuse_impossible(&plan.trial, &found)?;
    }
    let drawable =
        plan.trial.analysis.permutations.is_some() || clusters.is_some() || codes.len() <= DRAWABLE;
    let everyone = drawable.then(|| Everyone {
        // Without ids rows stand for people, in the order of the file.
        ids: match &keys {
            Some(keys) => keys
                .iter()
                .zip(&keep)
                .filter(|(_, keep)| **keep)
                .map(|(id, _)| id.to_string())
                .collect(),
            None => (0..codes.len()).map(|row| format!("{row:010}")).collect(),
        },
        codes: codes.clone(),
        strata: strata.clone(),
        clusters: clusters.clone(),
        rows: (0..codes.len()).map(Some).collect(),
        plan: None,
    });
    Ok(People {
        names: levels.levels().to_vec(),
        absent: vec![0; levels.levels().len()],
        join: JoinCounts {
            rows: table.rows() as u64,
            analysed: codes.len() as u64,
            no_arm,
            ..JoinCounts::default()
        },
        keep,
        codes,
        strata,
        clusters,
        everyone,
        providers: None,
        record: None,
        notes: (no_arm > 0)
            .then_some(Note::NoArm { count: no_arm })
            .into_iter()
            .collect(),
        stderr: Vec::new(),
    })
}

/// Persons per arm, or clusters where those were drawn.
fn units(arms: usize, codes: &[u32], clusters: Option<&[usize]>) -> Vec<u64> {
    let mut drawn: Vec<(u32, usize)> = match clusters {
        Some(clusters) => codes
            .iter()
            .copied()
            .zip(clusters.iter().copied())
            .collect(),
        None => codes.iter().copied().zip(0..).collect(),
    };
    drawn.sort_unstable();
    drawn.dedup();
    let mut units = vec![0; arms];
    for (arm, _) in drawn {
        units[arm as usize] += 1;
    }
    units
}

type Groups = Option<Vec<usize>>;

/// Stratum and cluster of the rows kept, from the columns that are said to be those of the draw. Those
/// that the protocol names need not be in the export.
fn drawn_by(plan: &ToEvaluate<'_>, table: &Table, keep: &[bool]) -> Result<(Groups, Groups)> {
    let numbered = |columns: &[&str]| -> Result<Groups> {
        if columns.is_empty() || !columns.iter().all(|name| table.has(name)) {
            return Ok(None);
        }
        let texts: Vec<_> = columns
            .iter()
            .map(|name| table.text(name))
            .collect::<Result<_>>()?;
        let label = |row: usize| -> Vec<&str> { texts.iter().map(|text| text.key(row)).collect() };
        let rows: Vec<usize> = (0..keep.len()).filter(|&row| keep[row]).collect();
        let mut labels: Vec<Vec<&str>> = rows.iter().map(|&row| label(row)).collect();
        labels.sort_unstable();
        labels.dedup();
        Ok(Some(
            rows.into_iter()
                .map(|row| labels.partition_point(|other| *other < label(row)))
                .collect(),
        ))
    };
    let strata: Vec<&str> = plan.trial.strata().iter().map(String::as_str).collect();
    let cluster: Vec<&str> = plan.trial.cluster().into_iter().collect();
    Ok((numbered(&strata)?, numbered(&cluster)?))
}

/// People by their arm in an allocation, which was drawn by this plan, where there is one.
pub fn by_allocation(
    plan: &ToEvaluate<'_>,
    table: &Table,
    path: &Path,
    drawn_by: Option<Plan>,
) -> Result<People> {
    let id = plan.id.as_deref().ok_or_else(|| {
        Error::usage("which column of the export has the client's id?")
            .hint("an allocation is joined by id: give --id COLUMN")
    })?;
    let allocation = AllocationFile::read(path, id)?;
    let width = plan.trial.export().reading.ids.width;
    let (clients, drawn) = (
        Keys::padded(table, id, width)?,
        Keys::padded(&allocation.table, &allocation.id, width)?,
    );
    let joined = joined(&clients, &drawn, table.file(), id)?;
    if joined.pairs.is_empty() {
        return Err(Error::data("no id of the export is in the allocation")
            .file(plan.file.display())
            .column(id)
            .hint("is this the allocation of this trial, and are the ids written the same way?"));
    }
    let names = allocation.arms.levels().to_vec();
    let mut absent = vec![0_u64; names.len()];
    for row in &joined.only_right {
        if let Some(arm) = allocation.arms.code(*row as usize) {
            absent[arm] += 1;
        }
    }
    let mut keep = vec![false; table.rows()];
    for (row, _) in &joined.pairs {
        keep[*row as usize] = true;
    }
    let mut notes = Vec::new();
    let mut stderr = Vec::new();
    let (left, right) = (
        joined.only_left.len() as u64,
        joined.only_right.len() as u64,
    );
    if left > 0 {
        notes.push(Note::OnlyInOutcomes { count: left });
        stderr.push(format!(
            "in the export but not in the allocation: {}",
            clients.show(&joined.only_left)
        ));
    }
    if right > 0 {
        notes.push(Note::OnlyInAllocation {
            count: right,
            per_arm: names.iter().cloned().zip(absent.iter().copied()).collect(),
        });
        stderr.push(format!(
            "in the allocation but not in the export: {}",
            drawn.show(&joined.only_right)
        ));
    }
    let drawable = plan.trial.analysis.permutations.is_some()
        || allocation.clusters.is_some()
        || joined.pairs.len() <= DRAWABLE;
    let everyone = match drawable {
        true => Some(everyone(&allocation, &joined.pairs, drawn_by)?),
        false => None,
    };
    let pick = |of: &Option<Vec<usize>>| {
        of.as_ref().map(|of| {
            joined
                .pairs
                .iter()
                .map(|(_, row)| of[*row as usize])
                .collect()
        })
    };
    Ok(People {
        keep,
        codes: joined
            .pairs
            .iter()
            .map(|(_, row)| allocation.arms.codes()[*row as usize])
            .collect(),
        absent,
        strata: pick(&allocation.strata),
        clusters: pick(&allocation.clusters),
        everyone,
        providers: allocation.caseworkers.as_ref().map(|of| Providers {
            column: "caseworker".to_string(),
            of: joined
                .pairs
                .iter()
                .map(|(_, row)| of.code(*row as usize))
                .collect(),
        }),
        record: Some(allocation.record.clone()),
        join: JoinCounts {
            rows: table.rows() as u64,
            analysed: joined.pairs.len() as u64,
            only_in_outcomes: left,
            only_in_allocation: right,
            no_arm: 0,
        },
        names,
        notes,
        stderr,
    })
}

/// Everybody of an allocation, with their analysed row.
fn everyone(
    allocation: &AllocationFile,
    pairs: &[(u32, u32)],
    plan: Option<Plan>,
) -> Result<Everyone> {
    let ids = allocation.table.text(&allocation.id)?;
    let mut rows = vec![None; ids.len()];
    for (analysed, (_, row)) in pairs.iter().enumerate() {
        rows[*row as usize] = Some(analysed);
    }
    Ok(Everyone {
        // As they were drawn: the draw made again goes by them.
        ids: (0..ids.len()).map(|row| ids.key(row).to_string()).collect(),
        codes: allocation.arms.codes().to_vec(),
        strata: allocation.strata.clone(),
        clusters: allocation.clusters.clone(),
        rows,
        plan,
    })
}

/// The plan that an allocation was drawn by: that of the manifest beside it, if it is of this file.
pub fn beside(allocation: &Path) -> Result<Option<Plan>> {
    let path = allocation.parent().unwrap_or(Path::new("")).join(MANIFEST);
    if !path.exists() {
        return Ok(None);
    }
    let manifest =
        Manifest::parse(&data::read_text(&path)?).map_err(|error| error.file(path.display()))?;
    manifest.plan().map(Some)
}

/// The plan as the protocol lays it down, with the seed it gives.
pub fn declared(plan: &ToEvaluate<'_>) -> Result<Option<Plan>> {
    let assignment = plan.trial.assignment.as_ref();
    let Some((assignment, seed)) =
        assignment.and_then(|assignment| Some((assignment, assignment.seed.as_deref()?)))
    else {
        return Ok(None);
    };
    let arms = assignment.arms.iter().map(|arm| arm.plan.clone()).collect();
    Plan::new(assignment.method, arms, seed).map(Some)
}

/// Refuses a column of the export that has other arms than the record.
pub fn refuse_other_arms(
    plan: &ToEvaluate<'_>,
    table: &Table,
    recorded: &Path,
    column: &str,
) -> Result<()> {
    let Some(id) = plan.id.as_deref() else {
        return Ok(());
    };
    let allocation = AllocationFile::read(recorded, id)?;
    let clients = Keys::new(table, id)?;
    let drawn = Keys::new(&allocation.table, &allocation.id)?;
    let column_of = table.levels(column, None)?;
    let joined = join(&clients, &drawn);
    let other: Vec<u32> = joined
        .pairs
        .iter()
        .filter(|(row, drawn)| {
            let said = column_of.label(*row as usize);
            said.is_some() && said != allocation.arms.label(*drawn as usize)
        })
        .map(|(row, _)| *row)
        .collect();
    match other.as_slice() {
        [] => Ok(()),
        other => Err(Error::data(format!(
            "{} of {} people have another arm in the export than the one they were drawn into: {}",
            other.len(),
            joined.pairs.len(),
            clients.show(other)
        ))
        .file(plan.file.display())
        .column(column)
        .hint("the record has the draw that took place: find out where the column comes from, or leave out --arm")),
    }
}

/// Columns that only the register has, for the analysed rows.
pub struct Elsewhere {
    table: Table,
    /// Row of the register per analysed row.
    rows: Vec<Option<usize>>,
    pub record: InputFile,
}

impl Elsewhere {
    pub fn read(plan: &ToEvaluate<'_>, file: &CsvFile, analysed: &Table) -> Result<Option<Self>> {
        let (Some((path, options)), Some(id)) = (&plan.register, &plan.id) else {
            return Ok(None);
        };
        let mut needed: Vec<Variable> = plan.covariates.clone();
        needed.extend(plan.subgroups.iter().map(|(variable, _)| variable.clone()));
        for outcome in &plan.trial.outcomes {
            needed.push(outcome.variable.clone());
            needed.extend(
                outcome
                    .baseline
                    .as_deref()
                    .map(|name| baseline(plan, outcome, name)),
            );
        }
        needed.retain(|variable| !file.header().contains(&variable.name));
        if needed.is_empty() {
            return Ok(None);
        }
        let register = data::open(path, options)?;
        let mut wants = Wants::default();
        wants.add(id, Want::Text);
        for variable in &needed {
            file.require_with(&register, &variable.name)?;
            wants.variable(variable);
        }
        let said = &plan.trial.register.reading.ids;
        let (table, _) = without_others(wants.read(&register)?, id, said)?;
        let rows = {
            let width = plan.trial.export().reading.ids.width;
            let (people, clients) = (
                Keys::padded(analysed, id, width)?,
                Keys::padded(&table, id, width)?,
            );
            let mut rows = vec![None; analysed.rows()];
            for (row, other) in join(&people, &clients).pairs {
                rows[row as usize] = Some(other as usize);
            }
            rows
        };
        Ok(Some(Elsewhere {
            record: input("register", path, &table),
            table,
            rows,
        }))
    }

    pub fn measured(&self, variable: &Variable) -> Result<Measured> {
        Ok(measured(&self.table, variable)?.select(&self.rows))
    }
}
