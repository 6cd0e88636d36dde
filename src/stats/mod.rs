//! Pure statistical kernels: slices and small tables in, result structs out.

pub mod dist;
