//! Pure statistical kernels: slices and small tables in, result structs out.

pub mod contingency;
pub mod degenerate;
pub mod dist;
pub mod fisher;
pub mod infer;
pub mod proportion;
pub mod sample;
pub mod smd;
pub mod two_sample;
