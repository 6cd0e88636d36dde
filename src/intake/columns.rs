//! Which columns are read, and a variable's values as its kind says.

use crate::columns::{Measured, Values, Variable, VariableKind};
use crate::data::{self, Guess, Table, Text, Want};
use crate::design::Texts;
use crate::error::{Error, Result};

impl Texts for Text {
    fn count(&self) -> usize {
        self.len()
    }

    fn text(&self, row: usize) -> &str {
        self.get(row)
    }
}

/// The columns to read, each for the strictest use that is made of it.
#[derive(Default)]
pub struct Wants {
    columns: Vec<(String, Want)>,
}

impl Wants {
    pub fn add(&mut self, name: &str, want: Want) {
        self.columns.push((name.to_string(), want));
    }

    pub fn auto<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        for name in names {
            self.add(name, Want::Auto);
        }
    }

    pub fn variable(&mut self, variable: &Variable) {
        let want = match variable.kind {
            Some(VariableKind::Numeric) if !variable.cells.restate() => Want::Numeric,
            _ => Want::Auto,
        };
        self.add(&variable.name, want);
    }

    pub fn read(&self, file: &data::CsvFile) -> Result<Table> {
        let wants: Vec<(&str, Want)> = self
            .columns
            .iter()
            .map(|(name, want)| (name.as_str(), *want))
            .collect();
        file.read(&wants)
    }
}

/// A variable's values, read as its kind says; without a kind, as the values look.
pub fn measured(table: &Table, spec: &Variable) -> Result<Measured> {
    if !spec.cells.restate() {
        return as_it_stands(table, spec);
    }
    let restated = table.restated(&spec.name, &spec.cells)?;
    match mark(&restated, spec)? {
        None => as_it_stands(&restated, spec),
        Some(levels) => {
            let marked = Variable {
                kind: Some(VariableKind::Binary),
                levels: Some(levels),
                ..spec.clone()
            };
            as_it_stands(&restated, &marked)
        }
    }
}

/// No and yes of a column of one mark and blanks, once it is said what a blank means.
fn mark(restated: &Table, spec: &Variable) -> Result<Option<Vec<String>>> {
    let open = spec.levels.is_none() && matches!(spec.kind, None | Some(VariableKind::Binary));
    let said = spec.cells.blank.as_ref().or(spec.cells.dash.as_ref());
    let (true, Some(no)) = (open, said) else {
        return Ok(None);
    };
    let profile = restated.profile(&spec.name)?;
    let words = profile.levels.iter().all(|level| data::is_yes_or_no(level));
    let mut others = profile.levels.iter().filter(|level| *level != no);
    Ok(match (others.next(), others.next(), words) {
        (Some(yes), None, false) => Some(vec![no.clone(), yes.clone()]),
        _ => None,
    })
}

fn as_it_stands(table: &Table, spec: &Variable) -> Result<Measured> {
    let (kind, guessed) = match spec.kind {
        Some(kind) => (kind, false),
        None if spec.levels.is_some() => (VariableKind::Categorical, false),
        None => (guess(table, &spec.name)?, true),
    };
    let values = match kind {
        VariableKind::Numeric => Values::Numeric(table.numeric(&spec.name)?),
        VariableKind::Binary => Values::Binary(table.binary(&spec.name, two_levels(spec)?)?),
        VariableKind::Ordinal | VariableKind::Categorical => {
            Values::Levels(table.levels(&spec.name, spec.levels.as_deref())?)
        }
    };
    Ok(Measured {
        spec: spec.clone(),
        kind,
        guessed,
        values,
    })
}

fn two_levels(spec: &Variable) -> Result<Option<[&str; 2]>> {
    match spec.levels.as_deref() {
        None => Ok(None),
        Some([no, yes]) => Ok(Some([no.as_str(), yes.as_str()])),
        Some(_) => Err(Error::protocol(format!(
            "'{}' is binary, but has not two levels",
            spec.name
        ))
        .hint("give the level that counts as 0 first: levels = [\"man\", \"vrouw\"]")),
    }
}

/// The kind that a column's values suggest.
fn guess(table: &Table, name: &str) -> Result<VariableKind> {
    let profile = table.profile(name)?;
    match profile.guess {
        Guess::Numeric | Guess::Scale => Ok(VariableKind::Numeric),
        Guess::Binary if profile.levels.iter().all(|level| data::is_yes_or_no(level)) => {
            Ok(VariableKind::Binary)
        }
        Guess::Binary | Guess::Categorical => Ok(VariableKind::Categorical),
        // Nothing to compare, which the results say; the other variables are not kept from it.
        Guess::Constant if table.numeric(name).is_ok() => Ok(VariableKind::Numeric),
        Guess::Constant => Ok(VariableKind::Categorical),
        Guess::Empty | Guess::Id | Guess::Date | Guess::FreeText => Err(Error::data(format!(
            "'{name}' cannot be compared: {}",
            profile.why.because()
        ))
        .file(table.file())
        .column(name)
        .hint(
            "leave it out, or say how it is measured in a protocol or with --kind of fip evaluate",
        )),
    }
}
