//! What a column's name suggests, in Dutch and English.

/// What part a column may play in a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    Id,
    Arm,
    Cluster,
    Stratum,
    Covariate,
    Baseline,
    Outcome,
}

/// Whole words first: a name is cut at anything that is not a letter or digit.
const WORDS: [(Role, &[&str]); 7] = [
    (
        Role::Id,
        &[
            "id",
            "bsn",
            "nr",
            "nummer",
            "number",
            "uid",
            "uuid",
            "clientid",
            "clientnr",
            "klantnr",
            "klantid",
            "persoonid",
            "respnr",
            "respondent",
            "participant",
            "subject",
        ],
    ),
    (
        Role::Arm,
        &[
            "arm",
            "groep",
            "group",
            "conditie",
            "condition",
            "treatment",
            "treated",
            "toewijzing",
            "allocatie",
            "allocation",
            "assigned",
            "assignment",
            "interventie",
            "intervention",
            "controle",
            "control",
            "loting",
        ],
    ),
    (
        Role::Cluster,
        &[
            "cluster", "partner", "gezin", "hh", "klas", "class", "school", "family",
        ],
    ),
    (
        Role::Stratum,
        &[
            "stratum",
            "strata",
            "blok",
            "block",
            "gemeente",
            "municipality",
            "vestiging",
            "locatie",
            "location",
            "regio",
            "region",
            "site",
        ],
    ),
    (
        Role::Covariate,
        &[
            "geslacht",
            "sekse",
            "sex",
            "gender",
            "leeftijd",
            "age",
            "opleiding",
            "education",
            "nationaliteit",
            "nationality",
            "herkomst",
            "duur",
            "duration",
            "wijk",
            "afdeling",
            "gezinssituatie",
            "kinderen",
            "children",
        ],
    ),
    (
        Role::Baseline,
        &[
            "start",
            "begin",
            "voor",
            "vooraf",
            "voormeting",
            "pre",
            "baseline",
            "t0",
        ],
    ),
    (
        Role::Outcome,
        &[
            "uitkomst",
            "outcome",
            "uitstroom",
            "eind",
            "einde",
            "end",
            "na",
            "achteraf",
            "nameting",
            "post",
            "t1",
            "resultaat",
            "result",
            "score",
        ],
    ),
];

/// Parts of longer words, as Dutch makes them.
const PARTS: [(Role, &[&str]); 6] = [
    (
        Role::Id,
        &[
            "nummer",
            "clientnr",
            "cliëntnr",
            "klantnr",
            "persoonsnr",
            "dossiernr",
            "clientid",
        ],
    ),
    (
        Role::Arm,
        &[
            "groepsindeling",
            "interventiegroep",
            "controlegroep",
            "experimentgroep",
        ],
    ),
    (
        Role::Cluster,
        &["huishoud", "household", "gezinsnr", "partner"],
    ),
    (Role::Stratum, &["gemeente"]),
    (
        Role::Covariate,
        &["geboorte", "leeftijd", "opleiding", "uitkeringsduur"],
    ),
    (Role::Outcome, &["uitstroom", "uitkomst", "outcome"]),
];

/// The role that a name suggests.
pub(super) fn role_of(name: &str) -> Option<Role> {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    // `huishoudnummer` numbers a household, so a longer word is looked at before `nummer`.
    let part = |(role, parts): &(Role, &[&str])| {
        parts
            .iter()
            .any(|part| lower.contains(part))
            .then_some(*role)
    };
    let word = |(role, known): &(Role, &[&str])| {
        known
            .iter()
            .any(|known| words.contains(known))
            .then_some(*role)
    };
    let cluster = PARTS
        .iter()
        .filter(|(role, _)| *role == Role::Cluster)
        .find_map(part);
    cluster
        .or_else(|| WORDS.iter().find_map(word))
        .or_else(|| PARTS.iter().find_map(part))
}
