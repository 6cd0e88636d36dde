//! A registered trial against the one done, key by key.
//!
//! Everything is taken apart in full, without `..`: a new key does not compile until somebody has
//! decided here whether another value is a deviation.

use super::{
    About, Analysis, Arm, Assignment, Caseworker, ComplianceRule, Elsewhere, Ids, InputSpec,
    Outcome, Reading, Report, Roles, Trial,
};
use crate::columns::{Cells, Date, Variable};
use crate::design::{self, ArmPlan, Counting, Quota};
use crate::results::{CostPerCase, Costs, Note, Registered};

impl Trial {
    /// What is done otherwise than registered, as notes, each once: something in place of another, or
    /// where there is none, and the other way round. Names of files are compared without their folder.
    pub fn differences(&self, done: &Trial) -> Vec<Note> {
        let Trial {
            about:
                About {
                    // How the trial is called, and the language of its reports.
                    name: _,
                    language: _,
                    synthetic,
                    start,
                    end,
                },
            register,
            outcomes_file: _,
            assignment,
            roles: _,
            elsewhere:
                Elsewhere {
                    // Told with the assignment's own.
                    strata: _,
                    cluster: _,
                },
            covariates,
            outcomes,
            compliance,
            analysis,
            report: Report { min_cell },
            costs,
            // Where a condition stands is no part of it.
            condition_lines: _,
        } = self;
        let mut found = Found::default();
        let yes = |of: bool| of.then(|| "synthetic".to_string());
        found.differ(
            Registered::Synthetic,
            yes(*synthetic),
            yes(done.about.synthetic),
        );
        let day = |of: &Option<Date>| of.map(|day| day.to_string());
        found.differ(Registered::Start, day(start), day(&done.about.start));
        found.differ(Registered::End, day(end), day(&done.about.end));
        found.file(Registered::RegisterFile, register, &done.register);
        found.file(Registered::OutcomeFile, &self.export(), &done.export());
        found.assignment(assignment.as_ref(), done);
        found.roles(self, done);
        found.characteristics(covariates, &done.covariates);
        found.outcomes(outcomes, &done.outcomes);
        found.compliance(compliance.as_ref(), done.compliance.as_ref());
        found.analysis(analysis, &done.analysis);
        let number = |of: &Option<u64>| of.map(|limit| limit.to_string());
        found.differ(
            Registered::MinCell,
            number(min_cell),
            number(&done.report.min_cell),
        );
        found.costs(costs.as_ref(), done.costs.as_ref());
        found.0
    }
}

/// Deviations, the same one only once: an exclusion may be that of many outcomes.
#[derive(Default)]
struct Found(Vec<Note>);

impl Found {
    fn add(&mut self, note: Note) {
        if !self.0.contains(&note) {
            self.0.push(note);
        }
    }

    fn extra(&mut self, what: Registered, name: impl Into<String>) {
        let name = name.into();
        self.add(Note::NotRegistered { what, name });
    }

    fn unused(&mut self, what: Registered, name: impl Into<String>) {
        let name = name.into();
        self.add(Note::RegisteredNotUsed { what, name });
    }

    /// One thing in place of another, or where there is none.
    fn differ(&mut self, what: Registered, registered: Option<String>, done: Option<String>) {
        if registered == done {
            return;
        }
        if let Some(done) = done {
            self.extra(what, done);
        }
        if let Some(registered) = registered {
            self.unused(what, registered);
        }
    }

    /// The same about one variable.
    fn differ_of(
        &mut self,
        what: Registered,
        name: &str,
        registered: Option<String>,
        done: Option<String>,
    ) {
        let about = |value: String| format!("{name}: {value}");
        self.differ(what, registered.map(about), done.map(about));
    }

    fn sets(&mut self, what: Registered, registered: &[String], done: &[String]) {
        for name in done.iter().filter(|name| !registered.contains(name)) {
            self.extra(what, name.as_str());
        }
        for name in registered.iter().filter(|name| !done.contains(name)) {
            self.unused(what, name.as_str());
        }
    }

