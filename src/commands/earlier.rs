//! A draw that is there already: refused, or kept on file beside a deliberate new one.

use std::path::{Path, PathBuf};

use crate::data::{self, Existing, OutputFolder};
use crate::design::{Manifest, PreviousDraw};
use crate::error::{Error, Result};
use crate::record::{ALLOCATION, MANIFEST};

/// A draw that stands where the new one is to come.
pub struct Earlier {
    manifest: Manifest,
    manifest_text: String,
    allocation: Vec<u8>,
    reason: String,
}

/// Refuses if a draw is there already, unless a new one is deliberate.
pub fn earlier_draw(out: &Path, redraw: Option<&str>) -> Result<Option<Earlier>> {
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
    pub fn set_aside(self, folder: &OutputFolder) -> Result<Vec<PreviousDraw>> {
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
