//! A figure laid out: marks at places. Nothing here draws; the painter does, in any format.

use plotters::style::{FontFamily, FontStyle, IntoFont};

use super::fonts;
use crate::report::text::{clean, wrap};

/// How wide every figure is; how high follows from what is in it.
pub const WIDTH: i32 = 760;

/// Sizes of text.
pub const TEXT: i32 = 17;
pub const SMALL: i32 = 15;

/// What a colour is for. Marks of one kind differ in shape too, so that grey print and
/// colour-blind readers lose nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    Text,
    Muted,
    Grid,
    /// The intervention: blue, filled.
    First,
    /// The control: orange, open.
    Second,
    /// One of so many levels, from light to dark.
    Level(usize, usize),
    /// Text on a level.
    OnLevel(usize, usize),
    /// Between the parts of a bar.
    Gap,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    Text {
        x: i32,
        /// The middle of the line.
        y: i32,
        text: String,
        size: i32,
        bold: bool,
        anchor: Anchor,
        ink: Ink,
    },
    Line {
        from: (i32, i32),
        to: (i32, i32),
        ink: Ink,
        width: u32,
        dashed: bool,
    },
    Box {
        from: (i32, i32),
        to: (i32, i32),
        ink: Ink,
        filled: bool,
    },
    Dot {
        at: (i32, i32),
        radius: i32,
        ink: Ink,
    },
    Arrow {
        from: (i32, i32),
        to: (i32, i32),
    },
}

/// Marks in drawing order, and the size of the page they stand on.
#[derive(Default, Debug, Clone, PartialEq)]
pub struct Scene {
    pub height: i32,
    pub marks: Vec<Mark>,
}

impl Scene {
    pub fn text(
        &mut self,
        x: i32,
        y: i32,
        text: impl Into<String>,
        size: i32,
        anchor: Anchor,
        ink: Ink,
    ) {
        self.mark(Mark::Text {
            x,
            y,
            text: clean(&text.into()),
            size,
            bold: false,
            anchor,
            ink,
        });
    }

    pub fn line(&mut self, from: (i32, i32), to: (i32, i32), ink: Ink, width: u32) {
        self.mark(Mark::Line {
            from,
            to,
            ink,
            width,
            dashed: false,
        });
    }

    /// Lines of text above each other around a height; the middle of the block is there.
    pub fn lines(
        &mut self,
        x: i32,
        middle: i32,
        lines: &[String],
        size: i32,
        anchor: Anchor,
        ink: Ink,
    ) {
        let step = leading(size);
        let first = middle - step * (count(lines) - 1) / 2;
        for (index, line) in lines.iter().enumerate() {
            self.text(
                x,
                first + step * place(index),
                line.clone(),
                size,
                anchor,
                ink,
            );
        }
    }

    pub fn mark(&mut self, mark: Mark) {
        self.marks.push(mark);
    }
}

/// From one line of text to the next.
pub fn leading(size: i32) -> i32 {
    size * 6 / 5
}

/// How wide a text is, with room for a reader's own font.
pub fn width(text: &str, size: i32, bold: bool) -> i32 {
    fonts::register();
    let style = if bold {
        FontStyle::Bold
    } else {
        FontStyle::Normal
    };
    let font = (FontFamily::Name(fonts::NAME), f64::from(size), style).into_font();
    let measured = font
        .box_size(text)
        .map_or(0, |(width, _)| i32::try_from(width).unwrap_or(i32::MAX / 4));
    // What no font measures (an unknown script) is not narrower than this.
    let letters = i32::try_from(text.chars().count()).unwrap_or(i32::MAX / 64);
    (measured * 23 / 20).max(letters * size / 5)
}

/// A text in lines that fit.
pub fn fitted(text: &str, room: i32, size: i32, bold: bool) -> Vec<String> {
    let text = clean(text);
    let mut limit = text.chars().count().clamp(2, 400);
    loop {
        let lines = wrap(&text, limit);
        if limit <= 2 || lines.iter().all(|line| width(line, size, bold) <= room) {
            return lines;
        }
        limit -= 1;
    }
}

/// Lengths of lists that are drawn are far below 2^31.
pub fn count<T>(items: &[T]) -> i32 {
    i32::try_from(items.len()).unwrap_or(i32::MAX / 1024)
}

pub fn place(index: usize) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX / 1024)
}
