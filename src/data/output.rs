//! Files out: whole or not at all, and never over something that is already there.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::source::{read_up_to, refuse_binary};
use crate::error::{Error, Result};

/// What to do with a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Refuse.
    Keep,
    /// Write over it: results that are computed again from the same inputs.
    Replace,
}

/// What the name of a file that is not whole yet ends with.
const DRAFT: &str = ".part";

/// `.NAME.PROCESS.part`
pub(super) fn is_draft(name: &str) -> bool {
    let inner = name
        .strip_prefix('.')
        .and_then(|name| name.strip_suffix(DRAFT));
    let process = inner.and_then(|inner| inner.rsplit_once('.'));
    process.is_some_and(|(name, process)| !name.is_empty() && process.parse::<u32>().is_ok())
}

/// Writes a file: a temporary one beside it first, so that no half a file is ever seen.
///
/// # Errors
/// Refused, when it exists and must be kept; data, when the disk or the folder does not let us.
pub fn write_file(path: &Path, bytes: &[u8], existing: Existing) -> Result<()> {
    refuse_existing(path, existing)?;
    let name = path.file_name().ok_or_else(|| {
        Error::usage("this is not the name of a file")
            .file(path.display())
            .hint("name a file to write to")
    })?;
    let mut draft = std::ffi::OsString::from(".");
    draft.push(name);
    draft.push(format!(".{}{DRAFT}", std::process::id()));
    let draft = path.with_file_name(draft);
    let written = write_draft(&draft, bytes, existing).and_then(|()| match existing {
        Existing::Replace => fs::rename(&draft, path),
        // A link fails where a rename would replace what appeared in the meantime.
        Existing::Keep => match fs::hard_link(&draft, path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => fs::rename(&draft, path),
            linked => linked,
        },
    });
    // After a rename there is no draft any more; whatever happened, none is left behind.
    let _ = fs::remove_file(&draft);
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => exists(path),
        _ => cannot_write(path, &error),
    })
}

/// What cannot be computed again must reach the disk before it is named.
fn write_draft(draft: &Path, bytes: &[u8], existing: Existing) -> io::Result<()> {
    let mut file = File::create(draft)?;
    file.write_all(bytes)?;
    match existing {
        Existing::Keep => file.sync_all(),
        Existing::Replace => Ok(()),
    }
}

/// Checks beforehand that a file can be made, before long work is done for it.
pub fn refuse_existing(path: &Path, existing: Existing) -> Result<()> {
    match existing == Existing::Keep && path.symlink_metadata().is_ok() {
        true => Err(exists(path)),
        false => Ok(()),
    }
}

fn exists(path: &Path) -> Error {
    Error::refused("this file exists already and is not written over")
        .file(path.display())
        .hint("write to another folder, or move the file away first")
}

fn cannot_write(path: &Path, error: &io::Error) -> Error {
    let hint = match error.kind() {
        io::ErrorKind::NotFound => "make the folder first",
        io::ErrorKind::PermissionDenied => "choose a folder that you may write in",
        _ => "check the disk, or write to another folder",
    };
    Error::data(format!("this file cannot be written: {error}"))
        .file(path.display())
        .hint(hint)
}

/// A CSV as bytes: commas, quotes where needed, lines ending in LF, UTF-8.
pub fn csv_bytes<R, S>(header: &[&str], rows: R) -> Result<Vec<u8>>
where
    R: IntoIterator,
    R::Item: IntoIterator<Item = S>,
    S: AsRef<str>,
{
    let broken = |error: csv::Error| Error::internal(format!("a CSV cannot be made: {error}"));
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(header).map_err(broken)?;
    for row in rows {
        for cell in row {
            writer.write_field(cell.as_ref()).map_err(broken)?;
        }
        writer.write_record(None::<&[u8]>).map_err(broken)?;
    }
    writer
        .into_inner()
        .map_err(|error| Error::internal(format!("a CSV cannot be made: {error}")))
}

/// Writes a CSV file; see [`csv_bytes`] and [`write_file`].
pub fn write_csv<R, S>(path: &Path, header: &[&str], rows: R, existing: Existing) -> Result<()>
where
    R: IntoIterator,
    R::Item: IntoIterator<Item = S>,
    S: AsRef<str>,
{
    write_file(path, &csv_bytes(header, rows)?, existing)
}

/// The text of a whole small file, such as a protocol, in UTF-8 with or without a byte order mark.
pub fn read_text(path: &Path) -> Result<String> {
    if path.is_dir() {
        return Err(Error::data("this is a folder, not a file")
            .file(path.display())
            .hint("name a file in it"));
    }
    let bytes = read_up_to(path, LONGEST_TEXT)?;
    refuse_binary(&bytes).map_err(|error| error.file(path.display()))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + memchr::memchr_iter(b'\n', before).count() as u64;
        Error::data("this file is not in UTF-8")
            .file(path.display())
            .line(line)
            .hint("save it again as UTF-8")
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_string(),
        None => text,
    })
}

/// No protocol, manifest or publication is longer.
const LONGEST_TEXT: u64 = 64 << 20;
/// No allocation or result is longer.
const LONGEST_WHOLE: u64 = 2 << 30;

/// The bytes of a whole file.
///
/// # Errors
/// It cannot be read, or never ends.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    read_up_to(path, LONGEST_WHOLE)
}

/// A folder that results are written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFolder {
    path: PathBuf,
}

impl OutputFolder {
    /// Opens the folder, making it (and those above it) where needed.
    pub fn create(path: &Path) -> Result<Self> {
        fs::create_dir_all(path).map_err(|error| {
            Error::data(format!("this folder cannot be made: {error}"))
                .file(path.display())
                .hint("choose a folder that you may write in")
        })?;
        Ok(OutputFolder {
            path: path.to_path_buf(),
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the drafts of files that a killed process has left, which may have ids in them.
    /// Only for whoever has the folder to themselves.
    pub fn sweep(&self) -> Result<()> {
        let failed = |error: io::Error| cannot_write(&self.path, &error);
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_draft(&name) && entry.file_type().map_err(failed)?.is_file() {
                fs::remove_file(entry.path()).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Removes a result of an earlier run that this one does not have.
    pub fn remove(&self, name: &str) -> Result<()> {
        let path = self.file(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(cannot_write(&path, &error))
            }
            _ => Ok(()),
        }
    }

    /// Where a file in this folder is.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    pub fn has(&self, name: &str) -> bool {
        self.file(name).symlink_metadata().is_ok()
    }

    pub fn write(&self, name: &str, bytes: &[u8], existing: Existing) -> Result<PathBuf> {
        let path = self.file(name);
        write_file(&path, bytes, existing)?;
        Ok(path)
    }
}
