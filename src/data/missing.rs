//! The one missing-value policy: which cells count as missing, and which rows an analysis keeps.

/// What counts as missing when a protocol does not say: an empty cell, the codes that R, SQL,
/// pandas and Excel (`#N/B` is Dutch Excel) write by themselves, and the dash and the full stop
/// that people type. Words such as "onbekend" are answers until a protocol says otherwise.
pub const DEFAULT_MISSING: [&str; 9] = ["", "NA", "N/A", "#N/A", "#N/B", "NULL", "NaN", ".", "-"];

/// The cell texts that mean "no value": compared after trimming, without regard to case.
///
/// An empty cell is always missing, whatever the list says. A code is compared as text: `99` does
/// not match a cell `99,0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingCodes {
    codes: Vec<String>,
    longest: usize,
    initials: Vec<bool>,
    any_number: bool,
}

impl Default for MissingCodes {
    fn default() -> Self {
        Self::new(DEFAULT_MISSING)
    }
}

impl MissingCodes {
    /// The codes of a protocol, in place of the default ones.
    pub fn new<S: AsRef<str>>(codes: impl IntoIterator<Item = S>) -> Self {
        let mut own: Vec<String> = Vec::new();
        for code in codes {
            let code = code.as_ref().trim().to_lowercase();
            if !code.is_empty() && !own.contains(&code) {
                own.push(code);
            }
        }
        let mut initials = vec![false; 256];
        for first in own.iter().filter_map(|code| code.bytes().next()) {
            if first.is_ascii() {
                initials[usize::from(first)] = true;
                initials[usize::from(first.to_ascii_uppercase())] = true;
            } else {
                // Upper and lower case may start with different bytes outside ASCII.
                initials[128..].fill(true);
            }
        }
        // Lower case can be one byte shorter or longer than upper case; leave room.
        let longest = own.iter().map(|code| code.len() * 2).max().unwrap_or(0);
        let any_number = own
            .iter()
            .any(|code| code.bytes().any(|byte| byte.is_ascii_digit()));
        MissingCodes {
            codes: own,
            longest,
            initials,
            any_number,
        }
    }

    /// The codes in lower case, without the empty one.
    pub fn codes(&self) -> &[String] {
        &self.codes
    }

    /// Whether a cell, already trimmed, is missing.
    pub fn is_missing(&self, trimmed: &str) -> bool {
        let Some(first) = trimmed.bytes().next() else {
            return true;
        };
        if trimmed.len() > self.longest || !self.initials[usize::from(first)] {
            return false;
        }
        let lower = trimmed.to_lowercase();
        self.codes.contains(&lower)
    }

    /// Whether a code could be read as a number, so that codes go before numbers.
    pub(super) fn any_number(&self) -> bool {
        self.any_number
    }
}

/// The rows an analysis can use, and how many it cannot, by reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Per row of the table: whether every variable has a value.
    pub rows: Vec<bool>,
    pub kept: usize,
    /// Per variable, in the order given: the rows that lack it and lack none before it, so that
    /// the counts add up to the number of rows dropped. Variables that cost nothing are left out.
    pub dropped: Vec<(String, u64)>,
}

/// Complete cases over variables whose missing cells are flagged (`true` is missing).
///
/// All slices must be as long as `rows`; a shorter one counts as having values beyond its end.
pub fn complete_cases(rows: usize, variables: &[(&str, &[bool])]) -> Kept {
    let mut keep = vec![true; rows];
    let mut dropped = Vec::new();
    for (name, missing) in variables {
        let mut count = 0u64;
        for (keep, _) in keep.iter_mut().zip(*missing).filter(|(_, gone)| **gone) {
            count += u64::from(*keep);
            *keep = false;
        }
        if count > 0 {
            dropped.push((name.to_string(), count));
        }
    }
    let kept = keep.iter().filter(|keep| **keep).count();
    Kept {
        rows: keep,
        kept,
        dropped,
    }
}