    fn file(&mut self, what: Registered, registered: &InputSpec, done: &InputSpec) {
        let InputSpec {
            file,
            id,
            filter,
            reading:
                Reading {
                    missing,
                    decimal,
                    delimiter,
                    ids:
                        Ids {
                            people,
                            not_people,
                            width,
                        },
                },
        } = registered;
        // A folder is no choice; a file that was not named before is none either, it only is there.
        if file.is_some() {
            let own = |file: &Option<String>| {
                let own = |name: &String| name.rsplit(['/', '\\']).next().map(str::to_string);
                file.as_ref().and_then(own)
            };
            self.differ(what, own(file), own(&done.file));
        }
        if id.is_some() {
            self.differ(Registered::Id, id.clone(), done.id.clone());
        }
        self.differ(Registered::Eligibility, filter.clone(), done.filter.clone());
        let codes = |codes: &Option<Vec<String>>| {
            let quoted = |code: &String| format!("\"{code}\"");
            let listed = |codes: &Vec<String>| codes.iter().map(quoted).collect::<Vec<_>>();
            codes.as_ref().map(|codes| listed(codes).join(", "))
        };
        self.differ(
            Registered::Missing,
            codes(missing),
            codes(&done.reading.missing),
        );
        let sign = |sign: &Option<crate::columns::Decimal>| sign.map(|sign| sign.to_string());
        self.differ(
            Registered::Decimal,
            sign(decimal),
            sign(&done.reading.decimal),
        );
        let byte = |byte: &Option<u8>| byte.map(|byte| char::from(byte).to_string());
        self.differ(
            Registered::Delimiter,
            byte(delimiter),
            byte(&done.reading.delimiter),
        );
        let now = &done.reading.ids;
        let number = |of: &Option<usize>| of.map(|width| width.to_string());
        self.differ(Registered::IdWidth, number(width), number(&now.width));
        self.sets(Registered::People, people, &now.people);
        self.sets(Registered::NotPeople, not_people, &now.not_people);
    }

    fn assignment(&mut self, registered: Option<&Assignment>, now: &Trial) {
        let (Some(registered), Some(done)) = (registered, &now.assignment) else {
            return;
        };
        let Assignment {
            method,
            seed,
            strata,
            cluster,
            count,
            arms,
            caseworkers,
        } = registered;
        let method_name =
            |method: &crate::design::Method| Some(format!("{method:?}").to_lowercase());
        self.differ(
            Registered::Method,
            method_name(method),
            method_name(&done.method),
        );
        self.differ(Registered::Seed, seed.clone(), done.seed.clone());
        self.sets(Registered::Strata, strata, now.strata());
        let cluster_now = now.cluster().map(str::to_string);
        self.differ(Registered::Cluster, cluster.clone(), cluster_now);
        let listed = |arms: &[Arm]| arms.iter().map(arm).collect::<Vec<String>>();
        self.sets(Registered::Arm, &listed(arms), &listed(&done.arms));
        let counted = |count: &Counting| {
            let counted = match count {
                Counting::Units => "units",
                Counting::Persons => "persons",
            };
            Some(counted.to_string())
        };
        self.differ(Registered::Counting, counted(count), counted(&done.count));
        // Their names stay out of reports: that they are others is told by how they are now.
        match (caseworkers == &done.caseworkers, &done.caseworkers[..]) {
            (true, _) => {}
            (false, []) => self.unused(Registered::Caseworkers, places(caseworkers)),
            (false, now) => self.extra(Registered::Caseworkers, places(now)),
        }
    }

    fn roles(&mut self, registered: &Trial, done: &Trial) {
        let Roles {
            treated: _,
            control: _,
        } = &registered.roles;
        if let Some(control) = registered.control() {
            let control = Some(format!("control = {control}"));
            let now = done.control().map(|control| format!("control = {control}"));
            self.differ(Registered::Role, control, now);
        }
        let said = |trial: &Trial| -> Vec<String> {
            let arms = trial.treated().into_iter();
            arms.map(|arm| format!("intervention = {arm}")).collect()
        };
        let before = said(registered);
        if !before.is_empty() {
            self.sets(Registered::Role, &before, &said(done));
        }
    }

    /// Covariates: which are compared, and how they are measured.
    fn characteristics(&mut self, registered: &[Variable], done: &[Variable]) {
        let names = |of: &[Variable]| of.iter().map(|of| of.name.clone()).collect::<Vec<_>>();
        if !registered.is_empty() {
            self.sets(Registered::Characteristic, &names(registered), &names(done));
        }
        for variable in registered {
            if let Some(now) = done.iter().find(|now| now.name == variable.name) {
                self.kind(variable, now);
            }
        }
    }

    /// A kind that the file's own values decide is no choice.
    fn kind(&mut self, registered: &Variable, done: &Variable) {
        let Variable {
            name,
            kind,
            levels,
            // What it and its levels are called.
            labels: _,
            level_labels: _,
            cells:
                Cells {
                    blank,
                    dash,
                    missing,
                },
        } = registered;
        let now = &done.cells;
        self.differ_of(Registered::Blank, name, blank.clone(), now.blank.clone());
        self.differ_of(Registered::Dash, name, dash.clone(), now.dash.clone());
        let codes = |codes: &[String]| {
            codes
                .iter()
                .map(|code| format!("{name}: {code}"))
                .collect::<Vec<_>>()
        };
        self.sets(Registered::Missing, &codes(missing), &codes(&now.missing));
        if kind.is_some() && (kind, levels) != (&done.kind, &done.levels) {
            self.extra(Registered::Kind, name.as_str());
        }
    }

