//! Every printed number of a publication, each with its place and what it stands for.

use std::collections::HashMap;

use super::rounding::{Interval, Printed};
use super::span::Span;
use crate::publication::{
    Bound, Cell, CellRef, Decimal, Form, Kind, Measure, Number, Publication, Row, RowRef,
};

/// Index of a figure in [`Figures`].
pub type FigureId = usize;

/// What a printed number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantity {
    Count,
    /// A number of observations: of a group, or valid in a row.
    N,
    /// A share of n, as a fraction or as a percentage.
    Share,
    Mean,
    Sd,
    /// A figure derived from others.
    Value,
    Statistic,
    Df,
    P,
}

/// Where a printed number stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum At {
    First(CellRef),
    Second(CellRef),
    ValidN(CellRef),
    GroupN(usize),
    RowStatistic(RowRef),
    RowDf(RowRef),
    RowP(RowRef),
    ClaimValue(usize),
    ClaimStatistic(usize),
    ClaimDf(usize),
    ClaimP(usize),
}

impl At {
    /// The cell this number belongs to, if it stands in one or is its valid n.
    pub fn cell(self) -> Option<CellRef> {
        match self {
            At::First(cell) | At::Second(cell) | At::ValidN(cell) => Some(cell),
            _ => None,
        }
    }
}

/// One printed number.
#[derive(Debug, Clone)]
pub struct Figure {
    pub at: At,
    pub printed: Printed,
    pub quantity: Quantity,
    /// Printed as a percentage.
    pub percent: bool,
    /// `<` or `>` in front of it.
    pub bound: Bound,
    /// The text itself calls it approximate.
    pub about: bool,
    pub text: String,
}

/// All figures of a publication.
pub struct Figures {
    pub list: Vec<Figure>,
    by_place: HashMap<At, FigureId>,
}

impl Figures {
    /// Collects every figure in printed order. Numbers of more than 17 digits are left out.
    pub fn collect(publication: &Publication) -> Self {
        let mut figures = Figures {
            list: Vec::new(),
            by_place: HashMap::new(),
        };
        for (index, group) in publication.groups.iter().enumerate() {
            if let Some(n) = &group.n {
                figures.count(At::GroupN(index), n.value, &n.text);
            }
        }
        for (row_ref, row) in publication.rows() {
            let blank = publication.tables[row_ref.table].blank;
            let at = |group: usize| CellRef {
                table: row_ref.table,
                row: row_ref.row,
                group,
            };
            for (&group, n) in &row.n {
                figures.count(At::ValidN(at(group)), n.value, &n.text);
            }
            for (&group, cell) in &row.cells {
                figures.cell(at(group), row, cell, blank);
            }
            figures.number(
                At::RowStatistic(row_ref),
                Quantity::Statistic,
                row.statistic.as_ref(),
            );
            if let [df] = &row.df[..] {
                figures.number(At::RowDf(row_ref), Quantity::Df, Some(df));
            }
            figures.p(At::RowP(row_ref), row.p.as_ref());
        }
        for (index, claim) in publication.claims.iter().enumerate() {
            if let Some(id) = figures.number(
                At::ClaimValue(index),
                Quantity::Value,
                claim.printed.as_ref(),
            ) {
                figures.list[id].about = claim.about;
            }
            figures.number(
                At::ClaimStatistic(index),
                Quantity::Statistic,
                claim.statistic.as_ref(),
            );
            if let [df] = &claim.df[..] {
                figures.number(At::ClaimDf(index), Quantity::Df, Some(df));
            }
            figures.p(At::ClaimP(index), claim.p.as_ref());
        }
        figures
    }

    pub fn id(&self, at: At) -> Option<FigureId> {
        self.by_place.get(&at).copied()
    }

    /// The figure of this quantity in a cell.
    pub fn in_cell(&self, cell: CellRef, quantity: Quantity) -> Option<FigureId> {
        [At::First(cell), At::Second(cell)]
            .into_iter()
            .filter_map(|at| self.id(at))
            .find(|&id| self.list[id].quantity == quantity)
    }

    fn cell(&mut self, at: CellRef, row: &Row, cell: &Cell, blank: Option<Decimal>) {
        let printed = &cell.printed;
        let Some(first) = &printed.first else {
            if let (Some(value), None) = (blank, &printed.second) {
                let quantity = quantities(row, None).0;
                self.push(At::First(at), value, quantity, false, "");
            }
            return;
        };
        let (one, two) = quantities(row, Some((first, printed.second.as_ref())));
        // Behind a count stands its percentage, also where the sign is missing.
        let is_percent = |q: Quantity, n: &Number| {
            let shown = n.percent_sign || row.percent();
            let counted = printed.second.is_some() && one == Quantity::Count;
            match q {
                Quantity::Share => shown || counted,
                Quantity::Value => shown,
                _ => false,
            }
        };
        self.push(
            At::First(at),
            first.value,
            one,
            is_percent(one, first),
            &first.text,
        );
        if let Some(second) = &printed.second {
            self.push(
                At::Second(at),
                second.value,
                two,
                is_percent(two, second),
                &second.text,
            );
        }
    }

