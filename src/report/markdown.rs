//! A document as GitHub-flavoured Markdown.

use super::render::{self, Renderer};
use super::text::{clean, width};
use crate::document::{Align, Cell, Content, Document, Figure, NoteKind, Row, RowStyle, Table};
use crate::words::{Label, Lang};

/// The document as Markdown. Text is escaped: a label can't become markup or HTML. Spanning
/// headers, which Markdown doesn't have, stand before the column's own header.
pub fn render(document: &Document) -> String {
    with_figures_in(document, None)
}

/// The same with links to the pictures in this folder; without one, what a figure shows
/// stands there in words.
pub fn with_figures_in(document: &Document, folder: Option<&str>) -> String {
    let markdown = Markdown {
        lang: document.lang,
        figures: folder.map(str::to_owned),
        out: String::new(),
    };
    render::render(document, markdown)
}

struct Markdown {
    lang: Lang,
    figures: Option<String>,
    out: String,
}

impl Renderer for Markdown {
    type Output = String;

    fn title(&mut self, lang: Lang, title: &str, subtitle: Option<&str>) {
        self.lang = lang;
        self.block(&format!("# {}", escape(title)));
        if let Some(subtitle) = subtitle {
            self.paragraph(subtitle);
        }
    }

    fn heading(&mut self, level: u8, text: &str) {
        let marks = "#".repeat(usize::from(level.clamp(1, 5)) + 1);
        self.block(&format!("{marks} {}", escape(text)));
    }

    fn paragraph(&mut self, text: &str) {
        self.block(&escape_block(text));
    }

    fn note(&mut self, kind: NoteKind, text: &str) {
        let label = kind.label();
        let label = escape(label.text(self.lang));
        self.block(&format!("> **{label}:** {}", escape(text)));
    }

    fn list(&mut self, items: &[String]) {
        let items: Vec<String> = items
            .iter()
            .map(|item| format!("- {}", escape_block(item)))
            .collect();
        self.block(&items.join("\n"));
    }

    fn table(&mut self, number: usize, table: &Table) {
        let name = Label::Table.text(self.lang);
        self.block(&format!("**{name} {number}.** {}", escape(&table.caption)));
        let grid = self.grid(table);
        self.block(&grid);
        for note in &table.notes {
            self.paragraph(note);
        }
    }

    fn figure(&mut self, number: usize, figure: &Figure) {
        let name = Label::Figure.text(self.lang);
        self.block(&format!("**{name} {number}.** {}", escape(&figure.caption)));
        match &self.figures {
            Some(folder) => {
                let link = format!("![{}]({folder}/{}.svg)", escape(&figure.alt), figure.id);
                self.block(&link);
            }
            None => self.paragraph(&figure.alt),
        }
    }

    fn finish(self) -> String {
        self.out
    }
}

impl Markdown {
    fn block(&mut self, text: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn grid(&self, table: &Table) -> String {
        let header: Vec<String> = table
            .columns
            .iter()
            .map(|column| match &column.group {
                Some(group) => escape(&format!("{group}: {}", column.header)),
                None => escape(&column.header),
            })
            .collect();
        let rows: Vec<Vec<String>> = table
            .rows
            .iter()
            .map(|row| {
                (0..table.columns.len())
                    .map(|column| self.cell(row, column))
                    .collect()
            })
            .collect();
        let widths: Vec<usize> = (0..table.columns.len())
            .map(|column| {
                let cells = rows.iter().chain([&header]).map(|row| width(&row[column]));
                cells.max().unwrap_or(0).max(3)
            })
            .collect();
        let rules: Vec<String> = table
            .columns
            .iter()
            .zip(&widths)
            .map(|(column, &width)| match column.align {
                Align::Left => "-".repeat(width),
                Align::Right => format!("{}:", "-".repeat(width - 1)),
            })
            .collect();
        let lines: Vec<String> = [&header, &rules]
            .into_iter()
            .chain(&rows)
            .map(|cells| {
                let padded: Vec<String> = cells
                    .iter()
                    .zip(&widths)
                    .zip(&table.columns)
                    .map(|((cell, &wanted), column)| {
                        let space = " ".repeat(wanted - width(cell));
                        match column.align {
                            Align::Left => format!("{cell}{space}"),
                            Align::Right => format!("{space}{cell}"),
                        }
                    })
                    .collect();
                format!("| {} |", padded.join(" | "))
            })
            .collect();
        lines.join("\n")
    }

    fn cell(&self, row: &Row, column: usize) -> String {
        let cell = row.cells.get(column).unwrap_or(&Cell::EMPTY);
        let text = match &cell.content {
            Content::Code(code) if !code.is_empty() && !code.contains(['`', '|']) => {
                format!("`{}`", clean(code))
            }
            Content::Text(text) | Content::Code(text) => escape(text),
            // Numbers have no marks that Markdown could misread.
            _ => cell.human(self.lang),
        };
        let text = text + &escape(cell.stars.text());
        match row.style {
            RowStyle::Section | RowStyle::Total if !text.is_empty() => format!("**{text}**"),
            RowStyle::Indented if column == 0 => format!("&emsp;{text}"),
            _ => text,
        }
    }
}

/// Text that stays text inside a line; what can't be misread is left as it is.
fn escape(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.trim().chars();
    while let Some(c) = rest.next() {
        let after = rest.clone().next().unwrap_or(' ');
        match c {
            '<' if after.is_alphabetic() || matches!(after, '/' | '!' | '?') => {
                out.push_str("&lt;");
            }
            '&' if after.is_alphanumeric() || after == '#' => out.push_str("&amp;"),
            '_' if before.is_alphanumeric() && after.is_alphanumeric() => out.push(c),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
        before = c;
    }
    out
}

/// Text that stays a paragraph: a beginning that would make it a heading, a quotation, a list
/// or a rule is escaped too.
fn escape_block(text: &str) -> String {
    let text = escape(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text[digits..].chars().next() {
        Some('#' | '+' | '-' | '=' | '>') if digits == 0 => format!("\\{text}"),
        Some('.' | ')') if digits > 0 => format!("{}\\{}", &text[..digits], &text[digits..]),
        _ => text,
    }
}
