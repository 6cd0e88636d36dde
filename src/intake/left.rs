//! What the stages of a run left in a folder, read back and known to belong together.

use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::data::{self, OutputFolder};
use crate::design::Manifest;
use crate::error::{Error, Result};
use crate::record::MANIFEST;
use crate::release::Results;
use crate::results::BalanceTable;

/// The manifest of the draw on record.
pub const DRAW: &str = "draw.json";
/// What has happened in the trial.
pub const HISTORY: &str = "record.json";
pub const BALANCE: &str = "balance.json";
pub const EVALUATION: &str = "evaluation.json";
pub const STAGES: &str = "stages.json";

/// `balance.json`: one table, or one per intervention arm.
#[derive(Deserialize)]
#[serde(untagged)]
enum BalanceFile {
    Many { tables: Vec<BalanceTable> },
    One(Box<BalanceTable>),
}

/// `stages.json`: the files of the stages with their hashes.
#[derive(Serialize, Deserialize)]
pub struct StageFiles {
    schema: String,
    files: Vec<StageFile>,
}

#[derive(Serialize, Deserialize)]
pub struct StageFile {
    pub file: String,
    pub sha256: String,
}

impl StageFiles {
    /// The files of these names that are in the folder.
    ///
    /// # Errors
    /// Of files that cannot be read.
    pub fn of(folder: &OutputFolder, names: &[&str]) -> Result<Self> {
        let there = names.iter().filter(|name| folder.has(name));
        let listed = there.map(|name| {
            Ok(StageFile {
                file: (*name).to_string(),
                sha256: data::sha256_hex(&data::read_bytes(&folder.file(name))?),
            })
        });
        Ok(StageFiles {
            schema: "fip/stages/1".to_string(),
            files: listed.collect::<Result<_>>()?,
        })
    }

    /// Refuses a folder in which a file was changed or taken out after the run.
    fn check(&self, dir: &Path) -> Result<()> {
        for StageFile { file, sha256 } in &self.files {
            let path = dir.join(file);
            if data::sha256_hex(&data::read_bytes(&path)?) != *sha256 {
                return Err(
                    Error::data("this result was changed after 'fip run' wrote it")
                        .file(path.display())
                        .hint("run 'fip run' again; a report is made from what the program found"),
                );
            }
        }
        Ok(())
    }
}

/// Reads what the stages left in a folder, and checks that it belongs together.
///
/// # Errors
/// Of files that cannot be read, are missing or were changed after the run.
pub fn read(dir: &Path) -> Result<Results> {
    // A draw without a protocol has a manifest and nothing else.
    let path = [DRAW, MANIFEST]
        .map(|name| dir.join(name))
        .into_iter()
        .find(|path| path.exists());
    if path.is_none() && !dir.join(STAGES).exists() {
        return Err(
            Error::data("there are no results of 'fip run' in this folder")
                .file(dir.display())
                .hint("give the folder that 'fip run' wrote its results to"),
        );
    }
    let manifest = match path {
        None => None,
        Some(path) => Some(
            Manifest::parse(&data::read_text(&path)?)
                .map_err(|error| error.file(path.display()))?,
        ),
    };
    let balance = match optional::<BalanceFile>(&dir.join(BALANCE))? {
        None => Vec::new(),
        Some(BalanceFile::One(table)) => vec![*table],
        Some(BalanceFile::Many { tables }) => tables,
    };
    let results = Results {
        manifest,
        balance,
        evaluation: optional(&dir.join(EVALUATION))?,
        history: optional(&dir.join(HISTORY))?,
        ..Results::default()
    };
    match optional::<StageFiles>(&dir.join(STAGES))? {
        Some(files) => files.check(dir)?,
        None if results.balance.is_empty() && results.evaluation.is_none() => {}
        None => {
            return Err(Error::data(
                "there is no stages.json in this folder, so nobody can tell whether its results belong together",
            )
            .file(dir.display())
            .hint("run 'fip run' again; a report is made from what the program found"));
        }
    }
    Ok(results)
}

fn optional<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    if !path.exists() {
        return Ok(None);
    }
    serde_json::from_str(&data::read_text(path)?)
        .map(Some)
        .map_err(|error| {
            Error::protocol(format!(
                "this is not a result that this version of fip wrote: {error}"
            ))
            .file(path.display())
            .line(error.line() as u64)
            .hint("make it again with 'fip run'")
        })
}
