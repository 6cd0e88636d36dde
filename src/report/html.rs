//! A document as one page of HTML that needs nothing else: style and pictures are inside.
//!
//! The markup is so little that it is written here, each text through [`escape`], rather
//! than by a template library: those change the features of `syn`, on which half of the
//! build rests.

use super::picture;
use super::render::{self, Renderer};
use super::text::clean;
use crate::document::{Align, Cell, Content, Document, Figure, NoteKind, Row, RowStyle, Table};
use crate::error::{Error, Result};
use crate::words::{Label, Lang};

const STYLE: &str = include_str!("style.css");

/// The document as an HTML page.
///
/// # Errors
/// Internal: a figure could not be drawn.
pub fn render(document: &Document) -> Result<String> {
    let page = Html {
        lang: document.lang,
        title: String::new(),
        contents: Vec::new(),
        body: String::new(),
        failed: None,
    };
    render::render(document, page)
}

struct Html {
    lang: Lang,
    title: String,
    /// Chapters: their headings.
    contents: Vec<String>,
    body: String,
    failed: Option<Error>,
}

impl Renderer for Html {
    type Output = Result<String>;

    fn title(&mut self, lang: Lang, title: &str, subtitle: Option<&str>) {
        self.lang = lang;
        let title = escape(title);
        self.title = match subtitle {
            Some(subtitle) => format!("{} – {title}", escape(subtitle)),
            None => title.clone(),
        };
        self.put(&format!("<header>\n<h1>{title}</h1>\n"));
        if let Some(subtitle) = subtitle {
            self.put(&format!("<p class=\"subtitle\">{}</p>\n", escape(subtitle)));
        }
        self.put("</header>\n");
    }

    fn heading(&mut self, level: u8, text: &str) {
        let rank = level.clamp(1, 5) + 1;
        let text = escape(text);
        if rank == 2 {
            self.contents.push(text.clone());
            self.put(&format!(
                "<h2 id=\"c{}\">{text}</h2>\n",
                self.contents.len()
            ));
        } else {
            self.put(&format!("<h{rank}>{text}</h{rank}>\n"));
        }
    }

    fn paragraph(&mut self, text: &str) {
        self.put(&format!("<p>{}</p>\n", escape(text)));
    }

    fn note(&mut self, kind: NoteKind, text: &str) {
        let class = match kind {
            NoteKind::Warning => "warning",
            NoteKind::Info => "info",
            NoteKind::Synthetic => "synthetic",
        };
        self.put(&format!(
            "<p class=\"note {class}\"><strong>{}:</strong> {}</p>\n",
            kind.label().text(self.lang),
            escape(text)
        ));
    }

    fn list(&mut self, items: &[String]) {
        self.put("<ul>\n");
        for item in items {
            self.put(&format!("<li>{}</li>\n", escape(item)));
        }
        self.put("</ul>\n");
    }

    fn table(&mut self, number: usize, table: &Table) {
        let name = Label::Table.text(self.lang);
        let id = escape(&table.id);
        let class = if table.is_short() {
            "table short"
        } else {
            "table"
        };
        // It can be scrolled, so the keyboard must be able to reach it.
        self.put(&format!(
            "<div class=\"{class}\" id=\"t-{id}\" role=\"region\" tabindex=\"0\" aria-labelledby=\"tc-{id}\">\n<table>\n\
             <caption id=\"tc-{id}\"><span class=\"number\">{name} {number}.</span> {}</caption>\n",
            escape(&table.caption)
        ));
        self.head(table);
        self.put("<tbody>\n");
        for row in &table.rows {
            self.row(row, table);
        }
        self.put("</tbody>\n</table>\n</div>\n");
        self.notes(&table.notes);
    }

    fn figure(&mut self, number: usize, figure: &Figure) {
        let picture = match picture::inline_svg(figure, self.lang) {
            Ok(picture) => picture,
            Err(error) => {
                self.failed.get_or_insert(error);
                return;
            }
        };
        let name = Label::Figure.text(self.lang);
        self.put(&format!(
            "<figure id=\"f-{}\">\n<figcaption><span class=\"number\">{name} {number}.</span> {}</figcaption>\n\
             <div class=\"picture\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\">\n{picture}</div>\n\
             <details><summary>{}</summary><p>{}</p></details>\n",
            escape(&figure.id),
            escape(&figure.caption),
            Label::FigureInWords.text(self.lang),
            escape(&figure.alt)
        ));
        self.notes(&figure.notes);
        self.put("</figure>\n");
    }

