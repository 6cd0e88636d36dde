//! A document as LaTeX that pdflatex compiles as it is; pictures stand in `figures/`.

use super::columns;
use super::render::{self, Renderer};
use super::text::{clean, width, wrap};
use crate::document::{Align, Cell, Content, Document, Figure, NoteKind, Row, RowStyle, Table};
use crate::words::{Label, Lang};

/// The document as LaTeX: booktabs, tables that may run over pages, every text escaped.
/// Where a picture (`figures/ID.png`) is not there, its words are.
pub fn render(document: &Document) -> String {
    let latex = Latex {
        lang: document.lang,
        out: String::new(),
    };
    render::render(document, latex)
}

struct Latex {
    lang: Lang,
    out: String,
}

/// How wide a character of a table is, in hundredths of a millimetre, and how many make a line.
const CHARACTER: usize = 153;
const LINE: usize = 112;

const PREAMBLE: &str = r"\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{textcomp}
\usepackage{amssymb}
\usepackage{lmodern}
\usepackage[a4paper,margin=18mm]{geometry}
\usepackage{array}
\usepackage{booktabs}
\usepackage{caption}
\usepackage{longtable}
\usepackage{graphicx}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.6em}
\setlength{\tabcolsep}{3pt}
\setlength{\LTpre}{1em}
\setlength{\LTpost}{0.3em}
\setlength{\LTcapwidth}{\textwidth}
\captionsetup{justification=raggedright,singlelinecheck=false}
\emergencystretch=3em
% A new page where less than this is left of it.
\newcommand{\room}[1]{\par\begingroup\dimen0=\pagegoal\advance\dimen0 by -\pagetotal
  \ifdim\pagetotal>0pt\ifdim\dimen0<#1\vfil\break\fi\fi\endgroup}
";

impl Renderer for Latex {
    type Output = String;

    fn title(&mut self, lang: Lang, title: &str, subtitle: Option<&str>) {
        self.lang = lang;
        let babel = match lang {
            Lang::Nl => "dutch",
            Lang::En => "english",
        };
        self.out = format!(
            "\\documentclass[10pt]{{article}}\n\\usepackage[{babel}]{{babel}}\n{PREAMBLE}\\title{{{}{}}}\n\\author{{}}\n\
             \\date{{}}\n\\begin{{document}}\n\\maketitle\n",
            escape(title),
            subtitle.map_or(String::new(), |text| format!(
                "\\\\[0.5ex]\\large {}",
                escape(text)
            ))
        );
    }

    fn heading(&mut self, level: u8, text: &str) {
        let command = match level {
            0 | 1 => "section",
            2 => "subsection",
            _ => "subsubsection",
        };
        self.line(&format!(
            "\\room{{9\\baselineskip}}\\{command}{{{}}}",
            escape(text)
        ));
    }

    fn paragraph(&mut self, text: &str) {
        self.line(&escape(text));
    }

    fn note(&mut self, kind: NoteKind, text: &str) {
        let label = kind.label();
        self.line(&format!(
            "\\begin{{quote}}\\textbf{{{}:}} {}\\end{{quote}}",
            escape(label.text(self.lang)),
            escape(text)
        ));
    }

    fn list(&mut self, items: &[String]) {
        if items.is_empty() {
            return;
        }
        let items: Vec<String> = items
            .iter()
            .map(|item| format!("\\item {{}}{}\n", escape(item)))
            .collect();
        self.line(&format!(
            "\\begin{{itemize}}\n{}\\end{{itemize}}",
            items.concat()
        ));
    }

    fn table(&mut self, number: usize, table: &Table) {
        let name = Label::Table.text(self.lang);
        let caption = format!(
            "\\caption*{{\\textbf{{{name} {number}.}} {}}}\\\\\n",
            escape(&table.caption)
        );
        let text = self.grid(table, &caption);
        if table.is_short() {
            let lines = table.rows.len() + 5;
            self.line(&format!("\\room{{{lines}\\baselineskip}}"));
        }
        self.line(&text);
        if !table.notes.is_empty() {
            let notes: Vec<String> = table.notes.iter().map(|note| escape(note)).collect();
            self.line(&format!("{{\\footnotesize {}\\par}}", notes.join("\\\\\n")));
        }
    }

    fn figure(&mut self, number: usize, figure: &Figure) {
        let name = Label::Figure.text(self.lang);
        let notes: Vec<String> = figure
            .notes
            .iter()
            .map(|note| format!("\n\n{{\\footnotesize {}\\par}}", escape(note)))
            .collect();
        self.line(&format!(
            "\\begin{{minipage}}{{\\textwidth}}\n\\textbf{{{name} {number}.}} {}\n\n\
             \\IfFileExists{{figures/{id}.png}}{{\\includegraphics[width=0.92\\textwidth]{{figures/{id}.png}}}}{{{}}}{}\n\
             \\end{{minipage}}",
            escape(&figure.caption),
            escape(&figure.alt),
            notes.concat(),
            id = figure.id,
        ));
    }

    fn finish(mut self) -> String {
        self.out.push_str("\\end{document}\n");
        self.out
    }
}

impl Latex {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push_str("\n\n");
    }

    fn grid(&self, table: &Table, caption: &str) -> String {
        let rows = columns::texts(table, self.lang);
        let widths: Vec<Option<usize>> = columns::widths(table, &rows, LINE)
            .into_iter()
            .map(|(width, words)| words.then_some(width))
            .collect();
        let mut spec = String::new();
        for (column, width) in table.columns.iter().zip(&widths) {
            match (width, column.align) {
                (Some(width), _) => {
                    let hundredths = width * CHARACTER;
                    spec.push_str(&format!(
                        ">{{\\raggedright\\arraybackslash}}p{{{}.{:02}mm}}",
                        hundredths / 100,
                        hundredths % 100
                    ));
                }
                (None, Align::Left) => spec.push('l'),
                (None, Align::Right) => spec.push('r'),
            }
        }
        let head = self.head(table, &widths, &rows);
        let mut out = format!(
            "{{\\footnotesize\n\\begin{{longtable}}[l]{{@{{}}{spec}@{{}}}}\n{caption}\\toprule\n{head}\\midrule\n\\endfirsthead\n\
             \\toprule\n{head}\\midrule\n\\endhead\n\\bottomrule\n\\endfoot\n"
        );
        for row in &table.rows {
            out.push_str(&self.row(row, table));
        }
        out.push_str("\\end{longtable}}");
        out
    }

    fn head(&self, table: &Table, widths: &[Option<usize>], rows: &[Vec<String>]) -> String {
        let mut out = String::new();
        let groups = table.groups();
        if groups.iter().any(|(group, _)| group.is_some()) {
            let (mut cells, mut rules, mut column) = (Vec::new(), String::new(), 1);
            for (group, span) in &groups {
                match group {
                    Some(group) => {
                        cells.push(format!("\\multicolumn{{{span}}}{{c}}{{{}}}", escape(group)));
                        rules
                            .push_str(&format!("\\cmidrule(lr){{{column}-{}}}", column + span - 1));
                    }
                    None => cells.extend(std::iter::repeat_n(String::new(), *span)),
                }
                column += span;
            }
            out.push_str(&format!("{} \\\\\n{rules}\n", cells.join(" & ")));
        }
        let heads: Vec<String> = table
            .columns
            .iter()
            .enumerate()
            .map(|(index, column)| match widths[index] {
                Some(_) => escape(&column.header),
                None => {
                    let widest = rows.iter().map(|row| width(&row[index])).max().unwrap_or(0);
                    let lines: Vec<String> = wrap(&clean(&column.header), widest.max(8))
                        .iter()
                        .map(|line| escape(line))
                        .collect();
                    let side = if column.align == Align::Right {
                        "r"
                    } else {
                        "l"
                    };
                    format!("\\shortstack[{side}]{{{}}}", lines.join("\\\\"))
                }
            })
            .collect();
        out.push_str(&format!("{} \\\\\n", heads.join(" & ")));
        out
    }

    /// The text of a cell as a reader counts its characters.
    fn plain(&self, row: &Row, column: usize) -> String {
        let cell = row.cells.get(column).unwrap_or(&Cell::EMPTY);
        clean(&cell.human(self.lang)) + cell.stars.text()
    }

    fn row(&self, row: &Row, table: &Table) -> String {
        let cells: Vec<String> = (0..table.columns.len())
            .map(|column| {
                let cell = row.cells.get(column).unwrap_or(&Cell::EMPTY);
                let text = match &cell.content {
                    Content::Code(code) => code_text(code),
                    _ => escape(&self.plain(row, column)),
                };
                match row.style {
                    RowStyle::Section | RowStyle::Total if !text.is_empty() => {
                        format!("\\textbf{{{text}}}")
                    }
                    RowStyle::Indented if column == 0 => format!("\\quad {text}"),
                    _ => text,
                }
            })
            .collect();
        let rule = if row.style == RowStyle::Total {
            "\\midrule\n"
        } else {
            ""
        };
        // An empty group keeps a bracket in the next row from being read as a length.
        format!("{rule}{{}}{} \\\\\n", cells.join(" & "))
    }
}

