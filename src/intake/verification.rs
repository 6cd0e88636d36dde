//! Is this the draw that took place? The draw again, from the register or from the file without ids.

use std::path::Path;

use super::draw::{Drawn, ToDraw, eligible};
use super::work::{Loaded, Work, read_options};
use crate::columns::Decimal;
use crate::data::{self, Text, Want};
use crate::design::{
    ArmPlan, Evidence, FIRST_BATCH, Kept, Manifest, PublicCheck, PublicDraw, Texts, Verification,
    verify,
};
use crate::error::{Error, Result};
use crate::protocol::{Arm, Assignment, Ids, InputSpec, Reading, Trial};
use crate::record::{MANIFEST, PROTOCOL, PUBLIC, Record, Recorded, fingerprint, revealed_seed};
use crate::release::Results;
use crate::results::{Broken, EventKind};
use crate::words::Labels;

/// The kept allocation's columns.
struct KeptColumns {
    ids: Text,
    arms: Text,
    strata: Option<Text>,
}

/// What a manifest is held against, as far as it is at hand.
pub struct HeldAgainst<'a> {
    pub register: Option<&'a Path>,
    /// The kept allocation; by default the file beside the manifest.
    pub allocation: Option<&'a Path>,
    /// The draw without ids, instead of a register; by default the file beside the manifest.
    pub public: Option<Option<&'a Path>>,
}

/// Makes the draw of a manifest again, and says what could not be held against it.
///
/// # Errors
/// Of files that cannot be read.
pub fn draw_again(
    held: &HeldAgainst<'_>,
    path: &Path,
    trial: Option<&Loaded>,
    results: &mut Results,
) -> Result<Vec<String>> {
    let manifest =
        Manifest::parse(&data::read_text(path)?).map_err(|error| error.file(path.display()))?;
    let beside = path.with_file_name(&manifest.allocation.file);
    let there = Some(beside.clone()).filter(|path| path.exists());
    let kept = held.allocation.map(Path::to_path_buf).or(there);
    let mut notes = Vec::new();
    match (held.public, held.register) {
        (Some(public), _) => {
            let public = public.map_or_else(|| path.with_file_name(PUBLIC), Path::to_path_buf);
            results.public = Some(against_public(&manifest, &public)?);
        }
        (None, Some(register)) => {
            if kept.is_none() {
                notes.push(format!(
                    "{} is not there, so only the draw itself was checked",
                    beside.display()
                ));
            }
            let (found, more) =
                against_register(&manifest, register, kept.as_deref(), trial)?;
            notes.extend(more);
            results.verification = Some(found);
        }
        (None, None) => notes.push(
            "the draw was not made again, for the register is not there; --public draws from the file without ids"
                .to_string(),
        ),
    }
    results.manifest = Some(manifest);
    Ok(notes)
}

