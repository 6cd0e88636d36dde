//! The allocation: plan, units, random streams, draw, manifest, verification.
//!
//! Everything in this room is pure: a plan and columns of text go in, an allocation or a
//! list of differences comes out. No files, no data frames, no sentences for reports. The
//! algorithm, `fip-chacha20-v1`, is fixed down to the bit; `examples/rederive.py` is an
//! independent second implementation of it.
//!
//! ```text
//! stream      seed and label → keystream → below(n), shuffle
//! share       360, 0.35, 35% → sizes and exact shares
//! plan        method, arms, seed → valid plan → sizes
//! units       ids, strata, clusters → units in canonical order
//! quota       strata and sizes → seats per stratum and arm, the same chance for everyone
//! given       sizes laid down stratum by stratum
//! deal        units in lot order → arms: runs, or as many households as make the persons
//! draw        plan and units → allocation; replicates for randomization inference
//! allocation  who got which arm and lot, counts, hash
//! batch       a later register: who is new, who joins a household drawn before
//! start       the first day: who is left, and who is next in line
//! office      caseworkers and the order of invitation
//! rounds      talks over weeks and mornings
//! public      the draw without ids, and the draw again from that
//! manifest    what was drawn, from what, by what: manifest.json
//! difference  what can differ, as plain data
//! verify      manifest against a re-derived allocation and the file that was kept
//! ```

mod allocation;
mod batch;
mod deal;
mod difference;
mod draw;
mod given;
mod manifest;
mod office;
mod plan;
mod public;
mod quota;
mod rounds;
mod share;
mod start;
mod stream;
mod units;
mod verify;

pub use allocation::{Allocation, ArmCount, StratumCount, allocation_hash};
pub use batch::{Before, Newcomers};
pub use difference::{Count, Difference, Source};
pub use draw::{Drawer, Scratch, draw};
pub use manifest::{
    ALGORITHM, AllocationRecord, ArmDesign, Counts, Declared, DesignRecord, Excluded, FileRecord,
    Manifest, PreviousDraw, Reading, RegisterRecord, SCHEMA, SeedSource,
};
pub use office::{Caseworker, caseworkers, caseworkers_of_batch, invitations};
pub use plan::{ArmPlan, Counting, FIRST_BATCH, Method, Plan, Role, UnitKind};
pub use public::{PublicCheck, PublicDifference, PublicDraw};
pub use quota::{quotas, seats};
pub use rounds::{MORNINGS_A_WEEK, Rounds, Slot, expected_no_shows};
pub use share::{Quota, Share};
pub use start::{START_SCHEMA, Start, StartCount, StartRecord};
pub use stream::{Stream, Streams, fresh_seed};
pub use units::{Texts, Units};
pub use verify::{Evidence, Kept, Verification, verify};
