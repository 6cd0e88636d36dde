//! Is this the allocation that was drawn, and if not, what differs? A comparison of what
//! the manifest says, what the register gives today, and what was kept.

use serde::Serialize;

use super::allocation::{Allocation, allocation_sha256};
use super::difference::{Difference, Source, compare_arms, compare_rows};
use super::manifest::{Counts, Excluded, Manifest};
use super::units::{Texts, canonical_order, key_of};
use crate::error::Result;

/// Everything there is to compare with the manifest.
pub struct Evidence<'a> {
    /// SHA-256 of the register's bytes as they are now.
    pub register_sha256: &'a str,
    /// SHA-256 of the protocol's bytes as they are now; none when it is not at hand.
    pub protocol_sha256: Option<&'a str>,
    /// Today's rows, and who is left out.
    pub read: u64,
    pub excluded: &'a [Excluded],
    /// The eligible persons' ids in today's register.
    pub ids: &'a dyn Texts,
    /// The allocation re-derived from today's register with the manifest's plan, or why
    /// there is none (a client less, and the sizes no longer fit).
    pub allocation: Result<&'a Allocation>,
    /// The allocation file's rows; none when it is not at hand.
    pub kept: Option<Kept<'a>>,
}

/// The rows of the allocation file.
pub struct Kept<'a> {
    pub ids: &'a dyn Texts,
    pub arms: &'a dyn Texts,
    /// The strata's labels, where the file has them.
    pub strata: Option<&'a dyn Texts>,
}

/// The outcome of a verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Nothing differs.
    pub same: bool,
    /// Manifest and today's register give the drawn allocation again.
    pub rederived: bool,
    /// The register's bytes are others, but its people and counts are the drawn ones: put in another
    /// order, or saved again.
    pub register_saved_again: bool,
    /// The arms in the allocation file are the drawn ones; absent without the file.
    pub kept: Option<bool>,
    /// The arms could be compared client by client. They cannot when the register has
    /// other clients and the file is not the drawn one either: one client more or less
    /// gives another draw for everybody.
    pub arms_compared: bool,
    pub differences: Vec<Difference>,
}

/// Compares the evidence with the manifest.
///
/// Whichever of the re-derived allocation and the file has the manifest's SHA-256 is the
/// drawn one, and the other is what differs. Where neither has, the register counts as
/// what was drawn.
///
/// # Errors
/// More rows than fit in 32 bits.
pub fn verify(manifest: &Manifest, evidence: &Evidence) -> Result<Verification> {
    let Evidence {
        register_sha256,
        protocol_sha256,
        read,
        excluded,
        ids,
        allocation,
        kept,
    } = evidence;
    let mut differences = Vec::new();
    let other_bytes = *register_sha256 != manifest.register.sha256;
    if other_bytes {
        differences.push(Difference::RegisterChanged {
            expected: manifest.register.sha256.clone(),
            found: (*register_sha256).to_owned(),
        });
    }
    if let (Some(protocol), Some(found)) = (&manifest.protocol, protocol_sha256)
        && protocol.sha256 != *found
    {
        differences.push(Difference::ProtocolChanged {
            expected: protocol.sha256.clone(),
            found: (*found).to_owned(),
        });
    }
    let expected = &manifest.allocation.sha256;
    let mut rederived = false;
    match allocation {
        Ok(allocation) => {
            rederived = allocation.sha256 == *expected;
            if !rederived {
                differences.push(Difference::AllocationHashDiffers {
                    source: Source::Register,
                    expected: expected.clone(),
                    found: allocation.sha256.clone(),
                });
            }
            let counts = Counts::new(*read, excluded.to_vec(), allocation);
            compare_rows(
                &manifest.counts,
                *read,
                excluded,
                counts.eligible,
                &mut differences,
            );
            compare_arms(&manifest.counts, &counts, &mut differences);
        }
        Err(error) => {
            differences.push(Difference::NotRederivable {
                reason: error.message().to_owned(),
            });
            let eligible = ids.count() as u64;
            compare_rows(
                &manifest.counts,
                *read,
                excluded,
                eligible,
                &mut differences,
            );
        }
    }

    let mut kept_same = None;
    let mut arms_compared = false;
    if let Some(kept) = kept {
        let order = canonical_order(kept.ids)?.rows;
        let found = allocation_sha256(kept.ids, &order, |row| kept.arms.text(row).trim());
        let same = found == *expected;
        kept_same = Some(same);
        if !same {
            differences.push(Difference::AllocationHashDiffers {
                source: Source::Allocation,
                expected: expected.clone(),
                found,
            });
        }
        let drawn = Drawn {
            ids: *ids,
            order: canonical_order(*ids)?.rows,
            allocation: allocation.as_ref().ok().copied(),
        };
        let truth = match (rederived, same) {
            (false, true) => Source::Allocation,
            _ => Source::Register,
        };
        arms_compared = compare_clients(&drawn, kept, &order, truth, rederived, &mut differences);
    }
    let only_bytes = |of: &Difference| matches!(of, Difference::RegisterChanged { .. });
    let register_saved_again = other_bytes && rederived && differences.iter().all(only_bytes);
    if register_saved_again {
        differences.clear();
    }
    Ok(Verification {
        same: differences.is_empty(),
        rederived,
        register_saved_again,
        kept: kept_same,
        arms_compared,
        differences,
    })
}

