//! `fip schedule`: the office's lists, with dates.

use super::{Done, Session};
use crate::cli::ScheduleArgs;
use crate::data::{Existing, OutputFolder, refuse_existing, refuse_handed_in};
use crate::design::Share;
use crate::error::{Error, Result};
use crate::intake::{Loaded, Schedule, ToSchedule, from_record};
use crate::report::schedule::{document, lists, loads};
use crate::report::write::HANDED_IN;

/// Where lists are put beside the protocol.
const FOLDER: &str = "schedule";

pub fn run(args: &ScheduleArgs, session: &Session) -> Result<Done> {
    let ScheduleArgs {
        trial,
        out,
        columns,
        rounds,
        minutes,
        talks_a_morning,
        no_show,
    } = args;
    let (loaded, draw) = from_record(Loaded::read(trial)?, None)?;
    let lang = session.lang(loaded.trial.about.language);
    let no_show = no_show.as_deref().map(share).transpose()?;
    let out = out.clone().unwrap_or_else(|| loaded.beside(FOLDER));
    refuse_handed_in(&out, HANDED_IN)?;
    let schedule = Schedule::new(&ToSchedule {
        loaded: &loaded,
        draw: &draw,
        columns,
        rounds: *rounds,
        talks_a_morning: *talks_a_morning,
    })?;
    let mut files = Vec::new();
    for (name, list) in lists(&schedule, lang) {
        files.push((format!("{name}.xlsx"), list.xlsx()?));
        files.push((format!("{name}.csv"), list.csv()?));
    }
    // All or none: what is there already is known before anything is written.
    for (name, _) in &files {
        refuse_existing(&out.join(name), Existing::Keep)?;
    }
    let folder = OutputFolder::create(&out)?;
    for (name, bytes) in &files {
        folder.write(name, bytes, Existing::Keep)?;
    }
    let loads = loads(&schedule, no_show);
    let document = document(&schedule.rounds, &loads, *minutes, no_show, lang);
    let json = serde_json::json!({
        "schema": "fip/schedule/1",
        "start": schedule.rounds.start.to_string(),
        "rounds": schedule.rounds.rounds,
        "talks_a_morning": schedule.rounds.talks_a_morning,
        "minutes": minutes,
        "no_show": no_show,
        "caseworkers": loads,
        "not_in_register": schedule.not_in_register,
        "without_place": schedule.without_place,
        "files": files.iter().map(|(name, _)| name).collect::<Vec<_>>(),
    });
    let mut notes = vec![format!(
        "wrote {} files to {}: internal, with ids",
        files.len(),
        folder.path().display()
    )];
    if columns.is_empty() {
        notes.push(
            "the lists have ids only: choose columns of the register with --columns naam,adres"
                .to_string(),
        );
    }
    let last = loads.iter().filter_map(|load| load.last).max();
    if let (Some(last), Some(end)) = (last, loaded.trial.about.end)
        && last > end
    {
        notes.push(format!(
            "the last talks are on {last}, after the end of the trial on {end}"
        ));
    }
    if schedule.not_in_register > 0 {
        notes.push(format!(
            "{} of those invited are not in the register: their columns are blank",
            schedule.not_in_register
        ));
    }
    if schedule.without_place > 0 {
        notes.push(format!(
            "{} of an arm that is invited have no place in the order of invitation, and are on no list: see the \
             column 'invitation' of the allocation",
            schedule.without_place
        ));
    }
    let mut done = Done::new(document, &json, notes)?;
    done.findings = schedule.not_in_register > 0 || schedule.without_place > 0;
    Ok(done)
}

/// A share below 1: of nobody who comes there is no schedule.
fn share(text: &str) -> Result<Share> {
    let share: Share = text.parse().map_err(|_| {
        Error::usage("the share of no-shows is not a number from 0 to 1")
            .value(text)
            .hint("for example --no-show 0.2, or --no-show 20%")
    })?;
    match share < Share::ONE {
        true => Ok(share),
        false => Err(Error::usage("if nobody comes, there is nothing to plan")
            .value(text)
            .hint("for example --no-show 0.2")),
    }
}
