//! Allocations on record to the office's lists: who is invited by whom, when, with what the
//! register says of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::columns::Wants;
use super::office::Office;
use super::on_record::OnRecord;
use super::work::{Loaded, Work, read_options};
use crate::data::{self, Keys, Text, Want};
use crate::design::{self, FIRST_BATCH, Manifest, Role, Rounds, Slot, Texts};
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
    /// People of an arm that is invited who have no place in its order: they are on no list.
    pub without_place: u64,
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
        let rows = OnRecord::read(&[asked.draw.allocation()], id)?;
        let clusters = rows.column("cluster");
        let (found, without_place) = places(&rows, asked.draw.manifest(), &people, &work)?;
        let mut not_in_register = 0;
        for place in found {
            let own = lists
                .iter()
                .position(|list| list.name == place.caseworker && list.arm == place.arm);
            let list = own.unwrap_or_else(|| {
                lists.push(CaseworkerList {
                    name: place.caseworker.clone(),
                    arm: place.arm.clone(),
                    talks: Vec::new(),
                });
                lists.len() - 1
            });
            let cells = register.cells(rows.ids.key(place.row));
            not_in_register += u64::from(cells.is_none());
            let person = Person {
                id: rows.ids.get(place.row).to_owned(),
                cluster: clusters.map_or_else(String::new, |of| of.get(place.row).to_owned()),
                cells: cells.unwrap_or_else(|| vec![String::new(); asked.columns.len()]),
            };
            lists[list].add(person, place.batch, place.invitation, start);
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
            clustered: clusters.is_some(),
            rounds,
            lists,
            not_in_register,
            without_place,
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
#[derive(Clone)]
struct Place {
    row: usize,
    arm: String,
    caseworker: Option<String>,
    batch: u32,
    invitation: u32,
}

/// Everybody's places: those that the allocations have, and for a batch that was drawn before an arm
/// had caseworkers those that the seed of the first draw's manifest gives it. Who has none, but is of a
/// cluster that has one, shares it; of how many others of an arm that is invited there is none.
fn places(
    rows: &OnRecord,
    manifest: Option<&Manifest>,
    people: &[Caseworker],
    work: &Work<'_>,
) -> Result<(Vec<Place>, u64)> {
    let text = |name: &str, row: usize| rows.column(name).map_or("", |of| of.key(row));
    let mut rows_of: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for row in 0..rows.ids.len() {
        let batch = match text("batch", row) {
            "" => FIRST_BATCH,
            batch => number(rows, row, "batch", batch)?,
        };
        rows_of.entry(batch).or_default().push(row);
    }
    let mut found = Vec::new();
    for (&batch, of_batch) in &rows_of {
        for &row in of_batch {
            let invitation = text("invitation", row);
            if !invitation.is_empty() {
                found.push(Place {
                    row,
                    arm: rows.arms.key(row).to_owned(),
                    caseworker: Some(text("caseworker", row))
                        .filter(|name| !name.is_empty())
                        .map(str::to_owned),
                    batch,
                    invitation: number(rows, row, "invitation", invitation)?,
                });
            }
        }
    }
    // Without caseworkers there is an order of invitation all the same, of one list.
    let nobody = match people.is_empty() {
        true => vec![of_nobody(invited_arm(&found, work, manifest)?)],
        false => Vec::new(),
    };
    let people = if people.is_empty() { &nobody } else { people };
    for (&batch, of_batch) in &rows_of {
        let has_places = |arm: &str| {
            let mut found = found.iter();
            found.any(|place| place.batch == batch && place.arm == arm)
        };
        let without: Vec<Caseworker> = people
            .iter()
            .filter(|person| !has_places(&person.arm))
            .cloned()
            .collect();
        let is_open = |row: &&usize| {
            let arm = rows.arms.key(**row);
            without.iter().any(|person| person.arm == arm)
        };
        let open: HashSet<usize> = of_batch.iter().filter(is_open).copied().collect();
        if open.is_empty() {
            continue;
        }
        let manifest = manifest.ok_or_else(no_manifest)?;
        let office = Office::new(
            &manifest.plan_of_batch(batch)?,
            &without,
            &rows.ids,
            rows.column("cluster").map(|column| column as &dyn Texts),
            |row| open.contains(&row).then(|| rows.arms.key(row)),
            (batch > FIRST_BATCH).then_some(manifest.counts.arms.as_slice()),
        )
        .map_err(|error| error.in_protocol(work_file(work)))?;
        let Some(office) = office else { continue };
        for row in 0..rows.ids.len() {
            let (Some(person), Some(invitation)) = (office.caseworker[row], office.invitation[row])
            else {
                continue;
            };
            let person = &without[person];
            found.push(Place {
                row,
                arm: person.arm.clone(),
                caseworker: Some(person.plan.name.clone()).filter(|name| !name.is_empty()),
                batch,
                invitation,
            });
        }
    }
    let placed: HashSet<usize> = found.iter().map(|place| place.row).collect();
    let mut of_cluster: HashMap<&str, usize> = HashMap::new();
    for (index, place) in found.iter().enumerate() {
        of_cluster
            .entry(text("cluster", place.row))
            .or_insert(index);
    }
    of_cluster.remove("");
    let mut without_place = 0;
    for row in (0..rows.ids.len()).filter(|row| !placed.contains(row)) {
        let arm = rows.arms.key(row);
        let is_invited = people.iter().any(|person| person.arm == arm);
        match of_cluster.get(text("cluster", row)) {
            Some(&index) if found[index].arm == arm => {
                let Place {
                    row: _,
                    arm,
                    caseworker,
                    batch,
                    invitation,
                } = found[index].clone();
                found.push(Place {
                    row,
                    arm,
                    caseworker,
                    batch,
                    invitation,
                });
            }
            _ => without_place += u64::from(is_invited),
        }
    }
    Ok((found, without_place))
}

fn no_manifest() -> Error {
    Error::data(
        "the allocation has no caseworkers and no order of invitation, and it was drawn without a manifest to draw them with",
    )
    .hint("give the file of the draw a column 'caseworker' and a column 'invitation', and bring it in with these")
}

fn work_file(work: &Work<'_>) -> String {
    let loaded = work.loaded;
    loaded.map_or_else(String::new, |loaded| loaded.path.display().to_string())
}

fn number(rows: &OnRecord, row: usize, column: &str, text: &str) -> Result<u32> {
    text.parse().map_err(|_| {
        Error::data(format!(
            "in the allocation, somebody's {column} is not a whole number: client '{}'",
            rows.ids.key(row)
        ))
        .column(column)
        .value(text)
        .hint("the file was changed after the draw; 'fip verify' names every difference")
    })
}

/// Who is invited where no caseworkers are named: the arm that is invited in another batch, else the
/// one arm that is an intervention.
fn invited_arm(found: &[Place], work: &Work<'_>, manifest: Option<&Manifest>) -> Result<String> {
    if let Some(place) = found.first() {
        return Ok(place.arm.clone());
    }
    let said = work.trial.treated();
    let recorded = || -> Vec<String> {
        let arms = manifest.iter().flat_map(|manifest| &manifest.design.arms);
        let treated = arms.filter(|arm| arm.role == Some(Role::Intervention));
        treated.map(|arm| arm.name.clone()).collect()
    };
    let arms = if said.is_empty() { recorded() } else { said };
    <[String; 1]>::try_from(arms).map(|[arm]| arm).map_err(|_| {
        work.not_said(
            "who is invited",
            "add [[assignment.caseworker]] with name and arm, or give one arm the role 'intervention'",
            "",
        )
    })
}

fn of_nobody(arm: String) -> Caseworker {
    Caseworker {
        plan: design::Caseworker {
            name: String::new(),
            places: None,
        },
        arm,
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
