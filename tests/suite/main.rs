//! The one integration binary: a file per room.

mod audit;
mod data;
mod design;
mod publication;
mod report;
mod stats;
mod stats_models;
