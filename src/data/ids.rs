//! What a column of ids says about its rows: which are no persons, and which are perhaps one.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use rayon::prelude::*;

use super::text::Text;

/// From so many ids on their form says something.
const FEWEST: usize = 10;
/// The form of this share of the ids is that of an id; what has another is asked about.
const COMMON: f64 = 0.9;

/// What stands below a table, or between its parts.
const TOTALS: [&str; 14] = [
    "totaal",
    "total",
    "totalen",
    "totals",
    "subtotaal",
    "subtotal",
    "eindtotaal",
    "som",
    "sum",
    "gemiddelde",
    "average",
    "mean",
    "aantal",
    "count",
];

/// Why an id is perhaps no person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// The header once more.
    Header,
    /// A word for a total.
    Total,
    /// A number as a spreadsheet writes one that is too long for it.
    Scientific,
    /// Another form than the others have; a row that has theirs, and how many do.
    Form { like: usize, others: usize },
}

/// Rows whose id is perhaps no person's, in order. `header` is the column's name.
pub fn odd_ids(ids: &Text, header: &str) -> Vec<(usize, Odd)> {
    let n = ids.len();
    let forms: Vec<Form> = (0..n)
        .into_par_iter()
        .map(|row| Form::of(ids.key(row)))
        .collect();
    let common = Common::of(ids, &forms);
    let mut odd = Vec::new();
    for (row, form) in forms.iter().enumerate() {
        let id = ids.key(row);
        if id.eq_ignore_ascii_case(header) {
            odd.push((row, Odd::Header));
        } else if !form.digits && is_total(id) {
            odd.push((row, Odd::Total));
        } else if !form.digits && is_scientific(id) {
            odd.push((row, Odd::Scientific));
        } else if let Some(common) = common.as_ref().filter(|common| common.excludes(form)) {
            let (like, others) = (common.like, common.others);
            odd.push((row, Odd::Form { like, others }));
        }
    }
    odd
}

/// Groups of rows whose ids differ by case, white space or leading zeros only: perhaps one person.
pub fn near_ids(ids: &Text) -> Vec<Vec<usize>> {
    let n = ids.len();
    let folded = |row: usize| folded(ids.key(row));
    let hash = |row: usize| {
        let mut hasher = DefaultHasher::new();
        folded(row).hash(&mut hasher);
        hasher.finish()
    };
    let mut hashes: Vec<(u64, usize)> =
        (0..n).into_par_iter().map(|row| (hash(row), row)).collect();
    hashes.par_sort_unstable();
    let mut groups: Vec<Vec<usize>> = hashes
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|rows| rows.len() > 1)
        .flat_map(|rows| {
            let mut same: HashMap<String, Vec<usize>> = HashMap::new();
            for &(_, row) in rows {
                same.entry(folded(row)).or_default().push(row);
            }
            same.into_values()
        })
        .filter(|rows| rows.iter().any(|&row| ids.key(row) != ids.key(rows[0])))
        .collect();
    groups.sort();
    groups
}

/// An id without what is easily written otherwise.
pub(super) fn folded(id: &str) -> String {
    let bare: String = id.chars().filter(|c| !c.is_whitespace()).collect();
    let bare = bare.to_lowercase();
    match bare.bytes().all(|byte| byte.is_ascii_digit()) {
        true => bare.trim_start_matches('0').to_string(),
        false => bare,
    }
}

fn is_total(id: &str) -> bool {
    let word = id.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    let rest = id[word.len()..].trim_start_matches([':', ' ', '=']);
    TOTALS.contains(&word.to_lowercase().as_str()) && rest.bytes().all(|byte| byte.is_ascii_digit())
}

/// `1,23E+08`.
pub(super) fn is_scientific(id: &str) -> bool {
    let Some((number, power)) = id.split_once(['E', 'e']) else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = match number.split_once([',', '.']) {
        Some((whole, part)) => digits(whole) && digits(part),
        None => digits(number),
    };
    whole && power.strip_prefix('+').is_some_and(digits)
}

/// How an id is written: its runs of letters and digits, and the length of a number.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Form {
    runs: u64,
    /// Digits alone.
    digits: bool,
    length: usize,
    zero: bool,
}

impl Form {
    fn of(id: &str) -> Form {
        let mut runs: u64 = 0xcbf2_9ce4_8422_2325;
        let mut before = '\0';
        let mut digits = !id.is_empty();
        for letter in id.chars() {
            let class = match letter {
                _ if letter.is_ascii_digit() => '0',
                _ if letter.is_alphabetic() => 'a',
                _ if letter.is_whitespace() => ' ',
                other => other,
            };
            digits &= class == '0';
            if class != before {
                runs = (runs ^ u64::from(u32::from(class))).wrapping_mul(0x0100_0000_01b3);
            }
            before = class;
        }
        Form {
            runs,
            digits,
            length: id.len(),
            zero: id.starts_with('0'),
        }
    }
}

/// The form that nearly all ids have.
struct Common {
    runs: u64,
    /// Of numbers: how long they are, and which lengths occur.
    length: Option<(usize, Vec<usize>)>,
    /// With leading zeros every number is as long.
    fixed: bool,
    like: usize,
    others: usize,
}

impl Common {
    fn of(ids: &Text, forms: &[Form]) -> Option<Common> {
        if ids.len() < FEWEST {
            return None;
        }
        let nearly = |count: usize, of: usize| count as f64 >= COMMON * of as f64;
        let mut counts: HashMap<u64, usize> = HashMap::new();
        for form in forms {
            *counts.entry(form.runs).or_default() += 1;
        }
        let (&runs, &with) = counts
            .iter()
            .max_by_key(|(runs, count)| (**count, **runs))?;
        if !nearly(with, forms.len()) {
            return None;
        }
        let alike = |form: &&Form| form.runs == runs;
        let mut lengths: Vec<(usize, usize)> = Vec::new();
        for form in forms.iter().filter(alike).filter(|form| form.digits) {
            match lengths
                .iter_mut()
                .find(|(length, _)| *length == form.length)
            {
                Some((_, count)) => *count += 1,
                None => lengths.push((form.length, 1)),
            }
        }
        let longest = lengths.iter().max_by_key(|(_, count)| *count);
        let length = longest.filter(|(_, count)| nearly(*count, with));
        let fixed = length.is_some_and(|(length, _)| {
            let padded = |form: &Form| form.digits && form.zero && form.length == *length;
            forms.iter().any(padded)
        });
        let fits = |form: &Form| {
            form.runs == runs && length.is_none_or(|(length, _)| form.length == *length)
        };
        Some(Common {
            runs,
            length: length
                .map(|(length, _)| (*length, lengths.iter().map(|(length, _)| *length).collect())),
            fixed,
            like: forms.iter().position(fits)?,
            others: forms.iter().filter(|form| fits(form)).count(),
        })
    }

    /// Numbers that are counted on have lengths without a gap: 1 to 1200 is one form.
    fn excludes(&self, form: &Form) -> bool {
        if form.runs != self.runs {
            return true;
        }
        let Some((length, occurring)) = &self.length else {
            return false;
        };
        let beside = match form.length < *length {
            true => length - 1,
            false => length + 1,
        };
        form.length != *length && (self.fixed || !occurring.contains(&beside))
    }
}
