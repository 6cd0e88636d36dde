//! Two files matched by id, and ids that only look different.

use crate::data::{Join, Keys, join, other_form};
use crate::error::{Error, Result};

/// Matches two files by id.
///
/// # Errors
/// Ids without a partner that are in the other file in another form: without their zeros, in other case, or
/// cut short by a spreadsheet. They are joined on request only.
pub(super) fn joined(left: &Keys<'_>, right: &Keys<'_>, file: &str, column: &str) -> Result<Join> {
    let found = join(left, right);
    if found.only_left.is_empty() || found.only_right.is_empty() {
        return Ok(found);
    }
    let form = other_form(left, right, &found);
    if let Some((id, other)) = &form.example {
        let longest = other.len().max(id.len());
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let hint = match digits(id) && digits(other) {
            true => format!(
                "a spreadsheet takes away leading zeros: --id-width {longest} (or id_width = {longest} in [register]) joins them, if they are the same people"
            ),
            false => "write the ids the same way in both files".to_string(),
        };
        return Err(Error::data(format!(
            "ids are written in another form than in the other file, {} of them: '{id}' here, '{other}' there",
            form.alike
        ))
        .file(file)
        .column(column)
        .value(id)
        .hint(hint));
    }
    if let Some(id) = &form.cut {
        return Err(Error::data(format!(
            "ids are numbers that a spreadsheet has cut short, {} of them, such as '{id}': whose they are can no longer be told",
            form.cut_short
        ))
        .file(file)
        .column(column)
        .value(id)
        .hint("make the export again, with the ids as text"));
    }
    Ok(found)
}
