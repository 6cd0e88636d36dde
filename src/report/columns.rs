//! How wide the columns of a table are on paper, in characters of average width.

use super::cell::Cell;
use super::document::Table;
use super::lang::Lang;
use super::text::{clean, longest_piece, width};

/// Every cell as a reader counts its characters.
pub fn texts(table: &Table, lang: Lang) -> Vec<Vec<String>> {
    let text = |cell: &Cell| clean(&cell.human(lang)) + cell.stars.text();
    table
        .rows
        .iter()
        .map(|row| {
            (0..table.columns.len())
                .map(|column| text(row.cells.get(column).unwrap_or(&Cell::EMPTY)))
                .collect()
        })
        .collect()
}

/// The width of each column, and whether it holds words: numbers get what they need, words
/// share what a line of so many characters leaves.
pub fn widths(table: &Table, texts: &[Vec<String>], line: usize) -> Vec<(usize, bool)> {
    let words = |column: usize| {
        column == 0
            || table
                .rows
                .iter()
                .filter_map(|row| row.cells.get(column))
                .any(Cell::is_words)
    };
    let natural: Vec<usize> = (0..table.columns.len())
        .map(|column| {
            let widest = texts
                .iter()
                .map(|row| width(&row[column]) + 2)
                .max()
                .unwrap_or(0);
            let header = &table.columns[column].header;
            widest.max(if words(column) {
                width(header) + 3
            } else {
                longest_piece(header) + 3
            })
        })
        .collect();
    let sum = |wanted: bool| {
        (0..natural.len())
            .filter(|column| words(*column) == wanted)
            .map(|column| natural[column])
            .sum()
    };
    let (numbers, wanted): (usize, usize) = (sum(false), sum(true));
    let room = line
        .saturating_sub(numbers + 2 * table.columns.len())
        .max(16);
    natural
        .iter()
        .enumerate()
        .map(|(column, &natural)| match words(column) {
            true if wanted > room => ((natural * room / wanted).max(8), true),
            words => (natural.max(3), words),
        })
        .collect()
}
