//! Pictures: nothing is cut off, nothing is lost, nothing in a label becomes markup.

use fip::document::Figure;
use fip::document::figure::{Bar, Bars, Flow, FlowBox, Group, Plot, Point, Points};
use fip::report::picture::{self, Anchor, Mark, Scene, WIDTH};
use fip::words::Lang::{En, Nl};
use fip::words::number::Scale;

const LONG: [&str; 4] = [
    "Arbeidsongeschiktheidsverzekeringsuitkeringsgerechtigden in de gemeente Krimpenerwaard en omstreken",
    "Activatie mantelzorg/vrijwilligerswerk",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "x",
];

fn points(own_axes: bool) -> Figure {
    let groups = LONG
        .iter()
        .enumerate()
        .map(|(index, label)| Group {
            label: (*label).to_owned(),
            points: (0..2)
                .map(|series| Point {
                    series,
                    value: index as f64 * 0.1 - 0.2,
                    interval: Some((index as f64 * 0.1 - 0.5, index as f64 * 0.1 + 0.3)),
                    shown: "−12.345,67 [−23.456,78; −1.234,56]".to_owned(),
                })
                .collect(),
        })
        .collect();
    figure(Plot::Points(Points {
        axis: LONG[0].repeat(2),
        scale: Scale::Unit,
        lines: vec![0.0, 0.1],
        series: vec![LONG[0].to_owned(), LONG[1].to_owned()],
        own_axes,
        groups,
    }))
}

fn figure(plot: Plot) -> Figure {
    Figure {
        id: "f".to_owned(),
        caption: "Figuur".to_owned(),
        alt: "In woorden".to_owned(),
        notes: Vec::new(),
        plot,
    }
}

fn bars() -> Figure {
    figure(Plot::Bars(Bars {
        levels: LONG.iter().map(|level| (*level).to_owned()).collect(),
        bars: LONG
            .iter()
            .map(|label| Bar {
                label: (*label).to_owned(),
                shares: [0.0, 0.01, 0.29, 0.7]
                    .map(|share| (share, "29%".to_owned()))
                    .to_vec(),
            })
            .collect(),
    }))
}

fn flow(arms: usize) -> Figure {
    let item = |title: &str| FlowBox {
        title: title.to_owned(),
        lines: LONG.iter().map(|line| (*line).to_owned()).collect(),
    };
    figure(Plot::Flow(Flow {
        trunk: vec![item(LONG[0]), item("Geloot (n = 1028)")],
        aside: Some(item(LONG[1])),
        columns: (0..arms)
            .map(|_| vec![item("Toegewezen"), item(LONG[2])])
            .collect(),
    }))
}

/// The left and right end of a text.
fn span(mark: &Mark) -> Option<(i32, i32, i32)> {
    let Mark::Text {
        x,
        y,
        text,
        size,
        bold,
        anchor,
        ..
    } = mark
    else {
        return None;
    };
    let wide = picture::width(text, *size, *bold);
    let left = match anchor {
        Anchor::Start => *x,
        Anchor::Middle => x - wide / 2,
        Anchor::End => x - wide,
    };
    Some((left, left + wide, *y))
}

fn inside(scene: &Scene) {
    for mark in &scene.marks {
        if let Some((left, right, y)) = span(mark) {
            assert!(
                left >= -1 && right <= WIDTH + 1,
                "cut off at {left}..{right} of {WIDTH}: {mark:?}"
            );
            assert!(
                y > 0 && y < scene.height,
                "cut off at {y} of {}: {mark:?}",
                scene.height
            );
        }
        let ends = match mark {
            Mark::Line { from, to, .. } | Mark::Box { from, to, .. } | Mark::Arrow { from, to } => {
                vec![*from, *to]
            }
            Mark::Dot { at, .. } => vec![*at],
            Mark::Text { .. } => Vec::new(),
        };
        for (x, y) in ends {
            assert!(
                (0..=WIDTH).contains(&x) && (0..=scene.height).contains(&y),
                "{mark:?}"
            );
        }
    }
}

