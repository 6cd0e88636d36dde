//! An intervention delivered by few people: the effect with what they have in common.

use super::absent::{left_out, model_reason};
use crate::results::{NestedRow, Note, Reason, ResultPart};
use crate::stats::nested::partially_nested;
use crate::study::Contrast;

/// The effect with people nested in those who saw them; none where nobody of the intervention arm has a provider.
pub(super) fn nested(contrast: &Contrast<'_>, notes: &mut Vec<Note>) -> Option<NestedRow> {
    let study = contrast.study;
    let providers = study.providers.as_ref()?;
    let sample = contrast.sample()?;
    let of: Vec<Option<usize>> = sample.people.iter().map(|&row| providers.of[row]).collect();
    let count = |arm: bool| {
        let own = of.iter().zip(&sample.treated).filter(|(_, z)| **z == arm);
        let mut seen: Vec<usize> = own.filter_map(|(provider, _)| *provider).collect();
        seen.sort_unstable();
        seen.dedup();
        seen.len() as u64
    };
    let (treated_providers, control_providers) = (count(true), count(false));
    if treated_providers == 0 {
        return None;
    }
    let found = match study.design.clusters {
        Some(_) => Err(Reason::DrawnByCluster),
        None => {
            let strata = study.design.strata_of(&sample.people);
            partially_nested(
                &sample.y,
                &sample.treated,
                &of,
                strata.as_deref(),
                study.level,
            )
            .map_err(|error| model_reason(contrast, error))
        }
    };
    let effect = match found {
        Ok(effect) => Some(effect),
        Err(reason) => {
            notes.push(left_out(contrast, &[ResultPart::Nested], reason));
            None
        }
    };
    Some(NestedRow {
        treated: contrast.arm(contrast.treated).to_string(),
        control: contrast.arm(contrast.control()).to_string(),
        provider: providers.column.clone(),
        treated_providers,
        control_providers,
        n: sample.y.len() as u64,
        effect,
    })
}
