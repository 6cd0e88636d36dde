//! Pure statistical kernels: slices and small tables in, result structs out.

pub mod degenerate;
pub mod dist;
pub mod infer;
pub mod sample;
pub mod two_sample;
