//! Broken files and arguments: a sentence with a place and a hint, the exit code as
//! designed, and nothing written.

use super::workdir::Workdir;

const REGISTER: &str = "klantnummer;leeftijd;geslacht;huishouden\n001;34;man;a\n002;51;vrouw;a\n003;47;man;b\n004;29;vrouw;c\n";
const OUTCOMES: &str = "klantnummer;groep;uitstroom;trede;gesprekken\n001;interventie;1;2;4\n002;controle;0;1;0\n003;interventie;0;3;1\n004;controle;1;2;0\n";

const DRAW: &str = "--id klantnummer --arm interventie=2 --arm controle --seed 1";
const JUDGE: &str = "--id klantnummer --arm groep --treated interventie";

/// Runs a command on one file and expects it to be refused without a trace.
#[track_caller]
fn refused(file: &str, content: impl AsRef<[u8]>, command: &str, code: i32, says: &[&str]) {
    let dir = Workdir::new();
    dir.write(file, content);
    let ran = dir.fip(command).exits(code).says(&["error: "]).says(says);
    assert!(
        ran.stdout.is_empty(),
        "something was shown all the same: {}",
        ran.stdout
    );
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    assert_eq!(dir.files(), [file.to_string()], "something was written");
}

fn assign(content: impl AsRef<[u8]>, arguments: &str, code: i32, says: &[&str]) {
    refused(
        "register.csv",
        content,
        &format!("assign register.csv {arguments}"),
        code,
        says,
    );
}

fn evaluate(content: impl AsRef<[u8]>, arguments: &str, code: i32, says: &[&str]) {
    refused(
        "outcomes.csv",
        content,
        &format!("evaluate outcomes.csv {arguments}"),
        code,
        says,
    );
}

#[test]
fn a_file_that_is_not_there() {
    refused(
        "other.csv",
        REGISTER,
        &format!("assign register.csv {DRAW}"),
        3,
        &["register.csv", "hint:"],
    );
}

#[test]
fn an_empty_file() {
    assign("", DRAW, 3, &["register.csv", "empty"]);
}

#[test]
fn a_header_without_rows() {
    assign("klantnummer;leeftijd\n", DRAW, 3, &["no rows"]);
}

#[test]
fn an_excel_workbook() {
    assign(
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00",
        DRAW,
        3,
        &["Excel", "CSV"],
    );
}

#[test]
fn no_such_id_column() {
    assign(
        REGISTER,
        "--id klantnumer --arm a=2 --arm b",
        3,
        &["klantnumer", "klantnummer", "hint:"],
    );
}

#[test]
fn no_such_stratum_column() {
    assign(
        REGISTER,
        &format!("{DRAW} --strata geslagt"),
        3,
        &["geslagt", "geslacht"],
    );
}

#[test]
fn no_such_cluster_column() {
    assign(
        REGISTER,
        &format!("{DRAW} --cluster huishoude"),
        3,
        &["huishoude", "huishouden"],
    );
}

#[test]
fn doubled_ids_are_counted() {
    let text = "klantnummer;x\n001;1\n002;2\n001;3\n003;4\n002;5\n004;6\n";
    assign(
        text,
        DRAW,
        3,
        &["register.csv", "row 4", "001", "002", "hint:"],
    );
}

#[test]
fn doubled_ids_differ_in_white_space_only() {
    assign(
        "klantnummer;x\n001;1\n 001 ;2\n003;4\n004;6\n",
        DRAW,
        3,
        &["001", "row 3"],
    );
}

#[test]
fn an_empty_id() {
    assign(
        "klantnummer;x\n001;1\n;2\n003;4\n004;5\n",
        DRAW,
        3,
        &["row 3", "klantnummer", "hint:"],
    );
}

#[test]
fn a_row_with_too_many_fields() {
    assign(
        "klantnummer;x\n001;1\n002;2;3\n003;4\n",
        DRAW,
        3,
        &["row 3", "hint:"],
    );
}

