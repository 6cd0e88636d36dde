//! The words of the flow of participants, after the diagram of CONSORT 2025.

use crate::words::number::count;
use crate::words::{Label, Lang};

/// A step with its number: 'Geloot (n = 1028)'.
fn step(nl: &str, en: &str, n: u64, lang: Lang) -> String {
    let text = match lang {
        Lang::Nl => nl,
        Lang::En => en,
    };
    format!("{text} (n = {})", count(n, lang))
}

pub fn assessed(n: u64, lang: Lang) -> String {
    step(
        "In het register beoordeeld",
        "Assessed in the register",
        n,
        lang,
    )
}

pub fn excluded(n: u64, lang: Lang) -> String {
    step("Niet in aanmerking", "Not eligible", n, lang)
}

pub fn drawn(n: u64, lang: Lang) -> String {
    step("Geloot", "Randomised", n, lang)
}

pub fn assigned(arm: &str, n: u64, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!("Toegewezen aan {arm} (n = {})", count(n, lang)),
        Lang::En => format!("Assigned to {arm} (n = {})", count(n, lang)),
    }
}

pub fn received(n: u64, lang: Lang) -> String {
    step("Kreeg de interventie", "Received the intervention", n, lang)
}

pub fn not_received(n: u64, lang: Lang) -> String {
    step(
        "Kreeg de interventie niet",
        "Did not receive the intervention",
        n,
        lang,
    )
}

pub fn receipt_unknown(n: u64, lang: Lang) -> String {
    step(
        "Onbekend of de interventie ontvangen is",
        "Not known whether received",
        n,
        lang,
    )
}

pub fn lost(n: u64, lang: Lang) -> String {
    step("Geen uitkomstgegevens", "No outcome data", n, lang)
}

pub fn analysed(n: u64, lang: Lang) -> String {
    step("Geanalyseerd", "Analysed", n, lang)
}

pub fn left_out(n: u64, lang: Lang) -> String {
    step("Buiten beschouwing gelaten", "Left out", n, lang)
}

pub fn missing(n: u64, lang: Lang) -> String {
    step("Waarde ontbreekt", "Value missing", n, lang)
}

/// The arms are analysed as they were drawn.
pub fn as_drawn(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Iedereen is geanalyseerd in de groep waaraan de loting hem of haar toewees. Een register kent geen \
             aanmelding: wie in aanmerking kwam, is geloot."
        }
        Lang::En => {
            "Everyone is analysed in the group they were drawn for. A register has no enrolment: everyone who was \
             eligible was drawn."
        }
    }
}

/// Why somebody did not receive the intervention.
pub fn reason(given: Option<&str>, merged: bool, lang: Lang) -> &str {
    match (given, merged) {
        (Some(given), _) => given,
        (None, true) => self::merged(lang),
        (None, false) => Label::NoReason.text(lang),
    }
}

/// Reasons that are one together, to protect small groups.
pub fn merged(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => "overige redenen (samengevoegd)",
        Lang::En => "other reasons (merged)",
    }
}
