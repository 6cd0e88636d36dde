//! `fip report`: the results of a folder as one document.

use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::assign::{ALLOCATION, MANIFEST};
use super::{Done, Session};
use crate::cli::ReportArgs;
use crate::data::{self, Existing, OutputFolder};
use crate::design::Manifest;
use crate::error::{Error, Result};
use crate::report::catalog::Label;
use crate::report::{self, Document, Lang};
use crate::results::{BalanceTable, Evaluation, InputFile, Provenance};

pub const BALANCE: &str = "balance.json";
pub const EVALUATION: &str = "evaluation.json";
pub const REPORT: &str = "report.md";

/// What the stages left in a folder.
pub struct Stages {
    pub manifest: Manifest,
    pub balance: Vec<BalanceTable>,
    pub evaluation: Option<Evaluation>,
}

/// One table, or one per intervention arm.
#[derive(Deserialize)]
#[serde(untagged)]
enum BalanceFile {
    One(Box<BalanceTable>),
    Many(Vec<BalanceTable>),
}

pub fn run(args: &ReportArgs, session: &Session) -> Result<Done> {
    let ReportArgs { dir, out } = args;
    let stages = Stages::read(dir)?;
    let lang = session.lang(None);
    let document = stages.document(lang);
    let mut notes = Vec::new();
    if let Some(out) = out {
        notes.push(write(&document, &OutputFolder::create(out)?)?);
    }
    let json = serde_json::json!({
        "schema": "fip/report/1",
        "manifest": stages.manifest,
        "balance": stages.balance,
        "evaluation": stages.evaluation,
    });
    Done::new(document, &json, notes)
}

/// Writes the document as Markdown and its tables as CSV; says where.
pub fn write(document: &Document, folder: &OutputFolder) -> Result<String> {
    folder.write(
        REPORT,
        report::markdown(document).as_bytes(),
        Existing::Replace,
    )?;
    let tables = OutputFolder::create(&folder.file("tables"))?;
    for table in report::csv_tables(document)? {
        tables.write(
            &format!("{}.csv", table.id),
            table.text.as_bytes(),
            Existing::Replace,
        )?;
    }
    Ok(format!(
        "wrote {} and {}",
        folder.file(REPORT).display(),
        tables.path().display()
    ))
}

impl Stages {
    /// Reads what is there and checks that it belongs together.
    fn read(dir: &Path) -> Result<Self> {
        let path = dir.join(MANIFEST);
        if !path.exists() {
            return Err(Error::data("there is no manifest.json in this folder")
                .file(dir.display())
                .hint("give the folder that 'fip run' wrote its results to"));
        }
        let manifest = Manifest::parse(&data::read_text(&path)?)
            .map_err(|error| error.file(path.display()))?;
        let balance = match optional::<BalanceFile>(&dir.join(BALANCE))? {
            None => Vec::new(),
            Some(BalanceFile::One(table)) => vec![*table],
            Some(BalanceFile::Many(tables)) => tables,
        };
        let stages = Stages {
            manifest,
            balance,
            evaluation: optional(&dir.join(EVALUATION))?,
        };
        stages.check(dir)?;
        Ok(stages)
    }

    /// Results of another allocation must not end up in one report.
    fn check(&self, dir: &Path) -> Result<()> {
        let path = dir.join(ALLOCATION);
        let found = data::sha256_hex(&data::read_bytes(&path)?);
        let provenances = self
            .balance
            .iter()
            .map(|table| &table.provenance)
            .chain(self.evaluation.iter().map(|e| &e.provenance));
        for InputFile { role, sha256, .. } in provenances.flat_map(|provenance| &provenance.inputs)
        {
            if role == "allocation" && *sha256 != found {
                return Err(Error::data("the results in this folder were made from another allocation than the one in it")
                    .file(path.display())
                    .hint("run 'fip run' again, or restore the allocation"));
            }
        }
        Ok(())
    }

    /// All chapters.
    pub fn document(&self, lang: Lang) -> Document {
        let mut document = Document::new(lang, Label::Trial.text(lang));
        let provenance = self.provenance();
        if let Some(provenance) = &provenance {
            report::provenance::opening(&mut document, provenance);
        }
        report::assignment::section(&mut document, &self.manifest);
        for table in &self.balance {
            report::balance::section(&mut document, table);
        }
        if let Some(evaluation) = &self.evaluation {
            report::evaluation::section(&mut document, evaluation);
        }
        if let Some(provenance) = &provenance {
            report::provenance::section(&mut document, provenance);
        }
        document
    }

    /// That of the evaluation, or else of the balance table; inputs of both.
    fn provenance(&self) -> Option<Provenance> {
        let mut all = self
            .evaluation
            .iter()
            .map(|e| &e.provenance)
            .chain(self.balance.iter().map(|table| &table.provenance));
        let mut first = all.next()?.clone();
        for other in all {
            for input in &other.inputs {
                if !first.inputs.contains(input) {
                    first.inputs.push(input.clone());
                }
            }
        }
        Some(first)
    }
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
