//! The chapter that names every method that was used, in plain words, with its source.

use super::catalog::method::{self, Method};
use super::catalog::{Label, sentence};
use super::document::Document;
use super::lang::Lang;
use crate::results::{BalanceTable, Estimator, Evaluation, Measure, TestName};

/// In the order in which they are explained.
const ESTIMATORS: [Estimator; 6] = [
    Estimator::DifferenceInMeans,
    Estimator::BlockedDifferenceInMeans,
    Estimator::ClusterCr2,
    Estimator::Lin,
    Estimator::Ancova,
    Estimator::Iv2sls,
];

const TESTS: [TestName; 11] = [
    TestName::WelchT,
    TestName::StudentT,
    TestName::Levene,
    TestName::PearsonChiSquare,
    TestName::YatesChiSquare,
    TestName::LikelihoodRatio,
    TestName::FisherExact,
    TestName::LinearByLinear,
    TestName::MannWhitney,
    TestName::BrunnerMunzel,
    TestName::Permutation,
];

/// Adds the chapter: estimates, tests, balance, missing values; then the references.
pub fn section(doc: &mut Document, evaluation: Option<&Evaluation>, balance: &[BalanceTable]) {
    let lang = doc.lang;
    let mut paragraphs: Vec<Vec<Method>> = Vec::new();
    if let Some(evaluation) = evaluation {
        paragraphs.push(estimates(evaluation));
        paragraphs.push(tests(evaluation));
    }
    paragraphs.push(balanced(balance));
    if evaluation.is_some() {
        paragraphs.push(vec![method::MISSING]);
    }
    paragraphs.retain(|methods| !methods.is_empty());
    if paragraphs.is_empty() {
        return;
    }
    doc.heading(1, Label::Methods.text(lang));
    for methods in &paragraphs {
        doc.paragraph(joined(methods, lang));
    }
    if let Some(evaluation) = evaluation {
        doc.paragraph(sentence::interval_legend(evaluation.level, lang));
    }
    let mut sources: Vec<&str> = paragraphs
        .iter()
        .flatten()
        .map(|method| method.source)
        .filter(|source| !source.is_empty())
        .collect();
    sources.sort_unstable();
    sources.dedup();
    doc.heading(2, Label::References.text(lang));
    doc.list(sources);
}

fn joined(methods: &[Method], lang: Lang) -> String {
    methods
        .iter()
        .map(|method| method.text(lang))
        .collect::<Vec<_>>()
        .join(" ")
}

fn estimates(evaluation: &Evaluation) -> Vec<Method> {
    let rows = || {
        evaluation
            .outcomes
            .iter()
            .flat_map(|outcome| &outcome.estimates)
    };
    let mut methods = vec![method::ITT];
    for estimator in ESTIMATORS {
        if rows().any(|row| row.estimator == estimator) {
            methods.push(method::estimator(estimator));
        }
    }
    methods.extend(rows().find_map(|row| method::unprotected(row.estimand)));
    let sizes = || {
        evaluation
            .outcomes
            .iter()
            .flat_map(|outcome| &outcome.effect_sizes)
    };
    if sizes().any(|size| size.value.measure == Measure::RiskDifference) {
        methods.push(method::RISK);
    }
    methods
}

fn tests(evaluation: &Evaluation) -> Vec<Method> {
    let used = |test: TestName| {
        evaluation
            .outcomes
            .iter()
            .flat_map(|outcome| &outcome.tests)
            .any(|row| row.result.test == test)
    };
    TESTS
        .into_iter()
        .filter(|test| used(*test))
        .map(method::test)
        .collect()
}

fn balanced(balance: &[BalanceTable]) -> Vec<Method> {
    if balance.iter().all(|table| table.covariates.is_empty()) {
        return Vec::new();
    }
    let mut methods = vec![method::SMD];
    methods.extend(
        balance
            .iter()
            .find_map(|table| table.omnibus.as_ref())
            .map(|omnibus| method::test(omnibus.test)),
    );
    methods
}
