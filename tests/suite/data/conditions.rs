//! SQL conditions over a table.

use fip::condition::Condition;
use fip::data::{Table, Verdict};
use fip::error::Kind;

use super::table;

const REGISTER: &str = "id;leeftijd;geslacht;afdeling;werk;start;eind;bedrag\n\
    1;30;m;Activering & Zorg;ja;2017-01-01;2017-06-30;1.250,50\n\
    2;65;v;Werk;nee;01-02-2017;;10\n\
    3;;v;werk;;2017-03-01;2017-02-01;0\n\
    4;70;;Zorg;ja;;2018-01-01;\n";

fn judge(read: &Table, sql: &str) -> String {
    let verdicts = Condition::parse(sql).unwrap().evaluate(read).unwrap();
    verdicts
        .values()
        .iter()
        .map(|verdict| match verdict {
            Verdict::True => 'T',
            Verdict::False => 'F',
            Verdict::Unknown => '?',
        })
        .collect()
}

#[test]
fn verdicts() {
    let read = table(REGISTER);
    for (sql, wanted) in [
        ("leeftijd < 65", "TF?F"),
        ("leeftijd <= 65", "TT?F"),
        ("65 > leeftijd", "TF?F"),
        ("leeftijd <> 65", "TF?T"),
        ("leeftijd != 65", "TF?T"),
        ("NOT leeftijd = 65", "TF?T"),
        ("leeftijd BETWEEN 30 AND 65", "TT?F"),
        ("leeftijd NOT BETWEEN 30 AND 65", "FF?T"),
        ("leeftijd IN (30, 70)", "TF?T"),
        ("leeftijd NOT IN (30, 70)", "FT?F"),
        ("leeftijd IS NULL", "FFTF"),
        ("leeftijd IS NOT NULL", "TTFT"),
        ("geslacht = 'v'", "FTT?"),
        ("geslacht IN ('v', 'x')", "FTT?"),
        ("afdeling = 'Activering & Zorg'", "TFFF"),
        ("afdeling LIKE '%Zorg'", "TFFT"),
        ("afdeling LIKE 'W_rk'", "FTFF"),
        ("afdeling ILIKE 'werk'", "FTTF"),
        ("afdeling NOT LIKE '%erk'", "TFFT"),
        ("LOWER(afdeling) = 'werk'", "FTTF"),
        ("UPPER(geslacht) = 'M'", "TFF?"),
        ("LENGTH(afdeling) = 4", "FTTT"),
        ("werk", "TF?T"),
        ("NOT werk", "FT?F"),
        ("werk = TRUE", "TF?T"),
        ("werk IS TRUE", "TFFT"),
        ("werk IS NOT TRUE", "FTTF"),
        ("werk IS FALSE", "FTFF"),
        ("werk = 'ja'", "TF?T"),
        ("COALESCE(leeftijd, 0) < 65", "TFTF"),
        ("COALESCE(geslacht, 'onbekend') = 'onbekend'", "FFFT"),
        ("leeftijd + 5 >= 70", "FT?T"),
        ("leeftijd * 2 - 10 = 50", "TF?F"),
        ("10 / bedrag = 1", "FT??"),
        ("ABS(leeftijd - 65) <= 5", "FT?T"),
        ("-leeftijd < -65", "FF?T"),
        ("bedrag > 1250.4", "TFF?"),
        ("start < '2017-02-15'", "TTF?"),
        ("start >= '01-02-2017'", "FTT?"),
        ("'2017-02-01' = start", "FTF?"),
        ("DATE '2017-02-01' < start", "FFT?"),
        ("eind >= start", "T?F?"),
        ("leeftijd > bedrag", "FT??"),
        ("geslacht = afdeling", "FFF?"),
        ("leeftijd < 65 AND geslacht = 'v'", "FF?F"),
        ("leeftijd < 65 OR geslacht = 'v'", "TTT?"),
        ("geslacht = NULL", "????"),
        ("(leeftijd < 65 OR werk) AND afdeling LIKE '%Zorg%'", "TFFT"),
        ("\"leeftijd\" < 65 AND `werk`", "TF?F"),
        ("TRUE", "TTTT"),
    ] {
        assert_eq!(judge(&read, sql), wanted, "{sql}");
    }
}

