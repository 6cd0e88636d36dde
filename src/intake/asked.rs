//! What is to be evaluated: the trial with the flags over it, and where people's arms stand.

use std::path::PathBuf;

use super::work::{Loaded, Work, read_options};
use crate::columns::{Variable, VariableKind};
use crate::data::{self, Guess, ReadOptions};
use crate::error::{Error, Result};
use crate::protocol::{Outcome, Trial};
use crate::record::RecordedDraw;

/// What an evaluation needs: a trial, its export, and who is in which arm.
pub struct ToEvaluate<'a> {
    pub trial: Trial,
    pub loaded: Option<&'a Loaded>,
    pub file: PathBuf,
    pub options: ReadOptions,
    pub id: Option<String>,
    pub arms: ArmSource,
    /// Covariates to adjust for.
    pub covariates: Vec<Variable>,
    /// Variables to look at effects by, and whether the protocol names them.
    pub subgroups: Vec<(Variable, Option<bool>)>,
    /// Where columns are looked up that the export doesn't have, by id.
    pub register: Option<(PathBuf, ReadOptions)>,
}

impl<'a> ToEvaluate<'a> {
    /// # Errors
    /// No export, or no outcomes; internal, for a trial with a protocol whose arms are not on record.
    pub fn new(work: Work<'a>, arms: ArmSource) -> Result<Self> {
        if work.loaded.is_some() && !matches!(arms, ArmSource::Recorded { .. }) {
            return Err(Error::internal("a trial is evaluated by its record only"));
        }
        let Work {
            trial,
            loaded,
            register,
            export,
        } = work;
        let file = export.ok_or_else(|| {
            Error::usage("no outcome export is given").hint(
                "fip evaluate outcomes.csv …, or file = \"outcomes.csv\" in [outcomes] of the protocol",
            )
        })?;
        if trial.outcomes.is_empty() {
            return Err(Error::usage("no outcomes are given")
                .hint("name them with --outcomes a,b, or in a protocol"));
        }
        let spec = trial.export();
        let registered = loaded.map(|loaded| &loaded.registered().analysis.subgroups);
        let subgroups = trial.analysis.subgroups.iter();
        Ok(ToEvaluate {
            options: read_options(&spec.reading),
            id: spec.id,
            covariates: trial.adjusted_for(),
            subgroups: subgroups
                .map(|name| {
                    let known = registered.map(|names| names.contains(name));
                    (trial.variable(name), known)
                })
                .collect(),
            register: register
                .filter(|path| loaded.is_some() && path.exists())
                .map(|path| (path, read_options(&trial.register.reading))),
            trial,
            loaded,
            file,
            arms,
        })
    }
}

/// So much of a file is looked at before the whole is read.
const PEEK: usize = 4 << 20;

impl ToEvaluate<'_> {
    /// The limit below which numbers of people are kept out of reports.
    pub fn min_cell(&self) -> Option<u64> {
        self.trial.report.min_cell
    }

    /// In a large file, columns that begin as numbers are read as numbers: that needs half the
    /// memory of keeping their text until their kind is known.
    pub fn look_at_large_file(&mut self) -> Result<()> {
        let unknown = |outcome: &Outcome| {
            outcome.variable.kind.is_none() && outcome.variable.levels.is_none()
        };
        if !self.trial.outcomes.iter().any(unknown) {
            return Ok(());
        }
        let Some(start) = data::peek(&self.file, &self.options, PEEK)? else {
            return Ok(());
        };
        for outcome in self
            .trial
            .outcomes
            .iter_mut()
            .filter(|outcome| unknown(outcome))
        {
            if start.has(&outcome.variable.name)
                && start.profile(&outcome.variable.name)?.guess == Guess::Numeric
            {
                outcome.variable.kind = Some(VariableKind::Numeric);
            }
        }
        Ok(())
    }
}

/// Where a person's arm stands.
pub enum ArmSource {
    /// In a column of the export, of a trial without a protocol.
    Column(String),
    /// In a file, of a trial without a protocol.
    Allocation(PathBuf),
    /// On record; a column of the export is held against it.
    Recorded {
        draw: RecordedDraw,
        column: Option<String>,
    },
}
