//! A column that repeats another.

use super::rounding::Printed;

/// How far one column repeats another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Repeat {
    /// Cells that are equal to the digit.
    pub equal: usize,
    /// Cells compared.
    pub compared: usize,
    /// How likely so many equal cells are when the columns are different samples of one population:
    /// the product over cells of the chance that two such figures print alike.
    pub chance: f64,
}

/// One cell in two columns: what is printed, the SE of the difference and the distance between two values
/// that few people can have, both in units of the printed value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    pub first: Printed,
    pub second: Printed,
    pub std_error: f64,
    /// Shares and means of n whole numbers are 1/n apart, however finely they are printed; of two n, the larger.
    pub step: f64,
}

/// Levels that must agree before a column of shares is called a repeat: one less is independent.
const LEAST_LEVELS: usize = 3;

/// Compares two columns; `None` unless all cells but zeros are equal and there are at least two of them, or
/// three parts of a whole.
///
/// Of the parts of a whole one follows from the others. Two zeros say nothing: rare events are rare in every group.
pub fn repeat(pairs: &[Pair], parts_of_whole: bool) -> Option<Repeat> {
    let informative: Vec<&Pair> = pairs
        .iter()
        .filter(|p| p.first.mantissa != 0 || p.second.mantissa != 0)
        .collect();
    let equal = informative.iter().filter(|p| p.first == p.second).count();
    let least = if parts_of_whole { LEAST_LEVELS } else { 2 };
    if equal < least || equal < informative.len() {
        return None;
    }
    // Two normal figures with this SE print alike with chance at most unit / (SE √(2π)), where the unit is
    // that of the print or, in few people, the distance between two possible values.
    let alike = |pair: &&Pair| {
        let unit = (1.0 / pair.first.unit() as f64).max(pair.step);
        let density = unit / (pair.std_error * (2.0 * std::f64::consts::PI).sqrt());
        if density.is_finite() {
            density.min(1.0)
        } else {
            1.0
        }
    };
    let mut chances: Vec<f64> = informative.iter().map(alike).collect();
    if parts_of_whole {
        // The last share follows from the others: the one that says least is left out.
        chances.sort_by(f64::total_cmp);
        chances.pop();
    }
    Some(Repeat {
        equal,
        compared: informative.len(),
        chance: chances.iter().product(),
    })
}
