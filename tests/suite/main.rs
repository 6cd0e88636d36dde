//! The one integration binary: a file per room.

mod audit;
mod broken;
mod data;
mod design;
mod house;
mod inference;
mod publication;
mod report;
mod stats;
mod stats_models;
mod workdir;
