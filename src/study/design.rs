//! How people were drawn, as the analysis takes it.

use crate::design::Plan;
use crate::stats::cluster::Clusters;
use crate::stats::matrix::ModelError;
use crate::stats::strata::with_both_arms;

/// What was drawn: persons or clusters, within strata or over everybody. Vectors have one entry per
/// analysed row.
#[derive(Debug, Clone, Default)]
pub struct Design {
    /// Stratum of each row, if the draw had any.
    pub strata: Option<Vec<usize>>,
    /// Cluster of each row, if the draw was by cluster.
    pub clusters: Option<Vec<usize>>,
    /// Everybody who was drawn, where that is known: what making the draw again needs.
    pub everyone: Option<Everyone>,
}

/// Everybody who was drawn, with or without a row in the export; one entry per person.
#[derive(Debug, Clone)]
pub struct Everyone {
    /// Ids, which decide the canonical order of the draw.
    pub ids: Vec<String>,
    /// Arm of each, an index into the study's arms.
    pub codes: Vec<u32>,
    pub strata: Option<Vec<usize>>,
    pub clusters: Option<Vec<usize>>,
    /// The analysed row of each.
    pub rows: Vec<Option<usize>>,
    /// The plan of the draw, where a manifest or protocol has one.
    pub plan: Option<Plan>,
}

impl Design {
    /// Whether everybody was drawn one by one, from all together.
    pub fn is_plain(&self) -> bool {
        self.strata.is_none() && self.clusters.is_none()
    }

    /// The strata of these people; none without strata.
    pub fn strata_of(&self, people: &[usize]) -> Option<Vec<usize>> {
        of(&self.strata, people)
    }

    /// The clusters of these people by number; none where persons were drawn.
    pub fn cluster_codes(&self, people: &[usize]) -> Option<Vec<usize>> {
        of(&self.clusters, people)
    }

    /// The clusters of these people; none where persons were drawn.
    ///
    /// # Errors
    /// Those of [`Clusters::new`].
    pub fn clusters_of(&self, people: &[usize]) -> Result<Option<Clusters>, ModelError> {
        let own = self.cluster_codes(people);
        own.map(|own| Clusters::new(&own)).transpose()
    }

    /// Who of these people stays: of a draw within strata, those of strata with both arms.
    pub(super) fn complete(
        &self,
        (people, treated): (Vec<usize>, Vec<bool>),
    ) -> (Vec<usize>, Vec<bool>) {
        let Some(strata) = self.strata_of(&people) else {
            return (people, treated);
        };
        match with_both_arms(&treated, &strata) {
            Ok(Some(keep)) => {
                let both = people.into_iter().zip(treated).zip(keep);
                both.filter(|(_, keep)| *keep).map(|(row, _)| row).unzip()
            }
            _ => (people, treated),
        }
    }
}

fn of(values: &Option<Vec<usize>>, people: &[usize]) -> Option<Vec<usize>> {
    let values = values.as_ref()?;
    Some(people.iter().map(|&row| values[row]).collect())
}
