//! `fip assign`: draws the arms, and keeps every draw that was ever made.

use std::path::{Path, PathBuf};

use super::earlier::earlier_draw;
use super::inputs::{Line, Loaded, VERSION, Wants, file_name, in_line, read_options};
use super::{Done, Session, unprotected};
use crate::cli::{AssignArgs, MethodArg, ReadArgs};
use crate::data::{
    self, Condition, Existing, Keys, LOCK, Lock, OutputFolder, ReadOptions, Table, Text, Want,
};
use crate::design::{
    ALGORITHM, Allocation, AllocationRecord, Counts, DesignRecord, Excluded, FileRecord, Manifest,
    Method, Plan, Reading, RegisterRecord, SCHEMA, SeedSource, Texts, Units, draw, fresh_seed,
};
use crate::error::{Error, Result};
use crate::protocol::{Assignment, InputSpec, parse_arms};
use crate::release::{Results, release};
use crate::report::{Lang, assignment};

/// The file with who is in which arm.
pub const ALLOCATION: &str = "allocation.csv";
/// The file with how to derive that again.
pub const MANIFEST: &str = "manifest.json";

/// What is to be drawn and from what, wherever it was said.
pub struct DrawPlan {
    pub register: PathBuf,
    pub options: ReadOptions,
    pub id: String,
    pub filter: Option<String>,
    pub filter_line: Option<Line>,
    pub assignment: Assignment,
    pub protocol: Option<FileRecord>,
    /// Numbers of people below this are kept out of reports.
    pub min_cell: Option<u64>,
}

/// A register as far as a draw needs it: the eligible rows, and who was left out.
pub struct Eligible {
    pub table: Table,
    pub read: u64,
    pub excluded: Vec<Excluded>,
    pub sha256: String,
}

pub fn run(args: &AssignArgs, session: &Session) -> Result<Done> {
    let AssignArgs {
        register: _,
        trial: _,
        id: _,
        arms: _,
        seed: _,
        strata: _,
        cluster: _,
        filter: _,
        method: _,
        out,
        redraw,
        read: _,
    } = args;
    let (plan, lang) = plan(args)?;
    let manifest = assign(&plan, out, redraw.as_deref())?;
    let mut notes = vec![format!(
        "wrote {} and {}",
        out.join(ALLOCATION).display(),
        out.join(MANIFEST).display()
    )];
    let results = Results {
        manifest: Some(manifest.clone()),
        ..Results::default()
    };
    let (released, hidden) = release(results, plan.min_cell);
    notes.extend(hidden.min_cell.map(unprotected));
    let document = assignment::document(&released, &hidden, session.lang(lang));
    Done::new(document, &manifest, notes)
}

/// The plan, and the trial's language.
fn plan(args: &AssignArgs) -> Result<(DrawPlan, Option<Lang>)> {
    if let Some(path) = &args.trial {
        let loaded = Loaded::read(path)?;
        let plan = plan_from_protocol(&loaded, args.register.as_deref())?;
        return Ok((plan, loaded.protocol.trial.language));
    }
    let (Some(register), Some(id)) = (&args.register, &args.id) else {
        return Err(
            Error::usage("a draw needs a register and its id column").hint(
                "fip assign register.csv --id klantnummer --arm interventie=360 --arm controle",
            ),
        );
    };
    let method = match args.method {
        None if args.strata.is_empty() => Method::Complete,
        None | Some(MethodArg::Stratified) => Method::Stratified,
        Some(MethodArg::Simple) => Method::Simple,
        Some(MethodArg::Complete) => Method::Complete,
    };
    let plan = DrawPlan {
        register: register.clone(),
        options: read_options(&args.read, &InputSpec::default())?,
        id: id.clone(),
        filter: args.filter.clone(),
        filter_line: None,
        assignment: Assignment {
            method,
            seed: args.seed.clone(),
            strata: args.strata.clone(),
            cluster: args.cluster.clone(),
            arms: parse_arms(&args.arms)?,
        },
        protocol: None,
        min_cell: None,
    };
    Ok((plan, None))
}

/// The draw that a protocol lays down; `register` replaces the file it names.
pub fn plan_from_protocol(loaded: &Loaded, register: Option<&Path>) -> Result<DrawPlan> {
    let missing = |what: &str, hint: &str| {
        Error::protocol(format!("the protocol does not say {what}"))
            .file(loaded.path.display())
            .hint(hint)
    };
    let protocol = &loaded.protocol;
    let register = match (register, &protocol.register.file) {
        (Some(path), _) => path.to_path_buf(),
        (None, Some(file)) => loaded.beside(file),
        (None, None) => {
            return Err(missing(
                "which register to draw from",
                "add file = \"register.csv\" to [register]",
            ));
        }
    };
    Ok(DrawPlan {
        register,
        options: read_options(&ReadArgs::default(), &protocol.register)?,
        id: protocol.register.id.clone().ok_or_else(|| {
            missing(
                "which column of the register has the id",
                "add id = \"klantnummer\" to [register]",
            )
        })?,
        filter: protocol.register.filter.clone(),
        filter_line: protocol
            .register
            .filter
            .as_deref()
            .and_then(|filter| loaded.line_of(filter)),
        assignment: protocol
            .assignment
            .clone()
            .ok_or_else(|| missing("how to draw", "add [assignment] with two arms or more"))?,
        protocol: Some(FileRecord {
            file: file_name(&loaded.path),
            sha256: loaded.sha256.clone(),
        }),
        min_cell: protocol.report.min_cell,
    })
}

