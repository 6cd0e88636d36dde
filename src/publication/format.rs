//! The publication file: what a report prints, exactly as printed.
//!
//! A publication file is TOML. Figures are strings, copied from print with their digits,
//! decimal sign, percent sign, marks and misprints: `"0.12 (0.33)"`, `"41,3%"`, `"9**"`.
//! Nothing is corrected. `fip reproduce --new` prints a template to start from.
//!
//! # The head
//!
//! ```toml
//! [publication]
//! id = "my-paper"            # name for the command line
//! title = "…"
//! source = "…"               # full reference
//! language = "nl"            # of the labels below
//! decimal = ","              # the decimal sign in print: "," or "."
//! thousands = "."            # optional
//! rounding = "half_up"       # optional, if the report says so: half_up, half_even, truncation
//! ```
//!
//! # Groups
//!
//! ```toml
//! [[group]]
//! id = "control"
//! label = { nl = "Controlegroep", en = "Control group" }
//! n = "1.080"                # as printed
//! role = "control"           # intervention, control, total, other
//!
//! [[group]]
//! id = "total"
//! n = "1.200"
//! role = "total"
//! of = ["intervention", "control"]   # the groups that make up this one, without overlap
//! ```
//!
//! # Tables, figures and prose
//!
//! Figures printed in a graph or in a sentence are rows too, in a table of `kind =
//! "figure"` or `"prose"`: they then go through the same checks.
//!
//! ```toml
//! [[table]]
//! id = "3"                   # without '/'
//! caption = "…"
//! kind = "table"             # table (default), figure, prose
//! groups = ["intervention", "control"]        # columns, in printed order
//! form = "mean_sd"           # what "a (b)" means: mean_sd (default) or count_percent
//! marks = { "*" = "0.05", "**" = "0.01" }     # the legend
//! tests = ["t"]              # what the report says it used; or per row
//! blank = "0"                # optional: what an empty cell stands for
//! unit = "%"                 # optional: the default unit of its rows
//! row = [
//!   { id = "age", label = "Age", measure = "numeric", integer = true, range = "18 – 66",
//!     n = { control = "1.066" }, cells = { intervention = "44,1 (10,6)", control = "45,3 (11,0)" } },
//! ]
//! ```
//!
//! `[[table.row]]` with one key per line means the same. Of a row:
//!
//! * `id`, unique in its table, and `label`, as printed (without it, the id);
//! * `measure`: `numeric`; `binary` (printed as a share or as M (SD) of 0 and 1);
//!   `ordinal` (M (SD) of a score whose distribution is in the rows that are `part_of` it,
//!   each with its `score`); `categorical` (a heading whose parts follow); `count` (number
//!   of cases that isn't a share of the group); `share` (default: part of a group, or of
//!   the row it is `part_of`, printed as %, count, or count (%)); `derived` (see `formula`);
//! * `integer = true`: single values are whole numbers, which allows stricter checks
//!   (always so for binary, ordinal, count and share);
//! * `range`, as printed: lowest and highest value;
//! * `unit`: free text; `"%"` means that the figures are percentages, also where the sign
//!   is missing in print;
//! * `n`: valid n, one figure for every group (`n = "512"`) or `{ group = "…" }`. Also for
//!   groups without a column. Without it: the n of the row it is `part_of`, then the
//!   group's;
//! * `part_of`: id of the row in the same table that this row is a part of; `score` if
//!   that row is ordinal. On the whole: `parts = "all"` (default; the parts add up to it),
//!   `"some"` (disjoint, but not all are printed) or `"overlapping"`;
//! * `cells`: per group what is printed; `""` for a cell that is printed empty, nothing
//!   for a group that has no cell;
//! * `same_as`: rows (`"2/age"`, or several) that hold the same variable: another table,
//!   a figure, a sentence. Equal groups must then agree, and totals with their groups;
//! * `formula`: how the figure follows from others (see below);
//! * `tests`, and `statistic`, `df`, `p` where the row prints them.
//!
//! A cell that needs more than its figure is a table: `{ printed = "…", same_as =
//! "4/still/control" }`, where `same_as` names single cells. `read_as = "…"` with
//! `because = "…"` says how `fip synth` should read a figure that contradicts others (`""`:
//! not at all); the audit never takes it for the truth. The same goes for figures in `n`.
//!
//! # Claims
//!
//! ```toml
//! [[claim]]
//! id = "difference"
//! text = "de ratio is 5,0% hoger"    # the words, as printed
//! where = "5.2"              # section or page
//! printed = "5,0%"           # a figure, and
//! formula = "[4/ratio/intervention] - [4/ratio/control]"   # what it is made of; without it, it is given
//! rows = ["4/ratio"]         # what the words are about
//! is = "higher"              # higher, lower, equal, not_higher, not_lower: `group` is
//!                            # that, compared with `than`
//! group = "intervention"
//! than = "control"
//! significant = true         # or false: "niet significant"
//! level = "0.05"             # optional: at this level, not below it
//! test = "chi_square"        # t, welch_t, student_t, chi_square, pearson_chi_square,
//!                            # yates_chi_square, likelihood_ratio, fisher_exact, mann_whitney, f,
//!                            # r, z
//! statistic = "1,66"         # of that test, over `rows` where the print has their figures
//! df = "1"                   # of F "2; 117", of z none
//! p = "< 0,30"
//! decimal = "."              # where it differs from the rest
//! ```
//!
//! Every key but `id` and `text` is optional; a claim says as much as the sentence does.
//! `about = true` marks a figure that the text itself calls approximate.
//!
//! # Formulas
//!
//! `+ - * / ( )`, numbers with a decimal point, and references in square brackets:
//! `[table/row/group]`; `[table/row]` for the same group as the cell; `[n]`,
//! `[n/group]`; `[claim/id]`. Figures count as printed: 41,3% is 41.3.
//!
//! # Microdata
//!
//! `[synth]` describes the files that `fip synth` makes; see [`super::synth`].

