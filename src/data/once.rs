//! A folder that is written once: whole, and then put under its name, or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::whole::LITTER;
use crate::error::{Error, Result};

/// What the name of a folder that is not whole yet ends with.
const DRAFT: &str = ".new";

/// Writes the files into a folder of another name, and gives it this one when all of it has
/// reached the disk.
///
/// # Errors
/// Refused, where the folder is there already; data, where the disk does not let us. Then there is
/// no folder of this name.
pub fn put_once(path: &Path, files: &[(&str, &[u8])]) -> Result<()> {
    if path.symlink_metadata().is_ok() {
        return Err(
            Error::refused("this folder is there already, and is not written over")
                .file(path.display()),
        );
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = path.with_file_name(format!(".{name}.{}{DRAFT}", std::process::id()));
    let written = write(&draft, files).and_then(|()| fs::rename(&draft, path));
    if let Err(error) = written {
        let _ = fs::remove_dir_all(&draft);
        return Err(cannot_write(path, &error));
    }
    // Without this a crash of the machine may undo the rename.
    if let Some(above) = path.parent().and_then(|above| File::open(above).ok()) {
        let _ = above.sync_all();
    }
    Ok(())
}

fn write(draft: &Path, files: &[(&str, &[u8])]) -> io::Result<()> {
    fs::create_dir_all(draft)?;
    for (name, bytes) in files {
        let mut file = File::create_new(draft.join(name))?;
        file.write_all(bytes)?;
        file.sync_all()?;
    }
    match File::open(draft) {
        Ok(folder) => folder.sync_all(),
        // Some systems open no folders.
        Err(_) => Ok(()),
    }
}

/// Removes what a killed process has left half written, which may have ids in it. Only for whoever
/// has the folder to themselves.
///
/// # Errors
/// Data, where the disk does not let us.
pub fn sweep_drafts(folder: &Path) -> Result<()> {
    for path in entries(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') && name.ends_with(DRAFT) && path.is_dir() {
            fs::remove_dir_all(&path).map_err(|error| cannot_write(folder, &error))?;
        }
    }
    Ok(())
}

/// The folders in a folder by name, in order; none where there is no such folder. What begins with
/// a point is nobody's.
///
/// # Errors
/// Data, where the folder cannot be read.
pub fn folders(folder: &Path) -> Result<Vec<String>> {
    let mut names: Vec<String> = entries(folder)?
        .into_iter()
        .filter(|path| path.is_dir())
        .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    Ok(names)
}

/// The files of a folder by name, in order, without what file managers leave.
///
/// # Errors
/// Data, where the folder cannot be read.
pub fn file_names(folder: &Path) -> Result<Vec<String>> {
    let mut names: Vec<String> = entries(folder)?
        .into_iter()
        .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .filter(|name| !LITTER.contains(&name.as_str()))
        .collect();
    names.sort();
    Ok(names)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error: io::Error| {
        Error::data(format!("this folder cannot be read: {error}")).file(folder.display())
    };
    let read = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read.map_err(failed)?,
    };
    read.map(|entry| entry.map(|entry| entry.path()).map_err(failed))
        .collect()
}

fn cannot_write(path: &Path, error: &io::Error) -> Error {
    Error::data(format!("this folder cannot be written: {error}"))
        .file(path.display())
        .hint("check the disk, and that you may write there")
}
