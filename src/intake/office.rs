//! The office's side of a draw: which caseworker sees whom, and who is invited when.

use std::collections::HashMap;

use crate::design::{self, ArmCount, Plan, Texts, caseworkers, invitations};
use crate::error::Result;
use crate::protocol::Caseworker;

/// Per person, as the allocation has it; nothing for who is in an arm without caseworkers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// As an index into the caseworkers of the protocol.
    pub caseworker: Vec<Option<usize>>,
    /// The place in the arm's order of invitation, from 1; the members of a cluster share one.
    pub invitation: Vec<Option<u32>>,
}

impl Office {
    /// Divides the people of every arm that has caseworkers. `arm_of` has the arm of everybody who
    /// takes part. In a later batch places are divided as they were in the first draw, whose numbers
    /// are `first`.
    ///
    /// # Errors
    /// Those of [`caseworkers`].
    pub fn new<'n>(
        plan: &Plan,
        people: &[Caseworker],
        ids: &dyn Texts,
        clusters: Option<&dyn Texts>,
        arm_of: impl Fn(usize) -> Option<&'n str>,
        first: Option<&[ArmCount]>,
    ) -> Result<Option<Self>> {
        if people.is_empty() {
            return Ok(None);
        }
        let rows = ids.count();
        let mut office = Office {
            caseworker: vec![None; rows],
            invitation: vec![None; rows],
        };
        let mut arms: Vec<&str> = Vec::new();
        for person in people {
            if !arms.contains(&person.arm.as_str()) {
                arms.push(&person.arm);
            }
        }
        for arm in arms {
            let of_arm: Vec<usize> = (0..people.len())
                .filter(|&i| people[i].arm == arm)
                .collect();
            let units = UnitsOf::new(ids, clusters, |row| arm_of(row) == Some(arm));
            let mut plans: Vec<design::Caseworker> =
                of_arm.iter().map(|&i| people[i].plan.clone()).collect();
            if let Some(first) = first {
                let first = first.iter().find(|count| count.arm == arm);
                let first = first.map_or(0, |count| count.units);
                plans = design::caseworkers_of_batch(&plans, first, units.keys.len() as u64)?;
            }
            let division = caseworkers(plan, arm, &units.keys, &plans)?;
            let order = invitations(plan, arm, &units.keys)?;
            for (row, unit) in units.of_row {
                office.caseworker[row] = Some(of_arm[division[unit]]);
                office.invitation[row] = Some(order[unit]);
            }
        }
        Ok(Some(office))
    }
}

/// The units of one arm by their keys, and the rows with the unit that each belongs to.
struct UnitsOf<'a> {
    keys: Vec<&'a str>,
    of_row: Vec<(usize, usize)>,
}

impl<'a> UnitsOf<'a> {
    fn new(
        ids: &'a dyn Texts,
        clusters: Option<&'a dyn Texts>,
        takes_part: impl Fn(usize) -> bool,
    ) -> Self {
        let mut keys = Vec::new();
        let mut of_row = Vec::new();
        let mut known: HashMap<&str, usize> = HashMap::new();
        for row in (0..ids.count()).filter(|&row| takes_part(row)) {
            let unit = match clusters {
                None => keys.len(),
                Some(clusters) => *known.entry(clusters.text(row).trim()).or_insert(keys.len()),
            };
            if unit == keys.len() {
                keys.push(clusters.unwrap_or(ids).text(row).trim());
            }
            of_row.push((row, unit));
        }
        UnitsOf { keys, of_row }
    }
}
