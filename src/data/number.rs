//! Numbers as Dutch and English files write them.

use crate::columns::Decimal;

/// What a text can mean as a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Reading {
    /// The same number whatever the decimal sign.
    Same(f64),
    /// A number under one decimal sign only.
    Only(Decimal, f64),
    /// Two numbers: `1.234` is one and a bit, or more than a thousand.
    Either { point: f64, comma: f64 },
    /// Not a number.
    No,
}

impl Reading {
    /// The number under a decimal sign.
    pub fn under(self, decimal: Decimal) -> Option<f64> {
        match self {
            Reading::Same(value) => Some(value),
            Reading::Only(sign, value) => (sign == decimal).then_some(value),
            Reading::Either { point, comma } => Some(match decimal {
                Decimal::Point => point,
                Decimal::Comma => comma,
            }),
            Reading::No => None,
        }
    }
}

const POWERS: [f64; 16] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/// Reads a trimmed text.
///
/// Accepted: digits with an optional sign (`+`, `-`, `−`), a euro sign in front, thousands in
/// strict groups of three by point, comma or space (also the no-break kinds), one decimal sign
/// with digits after it, an exponent on ungrouped numbers. Words such as `inf` and `nan` are not
/// numbers, nor is anything with a percent sign.
pub(super) fn read_number(text: &str) -> Reading {
    read_simple(text.as_bytes()).unwrap_or_else(|| read_general(text))
}

/// Up to fifteen digits with at most one point or comma: the quotient of two exactly representable
/// integers, so correctly rounded. `None` leaves the text to [`read_general`].
fn read_simple(bytes: &[u8]) -> Option<Reading> {
    let (negative, digits) = match bytes.first()? {
        b'-' => (true, &bytes[1..]),
        _ => (false, bytes),
    };
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let mut mantissa = 0u64;
    let mut sign_at = None;
    for (at, &byte) in digits.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            mantissa = mantissa * 10 + u64::from(digit);
        } else if (byte == b'.' || byte == b',') && sign_at.is_none() {
            sign_at = Some(at);
        } else {
            return None;
        }
    }
    let signed = |value: f64| if negative { -value } else { value };
    let Some(before) = sign_at else {
        // Sixteen digits need not be exact: leave them to the general way.
        return (digits.len() <= 15).then(|| Reading::Same(signed(mantissa as f64)));
    };
    let after = digits.len() - before - 1;
    if after == 0 {
        return None;
    }
    let decimal = if digits[before] == b'.' {
        Decimal::Point
    } else {
        Decimal::Comma
    };
    let value = signed(mantissa as f64 / POWERS[after]);
    if after == 3 && (1..=3).contains(&before) && digits[0] != b'0' {
        let grouped = signed(mantissa as f64);
        return Some(match decimal {
            Decimal::Point => Reading::Either {
                point: value,
                comma: grouped,
            },
            Decimal::Comma => Reading::Either {
                point: grouped,
                comma: value,
            },
        });
    }
    Some(Reading::Only(decimal, value))
}

fn read_general(text: &str) -> Reading {
    let point = read_as(text, Decimal::Point);
    let comma = read_as(text, Decimal::Comma);
    match (point, comma) {
        (None, None) => Reading::No,
        (Some(value), None) => Reading::Only(Decimal::Point, value),
        (None, Some(value)) => Reading::Only(Decimal::Comma, value),
        (Some(point), Some(_)) if !text.contains(['.', ',']) => Reading::Same(point),
        (Some(point), Some(comma)) => Reading::Either { point, comma },
    }
}

/// Reads a text under one decimal sign.
fn read_as(text: &str, decimal: Decimal) -> Option<f64> {
    let (negative, rest) = strip_sign(text);
    let rest = rest.strip_prefix('€').unwrap_or(rest).trim_start();
    // The sign stands before or after the euro sign, not on both sides.
    let (negative, rest) = if text.starts_with('€') {
        strip_sign(rest)
    } else {
        (negative, rest)
    };

    let (body, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let sign = char::from(decimal.sign());
    let (whole, fraction) = match body.split_once(sign) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (body, None),
    };
    if fraction.is_some_and(|digits| digits.is_empty() || !all_digits(digits)) {
        return None;
    }
    let (whole, grouped) = ungroup(whole, decimal)?;
    if whole.is_empty() && fraction.is_none() {
        return None;
    }

    let mut clean = String::with_capacity(text.len() + 2);
    if negative {
        clean.push('-');
    }
    clean.push_str(if whole.is_empty() { "0" } else { &whole });
    if let Some(fraction) = fraction {
        clean.push('.');
        clean.push_str(fraction);
    }
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if grouped || digits.is_empty() || digits.len() > 3 || !all_digits(digits) {
            return None;
        }
        clean.push('e');
        clean.push_str(exponent);
    }
    let value: f64 = clean.parse().ok()?;
    value.is_finite().then_some(value)
}

