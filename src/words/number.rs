//! The only place where a number becomes text that a person reads.
//!
//! Conventions, the same in every document:
//!
//! - *Rounding* is half away from zero on the shortest decimal that reads back as the same
//!   double, which is how the number stands in the JSON files: who rounds that number by hand
//!   gets what is printed here. Percentages move the decimal point of
//!   that decimal; nothing is multiplied, so 0.285 is 28.5%.
//! - *Dutch* has a decimal comma and a point between thousands; *English* a decimal point and
//!   a comma. Thousands are separated from 10 000 on (1028, 16.250), in money from 1000.
//! - The minus sign is U+2212. Zero has no sign.
//! - What is absent, or not finite, is an en dash. It is never 0 and never NaN.
//! - A *p*-value has three decimals, more where three would hide on which side of a usual
//!   level it lies (0.0496 stays 0.0496), and `< 0.001` below that. English drops the zero
//!   before the point, as APA style does; Dutch keeps it.

use self::decimal::{MINUS, Rounded, finite, grouped, shift};
use super::lang::Lang;

mod decimal;

/// What stands where there is no number.
pub const ABSENT: &str = "–";

/// The significance levels in use, whose side a printed p-value must show.
const LEVELS: [f64; 6] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1];

/// What the number counts: how it is scaled and marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// As it is.
    #[default]
    Unit,
    /// A share, shown times 100 with a percent sign.
    Percent,
    /// A difference of shares, shown times 100 in percentage points, which the header names.
    Points,
}

/// Marks of significance: `***` for p < 0.001, `**` for p < 0.01, `*` for p < 0.05.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Stars {
    #[default]
    None,
    One,
    Two,
    Three,
}

impl Stars {
    /// The level below which p has each mark, strictest first.
    pub const LEVELS: [(f64, Stars); 3] = [
        (0.001, Stars::Three),
        (0.01, Stars::Two),
        (0.05, Stars::One),
    ];

    /// The marks that belong to a p-value; none where it is absent.
    pub fn from_p(p: impl Into<Option<f64>>) -> Stars {
        let p = p.into().unwrap_or(1.0);
        Stars::LEVELS
            .into_iter()
            .find(|(level, _)| p < *level)
            .map_or(Stars::None, |(_, stars)| stars)
    }

    pub fn text(self) -> &'static str {
        match self {
            Stars::None => "",
            Stars::One => "*",
            Stars::Two => "**",
            Stars::Three => "***",
        }
    }
}

/// The letter before a test statistic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbol {
    T,
    Z,
    F,
    ChiSquare,
    U,
    W,
    D2,
}

impl Symbol {
    pub fn text(self) -> &'static str {
        match self {
            Symbol::T => "t",
            Symbol::Z => "z",
            Symbol::F => "F",
            Symbol::ChiSquare => "χ²",
            Symbol::U => "U",
            Symbol::W => "W",
            Symbol::D2 => "d²",
        }
    }
}

/// A whole number: 1028, 16.250 (en: 16,250).
pub fn count(count: u64, lang: Lang) -> String {
    grouped(&count.to_string(), 5, lang)
}

/// A number with fixed decimals: −0,25 (en: −0.25).
pub fn fixed(value: impl Into<Option<f64>>, decimals: usize, lang: Lang) -> String {
    scaled(value, decimals, Scale::Unit, lang)
}

/// A share as a percentage: 60,1% (en: 60.1%).
pub fn percent(share: impl Into<Option<f64>>, decimals: usize, lang: Lang) -> String {
    scaled(share, decimals, Scale::Percent, lang)
}

/// A number on its scale. Points have no mark of their own.
pub fn scaled(value: impl Into<Option<f64>>, decimals: usize, scale: Scale, lang: Lang) -> String {
    match Rounded::new(value.into(), decimals, scale) {
        None => ABSENT.to_owned(),
        Some(rounded) if scale == Scale::Percent => rounded.text(lang, 5) + "%",
        Some(rounded) => rounded.text(lang, 5),
    }
}

/// A number with the decimals that leave `digits` significant ones: 0,0123; 1,23; 123.
/// Digits before the decimal mark are never replaced by zeros.
pub fn significant(value: impl Into<Option<f64>>, digits: usize, lang: Lang) -> String {
    let value = value.into();
    let decimals = value.map_or(0, |value| decimals_for(value, digits));
    fixed(value, decimals, lang)
}

/// Mean and standard deviation: 0,17 (0,37).
pub fn mean_sd(mean: Option<f64>, sd: Option<f64>, decimals: usize, lang: Lang) -> String {
    match finite(mean) {
        None => ABSENT.to_owned(),
        Some(mean) => format!(
            "{} ({})",
            fixed(mean, decimals, lang),
            fixed(sd, decimals, lang)
        ),
    }
}

/// A count and its share: 105 (34,1%).
pub fn count_percent(n: u64, share: Option<f64>, decimals: usize, lang: Lang) -> String {
    format!("{} ({})", count(n, lang), percent(share, decimals, lang))
}

