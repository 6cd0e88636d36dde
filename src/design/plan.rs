//! What is to be drawn: method, arms with their sizes or shares, and the seed.

use serde::{Deserialize, Serialize};

use super::share::{Quota, Share, decimal};
use crate::error::{Error, Result};

/// How units get their arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Every unit on its own, by the arms' shares; group sizes are random.
    Simple,
    /// Exact group sizes over all units together.
    Complete,
    /// Exact group sizes, spread evenly over the strata.
    Stratified,
}

/// What an arm is for, where that is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Intervention,
    Control,
}

/// Persons, or the clusters they belong to: what the sizes count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnitKind {
    Person,
    Cluster,
}

impl UnitKind {
    fn plural(self) -> &'static str {
        match self {
            UnitKind::Person => "persons",
            UnitKind::Cluster => "clusters",
        }
    }
}

/// One arm as declared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ArmPlan {
    pub name: String,
    pub quota: Quota,
}

/// A valid plan: at least two arms with distinct names, of which at most one takes the
/// rest; quotas that go together and with the method; a seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    method: Method,
    arms: Vec<ArmPlan>,
    seed: String,
}

/// Arm codes are bytes.
const MAX_ARMS: usize = 255;

impl Plan {
    /// Checks everything that can be checked without the register.
    ///
    /// Sizes and shares may be mixed when one arm takes the rest; shares are of all
    /// eligible units, not of what the sizes leave.
    ///
    /// # Errors
    /// Usage errors: too few or too many arms, a bad or double name, two arms that take
    /// the rest, a size or share of zero, shares that do not add up to 1, sizes for
    /// simple randomization, an empty seed.
    pub fn new(method: Method, arms: Vec<ArmPlan>, seed: impl Into<String>) -> Result<Self> {
        let seed = seed.into();
        if seed.is_empty() {
            return Err(Error::usage("the seed is empty").hint(
                "give any text as seed, or leave it out to get one from the operating system",
            ));
        }
        check_names(&arms)?;
        check_quotas(method, &arms)?;
        Ok(Plan { method, arms, seed })
    }

    pub fn method(&self) -> Method {
        self.method
    }

    pub fn arms(&self) -> &[ArmPlan] {
        &self.arms
    }

    pub fn seed(&self) -> &str {
        &self.seed
    }

    /// The arms' shares for simple randomization, in plan order; they add up to 1
    /// exactly. Sizes count as no share, so this has a meaning for shares only.
    pub fn shares(&self) -> Vec<Share> {
        let given = share_sum(&self.arms);
        self.arms
            .iter()
            .map(|arm| match arm.quota {
                Quota::Share(share) => share,
                Quota::Size(_) => Share::ZERO,
                Quota::Rest => Share::left_by(given),
            })
            .collect()
    }

    /// The exact size of every arm among `units` units, in plan order.
    ///
    /// Shares become sizes by largest remainder: every arm gets the whole part of its
    /// share × units, the units left over go to the largest fractions, ties to the
    /// earlier arm. The arm that takes the rest takes part with the share that is left.
    ///
    /// # Errors
    /// The sizes do not add up to the units (the message says the difference), or an
    /// arm would get no unit.
    pub fn sizes(&self, units: u64, kind: UnitKind) -> Result<Vec<u64>> {
        let noun = kind.plural();
        let one = u128::from(Share::ONE.parts());
        // Everything in 10^-18 units: below 2^64 · 10^18 < 2^124, and at most 255 terms.
        let total = u128::from(units) * one;
        let asked = |quota: Quota| match quota {
            Quota::Size(size) => u128::from(size).saturating_mul(one),
            Quota::Share(share) => u128::from(units) * u128::from(share.parts()),
            Quota::Rest => 0,
        };
        let sum = self
            .arms
            .iter()
            .fold(0u128, |sum, arm| sum.saturating_add(asked(arm.quota)));
        let has_rest = self.arms.iter().any(|arm| arm.quota == Quota::Rest);
        let whole = sum.div_ceil(one);
        if sum > total {
            return Err(Error::usage(format!(
                "the arms ask for {whole} {noun}, but there are {units}: {} too many",
                whole.saturating_sub(u128::from(units))
            ))
            .hint("lower a size, or leave it out for one arm, which then takes the rest"));
        }
        if !has_rest && sum < total {
            return Err(Error::usage(format!(
                "the arms' sizes add up to {whole}, but there are {units} {noun}: {} would get no arm",
                u128::from(units).saturating_sub(whole)
            ))
            .hint("leave out the size of one arm, which then takes the rest"));
        }

        let exact: Vec<u128> = self
            .arms
            .iter()
            .map(|arm| match arm.quota {
                Quota::Rest => total - sum,
                quota => asked(quota),
            })
            .collect();
        let mut sizes: Vec<u64> = Vec::with_capacity(exact.len());
        for amount in &exact {
            sizes.push(
                u64::try_from(amount / one).map_err(|_| {
                    Error::internal("an arm would be larger than the number of units")
                })?,
            );
        }
        let given: u64 = sizes.iter().sum();
        let mut by_fraction: Vec<usize> = (0..exact.len()).collect();
        // A stable sort: equal fractions stay in plan order.
        by_fraction.sort_by_key(|&arm| std::cmp::Reverse(exact[arm] % one));
        let left = usize::try_from(units - given)
            .map_err(|_| Error::internal("more units left over than there are arms"))?;
        for &arm in by_fraction.iter().take(left) {
            sizes[arm] += 1;
        }

        if let Some(arm) = sizes.iter().position(|&size| size == 0) {
            return Err(Error::usage(format!(
                "arm '{}' would get none of the {units} {noun}",
                self.arms[arm].name
            ))
            .hint("give it a larger size or share, or leave the arm out"));
        }
        Ok(sizes)
    }
}

