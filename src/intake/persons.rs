//! Which rows of a file are persons: an id decides, or somebody who says so.

use crate::data::{Odd, Table, near_ids, odd_ids};
use crate::error::{Error, Result};
use crate::protocol::Ids;

/// Says of every id that it is a person's.
const ALL: &str = "all";
/// So many ids are named in a message.
const SHOWN: usize = 6;

/// The rows that are not said to be no persons, and how many were.
pub fn without_others(table: Table, id: &str, said: &Ids) -> Result<(Table, u64)> {
    if said.not_people.is_empty() {
        return Ok((table, 0));
    }
    let keep: Vec<bool> = {
        let ids = table.text(id)?;
        (0..ids.len())
            .map(|row| {
                !said
                    .not_people
                    .iter()
                    .any(|other| other.trim() == ids.key(row))
            })
            .collect()
    };
    let left_out = keep.iter().filter(|keep| !**keep).count() as u64;
    Ok((table.retain(&keep)?, left_out))
}

/// Refuses rows that are perhaps no persons, and ids that are perhaps one person's, unless it is said what
/// they are. `section` is the part of a protocol that says so.
pub fn refuse_unsaid(table: &Table, id: &str, said: &Ids, section: &str) -> Result<()> {
    let is_said = |key: &str| {
        said.people
            .iter()
            .any(|own| own == ALL || own.trim() == key)
    };
    let ids = table.text(id)?;
    let odd: Vec<(usize, Odd)> = odd_ids(&ids, id)
        .into_iter()
        .filter(|(row, _)| !is_said(ids.key(*row)))
        .collect();
    if let Some(&(first, _)) = odd.first() {
        let names = odd.iter().map(|&(row, why)| {
            let because = match why {
                Odd::Header => "the header again".to_string(),
                Odd::Total => "a total".to_string(),
                Odd::Scientific => "a number cut short by a spreadsheet".to_string(),
                Odd::Form { like, others } => format!(
                    "of another form than {others} others, such as '{}'",
                    ids.key(like)
                ),
            };
            format!(
                "'{}' in row {} ({because})",
                ids.key(row),
                table.row_number(row)
            )
        });
        let message = match odd.len() {
            1 => "one row is perhaps no person".to_string(),
            rows => format!("{rows} rows are perhaps no persons"),
        };
        let error = Error::data(format!("{message}: {}", listed(names, odd.len())));
        return Err(unsaid(
            error,
            table,
            id,
            first,
            section,
            "rows that are none",
        ));
    }
    let near: Vec<Vec<usize>> = near_ids(&ids)
        .into_iter()
        .filter(|rows| !rows.iter().all(|&row| is_said(ids.key(row))))
        .collect();
    let Some(first) = near.first() else {
        return Ok(());
    };
    let names = near.iter().map(|rows| {
        let of = |&row: &usize| format!("'{}' (row {})", ids.key(row), table.row_number(row));
        let of: Vec<String> = rows.iter().take(SHOWN).map(of).collect();
        of.join(" and ")
    });
    let message = match near.len() {
        1 => "two ids are perhaps one person".to_string(),
        pairs => format!("{pairs} groups of ids are perhaps one person each"),
    };
    let error = Error::data(format!("{message}: {}", listed(names, near.len())));
    Err(unsaid(
        error,
        table,
        id,
        first[1],
        section,
        "the rows to leave out",
    ))
}

fn unsaid(error: Error, table: &Table, id: &str, row: usize, section: &str, out: &str) -> Error {
    error
        .file(table.file())
        .row(table.row_number(row))
        .column(id)
        .hint(format!(
            "say what they are, in [{section}] or by flag: not_people = [\"…\"] (--not-people ID) for {out}, people = [\"…\"] (--people ID) for persons; \"all\" is everybody"
        ))
}

fn listed(names: impl Iterator<Item = String>, count: usize) -> String {
    let shown: Vec<String> = names.take(SHOWN).collect();
    let rest = count - shown.len();
    match rest {
        0 => shown.join("; "),
        _ => format!("{}; and {rest} more", shown.join("; ")),
    }
}
