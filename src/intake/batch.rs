//! Those who come after the draw: who is new, and drawn with the shares of the first draw; who
//! comes to live with somebody who was drawn before, and has their arm.

use std::collections::HashMap;

use super::draw::{Drawn, Eligible, ToDraw, eligible};
use super::on_record::{FURTHER, OnRecord};
use crate::data::{self, Text};
use crate::design::{
    ArmCount, ArmPlan, Before, Counting, FIRST_BATCH, Manifest, Newcomers, Plan, Texts,
};
use crate::error::{Error, Result};
use crate::protocol::Assignment;

/// A later batch, drawn.
pub struct Batch {
    pub drawn: Drawn,
    /// The newcomers who were drawn; read and excluded are of the whole register.
    pub eligible: Eligible,
    /// How many eligible rows are of people who were drawn before.
    pub known: u64,
    joined: Joined,
    manifest: Manifest,
}

/// New members of clusters that were drawn before.
struct Joined {
    ids: Text,
    clusters: Text,
    arms: Vec<String>,
    /// Per person a row on record of somebody of the same cluster.
    with: Vec<usize>,
}

impl Batch {
    /// Draws the newcomers in the register of `plan`, whose `batch` is 2 or more, as the first
    /// draw's manifest says: its seed, its method, and shares of the arms that are those of the
    /// first draw by largest remainder, unless `sizes` says how many this time.
    ///
    /// # Errors
    /// Protocol, when the design has changed since the first draw; data, when nobody is new.
    pub fn new(
        plan: &ToDraw<'_>,
        first: &Manifest,
        before: &OnRecord,
        sizes: Option<&[ArmPlan]>,
    ) -> Result<Self> {
        if plan.batch <= FIRST_BATCH {
            return Err(Error::internal("the first draw is no later batch"));
        }
        refuse_another_design(plan, first)?;
        let Eligible {
            table,
            read,
            excluded,
            sha256,
        } = eligible(plan)?;
        let cluster = plan.assignment.cluster.as_deref();
        let clusters = cluster.map(|name| table.text(name)).transpose()?;
        let ids = table.text(plan.id)?;
        let newcomers = Newcomers::new(
            &Before {
                ids: &before.ids,
                clusters: before.column("cluster").map(|column| column as &dyn Texts),
                arms: &before.arms,
            },
            &*ids,
            clusters.as_deref().map(|column| column as &dyn Texts),
        )
        .map_err(|error| error.file(plan.register.display()))?;
        let joined = Joined::new(&newcomers, &ids, clusters.as_deref(), before);
        let Newcomers {
            to_draw,
            joined: _,
            known,
        } = newcomers;
        if to_draw.is_empty() {
            return Err(Error::data(format!(
                "nobody is to be drawn: {known} of the eligible rows are of people who were drawn before, and {} \
                 join somebody who was",
                joined.ids.len()
            ))
            .file(plan.register.display())
            .hint("give the register as it is now; who joins somebody is recorded with the next newcomers"));
        }
        let mut is_new = vec![false; table.rows()];
        for row in to_draw {
            is_new[row as usize] = true;
        }
        drop((ids, clusters));
        let eligible = Eligible {
            table: table.retain(&is_new)?,
            read,
            excluded,
            sha256,
        };
        let drawn = Drawn::of(
            plan,
            &eligible.table,
            |units| match sizes {
                None => first.plan()?.for_batch(
                    plan.batch,
                    &strata_of(first),
                    &units.strata_sizes(first.design.count),
                ),
                Some(sizes) => given(plan, first, sizes),
            },
            Some(first.counts.arms.clone()),
        )?;
        let mut manifest = drawn.manifest(plan, &eligible, first.seed_source)?;
        manifest.counts.known = known;
        manifest.counts.joined = joined.arms.len() as u64;
        Ok(Batch {
            drawn,
            eligible,
            known,
            joined,
            manifest,
        })
    }

    /// `manifest.json` of this batch.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// `allocation.csv` of this batch: who was drawn in it, in the register's order.
    ///
    /// # Errors
    /// Internal ones only.
    pub fn csv(&self, plan: &ToDraw<'_>) -> Result<Vec<u8>> {
        self.drawn.csv(plan)
    }

    /// How many join a cluster that was drawn before, per arm of the design.
    pub fn joined(&self) -> Vec<(String, u64)> {
        let arms = self.manifest.design.arms.iter();
        arms.map(|arm| {
            let of = self.joined.arms.iter().filter(|own| **own == arm.name);
            (arm.name.clone(), of.count() as u64)
        })
        .collect()
    }

