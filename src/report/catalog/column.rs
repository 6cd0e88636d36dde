//! What a column of a file is taken for, and why.

use crate::data::{Guess, Why};
use crate::words::Lang;

/// What the column is taken for.
pub fn guess(guess: Guess, lang: Lang) -> &'static str {
    let (nl, en) = match guess {
        Guess::Empty => ("leeg", "empty"),
        Guess::Constant => ("constante", "constant"),
        Guess::Id => ("identificatie", "id"),
        Guess::Numeric => ("numeriek", "numeric"),
        Guess::Binary => ("binair", "binary"),
        Guess::Scale => ("schaal", "scale"),
        Guess::Categorical => ("categorisch", "categorical"),
        Guess::Date => ("datum", "date"),
        Guess::FreeText => ("vrije tekst", "free text"),
    };
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}

/// What the guess rests on, as a clause.
pub fn why(why: Why, lang: Lang) -> &'static str {
    match lang {
        Lang::En => why.because(),
        Lang::Nl => match why {
            Why::NoValues => "er staan geen waarden in",
            Why::OneValue => "er staat maar één waarde in",
            Why::NameAndAllDifferent => "de naam zegt het en alle waarden verschillen",
            Why::AllDifferent => "alle waarden verschillen en lijken op codes",
            Why::RowNumbers => "de waarden nummeren de rijen",
            Why::LeadingZeros => "de getallen hebben voorloopnullen en zijn dus codes",
            Why::YesAndNo => "de waarden betekenen ja en nee",
            Why::Dates => "de waarden zijn datums",
            Why::FewWholeNumbers => "de waarden zijn enkele opeenvolgende gehele getallen",
            Why::Numbers => "de waarden zijn getallen",
            Why::NumbersAndFewTexts => "de waarden zijn op een paar na getallen",
            Why::TwoValues => "er zijn twee waarden",
            Why::FewValues => "er zijn weinig verschillende waarden",
            Why::ManyTexts => "er zijn veel verschillende teksten",
        },
    }
}
