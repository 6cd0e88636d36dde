//! What a trial lays down: the table of keys, what deviates from it, and who is the control.

use clap::CommandFactory;
use fip::cli::Cli;
use fip::protocol::{KEYS, Trial, parse};
use fip::results::{Note, Registered};

use crate::workdir::Workdir;

/// A protocol that says everything, one key a line.
const WHOLE: &str = r#"
[trial]
name = "Proef"
language = "nl"
synthetic = true
start = 2017-03-01
end = "2018-03-01"
[register]
file = "register.csv"
id = "nr"
where = "leeftijd < 65"
missing = ["", "onb."]
decimal = "comma"
delimiter = ";"
people = ["8"]
id_width = 9
not_people = ["Totaal"]
[outcomes]
file = "uit.csv"
id = "client"
where = "blok = 1"
missing = ["9"]
decimal = "point"
delimiter = ","
people = ["9x"]
id_width = 7
not_people = ["Som"]
[assignment]
method = "stratified"
seed = "1"
strata = ["wijk"]
cluster = "huis"
count = "persons"
[[assignment.arm]]
name = "a"
size = 10
role = "intervention"
label = { nl = "A" }
[[assignment.arm]]
name = "b"
share = 0.25
[[assignment.arm]]
name = "c"
role = "control"
[[assignment.caseworker]]
name = "De Boer"
places = 5
arm = "a"
[[covariate]]
name = "leeftijd"
kind = "ordinal"
levels = ["1", "2"]
label = { nl = "Leeftijd" }
level_labels = { nl = ["jong", "oud"] }
blank = "1"
dash = "2"
missing = ["77"]
[[outcome]]
name = "werk"
kind = "ordinal"
levels = ["3", "4"]
label = { nl = "Werk" }
level_labels = { nl = ["nee", "ja"] }
blank = "3"
dash = "4"
missing = ["88"]
baseline = "werk_toen"
family = "f"
primary = true
exclude = "reden = 'AOW'"
tests = ["welch_t"]
[compliance]
received = "gesprekken >= 2"
reason = "waarom"
unknown = "not_received"
[analysis]
alpha = 0.05
adjust = ["leeftijd"]
permutations = 1000
se_type = "HC2"
subgroups = ["wijk"]
treated = ["a"]
provider = "wie"
[report]
min_cell = 5
programme_cost = 1000.0
[[cost]]
outcome = "werk"
amount = 10.0
label = { nl = "Bedrag" }
price_level = "2016"
horizon = "een jaar"
"#;

