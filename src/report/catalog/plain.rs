//! Results in sentences for whoever never heard of a confidence interval.
//!
//! What they may say is decided in `report/plain.rs`; here stands only how.

use crate::words::{Lang, number};

fn pick(lang: Lang, nl: String, en: String) -> String {
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}

/// 'Vrijwilligerswerk: dit gold voor 8 van elke 100 mensen in de groep 'FIP', tegen 4 in de
/// groep 'controle'.'
pub fn rates(
    outcome: &str,
    base: u64,
    treated: (&str, u64),
    control: (&str, u64),
    lang: Lang,
) -> String {
    let base = number::count(base, lang);
    let (one, other) = (
        number::count(treated.1, lang),
        number::count(control.1, lang),
    );
    pick(
        lang,
        format!(
            "{outcome}: dit gold voor {one} van elke {base} mensen in de groep '{}', tegen {other} in de groep '{}'.",
            treated.0, control.0
        ),
        format!(
            "{outcome}: this held for {one} of every {base} people in the group '{}', against {other} in the group \
             '{}'.",
            treated.0, control.0
        ),
    )
}

/// The same for means; on a scale where the outcome has ordered levels.
pub fn means(
    outcome: &str,
    scale: Option<(&str, &str)>,
    treated: (&str, &str),
    control: (&str, &str),
    lang: Lang,
) -> String {
    let scale = match scale {
        Some((first, last)) => pick(
            lang,
            format!(" (op een schaal van {first} tot en met {last})"),
            format!(" (on a scale from {first} to {last})"),
        ),
        None => String::new(),
    };
    pick(
        lang,
        format!(
            "{outcome}{scale}: gemiddeld {} in de groep '{}', tegen {} in de groep '{}'.",
            treated.1, treated.0, control.1, control.0
        ),
        format!(
            "{outcome}{scale}: on average {} in the group '{}', against {} in the group '{}'.",
            treated.1, treated.0, control.1, control.0
        ),
    )
}

/// Which way a difference goes; `None` where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    More,
    Less,
}

/// '4,0 procentpunt meer', '0,21 lager'.
pub fn amount(size: &str, direction: Direction, points: bool, lang: Lang) -> String {
    match (lang, points, direction) {
        (Lang::Nl, true, Direction::More) => format!("{size} procentpunt meer"),
        (Lang::Nl, true, Direction::Less) => format!("{size} procentpunt minder"),
        (Lang::Nl, false, Direction::More) => format!("{size} hoger"),
        (Lang::Nl, false, Direction::Less) => format!("{size} lager"),
        (Lang::En, true, Direction::More) => format!("{size} percentage points higher"),
        (Lang::En, true, Direction::Less) => format!("{size} percentage points lower"),
        (Lang::En, false, Direction::More) => format!("{size} higher"),
        (Lang::En, false, Direction::Less) => format!("{size} lower"),
    }
}

/// The estimate in words: the group, how much, which way.
pub fn difference(treated: &str, amount: &str, lang: Lang) -> String {
    pick(
        lang,
        format!("Geschat verschil: {amount} in de groep '{treated}'."),
        format!("Estimated difference: {amount} in the group '{treated}'."),
    )
}

/// The estimate is exactly zero.
pub fn no_difference(lang: Lang) -> String {
    pick(
        lang,
        "Het geschatte verschil is precies nul.".to_owned(),
        "The estimated difference is exactly zero.".to_owned(),
    )
}

/// Unlikely if only chance were at work.
pub fn rarely_chance(p: &str, interval: &str, level: &str, lang: Lang) -> String {
    pick(
        lang,
        format!(
            "Door toeval alleen zou zo'n groot verschil zelden voorkomen ({p}). De gegevens passen bij een \
             werkelijk verschil tussen {interval} ({level}-betrouwbaarheidsinterval)."
        ),
        format!(
            "By chance alone a difference this large would rarely occur ({p}). The data fit a true difference \
             between {interval} ({level} confidence interval)."
        ),
    )
}

/// Below the level of this trial, but not rare.
pub fn below_level(p: &str, alpha: f64, interval: &str, level: &str, lang: Lang) -> String {
    let limit = number::exact_percent(alpha, lang);
    pick(
        lang,
        format!(
            "Door toeval alleen zou zo'n groot verschil in minder dan {limit} van de gevallen voorkomen ({p}); dat is de \
             grens die dit onderzoek aanhoudt, ruimer dan de gebruikelijke. De gegevens passen bij een werkelijk verschil \
             tussen {interval} ({level}-betrouwbaarheidsinterval)."
        ),
        format!(
            "By chance alone a difference this large would occur in fewer than {limit} of cases ({p}); that is the limit \
             of this trial, laxer than the usual one. The data fit a true difference between {interval} ({level} \
             confidence interval)."
        ),
    )
}

