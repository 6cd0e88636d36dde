//! Which number leads: per outcome and pair of arms one
//! [`Answer`](crate::results::Answer), chosen here and nowhere else.
//!
//! [`choose`] asks whether the registered test is valid under the design and for these data; where it
//! is, it leads, and where it is not, the method that is valid stands in and the answer says why.
//! Stars, sentences, families, money and figures read the answer.
//!
//! | kind | persons | within strata | clusters |
//! | --- | --- | --- | --- |
//! | numeric, ordinal | Welch's t | blocked difference | CR2 |
//! | yes/no | Fisher; a registered χ² where its own error rate allows | Cochran–Mantel–Haenszel, exact | CR2 |
//! | categorical | χ²; Fisher where sparse | the draw made again | the draw made again |
//!
//! Where none of these holds its error rate (small arms, skewed values, few or unequal clusters, thin
//! strata), the draw made again leads: under the hypothesis that nobody's outcome depends on the arm,
//! its error rate is exact in every design.

mod choose;
mod coherent;
mod draws;
mod validity;

pub use choose::{Choice, choose};
pub use draws::from_draws;
pub use validity::{one_value, selected, yes_no_over_strata};

/// Draws for an answer that needs them, where no number is registered.
pub const DRAWS: u64 = 10_000;
