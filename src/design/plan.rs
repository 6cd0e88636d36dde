//! What is to be drawn: method, arms with their sizes or shares, and the seed.

use serde::{Deserialize, Serialize};

use super::given;
use super::quota::apportion;
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

/// What sizes and shares count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Counting {
    /// The units that are drawn: clusters where there are any, else persons.
    #[default]
    Units,
    /// Persons, also where clusters are drawn: an arm is full when it has as many.
    Persons,
}

impl Counting {
    pub(super) fn is_units(&self) -> bool {
        *self == Counting::Units
    }
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
/// rest; quotas that go together and with the method; a seed; for a later batch its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    method: Method,
    arms: Vec<ArmPlan>,
    seed: String,
    counting: Counting,
    batch: u32,
}

/// Arm codes are bytes.
const MAX_ARMS: usize = 255;
/// The number of the first draw; those who come later are batch 2, 3, …
pub const FIRST_BATCH: u32 = 1;

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
        Plan::of(method, arms, seed, Counting::Units, FIRST_BATCH)
    }

    /// A plan whose sizes may count persons, or of a later batch. In a batch an arm may get
    /// nobody: a few newcomers need not fill all arms.
    ///
    /// # Errors
    /// As [`Plan::new`], and persons counted in simple randomization.
    pub fn of(
        method: Method,
        arms: Vec<ArmPlan>,
        seed: impl Into<String>,
        counting: Counting,
        batch: u32,
    ) -> Result<Self> {
        let seed = seed.into();
        if seed.is_empty() {
            return Err(Error::usage("the seed is empty").hint(
                "give any text as seed, or leave it out to get one from the operating system",
            ));
        }
        if batch < FIRST_BATCH {
            return Err(Error::usage("batches are numbered from 1")
                .value(batch.to_string())
                .hint("the first draw is batch 1, those who come later are batch 2, 3, …"));
        }
        if (method, counting) == (Method::Simple, Counting::Persons) {
            return Err(Error::usage(
                "sizes in persons are asked for, but simple randomization cannot promise sizes",
            )
            .hint("leave out count = \"persons\", or draw with method complete"));
        }
        check_names(&arms)?;
        check_quotas(method, &arms, batch == FIRST_BATCH)?;
        Ok(Plan {
            method,
            arms,
            seed,
            counting,
            batch,
        })
    }

    /// The plan of a later batch, with the shares of this one: declared shares stay; declared
    /// sizes become the sizes of as large a part of the `units` newcomers, by largest
    /// remainder, ties to the earlier arm. Sizes per stratum do so stratum by stratum.
    ///
    /// `first` and `now` have the strata of the first draw and of the batch with their numbers
    /// of what the sizes count; a draw without strata has one, with an empty label.
    ///
    /// # Errors
    /// A stratum that the first draw did not have, where sizes are per stratum.
    pub fn for_batch(
        &self,
        batch: u32,
        first: &[(String, u64)],
        now: &[(String, u64)],
    ) -> Result<Plan> {
        let total = |strata: &[(String, u64)]| strata.iter().map(|(_, units)| units).sum();
        let arms = if self.has_sizes_per_stratum() {
            given::scaled(&self.arms, first, now)?
        } else if self
            .arms
            .iter()
            .any(|arm| matches!(arm.quota, Quota::Size(_)))
        {
            let sizes = self.sizes(total(first), UnitKind::Person)?;
            let scaled = apportion(&sizes, total(now))?;
            let arms = self.arms.iter().zip(scaled);
            arms.map(|(arm, size)| ArmPlan {
                name: arm.name.clone(),
                quota: Quota::Size(size),
            })
            .collect()
        } else {
            self.arms.clone()
        };
        Plan::of(self.method, arms, self.seed.as_str(), self.counting, batch)
    }

    /// What the sizes count.
    pub fn counting(&self) -> Counting {
        self.counting
    }

    /// 1 for the first draw, k for the k-th batch.
    pub fn batch(&self) -> u32 {
        self.batch
    }

    /// Whether sizes are laid down stratum by stratum.
    pub fn has_sizes_per_stratum(&self) -> bool {
        let mut arms = self.arms.iter();
        arms.any(|arm| matches!(arm.quota, Quota::Sizes(_)))
    }

    /// The quotas per stratum and arm where sizes are given per stratum: `result[s][a]`.
    pub(super) fn given(&self, strata: &[(String, u64)]) -> Result<Option<Vec<Vec<u64>>>> {
        match self.has_sizes_per_stratum() {
            true => given::quotas(&self.arms, strata).map(Some),
            false => Ok(None),
        }
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
                Quota::Size(_) | Quota::Sizes(_) => Share::ZERO,
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
        let noun = match self.counting {
            Counting::Units => kind.plural(),
            Counting::Persons => UnitKind::Person.plural(),
        };
        let one = u128::from(Share::ONE.parts());
        // Everything in 10^-18 units: below 2^64 · 10^18 < 2^124, and at most 255 terms.
        let total = u128::from(units) * one;
        let asked = |quota: &Quota| match quota {
            Quota::Size(size) => u128::from(*size).saturating_mul(one),
            Quota::Sizes(sizes) => sizes.values().fold(0, |sum: u128, size| {
                sum.saturating_add(u128::from(*size).saturating_mul(one))
            }),
            Quota::Share(share) => u128::from(units) * u128::from(share.parts()),
            Quota::Rest => 0,
        };
        let sum = self
            .arms
            .iter()
            .fold(0u128, |sum, arm| sum.saturating_add(asked(&arm.quota)));
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
            .map(|arm| match &arm.quota {
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

        let empty = sizes.iter().position(|&size| size == 0);
        if let Some(arm) = empty.filter(|_| self.batch == FIRST_BATCH) {
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

/// `filled`: no arm may be meant for nobody.
fn check_quotas(method: Method, arms: &[ArmPlan], filled: bool) -> Result<()> {
    let names = |wanted: fn(&Quota) -> bool| -> Vec<&str> {
        arms.iter()
            .filter(|arm| wanted(&arm.quota))
            .map(|arm| arm.name.as_str())
            .collect()
    };
    let rest = names(|quota| *quota == Quota::Rest);
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
        let zero = match &arm.quota {
            Quota::Size(size) => *size == 0,
            Quota::Sizes(sizes) => sizes.values().all(|size| *size == 0),
            Quota::Share(share) => share.parts() == 0,
            Quota::Rest => false,
        };
        if zero && filled {
            return Err(
                Error::usage(format!("arm '{}' has a size of zero", arm.name))
                    .hint("leave the arm out, or leave out its size to let it take the rest"),
            );
        }
    }
    given::check(method, arms)?;
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
            Quota::Size(_) | Quota::Sizes(_) | Quota::Rest => 0,
        })
        .sum()
}
