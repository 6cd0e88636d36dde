//! What stands in a table: a typed value, so that each renderer chooses between the text a
//! person reads and the numbers a machine reads.

use crate::words::Lang;
use crate::words::number::{self, Scale, Stars, Symbol};

/// A cell: a value, and the significance marks behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    pub content: Content,
    pub stars: Stars,
    /// Machines too read no more digits than people.
    pub rounded: bool,
}

/// The value in a cell. An absent number is shown as a dash; [`Content::Empty`] is for cells
/// where none belongs.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    Empty,
    Text(String),
    /// Text for machines: a hash, a seed, a file name. It is never broken with a hyphen.
    Code(String),
    Count(u64),
    Number {
        value: Option<f64>,
        decimals: usize,
        scale: Scale,
    },
    MeanSd {
        mean: Option<f64>,
        sd: Option<f64>,
        decimals: usize,
    },
    CountPercent {
        count: u64,
        share: Option<f64>,
        decimals: usize,
    },
    PValue(Option<f64>),
    Interval {
        low: Option<f64>,
        high: Option<f64>,
        decimals: usize,
        scale: Scale,
    },
    Estimate {
        value: Option<f64>,
        low: Option<f64>,
        high: Option<f64>,
        decimals: usize,
        scale: Scale,
    },
    Statistic {
        symbol: Symbol,
        value: Option<f64>,
        df: Option<f64>,
        df2: Option<f64>,
    },
    Money {
        value: Option<f64>,
        decimals: usize,
    },
}

impl From<Content> for Cell {
    fn from(content: Content) -> Self {
        Cell {
            content,
            stars: Stars::None,
            rounded: false,
        }
    }
}

impl Cell {
    /// No value belongs here.
    pub const EMPTY: Cell = Cell {
        content: Content::Empty,
        stars: Stars::None,
        rounded: false,
    };

    pub fn text(text: impl Into<String>) -> Cell {
        Content::Text(text.into()).into()
    }

    pub fn code(text: impl Into<String>) -> Cell {
        Content::Code(text.into()).into()
    }

    pub fn count(count: u64) -> Cell {
        Content::Count(count).into()
    }

    pub fn number(value: impl Into<Option<f64>>, decimals: usize) -> Cell {
        Cell::scaled(value, decimals, Scale::Unit)
    }

    /// A share, shown as a percentage.
    pub fn percent(share: impl Into<Option<f64>>, decimals: usize) -> Cell {
        Cell::scaled(share, decimals, Scale::Percent)
    }

    pub fn scaled(value: impl Into<Option<f64>>, decimals: usize, scale: Scale) -> Cell {
        Content::Number {
            value: value.into(),
            decimals,
            scale,
        }
        .into()
    }

    pub fn mean_sd(
        mean: impl Into<Option<f64>>,
        sd: impl Into<Option<f64>>,
        decimals: usize,
    ) -> Cell {
        Content::MeanSd {
            mean: mean.into(),
            sd: sd.into(),
            decimals,
        }
        .into()
    }

    pub fn count_percent(count: u64, share: impl Into<Option<f64>>, decimals: usize) -> Cell {
        Content::CountPercent {
            count,
            share: share.into(),
            decimals,
        }
        .into()
    }

    pub fn p_value(p: impl Into<Option<f64>>) -> Cell {
        Content::PValue(p.into()).into()
    }

    /// An interval, with the decimals that its width asks for.
    pub fn interval(
        low: impl Into<Option<f64>>,
        high: impl Into<Option<f64>>,
        scale: Scale,
    ) -> Cell {
        let (low, high) = (low.into(), high.into());
        Content::Interval {
            low,
            high,
            decimals: number::decimals_for_interval(low, high, scale),
            scale,
        }
        .into()
    }

    /// An estimate and its interval, with the decimals that the interval's width asks for.
    pub fn estimate(
        value: impl Into<Option<f64>>,
        low: impl Into<Option<f64>>,
        high: impl Into<Option<f64>>,
        scale: Scale,
    ) -> Cell {
        let (low, high) = (low.into(), high.into());
        Content::Estimate {
            value: value.into(),
            low,
            high,
            decimals: number::decimals_for_interval(low, high, scale),
            scale,
        }
        .into()
    }

    pub fn statistic(
        symbol: Symbol,
        value: impl Into<Option<f64>>,
        df: impl Into<Option<f64>>,
        df2: impl Into<Option<f64>>,
    ) -> Cell {
        Content::Statistic {
            symbol,
            value: value.into(),
            df: df.into(),
            df2: df2.into(),
        }
        .into()
    }

    pub fn money(value: impl Into<Option<f64>>, decimals: usize) -> Cell {
        Content::Money {
            value: value.into(),
            decimals,
        }
        .into()
    }

    /// With other decimals than the constructor chose, where the content has them.
    pub fn decimals(mut self, wanted: usize) -> Cell {
        match &mut self.content {
            Content::Number { decimals, .. }
            | Content::MeanSd { decimals, .. }
            | Content::CountPercent { decimals, .. }
            | Content::Interval { decimals, .. }
            | Content::Estimate { decimals, .. }
            | Content::Money { decimals, .. } => *decimals = wanted,
            Content::Empty
            | Content::Text(_)
            | Content::Code(_)
            | Content::Count(_)
            | Content::PValue(_)
            | Content::Statistic { .. } => {}
        }
        self
    }

