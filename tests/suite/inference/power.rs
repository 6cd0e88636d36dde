//! Power against R, scipy and published tables.

use fip::stats::degenerate::Degenerate;
use fip::stats::power::{
    Caseload, ClusterSize, Effect, Providers, Setting, detectable, distribution, power,
    sample_size, shifted,
};

use super::{close, load, number, numbers};

fn mean(difference: f64) -> Effect {
    Effect::Mean {
        difference,
        sd: 1.0,
    }
}

/// noncentral_t_cdf is good to 1e-13 absolute.
#[test]
fn means_and_shares_agree_with_r() {
    let reference = load("inference.json");
    for case in reference["power_t"].as_array().unwrap() {
        let n = number(&case["n"]);
        let ours = power(
            &mean(number(&case["delta"])),
            &Setting::plain(number(&case["alpha"])),
            n,
            n,
        )
        .unwrap();
        close("means", ours, number(&case["power"]), 1e-9);
    }
    for case in reference["power_p"].as_array().unwrap() {
        let (n, p0, p1) = (number(&case["n"]), number(&case["p0"]), number(&case["p1"]));
        let effect = Effect::Share {
            control: p0,
            difference: p1 - p0,
        };
        let ours = power(&effect, &Setting::plain(0.05), n, n).unwrap();
        close("shares", ours, number(&case["power"]), 1e-11);
    }
    for case in reference["sizes_t"]
        .as_array()
        .unwrap()
        .iter()
        .chain(reference["cohen"].as_array().unwrap())
    {
        let needed =
            sample_size(&mean(number(&case["delta"])), &Setting::plain(0.05), 0.8).unwrap();
        // Cohen's 393 for .2 is of his time: the noncentral t needs 394 with both tails.
        let theirs = number(&case["n"]) as u64;
        assert!(
            needed.treated == theirs || (needed.treated, theirs) == (394, 393),
            "{needed:?} {theirs}"
        );
        assert_eq!(needed.treated, needed.control);
    }
    for case in reference["sizes_p"].as_array().unwrap() {
        let p = numbers(&case["p"]);
        let effect = Effect::Share {
            control: p[0],
            difference: p[1] - p[0],
        };
        assert_eq!(
            sample_size(&effect, &Setting::plain(0.05), 0.9)
                .unwrap()
                .treated as f64,
            number(&case["n"])
        );
    }
    for case in reference["detect_t"].as_array().unwrap() {
        let n = number(&case["n"]);
        let ours = detectable(&mean(0.0), &Setting::plain(0.05), n, n, 0.8).unwrap();
        close("detectable", ours, number(&case["delta"]), 1e-9);
    }
}

#[test]
fn designs_agree_with_scipy() {
    let reference = load("bounds.json");
    for case in reference["designs"].as_array().unwrap() {
        let get = |name: &str| number(&case[name]);
        let setting = Setting {
            alpha: 0.05,
            treated: get("treated") / (get("treated") + get("control")),
            explained: get("explained"),
            clusters: case["clustered"].as_bool().unwrap().then(|| ClusterSize {
                mean: get("mean"),
                cv: get("cv"),
                icc: get("icc"),
            }),
            providers: None,
            take_up: get("take_up"),
            attrition: get("attrition"),
        };
        close(
            "design effect",
            setting.design_effect(),
            get("design_effect"),
            1e-12,
        );
        let ours = power(
            &mean(get("delta")),
            &setting,
            get("treated"),
            get("control"),
        )
        .unwrap();
        close("power", ours, get("power"), 1e-9);
    }
    for case in reference["ordinal"].as_array().unwrap() {
        let control = numbers(&case["control"]);
        let theta = number(&case["log_odds"]);
        for (ours, theirs) in shifted(&control, theta)
            .iter()
            .zip(numbers(&case["shifted"]))
        {
            close("shifted", *ours, theirs, 1e-12);
        }
        let effect = Effect::Ordinal {
            control,
            log_odds: theta,
        };
        let setting = Setting::plain(number(&case["alpha"]));
        let ours = power(
            &effect,
            &setting,
            number(&case["treated_n"]),
            number(&case["control_n"]),
        )
        .unwrap();
        close("ordinal", ours, number(&case["power"]), 1e-12);
    }
}

