//! A table drawn in characters: columns that line up, headers that span, labels that wrap.

use comfy_table::{
    Attribute, Cell as Drawn, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle,
    Table as Drawing, TableStyle, Width,
};

use super::layout::{self, GAP, Panel, Size};
use super::text::{clean, longest_piece, width, wrap};
use crate::document::{Align, Cell, Row, RowStyle, Table};
use crate::words::Lang;

/// What horizontal lines are made of.
pub const RULE: &str = "─";

const INDENT: usize = 2;

const STYLE: TableStyle = TableStyle::new()
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// A table as texts, before it is known how wide its columns are.
pub struct Grid<'a> {
    table: &'a Table,
    headers: Vec<String>,
    /// Per row and column, the stars padded so that the numbers before them line up.
    cells: Vec<Vec<String>>,
    sizes: Vec<Size>,
}

impl<'a> Grid<'a> {
    pub fn new(table: &'a Table, available: usize, lang: Lang) -> Self {
        let columns = table.columns.len();
        let star_widths: Vec<usize> = (0..columns)
            .map(|column| {
                let marks = table.rows.iter().filter_map(|row| row.cells.get(column));
                marks.map(|cell| cell.stars.text().len()).max().unwrap_or(0)
            })
            .collect();
        let cells: Vec<Vec<String>> = table
            .rows
            .iter()
            .map(|row| {
                (0..columns)
                    .map(|column| {
                        let cell = row.cells.get(column).unwrap_or(&Cell::EMPTY);
                        cell_text(cell, star_widths[column], lang)
                    })
                    .collect()
            })
            .collect();
        let headers: Vec<String> = table
            .columns
            .iter()
            .map(|column| clean(&column.header))
            .collect();
        let mut grid = Grid {
            table,
            headers,
            cells,
            sizes: Vec::new(),
        };
        grid.sizes = (0..columns)
            .map(|column| grid.size(column, available))
            .collect();
        grid.widen_groups();
        grid
    }

    fn size(&self, column: usize, available: usize) -> Size {
        // Longer words are broken in a header, and in cells of words.
        const HEADER_WORD: usize = 20;
        let rows = self.table.rows.iter().zip(&self.cells);
        let widest = rows
            .clone()
            .map(|(row, texts)| width(&texts[column]) + indent(row, column))
            .max()
            .unwrap_or(0)
            // A column is drawn, also where it is empty.
            .max(1);
        let header = &self.headers[column];
        let header_min = longest_piece(header).min(HEADER_WORD);
        let words = self
            .table
            .rows
            .iter()
            .filter_map(|row| row.cells.get(column))
            .any(Cell::is_words);
        let natural = widest.max(width(header));
        if !words {
            return Size {
                min: widest.max(header_min),
                natural,
                words,
            };
        }
        let longest_word = rows
            .map(|(row, texts)| longest_piece(&texts[column]) + indent(row, column))
            .max()
            .unwrap_or(0);
        let (least, most) = if column == 0 {
            (16, (available * 3 / 8).clamp(16, 30))
        } else {
            (8, (available / 4).clamp(8, 22))
        };
        Size {
            min: longest_word.clamp(least, most).min(natural).max(header_min),
            natural,
            words,
        }
    }

    /// A spanning header's longest word fits over its columns.
    fn widen_groups(&mut self) {
        let mut start = 0;
        for (group, span) in self.table.groups() {
            if let Some(group) = group {
                let columns = &mut self.sizes[start..start + span];
                let gaps = GAP * (span - 1);
                let min: usize = columns.iter().map(|size| size.min).sum::<usize>() + gaps;
                let natural: usize = columns.iter().map(|size| size.natural).sum::<usize>() + gaps;
                let group = clean(group);
                if let Some(last) = columns.last_mut() {
                    last.min += longest_piece(&group).saturating_sub(min);
                    last.natural += width(&group).saturating_sub(natural);
                    last.natural = last.natural.max(last.min);
                }
            }
            start += span;
        }
    }

    pub fn panels(&self, available: usize) -> Vec<Panel> {
        let spans: Vec<usize> = self.table.groups().iter().map(|(_, span)| *span).collect();
        layout::panels(&self.sizes, &spans, available)
    }

    /// Which rows a panel shows: all of them in the first, in a continuation those that have
    /// something in it, and the sections above them.
    pub fn shown(&self, panel: &Panel, first: bool) -> Vec<bool> {
        let mut shown: Vec<bool> = self
            .cells
            .iter()
            .map(|texts| {
                let beyond_label = panel.columns.iter().filter(|&&column| column > 0);
                first
                    || beyond_label
                        .into_iter()
                        .any(|&column| !texts[column].is_empty())
            })
            .collect();
        let mut below = false;
        for (shown, row) in shown.iter_mut().zip(&self.table.rows).rev() {
            match row.style {
                RowStyle::Indented => below |= *shown,
                RowStyle::Section | RowStyle::Normal | RowStyle::Total => {
                    *shown |= below && row.style == RowStyle::Section;
                    below = false;
                }
            }
        }
        shown
    }

