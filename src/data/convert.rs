//! Typed columns from a table: numbers, levels, dates. What does not fit is an error with its
//! place.

use std::collections::HashMap;

use super::cells::{Cells, NumberCells};
use super::decision::{Decision, Evidence, Seen};
use super::number::{Reading, read_number};
use super::table::{Table, evidence_in, show};
use crate::columns::{Date, Dates, Decimal, Levels, Numeric};
use crate::error::{Error, Result, nearest};

/// The first cell that does not fit.
pub(super) struct Misfit {
    pub row: u64,
    pub text: String,
    pub count: usize,
}

impl Table {
    /// A column as numbers.
    ///
    /// # Errors
    /// A cell that is not a number; numbers with a decimal comma and with a decimal point in one
    /// file; a cell with two readings (`1.234`) in a file that does not decide.
    pub fn numeric(&self, name: &str) -> Result<Numeric> {
        let column = self.column(name)?;
        if let Cells::Numbers(numbers) = &column.cells {
            self.check_numbers(name, numbers)?;
            return Ok(Numeric::from_finite(numbers.shared()));
        }
        let evidence = evidence_in(&column.cells, &self.rows, &self.missing).unwrap_or_default();
        let decision = self.decision.or_own(name, &evidence);
        self.check_decision(name, &decision, &evidence)?;
        let decimal = decision.decimal();
        let values = self.convert(name, f64::NAN, |text| match (read_number(text), decimal) {
            (reading, Some(decimal)) => reading.under(decimal),
            (Reading::Same(value) | Reading::Only(_, value), None) => Some(value),
            // Here only beside a cell that is no number at all, which is the one to report.
            (Reading::Either { point, .. }, None) => Some(point),
            (Reading::No, None) => None,
        })?;
        values
            .map(Numeric::from_finite)
            .map_err(|misfit| self.not_a_number(name, misfit, decimal))
    }

    fn check_numbers(&self, name: &str, numbers: &NumberCells) -> Result<()> {
        let decision = self.decision.or_own(name, &numbers.evidence);
        if let Some((index, text, count)) = numbers.first_bad(|index| self.row_number(index)) {
            let misfit = Misfit {
                row: self.row_number(index),
                text,
                count,
            };
            return Err(self.not_a_number(name, misfit, decision.decimal()));
        }
        // A column with cells that are no numbers has no say, so the others may have decided
        // against it.
        let against = match decision.decimal() {
            Some(Decimal::Comma) => &numbers.evidence.point,
            Some(Decimal::Point) => &numbers.evidence.comma,
            None => &None,
        };
        if let Some(Seen { row, value }) = against.clone() {
            let misfit = Misfit {
                row,
                text: value,
                count: 1,
            };
            return Err(self.not_a_number(name, misfit, decision.decimal()));
        }
        self.check_decision(name, &decision, &numbers.evidence)
    }

    fn check_decision(&self, name: &str, decision: &Decision, evidence: &Evidence) -> Result<()> {
        const SETTLE: &str = "say which is right: --decimal comma or --decimal point, or in the \
                              protocol [register] decimal = \"comma\"";
        match decision {
            Decision::Conflict { comma, point } if evidence.has_signs() => {
                Err(Error::data(format!(
                    "this file has numbers with a decimal comma ({}) and with a decimal point ({})",
                    show(&comma.column, &comma.seen),
                    show(&point.column, &point.seen),
                ))
                .file(&self.file)
                .row(comma.seen.row.max(point.seen.row))
                .hint(format!(
                    "correct one of them; if one of the columns is not a number, give it \
                     kind = \"categorical\"; or {SETTLE}"
                )))
            }
            Decision::Open => match &evidence.either {
                Some(Seen { row, value }) => {
                    let digits: String = value.chars().filter(|c| !".,".contains(*c)).collect();
                    let pointed = value.replace(',', ".");
                    Err(Error::data(format!(
                        "'{value}' has two readings, {digits} and {pointed} (decimal), and \
                         nothing else in the file tells which"
                    ))
                    .file(&self.file)
                    .row(*row)
                    .column(name)
                    .value(value)
                    .hint(SETTLE))
                }
                None => Ok(()),
            },
            Decision::Decided(_) | Decision::Conflict { .. } => Ok(()),
        }
    }

