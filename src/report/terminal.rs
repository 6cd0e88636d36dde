//! A document as text for a terminal: fits the given width, never breaks a number.

use super::grid::{Grid, RULE};
use super::render::{self, Renderer};
use super::text::{clean, width, wrap};
use crate::document::{Document, Figure, NoteKind, Table};
use crate::words::{Label, Lang};

/// Where nobody says how wide the terminal is.
pub const DEFAULT_WIDTH: usize = 80;

/// Wider lines of running text are hard to read.
const PROSE: usize = 96;
const NARROWEST: usize = 24;

const BOLD: &str = "\u{1b}[1m";
const YELLOW: &str = "\u{1b}[1;33m";
const RESET: &str = "\u{1b}[0m";

/// The document in lines of at most `width` characters. Colour and bold only if `color`;
/// without, there is not one escape sequence in it.
pub fn render(document: &Document, width: usize, color: bool) -> String {
    let terminal = Terminal {
        lang: document.lang,
        width: width.max(NARROWEST),
        color,
        out: String::new(),
    };
    render::render(document, terminal)
}

struct Terminal {
    lang: Lang,
    width: usize,
    color: bool,
    out: String,
}

impl Renderer for Terminal {
    type Output = String;

    fn title(&mut self, lang: Lang, title: &str, subtitle: Option<&str>) {
        self.lang = lang;
        self.underlined(title, "═");
        if let Some(subtitle) = subtitle {
            self.prose("", "", subtitle);
        }
    }

    fn heading(&mut self, level: u8, text: &str) {
        self.blank();
        match level {
            0 | 1 => self.underlined(text, RULE),
            _ => {
                for line in wrap(&clean(text), self.width.min(PROSE)) {
                    let line = self.styled(BOLD, &line);
                    self.line(&line);
                }
            }
        }
    }

    fn paragraph(&mut self, text: &str) {
        self.blank();
        self.prose("", "", text);
    }

    fn note(&mut self, kind: NoteKind, text: &str) {
        self.blank();
        let style = match kind {
            NoteKind::Warning | NoteKind::Synthetic => YELLOW,
            NoteKind::Info => BOLD,
        };
        let label = format!("{}:", kind.label().text(self.lang));
        let start = self.out.len();
        self.prose("", "  ", &format!("{label} {text}"));
        if self.color && self.out[start..].starts_with(&label) {
            let styled = self.styled(style, &label);
            self.out.replace_range(start..start + label.len(), &styled);
        }
    }

    fn list(&mut self, items: &[String]) {
        self.blank();
        for item in items {
            self.prose("• ", "  ", item);
        }
    }

    fn table(&mut self, number: usize, table: &Table) {
        let name = format!("{} {number}", Label::Table.text(self.lang));
        let grid = Grid::new(table, self.width, self.lang);
        let panels = grid.panels(self.width);
        for (index, panel) in panels.iter().enumerate() {
            self.blank();
            let caption = if index == 0 {
                format!("{name}. {}", table.caption)
            } else {
                format!("{name} ({})", Label::Continued.text(self.lang))
            };
            self.prose("", "", &caption);
            let drawn = grid.draw(panel, &grid.shown(panel, index == 0), self.color);
            self.out.push_str(&drawn);
        }
        for note in &table.notes {
            self.prose("", "", note);
        }
    }

    /// A terminal has no pictures; the numbers behind them stand in the tables.
    fn figure(&mut self, _number: usize, _figure: &Figure) {}

    fn finish(self) -> String {
        self.out
    }
}

impl Terminal {
    fn line(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// Running text, its first line after one prefix, the others after another.
    fn prose(&mut self, first: &str, others: &str, text: &str) {
        let limit = self.width.min(PROSE) - width(others);
        for (index, line) in wrap(&clean(text), limit).into_iter().enumerate() {
            let prefix = if index == 0 { first } else { others };
            self.line(&format!("{prefix}{line}"));
        }
    }

    fn underlined(&mut self, text: &str, rule: &str) {
        let lines = wrap(&clean(text), self.width.min(PROSE));
        let longest = lines.iter().map(|line| width(line)).max().unwrap_or(0);
        for line in lines {
            let line = self.styled(BOLD, &line);
            self.line(&line);
        }
        self.line(&rule.repeat(longest));
    }

    fn styled(&self, style: &str, text: &str) -> String {
        if self.color {
            format!("{style}{text}{RESET}")
        } else {
            text.to_owned()
        }
    }
}
