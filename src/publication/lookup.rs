//! Figures and references: one string of the file at a time.

use std::ops::Range;

use toml::Spanned;

use super::format::{CellRef, Count, RowRef};
use super::formula::{self, Expr};
use super::printed::{Bound, Decimal, Notation, Number};
use super::raw::{Many, RawCell};
use super::resolve::Reader;
use crate::error::{Result, nearest};

/// The figures of an item.
impl Reader<'_> {
    pub(super) fn number(&self, text: &Spanned<String>, notation: Notation) -> Result<Number> {
        Number::parse(text.get_ref(), notation).map_err(|m| self.source.error(text.span(), m))
    }

    pub(super) fn optional(
        &self,
        text: Option<Spanned<String>>,
        notation: Notation,
    ) -> Result<Option<Number>> {
        text.map(|text| self.number(&text, notation)).transpose()
    }

    /// `1` or, for F, `2; 117` or `2, 117`.
    pub(super) fn degrees(
        &self,
        text: Option<Spanned<String>>,
        notation: Notation,
    ) -> Result<Vec<Number>> {
        let Some(text) = text else {
            return Ok(Vec::new());
        };
        let printed = text.get_ref();
        let sign = if printed.contains(';') { ";" } else { ", " };
        printed
            .split(sign)
            .map(|part| {
                Number::parse(part, notation).map_err(|m| self.source.error(text.span(), m))
            })
            .collect()
    }

    pub(super) fn p_value(
        &self,
        text: Option<Spanned<String>>,
        notation: Notation,
    ) -> Result<Option<(Bound, Number)>> {
        text.map(|text| {
            Number::parse_bound(text.get_ref(), notation)
                .map_err(|m| self.source.error(text.span(), m))
        })
        .transpose()
    }

    pub(super) fn count(
        &self,
        raw: &RawCell,
        span: Range<usize>,
        notation: Notation,
    ) -> Result<Count> {
        self.reasoned(raw.read_as.is_some(), raw.because.is_some(), &span)?;
        let whole = |text: &str| {
            Number::parse(text, notation)
                .ok()
                .and_then(|number| number.value.integer())
                .and_then(|value| u64::try_from(value).ok())
                .ok_or_else(|| {
                    self.source
                        .error(span.clone(), format!("'{text}' is not a number of cases"))
                        .hint("the decimal and thousands signs are set under [publication]")
                })
        };
        Ok(Count {
            text: raw.printed.clone(),
            value: whole(&raw.printed)?,
            read_as: raw.read_as.as_deref().map(whole).transpose()?,
            because: raw.because.clone(),
            line: self.source.line(span.start),
        })
    }

    /// `18 – 66`, `0-1`, `1 tot 37`.
    pub(super) fn range(
        &self,
        text: &Spanned<String>,
        notation: Notation,
    ) -> Result<(Decimal, Decimal)> {
        let printed = text.get_ref();
        let ends = [" – ", " - ", " tot ", " to ", "–", "-"]
            .iter()
            .find_map(|sign| {
                let (low, high) = printed.split_once(sign)?;
                let end = |text| Number::parse(text, notation).ok().map(|n| n.value);
                Some((end(low)?, end(high)?))
            });
        match ends {
            Some((low, high)) if low.to_f64() <= high.to_f64() => Ok((low, high)),
            _ => Err(self
                .source
                .error(text.span(), format!("'{printed}' is not a range"))
                .hint("write it as range = \"18 – 66\"")),
        }
    }
}

/// The references of an item.
impl Reader<'_> {
    pub(super) fn find(
        &self,
        name: &str,
        among: &[String],
        what: &str,
        span: Range<usize>,
    ) -> Result<usize> {
        if let Some(at) = among.iter().position(|known| known == name) {
            return Ok(at);
        }
        let error = self
            .source
            .error(span, format!("there is no {what} '{name}'"));
        Err(match nearest(name, among.iter().map(String::as_str)) {
            Some(near) => error.hint(format!("did you mean '{near}'?")),
            None => error.hint(format!("known are: {}", among.join(", "))),
        })
    }

    pub(super) fn group_at(&self, name: &str, span: Range<usize>) -> Result<usize> {
        self.find(name, &self.names.groups, "group", span)
    }

    pub(super) fn table_at(&self, name: &str, span: Range<usize>) -> Result<usize> {
        let ids: Vec<String> = self.names.tables.iter().map(|(id, _)| id.clone()).collect();
        self.find(name, &ids, "table", span)
    }

    pub(super) fn row_at(&self, name: &str, span: Range<usize>) -> Result<RowRef> {
        let Some((table, row)) = name.split_once('/') else {
            return Err(self
                .source
                .error(span, format!("'{name}' does not refer to a row"))
                .hint("write it as \"table/row\""));
        };
        let table = self.table_at(table, span.clone())?;
        let row = self.find(row, &self.names.tables[table].1, "row", span)?;
        Ok(RowRef { table, row })
    }

    pub(super) fn cell_at(&self, name: &str, span: Range<usize>) -> Result<CellRef> {
        let Some((row, group)) = name.rsplit_once('/').filter(|(row, _)| row.contains('/')) else {
            return Err(self
                .source
                .error(span, format!("'{name}' does not refer to a cell"))
                .hint("write it as \"table/row/group\""));
        };
        let RowRef { table, row } = self.row_at(row, span.clone())?;
        let group = self.group_at(group, span)?;
        Ok(CellRef { table, row, group })
    }

    pub(super) fn row_references(&self, raw: Option<Spanned<Many>>) -> Result<Vec<RowRef>> {
        let Some(raw) = raw else {
            return Ok(Vec::new());
        };
        let span = raw.span();
        raw.into_inner()
            .0
            .iter()
            .map(|name| self.row_at(name, span.clone()))
            .collect()
    }

    /// A formula; `in_row` allows references to the group of the cell.
    pub(super) fn formula(&self, text: &Spanned<String>, in_row: bool) -> Result<Expr> {
        let parsed = formula::parse(text.get_ref())
            .map_err(|message| self.source.error(text.span(), message))?;
        let names = &self.names;
        parsed.resolve(&mut |name: &str| {
            let parts: Vec<&str> = name.split('/').collect();
            match parts.as_slice() {
                ["n"] if in_row => Ok(Expr::OwnSize),
                ["n", group] => self.group_at(group, text.span()).map(Expr::GroupSize),
                ["claim", id] => self
                    .find(id, &names.claims, "claim", text.span())
                    .map(Expr::Claim),
                [_, _] if in_row => self.row_at(name, text.span()).map(Expr::OwnCell),
                _ => self.cell_at(name, text.span()).map(Expr::Cell),
            }
        })
    }
}
