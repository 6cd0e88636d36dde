//! The checks: which figures must fit together, and how. Built once, evaluated on the printed values and
//! again on supposed ones.

use super::figure::{FigureId, NRef};
use super::grimmer::Scale;
use super::span::Span;
use super::summary_test::Variant;
use crate::publication::format::Comparison;
use crate::publication::{Expr, Parts};

/// One relation between printed figures.
#[derive(Debug, Clone)]
pub enum Check {
    /// count / n is the percentage.
    CountShare {
        count: FigureId,
        share: FigureId,
        n: NRef,
    },
    /// Some whole number of n is the share.
    ShareOfN { share: FigureId, n: NRef },
    /// The SD is that of zeros and ones with this mean.
    Binary {
        share: FigureId,
        sd: FigureId,
        n: NRef,
    },
    /// Whole numbers have this mean.
    MeanOfN { mean: FigureId, n: NRef },
    /// Whole numbers, on the scale if there is one, have this mean and SD.
    MeanSd {
        mean: FigureId,
        sd: FigureId,
        n: NRef,
        scale: Option<Scale>,
    },
    /// Mean and SD are possible between the lowest and highest value.
    Range {
        mean: FigureId,
        sd: Option<FigureId>,
        n: Option<NRef>,
        low: f64,
        high: f64,
    },
    /// A count or valid n is not more than what it is taken from.
    AtMost { part: FigureId, whole: NRef },
    /// Counts of parts against the count of the whole.
    PartCounts {
        parts: Vec<FigureId>,
        whole: FigureId,
        kind: Parts,
    },
    /// Shares of parts against the whole: of everyone, or another share.
    PartShares {
        parts: Vec<FigureId>,
        n: Option<NRef>,
        whole: Option<FigureId>,
        kind: Parts,
    },
    /// The mean and SD of a score follow from its distribution.
    Distribution {
        mean: FigureId,
        sd: Option<FigureId>,
        levels: Vec<(f64, FigureId)>,
        n: NRef,
    },
    /// The total's count is the sum of the groups'.
    TotalCount {
        total: FigureId,
        groups: Vec<FigureId>,
    },
    /// The total's mean or share is the weighted mean of the groups'.
    TotalMean {
        total: FigureId,
        groups: Vec<(FigureId, NRef)>,
    },
    /// The total's SD follows from the groups' means and SDs.
    TotalSd {
        total: FigureId,
        groups: Vec<(FigureId, FigureId, NRef)>,
    },
    /// Two prints of one quantity.
    Same { first: FigureId, second: FigureId },
    /// A column does not repeat another: `second` in `group` and `first` in `of`.
    Column {
        pairs: Vec<ColumnPair>,
        group: usize,
        of: usize,
        limit: f64,
    },
    /// A figure follows from others.
    Formula {
        target: FigureId,
        expr: Expr,
        operands: Vec<FigureId>,
    },
    /// The p-value of a row is what a mark, a number or a word says of it.
    Significance {
        test: RowTest,
        claim: PClaim,
        target: FigureId,
    },
    /// The statistic of a row's test.
    Statistic { test: RowTest, statistic: FigureId },
    /// Statistic, df and p belong together.
    StatisticP {
        family: Family,
        statistic: FigureId,
        /// z has none.
        df: Option<Df>,
        p: FigureId,
    },
    /// The statistic is one that its test can give.
    StatisticRange {
        statistic: FigureId,
        low: f64,
        high: f64,
    },
    /// A printed p is on the side of the level that the words claim.
    PLevel {
        p: FigureId,
        level: f64,
        significant: bool,
        claim: usize,
    },
    /// One figure is higher than, lower than or equal to another.
    Order {
        first: FigureId,
        second: FigureId,
        is: Comparison,
        claim: usize,
    },
}

/// Two figures of one row in two columns.
#[derive(Debug, Clone, Copy)]
pub struct ColumnPair {
    pub first: FigureId,
    pub second: FigureId,
    pub first_n: NRef,
    pub second_n: NRef,
    /// The SD that tells how much such figures vary; without it they are shares.
    pub spread: Option<FigureId>,
    /// The second group is part of the first.
    pub nested: bool,
}

/// What is claimed about a p-value.
#[derive(Debug, Clone)]
pub enum PClaim {
    /// A mark, or its absence, under a legend; the index of the table for judging its marks together.
    Mark {
        p: Span,
        marks: String,
        table: usize,
    },
    /// A printed p-value.
    Printed { p: FigureId },
    /// Words: significant, or not, at a level.
    Words { p: Span, claim: usize },
}

/// The distribution that a statistic is referred to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Family {
    T,
    R,
    Z,
    ChiSquare,
    /// F, with the degrees of freedom of its denominator.
    F {
        below: f64,
    },
}

