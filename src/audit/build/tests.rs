//! Which test belongs to a row, and what is claimed of its outcome.

use super::Builder;
use crate::audit::check::{Arm, Check, Df, Family, PClaim, RowTest};
use crate::audit::evaluate::ALL;
use crate::audit::figure::At;
use crate::audit::marks;
use crate::audit::span::Span;
use crate::audit::summary_test::Variant;
use crate::publication::{CellRef, Measure, Number, RowRef, StatedTest};

/// The variants that a stated test leaves open.
pub(super) fn variants(stated: StatedTest) -> &'static [Variant] {
    use Variant::{Fisher, LikelihoodRatio, Pearson, Student, Welch, Yates};
    match stated {
        StatedTest::T => &[Welch, Student],
        StatedTest::WelchT => &[Welch],
        StatedTest::StudentT => &[Student],
        StatedTest::ChiSquare => &[Pearson, Yates, LikelihoodRatio, Fisher],
        StatedTest::PearsonChiSquare => &[Pearson],
        StatedTest::YatesChiSquare => &[Yates],
        StatedTest::LikelihoodRatio => &[LikelihoodRatio],
        StatedTest::FisherExact => &[Fisher],
        StatedTest::MannWhitney | StatedTest::F | StatedTest::R | StatedTest::Z => &[],
    }
}

/// The distribution that all stated tests refer their statistic to.
fn family(stated: &[StatedTest], df: &[Number]) -> Option<Family> {
    let of = |&test: &StatedTest| match (test, df) {
        (StatedTest::T | StatedTest::WelchT | StatedTest::StudentT, _) => Some(Family::T),
        (StatedTest::R, _) => Some(Family::R),
        (StatedTest::Z, _) => Some(Family::Z),
        (StatedTest::F, [_, below]) => Some(Family::F {
            below: below.value.to_f64(),
        }),
        (
            StatedTest::ChiSquare
            | StatedTest::PearsonChiSquare
            | StatedTest::YatesChiSquare
            | StatedTest::LikelihoodRatio,
            _,
        ) => Some(Family::ChiSquare),
        _ => None,
    };
    let first = of(stated.first()?)?;
    stated
        .iter()
        .all(|test| of(test) == Some(first))
        .then_some(first)
}

