use fip::audit;
#[test]
fn dump() {
    for file in std::env::var("FIP_DUMP").unwrap_or_default().split(',').filter(|f| !f.is_empty()) {
        let text = std::fs::read_to_string(file).unwrap();
        let p = match fip::publication::read(&text, file) { Ok(p) => p, Err(e) => { println!("{e}"); continue; } };
        let t = std::time::Instant::now();
        let a = audit::audit(&p);
        println!("==== {file} {:?} figures {} checks {}", t.elapsed(), a.figures.list.len(), a.checks.len());
        let mut v = std::collections::BTreeMap::new();
        for x in &a.verdicts { *v.entry(format!("{x:?}")).or_insert(0) += 1; }
        println!("{v:?}");
        let name = |id: usize| {
            let f = &a.figures.list[id];
            match f.at {
                audit::figure::At::First(c) | audit::figure::At::Second(c) | audit::figure::At::ValidN(c) => format!("[T{} {} {} {:?} '{}']", p.tables[c.table].id, p.tables[c.table].rows[c.row].id, p.groups[c.group].id, f.quantity, f.text),
                audit::figure::At::ClaimValue(c)|audit::figure::At::ClaimP(c)|audit::figure::At::ClaimStatistic(c) => format!("[claim {} {:?} '{}']", p.claims[c].id, f.quantity, f.text),
                audit::figure::At::GroupN(g) => format!("[n {} '{}']", p.groups[g].id, f.text),
                o => format!("[{o:?} '{}']", f.text),
            }
        };
        for f in &a.findings {
            println!("* {}", f.figures.iter().map(|&i| name(i)).collect::<Vec<_>>().join(" "));
            for &c in &f.checks {
                let ar = format!("{:?}", a.outcomes[c].as_ref().unwrap().arithmetic);
                println!("    {} target {} : {}", a.checks[c].name(), name(a.checks[c].target()), &ar[..ar.len().min(400)]);
            }
            for e in &f.explanations {
                let parts: Vec<String> = e.changes.iter().map(|c| match c {
                    audit::Change::Figure{figure, to, edit, source} => format!("{} -> {} ({edit:?} {source:?})", name(*figure), to.value()),
                    audit::Change::Denominator{group, n, others, rows, ..} => format!("denominator group {} n={n} rows {} others {:?}", p.groups[*group].id, rows.len(), &others[..others.len().min(8)]),
                    audit::Change::Column{group, of, implied, ..} => format!("column {} repeats {}: {:?}", p.groups[*group].id, p.groups[*of].id, implied.iter().map(|(_, x)| x.value()).collect::<Vec<_>>()),
                    audit::Change::Swapped{first, second} => format!("swap {} {}", name(*first), name(*second)),
                    audit::Change::LeftOut{figure} => format!("left out {}", name(*figure)),
                    o => format!("{o:?}"),
                }).collect();
                println!("      ~ settles {} size {}: {}", e.settles, e.size, parts.join(" + "));
            }
        }
        for n in &a.notes { println!("note {n:?}"); }
    }
}
#[test]
fn slow() {
    for file in std::env::var("FIP_DUMP").unwrap_or_default().split(',').filter(|f| !f.is_empty()) {
        let text = std::fs::read_to_string(file).unwrap();
        let p = fip::publication::read(&text, file).unwrap();
        let f = audit::figure::Figures::collect(&p);
        let t = std::time::Instant::now();
        let checks = audit::build::checks(&p, &f);
        println!("build {:?}", t.elapsed());
        let v = audit::figure::Values::printed_as_is(&f.list);
        let t0 = std::time::Instant::now();
        let mut times: Vec<_> = checks.iter().map(|c| { let t = std::time::Instant::now(); let o = audit::evaluate::evaluate(c, &f, &v); (t.elapsed(), c.name(), o.is_none(), c.target()) }).collect();
        println!("eval {:?}", t0.elapsed());
        times.sort(); times.reverse();
        for t in times.iter().take(12) { println!("{t:?} {:?}", f.list[t.3].at); }
    }
}
#[test]
fn bench_grimmer() {
    use fip::audit::{grimmer::*, rounding::Printed, debit::Divisor};
    for (m, s, n, lo, hi) in [("48.12","10.99",668,19,64),("48.60","11.14",360,19,64),("40.12","10.99",100,20,62),("61.12","10.99",100,20,62),("41.12","12.35",87,20,62),("2.29","0.89",474,1,6),("3.63","0.75",120,1,5), ("5.31","2.75",57,0,10)] {
        let t = std::time::Instant::now();
        let r = search(&Printed::parse(m).unwrap().admissible(), &Printed::parse(s).unwrap().admissible(), n, 1, Some(Scale{low:lo, high:hi}), Divisor::Sample);
        println!("{m} {s} {n} {:?} {r:?}", t.elapsed());
    }
}
