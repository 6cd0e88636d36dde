//! Allocations on record to the office's lists: who is invited by whom, when, with what the
//! register says of them.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::columns::Wants;
use super::office::Office;
use super::on_record::OnRecord;
use super::work::{Loaded, Work, read_options};
use crate::data::{self, Keys, Text, Want};
use crate::design::{FIRST_BATCH, Manifest, Rounds, Slot, Texts};
use crate::error::{Error, Result};
use crate::protocol::{Caseworker, Flags};
use crate::record::RecordedDraw;

/// What is asked of a schedule.
pub struct ToSchedule<'a> {
    pub loaded: &'a Loaded,
    /// The draw that took place.
    pub draw: &'a RecordedDraw,
    /// Columns of the register.
    pub columns: &'a [String],
    pub rounds: Option<u64>,
    pub talks_a_morning: u64,
}

/// The lists of an office.
pub struct Schedule {
    /// The name of the column with the id.
    pub id: String,
    pub columns: Vec<String>,
    pub clustered: bool,
    pub rounds: Rounds,
    /// In the order of the protocol; who sees nobody is in it with an empty list.
    pub lists: Vec<CaseworkerList>,
    /// People of the allocation whom the register no longer has: their columns are blank.
    pub not_in_register: u64,
}

pub struct CaseworkerList {
    /// None where an arm has no caseworkers.
    pub name: Option<String>,
    pub arm: String,
    /// In order of invitation.
    pub talks: Vec<Talk>,
}

/// A person, or a cluster whose members are invited together.
pub struct Talk {
    pub people: Vec<Person>,
    pub slot: Slot,
    batch: u32,
    invitation: u32,
}

pub struct Person {
    pub id: String,
    pub cluster: String,
    /// What the register says, in the order of the columns.
    pub cells: Vec<String>,
}

impl CaseworkerList {
    pub fn people(&self) -> u64 {
        self.talks.iter().map(|talk| talk.people.len() as u64).sum()
    }

    /// Different mornings.
    pub fn mornings(&self) -> u64 {
        let mut dates: Vec<_> = self.talks.iter().map(|talk| talk.slot.date).collect();
        dates.dedup();
        dates.len() as u64
    }
}

impl Schedule {
    /// Makes the lists, everybody with their date.
    ///
    /// An allocation that was drawn before there were caseworkers is divided over those of the
    /// protocol by its manifest, exactly as the draw would have.
    ///
    /// # Errors
    /// No first day or id in the protocol, allocations that cannot be read or divided, a column that
    /// the register does not have, too few rounds.
    pub fn new(asked: &ToSchedule<'_>) -> Result<Self> {
        let work = Work::new(Some(asked.loaded), Flags::default(), None, None)?;
        let start = work.trial.about.start.ok_or_else(|| {
            work.not_said(
                "when the trial starts",
                "add start = 2017-03-01 (year, month, day) to [trial]",
                "",
            )
        })?;
        let id = work.trial.register.id.as_deref().ok_or_else(|| {
            work.not_said(
                "which column of the register has the id",
                "add id = \"klantnummer\" to [register]",
                "",
            )
        })?;
        let register = Register::read(&work, id, asked.columns)?;
        let people = work.trial.assignment.iter().flat_map(|of| &of.caseworkers);
        let people: Vec<Caseworker> = people.cloned().collect();
        let mut lists: Vec<CaseworkerList> = people
            .iter()
            .map(|person| CaseworkerList {
                name: Some(person.plan.name.clone()),
                arm: person.arm.clone(),
                talks: Vec::new(),
            })
            .collect();
        let mut not_in_register = 0;
        let mut clustered = false;
        let mut first = None;
        let mut seen = HashSet::new();
        for (path, manifest) in asked.draw.parts() {
            let rows = OnRecord::read(&[path], id)?;
            clustered |= rows.column("cluster").is_some();
            let places = places(
                path,
                &rows,
                manifest.as_ref(),
                &people,
                first.as_ref(),
                &work,
            )?;
            if first.is_none() {
                first.clone_from(manifest);
            }
            for place in places {
                if !seen.insert(rows.ids.key(place.row).to_owned()) {
                    return Err(Error::data("somebody is in the allocations twice")
                        .file(path.display())
                        .column(id)
                        .value(rows.ids.key(place.row))
                        .hint("give every allocation once: of the first draw, and of every later batch"));
                }
                let found = lists
                    .iter()
                    .position(|list| list.name == place.caseworker && list.arm == place.arm);
                let list = found.unwrap_or_else(|| {
                    lists.push(CaseworkerList {
                        name: place.caseworker.clone(),
                        arm: place.arm.clone(),
                        talks: Vec::new(),
                    });
                    lists.len() - 1
                });
                let key = rows.ids.key(place.row);
                let cells = register.cells(key);
                not_in_register += u64::from(cells.is_none());
                let person = Person {
                    id: rows.ids.get(place.row).to_owned(),
                    cluster: rows
                        .column("cluster")
                        .map_or_else(String::new, |of| of.get(place.row).to_owned()),
                    cells: cells.unwrap_or_else(|| vec![String::new(); asked.columns.len()]),
                };
                lists[list].add(person, place.batch, place.invitation, start);
            }
        }
        for list in &mut lists {
            list.talks.sort_by_key(|talk| (talk.batch, talk.invitation));
        }
        let most = lists.iter().map(|list| list.talks.len() as u64).max();
        let rounds = Rounds::new(
            start,
            asked.rounds,
            asked.talks_a_morning,
            most.unwrap_or(0),
        )?;
        for list in &mut lists {
            let slots = rounds.slots(list.talks.len() as u64);
            for (talk, slot) in list.talks.iter_mut().zip(slots) {
                talk.slot = slot;
            }
        }
        Ok(Schedule {
            id: id.to_owned(),
            columns: asked.columns.to_vec(),
            clustered,
            rounds,
            lists,
            not_in_register,
        })
    }

