//! The words of costs and benefits, and of small numbers.

use crate::words::{Lang, number};

fn pick(lang: Lang, nl: String, en: String) -> String {
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}

/// How a benefit is computed.
pub fn how(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Gevallen door het programma: het effect maal het aantal mensen dat aan de interventie is toegewezen, of zij \
             kwamen of niet. Opbrengst: die gevallen maal het bedrag per geval. De onzekerheid van het effect gaat mee: \
             een bedrag zonder interval zegt te veel. De bedragen per geval en de kosten komen uit het protocol; ze zijn \
             hier niet onderzocht en hebben zelf geen interval. Het effect is gemeten bij wie de uitkomst bekend is en \
             wordt toegepast op iedereen die is toegewezen."
        }
        Lang::En => {
            "Cases because of the programme: the effect times the number of people assigned to the intervention, whether \
             or not they came. Benefit: those cases times the amount per case. The uncertainty of the effect is carried \
             along: an amount without its interval says too much. Amounts per case and costs come from the protocol; \
             they were not examined here and have no interval of their own. The effect is measured among those whose \
             outcome is known and applied to everyone assigned."
        }
    }
}

/// The title of the table.
pub fn caption(treated: &str, people: u64, lang: Lang) -> String {
    let people = number::count(people, lang);
    pick(
        lang,
        format!("Kosten en baten: {people} mensen toegewezen aan {treated}"),
        format!("Costs and benefits: {people} people assigned to {treated}"),
    )
}

/// 'Uitkering beëindigd: € 14.000 per geval (prijspeil 2016; per jaar)'.
pub fn price(
    name: &str,
    amount: &str,
    cases: bool,
    price_level: Option<&str>,
    horizon: Option<&str>,
    lang: Lang,
) -> String {
    let per = match (lang, cases) {
        (Lang::Nl, true) => "per geval",
        (Lang::Nl, false) => "per eenheid",
        (Lang::En, true) => "per case",
        (Lang::En, false) => "per unit",
    };
    let level = price_level.map(|level| {
        pick(
            lang,
            format!("prijspeil {level}"),
            format!("prices of {level}"),
        )
    });
    let given: Vec<String> = level
        .into_iter()
        .chain(horizon.map(str::to_owned))
        .collect();
    match given.is_empty() {
        true => format!("{name}: {amount} {per}"),
        false => format!("{name}: {amount} {per} ({})", given.join("; ")),
    }
}

/// Cases, or units of a number.
pub fn caused(cases: bool, lang: Lang) -> &'static str {
    match (lang, cases) {
        (Lang::Nl, true) => "Gevallen door het programma",
        (Lang::Nl, false) => "Eenheden door het programma",
        (Lang::En, true) => "Cases because of the programme",
        (Lang::En, false) => "Units because of the programme",
    }
}

pub fn per_participant(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => "Opbrengst per toegewezen persoon",
        Lang::En => "Benefit per person assigned",
    }
}

pub fn benefit(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => "Opbrengst",
        Lang::En => "Benefit",
    }
}

pub fn cost_per_case(cases: bool, lang: Lang) -> &'static str {
    match (lang, cases) {
        (Lang::Nl, true) => "Kosten per extra geval",
        (Lang::Nl, false) => "Kosten per extra eenheid",
        (Lang::En, true) => "Cost per additional case",
        (Lang::En, false) => "Cost per additional unit",
    }
}

pub fn break_even(cases: bool, lang: Lang) -> &'static str {
    match (lang, cases) {
        (Lang::Nl, true) => "Kostendekkend bij zoveel gevallen",
        (Lang::Nl, false) => "Kostendekkend bij zoveel eenheden",
        (Lang::En, true) => "Cases at which it breaks even",
        (Lang::En, false) => "Units at which it breaks even",
    }
}

/// What a case may cost has no upper end where there may be no cases.
pub fn unbounded(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => "onbegrensd",
        Lang::En => "unbounded",
    }
}

