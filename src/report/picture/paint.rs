//! A scene painted through plotters: as SVG, or as pixels.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::prelude::{
    BitMapBackend, Circle, DrawingBackend, IntoDrawingArea, PathElement, Polygon, RGBColor,
    Rectangle, SVGBackend, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontFamily, FontStyle, IntoFont, TextStyle};

use super::fonts;
use super::scene::{Anchor, Ink, Mark, Scene, WIDTH};
use crate::error::{Error, Result};

/// Pixels per unit of the scene: sharp in print on a page of 17 cm.
const ZOOM: i32 = 3;

/// A picture in pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    /// The PNG file.
    pub bytes: Vec<u8>,
}

const PAPER: RGBColor = RGBColor(255, 255, 255);

fn colour(ink: Ink) -> RGBColor {
    match ink {
        Ink::Text => RGBColor(0x1a, 0x1a, 0x1a),
        Ink::Muted => RGBColor(0x59, 0x59, 0x59),
        Ink::Grid => RGBColor(0xcc, 0xcc, 0xcc),
        // Okabe and Ito's blue and vermilion.
        Ink::First => RGBColor(0x00, 0x72, 0xb2),
        Ink::Second => RGBColor(0xd5, 0x5e, 0x00),
        Ink::Level(level, of) => shade(level, of),
        Ink::OnLevel(level, of) => match dark(shade(level, of)) {
            true => RGBColor(0xfe, 0xfe, 0xfe),
            false => RGBColor(0x10, 0x10, 0x10),
        },
        Ink::Gap => PAPER,
    }
}

/// From light to dark blue, evenly in lightness, so that grey print keeps the order.
fn shade(level: usize, of: usize) -> RGBColor {
    const LIGHT: [f64; 3] = [226.0, 238.0, 249.0];
    const DARK: [f64; 3] = [8.0, 48.0, 107.0];
    let at = if of > 1 {
        level as f64 / (of - 1) as f64
    } else {
        0.5
    };
    let mixed: [u8; 3] =
        std::array::from_fn(|part| (LIGHT[part] + (DARK[part] - LIGHT[part]) * at).round() as u8);
    RGBColor(mixed[0], mixed[1], mixed[2])
}

fn dark(RGBColor(red, green, blue): RGBColor) -> bool {
    0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue) < 140.0
}

/// The scene as SVG text with a title and a description; with a white ground, or without one.
pub fn svg(scene: &Scene, title: &str, description: &str, ground: bool) -> Result<String> {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, (size(WIDTH), size(scene.height)))
            .into_drawing_area();
        paint(&area, scene, 1, ground).map_err(refused)?;
        area.present().map_err(refused)?;
    }
    let head = format!(
        "<svg role=\"img\" aria-label=\"{0}\"",
        escape(&format!("{title}. {description}"))
    );
    // Labels have their quotes escaped, so that this can only be the attribute.
    let text = text.replace(
        "font-family=\"Open Sans\"",
        "font-family=\"Open Sans, Noto Sans, Helvetica, Arial, sans-serif\"",
    );
    Ok(text.replacen("<svg", &head, 1))
}

/// The scene as a PNG file.
pub fn png(scene: &Scene) -> Result<Picture> {
    let (width, height) = (size(WIDTH * ZOOM), size(scene.height * ZOOM));
    let mut pixels = vec![0_u8; width as usize * height as usize * 3];
    {
        let area = BitMapBackend::with_buffer(&mut pixels, (width, height)).into_drawing_area();
        paint(&area, scene, ZOOM, true).map_err(refused)?;
        area.present().map_err(refused)?;
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(refused)?;
    writer.write_image_data(&pixels).map_err(refused)?;
    writer.finish().map_err(refused)?;
    Ok(Picture {
        width,
        height,
        bytes,
    })
}

fn refused(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("a figure could not be drawn: {error}"))
}

fn size(length: i32) -> u32 {
    u32::try_from(length).unwrap_or(1).max(1)
}

/// Text as the value of an attribute.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in crate::report::text::clean(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

type Drawn<B> = std::result::Result<
    (),
    plotters::drawing::DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>,
>;

fn paint<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    scene: &Scene,
    zoom: i32,
    ground: bool,
) -> Drawn<B> {
    fonts::register();
    if ground {
        area.fill(&PAPER)?;
    }
    let at = |(x, y): (i32, i32)| (x * zoom, y * zoom);
    let stroke = |ink: Ink, width: u32| colour(ink).stroke_width(width * size(zoom));
    for mark in &scene.marks {
        match mark {
            Mark::Text {
                x,
                y,
                text,
                size,
                bold,
                anchor,
                ink,
            } => {
                let weight = if *bold {
                    FontStyle::Bold
                } else {
                    FontStyle::Normal
                };
                let font = (
                    FontFamily::Name(fonts::NAME),
                    f64::from(*size * zoom),
                    weight,
                )
                    .into_font();
                let side = match anchor {
                    Anchor::Start => HPos::Left,
                    Anchor::Middle => HPos::Center,
                    Anchor::End => HPos::Right,
                };
                let tint = colour(*ink);
                let style = TextStyle::from(font)
                    .color(&tint)
                    .pos(Pos::new(side, VPos::Center));
                area.draw(&Text::new(text.clone(), at((*x, *y)), style))?;
            }
            Mark::Line {
                from,
                to,
                ink,
                width,
                dashed: false,
            } => area.draw(&PathElement::new(
                vec![at(*from), at(*to)],
                stroke(*ink, *width),
            ))?,
            Mark::Line {
                from,
                to,
                ink,
                width,
                ..
            } => {
                for (from, to) in dashes(*from, *to) {
                    area.draw(&PathElement::new(
                        vec![at(from), at(to)],
                        stroke(*ink, *width),
                    ))?;
                }
            }
            Mark::Box {
                from,
                to,
                ink,
                filled: true,
            } => area.draw(&Rectangle::new([at(*from), at(*to)], colour(*ink).filled()))?,
            Mark::Box { from, to, ink, .. } => {
                let corners = vec![
                    at(*from),
                    at((to.0, from.1)),
                    at(*to),
                    at((from.0, to.1)),
                    at(*from),
                ];
                area.draw(&PathElement::new(corners, stroke(*ink, 2)))?;
            }
            Mark::Dot {
                at: place,
                radius,
                ink,
            } => area.draw(&Circle::new(
                at(*place),
                radius * zoom,
                colour(*ink).filled(),
            ))?,
            Mark::Arrow { from, to } => {
                area.draw(&PathElement::new(
                    vec![at(*from), at(*to)],
                    stroke(Ink::Muted, 1),
                ))?;
                let head: Vec<(i32, i32)> = arrow_head(*from, *to).into_iter().map(at).collect();
                area.draw(&Polygon::new(head, colour(Ink::Muted).filled()))?;
            }
        }
    }
    Ok(())
}

/// Pieces of a vertical line.
fn dashes(from: (i32, i32), to: (i32, i32)) -> Vec<((i32, i32), (i32, i32))> {
    const ON: i32 = 5;
    const OFF: usize = 9;
    (from.1..to.1)
        .step_by(OFF)
        .map(|y| ((from.0, y), (from.0, (y + ON).min(to.1))))
        .collect()
}

/// A triangle with its point at the end; arrows go down or to the right.
fn arrow_head(from: (i32, i32), to: (i32, i32)) -> [(i32, i32); 3] {
    let (x, y) = to;
    match from.0 == to.0 {
        true => [(x, y), (x - 5, y - 8), (x + 5, y - 8)],
        false => [(x, y), (x - 8, y - 5), (x - 8, y + 5)],
    }
}