    fn finish(self) -> Self::Output {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let mut page = format!(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n\
             </head>\n<body>\n<main>\n",
            self.lang.code(),
            self.title
        );
        let (header, rest) = self
            .body
            .split_once("</header>\n")
            .unwrap_or(("", &self.body));
        if !header.is_empty() {
            page.push_str(header);
            page.push_str("</header>\n");
        }
        if self.contents.len() > 2 {
            page.push_str(&format!(
                "<nav aria-label=\"{0}\">\n<p>{0}</p>\n<ol>\n",
                Label::Contents.text(self.lang)
            ));
            for (index, text) in self.contents.iter().enumerate() {
                page.push_str(&format!(
                    "<li><a href=\"#c{}\">{text}</a></li>\n",
                    index + 1
                ));
            }
            page.push_str("</ol>\n</nav>\n");
        }
        page.push_str(rest);
        page.push_str("</main>\n</body>\n</html>\n");
        Ok(page)
    }
}

impl Html {
    fn put(&mut self, markup: &str) {
        self.body.push_str(markup);
    }

    fn notes(&mut self, notes: &[String]) {
        for note in notes {
            self.put(&format!("<p class=\"legend\">{}</p>\n", escape(note)));
        }
    }

    /// One row of headers, or two where columns share a spanning one.
    fn head(&mut self, table: &Table) {
        let groups = table.groups();
        let spanning = groups.iter().any(|(group, _)| group.is_some());
        self.put("<thead>\n<tr>");
        if spanning {
            let mut column = 0;
            for (group, span) in &groups {
                match group {
                    Some(group) => self.put(&format!(
                        "<th scope=\"colgroup\" colspan=\"{span}\">{}</th>",
                        escape(group)
                    )),
                    None => {
                        for offset in 0..*span {
                            self.header(table, column + offset, 2);
                        }
                    }
                }
                column += span;
            }
            self.put("</tr>\n<tr>");
        }
        for column in 0..table.columns.len() {
            if !spanning || table.columns[column].group.is_some() {
                self.header(table, column, 1);
            }
        }
        self.put("</tr>\n</thead>\n");
    }

    fn header(&mut self, table: &Table, column: usize, rows: usize) {
        let head = &table.columns[column];
        let class = align(head.align);
        let span = if rows > 1 {
            format!(" rowspan=\"{rows}\"")
        } else {
            String::new()
        };
        match head.header.is_empty() {
            // An empty header is none.
            true => self.put(&format!("<td{span}{class}></td>")),
            false => self.put(&format!(
                "<th scope=\"col\"{span}{class}>{}</th>",
                breakable(&head.header)
            )),
        }
    }

    fn row(&mut self, row: &Row, table: &Table) {
        let class = match row.style {
            RowStyle::Normal => "",
            RowStyle::Section => " class=\"section\"",
            RowStyle::Indented => " class=\"indented\"",
            RowStyle::Total => " class=\"total\"",
        };
        self.put(&format!("<tr{class}>"));
        for (index, column) in table.columns.iter().enumerate() {
            let cell = row.cells.get(index).unwrap_or(&Cell::EMPTY);
            let text = self.cell(cell);
            let class = align(column.align);
            match index {
                0 => self.put(&format!("<th scope=\"row\">{text}</th>")),
                _ => self.put(&format!("<td{class}>{text}</td>")),
            }
        }
        self.put("</tr>\n");
    }

    fn cell(&self, cell: &Cell) -> String {
        let text = match &cell.content {
            Content::Code(code) => format!("<code>{}</code>", escape(code)),
            Content::Text(text) => breakable(text),
            _ => escape(&cell.human(self.lang)),
        };
        match cell.stars.text() {
            "" => text,
            stars => format!("{text}<span class=\"stars\">{stars}</span>"),
        }
    }
}

fn align(align: Align) -> &'static str {
    match align {
        Align::Left => "",
        Align::Right => " class=\"n\"",
    }
}

/// Text that stays text: nothing in it can become markup.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Not a character of XML, which Word reads.
            '\u{fffe}' | '\u{ffff}' => {}
            _ => out.push(c),
        }
    }
    out
}

/// The same, and a line may end after a slash.
fn breakable(text: &str) -> String {
    escape(text).replace('/', "/<wbr>")
}
