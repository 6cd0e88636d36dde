//! A variable of the trial as the kernels see it: what it is called, how it is measured,
//! one value or none per person.

use std::borrow::Cow;

use super::{Binary, Levels, Numeric, Variable, VariableKind};

/// A variable with its values.
#[derive(Debug, Clone)]
pub struct Measured {
    pub spec: Variable,
    pub kind: VariableKind,
    /// The kind was guessed from the values, not declared.
    pub guessed: bool,
    pub values: Values,
}

/// The values by how they are measured.
#[derive(Debug, Clone)]
pub enum Values {
    Numeric(Numeric),
    Binary(Binary),
    /// Ordinal or categorical, in the order of the levels.
    Levels(Levels),
}

impl Measured {
    pub fn name(&self) -> &str {
        &self.spec.name
    }

    /// One number per person, NaN where missing: the value, 0 or 1, or an ordinal level's
    /// score. The score is the level's own number where all levels are numbers, else its
    /// rank from 1. A categorical variable has none.
    pub fn scores(&self) -> Option<Cow<'_, [f64]>> {
        match (&self.values, self.kind) {
            (_, VariableKind::Categorical) => None,
            (Values::Numeric(numeric), _) => Some(Cow::Borrowed(numeric.values())),
            (Values::Binary(binary), _) => Some(Cow::Owned(binary.to_numeric().into_values())),
            (Values::Levels(levels), _) => {
                let scores = level_scores(levels.levels());
                Some(Cow::Owned(
                    levels
                        .iter()
                        .map(|code| code.map_or(f64::NAN, |code| scores[code]))
                        .collect(),
                ))
            }
        }
    }

    /// A level per person, [`Levels::MISSING`] where missing, for what has levels.
    pub fn level_codes(&self) -> Option<(Vec<String>, Vec<u32>)> {
        match &self.values {
            Values::Numeric(_) => None,
            Values::Binary(binary) => Some((
                binary.labels().to_vec(),
                binary
                    .iter()
                    .map(|value| value.map_or(Levels::MISSING, u32::from))
                    .collect(),
            )),
            Values::Levels(levels) => Some((levels.levels().to_vec(), levels.codes().to_vec())),
        }
    }

    /// The levels of what has them.
    pub fn levels(&self) -> Option<&[String]> {
        match &self.values {
            Values::Numeric(_) => None,
            Values::Binary(binary) => Some(binary.labels()),
            Values::Levels(levels) => Some(levels.levels()),
        }
    }

    /// The place of a person's level among [`Measured::levels`]; none where missing.
    pub fn level(&self, row: usize) -> Option<usize> {
        match &self.values {
            Values::Numeric(_) => None,
            Values::Binary(binary) => binary.get(row).map(usize::from),
            Values::Levels(levels) => levels.code(row),
        }
    }

    /// Whether each person's value is missing.
    pub fn missing(&self) -> Vec<bool> {
        match &self.values {
            Values::Numeric(numeric) => numeric.missing(),
            Values::Binary(binary) => binary.missing(),
            Values::Levels(levels) => levels.missing(),
        }
    }

    /// Numeric columns that carry the variable in a regression or a distance: the score, or
    /// an indicator for every level but the first that occurs.
    pub fn columns(&self) -> Vec<Vec<Option<f64>>> {
        if let Some(scores) = self.scores() {
            return vec![
                scores
                    .iter()
                    .map(|score| (!score.is_nan()).then_some(*score))
                    .collect(),
            ];
        }
        let Some((levels, codes)) = self.level_codes() else {
            return Vec::new();
        };
        let occurring: Vec<u32> = (0..levels.len() as u32)
            .filter(|level| codes.contains(level))
            .collect();
        occurring
            .iter()
            .skip(1)
            .map(|level| {
                codes
                    .iter()
                    .map(|code| {
                        (*code != Levels::MISSING).then(|| f64::from(u8::from(code == level)))
                    })
                    .collect()
            })
            .collect()
    }
}

/// The levels' own numbers where all are numbers in ascending order, else ranks from 1.
pub fn level_scores(levels: &[String]) -> Vec<f64> {
    let numbers: Vec<f64> = levels
        .iter()
        .filter_map(|level| level.trim().parse().ok())
        .collect();
    let usable = numbers.len() == levels.len()
        && numbers.iter().all(|number| number.is_finite())
        && numbers.windows(2).all(|pair| pair[0] < pair[1]);
    if usable {
        numbers
    } else {
        (1..=levels.len()).map(|rank| rank as f64).collect()
    }
}

impl Measured {
    /// The variable for other rows: per new row the old one, or none, which is missing.
    pub fn select(&self, rows: &[Option<usize>]) -> Measured {
        let values = match &self.values {
            Values::Numeric(numeric) => Values::Numeric(Numeric::new(
                rows.iter()
                    .map(|row| row.and_then(|row| numeric.get(row)).unwrap_or(f64::NAN))
                    .collect(),
            )),
            Values::Binary(binary) => Values::Binary(Binary::new(
                rows.iter().map(|row| row.and_then(|row| binary.get(row))),
                binary.labels().clone(),
            )),
            Values::Levels(levels) => Values::Levels(Levels::new(
                levels.levels().to_vec(),
                rows.iter()
                    .map(|row| {
                        row.and_then(|row| levels.codes().get(row).copied())
                            .unwrap_or(Levels::MISSING)
                    })
                    .collect(),
            )),
        };
        Measured {
            spec: self.spec.clone(),
            kind: self.kind,
            guessed: self.guessed,
            values,
        }
    }
}
