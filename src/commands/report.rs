//! `fip report`: the results of a folder as one document.

use std::path::Path;

use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::assign::{ALLOCATION, MANIFEST};
use super::{Done, Session};
use crate::cli::{ReportArgs, Written};
use crate::data::{self, Existing, OutputFolder};
use crate::design::Manifest;
use crate::error::{Error, Result};
use crate::report::catalog::{Label, sentence};
use crate::report::disclosure::{self, Hidden};
use crate::report::document::NoteKind;
use crate::report::figure::Figure;
use crate::report::{self, Document, Lang};
use crate::results::{BalanceTable, Evaluation, InputFile, Provenance};

pub const BALANCE: &str = "balance.json";
pub const EVALUATION: &str = "evaluation.json";
pub const STAGES: &str = "stages.json";
/// The name of every written form of the report, before its ending.
const REPORT: &str = "report";
/// The folder in the results' folder that can be handed in.
pub const HANDED_IN: &str = "report";
const FIGURES: &str = "figures";
const TABLES: &str = "tables";

/// What the stages left in a folder.
pub struct Stages {
    pub manifest: Manifest,
    pub balance: Vec<BalanceTable>,
    pub evaluation: Option<Evaluation>,
    /// What was taken out to protect small groups.
    pub hidden: Option<Hidden>,
}

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
    pub fn new(files: Vec<StageFile>) -> Self {
        StageFiles {
            schema: "fip/stages/1".to_string(),
            files,
        }
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

pub fn run(args: &ReportArgs, session: &Session) -> Result<Done> {
    let ReportArgs {
        dir,
        out,
        write: forms,
    } = args;
    let mut stages = Stages::read(dir)?;
    let language = stages
        .provenance()
        .and_then(|provenance| provenance.language);
    let lang = session.lang(language.and_then(|code| code.parse().ok()));
    stages.protect(lang);
    let document = stages.document(lang);
    let mut notes = Vec::new();
    if let Some(out) = out {
        notes.push(write(&document, forms, &OutputFolder::create(out)?)?);
    }
    let json = serde_json::json!({
        "schema": "fip/report/1",
        "manifest": stages.manifest,
        "balance": stages.balance,
        "evaluation": stages.evaluation,
    });
    Done::new(document, &json, notes)
}

/// Writes the document in these forms, each over the one that is there; says where.
///
/// # Errors
/// What the folder does not let us write; internal where a form could not be made.
pub fn write(document: &Document, forms: &[Written], folder: &OutputFolder) -> Result<String> {
    let of = |form: Written| forms.contains(&form);
    let mut forms = forms.to_vec();
    let mut seen = Vec::new();
    forms.retain(|form| {
        !seen.contains(form) && {
            seen.push(*form);
            true
        }
    });
    // Markdown shows vectors, LaTeX pixels; the other forms have their pictures inside.
    let shown: Vec<Written> = [Written::Markdown, Written::Latex]
        .into_iter()
        .filter(|form| of(*form))
        .collect();
    let figures: Vec<(&Figure, Written)> = document
        .figures()
        .flat_map(|figure| shown.iter().map(move |form| (figure, *form)))
        .collect();
    let pictures = match figures.is_empty() {
        true => None,
        false => Some(OutputFolder::create(&folder.file(FIGURES))?),
    };
    // Every form stands by itself: they are made side by side.
    let (written, drawn) = rayon::join(
        || -> Vec<Result<Option<String>>> {
            forms
                .par_iter()
                .map(|form| one_form(document, *form, folder))
                .collect()
        },
        || -> Vec<Result<()>> {
            figures
                .par_iter()
                .filter_map(|job| Some((pictures.as_ref()?, job)))
                .map(|(pictures, (figure, form))| picture(figure, *form, document.lang, pictures))
                .collect()
        },
    );
    let written: Vec<Option<String>> = written.into_iter().collect::<Result<_>>()?;
    drawn.into_iter().collect::<Result<()>>()?;
    let mut names: Vec<String> = written.into_iter().flatten().collect();
    if of(Written::Csv) {
        names.push(format!("{TABLES}/"));
    }
    Ok(format!(
        "wrote {} in {}",
        names.join(", "),
        folder.path().display()
    ))
}

/// Writes one form; the name of its file, where it is one.
fn one_form(document: &Document, form: Written, folder: &OutputFolder) -> Result<Option<String>> {
    let put = |ending: &str, bytes: &[u8]| {
        let name = format!("{REPORT}.{ending}");
        folder.write(&name, bytes, Existing::Replace)?;
        Ok(Some(name))
    };
    match form {
        Written::Markdown => {
            let text = report::markdown::with_figures_in(document, Some(FIGURES));
            put("md", text.as_bytes())
        }
        Written::Html => put("html", report::html::render(document)?.as_bytes()),
        Written::Latex => put("tex", report::latex::render(document).as_bytes()),
        Written::Docx => put("docx", &report::docx::render(document)?),
        Written::Xlsx => put("xlsx", &report::xlsx::render(document)?),
        Written::Csv => {
            let tables = OutputFolder::create(&folder.file(TABLES))?;
            for table in report::csv_tables(document)? {
                tables.write(
                    &format!("{}.csv", table.id),
                    table.text.as_bytes(),
                    Existing::Replace,
                )?;
            }
            Ok(None)
        }
    }
}

/// Writes a picture as a form shows it: pixels for LaTeX, else vectors.
fn picture(figure: &Figure, form: Written, lang: Lang, folder: &OutputFolder) -> Result<()> {
    if form == Written::Latex {
        let png = report::picture::png(figure, lang)?;
        folder.write(&format!("{}.png", figure.id), &png.bytes, Existing::Replace)?;
    } else {
        let svg = report::picture::svg(figure, lang)?;
        folder.write(
            &format!("{}.svg", figure.id),
            svg.as_bytes(),
            Existing::Replace,
        )?;
    }
    Ok(())
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
            Some(BalanceFile::Many { tables }) => tables,
        };
        let stages = Stages {
            manifest,
            balance,
            evaluation: optional(&dir.join(EVALUATION))?,
            hidden: None,
        };
        stages.check(dir)?;
        if let Some(files) = optional::<StageFiles>(&dir.join(STAGES))? {
            files.check(dir)?;
        }
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

    /// Takes out small numbers, if the protocol asks for it.
    pub fn protect(&mut self, lang: Lang) {
        let provenances = self
            .evaluation
            .iter()
            .map(|evaluation| &evaluation.provenance)
            .chain(self.balance.iter().map(|table| &table.provenance));
        let Some(min_cell) = provenances
            .filter_map(|provenance| provenance.min_cell)
            .max()
        else {
            return;
        };
        let results = disclosure::Results {
            manifest: Some(&mut self.manifest),
            balance: &mut self.balance,
            evaluation: self.evaluation.as_mut(),
        };
        self.hidden = Some(disclosure::protect(results, min_cell, lang));
    }

    /// Whether the protocol of the analysis is another text than that of the draw.
    fn protocol_changed(&self) -> bool {
        let Some(drawn) = &self.manifest.protocol else {
            return false;
        };
        self.provenance().is_some_and(|provenance| {
            provenance
                .inputs
                .iter()
                .any(|input| input.role == "protocol" && input.sha256 != drawn.sha256)
        })
    }

    /// The title, and what must be known before anything else.
    fn opened(&self, lang: Lang) -> Document {
        let mut document = Document::new(lang, Label::Trial.text(lang));
        let doc = &mut document;
        if let Some(provenance) = self.provenance() {
            report::provenance::opening(doc, &provenance);
        }
        if self.protocol_changed() {
            doc.note(NoteKind::Warning, Label::ProtocolChanged.text(lang));
        }
        self.small_numbers(doc);
        document
    }

    /// The leading results, and where the whole report is: the files, and the folder.
    pub fn brief(&self, files: &str, folder: &str, lang: Lang) -> Document {
        let mut document = self.opened(lang);
        let results = self.evaluation.as_ref();
        report::brief::sections(&mut document, &self.manifest, &self.balance, results);
        document.note(NoteKind::Info, sentence::whole_report(files, folder, lang));
        document
    }

    /// All chapters.
    pub fn document(&self, lang: Lang) -> Document {
        let mut document = self.opened(lang);
        let doc = &mut document;
        let provenance = self.provenance();
        if let Some(evaluation) = &self.evaluation {
            report::plain::section(doc, evaluation);
        }
        report::flow::section(doc, &self.manifest, self.evaluation.as_ref());
        report::assignment::section(doc, &self.manifest);
        for (index, table) in self.balance.iter().enumerate() {
            report::balance::section(doc, table);
            let id = if self.balance.len() > 1 {
                format!("balance-{}", index + 1)
            } else {
                "balance".to_owned()
            };
            report::charts::balance(doc, table, &id);
        }
        if let Some(evaluation) = &self.evaluation {
            report::evaluation::outcomes_chapter(doc, evaluation);
            report::charts::section(doc, evaluation, &self.balance);
            report::costs::section(doc, evaluation);
            report::evaluation::background_chapters(doc, evaluation);
        }
        report::deviations::section(
            doc,
            &self.manifest,
            &self.balance,
            self.evaluation.as_ref(),
            provenance.as_ref(),
        );
        report::methods::section(doc, &self.manifest, self.evaluation.as_ref(), &self.balance);
        if let Some(provenance) = &provenance {
            report::provenance::section(doc, provenance);
        }
        report::checklist::section(doc, self.manifest.design.cluster.is_some());
        document
    }

    fn small_numbers(&self, doc: &mut Document) {
        match &self.hidden {
            Some(hidden) => {
                let labels = disclosure::labels(&self.balance, self.evaluation.as_ref());
                disclosure::notice(doc, hidden, &labels);
            }
            None => {
                let found = disclosure::count_small(
                    &self.manifest,
                    &self.balance,
                    self.evaluation.as_ref(),
                    disclosure::USUAL,
                );
                disclosure::warning(doc, found);
            }
        }
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
