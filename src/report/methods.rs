//! The chapter that names every method that was used, in plain words, with its source.
//!
//! What was used is read off the results: every variant of an estimator, test, measure or
//! re-estimate has its sentence in an exhaustive match of the catalogue, and the rows with
//! optional parts are taken apart field by field, so that a new method without a sentence does
//! not compile.

use super::catalog::method::{self, Method};
use super::catalog::{sentence, technique};
use crate::design::Manifest;
use crate::document::Document;
use crate::results::{
    AdjustedRow, ArmCosts, BalanceTable, Computed, CostLine, CostTotal, Estimand, Evaluation,
    Further, MissingRow, OutcomeResult, SeType, SizeMethod, TakeUpRow, TestMethod, TestResult,
};
use crate::words::{Label, Lang};

/// Adds the chapter, a paragraph per subject, then the references.
pub(super) fn section(
    doc: &mut Document,
    manifest: &Manifest,
    evaluation: Option<&Evaluation>,
    balance: &[BalanceTable],
) {
    let lang = doc.lang;
    let mut paragraphs = vec![draw(manifest), balanced(balance)];
    if let Some(evaluation) = evaluation {
        let outcomes = &evaluation.outcomes;
        paragraphs.extend([
            estimates(outcomes),
            tests(outcomes),
            omnibus(outcomes),
            providers(outcomes),
            sizes(outcomes),
            draws(outcomes),
            corrections(outcomes),
            missing(outcomes),
            taken_up(outcomes),
            dose(outcomes),
            change(outcomes),
            chance(outcomes),
            money(evaluation),
        ]);
    }
    let mut seen = Vec::new();
    for methods in &mut paragraphs {
        // What two subjects share is explained once.
        methods.retain(|method| {
            let new = !seen.contains(method);
            seen.push(*method);
            new
        });
    }
    paragraphs.retain(|methods| !methods.is_empty());
    doc.heading(1, Label::Methods.text(lang));
    for methods in &paragraphs {
        doc.paragraph(joined(methods, lang));
    }
    if let Some(evaluation) = evaluation {
        doc.paragraph(sentence::interval_legend(evaluation.level, lang));
    }
    let mut sources: Vec<&str> = seen
        .iter()
        .flat_map(|method| method.source.lines())
        .chain(method::CONSORT.lines())
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

fn draw(manifest: &Manifest) -> Vec<Method> {
    let clusters = manifest.design.cluster.as_ref();
    [technique::draw(manifest.design.method)]
        .into_iter()
        .chain(clusters.map(|_| technique::CLUSTERS))
        .collect()
}

fn balanced(balance: &[BalanceTable]) -> Vec<Method> {
    let rows = || balance.iter().flat_map(|table| &table.covariates);
    let shown = || rows().filter(|row| row.smd.is_some());
    let formulas = shown().map(|row| technique::smd(row.smd_formula));
    let bands = shown().filter_map(|row| row.band).map(|_| technique::BANDS);
    let tests = rows().flat_map(|row| &row.tests);
    let omnibus = balance.iter().flat_map(|table| &table.omnibus);
    formulas
        .chain(bands)
        .chain(tests.chain(omnibus).map(|test| method::test(test.test)))
        .collect()
}

fn estimates(outcomes: &[OutcomeResult]) -> Vec<Method> {
    let rows = || outcomes.iter().flat_map(|outcome| &outcome.estimates);
    let estimators = rows()
        .filter(|row| row.randomised || row.estimand == Estimand::Cace)
        .map(|row| method::estimator(row.estimator));
    let errors = rows()
        .filter_map(|row| row.se_type)
        .filter(|se_type| *se_type != SeType::Hc2)
        .map(technique::se_type);
    let unprotected = rows().filter_map(|row| method::unprotected(row.estimand));
    let first = rows()
        .any(|row| row.estimand == Estimand::Itt)
        .then_some(method::ITT);
    first
        .into_iter()
        .chain(estimators)
        .chain(errors)
        .chain(unprotected)
        .collect()
}

fn tests(outcomes: &[OutcomeResult]) -> Vec<Method> {
    outcomes
        .iter()
        .flat_map(|outcome| &outcome.tests)
        .flat_map(|row| computed(&row.result, &row.computed))
        .collect()
}

/// A test, and how its p-value was found where that needs a word.
fn computed(test: &TestResult, computed: &Computed) -> impl Iterator<Item = Method> {
    let how = computed.method.and_then(|method| match method {
        TestMethod::MidP => Some(technique::MID_P),
        TestMethod::MonteCarlo => Some(technique::MONTE_CARLO),
        TestMethod::Exact
        | TestMethod::Normal
        | TestMethod::Uncorrected
        | TestMethod::Corrected
        | TestMethod::MeanScores
        | TestMethod::GeneralAssociation
        | TestMethod::Tarone => None,
    });
    std::iter::once(method::test(test.test)).chain(how)
}

fn omnibus(outcomes: &[OutcomeResult]) -> Vec<Method> {
    further(outcomes)
        .flat_map(|further| &further.omnibus)
        .map(|row| technique::omnibus(row.method))
        .collect()
}

fn providers(outcomes: &[OutcomeResult]) -> Vec<Method> {
    let mut rows = further(outcomes).flat_map(|further| &further.nested);
    let any = rows.any(|row| row.effect.is_some());
    Vec::from_iter(any.then_some(technique::PARTIALLY_NESTED))
}

fn sizes(outcomes: &[OutcomeResult]) -> Vec<Method> {
    outcomes
        .iter()
        .flat_map(|outcome| &outcome.effect_sizes)
        .flat_map(|row| {
            let scores = row.method == Some(SizeMethod::MiettinenNurminen);
            std::iter::once(technique::measure(row.value.measure))
                .chain(scores.then_some(technique::MIETTINEN_NURMINEN))
        })
        .collect()
}

fn draws(outcomes: &[OutcomeResult]) -> Vec<Method> {
    further(outcomes)
        .flat_map(|further| &further.randomization)
        .map(|row| technique::randomization(row.compares))
        .collect()
}

fn corrections(outcomes: &[OutcomeResult]) -> Vec<Method> {
    further(outcomes)
        .flat_map(|further| &further.adjusted)
        .flat_map(|row| {
            let AdjustedRow {
                treated: _,
                control: _,
                family: _,
                outcomes: _,
                p_value: _,
                holm,
                hochberg,
                benjamini_hochberg,
                westfall_young,
            } = row;
            used([
                (holm.is_some(), technique::HOLM),
                (hochberg.is_some(), technique::HOCHBERG),
                (benjamini_hochberg.is_some(), technique::BENJAMINI_HOCHBERG),
                (westfall_young.is_some(), technique::WESTFALL_YOUNG),
            ])
        })
        .collect()
}

fn missing(outcomes: &[OutcomeResult]) -> Vec<Method> {
    let rows = further(outcomes).flat_map(|further| &further.missing_outcomes);
    [method::MISSING]
        .into_iter()
        .chain(rows.flat_map(|row| {
            let MissingRow {
                treated: _,
                control: _,
                treated_missing: _,
                control_missing: _,
                treated_share: _,
                control_share: _,
                overall: _,
                difference: _,
                conf_low: _,
                conf_high: _,
                test,
                reading: _,
                lee,
                worst_case,
                weighted,
            } = row;
            used([
                (true, technique::ATTRITION),
                (lee.is_some(), technique::LEE),
                (worst_case.is_some(), technique::WORST_CASE),
                (weighted.is_some(), technique::RESPONSE_WEIGHTED),
            ])
            .chain(test.iter().map(|test| method::test(test.test)))
        }))
        .collect()
}

fn taken_up(outcomes: &[OutcomeResult]) -> Vec<Method> {
    further(outcomes)
        .flat_map(|further| &further.take_up)
        .flat_map(|row| {
            let TakeUpRow {
                treated: _,
                control: _,
                received: _,
                leading: _,
                n: _,
                complier_share: _,
                first_stage_f,
                cace: _,
                anderson_rubin,
                compliers_treated,
                compliers_untreated,
                always_takers: _,
                never_takers: _,
            } = row;
            used([
                (first_stage_f.is_some(), technique::FIRST_STAGE),
                (anderson_rubin.is_some(), technique::ANDERSON_RUBIN),
                (
                    compliers_treated.is_some() || compliers_untreated.is_some(),
                    technique::COMPLIERS,
                ),
            ])
        })
        .collect()
}

fn dose(outcomes: &[OutcomeResult]) -> Vec<Method> {
    further(outcomes)
        .flat_map(|further| &further.dose)
        .map(|_| technique::DOSE)
        .collect()
}

fn change(outcomes: &[OutcomeResult]) -> Vec<Method> {
    further(outcomes)
        .flat_map(|further| &further.before_after)
        .flat_map(|row| {
            let tests = row.tests.iter();
            std::iter::once(technique::CHANGE)
                .chain(tests.flat_map(|test| computed(&test.result, &test.computed)))
        })
        .collect()
}

fn chance(outcomes: &[OutcomeResult]) -> Vec<Method> {
    further(outcomes)
        .flat_map(|further| {
            let Further {
                randomization: _,
                adjusted: _,
                missing_outcomes: _,
                omnibus: _,
                nested: _,
                take_up: _,
                chance,
                imbalance,
                subgroups,
                dose: _,
                before_after: _,
                fewest: _,
            } = further;
            let again = chance
                .iter()
                .filter_map(|row| technique::chance(row.method));
            used([(!chance.is_empty(), technique::CHANCE)])
                .chain(again)
                .chain(used([
                    (!imbalance.is_empty(), technique::IMBALANCE),
                    (!subgroups.is_empty(), technique::SUBGROUPS),
                ]))
        })
        .collect()
}

fn money(evaluation: &Evaluation) -> Vec<Method> {
    let arms = evaluation.costs.iter().flat_map(|costs| &costs.arms);
    arms.flat_map(|arm| {
        let ArmCosts {
            treated: _,
            control: _,
            people: _,
            programme_per_participant: _,
            lines,
            total,
        } = arm;
        let priced = |line: &CostLine| line.cost_per_case.is_some();
        let estimators = lines.iter().map(|line| line.estimator);
        let together = total.iter().map(|total: &CostTotal| total.estimator);
        used([
            (!lines.is_empty(), technique::MONEY),
            (lines.iter().any(priced), technique::FIELLER),
        ])
        .chain(estimators.chain(together).map(method::estimator))
        .collect::<Vec<_>>()
    })
    .collect()
}

fn further(outcomes: &[OutcomeResult]) -> impl Iterator<Item = &Further> {
    outcomes.iter().map(|outcome| &outcome.further)
}

fn used<const N: usize>(methods: [(bool, Method); N]) -> impl Iterator<Item = Method> {
    methods
        .into_iter()
        .filter(|(used, _)| *used)
        .map(|(_, method)| method)
}
