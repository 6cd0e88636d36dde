//! A figure as data: what is to be seen, and the same in words for whoever cannot see it.

use crate::words::number::Scale;

/// A figure with its caption (without its number) and its text alternative.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Short, unique in the document, fit for a file name (`forest`, `flow`).
    pub id: String,
    pub caption: String,
    /// The numbers in words: stands wherever the picture cannot.
    pub alt: String,
    pub notes: Vec<String>,
    pub plot: Plot,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Plot {
    Points(Points),
    Bars(Bars),
    Flow(Flow),
}

/// Values with their intervals along an axis: effects ('forest'), balance ('love'), shares
/// and means per arm.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    /// What the axis measures.
    pub axis: String,
    pub scale: Scale,
    /// Where vertical lines stand: no effect, the limits of balance.
    pub lines: Vec<f64>,
    /// What the marks stand for; empty where there is one kind.
    pub series: Vec<String>,
    /// Every group has an axis of its own: the values are not on one scale.
    pub own_axes: bool,
    pub groups: Vec<Group>,
}

/// Points under one label.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub label: String,
    pub points: Vec<Point>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Which of the series it belongs to.
    pub series: usize,
    pub value: f64,
    pub interval: Option<(f64, f64)>,
    /// The numbers as text, beside the row.
    pub shown: String,
}

/// Distributions over ordered levels, each a bar of the same length.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    pub levels: Vec<String>,
    pub bars: Vec<Bar>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub label: String,
    /// One share per level, from 0 to 1, and how it is printed.
    pub shares: Vec<(f64, String)>,
}

/// A flow diagram: boxes above each other with what branches off, then a column per arm.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    pub trunk: Vec<FlowBox>,
    /// Stands beside the arrow below the first box of the trunk.
    pub aside: Option<FlowBox>,
    /// Per arm, from top to bottom; every arm has the same number.
    pub columns: Vec<Vec<FlowBox>>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FlowBox {
    pub title: String,
    pub lines: Vec<String>,
}