/// Whitehead's worked example needs 187 people, who make 94 per arm.
#[test]
fn whitehead() {
    let case = &load("bounds.json")["whitehead"];
    let effect = Effect::Ordinal {
        control: numbers(&case["control"]),
        log_odds: number(&case["log_odds"]),
    };
    let needed = sample_size(&effect, &Setting::plain(0.05), number(&case["power"])).unwrap();
    assert_eq!((needed.treated, needed.control), (94, 94));
}

#[test]
fn sizes_and_effects_are_each_others_inverse() {
    let setting = Setting {
        treated: 0.35,
        explained: 0.2,
        clusters: Some(ClusterSize {
            mean: 1.3,
            cv: 0.35,
            icc: 0.4,
        }),
        take_up: 0.6,
        attrition: 0.1,
        ..Setting::plain(0.05)
    };
    let effects = [
        mean(0.4),
        mean(-0.4),
        Effect::Share {
            control: 0.3,
            difference: 0.15,
        },
        Effect::Ordinal {
            control: vec![0.3, 0.3, 0.4],
            log_odds: -0.8,
        },
    ];
    for effect in effects {
        let needed = sample_size(&effect, &setting, 0.8).unwrap();
        let (t, c) = needed.clusters.unwrap();
        let at = |t: f64, c: f64| power(&effect, &setting, t * 1.3, c * 1.3).unwrap();
        assert!(at(t as f64, c as f64) >= 0.8);
        assert!(at(t as f64 - 1.0, c as f64 - 2.0) < 0.8, "{effect:?}");
        let (t, c) = (t as f64 * 1.3, c as f64 * 1.3);
        let smallest = detectable(&effect, &setting, t, c, 0.8).unwrap();
        assert!(
            smallest.abs() <= effect.size().abs() && smallest.signum() == effect.size().signum()
        );
        let whole = detectable(&effect, &setting, t * 4.0, c * 4.0, 0.8).unwrap();
        assert!(whole.abs() < smallest.abs());
    }
}

/// Two caseworkers with 180 clients each at four contacts a year, as the pilots had.
#[test]
fn caseloads() {
    let pilot = Caseload {
        caseworkers: 2.0,
        contacts_per_year: 720.0,
        contacts_per_client: 4.0,
    };
    assert_eq!(pilot.clients(), Some(360));
    // 720 contacts of 50 minutes are 600 hours.
    assert_eq!(
        Caseload::from_hours(2.0, 600.0, 50.0, 4.0).clients(),
        Some(360)
    );
    assert_eq!(
        Caseload {
            contacts_per_client: 0.0,
            ..pilot
        }
        .clients(),
        None
    );
    assert_eq!(
        Caseload {
            caseworkers: -1.0,
            ..pilot
        }
        .clients(),
        None
    );
}

#[test]
fn impossible_questions() {
    let plain = Setting::plain(0.05);
    assert_eq!(
        power(&mean(1.0), &plain, 1.0, 10.0).unwrap_err(),
        Degenerate::TooFew
    );
    assert_eq!(
        sample_size(&mean(0.0), &plain, 0.8).unwrap_err(),
        Degenerate::NoVariance
    );
    assert_eq!(
        sample_size(&mean(0.2), &plain, 1.0).unwrap_err(),
        Degenerate::NotFinite
    );
    assert_eq!(
        sample_size(&mean(1e-9), &plain, 0.8).unwrap_err(),
        Degenerate::TooLarge
    );
    let share = Effect::Share {
        control: 0.9,
        difference: 0.2,
    };
    assert_eq!(
        power(&share, &plain, 50.0, 50.0).unwrap_err(),
        Degenerate::NotFinite
    );
    let share = Effect::Share {
        control: 0.98,
        difference: 0.0,
    };
    assert_eq!(
        detectable(&share, &plain, 20.0, 20.0, 0.8).unwrap_err(),
        Degenerate::TooLarge
    );
    let none = Setting {
        take_up: 0.0,
        ..plain
    };
    assert_eq!(
        power(&mean(1.0), &none, 50.0, 50.0).unwrap_err(),
        Degenerate::NotFinite
    );
    assert!(power(&mean(f64::NAN), &plain, 50.0, 50.0).is_err());
}

