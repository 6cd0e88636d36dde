//! The stages of a trial on the draw that is on record.

use super::Watch;
use super::asked::{ArmSource, ToEvaluate};
use super::balance::{ToCompare, balance_tables};
use super::draw::ToDraw;
use super::evaluation::evaluate;
use super::work::{Loaded, Work};
use crate::error::Result;
use crate::protocol::Flags;
use crate::record::{Record, RecordedDraw};
use crate::results::{BalanceTable, Evaluation};

/// A draw that is missing is made only where the protocol names no outcomes: nothing could be evaluated
/// on groups that nobody was in.
///
/// # Errors
/// What stops a draw.
pub fn draw_where_nothing_is_evaluated(loaded: &Loaded) -> Result<()> {
    if !loaded.trial.outcomes.is_empty()
        || RecordedDraw::there(&Record::of(&loaded.path)?)?.is_some()
    {
        return Ok(());
    }
    let work = Work::new(Some(loaded), Flags::default(), None, None)?;
    super::enter::draw(&ToDraw::new(&work)?, loaded, None, None).map(|_| ())
}

/// Why nothing is evaluated.
pub fn no_outcomes_yet(loaded: &Loaded) -> String {
    match loaded.trial.export().file {
        Some(file) if !loaded.trial.outcomes.is_empty() => format!(
            "no outcomes yet: {} is not there",
            loaded.beside(&file).display()
        ),
        _ => "no outcomes yet: the protocol names no outcome file or no outcomes".to_string(),
    }
}

/// Balance tables, and notes for standard error; none where the register of a draw made elsewhere is not there.
///
/// # Errors
/// Of files that cannot be read or joined.
pub fn balance(loaded: &Loaded, draw: &RecordedDraw) -> Result<(Vec<BalanceTable>, Vec<String>)> {
    let work = Work::new(Some(loaded), Flags::default(), None, None)?;
    if draw.elsewhere() && !work.register.as_ref().is_some_and(|path| path.exists()) {
        let missing = "the arms were not compared on covariates: the register is not there";
        return Ok((Vec::new(), vec![missing.to_string()]));
    }
    balance_tables(&ToCompare {
        where_possible: true,
        ..ToCompare::new(&work, draw.allocation())?
    })
}

/// The evaluation, and notes for standard error; nothing where there are no outcomes yet.
///
/// # Errors
/// Of files that cannot be read or joined.
pub fn evaluation(
    loaded: &Loaded,
    draw: &RecordedDraw,
    watch: &Watch<'_>,
) -> Result<Option<(Evaluation, Vec<String>)>> {
    let work = Work::new(Some(loaded), Flags::default(), None, None)?;
    let there = work.export.as_ref().is_some_and(|file| file.exists());
    if !there || work.trial.outcomes.is_empty() {
        return Ok(None);
    }
    let arms = ArmSource::Recorded {
        draw: draw.clone(),
        column: None,
    };
    evaluate(ToEvaluate::new(work, arms)?, watch).map(Some)
}
