//! `fip` draws, evaluates and checks randomized trials of public services.

pub mod audit;
pub mod data;
pub mod design;
pub mod error;
pub mod publication;
pub mod report;
pub mod results;
pub mod stats;
