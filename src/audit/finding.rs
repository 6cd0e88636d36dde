//! What the audit found, as data: sentences are made from it in the report.

use serde::Serialize;

use super::check::Check;
use super::copied::Repeat;
use super::digits::Edit;
use super::figure::{At, FigureId, Figures};
use super::grimmer::Scale;
use super::rounding::{Convention, Printed};
use super::span::Span;
use super::statistic_p::Tails;
use super::summary_test::{TestRange, Variant};
use crate::publication::CellRef;
use crate::publication::format::Comparison;

/// What can be said of a printed figure; the order is from worst to best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// No values that print as the figures fit together.
    Inconsistent,
    /// Nothing printed bears on it.
    NotCheckable,
    /// Values that print so exist.
    Consistent,
    /// Everything that the other figures allow prints exactly so.
    Reproduced,
}

/// The arithmetic behind an outcome. Shares are fractions, also where percentages are printed.
#[derive(Debug, Clone)]
pub enum Arithmetic {
    None,
    Ratio {
        count: u64,
        n: u64,
        fitting_counts: Option<(u64, u64)>,
        fitting_n: Option<(u64, u64)>,
    },
    Nearest {
        n: u64,
        below: f64,
        above: f64,
    },
    /// The SDs that zeros and ones with this mean can have; whether dividing by n would explain it.
    BinarySd {
        n: u64,
        counts: (u64, u64),
        possible: Span,
        population: bool,
    },
    NoSd {
        n: u64,
        scale: Option<Scale>,
        population: bool,
    },
    Limits {
        low: f64,
        high: f64,
        most_sd: f64,
    },
    AtMost {
        part: u64,
        whole: u64,
    },
    Sum {
        terms: Vec<u64>,
        sum: u64,
        whole: u64,
    },
    ShareSum {
        range: Span,
        whole: Span,
        n: Option<u64>,
    },
    Moments {
        n: u64,
        mean: Span,
        sd: Span,
    },
    Weighted {
        terms: Vec<(u64, Printed)>,
        range: Span,
    },
    CombinedSd {
        range: Span,
    },
    Other {
        figure: FigureId,
    },
    Formula {
        range: Span,
    },
    /// Per variant what the printed figures allow, and the p (or statistic) that is printed.
    Tests {
        ranges: Vec<TestRange>,
        claimed: Span,
    },
    P {
        range: Span,
        tails: Option<Tails>,
    },
    /// What a statistic of this kind can be.
    Outside {
        low: f64,
        high: f64,
    },
    Level {
        level: f64,
        significant: bool,
    },
    Order {
        first: FigureId,
        second: FigureId,
        is: Comparison,
    },
    /// A column that is equal to another to the digit.
    Repeat {
        of: usize,
        repeat: Repeat,
    },
}

/// What a check gives.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub verdict: Verdict,
    pub arithmetic: Arithmetic,
}

/// A change of the print that would make checks hold. Offered, never asserted.
#[derive(Debug, Clone)]
pub enum Change {
    /// One printed number is another.
    Figure {
        figure: FigureId,
        to: Printed,
        edit: Option<Edit>,
        source: Option<Source>,
    },
    /// A column was computed on another n than is printed.
    Denominator {
        table: usize,
        rows: Vec<usize>,
        group: usize,
        n: u64,
        others: Vec<u64>,
    },
    /// The column repeats another one; these figures would be implied instead.
    Column {
        table: usize,
        group: usize,
        of: usize,
        implied: Vec<(FigureId, Printed)>,
    },
    /// The figure comes out when one operand of the formula is left out.
    LeftOut { figure: FigureId },
    /// The digits came about in another way than by rounding once.
    Rounding {
        figures: Vec<FigureId>,
        convention: Convention,
    },
    /// The SD was computed with n, not n − 1.
    PopulationSd { figure: FigureId },
    /// Another test than the one named gives it.
    OtherTest { variant: Variant },
    /// One tail instead of two, or twice the p-value.
    Tails { tails: Tails },
    /// Two figures exchanged.
    Swapped { first: FigureId, second: FigureId },
}

/// Where a supposed value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Printed elsewhere in the publication.
    Printed(At),
    /// What the other figures of the check imply.
    Implied,
}

/// One way to make the checks hold.
#[derive(Debug, Clone)]
pub struct Explanation {
    pub changes: Vec<Change>,
    /// Failing checks of the finding that would hold.
    pub settles: usize,
    /// How much of the print it changes.
    pub size: u32,
}

/// One inconsistency: the checks that fail for one reason, as far as can be seen.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The figures that are most likely meant; where nothing singles one out, the recomputed one.
    pub figures: Vec<FigureId>,
    /// Indices of the failing checks in [`Audit::checks`]; the first gives the finding its name.
    pub checks: Vec<usize>,
    /// Nearest first; may be empty.
    pub explanations: Vec<Explanation>,
}

/// Something worth saying that is not an inconsistency.
#[derive(Debug, Clone)]
pub enum Note {
    /// Which variants of a test explain the marks of a table: per variant the rows explained, and the rows
    /// it is defined for.
    MarksOfTable {
        table: usize,
        marks: usize,
        explained: Vec<(Variant, usize, usize)>,
    },
    /// A cell that is printed with half a pair of brackets.
    LacksBracket { cell: CellRef },
    /// A difference between two percentages that is printed with a percent sign: points, not percent.
    PercentagePoints {
        figure: FigureId,
        relative: Option<Span>,
    },
}

/// A whole audit.
pub struct Audit {
    pub figures: Figures,
    pub checks: Vec<Check>,
    /// Per check; `None` where something it needs is missing.
    pub outcomes: Vec<Option<Outcome>>,
    /// Per figure.
    pub verdicts: Vec<Verdict>,
    /// Most serious first.
    pub findings: Vec<Finding>,
    pub notes: Vec<Note>,
}
