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
    let draws = |draws: Option<u64>| draws.map(|draws| draws.to_string());
    found.differ(
        Registered::Permutations,
        draws(protocol.analysis.permutations).as_deref(),
        draws(plan.permutations).as_deref(),
    );
    notes.extend(found.0);
    for outcome in outcomes {
        let known = protocol
            .outcomes
            .iter()
            .find(|known| known.variable.name == outcome.name && !known.tests.is_empty());
        notes.extend(known.and_then(|known| unregistered_tests(outcome, &known.tests)));
    }
    for known in &protocol.outcomes {
        let name = &known.variable.name;
        if !plan.outcomes.iter().any(|o| o.variable.name == *name) {
            notes.push(Note::RegisteredNotAnalysed { name: name.clone() });
        }
    }
}

/// The tests shown of an outcome beyond those that the protocol names.
fn unregistered_tests(outcome: &OutcomeResult, registered: &[TestName]) -> Option<Note> {
    let mut tests: Vec<TestName> = Vec::new();
    for row in &outcome.tests {
        let test = row.result.test;
        // Levene asks about the spread, not about the effect; drawing again has its own entry
        // in the protocol.
        let of_effect = !matches!(test, TestName::Levene | TestName::Permutation);
        if of_effect && !registered.contains(&test) && !tests.contains(&test) {
            tests.push(test);
        }
    }
    (!tests.is_empty()).then(|| Note::TestsNotRegistered {
        variable: outcome.name.clone(),
        tests,
    })
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
