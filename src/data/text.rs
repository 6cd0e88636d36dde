//! Many short texts in one buffer.

/// A column of texts exactly as they stand in the file, kept as one buffer and the place where
/// each text ends: four bytes per row on top of the text itself (eight beyond 4 GiB of text).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    bytes: String,
    ends: Ends,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Ends {
    Short(Vec<u32>),
    Long(Vec<u64>),
}

impl Default for Text {
    fn default() -> Self {
        Text {
            bytes: String::new(),
            ends: Ends::Short(Vec::new()),
        }
    }
}

impl Text {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn push(&mut self, value: &str) {
        self.bytes.push_str(value);
        let end = self.bytes.len();
        match &mut self.ends {
            Ends::Short(ends) => match u32::try_from(end) {
                Ok(end) => ends.push(end),
                Err(_) => {
                    let mut long: Vec<u64> = ends.iter().map(|&end| u64::from(end)).collect();
                    long.push(end as u64);
                    self.ends = Ends::Long(long);
                }
            },
            Ends::Long(ends) => ends.push(end as u64),
        }
    }

    pub fn len(&self) -> usize {
        match &self.ends {
            Ends::Short(ends) => ends.len(),
            Ends::Long(ends) => ends.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn end(&self, row: usize) -> Option<usize> {
        match &self.ends {
            Ends::Short(ends) => ends.get(row).map(|&end| end as usize),
            Ends::Long(ends) => ends.get(row).map(|&end| end as usize),
        }
    }

    /// The text of a row as it stands in the file; empty beyond the last row.
    pub fn get(&self, row: usize) -> &str {
        let Some(end) = self.end(row) else {
            return "";
        };
        let start = match row {
            0 => 0,
            _ => self.end(row - 1).unwrap_or(end),
        };
        &self.bytes[start..end]
    }

    /// The text of a row without surrounding white space: the key that others match on.
    pub fn key(&self, row: usize) -> &str {
        self.get(row).trim()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// Only the rows flagged.
    pub(super) fn retain(&self, keep: &[bool]) -> Text {
        self.iter()
            .zip(keep)
            .filter(|(_, keep)| **keep)
            .map(|(value, _)| value)
            .collect()
    }

    pub(super) fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        match &mut self.ends {
            Ends::Short(ends) => ends.shrink_to_fit(),
            Ends::Long(ends) => ends.shrink_to_fit(),
        }
    }
}

impl<S: AsRef<str>> FromIterator<S> for Text {
    fn from_iter<I: IntoIterator<Item = S>>(values: I) -> Self {
        let mut text = Text::new();
        for value in values {
            text.push(value.as_ref());
        }
        text
    }
}
