//! Lists for an office, as Excel and as the CSV that Excel opens by a double click.
//!
//! Excel makes numbers and dates of what looks like one: `000123` becomes 123, `1-3` a day in March,
//! a number of twelve digits 1,23E+11. In XLSX a text is a text. In CSV nothing says so, except a
//! formula that gives the text: `="000123"`. It stands only where Excel would change what is there,
//! so that everything else stays readable for other programs, and in a CSV only: for letters in
//! Word, which would print the formula, there is the XLSX.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatBorder, IgnoreError, Workbook, Worksheet, XlsxError,
};

use super::csv::neutral;
use super::text::{clean, width};
use super::xlsx::text;
use crate::columns::Date;
use crate::error::{Error, Result};

/// A table of typed cells under one line of heads.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// The name of the sheet.
    pub sheet: String,
    pub header: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// As it stands in a file: an id, an address.
    Text(String),
    Whole(u64),
    Day(Date),
}

/// What a sheet and a cell of Excel hold.
const MOST_ROWS: usize = 1_048_575;
const LONGEST: usize = 32_767;
/// So wide a column may get, in characters.
const WIDEST: usize = 40;
/// So many characters a text in a formula may have.
const LONGEST_IN_FORMULA: usize = 255;

impl List {
    /// The bytes of an `.xlsx` file: texts as texts, days as days, heads that stay in view, and every
    /// page with them in print.
    ///
    /// # Errors
    /// Data: more rows or a longer text than Excel holds.
    pub fn xlsx(&self) -> Result<Vec<u8>> {
        self.refuse_too_much()?;
        self.workbook()
            .map_err(|error| Error::internal(format!("the workbook could not be made: {error}")))
    }

    fn refuse_too_much(&self) -> Result<()> {
        if self.rows.len() > MOST_ROWS {
            return Err(Error::data(format!(
                "the list '{}' has more rows than the {MOST_ROWS} of an Excel sheet",
                self.sheet
            ))
            .hint("divide it over more caseworkers"));
        }
        for (line, row) in (1u64..).zip(&self.rows) {
            for (value, column) in row.iter().zip(&self.header) {
                if let Value::Text(value) = value
                    && value.chars().count() > LONGEST
                {
                    return Err(Error::data(format!(
                        "a value has more than the {LONGEST} characters that a cell of Excel holds"
                    ))
                    .row(line + 1)
                    .column(column.as_str())
                    .hint("leave this column out of --columns"));
                }
            }
        }
        Ok(())
    }

    fn workbook(&self) -> std::result::Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        // Any fixed moment: the same input gives the same bytes.
        let moment = ExcelDateTime::from_ymd(2000, 1, 1)?;
        workbook.set_properties(
            &DocProperties::new()
                .set_author("fip")
                .set_creation_datetime(&moment),
        );
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(&self.sheet))?;
        self.fill(sheet)?;
        workbook.save_to_buffer()
    }

    fn fill(&self, sheet: &mut Worksheet) -> std::result::Result<(), XlsxError> {
        let head = Format::new()
            .set_bold()
            .set_border_bottom(FormatBorder::Thin);
        for (column, name) in (0u16..).zip(&self.header) {
            text(sheet, 0, column, name, head.clone())?;
        }
        let day = Format::new().set_num_format("dd-mm-yyyy");
        for (line, row) in (1u32..).zip(&self.rows) {
            for (column, value) in (0u16..).zip(row) {
                match value {
                    // The format '@' keeps an id a text when somebody types it anew.
                    Value::Text(value) => {
                        let format = Format::new().set_num_format("@");
                        text(sheet, line, column, value, format)?;
                    }
                    Value::Whole(value) => {
                        sheet.write_number(line, column, *value as f64)?;
                    }
                    Value::Day(value) => {
                        let (year, month, date) = value.ymd();
                        let value = ExcelDateTime::from_ymd(
                            u16::try_from(year).unwrap_or(u16::MAX),
                            month as u8,
                            date as u8,
                        )?;
                        sheet.write_datetime_with_format(line, column, &value, &day)?;
                    }
                }
            }
        }
        for (column, wide) in (0u16..).zip(self.widths()) {
            sheet.set_column_width(column, wide as f64 + 2.0)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        let (lines, columns) = (self.rows.len(), self.header.len());
        if lines > 0 && columns > 0 {
            let last = u16::try_from(columns - 1).unwrap_or(u16::MAX);
            let lines = u32::try_from(lines).unwrap_or(u32::MAX);
            sheet.autofilter(0, 0, lines, last)?;
            // An id is a text on purpose.
            sheet.ignore_error_range(1, 0, lines, last, IgnoreError::NumberStoredAsText)?;
        }
        sheet.set_landscape();
        sheet.set_paper_size(9);
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(0, 0)?;
        Ok(())
    }

    fn widths(&self) -> Vec<usize> {
        let wide = |value: &Value| match value {
            Value::Text(value) => width(value),
            Value::Whole(value) => value.to_string().len(),
            Value::Day(_) => 10,
        };
        (0..self.header.len())
            .map(|column| {
                let cells = self.rows.iter().filter_map(|row| row.get(column)).map(wide);
                // The button of the filter stands in the head.
                let head = width(&self.header[column]) + 2;
                cells.chain([head]).max().unwrap_or(0).min(WIDEST)
            })
            .collect()
    }

    /// The bytes of a CSV that Excel opens rightly where the decimal comma is the rule: semicolons,
    /// a byte order mark, lines that end in CR LF, and texts that stay what they are.
    ///
    /// # Errors
    /// Internal ones only.
    pub fn csv(&self) -> Result<Vec<u8>> {
        let broken =
            |error: csv::Error| Error::internal(format!("a list could not be written: {error}"));
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer("\u{feff}".as_bytes().to_vec());
        writer
            .write_record(self.header.iter().map(|name| as_text(name)))
            .map_err(broken)?;
        for row in &self.rows {
            let cells = row.iter().map(|value| match value {
                Value::Text(value) => as_text(value),
                Value::Whole(value) => value.to_string(),
                Value::Day(value) => {
                    let (year, month, day) = value.ymd();
                    format!("{day:02}-{month:02}-{year:04}")
                }
            });
            writer.write_record(cells).map_err(broken)?;
        }
        writer
            .into_inner()
            .map_err(|error| Error::internal(format!("a list could not be written: {error}")))
    }
}

