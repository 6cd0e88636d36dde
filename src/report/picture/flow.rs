//! A flow diagram of boxes and arrows.

use super::scene::{Anchor, Ink, Mark, SMALL, Scene, WIDTH, count, fitted, leading};
use crate::document::figure::{Flow, FlowBox};

const MARGIN: i32 = 8;
const PADDING: i32 = 10;
const ARROW: i32 = 30;
const BETWEEN: i32 = 18;
const TRUNK: i32 = 340;

/// A box whose text is in lines: bold ones first.
struct Filled {
    title: Vec<String>,
    lines: Vec<String>,
}

impl Filled {
    fn new(source: &FlowBox, width: i32) -> Self {
        let room = width - 2 * PADDING;
        Filled {
            title: fitted(&source.title, room, SMALL, true),
            lines: source
                .lines
                .iter()
                .flat_map(|line| fitted(line, room, SMALL, false))
                .collect(),
        }
    }

    fn height(&self) -> i32 {
        leading(SMALL) * (count(&self.title) + count(&self.lines)) + 2 * PADDING
    }

    fn draw(&self, scene: &mut Scene, left: i32, top: i32, width: i32, height: i32) {
        scene.mark(Mark::Box {
            from: (left, top),
            to: (left + width, top + height),
            ink: Ink::Muted,
            filled: false,
        });
        let mut y = top + PADDING + leading(SMALL) / 2;
        for (bold, lines) in [(true, &self.title), (false, &self.lines)] {
            for line in lines {
                scene.mark(Mark::Text {
                    x: left + PADDING,
                    y,
                    text: line.clone(),
                    size: SMALL,
                    bold,
                    anchor: Anchor::Start,
                    ink: Ink::Text,
                });
                y += leading(SMALL);
            }
        }
    }
}

pub fn layout(flow: &Flow) -> Scene {
    let mut scene = Scene::default();
    let mut y = MARGIN;
    let middle = if flow.aside.is_some() {
        MARGIN + TRUNK / 2
    } else {
        WIDTH / 2
    };
    for (index, item) in flow.trunk.iter().enumerate() {
        let filled = Filled::new(item, TRUNK);
        filled.draw(&mut scene, middle - TRUNK / 2, y, TRUNK, filled.height());
        y += filled.height();
        let last = index + 1 == flow.trunk.len();
        if let (0, Some(aside)) = (index, &flow.aside) {
            let left = MARGIN + TRUNK + ARROW;
            let width = WIDTH - MARGIN - left;
            let filled = Filled::new(aside, width);
            let top = y + ARROW / 2;
            scene.mark(Mark::Arrow {
                from: (middle, top + filled.height() / 2),
                to: (left, top + filled.height() / 2),
            });
            filled.draw(&mut scene, left, top, width, filled.height());
            let below = top + filled.height() + ARROW / 2;
            if !last {
                scene.mark(Mark::Arrow {
                    from: (middle, y),
                    to: (middle, below),
                });
            }
            y = below;
        } else if !last {
            scene.mark(Mark::Arrow {
                from: (middle, y),
                to: (middle, y + ARROW),
            });
            y += ARROW;
        }
    }
    y = columns(&mut scene, flow, middle, y);
    scene.height = y + MARGIN;
    scene
}

fn columns(scene: &mut Scene, flow: &Flow, middle: i32, top: i32) -> i32 {
    let arms = count(&flow.columns);
    if arms == 0 {
        return top;
    }
    let width = (WIDTH - 2 * MARGIN - BETWEEN * (arms - 1)) / arms;
    let lefts: Vec<i32> = (0..arms)
        .map(|arm| MARGIN + arm * (width + BETWEEN))
        .collect();
    let centre = |left: i32| left + width / 2;
    let mut y = top;
    if !flow.trunk.is_empty() {
        let bar = y + ARROW / 2;
        scene.line((middle, y), (middle, bar), Ink::Muted, 1);
        let centres = lefts.iter().map(|left| centre(*left)).chain([middle]);
        let (from, to) = (
            centres.clone().min().unwrap_or(middle),
            centres.max().unwrap_or(middle),
        );
        scene.line((from, bar), (to, bar), Ink::Muted, 1);
        y = bar;
    }
    let depth = flow.columns.iter().map(Vec::len).max().unwrap_or(0);
    for level in 0..depth {
        let boxes: Vec<Option<Filled>> = flow
            .columns
            .iter()
            .map(|column| column.get(level).map(|item| Filled::new(item, width)))
            .collect();
        let height = boxes
            .iter()
            .flatten()
            .map(Filled::height)
            .max()
            .unwrap_or(0);
        let drop = if level == 0 && !flow.trunk.is_empty() {
            ARROW * 2 / 3
        } else {
            ARROW
        };
        for (filled, left) in boxes.iter().zip(&lefts) {
            if let Some(filled) = filled {
                if level > 0 || !flow.trunk.is_empty() {
                    scene.mark(Mark::Arrow {
                        from: (centre(*left), y),
                        to: (centre(*left), y + drop),
                    });
                }
                filled.draw(scene, *left, y + drop, width, height);
            }
        }
        y += drop + height;
    }
    y
}
