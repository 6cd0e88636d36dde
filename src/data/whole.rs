//! A folder that is made whole or not at all: written beside the one that is there and put in
//! its place in one step, so that nothing of an earlier run stays in it.
//!
//! What it holds is listed with its hashes in [`SUMS`]. Whatever else is found in the folder, or
//! was changed, is somebody's work and is not replaced.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::lock::Lock;
use super::output::{Existing, OutputFolder, is_draft};
use super::source::sha256_hex;
use crate::error::{Error, Result};

/// The list of files, as `sha256sum --check` reads it.
pub const SUMS: &str = "SHA256SUMS";

/// What file managers leave in any folder that is looked at.
pub(super) const LITTER: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// So many foreign files are named.
const NAMED: usize = 3;

/// A folder that is being made.
#[derive(Debug)]
pub struct WholeFolder {
    /// Where it is to be, as it was called.
    path: PathBuf,
    /// The same behind links.
    real: PathBuf,
    draft: OutputFolder,
    _lock: Lock,
}

impl WholeFolder {
    /// Opens an empty draft of the folder.
    ///
    /// # Errors
    /// Refused, where the folder has files that would be lost, or another run is making it; data,
    /// where the disk does not let us.
    pub fn begin(called: &Path) -> Result<Self> {
        let path = real(called)?;
        let (above, name) = place(&path)?;
        let lock = Lock::take(above, &hidden(name, "lock"))?;
        recover(&path)?;
        refuse_foreign(&path)?;
        let draft = beside(&path, "new");
        remove(&draft).map_err(|error| cannot_make(&path, &error))?;
        Ok(WholeFolder {
            draft: OutputFolder::create(&draft)?,
            path: called.to_path_buf(),
            real: path,
            _lock: lock,
        })
    }

    /// Where it is to be, as it was called.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is to be in it is written here.
    pub fn draft(&self) -> &OutputFolder {
        &self.draft
    }

    /// Lists the files and puts the folder in its place.
    ///
    /// # Errors
    /// Data, where the disk does not let us; what was there is there still.
    pub fn put(self) -> Result<()> {
        let files = files(self.draft.path()).map_err(|error| cannot_make(&self.real, &error))?;
        let mut sums = String::new();
        for (name, path) in &files {
            let bytes = fs::read(path).map_err(|error| cannot_make(&self.real, &error))?;
            sums += &format!("{}  {name}\n", sha256_hex(&bytes));
        }
        self.draft.write(SUMS, sums.as_bytes(), Existing::Keep)?;
        replace(self.draft.path(), &self.real).map_err(|error| cannot_make(&self.real, &error))
    }
}

impl Drop for WholeFolder {
    fn drop(&mut self) {
        // The draft, or after an exchange what was there before.
        let _ = remove(self.draft.path());
    }
}

/// Refuses a folder with files that fip did not write, or that were changed since.
///
/// # Errors
/// Refused, with the names of the first; data, where the folder cannot be read.
pub fn refuse_foreign(path: &Path) -> Result<()> {
    let metadata = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found.map_err(|error| cannot_make(path, &error))?,
    };
    if !metadata.is_dir() {
        return Err(
            Error::refused("this is a file, and a report needs a folder")
                .file(path.display())
                .hint("write to another folder, or move the file away first"),
        );
    }
    if metadata.permissions().readonly() {
        return Err(cannot_make(path, &io::ErrorKind::PermissionDenied.into()));
    }
    let (mut own, mut changed) = (Vec::new(), Vec::new());
    let listed = listed(path);
    for (name, file) in files(path).map_err(|error| cannot_make(path, &error))? {
        let same = |sum: &String| fs::read(&file).is_ok_and(|bytes| sha256_hex(&bytes) == *sum);
        match listed.get(&name) {
            Some(sum) if same(sum) => {}
            Some(_) => changed.push(name),
            None => own.push(name),
        }
    }
    let found = match (changed.as_slice(), own.as_slice()) {
        ([], []) => return Ok(()),
        ([], own) => format!("fip did not write: {}", first(own)),
        (changed, []) => format!("were changed after fip wrote them: {}", first(changed)),
        (changed, own) => format!(
            "were changed after fip wrote them: {}; and that fip did not write: {}",
            first(changed),
            first(own)
        ),
    };
    Err(Error::refused(format!(
        "the folder would be replaced, and there are files in it that {found}"
    ))
    .file(path.display())
    .hint("move them somewhere else, or remove the folder if it is not needed any more"))
}

