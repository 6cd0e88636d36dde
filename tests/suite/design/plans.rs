//! Plans: exact shares, sizes by largest remainder, and what is refused.

use fip::design::{Method, Quota, Share, UnitKind};
use fip::error::Kind;

use super::{plan, try_plan};

fn sizes(arms: &[(&str, &str)], units: u64) -> fip::error::Result<Vec<u64>> {
    try_plan(Method::Complete, arms, "s")?.sizes(units, UnitKind::Person)
}

#[track_caller]
fn refused(result: fip::error::Result<impl std::fmt::Debug>, part: &str) {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), Kind::Usage, "{error}");
    assert!(error.to_string().contains(part), "{error}");
    assert!(error.hint_text().is_some(), "{error}");
}

#[test]
fn shares_are_exact_decimals() {
    for (text, shown) in [
        ("0.35", "0.35"),
        (".5", "0.5"),
        ("35%", "0.35"),
        ("12.5 %", "0.125"),
        ("0,35", "0.35"),
        ("1", "1"),
        ("100%", "1"),
        ("1.000", "1"),
        ("0.1000000000000000000000", "0.1"),
        ("0.000000000000000001", "0.000000000000000001"),
        (" 0. ", "0"),
    ] {
        assert_eq!(text.parse::<Share>().unwrap().to_string(), shown, "{text}");
    }
    for text in [
        "",
        "%",
        ".",
        "1.1",
        "101%",
        "-0.1",
        "+0.1",
        "1e-3",
        "0.3.5",
        "a",
        "1/3",
        "NaN",
        "0.0000000000000000001",
        "99999999999999999999999999",
        "٣",
    ] {
        assert!(text.parse::<Share>().is_err(), "{text}");
    }
}

#[test]
fn quotas_are_read_as_on_the_command_line() {
    assert_eq!("360".parse::<Quota>().unwrap(), Quota::Size(360));
    assert_eq!("1".parse::<Quota>().unwrap(), Quota::Size(1));
    assert_eq!(" ".parse::<Quota>().unwrap(), Quota::Rest);
    assert!(matches!("35%".parse::<Quota>().unwrap(), Quota::Share(_)));
    refused("99999999999999999999".parse::<Quota>(), "too large");
    refused("many".parse::<Quota>(), "not a share");
}

#[test]
fn sizes_come_from_sizes_shares_and_the_rest() {
    assert_eq!(
        sizes(&[("a", "360"), ("b", "668")], 1028).unwrap(),
        [360, 668]
    );
    assert_eq!(sizes(&[("a", "360"), ("b", "")], 1028).unwrap(), [360, 668]);
    assert_eq!(
        sizes(&[("a", ""), ("b", "3"), ("c", "4")], 10).unwrap(),
        [3, 3, 4]
    );
    assert_eq!(
        sizes(&[("a", "35%"), ("b", "0.65")], 1000).unwrap(),
        [350, 650]
    );
    // 3.5 and 6.5: a tie, which goes to the earlier arm.
    assert_eq!(sizes(&[("a", "0.35"), ("b", "0.65")], 10).unwrap(), [4, 6]);
    assert_eq!(sizes(&[("b", "0.65"), ("a", "0.35")], 10).unwrap(), [7, 3]);
    // The rest takes part with what is left: 3.5 and 6.5 again.
    assert_eq!(sizes(&[("a", "0.35"), ("b", "")], 10).unwrap(), [4, 6]);
    assert_eq!(sizes(&[("a", ""), ("b", "0.35")], 10).unwrap(), [7, 3]);
    // 3.3, 3.3, 3.4: the largest fraction gets the one seat that is left.
    assert_eq!(
        sizes(&[("a", ".33"), ("b", ".33"), ("c", "")], 10).unwrap(),
        [3, 3, 4]
    );
    // Shares are of all units, also beside a size: 2, 2.5, 5.5.
    assert_eq!(
        sizes(&[("a", "2"), ("b", "0.25"), ("c", "")], 10).unwrap(),
        [2, 3, 5]
    );
    // Tenths have no exact float.
    let tenths: Vec<(String, String)> = (0..10).map(|i| (format!("a{i}"), "0.1".into())).collect();
    let tenths: Vec<(&str, &str)> = tenths.iter().map(|(n, q)| (&n[..], &q[..])).collect();
    assert_eq!(
        sizes(&tenths, 1_000_000_000_000).unwrap(),
        [100_000_000_000; 10]
    );
}