/// Every key, with another line in place of its own.
const OTHERWISE: &[(&str, &str, &str)] = &[
    ("trial.name", "name = \"Proef\"", "name = \"Anders\""),
    ("trial.language", "language = \"nl\"", "language = \"en\""),
    ("trial.synthetic", "synthetic = true", "synthetic = false"),
    ("trial.start", "start = 2017-03-01", "start = 2017-03-02"),
    ("trial.end", "end = \"2018-03-01\"", "end = 2018-03-02"),
    ("register.file", "\"register.csv\"", "\"ander.csv\""),
    ("register.id", "id = \"nr\"", "id = \"bsn\""),
    ("register.where", "leeftijd < 65", "leeftijd < 60"),
    ("register.missing", "\"onb.\"", "\"?\""),
    (
        "register.decimal",
        "decimal = \"comma\"",
        "decimal = \"point\"",
    ),
    (
        "register.delimiter",
        "delimiter = \";\"",
        "delimiter = \"|\"",
    ),
    ("register.id_width", "id_width = 9", "id_width = 8"),
    ("register.people", "people = [\"8\"]", "people = [\"7\"]"),
    ("register.not_people", "[\"Totaal\"]", "[\"Total\"]"),
    ("outcomes.file", "\"uit.csv\"", "\"uit2.csv\""),
    ("outcomes.id", "id = \"client\"", "id = \"nr2\""),
    ("outcomes.where", "blok = 1", "blok = 2"),
    ("outcomes.missing", "[\"9\"]", "[\"8\"]"),
    (
        "outcomes.decimal",
        "decimal = \"point\"",
        "decimal = \"comma\"",
    ),
    (
        "outcomes.delimiter",
        "delimiter = \",\"",
        "delimiter = \"|\"",
    ),
    ("covariate.blank", "blank = \"1\"", "blank = \"2\""),
    ("covariate.dash", "dash = \"2\"", "dash = \"1\""),
    ("covariate.missing", "[\"77\"]", "[\"78\"]"),
    ("outcome.blank", "blank = \"3\"", "blank = \"4\""),
    ("outcome.dash", "dash = \"4\"", "dash = \"3\""),
    ("outcome.missing", "[\"88\"]", "[\"89\"]"),
    ("outcomes.id_width", "id_width = 7", "id_width = 6"),
    ("outcomes.people", "[\"9x\"]", "[\"9y\"]"),
    ("outcomes.not_people", "[\"Som\"]", "[\"Sum\"]"),
    (
        "assignment.method",
        "method = \"stratified\"\nseed = \"1\"\nstrata = [\"wijk\"]",
        "method = \"complete\"\nseed = \"1\"",
    ),
    ("assignment.seed", "seed = \"1\"", "seed = \"2\""),
    (
        "assignment.strata",
        "strata = [\"wijk\"]",
        "strata = [\"buurt\"]",
    ),
    (
        "assignment.cluster",
        "cluster = \"huis\"",
        "cluster = \"straat\"",
    ),
    (
        "assignment.count",
        "count = \"persons\"",
        "count = \"units\"",
    ),
    ("assignment.arm.name", "name = \"b\"", "name = \"d\""),
    ("assignment.arm.size", "size = 10", "size = 11"),
    ("assignment.arm.share", "share = 0.25", "share = 0.26"),
    (
        "assignment.arm.role",
        "role = \"control\"",
        "role = \"intervention\"",
    ),
    (
        "assignment.arm.label",
        "label = { nl = \"A\" }",
        "label = { nl = \"Z\" }",
    ),
    (
        "assignment.caseworker.name",
        "name = \"De Boer\"",
        "name = \"Özdemir\"",
    ),
    ("assignment.caseworker.places", "places = 5", "places = 6"),
    (
        "assignment.caseworker.arm",
        "places = 5\narm = \"a\"",
        "places = 5\narm = \"b\"",
    ),
    (
        "covariate.name",
        "name = \"leeftijd\"\nkind",
        "name = \"jaren\"\nkind",
    ),
    (
        "covariate.kind",
        "kind = \"ordinal\"\nlevels = [\"1\", \"2\"]",
        "kind = \"categorical\"\nlevels = [\"1\", \"2\"]",
    ),
    (
        "covariate.levels",
        "levels = [\"1\", \"2\"]",
        "levels = [\"2\", \"1\"]",
    ),
    ("covariate.label", "nl = \"Leeftijd\"", "nl = \"Jaren\""),
    (
        "covariate.level_labels",
        "[\"jong\", \"oud\"]",
        "[\"j\", \"o\"]",
    ),
    ("outcome.name", "name = \"werk\"", "name = \"baan\""),
    (
        "outcome.kind",
        "kind = \"ordinal\"\nlevels = [\"3\", \"4\"]",
        "kind = \"categorical\"\nlevels = [\"3\", \"4\"]",
    ),
    (
        "outcome.levels",
        "levels = [\"3\", \"4\"]",
        "levels = [\"4\", \"3\"]",
    ),
    ("outcome.label", "nl = \"Werk\"", "nl = \"Baan\""),
    (
        "outcome.level_labels",
        "[\"nee\", \"ja\"]",
        "[\"n\", \"j\"]",
    ),
    (
        "outcome.baseline",
        "baseline = \"werk_toen\"",
        "baseline = \"werk_eerst\"",
    ),
    ("outcome.family", "family = \"f\"", "family = \"g\""),
    ("outcome.primary", "primary = true", "primary = false"),
    ("outcome.exclude", "reden = 'AOW'", "reden = 'verhuisd'"),
    ("outcome.tests", "[\"welch_t\"]", "[\"student_t\"]"),
    ("compliance.received", "gesprekken >= 2", "gesprekken >= 1"),
    (
        "compliance.reason",
        "reason = \"waarom\"",
        "reason = \"oorzaak\"",
    ),
    (
        "compliance.unknown",
        "unknown = \"not_received\"",
        "unknown = \"missing\"",
    ),
    ("analysis.alpha", "alpha = 0.05", "alpha = 0.1"),
    (
        "analysis.adjust",
        "adjust = [\"leeftijd\"]",
        "adjust = [\"wijk\"]",
    ),
    (
        "analysis.permutations",
        "permutations = 1000",
        "permutations = 999",
    ),
    ("analysis.se_type", "se_type = \"HC2\"", "se_type = \"HC3\""),
    (
        "analysis.subgroups",
        "subgroups = [\"wijk\"]",
        "subgroups = [\"huis\"]",
    ),
    (
        "analysis.provider",
        "provider = \"wie\"",
        "provider = \"ander\"",
    ),
    (
        "analysis.treated",
        "treated = [\"a\"]",
        "treated = [\"a\", \"b\"]",
    ),
    ("report.min_cell", "min_cell = 5", "min_cell = 6"),
    (
        "report.programme_cost",
        "programme_cost = 1000.0",
        "programme_cost = 1001.0",
    ),
    (
        "cost.outcome",
        "outcome = \"werk\"\namount = 10.0",
        "outcome = \"werk\"\namount = 11.0",
    ),
    ("cost.amount", "amount = 10.0", "amount = 12.0"),
    (
        "cost.label",
        "label = { nl = \"Bedrag\" }",
        "label = { nl = \"Prijs\" }",
    ),
    (
        "cost.price_level",
        "price_level = \"2016\"",
        "price_level = \"2017\"",
    ),
    (
        "cost.horizon",
        "horizon = \"een jaar\"",
        "horizon = \"twee jaar\"",
    ),
];