/// Degrees of freedom, printed or following from the table.
#[derive(Debug, Clone, Copy)]
pub enum Df {
    Printed(FigureId),
    Known(f64),
}

/// What is printed of one group for a test.
#[derive(Debug, Clone)]
pub enum Arm {
    Binary {
        count: Option<FigureId>,
        share: Option<FigureId>,
        sd: Option<FigureId>,
        n: NRef,
    },
    Moments {
        mean: FigureId,
        sd: FigureId,
        n: NRef,
    },
    /// Per level its count, or else its share.
    Levels {
        levels: Vec<(Option<FigureId>, Option<FigureId>)>,
        n: Option<NRef>,
    },
}

/// Two groups compared, in each of the ways the print allows.
#[derive(Debug, Clone)]
pub struct RowTest {
    pub data: Vec<(Arm, Arm)>,
    /// The variants that the report's own words leave open.
    pub declared: Vec<Variant>,
}

impl Arm {
    fn figures(&self, into: &mut Vec<FigureId>) {
        match self {
            Arm::Binary {
                count,
                share,
                sd,
                n,
            } => {
                into.extend([*count, *share, *sd].into_iter().flatten());
                into.push(n.figure);
            }
            Arm::Moments { mean, sd, n } => into.extend([*mean, *sd, n.figure]),
            Arm::Levels { levels, n } => {
                into.extend(
                    levels
                        .iter()
                        .flat_map(|(count, share)| [*count, *share])
                        .flatten(),
                );
                into.extend(n.iter().map(|n| n.figure));
            }
        }
    }
}

impl Check {
    /// The figure the check speaks about first: what is recomputed.
    pub fn target(&self) -> FigureId {
        match self {
            Check::CountShare { share, .. } | Check::ShareOfN { share, .. } => *share,
            Check::Binary { sd, .. } | Check::MeanSd { sd, .. } => *sd,
            Check::MeanOfN { mean, .. } | Check::Range { mean, .. } => *mean,
            Check::AtMost { part, .. } => *part,
            Check::PartCounts { whole, .. } => *whole,
            Check::PartShares {
                whole: Some(whole), ..
            } => *whole,
            Check::PartShares { parts, .. } => parts[0],
            Check::Distribution { mean, .. } => *mean,
            Check::TotalCount { total, .. }
            | Check::TotalMean { total, .. }
            | Check::TotalSd { total, .. } => *total,
            Check::Same { second, .. } => *second,
            Check::Column { pairs, .. } => pairs[0].second,
            Check::Formula { target, .. } | Check::Significance { target, .. } => *target,
            Check::Statistic { statistic, .. } | Check::StatisticRange { statistic, .. } => {
                *statistic
            }
            Check::StatisticP { p, .. } | Check::PLevel { p, .. } => *p,
            Check::Order { first, .. } => *first,
        }
    }

    /// Every figure that takes part.
    pub fn figures(&self) -> Vec<FigureId> {
        let mut all = match self {
            Check::CountShare { count, share, n } => vec![*share, *count, n.figure],
            Check::ShareOfN { share, n } => vec![*share, n.figure],
            Check::Binary { share, sd, n } => vec![*sd, *share, n.figure],
            Check::MeanOfN { mean, n } => vec![*mean, n.figure],
            Check::MeanSd { mean, sd, n, .. } => vec![*sd, *mean, n.figure],
            Check::Range { mean, sd, n, .. } => {
                let others = [*sd, n.map(|n| n.figure)];
                [*mean]
                    .into_iter()
                    .chain(others.into_iter().flatten())
                    .collect()
            }
            Check::AtMost { part, whole } => vec![*part, whole.figure],
            Check::PartCounts { parts, whole, .. } => {
                [*whole].into_iter().chain(parts.iter().copied()).collect()
            }
            Check::PartShares {
                parts, n, whole, ..
            } => {
                let others = [*whole, n.map(|n| n.figure)];
                parts
                    .iter()
                    .copied()
                    .chain(others.into_iter().flatten())
                    .collect()
            }
            Check::Distribution {
                mean,
                sd,
                levels,
                n,
            } => {
                let others = sd.iter().chain([&n.figure]).copied();
                [*mean]
                    .into_iter()
                    .chain(levels.iter().map(|l| l.1))
                    .chain(others)
                    .collect()
            }
            Check::TotalCount { total, groups } => {
                [*total].into_iter().chain(groups.iter().copied()).collect()
            }
            Check::TotalMean { total, groups } => {
                let each = groups.iter().flat_map(|(mean, n)| [*mean, n.figure]);
                [*total].into_iter().chain(each).collect()
            }
            Check::TotalSd { total, groups } => {
                let each = groups
                    .iter()
                    .flat_map(|(mean, sd, n)| [*mean, *sd, n.figure]);
                [*total].into_iter().chain(each).collect()
            }
            Check::Same { first, second } => vec![*second, *first],
            Check::Column { pairs, .. } => pairs.iter().flat_map(|p| [p.second, p.first]).collect(),
            Check::Formula {
                target, operands, ..
            } => [*target]
                .into_iter()
                .chain(operands.iter().copied())
                .collect(),
            Check::Significance {
                test,
                claim,
                target,
            } => {
                let mut all = vec![*target];
                if let PClaim::Printed { p } = claim {
                    all.push(*p);
                }
                test.figures(&mut all);
                all
            }
            Check::Statistic { test, statistic } => {
                let mut all = vec![*statistic];
                test.figures(&mut all);
                all
            }
            Check::StatisticP {
                statistic, df, p, ..
            } => match df {
                Some(Df::Printed(df)) => vec![*p, *statistic, *df],
                Some(Df::Known(_)) | None => vec![*p, *statistic],
            },
            Check::StatisticRange { statistic, .. } => vec![*statistic],
            Check::PLevel { p, .. } => vec![*p],
            Check::Order { first, second, .. } => vec![*first, *second],
        };
        let mut seen = Vec::new();
        all.retain(|id| {
            !seen.contains(id) && {
                seen.push(*id);
                true
            }
        });
        all
    }

