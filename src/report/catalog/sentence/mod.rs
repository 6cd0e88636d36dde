//! Sentences with numbers and names in them, each in both languages.

mod caution;
mod draw;
mod legend;
mod synthetic;
mod warning;

pub use caution::*;
pub use draw::*;
pub use legend::*;
pub use synthetic::*;
pub use warning::*;

use crate::words::{Lang, number};

/// '1 persoon', '12 personen'.
pub fn people(n: u64, lang: Lang) -> String {
    match lang {
        Lang::Nl => counted(n, "persoon", "personen", lang),
        Lang::En => counted(n, "person", "people", lang),
    }
}

/// '1 cluster', '12 clusters'.
pub fn clusters(n: u64, lang: Lang) -> String {
    counted(n, "cluster", "clusters", lang)
}

/// '1 rij', '12 rijen'.
pub fn rows(n: u64, lang: Lang) -> String {
    match lang {
        Lang::Nl => counted(n, "rij", "rijen", lang),
        Lang::En => counted(n, "row", "rows", lang),
    }
}

/// The spanning header over a group's columns: 'Controlegroep (N=668)'.
pub fn group_header(name: &str, n: u64, lang: Lang) -> String {
    format!("{name} (N={})", number::count(n, lang))
}

/// The head of a column of intervals: '95%-BI', '95% CI'.
pub fn interval_header(level: f64, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!("{}-BI", number::exact_percent(level, lang)),
        Lang::En => format!("{} CI", number::exact_percent(level, lang)),
    }
}

/// Two counts: '12 en 30'.
pub fn both(first: u64, second: u64, lang: Lang) -> String {
    let (first, second) = (number::count(first, lang), number::count(second, lang));
    match lang {
        Lang::Nl => format!("{first} en {second}"),
        Lang::En => format!("{first} and {second}"),
    }
}

fn counted(n: u64, one: &str, many: &str, lang: Lang) -> String {
    let noun = if n == 1 { one } else { many };
    format!("{} {noun}", number::count(n, lang))
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| count_as_float(part) / count_as_float(whole))
}

fn count_as_float(n: u64) -> f64 {
    n as f64
}
