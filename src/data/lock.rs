//! One at a time: a folder that is being written to is closed to other runs.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;

use crate::error::{Error, Result};

/// The name of the lock of a folder's own results.
pub const LOCK: &str = ".fip.lock";

/// Holds a folder. The operating system gives the lock up with the process, however it ends;
/// what a killed one leaves is a file that locks nothing.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    /// Folders that were made for it, the innermost first.
    made: Vec<PathBuf>,
    /// Open as long as the lock is held.
    _file: File,
}

impl Lock {
    /// Makes the folder where needed and takes the lock of this name in it.
    ///
    /// # Errors
    /// Refused while another run has it; data where the folder does not let us.
    pub fn take(folder: &Path, name: &str) -> Result<Self> {
        let made = missing(folder);
        fs::create_dir_all(folder).map_err(|error| cannot_lock(folder, &error))?;
        let path = folder.join(name);
        loop {
            let mut file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)
                .map_err(|error| cannot_lock(folder, &error))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(held(folder, &path)),
                Err(TryLockError::Error(error)) => return Err(cannot_lock(folder, &error)),
            }
            // Whoever had it may have taken the file away between opening and locking.
            if is_at(&mut file, &path).map_err(|error| cannot_lock(folder, &error))? {
                return Ok(Lock {
                    path,
                    made,
                    _file: file,
                });
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The file goes while the lock is held: nobody can have taken it by then.
        let _ = fs::remove_file(&self.path);
        for folder in &self.made {
            // Folders with something in them stay.
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }
}

/// Signs the file, and looks whether the signature is where the file should be.
fn is_at(file: &mut File, path: &Path) -> io::Result<bool> {
    let sign = process::id().to_string();
    file.set_len(0)?;
    file.write_all(sign.as_bytes())?;
    match fs::read(path) {
        Ok(found) => Ok(found == sign.as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        // Some systems let nobody read a locked file, and leave it where it is.
        Err(_) => Ok(true),
    }
}

/// The folder and those above it that are not there.
fn missing(folder: &Path) -> Vec<PathBuf> {
    folder
        .ancestors()
        .filter(|above| !above.as_os_str().is_empty())
        .take_while(|above| !above.exists())
        .map(Path::to_path_buf)
        .collect()
}

fn held(folder: &Path, path: &Path) -> Error {
    let by = fs::read_to_string(path).unwrap_or_default();
    let by = match by.trim() {
        "" => String::new(),
        process => format!(" (process {process})"),
    };
    Error::refused(format!(
        "another run of fip is writing to this folder{by}, so nothing was written"
    ))
    .file(folder.display())
    .hint("wait until it is done, or use another --out")
}

fn cannot_lock(folder: &Path, error: &io::Error) -> Error {
    Error::data(format!("this folder cannot be written to: {error}"))
        .file(folder.display())
        .hint("choose a folder that you may write in")
}