/// May well be chance; which is not the same as no effect.
pub fn maybe_chance(p: &str, interval: &str, level: &str, lang: Lang) -> String {
    pick(
        lang,
        format!(
            "Dit verschil kan toeval zijn ({p}). Dat bewijst niet dat er geen effect is: de gegevens passen bij een \
             werkelijk verschil tussen {interval} ({level}-betrouwbaarheidsinterval)."
        ),
        format!(
            "This difference may be chance ({p}). That does not prove that there is no effect: the data fit a true \
             difference between {interval} ({level} confidence interval)."
        ),
    )
}

/// After an estimate of exactly zero.
pub fn zero(interval: &str, level: &str, lang: Lang) -> String {
    pick(
        lang,
        format!(
            "Dat bewijst niet dat er geen effect is: de gegevens passen bij een werkelijk verschil tussen {interval} \
             ({level}-betrouwbaarheidsinterval)."
        ),
        format!(
            "That does not prove that there is no effect: the data fit a true difference between {interval} ({level} \
             confidence interval)."
        ),
    )
}

/// Between the two ends of an interval.
pub fn between(low: &str, high: &str, lang: Lang) -> String {
    pick(
        lang,
        format!("{low} en {high}"),
        format!("{low} and {high}"),
    )
}

/// 'geen verschil', as an end of an interval.
pub fn nothing(lang: Lang) -> String {
    pick(lang, "geen verschil".to_owned(), "no difference".to_owned())
}

/// A distribution over categories, which has no direction.
pub fn categories(outcome: &str, p: &str, rarely: bool, lang: Lang) -> String {
    match rarely {
        true => pick(
            lang,
            format!(
                "{outcome}: de verdeling over de categorieën verschilt tussen de groepen. Door toeval alleen zou zo'n \
                 groot verschil zelden voorkomen ({p}). Welke categorieën het zijn, staat in de tabel."
            ),
            format!(
                "{outcome}: the distribution over the categories differs between the groups. By chance alone a \
                 difference this large would rarely occur ({p}). The table shows which categories."
            ),
        ),
        false => pick(
            lang,
            format!(
                "{outcome}: het verschil in verdeling over de categorieën kan toeval zijn ({p}). Dat bewijst niet dat \
                 de groepen gelijk zijn."
            ),
            format!(
                "{outcome}: the difference in distribution over the categories may be chance ({p}). That does not prove \
                 that the groups are the same."
            ),
        ),
    }
}

/// An intervention delivered by few people.
pub fn about_these(treated: &str, providers: u64, lang: Lang) -> String {
    match (providers, lang) {
        (1, Lang::Nl) => format!(
            "In de groep '{treated}' voerde één persoon het uit. De resultaten gaan over de aanpak van deze persoon: wat de aanpak \
             doet en wat de persoon doet, is niet te scheiden."
        ),
        (1, Lang::En) => format!(
            "In the group '{treated}' one person delivered it. The results are about this person's work: what the approach does \
             and what the person does cannot be told apart."
        ),
        (n, Lang::Nl) => format!(
            "In de groep '{treated}' voerden {} mensen het uit. De resultaten gaan over het werk van deze mensen: of anderen \
             hetzelfde bereiken, is hieruit maar beperkt af te leiden.",
            number::count(n, lang)
        ),
        (n, Lang::En) => format!(
            "In the group '{treated}' {} people delivered it. The results are about the work of these people: whether others \
             would achieve the same can be told from them to a limited extent only.",
            number::count(n, lang)
        ),
    }
}

/// Whether any of several arms differs from another.
pub fn together(outcome: &str, p: &str, differ: bool, lang: Lang) -> String {
    match differ {
        true => pick(
            lang,
            format!(
                "{outcome}: door toeval alleen zouden groepen zelden zo uiteenlopen ({p}). Minstens een van de groepen verschilt \
                 van een andere; welke, staat hierboven."
            ),
            format!(
                "{outcome}: by chance alone groups would rarely lie this far apart ({p}). At least one of the groups differs from \
                 another; which one is said above."
            ),
        ),
        false => pick(
            lang,
            format!(
                "{outcome}: hoe de groepen samen uiteenlopen kan toeval zijn ({p}). Een verschil van een enkele groep hierboven is \
                 dan met terughoudendheid te lezen."
            ),
            format!(
                "{outcome}: how far the groups lie apart together may be chance ({p}). A difference of a single group above is \
                 then to be read with caution."
            ),
        ),
    }
}

/// Everybody of whom it is known has the same value.
pub fn one_value(outcome: &str, lang: Lang) -> String {
    pick(
        lang,
        format!(
            "{outcome}: alle bekende waarden zijn gelijk en van velen ontbreekt de waarde. Of dat 'nee' betekent, moet eerst vaststaan."
        ),
        format!(
            "{outcome}: all known values are the same and many have none. Whether that means 'no' has to be settled first."
        ),
    )
}

/// Only people who were selected after the draw have a value.
pub fn selected(outcome: &str, lang: Lang) -> String {
    pick(
        lang,
        format!(
            "{outcome}: dit is maar van een deel van de mensen bekend, en wie dat zijn is pas na de loting bepaald. De groepen \
             zijn hierop niet eerlijk te vergelijken; de tabel laat zien hoe het verdeeld is."
        ),
        format!(
            "{outcome}: this is known for some of the people only, and who they are was decided after the draw. The groups cannot be \
             compared fairly on it; the table shows how it is distributed."
        ),
    )
}