/// Draws again from the register, and compares with the manifest and, where it is at hand, the allocation.
/// Leading zeros that a spreadsheet has taken from the allocation's ids are put back, which is said.
///
/// # Errors
/// Of files that cannot be read.
pub fn against_register(
    manifest: &Manifest,
    register: &Path,
    allocation: Option<&Path>,
    protocol: Option<&Loaded>,
) -> Result<(Verification, Vec<String>)> {
    let work = Work {
        trial: recorded(manifest)?,
        loaded: None,
        register: Some(register.to_path_buf()),
        export: None,
    };
    let plan = ToDraw {
        batch: manifest.design.batch.unwrap_or(FIRST_BATCH),
        ..ToDraw::new(&work)?
    };
    let eligible = eligible(&plan)?;
    let drawn = Drawn::new(&plan, &eligible.table, &manifest.seed);
    let fallback = eligible.table.text(plan.id)?;
    let mut kept = allocation.map(|path| kept(path, manifest)).transpose()?;
    let mut notes = Vec::new();
    let ids = drawn.as_ref().map_or(&*fallback, |drawn| drawn.ids());
    if let (Some(columns), Some(path)) = (&mut kept, allocation)
        && let Some(padded) = with_leading_zeros(&columns.ids, ids)
    {
        columns.ids = padded;
        notes.push(format!(
            "the ids in {} have lost their leading zeros, as when a spreadsheet saves a file; they were put back to compare",
            path.display()
        ));
    }
    let found = verify(
        manifest,
        &Evidence {
            register_sha256: &eligible.sha256,
            protocol_sha256: protocol.map(|loaded| loaded.sha256.as_str()),
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
    Ok((found, notes))
}

/// Ids with the leading zeros that the register's have, where all of those are numbers of one length and
/// these are shorter ones; nothing where that is not what differs.
fn with_leading_zeros(ids: &Text, register: &Text) -> Option<Text> {
    let digits = |key: &str| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    let width = register.iter().next()?.trim().len();
    let own = register.iter().map(str::trim);
    if !own.into_iter().all(|key| key.len() == width && digits(key)) {
        return None;
    }
    let mut shorter = false;
    for key in ids.iter().map(str::trim) {
        if !digits(key) || key.len() > width {
            return None;
        }
        shorter |= key.len() < width;
    }
    shorter.then(|| {
        ids.iter()
            .map(|key| format!("{:0>width$}", key.trim()))
            .collect()
    })
}

/// Draws again from the file without ids.
///
/// # Errors
/// Of a file that cannot be read, or that is not of this draw.
pub fn against_public(manifest: &Manifest, path: &Path) -> Result<PublicCheck> {
    let file = data::open(path, &read_options(&Reading::default()))?;
    file.require("arm").map_err(|error| {
        error.hint("give the draw-public.csv that was written with the manifest")
    })?;
    let has = |name: &str| file.header().iter().any(|column| column == name);
    let wants: Vec<(&str, Want)> = ["place", "stratum", "cluster", "lot", "arm"]
        .into_iter()
        .filter(|name| has(name))
        .map(|name| (name, Want::Text))
        .collect();
    let table = file.read(&wants)?;
    let column = |name: &str| -> Result<Option<Vec<String>>> {
        if !has(name) {
            return Ok(None);
        }
        let text = table.text(name)?;
        Ok(Some(
            (0..table.rows())
                .map(|row| text.key(row).to_string())
                .collect(),
        ))
    };
    let numbers = |name: &str| -> Result<Option<Vec<u64>>> {
        let Some(texts) = column(name)? else {
            return Ok(None);
        };
        let number = |(row, text): (usize, String)| {
            text.parse().map_err(|_| {
                Error::data("this is not a whole number")
                    .file(path.display())
                    .row(table.row_number(row))
                    .column(name)
                    .value(text.clone())
            })
        };
        texts
            .into_iter()
            .enumerate()
            .map(number)
            .collect::<Result<_>>()
            .map(Some)
    };
    if let Some(places) = numbers("place")? {
        let moved = (1..).zip(&places).position(|(at, place)| at != *place);
        if let Some(row) = moved {
            return Err(Error::data("the places are not in order, from 1")
                .file(path.display())
                .row(table.row_number(row))
                .column("place")
                .hint("the order of the rows is what is drawn from: sort by place, and put nothing in or out"));
        }
    }
    PublicDraw {
        strata: column("stratum")?,
        clusters: numbers("cluster")?,
        lots: numbers("lot")?,
        arms: column("arm")?.unwrap_or_default(),
    }
    .check(manifest)
    .map_err(|error| error.file(path.display()))
}

/// A public seed that is not made of the fingerprint that was committed to before.
///
/// # Errors
/// Of a manifest that cannot be read.
pub fn seeds_not_revealed(record: &Record) -> Result<Vec<Broken>> {
    let mut broken = Vec::new();
    for (index, recorded) in record.events().iter().enumerate() {
        let Some(text) = &recorded.event.what.public else {
            continue;
        };
        let path = recorded.place.join(MANIFEST);
        let manifest = Manifest::parse(&data::read_text(&path)?)
            .map_err(|error| error.file(path.display()))?;
        let protocol = recorded
            .event
            .files
            .iter()
            .find(|file| file.file == PROTOCOL);
        let own = protocol.map(|file| fingerprint(&file.sha256, &manifest.register.sha256));
        let before = |own: &String| {
            let committed = |of: &Recorded| {
                of.event.kind == EventKind::Registered
                    && of.event.what.fingerprint.as_ref() == Some(own)
            };
            record.events()[..index].iter().any(committed)
        };
        let sound =
            own.is_some_and(|own| before(&own) && manifest.seed == revealed_seed(&own, text));
        if !sound {
            broken.push(Broken::Seed {
                event: super::work::file_name(&recorded.place),
            });
        }
    }
    Ok(broken)
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
                // What was drawn was judged then.
                ids: Ids {
                    people: vec!["all".to_string()],
                    not_people: reading.not_people,
                    width: None,
                },
            },
            ..InputSpec::default()
        },
        assignment: Some(Assignment {
            method: design.method,
            seed: Some(manifest.seed.clone()),
            strata: design.strata.clone(),
            cluster: design.cluster.clone(),
            count: design.count,
            arms: arms.collect(),
            caseworkers: Vec::new(),
        }),
        ..Trial::default()
    })
}

/// The allocation as it is now: it may have been saved again by a spreadsheet.
fn kept(path: &Path, manifest: &Manifest) -> Result<KeptColumns> {
    let file = data::open(path, &read_options(&Reading::default()))?;
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