#[test]
fn a_row_with_too_few_fields() {
    assign(
        "klantnummer;x;y\n001;1;1\n002;2\n003;4;4\n",
        DRAW,
        3,
        &["row 3", "hint:"],
    );
}

#[test]
fn a_doubled_header() {
    assign(
        "klantnummer;x;x\n001;1;1\n002;2;2\n",
        DRAW,
        3,
        &["'x'", "hint:"],
    );
}

#[test]
fn sizes_that_do_not_add_up() {
    assign(
        REGISTER,
        "--id klantnummer --arm a=2 --arm b=3",
        2,
        &["5", "4", "register.csv", "hint:"],
    );
}

#[test]
fn a_size_larger_than_the_register() {
    assign(
        REGISTER,
        "--id klantnummer --arm a=9 --arm b",
        2,
        &["9", "4", "hint:"],
    );
}

#[test]
fn one_arm_only() {
    assign(
        REGISTER,
        "--id klantnummer --arm a=2",
        2,
        &["two arms", "hint:"],
    );
}

#[test]
fn the_same_arm_twice() {
    assign(REGISTER, "--id klantnummer --arm a=2 --arm a", 2, &["'a'"]);
}

#[test]
fn a_size_that_is_no_number() {
    assign(
        REGISTER,
        "--id klantnummer --arm a=veel --arm b",
        2,
        &["veel", "hint:"],
    );
}

#[test]
fn a_negative_size() {
    assign(REGISTER, "--id klantnummer --arm a=-3 --arm b", 2, &["-3"]);
}

#[test]
fn shares_above_one() {
    assign(
        REGISTER,
        "--id klantnummer --arm a=0.7 --arm b=0.6",
        2,
        &["share"],
    );
}

#[test]
fn two_arms_that_take_the_rest() {
    assign(REGISTER, "--id klantnummer --arm a --arm b", 2, &["rest"]);
}

#[test]
fn nobody_is_eligible() {
    assign(
        REGISTER,
        &format!("{DRAW} --where 'leeftijd > 99'"),
        3,
        &["leeftijd > 99", "hint:"],
    );
}

#[test]
fn a_condition_on_an_unknown_column() {
    assign(
        REGISTER,
        &format!("{DRAW} --where 'leeftyd > 9'"),
        3,
        &["leeftyd", "leeftijd"],
    );
}

#[test]
fn a_condition_that_is_no_condition() {
    assign(
        REGISTER,
        &format!("{DRAW} --where 'leeftijd >'"),
        2,
        &["leeftijd >"],
    );
}

#[test]
fn strata_that_differ_within_a_cluster() {
    assign(
        REGISTER,
        "--id klantnummer --arm i=1 --arm c --seed 1 --strata geslacht --cluster huishouden",
        3,
        &["'a'", "'man'", "'vrouw'", "hint:"],
    );
}

#[test]
fn an_empty_cluster() {
    assign(
        "klantnummer;huishouden\n001;a\n002;\n003;b\n004;b\n",
        "--id klantnummer --arm i=1 --arm c --cluster huishouden",
        3,
        &["huishouden", "row 3", "hint:"],
    );
}

#[test]
fn simple_randomization_with_sizes() {
    assign(
        REGISTER,
        &format!("{DRAW} --method simple"),
        2,
        &["simple", "share"],
    );
}

#[test]
fn stratified_without_strata() {
    assign(
        REGISTER,
        &format!("{DRAW} --method stratified"),
        2,
        &["strata"],
    );
}

#[test]
fn an_allocation_is_not_overwritten() {
    let dir = Workdir::new();
    dir.write("register.csv", REGISTER);
    dir.fip(&format!("assign register.csv {DRAW}")).ok();
    let (allocation, manifest) = (dir.read("allocation.csv"), dir.read("manifest.json"));
    dir.fip("assign register.csv --id klantnummer --arm interventie=2 --arm controle --seed 2")
        .exits(4)
        .says(&["allocation.csv", "hint:", "--redraw"]);
    assert_eq!(dir.read("allocation.csv"), allocation);
    assert_eq!(dir.read("manifest.json"), manifest);
}