#[test]
fn long_dutch_words_are_not_cut_off() {
    for figure in [points(false), points(true), bars(), flow(2), flow(3)] {
        inside(&picture::layout(&figure, Nl));
    }
}

#[test]
fn every_letter_of_a_label_is_drawn() {
    let scene = picture::layout(&points(false), Nl);
    let drawn: String = scene
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Text { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let letters = |text: &str| {
        text.chars()
            .filter(|c| c.is_alphabetic())
            .collect::<String>()
    };
    for label in LONG {
        assert!(
            letters(&drawn).contains(&letters(label)),
            "{label}\n{drawn}"
        );
    }
}

#[test]
fn signs_are_in_the_font() {
    // A sign that the font lacks is drawn as nothing: the same picture as without it.
    let with = |sign: &str| {
        let mut figure = points(false);
        if let Plot::Points(points) = &mut figure.plot {
            points.groups.truncate(1);
            points.groups[0].label = format!("a{sign}b");
        }
        picture::png(&figure, Nl).unwrap().bytes
    };
    let nothing = with("\u{10fffd}");
    for sign in [
        "−", "–", "€", "χ", "²", "√", "≤", "≥", "ë", "ï", "é", "ć", "ş", "%", "·",
    ] {
        assert_ne!(with(sign), nothing, "{sign}");
    }
}

#[test]
fn the_same_picture_every_time() {
    for figure in [points(true), bars(), flow(2)] {
        assert_eq!(
            picture::svg(&figure, En).unwrap(),
            picture::svg(&figure, En).unwrap()
        );
        assert_eq!(
            picture::png(&figure, En).unwrap(),
            picture::png(&figure, En).unwrap()
        );
    }
}

#[test]
fn numbers_follow_the_language() {
    let svg = |lang| picture::svg(&points(false), lang).unwrap();
    assert!(
        svg(Nl).contains("\n0,5\n") && !svg(Nl).contains("\n0.5\n"),
        "decimal comma in Dutch"
    );
    assert!(svg(En).contains("\n0.5\n"));
}

#[test]
fn a_label_cannot_become_markup() {
    let mut figure = points(false);
    let evil = "\"><script>alert(1)</script><a onload='x'>&amp;\u{1}";
    figure.alt = evil.to_owned();
    figure.caption = evil.to_owned();
    if let Plot::Points(points) = &mut figure.plot {
        points.groups[0].label = evil.to_owned();
        points.axis = evil.to_owned();
        points.series[0] = evil.to_owned();
    }
    let svg = picture::svg(&figure, Nl).unwrap();
    for tag in svg.split('<').skip(1) {
        let name: String = tag
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '/')
            .collect();
        assert!(
            [
                "svg", "/svg", "text", "/text", "line", "rect", "circle", "polyline", "polygon",
                "/", "path"
            ]
            .contains(&name.as_str()),
            "<{tag}"
        );
    }
    assert!(!svg.contains('\u{1}'));
}

#[test]
fn degenerate_figures_are_drawn() {
    for values in [
        vec![],
        vec![f64::NAN],
        vec![0.0],
        vec![5.0, 5.0],
        vec![1e300, -1e300],
        vec![1e-300],
    ] {
        let groups = values
            .iter()
            .map(|value| Group {
                label: String::new(),
                points: vec![Point {
                    series: 0,
                    value: *value,
                    interval: Some((f64::NEG_INFINITY, *value)),
                    shown: String::new(),
                }],
            })
            .collect();
        let figure = figure(Plot::Points(Points {
            axis: String::new(),
            scale: Scale::Percent,
            lines: Vec::new(),
            series: Vec::new(),
            own_axes: false,
            groups,
        }));
        picture::svg(&figure, Nl).unwrap();
        picture::png(&figure, Nl).unwrap();
    }
    let empty = figure(Plot::Bars(Bars {
        levels: Vec::new(),
        bars: Vec::new(),
    }));
    picture::png(&empty, Nl).unwrap();
}