    fn count(&mut self, at: At, value: u64, text: &str) {
        let value = Decimal {
            mantissa: i128::from(value),
            decimals: 0,
        };
        self.push(at, value, Quantity::N, false, text);
    }

    fn number(&mut self, at: At, quantity: Quantity, number: Option<&Number>) -> Option<FigureId> {
        let number = number?;
        self.push(
            at,
            number.value,
            quantity,
            number.percent_sign,
            &number.text,
        )
    }

    fn p(&mut self, at: At, p: Option<&(Bound, Number)>) {
        if let Some((bound, number)) = p
            && let Some(id) = self.push(at, number.value, Quantity::P, false, &number.text)
        {
            self.list[id].bound = *bound;
        }
    }

    fn push(
        &mut self,
        at: At,
        value: Decimal,
        quantity: Quantity,
        percent: bool,
        text: &str,
    ) -> Option<FigureId> {
        let printed = Printed::new(value.mantissa, value.decimals)?;
        let id = self.list.len();
        self.list.push(Figure {
            at,
            printed,
            quantity,
            percent,
            bound: Bound::Equal,
            about: false,
            text: text.to_owned(),
        });
        self.by_place.insert(at, id);
        Some(id)
    }
}

/// What the one or two numbers of a cell are, by the row's measure and form.
fn quantities(row: &Row, numbers: Option<(&Number, Option<&Number>)>) -> (Quantity, Quantity) {
    use Quantity::{Count, Mean, Sd, Share, Value};
    let second_is_percent = numbers.is_some_and(|(_, b)| b.is_some_and(|b| b.percent_sign));
    let counted = row.form == Form::CountPercent || second_is_percent;
    match row.measure {
        Measure::Numeric | Measure::Ordinal => (Mean, Sd),
        Measure::Derived => (Value, Sd),
        Measure::Count => (Count, Share),
        Measure::Binary | Measure::Share | Measure::Categorical => match numbers {
            Some((first, None)) if first.percent_sign || row.percent() => (Share, Sd),
            Some((first, None)) => {
                let whole = first.value.decimals == 0;
                let above_one = whole && first.value.mantissa > 1;
                let count = counted || above_one || (whole && row.measure != Measure::Binary);
                (if count { Count } else { Share }, Sd)
            }
            Some((_, Some(_))) if counted => (Count, Share),
            Some(_) => (Share, Sd),
            None => (Count, Share),
        },
    }
}

/// Another n for a run of cells: what a column would have been computed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denominator {
    pub table: usize,
    pub rows: Vec<usize>,
    pub group: usize,
    pub n: u64,
}

/// An n with the cell it is used for, so that a column's n can be supposed to be another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NRef {
    pub figure: FigureId,
    pub cell: CellRef,
}

/// The printed numbers, some of them supposed to be others.
#[derive(Clone)]
pub struct Values<'a> {
    pub figures: &'a [Figure],
    pub edits: Vec<(FigureId, Printed)>,
    pub denominators: Vec<Denominator>,
    /// Tests are only worked out for the variants that the report names: enough to see whether a
    /// supposed value settles a check.
    pub declared_only: bool,
}

impl<'a> Values<'a> {
    pub fn printed_as_is(figures: &'a [Figure]) -> Self {
        Values {
            figures,
            edits: Vec::new(),
            denominators: Vec::new(),
            declared_only: false,
        }
    }

    pub fn get(&self, id: FigureId) -> Printed {
        let edited = self.edits.iter().rev().find(|(edited, _)| *edited == id);
        edited.map_or(self.figures[id].printed, |(_, printed)| *printed)
    }

    /// A number of cases; `None` when it is not a whole number of at least 0.
    pub fn count(&self, id: FigureId) -> Option<u64> {
        let whole = self.get(id).with_decimals(0)?;
        u64::try_from(whole.mantissa).ok()
    }

    pub fn n(&self, n: NRef) -> Option<u64> {
        let supposed = self.denominators.iter().find(|d| {
            d.table == n.cell.table && d.group == n.cell.group && d.rows.contains(&n.cell.row)
        });
        match supposed {
            Some(d) => Some(d.n),
            None => self.count(n.figure),
        }
    }

    /// The values that print as the figure; a percentage becomes a fraction.
    pub fn interval(&self, id: FigureId) -> Option<Interval> {
        let printed = self.get(id);
        if self.figures[id].percent && self.figures[id].quantity == Quantity::Share {
            let printed = printed.hundredth()?;
            // Half a unit of the last printed digit, a hundredth of it as a fraction.
            return Some(printed.admissible());
        }
        Some(printed.admissible())
    }

    pub fn span(&self, id: FigureId) -> Option<Span> {
        self.interval(id).map(|interval| interval.span())
    }
}

/// The kind of table a figure stands in, for the order of findings.
pub fn kind(publication: &Publication, at: At) -> Kind {
    at.cell()
        .map_or(Kind::Prose, |cell| publication.tables[cell.table].kind)
}