fn check_names(arms: &[ArmPlan]) -> Result<()> {
    if arms.len() < 2 {
        return Err(Error::usage(format!(
            "a trial has at least two arms, here {}",
            match arms {
                [arm] => format!("is only '{}'", arm.name),
                _ => "is none".to_owned(),
            }
        ))
        .hint("name them in order, for example --arm intervention=360 --arm control"));
    }
    if arms.len() > MAX_ARMS {
        return Err(Error::usage(format!(
            "{} arms are more than the {MAX_ARMS} that fip can draw",
            arms.len()
        )));
    }
    for (i, arm) in arms.iter().enumerate() {
        let name = arm.name.as_str();
        if name.trim().is_empty() {
            return Err(Error::usage(format!("arm {} has no name", i + 1))
                .hint("give every arm a name, for example --arm control"));
        }
        if name.trim() != name || name.chars().any(char::is_control) {
            return Err(Error::usage(
                "an arm's name has spaces around it, or a tab, line end or other control character in it",
            )
            .value(name.escape_debug().to_string())
            .hint("use a plain name"));
        }
        if arms[..i].iter().any(|earlier| earlier.name == name) {
            return Err(Error::usage(format!("two arms are called '{name}'"))
                .hint("give every arm a name of its own"));
        }
    }
    Ok(())
}

fn check_quotas(method: Method, arms: &[ArmPlan]) -> Result<()> {
    let names = |wanted: fn(Quota) -> bool| -> Vec<&str> {
        arms.iter()
            .filter(|arm| wanted(arm.quota))
            .map(|arm| arm.name.as_str())
            .collect()
    };
    let rest = names(|quota| quota == Quota::Rest);
    let sizes = names(|quota| matches!(quota, Quota::Size(_)));
    let shares = names(|quota| matches!(quota, Quota::Share(_)));

    if let [first, second, ..] = rest[..] {
        return Err(Error::usage(format!(
            "both '{first}' and '{second}' have no size, and only one arm can take the rest"
        ))
        .hint(format!(
            "give a size or share, for example --arm {first}=0.5"
        )));
    }
    for arm in arms {
        let zero = match arm.quota {
            Quota::Size(size) => size == 0,
            Quota::Share(share) => share.parts() == 0,
            Quota::Rest => false,
        };
        if zero {
            return Err(
                Error::usage(format!("arm '{}' has a size of zero", arm.name))
                    .hint("leave the arm out, or leave out its size to let it take the rest"),
            );
        }
    }
    if let (Method::Simple, [name, ..]) = (method, &sizes[..]) {
        return Err(Error::usage(format!(
            "arm '{name}' has a size, but simple randomization cannot promise sizes"
        ))
        .hint("give shares such as 0.35 instead, or draw with method complete"));
    }
    if let (true, [size, ..], [share, ..]) = (rest.is_empty(), &sizes[..], &shares[..]) {
        return Err(Error::usage(format!(
            "arm '{size}' has a size and arm '{share}' a share, and no arm takes the rest"
        ))
        .hint("leave out the size of one arm, or use only sizes or only shares"));
    }

    let sum = share_sum(arms);
    let one = u128::from(Share::ONE.parts());
    if sum > one {
        return Err(Error::usage(format!(
            "the arms' shares add up to {} more than 1",
            decimal(sum - one)
        ))
        .hint("shares are of all eligible units together"));
    }
    if sum == one && !rest.is_empty() {
        return Err(Error::usage(format!(
            "the arms' shares add up to 1, which leaves nothing for arm '{}'",
            rest[0]
        ))
        .hint("lower a share, or leave the arm out"));
    }
    if sum < one && rest.is_empty() && !shares.is_empty() {
        return Err(Error::usage(format!(
            "the arms' shares add up to {} less than 1",
            decimal(one - sum)
        ))
        .hint("leave out the share of one arm, which then takes the rest"));
    }
    Ok(())
}

/// The declared shares together, in 10^-18; at most 255 of at most 1.
fn share_sum(arms: &[ArmPlan]) -> u128 {
    arms.iter()
        .map(|arm| match arm.quota {
            Quota::Share(share) => u128::from(share.parts()),
            Quota::Size(_) | Quota::Rest => 0,
        })
        .sum()
}
