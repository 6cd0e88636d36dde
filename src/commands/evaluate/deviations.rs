//! What is done that the registered protocol doesn't say, and the other way round.

use super::plan::EvaluatePlan;
use crate::protocol::Outcome;
use crate::results::{Note, OutcomeResult, Registered, TestName};

/// Deviations from the protocol, each named once; nothing without a protocol.
pub fn deviations(plan: &EvaluatePlan<'_>, outcomes: &[OutcomeResult], notes: &mut Vec<Note>) {
    let Some(loaded) = plan.loaded else { return };
    let protocol = &loaded.protocol;
    let mut found = Found(Vec::new());
    let registered = |outcome: &Outcome| {
        let mut known = protocol.outcomes.iter();
        known.find(|known| known.variable.name == outcome.variable.name)
    };
    for outcome in &plan.outcomes {
        let name = &outcome.variable.name;
        let Some(known) = registered(outcome) else {
            found.extra(Registered::Outcome, name);
            continue;
        };
        found.differ(
            Registered::Exclusion,
            known.exclude.as_deref(),
            outcome.exclude.as_deref(),
        );
        // A kind that the file's own values decide is no choice.
        let chosen = |of: &Outcome| (of.variable.kind, of.variable.levels.clone());
        if known.variable.kind.is_some() && chosen(known) != chosen(outcome) {
            found.extra(Registered::Kind, name);
        }
    }
    found.differ(
        Registered::Compliance,
        protocol
            .compliance
            .as_ref()
            .map(|rule| rule.received.as_str()),
        plan.compliance.as_ref().map(|rule| rule.received.as_str()),
    );
    let covariates: Vec<&String> = plan.covariates.iter().map(|c| &c.name).collect();
    found.sets(
        Registered::Covariate,
        &protocol.analysis.adjust,
        &covariates,
    );
    let subgroups: Vec<&String> = plan.subgroups.iter().map(|(v, _)| &v.name).collect();
    found.sets(
        Registered::Subgroup,
        &protocol.analysis.subgroups,
        &subgroups,
    );
    let (alpha, used) = (protocol.analysis.alpha, plan.alpha);
    if alpha != used {
        found.differ(
            Registered::Alpha,
            Some(&alpha.to_string()),
            Some(&used.to_string()),
        );
    }
    if protocol.analysis.se_type != plan.se_type {
        found.differ(
            Registered::SeType,
            Some(protocol.analysis.se_type.name()),
            Some(plan.se_type.name()),
        );
    }
    let draws = |draws: Option<u64>| draws.map(|draws| draws.to_string());
    found.differ(
        Registered::Permutations,
        draws(protocol.analysis.permutations).as_deref(),
        draws(plan.permutations).as_deref(),
    );
    notes.extend(found.0);
    notes.extend(unregistered_tests(outcomes, &protocol.outcomes));
    for known in &protocol.outcomes {
        let name = &known.variable.name;
        if !plan.outcomes.iter().any(|o| o.variable.name == *name) {
            notes.push(Note::RegisteredNotAnalysed { name: name.clone() });
        }
    }
}

/// The tests shown of outcomes beyond those that the protocol names for them.
fn unregistered_tests(outcomes: &[OutcomeResult], registered: &[Outcome]) -> Option<Note> {
    let (mut variables, mut tests) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        let known = registered
            .iter()
            .find(|known| known.variable.name == outcome.name && !known.tests.is_empty());
        let Some(known) = known else { continue };
        for row in &outcome.tests {
            let test = row.result.test;
            // Levene asks about the spread, not about the effect; drawing again has its own entry
            // in the protocol.
            if matches!(test, TestName::Levene | TestName::Permutation)
                || known.tests.contains(&test)
            {
                continue;
            }
            if !variables.contains(&outcome.name) {
                variables.push(outcome.name.clone());
            }
            if !tests.contains(&test) {
                tests.push(test);
            }
        }
    }
    (!tests.is_empty()).then_some(Note::TestsNotRegistered { variables, tests })
}

/// Deviations, the same one only once: an exclusion may be that of many outcomes.
struct Found(Vec<Note>);

impl Found {
    fn add(&mut self, note: Note) {
        if !self.0.contains(&note) {
            self.0.push(note);
        }
    }

    fn extra(&mut self, what: Registered, name: &str) {
        self.add(Note::NotRegistered {
            what,
            name: name.to_string(),
        });
    }

    fn unused(&mut self, what: Registered, name: &str) {
        self.add(Note::RegisteredNotUsed {
            what,
            name: name.to_string(),
        });
    }

    /// One thing in place of another, or where there is none.
    fn differ(&mut self, what: Registered, registered: Option<&str>, used: Option<&str>) {
        if registered == used {
            return;
        }
        if let Some(used) = used {
            self.extra(what, used);
        }
        if let Some(registered) = registered {
            self.unused(what, registered);
        }
    }

    fn sets(&mut self, what: Registered, registered: &[String], used: &[&String]) {
        for name in used.iter().filter(|name| !registered.contains(name)) {
            self.extra(what, name);
        }
        for name in registered.iter().filter(|name| !used.contains(name)) {
            self.unused(what, name);
        }
    }
}
