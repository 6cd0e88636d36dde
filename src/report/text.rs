//! Plain text of a known width: cleaning, measuring, wrapping.

use unicode_width::UnicodeWidthStr;

/// How many terminal columns a text takes.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// One line without control characters: labels come from files, and must not be able to move
/// the cursor, colour the screen or turn the reading direction around.
pub fn clean(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_whitespace() && c.is_control() {
                ' '
            } else {
                c
            }
        })
        .filter(|c| !c.is_control() && !is_direction(*c))
        .collect()
}

fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The width below which a text cannot be wrapped without breaking a word.
pub fn longest_piece(text: &str) -> usize {
    pieces(text)
        .iter()
        .map(|piece| width(piece.text.trim_end()))
        .max()
        .unwrap_or(0)
}

/// Lines no wider than `limit`, broken at spaces, after a slash, hyphen or underscore between
/// words, and only inside a word that is too long for a line of its own: with a hyphen if
/// it is one, without if it is a hash or a number. At least one line.
pub fn wrap(text: &str, limit: usize) -> Vec<String> {
    let limit = limit.max(2);
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let space = usize::from(piece.after_space && !line.is_empty());
        if !line.is_empty() && width(&line) + space + width(&piece.text) > limit {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() && piece.after_space {
            line.push(' ');
        }
        let mut rest = piece.text;
        while width(&line) + width(&rest) > limit {
            let (head, tail) = broken(&rest, limit);
            lines.push(head);
            rest = tail;
        }
        line.push_str(&rest);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

struct Piece {
    text: String,
    after_space: bool,
}

/// What a line may not be broken inside of.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut glue_next = false;
    // No-break spaces are white space to Rust, but not a place to break.
    for word in text
        .split([' ', '\n', '\t'])
        .filter(|word| !word.is_empty())
    {
        let relation = matches!(word, "<" | ">" | "=" | "≤" | "≥");
        match pieces.last_mut() {
            // 'p < 0,001' and '€ 1.250' stay together.
            Some(last) if relation || glue_next => {
                last.text.push(' ');
                last.text.push_str(word);
            }
            _ => pieces.extend(parts_of_word(word)),
        }
        glue_next = relation || word == "€";
    }
    pieces
}

fn parts_of_word(word: &str) -> Vec<Piece> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut letters = 0;
    for (index, c) in word.char_indices() {
        let next = index + c.len_utf8();
        let after = word[next..].chars().take(3).filter(|c| c.is_alphabetic());
        // Not in 't-toets' or '2017-03-01'.
        if matches!(c, '/' | '-' | '_' | '–') && letters > 2 && after.count() == 3 {
            parts.push(&word[start..next]);
            start = next;
        }
        letters = if c.is_alphabetic() { letters + 1 } else { 0 };
    }
    parts.push(&word[start..]);
    parts
        .into_iter()
        .enumerate()
        .map(|(index, part)| Piece {
            text: part.to_owned(),
            after_space: index == 0,
        })
        .collect()
}

/// The part of a long word that fits, and the rest.
fn broken(word: &str, limit: usize) -> (String, String) {
    let hyphen = word.chars().all(|c| !c.is_numeric()) && limit > 3;
    let room = if hyphen { limit - 1 } else { limit };
    let mut end = 0;
    for (index, c) in word.char_indices() {
        let next = index + c.len_utf8();
        if index > 0 && width(&word[..next]) > room {
            break;
        }
        end = next;
    }
    let (head, tail) = word.split_at(end);
    let mut head = head.to_owned();
    if hyphen && !tail.is_empty() && head.ends_with(char::is_alphabetic) {
        head.push('-');
    }
    (head, tail.to_owned())
}
