//! What an adjusted effect is adjusted for: the covariates that can be used, and the strata and
//! clusters of the people compared.

use crate::columns::Measured;
use crate::results::NotUsed;
use crate::stats::adjust::impute;
use crate::stats::blocked_adjust::dependent;
use crate::stats::matrix::{Matrix, ModelError};
use crate::study::{Data, Study};

/// Below this number of missing values in an arm, an indicator would rest on so few people
/// that a robust standard error is not defined.
const ENOUGH_MISSING: usize = 5;

/// Covariates as the regressors of an adjusted effect.
pub(super) struct Adjustment {
    pub(super) matrix: Matrix,
    /// Which covariate each column is of.
    pub(super) owners: Vec<usize>,
    /// Covariates without a column, and why.
    pub(super) unused: Vec<(usize, NotUsed)>,
}

impl Adjustment {
    /// The names of the covariates that are used.
    pub(super) fn names(&self, covariates: &[Measured]) -> Vec<String> {
        let used = (0..covariates.len()).filter(|owner| self.owners.contains(owner));
        used.map(|owner| covariates[owner].name().to_string())
            .collect()
    }

    /// Missing values at the mean, with an indicator where enough people in both arms lack the
    /// covariate. What is constant, follows from the rest, or is unknown in a whole arm (where the
    /// mean of the other arm would stand for it) is left out.
    pub(super) fn new(
        study: &Study,
        covariates: &[Measured],
        data: Data<'_>,
    ) -> std::result::Result<Self, ModelError> {
        let (people, _, treated) = data;
        let mut all = Matrix::new(people.len());
        let mut owners = Vec::new();
        let mut unused = Vec::new();
        for (owner, covariate) in covariates.iter().enumerate() {
            let missing = covariate.missing();
            let known = |arm: bool| {
                let mut own = people.iter().zip(treated);
                own.any(|(&row, treated)| *treated == arm && !missing[row])
            };
            match (known(true), known(false)) {
                (true, true) => {}
                (false, false) => {
                    unused.push((owner, NotUsed::Missing));
                    continue;
                }
                _ => {
                    unused.push((owner, NotUsed::MissingInArm));
                    continue;
                }
            }
            for column in covariate.columns() {
                let values: Vec<Option<f64>> = people.iter().map(|&row| column[row]).collect();
                let Some(imputed) = impute(&values) else {
                    continue;
                };
                all.push(&imputed.values)?;
                owners.push(owner);
                let lacking = |arm: bool| {
                    values
                        .iter()
                        .zip(treated)
                        .filter(|(value, treated)| value.is_none() && **treated == arm)
                        .count()
                };
                if let Some(missing) = imputed.missing
                    && lacking(true) >= ENOUGH_MISSING
                    && lacking(false) >= ENOUGH_MISSING
                {
                    all.push(&missing)?;
                    owners.push(owner);
                }
            }
        }
        let strata = study.design.strata_of(data.0);
        let dropped = dependent(treated, strata.as_deref(), &all)?;
        let mut matrix = Matrix::new(people.len());
        let mut kept = Vec::new();
        for (j, &owner) in owners.iter().enumerate() {
            if !dropped.contains(&j) {
                matrix.push(all.column(j))?;
                kept.push(owner);
            }
        }
        let constant = |owner: usize| {
            let mut own = (0..owners.len()).filter(|&j| owners[j] == owner);
            own.all(|j| all.column(j).windows(2).all(|pair| pair[0] == pair[1]))
        };
        for owner in 0..covariates.len() {
            let named = unused.iter().any(|(of, _)| *of == owner);
            if !kept.contains(&owner) && !named {
                let reason = if constant(owner) {
                    NotUsed::Constant
                } else {
                    NotUsed::Dependent
                };
                unused.push((owner, reason));
            }
        }
        Ok(Adjustment {
            matrix,
            owners: kept,
            unused,
        })
    }
}