use std::collections::BTreeMap;

use serde::Deserialize;

use super::formula::Expr;
use super::printed::{Bound, Decimal, Notation, Number, Printed};
use super::synth::Spec;
use crate::words::Labels;

/// A publication file, read and checked: every reference points at something.
///
/// Groups, tables, rows and claims are referred to by their index; every item keeps the
/// line of the file it stands on.
#[derive(Debug, Clone)]
pub struct Publication {
    pub id: String,
    pub title: String,
    pub source: Option<String>,
    pub language: String,
    pub notation: Notation,
    pub rounding: Option<Rounding>,
    pub groups: Vec<Group>,
    pub tables: Vec<Table>,
    pub claims: Vec<Claim>,
    pub synth: Option<Spec>,
}

/// How the report says that it rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    HalfUp,
    HalfEven,
    Truncation,
}

#[derive(Debug, Clone)]
pub struct Group {
    pub id: String,
    pub label: Labels,
    pub n: Option<Count>,
    pub role: Role,
    /// The disjoint groups that make up a total; empty otherwise.
    pub of: Vec<usize>,
    pub line: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Intervention,
    Control,
    Total,
    Other,
}

/// A printed whole number, such as a valid n.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    pub text: String,
    pub value: u64,
    pub read_as: Option<u64>,
    pub because: Option<String>,
    pub line: u64,
}

#[derive(Debug, Clone)]
pub struct Table {
    pub id: String,
    pub caption: String,
    pub kind: Kind,
    /// Columns in printed order.
    pub groups: Vec<usize>,
    /// The legend of significance marks, most lenient level first.
    pub marks: Vec<Mark>,
    pub blank: Option<Decimal>,
    pub rows: Vec<Row>,
    pub line: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Table,
    Figure,
    Prose,
}

/// One line of a legend: `*` means p < 0.05.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub sign: String,
    pub level: Decimal,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub id: String,
    pub label: String,
    pub measure: Measure,
    pub form: Form,
    pub integer: bool,
    /// Lowest and highest value; from the scores of the parts where nothing is printed.
    pub range: Option<(Decimal, Decimal)>,
    pub range_text: Option<String>,
    pub unit: Option<String>,
    /// Valid n as printed in this row, by group (also groups without a column).
    pub n: BTreeMap<usize, Count>,
    /// By group.
    pub cells: BTreeMap<usize, Cell>,
    pub part_of: Option<usize>,
    /// Rows of this table that are parts of this one.
    pub parts: Vec<usize>,
    pub parts_are: Parts,
    pub score: Option<i64>,
    /// As written; [`Publication::same_variable`] gives all rows linked this way or back.
    pub same_as: Vec<RowRef>,
    pub formula: Option<Expr>,
    /// The tests the report says it used for this row, and what it prints of them.
    pub tests: Vec<StatedTest>,
    pub statistic: Option<Number>,
    pub df: Vec<Number>,
    pub p: Option<(Bound, Number)>,
    pub line: u64,
}