/// With few clusters the spread between them is estimated whatever the outcome: against scipy's noncentral t, and
/// against trials made up and tested.
#[test]
fn few_clusters_are_few_for_every_outcome() {
    let reference = load("power_clusters.json");
    for case in reference["cases"].as_array().unwrap() {
        let get = |name: &str| number(&case[name]);
        let setting = Setting {
            clusters: Some(ClusterSize {
                mean: get("mean"),
                cv: 0.0,
                icc: get("icc"),
            }),
            ..Setting::plain(0.05)
        };
        let effect = match case["kind"].as_str() {
            Some("share") => Effect::Share {
                control: get("control"),
                difference: get("difference"),
            },
            _ => Effect::Ordinal {
                control: numbers(&case["control"]),
                log_odds: get("log_odds"),
            },
        };
        let people = get("clusters") * get("mean");
        let ours = power(&effect, &setting, people, people).unwrap();
        close("power", ours, get("power"), 1e-9);
        assert!((ours - get("simulated")).abs() < 0.04, "{case}: {ours}");
    }
}

/// What is printed adds up to 1 but for its rounding, and a level may be empty.
#[test]
fn printed_distributions() {
    let thirds = distribution(&[0.33, 0.33, 0.33]).unwrap();
    close("third", thirds[0], 1.0 / 3.0, 1e-15);
    assert_eq!(distribution(&[0.5, 0.0, 0.5]).unwrap(), [0.5, 0.0, 0.5]);
    for wrong in [
        &[0.5, 0.4][..],
        &[1.0],
        &[1.0, 0.0],
        &[0.6, 0.5, -0.1],
        &[0.5, f64::NAN, 0.5],
    ] {
        assert!(distribution(wrong).is_err(), "{wrong:?}");
    }
    let with = |control: &[f64]| {
        let effect = Effect::Ordinal {
            control: distribution(control).unwrap(),
            log_odds: 0.6,
        };
        power(&effect, &Setting::plain(0.05), 80.0, 80.0).unwrap()
    };
    // An empty level is as if it were not there.
    close(
        "empty",
        with(&[0.2, 0.0, 0.5, 0.3]),
        with(&[0.2, 0.5, 0.3]),
        1e-12,
    );
}

/// Few who deliver the intervention: its arm alone tells less, with their number for degrees of freedom. Against scipy, and
/// against trials made up and tested.
#[test]
fn few_who_deliver_it() {
    let reference = load("power_clusters.json");
    for case in reference["providers"].as_array().unwrap() {
        let get = |name: &str| number(&case[name]);
        let setting = Setting {
            providers: Some(Providers {
                count: get("providers"),
                icc: get("icc"),
            }),
            ..Setting::plain(0.05)
        };
        let (treated, control) = (get("treated"), get("control"));
        let ours = power(&mean(get("difference")), &setting, treated, control).unwrap();
        close("power", ours, get("power"), 1e-9);
        assert!((ours - get("simulated")).abs() < 0.04, "{case}: {ours}");
        let alone = Setting {
            providers: Some(Providers {
                count: 1.0,
                icc: 0.1,
            }),
            ..setting
        };
        let refused = power(&mean(0.5), &alone, treated, control).unwrap_err();
        assert_eq!(refused, Degenerate::TooFew);
    }
    let alike = Setting {
        providers: Some(Providers {
            count: 40.0,
            icc: 0.0,
        }),
        ..Setting::plain(0.05)
    };
    let plain = power(&mean(0.5), &Setting::plain(0.05), 80.0, 80.0).unwrap();
    let ours = power(&mean(0.5), &alike, 80.0, 80.0).unwrap();
    assert!((plain - ours).abs() < 0.01, "{plain} and {ours}");
}
