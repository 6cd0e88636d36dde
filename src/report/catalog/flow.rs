//! The words of the flow of participants, after the diagram of CONSORT 2025.

use crate::results::StartArm;
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

/// Who starts in an arm on the first day.
pub fn started(of: &StartArm, lang: Lang) -> String {
    let n = count(of.started, lang);
    match lang {
        Lang::Nl => format!("Begonnen op de eerste dag (n = {n})"),
        Lang::En => format!("Started on the first day (n = {n})"),
    }
}

/// Who had left by then, and who moved up.
pub fn before_the_start(of: &StartArm, lang: Lang) -> Vec<String> {
    let counted = [
        (of.left, "niet meer in aanmerking", "no longer eligible"),
        (of.moved_in, "ingeschoven", "moved in"),
        (of.moved_out, "doorgeschoven", "moved out"),
    ];
    let told = counted.into_iter().filter(|(of_it, _, _)| *of_it > 0);
    told.map(|(of_it, nl, en)| {
        let n = count(of_it, lang);
        match lang {
            Lang::Nl => format!("{nl}: {n}"),
            Lang::En => format!("{en}: {n}"),
        }
    })
    .collect()
}

/// Who came into an arm with a later batch.
pub fn later_batch(batch: u32, n: u64, lang: Lang) -> String {
    let n = count(n, lang);
    match lang {
        Lang::Nl => format!("Groep {batch} erbij (n = {n})"),
        Lang::En => format!("Batch {batch} added (n = {n})"),
    }
}