    /// `joined.csv`: who joins a cluster that was drawn before, with all that the allocation says of
    /// that cluster (its batch, lot and caseworker too), in the register's order; none where nobody
    /// does. They were not drawn: the allocation and its hash are without them.
    ///
    /// # Errors
    /// Internal ones only.
    pub fn joined_csv(&self, plan: &ToDraw<'_>, before: &OnRecord) -> Result<Option<Vec<u8>>> {
        let Joined {
            ids,
            clusters,
            arms,
            with,
        } = &self.joined;
        if arms.is_empty() {
            return Ok(None);
        }
        let first = FIRST_BATCH.to_string();
        let columns: Vec<&str> = FURTHER
            .into_iter()
            .filter(|name| *name == "batch" || before.column(name).is_some())
            .collect();
        let header = [&[plan.id, "arm"], columns.as_slice()].concat();
        let rows = (0..arms.len()).map(|row| {
            let mut cells = vec![ids.get(row), arms[row].as_str()];
            cells.extend(columns.iter().map(|&name| {
                match (name, before.column(name).map(|of| of.get(with[row]))) {
                    ("cluster", _) => clusters.get(row),
                    ("batch", None | Some("")) => &first,
                    (_, cell) => cell.unwrap_or(""),
                }
            }));
            cells
        });
        data::csv_bytes(&header, rows).map(Some)
    }
}

impl Joined {
    fn new(newcomers: &Newcomers, ids: &Text, clusters: Option<&Text>, before: &OnRecord) -> Self {
        let mut row_of: HashMap<&str, usize> = HashMap::new();
        if let Some(column) = before.column("cluster") {
            for row in 0..column.len() {
                row_of.entry(column.key(row)).or_insert(row);
            }
        }
        let rows = || newcomers.joined.iter().map(|(row, _)| *row as usize);
        let cluster = |row: usize| clusters.map_or("", |clusters| clusters.get(row));
        Joined {
            ids: rows().map(|row| ids.get(row)).collect(),
            clusters: rows().map(cluster).collect(),
            arms: newcomers
                .joined
                .iter()
                .map(|(_, arm)| arm.clone())
                .collect(),
            with: rows()
                .filter_map(|row| row_of.get(cluster(row).trim()).copied())
                .collect(),
        }
    }
}

/// The strata of the first draw with what the sizes counted in it; one without a name where none
/// were drawn.
fn strata_of(first: &Manifest) -> Vec<(String, u64)> {
    let counts = &first.counts;
    let of = |arms: &[ArmCount]| -> u64 {
        arms.iter()
            .map(|arm| match first.design.count {
                Counting::Units => arm.units,
                Counting::Persons => arm.persons,
            })
            .sum()
    };
    if counts.strata.is_empty() {
        return vec![(String::new(), of(&counts.arms))];
    }
    let strata = counts.strata.iter();
    strata
        .map(|stratum| (stratum.label(), of(&stratum.arms)))
        .collect()
}

/// The plan with sizes of its own for this batch, the arms in the order of the first draw.
fn given(plan: &ToDraw<'_>, first: &Manifest, sizes: &[ArmPlan]) -> Result<Plan> {
    let design = &first.design;
    let names: Vec<&str> = design.arms.iter().map(|arm| arm.name.as_str()).collect();
    if let Some(other) = sizes.iter().find(|arm| !names.contains(&arm.name.as_str())) {
        return Err(Error::usage(format!("no arm '{}' was drawn", other.name))
            .hint(format!("the arms are: {}", names.join(", "))));
    }
    let arms = names.iter().map(|name| {
        let said = sizes.iter().find(|arm| arm.name == *name);
        said.cloned().ok_or_else(|| {
            Error::usage(format!(
                "the sizes for this batch leave out the arm '{name}'"
            ))
            .hint("name every arm; one of them may be without a size, and takes the rest")
        })
    });
    Plan::of(
        design.method,
        arms.collect::<Result<_>>()?,
        first.seed.as_str(),
        design.count,
        plan.batch,
    )
}

/// A batch is drawn as the first was: what has changed in the protocol since would make it a draw
/// of another trial.
fn refuse_another_design(plan: &ToDraw<'_>, first: &Manifest) -> Result<()> {
    let Assignment {
        method,
        seed: _,
        strata,
        cluster,
        count,
        // Sizes of the first draw are in its manifest.
        arms,
        caseworkers: _,
    } = plan.assignment;
    let design = &first.design;
    let names = arms.iter().map(|arm| arm.plan.name.as_str());
    let what = if *method != design.method {
        "another method"
    } else if *strata != design.strata {
        "other strata"
    } else if *cluster != design.cluster {
        "another cluster column"
    } else if *count != design.count {
        "sizes that count something else"
    } else if !names.eq(design.arms.iter().map(|arm| arm.name.as_str())) {
        "other arms"
    } else {
        return Ok(());
    };
    Err(Error::protocol(format!(
        "a batch is drawn as the first draw was, and the protocol now has {what}"
    ))
    .hint("put [assignment] back as it was drawn, or draw these people in a trial of their own"))
}