/// An interval: [−0,02; 0,05] (en: [−0.02, 0.05]). Only wholly absent ones become a dash.
pub fn interval(
    low: Option<f64>,
    high: Option<f64>,
    decimals: usize,
    scale: Scale,
    lang: Lang,
) -> String {
    if finite(low).is_none() && finite(high).is_none() {
        return ABSENT.to_owned();
    }
    let low = scaled(low, decimals, scale, lang);
    let high = scaled(high, decimals, scale, lang);
    format!("[{low}{} {high}]", list_mark(lang))
}

/// An estimate and its interval: 0,20 [0,06; 0,34].
pub fn estimate(
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    decimals: usize,
    scale: Scale,
    lang: Lang,
) -> String {
    let value = scaled(value, decimals, scale, lang);
    match interval(low, high, decimals, scale, lang) {
        interval if interval == ABSENT => value,
        interval => format!("{value} {interval}"),
    }
}

/// The decimals that show an interval's width with two significant digits: 2 for
/// [−0.02, 0.14], 0 for [310, 1290]; percentages have two fewer, but one at least, so that
/// they line up with the shares beside them. From 0 to 8; 2 where the width is unknown or zero.
pub fn decimals_for_interval(low: Option<f64>, high: Option<f64>, scale: Scale) -> usize {
    let width = finite(low)
        .zip(finite(high))
        .map(|(low, high)| (high - low).abs());
    match width {
        Some(width) if width > 0.0 && width.is_finite() => {
            let decimals = decimals_for(width, 2).saturating_sub(shift(scale)).min(8);
            let least = usize::from(scale != Scale::Unit);
            decimals
                .max(least)
                .max(needed_beside_zero(low, scale))
                .max(needed_beside_zero(high, scale))
        }
        _ => 2,
    }
}

/// The decimals below which a bound would be printed as 0 although it is not: whether an
/// interval holds zero must show. A bound very close to zero gets at most four.
fn needed_beside_zero(bound: Option<f64>, scale: Scale) -> usize {
    let Some(bound) = finite(bound).map(f64::abs).filter(|bound| *bound > 0.0) else {
        return 0;
    };
    (0..4)
        .find(|&decimals| bound >= 0.5 / 10_f64.powi((decimals + shift(scale)) as i32))
        .unwrap_or(4)
}

/// A p-value without the letter: 0,034; < 0,001 (en: .034; < .001).
///
/// Absent where it is not a probability.
pub fn p_value(p: impl Into<Option<f64>>, lang: Lang) -> String {
    let Some(p) = p.into().filter(|p| (0.0..=1.0).contains(p)) else {
        return ABSENT.to_owned();
    };
    // A level up to rounding errors is that level.
    let p = LEVELS
        .into_iter()
        .find(|level| (p - level).abs() < 1e-12)
        .unwrap_or(p);
    if p < LEVELS[0] {
        return format!("< {}", probability(LEVELS[0], 3, lang));
    }
    if p < 1.0 && shown(p, 3) >= 1.0 {
        return format!("> {}", probability(0.999, 3, lang));
    }
    let decimals = p_decimals(p);
    match hidden_level(p, decimals) {
        Some(level) => format!("< {}", self::level(level, lang)),
        None => probability(p, decimals, lang),
    }
}

/// So many decimals that p does not seem to lie on the other side of a level.
fn p_decimals(p: f64) -> usize {
    (3..6)
        .find(|decimals| hidden_level(p, *decimals).is_none())
        .unwrap_or(6)
}

/// A p-value in a sentence: p = 0,034; p < 0,001.
pub fn p_clause(p: impl Into<Option<f64>>, lang: Lang) -> String {
    let text = p_value(p, lang);
    if text.starts_with(['<', '>']) {
        format!("p {text}")
    } else {
        format!("p = {text}")
    }
}

/// A significance level with the decimals it has: 0,05 (en: .05).
pub fn level(alpha: f64, lang: Lang) -> String {
    probability(alpha, own_decimals(alpha), lang)
}

/// A share as a percentage with the decimals it has, for a level of confidence: 95%, 99,5%.
pub fn exact_percent(share: f64, lang: Lang) -> String {
    // A level is one minus something: without the noise of that subtraction.
    let share = (share * 1e12).round() / 1e12;
    let decimals = own_decimals(share).saturating_sub(shift(Scale::Percent));
    percent(share, decimals, lang)
}

/// A statistic with its degrees of freedom: t(610,9) = 2,54; F(1; 1026) = 0,27.
///
/// Degrees of freedom that are not whole have one decimal.
pub fn statistic(
    symbol: Symbol,
    value: Option<f64>,
    df: Option<f64>,
    df2: Option<f64>,
    lang: Lang,
) -> String {
    let Some(value) = finite(value) else {
        return ABSENT.to_owned();
    };
    let name = symbol.text();
    let value = fixed(value, statistic_decimals(symbol, Some(value)), lang);
    match (finite(df), finite(df2)) {
        (None, _) => format!("{name} = {value}"),
        (Some(df), None) => format!("{name}({}) = {value}", self::df(df, lang)),
        (Some(df), Some(df2)) => format!(
            "{name}({}{} {}) = {value}",
            self::df(df, lang),
            list_mark(lang),
            self::df(df2, lang)
        ),
    }
}

