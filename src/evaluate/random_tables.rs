//! Random tables for exact tests that cannot be enumerated.

use crate::design::Stream;
use crate::stats::randomization::RandomBits;

/// Tables drawn for one p-value: an error of .002 at .05.
pub(super) const TABLES: u64 = 10_000;

/// Always the same numbers, whatever the trial: the p-value follows from the counts alone, so
/// that the rows' order and the number of threads don't matter, and anyone finds it again.
pub(super) struct FixedBits;

impl RandomBits for FixedBits {
    fn stream(&self, index: u64) -> impl FnMut() -> u64 {
        let mut stream = Stream::new("fip", &format!("table\n{index}"));
        move || stream.next_u64()
    }
}
