//! What the kernels return of one comparison, gathered.

use super::absent::no_answer;
use crate::results::{
    Computed, EffectSize, EffectSizeRow, Note, SizeMethod, TestMethod, TestResult, TestRow,
};
use crate::stats::degenerate::Degenerate;
use crate::study::Contrast;

/// The tests and effect sizes of one comparison.
#[derive(Debug, Default)]
pub struct Compared {
    pub tests: Vec<TestRow>,
    pub effect_sizes: Vec<EffectSizeRow>,
}

/// Gathers what the kernels return, and the reasons of those that don't.
pub(super) struct Gather<'a, 'b> {
    pub(super) contrast: &'a Contrast<'a>,
    pub(super) compared: Compared,
    pub(super) notes: &'b mut Vec<Note>,
}

impl Gather<'_, '_> {
    pub(super) fn test(&mut self, attempt: std::result::Result<TestResult, Degenerate>) {
        self.test_by(attempt, Computed::default());
    }

    pub(super) fn test_by(
        &mut self,
        attempt: std::result::Result<TestResult, Degenerate>,
        computed: impl Into<Computed>,
    ) {
        match attempt {
            Ok(result) => self.compared.tests.push(TestRow {
                treated: self.contrast.arm(self.contrast.treated).to_string(),
                control: self.contrast.arm(self.contrast.control()).to_string(),
                result,
                computed: computed.into(),
            }),
            Err(reason) => self.notes.push(no_answer(self.contrast, reason)),
        }
    }

    /// A test beside another, whose note says why neither has an answer.
    pub(super) fn answered(
        &mut self,
        attempt: std::result::Result<TestResult, Degenerate>,
        method: TestMethod,
    ) {
        if attempt.is_ok() {
            self.test_by(attempt, method);
        }
    }

    /// A measure that is not defined (a ratio with an empty cell) is left out.
    pub(super) fn size(&mut self, attempt: std::result::Result<EffectSize, Degenerate>) {
        self.size_by(attempt, None);
    }

    pub(super) fn size_by(
        &mut self,
        attempt: std::result::Result<EffectSize, Degenerate>,
        method: Option<SizeMethod>,
    ) {
        if let Ok(value) = attempt {
            self.compared.effect_sizes.push(EffectSizeRow {
                treated: self.contrast.arm(self.contrast.treated).to_string(),
                control: self.contrast.arm(self.contrast.control()).to_string(),
                method,
                value,
            });
        }
    }
}
