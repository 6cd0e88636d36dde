//! Who sees the people of an arm, and how many each of them can take.

use super::parse::{Lines, unique};
use super::raw::RawCaseworker;
use super::{Arm, Caseworker, Role};
use crate::design;
use crate::error::{Result, nearest};

/// The `[[assignment.caseworker]]` tables: of the arm that they name, else of the one arm that is an
/// intervention.
pub fn caseworkers_of(
    lines: &Lines<'_>,
    raw: Vec<RawCaseworker>,
    arms: &[Arm],
) -> Result<Vec<Caseworker>> {
    let names = || arms.iter().map(|arm| arm.plan.name.as_str());
    let mut interventions = arms
        .iter()
        .filter(|arm| arm.role == Some(Role::Intervention));
    let only = match (interventions.next(), interventions.next()) {
        (Some(arm), None) => Some(arm.plan.name.as_str()),
        _ => None,
    };
    unique(lines, "caseworker", raw, |caseworker| &caseworker.name)?
        .into_iter()
        .map(|raw| {
            let at = raw.name.span().start;
            let RawCaseworker { name, places, arm } = raw;
            let name = name.into_inner();
            let arm = match (&arm, only) {
                (Some(arm), _) if names().any(|known| known == arm.get_ref()) => arm.get_ref(),
                (Some(arm), _) => {
                    return Err(lines
                        .error(
                            format!("caseworker '{name}' is of an arm that is not drawn"),
                            arm.span().start,
                        )
                        .value(arm.get_ref().as_str())
                        .hint(match nearest(arm.get_ref(), names()) {
                            Some(near) => format!("did you mean '{near}'?"),
                            None => format!("the arms are: {}", names().collect::<Vec<_>>().join(", ")),
                        }));
                }
                (None, Some(only)) => only,
                (None, None) => {
                    return Err(lines
                        .error(format!("it is not said which arm caseworker '{name}' sees"), at)
                        .hint("add arm = \"…\", or give one arm the role 'intervention'"));
                }
            };
            let places = places
                .map(|places| match u64::try_from(*places.get_ref()) {
                    Ok(number) if number > 0 => Ok(number),
                    _ => Err(lines
                        .error("a caseworker's places are a whole number from 1", places.span().start)
                        .value(places.get_ref().to_string())
                        .hint("leave places out for one caseworker of an arm, who then takes the rest")),
                })
                .transpose()?;
            Ok(Caseworker {
                arm: arm.to_string(),
                plan: design::Caseworker { name, places },
            })
        })
        .collect()
}
