//! Small numbers in a balance table.

use super::evaluation::reveals;
use super::{Hidden, Rule};
use crate::results::{BalanceTable, Note};

/// With more covariates than this, their omnibus test leaves too much open to be solved for
/// how often two of them go together.
const FEW_COVARIATES: usize = 4;

/// Takes out the hidden covariates, and what one test of all would tell of them.
pub(super) fn hide(table: &mut BalanceTable, rule: Rule, hidden: &Hidden) {
    let mut touched = false;
    for row in &mut table.covariates {
        row.unlike = None;
        row.nested.clear();
    }
    for row in table
        .covariates
        .iter_mut()
        .filter(|row| hidden.variables.contains(&row.name))
    {
        touched = true;
        row.arms.clear();
        row.difference = None;
        row.smd = None;
        row.variance_ratio = None;
        row.band = None;
        row.tests.clear();
        row.missingness = None;
    }
    // Of two characteristics, one test of both tells how often they go together.
    touched |= table.covariates.len() <= FEW_COVARIATES;
    if touched {
        // With all the others known, one test of them together could give the hidden one back.
        table.omnibus = None;
        table
            .notes
            .retain(|note| !matches!(note, Note::SignificantBalance { .. }));
    }
    table.notes.retain(|note| !reveals(note, rule, hidden));
}
