//! From files to people: a trial's register, allocation and export, read and joined.
//!
//! | file | its job |
//! | --- | --- |
//! | `work` | the protocol with its file, the trial that a command takes up, what results are made from |
//! | `columns` | which columns are read, and a variable's values as its kind says |
//! | `allocation` | `allocation.csv` as it is read back, and the roles on record |
//! | `draw` | the eligible people of a register → the drawn allocation with its manifest |
//! | `elsewhere` | a draw that was made by other means, as it goes on record |
//! | `enter` | what a command enters into the record |
//! | `batch`, `start` | who comes later, and who starts on the first day |
//! | `on_record` | the allocations of all batches, put together |
//! | `schedule` | allocations on record → the office's lists |
//! | `office` | caseworkers and the order of invitation, for the allocation's columns |
//! | `balance` | the register beside the allocation → balance tables |
//! | `asked` | what is to be evaluated, and where arms stand |
//! | `export`, `people`, `contacts` | the export's rows with their arm, stratum and cluster, conditions and contacts |
//! | `stages` | balance and evaluation of the draw on record |
//! | `draft` | files that are looked at → a protocol to read through |
//! | `simulated` | the register and the design of a protocol, with made-up outcomes |
//! | `left` | what the stages of a run left in a folder, read back |
//! | `first_try` | a draw without a protocol: two files in a folder, and no record |
//! | `verification` | the draw again, held against manifest, allocation and record |
//! | `before_draw` | covariates and subgroups that came after the draw, refused |
//! | `sizes` | arms that the registered draw cannot have made, refused |
//! | `unsaid` | cells of an outcome of which it is not said what they stand for |
//! | `joined` | two files matched by id, and ids that only look different |
//! | `beside` | whether an export's rows are still beside their ids |
//! | `near` | arms and strata whose values differ by case or spaces only |
//! | `persons` | which rows are persons, and who has to say so |
//! | `evaluation` | all of that → an evaluation |

mod allocation;
mod asked;
mod balance;
mod batch;
mod before_draw;
mod beside;
mod columns;
mod contacts;
pub mod draft;
mod draw;
mod elsewhere;
pub mod enter;
pub mod evaluation;
mod export;
pub mod first_try;
mod joined;
pub mod left;
mod near;
mod office;
mod on_record;
mod people;
mod persons;
mod schedule;
mod simulated;
mod sizes;
pub mod stages;
mod start;
mod unsaid;
pub mod verification;
mod work;

pub use asked::{ArmSource, ToEvaluate};
pub use balance::{ToCompare, balance_tables};
pub use batch::Batch;
pub use draw::{Drawn, Eligible, ToDraw, eligible};
pub use on_record::OnRecord;
pub use schedule::{CaseworkerList, Schedule, Talk, ToSchedule};
pub use simulated::Simulated;
pub use start::Started;
pub use work::{Loaded, VERSION, Work, file_name, from_record, read_options};

/// What takes long enough to be watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Outcomes, one by one.
    Evaluating,
    /// Draws made again.
    DrawingAgain,
}

/// Told how many steps a stage has, gives who is to be told of the steps done.
pub type Watch<'a> = dyn Fn(Stage, u64) -> Box<dyn Fn(u64) + Sync> + Sync + 'a;
