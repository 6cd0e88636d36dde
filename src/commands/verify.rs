//! `fip verify`: draws again from a manifest, and names what differs.

use std::path::Path;

use super::{Done, Session, unprotected};
use crate::cli::VerifyArgs;
use crate::columns::Decimal;
use crate::data::{self, ReadOptions, Text, Want};
use crate::design::{ArmPlan, Evidence, Kept, Manifest, Texts, verify};
use crate::error::{Error, Result};
use crate::intake::{Drawn, Loaded, ToDraw, Work, eligible};
use crate::protocol::{Arm, Assignment, InputSpec, Reading, Trial};
use crate::release::{Results, release};
use crate::report::verification;
use crate::words::Labels;

/// The kept allocation's columns.
struct KeptColumns {
    ids: Text,
    arms: Text,
    strata: Option<Text>,
}

pub fn run(args: &VerifyArgs, session: &Session) -> Result<Done> {
    let VerifyArgs {
        manifest: manifest_path,
        register,
        allocation,
        trial,
    } = args;
    let manifest = Manifest::parse(&data::read_text(manifest_path)?)
        .map_err(|error| error.file(manifest_path.display()))?;
    let trial = trial.as_deref().map(Loaded::read).transpose()?;
    let min_cell = trial
        .as_ref()
        .and_then(|loaded| loaded.trial.report.min_cell);
    let work = Work {
        trial: recorded(&manifest)?,
        loaded: None,
        register: Some(register.clone()),
        export: None,
    };
    let plan = ToDraw::new(&work)?;
    let eligible = eligible(&plan)?;
    let drawn = Drawn::new(&plan, &eligible.table, &manifest.seed);
    let fallback = eligible.table.text(plan.id)?;
    let beside = manifest_path
        .parent()
        .unwrap_or(Path::new(""))
        .join(&manifest.allocation.file);
    let kept = match allocation {
        Some(path) => Some(kept(path, &manifest)?),
        None if beside.exists() => Some(kept(&beside, &manifest)?),
        None => None,
    };
    let found = verify(
        &manifest,
        &Evidence {
            register_sha256: &eligible.sha256,
            protocol_sha256: trial.as_ref().map(|loaded| loaded.sha256.as_str()),
            read: eligible.read,
            excluded: &eligible.excluded,
            ids: drawn
                .as_ref()
                .map_or(&*fallback as &dyn Texts, |drawn| drawn.ids()),
            allocation: drawn
                .as_ref()
                .map(|drawn| &drawn.allocation)
                .map_err(Error::clone),
            kept: kept.as_ref().map(|columns| Kept {
                ids: &columns.ids,
                arms: &columns.arms,
                strata: columns.strata.as_ref().map(|column| column as &dyn Texts),
            }),
        },
    )?;
    let results = Results {
        manifest: Some(manifest),
        verification: Some(found.clone()),
        ..Results::default()
    };
    let (released, hidden) = release(results, min_cell);
    let document = verification::document(&released, &hidden, session.lang(None));
    let mut notes = Vec::from_iter(hidden.min_cell.map(unprotected));
    if kept.is_none() {
        notes.push(format!(
            "{} is not there, so only the draw itself was checked",
            beside.display()
        ));
    }
    let mut done = Done::new(document, &found, notes)?;
    done.findings = !found.same;
    Ok(done)
}

/// What the manifest says was drawn, as a trial.
fn recorded(manifest: &Manifest) -> Result<Trial> {
    let reading = manifest.register.reading.clone().unwrap_or_default();
    let design = &manifest.design;
    let arms = design.arms.iter().map(|arm| Arm {
        plan: ArmPlan {
            name: arm.name.clone(),
            quota: arm.declared.clone().into(),
        },
        role: arm.role,
        labels: Labels::new(),
    });
    Ok(Trial {
        register: InputSpec {
            id: Some(design.id.clone()),
            filter: design.eligible.clone(),
            reading: Reading {
                missing: reading.missing,
                decimal: reading
                    .decimal
                    .as_deref()
                    .map(str::parse::<Decimal>)
                    .transpose()?,
                delimiter: reading.delimiter.and_then(|text| text.bytes().next()),
            },
            ..InputSpec::default()
        },
        assignment: Some(Assignment {
            method: design.method,
            seed: Some(manifest.seed.clone()),
            strata: design.strata.clone(),
            cluster: design.cluster.clone(),
            arms: arms.collect(),
        }),
        ..Trial::default()
    })
}

fn kept(path: &Path, manifest: &Manifest) -> Result<KeptColumns> {
    let options = ReadOptions {
        delimiter: Some(b','),
        ..ReadOptions::default()
    };
    let file = data::open(path, &options)?;
    let mut wants = vec![
        (manifest.design.id.as_str(), Want::Text),
        ("arm", Want::Text),
    ];
    let strata =
        !manifest.design.strata.is_empty() && file.header().iter().any(|name| name == "stratum");
    if strata {
        wants.push(("stratum", Want::Text));
    }
    let table = file.read(&wants)?;
    Ok(KeptColumns {
        ids: table.text(&manifest.design.id)?.into_owned(),
        arms: table.text("arm")?.into_owned(),
        strata: strata
            .then(|| table.text("stratum").map(std::borrow::Cow::into_owned))
            .transpose()?,
    })
}
