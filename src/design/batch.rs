//! A later register: who is new, and who of them comes to a household that was drawn before.

use std::collections::HashMap;

use super::units::{Texts, key};
use crate::error::{Error, Result};

/// Everybody who was drawn before, in whatever batch.
pub struct Before<'a> {
    pub ids: &'a dyn Texts,
    pub clusters: Option<&'a dyn Texts>,
    pub arms: &'a dyn Texts,
}

/// The rows of a later register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomers {
    /// The rows to draw from: new ids, and where clusters are drawn new clusters.
    pub to_draw: Vec<u32>,
    /// New members of clusters that were drawn before, with their cluster's arm: not drawn, and
    /// counted apart.
    pub joined: Vec<(u32, String)>,
    /// How many rows are of people who were drawn before.
    pub known: u64,
}

impl Newcomers {
    /// # Errors
    /// Data: members of one cluster drawn before are in different arms.
    pub fn new(
        before: &Before,
        ids: &dyn Texts,
        clusters: Option<&dyn Texts>,
    ) -> Result<Newcomers> {
        let mut arm_of_cluster: HashMap<&str, &str> = HashMap::new();
        if let (Some(clusters), Some(_)) = (before.clusters, clusters) {
            for row in 0..clusters.count() {
                let (cluster, arm) = (key(clusters.text(row)), key(before.arms.text(row)));
                let known = *arm_of_cluster.entry(cluster).or_insert(arm);
                if known != arm {
                    return Err(Error::data(format!(
                        "the members of cluster '{cluster}' were drawn into different arms: \
                         '{known}' and '{arm}'"
                    ))
                    .hint("check the allocation: 'fip verify' names what was changed"));
                }
            }
        }
        let drawn: std::collections::HashSet<&str> = (0..before.ids.count())
            .map(|row| key(before.ids.text(row)))
            .collect();
        let mut newcomers = Newcomers {
            to_draw: Vec::new(),
            joined: Vec::new(),
            known: 0,
        };
        for row in 0..ids.count() {
            let number = u32::try_from(row)
                .map_err(|_| Error::data("there are more than 4,294,967,295 rows"))?;
            if drawn.contains(key(ids.text(row))) {
                newcomers.known += 1;
                continue;
            }
            let cluster = clusters.map(|clusters| key(clusters.text(row)));
            match cluster.and_then(|cluster| arm_of_cluster.get(cluster)) {
                Some(arm) => newcomers.joined.push((number, (*arm).to_owned())),
                None => newcomers.to_draw.push(number),
            }
        }
        Ok(newcomers)
    }
}
