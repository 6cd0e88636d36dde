//! Values with intervals along an axis.

use std::ops::Range;

use plotters::coord::ranged1d::{BoldPoints, Ranged};
use plotters::coord::types::RangedCoordf64;

use super::scene::{Anchor, Ink, Mark, SMALL, Scene, TEXT, WIDTH, count, fitted, leading, width};
use crate::document::figure::{Group, Points};
use crate::words::Lang;
use crate::words::number::{self, Scale};

const LABEL_ROOM: i32 = 250;
const GAP: i32 = 18;
const MARGIN: i32 = 8;
const ROW: i32 = 26;
const BETWEEN_GROUPS: i32 = 10;
const TICK: i32 = 5;

/// Where numbers stand on the page.
struct Axis {
    range: Range<f64>,
    left: i32,
    right: i32,
}

impl Axis {
    fn x(&self, value: f64) -> i32 {
        RangedCoordf64::from(self.range.clone()).map(&value, (self.left, self.right))
    }

    /// Round numbers along the axis, as many as have room.
    fn ticks(&self, scale: Scale, lang: Lang) -> Vec<(i32, String)> {
        let most = (usize::try_from(self.right - self.left).unwrap_or(0) / 62).clamp(2, 7);
        let values = RangedCoordf64::from(self.range.clone()).key_points(BoldPoints(most));
        let decimals = decimals(&values, scale);
        values
            .into_iter()
            .map(|value| (self.x(value), number::scaled(value, decimals, scale, lang)))
            .collect()
    }
}

/// The fewest decimals that show every tick as it is.
fn decimals(ticks: &[f64], scale: Scale) -> usize {
    let factor = if scale == Scale::Unit { 1.0 } else { 100.0 };
    (0..=6)
        .find(|&decimals| {
            let power = factor * 10_f64.powi(decimals);
            ticks
                .iter()
                .all(|tick| (tick * power - (tick * power).round()).abs() < 1e-6)
        })
        .map_or(6, |decimals| usize::try_from(decimals).unwrap_or(6))
}

pub fn layout(points: &Points, lang: Lang) -> Scene {
    let mut scene = Scene::default();
    let mut y = MARGIN;
    if points.series.len() > 1 {
        y = legend(&mut scene, points, y);
    }
    let labels: Vec<Vec<String>> = points
        .groups
        .iter()
        .map(|group| fitted(&group.label, LABEL_ROOM, TEXT, false))
        .collect();
    let widest = |texts: &mut dyn Iterator<Item = &String>, size| {
        texts
            .map(|text| width(text, size, false))
            .max()
            .unwrap_or(0)
    };
    let left = widest(&mut labels.iter().flatten(), TEXT) + GAP + MARGIN;
    let shown = widest(
        &mut points
            .groups
            .iter()
            .flat_map(|group| &group.points)
            .map(|point| &point.shown),
        SMALL,
    );
    let right = (WIDTH - MARGIN - shown - GAP).max(left + 120);
    let shared = Axis {
        range: range(points.groups.iter(), &points.lines),
        left,
        right,
    };
    let top = y;
    for (group, label) in points.groups.iter().zip(&labels) {
        let rows = ROW * count(&group.points).max(1);
        let height = rows.max(leading(TEXT) * count(label));
        let axis = match points.own_axes {
            true => &Axis {
                range: range(std::iter::once(group), &points.lines),
                left,
                right,
            },
            false => &shared,
        };
        scene.lines(
            MARGIN,
            y + height / 2,
            label,
            TEXT,
            Anchor::Start,
            Ink::Text,
        );
        let mut middle = y + (height - rows) / 2 + ROW / 2;
        for point in &group.points {
            mark(
                &mut scene,
                axis,
                point.series,
                point.value,
                point.interval,
                middle,
            );
            scene.text(
                right + GAP,
                middle,
                point.shown.clone(),
                SMALL,
                Anchor::Start,
                Ink::Text,
            );
            middle += ROW;
        }
        y += height + BETWEEN_GROUPS;
        if points.own_axes {
            y = ticks(&mut scene, axis, points.scale, y, lang) + BETWEEN_GROUPS;
        }
    }
    if !points.own_axes {
        let mut lines = Scene::default();
        for &value in points
            .lines
            .iter()
            .filter(|value| shared.range.contains(value))
        {
            lines.mark(Mark::Line {
                from: (shared.x(value), top),
                to: (shared.x(value), y),
                ink: Ink::Muted,
                width: 1,
                dashed: value != 0.0,
            });
        }
        // Below the marks.
        lines.marks.append(&mut scene.marks);
        scene = lines;
        y = ticks(&mut scene, &shared, points.scale, y, lang);
    }
    let room = WIDTH - 2 * MARGIN;
    for line in fitted(&points.axis, room, SMALL, false) {
        y += leading(SMALL);
        let half = width(&line, SMALL, false) / 2;
        let middle =
            ((left + right) / 2).clamp(MARGIN + half, (WIDTH - MARGIN - half).max(MARGIN + half));
        scene.text(
            middle,
            y - leading(SMALL) / 2,
            line,
            SMALL,
            Anchor::Middle,
            Ink::Muted,
        );
    }
    scene.height = y + MARGIN;
    scene
}

