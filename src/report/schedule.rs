//! The office's schedule: what it takes as a document, and its lists.

use super::catalog::office::{self, NoShows};
use super::lists::{List, Value};
use crate::columns::Date;
use crate::design::{Rounds, Share, expected_no_shows};
use crate::document::{Cell, Column, Document, NoteKind, Row, Table};
use crate::intake::{CaseworkerList, Schedule, Talk};
use crate::release::no_results;
use crate::words::{Label, Lang};

/// What a caseworker has to do.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Load {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caseworker: Option<String>,
    pub arm: String,
    pub talks: u64,
    pub people: u64,
    pub mornings: u64,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "iso")]
    pub first: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "iso")]
    pub last: Option<Date>,
    /// Talks that are not held, on average.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_shows: Option<f64>,
    /// To invite as many once more, in whole talks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mornings_again: Option<u64>,
}

fn iso<S: serde::Serializer>(date: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
    match date {
        Some(date) => to.collect_str(date),
        None => to.serialize_none(),
    }
}

/// What every caseworker has to do, in their order.
pub fn loads(schedule: &Schedule, no_show: Option<Share>) -> Vec<Load> {
    let lists = schedule.lists.iter();
    lists
        .map(|list| {
            let talks = list.talks.len() as u64;
            Load {
                caseworker: list.name.clone(),
                arm: list.arm.clone(),
                talks,
                people: list.people(),
                mornings: list.mornings(),
                first: list.talks.first().map(|talk| talk.slot.date),
                last: list.talks.last().map(|talk| talk.slot.date),
                no_shows: no_show.map(|share| talks as f64 * share.to_f64()),
                mornings_again: no_show.map(|share| {
                    let again = expected_no_shows(talks, share);
                    schedule.rounds.mornings_for(again)
                }),
            }
        })
        .collect()
}

/// How much there is to do, by whom, and what no-shows do to it.
pub fn document(
    rounds: &Rounds,
    loads: &[Load],
    minutes: u64,
    no_show: Option<Share>,
    lang: Lang,
) -> Document {
    let words = office::words(lang);
    let mut doc = Document::new(lang, words.title, &no_results());
    let sum = |of: fn(&Load) -> u64| loads.iter().map(of).sum::<u64>();
    let (talks, people) = (sum(|load| load.talks), sum(|load| load.people));
    doc.paragraph(office::in_all(
        talks,
        people,
        rounds.rounds,
        rounds.start,
        rounds.talks_a_morning,
        minutes,
        lang,
    ));
    let mut columns = vec![
        Column::words(words.caseworker),
        Column::numbers(words.talks),
        Column::numbers(words.people),
        Column::numbers(words.mornings),
        Column::words(words.first),
        Column::words(words.last),
    ];
    if no_show.is_some() {
        columns.push(Column::numbers(words.no_shows));
        columns.push(Column::numbers(words.second_invitation));
    }
    let mut table = Table::new("schedule", words.per_caseworker, columns);
    let date = |date: Option<Date>| match date {
        Some(date) => Cell::text(office::short_day(date, lang)),
        None => Cell::EMPTY,
    };
    let counts = |load: &Load| {
        let no_shows = load.no_shows.map(|talks| Cell::number(talks, 1));
        no_shows
            .into_iter()
            .chain(load.mornings_again.map(Cell::count))
    };
    for load in loads {
        table.row(
            Row::new(name(load.caseworker.as_deref(), &load.arm, lang))
                .with(Cell::count(load.talks))
                .with(Cell::count(load.people))
                .with(Cell::count(load.mornings))
                .with(date(load.first))
                .with(date(load.last))
                .with_all(counts(load)),
        );
    }
    let all = Load {
        caseworker: None,
        arm: String::new(),
        talks,
        people,
        mornings: sum(|load| load.mornings),
        first: loads.iter().filter_map(|load| load.first).min(),
        last: loads.iter().filter_map(|load| load.last).max(),
        no_shows: no_show.map(|share| talks as f64 * share.to_f64()),
        mornings_again: no_show.map(|_| sum(|load| load.mornings_again.unwrap_or(0))),
    };
    if loads.len() > 1 {
        table.row(
            Row::total(Label::Total.text(lang))
                .with(Cell::count(talks))
                .with(Cell::count(people))
                .with(Cell::count(all.mornings))
                .with(date(all.first))
                .with(date(all.last))
                .with_all(counts(&all)),
        );
    }
    doc.table(table);
    if let (Some(share), Some(mornings)) = (no_show, all.mornings_again) {
        doc.paragraph(office::no_shows(
            NoShows {
                share: share.to_f64(),
                talks,
                mornings,
                a_morning: rounds.talks_a_morning,
            },
            lang,
        ));
    }
    doc.note(NoteKind::Info, office::working_days(lang));
    doc.note(NoteKind::Warning, office::internal(lang));
    doc
}