/// Degrees of freedom: whole, or with one decimal where they are not.
pub fn df(df: impl Into<Option<f64>>, lang: Lang) -> String {
    let df = df.into();
    fixed(df, df_decimals(df), lang)
}

/// The decimals of degrees of freedom as they are shown.
pub fn df_decimals(df: Option<f64>) -> usize {
    usize::from(df.is_some_and(|df| df.fract() != 0.0))
}

/// The decimals of a test statistic as it is shown.
pub fn statistic_decimals(symbol: Symbol, value: Option<f64>) -> usize {
    match symbol {
        // U counts pairs and W sums ranks; ties make halves.
        Symbol::U | Symbol::W => usize::from(value.is_some_and(|value| value.fract() != 0.0)),
        _ => 2,
    }
}

/// Euros: € 1.250 (en: €1,250), thousands separated from 1000 on as is usual for money.
pub fn money(value: impl Into<Option<f64>>, decimals: usize, lang: Lang) -> String {
    let Some(rounded) = Rounded::new(value.into(), decimals, Scale::Unit) else {
        return ABSENT.to_owned();
    };
    let sign = if rounded.negative { MINUS } else { "" };
    let amount = rounded.unsigned(lang, 4);
    match lang {
        Lang::Nl => format!("€ {sign}{amount}"),
        Lang::En => format!("{sign}€{amount}"),
    }
}

/// A number for machines: the shortest text that reads back as the same double, with a
/// decimal point and an ASCII minus; empty where it is absent or not finite.
pub fn machine(value: impl Into<Option<f64>>) -> String {
    match finite(value.into()) {
        None => String::new(),
        Some(0.0) => "0".to_owned(),
        Some(value) => {
            let text = format!("{value:?}");
            text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
        }
    }
}

/// The same with the digits that people read.
pub fn machine_rounded(value: impl Into<Option<f64>>, decimals: usize) -> String {
    let rounded = Rounded::new(value.into(), decimals, Scale::Unit);
    rounded.map_or_else(String::new, |rounded| {
        let minus = if rounded.negative { "-" } else { "" };
        match rounded.fraction.trim_end_matches('0') {
            "" => format!("{minus}{}", rounded.whole),
            fraction => format!("{minus}{}.{fraction}", rounded.whole),
        }
    })
}

/// A p-value for machines as people read it; one of less than a thousandth keeps its first digit.
pub fn machine_rounded_p(p: impl Into<Option<f64>>) -> String {
    match finite(p.into()) {
        Some(p) if p > 0.0 && p < LEVELS[0] => format!("{p:.0e}"),
        p => machine_rounded(p, p.map_or(0, p_decimals)),
    }
}

/// Between the two numbers of a pair: the comma is taken where it is the decimal mark.
fn list_mark(lang: Lang) -> char {
    match lang {
        Lang::Nl => ';',
        Lang::En => ',',
    }
}

fn probability(p: f64, decimals: usize, lang: Lang) -> String {
    let text = fixed(p, decimals, lang);
    match (lang, text.strip_prefix('0')) {
        (Lang::En, Some(rest)) => rest.to_owned(),
        _ => text,
    }
}

/// The value that a reader sees at so many decimals.
fn shown(p: f64, decimals: usize) -> f64 {
    Rounded::new(Some(p), decimals, Scale::Unit)
        .and_then(|rounded| {
            format!("{}.{}", rounded.whole, rounded.fraction)
                .parse()
                .ok()
        })
        .unwrap_or(p)
}

/// The level below which p lies, but not what is shown of it.
fn hidden_level(p: f64, decimals: usize) -> Option<f64> {
    let shown = shown(p, decimals);
    LEVELS
        .into_iter()
        .find(|&level| p < level && shown >= level)
}

fn decimals_for(value: f64, digits: usize) -> usize {
    if value == 0.0 || !value.is_finite() {
        return digits.saturating_sub(1);
    }
    // Of the value as rounded to that many digits: 0.0996 to two digits is 0.10.
    let text = format!("{:.*e}", digits.saturating_sub(1), value);
    let exponent: i32 = text
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok())
        .unwrap_or(0);
    let wanted = i64::try_from(digits).unwrap_or(0) - 1 - i64::from(exponent);
    usize::try_from(wanted).unwrap_or(0)
}

/// How many decimals the shortest text of the value has.
fn own_decimals(value: f64) -> usize {
    let text = format!("{value}");
    text.split_once('.')
        .map_or(0, |(_, fraction)| fraction.len())
}
