//! What a column looks like.

use fip::data::{Guess, Role, Why};

use super::table;

fn export() -> String {
    let mut text = String::from(
        "klantnummer;naam;groep;geslacht;leeftijd;trede;inkomen;start;werk;code;leeg;jaar;\
         toelichting;huishoudnummer\n",
    );
    for row in 0..60u32 {
        let cells = [
            format!("{:06}", row * 37 + 5),
            format!("k{row}"),
            ["interventie", "controle"][row as usize % 2].into(),
            ["m", "v"][row as usize % 2].into(),
            if row == 9 {
                "999".into()
            } else {
                (18 + row % 47).to_string()
            },
            (1 + row % 6).to_string(),
            if row == 3 {
                "onbekend".into()
            } else {
                format!("{},50", 900 + row * 13)
            },
            format!("{}-3-2017", 1 + row % 28),
            ["ja", "nee", ""][row as usize % 3].into(),
            format!("0{}", row % 4),
            String::new(),
            "2017".into(),
            format!("verhaal nummer {row}"),
            format!("{}", row / 2),
        ];
        text.push_str(&cells.join(";"));
        text.push('\n');
    }
    text
}

#[test]
fn guesses() {
    let read = table(export());
    for (column, guess, why) in [
        ("klantnummer", Guess::Id, Why::NameAndAllDifferent),
        ("naam", Guess::Id, Why::AllDifferent),
        ("groep", Guess::Categorical, Why::TwoValues),
        ("geslacht", Guess::Categorical, Why::TwoValues),
        ("leeftijd", Guess::Numeric, Why::Numbers),
        ("trede", Guess::Scale, Why::FewWholeNumbers),
        ("inkomen", Guess::Numeric, Why::NumbersAndFewTexts),
        ("start", Guess::Date, Why::Dates),
        ("werk", Guess::Binary, Why::YesAndNo),
        ("code", Guess::Categorical, Why::LeadingZeros),
        ("leeg", Guess::Empty, Why::NoValues),
        ("jaar", Guess::Constant, Why::OneValue),
        ("toelichting", Guess::FreeText, Why::ManyTexts),
    ] {
        let profile = read.profile(column).unwrap();
        assert_eq!((profile.guess, profile.why), (guess, why), "{column}");
    }
}

#[test]
fn details() {
    let read = table(export());
    let trede = read.profile("trede").unwrap();
    assert_eq!(trede.levels, ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(trede.range, Some((1.0, 6.0)));
    assert_eq!(trede.frequent[0], ("1".to_string(), 10));
    let werk = read.profile("werk").unwrap();
    assert_eq!((werk.rows, werk.valid, werk.distinct), (60, 40, 2));
    assert_eq!(werk.missing, [(String::new(), 20)]);
    let inkomen = read.profile("inkomen").unwrap();
    assert_eq!(inkomen.missing_candidates, [("onbekend".to_string(), 1)]);
    let leeftijd = read.profile("leeftijd").unwrap();
    assert_eq!(leeftijd.missing_candidates, [("999".to_string(), 1)]);
    let start = read.profile("start").unwrap().dates.unwrap();
    assert_eq!(
        (start.0.to_string(), start.1.to_string()),
        ("2017-03-01".into(), "2017-03-28".into())
    );
    let roles: Vec<Option<Role>> = [
        "klantnummer",
        "groep",
        "geslacht",
        "huishoudnummer",
        "trede",
    ]
    .map(|name| read.profile(name).unwrap().role)
    .to_vec();
    assert_eq!(
        roles,
        [
            Some(Role::Id),
            Some(Role::Arm),
            Some(Role::Covariate),
            Some(Role::Cluster),
            None
        ]
    );
    assert!(read.profile("klantnummer").unwrap().all_different);
    assert_eq!(read.profiles().unwrap().len(), 14);
}