/// Text that stays text, in signs that pdflatex has.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        push(&mut out, c);
    }
    out
}

fn push(out: &mut String, c: char) {
    let sign = match c {
        '\\' => "\\textbackslash{}",
        '{' => "\\{",
        '}' => "\\}",
        '$' => "\\$",
        '&' => "\\&",
        '#' => "\\#",
        '%' => "\\%",
        '_' => "\\_",
        '~' => "\\textasciitilde{}",
        '^' => "\\textasciicircum{}",
        '<' => "\\textless{}",
        '>' => "\\textgreater{}",
        '|' => "\\textbar{}",
        '"' => "\\textquotedbl{}",
        '`' => "\\textasciigrave{}",
        '\'' => "\\textquotesingle{}",
        '[' => "{[}",
        ']' => "{]}",
        '*' => "{*}",
        '-' => "{-}",
        '−' => "\\ensuremath{-}",
        '–' | '‐' | '‑' => "\\textendash{}",
        '—' => "\\textemdash{}",
        '…' => "\\ldots{}",
        '€' => "\\texteuro{}",
        '·' => "\\textperiodcentered{}",
        '≤' => "\\ensuremath{\\leq}",
        '≥' => "\\ensuremath{\\geq}",
        '≈' => "\\ensuremath{\\approx}",
        '√' => "\\ensuremath{\\surd}",
        'χ' => "\\ensuremath{\\chi}",
        '²' => "\\ensuremath{^2}",
        '₀' => "\\ensuremath{_0}",
        '₁' => "\\ensuremath{_1}",
        '₂' => "\\ensuremath{_2}",
        '☐' => "\\ensuremath{\\square}",
        '→' => "\\ensuremath{\\rightarrow}",
        '‘' => "\\textquoteleft{}",
        '’' => "\\textquoteright{}",
        '“' => "\\textquotedblleft{}",
        '”' => "\\textquotedblright{}",
        '„' => "\\quotedblbase{}",
        '\u{a0}' | '\u{202f}' => "~",
        _ => "",
    };
    match c {
        _ if !sign.is_empty() => out.push_str(sign),
        // Letters that the font has; anything else is named, for a missing sign stops the run.
        ' '..='~' | '¡'..='¬' | '®'..='ž' => out.push(c),
        _ => out.push_str(&format!("\\texttt{{U+{:04X}}}", u32::from(c))),
    }
}

/// A hash or a name of a file, which may be broken anywhere.
fn code_text(code: &str) -> String {
    let mut out = String::from("\\texttt{");
    for c in clean(code).chars() {
        push(&mut out, c);
        out.push_str("\\allowbreak{}");
    }
    out.push('}');
    out
}