    /// Everybody's talks in the order in which the letters go out: by round, and within it in order
    /// of invitation.
    pub fn by_round(&self) -> Vec<(&CaseworkerList, &Talk)> {
        let of = |list| move |talk| (list, talk);
        let mut talks: Vec<(&CaseworkerList, &Talk)> = self
            .lists
            .iter()
            .flat_map(|list| list.talks.iter().map(of(list)))
            .collect();
        talks.sort_by_key(|(_, talk)| (talk.slot.round, talk.batch, talk.invitation));
        talks
    }
}

impl CaseworkerList {
    /// Members of a cluster have one place in the order, and one talk.
    fn add(&mut self, person: Person, batch: u32, invitation: u32, start: crate::columns::Date) {
        let mut talks = self.talks.iter_mut();
        let own = talks.find(|talk| (talk.batch, talk.invitation) == (batch, invitation));
        match own {
            Some(talk) => talk.people.push(person),
            None => self.talks.push(Talk {
                people: vec![person],
                slot: Slot {
                    round: 1,
                    date: start,
                },
                batch,
                invitation,
            }),
        }
    }
}

/// Who is invited, by whom and as the how manieth.
struct Place {
    row: usize,
    arm: String,
    caseworker: Option<String>,
    batch: u32,
    invitation: u32,
}

/// The places in one allocation: those it has, else those that its manifest's seed gives.
fn places(
    path: &Path,
    rows: &OnRecord,
    manifest: Option<&Manifest>,
    people: &[Caseworker],
    first: Option<&Manifest>,
    work: &Work<'_>,
) -> Result<Vec<Place>> {
    let drawn = match (rows.column("caseworker"), rows.column("invitation")) {
        (Some(caseworkers), Some(invitations)) => Some((caseworkers, invitations)),
        _ => None,
    };
    let batch_of = |row: usize| -> Result<u32> {
        let own = rows.column("batch").map_or("", |of| of.key(row));
        match own {
            "" => Ok(manifest
                .and_then(|of| of.design.batch)
                .unwrap_or(FIRST_BATCH)),
            text => number(path, row, "batch", text),
        }
    };
    let mut found = Vec::new();
    if let Some((caseworkers, invitations)) = drawn {
        for row in (0..rows.ids.len()).filter(|&row| !invitations.key(row).is_empty()) {
            found.push(Place {
                row,
                arm: rows.arms.key(row).to_owned(),
                caseworker: Some(caseworkers.key(row).to_owned()).filter(|name| !name.is_empty()),
                batch: batch_of(row)?,
                invitation: number(path, row, "invitation", invitations.key(row))?,
            });
        }
        return Ok(found);
    }
    let Some(manifest) = manifest else {
        return Err(Error::data(
            "this allocation has no caseworkers and no order of invitation, and it was drawn without a manifest to draw them with",
        )
        .file(path.display())
        .hint("give the file of the draw a column 'caseworker' and a column 'invitation', and bring it in with these"));
    };
    // Without caseworkers there is an order of invitation all the same, of one list.
    let nobody = [only_intervention(work, manifest)?];
    let of_protocol = !people.is_empty();
    let people = if of_protocol { people } else { &nobody };
    let office = Office::new(
        &manifest.plan()?,
        people,
        &rows.ids,
        rows.column("cluster").map(|column| column as &dyn Texts),
        |row| Some(rows.arms.key(row)),
        manifest
            .design
            .batch
            .and(first)
            .map(|first| first.counts.arms.as_slice()),
    )
    .map_err(|error| error.in_protocol(work_file(work)))?;
    for row in 0..rows.ids.len() {
        let Some(office) = &office else { break };
        let (Some(person), Some(invitation)) = (office.caseworker[row], office.invitation[row])
        else {
            continue;
        };
        found.push(Place {
            row,
            arm: people[person].arm.clone(),
            caseworker: of_protocol.then(|| people[person].plan.name.clone()),
            batch: batch_of(row)?,
            invitation,
        });
    }
    Ok(found)
}

