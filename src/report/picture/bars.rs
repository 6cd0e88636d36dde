//! Distributions as bars of equal length.

use super::scene::{
    Anchor, Ink, Mark, SMALL, Scene, TEXT, WIDTH, count, fitted, leading, place, width,
};
use crate::document::figure::Bars;

const LABEL_ROOM: i32 = 210;
const GAP: i32 = 16;
const MARGIN: i32 = 8;
const BAR: i32 = 34;
const BETWEEN: i32 = 12;
const SWATCH: i32 = 14;

pub fn layout(bars: &Bars) -> Scene {
    let mut scene = Scene::default();
    let levels = bars.levels.len();
    let mut y = legend(&mut scene, &bars.levels);
    let labels: Vec<Vec<String>> = bars
        .bars
        .iter()
        .map(|bar| fitted(&bar.label, LABEL_ROOM, TEXT, false))
        .collect();
    let widest = labels
        .iter()
        .flatten()
        .map(|line| width(line, TEXT, false))
        .max()
        .unwrap_or(0);
    let (left, right) = (MARGIN + widest + GAP, WIDTH - MARGIN);
    for (bar, label) in bars.bars.iter().zip(&labels) {
        let height = BAR.max(leading(TEXT) * count(label));
        scene.lines(
            MARGIN,
            y + height / 2,
            label,
            TEXT,
            Anchor::Start,
            Ink::Text,
        );
        let top = y + (height - BAR) / 2;
        let mut before = 0.0;
        for (level, (share, shown)) in bar.shares.iter().enumerate() {
            // Shares are between 0 and 1, the page is a few hundred wide.
            let at = |share: f64| {
                left + (f64::from(right - left) * share.clamp(0.0, 1.0)).round() as i32
            };
            let (from, to) = (at(before), at(before + share));
            before += share;
            if to <= from {
                continue;
            }
            scene.mark(Mark::Box {
                from: (from, top),
                to: (to, top + BAR),
                ink: Ink::Level(level, levels),
                filled: true,
            });
            if level > 0 {
                scene.line((from, top), (from, top + BAR), Ink::Gap, 2);
            }
            if width(shown, SMALL, false) + 4 <= to - from {
                let middle = ((from + to) / 2, top + BAR / 2);
                scene.text(
                    middle.0,
                    middle.1,
                    shown.clone(),
                    SMALL,
                    Anchor::Middle,
                    Ink::OnLevel(level, levels),
                );
            }
        }
        y += height + BETWEEN;
    }
    scene.height = y + MARGIN - BETWEEN;
    scene
}

fn legend(scene: &mut Scene, levels: &[String]) -> i32 {
    let (mut x, mut y) = (MARGIN, MARGIN);
    for (level, name) in levels.iter().enumerate() {
        let lines = fitted(name, WIDTH - 2 * MARGIN - SWATCH - 6, SMALL, false);
        let wide = lines
            .iter()
            .map(|line| width(line, SMALL, false))
            .max()
            .unwrap_or(0)
            + SWATCH
            + 6;
        if x > MARGIN && x + wide > WIDTH - MARGIN {
            x = MARGIN;
            y += leading(SMALL) + 4;
        }
        scene.mark(Mark::Box {
            from: (x, y + 2),
            to: (x + SWATCH, y + 2 + SWATCH),
            ink: Ink::Level(level, levels.len()),
            filled: true,
        });
        for (index, line) in lines.iter().enumerate() {
            let middle = y + leading(SMALL) / 2 + leading(SMALL) * place(index);
            scene.text(
                x + SWATCH + 6,
                middle,
                line.clone(),
                SMALL,
                Anchor::Start,
                Ink::Text,
            );
        }
        y += leading(SMALL) * (count(&lines) - 1);
        x += wide + 22;
    }
    y + leading(SMALL) + 16
}
