//! Pure statistical kernels: slices and small tables in, result structs out.

pub mod adjust;
pub mod blocked;
pub mod cluster;
pub mod dist;
pub mod hansen_bowers;
pub mod infer;
pub mod iv;
pub mod linear;
pub mod matrix;
pub mod qr;