    pub fn draw(&self, panel: &Panel, shown: &[bool], color: bool) -> String {
        let mut drawing = Drawing::new();
        drawing
            .load_style(STYLE)
            .set_content_arrangement(ContentArrangement::Disabled);
        if color {
            drawing.enforce_styling();
        } else {
            drawing.force_no_tty();
        }
        drawing.set_header(self.header(panel));
        let rows = self.table.rows.iter().zip(&self.cells).zip(shown);
        for ((row, texts), _) in rows.filter(|(_, shown)| **shown) {
            if row.style == RowStyle::Total {
                drawing.add_row(panel.widths.iter().map(|&width| RULE.repeat(width)));
            }
            drawing.add_row(self.row(row, texts, panel));
        }
        for (index, &width) in panel.widths.iter().enumerate() {
            // The drawing itself puts one space between columns.
            let gap = if index == 0 { 0 } else { GAP - 1 };
            if let Some(column) = drawing.column_mut(index) {
                let full = u16::try_from(width + gap).unwrap_or(u16::MAX);
                column
                    .set_padding((u16::try_from(gap).unwrap_or(0), 0))
                    .set_constraint(ColumnConstraint::Absolute(Width::Fixed(full)));
            }
        }
        let mut out = format!("{}\n", RULE.repeat(panel.width()));
        out.push_str(&self.spanning(panel));
        for line in drawing.lines() {
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// The column heads of a panel, standing on the line below them.
    fn header(&self, panel: &Panel) -> Vec<Drawn> {
        let wrapped: Vec<Vec<String>> = panel
            .columns
            .iter()
            .zip(&panel.widths)
            .map(|(&column, &width)| wrap(&self.headers[column], width))
            .collect();
        let height = wrapped.iter().map(Vec::len).max().unwrap_or(1);
        wrapped
            .into_iter()
            .zip(&panel.columns)
            .map(|(lines, &column)| {
                let text = "\n".repeat(height - lines.len()) + &lines.join("\n");
                Drawn::new(text)
                    .set_alignment(self.alignment(column))
                    .add_attribute(Attribute::Bold)
            })
            .collect()
    }

    fn row(&self, row: &Row, texts: &[String], panel: &Panel) -> Vec<Drawn> {
        let cells = panel.columns.iter().zip(&panel.widths);
        cells
            .map(|(&column, &width)| {
                let words = row.cells.get(column).is_some_and(Cell::is_words);
                let text = if words {
                    let indent = indent(row, column);
                    // A label's next lines hang, so that each row's beginning stands out.
                    let hang = if column == 0 { INDENT } else { 0 };
                    hanging(&texts[column], width, indent, hang)
                } else {
                    texts[column].clone()
                };
                let drawn = Drawn::new(text).set_alignment(self.alignment(column));
                match row.style {
                    RowStyle::Section | RowStyle::Total => drawn.add_attribute(Attribute::Bold),
                    RowStyle::Normal | RowStyle::Indented => drawn,
                }
            })
            .collect()
    }

    fn alignment(&self, column: usize) -> CellAlignment {
        match self.table.columns[column].align {
            Align::Left => CellAlignment::Left,
            Align::Right => CellAlignment::Right,
        }
    }

    /// The lines with the spanning headers, each over a rule as wide as its columns.
    fn spanning(&self, panel: &Panel) -> String {
        let mut spans: Vec<(Option<&str>, usize)> = Vec::new();
        for (&column, &width) in panel.columns.iter().zip(&panel.widths) {
            let group = self.table.columns[column].group.as_deref();
            match spans.last_mut() {
                Some((last, total)) if *last == group && group.is_some() => *total += GAP + width,
                _ => spans.push((group, width)),
            }
        }
        if spans.iter().all(|(group, _)| group.is_none()) {
            return String::new();
        }
        let mut texts: Vec<(Vec<String>, usize)> = spans
            .iter()
            .map(|(group, width)| match group {
                Some(group) => (wrap(&clean(group), *width), *width),
                None => (Vec::new(), *width),
            })
            .collect();
        let height = texts
            .iter()
            .map(|(lines, _)| lines.len())
            .max()
            .unwrap_or(0);
        for (lines, width) in &mut texts {
            let grouped = !lines.is_empty();
            lines.splice(
                0..0,
                std::iter::repeat_n(String::new(), height - lines.len()),
            );
            lines.push(if grouped {
                RULE.repeat(*width)
            } else {
                String::new()
            });
        }
        let mut out = String::new();
        for line in 0..=height {
            let parts: Vec<String> = texts
                .iter()
                .map(|(lines, width)| centred(&lines[line], *width))
                .collect();
            out.push_str(parts.join(&" ".repeat(GAP)).trim_end());
            out.push('\n');
        }
        out
    }
}

fn cell_text(cell: &Cell, star_width: usize, lang: Lang) -> String {
    let text = clean(&cell.human(lang));
    if text.is_empty() || cell.is_words() {
        return text + cell.stars.text();
    }
    format!("{text}{:<star_width$}", cell.stars.text())
}

fn indent(row: &Row, column: usize) -> usize {
    if column == 0 && row.style == RowStyle::Indented {
        INDENT
    } else {
        0
    }
}

fn hanging(text: &str, width: usize, indent: usize, hang: usize) -> String {
    let first = width.saturating_sub(indent);
    let lines = wrap(text, first);
    if lines.len() == 1 {
        return format!("{}{text}", " ".repeat(indent));
    }
    let lines = wrap(text, first.saturating_sub(hang));
    let lines = lines.iter().enumerate().map(|(index, line)| {
        let space = if index == 0 { indent } else { indent + hang };
        format!("{}{line}", " ".repeat(space))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn centred(text: &str, total: usize) -> String {
    let space = total.saturating_sub(width(text));
    let left = space / 2;
    format!("{}{text}{}", " ".repeat(left), " ".repeat(space - left))
}
