//! The font of the pictures: part of the program, so that a picture is the same everywhere.
//!
//! Open Sans (Apache License 2.0, see `fonts/README.md`): Latin, Greek, Cyrillic.

use std::sync::Once;

use plotters::style::{FontStyle, register_font};

pub const NAME: &str = "Open Sans";

static REGULAR: &[u8] = include_bytes!("fonts/OpenSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("fonts/OpenSans-Bold.ttf");
static ONCE: Once = Once::new();

/// Makes the font known; every later call does nothing.
pub fn register() {
    ONCE.call_once(|| {
        // The bytes are part of the program; if they were no font, text would be missing
        // from pictures, and the tests that look for it would fail.
        let _ = register_font(NAME, FontStyle::Normal, REGULAR);
        let _ = register_font(NAME, FontStyle::Bold, BOLD);
    });
}
