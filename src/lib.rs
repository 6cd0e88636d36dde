//! `fip` draws, evaluates and checks randomized trials of public services.
//!
//! # The house
//!
//! Data flows one way, from the top of this list to the bottom: a room uses only rooms below it, and
//! `tests/suite/house.rs` has the floors.
//!
//! | room | its one job |
//! | --- | --- |
//! | `main.rs` | parse, run, print, exit code: the only place that prints or exits |
//! | [`commands`] | one file per verb: arguments → trial → results → document |
//! | [`report`] | results → document → terminal, Markdown, HTML, LaTeX, Word, Excel, CSV, pictures |
//! | [`intake`] | from files to people: register, allocation and export, read and joined |
//! | [`evaluate`] | outcomes → [`results::Evaluation`]: which kernel answers which question |
//! | [`answer`] | which number leads, and why |
//! | [`balance`] | covariates → [`results::BalanceTable`] |
//! | [`study`] | who is in which arm, how they were drawn: people, arms, design as analysed |
//! | [`record`] | what has happened in a trial, on file: events bound by hash, the draw that took place |
//! | [`audit`] | printed tables → findings |
//! | [`document`] | a report as data: headings, notes, tables of typed cells, figures |
//! | [`stats`] | the kernels: slices and small tables in, numbers out |
//! | [`release`] | results → results that may be shown: the one door to a document |
//! | [`protocol`] | `trial.toml`, or the flags that say the same, as one validated type |
//! | [`publication`] | what a report prints, as data; microdata that reproduce it |
//! | [`cli`] | what can be typed, and its help |
//! | [`results`] | plain data: estimates, tests, tables, notes; the JSON formats |
//! | [`data`] | files, encodings, decimal signs, missing codes → typed columns |
//! | [`design`] | the draw: streams, quotas, allocation, manifest, verification |
//! | [`columns`] | typed values, and what is laid down about them: kind, levels, labels |
//! | [`condition`] | `where`, `received`, `exclude` as they are written |
//! | [`words`] | the language, short phrases and labels, and how a number is written |
//! | [`error`] | the one error: kind, sentence, place, hint |
//!
//! # What holds everywhere
//!
//! * Polars, paths and encodings stay in `data` (and paths in `commands`); ChaCha in `design`;
//!   `tests/suite/house.rs` enforces it. The distributions in `stats::dist` are our own, since
//!   none at hand holds 1e-12 in the tails and at large df; statrs is what they are compared with.
//! * A float becomes text for people in `words::number` and nowhere else; a word that a
//!   person reads stands in `report::catalog`, in both languages.
//! * The sign of an effect is intervention minus control.
//! * Missing is missing: absent or NaN in a numeric column, never 0. What cannot be computed
//!   is absent from the results and named in a [`results::Note`].
//! * Input is checked at the door; behind it nothing panics.
//!
//! # Where to change what
//!
//! * what counts as the draw that took place: `record/draw.rs`; what a command enters: `intake/enter.rs`;
//!   whether a record is as it was written: `record/chain.rs`;
//! * the wording of a table or sentence: `report/catalog`; what a plain sentence may claim:
//!   `report/plain.rs`; what is kept out for small numbers: `release`
//!   (and `evaluate/fewest.rs`, which counts them); what stands in it: `report/balance.rs`,
//!   `report/evaluation`, `report/assignment.rs`;
//! * how a folder is replaced as a whole: `data/whole.rs`; one run at a time: `data/lock.rs`;
//! * which number leads, and with it the star, the sentence and the corrected p: `answer/choose.rs`,
//!   and when a method holds its error rate: `answer/validity.rs`;
//! * what can be laid down, and by which flag: `protocol/keys.rs`; what is told as a deviation:
//!   `protocol/difference.rs`; who is the control: `protocol/roles.rs`;
//! * the formula of a test: the file in `stats` that is named after it;
//! * which tests an outcome gets: `evaluate/comparisons.rs`, over strata `evaluate/stratified.rs`,
//!   of change within an arm `evaluate/before_after.rs`;
//! * the reading of a file: `data`; what a protocol may say: `protocol/parse.rs`.

pub mod answer;
pub mod audit;
pub mod balance;
#[cfg(feature = "cli")]
pub mod cli;
pub mod columns;
#[cfg(feature = "cli")]
pub mod commands;
pub mod condition;
#[cfg(feature = "files")]
pub mod data;
pub mod design;
pub mod document;
pub mod error;
pub mod evaluate;
#[cfg(feature = "files")]
pub mod intake;
pub mod protocol;
pub mod publication;
#[cfg(feature = "files")]
pub mod record;
pub mod release;
#[cfg(feature = "render")]
pub mod report;
pub mod results;
pub mod stats;
pub mod study;
pub mod words;