impl Row {
    /// The figures are percentages even where the sign is missing.
    pub fn percent(&self) -> bool {
        self.unit.as_deref() == Some("%")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    Numeric,
    Binary,
    Ordinal,
    Categorical,
    Count,
    Share,
    Derived,
}

/// What the two numbers of `a (b)` are. A cell with one number is, in a `CountPercent`
/// row, a percentage if it has the sign and a count if not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    MeanSd,
    CountPercent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parts {
    All,
    Some,
    Overlapping,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatedTest {
    T,
    WelchT,
    StudentT,
    ChiSquare,
    PearsonChiSquare,
    YatesChiSquare,
    LikelihoodRatio,
    FisherExact,
    MannWhitney,
    F,
    R,
    Z,
}

/// One printed cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub printed: Printed,
    pub same_as: Vec<CellRef>,
    /// How the synthesis reads it; never the audit.
    pub read_as: Option<Printed>,
    pub because: Option<String>,
    pub line: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowRef {
    pub table: usize,
    pub row: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellRef {
    pub table: usize,
    pub row: usize,
    pub group: usize,
}

/// A sentence that says something about figures; each part of it that can be checked is
/// in its own field.
#[derive(Debug, Clone)]
pub struct Claim {
    pub id: String,
    pub text: String,
    pub location: Option<String>,
    pub printed: Option<Number>,
    pub about: bool,
    pub unit: Option<String>,
    pub formula: Option<Expr>,
    pub rows: Vec<RowRef>,
    pub direction: Option<Direction>,
    pub significant: Option<bool>,
    pub level: Option<Decimal>,
    pub test: Option<StatedTest>,
    pub statistic: Option<Number>,
    pub df: Vec<Number>,
    pub p: Option<(Bound, Number)>,
    pub line: u64,
}

/// `group` is higher (lower, equal …) than `than`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Direction {
    pub group: usize,
    pub is: Comparison,
    pub than: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    Higher,
    Lower,
    Equal,
    NotHigher,
    NotLower,
}

impl Publication {
    pub fn row(&self, at: RowRef) -> &Row {
        &self.tables[at.table].rows[at.row]
    }

    /// The cell at `at`, if that group has one in that row.
    pub fn cell(&self, at: CellRef) -> Option<&Cell> {
        let CellRef { table, row, group } = at;
        self.row(RowRef { table, row }).cells.get(&group)
    }

    /// Every row, in order.
    pub fn rows(&self) -> impl Iterator<Item = (RowRef, &Row)> {
        self.tables.iter().enumerate().flat_map(|(table, t)| {
            let at = move |row| RowRef { table, row };
            t.rows.iter().enumerate().map(move |(i, r)| (at(i), r))
        })
    }

    /// The valid n that holds for a cell: printed in its row, else in the row it is part
    /// of, else where the same variable stands elsewhere, else its group's size.
    pub fn valid_n(&self, at: CellRef) -> Option<&Count> {
        let CellRef { table, row, group } = at;
        let here = RowRef { table, row };
        let elsewhere = || {
            let linked = self.same_variable(here);
            linked.into_iter().find_map(|at| self.printed_n(at, group))
        };
        self.printed_n(here, group)
            .or_else(elsewhere)
            .or(self.groups[group].n.as_ref())
    }

    /// The valid n printed in a row, or in the row it is part of.
    fn printed_n(&self, at: RowRef, group: usize) -> Option<&Count> {
        let rows = &self.tables[at.table].rows;
        let mut next = Some(at.row);
        while let Some(row) = next {
            if let Some(n) = rows[row].n.get(&group) {
                return Some(n);
            }
            next = rows[row].part_of;
        }
        None
    }

    /// All rows that hold the same variable as `at`, itself included, in order.
    pub fn same_variable(&self, at: RowRef) -> Vec<RowRef> {
        let mut found = vec![at];
        let mut next = 0;
        while let Some(&here) = found.get(next) {
            next += 1;
            let forth = self.row(here).same_as.clone();
            let back = self.rows().filter(|(_, row)| row.same_as.contains(&here));
            for linked in forth.into_iter().chain(back.map(|(linked, _)| linked)) {
                if !found.contains(&linked) {
                    found.push(linked);
                }
            }
        }
        found.sort_unstable();
        found
    }
}
