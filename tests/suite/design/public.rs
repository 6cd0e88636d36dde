//! The draw without ids: drawn again from places, strata, clusters' numbers and lots alone.

use fip::design::{
    ALGORITHM, AllocationRecord, Counting, Counts, DesignRecord, Manifest, Method, Plan,
    PublicDraw, RegisterRecord, SCHEMA, SeedSource, Texts, Units, draw,
};

use super::{plan, thousand};

fn manifest(plan: &Plan, strata: &[&str], cluster: bool, counts: Counts) -> Manifest {
    let mut design = DesignRecord::new(plan, "id", &[]);
    design.strata = strata.iter().map(|&name| name.to_owned()).collect();
    design.cluster = cluster.then(|| "huis".to_owned());
    let hash = "0".repeat(64);
    let text = Manifest {
        schema: SCHEMA.to_owned(),
        algorithm: ALGORITHM.to_owned(),
        fip_version: "0.1.0".to_owned(),
        seed: plan.seed().to_owned(),
        seed_source: SeedSource::Given,
        design,
        register: RegisterRecord {
            file: "register.csv".to_owned(),
            sha256: hash.clone(),
            rows: counts.read,
            reading: None,
        },
        protocol: None,
        min_cell: None,
        counts,
        allocation: AllocationRecord {
            file: "allocation.csv".to_owned(),
            sha256: hash,
            file_sha256: None,
        },
        previous: Vec::new(),
    }
    .to_json()
    .unwrap();
    Manifest::parse(&text).unwrap()
}

#[test]
fn the_draw_comes_again_without_ids() {
    let [ids, town, sex] = thousand();
    let houses: Vec<String> = (0..1000usize)
        .map(|i| format!("h{}", (i * 7 % 1000) / 3))
        .collect();
    let two = [("interventie", "300"), ("controle", "")];
    let persons = |method| {
        let drawn = plan(method, &two, "p");
        Plan::of(method, drawn.arms().to_vec(), "p", Counting::Persons, 1).unwrap()
    };
    let batch = |method| {
        let drawn = plan(method, &two, "p");
        Plan::of(method, drawn.arms().to_vec(), "p", Counting::Units, 2).unwrap()
    };
    use Method::{Complete, Simple, Stratified};
    let simple = plan(Simple, &[("a", "0.3"), ("b", "")], "p");
    let designs: [(Plan, &[&str], bool); 6] = [
        (plan(Complete, &two, "p"), &[], false),
        (
            plan(Stratified, &two, "p"),
            &["gemeente", "geslacht"],
            false,
        ),
        (plan(Complete, &two, "p"), &[], true),
        (persons(Complete), &[], true),
        (batch(Stratified), &["gemeente", "geslacht"], false),
        (simple, &[], false),
    ];
    for (plan, strata, clustered) in designs {
        let columns: Vec<&dyn Texts> = match strata.is_empty() {
            true => vec![],
            false => vec![&town, &sex],
        };
        let units = Units::new(&ids, &columns, clustered.then_some(&houses as &dyn Texts)).unwrap();
        let drawn = draw(&plan, &units).unwrap();
        let counts = Counts::new(1000, vec![], &drawn);
        let manifest = manifest(&plan, strata, clustered, counts);
        let public = PublicDraw::new(&units, &drawn).unwrap();
        let check = public.check(&manifest).unwrap();
        assert!(check.same(), "{:?}", check.different.first());
        assert_eq!(check.persons, 1000);

        let mut changed = public.clone();
        let other = changed.arms.iter().position(|arm| *arm != changed.arms[0]);
        changed.arms.swap(0, other.unwrap());
        assert_eq!(changed.check(&manifest).unwrap().different.len(), 2);
        if let Some(lots) = &public.lots {
            let mut changed = public.clone();
            changed.lots.as_mut().unwrap()[5] = lots[5] + 1;
            let found = changed.check(&manifest).unwrap();
            assert_eq!(found.different.len(), 1);
            assert!(found.different[0].lot_only && found.different[0].place == 6);
        }
        if clustered {
            let without = PublicDraw {
                clusters: None,
                ..public.clone()
            };
            assert!(without.check(&manifest).is_err());
        }
    }
}

#[test]
fn strata_that_are_written_alike_are_refused() {
    let ids = vec!["1", "2", "3", "4"];
    let (first, second) = (
        vec!["a | b", "a", "a | b", "a"],
        vec!["c", "b | c", "c", "b | c"],
    );
    let units = Units::new(&ids, &[&first, &second], None).unwrap();
    let plan = plan(Method::Stratified, &[("x", "2"), ("y", "")], "s");
    let drawn = draw(&plan, &units).unwrap();
    let error = PublicDraw::new(&units, &drawn).unwrap_err();
    assert!(error.message().contains("written alike"), "{error}");
}