/// In place of a cost per case where the estimate has no more cases.
pub fn no_more(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => "geen extra",
        Lang::En => "none gained",
    }
}

/// How the interval of a cost per case is to be read.
pub fn per_case_legend(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Kosten per extra geval: kosten gedeeld door het aantal gevallen, met de verzameling van Fieller. Sluit het \
             interval van het effect nul niet uit, dan kan een extra geval elk bedrag vanaf de ondergrens kosten, of \
             komen er geen extra gevallen: de verzameling is dan onbegrensd."
        }
        Lang::En => {
            "Cost per additional case: cost divided by the number of cases, with Fieller's set. Where the interval of the \
             effect does not exclude zero, an additional case may cost any amount from the lower end on, or there are no \
             additional cases: the set is then unbounded."
        }
    }
}

/// Whose outcomes the total rests on.
pub fn together(n: u64, lang: Lang) -> String {
    let n = number::count(n, lang);
    pick(
        lang,
        format!(
            "Alles samen is per persoon opgeteld bij de {n} mensen van wie al deze uitkomsten bekend zijn; zo telt mee \
             hoe de uitkomsten samenhangen. Het is daarom niet precies de som van de regels, en de intervallen tellen niet \
             op."
        ),
        format!(
            "Everything together is summed person by person among the {n} people whose outcomes are all known, so that \
             it takes account of how the outcomes go together. It is therefore not exactly the sum of the lines, and the \
             intervals do not add up."
        ),
    )
}

/// Who is left out of an outcome is not in its cases either.
pub fn left_out(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Wie bij een uitkomst buiten beschouwing blijft, telt ook niet mee in het aantal mensen waarop haar effect is \
             toegepast."
        }
        Lang::En => {
            "Those left out of an outcome are not among the people to whom its effect is applied either."
        }
    }
}

pub fn all_together(several: bool, lang: Lang) -> &'static str {
    match (lang, several) {
        (Lang::Nl, true) => "Alles samen",
        (Lang::Nl, false) => "Opbrengst en kosten",
        (Lang::En, true) => "Everything together",
        (Lang::En, false) => "Benefit and cost",
    }
}

pub fn low_high(lang: Lang) -> [&'static str; 2] {
    match lang {
        Lang::Nl => ["Ondergrens", "Bovengrens"],
        Lang::En => ["Lower", "Upper"],
    }
}

pub fn programme(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => "Kosten van het programma",
        Lang::En => "Cost of the programme",
    }
}

pub fn programme_each(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => "Kosten per toegewezen persoon",
        Lang::En => "Cost per person assigned",
    }
}

pub fn net(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => "Opbrengst min kosten",
        Lang::En => "Benefit minus cost",
    }
}

pub fn net_each(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => "Idem, per toegewezen persoon",
        Lang::En => "The same per person assigned",
    }
}

/// What the interval of the balance says; never more than that.
pub fn verdict(low: f64, high: f64, lang: Lang) -> String {
    match (low > 0.0, high < 0.0) {
        (true, _) => pick(
            lang,
            "Het hele interval ligt boven nul: de gegevens passen bij een opbrengst die de kosten overtreft.".to_owned(),
            "The whole interval lies above zero: the data fit a benefit that exceeds the cost.".to_owned(),
        ),
        (_, true) => pick(
            lang,
            "Het hele interval ligt onder nul: de gegevens passen bij kosten die de opbrengst overtreffen.".to_owned(),
            "The whole interval lies below zero: the data fit a cost that exceeds the benefit.".to_owned(),
        ),
        _ => pick(
            lang,
            "Het interval bevat nul: of het programma zich terugverdient, is met deze gegevens niet vast te stellen."
                .to_owned(),
            "The interval contains zero: whether the programme pays for itself cannot be settled with these data."
                .to_owned(),
        ),
    }
}

