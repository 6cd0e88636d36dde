//! The words of figures: captions, axes, and the sentences that stand for the picture.

use crate::words::{Lang, number};

fn pick(lang: Lang, nl: String, en: String) -> String {
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}

pub fn forest_caption(lang: Lang) -> String {
    pick(
        lang,
        "Effecten in standaarddeviaties, met betrouwbaarheidsinterval".to_owned(),
        "Effects in standard deviations, with confidence interval".to_owned(),
    )
}

/// The axis of effects: what its right side means.
pub fn forest_axis(treated: &str, control: &str, lang: Lang) -> String {
    pick(
        lang,
        format!("standaarddeviaties: rechts van 0 is {treated} hoger dan {control}"),
        format!("standard deviations: to the right of 0, {treated} is higher than {control}"),
    )
}

pub fn balance_caption(lang: Lang) -> String {
    pick(
        lang,
        "Verschillen vóór de start: absolute SMD per kenmerk".to_owned(),
        "Differences at baseline: absolute SMD per characteristic".to_owned(),
    )
}

pub fn balance_axis(lang: Lang) -> String {
    let (low, high) = (number::fixed(0.1, 1, lang), number::fixed(0.25, 2, lang));
    pick(
        lang,
        format!("absoluut gestandaardiseerd verschil; stippellijnen bij {low} en {high}"),
        format!("absolute standardised difference; dashed lines at {low} and {high}"),
    )
}

/// Before the list of values in a text alternative.
pub fn balance_alt(lang: Lang) -> String {
    pick(
        lang,
        "Absoluut gestandaardiseerd verschil per kenmerk".to_owned(),
        "Absolute standardised difference per characteristic".to_owned(),
    )
}

/// The line that begins a text alternative: what is listed, and between which arms.
pub fn effects_alt(treated: &str, control: &str, lang: Lang) -> String {
    pick(
        lang,
        format!("effect in standaarddeviaties met interval, {treated} min {control}"),
        format!("effect in standard deviations with interval, {treated} minus {control}"),
    )
}

pub fn ladder_caption(outcome: &str, before: bool, lang: Lang) -> String {
    match before {
        true => pick(
            lang,
            format!("{outcome}: verdeling vóór en na, per groep"),
            format!("{outcome}: distribution before and after, per group"),
        ),
        false => pick(
            lang,
            format!("{outcome}: verdeling per groep"),
            format!("{outcome}: distribution per group"),
        ),
    }
}

/// The label of a bar: 'interventie, start (n = 275)'.
pub fn bar(arm: &str, before: Option<bool>, n: u64, lang: Lang) -> String {
    let n = number::count(n, lang);
    match before {
        Some(true) => pick(
            lang,
            format!("{arm}, start (n = {n})"),
            format!("{arm}, start (n = {n})"),
        ),
        Some(false) => pick(
            lang,
            format!("{arm}, eind (n = {n})"),
            format!("{arm}, end (n = {n})"),
        ),
        None => format!("{arm} (n = {n})"),
    }
}

pub fn shares_caption(lang: Lang) -> String {
    pick(
        lang,
        "Aandeel per groep, met betrouwbaarheidsinterval".to_owned(),
        "Share per group, with confidence interval".to_owned(),
    )
}

pub fn shares_axis(lang: Lang) -> String {
    pick(
        lang,
        "aandeel van de geldige waarden".to_owned(),
        "share of the valid values".to_owned(),
    )
}

pub fn means_caption(lang: Lang) -> String {
    pick(
        lang,
        "Gemiddelde per groep, met betrouwbaarheidsinterval".to_owned(),
        "Mean per group, with confidence interval".to_owned(),
    )
}

pub fn means_axis(lang: Lang) -> String {
    pick(
        lang,
        "elke uitkomst heeft een eigen schaal".to_owned(),
        "every outcome has a scale of its own".to_owned(),
    )
}

/// How the intervals of single arms are made, and what they do not say.
pub fn arm_interval_legend(shares: bool, level: f64, lang: Lang) -> String {
    let level = number::exact_percent(level, lang);
    let (nl, en) = match shares {
        true => ("Wilson", "Wilson"),
        false => ("t-verdeling", "t distribution"),
    };
    pick(
        lang,
        format!(
            "{level}-interval per groep ({nl}). Twee intervallen die elkaar overlappen zeggen niet dat het \
             verschil toeval is: lees daarvoor het effect met zijn eigen interval."
        ),
        format!(
            "{level} interval per group ({en}). Two intervals that overlap do not say that the difference is \
             chance: for that, read the effect with its own interval."
        ),
    )
}
