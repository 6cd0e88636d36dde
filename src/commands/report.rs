//! `fip report`: the results of a folder as one document.

use rayon::prelude::*;

use super::{Done, Session};
use crate::cli::{ReportArgs, Written};
use crate::data::{Existing, OutputFolder, WholeFolder};
use crate::document::{Document, Figure};
use crate::error::Result;
use crate::intake::left::read;
use crate::release::{Results, release};
use crate::report;
use crate::results::Provenance;
use crate::words::Lang;

/// The name of every written form of the report, before its ending.
const REPORT: &str = "report";
/// The folder in the results' folder that can be handed in.
pub const HANDED_IN: &str = "report";
const FIGURES: &str = "figures";
const TABLES: &str = "tables";

pub fn run(args: &ReportArgs, session: &Session) -> Result<Done> {
    let ReportArgs {
        dir,
        out,
        write: forms,
    } = args;
    let results = read(dir)?;
    let lang = session.lang(language(&results));
    let (released, hidden) = release(results, None);
    let document = report::trial::document(&released, &hidden, lang);
    let mut notes = Vec::new();
    if let Some(out) = out {
        let folder = WholeFolder::begin(out)?;
        notes.push(write(&document, forms, &folder)?);
        folder.put()?;
    }
    let json = report::json::together("fip/report/1", &released, lang)?;
    Done::new(document, &json, notes)
}

/// The language that the results were made in.
fn language(results: &Results) -> Option<Lang> {
    let mut made = provenances(results).map(|provenance| provenance.language.as_deref());
    made.next()?.and_then(|code| code.parse().ok())
}

/// Writes the document in these forms; says where they are going to be.
///
/// # Errors
/// What the folder does not let us write; internal where a form could not be made.
pub fn write(document: &Document, forms: &[Written], whole: &WholeFolder) -> Result<String> {
    let folder = whole.draft();
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
        whole.path().display()
    ))
}

/// Writes one form; the name of its file, where it is one.
fn one_form(document: &Document, form: Written, folder: &OutputFolder) -> Result<Option<String>> {
    let put = |ending: &str, bytes: &[u8]| {
        let name = format!("{REPORT}.{ending}");
        folder.write(&name, bytes, Existing::Keep)?;
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
                    Existing::Keep,
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
        folder.write(&format!("{}.png", figure.id), &png.bytes, Existing::Keep)?;
    } else {
        let svg = report::picture::svg(figure, lang)?;
        folder.write(
            &format!("{}.svg", figure.id),
            svg.as_bytes(),
            Existing::Keep,
        )?;
    }
    Ok(())
}

fn provenances(results: &Results) -> impl Iterator<Item = &Provenance> {
    let evaluated = results.evaluation.iter();
    let compared = results.balance.iter();
    evaluated
        .map(|evaluation| &evaluation.provenance)
        .chain(compared.map(|table| &table.provenance))
}
