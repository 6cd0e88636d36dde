//! Warnings: what a reader must know beside a number.

use super::{count_as_float, counted, people, share};
use crate::words::{Lang, number};

/// How many balance tests came out significant, how many chance alone would give, and what
/// that does and does not mean after a random draw.
pub fn significant_balance(significant: u64, tested: u64, alpha: f64, lang: Lang) -> String {
    let found = number::count(significant, lang);
    let of = number::count(tested, lang);
    let level = number::level(alpha, lang);
    let expected = number::fixed(alpha * count_as_float(tested), 1, lang);
    match (lang, significant, tested) {
        (Lang::Nl, 0, _) => format!(
            "Op geen van de getoetste kenmerken ({of}) verschillen de groepen significant \
             (p < {level}). Dat betekent niet dat de groepen gelijk zijn: kijk naar de omvang van de \
             verschillen (SMD)."
        ),
        (Lang::En, 0, _) => format!(
            "On none of the characteristics tested ({of}) do the groups differ significantly \
             (p < {level}). That does not mean that the groups are equal: look at the size of the \
             differences (SMD)."
        ),
        (Lang::Nl, _, _) => {
            let subject = match tested {
                1 => "Op het ene getoetste kenmerk".to_owned(),
                _ => format!("Op {found} van de {of} getoetste kenmerken"),
            };
            format!(
                "{subject} verschillen de groepen significant (p < {level}); door toeval alleen zijn \
                 er naar verwachting {expected}. Na een goede loting is zo'n verschil toeval en geen \
                 bewijs dat de loting mislukt is. Het kan de uitkomsten wel beïnvloeden als het kenmerk \
                 daarmee samenhangt: kijk naar de omvang van het verschil (SMD) en vergelijk met een \
                 gecorrigeerde schatting."
            )
        }
        (Lang::En, _, _) => {
            let subject = match tested {
                1 => "On the one characteristic tested".to_owned(),
                _ => format!("On {found} of the {of} characteristics tested"),
            };
            format!(
                "{subject} the groups differ significantly (p < {level}); chance alone is expected to \
                 give {expected}. After a sound draw such a difference is chance, and no evidence that \
                 the draw went wrong. It can still affect the outcomes where the characteristic is \
                 related to them: look at the size of the difference (SMD), and compare with an adjusted \
                 estimate."
            )
        }
    }
}

/// Whether the least of so many p-values is hardly chance: below 0.05/(100·tested), which after
/// sound draws happens in fewer than one of 2,000 balance tables (Bonferroni).
pub fn hardly_chance(smallest_p: f64, tested: u64) -> bool {
    smallest_p < 0.05 / (100.0 * count_as_float(tested))
}

/// A difference that a sound draw hardly ever makes: look for what went wrong.
pub fn balance_hardly_chance(
    significant: u64,
    tested: u64,
    (alpha, smallest_p): (f64, f64),
    lang: Lang,
) -> String {
    let found = number::count(significant, lang);
    let of = number::count(tested, lang);
    let level = number::level(alpha, lang);
    let smallest = number::p_clause(Some(smallest_p), lang);
    match lang {
        Lang::Nl => format!(
            "De groepen verschillen significant (p < {level}) op {found} van de {of} getoetste kenmerken, met als \
             kleinste {smallest}. Na een goede loting komt zo'n verschil vrijwel nooit voor. Ga na of de \
             loting is uitgevoerd zoals vastgelegd, of de bestanden goed aan elkaar zijn gekoppeld en of het \
             kenmerk echt van vóór de loting is. Verklaar het verschil voordat u de uitkomsten gebruikt."
        ),
        Lang::En => format!(
            "The groups differ significantly (p < {level}) on {found} of the {of} characteristics tested, the \
             smallest being {smallest}. After a sound draw such a difference hardly ever happens. Check \
             that the draw was carried out as recorded, that the files were joined rightly, and that the \
             characteristic in the register is really from before the draw. Explain the difference before using \
             the outcomes."
        ),
    }
}

/// Above every comparison that the draw does not protect.
pub fn not_randomised(lang: Lang) -> String {
    match lang {
        Lang::Nl => {
            "Deze vergelijking is niet gerandomiseerd: wie wel en wie niet deelnam is niet door \
             loting bepaald. Lees het verschil niet als effect van de interventie."
        }
        Lang::En => {
            "This comparison is not randomised: who took part and who did not was not drawn by \
             lot. Do not read the difference as an effect of the intervention."
        }
    }
    .to_owned()
}

