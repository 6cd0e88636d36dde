//! Why a number leads, in words.

use super::name::Named;
use super::sentence;
use crate::results::{StandIn, TestName};
use crate::words::{Lang, number};

/// Which test leads instead of the registered or usual one, and why.
pub fn stands_in(
    variable: &str,
    asked: Option<TestName>,
    test: TestName,
    reason: StandIn,
    lang: Lang,
) -> String {
    let because = because(reason, lang);
    let test = leading(test, lang);
    match (lang, asked) {
        (Lang::Nl, Some(asked)) => format!(
            "{variable}: vastgelegd is de {}, maar {because}. Daarom telt hier {test}.",
            asked.name(lang)
        ),
        (Lang::Nl, None) => format!("{variable}: {because}. Daarom telt hier {test}."),
        (Lang::En, Some(asked)) => format!(
            "{variable}: the {} is registered, but {because}. Therefore {test} leads here.",
            asked.name(lang)
        ),
        (Lang::En, None) => format!("{variable}: {because}. Therefore {test} leads here."),
    }
}

/// Receipt is unknown for some: what the effect on compliers could be.
pub fn receipt_unknown(
    variable: &str,
    people: u64,
    between: Option<(f64, f64)>,
    lang: Lang,
) -> String {
    let n = sentence::people(people, lang);
    let range = between.map(|(low, high)| {
        let (low, high) = (number::fixed(low, 2, lang), number::fixed(high, 2, lang));
        match lang {
            Lang::Nl => {
                format!(" Naar gelang wat voor hen geldt, ligt het tussen {low} en {high}.")
            }
            Lang::En => {
                format!(" It lies between {low} and {high}, depending on what holds for them.")
            }
        }
    });
    let range = range.unwrap_or_default();
    match lang {
        Lang::Nl => format!(
            "{variable}: van {n} met een bekende uitkomst is niet bekend of zij de interventie ontvingen. Hen weglaten \
             zou de loting ongedaan maken; daarom staat er geen effect bij deelnemers.{range} Telt onbekend als niet \
             ontvangen, zeg dat dan in het protocol: unknown = \"not_received\" onder [compliance]."
        ),
        Lang::En => format!(
            "{variable}: of {n} with a known outcome it is not known whether they received the intervention. Leaving them \
             out would undo the draw, so no effect among compliers is given.{range} If unknown counts as not received, \
             say so in the protocol: unknown = \"not_received\" in [compliance]."
        ),
    }
}

fn leading(test: TestName, lang: Lang) -> String {
    match (test, lang) {
        (TestName::Permutation, Lang::Nl) => "de loting die opnieuw is gedaan".to_owned(),
        (TestName::Permutation, Lang::En) => "the draw made again".to_owned(),
        (_, Lang::Nl) => format!("de {}", test.name(lang)),
        (_, Lang::En) => format!("the {}", test.name(lang)),
    }
}

fn because(reason: StandIn, lang: Lang) -> &'static str {
    let (nl, en) = match reason {
        StandIn::YesOrNo => (
            "een t-toets is er niet voor een uitkomst van ja of nee",
            "a t-test is not made for a yes/no outcome",
        ),
        StandIn::SparseTable => (
            "er is een verwachte celfrequentie onder de 5, en dan klopt de kans op toeval van een benadering niet",
            "an expected cell count is below 5, and the error rate of an approximation does not hold then",
        ),
        StandIn::ErrorRate => (
            "die toets verwerpt met deze aantallen te vaak als er geen effect is",
            "with these totals that test rejects too often where there is no effect",
        ),
        StandIn::SmallArm => (
            "een groep is te klein, of de waarden zijn te scheef verdeeld, om de spreiding te kennen",
            "an arm is too small, or the values are too skewed, to know their spread",
        ),
        StandIn::DrawnInStrata => (
            "er is binnen strata geloot, en die toets weet daar niet van",
            "the draw was within strata, of which that test knows nothing",
        ),
        StandIn::DrawnByCluster => (
            "er is per cluster geloot, en die toets neemt mensen alsof zij een voor een geloot zijn",
            "clusters were drawn, and that test takes people as drawn one by one",
        ),
        StandIn::FewClusters => (
            "er zijn te weinig clusters, of zij zijn te ongelijk, voor een standaardfout",
            "the clusters are too few, or too unequal, for a standard error",
        ),
        StandIn::ThinStrata => (
            "de strata zijn te klein voor een standaardfout daarbinnen",
            "the strata are too small for a standard error within them",
        ),
        StandIn::UnequalSpread => (
            "de groepen verschillen in grootte en in spreiding, en die toets neemt een spreiding voor beide",
            "the arms differ in size and in spread, and that test takes one spread for both",
        ),
        StandIn::NotDefined => (
            "die toets heeft voor deze gegevens geen antwoord",
            "that test has no answer for these data",
        ),
    };
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}