fn trial(text: &str) -> Trial {
    parse(text, "trial.toml").unwrap()
}

fn told(note: &Note) -> Registered {
    match note {
        Note::NotRegistered { what, .. } | Note::RegisteredNotUsed { what, .. } => *what,
        Note::RegisteredNotAnalysed { .. } => Registered::Outcome,
        other => panic!("{other:?} is no deviation"),
    }
}

/// Every key of the table, changed by itself, is told as the table says; how things are called is not.
#[test]
fn every_key_is_told_or_is_a_name() {
    let registered = trial(WHOLE);
    assert!(registered.differences(&registered).is_empty());
    for key in KEYS {
        let (_, own, other) = OTHERWISE
            .iter()
            .find(|(name, _, _)| *name == key.name)
            .unwrap_or_else(|| panic!("nothing is tried for {}", key.name));
        let at = WHOLE.find(own).unwrap_or_else(|| panic!("{own}"));
        let text = format!("{}{other}{}", &WHOLE[..at], &WHOLE[at + own.len()..]);
        // A cost is about an outcome of the protocol, and has to follow its name.
        let text = match key.name {
            "outcome.name" => text.replace("outcome = \"werk\"", "outcome = \"baan\""),
            _ => text,
        };
        let found = registered.differences(&trial(&text));
        match key.told {
            None => assert!(found.is_empty(), "{}: {found:?}", key.name),
            Some(what) => assert!(
                found.iter().any(|note| told(note) == what),
                "{}: {found:?}",
                key.name
            ),
        }
    }
    assert_eq!(OTHERWISE.len(), KEYS.len());
}

