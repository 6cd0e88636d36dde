//! A report as data: headings, paragraphs, notes, figures and tables of typed cells. Nothing here
//! knows how it will look; every renderer starts from this.

pub mod cell;
pub mod figure;

pub use cell::{Cell, Content, Field, Part};
pub use figure::Figure;

use crate::release::Released;
use crate::words::{Label, Lang};

/// A whole report, in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub title: String,
    pub subtitle: Option<String>,
    pub lang: Lang,
    pub blocks: Vec<Block>,
    /// Numbers in tables have no more digits for machines than for people: all of them would give
    /// back what they were computed from.
    pub rounded: bool,
}

/// A part of a report, in reading order.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Level 1 is a chapter; the document's title stands above it.
    Heading {
        level: u8,
        text: String,
    },
    Paragraph(String),
    Note {
        kind: NoteKind,
        text: String,
    },
    List(Vec<String>),
    Table(Table),
    Figure(Figure),
}

/// How much a note asks of the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// Something that may be wrong, or easily read wrongly.
    Warning,
    Info,
    /// The data are made, not observed.
    Synthetic,
}

impl NoteKind {
    /// The word that a note opens with.
    pub fn label(self) -> Label {
        match self {
            NoteKind::Warning => Label::Warning,
            NoteKind::Info => Label::Note,
            NoteKind::Synthetic => Label::SyntheticData,
        }
    }
}

impl Document {
    /// A document about results that may be shown, or about none.
    pub fn new<T>(lang: Lang, title: impl Into<String>, _about: &Released<T>) -> Self {
        Document {
            title: title.into(),
            subtitle: None,
            lang,
            blocks: Vec::new(),
            rounded: false,
        }
    }

    pub fn subtitle(&mut self, text: impl Into<String>) -> &mut Self {
        self.subtitle = Some(text.into());
        self
    }

    pub fn heading(&mut self, level: u8, text: impl Into<String>) -> &mut Self {
        self.push(Block::Heading {
            level,
            text: text.into(),
        })
    }

    pub fn paragraph(&mut self, text: impl Into<String>) -> &mut Self {
        self.push(Block::Paragraph(text.into()))
    }

    pub fn note(&mut self, kind: NoteKind, text: impl Into<String>) -> &mut Self {
        self.push(Block::Note {
            kind,
            text: text.into(),
        })
    }

    pub fn list(&mut self, items: impl IntoIterator<Item = impl Into<String>>) -> &mut Self {
        self.push(Block::List(items.into_iter().map(Into::into).collect()))
    }

    /// Adds a table; one without rows says nothing and is left out.
    pub fn table(&mut self, mut table: Table) -> &mut Self {
        for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
            cell.rounded |= self.rounded;
        }
        match table.rows.is_empty() {
            true => self,
            false => self.push(Block::Table(table)),
        }
    }

    pub fn figure(&mut self, figure: Figure) -> &mut Self {
        self.push(Block::Figure(figure))
    }

    pub fn push(&mut self, block: Block) -> &mut Self {
        self.blocks.push(block);
        self
    }

    /// The tables in reading order; the first is numbered 1.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
    }

    /// The figures in reading order; the first is numbered 1.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Figure(figure) => Some(figure),
            _ => None,
        })
    }
}

/// A table: the first column holds the row labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Short, unique in the document, fit for a file name (`balance`, `outcomes`).
    pub id: String,
    /// Without its number, which follows from the table's place in the document.
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// Below the table: the legend of the stars, what is left out.
    pub notes: Vec<String>,
}

/// A column's head. Neighbours with the same group share a spanning header, such as
/// 'Controlegroep (N=668)' over 'geldig n' and 'M (SD)'.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub header: String,
    pub group: Option<String>,
    pub align: Align,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

impl Column {
    /// A column of words: to the left, and it may be wrapped.
    pub fn words(header: impl Into<String>) -> Self {
        Column {
            header: header.into(),
            group: None,
            align: Align::Left,
        }
    }

    /// A column of numbers: to the right, never broken.
    pub fn numbers(header: impl Into<String>) -> Self {
        Column {
            align: Align::Right,
            ..Column::words(header)
        }
    }

    /// Under a spanning header.
    pub fn under(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }
}

/// A row; cells that are left out at the end are empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub cells: Vec<Cell>,
    pub style: RowStyle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowStyle {
    Normal,
    /// Heads the indented rows below it: a variable above its levels.
    Section,
    Indented,
    Total,
}

impl Row {
    /// A row with its label; add the cells with [`Row::with`].
    pub fn new(label: impl Into<String>) -> Self {
        Row {
            cells: vec![Cell::text(label)],
            style: RowStyle::Normal,
        }
    }

    pub fn section(label: impl Into<String>) -> Self {
        Row::new(label).style(RowStyle::Section)
    }

    pub fn indented(label: impl Into<String>) -> Self {
        Row::new(label).style(RowStyle::Indented)
    }

    pub fn total(label: impl Into<String>) -> Self {
        Row::new(label).style(RowStyle::Total)
    }

    pub fn with(mut self, cell: Cell) -> Self {
        self.cells.push(cell);
        self
    }

    pub fn with_all(mut self, cells: impl IntoIterator<Item = Cell>) -> Self {
        self.cells.extend(cells);
        self
    }

    fn style(mut self, style: RowStyle) -> Self {
        self.style = style;
        self
    }
}

impl Table {
    /// Rows under a header of their own; nothing where there are none.
    pub fn group(&mut self, header: String, rows: impl IntoIterator<Item = Row>) {
        let mut rows = rows.into_iter().peekable();
        if rows.peek().is_some() {
            self.row(Row::section(header));
        }
        for row in rows {
            self.row(row);
        }
    }

    /// Whether the table is short enough to be kept on one page.
    pub fn is_short(&self) -> bool {
        self.rows.len() <= 16
    }

    pub fn new(
        id: impl Into<String>,
        caption: impl Into<String>,
        columns: impl IntoIterator<Item = Column>,
    ) -> Self {
        Table {
            id: id.into(),
            caption: caption.into(),
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Adds a row. One that is longer than the head gets columns without a name, so that
    /// nothing is ever left out of a report in silence.
    pub fn row(&mut self, row: Row) -> &mut Self {
        while self.columns.len() < row.cells.len() {
            self.columns.push(Column::numbers(""));
        }
        self.rows.push(row);
        self
    }

    pub fn note(&mut self, text: impl Into<String>) -> &mut Self {
        self.notes.push(text.into());
        self
    }

    /// Whether any cell is marked for significance, so that the legend belongs below.
    pub fn has_stars(&self) -> bool {
        self.rows
            .iter()
            .flat_map(|row| &row.cells)
            .any(Cell::has_stars)
    }

    /// The column groups in order: a spanning header, or none, and how many neighbouring
    /// columns it spans.
    pub fn groups(&self) -> Vec<(Option<&str>, usize)> {
        let mut groups: Vec<(Option<&str>, usize)> = Vec::new();
        for column in &self.columns {
            let group = column.group.as_deref();
            match groups.last_mut() {
                Some((last, span)) if *last == group => *span += 1,
                _ => groups.push((group, 1)),
            }
        }
        groups
    }
}
