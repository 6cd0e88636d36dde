//! A document as a workbook: a sheet per table, numbers as numbers.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::catalog::Named;
use super::csv::{neutral, parts_of};
use super::render::{self, Renderer};
use super::text::clean;
use crate::document::{
    Cell, Content, Document, Field, Figure, NoteKind, Part, Row, RowStyle, Table,
};
use crate::error::{Error, Result};
use crate::words::number::{self, Scale};
use crate::words::{Label, Lang};

/// The document's tables as the bytes of an `.xlsx` file, with a sheet that lists them.
///
/// Cells with several numbers become several columns. Shares are shares with a percentage
/// format, points are what they are called. Text is stored as text, and what a spreadsheet could take
/// for a formula is marked as quoted.
///
/// # Errors
/// Internal: the library refused.
pub fn render(document: &Document) -> Result<Vec<u8>> {
    let sheets = Sheets {
        lang: document.lang,
        front: Vec::new(),
        tables: Vec::new(),
    };
    render::render(document, sheets)
}

struct Sheets {
    lang: Lang,
    /// Title and notes, for the first sheet.
    front: Vec<String>,
    tables: Vec<(usize, Table)>,
}

impl Renderer for Sheets {
    type Output = Result<Vec<u8>>;

    fn title(&mut self, lang: Lang, title: &str, subtitle: Option<&str>) {
        self.lang = lang;
        self.front.extend(
            [Some(title), subtitle]
                .into_iter()
                .flatten()
                .map(str::to_owned),
        );
    }

    fn heading(&mut self, _level: u8, _text: &str) {}
    fn paragraph(&mut self, _text: &str) {}
    fn list(&mut self, _items: &[String]) {}
    fn figure(&mut self, _number: usize, _figure: &Figure) {}

    fn note(&mut self, kind: NoteKind, text: &str) {
        self.front
            .push(format!("{}: {text}", kind.label().text(self.lang)));
    }

    fn table(&mut self, number: usize, table: &Table) {
        self.tables.push((number, table.clone()));
    }

    fn finish(self) -> Self::Output {
        self.write()
            .map_err(|error| Error::internal(format!("the workbook could not be made: {error}")))
    }
}

/// A column of the sheet: which column of the table, which part of its cells.
struct Place {
    column: usize,
    part: Part,
}

