//! The words of costs and benefits, and of small numbers.

use crate::report::lang::Lang;
use crate::report::number;

fn pick(lang: Lang, nl: String, en: String) -> String {
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}

/// How a benefit is computed.
pub fn how(people: u64, treated: &str, lang: Lang) -> String {
    let people = number::count(people, lang);
    pick(
        lang,
        format!(
            "Gevallen door het programma: het effect maal de {people} mensen die aan {treated} zijn toegewezen. Opbrengst: \
             die gevallen maal het bedrag per geval. De onzekerheid van het effect gaat mee: een bedrag zonder interval \
             zegt te veel. Bedragen per geval en kosten komen uit het protocol en zijn hier niet onderzocht."
        ),
        format!(
            "Cases because of the programme: the effect times the {people} people assigned to {treated}. Benefit: those \
             cases times the amount per case. The uncertainty of the effect is carried along: an amount without its \
             interval says too much. Amounts per case and costs come from the protocol and were not examined here."
        ),
    )
}

/// The columns: per case, cases, benefit.
pub fn headers(lang: Lang) -> [&'static str; 3] {
    match lang {
        Lang::Nl => [
            "Bedrag per geval",
            "Gevallen door het programma",
            "Opbrengst",
        ],
        Lang::En => [
            "Amount per case",
            "Cases because of the programme",
            "Benefit",
        ],
    }
}

pub fn low_high(lang: Lang) -> [&'static str; 2] {
    match lang {
        Lang::Nl => ["ondergrens", "bovengrens"],
        Lang::En => ["lower", "upper"],
    }
}

pub fn programme(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => "Kosten van het programma",
        Lang::En => "Cost of the programme",
    }
}

pub fn net(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => "Opbrengst min kosten",
        Lang::En => "Benefit minus cost",
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
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withheld {
    Compliance,
    Strata,
    Changes,
    Exclusions,
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
