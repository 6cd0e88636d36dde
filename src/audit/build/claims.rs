//! What the prose claims about figures.

use super::Builder;
use super::tests::variants;
use crate::audit::check::{Arm, Check, PClaim, RowTest};
use crate::audit::evaluate::ALL;
use crate::audit::figure::{At, FigureId};
use crate::publication::{Bound, CellRef, Claim, RowRef, StatedTest};

/// The level that 'significant' means when no other is said.
const USUAL_LEVEL: f64 = 0.05;

impl Builder<'_> {
    /// All checks of one claim.
    pub(super) fn claim(&mut self, index: usize) {
        let claim = &self.publication.claims[index];
        if let (Some(target), Some(expr)) = (self.figures.id(At::ClaimValue(index)), &claim.formula)
        {
            self.formula(target, expr.clone());
        }
        if let Some(direction) = claim.direction {
            for &row in &claim.rows {
                let first = self.compared_figure(Self::cell_of(row, direction.group));
                let second = self.compared_figure(Self::cell_of(row, direction.than));
                if let (Some(first), Some(second)) = (first, second)
                    && self.comparable(first, second)
                {
                    self.push(Check::Order {
                        first,
                        second,
                        is: direction.is,
                        claim: index,
                    });
                }
            }
        }
        self.claimed_test(index, claim);
    }

    /// What 'more' and 'higher' compare: the share where there is one, else the mean, value or count.
    fn compared_figure(&self, cell: CellRef) -> Option<FigureId> {
        self.share(cell)
            .or_else(|| self.figures.id(At::First(cell)))
    }

    fn claimed_test(&mut self, index: usize, claim: &Claim) {
        let (statistic, p) = (
            self.figures.id(At::ClaimStatistic(index)),
            self.figures.id(At::ClaimP(index)),
        );
        let level = claim.level.map_or(USUAL_LEVEL, |level| level.to_f64());
        // The claim's own p, or the one that another claim prints for the same rows.
        let elsewhere = || {
            let claims = self.publication.claims.iter().enumerate();
            let same =
                claims.filter(|(_, other)| !claim.rows.is_empty() && other.rows == claim.rows);
            same.filter_map(|(other, _)| self.figures.id(At::ClaimP(other)))
                .find(|&p| self.figures.list[p].bound == Bound::Equal)
        };
        if let (Some(p), Some(significant)) = (p.or_else(elsewhere), claim.significant) {
            self.push(Check::PLevel {
                p,
                level,
                significant,
                claim: index,
            });
        }
        let stated: Vec<StatedTest> = claim.test.into_iter().collect();
        let Some((row_tests, test)) = self.test_of_claim(claim, &stated) else {
            if let Some(statistic) = statistic {
                let empty = RowTest {
                    data: Vec::new(),
                    declared: Vec::new(),
                };
                let df = (self.figures.id(At::ClaimDf(index)), &claim.df[..]);
                self.statistic_and_p(&stated, &empty, statistic, df, p);
            }
            return;
        };
        if let Some(statistic) = statistic {
            let df = (self.figures.id(At::ClaimDf(index)), &claim.df[..]);
            self.statistic_and_p(&stated, &test, statistic, df, p);
            self.push(Check::Statistic {
                test: test.clone(),
                statistic,
            });
        }
        if let Some(p) = p {
            self.push(Check::Significance {
                test: test.clone(),
                claim: PClaim::Printed { p },
                target: p,
            });
        }
        if let Some(significant) = claim.significant {
            let words = Self::significant(level, significant);
            for (row, test) in row_tests {
                let target = self
                    .compared(row.table)
                    .and_then(|(a, _)| self.figures.id(At::First(Self::cell_of(row, a))));
                if let Some(target) = target {
                    let claim = PClaim::Words {
                        p: words,
                        claim: index,
                    };
                    self.push(Check::Significance {
                        test,
                        claim,
                        target,
                    });
                }
            }
        }
    }

    /// The test over a claim's rows: of one row, or of several as the levels of one table of counts.
    fn test_of_claim(
        &self,
        claim: &Claim,
        stated: &[StatedTest],
    ) -> Option<(Vec<(RowRef, RowTest)>, RowTest)> {
        let &first = claim.rows.first()?;
        let (a, b) = self.compared(first.table)?;
        let one_table = claim.rows.iter().all(|row| row.table == first.table);
        let counts = |group: usize| -> Option<Arm> {
            let level = |row: &RowRef| Some((Some(self.count(Self::cell_of(*row, group))?), None));
            let levels: Vec<_> = claim.rows.iter().map(level).collect::<Option<_>>()?;
            (levels.len() > 1).then_some(Arm::Levels { levels, n: None })
        };
        if one_table && let Some(data) = counts(a).zip(counts(b)) {
            let declared = match stated {
                [] => ALL.to_vec(),
                _ => stated.iter().flat_map(|&t| variants(t)).copied().collect(),
            };
            let test = RowTest {
                data: vec![data],
                declared,
            };
            return Some((vec![(first, test.clone())], test));
        }
        let mut tests = Vec::new();
        for &row in &claim.rows {
            let own = &self.publication.row(row).tests;
            let stated = if stated.is_empty() { &own[..] } else { stated };
            if let Some((a, b)) = self.compared(row.table)
                && let Some(test) = self.test_of(row, a, b, stated)
            {
                tests.push((row, test));
            }
        }
        let first = tests.first()?.1.clone();
        Some((tests, first))
    }
}