#[test]
fn huge_sizes_do_not_overflow() {
    let half = u64::MAX / 2;
    assert_eq!(
        sizes(&[("a", "0.5"), ("b", "0.5")], u64::MAX).unwrap(),
        [half + 1, half]
    );
    let most = u64::MAX.to_string();
    refused(
        sizes(&[("a", &most), ("b", &most), ("c", "")], 10),
        "too many",
    );
}

#[test]
fn sizes_that_do_not_fit_say_the_difference() {
    refused(
        sizes(&[("a", "360"), ("b", "600")], 1028),
        "68 would get no arm",
    );
    refused(sizes(&[("a", "360"), ("b", "700")], 1028), "32 too many");
    refused(sizes(&[("a", "2000"), ("b", "")], 1028), "972 too many");
    refused(
        sizes(&[("a", "1028"), ("b", "")], 1028),
        "'b' would get none",
    );
    refused(sizes(&[("a", "0.01"), ("b", "")], 10), "'a' would get none");
    refused(
        sizes(&[("a", "0.5"), ("b", "0.5")], 1),
        "'b' would get none",
    );
}

#[test]
fn plans_that_cannot_be_are_refused() {
    let complete = |arms: &[(&str, &str)]| try_plan(Method::Complete, arms, "s");
    refused(complete(&[]), "at least two arms");
    refused(complete(&[("a", "")]), "at least two arms");
    refused(complete(&[("a", ""), ("b", "")]), "both 'a' and 'b'");
    refused(complete(&[("a", "1"), ("a", "")]), "called 'a'");
    refused(complete(&[("a", "1"), (" ", "")]), "has no name");
    refused(complete(&[("a", "1"), ("b\tc", "")]), "control character");
    refused(complete(&[("a", "1"), ("b\n", "")]), "control character");
    refused(complete(&[("a", "0"), ("b", "")]), "size of zero");
    refused(complete(&[("a", "0.0"), ("b", "")]), "size of zero");
    refused(complete(&[("a", "0.6"), ("b", "0.6")]), "0.2 more than 1");
    refused(
        complete(&[("a", "0.33"), ("b", "0.66")]),
        "0.01 less than 1",
    );
    refused(
        complete(&[("a", "0.5"), ("b", "0.5"), ("c", "")]),
        "nothing for arm 'c'",
    );
    refused(
        complete(&[("a", "5"), ("b", "0.5")]),
        "no arm takes the rest",
    );
    refused(
        try_plan(Method::Simple, &[("a", "5"), ("b", "")], "s"),
        "cannot promise sizes",
    );
    refused(
        try_plan(Method::Complete, &[("a", "5"), ("b", "")], ""),
        "seed is empty",
    );
    let many: Vec<(String, String)> = (0..256).map(|i| (i.to_string(), "1".into())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(n, q)| (&n[..], &q[..])).collect();
    assert!(complete(&many).is_err());
    assert!(complete(&many[1..]).is_ok());
}

#[test]
fn the_rest_of_a_simple_draw_is_the_share_that_is_left() {
    let plan = plan(
        Method::Simple,
        &[("a", "0.35"), ("b", ""), ("c", "5%")],
        "s",
    );
    let shares: Vec<String> = plan.shares().iter().map(Share::to_string).collect();
    assert_eq!(shares, ["0.35", "0.6", "0.05"]);
}
