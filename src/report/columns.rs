//! How wide the columns of a table are on paper, in characters of average width.

use super::text::{clean, longest_piece, width};
use crate::document::{Cell, Table};
use crate::words::Lang;

/// Longer words than this, such as hashes, are broken.
const LONG_WORD: usize = 20;

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
    // No word is broken for the row labels' sake, nor an amount in a column that has words too.
    let unbroken = |column: usize| {
        let cells = texts.iter().map(|row| longest_piece(&row[column])).max();
        let header = longest_piece(&table.columns[column].header);
        (cells.unwrap_or(0).max(header) + 3).clamp(8, LONG_WORD)
    };
    let mut widths: Vec<(usize, bool)> = natural
        .iter()
        .enumerate()
        .map(|(column, &natural)| match words(column) {
            true if wanted > room && column > 0 => {
                ((natural * room / wanted).max(unbroken(column)), true)
            }
            words => (natural.max(3), words),
        })
        .collect();
    let others: usize = widths
        .iter()
        .skip(1)
        .filter(|(_, words)| *words)
        .map(|(width, _)| width)
        .sum();
    if let (true, Some((label, _))) = (wanted > room, widths.first_mut()) {
        *label = (*label).min(room.saturating_sub(others)).max(16);
    }
    widths
}
