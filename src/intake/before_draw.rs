//! What may be adjusted for and looked by: only what was so before the draw.

use super::asked::ToEvaluate;
use super::export::Conditions;
use crate::condition::Condition;
use crate::data;
use crate::error::{Error, Result};

/// Refuses covariates and subgroups that came after the draw: an outcome, and what receipt, its reason or an
/// exclusion is made from, unless the register has it or the protocol lists it as a covariate. Adjusting for
/// them takes away what the intervention did.
pub(super) fn refuse_later(plan: &ToEvaluate<'_>, conditions: &Conditions) -> Result<()> {
    let trial = &plan.trial;
    let covariates = plan.covariates.iter().map(|of| (of, "a covariate"));
    let subgroups = plan.subgroups.iter().map(|(of, _)| (of, "a subgroup"));
    for (variable, part) in covariates.chain(subgroups) {
        let name = &variable.name;
        let refused = |what: &str, hint: &str| {
            Err(
                Error::usage(format!("'{name}' is no {}: {what}", &part[2..]))
                    .file(plan.file.display())
                    .column(name)
                    .hint(hint),
            )
        };
        if trial.outcome(name).is_some() {
            return refused(
                "it is an outcome",
                "name what was measured before the draw: a baseline has a column of its own",
            );
        }
        let uses = |condition: &Option<Condition>| {
            let mut columns = condition.iter().flat_map(Condition::columns);
            columns.any(|column| column == name)
        };
        let rule = trial.compliance.as_ref();
        let made = if uses(&conditions.received) {
            "who received the intervention is told by it"
        } else if rule.and_then(|rule| rule.reason.as_ref()) == Some(name) {
            "it is the reason why somebody did not receive the intervention"
        } else if conditions.exclude.iter().any(uses) && !declared(plan, name) {
            "who is left out is told by it"
        } else {
            continue;
        };
        if !in_register(plan, name)? {
            return refused(
                &format!("{made}, so it came after the draw"),
                "adjusting for it takes away what the intervention did; if it was known before the draw, let the register have it, or list it as [[covariate]] in the protocol",
            );
        }
    }
    Ok(())
}

fn declared(plan: &ToEvaluate<'_>, name: &str) -> bool {
    let mut listed = plan
        .loaded
        .iter()
        .flat_map(|loaded| &loaded.trial.covariates);
    listed.any(|covariate| covariate.name == name)
}

fn in_register(plan: &ToEvaluate<'_>, name: &str) -> Result<bool> {
    match &plan.register {
        None => Ok(false),
        Some((path, options)) => Ok(data::open(path, options)?
            .header()
            .iter()
            .any(|of| of == name)),
    }
}