/// The figures were taken out to protect small groups.
pub fn withheld(outcome: &str, lang: Lang) -> String {
    pick(
        lang,
        format!(
            "{outcome}: de cijfers hierover worden niet getoond, omdat het om kleine aantallen mensen gaat."
        ),
        format!(
            "{outcome}: the figures are not shown, because they are about small numbers of people."
        ),
    )
}

/// Nothing can be said: no values, or no estimate.
pub fn nothing_to_say(outcome: &str, lang: Lang) -> String {
    pick(
        lang,
        format!("{outcome}: hierover is met deze gegevens geen uitspraak te doen."),
        format!("{outcome}: with these data nothing can be said about this."),
    )
}

/// A difference without a test: no spread.
pub fn untested(lang: Lang) -> String {
    pick(
        lang,
        "Of dit verschil toeval is, is met deze gegevens niet te toetsen.".to_owned(),
        "Whether this difference is chance cannot be tested with these data.".to_owned(),
    )
}

/// The estimate follows the draw and may go another way than the plain figures.
pub fn by_design(lang: Lang) -> String {
    pick(
        lang,
        "De schatting volgt de loting (per stratum of cluster) en wijkt daardoor af van de kale cijfers hiervoor."
            .to_owned(),
        "The estimate follows the draw (by stratum or cluster), and therefore departs from the plain figures before it."
            .to_owned(),
    )
}

pub fn exploratory(lang: Lang) -> String {
    pick(
        lang,
        "Deze uitkomst was niet vooraf vastgelegd: lees dit als verkennend.".to_owned(),
        "This outcome was not registered beforehand: read it as exploratory.".to_owned(),
    )
}

/// Whether shares missing differ so much that the difference is what is to be said.
pub fn unequal(treated: f64, control: f64) -> bool {
    (treated - control).abs() > 0.05
}

/// Many values are missing, in both arms alike.
pub fn much_missing(lang: Lang) -> String {
    pick(
        lang,
        "Van meer dan een vijfde van de mensen ontbreken gegevens; dat kan dit verschil vertekenen.".to_owned(),
        "Data are missing for more than a fifth of the people; that can bias this difference.".to_owned(),
    )
}

/// More values are missing in one arm than in the other.
pub fn attrition(lang: Lang) -> String {
    pick(
        lang,
        "Van de ene groep ontbreken meer gegevens dan van de andere; dat kan dit verschil vertekenen.".to_owned(),
        "More data are missing from one group than from the other; that can bias this difference.".to_owned(),
    )
}

/// What precedes the sentences.
pub fn introduction(primary: bool, lang: Lang) -> String {
    match primary {
        true => pick(
            lang,
            "De groepen zijn vergeleken zoals zij geloot zijn, ook wie niet deelnam. De belangrijkste uitkomst staat \
             vooraan."
                .to_owned(),
            "The groups are compared as they were drawn, including those who did not take part. The primary outcome \
             comes first."
                .to_owned(),
        ),
        false => pick(
            lang,
            "De groepen zijn vergeleken zoals zij geloot zijn, ook wie niet deelnam.".to_owned(),
            "The groups are compared as they were drawn, including those who did not take part.".to_owned(),
        ),
    }
}

/// How to read intervals, p-values, stars, SMDs.
pub fn how_to_read(level: f64, lang: Lang) -> Vec<String> {
    let percent = number::exact_percent(level, lang);
    match lang {
        Lang::Nl => vec![
            "Een verschil is steeds de interventiegroep min de controlegroep: een positief getal betekent meer of hoger \
             in de interventiegroep. Of dat gunstig is, hangt van de uitkomst af."
                .to_owned(),
            format!(
                "Het {percent}-betrouwbaarheidsinterval geeft aan hoe onzeker een schatting is. Van zulke intervallen \
                 bevat bij herhaling {percent} de werkelijke waarde."
            ),
            "De p-waarde is de kans op een verschil dat minstens zo groot is als het gevonden verschil, als alleen het \
             toeval speelde. Het is niet de kans dat het verschil toeval is."
                .to_owned(),
            "'Niet significant' is niet 'geen effect': kijk naar het interval om te zien welke effecten nog mogelijk \
             zijn. 'Significant' is niet 'belangrijk': kijk naar de omvang."
                .to_owned(),
        ],
        Lang::En => vec![
            "A difference is always the intervention group minus the control group: a positive number means more or \
             higher in the intervention group. Whether that is good depends on the outcome."
                .to_owned(),
            format!(
                "The {percent} confidence interval shows how uncertain an estimate is. In repetition, {percent} of such \
                 intervals contain the true value."
            ),
            "The p-value is the probability of a difference at least as large as the one found, if only chance were at \
             work. It is not the probability that the difference is chance."
                .to_owned(),
            "'Not significant' is not 'no effect': look at the interval to see which effects remain possible. \
             'Significant' is not 'important': look at the size."
                .to_owned(),
        ],
    }
}
