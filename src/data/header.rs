//! A header, as errors speak of it.

use crate::error::{Error, nearest};

/// The first names of a list, and how many more there are.
pub(super) fn listed(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut listed = names[..names.len().min(SHOWN)].join(", ");
    if names.len() > SHOWN {
        listed.push_str(&format!(", and {} more", names.len() - SHOWN));
    }
    listed
}

/// The error for a column that is not there.
pub(super) fn no_such_column(wanted: &str, names: &[String]) -> Error {
    let listed = listed(names);
    let hint = match nearest(wanted, names.iter().map(String::as_str)) {
        Some(name) => format!("did you mean '{name}'? The columns are: {listed}"),
        None => format!("the columns are: {listed}"),
    };
    Error::data(format!("there is no column '{wanted}'")).hint(hint)
}
