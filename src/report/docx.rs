//! A document as a Word file: styled headings, real tables, pictures with their words.
//!
//! What Word needs is little, and written here with the `zip` archive that the workbook
//! needs too: the library at hand gives every picture the same number and no words
//! (docx-rs 0.4, `wp_doc_pr("1", "Figure")`). There is no date in the file, so the same input gives
//! the same bytes.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::columns;
use super::html::escape;
use super::picture::{self, Picture};
use super::render::{self, Renderer};
use crate::document::{Align, Cell, Content, Document, Figure, NoteKind, Row, RowStyle, Table};
use crate::error::{Error, Result};
use crate::words::{Label, Lang};

/// The document as the bytes of a `.docx` file.
///
/// # Errors
/// Internal: a figure or the archive could not be made.
pub fn render(document: &Document) -> Result<Vec<u8>> {
    let docx = Docx {
        lang: document.lang,
        title: String::new(),
        body: String::new(),
        pictures: Vec::new(),
    };
    render::render(document, docx)
}

struct Docx {
    lang: Lang,
    title: String,
    body: String,
    pictures: Vec<Result<Picture>>,
}

const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
     xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
     xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
     xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"";
/// Of a table's text: what fits on a line, and how wide a character is.
const LINE: usize = 108;
const CHARACTER: usize = 90;
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

impl Renderer for Docx {
    type Output = Result<Vec<u8>>;

    fn title(&mut self, lang: Lang, title: &str, subtitle: Option<&str>) {
        self.lang = lang;
        self.title = title.to_owned();
        self.styled("Title", title);
        if let Some(subtitle) = subtitle {
            self.styled("Subtitle", subtitle);
        }
    }

    fn heading(&mut self, level: u8, text: &str) {
        self.styled(&format!("Heading{}", level.clamp(1, 3)), text);
    }

    fn paragraph(&mut self, text: &str) {
        self.styled("Normal", text);
    }

    fn note(&mut self, kind: NoteKind, text: &str) {
        let label = kind.label();
        let runs = format!(
            "{}{}",
            run(&format!("{}: ", label.text(self.lang)), true, false),
            run(text, false, false)
        );
        self.body.push_str(&paragraph("Note", "", &runs));
    }

    fn list(&mut self, items: &[String]) {
        for item in items {
            self.styled("ListBullet", item);
        }
    }

    fn table(&mut self, number: usize, table: &Table) {
        self.caption(Label::Table, number, &table.caption);
        let grid = self.grid(table);
        self.body.push_str(&grid);
        match table.notes.is_empty() {
            // Two tables without a paragraph between them would become one.
            true => self.styled("Legend", ""),
            false => table
                .notes
                .iter()
                .for_each(|note| self.styled("Legend", note)),
        }
    }

    fn figure(&mut self, number: usize, figure: &Figure) {
        self.caption(Label::Figure, number, &figure.caption);
        let picture = picture::png(figure, self.lang);
        if let Ok(picture) = &picture {
            let id = self.pictures.len() + 1;
            let drawing = drawing(id, picture, &figure.alt);
            self.body.push_str(&paragraph("Normal", "", &drawing));
        }
        self.pictures.push(picture);
        for note in &figure.notes {
            self.styled("Legend", note);
        }
    }

    fn finish(self) -> Self::Output {
        let pictures = self
            .pictures
            .into_iter()
            .collect::<Result<Vec<Picture>>>()?;
        let document = format!(
            "{HEAD}<w:document {NAMESPACES}><w:body>{}<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar \
             w:top=\"1134\" w:right=\"1021\" w:bottom=\"1134\" w:left=\"1021\" w:header=\"567\" w:footer=\"567\" \
             w:gutter=\"0\"/></w:sectPr></w:body></w:document>",
            self.body
        );
        archive(&document, &self.title, self.lang, &pictures)
            .map_err(|error| Error::internal(format!("the Word file could not be made: {error}")))
    }
}

impl Docx {
    fn styled(&mut self, style: &str, text: &str) {
        self.body
            .push_str(&paragraph(style, "", &run(text, false, false)));
    }

    fn caption(&mut self, label: Label, number: usize, text: &str) {
        let name = format!("{} {number}. ", label.text(self.lang));
        let runs = format!("{}{}", run(&name, true, false), run(text, false, false));
        self.body.push_str(&paragraph("Caption", "", &runs));
    }