/// Draws and writes allocation and manifest. Nothing is written if anything is wrong.
pub fn assign(plan: &DrawPlan, out: &Path, redraw: Option<&str>) -> Result<Manifest> {
    let existing = match redraw {
        Some(_) => Existing::Replace,
        None => Existing::Keep,
    };
    draw_and_write(plan, out, redraw, existing).map_err(|error| plan.in_protocol(error))
}

/// Draws into a scratch folder, from where the files are to be copied to one that lasts.
pub fn draft(plan: &DrawPlan, scratch: &Path) -> Result<Manifest> {
    draw_and_write(plan, scratch, None, Existing::Replace).map_err(|error| plan.in_protocol(error))
}

impl DrawPlan {
    fn in_protocol(&self, error: Error) -> Error {
        match &self.protocol {
            Some(protocol) => error.in_protocol(&protocol.file),
            None => error,
        }
    }
}

fn draw_and_write(
    plan: &DrawPlan,
    out: &Path,
    redraw: Option<&str>,
    existing: Existing,
) -> Result<Manifest> {
    let _lock = Lock::take(out, LOCK)?;
    let earlier = earlier_draw(out, redraw)?;
    let eligible = eligible(plan)?;
    let (seed, seed_source) = match &plan.assignment.seed {
        Some(seed) => (seed.clone(), SeedSource::Given),
        None => (fresh_seed()?, SeedSource::Drawn),
    };
    let drawn = Drawn::new(plan, &eligible.table, &seed)?;
    let mut manifest = drawn.manifest(plan, &eligible, seed_source)?;
    let folder = OutputFolder::create(out)?;
    folder.sweep()?;
    if let Some(earlier) = earlier {
        manifest.previous = earlier.set_aside(&folder)?;
    }
    folder.write(ALLOCATION, &drawn.csv(plan)?, existing)?;
    folder.write(MANIFEST, manifest.to_json()?.as_bytes(), existing)?;
    Ok(manifest)
}

/// Reads the columns that the draw uses and keeps the eligible rows.
pub fn eligible(plan: &DrawPlan) -> Result<Eligible> {
    let file = data::open(&plan.register, &plan.options)?;
    let mut wants = Wants::default();
    wants.add(&plan.id, Want::Text);
    for name in plan
        .assignment
        .strata
        .iter()
        .chain(&plan.assignment.cluster)
    {
        wants.add(name, Want::Text);
    }
    let condition = plan.filter.as_deref().map(Condition::parse).transpose()?;
    if let Some(condition) = &condition {
        condition
            .check(file.header())
            .map_err(|error| in_line(error.file(file.name()), plan.filter_line.clone()))?;
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
            plan.filter.as_deref().unwrap_or_default()
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
}

impl Drawn {
    pub fn new(plan: &DrawPlan, table: &Table, seed: &str) -> Result<Self> {
        let Assignment {
            method,
            seed: _,
            strata,
            cluster,
            arms,
        } = &plan.assignment;
        let draw_plan = Plan::new(
            *method,
            arms.iter().map(|arm| arm.plan.clone()).collect(),
            seed,
        )?;
        Keys::new(table, &plan.id)?;
        if let Some(cluster) = cluster {
            refuse_empty_clusters(table, cluster)?;
        }
        let ids = table.text(&plan.id)?.into_owned();
        let clusters = cluster
            .as_ref()
            .map(|name| Ok(table.text(name)?.into_owned()))
            .transpose()?;
        let columns: Vec<Text> = strata
            .iter()
            .map(|name| Ok(table.text(name)?.into_owned()))
            .collect::<Result<_>>()?;
        let strata: Vec<&dyn Texts> = columns.iter().map(|column| column as &dyn Texts).collect();
        let allocation = {
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
            draw(&draw_plan, &units).map_err(at_file)?
        };
        Ok(Drawn {
            ids,
            clusters,
            allocation,
            plan: draw_plan,
        })
    }

    pub fn ids(&self) -> &Text {
        &self.ids
    }

    fn manifest(
        &self,
        plan: &DrawPlan,
        eligible: &Eligible,
        seed_source: SeedSource,
    ) -> Result<Manifest> {
        let roles: Vec<_> = plan
            .assignment
            .arms
            .iter()
            .map(|arm| Some(arm.role))
            .collect();
        let mut design = DesignRecord::new(&self.plan, plan.id.clone(), &roles);
        design.strata.clone_from(&plan.assignment.strata);
        design.cluster.clone_from(&plan.assignment.cluster);
        design.eligible.clone_from(&plan.filter);
        Ok(Manifest {
            schema: SCHEMA.to_string(),
            algorithm: ALGORITHM.to_string(),
            fip_version: VERSION.to_string(),
            seed: self.plan.seed().to_string(),
            seed_source,
            design,
            register: RegisterRecord {
                file: file_name(&plan.register),
                sha256: eligible.sha256.clone(),
                rows: eligible.read,
                reading: reading(&plan.options),
            },
            protocol: plan.protocol.clone(),
            min_cell: plan.min_cell,
            counts: Counts::new(eligible.read, eligible.excluded.clone(), &self.allocation),
            allocation: AllocationRecord {
                file: ALLOCATION.to_string(),
                sha256: self.allocation.sha256.clone(),
            },
            previous: Vec::new(),
        })
    }

    /// `allocation.csv`: the ids exactly as in the register, in its order.
    pub fn csv(&self, plan: &DrawPlan) -> Result<Vec<u8>> {
        let mut header = vec![plan.id.as_str(), "arm"];
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
fn reading(options: &ReadOptions) -> Option<Reading> {
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
