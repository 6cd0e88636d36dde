//! Everything from one seed: ids, the draw of the trial, and the values.

use super::{Draws, Spec, SyntheticTable, files, ids, sizes, synthesize};
use crate::design::{self, ArmPlan, Method, Plan, Quota, Stream, Units};
use crate::error::Result;
use crate::publication::format::Publication;

impl Draws for Stream {
    fn below(&mut self, n: u64) -> u64 {
        Stream::below(self, n)
    }
}

/// Synthetic microdata of a publication, and the files to write.
#[derive(Debug, Clone)]
pub struct Made {
    pub seed: String,
    pub table: SyntheticTable,
    /// Name and text.
    pub files: Vec<(String, String)>,
}

/// Makes the microdata of a publication: ids from the stream `"synth\nids"`, arms by the
/// complete draw of `fip-chacha20-v1` over those ids with the same seed, in the order of
/// the specification's groups, and each column from the stream `"synth\n"` + its name. So
/// whoever draws the trial again from the register and the seed gets the same arms.
///
/// Without `seed` it is the specification's; without `[synth]` in the publication there is
/// one file with every variable. The same seed and version give the same bytes.
///
/// # Errors
/// As [`synthesize`] and the draw.
pub fn make(publication: &Publication, seed: Option<&str>) -> Result<Made> {
    let plain;
    let spec = match &publication.synth {
        Some(spec) => spec,
        None => {
            plain = Spec::plain(publication);
            &plain
        }
    };
    let seed = seed.unwrap_or(&spec.seed).to_owned();
    let sizes = sizes(publication, spec)?;
    let people: u64 = sizes.iter().sum();
    let mut stream = Stream::new(&seed, "synth\nids");
    let ids = ids(people as usize, spec.digits, &mut stream)?;
    let arms: Vec<usize> = if sizes.len() == 1 {
        vec![0; ids.len()]
    } else {
        let named = spec.groups.iter().zip(&sizes);
        let arms = named.map(|(&group, &size)| ArmPlan {
            name: publication.groups[group].id.clone(),
            quota: Quota::Size(size),
        });
        let plan = Plan::new(Method::Complete, arms.collect(), seed.as_str())?;
        let drawn = design::draw(&plan, &Units::new(&ids, &[], None)?)?;
        drawn.arm.iter().map(|&arm| usize::from(arm)).collect()
    };
    let table = synthesize(publication, spec, ids, &arms, |label| {
        Stream::new(&seed, label)
    })?;
    let files = files(spec, &table)?;
    Ok(Made { seed, table, files })
}