    fn not_a_number(&self, name: &str, misfit: Misfit, decimal: Option<Decimal>) -> Error {
        let (message, hint) = match (read_number(&misfit.text), decimal) {
            (Reading::Only(sign, _), Some(decimal)) => (
                format!("this is not a number with a decimal {decimal}"),
                format!("correct it, or read the file with --decimal {sign}"),
            ),
            _ if misfit.text.ends_with('%') => (
                "this is a percentage, not a number".to_string(),
                "remove the percent signs, so that 12,5% becomes 12,5".to_string(),
            ),
            _ => (
                "this is not a number".to_string(),
                "correct it, add it to `missing` if it means that there is no value, or give the \
                 column kind = \"categorical\""
                    .to_string(),
            ),
        };
        self.misfit(name, message, misfit).hint(hint)
    }

    pub(super) fn misfit(&self, name: &str, message: String, misfit: Misfit) -> Error {
        let message = match misfit.count {
            0 | 1 => message,
            2 => format!("{message}; 1 other cell of this column does not fit either"),
            n => format!(
                "{message}; {} other cells of this column do not fit either",
                n - 1
            ),
        };
        let error = Error::data(message)
            .file(&self.file)
            .row(misfit.row)
            .column(name);
        match misfit.text.is_empty() {
            true => error,
            false => error.value(misfit.text),
        }
    }

