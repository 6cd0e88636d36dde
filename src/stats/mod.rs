//! Pure statistical kernels: slices and small tables in, result structs out.

pub mod adjust;
pub mod anderson_rubin;
pub mod blocked;
pub mod cluster;
pub mod compliance;
pub mod contingency;
pub mod degenerate;
pub mod dist;
pub mod effect_size;
pub mod fisher;
pub mod hansen_bowers;
pub mod infer;
pub mod iv;
pub mod linear;
pub mod matrix;
pub mod multiplicity;
pub mod proportion;
pub mod qr;
pub mod rank;
mod root;
pub mod sample;
pub mod smd;
pub mod strata;
pub mod two_sample;
