//! The draw and its verification, in words.

use super::{clusters, counted, people, rows};
use crate::design::ArmCount;
use crate::words::{Lang, number};

/// How many were drawn, and by which method.
pub fn drawn(method: &str, eligible: u64, clusters_drawn: Option<u64>, lang: Lang) -> String {
    let who = people(eligible, lang);
    match (lang, clusters_drawn) {
        (Lang::Nl, None) => format!("Geloot onder {who}: {method}."),
        (Lang::En, None) => format!("Drawn among {who}: {method}."),
        (Lang::Nl, Some(n)) => {
            format!(
                "Geloot onder {} met samen {who}: {method} van hele clusters.",
                clusters(n, lang)
            )
        }
        (Lang::En, Some(n)) => {
            format!(
                "Drawn among {} with {who}: {method} of whole clusters.",
                clusters(n, lang)
            )
        }
    }
}

/// Why somebody is not drawn in a later batch.
pub fn drawn_before(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => "al eerder geloot",
        Lang::En => "drawn before",
    }
}

/// Why somebody new is not drawn in a later batch.
pub fn joined_cluster(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => "nieuw in een cluster dat al geloot was: volgt de groep daarvan",
        Lang::En => "new in a cluster that was drawn before: follows its group",
    }
}

/// That sizes count clusters, and what both come to.
pub fn sizes_count_clusters(cluster: &str, arms: &[ArmCount], lang: Lang) -> String {
    let both = in_both(arms, lang);
    match lang {
        Lang::Nl => format!(
            "De gevraagde aantallen tellen clusters ({cluster}), geen personen: {both}. Met count = \"persons\" in \
             [assignment] tellen zij personen."
        ),
        Lang::En => format!(
            "The sizes asked for count clusters ({cluster}), not people: {both}. With count = \"persons\" in \
             [assignment] they count people."
        ),
    }
}

/// That sizes count persons, and what both come to.
pub fn sizes_count_persons(cluster: &str, arms: &[ArmCount], lang: Lang) -> String {
    let both = in_both(arms, lang);
    match lang {
        Lang::Nl => format!(
            "De gevraagde aantallen tellen personen. Een cluster ({cluster}) wordt niet gesplitst, zodat een groep er \
             iets meer of minder kan hebben dan gevraagd: {both}."
        ),
        Lang::En => format!(
            "The sizes asked for count people. A cluster ({cluster}) is not split, so a group may have a few more or \
             fewer than asked for: {both}."
        ),
    }
}

fn in_both(arms: &[ArmCount], lang: Lang) -> String {
    let arm = |arm: &ArmCount| {
        let (units, persons) = (clusters(arm.units, lang), people(arm.persons, lang));
        match lang {
            Lang::Nl => format!("{} {units} met {persons}", arm.arm),
            Lang::En => format!("{} {units} with {persons}", arm.arm),
        }
    };
    arms.iter().map(arm).collect::<Vec<_>>().join(", ")
}

/// Where a seed comes from that nobody gave.
pub fn seed_from_system(lang: Lang) -> String {
    match lang {
        Lang::Nl => {
            "Er is geen startgetal (seed) opgegeven; het besturingssysteem heeft er een getrokken. \
             Bewaar manifest.json: daarmee is de loting te herhalen."
        }
        Lang::En => {
            "No seed was given; the operating system drew one. Keep manifest.json: it makes the \
             draw repeatable."
        }
    }
    .to_owned()
}

/// That this draw replaced earlier ones.
pub fn drawn_again(times: u64, lang: Lang) -> String {
    let times = number::count(times, lang);
    match lang {
        Lang::Nl => format!(
            "Er is opnieuw geloot; eerdere lotingen: {times}. Opnieuw loten tot de groepen bevallen maakt \
             een experiment waardeloos. Vermeld de reden in het verslag."
        ),
        Lang::En => format!(
            "The draw was repeated; earlier draws: {times}. Drawing again until the groups please \
             ruins a trial. State the reason in the report."
        ),
    }
}

/// That people without a value of a stratum are drawn among themselves.
pub fn unknown_stratum(lang: Lang) -> &'static str {
    match lang {
        Lang::Nl => {
            "Wie bij een stratum geen waarde heeft, vormt samen een eigen stratum: (onbekend)."
        }
        Lang::En => "People without a value of a stratum form a stratum of their own: (unknown).",
    }
}

/// Why somebody was not eligible: the first condition that did not hold.
pub fn reason_not_met(condition: &str, lang: Lang) -> String {
    if let Some(term) = condition.strip_suffix(" (missing)") {
        return match lang {
            Lang::Nl => format!("niet te bepalen, waarde ontbreekt: {term}"),
            Lang::En => format!("cannot be told, value missing: {term}"),
        };
    }
    match lang {
        Lang::Nl => format!("niet voldaan aan: {condition}"),
        Lang::En => format!("did not meet: {condition}"),
    }
}

/// The caption over the columns of a file.
pub fn columns_of(file: &str, n: u64, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!("De kolommen van {file} ({})", rows(n, lang)),
        Lang::En => format!("The columns of {file} ({})", rows(n, lang)),
    }
}