#[test]
fn an_unknown_command() {
    refused("register.csv", REGISTER, "loot register.csv", 2, &["loot"]);
}

#[test]
fn no_such_outcome_column() {
    evaluate(
        OUTCOMES,
        &format!("{JUDGE} --outcomes uitstrom"),
        3,
        &["uitstrom", "uitstroom", "hint:"],
    );
}

#[test]
fn an_arm_that_does_not_occur() {
    evaluate(
        OUTCOMES,
        "--id klantnummer --arm groep --treated fip --outcomes uitstroom",
        3,
        &["fip", "interventie", "controle"],
    );
}

#[test]
fn three_arms_and_no_control() {
    let text = "klantnummer;groep;y\n1;a;1\n2;b;2\n3;c;3\n4;a;4\n";
    evaluate(
        text,
        "--id klantnummer --arm groep --treated a --outcomes y",
        2,
        &["--control"],
    );
}

#[test]
fn a_number_that_is_none() {
    let text = "klantnummer;groep;y\n001;i;1\n002;c;twee\n003;i;3\n004;c;4\n";
    evaluate(
        text,
        "--id klantnummer --arm groep --treated i --outcomes y --kind y=numeric",
        3,
        &["outcomes.csv", "row 3", "'y'", "'twee'", "hint:"],
    );
}

#[test]
fn a_number_with_two_readings() {
    let text = "klantnummer;groep;y\n001;i;1.234\n002;c;2.500\n003;i;3.125\n004;c;4.750\n";
    evaluate(
        text,
        "--id klantnummer --arm groep --treated i --outcomes y",
        3,
        &["1.234", "1234", "--decimal"],
    );
}

#[test]
fn comma_and_point_in_one_file() {
    let text = "klantnummer;groep;y\n001;i;1,5\n002;c;2.5\n003;i;3,25\n004;c;4,5\n";
    evaluate(
        text,
        "--id klantnummer --arm groep --treated i --outcomes y",
        3,
        &["1,5", "2.5"],
    );
}

#[test]
fn a_level_outside_the_list() {
    evaluate(
        OUTCOMES,
        &format!("{JUDGE} --outcomes trede --kind 'trede=ordinal:1|2'"),
        3,
        &["row 4", "'trede'", "'3'", "hint:"],
    );
}

#[test]
fn a_received_expression_on_an_unknown_column() {
    evaluate(
        OUTCOMES,
        &format!("{JUDGE} --outcomes uitstroom --received 'gesprek >= 2'"),
        3,
        &["gesprek", "gesprekken"],
    );
}

#[test]
fn an_alpha_outside_its_range() {
    evaluate(
        OUTCOMES,
        &format!("{JUDGE} --outcomes uitstroom --alpha 5"),
        2,
        &["alpha", "0.05"],
    );
}

#[test]
fn neither_arm_nor_allocation() {
    evaluate(
        OUTCOMES,
        "--id klantnummer --treated interventie --outcomes uitstroom",
        2,
        &["--arm", "--allocation"],
    );
}

#[test]
fn an_unknown_kind() {
    evaluate(
        OUTCOMES,
        &format!("{JUDGE} --outcomes trede --kind trede=soort"),
        2,
        &["soort", "numeric"],
    );
}

#[test]
fn a_protocol_with_an_unknown_key() {
    refused(
        "trial.toml",
        "[trial]\nname = \"x\"\n[register]\nfile = \"r.csv\"\nidd = \"k\"\n",
        "run trial.toml",
        3,
        &["trial.toml", "line 5", "idd", "did you mean 'id'?"],
    );
    refused(
        "trial.toml",
        "[analysis]\nalhpa = 0.1\n",
        "run trial.toml",
        3,
        &["trial.toml", "line 2", "did you mean 'alpha'?"],
    );
}

