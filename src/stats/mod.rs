//! Pure statistical kernels: slices and small tables in, result structs out.

pub mod contingency;
pub mod degenerate;
pub mod dist;
pub mod effect_size;
pub mod fisher;
pub mod infer;
pub mod multiplicity;
pub mod proportion;
pub mod rank;
pub mod sample;
pub mod smd;
pub mod two_sample;
