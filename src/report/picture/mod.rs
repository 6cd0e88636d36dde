//! Figures as pictures: laid out once, painted as SVG or PNG.
//!
//! ```text
//! points, bars, flow   a plot → marks at places (scene)
//! scene                marks, and how wide a text is
//! paint                marks → SVG or pixels, through plotters
//! fonts                the font, part of the program
//! ```

mod bars;
mod flow;
mod fonts;
mod paint;
mod points;
mod scene;

use crate::document::Figure;
use crate::document::figure::Plot;
use crate::error::Result;
use crate::words::Lang;

pub use paint::Picture;
pub use scene::{Anchor, Mark, Scene, WIDTH, width};

/// A figure laid out.
pub fn layout(figure: &Figure, lang: Lang) -> Scene {
    match &figure.plot {
        Plot::Points(points) => points::layout(points, lang),
        Plot::Bars(bars) => bars::layout(bars),
        Plot::Flow(flow) => flow::layout(flow),
    }
}

/// The figure as an SVG file: a white ground, and its text alternative inside.
///
/// # Errors
/// Internal: the drawing library refused.
pub fn svg(figure: &Figure, lang: Lang) -> Result<String> {
    paint::svg(&layout(figure, lang), &figure.caption, &figure.alt, true)
}

/// The same to stand inside a page: no ground, so that it goes with light and dark.
///
/// # Errors
/// Internal: the drawing library refused.
pub fn inline_svg(figure: &Figure, lang: Lang) -> Result<String> {
    paint::svg(&layout(figure, lang), &figure.caption, &figure.alt, false)
}

/// The figure as pixels, for formats without SVG.
///
/// # Errors
/// Internal: the drawing library refused.
pub fn png(figure: &Figure, lang: Lang) -> Result<Picture> {
    paint::png(&layout(figure, lang))
}