fn legend(scene: &mut Scene, points: &Points, mut y: i32) -> i32 {
    let mut x = MARGIN + 8;
    for (series, name) in points.series.iter().enumerate() {
        for line in fitted(name, WIDTH - 60, TEXT, false) {
            let wide = width(&line, TEXT, false);
            if x + 20 + wide > WIDTH - MARGIN {
                x = MARGIN + 8;
                y += leading(TEXT) + 2;
            }
            symbol(scene, series, (x, y + ROW / 2));
            scene.text(x + 14, y + ROW / 2, line, TEXT, Anchor::Start, Ink::Text);
            x += wide + 48;
        }
    }
    y + ROW + BETWEEN_GROUPS
}

fn ink(series: usize) -> Ink {
    if series == 0 { Ink::First } else { Ink::Second }
}

/// A filled disc for the first, an open square for the others.
fn symbol(scene: &mut Scene, series: usize, at: (i32, i32)) {
    match series {
        0 => scene.mark(Mark::Dot {
            at,
            radius: 5,
            ink: Ink::First,
        }),
        _ => scene.mark(Mark::Box {
            from: (at.0 - 5, at.1 - 5),
            to: (at.0 + 5, at.1 + 5),
            ink: Ink::Second,
            filled: false,
        }),
    }
}

fn mark(
    scene: &mut Scene,
    axis: &Axis,
    series: usize,
    value: f64,
    interval: Option<(f64, f64)>,
    y: i32,
) {
    if !value.is_finite() {
        return;
    }
    if let Some((low, high)) = interval.filter(|(low, high)| low.is_finite() && high.is_finite()) {
        let (low, high) = (axis.x(low), axis.x(high));
        let at = axis.x(value);
        // Not through an open square.
        for (from, to) in [(low, (at - 5).max(low)), ((at + 5).min(high), high)] {
            scene.line((from, y), (to, y), ink(series), 2);
        }
        for x in [low, high] {
            scene.line((x, y - 4), (x, y + 4), ink(series), 2);
        }
    }
    symbol(scene, series, (axis.x(value), y));
}

fn ticks(scene: &mut Scene, axis: &Axis, scale: Scale, y: i32, lang: Lang) -> i32 {
    scene.line((axis.left, y), (axis.right, y), Ink::Muted, 1);
    for (x, text) in axis.ticks(scale, lang) {
        scene.line((x, y), (x, y + TICK), Ink::Muted, 1);
        scene.text(
            x,
            y + TICK + leading(SMALL) / 2 + 1,
            text,
            SMALL,
            Anchor::Middle,
            Ink::Muted,
        );
    }
    y + TICK + leading(SMALL) + 4
}

/// Everything that is to be seen, with a margin; never empty.
fn range<'a>(groups: impl Iterator<Item = &'a Group>, lines: &[f64]) -> Range<f64> {
    let values = groups.flat_map(|group| &group.points).flat_map(|point| {
        let (low, high) = point.interval.unwrap_or((point.value, point.value));
        [point.value, low, high]
    });
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values
        .chain(lines.iter().copied())
        .filter(|value| value.is_finite())
    {
        low = low.min(value);
        high = high.max(value);
    }
    if low > high {
        return 0.0..1.0;
    }
    let pad = if high > low {
        (high - low) * 0.05
    } else {
        high.abs().max(1.0) * 0.05
    };
    // An axis of shares or absolute values that begins at zero shows no negative ones.
    let start = if low == 0.0 { 0.0 } else { low - pad };
    start..high + pad
}
