//! The microdata as the text of CSV files.

use super::spec::Spec;
use super::{Draws, SyntheticTable, people};
use crate::error::{Error, Result};

/// Identifiers of so many digits, leading zeros included, all different, in random order.
///
/// # Errors
/// There are fewer such identifiers than twice the number of people.
pub fn ids(people: usize, digits: u32, draws: &mut impl Draws) -> Result<Vec<String>> {
    let space = 10u64.checked_pow(digits).unwrap_or(u64::MAX);
    if (people as u64).saturating_mul(2) > space {
        let message = format!("{people} people do not get different ids of {digits} digits");
        return Err(Error::protocol(message).hint("set more digits under [synth]"));
    }
    let mut taken = std::collections::BTreeSet::new();
    while taken.len() < people {
        taken.insert(draws.below(space));
    }
    let mut ids: Vec<u64> = taken.into_iter().collect();
    people::shuffle(&mut ids, draws);
    let width = digits as usize;
    Ok(ids.iter().map(|id| format!("{id:0width$}")).collect())
}

/// Name and text of every file of the specification. Every row carries the mark that says
/// that the data are synthetic.
///
/// # Errors
/// Only if a CSV writer fails on memory.
pub fn files(spec: &Spec, table: &SyntheticTable) -> Result<Vec<(String, String)>> {
    let internal = |what: String| Error::internal(format!("writing synthetic data: {what}"));
    let mut written = Vec::new();
    for file in &spec.files {
        let columns: Vec<_> = table
            .columns
            .iter()
            .filter(|column| column.file == file.name)
            .collect();
        let mut writer = csv::WriterBuilder::new()
            .delimiter(spec.delimiter)
            .from_writer(Vec::new());
        let mut header = vec![spec.id.as_str()];
        header.extend(spec.arm.as_deref());
        header.extend(columns.iter().map(|column| column.name.as_str()));
        header.push(&spec.mark.0);
        writer
            .write_record(&header)
            .map_err(|e| internal(e.to_string()))?;
        for (person, id) in table.ids.iter().enumerate() {
            let mut record = vec![id.as_str()];
            if spec.arm.is_some() {
                record.push(&table.arms[person]);
            }
            record.extend(columns.iter().map(|column| column.values[person].as_str()));
            record.push(&spec.mark.1);
            writer
                .write_record(&record)
                .map_err(|e| internal(e.to_string()))?;
        }
        let bytes = writer.into_inner().map_err(|e| internal(e.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|e| internal(e.to_string()))?;
        written.push((file.name.clone(), text));
    }
    Ok(written)
}