/// The table has every key that a protocol may have, and no other: the parser lists those it knows.
#[test]
fn the_table_has_every_key_of_a_protocol() {
    let sections = [
        ("trial", "[trial]\n"),
        ("register", "[register]\n"),
        ("outcomes", "[outcomes]\n"),
        ("assignment", "[assignment]\n"),
        ("assignment.arm", "[assignment]\n[[assignment.arm]]\n"),
        (
            "assignment.caseworker",
            "[assignment]\n[[assignment.caseworker]]\n",
        ),
        ("covariate", "[[covariate]]\n"),
        ("outcome", "[[outcome]]\n"),
        ("compliance", "[compliance]\n"),
        ("analysis", "[analysis]\n"),
        ("report", "[report]\n"),
        ("cost", "[[cost]]\n"),
    ];
    for (section, text) in sections {
        let error = parse(&format!("{text}zzz = 1\n"), "t").unwrap_err();
        let message = error.message();
        let (_, listed) = message.split_once("expected").unwrap();
        let mut known: Vec<&str> = listed.split('`').skip(1).step_by(2).collect();
        known.retain(|name| !(section == "assignment" && ["arm", "caseworker"].contains(name)));
        let mut ours: Vec<&str> = KEYS
            .iter()
            .filter_map(|key| key.name.rsplit_once('.'))
            .filter(|(of, _)| *of == section)
            .map(|(_, name)| name)
            .collect();
        known.sort_unstable();
        ours.sort_unstable();
        assert_eq!(ours, known, "[{section}]");
    }
}

/// Every flag says a key of the table, or is about this one call.
#[test]
fn every_flag_says_a_key() {
    let calls = [
        "--trial",
        "--out",
        "--redraw",
        "--public",
        "--drawn",
        "--drawn-arm",
        "--allocation",
        "--arm",
        "--help",
        "--version",
    ];
    let cli = Cli::command();
    let global: Vec<String> = cli
        .get_arguments()
        .filter_map(|flag| flag.get_long().map(|name| format!("--{name}")))
        .collect();
    for verb in ["assign", "balance", "evaluate"] {
        let command = cli.find_subcommand(verb).unwrap();
        for flag in command.get_arguments().filter_map(|flag| flag.get_long()) {
            let flag = format!("--{flag}");
            let said = KEYS.iter().any(|key| key.flags.contains(&flag.as_str()));
            assert!(
                said || calls.contains(&flag.as_str()) || global.contains(&flag),
                "{verb} {flag} says no key"
            );
        }
    }
}

const REGISTERED: &str = r#"
[register]
id = "id"
missing = [""]
[assignment]
[[assignment.arm]]
name = "i"
size = 20
role = "intervention"
[[assignment.arm]]
name = "c"
role = "control"
[[outcome]]
name = "y"
kind = "numeric"
"#;

fn two_arms(names: [&str; 2]) -> String {
    (0..40).fold(String::from("id,arm,y\n"), |text, i| {
        text + &format!("k{i:02},{},{}\n", names[i % 2], (i * 7) % 5)
    })
}

fn deviations(dir: &Workdir, flags: &str) -> Vec<String> {
    let found = dir
        .fip(&format!(
            "evaluate o.csv --trial trial.toml --arm arm --format json {flags}"
        ))
        .ok()
        .json();
    let notes = found["notes"].as_array().unwrap();
    let about = notes.iter().filter(|note| {
        let code = note["code"].as_str().unwrap();
        code == "not_registered" || code == "registered_not_used"
    });
    about
        .map(|note| {
            let text = |field: &str| note[field].as_str().unwrap().to_owned();
            format!("{} {} {}", text("code"), text("what"), text("name"))
        })
        .collect()
}