fn name(caseworker: Option<&str>, arm: &str, lang: Lang) -> String {
    caseworker.map_or_else(|| office::everybody_of(arm, lang), str::to_owned)
}

/// The lists with the names of their files, without an ending: one per caseworker who sees anybody,
/// and the letters.
pub fn lists(schedule: &Schedule, lang: Lang) -> Vec<(String, List)> {
    let words = office::words(lang);
    let with_people = schedule.lists.iter().filter(|list| !list.talks.is_empty());
    let mut lists: Vec<(String, List)> = (1..)
        .zip(with_people)
        .map(|(number, list)| {
            let name = name(list.name.as_deref(), &list.arm, lang);
            let file = format!("{}-{number:02}-{}", words.list, in_a_file_name(&name));
            (file, of_caseworker(schedule, list, name, lang))
        })
        .collect();
    lists.push((words.letters.to_owned(), letters(schedule, lang)));
    lists
}

fn of_caseworker(schedule: &Schedule, list: &CaseworkerList, name: String, lang: Lang) -> List {
    let words = office::words(lang);
    let mut own = vec![words.order, words.round, words.date];
    let at = own.len();
    if schedule.clustered {
        own.push(words.cluster);
    }
    let rows = (1..).zip(&list.talks).flat_map(|(order, talk)| {
        talk.people.iter().map(move |person| {
            let mut row = vec![
                Value::Whole(order),
                Value::Whole(talk.slot.round),
                Value::Day(talk.slot.date),
                Value::Text(person.id.clone()),
            ];
            if schedule.clustered {
                row.push(Value::Text(person.cluster.clone()));
            }
            row.extend(person.cells.iter().cloned().map(Value::Text));
            row
        })
    });
    List {
        sheet: name,
        header: header(schedule, &own, at, words.of_register),
        rows: rows.collect(),
    }
}

/// One row per person, by round: the day in words, since a letter prints a day of Excel in the way of
/// another country.
fn letters(schedule: &Schedule, lang: Lang) -> List {
    let words = office::words(lang);
    let mut own = vec![
        words.order_field,
        words.round_field,
        words.date_field,
        words.caseworker_field,
    ];
    let at = own.len();
    if schedule.clustered {
        own.push(words.cluster_field);
    }
    let by_round: Vec<(&CaseworkerList, &Talk)> = schedule.by_round();
    let rows = (1..).zip(by_round).flat_map(|(order, (list, talk))| {
        let name = list.name.clone().unwrap_or_default();
        talk.people.iter().map(move |person| {
            let mut row = vec![
                Value::Whole(order),
                Value::Whole(talk.slot.round),
                Value::Text(office::day(talk.slot.date, lang)),
                Value::Text(name.clone()),
                Value::Text(person.id.clone()),
            ];
            if schedule.clustered {
                row.push(Value::Text(person.cluster.clone()));
            }
            row.extend(person.cells.iter().cloned().map(Value::Text));
            row
        })
    });
    List {
        sheet: words.letters.to_owned(),
        header: header(schedule, &own, at, words.of_register),
        rows: rows.collect(),
    }
}

/// Our columns with the id at its place, then the register's: one that is called as another is marked,
/// since a letter finds its fields by name.
fn header(schedule: &Schedule, own: &[&str], at: usize, of_register: &str) -> Vec<String> {
    let mut header: Vec<String> = own.iter().map(|name| (*name).to_owned()).collect();
    let taken = |header: &[String], name: &str| {
        let mut others = header.iter();
        others.any(|other| other.to_lowercase() == name.to_lowercase())
    };
    let named = |header: &[String], name: &str| {
        let mut name = name.to_owned();
        while taken(header, &name) {
            name = format!("{name}_{of_register}");
        }
        name
    };
    let id = named(&header, &schedule.id);
    header.insert(at, id);
    for column in &schedule.columns {
        let column = named(&header, column);
        header.push(column);
    }
    header
}

/// Letters and digits, whatever somebody is called.
fn in_a_file_name(name: &str) -> String {
    let plain: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join("-").chars().take(40).collect()
}