fn work_file(work: &Work<'_>) -> String {
    let loaded = work.loaded;
    loaded.map_or_else(String::new, |loaded| loaded.path.display().to_string())
}

fn number(path: &Path, row: usize, column: &str, text: &str) -> Result<u32> {
    text.parse().map_err(|_| {
        Error::data("this is not a whole number")
            .file(path.display())
            .row(row as u64 + 2)
            .column(column)
            .value(text)
            .hint("the file was changed after the draw; 'fip verify' names every difference")
    })
}

/// A list for the one arm that is an intervention, of nobody in particular.
fn only_intervention(work: &Work<'_>, manifest: &Manifest) -> Result<Caseworker> {
    use crate::design::Role;
    let said = work.trial.treated();
    let recorded = || {
        let arms = manifest.design.arms.iter();
        let treated = arms.filter(|arm| arm.role == Some(Role::Intervention));
        treated.map(|arm| arm.name.clone()).collect::<Vec<_>>()
    };
    let arms = if said.is_empty() { recorded() } else { said };
    match <[String; 1]>::try_from(arms) {
        Ok([arm]) => Ok(Caseworker {
            plan: crate::design::Caseworker {
                name: String::new(),
                places: None,
            },
            arm,
        }),
        Err(_) => Err(work.not_said(
            "who is invited",
            "add [[assignment.caseworker]] with name and arm, or give one arm the role 'intervention'",
            "",
        )),
    }
}

/// The chosen columns of the register, by id.
struct Register {
    columns: Vec<Text>,
    row_of: HashMap<String, usize>,
    /// Whether there is a register to be in.
    asked: bool,
}

impl Register {
    fn read(work: &Work<'_>, id: &str, columns: &[String]) -> Result<Self> {
        if columns.is_empty() {
            return Ok(Register {
                columns: Vec::new(),
                row_of: HashMap::new(),
                asked: false,
            });
        }
        let path = work.register.as_deref().ok_or_else(|| {
            work.not_said(
                "which register has these columns",
                "add file = \"register.csv\" to [register]",
                "",
            )
        })?;
        let file = data::open(path, &read_options(&work.trial.register.reading))?;
        let mut wants = Wants::default();
        wants.add(id, Want::Text);
        for name in columns {
            file.require(name)?;
            wants.add(name, Want::Text);
        }
        let table = wants.read(&file)?;
        Keys::new(&table, id)?;
        let ids = table.text(id)?;
        Ok(Register {
            row_of: (0..ids.len())
                .map(|row| (ids.key(row).to_owned(), row))
                .collect(),
            columns: columns
                .iter()
                .map(|name| Ok(table.text(name)?.into_owned()))
                .collect::<Result<_>>()?,
            asked: true,
        })
    }

    /// What it says of somebody; none of whom it does not have.
    fn cells(&self, key: &str) -> Option<Vec<String>> {
        if !self.asked {
            return Some(Vec::new());
        }
        let row = *self.row_of.get(key)?;
        Some(
            self.columns
                .iter()
                .map(|of| of.get(row).to_owned())
                .collect(),
        )
    }
}