/// What to do with a drafted protocol.
pub fn check_draft(lang: Lang) -> String {
    match lang {
        Lang::Nl => {
            "Dit zijn vermoedens. Lees trial.toml regel voor regel na, vul de naam en de groepen in en \
             leg het protocol vast vóór de loting."
        }
        Lang::En => {
            "These are guesses. Read trial.toml line by line, fill in the name and the arms, and \
             register the protocol before the draw."
        }
    }
    .to_owned()
}

/// '… en nog 12 verschillen.'
pub fn and_more(n: u64, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!("en nog {}", counted(n, "verschil", "verschillen", lang)),
        Lang::En => format!("and {} more", counted(n, "difference", "differences", lang)),
    }
}

/// A file that has another hash than it had.
pub fn file_changed(what: &str, expected: &str, found: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!("{what}: gewijzigd (SHA-256 was {expected}, is {found})."),
        Lang::En => format!("{what}: changed (SHA-256 was {expected}, is {found})."),
    }
}

/// Drawing again was not possible.
pub fn not_rederivable(reason: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!("De loting is met dit register niet te herhalen: {reason}."),
        Lang::En => format!("The draw cannot be repeated with this register: {reason}."),
    }
}

/// Drawing again gave another allocation.
pub fn other_draw(expected: &str, found: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => {
            format!("De herhaalde loting is een andere (SHA-256 was {expected}, is {found}).")
        }
        Lang::En => {
            format!("The repeated draw is another one (SHA-256 was {expected}, is {found}).")
        }
    }
}

/// A count that the manifest has otherwise.
pub fn count_differs(what: &str, expected: u64, found: u64, lang: Lang) -> String {
    let (expected, found) = (number::count(expected, lang), number::count(found, lang));
    match lang {
        Lang::Nl => format!("{what}: {found}, volgens het manifest {expected}."),
        Lang::En => format!("{what}: {found}, by the manifest {expected}."),
    }
}

/// A client who was drawn and is not in a file.
pub fn client_missing(id: &str, file: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!(
            "Cliënt {id} is geloot, maar ontbreekt ({}).",
            file.to_lowercase()
        ),
        Lang::En => format!(
            "Client {id} was drawn but is missing ({}).",
            file.to_lowercase()
        ),
    }
}

/// A client in a file who was not drawn.
pub fn client_added(id: &str, file: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!(
            "Cliënt {id} is toegevoegd en was niet geloot ({}).",
            file.to_lowercase()
        ),
        Lang::En => format!(
            "Client {id} was added and had not been drawn ({}).",
            file.to_lowercase()
        ),
    }
}

/// A client who occurs more than once.
pub fn client_repeated(id: &str, times: u64, file: &str, lang: Lang) -> String {
    let times = number::count(times, lang);
    match lang {
        Lang::Nl => format!(
            "Cliënt {id} komt {times} keer voor ({}).",
            file.to_lowercase()
        ),
        Lang::En => format!(
            "Client {id} occurs {times} times ({}).",
            file.to_lowercase()
        ),
    }
}

/// A client whose arm or stratum is not the drawn one.
pub fn value_changed(id: &str, what: &str, drawn: &str, found: &str, lang: Lang) -> String {
    let what = what.to_lowercase();
    match lang {
        Lang::Nl => format!("Cliënt {id}: {what} is '{found}', geloot was '{drawn}'."),
        Lang::En => format!("Client {id}: {what} is '{found}', drawn was '{drawn}'."),
    }
}

/// How alike the arms are, in one sentence.
pub fn alike(large: u64, of: u64, limit: f64, largest: Option<(&str, f64)>, lang: Lang) -> String {
    let limit = number::fixed(limit, 2, lang);
    let (large, all) = (number::count(large, lang), number::count(of, lang));
    let Some((name, smd)) = largest else {
        return match lang {
            Lang::Nl => {
                "De verschillen vóór de start worden niet getoond of zijn niet te berekenen."
                    .to_owned()
            }
            Lang::En => {
                "The differences at baseline are not shown or cannot be computed.".to_owned()
            }
        };
    };
    let smd = number::fixed(smd, 2, lang);
    match lang {
        Lang::Nl => format!(
            "Van de {all} kenmerken waarvan het verschil te zien is, verschillen er {large} meer dan {limit} \
             standaarddeviatie. Het grootste verschil: {smd} ({name})."
        ),
        Lang::En => format!(
            "Of the {all} characteristics whose difference is shown, {large} differ by more than {limit} standard \
             deviations. The largest difference: {smd} ({name})."
        ),
    }
}

/// Where the rest of what a run found is.
pub fn whole_report(files: &str, folder: &str, lang: Lang) -> String {
    match lang {
        Lang::Nl => format!(
            "Dit zijn de hoofdzaken. Het hele verslag, met alle toetsen, figuren, gevoeligheidsanalyses en werkwijze, \
             staat in {files}; als tekst: fip report {folder}."
        ),
        Lang::En => format!(
            "These are the leading results. The whole report, with all tests, figures, sensitivity analyses and methods, \
             is in {files}; as text: fip report {folder}."
        ),
    }
}