/// 'Van de 360 personen in interventie kregen er 285 (79,2%) de interventie.'
pub fn received(arm: &str, received: u64, assigned: u64, lang: Lang) -> String {
    let share = number::percent(share(received, assigned), 1, lang);
    let received_text = number::count(received, lang);
    let assigned_text = people(assigned, lang);
    match (lang, assigned) {
        (Lang::Nl, 1) => {
            let whether = if received == 1 { "wel" } else { "niet" };
            format!("De ene persoon in de groep '{arm}' kreeg de interventie {whether}.")
        }
        (Lang::Nl, _) => {
            let verb = if received == 1 { "kreeg" } else { "kregen" };
            format!(
                "Van de {assigned_text} in de groep '{arm}' {verb} er {received_text} ({share}) de \
                 interventie."
            )
        }
        (Lang::En, _) => format!(
            "Of the {assigned_text} in the group '{arm}', {received_text} ({share}) received the \
             intervention."
        ),
    }
}

/// A variable with missing values in an analysis that leaves them out.
pub fn missing(variable: &str, missing: u64, total: u64, lang: Lang) -> String {
    let share = number::percent(share(missing, total), 1, lang);
    let missing = number::count(missing, lang);
    let total = people(total, lang);
    match lang {
        Lang::Nl => format!(
            "{variable}: bij {missing} van de {total} ({share}) ontbreekt de waarde; zij tellen hier \
             niet mee."
        ),
        Lang::En => format!(
            "{variable}: the value is missing for {missing} of the {total} ({share}); they are left \
             out here."
        ),
    }
}

/// People left out by an expression in the protocol.
pub fn excluded(n: u64, expression: &str, lang: Lang) -> String {
    let who = people(n, lang);
    match lang {
        Lang::Nl => {
            let verb = if n == 1 { "is" } else { "zijn" };
            format!("{who} {verb} buiten beschouwing gelaten: {expression}.")
        }
        Lang::En => {
            let verb = if n == 1 { "was" } else { "were" };
            format!("{who} {verb} left out: {expression}.")
        }
    }
}

/// People in one of the two files and not in the other; nobody is dropped in silence.
pub fn unmatched(only_here: u64, here: &str, not_in: &str, lang: Lang) -> String {
    let who = people(only_here, lang);
    match lang {
        Lang::Nl => {
            let verb = if only_here == 1 { "komt" } else { "komen" };
            format!("{who} {verb} wel voor in {here}, maar niet in {not_in}.")
        }
        Lang::En => {
            let verb = if only_here == 1 { "is" } else { "are" };
            format!("{who} {verb} in {here} but not in {not_in}.")
        }
    }
}

/// Why chi-squared is not to be relied on, and whether an exact test stands beside it.
pub fn sparse(variable: &str, smallest: f64, exact: bool, lang: Lang) -> String {
    let smallest = number::fixed(smallest, 1, lang);
    match (lang, exact) {
        (Lang::Nl, true) => format!(
            "{variable}: de kleinste verwachte celfrequentie is {smallest}, lager dan 5. De \
             chi-kwadraattoets is dan onbetrouwbaar; lees de exacte toets."
        ),
        (Lang::Nl, false) => format!(
            "{variable}: de kleinste verwachte celfrequentie is {smallest}, lager dan 5. De \
             chi-kwadraattoets is dan onbetrouwbaar, en voor een exacte toets is de tabel te groot."
        ),
        (Lang::En, true) => format!(
            "{variable}: the smallest expected cell count is {smallest}, below 5. The chi-squared \
             test is then unreliable; read the exact test."
        ),
        (Lang::En, false) => format!(
            "{variable}: the smallest expected cell count is {smallest}, below 5. The chi-squared \
             test is then unreliable, and the table is too large for an exact test."
        ),
    }
}

/// A group too small to say much about.
pub fn small_group(variable: &str, arm: &str, n: u64, lang: Lang) -> String {
    match lang {
        Lang::Nl => {
            let values = counted(n, "geldige waarde", "geldige waarden", lang);
            format!(
                "{variable}: de groep '{arm}' heeft maar {values}; de schatting is erg onzeker."
            )
        }
        Lang::En => {
            let values = counted(n, "valid value", "valid values", lang);
            format!(
                "{variable}: the group '{arm}' has only {values}; the estimate is very uncertain."
            )
        }
    }
}

/// Something that was analysed without having been registered.
pub fn not_in_protocol(what: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!("{what} staat niet in het geregistreerde protocol."),
        Lang::En => format!("{what} is not in the registered protocol."),
    }
}

/// Many outcomes, each with its own chance of a false alarm.
pub fn multiplicity(tested: u64, alpha: f64, lang: Lang) -> String {
    let tested = number::count(tested, lang);
    let level = number::level(alpha, lang);
    match lang {
        Lang::Nl => format!(
            "Er zijn {tested} uitkomsten getoetst, elk op p < {level} en zonder correctie voor \
             meervoudig toetsen. Een enkel significant verschil kan daardoor toeval zijn; zie de \
             gecorrigeerde p-waarden."
        ),
        Lang::En => format!(
            "{tested} outcomes were tested, each at p < {level} and without correction for multiple \
             testing. A single significant difference may therefore be chance; see the corrected \
             p-values."
        ),
    }
}
