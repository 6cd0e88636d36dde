//! An arm delivered by few people: those whom one of them sees share what he or she does.

use super::cluster::Clusters;
use super::infer::Level;
use super::linear::{Variance, ols};
use super::matrix::{Matrix, ModelError, check, same_length};
use super::strata::indicators;
use crate::results::Estimate;

/// The difference in means of people who were drawn one by one and then seen by providers.
///
/// # Formula
/// The regression of y on treatment (and indicators of the strata), with CR2 variance and Satterthwaite degrees of
/// freedom, a provider's people in one arm being a cluster and everybody without a provider one of their own: the
/// partially nested design (Baldwin, Bauer, Stice & Rohde 2011, Psychol. Methods 16, 149–165) without assumptions on the
/// spread (Bell & McCaffrey 2002). Somebody who sees people of both arms counts in each.
///
/// # Errors
/// [`ModelError::FewClusters`] with fewer than two units in an arm (one provider cannot be told from the intervention),
/// [`ModelError::Length`], [`ModelError::NotFinite`], and those of [`ols`].
pub fn partially_nested(
    y: &[f64],
    treated: &[bool],
    providers: &[Option<usize>],
    strata: Option<&[usize]>,
    level: Level,
) -> Result<Estimate, ModelError> {
    check(y, treated.len())?;
    same_length(providers.len(), y.len())?;
    let first = providers.iter().flatten().max().map_or(0, |last| last + 1);
    let units: Vec<usize> = providers
        .iter()
        .zip(treated)
        .enumerate()
        .map(|(i, (provider, treated))| match provider {
            Some(provider) => 2 * provider + usize::from(*treated),
            None => 2 * first + i,
        })
        .collect();
    let clusters = Clusters::new(&units)?;
    let (in_treatment, in_control) = clusters.per_arm(treated);
    if in_treatment < 2 || in_control < 2 {
        return Err(ModelError::FewClusters {
            treated: in_treatment,
            control: in_control,
        });
    }
    let mut design = Matrix::new(y.len());
    design.push_intercept();
    design.push_flags(treated)?;
    if let Some(strata) = strata {
        design.append(&indicators(strata)?)?;
    }
    ols(y, &design, Variance::Cr2(&clusters), level)?.coefficient(1)
}
