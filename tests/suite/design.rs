//! Tests of the design room: the draw against vectors of an independent implementation
//! and against exact counting; manifest and verification; the Python re-derivation.

#![allow(clippy::unwrap_used)] // a test may; the configuration only knows functions marked as tests

mod draws;
mod manifests;
mod office;
mod plans;
mod public;
mod quotas;
mod rederive;
mod vectors;

use fip::design::{ArmPlan, Method, Plan, Quota};

/// A plan from `("name", "quota")` pairs; a quota is written as on the command line.
fn plan(method: Method, arms: &[(&str, &str)], seed: &str) -> Plan {
    try_plan(method, arms, seed).unwrap()
}

fn try_plan(method: Method, arms: &[(&str, &str)], seed: &str) -> fip::error::Result<Plan> {
    let arms = arms
        .iter()
        .map(|(name, quota)| {
            Ok(ArmPlan {
                name: (*name).to_owned(),
                quota: quota.parse::<Quota>()?,
            })
        })
        .collect::<fip::error::Result<_>>()?;
    Plan::new(method, arms, seed)
}

/// The vectors' thousand clients in six strata: ids, municipality, sex.
fn thousand() -> [Vec<String>; 3] {
    let town = |i: usize| match i % 10 {
        0..=5 => "Bergen op Zoom",
        6..=8 => "Steenbergen",
        _ => "Woensdrecht",
    };
    let sex = |i: usize| if i.is_multiple_of(3) { "man" } else { "vrouw" };
    [
        (1..=1000).map(|i| format!("c{i:04}")).collect(),
        (1..=1000).map(|i| town(i).to_owned()).collect(),
        (1..=1000).map(|i| sex(i).to_owned()).collect(),
    ]
}