/// Numbers below the limit were taken out, and which variables went with them.
pub fn withheld(min_cell: u64, variables: &[String], others: &[&str], lang: Lang) -> String {
    let limit = number::count(min_cell, lang);
    let mut what: Vec<String> = variables.to_vec();
    what.extend(others.iter().map(|other| (*other).to_owned()));
    let list = what.join(", ");
    match what.is_empty() {
        true => pick(
            lang,
            format!(
                "Aantallen onder de {limit} zouden niet getoond worden; ze komen in dit verslag niet voor."
            ),
            format!("Numbers below {limit} would not be shown; there are none in this report."),
        ),
        false => pick(
            lang,
            format!(
                "Aantallen onder de {limit} worden niet getoond, en ook niet wat ze zou verraden. Daarom ontbreken de \
                 cijfers over: {list}."
            ),
            format!(
                "Numbers below {limit} are not shown, nor what would reveal them. The figures are therefore missing for: \
                 {list}."
            ),
        ),
    }
}

/// Names of what else was withheld.
pub fn withheld_part(part: Withheld, lang: Lang) -> &'static str {
    match (part, lang) {
        (Withheld::Compliance, Lang::Nl) => "deelname en niet-deelname",
        (Withheld::Compliance, Lang::En) => "participation and non-participation",
        (Withheld::Strata, Lang::Nl) => "de aantallen per stratum",
        (Withheld::Strata, Lang::En) => "the numbers per stratum",
        (Withheld::Changes, Lang::Nl) => {
            "de verandering binnen groepen waarin weinig mensen veranderden"
        }
        (Withheld::Changes, Lang::En) => "the change within arms in which few people changed",
        (Withheld::Exclusions, Lang::Nl) => "redenen van uitsluiting vóór de loting",
        (Withheld::Exclusions, Lang::En) => "reasons for exclusion before the draw",
        (Withheld::Receipt, Lang::Nl) => "vergelijkingen naar wie de interventie kreeg",
        (Withheld::Receipt, Lang::En) => "comparisons by who received the intervention",
        (Withheld::Subgroups, Lang::Nl) => "effecten in deelgroepen",
        (Withheld::Subgroups, Lang::En) => "effects in subgroups",
        (Withheld::Stratified, Lang::Nl) => "toetsen en maten over de strata",
        (Withheld::Stratified, Lang::En) => "tests and measures over the strata",
        (Withheld::Adjusted, Lang::Nl) => "gecorrigeerde schattingen",
        (Withheld::Adjusted, Lang::En) => "adjusted estimates",
        (Withheld::Total, Lang::Nl) => "de opbrengst van alle uitkomsten samen",
        (Withheld::Total, Lang::En) => "the benefit of all outcomes together",
        (Withheld::Differences, Lang::Nl) => "de verschillen in kleine of weggelaten aantallen",
        (Withheld::Differences, Lang::En) => "the differences in small or withheld numbers",
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withheld {
    Compliance,
    Strata,
    Changes,
    Exclusions,
    /// Estimates that compare by receipt, of outcomes that are shown.
    Receipt,
    Subgroups,
    /// Tests over the strata of outcomes that are shown.
    Stratified,
    /// Estimates adjusted for what is hidden.
    Adjusted,
    /// Amounts of several outcomes together.
    Total,
    /// Between counts of the draw and today's.
    Differences,
}

/// Small numbers are in the report, and how to keep them out.
pub fn small_numbers(cells: u64, limit: u64, lang: Lang) -> String {
    let (cells, limit) = (number::count(cells, lang), number::count(limit, lang));
    pick(
        lang,
        format!(
            "Aantallen onder de {limit} in dit verslag: {cells}. Mensen kunnen daarin herkenbaar zijn. Wie het verslag \
             openbaar maakt, kan ze weglaten met min_cell = {limit} onder [report] in het protocol."
        ),
        format!(
            "Numbers below {limit} in this report: {cells}. People may be recognisable in them. Whoever publishes the \
             report can leave them out with min_cell = {limit} under [report] in the protocol."
        ),
    )
}