    /// Converts the texts that are not missing, each different text of a dictionary once.
    pub(super) fn convert<T: Copy>(
        &self,
        name: &str,
        missing: T,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<std::result::Result<Vec<T>, Misfit>> {
        let read = |text: &str| {
            let text = text.trim();
            match self.missing.is_missing(text) {
                true => Some(missing),
                false => read(text),
            }
        };
        let mut values = Vec::with_capacity(self.rows());
        let mut first_bad: Option<usize> = None;
        let mut count = 0;
        let mut keep = |index: usize, value: Option<T>| {
            if value.is_none() {
                first_bad = first_bad.or(Some(index));
                count += 1;
            }
            values.push(value.unwrap_or(missing));
        };
        match &self.column(name)?.cells {
            Cells::Dictionary(dictionary) => {
                let known: Vec<Option<T>> = dictionary.texts().iter().map(|t| read(t)).collect();
                for (index, &code) in dictionary.codes().iter().enumerate() {
                    keep(index, known[code as usize]);
                }
            }
            _ => {
                let text = self.text(name)?;
                for (index, value) in text.iter().enumerate() {
                    keep(index, read(value));
                }
            }
        }
        Ok(match first_bad {
            None => Ok(values),
            Some(index) => Err(Misfit {
                row: self.row_number(index),
                text: self.text(name)?.key(index).to_string(),
                count,
            }),
        })
    }

    /// A column as levels: those of a list, in its order, or else those that occur, in numeric
    /// order if they are all numbers and alphabetically otherwise.
    ///
    /// A list of numbers also matches other ways to write them: `1.0` is level `1`.
    ///
    /// # Errors
    /// A value outside the list.
    pub fn levels(&self, name: &str, list: Option<&[String]>) -> Result<Levels> {
        let dictionary = self.dictionary(name)?;
        let mut occurs = vec![false; dictionary.texts().len()];
        for &code in dictionary.codes() {
            occurs[code as usize] = true;
        }
        let texts: Vec<Option<&str>> = dictionary
            .texts()
            .iter()
            .zip(occurs)
            .map(|(text, occurs)| (text.trim(), occurs))
            .map(|(text, occurs)| (occurs && !self.missing.is_missing(text)).then_some(text))
            .collect();
        let levels: Vec<String> = match list {
            Some(list) => list.iter().map(|level| level.trim().to_string()).collect(),
            None => self.sorted_levels(texts.iter().flatten().copied()),
        };
        let position: HashMap<&str, u32> = levels.iter().map(String::as_str).zip(0..).collect();
        let numbers: Option<Vec<f64>> = levels.iter().map(|level| self.plain(level)).collect();
        let find = |text: &str| {
            position.get(text).copied().or_else(|| {
                let value = self.plain(text)?;
                let at = numbers.as_ref()?.iter().position(|level| *level == value)?;
                u32::try_from(at).ok()
            })
        };
        let found: Vec<Option<u32>> = texts
            .iter()
            .map(|text| match text {
                Some(text) => find(text),
                None => Some(Levels::MISSING),
            })
            .collect();
        let misfits = |code: &&u32| found[**code as usize].is_none();
        if let Some(index) = dictionary.codes().iter().position(|code| misfits(&code)) {
            let text = dictionary.texts()[dictionary.codes()[index] as usize].trim();
            let misfit = Misfit {
                row: self.row_number(index),
                text: text.to_string(),
                count: dictionary.codes().iter().filter(misfits).count(),
            };
            return Err(self.not_a_level(name, misfit, &levels));
        }
        let codes = dictionary
            .codes()
            .iter()
            .map(|&code| found[code as usize].unwrap_or(Levels::MISSING))
            .collect();
        Ok(Levels::new(levels, codes))
    }

    fn not_a_level(&self, name: &str, misfit: Misfit, levels: &[String]) -> Error {
        let near = nearest(&misfit.text, levels.iter().map(String::as_str))
            .map(|level| format!("did you mean '{level}'? "))
            .unwrap_or_default();
        let hint = format!(
            "{near}the levels are: {}; correct the cell, add the value to `levels`, or to \
             `missing`",
            levels.join(", ")
        );
        self.misfit(name, "this is not one of the levels".to_string(), misfit)
            .hint(hint)
    }

    fn sorted_levels<'a>(&self, texts: impl Iterator<Item = &'a str>) -> Vec<String> {
        let mut levels: Vec<(Option<f64>, &str)> =
            texts.map(|text| (self.plain(text), text)).collect();
        let numeric = levels.iter().all(|(value, _)| value.is_some());
        levels.sort_by(|a, b| match (numeric, a.0, b.0) {
            (true, Some(x), Some(y)) => x.total_cmp(&y).then_with(|| a.1.cmp(b.1)),
            _ => a.1.cmp(b.1),
        });
        levels.dedup_by(|a, b| a.1 == b.1);
        levels
            .into_iter()
            .map(|(_, text)| text.to_string())
            .collect()
    }

    /// A text as a number where it has one reading in this file.
    fn plain(&self, text: &str) -> Option<f64> {
        match (read_number(text), self.decimal()) {
            (reading, Some(decimal)) => reading.under(decimal),
            (Reading::Same(value) | Reading::Only(_, value), None) => Some(value),
            (_, None) => None,
        }
    }

    /// A column as dates: `2017-03-01` or `01-03-2017` (also with slashes), day before month.
    ///
    /// # Errors
    /// A value that is not a date, or not in the calendar.
    pub fn dates(&self, name: &str) -> Result<Dates> {
        let read = |text: &str| Date::parse(text).ok().map(Some);
        self.convert(name, None, read)?
            .map(Dates::new)
            .map_err(|misfit| {
                let reason = match Date::parse(&misfit.text) {
                    Err(why) => why.reason(),
                    Ok(_) => "this is not a date",
                };
                self.misfit(name, reason.to_string(), misfit)
                    .hint("write dates as 2017-03-01, or as 01-03-2017 with the day first")
            })
    }
}
