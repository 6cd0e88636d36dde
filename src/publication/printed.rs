//! A printed cell taken apart: its digits kept exactly, never as a float.

/// A decimal number as its digits: `mantissa` × 10^−`decimals`. `0.50` is (50, 2), so
/// the printed precision is not lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    pub mantissa: i128,
    pub decimals: u32,
}

impl Decimal {
    /// The nearest double, for display and for approximate work.
    pub fn to_f64(self) -> f64 {
        self.mantissa as f64 / 10f64.powi(self.decimals as i32)
    }

    /// The same value with `decimals` places, where that loses nothing.
    pub fn rescaled(self, decimals: u32) -> Option<Decimal> {
        let up = decimals.checked_sub(self.decimals)?;
        let mantissa = self.mantissa.checked_mul(10i128.checked_pow(up)?)?;
        Some(Decimal { mantissa, decimals })
    }

    /// The value as an integer, where it is one (`32`, `32.0`).
    pub fn integer(self) -> Option<i128> {
        let unit = 10i128.checked_pow(self.decimals)?;
        (self.mantissa % unit == 0).then_some(self.mantissa / unit)
    }
}

/// One number inside a cell, with its own text (`41,3%`, `€ 25.000,=`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    pub text: String,
    pub value: Decimal,
    /// A percent sign (or the word) stands behind it in print. A table can hold
    /// percentages that lack the sign: see [`super::Row::percent`].
    pub percent_sign: bool,
}

/// A printed cell: one number, or two as in `0.12 (0.33)` and `50 (41,3%)`, and the
/// significance marks behind them. `text` is always what is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    pub text: String,
    /// Absent in a cell that is printed empty.
    pub first: Option<Number>,
    /// The number between brackets.
    pub second: Option<Number>,
    /// `*`, `**`, `†` … as printed, wherever in the cell.
    pub marks: String,
}

/// How the numbers of a publication are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notation {
    pub decimal: char,
    pub thousands: Option<char>,
}

/// A comparison sign before a number, as in `p < .10`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    Equal,
    Less,
    Greater,
}

const MARKS: &[char] = &['*', '†', '‡', '§'];

impl Printed {
    /// A bracket is printed without its other half: read for its number, but worth saying.
    pub fn lacks_bracket(&self) -> bool {
        self.text.matches('(').count() != self.text.matches(')').count()
    }

    /// Takes a cell apart. Misprints such as a missing opening bracket (`0,4)`) or a
    /// missing percent sign are read for their number and kept in `text`.
    ///
    /// # Errors
    /// A sentence that says what cannot be read as a number.
    pub fn parse(text: &str, notation: Notation) -> Result<Printed, String> {
        let marks: String = text.chars().filter(|c| MARKS.contains(c)).collect();
        let bare: String = text.chars().filter(|c| !MARKS.contains(c)).collect();
        let bare = bare.trim();
        let (first, second) = match bare.split_once('(') {
            Some((first, rest)) => (first, Some(rest.trim_end().trim_end_matches(')'))),
            None => (bare.trim_end_matches(')'), None),
        };
        if second.is_some_and(|second| second.trim().is_empty()) && !bare.ends_with(')') {
            return Err(format!("'{text}' opens a bracket with nothing in it"));
        }
        let number = |part: &str| -> Result<Option<Number>, String> {
            if part.trim().is_empty() {
                return Ok(None);
            }
            Number::parse(part, notation).map(Some)
        };
        Ok(Printed {
            text: text.to_owned(),
            first: number(first)?,
            second: second.map(number).transpose()?.flatten(),
            marks,
        })
    }
}

impl Number {
    /// Reads one number: an optional sign, currency and percent sign, `.5` for `0.5`, the
    /// Dutch `25.000,=` or `25.000,-` for a round sum, and words up to twelve.
    ///
    /// # Errors
    /// A sentence that says what cannot be read as a number.
    pub fn parse(text: &str, notation: Notation) -> Result<Number, String> {
        let mut body = text.trim();
        let mut percent_sign = false;
        for sign in ["%", "procent", "percent"] {
            if let Some(rest) = body.strip_suffix(sign) {
                body = rest.trim_end();
                percent_sign = true;
            }
        }
        for currency in ["€", "EUR", "$", "£"] {
            body = body.strip_prefix(currency).unwrap_or(body).trim_start();
        }
        for round in [",=", ",-", ",–", ",--"] {
            body = body.strip_suffix(round).unwrap_or(body);
        }
        let value = decimal(body, notation)
            .or_else(|| word(body))
            .ok_or_else(|| format!("'{}' cannot be read as a number", text.trim()))?;
        Ok(Number {
            text: text.trim().to_owned(),
            value,
            percent_sign,
        })
    }