/// Lists with ids do not go where a report is that is handed in.
///
/// `name` is that of the folder that is handed in.
///
/// # Errors
/// Refused where `out` is such a folder, or in one.
pub fn refuse_handed_in(out: &Path, name: &str) -> Result<()> {
    let handed_in = out.ancestors().find(|folder| {
        folder.file_name().is_some_and(|own| own == name)
            && (*folder == out || folder.join(SUMS).exists())
    });
    match handed_in {
        None => Ok(()),
        Some(folder) => Err(Error::refused(
            "these lists have ids, and this folder is for what is handed in",
        )
        .file(folder.display())
        .hint("choose another --out")),
    }
}

/// The first names, and how many more there are.
fn first(names: &[String]) -> String {
    let shown = names[..names.len().min(NAMED)].join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// What was written into the folder, with its hashes; nothing where there is no list.
fn listed(path: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(path.join(SUMS)).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(sum, name)| (name.to_owned(), sum.to_owned()))
        .collect()
}

/// The files of a folder and those below it by name, without the list and what nobody made.
fn files(folder: &Path) -> io::Result<BTreeMap<String, PathBuf>> {
    fn walk(folder: &Path, before: &str, found: &mut BTreeMap<String, PathBuf>) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let own = entry.file_name().to_string_lossy().into_owned();
            let name = format!("{before}{own}");
            // A link is a file here, wherever it leads.
            if entry.file_type()?.is_dir() {
                walk(&entry.path(), &format!("{name}/"), found)?;
            } else if name != SUMS && !LITTER.contains(&&*own) && !is_draft(&own) {
                found.insert(name, entry.path());
            }
        }
        Ok(())
    }
    let mut found = BTreeMap::new();
    walk(folder, "", &mut found)?;
    Ok(found)
}

/// The folder itself where the path leads through a link; it may not be where we stand.
fn real(path: &Path) -> Result<PathBuf> {
    let path = match path.canonicalize() {
        Ok(path) => path,
        Err(_) => return Ok(path.to_path_buf()),
    };
    match std::env::current_dir().is_ok_and(|here| here.starts_with(&path)) {
        false => Ok(path),
        true => Err(Error::refused(
            "a report has a folder of its own, which is replaced as a whole",
        )
        .file(path.display())
        .hint("name a folder in this one, such as --out handed-in")),
    }
}

/// The folder above, and the name in it.
fn place(path: &Path) -> Result<(&Path, &OsStr)> {
    match (path.parent(), path.file_name()) {
        (Some(above), Some(name)) if above.as_os_str().is_empty() => Ok((Path::new("."), name)),
        (Some(above), Some(name)) => Ok((above, name)),
        _ => Err(Error::usage("this is not the name of a folder")
            .file(path.display())
            .hint("name a folder to write to")),
    }
}

/// The name of what stands beside a folder while it is made.
fn hidden(name: &OsStr, what: &str) -> String {
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(".");
    hidden.push(what);
    hidden.to_string_lossy().into_owned()
}

fn beside(path: &Path, what: &str) -> PathBuf {
    path.with_file_name(hidden(path.file_name().unwrap_or_default(), what))
}

/// Puts back what a run had set aside that was killed between two renames.
fn recover(path: &Path) -> Result<()> {
    let old = beside(path, "old");
    let done = match (old.is_dir(), path.exists()) {
        (false, _) => return Ok(()),
        (true, false) => fs::rename(&old, path),
        (true, true) => remove(&old),
    };
    done.map_err(|error| cannot_make(path, &error))
}

/// Puts the draft in its place. What was there is where the draft was afterwards, or gone.
fn replace(draft: &Path, path: &Path) -> io::Result<()> {
    if !path.is_dir() {
        return fs::rename(draft, path);
    }
    fs::set_permissions(draft, fs::metadata(path)?.permissions())?;
    if exchange(draft, path).is_ok() {
        return Ok(());
    }
    // In two steps where the system has no one for it; `recover` knows what to do in between.
    let old = beside(path, "old");
    fs::rename(path, &old)?;
    match fs::rename(draft, path) {
        Ok(()) => remove(&old),
        Err(error) => {
            fs::rename(&old, path)?;
            Err(error)
        }
    }
}

/// Two folders change places in one step.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).map_err(io::Error::from)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Removes a folder with what is in it, if it is there.
fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

fn cannot_make(path: &Path, error: &io::Error) -> Error {
    Error::data(format!("this folder cannot be written: {error}"))
        .file(path.display())
        .hint("check the disk, or write to another folder")
}
