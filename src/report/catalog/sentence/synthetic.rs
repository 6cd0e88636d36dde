//! Microdata made up to fit a publication, in words.

use crate::publication::synth::Why;
use crate::words::{Lang, number};

/// How many printed figures the microdata give, and how to make the same ones again.
pub fn synthesised(matched: u64, cannot: u64, seed: &str, lang: Lang) -> String {
    let (matched, cannot) = (number::count(matched, lang), number::count(cannot, lang));
    match lang {
        Lang::Nl => format!(
            "Van de gedrukte cellen geven deze gegevens er {matched} precies terug en {cannot} niet. Verbanden \
             die niet in de tabellen staan, zijn willekeurig. Startgetal (seed): {seed}."
        ),
        Lang::En => format!(
            "Of the printed cells these data give back {matched} exactly and {cannot} not. Relations that \
             the tables do not show are arbitrary. Seed: {seed}."
        ),
    }
}

/// Why a printed cell cannot come out of the microdata.
pub fn why_not(why: &Why, lang: Lang) -> String {
    let (nl, en) = match why {
        Why::ReadAs(reason) => return reason.clone(),
        Why::NoWholeNumber => (
            "geen aantal mensen geeft dit getal",
            "no number of people prints so",
        ),
        Why::Contradicts => (
            "mogelijk, maar niet samen met de andere getallen van dit kenmerk",
            "possible, but not together with the variable's other figures",
        ),
        Why::Derived => (
            "de berekening geeft iets anders",
            "the formula gives something else",
        ),
        Why::NotAnArm => (
            "de groep is geen arm van de loting",
            "the group is no arm of the draw",
        ),
        Why::NotOfPeople => (
            "geen kenmerk van personen",
            "not a characteristic of people",
        ),
        Why::NoColumn => ("geen kolom bevat dit", "no column holds it"),
        Why::NoSize => (
            "de omvang van een groep is niet gedrukt",
            "the size of a group is not printed",
        ),
        Why::NoRange => (
            "laagste en hoogste waarde zijn niet te bepalen",
            "lowest and highest value cannot be told",
        ),
    };
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
    .to_owned()
}

/// On every report whose data are made, not observed.
pub fn synthetic(lang: Lang) -> String {
    match lang {
        Lang::Nl => {
            "Deze gegevens zijn door een programma gemaakt en niet bij mensen waargenomen. Trek er \
             geen conclusies uit over het beleid."
        }
        Lang::En => {
            "These data were made by a program, not observed in people. Draw no conclusions about \
             the policy from them."
        }
    }
    .to_owned()
}
