//! Who has no outcome: whether it differs between the arms, and how the field reads that.

use crate::results::{EffectSize, TestResult};

use super::contingency::{Crosstab, TwoByTwo, pearson_chi_square};
use super::degenerate::Degenerate;
use super::fisher::fisher_exact;
use super::infer::Level;
use super::proportion::risk_difference;

/// What Works Clearinghouse's reading of overall and differential attrition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Within the cautious boundary, for interventions that may themselves affect who is lost.
    Low,
    /// Beyond the cautious but within the optimistic boundary.
    LowIfUnrelated,
    /// Beyond both.
    High,
}

/// Missing outcomes in two arms, compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Attrition {
    pub treated_share: f64,
    pub control_share: f64,
    pub overall: f64,
    /// Share missing, treated minus control, with Newcombe's interval.
    pub difference: EffectSize,
    /// Pearson's χ², or Fisher's exact test where an expected count is below 5; absent when
    /// nobody or everybody is missing.
    pub test: Option<TestResult>,
    pub reading: Reading,
}

/// Below this expected count the exact test is used (Cochran 1954).
const SPARSE: f64 = 5.0;

/// Compares the arms' missing outcomes. `yes` in the table means missing.
///
/// # Errors
/// `TooFew` for an empty arm, `TooLarge` for counts above 2^53.
pub fn attrition(missing: &TwoByTwo, level: Level) -> Result<Attrition, Degenerate> {
    let difference = risk_difference(missing, level)?;
    let share = |yes: u64, no: u64| yes as f64 / (yes as f64 + no as f64);
    let treated_share = share(missing.treated_yes, missing.treated_no);
    let control_share = share(missing.control_yes, missing.control_no);
    let all = missing.treated_yes as f64 + missing.control_yes as f64;
    let n = all + missing.treated_no as f64 + missing.control_no as f64;
    let test = Crosstab::from_two_by_two(missing).ok().and_then(|table| {
        if table.min_expected() < SPARSE {
            fisher_exact(missing).ok().map(|exact| exact.test())
        } else {
            Some(pearson_chi_square(&table))
        }
    });
    Ok(Attrition {
        treated_share,
        control_share,
        overall: all / n,
        difference,
        test,
        reading: reading(all / n, treated_share - control_share),
    })
}

/// The highest differential attrition in tenths of a percentage point that counts as
/// low, per whole percent of overall attrition: What Works Clearinghouse, Standards
/// Handbook 4.1 (2020), table II.1.
const CAUTIOUS: [u8; 58] = [
    57, 58, 59, 59, 60, 61, 62, 63, 63, 63, 63, 62, 62, 61, 60, 59, 59, 58, 57, 55, 54, 53, 52, 51,
    49, 48, 47, 45, 44, 43, 41, 40, 38, 36, 35, 33, 32, 31, 29, 28, 26, 25, 23, 21, 20, 18, 16, 15,
    13, 12, 10, 9, 7, 6, 4, 3, 2, 0,
];
const OPTIMISTIC: [u8; 66] = [
    100, 101, 102, 103, 104, 105, 107, 108, 109, 109, 109, 109, 109, 108, 108, 107, 106, 105, 103,
    102, 100, 99, 97, 95, 94, 92, 90, 88, 86, 84, 82, 80, 78, 76, 74, 72, 70, 67, 65, 63, 60, 58,
    56, 53, 51, 49, 46, 44, 42, 39, 37, 35, 32, 30, 28, 26, 23, 21, 19, 16, 14, 11, 9, 7, 5, 3,
];

/// Reads an overall and a differential attrition (shares) off the table, the overall one
/// rounded to whole percents.
pub fn reading(overall: f64, differential: f64) -> Reading {
    let percent = (overall * 100.0).round() as usize;
    // A share such as 0.014 times 1000 may end just above 14.
    let tenths = differential.abs() * 1000.0 - 1e-7;
    let within = |table: &[u8]| {
        table
            .get(percent)
            .is_some_and(|&most| tenths <= f64::from(most))
    };
    if within(&CAUTIOUS) {
        Reading::Low
    } else if within(&OPTIMISTIC) {
        Reading::LowIfUnrelated
    } else {
        Reading::High
    }
}
