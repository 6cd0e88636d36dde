//! Small numbers in the draw, and in what differs from it.

use super::{Hidden, Rule};
use crate::design::{Count, Difference, Manifest, Verification};

/// Takes out the numbers per stratum where one is small, and merges the reasons of those who
/// were left out: what stays is how many they are together, by the difference of those read and
/// those eligible.
pub(super) fn hide(manifest: &mut Manifest, rule: Rule, hidden: &mut Hidden) {
    let counts = &mut manifest.counts;
    if counts
        .strata
        .iter()
        .flat_map(|stratum| &stratum.arms)
        .any(|arm| rule.small(arm.persons) || rule.small(arm.units))
    {
        counts.strata.clear();
        hidden.strata = true;
    }
    let left_out = counts.read.saturating_sub(counts.eligible);
    let excluded = counts.excluded.iter().map(|excluded| excluded.count);
    let named: Vec<u64> = excluded.chain([counts.known, counts.joined]).collect();
    let few = named.iter().any(|&count| rule.small(count));
    let named: u64 = named.iter().sum();
    if few {
        hidden.exclusions = true;
        counts.excluded.clear();
        (counts.known, counts.joined) = (0, 0);
    }
    if rule.small(left_out) || (few && named != left_out) {
        // The size of the register would give it away.
        counts.excluded.clear();
        (counts.known, counts.joined) = (0, 0);
        counts.read = 0;
        manifest.register.rows = 0;
        hidden.exclusions = true;
    }
}

/// Takes out the differences in counts that are hidden in the manifest, or small themselves.
pub(super) fn hide_differences(found: &mut Verification, rule: Rule, hidden: &mut Hidden) {
    let before = found.differences.len();
    found.differences.retain(|difference| match difference {
        Difference::CountsDiffer {
            count,
            expected,
            found,
        } => {
            let taken_out = match count {
                Count::StratumUnits { .. } | Count::StratumPersons { .. } => hidden.strata,
                Count::Read | Count::Excluded { .. } => hidden.exclusions,
                Count::Eligible
                | Count::Units
                | Count::ArmUnits { .. }
                | Count::ArmPersons { .. } => false,
            };
            !taken_out && !rule.small(*expected) && !rule.small(*found)
        }
        Difference::RegisterChanged { .. }
        | Difference::ProtocolChanged { .. }
        | Difference::NotRederivable { .. }
        | Difference::AllocationHashDiffers { .. }
        | Difference::ClientMissing { .. }
        | Difference::ClientAdded { .. }
        | Difference::DuplicateClient { .. }
        | Difference::ArmChanged { .. }
        | Difference::StratumChanged { .. } => true,
    });
    hidden.differences = found.differences.len() < before;
}