    /// Marked with stars for this p-value.
    pub fn starred(mut self, p: impl Into<Option<f64>>) -> Cell {
        self.stars = Stars::from_p(p);
        self
    }

    pub fn has_stars(&self) -> bool {
        self.stars != Stars::None
    }

    /// Whether it holds words, which may be wrapped; numbers never are.
    pub fn is_words(&self) -> bool {
        matches!(self.content, Content::Text(_) | Content::Code(_))
    }

    /// What a person reads, without the stars.
    pub fn human(&self, lang: Lang) -> String {
        match &self.content {
            Content::Empty => String::new(),
            Content::Text(text) | Content::Code(text) => text.clone(),
            Content::Count(count) => number::count(*count, lang),
            Content::Number {
                value,
                decimals,
                scale,
            } => number::scaled(*value, *decimals, *scale, lang),
            Content::MeanSd { mean, sd, decimals } => number::mean_sd(*mean, *sd, *decimals, lang),
            Content::CountPercent {
                count,
                share,
                decimals,
            } => number::count_percent(*count, *share, *decimals, lang),
            Content::PValue(p) => number::p_value(*p, lang),
            Content::Interval {
                low,
                high,
                decimals,
                scale,
            } => number::interval(*low, *high, *decimals, *scale, lang),
            Content::Estimate {
                value,
                low,
                high,
                decimals,
                scale,
            } => number::estimate(*value, *low, *high, *decimals, *scale, lang),
            Content::Statistic {
                symbol,
                value,
                df,
                df2,
            } => number::statistic(*symbol, *value, *df, *df2, lang),
            Content::Money { value, decimals } => number::money(*value, *decimals, lang),
        }
    }

    /// What a machine reads: each part with its name, numbers in full precision unless they are
    /// rounded.
    pub fn parts(&self) -> Vec<(Part, Field)> {
        let text = |value: Option<f64>, decimals: usize| match self.rounded {
            true => number::machine_rounded(value, decimals),
            false => number::machine(value),
        };
        let number =
            |part, value: Option<f64>, decimals| (part, Field::Number(text(value, decimals)));
        let df = |part, value: Option<f64>| number(part, value, number::df_decimals(value));
        let mut parts = match &self.content {
            Content::Empty => Vec::new(),
            Content::Text(text) | Content::Code(text) => {
                vec![(Part::Text, Field::Text(text.clone()))]
            }
            Content::Count(count) => vec![(Part::Count, Field::Number(count.to_string()))],
            Content::Number {
                value,
                scale: Scale::Percent,
                decimals,
            } => vec![number(Part::Share, *value, decimals + OF_SHARES)],
            Content::Number {
                value,
                scale,
                decimals,
            } => {
                vec![number(Part::Value, in_points(*value, *scale), *decimals)]
            }
            Content::MeanSd { mean, sd, decimals } => {
                vec![
                    number(Part::Mean, *mean, *decimals),
                    number(Part::Sd, *sd, *decimals),
                ]
            }
            Content::CountPercent {
                count,
                share,
                decimals,
            } => vec![
                (Part::Count, Field::Number(count.to_string())),
                number(Part::Share, *share, decimals + OF_SHARES),
            ],
            Content::PValue(p) => {
                let text = match self.rounded {
                    true => number::machine_rounded_p(*p),
                    false => number::machine(*p),
                };
                vec![(Part::PValue, Field::Number(text))]
            }
            Content::Interval {
                low,
                high,
                scale,
                decimals,
            } => {
                let decimals = decimals + of_shares(*scale);
                vec![
                    number(Part::Low, in_points(*low, *scale), decimals),
                    number(Part::High, in_points(*high, *scale), decimals),
                ]
            }
            Content::Estimate {
                value,
                low,
                high,
                scale,
                decimals,
            } => {
                let decimals = decimals + of_shares(*scale);
                vec![
                    number(Part::Estimate, in_points(*value, *scale), decimals),
                    number(Part::Low, in_points(*low, *scale), decimals),
                    number(Part::High, in_points(*high, *scale), decimals),
                ]
            }
            Content::Statistic {
                symbol,
                value,
                df: own,
                df2,
            } => {
                let decimals = number::statistic_decimals(*symbol, *value);
                let mut parts = vec![
                    number(Part::Statistic, *value, decimals),
                    df(Part::Df, *own),
                ];
                if df2.is_some() {
                    parts.push(df(Part::Df2, *df2));
                }
                parts
            }
            Content::Money { value, decimals } => vec![number(Part::Value, *value, *decimals)],
        };
        if self.has_stars() {
            parts.push((Part::Stars, Field::Text(self.stars.text().to_owned())));
        }
        parts
    }
}

/// A share for machines has two decimals more than the percentage that people read.
const OF_SHARES: usize = 2;

fn of_shares(scale: Scale) -> usize {
    match scale {
        Scale::Percent => OF_SHARES,
        Scale::Unit | Scale::Points => 0,
    }
}

/// Points are what their header says, also for machines; shares stay shares.
fn in_points(value: Option<f64>, scale: Scale) -> Option<f64> {
    match scale {
        Scale::Points => value.map(|value| value * 100.0),
        Scale::Unit | Scale::Percent => value,
    }
}

/// A part of a cell for machines: only text can be mistaken for a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    Text(String),
    Number(String),
}

/// Which part of a cell; in the order in which they become columns for machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Text,
    Value,
    Count,
    Mean,
    Sd,
    Share,
    Estimate,
    Low,
    High,
    Statistic,
    Df,
    Df2,
    PValue,
    Stars,
}
