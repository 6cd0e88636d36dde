//! Words in both languages, and how the language is chosen.

use std::collections::BTreeSet;

use fip::columns::VariableKind;
use fip::report::catalog::name::{estimand_explained, short_test};
use fip::report::catalog::{Named, sentence};
use fip::results::{Estimand, Estimator, Measure, TestName};
use fip::words::Label;
use fip::words::Lang::{self, En, Nl};

fn all<T: serde::de::DeserializeOwned>(names: &[&str]) -> Vec<T> {
    names
        .iter()
        .map(|name| {
            serde_json::from_value(serde_json::json!(name)).expect("a name of the file format")
        })
        .collect()
}

fn distinct(names: Vec<&'static str>) {
    for name in &names {
        assert!(!name.is_empty() && name.trim() == *name, "{name:?}");
    }
    let set: BTreeSet<_> = names.iter().collect();
    assert_eq!(set.len(), names.len(), "{names:?}");
}

#[test]
fn everything_fixed_has_a_name_of_its_own() {
    let tests: Vec<TestName> = all(&[
        "welch_t",
        "student_t",
        "levene",
        "pearson_chi_square",
        "yates_chi_square",
        "likelihood_ratio",
        "fisher_exact",
        "mann_whitney",
        "brunner_munzel",
        "linear_by_linear",
        "permutation",
        "hansen_bowers_d2",
    ]);
    let estimands: Vec<Estimand> = all(&["itt", "cace", "per_protocol", "as_treated"]);
    let estimators: Vec<Estimator> = all(&[
        "difference_in_means",
        "blocked_difference_in_means",
        "lin",
        "cluster_cr2",
        "iv_2sls",
        "ancova",
    ]);
    let measures: Vec<Measure> = all(&[
        "risk_difference",
        "risk_ratio",
        "odds_ratio",
        "cohens_d",
        "hedges_g",
        "cramers_v",
        "probability_of_superiority",
    ]);
    let kinds: Vec<VariableKind> = all(&["numeric", "binary", "ordinal", "categorical"]);
    for lang in Lang::ALL {
        distinct(tests.iter().map(|test| test.name(lang)).collect());
        distinct(tests.iter().map(|&test| short_test(test, lang)).collect());
        distinct(
            estimands
                .iter()
                .map(|estimand| estimand.name(lang))
                .collect(),
        );
        distinct(
            estimands
                .iter()
                .map(|&e| estimand_explained(e, lang))
                .collect(),
        );
        distinct(
            estimators
                .iter()
                .map(|estimator| estimator.name(lang))
                .collect(),
        );
        distinct(measures.iter().map(|measure| measure.name(lang)).collect());
        distinct(kinds.iter().map(|kind| kind.name(lang)).collect());
        for label in Label::ALL {
            let text = label.text(lang);
            assert!(
                !text.is_empty() && text.trim() == text && !text.contains("  "),
                "{label:?}"
            );
        }
    }
    assert!(Estimand::AsTreated.name(Nl).contains("niet gerandomiseerd"));
    assert!(Estimand::PerProtocol.name(En).contains("not randomised"));
}

#[test]
fn sentences_agree_with_their_number() {
    assert_eq!(sentence::people(1, Nl), "1 persoon");
    assert_eq!(sentence::people(12_000, Nl), "12.000 personen");
    assert_eq!(sentence::people(0, En), "0 people");
    assert_eq!(
        sentence::received("interventie", 285, 360, Nl),
        "Van de 360 personen in de groep 'interventie' kregen er 285 (79,2%) de interventie."
    );
    assert!(sentence::received("fip", 1, 360, Nl).contains("kreeg er 1 (0,3%)"));
    assert!(sentence::excluded(1, "reden = 'AOW'", Nl).starts_with("1 persoon is"));
    assert!(sentence::excluded(2, "reden = 'AOW'", Nl).starts_with("2 personen zijn"));
    assert!(sentence::unmatched(3, "a.csv", "b.csv", En).starts_with("3 people are in a.csv"));
    assert_eq!(
        sentence::star_legend(Nl),
        "*** p < 0,001; ** p < 0,01; * p < 0,05."
    );
    assert_eq!(
        sentence::star_legend(En),
        "*** p < .001; ** p < .01; * p < .05."
    );
    assert_eq!(
        sentence::group_header("Controlegroep", 668, Nl),
        "Controlegroep (N=668)"
    );
    assert_eq!(sentence::interval_header(0.95, Nl), "95%-BI");
    assert_eq!(sentence::interval_header(0.9, En), "90% CI");
    assert!(sentence::significant_balance(1, 12, 0.05, Nl).contains("naar verwachting 0,6."));
    assert!(sentence::significant_balance(0, 12, 0.05, Nl).starts_with("Op geen van"));
}

#[test]
fn chooses_a_language() {
    assert_eq!(Lang::choose(Some(En), Some(Nl), Some("nl_NL.UTF-8")), En);
    assert_eq!(Lang::choose(None, Some(Nl), Some("en_GB")), Nl);
    assert_eq!(Lang::choose(None, None, Some("nl_BE@euro")), Nl);
    assert_eq!(Lang::choose(None, None, Some("nl")), Nl);
    assert_eq!(Lang::choose(None, None, Some("C.UTF-8")), En);
    assert_eq!(Lang::choose(None, None, Some("nld")), En);
    assert_eq!(Lang::choose(None, None, None), En);
    assert_eq!("NL".parse::<Lang>().unwrap(), Nl);
    assert!("fr".parse::<Lang>().unwrap_err().hint_text().is_some());
}
