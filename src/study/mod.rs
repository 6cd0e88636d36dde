//! Who is in which arm, how they were drawn, and what is known about them: the trial's people as the
//! kernels take them.
//!
//! [`Study`] is what all outcomes share, [`Design`] how its people were drawn, [`Contrast`] one
//! outcome in two arms, [`Sample`] those of them whose outcome is known. What the design means for
//! an analysis (pairs that have lost a side, strata as analysed, clusters) is decided here and
//! nowhere else.

mod contrast;
mod design;
mod summary;

pub use contrast::{Contrast, OutcomeInput, Sample};
pub use design::{Design, Everyone};
pub use summary::{Summary, summaries};

use crate::columns::Measured;
use crate::results::{ArmSize, SeType};
use crate::stats::cluster::Clusters;
use crate::stats::infer::Level;
use crate::stats::linear::Variance;

/// The code of a person who is in none of the arms compared, or left out.
pub const NO_ARM: u32 = u32::MAX;

/// People, their outcomes, and who of them is in the intervention arm.
pub type Data<'a> = (&'a [usize], &'a [f64], &'a [bool]);

/// What all outcomes of a trial share. Vectors have one entry per analysed row.
#[derive(Debug, Clone)]
pub struct Study {
    /// Names of all arms that occur.
    pub arms: Vec<String>,
    /// Arm of each row, an index into `arms`.
    pub codes: Vec<u32>,
    /// People per arm without a row in the export.
    pub absent: Vec<u64>,
    pub control: usize,
    /// The intervention arms, each compared with the control.
    pub treated: Vec<usize>,
    /// How they were drawn.
    pub design: Design,
    /// Place of each row in the order of the ids, which decides ties between people; absent
    /// where there are no ids, and the order of the file decides.
    pub order: Option<Vec<usize>>,
    /// Whether each row received the intervention, where that is asked.
    pub received: Option<Vec<Option<bool>>>,
    /// Whether somebody counts as not having received it only because nothing is known, by a stated choice.
    pub receipt_stated: bool,
    /// Who saw each row, where that is asked.
    pub providers: Option<Providers>,
    /// Covariates to adjust for.
    pub covariates: Vec<Measured>,
    /// Other definitions of receiving it: how often at least.
    pub thresholds: Vec<Threshold>,
    /// How often each row had contact, where receiving it is defined by that.
    pub contacts: Option<Contacts>,
    /// Variables to look at effects by, and whether they are registered.
    pub subgroups: Vec<(Measured, Option<bool>)>,
    /// Standard errors of adjusted effects of persons.
    pub se_type: SeType,
    pub level: Level,
}

impl Study {
    /// The variance of an adjusted effect: as asked for, or CR2 where clusters were drawn.
    pub fn variance<'c>(&self, clusters: Option<&'c Clusters>) -> Variance<'c> {
        match (clusters, self.se_type) {
            (Some(clusters), _) => Variance::Cr2(clusters),
            (None, SeType::Hc0) => Variance::Hc0,
            (None, SeType::Hc1) => Variance::Hc1,
            (None, SeType::Hc2) => Variance::Hc2,
            (None, SeType::Hc3) => Variance::Hc3,
        }
    }

    /// People per arm, those without a row included.
    pub fn sizes(&self) -> Vec<ArmSize> {
        let mut counts = self.absent.clone();
        counts.resize(self.arms.len(), 0);
        for code in &self.codes {
            if let Some(count) = counts.get_mut(*code as usize) {
                *count += 1;
            }
        }
        self.arms
            .iter()
            .zip(counts)
            .map(|(arm, n)| ArmSize {
                arm: arm.clone(),
                n,
            })
            .collect()
    }

    /// Rows of the two arms compared for which `valid` holds, with whether each is treated.
    pub fn rows(
        &self,
        codes: &[u32],
        treated: usize,
        valid: impl Fn(usize) -> bool,
    ) -> (Vec<usize>, Vec<bool>) {
        let mut rows = Vec::new();
        let mut assigned = Vec::new();
        for (row, code) in codes.iter().enumerate() {
            let arm = *code as usize;
            if (arm == treated || arm == self.control) && valid(row) {
                rows.push(row);
                assigned.push(arm == treated);
            }
        }
        (rows, assigned)
    }

    /// As [`Study::rows`], without the strata of the draw that have lost an arm.
    pub fn drawn(
        &self,
        codes: &[u32],
        treated: usize,
        valid: impl Fn(usize) -> bool,
    ) -> (Vec<usize>, Vec<bool>) {
        self.design.complete(self.rows(codes, treated, valid))
    }
}

/// Another definition of having received the intervention.
#[derive(Debug, Clone)]
pub struct Threshold {
    pub expression: String,
    /// The one that was asked for.
    pub leading: bool,
    pub received: Vec<Option<bool>>,
}

/// Who delivered the intervention to each row, by number.
#[derive(Debug, Clone)]
pub struct Providers {
    pub column: String,
    pub of: Vec<Option<usize>>,
}

/// How often each row had contact, where the definition of receiving it counts that.
#[derive(Debug, Clone)]
pub struct Contacts {
    pub column: String,
    /// From how many on the intervention counts as received.
    pub at_least: u64,
    pub counts: Vec<Option<u64>>,
}