fn strip_sign(text: &str) -> (bool, &str) {
    if let Some(rest) = text.strip_prefix(['-', '\u{2212}']) {
        (true, rest)
    } else {
        (false, text.strip_prefix('+').unwrap_or(text))
    }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits of a whole number without their thousands signs, and whether there were any.
/// Groups are strict: one to three digits of which the first is not 0, then threes, one sign.
fn ungroup(whole: &str, decimal: Decimal) -> Option<(String, bool)> {
    if all_digits(whole) {
        return Some((whole.to_string(), false));
    }
    let sign = whole.chars().find(|c| !c.is_ascii_digit())?;
    let spaces = [' ', '\u{a0}', '\u{2009}', '\u{202f}'];
    if sign != char::from(decimal.grouping()) && !spaces.contains(&sign) {
        return None;
    }
    let mut digits = String::with_capacity(whole.len());
    for (at, group) in whole.split(sign).enumerate() {
        let right_size = match at {
            0 => (1..=3).contains(&group.len()) && !group.starts_with('0'),
            _ => group.len() == 3,
        };
        if !right_size || !all_digits(group) {
            return None;
        }
        digits.push_str(group);
    }
    Some((digits, true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Decimal::{Comma, Point};

    #[test]
    fn readings() {
        let same = Reading::Same;
        let cases = [
            ("0", same(0.0)),
            ("-7", same(-7.0)),
            ("+7", same(7.0)),
            ("\u{2212}7", same(-7.0)),
            ("007", same(7.0)),
            ("1 234", same(1234.0)),
            ("1\u{202f}234\u{202f}567", same(1_234_567.0)),
            ("1e5", same(1e5)),
            ("€ 12", same(12.0)),
            ("€-12", same(-12.0)),
            ("-€ 12", same(-12.0)),
            ("12345678901234567890", same(12345678901234567890.0)),
            ("9007199254740993", same(9007199254740993.0)),
            ("3,5", Reading::Only(Comma, 3.5)),
            ("12.5", Reading::Only(Point, 12.5)),
            (".5", Reading::Only(Point, 0.5)),
            ("-,5", Reading::Only(Comma, -0.5)),
            ("0.123", Reading::Only(Point, 0.123)),
            ("1234.567", Reading::Only(Point, 1234.567)),
            ("1.234,50", Reading::Only(Comma, 1234.5)),
            ("1,234.5", Reading::Only(Point, 1234.5)),
            ("€ 1.250,00", Reading::Only(Comma, 1250.0)),
            ("1.234.567", Reading::Only(Comma, 1_234_567.0)),
            ("1 234,5", Reading::Only(Comma, 1234.5)),
            ("1.234e3", Reading::Only(Point, 1234.0)),
            (
                "0.1234567890123456789",
                Reading::Only(Point, 0.123_456_789_012_345_68),
            ),
            (
                "1.234",
                Reading::Either {
                    point: 1.234,
                    comma: 1234.0,
                },
            ),
            (
                "-12,345",
                Reading::Either {
                    point: -12345.0,
                    comma: -12.345,
                },
            ),
        ];
        for (text, wanted) in cases {
            assert_eq!(read_number(text), wanted, "{text}");
        }
    }

    #[test]
    fn not_numbers() {
        for text in [
            "",
            "-",
            "+",
            "€",
            "abc",
            "inf",
            "nan",
            "Infinity",
            "5%",
            "1.",
            "1,",
            "5.",
            "1..2",
            "1,2,3",
            "1.23.456",
            "1'234",
            "12 34",
            "0 123",
            "01-03-2017",
            "1e",
            "1e1234",
            "e5",
            "--1",
            "-€-1",
            "1 234e2",
            "0x10",
            "12:30",
            "1_000",
            "1.2.3.4",
            "3,5.1",
            "1-",
            "1.-5",
        ] {
            assert_eq!(read_number(text), Reading::No, "{text}");
        }
    }
}
