//! Values by how they are measured.

use std::sync::Arc;

use super::date::Date;

/// Numbers with missing ones. Every value that is there is finite. A copy shares them.
#[derive(Debug, Clone, PartialEq)]
pub struct Numeric {
    values: Arc<Vec<f64>>,
}

impl Numeric {
    /// NaN stands for missing; infinite values count as missing too.
    pub fn new(mut values: Vec<f64>) -> Self {
        for value in values.iter_mut().filter(|value| !value.is_finite()) {
            *value = f64::NAN;
        }
        Numeric::from_finite(values)
    }

    /// The same for values known to be finite or NaN.
    pub(crate) fn from_finite(values: impl Into<Arc<Vec<f64>>>) -> Self {
        Numeric {
            values: values.into(),
        }
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub fn get(&self, row: usize) -> Option<f64> {
        self.values
            .get(row)
            .copied()
            .filter(|value| !value.is_nan())
    }

    /// All rows; NaN is missing.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    pub fn into_values(self) -> Vec<f64> {
        Arc::unwrap_or_clone(self.values)
    }

    pub fn iter(&self) -> impl Iterator<Item = Option<f64>> {
        self.values.iter().map(|v| (!v.is_nan()).then_some(*v))
    }

    pub fn missing(&self) -> Vec<bool> {
        self.values.iter().map(|value| value.is_nan()).collect()
    }

    pub fn missing_count(&self) -> usize {
        self.values.iter().filter(|value| value.is_nan()).count()
    }
}

/// Yes or no, with missing ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binary {
    values: Vec<u8>,
    labels: [String; 2],
}

const NEITHER: u8 = 2;

impl Binary {
    /// Values with what the file (or the protocol) calls the no and the yes.
    pub fn new(values: impl IntoIterator<Item = Option<bool>>, labels: [String; 2]) -> Self {
        Binary {
            values: values
                .into_iter()
                .map(|value| value.map_or(NEITHER, u8::from))
                .collect(),
            labels,
        }
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub fn get(&self, row: usize) -> Option<bool> {
        match self.values.get(row) {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = Option<bool>> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// What the no and the yes are called.
    pub fn labels(&self) -> &[String; 2] {
        &self.labels
    }

    pub fn missing(&self) -> Vec<bool> {
        self.values.iter().map(|&value| value == NEITHER).collect()
    }

    pub fn missing_count(&self) -> usize {
        self.values.iter().filter(|&&v| v == NEITHER).count()
    }

    /// The same as numbers: 0, 1 and missing.
    pub fn to_numeric(&self) -> Numeric {
        let values: Vec<f64> = self
            .values
            .iter()
            .map(|&value| match value {
                NEITHER => f64::NAN,
                known => f64::from(known),
            })
            .collect();
        Numeric::from_finite(values)
    }
}

/// Values from a list of levels, with missing ones. Every code points into the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levels {
    levels: Vec<String>,
    codes: Vec<u32>,
}

impl Levels {
    /// The code of a missing value.
    pub const MISSING: u32 = u32::MAX;

    /// Codes outside the list become missing.
    pub fn new(levels: Vec<String>, mut codes: Vec<u32>) -> Self {
        for code in &mut codes {
            if *code as usize >= levels.len() {
                *code = Self::MISSING;
            }
        }
        Levels { levels, codes }
    }

    pub fn len(&self) -> usize {
        self.codes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The levels in their order: the protocol's, or sorted.
    pub fn levels(&self) -> &[String] {
        &self.levels
    }

    /// All rows; [`Levels::MISSING`] is missing.
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    pub fn code(&self, row: usize) -> Option<usize> {
        let code = *self.codes.get(row)?;
        (code != Self::MISSING).then_some(code as usize)
    }

    pub fn label(&self, row: usize) -> Option<&str> {
        self.code(row).map(|code| self.levels[code].as_str())
    }

    pub fn iter(&self) -> impl Iterator<Item = Option<usize>> {
        (0..self.len()).map(|row| self.code(row))
    }

    /// How often each level occurs.
    pub fn counts(&self) -> Vec<u64> {
        let mut counts = vec![0; self.levels.len()];
        for code in self.iter().flatten() {
            counts[code] += 1;
        }
        counts
    }

    pub fn missing(&self) -> Vec<bool> {
        self.codes.iter().map(|&c| c == Self::MISSING).collect()
    }

    pub fn missing_count(&self) -> usize {
        self.codes.iter().filter(|&&c| c == Self::MISSING).count()
    }
}

/// Days, with missing ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dates {
    days: Vec<i32>,
}

const NO_DAY: i32 = i32::MIN;

impl Dates {
    pub fn new(dates: impl IntoIterator<Item = Option<Date>>) -> Self {
        Dates {
            days: dates
                .into_iter()
                .map(|date| date.map_or(NO_DAY, Date::days))
                .collect(),
        }
    }

    pub fn len(&self) -> usize {
        self.days.len()
    }

    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    pub fn get(&self, row: usize) -> Option<Date> {
        let days = *self.days.get(row)?;
        (days != NO_DAY).then(|| Date::from_days(days))
    }

    pub fn iter(&self) -> impl Iterator<Item = Option<Date>> {
        (0..self.len()).map(|row| self.get(row))
    }

    pub fn missing(&self) -> Vec<bool> {
        self.days.iter().map(|&days| days == NO_DAY).collect()
    }

    pub fn missing_count(&self) -> usize {
        self.days.iter().filter(|&&days| days == NO_DAY).count()
    }
}
