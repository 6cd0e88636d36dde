//! The one integration binary: a file per room.

// A test that meets something unexpected may well panic.
#![allow(clippy::unwrap_used)]

mod alike;
mod answers;
mod arms;
mod attrition;
mod audit;
mod balance_rates;
mod broken;
mod cautions;
mod compliers;
mod corpus;
mod costs;
mod data;
mod degenerate;
mod design;
mod dose;
mod error_rates;
mod house;
mod inference;
mod intake;
mod office;
mod page;
mod paired;
mod protocol;
mod publication;
mod record;
mod release;
mod report;
mod schedule;
mod se_type;
mod sensitivity;
mod snapshots;
mod stats;
mod stats_models;
mod trial;
mod within_strata;
mod workdir;