impl Builder<'_> {
    /// Marks, p and statistic of a row.
    pub(super) fn row_test(&mut self, at: RowRef) {
        let row = self.publication.row(at);
        let table = &self.publication.tables[at.table];
        let Some((a, b)) = self.compared(at.table) else {
            return;
        };
        let (statistic, p) = (
            self.figures.id(At::RowStatistic(at)),
            self.figures.id(At::RowP(at)),
        );
        let cells = [a, b].map(|group| row.cells.get(&group));
        let mut marks: Vec<&str> = cells
            .iter()
            .flatten()
            .map(|cell| cell.printed.marks.as_str())
            .collect();
        // The same mark behind both figures is one mark.
        marks.dedup();
        let marks = marks.concat();
        // A row that no test is named for and that bears no mark claims nothing.
        // The levels of a variable are tested together.
        let is_level = row.part_of.is_some_and(|whole| {
            matches!(
                table.rows[whole].measure,
                Measure::Categorical | Measure::Ordinal
            ) && row.measure == Measure::Share
        });
        let claims = !marks.is_empty() || (!row.tests.is_empty() && !is_level);
        if !claims && statistic.is_none() && p.is_none() {
            return;
        }
        let Some(test) = self.test_of(at, a, b, &row.tests) else {
            return;
        };
        let marked = cells
            .iter()
            .position(|c| c.is_some_and(|c| !c.printed.marks.is_empty()));
        let group = if marked == Some(1) { b } else { a };
        // A heading without figures speaks for its first part.
        let first_part = row.parts.first().map_or(at.row, |&part| part);
        let target = [at.row, first_part].into_iter().find_map(|row| {
            self.figures
                .id(At::First(Self::cell_of(RowRef { row, ..at }, group)))
        });
        if let (Some(claimed), Some(target), true) =
            (marks::claimed(&marks, &table.marks), target, claims)
        {
            let claim = PClaim::Mark {
                p: claimed,
                marks,
                table: at.table,
            };
            self.push(Check::Significance {
                test: test.clone(),
                claim,
                target,
            });
        }
        if let Some(p) = p {
            self.push(Check::Significance {
                test: test.clone(),
                claim: PClaim::Printed { p },
                target: p,
            });
        }
        if let Some(statistic) = statistic {
            self.statistic_and_p(
                &row.tests,
                &test,
                statistic,
                (self.figures.id(At::RowDf(at)), &row.df),
                p,
            );
            self.push(Check::Statistic { test, statistic });
        }
    }

    /// Statistic against p, where the test and its degrees of freedom are known.
    pub(super) fn statistic_and_p(
        &mut self,
        stated: &[StatedTest],
        test: &RowTest,
        statistic: usize,
        df: (Option<usize>, &[Number]),
        p: Option<usize>,
    ) {
        let Some(family) = family(stated, df.1) else {
            return;
        };
        let possible = match family {
            Family::ChiSquare | Family::F { .. } => Some((0.0, f64::INFINITY)),
            Family::R => Some((-1.0, 1.0)),
            Family::T | Family::Z => None,
        };
        if let Some((low, high)) = possible {
            self.push(Check::StatisticRange {
                statistic,
                low,
                high,
            });
        }
        let known = match (family, df.1) {
            (Family::F { .. }, [above, _]) => Some(above.value.to_f64()),
            (Family::ChiSquare, _) => test.data.iter().find_map(|(a, _)| match a {
                Arm::Levels { levels, .. } => Some(levels.len() as f64 - 1.0),
                Arm::Binary { .. } => Some(1.0),
                Arm::Moments { .. } => None,
            }),
            _ => None,
        };
        let df = df.0.map(Df::Printed).or(known.map(Df::Known));
        if let Some(p) = p
            && (df.is_some() || family == Family::Z)
        {
            self.push(Check::StatisticP {
                family,
                statistic,
                df,
                p,
            });
        }
    }

    /// The data of a row's test: from the row itself, or from another that holds the same variable.
    pub(super) fn test_of(
        &self,
        at: RowRef,
        a: usize,
        b: usize,
        stated: &[StatedTest],
    ) -> Option<RowTest> {
        let mut rows = self.publication.same_variable(at);
        rows.retain(|&row| row != at);
        let data: Vec<(Arm, Arm)> = [at]
            .into_iter()
            .chain(rows)
            .map(|row| self.data(row, a, b))
            .find(|data| !data.is_empty())?;
        let declared = match stated {
            [] => ALL.to_vec(),
            _ => stated.iter().flat_map(|&t| variants(t)).copied().collect(),
        };
        Some(RowTest { data, declared })
    }

    fn data(&self, at: RowRef, a: usize, b: usize) -> Vec<(Arm, Arm)> {
        let row = self.publication.row(at);
        let (a, b) = (Self::cell_of(at, a), Self::cell_of(at, b));
        let mut data = Vec::new();
        let mut add = |pair: Option<(Arm, Arm)>| data.extend(pair);
        match row.measure {
            Measure::Binary | Measure::Share => add(self.binary(a).zip(self.binary(b))),
            Measure::Numeric => add(self.moments(a).zip(self.moments(b))),
            Measure::Ordinal | Measure::Categorical => {
                add(self.moments(a).zip(self.moments(b)));
                add(self.levels(at, a).zip(self.levels(at, b)));
            }
            Measure::Count | Measure::Derived => {}
        }
        data
    }

    fn binary(&self, cell: CellRef) -> Option<Arm> {
        let (count, share) = (self.count(cell), self.share(cell));
        (count.is_some() || share.is_some()).then_some(())?;
        Some(Arm::Binary {
            count,
            share,
            sd: self.sd(cell),
            n: self.n(cell)?,
        })
    }

    fn moments(&self, cell: CellRef) -> Option<Arm> {
        Some(Arm::Moments {
            mean: self.mean(cell)?,
            sd: self.sd(cell)?,
            n: self.n(cell)?,
        })
    }

    fn levels(&self, at: RowRef, whole: CellRef) -> Option<Arm> {
        let parts = &self.publication.row(at).parts;
        let level = |&part: &usize| {
            let cell = CellRef { row: part, ..whole };
            let (count, share) = (self.count(cell), self.share(cell));
            (count.is_some() || share.is_some()).then_some((count, share))
        };
        let levels: Vec<_> = parts.iter().map(level).collect::<Option<_>>()?;
        (levels.len() > 1).then(|| Arm::Levels {
            levels,
            n: self.n(whole),
        })
    }

    /// The p-values that 'significant' or 'not significant' at a level stands for.
    pub(super) fn significant(level: f64, significant: bool) -> Span {
        if significant {
            Span::new(0.0, level)
        } else {
            Span::new(level, 1.0)
        }
    }
}