impl Sheets {
    fn write(&self) -> std::result::Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        // Any fixed moment: the same input gives the same bytes.
        let moment = ExcelDateTime::from_ymd(2000, 1, 1)?;
        workbook.set_properties(
            &DocProperties::new()
                .set_author("fip")
                .set_creation_datetime(&moment),
        );
        let front = workbook.add_worksheet();
        front.set_name(Label::Contents.text(self.lang))?;
        let mut row = 0;
        for (index, line) in self.front.iter().enumerate() {
            let format = if index == 0 {
                Format::new().set_bold()
            } else {
                Format::new().set_text_wrap().set_align(FormatAlign::Top)
            };
            front.merge_range(row, 0, row, 1, "", &format)?;
            text(front, row, 0, line, format)?;
            // A merged row does not grow by itself.
            let lines = 1 + u32::try_from(line.chars().count() / 90).unwrap_or(0);
            front.set_row_height(row, 15 * lines)?;
            row += 1;
        }
        row += 1;
        for (number, table) in &self.tables {
            text(front, row, 0, &self.sheet(*number), Format::new())?;
            text(front, row, 1, &table.caption, Format::new())?;
            row += 1;
        }
        front.set_column_width(0, 12)?;
        front.set_column_width(1, 80)?;
        front.set_print_fit_to_pages(1, 0);
        for (number, table) in &self.tables {
            let name = self.sheet(*number);
            let sheet = workbook.add_worksheet();
            sheet.set_name(&name)?;
            self.fill(sheet, *number, table)?;
        }
        workbook.save_to_buffer()
    }

    /// 'Tabel 3': short, and free of what a sheet's name may not have.
    fn sheet(&self, number: usize) -> String {
        format!("{} {number}", Label::Table.text(self.lang))
    }

    fn fill(
        &self,
        sheet: &mut Worksheet,
        number: usize,
        table: &Table,
    ) -> std::result::Result<(), XlsxError> {
        let places: Vec<Place> = (0..table.columns.len())
            .flat_map(|column| {
                parts_of(table, column)
                    .into_iter()
                    .map(move |part| Place { column, part })
            })
            .collect();
        text(
            sheet,
            0,
            0,
            &format!("{}. {}", self.sheet(number), table.caption),
            Format::new().set_bold(),
        )?;
        let spanning = table.columns.iter().any(|column| column.group.is_some());
        let head = if spanning { 3 } else { 2 };
        if spanning {
            self.groups(sheet, table, &places)?;
        }
        let bold = || {
            Format::new()
                .set_bold()
                .set_text_wrap()
                .set_border_bottom(FormatBorder::Thin)
        };
        let words = |place: &Place| {
            let mut cells = table
                .rows
                .iter()
                .filter_map(|row| row.cells.get(place.column));
            place.column == 0 || cells.any(Cell::is_words)
        };
        let mut lines = 1;
        let mut widest = Vec::with_capacity(places.len());
        for (index, place) in places.iter().enumerate() {
            let several = places
                .iter()
                .filter(|other| other.column == place.column)
                .count()
                > 1;
            let header = &table.columns[place.column].header;
            let part = place.part.name(self.lang);
            let header = if several {
                format!("{header}: {part}")
            } else {
                header.clone()
            };
            let format = match words(place) {
                true => bold(),
                false => bold().set_align(FormatAlign::Right),
            };
            lines = lines.max(header.chars().count().div_ceil(12));
            let word = header.split(' ').map(|word| word.chars().count()).max();
            widest.push(u32::try_from(word.unwrap_or(0)).unwrap_or(0));
            text(sheet, head, column_number(index), &header, format)?;
        }
        sheet.set_row_height(head, 15 * u32::try_from(lines).unwrap_or(2))?;
        for (line, row) in (head + 1..).zip(&table.rows) {
            self.row(sheet, line, row, &places)?;
        }
        let below = head + 2 + u32::try_from(table.rows.len()).unwrap_or(u32::MAX / 2);
        for (line, note) in (below..).zip(&table.notes) {
            text(sheet, line, 0, note, Format::new().set_italic())?;
        }
        sheet.set_landscape().set_print_fit_to_pages(1, 0);
        sheet.set_freeze_panes(head + 1, 1)?;
        sheet.set_column_width(0, 44)?;
        for (index, place) in places.iter().enumerate().skip(1) {
            // A long Dutch word in a header is not broken.
            let width = if words(place) {
                40
            } else {
                widest[index].clamp(12, 38) + 2
            };
            sheet.set_column_width(column_number(index), width)?;
        }
        Ok(())
    }

    fn groups(
        &self,
        sheet: &mut Worksheet,
        table: &Table,
        places: &[Place],
    ) -> std::result::Result<(), XlsxError> {
        let format = || {
            Format::new()
                .set_bold()
                .set_align(FormatAlign::Center)
                .set_border_bottom(FormatBorder::Thin)
        };
        let group = |place: &Place| table.columns[place.column].group.as_deref();
        let mut start = 0;
        while start < places.len() {
            let name = group(&places[start]);
            let end = (start..places.len())
                .take_while(|index| group(&places[*index]) == name)
                .last()
                .unwrap_or(start);
            if let Some(name) = name {
                let (from, to) = (column_number(start), column_number(end));
                match from == to {
                    true => text(sheet, 2, from, name, format())?,
                    false => {
                        sheet.merge_range(2, from, 2, to, &neutral(&clean(name)), &format())?;
                    }
                }
            }
            start = end + 1;
        }
        Ok(())
    }

    fn row(
        &self,
        sheet: &mut Worksheet,
        line: u32,
        row: &Row,
        places: &[Place],
    ) -> std::result::Result<(), XlsxError> {
        for (index, place) in places.iter().enumerate() {
            let Some(cell) = row.cells.get(place.column) else {
                continue;
            };
            let parts = cell.parts();
            let Some((_, field)) = parts.iter().find(|(part, _)| *part == place.part) else {
                continue;
            };
            let mut format = match row.style {
                RowStyle::Section | RowStyle::Total => Format::new().set_bold(),
                RowStyle::Indented if index == 0 => Format::new().set_indent(1),
                RowStyle::Normal | RowStyle::Indented => Format::new(),
            };
            if index == 0 {
                format = format.set_text_wrap();
            }
            if row.style == RowStyle::Total {
                format = format.set_border_top(FormatBorder::Thin);
            }
            match field {
                Field::Text(value) => text(sheet, line, column_number(index), value, format)?,
                Field::Number(value) => {
                    let Ok(value) = value.parse::<f64>() else {
                        continue;
                    };
                    let format = format.set_num_format(look(&cell.content, place.part, self.lang));
                    sheet.write_number_with_format(line, column_number(index), value, &format)?;
                }
            }
        }
        Ok(())
    }
}

/// How a number is shown. The program's own language decides between comma and point.
fn look(content: &Content, part: Part, lang: Lang) -> String {
    let fixed = |decimals: usize| match decimals {
        0 => "#,##0".to_owned(),
        _ => format!("#,##0.{}", "0".repeat(decimals)),
    };
    let scaled = |decimals: usize, scale: Scale| match scale {
        Scale::Unit | Scale::Points => fixed(decimals),
        Scale::Percent => fixed(decimals) + "%",
    };
    match (content, part) {
        (_, Part::Count) => "0".to_owned(),
        (
            Content::Number {
                decimals, scale, ..
            }
            | Content::Interval {
                decimals, scale, ..
            }
            | Content::Estimate {
                decimals, scale, ..
            },
            _,
        ) => scaled(*decimals, *scale),
        (Content::CountPercent { decimals, .. }, _) => scaled(*decimals, Scale::Percent),
        (Content::MeanSd { decimals, .. }, _) => fixed(*decimals),
        // As in print: a p below a thousandth is not zero.
        (Content::PValue(_), _) => format!("[<0.001]\"{}\";0.000", number::p_value(0.0, lang)),
        (Content::Statistic { .. }, Part::Statistic) => fixed(2),
        (Content::Statistic { .. }, _) => "0.0".to_owned(),
        (Content::Money { decimals, .. }, _) => format!("€ {}", fixed(*decimals)),
        _ => "General".to_owned(),
    }
}

/// Text is written as text; what could start a formula is quoted as well, for whoever saves
/// the sheet as CSV.
pub(super) fn text(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &str,
    format: Format,
) -> std::result::Result<(), XlsxError> {
    let value = clean(value);
    let format = if neutral(&value) == value {
        format
    } else {
        format.set_quote_prefix()
    };
    sheet.write_string_with_format(row, column, value, &format)?;
    Ok(())
}

fn column_number(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}
