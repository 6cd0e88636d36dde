//! A draw without a protocol: allocation and manifest in a folder, and no record.

use std::path::{Path, PathBuf};

use super::draw::{Drawn, Eligible, ToDraw, eligible};
use crate::data::{self, Existing, LOCK, Lock, OutputFolder};
use crate::design::{Manifest, PreviousDraw, SeedSource, fresh_seed};
use crate::error::{Error, Result};
use crate::record::{ALLOCATION, MANIFEST};

/// Draws and writes manifest and allocation, and says what was written. Nothing is written if anything is
/// wrong; a draw that was cut off between the two files is finished.
///
/// # Errors
/// Refused, where a draw is there already and `redraw` gives no reason; what stops a draw.
pub fn assign(
    plan: &ToDraw<'_>,
    out: &Path,
    redraw: Option<&str>,
) -> Result<(Manifest, Vec<String>)> {
    let _lock = Lock::take(out, LOCK)?;
    if let Some(manifest) = cut_off(plan, out)? {
        return Ok((
            manifest,
            vec![format!(
                "finished a draw that was cut off: wrote {}",
                out.join(ALLOCATION).display()
            )],
        ));
    }
    let earlier = earlier_draw(out, redraw)?;
    let eligible = eligible(plan)?;
    let (seed, seed_source) = match &plan.assignment.seed {
        Some(seed) => (seed.clone(), SeedSource::Given),
        None => (fresh_seed()?, SeedSource::Drawn),
    };
    let drawn = Drawn::new(plan, &eligible.table, &seed)?;
    let mut manifest = drawn.manifest(plan, &eligible, seed_source)?;
    let csv = drawn.csv(plan)?;
    manifest.allocation.file_sha256 = Some(data::sha256_hex(&csv));
    let existing = match earlier {
        Some(_) => Existing::Replace,
        None => Existing::Keep,
    };
    let folder = OutputFolder::create(out)?;
    folder.sweep()?;
    if let Some(earlier) = earlier {
        manifest.previous = earlier.set_aside(&folder)?;
    }
    // The manifest first: with it the draw can be finished, whenever this is cut off.
    folder.write(MANIFEST, manifest.to_json()?.as_bytes(), existing)?;
    folder.write(ALLOCATION, &csv, existing)?;
    let wrote = format!(
        "wrote {} and {}",
        out.join(ALLOCATION).display(),
        out.join(MANIFEST).display()
    );
    Ok((manifest, vec![wrote]))
}

/// Finishes a draw of which only the manifest was written.
fn cut_off(plan: &ToDraw<'_>, out: &Path) -> Result<Option<Manifest>> {
    let path = out.join(MANIFEST);
    if !path.exists() || out.join(ALLOCATION).exists() {
        return Ok(None);
    }
    let manifest =
        Manifest::parse(&data::read_text(&path)?).map_err(|error| error.file(path.display()))?;
    let Eligible { table, sha256, .. } = &eligible(plan)?;
    let drawn = Drawn::new(plan, table, &manifest.seed)?;
    let other_seed = plan
        .assignment
        .seed
        .as_ref()
        .is_some_and(|seed| *seed != manifest.seed);
    if other_seed
        || drawn.allocation.sha256 != manifest.allocation.sha256
        || *sha256 != manifest.register.sha256
    {
        return Ok(None);
    }
    let folder = OutputFolder::create(out)?;
    folder.write(ALLOCATION, &drawn.csv(plan)?, Existing::Keep)?;
    Ok(Some(manifest))
}

/// A draw that stands where the new one is to come.
struct Earlier {
    manifest: Manifest,
    manifest_text: String,
    allocation: Vec<u8>,
    reason: String,
}

/// Refuses if a draw is there already, unless a new one is deliberate.
fn earlier_draw(out: &Path, redraw: Option<&str>) -> Result<Option<Earlier>> {
    let (allocation, manifest) = (out.join(ALLOCATION), out.join(MANIFEST));
    let there: Vec<&PathBuf> = [&allocation, &manifest]
        .into_iter()
        .filter(|path| path.exists())
        .collect();
    let Some(first) = there.first() else {
        return Ok(None);
    };
    let Some(reason) = redraw else {
        return Err(Error::refused("a draw has already been made here, and is not overwritten")
            .file(first.display())
            .hint("use another --out, or --redraw \"reason\" for a deliberate new draw that keeps this one on file"));
    };
    if reason.trim().is_empty() {
        return Err(Error::usage("a new draw needs a reason")
            .hint("for example --redraw \"register bleek verouderd\""));
    }
    if there.len() < 2 {
        return Err(Error::refused(
            "only half of an earlier draw is there, so it cannot be kept on file",
        )
        .file(first.display())
        .hint("put allocation.csv and manifest.json together again, or use another --out"));
    }
    let manifest_text = data::read_text(&manifest)?;
    Ok(Some(Earlier {
        manifest: Manifest::parse(&manifest_text)
            .map_err(|error| error.file(manifest.display()))?,
        manifest_text,
        allocation: data::read_bytes(&allocation)?,
        reason: reason.to_string(),
    }))
}

impl Earlier {
    /// Copies the earlier draw under the next free number, and lists it.
    fn set_aside(self, folder: &OutputFolder) -> Result<Vec<PreviousDraw>> {
        let names = |number: usize| {
            (
                format!("allocation-{number}.csv"),
                format!("manifest-{number}.json"),
            )
        };
        let number = (1..)
            .find(|&number| {
                let (allocation, manifest) = names(number);
                !folder.has(&allocation) && !folder.has(&manifest)
            })
            .ok_or_else(|| Error::internal("no number is free for an earlier draw"))?;
        let (allocation, manifest) = names(number);
        folder.write(&allocation, &self.allocation, Existing::Keep)?;
        folder.write(&manifest, self.manifest_text.as_bytes(), Existing::Keep)?;
        Ok(self
            .manifest
            .into_previous(manifest, allocation, self.reason))
    }
}
