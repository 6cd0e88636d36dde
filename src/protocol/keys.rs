//! Everything that can be laid down about a trial: the one table of keys.

use crate::results::Registered;

/// A key of `trial.toml`.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// As it is written, with its section: `analysis.alpha`.
    pub name: &'static str,
    /// The flags that say the same, or override it.
    pub flags: &'static [&'static str],
    /// As what another value is told; absent for how things are called and shown, which is no choice
    /// that an effect depends on.
    pub told: Option<Registered>,
}

const fn key(name: &'static str, flags: &'static [&'static str], told: Option<Registered>) -> Key {
    Key { name, flags, told }
}

/// All keys, in the order of a protocol.
pub const KEYS: &[Key] = &[
    key("trial.name", &[], None),
    key("trial.language", &[], None),
    key("trial.synthetic", &[], Some(Registered::Synthetic)),
    key("trial.start", &[], Some(Registered::Start)),
    key("trial.end", &[], Some(Registered::End)),
    key("register.file", &[], Some(Registered::RegisterFile)),
    key("register.id", &["--id"], Some(Registered::Id)),
    key(
        "register.where",
        &["--where"],
        Some(Registered::Eligibility),
    ),
    key(
        "register.missing",
        &["--missing"],
        Some(Registered::Missing),
    ),
    key(
        "register.decimal",
        &["--decimal"],
        Some(Registered::Decimal),
    ),
    key(
        "register.delimiter",
        &["--delimiter"],
        Some(Registered::Delimiter),
    ),
    key(
        "register.id_width",
        &["--id-width"],
        Some(Registered::IdWidth),
    ),
    key("register.people", &["--people"], Some(Registered::People)),
    key(
        "register.not_people",
        &["--not-people"],
        Some(Registered::NotPeople),
    ),
    key("outcomes.file", &[], Some(Registered::OutcomeFile)),
    key("outcomes.id", &["--id"], Some(Registered::Id)),
    key("outcomes.where", &[], Some(Registered::Eligibility)),
    key(
        "outcomes.missing",
        &["--missing"],
        Some(Registered::Missing),
    ),
    key(
        "outcomes.decimal",
        &["--decimal"],
        Some(Registered::Decimal),
    ),
    key(
        "outcomes.delimiter",
        &["--delimiter"],
        Some(Registered::Delimiter),
    ),
    key(
        "outcomes.id_width",
        &["--id-width"],
        Some(Registered::IdWidth),
    ),
    key("outcomes.people", &["--people"], Some(Registered::People)),
    key(
        "outcomes.not_people",
        &["--not-people"],
        Some(Registered::NotPeople),
    ),
    key("assignment.method", &["--method"], Some(Registered::Method)),
    key("assignment.seed", &["--seed"], Some(Registered::Seed)),
    key("assignment.strata", &["--strata"], Some(Registered::Strata)),
    key(
        "assignment.cluster",
        &["--cluster"],
        Some(Registered::Cluster),
    ),
    key("assignment.count", &["--count"], Some(Registered::Counting)),
    key("assignment.arm.name", &["--arm"], Some(Registered::Arm)),
    key("assignment.arm.size", &["--arm"], Some(Registered::Arm)),
    key("assignment.arm.share", &["--arm"], Some(Registered::Arm)),
    key(
        "assignment.arm.role",
        &["--treated", "--control"],
        Some(Registered::Role),
    ),
    key("assignment.arm.label", &[], None),
    key(
        "assignment.caseworker.name",
        &[],
        Some(Registered::Caseworkers),
    ),
    key(
        "assignment.caseworker.places",
        &[],
        Some(Registered::Caseworkers),
    ),
    key(
        "assignment.caseworker.arm",
        &[],
        Some(Registered::Caseworkers),
    ),
    key(
        "covariate.name",
        &["--covariates"],
        Some(Registered::Characteristic),
    ),
    key("covariate.kind", &["--kind"], Some(Registered::Kind)),
    key("covariate.levels", &["--kind"], Some(Registered::Kind)),
    key("covariate.label", &[], None),
    key("covariate.level_labels", &[], None),
    key("covariate.blank", &["--blank"], Some(Registered::Blank)),
    key("covariate.dash", &["--dash"], Some(Registered::Dash)),
    key("covariate.missing", &["--codes"], Some(Registered::Missing)),
    key("outcome.name", &["--outcomes"], Some(Registered::Outcome)),
    key("outcome.kind", &["--kind"], Some(Registered::Kind)),
    key("outcome.levels", &["--kind"], Some(Registered::Kind)),
    key("outcome.label", &[], None),
    key("outcome.level_labels", &[], None),
    key("outcome.blank", &["--blank"], Some(Registered::Blank)),
    key("outcome.dash", &["--dash"], Some(Registered::Dash)),
    key("outcome.missing", &["--codes"], Some(Registered::Missing)),
    key("outcome.baseline", &[], Some(Registered::Baseline)),
    key("outcome.family", &[], Some(Registered::Family)),
    key("outcome.primary", &[], Some(Registered::Primary)),
    key(
        "outcome.exclude",
        &["--exclude"],
        Some(Registered::Exclusion),
    ),
    key("outcome.tests", &[], Some(Registered::Test)),
    key(
        "compliance.received",
        &["--received"],
        Some(Registered::Compliance),
    ),
    key("compliance.reason", &["--reason"], Some(Registered::Reason)),
    key("compliance.unknown", &[], Some(Registered::UnknownReceipt)),
    key("analysis.alpha", &["--alpha"], Some(Registered::Alpha)),
    key(
        "analysis.adjust",
        &["--covariates"],
        Some(Registered::Covariate),
    ),
    key(
        "analysis.permutations",
        &["--permutations"],
        Some(Registered::Permutations),
    ),
    key("analysis.se_type", &["--se-type"], Some(Registered::SeType)),
    key(
        "analysis.subgroups",
        &["--subgroups"],
        Some(Registered::Subgroup),
    ),
    key(
        "analysis.provider",
        &["--provider"],
        Some(Registered::Provider),
    ),
    key("analysis.treated", &["--treated"], Some(Registered::Role)),
    key("report.min_cell", &[], Some(Registered::MinCell)),
    key("report.programme_cost", &[], Some(Registered::Cost)),
    key("cost.outcome", &[], Some(Registered::Cost)),
    key("cost.amount", &[], Some(Registered::Cost)),
    key("cost.label", &[], None),
    key("cost.price_level", &[], Some(Registered::Cost)),
    key("cost.horizon", &[], Some(Registered::Cost)),
];
