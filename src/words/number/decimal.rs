//! Rounding in decimal, on the digits of the shortest text that reads back as the double.

use super::Scale;
use crate::words::Lang;

pub const MINUS: &str = "\u{2212}";

pub fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

/// How many places the decimal point moves to the right.
pub fn shift(scale: Scale) -> usize {
    match scale {
        Scale::Unit => 0,
        Scale::Percent | Scale::Points => 2,
    }
}

/// Digits with a mark between thousands, if there are at least `from` of them.
pub fn grouped(digits: &str, from: usize, lang: Lang) -> String {
    if digits.len() < from {
        return digits.to_owned();
    }
    let separator = match lang {
        Lang::Nl => '.',
        Lang::En => ',',
    };
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// A decimal number, rounded.
pub struct Rounded {
    pub negative: bool,
    pub whole: String,
    pub fraction: String,
}

impl Rounded {
    pub fn new(value: Option<f64>, decimals: usize, scale: Scale) -> Option<Rounded> {
        let value = finite(value)?;
        // Shortest digits and exponent: value = d.ddd × 10^exponent.
        let text = format!("{:e}", value.abs());
        let (mantissa, exponent) = text.split_once('e')?;
        let exponent: i64 = exponent.parse().ok()?;
        let mut digits: Vec<u8> = mantissa
            .bytes()
            .filter(u8::is_ascii_digit)
            .map(|digit| digit - b'0')
            .collect();
        let mut whole_len = exponent + 1 + i64::try_from(shift(scale)).ok()?;
        if whole_len < 1 {
            // At least one digit before the mark.
            let zeros = usize::try_from(1 - whole_len).ok()?;
            digits.splice(0..0, std::iter::repeat_n(0, zeros));
            whole_len = 1;
        }
        let mut whole_len = usize::try_from(whole_len).ok()?;
        let kept = whole_len + decimals;
        let round_up = digits.get(kept).is_some_and(|&next| next >= 5);
        digits.resize(kept, 0);
        if round_up {
            match digits.iter().rposition(|&digit| digit < 9) {
                Some(last) => {
                    digits[last] += 1;
                    digits[last + 1..].fill(0);
                }
                None => {
                    digits.fill(0);
                    digits.insert(0, 1);
                    whole_len += 1;
                }
            }
        }
        let text: String = digits.iter().map(|&d| char::from(b'0' + d)).collect();
        let (whole, fraction) = text.split_at(whole_len);
        // Zero itself has moved its point without gaining a digit: 000 is 0.
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            digits => digits,
        };
        Some(Rounded {
            negative: value < 0.0 && digits.iter().any(|&digit| digit != 0),
            whole: whole.to_owned(),
            fraction: fraction.to_owned(),
        })
    }

    pub fn text(&self, lang: Lang, group_from: usize) -> String {
        let text = self.unsigned(lang, group_from);
        if self.negative {
            format!("{MINUS}{text}")
        } else {
            text
        }
    }

    pub fn unsigned(&self, lang: Lang, group_from: usize) -> String {
        let whole = grouped(&self.whole, group_from, lang);
        if self.fraction.is_empty() {
            return whole;
        }
        let mark = match lang {
            Lang::Nl => ',',
            Lang::En => '.',
        };
        format!("{whole}{mark}{}", self.fraction)
    }
}
