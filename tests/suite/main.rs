//! The one integration binary: a file per room.

mod audit;
mod broken;
mod data;
mod design;
mod house;
mod publication;
mod report;
mod stats;
mod stats_models;
mod trial;
mod workdir;
