//! One item of the file at a time: names become indices, strings become figures.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

use super::format::{
    Cell, Claim, Count, Direction, Form, Group, Kind, Mark, Measure, Parts, Role, Row, StatedTest,
    Table,
};
use super::printed::{Decimal, Notation, Printed};
use super::raw::{RawCell, RawClaim, RawGroup, RawLabel, RawN, RawRow, RawTable};
use super::read::{Names, Source};
use crate::error::Result;
use crate::words::Labels;

/// What is needed everywhere to read one item.
pub(super) struct Reader<'a> {
    pub source: Source<'a>,
    pub names: Names,
    pub notation: Notation,
    pub language: String,
}

/// What a table passes on to its rows.
struct Defaults<'a> {
    table: usize,
    groups: &'a [usize],
    form: Form,
    unit: Option<&'a String>,
    tests: &'a [StatedTest],
    notation: Notation,
}

impl Reader<'_> {
    pub(super) fn group(&self, raw: Spanned<RawGroup>) -> Result<Group> {
        let span = raw.span();
        let RawGroup {
            id,
            label,
            n,
            role,
            of,
        } = raw.into_inner();
        let of = of
            .iter()
            .map(|name| self.group_at(name.get_ref(), name.span()))
            .collect::<Result<Vec<_>>>()?;
        if (role == Role::Total) == of.is_empty() {
            return Err(self
                .source
                .error(span, "a total, and only a total, is made of groups")
                .hint("role = \"total\" goes with of = [\"…\", \"…\"]"));
        }
        let size = n
            .as_ref()
            .map(|n| self.count(n.get_ref(), n.span(), self.notation))
            .transpose()?;
        if let (Some(0), Some(n)) = (size.as_ref().map(|n| n.value), &n) {
            return Err(self
                .source
                .error(n.span(), format!("the group '{}' is empty", id.get_ref()))
                .hint("leave n out if the size of the group is not printed"));
        }
        Ok(Group {
            label: self.labels(label, id.get_ref()),
            n: size,
            role,
            of,
            line: self.source.line(id.span().start),
            id: id.into_inner(),
        })
    }

    fn labels(&self, label: Option<RawLabel>, id: &str) -> Labels {
        match label {
            None => Labels::from([(self.language.clone(), id.to_owned())]),
            Some(RawLabel::One(text)) => Labels::from([(self.language.clone(), text)]),
            Some(RawLabel::PerLanguage(texts)) => texts,
        }
    }

    pub(super) fn table(&self, raw: Spanned<RawTable>) -> Result<Table> {
        let RawTable {
            id,
            caption,
            kind,
            groups,
            form,
            unit,
            decimal,
            marks,
            tests,
            blank,
            row,
        } = raw.into_inner();
        let groups = groups
            .iter()
            .map(|name| self.group_at(name.get_ref(), name.span()))
            .collect::<Result<Vec<_>>>()?;
        let notation = self.notation_with(decimal);
        let defaults = Defaults {
            table: self.table_at(id.get_ref(), id.span())?,
            groups: &groups,
            form: form.unwrap_or(Form::MeanSd),
            unit: unit.as_ref(),
            tests: &tests,
            notation,
        };
        let mut rows = Vec::new();
        for raw in row {
            rows.push(self.row(raw, &defaults)?);
        }
        if let Some(circle) = part_of_itself(&rows) {
            let message = format!("the row '{}' is part of itself", rows[circle].id);
            return Err(self
                .source
                .error(id.span(), message)
                .hint("look at part_of"));
        }
        link_parts(&mut rows);
        let mut marks = marks
            .into_iter()
            .map(|(sign, level)| {
                let value = self.number(&level, self.notation_with(Some('.')))?.value;
                if !(value.to_f64() > 0.0 && value.to_f64() < 1.0) {
                    let message = format!("'{}' is not a level of p", level.get_ref());
                    return Err(self
                        .source
                        .error(level.span(), message)
                        .hint("a level lies between 0 and 1: 5% is \"0.05\""));
                }
                Ok(Mark { sign, level: value })
            })
            .collect::<Result<Vec<_>>>()?;
        marks.sort_by(|a, b| b.level.to_f64().total_cmp(&a.level.to_f64()));
        self.marks_in_legend(&rows, &marks)?;
        Ok(Table {
            caption,
            kind: kind.unwrap_or(Kind::Table),
            marks,
            blank: blank
                .map(|blank| self.number(&blank, notation))
                .transpose()?
                .map(|number| number.value),
            rows,
            line: self.source.line(id.span().start),
            id: id.into_inner(),
            groups,
        })
    }

    /// A table without a legend may bear marks: these then say nothing that can be checked.
    fn marks_in_legend(&self, rows: &[Row], legend: &[Mark]) -> Result<()> {
        if legend.is_empty() {
            return Ok(());
        }
        let known = |marks: &str| {
            let signs: Vec<char> = marks.chars().collect();
            let mut runs = signs.chunk_by(|a, b| a == b).map(String::from_iter);
            let listed = |sign: &str| legend.iter().any(|mark| mark.sign == sign);
            listed(marks) || runs.all(|run| listed(&run))
        };
        let mut cells = rows.iter().flat_map(|row| row.cells.values());
        let Some(cell) = cells.find(|cell| !known(&cell.printed.marks)) else {
            return Ok(());
        };
        let signs: Vec<&str> = legend.iter().map(|mark| mark.sign.as_str()).collect();
        let message = format!(
            "the legend does not say what '{}' means",
            cell.printed.marks
        );
        Err(self
            .source
            .error_on(cell.line, message)
            .hint(format!("the table's marks are: {}", signs.join(", "))))
    }

    fn row(&self, raw: Spanned<RawRow>, table: &Defaults) -> Result<Row> {
        let RawRow {
            id,
            label,
            measure,
            form,
            integer,
            range,
            unit,
            n,
            part_of,
            parts,
            score,
            cells,
            same_as,
            formula,
            tests,
            statistic,
            df,
            p,
        } = raw.into_inner();
        let measure = measure.unwrap_or(if formula.is_some() {
            Measure::Derived
        } else {
            Measure::Share
        });
        let notation = table.notation;
        let part_of = part_of
            .map(|whole| self.whole_of(&whole, table.table))
            .transpose()?;
        Ok(Row {
            label: label.unwrap_or_else(|| id.get_ref().clone()),
            measure,
            form: form.unwrap_or(table.form),
            integer: integer || !matches!(measure, Measure::Numeric | Measure::Derived),
            range: range
                .as_ref()
                .map(|range| self.range(range, notation))
                .transpose()?,
            range_text: range.map(Spanned::into_inner),
            unit: unit.or_else(|| table.unit.cloned()),
            n: self.valid_n(n, table)?,
            cells: self.cells(cells, table)?,
            part_of,
            parts: Vec::new(),
            parts_are: parts.unwrap_or(Parts::All),
            score,
            same_as: self.row_references(same_as)?,
            formula: formula
                .map(|formula| self.formula(&formula, true))
                .transpose()?,
            tests: tests.unwrap_or_else(|| table.tests.to_vec()),
            statistic: self.optional(statistic, notation)?,
            df: self.degrees(df, notation)?,
            p: self.p_value(p, notation)?,
            line: self.source.line(id.span().start),
            id: id.into_inner(),
        })
    }

    fn whole_of(&self, whole: &Spanned<String>, table: usize) -> Result<usize> {
        let rows = &self.names.tables[table].1;
        self.find(whole.get_ref(), rows, "row of this table", whole.span())
    }

    fn valid_n(
        &self,
        raw: Option<Spanned<RawN>>,
        table: &Defaults,
    ) -> Result<BTreeMap<usize, Count>> {
        let Some(raw) = raw else {
            return Ok(BTreeMap::new());
        };
        let span = raw.span();
        match raw.into_inner() {
            RawN::Every(printed) => {
                let cell = RawCell {
                    printed,
                    ..RawCell::default()
                };
                let count = self.count(&cell, span, table.notation)?;
                Ok(table.groups.iter().map(|&g| (g, count.clone())).collect())
            }
            RawN::PerGroup(per_group) => per_group
                .iter()
                .map(|(name, n)| {
                    let group = self.group_at(name.get_ref(), name.span())?;
                    Ok((group, self.count(n.get_ref(), n.span(), table.notation)?))
                })
                .collect(),
        }
    }

    fn cells(
        &self,
        raw: BTreeMap<Spanned<String>, Spanned<RawCell>>,
        table: &Defaults,
    ) -> Result<BTreeMap<usize, Cell>> {
        raw.into_iter()
            .map(|(name, cell)| {
                let group = self.group_at(name.get_ref(), name.span())?;
                if !table.groups.contains(&group) {
                    return Err(self
                        .source
                        .error(
                            name.span(),
                            format!("the table has no column for '{}'", name.get_ref()),
                        )
                        .hint("list it in the table's groups = […]"));
                }
                Ok((group, self.cell(cell, table.notation)?))
            })
            .collect()
    }

    fn cell(&self, raw: Spanned<RawCell>, notation: Notation) -> Result<Cell> {
        let span = raw.span();
        let RawCell {
            printed,
            same_as,
            read_as,
            because,
        } = raw.into_inner();
        self.reasoned(read_as.is_some(), because.is_some(), &span)?;
        let parse = |text: &str| {
            Printed::parse(text, notation).map_err(|m| self.source.error(span.clone(), m))
        };
        Ok(Cell {
            printed: parse(&printed)?,
            same_as: same_as
                .iter()
                .map(|name| self.cell_at(name, span.clone()))
                .collect::<Result<_>>()?,
            read_as: read_as.as_deref().map(parse).transpose()?,
            because,
            line: self.source.line(span.start),
        })
    }

    pub(super) fn reasoned(&self, read_as: bool, because: bool, span: &Range<usize>) -> Result<()> {
        if read_as == because {
            return Ok(());
        }
        Err(self
            .source
            .error(span.clone(), "read_as and because go together")
            .hint("a figure is read differently only for a stated reason"))
    }

    pub(super) fn claim(&self, raw: Spanned<RawClaim>) -> Result<Claim> {
        let span = raw.span();
        let RawClaim {
            id,
            text,
            location,
            printed,
            about,
            unit,
            decimal,
            formula,
            rows,
            is,
            group,
            than,
            significant,
            level,
            test,
            statistic,
            df,
            p,
        } = raw.into_inner();
        let notation = self.notation_with(decimal);
        let direction = match (group, is, than) {
            (Some(group), Some(is), Some(than)) => Some(Direction {
                group: self.group_at(group.get_ref(), group.span())?,
                is: is.into_inner(),
                than: self.group_at(than.get_ref(), than.span())?,
            }),
            (None, None, None) => None,
            _ => {
                return Err(self
                    .source
                    .error(span, "a direction needs group, is and than")
                    .hint("for example group = \"a\", is = \"higher\", than = \"b\""));
            }
        };
        let rows = self.row_references(rows)?;
        // A test with its outcome can be checked by itself; words need the figures they are about.
        let outcome = statistic.is_some() || p.is_some();
        let words = (significant.is_some() || test.is_some()) && !outcome;
        if rows.is_empty() && (direction.is_some() || words) {
            return Err(self
                .source
                .error(span, "this claim does not say which rows it is about")
                .hint("add rows = [\"table/row\"], or the statistic, df and p that are printed"));
        }
        if formula.is_some() && printed.is_none() {
            return Err(self
                .source
                .error(span, "a formula needs the printed figure that it leads to")
                .hint("add printed = \"…\""));
        }
        Ok(Claim {
            text,
            location,
            printed: self.optional(printed, notation)?,
            about,
            unit,
            formula: formula
                .map(|formula| self.formula(&formula, false))
                .transpose()?,
            rows,
            direction,
            significant,
            level: self.optional(level, notation)?.map(|level| level.value),
            test,
            statistic: self.optional(statistic, notation)?,
            df: self.degrees(df, notation)?,
            p: self.p_value(p, notation)?,
            line: self.source.line(id.span().start),
            id: id.into_inner(),
        })
    }

    fn notation_with(&self, decimal: Option<char>) -> Notation {
        match decimal {
            Some(sign) if sign != self.notation.decimal => Notation {
                decimal: sign,
                thousands: None,
            },
            _ => self.notation,
        }
    }
}

/// A row from which `part_of` leads round in a circle.
fn part_of_itself(rows: &[Row]) -> Option<usize> {
    (0..rows.len()).find(|&start| {
        let up = std::iter::successors(Some(start), |&at| rows[at].part_of);
        up.take(rows.len() + 1).count() > rows.len()
    })
}

fn link_parts(rows: &mut [Row]) {
    for at in 0..rows.len() {
        if let Some(whole) = rows[at].part_of {
            rows[whole].parts.push(at);
        }
    }
    for at in 0..rows.len() {
        let scores = rows[at].parts.iter().filter_map(|&part| rows[part].score);
        let whole = |value: i64| Decimal {
            mantissa: i128::from(value),
            decimals: 0,
        };
        let ends = scores.clone().min().zip(scores.max());
        let scored = ends.map(|(low, high)| (whole(low), whole(high)));
        if rows[at].range.is_none() {
            rows[at].range = scored;
        }
    }
}