/// Today's eligible clients in canonical order, and what they would be given.
struct Drawn<'a> {
    ids: &'a dyn Texts,
    order: Vec<u32>,
    allocation: Option<&'a Allocation>,
}

/// Walks both files in canonical order. `truth` is the one that has what was drawn.
/// Returns whether the arms could be compared.
fn compare_clients(
    drawn: &Drawn,
    kept: &Kept,
    kept_order: &[u32],
    truth: Source,
    rederived: bool,
    differences: &mut Vec<Difference>,
) -> bool {
    let mut arms = Vec::new();
    let mut same_clients = true;
    let mut same_strata = true;
    let mut register = drawn.order.iter().map(|&row| row as usize).peekable();
    let mut file = kept_order.iter().map(|&row| row as usize).peekable();
    loop {
        let ours = register.peek().map(|&row| key_of(drawn.ids, row));
        let theirs = file.peek().map(|&row| key_of(kept.ids, row));
        let id = match (ours, theirs) {
            (None, None) => break,
            (Some(id), None) | (None, Some(id)) => id,
            (Some(a), Some(b)) => a.min(b),
        };
        // The register's double ids stop the draw: the error says so, here they count once.
        let row = register.next_if(|&row| key_of(drawn.ids, row) == id);
        while register
            .next_if(|&row| key_of(drawn.ids, row) == id)
            .is_some()
        {}
        let Some(kept_row) = file.next_if(|&row| key_of(kept.ids, row) == id) else {
            same_clients = false;
            differences.push(only_in(Source::Register, truth, id));
            continue;
        };
        let mut times = 1;
        while file.next_if(|&row| key_of(kept.ids, row) == id).is_some() {
            times += 1;
        }
        if times > 1 {
            same_clients = false;
            differences.push(Difference::DuplicateClient {
                source: Source::Allocation,
                id: id.to_owned(),
                times,
            });
        }
        let Some(row) = row else {
            same_clients = false;
            differences.push(only_in(Source::Allocation, truth, id));
            continue;
        };
        let Some(allocation) = drawn.allocation else {
            continue;
        };
        let arm = allocation.arm_of(row);
        let kept_arm = kept.arms.text(kept_row).trim();
        if arm != kept_arm {
            let (drawn, found) = by_truth(truth, arm, kept_arm);
            arms.push(Difference::ArmChanged {
                id: id.to_owned(),
                drawn,
                found,
            });
        }
        if let (Some(strata), Some(stratum)) = (kept.strata, allocation.stratum_of(row)) {
            let kept_stratum = strata.text(kept_row);
            if stratum.trim() != kept_stratum.trim() {
                same_strata = false;
                let (drawn, found) = by_truth(truth, &stratum, kept_stratum);
                differences.push(Difference::StratumChanged {
                    source: other(truth),
                    id: id.to_owned(),
                    drawn,
                    found,
                });
            }
        }
    }
    let comparable = rederived || (drawn.allocation.is_some() && same_clients && same_strata);
    if comparable {
        differences.append(&mut arms);
    }
    comparable
}

/// A client that is in one of the files only: added to it, or missing from the other,
/// depending on which of them has what was drawn.
fn only_in(source: Source, truth: Source, id: &str) -> Difference {
    let id = id.to_owned();
    match source == truth {
        true => Difference::ClientMissing {
            source: other(truth),
            id,
        },
        false => Difference::ClientAdded { source, id },
    }
}

fn other(source: Source) -> Source {
    match source {
        Source::Register => Source::Allocation,
        Source::Allocation => Source::Register,
    }
}

/// (drawn, found) from what the register gives and what the file has.
fn by_truth(truth: Source, register: &str, file: &str) -> (String, String) {
    match truth {
        Source::Register => (register.to_owned(), file.to_owned()),
        Source::Allocation => (file.to_owned(), register.to_owned()),
    }
}