    fn outcomes(&mut self, registered: &[Outcome], done: &[Outcome]) {
        for now in done {
            let name = &now.variable.name;
            let Some(known) = registered.iter().find(|known| known.variable.name == *name) else {
                self.extra(Registered::Outcome, name.as_str());
                continue;
            };
            let Outcome {
                variable,
                baseline,
                family,
                primary,
                exclude,
                tests,
            } = known;
            self.differ(Registered::Exclusion, exclude.clone(), now.exclude.clone());
            self.kind(variable, &now.variable);
            self.differ_of(
                Registered::Baseline,
                name,
                baseline.clone(),
                now.baseline.clone(),
            );
            self.differ_of(Registered::Family, name, family.clone(), now.family.clone());
            let first = |primary: bool| primary.then(|| name.clone());
            self.differ(Registered::Primary, first(*primary), first(now.primary));
            let called = |tests: &[crate::results::TestName]| {
                let tests = tests.iter().map(|test| test.key());
                tests
                    .map(|test| format!("{name}: {test}"))
                    .collect::<Vec<_>>()
            };
            self.sets(Registered::Test, &called(tests), &called(&now.tests));
        }
        for known in registered {
            let name = &known.variable.name;
            if !done.iter().any(|now| now.variable.name == *name) {
                let name = name.clone();
                self.add(Note::RegisteredNotAnalysed { name });
            }
        }
    }

    fn compliance(&mut self, registered: Option<&ComplianceRule>, done: Option<&ComplianceRule>) {
        let received = |rule: Option<&ComplianceRule>| rule.map(|rule| rule.received.clone());
        self.differ(Registered::Compliance, received(registered), received(done));
        if let Some(ComplianceRule {
            received: _,
            reason,
            unknown_is_not,
        }) = registered
        {
            let now = done.and_then(|rule| rule.reason.clone());
            self.differ(Registered::Reason, reason.clone(), now);
            let counts = |not: bool| Some(if not { "not_received" } else { "missing" }.to_string());
            let now = done.map_or(*unknown_is_not, |rule| rule.unknown_is_not);
            self.differ(
                Registered::UnknownReceipt,
                counts(*unknown_is_not),
                counts(now),
            );
        }
    }

    fn analysis(&mut self, registered: &Analysis, done: &Analysis) {
        let Analysis {
            alpha,
            adjust,
            permutations,
            se_type,
            subgroups,
            provider,
        } = registered;
        self.sets(Registered::Covariate, adjust, &done.adjust);
        self.sets(Registered::Subgroup, subgroups, &done.subgroups);
        self.differ(
            Registered::Provider,
            provider.clone(),
            done.provider.clone(),
        );
        let some = |value: &dyn ToString| Some(value.to_string());
        self.differ(Registered::Alpha, some(alpha), some(&done.alpha));
        self.differ(
            Registered::SeType,
            some(&se_type.name()),
            some(&done.se_type.name()),
        );
        let draws = |draws: &Option<u64>| draws.map(|draws| draws.to_string());
        self.differ(
            Registered::Permutations,
            draws(permutations),
            draws(&done.permutations),
        );
    }

    fn costs(&mut self, registered: Option<&Costs>, done: Option<&Costs>) {
        let listed = |costs: Option<&Costs>| -> Vec<String> {
            let Some(Costs {
                per_case,
                programme,
            }) = costs
            else {
                return Vec::new();
            };
            let programme = programme.map(|cost| format!("programme: {cost}"));
            per_case.iter().map(price).chain(programme).collect()
        };
        self.sets(Registered::Cost, &listed(registered), &listed(done));
    }
}

fn arm(arm: &Arm) -> String {
    let Arm {
        plan: ArmPlan { name, quota },
        // Told by itself, with what flags say.
        role: _,
        labels: _,
    } = arm;
    match quota {
        Quota::Size(size) => format!("{name} = {size}"),
        Quota::Sizes(sizes) => {
            let sizes: Vec<String> = sizes
                .iter()
                .map(|(stratum, size)| format!("{stratum}: {size}"))
                .collect();
            format!("{name} = {}", sizes.join(", "))
        }
        Quota::Share(share) => format!("{name} = {}", share.to_f64()),
        Quota::Rest => name.clone(),
    }
}

/// Caseworkers by arm and places, without their names.
fn places(caseworkers: &[Caseworker]) -> String {
    let of = |caseworker: &Caseworker| {
        let Caseworker {
            plan: design::Caseworker { name: _, places },
            arm,
        } = caseworker;
        match places {
            Some(places) => format!("{arm}: {places}"),
            None => arm.clone(),
        }
    };
    caseworkers.iter().map(of).collect::<Vec<_>>().join(", ")
}

fn price(cost: &CostPerCase) -> String {
    let CostPerCase {
        outcome,
        amount,
        labels: _,
        price_level,
        horizon,
    } = cost;
    let more = price_level.iter().chain(horizon);
    let more: Vec<&str> = more.map(String::as_str).collect();
    match more.is_empty() {
        true => format!("{outcome}: {amount}"),
        false => format!("{outcome}: {amount} ({})", more.join(", ")),
    }
}