#[test]
fn numbers_and_texts_of_codes() {
    let read = table("geslacht;x\n1;1\n01;1\n1,0;2,5\n2;1\n");
    assert_eq!(judge(&read, "geslacht = 1"), "TTTF");
    assert_eq!(judge(&read, "geslacht = '1'"), "TFFF");
    let spaced = table("a;\"maanden zonder contact\"\n x ;12\ny;3\n");
    assert_eq!(
        judge(&spaced, "\"maanden zonder contact\" >= 12 AND a = 'x'"),
        "TF"
    );
}

#[test]
fn reasons_add_up() {
    let read = table(REGISTER);
    let sql = "leeftijd < 66 AND (geslacht = 'm' AND werk) AND afdeling IS NOT NULL";
    let verdicts = Condition::parse(sql).unwrap().evaluate(&read).unwrap();
    let counts: Vec<_> = verdicts.reasons().iter().flat_map(|r| r.counts()).collect();
    assert_eq!(
        counts,
        [
            ("leeftijd < 66".to_string(), 1),
            ("leeftijd < 66 (missing)".to_string(), 1),
            ("geslacht = 'm'".to_string(), 1),
        ]
    );
    let excluded: u64 = counts.iter().map(|(_, count)| count).sum();
    assert_eq!(
        excluded as usize,
        read.rows() - verdicts.count(Verdict::True)
    );
    assert_eq!(verdicts.first_failed(1).unwrap().text, "geslacht = 'm'");
    assert!(verdicts.first_failed(0).is_none());
    assert_eq!(verdicts.holds(), [true, false, false, false]);
}

#[test]
fn columns() {
    let condition = Condition::parse("a < 1 AND (b OR a > c)").unwrap();
    assert_eq!(condition.columns().collect::<Vec<_>>(), ["a", "b", "c"]);
    let header = ["a", "b", "cc"].map(String::from);
    let error = condition.check(&header).unwrap_err();
    assert!(error.message().contains("no column 'c'"));
    assert!(error.hint_text().unwrap().contains("'cc'"));
    let quoted = Condition::parse("a = \"ja\"")
        .unwrap()
        .check(&header)
        .unwrap_err();
    assert!(quoted.hint_text().unwrap().contains("single quotes"));
}

#[test]
fn what_cannot_be_read() {
    for (sql, message) in [
        ("", "empty"),
        ("leeftijd <", "cannot be read"),
        ("leeftijd < 3,5", "beyond ','"),
        ("maanden zonder contact >= 12", "beyond 'zonder'"),
        ("a = 'x", "cannot be read"),
        ("CASE WHEN a THEN b END", "not supported"),
        ("a = (SELECT 1)", "not supported"),
        ("CAST(a AS INT) = 1", "not supported"),
        ("SUM(a) = 1", "SUM(…)"),
        ("a % 2 = 0", "not supported"),
        ("t.a = 1", "t.a"),
        ("a LIKE b", "not supported"),
        ("a < 1; DROP TABLE b", "beyond ';'"),
    ] {
        let error = Condition::parse(sql).unwrap_err();
        assert_eq!(error.kind(), Kind::Usage, "{sql}");
        assert!(error.message().contains(message), "{sql}: {error}");
        assert!(error.hint_text().is_some(), "{sql}: {error}");
    }
    let deep = format!("{}a{}", "(".repeat(5000), ")".repeat(5000));
    assert!(Condition::parse(&deep).is_err());
    assert!(Condition::parse(&"a=1 OR ".repeat(5000)).is_err());
}