    /// The n's of the cells involved, which a column's supposed denominator replaces.
    pub fn denominators(&self) -> Vec<NRef> {
        match self {
            Check::CountShare { n, .. }
            | Check::ShareOfN { n, .. }
            | Check::Binary { n, .. }
            | Check::MeanOfN { n, .. }
            | Check::MeanSd { n, .. }
            | Check::Distribution { n, .. } => vec![*n],
            Check::PartShares { n, .. } | Check::Range { n, .. } => n.iter().copied().collect(),
            Check::TotalMean { groups, .. } => groups.iter().map(|g| g.1).collect(),
            Check::TotalSd { groups, .. } => groups.iter().map(|g| g.2).collect(),
            _ => Vec::new(),
        }
    }

    /// The claim in the text that the check is about, if any.
    pub fn claim(&self) -> Option<usize> {
        match self {
            Check::Order { claim, .. } | Check::PLevel { claim, .. } => Some(*claim),
            Check::Significance {
                claim: PClaim::Words { claim, .. },
                ..
            } => Some(*claim),
            _ => None,
        }
    }

    /// Whether holding says something about the figures' digits, rather than only their order or size.
    pub fn vouches(&self) -> bool {
        !matches!(
            self,
            Check::AtMost { .. }
                | Check::Range { .. }
                | Check::Order { .. }
                | Check::Column { .. }
                | Check::StatisticRange { .. }
        )
    }

    /// Whether the check is on one cell and its n alone.
    pub fn within_cell(&self) -> bool {
        matches!(
            self,
            Check::CountShare { .. }
                | Check::ShareOfN { .. }
                | Check::Binary { .. }
                | Check::MeanOfN { .. }
                | Check::MeanSd { .. }
                | Check::Range { .. }
        )
    }

    /// The check's name in the audit file.
    pub fn name(&self) -> &'static str {
        match self {
            Check::CountShare { .. } => "percentage_of_count",
            Check::ShareOfN { .. } => "percentage_of_n",
            Check::Binary { .. } => "debit",
            Check::MeanOfN { .. } => "grim",
            Check::MeanSd { .. } => "grimmer",
            Check::Range { .. } => "range",
            Check::AtMost { .. } => "at_most",
            Check::PartCounts { .. } => "part_counts",
            Check::PartShares { .. } => "part_percentages",
            Check::Distribution { .. } => "distribution",
            Check::TotalCount { .. } => "total_count",
            Check::TotalMean { .. } => "weighted_mean",
            Check::TotalSd { .. } => "combined_sd",
            Check::Same { .. } => "repeated_figure",
            Check::Column { .. } => "copied_column",
            Check::Formula { .. } => "derived_figure",
            Check::Significance {
                claim: PClaim::Mark { .. },
                ..
            } => "significance_mark",
            Check::Significance {
                claim: PClaim::Printed { .. },
                ..
            } => "p_value",
            Check::Significance {
                claim: PClaim::Words { .. },
                ..
            } => "claimed_significance",
            Check::Statistic { .. } => "statistic",
            Check::StatisticP { .. } => "statistic_and_p",
            Check::StatisticRange { .. } => "statistic_range",
            Check::PLevel { .. } => "p_and_level",
            Check::Order { .. } => "direction",
        }
    }
}

impl RowTest {
    fn figures(&self, into: &mut Vec<FigureId>) {
        for (a, b) in &self.data {
            a.figures(into);
            b.figures(into);
        }
    }
}
