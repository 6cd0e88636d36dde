//! Yes-or-no columns.

use super::cells::Cells;
use super::convert::Misfit;
use super::number::{Reading, read_number};
use super::table::Table;
use crate::columns::Binary;
use crate::error::{Error, Result};

impl Table {
    /// A column as yes or no.
    ///
    /// Without levels: 0/1, ja/nee, j/n, yes/no, y/n, true/false, waar/onwaar, in any case. With
    /// levels: exactly these two, the no first.
    ///
    /// # Errors
    /// Any other value.
    pub fn binary(&self, name: &str, levels: Option<[&str; 2]>) -> Result<Binary> {
        if let Cells::Numbers(_) = &self.column(name)?.cells {
            return self.binary_from_numbers(name, levels);
        }
        const NEITHER: u8 = 2;
        let levels = levels.map(|[no, yes]| [no.trim(), yes.trim()]);
        let read = |text: &str| match levels {
            Some([no, _]) if text == no => Some(0),
            Some([_, yes]) if text == yes => Some(1),
            Some(_) => None,
            None => yes_or_no(text).map(u8::from),
        };
        let values = self
            .convert(name, NEITHER, read)?
            .map_err(|misfit| self.not_binary(name, misfit, levels))?;
        let labels = match levels {
            Some([no, yes]) => [no.to_string(), yes.to_string()],
            None => self.binary_labels(name, &values)?,
        };
        let values = values
            .into_iter()
            .map(|value| (value != NEITHER).then_some(value == 1));
        Ok(Binary::new(values, labels))
    }

    fn binary_from_numbers(&self, name: &str, levels: Option<[&str; 2]>) -> Result<Binary> {
        let numbers = self.numeric(name)?;
        let odd = |value: &f64| !value.is_nan() && *value != 0.0 && *value != 1.0;
        if let Some(index) = numbers.values().iter().position(odd) {
            let misfit = Misfit {
                row: self.row_number(index),
                text: String::new(),
                count: numbers.values().iter().filter(|value| odd(value)).count(),
            };
            return Err(self.not_binary(name, misfit, levels));
        }
        let labels = levels.unwrap_or(["0", "1"]).map(str::to_string);
        Ok(Binary::new(
            numbers.iter().map(|value| value.map(|value| value == 1.0)),
            labels,
        ))
    }

    fn not_binary(&self, name: &str, misfit: Misfit, levels: Option<[&str; 2]>) -> Error {
        let (message, hint) = match levels {
            Some([no, yes]) => (
                format!("this is neither '{no}' nor '{yes}'"),
                "correct it, or add it to `missing`".to_string(),
            ),
            None => (
                "this is neither yes nor no".to_string(),
                "use 0/1, ja/nee or yes/no; or give the column levels = [\"<no>\", \"<yes>\"]; or \
                 add the value to `missing`; or give the column another kind"
                    .to_string(),
            ),
        };
        self.misfit(name, message, misfit).hint(hint)
    }

    /// What the file calls no and yes: the first of its words for it in the alphabet, so that the
    /// order of the rows does not matter.
    fn binary_labels(&self, name: &str, values: &[u8]) -> Result<[String; 2]> {
        let mut labels: [Option<String>; 2] = [None, None];
        let dictionary = self.dictionary(name)?;
        let mut used = vec![2; dictionary.texts().len()];
        for (&code, &value) in dictionary.codes().iter().zip(values) {
            used[code as usize] = value;
        }
        for (text, value) in dictionary.texts().iter().zip(used) {
            let Some(label) = labels.get_mut(usize::from(value)) else {
                continue;
            };
            let text = text.trim();
            if label.as_deref().is_none_or(|label| text < label) {
                *label = Some(text.to_string());
            }
        }
        let [no, yes] = labels;
        Ok([
            no.unwrap_or_else(|| "0".to_string()),
            yes.unwrap_or_else(|| "1".to_string()),
        ])
    }
}

/// Whether a text is one of the words for yes and no that [`super::Table::binary`] knows.
pub fn is_yes_or_no(text: &str) -> bool {
    yes_or_no(text).is_some()
}

/// The words for yes and no.
pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "1" | "ja" | "j" | "yes" | "y" | "true" | "waar" => Some(true),
        "0" | "nee" | "n" | "no" | "false" | "onwaar" => Some(false),
        other => match read_number(other) {
            Reading::Only(_, 1.0) => Some(true),
            Reading::Only(_, 0.0) => Some(false),
            _ => None,
        },
    }
}
