//! Writes down every command that the suite runs, and the folder as the command met it, where
//! `FIP_CORPUS` names a folder: `.ci/corpus` has two builds run them again and compares.
//!
//! `commands/KEY.json` is a command, KEY the hash of all that decides what it does, so that the
//! same command in the same folder is kept once; `files/HASH` are the contents, each once;
//! `work/` is where the tests have their folders, so that a path in a file or an argument is the
//! same when the command is run again.

use std::fs;
use std::path::{Path, PathBuf};

use fip::data::sha256_hex;
use serde_json::{Value, json};

/// Where commands are written down, if they are.
pub fn place() -> Option<PathBuf> {
    let place = std::env::var_os("FIP_CORPUS").filter(|place| !place.is_empty())?;
    Some(PathBuf::from(place))
}

/// A folder for a test: in the recording if there is one, so that it can be made there again.
pub fn folder() -> tempfile::TempDir {
    match place() {
        None => tempfile::tempdir(),
        Some(place) => {
            let work = place.join("work");
            fs::create_dir_all(&work).unwrap();
            tempfile::tempdir_in(work)
        }
    }
    .unwrap()
}

/// To be called before the command runs.
pub fn record(folder: &Path, arguments: &[String], environment: &[(&str, &str)]) {
    let Some(place) = place() else { return };
    let mut before = Vec::new();
    walk(folder, folder, &place.join("files"), &mut before);
    let environment: serde_json::Map<String, Value> = environment
        .iter()
        .map(|(name, value)| (name.to_string(), json!(value)))
        .collect();
    let decides = json!({ "arguments": arguments, "environment": environment, "before": before });
    let key = sha256_hex(decides.to_string().as_bytes());
    let thread = std::thread::current();
    let command = json!({
        "source": thread.name().unwrap_or("?"),
        "folder": folder,
        "arguments": arguments,
        "environment": environment,
        "before": before,
    });
    keep(
        &place.join("commands").join(format!("{key}.json")),
        &serde_json::to_vec_pretty(&command).unwrap(),
    );
}

/// Folders, files and links below `folder` in the order of their names, contents put in `files`.
fn walk(top: &Path, folder: &Path, files: &Path, found: &mut Vec<Value>) {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        let name = path.strip_prefix(top).unwrap();
        let about = path.symlink_metadata().unwrap();
        if about.is_symlink() {
            found.push(json!({ "link": name, "to": fs::read_link(&path).unwrap() }));
        } else if about.is_dir() {
            found.push(json!({ "folder": name, "mode": mode(&about) }));
            walk(top, &path, files, found);
        } else {
            let bytes = fs::read(&path).unwrap();
            let hash = sha256_hex(&bytes);
            keep(&files.join(&hash), &bytes);
            found.push(json!({ "file": name, "mode": mode(&about), "sha256": hash }));
        }
    }
}

#[cfg(unix)]
fn mode(about: &fs::Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    about.permissions().mode() & 0o777
}

#[cfg(not(unix))]
fn mode(about: &fs::Metadata) -> u32 {
    if about.is_dir() { 0o755 } else { 0o644 }
}

/// Writes a file that is not there yet in one step: other tests write the same ones.
fn keep(path: &Path, bytes: &[u8]) {
    if path.exists() {
        return;
    }
    let folder = path.parent().unwrap();
    fs::create_dir_all(folder).unwrap();
    let draft = tempfile::NamedTempFile::new_in(folder).unwrap();
    fs::write(draft.path(), bytes).unwrap();
    draft.persist(path).unwrap();
}