#[test]
fn long_conditions() {
    let read = table("a;b\n1;x\n9;y\n");
    for joined in [" OR ", " AND "] {
        assert_eq!(judge(&read, &vec!["a=1"; 200].join(joined)), "TF");
        assert!(Condition::parse(&vec!["a=1"; 5000].join(joined)).is_err());
    }
    let list = format!("a IN ({})", vec!["1"; 4900].join(","));
    assert_eq!(judge(&read, &list), "TF");
    let minus = format!("a{} = 1", " - 1".repeat(390));
    assert_eq!(judge(&read, &minus), "FF");
}

#[test]
fn what_cannot_be_judged() {
    let read = table("a;b;d\n1;x;1-1-2017\nzes;y;mei\n");
    for (sql, message) in [
        ("a < 3", "not a number"),
        ("b", "neither yes nor no"),
        ("a < '3'", "as text"),
        ("a = 1 AND 5", "not a number"),
        ("5", "is a value"),
        ("LENGTH(b) = 'x'", "number with a text"),
        ("d = '2017-01-01'", "not a date"),
        ("z = 1", "no column 'z'"),
        ("(b = 'x') < TRUE", "orders truths"),
    ] {
        let error = Condition::parse(sql).unwrap().evaluate(&read).unwrap_err();
        assert!(error.message().contains(message), "{sql}: {error}");
        assert!(error.hint_text().is_some(), "{sql}: {error}");
    }
}

/// Days are ordered as days in every form that an office writes, or not at all.
#[test]
fn dates_are_never_ordered_as_text() {
    let days = [
        (5, 11, 2014),
        (1, 6, 2016),
        (2, 5, 2016),
        (30, 12, 2015),
        (1, 2, 2017),
    ];
    let months = [
        "jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec",
    ];
    type Form = fn((u32, u32, u32), &str) -> String;
    let read: [Form; 8] = [
        |(d, m, y), _| format!("{y}-{m:02}-{d:02}"),
        |(d, m, y), _| format!("{d:02}-{m:02}-{y}"),
        |(d, m, y), _| format!("{d}-{m}-{y}"),
        |(d, m, y), _| format!("{d:02}/{m:02}/{y}"),
        |(d, m, y), _| format!("{d:02}.{m:02}.{y}"),
        |(d, _, y), name| format!("{d} {name} {y}"),
        |(d, _, y), name| format!("{d:02}-{name}-{y}"),
        |(d, m, y), _| format!("{y}{m:02}{d:02}"),
    ];
    let file = |form: Form| {
        let rows = days.map(|day| form(day, months[day.1 as usize - 1]));
        table(format!("dag\n{}\n", rows.join("\n")))
    };
    for form in read {
        let read = file(form);
        assert_eq!(judge(&read, "dag < '2016-06-01'"), "TFTTF", "{read:?}");
        assert_eq!(
            judge(&read, "dag >= '30.12.2015' AND dag <= '31-12-2016'"),
            "FTTTF",
            "{read:?}"
        );
        assert_eq!(
            judge(&read, "dag BETWEEN '1 mei 2016' AND '2016-06-01'"),
            "FTTFF",
            "{read:?}"
        );
    }
    let refused: [Form; 4] = [
        |(d, m, y), _| format!("{d:02}-{m:02}-{:02}", y % 100),
        |(d, _, y), name| format!("{d:02}-{name}-{:02}", y % 100),
        // Excel's number of the day, about.
        |(d, m, y), _| (41_640 + (y - 2014) * 365 + m * 30 + d).to_string(),
        |(_, m, y), _| format!("week {m} van {y}"),
    ];
    for form in refused {
        let read = file(form);
        let error = Condition::parse("dag < '2016-06-01'")
            .unwrap()
            .evaluate(&read)
            .unwrap_err();
        assert!(error.message().contains("compared with a date"), "{error}");
        assert_eq!(error.place().column.as_deref(), Some("dag"));
    }
    // A number and a text have no order.
    let read = table("leeftijd\n30\n40\n");
    let error = Condition::parse("leeftijd < 'abc'")
        .unwrap()
        .evaluate(&read)
        .unwrap_err();
    assert!(error.message().contains("against a text"), "{error}");
}