    fn grid(&self, table: &Table) -> String {
        let mut out = String::from(
            "<w:tbl><w:tblPr><w:tblStyle w:val=\"Report\"/><w:tblW w:w=\"0\" w:type=\"auto\"/><w:tblLayout w:type=\"fixed\"/><w:tblLook \
             w:val=\"0020\" w:firstRow=\"1\"/></w:tblPr><w:tblGrid>",
        );
        // In twentieths of a point.
        let widths: Vec<usize> = columns::widths(table, &columns::texts(table, self.lang), LINE)
            .into_iter()
            .map(|(width, _)| width * CHARACTER)
            .collect();
        for width in &widths {
            out.push_str(&format!("<w:gridCol w:w=\"{width}\"/>"));
        }
        out.push_str("</w:tblGrid>");
        let groups = table.groups();
        let spanning = groups.iter().any(|(group, _)| group.is_some());
        if spanning {
            let mut start = 0;
            let mut cells = String::new();
            for (group, span) in &groups {
                let width = widths[start..start + span].iter().sum();
                let border = if group.is_some() { "group" } else { "" };
                cells.push_str(&cell(
                    &run(group.unwrap_or(""), true, false),
                    "center",
                    (*span, width),
                    border,
                    false,
                ));
                start += span;
            }
            out.push_str(&row(&cells, true));
        }
        let cells: String = table
            .columns
            .iter()
            .zip(&widths)
            .map(|(column, width)| {
                cell(
                    &run(&column.header, true, false),
                    side(column.align),
                    (1, *width),
                    "head",
                    false,
                )
            })
            .collect();
        out.push_str(&row(&cells, true));
        for (index, line) in table.rows.iter().enumerate() {
            let last = index + 1 == table.rows.len();
            out.push_str(&row(&self.cells(line, table, &widths, last), false));
        }
        out.push_str("</w:tbl>");
        match table.is_short() {
            true => out.replace("<w:pStyle w:val=\"TableText\"/>", KEPT),
            false => out,
        }
    }

    fn cells(&self, line: &Row, table: &Table, widths: &[usize], last: bool) -> String {
        let bold = matches!(line.style, RowStyle::Section | RowStyle::Total);
        let border = match (last, line.style) {
            (true, RowStyle::Total) => "total last",
            (true, _) => "last",
            (false, RowStyle::Total) => "total",
            _ => "",
        };
        table
            .columns
            .iter()
            .enumerate()
            .map(|(index, column)| {
                let value = line.cells.get(index).unwrap_or(&Cell::EMPTY);
                let text = value.human(self.lang) + value.stars.text();
                let code = matches!(value.content, Content::Code(_));
                let indent = index == 0 && line.style == RowStyle::Indented;
                cell(
                    &run(&text, bold, code),
                    side(column.align),
                    (1, widths[index]),
                    border,
                    indent,
                )
            })
            .collect()
    }
}

/// A cell's paragraph that stays on one page with the row below, as a short table does.
const KEPT: &str = "<w:pStyle w:val=\"TableText\"/><w:keepNext/>";

fn side(align: Align) -> &'static str {
    match align {
        Align::Left => "left",
        Align::Right => "right",
    }
}

fn run(text: &str, bold: bool, code: bool) -> String {
    if text.is_empty() {
        return String::new();
    }
    let bold = if bold { "<w:b/>" } else { "" };
    format!(
        "<w:r><w:rPr>{}{bold}{}</w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r>",
        if code {
            "<w:rFonts w:ascii=\"Consolas\" w:hAnsi=\"Consolas\" w:cs=\"Consolas\"/>"
        } else {
            ""
        },
        if code {
            "<w:noProof/><w:sz w:val=\"15\"/>"
        } else {
            ""
        },
        escape(text)
    )
}

fn paragraph(style: &str, properties: &str, runs: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{properties}</w:pPr>{runs}</w:p>")
}

fn row(cells: &str, header: bool) -> String {
    let header = if header { "<w:tblHeader/>" } else { "" };
    format!("<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{cells}</w:tr>")
}

