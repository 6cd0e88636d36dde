//! How far a long run is, on standard error: for a person at a terminal only.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Session;
use crate::intake::Stage;
use crate::words::{Label, Lang};

/// Shorter runs are over before a bar is read.
const AFTER: Duration = Duration::from_millis(500);

/// One stretch of work of known length. The bar goes away with it.
pub struct Progress {
    bar: Option<ProgressBar>,
    started: Instant,
    /// Whether the bar can be seen yet.
    shown: Mutex<bool>,
}

impl Progress {
    /// A bar of `total` steps, which shows itself when the work takes longer than half a second; never
    /// one where nobody is watching.
    pub fn new(session: &Session, what: Label, total: u64, lang: Lang) -> Self {
        let bar = session.watched.then(|| {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
            // No colours: nothing to switch off with --color never.
            bar.set_style(
                ProgressStyle::with_template("{msg} {bar:30} {percent:>3}%  {eta}")
                    .unwrap_or_else(|_| ProgressStyle::default_bar()),
            );
            bar.set_message(what.text(lang));
            bar
        });
        Progress {
            bar,
            started: Instant::now(),
            shown: Mutex::new(false),
        }
    }

    /// So many steps more are done.
    pub fn add(&self, steps: u64) {
        let Some(bar) = &self.bar else { return };
        bar.inc(steps);
        if self.started.elapsed() < AFTER {
            return;
        }
        // Another thread that is showing the bar right now does the same.
        if let Ok(mut shown) = self.shown.try_lock()
            && !*shown
        {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            *shown = true;
        }
    }
}

/// Bars for the stages of an evaluation.
pub fn watch(
    session: &Session,
    lang: Lang,
) -> impl Fn(Stage, u64) -> Box<dyn Fn(u64) + Sync> + Sync {
    move |stage, total| {
        let what = match stage {
            Stage::Evaluating => Label::Evaluating,
            Stage::DrawingAgain => Label::DrawingAgain,
        };
        let progress = Progress::new(session, what, total, lang);
        Box::new(move |steps| progress.add(steps))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