#[test]
fn a_flag_over_a_registered_key_is_told() {
    let dir = Workdir::new();
    dir.write("trial.toml", REGISTERED)
        .write("o.csv", two_arms(["c", "i"]))
        .brought_in("o.csv", "arm");
    assert_eq!(deviations(&dir, ""), [""; 0]);
    assert_eq!(deviations(&dir, "--id id --treated i --control c"), [""; 0]);
    assert_eq!(
        deviations(&dir, "--missing 0"),
        [
            "not_registered missing \"0\"",
            "registered_not_used missing \"\""
        ]
    );
    let turned = deviations(&dir, "--treated c --control i");
    for side in [
        "not_registered role control = i",
        "registered_not_used role control = c",
        "not_registered role intervention = c",
        "registered_not_used role intervention = i",
    ] {
        assert!(turned.iter().any(|note| note == side), "{turned:?}");
    }
    dir.fip("evaluate o.csv --trial trial.toml --arm arm --missing 0 --lang nl")
        .ok()
        .shows(&["Niet in het protocol: de codes voor ontbrekend '\"0\"'"]);
}

/// No arm is the control by its place: who draws keeps none, and who evaluates is asked.
#[test]
fn no_arm_is_the_control_by_its_place() {
    let dir = Workdir::new();
    dir.write("register.csv", two_arms(["oud", "nieuw"]))
        .write("o.csv", two_arms(["oud", "nieuw"]));
    dir.fip("assign register.csv --id id --arm oud=20 --arm nieuw --seed 1")
        .ok();
    let arms = dir.json("manifest.json")["design"]["arms"].clone();
    assert!(
        arms.as_array()
            .unwrap()
            .iter()
            .all(|arm| arm.get("role").is_none_or(|role| role.is_null())),
        "{arms}"
    );
    dir.fip("evaluate o.csv --id id --arm arm --outcomes y")
        .exits(2)
        .says(&[
            "which arm is the control? The arms are:",
            "nieuw",
            "--control ARM",
        ]);
    dir.fip("balance register.csv --id id --allocation allocation.csv --covariates y")
        .exits(2)
        .says(&["which arm is the control?"]);
    let said = |flags: &str| {
        let found = dir
            .fip(&format!(
                "evaluate o.csv --id id --arm arm --outcomes y --format json {flags}"
            ))
            .ok()
            .json();
        (
            found["control"].clone(),
            found["outcomes"][0]["answer"][0]["estimate"]
                .as_f64()
                .unwrap(),
        )
    };
    let (control, effect) = said("--control oud");
    assert_eq!(control, "oud");
    let (control, turned) = said("--treated oud");
    assert_eq!((control.as_str(), turned), (Some("nieuw"), -effect));
}

/// A name decides only where it is a whole known word, and then it is said.
#[test]
fn a_name_decides_only_where_it_is_a_whole_known_word() {
    let dir = Workdir::new();
    dir.write("o.csv", two_arms(["controlegesprek", "controle"]));
    let run = "evaluate o.csv --id id --arm arm --outcomes y --format json";
    let found = dir.fip(run).ok().json();
    assert_eq!(found["control"], "controle");
    assert_eq!(found["treated"][0], "controlegesprek");
    assert!(
        found["notes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|note| note["code"] == "arm_roles_guessed")
    );
    dir.write("o.csv", two_arms(["controlegesprek", "brief"]));
    dir.fip(run).exits(2).says(&["which arm is the control?"]);
}

/// With a control, all others are interventions.
#[test]
fn with_a_control_all_others_are_treated() {
    let dir = Workdir::new();
    let text = (0..80).fold(String::from("id,arm,y\n"), |text, i| {
        text + &format!("k{i:02},{},{}\n", ["p", "q", "r", "s"][i % 4], (i * 7) % 5)
    });
    dir.write("o.csv", text);
    let found = dir
        .fip("evaluate o.csv --id id --arm arm --outcomes y --control q --format json")
        .ok()
        .json();
    assert_eq!(found["treated"], serde_json::json!(["p", "r", "s"]));
    dir.fip("evaluate o.csv --id id --arm arm --outcomes y --treated p")
        .exits(2)
        .says(&["which arm is the control?"]);
}
