//! The document written into a folder, in the forms asked for, its pictures beside them.

use rayon::prelude::*;

use crate::cli::Written;
use crate::data::{Existing, OutputFolder, WholeFolder};
use crate::document::{Document, Figure};
use crate::error::Result;
use crate::words::Lang;

/// The name of every written form of the report, before its ending.
const REPORT: &str = "report";
/// The folder in the results' folder that can be handed in.
pub const HANDED_IN: &str = "report";
const FIGURES: &str = "figures";
const TABLES: &str = "tables";

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
            let text = super::markdown::with_figures_in(document, Some(FIGURES));
            put("md", text.as_bytes())
        }
        Written::Html => put("html", super::html::render(document)?.as_bytes()),
        Written::Latex => put("tex", super::latex::render(document).as_bytes()),
        Written::Docx => put("docx", &super::docx::render(document)?),
        Written::Xlsx => put("xlsx", &super::xlsx::render(document)?),
        Written::Csv => {
            let tables = OutputFolder::create(&folder.file(TABLES))?;
            for table in super::csv_tables(document)? {
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
        let png = super::picture::png(figure, lang)?;
        folder.write(&format!("{}.png", figure.id), &png.bytes, Existing::Keep)?;
    } else {
        let svg = super::picture::svg(figure, lang)?;
        folder.write(
            &format!("{}.svg", figure.id),
            svg.as_bytes(),
            Existing::Keep,
        )?;
    }
    Ok(())
}
