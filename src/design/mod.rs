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
//! draw        plan and units → allocation; replicates for randomization inference
//! manifest    what was drawn, from what, by what: manifest.json
//! difference  what can differ, as plain data
//! verify      manifest against a re-derived allocation and the file that was kept
//! ```

mod difference;
mod draw;
mod manifest;
mod plan;
mod quota;
mod share;
mod stream;
mod units;
mod verify;

pub use difference::{Count, Difference, Source};
pub use draw::{Allocation, ArmCount, Drawer, Scratch, StratumCount, allocation_hash, draw};
pub use manifest::{
    ALGORITHM, AllocationRecord, ArmDesign, Counts, Declared, DesignRecord, Excluded, FileRecord,
    Manifest, PreviousDraw, Reading, RegisterRecord, SCHEMA, SeedSource,
};
pub use plan::{ArmPlan, Method, Plan, Role, UnitKind};
pub use quota::{quotas, seats};
pub use share::{Quota, Share};
pub use stream::{Stream, fresh_seed};
pub use units::{Texts, Units};
pub use verify::{Evidence, Kept, Verification, verify};
