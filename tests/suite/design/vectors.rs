//! The vectors in tests/reference/assign.json, made by an independent implementation.

use fip::design::{Allocation, Method, Stream, Units, draw};
use serde_json::Value;

use super::{plan, thousand};

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../reference/assign.json")).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn texts(value: &Value) -> Vec<String> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|v| text(v).to_owned())
        .collect()
}

/// Draws with the arms of a vector, `[["name", size or share], …]`.
fn draw_with(vector: &Value, arms: &str, method: Method, units: &Units) -> Allocation {
    let arms: Vec<(String, String)> = vector[arms]
        .as_array()
        .unwrap()
        .iter()
        .map(|arm| (text(&arm[0]).to_owned(), arm[1].to_string()))
        .collect();
    let arms: Vec<(&str, &str)> = arms
        .iter()
        .map(|(name, quota)| (name.as_str(), quota.as_str()))
        .collect();
    draw(&plan(method, &arms, text(&vector["seed"])), units).unwrap()
}

fn in_arm(ids: &[String], allocation: &Allocation, arm: u8) -> Vec<String> {
    ids.iter()
        .zip(&allocation.arm)
        .filter(|(_, a)| **a == arm)
        .map(|(id, _)| id.clone())
        .collect()
}

#[test]
fn keystream() {
    let v = &vectors()["stream"];
    let mut stream = Stream::new(text(&v["seed"]), text(&v["label"]));
    for expected in texts(&v["u64"]) {
        assert_eq!(stream.next_u64().to_string(), expected);
    }
}

#[test]
fn bounded_integers() {
    let v = &vectors()["below"];
    let mut stream = Stream::new(text(&v["seed"]), text(&v["label"]));
    let bounds = v["bounds"].as_array().unwrap();
    for (bound, expected) in bounds.iter().zip(texts(&v["draws"])) {
        assert_eq!(stream.below(bound.as_u64().unwrap()).to_string(), expected);
    }
}

#[test]
fn shuffle() {
    let v = &vectors()["shuffle"];
    let mut items = texts(&v["items"]);
    Stream::new(text(&v["seed"]), text(&v["label"])).shuffle(&mut items);
    assert_eq!(items, texts(&v["order"]));
}

#[test]
fn complete() {
    let v = &vectors()["complete"];
    let ids = texts(&v["ids"]);
    let units = Units::new(&ids, &[], None).unwrap();
    let allocation = draw_with(v, "arms", Method::Complete, &units);
    assert_eq!(in_arm(&ids, &allocation, 0), texts(&v["intervention"]));
    assert_eq!(allocation.sha256, text(&v["sha256"]));
}

#[test]
fn complete_1028() {
    let v = &vectors()["complete_1028"];
    let ids: Vec<String> = (1..=1028).map(|i| format!("{i:09}")).collect();
    let units = Units::new(&ids, &[], None).unwrap();
    let allocation = draw_with(v, "arms", Method::Complete, &units);
    assert_eq!(
        in_arm(&ids, &allocation, 0)[..10],
        texts(&v["first_10_intervention"])
    );
    assert_eq!(allocation.sha256, text(&v["sha256"]));
}

#[test]
fn stratified_in_two_and_three_arms() {
    let vectors = vectors();
    let [ids, town, sex] = thousand();
    let units = Units::new(&ids, &[&town, &sex], None).unwrap();
    for name in ["stratified", "stratified_3_arms"] {
        let v = &vectors[name];
        let allocation = draw_with(v, "arms", Method::Stratified, &units);
        let quotas = v["quotas"].as_object().unwrap();
        assert_eq!(allocation.strata.len(), quotas.len());
        for stratum in &allocation.strata {
            let expected: Vec<u64> = quotas[&stratum.label()]
                .as_array()
                .unwrap()
                .iter()
                .map(|n| n.as_u64().unwrap())
                .collect();
            let found: Vec<u64> = stratum.arms.iter().map(|arm| arm.units).collect();
            assert_eq!(found, expected, "{name}, {}", stratum.label());
        }
        assert_eq!(allocation.sha256, text(&v["sha256"]), "{name}");
    }
}

#[test]
fn simple() {
    let v = &vectors()["simple"];
    let ids: Vec<String> = (1..=500).map(|i| format!("{i:04}")).collect();
    let units = Units::new(&ids, &[], None).unwrap();
    let allocation = draw_with(v, "shares", Method::Simple, &units);
    assert_eq!(
        allocation.arms[0].units,
        v["n_intervention"].as_u64().unwrap()
    );
    assert_eq!(allocation.sha256, text(&v["sha256"]));
}
