//! The words of the chapter on deviations from the protocol.

use crate::words::{Lang, number};

fn pick(lang: Lang, nl: String, en: String) -> String {
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}

fn fixed(lang: Lang, nl: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}

/// There is no protocol.
pub fn nothing_registered(lang: Lang) -> &'static str {
    fixed(
        lang,
        "Er is geen protocol: vooraf is niets vastgelegd. Of een uitkomst, uitsluiting of toets van tevoren gekozen \
         was, is dan niet na te gaan; lees de uitkomsten als verkennend.",
        "There is no protocol: nothing was registered beforehand. Whether an outcome, exclusion or test was chosen in \
         advance cannot be checked then; read the results as exploratory.",
    )
}

/// What was laid beside the protocol.
pub fn compared(evaluated: bool, lang: Lang) -> &'static str {
    match evaluated {
        true => fixed(
            lang,
            "Vergeleken met het protocol zijn: de tekst van het protocol bij de loting en bij de analyse (SHA-256), de \
             groepsgroottes, eerdere lotingen, en van de analyse de uitkomsten met hun meetniveau, de uitsluitingen, de \
             toetsen, de correctie voor kenmerken, de subgroepen, alpha, het aantal lotingen van de randomisatietoets \
             en de maat voor deelname.",
            "Compared with the protocol: the protocol's text at the draw and at the analysis (SHA-256), the sizes of the \
             arms, earlier draws, and of the analysis the outcomes with their scale, the exclusions, the tests, the \
             covariates adjusted for, the subgroups, alpha, the draws of the randomization test and the measure of \
             take-up.",
        ),
        false => fixed(
            lang,
            "Vergeleken met het protocol zijn: de tekst van het protocol bij de loting en nu (SHA-256), de groepsgroottes \
             en eerdere lotingen. Uitkomsten zijn nog niet geanalyseerd.",
            "Compared with the protocol: the protocol's text at the draw and now (SHA-256), the sizes of the arms and \
             earlier draws. Outcomes have not been analysed yet.",
        ),
    }
}

pub fn none_found(lang: Lang) -> &'static str {
    fixed(
        lang,
        "Er is geen afwijking gevonden.",
        "No deviation was found.",
    )
}

/// Only people know why.
pub fn explain(lang: Lang) -> &'static str {
    fixed(
        lang,
        "Vermeld bij elke afwijking de reden, en of zij gekozen is voordat de uitkomsten bekend waren. Wat niet \
         geregistreerd was, is verkennend.",
        "Give the reason for every deviation, and whether it was chosen before the outcomes were known. What was not \
         registered is exploratory.",
    )
}

/// What a program cannot see.
pub fn not_seen(lang: Lang) -> &'static str {
    fixed(
        lang,
        "Wat buiten de bestanden om anders ging (de uitvoering, de periode, wie de gegevens verzamelde), blijkt hier \
         niet uit en moeten de onderzoekers zelf vermelden.",
        "What went differently outside the files (the delivery, the period, who collected the data) does not show here \
         and has to be stated by the researchers.",
    )
}

pub fn registered(lang: Lang) -> &'static str {
    fixed(lang, "Geregistreerd", "Registered")
}

pub fn done(lang: Lang) -> &'static str {
    fixed(lang, "Gedaan", "Done")
}

pub fn protocol_then(sha256: &str, lang: Lang) -> String {
    pick(
        lang,
        format!("Protocol bij de loting: SHA-256 {sha256}"),
        format!("Protocol at the draw: SHA-256 {sha256}"),
    )
}

pub fn protocol_now(sha256: &str, lang: Lang) -> String {
    pick(
        lang,
        format!("Protocol bij de analyse, gewijzigd: SHA-256 {sha256}"),
        format!("Protocol at the analysis, changed: SHA-256 {sha256}"),
    )
}

pub fn drawn_without(lang: Lang) -> &'static str {
    fixed(
        lang,
        "Bij de loting was er geen protocol",
        "There was no protocol at the draw",
    )
}

pub fn protocol_after(lang: Lang) -> &'static str {
    fixed(
        lang,
        "Geanalyseerd volgens een protocol dat bij de loting niet vastlag",
        "Analysed by a protocol that was not on record at the draw",
    )
}

pub fn earlier_draw(seed: &str, lang: Lang) -> String {
    pick(
        lang,
        format!("Loting met startgetal {seed}"),
        format!("Draw with seed {seed}"),
    )
}

pub fn drawn_anew(seed: &str, reason: &str, lang: Lang) -> String {
    pick(
        lang,
        format!("Opnieuw geloot met startgetal {seed}; reden: {reason}"),
        format!("Drawn again with seed {seed}; reason: {reason}"),
    )
}

pub fn size(arm: &str, n: u64, lang: Lang) -> String {
    let n = number::count(n, lang);
    pick(
        lang,
        format!("Grootte van de groep '{arm}': {n}"),
        format!("Size of the arm '{arm}': {n}"),
    )
}

pub fn not_registered(lang: Lang) -> &'static str {
    fixed(lang, "Niet geregistreerd", "Not registered")
}

/// With a capital: 'De uitkomst 'inkomen''.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    first + letters.as_str()
}

pub fn not_used(lang: Lang) -> &'static str {
    fixed(lang, "Niet gebruikt", "Not used")
}

pub fn outcome(name: &str, lang: Lang) -> String {
    pick(
        lang,
        format!("De uitkomst: {name}"),
        format!("The outcome: {name}"),
    )
}

pub fn not_analysed(lang: Lang) -> &'static str {
    fixed(lang, "Niet geanalyseerd", "Not analysed")
}

pub fn test(test: &str, variable: &str, lang: Lang) -> String {
    pick(
        lang,
        format!("De toets voor {variable}: {test}"),
        format!("The test for {variable}: {test}"),
    )
}

pub fn not_computed(lang: Lang) -> &'static str {
    fixed(
        lang,
        "Hier niet berekend; in de plaats daarvan staan de toetsen in dit verslag",
        "Not computed here; the tests in this report stand in its place",
    )
}

pub fn drawn_arms(arms: &str, lang: Lang) -> String {
    pick(
        lang,
        format!("Geloot in de groep: {arms}"),
        format!("Drawn into the arm: {arms}"),
    )
}

pub fn not_compared(lang: Lang) -> &'static str {
    fixed(
        lang,
        "In deze analyse niet vergeleken",
        "Not compared in this analysis",
    )
}

pub fn recorded_draw(lang: Lang) -> &'static str {
    fixed(
        lang,
        "Toetsen door de vastgelegde loting te herhalen",
        "Tests by making the recorded draw again",
    )
}

pub fn assumed_draw(lang: Lang) -> &'static str {
    fixed(
        lang,
        "Herhaald als één volledige loting: het manifest ontbrak",
        "Made again as one complete draw: the manifest was absent",
    )
}
