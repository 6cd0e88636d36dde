//! `fip evaluate`: outcomes of the drawn arms, by intention to treat first.

use super::progress::watch;
use super::{Done, Session, reading, unprotected};
use crate::cli::EvaluateArgs;
use crate::error::{Error, Result};
use crate::intake::{ArmSource, Loaded, ToEvaluate, Work, enter, evaluation, from_record};
use crate::protocol::{FileFlags, Flags, Roles};
use crate::record::RecordedDraw;
use crate::release::{Results, release};
use crate::report;
use crate::results::SeType;

pub fn run(args: &EvaluateArgs, session: &Session) -> Result<Done> {
    let loaded = args.trial.as_deref().map(Loaded::read).transpose()?;
    let loaded = loaded
        .map(|loaded| from_record(loaded, args.allocation.as_deref()))
        .transpose()?;
    let (loaded, recorded) = loaded.unzip();
    let plan = asked(args, loaded.as_ref(), recorded)?;
    let lang = session.lang(plan.trial.about.language);
    let (evaluation, mut notes) = evaluation::evaluate(plan, &watch(session, lang))?;
    if let Some(loaded) = &loaded {
        enter::look(loaded, &evaluation)?;
    }
    let json = report::json::evaluation(&evaluation, lang)?;
    let results = Results {
        balance: evaluation.balance.clone(),
        evaluation: Some(evaluation),
        ..Results::default()
    };
    let (released, hidden) = release(results, None);
    notes.extend(hidden.min_cell.map(unprotected));
    let document = report::evaluation::document(&released, &hidden, lang);
    Done::new(document, &json, notes)
}

/// What the flags of `fip evaluate` ask, over the protocol.
fn asked<'a>(
    args: &EvaluateArgs,
    loaded: Option<&'a Loaded>,
    recorded: Option<RecordedDraw>,
) -> Result<ToEvaluate<'a>> {
    let EvaluateArgs {
        outcomes_file,
        trial: _,
        id,
        arm,
        allocation,
        strata,
        cluster,
        treated,
        control,
        outcomes,
        received,
        reason,
        exclude,
        covariates,
        kinds,
        blanks,
        dashes,
        codes,
        alpha,
        permutations,
        se_type,
        provider,
        subgroups,
        read,
        ids,
    } = args;
    let flags = Flags {
        export: FileFlags {
            id: id.clone(),
            reading: reading(read, ids)?,
            ..FileFlags::default()
        },
        roles: Roles {
            treated: treated.clone().into_iter().collect(),
            control: control.clone(),
        },
        strata: strata.clone(),
        cluster: cluster.clone(),
        outcomes: outcomes.clone(),
        received: received.clone(),
        reason: reason.clone(),
        exclude: exclude.clone(),
        covariates: covariates.clone(),
        kinds: kinds.clone(),
        blanks: blanks.clone(),
        dashes: dashes.clone(),
        codes: codes.clone(),
        alpha: *alpha,
        permutations: *permutations,
        se_type: se_type.as_deref().and_then(SeType::named),
        subgroups: subgroups.clone(),
        provider: provider.clone(),
        ..Flags::default()
    };
    let arms = match (recorded, arm, allocation) {
        (Some(draw), column, _) => ArmSource::Recorded {
            draw,
            column: column.clone(),
        },
        (None, Some(column), _) => ArmSource::Column(column.clone()),
        (None, None, Some(path)) => ArmSource::Allocation(path.clone()),
        (None, None, None) => {
            return Err(Error::usage("it is not said who is in which arm")
                .hint("give --arm COLUMN of the export, or --allocation allocation.csv"));
        }
    };
    let work = Work::new(loaded, flags, None, outcomes_file.as_deref())?;
    ToEvaluate::new(work, arms)
}