    /// Reads a number behind `<`, `>`, `=` or nothing, as p-values are printed.
    ///
    /// # Errors
    /// As [`Number::parse`].
    pub fn parse_bound(text: &str, notation: Notation) -> Result<(Bound, Number), String> {
        let body = text.trim();
        let (bound, rest) = match body.chars().next() {
            Some('<') => (Bound::Less, &body[1..]),
            Some('>') => (Bound::Greater, &body[1..]),
            Some('=') => (Bound::Equal, &body[1..]),
            _ => (Bound::Equal, body),
        };
        Ok((bound, Number::parse(rest, notation)?))
    }
}

fn decimal(text: &str, notation: Notation) -> Option<Decimal> {
    let (negative, digits) = match text.chars().next()? {
        '-' | '−' | '–' => (true, text.trim_start_matches(['-', '−', '–']).trim_start()),
        '+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = match digits.split_once(notation.decimal) {
        Some((whole, fraction)) => (whole, fraction),
        None => (digits, ""),
    };
    let whole = match notation.thousands {
        Some(sign) => ungrouped(whole, sign)?,
        None => whole.to_owned(),
    };
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let all = format!("{whole}{fraction}");
    if !all.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mantissa: i128 = all.parse().ok()?;
    Some(Decimal {
        mantissa: if negative { -mantissa } else { mantissa },
        decimals: u32::try_from(fraction.len()).ok()?,
    })
}

/// Small numbers that a sentence spells out, in Dutch and English.
const WORDS: [&[&str]; 13] = [
    &["geen", "nul", "no", "none", "zero"],
    &["een", "één", "one"],
    &["twee", "two"],
    &["drie", "three"],
    &["vier", "four"],
    &["vijf", "five"],
    &["zes", "six"],
    &["zeven", "seven"],
    &["acht", "eight"],
    &["negen", "nine"],
    &["tien", "ten"],
    &["elf", "eleven"],
    &["twaalf", "twelve"],
];

fn word(text: &str) -> Option<Decimal> {
    let text = text.to_lowercase();
    let value = WORDS
        .iter()
        .position(|words| words.contains(&text.as_str()))?;
    Some(Decimal {
        mantissa: i128::try_from(value).ok()?,
        decimals: 0,
    })
}

/// `1,234` without its separators, provided that they stand between groups of three.
fn ungrouped(whole: &str, sign: char) -> Option<String> {
    let mut groups = whole.split(sign);
    let head = groups.next()?;
    let mut joined = head.to_owned();
    for group in groups {
        if group.len() != 3 || head.is_empty() || head.len() > 3 {
            return None;
        }
        joined.push_str(group);
    }
    Some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUTCH: Notation = Notation {
        decimal: ',',
        thousands: Some('.'),
    };
    const ENGLISH: Notation = Notation {
        decimal: '.',
        thousands: Some(','),
    };

    fn number(text: &str, notation: Notation) -> (i128, u32, bool) {
        let n = Number::parse(text, notation).unwrap();
        (n.value.mantissa, n.value.decimals, n.percent_sign)
    }

    #[test]
    fn numbers_keep_their_digits() {
        assert_eq!(number("0.50", ENGLISH), (50, 2, false));
        assert_eq!(number("1,234", ENGLISH), (1234, 0, false));
        assert_eq!(number("41,3 %", DUTCH), (413, 1, true));
        assert_eq!(number("41 procent", DUTCH), (41, 0, true));
        assert_eq!(number("€ 25.000,=", DUTCH), (25000, 0, false));
        assert_eq!(number(".10", ENGLISH), (10, 2, false));
        assert_eq!(number("Acht", DUTCH), (8, 0, false));
        assert_eq!(number("−0,5", DUTCH), (-5, 1, false));
        assert!(Number::parse("1.02", DUTCH).is_err());
        assert!(Number::parse("12a", DUTCH).is_err());
        assert!(Number::parse(",", DUTCH).is_err());
    }

    #[test]
    fn cells_keep_misprints() {
        let cell = Printed::parse("6.12 (4.56)*", ENGLISH).unwrap();
        assert_eq!(cell.marks, "*");
        assert_eq!(cell.second.unwrap().value.mantissa, 456);
        let cell = Printed::parse("50 (41,3)", DUTCH).unwrap();
        assert!(!cell.second.unwrap().percent_sign);
        let cell = Printed::parse("0,4)", DUTCH).unwrap();
        assert_eq!(cell.first.unwrap().value.mantissa, 4);
        assert_eq!(Printed::parse("", DUTCH).unwrap().first, None);
    }

    #[test]
    fn bounds() {
        let (bound, n) = Number::parse_bound("<.10", ENGLISH).unwrap();
        assert_eq!((bound, n.value.mantissa), (Bound::Less, 10));
    }
}