/// A sheet's name has at most 31 characters, and not all.
fn sheet_name(name: &str) -> String {
    let name: String = clean(name)
        .chars()
        .map(|c| if "[]:*?/\\'".contains(c) { ' ' } else { c })
        .take(31)
        .collect();
    match name.trim() {
        "" => "1".to_owned(),
        name => name.to_owned(),
    }
}

/// A text so that Excel shows what is there.
fn as_text(value: &str) -> String {
    let value = clean(value);
    if !excel_changes(&value) && neutral(&value) == value {
        return value;
    }
    match value.chars().count() <= LONGEST_IN_FORMULA {
        true => format!("=\"{}\"", value.replace('"', "\"\"")),
        false => neutral(&value),
    }
}

/// Whether Excel takes the text for a number, a day, a time or a truth, and shows another one.
fn excel_changes(value: &str) -> bool {
    let value = value.trim();
    let truths = ["waar", "onwaar", "true", "false"];
    if truths.contains(&value.to_lowercase().as_str()) {
        return true;
    }
    // A leading zero goes, and more than eleven digits are shown as a power of ten.
    let is_lost = (value.starts_with('0') && value.len() > 1) || value.len() > 11;
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return is_lost;
    }
    let is_sign = |c: char| ".,:/-+%€ ".contains(c);
    let mut words = value
        .split(|c: char| c.is_ascii_digit() || is_sign(c))
        .filter(|word| !word.is_empty());
    let number_like = value.contains(|c: char| c.is_ascii_digit());
    number_like
        && match (words.next(), words.next()) {
            (None, _) => true,
            (Some(word), None) => {
                let word = word.to_lowercase();
                word == "e" || MONTHS.iter().any(|month| word.starts_with(month))
            }
            _ => false,
        }
}

/// How months begin, in Dutch and English.
const MONTHS: [&str; 16] = [
    "jan", "feb", "mrt", "maa", "mar", "apr", "mei", "may", "jun", "jul", "aug", "sep", "okt",
    "oct", "nov", "dec",
];

#[cfg(test)]
mod tests {
    use super::{List, Value, as_text};
    use crate::columns::Date;

    #[test]
    fn what_excel_would_change_is_a_formula_that_gives_it() {
        for changed in [
            "000123",
            "0612345678",
            "123456789012",
            "1E5",
            "12e3",
            "1-3",
            "2017-03-01",
            "12.5",
            "12,50",
            "1 mrt",
            "5-mei",
            "dec 17",
            "10:30",
            "WAAR",
            "-5",
            "=1+1",
            "@x",
            "50%",
            "€ 12",
        ] {
            assert_eq!(as_text(changed), format!("=\"{changed}\""), "{changed}");
        }
        for kept in [
            "",
            "0",
            "123",
            "12345678901",
            "1234 AB",
            "De Boer",
            "Plein 1940",
            "12a",
            "Laan 5-7",
            "woensdag 1 maart 2017",
        ] {
            assert_eq!(as_text(kept), kept);
        }
        assert_eq!(as_text("=\"a\""), "=\"=\"\"a\"\"\"");
        let long = format!("={}", "x".repeat(300));
        assert_eq!(as_text(&long), format!("'{long}"));
    }

    #[test]
    fn the_csv_has_what_excel_needs() {
        let list = List {
            sheet: "Lijst".to_owned(),
            header: vec!["Volgorde".to_owned(), "nr".to_owned(), "Datum".to_owned()],
            rows: vec![vec![
                Value::Whole(1),
                Value::Text("0012;x".to_owned()),
                Value::Day(Date::new(2017, 3, 1).unwrap()),
            ]],
        };
        let text = String::from_utf8(list.csv().unwrap()).unwrap();
        assert_eq!(
            text,
            "\u{feff}Volgorde;nr;Datum\r\n1;\"0012;x\";01-03-2017\r\n"
        );
    }
}
