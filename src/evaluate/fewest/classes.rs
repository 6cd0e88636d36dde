//! People by their value, where there are few values.

use std::collections::BTreeSet;

use crate::columns::Measured;

/// A number with more different values than this is a measurement: mean and spread do not tell how
/// often one of them occurs. With fewer they may, as soon as the values are whole.
const FEW_VALUES: usize = 10;

/// A class per person.
pub(super) struct Classes {
    count: usize,
    /// `count` or more: no value.
    codes: Vec<u32>,
}

impl Classes {
    /// By level; none for numbers.
    pub(super) fn of_levels(measured: &Measured) -> Option<Classes> {
        let (levels, codes) = measured.level_codes()?;
        Some(Classes {
            count: levels.len(),
            codes,
        })
    }

    /// By level, or by value of a number that has few whole ones.
    pub(super) fn of_values(measured: &Measured) -> Option<Classes> {
        Classes::of_levels(measured).or_else(|| Classes::of_numbers(&measured.scores()?))
    }

    fn of_numbers(scores: &[f64]) -> Option<Classes> {
        // Whole numbers of which each is exact.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let mut values = BTreeSet::new();
        for score in scores.iter().filter(|score| !score.is_nan()) {
            if score.fract() != 0.0 || score.abs() >= EXACT {
                return None;
            }
            values.insert(*score as i64);
            if values.len() > FEW_VALUES {
                return None;
            }
        }
        let values = Vec::from_iter(values);
        let code = |score: &f64| match score.is_nan() {
            true => u32::MAX,
            false => values.partition_point(|value| (*value as f64) < *score) as u32,
        };
        Some(Classes {
            count: values.len(),
            codes: scores.iter().map(code).collect(),
        })
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The class of a person who has a value.
    pub(super) fn known(&self, row: usize) -> Option<u32> {
        Some(self.codes[row]).filter(|code| (*code as usize) < self.count)
    }
}