fn cell(
    runs: &str,
    side: &str,
    (span, width): (usize, usize),
    border: &str,
    indent: bool,
) -> String {
    let line = |edge: &str, size: u8| {
        format!("<w:{edge} w:val=\"single\" w:sz=\"{size}\" w:space=\"0\" w:color=\"auto\"/>")
    };
    let mut borders = String::new();
    if border.contains("total") {
        borders.push_str(&line("top", 4));
    }
    if border.contains("last") {
        borders.push_str(&line("bottom", 8));
    }
    if border == "head" || border == "group" {
        borders.push_str(&line("bottom", 4));
    }
    let borders = if borders.is_empty() {
        borders
    } else {
        format!("<w:tcBorders>{borders}</w:tcBorders>")
    };
    let span = if span > 1 {
        format!("<w:gridSpan w:val=\"{span}\"/>")
    } else {
        String::new()
    };
    let indent = if indent {
        "<w:ind w:left=\"227\"/>"
    } else {
        ""
    };
    format!(
        "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{span}{borders}</w:tcPr>{}</w:tc>",
        paragraph(
            "TableText",
            &format!("{indent}<w:jc w:val=\"{side}\"/>"),
            runs
        )
    )
}

/// A picture as wide as the text.
fn drawing(id: usize, picture: &Picture, alt: &str) -> String {
    // In English Metric Units: 17 cm.
    const WIDE: u64 = 6_120_000;
    let high = WIDE * u64::from(picture.height) / u64::from(picture.width.max(1));
    format!(
        "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{WIDE}\" \
         cy=\"{high}\"/><wp:docPr id=\"{id}\" name=\"figure{id}\" descr=\"{}\"/><a:graphic><a:graphicData \
         uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:nvPicPr><pic:cNvPr id=\"{id}\" \
         name=\"figure{id}.png\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"rFigure{id}\"/><a:stretch>\
         <a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{WIDE}\" \
         cy=\"{high}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>\
         </a:graphic></wp:inline></w:drawing></w:r>",
        escape(alt)
    )
}

fn archive(
    document: &str,
    title: &str,
    lang: Lang,
    pictures: &[Picture],
) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut put = |name: &str, bytes: &[u8]| -> zip::result::ZipResult<()> {
        zip.start_file(name, options)?;
        zip.write_all(bytes)?;
        Ok(())
    };
    put(
        "[Content_Types].xml",
        format!(
            "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default \
             Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default \
             Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"png\" ContentType=\"image/png\"/>\
             <Override PartName=\"/word/document.xml\" \
             ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/><Override \
             PartName=\"/word/styles.xml\" \
             ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/><Override \
             PartName=\"/word/numbering.xml\" \
             ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml\"/><Override \
             PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>\
             </Types>"
        )
        .as_bytes(),
    )?;
    put(
        "_rels/.rels",
        format!(
            "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship \
             Id=\"rDocument\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
             Target=\"word/document.xml\"/><Relationship Id=\"rCore\" \
             Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" \
             Target=\"docProps/core.xml\"/></Relationships>"
        )
        .as_bytes(),
    )?;
    put(
        "docProps/core.xml",
        format!(
            "{HEAD}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:creator>fip</dc:creator>\
             <dc:language>{}</dc:language></cp:coreProperties>",
            escape(title),
            lang.code()
        )
        .as_bytes(),
    )?;
    let mut relations = format!(
        "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship \
         Id=\"rStyles\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" \
         Target=\"styles.xml\"/><Relationship Id=\"rNumbering\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering\" \
         Target=\"numbering.xml\"/>"
    );
    for id in 1..=pictures.len() {
        relations.push_str(&format!(
            "<Relationship Id=\"rFigure{id}\" \
             Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image\" \
             Target=\"media/figure{id}.png\"/>"
        ));
    }
    relations.push_str("</Relationships>");
    put("word/_rels/document.xml.rels", relations.as_bytes())?;
    let language = match lang {
        Lang::Nl => "nl-NL",
        Lang::En => "en-GB",
    };
    put(
        "word/styles.xml",
        include_str!("styles.xml")
            .replace("LANGUAGE", language)
            .as_bytes(),
    )?;
    put(
        "word/numbering.xml",
        include_str!("numbering.xml").as_bytes(),
    )?;
    put("word/document.xml", document.as_bytes())?;
    for (index, picture) in pictures.iter().enumerate() {
        put(
            &format!("word/media/figure{}.png", index + 1),
            &picture.bytes,
        )?;
    }
    Ok(zip.finish()?.into_inner())
}