#[test]
fn a_protocol_with_a_condition_that_is_none() {
    for (section, line) in [
        ("[register]\nfile = \"r.csv\"\nwhere = \"a <\"\n", "line 3"),
        ("[[outcome]]\nname = \"x\"\n\nexclude = \"a <\"\n", "line 4"),
        ("[compliance]\nreceived = \"a <\"\n", "line 2"),
    ] {
        refused(
            "trial.toml",
            section,
            "run trial.toml",
            3,
            &["trial.toml", line, "a <", "hint:"],
        );
    }
}

/// Two arms, and a register and an export with a column of their own.
const TRIAL: &str = "[register]\nfile = \"r.csv\"\nid = \"k\"\nWHERE[assignment]\nseed = \"1\"\n\
    [[assignment.arm]]\nname = \"a\"\nshare = 0.5\nrole = \"intervention\"\n\
    [[assignment.arm]]\nname = \"b\"\nrole = \"control\"\n\
    [outcomes]\nfile = \"o.csv\"\n[[outcome]]\nname = \"uitstroom\"\nkind = \"numeric\"\nEXCLUDE\
    [analysis]\nADJUST\n";

#[test]
fn a_protocol_that_names_a_column_that_is_not_there() {
    let run = |filled: &str, message: &[&str]| {
        let dir = Workdir::new();
        dir.write("r.csv", "k;leeftijd\n1;20\n2;30\n3;40\n4;50\n5;60\n6;70\n");
        dir.write("o.csv", "k;uitstroom\n1;2\n2;3\n3;4\n4;6\n5;5\n6;1\n");
        dir.write("trial.toml", filled);
        match message.contains(&"o.csv") {
            true => dir.drawn().fip("run trial.toml"),
            false => dir.fip("assign trial.toml"),
        }
        .exits(3)
        .says(message);
    };
    let fill = |filter: &str, exclude: &str, adjust: &str| {
        TRIAL
            .replace("WHERE", filter)
            .replace("EXCLUDE", exclude)
            .replace("ADJUST", adjust)
    };
    run(
        &fill("where = \"leeftjd < 65\"\n", "", ""),
        &["trial.toml", "line 4", "did you mean 'leeftijd'?", "r.csv"],
    );
    run(
        &fill("", "exclude = \"uitstrom > 5\"\n", ""),
        &[
            "trial.toml",
            "line 18",
            "did you mean 'uitstroom'?",
            "o.csv",
        ],
    );
    // A covariate may stand in either file.
    run(
        &fill("", "", "adjust = [\"leeftjd\"]"),
        &["'leeftjd'", "did you mean 'leeftijd'?", "o.csv", "r.csv"],
    );
}

#[test]
fn a_draft_without_an_id() {
    let dir = Workdir::new();
    dir.write("r.csv", "groep;leeftijd\nx;20\ny;30\nx;20\ny;50\n");
    dir.fip("init r.csv").ok();
    assert!(dir.read("trial.toml").contains("\n# id = "));
    dir.fip("assign --trial trial.toml")
        .exits(3)
        .says(&["trial.toml", "which column of the register has the id"]);
}

#[test]
fn a_protocol_that_is_no_toml() {
    refused(
        "trial.toml",
        "[trial\nname = x",
        "run trial.toml",
        3,
        &["trial.toml", "line 1"],
    );
}

#[test]
fn a_protocol_without_a_register() {
    refused(
        "trial.toml",
        "[trial]\nname = \"x\"\n",
        "run trial.toml",
        3,
        &["trial.toml", "register"],
    );
}

#[test]
fn a_manifest_that_is_none() {
    let dir = Workdir::new();
    dir.write("register.csv", REGISTER)
        .write("manifest.json", "{\"schema\": \"other\"}");
    dir.fip("verify manifest.json --register register.csv")
        .exits(3)
        .says(&["manifest.json", "hint:"]);
}

#[test]
fn a_report_on_an_empty_folder() {
    let dir = Workdir::new();
    std::fs::create_dir(dir.path("leeg")).unwrap();
    dir.fip("report leeg").exits(3).says(&["leeg", "hint:"]);
}
