//! Small slips of the pen in a printed number: a digit off, two digits swapped, a decimal slipped.

use super::rounding::Printed;

/// How one printed number became another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Edit {
    /// Two neighbouring digits swapped.
    Transposed,
    /// One digit replaced.
    OneDigit,
    /// A digit left out or added.
    Length,
    /// The decimal sign moved, the digits as they were.
    SlippedDecimal,
    /// Two digits replaced.
    TwoDigits,
}

impl Edit {
    /// How much is changed: the fewer, the nearer the explanation.
    pub fn size(self) -> u32 {
        match self {
            Edit::Transposed | Edit::OneDigit | Edit::SlippedDecimal => 1,
            Edit::Length => 2,
            Edit::TwoDigits => 3,
        }
    }
}

/// The slip that leads from one printed number to the other, if a single small one does.
pub fn classify(from: Printed, to: Printed) -> Option<Edit> {
    if from == to
        || (from.mantissa < 0) != (to.mantissa < 0) && from.mantissa != 0 && to.mantissa != 0
    {
        return None;
    }
    if slipped(from, to) {
        return Some(Edit::SlippedDecimal);
    }
    let (a, b) = (digits(from), digits(to));
    if a.len() == b.len() && from.decimals == to.decimals {
        let differ: Vec<usize> = (0..a.len()).filter(|&i| a[i] != b[i]).collect();
        return match differ[..] {
            [_] => Some(Edit::OneDigit),
            [i, j] if j == i + 1 && a[i] == b[j] && a[j] == b[i] => Some(Edit::Transposed),
            [_, _] if a.len() > 2 => Some(Edit::TwoDigits),
            _ => None,
        };
    }
    let (long, short) = if a.len() > b.len() {
        (&a, &b)
    } else {
        (&b, &a)
    };
    let one_out = |i: usize| {
        let mut rest = long.clone();
        rest.remove(i);
        rest == *short
    };
    // A lost digit before the decimal sign leaves the decimals as they are.
    (long.len() == short.len() + 1 && from.decimals == to.decimals && (0..long.len()).any(one_out))
        .then_some(Edit::Length)
}

/// Whether the same digits stand at another place of the decimal sign: a factor of 10, 100 or 1000.
fn slipped(from: Printed, to: Printed) -> bool {
    if from.mantissa == 0 || to.mantissa == 0 {
        return false;
    }
    (from.mantissa == to.mantissa && (1..=3).contains(&from.decimals.abs_diff(to.decimals)))
        || [10, 100, 1000].iter().any(|&f| {
            from.decimals == to.decimals
                && (from.mantissa == to.mantissa * f || to.mantissa == from.mantissa * f)
        })
}

/// Every number at most one slip (or, with `two`, two digits) away, with the slip, nearest first.
pub fn edits(from: Printed, two: bool) -> Vec<(Printed, Edit)> {
    let digits = digits(from);
    let sign = if from.mantissa < 0 { -1 } else { 1 };
    let mut found = Vec::new();
    let mut push = |digits: &[u8], decimals: u32, edit: Edit| {
        let value = digits.iter().fold(0i128, |v, &d| v * 10 + i128::from(d));
        if let Some(to) = Printed::new(sign * value, decimals)
            && to != from
            && !found.iter().any(|&(seen, _)| seen == to)
        {
            found.push((to, edit));
        }
    };
    for i in 1..digits.len() {
        let mut swapped = digits.clone();
        swapped.swap(i - 1, i);
        push(&swapped, from.decimals, Edit::Transposed);
    }
    for i in 0..digits.len() {
        for d in 0..10 {
            let mut other = digits.clone();
            other[i] = d;
            push(&other, from.decimals, Edit::OneDigit);
        }
    }
    for shift in 1..=3 {
        push(&digits, from.decimals + shift, Edit::SlippedDecimal);
        if from.decimals >= shift {
            push(&digits, from.decimals - shift, Edit::SlippedDecimal);
        }
    }
    for i in 0..digits.len() {
        if digits.len() > 1 && digits.len() > from.decimals as usize + 1 {
            let mut shorter = digits.clone();
            shorter.remove(i);
            push(&shorter, from.decimals, Edit::Length);
        }
    }
    for i in 0..=digits.len() {
        for d in 0..10 {
            let mut longer = digits.clone();
            longer.insert(i, d);
            push(&longer, from.decimals, Edit::Length);
        }
    }
    if two && digits.len() > 2 {
        for i in 0..digits.len() {
            for j in i + 1..digits.len() {
                for pair in 0..100u8 {
                    let mut other = digits.clone();
                    (other[i], other[j]) = (pair / 10, pair % 10);
                    push(&other, from.decimals, Edit::TwoDigits);
                }
            }
        }
    }
    found
}

/// The digits as printed, with the zeros that stand before a decimal fraction.
fn digits(number: Printed) -> Vec<u8> {
    let mut rest = number.mantissa.unsigned_abs();
    let mut digits = Vec::new();
    while rest > 0 || digits.len() <= number.decimals as usize {
        digits.push((rest % 10) as u8);
        rest /= 10;
    }
    digits.reverse();
    digits
}
