//! What a test can have given, from printed summaries: every value that the rounding allows.

use super::span::Span;
use crate::stats::dist::{chi2_sf, hypergeometric_pmf, t_two_sided};

/// The variants of the two families of tests that reports leave unnamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Variant {
    Welch,
    Student,
    Pearson,
    Yates,
    LikelihoodRatio,
    Fisher,
}

/// The range of a test's outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TestRange {
    pub variant: Variant,
    /// |t| or χ²; Fisher's test has none.
    pub statistic: Option<Span>,
    pub df: Option<Span>,
    pub p: Span,
}

/// One group's printed mean and SD, as ranges, with its n.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    pub n: u64,
    pub mean: Span,
    pub sd: Span,
}

/// The range of |t|, df and the two-sided p over all means and SDs that print as these.
///
/// |t| = |m₁ − m₂| / se rises with the difference and falls with each SD, so its extremes lie in corners.
/// The Welch–Satterthwaite df depends on the SDs' ratio only, and is greatest where it equals that of
/// the n's (Welch 1947, Biometrika 34, eq. 28): corners and that ratio bound it. `None` for fewer than
/// two observations in a group, for a chi-square variant, or where no spread is possible at all.
pub fn t_range(variant: Variant, a: Summary, b: Summary) -> Option<TestRange> {
    if a.n < 2 || b.n < 2 {
        return None;
    }
    let (sa, sb) = (a.sd.not_negative(), b.sd.not_negative());
    let se = |sa: f64, sb: f64| standard_error(variant, (a.n, sa), (b.n, sb));
    let (se_low, se_high) = (se(sa.low, sb.low)?, se(sa.high, sb.high)?);
    if se_high <= 0.0 {
        return None;
    }
    let difference = a.mean.minus(b.mean).magnitude();
    let high = if difference.high == 0.0 {
        0.0
    } else {
        difference.high / se_low
    };
    let t = Span::new(difference.low / se_high, high)
        .outward()
        .not_negative();
    let df = df_range(variant, (a.n, sa), (b.n, sb));
    let p = Span::new(p_of_t(t.high, df.high), p_of_t(t.low, df.low));
    Some(TestRange {
        variant,
        statistic: Some(t),
        df: Some(df),
        p,
    })
}

fn p_of_t(t: f64, df: f64) -> f64 {
    if t.is_finite() {
        t_two_sided(t, df)
    } else {
        0.0
    }
}

fn standard_error(variant: Variant, a: (u64, f64), b: (u64, f64)) -> Option<f64> {
    let ((na, sa), (nb, sb)) = ((a.0 as f64, a.1), (b.0 as f64, b.1));
    match variant {
        Variant::Welch => Some((sa * sa / na + sb * sb / nb).sqrt()),
        Variant::Student => {
            let pooled = ((na - 1.0) * sa * sa + (nb - 1.0) * sb * sb) / (na + nb - 2.0);
            Some((pooled * (1.0 / na + 1.0 / nb)).sqrt())
        }
        _ => None,
    }
}

fn df_range(variant: Variant, a: (u64, Span), b: (u64, Span)) -> Span {
    let (na, nb) = (a.0 as f64, b.0 as f64);
    let most = na + nb - 2.0;
    if variant == Variant::Student {
        return Span::point(most);
    }
    let at = |sa: f64, sb: f64| {
        let (va, vb) = (sa * sa / na, sb * sb / nb);
        let df = (va + vb).powi(2) / (va * va / (na - 1.0) + vb * vb / (nb - 1.0));
        if df.is_finite() { df } else { most }
    };
    let mut range = Span::point(at(a.1.low, b.1.high)).hull(Span::point(at(a.1.high, b.1.low)));
    // The maximum lies where v_a/(n_a − 1) = v_b/(n_b − 1).
    let ratio = |sa: f64, sb: f64| (sa * sa / na / (na - 1.0)) / (sb * sb / nb / (nb - 1.0));
    let (low, high) = (ratio(a.1.low, b.1.high), ratio(a.1.high, b.1.low));
    if !(low > 1.0 || high < 1.0) {
        range.high = most;
    }
    range
}

/// The range over all pairs of counts of two 0/1 groups, for one variant.
///
/// With more than `MANY` pairs only the extremes of the counts and the nearest shares are gone through,
/// which bound the statistic because it grows with the distance between the shares. `None` when the
/// test is defined for no pair.
pub fn binary_range(variant: Variant, a: &[u64], na: u64, b: &[u64], nb: u64) -> Option<TestRange> {
    let mut range: Option<TestRange> = None;
    for (ka, kb) in pairs(a, na, b, nb) {
        let here = if matches!(variant, Variant::Welch | Variant::Student) {
            t_of_counts(variant, (ka, na), (kb, nb))
        } else if ka <= na && kb <= nb {
            counts_test(variant, &[vec![ka, na - ka], vec![kb, nb - kb]])
        } else {
            None
        };
        if let Some(here) = here {
            range = Some(range.map_or(here, |r| merge(r, here)));
        }
    }
    range
}

/// Pairs of counts up to which all are gone through.
const MANY: usize = 400;

fn pairs(a: &[u64], na: u64, b: &[u64], nb: u64) -> Vec<(u64, u64)> {
    if a.len() * b.len() <= MANY {
        return a
            .iter()
            .flat_map(|&x| b.iter().map(move |&y| (x, y)))
            .collect();
    }
    let ends = |k: &[u64]| [k.first().copied(), k.last().copied()];
    let mut pairs: Vec<(u64, u64)> = Vec::new();
    for x in ends(a).into_iter().flatten() {
        for y in ends(b).into_iter().flatten() {
            pairs.push((x, y));
        }
    }
    // Where the shares can be equal, the pair that is nearest to it gives the least statistic.
    for &x in a {
        let wanted = (u128::from(x) * u128::from(nb) / u128::from(na.max(1))) as u64;
        if b.binary_search(&wanted).is_ok() {
            pairs.push((x, wanted));
            break;
        }
    }
    pairs
}

fn merge(a: TestRange, b: TestRange) -> TestRange {
    TestRange {
        variant: a.variant,
        statistic: a.statistic.zip(b.statistic).map(|(x, y)| x.hull(y)),
        df: a.df.zip(b.df).map(|(x, y)| x.hull(y)),
        p: a.p.hull(b.p),
    }
}

/// t of two groups of zeros and ones, from the counts.
fn t_of_counts(variant: Variant, a: (u64, u64), b: (u64, u64)) -> Option<TestRange> {
    let summary = |(k, n): (u64, u64)| {
        let sd = super::debit::sd(k, n, super::debit::Divisor::Sample)?;
        Some(Summary {
            n,
            mean: Span::point(k as f64 / n as f64),
            sd: Span::point(sd),
        })
    };
    t_range(variant, summary(a)?, summary(b)?)
}

/// A test of a table of counts, one inner list per group: Pearson, Yates, likelihood ratio or Fisher.
///
/// Agresti, Categorical Data Analysis (2013), §3.2 (X² and G²), §3.5 (Fisher: all tables no likelier than
/// the observed one). Levels nobody has are left out. Yates and Fisher only for 2×2. `None` where the
/// test is not defined.
pub fn counts_test(variant: Variant, groups: &[Vec<u64>]) -> Option<TestRange> {
    let levels = groups.first()?.len();
    let used: Vec<usize> = (0..levels)
        .filter(|&l| groups.iter().any(|g| g.get(l).is_some_and(|&k| k > 0)))
        .collect();
    let cell = |g: usize, l: usize| groups[g][used[l]] as f64;
    let (rows, columns) = (groups.len(), used.len());
    if rows < 2 || columns < 2 || groups.iter().any(|g| g.len() != levels) {
        return None;
    }
    let row = |g: usize| (0..columns).map(|l| cell(g, l)).sum::<f64>();
    let column = |l: usize| (0..rows).map(|g| cell(g, l)).sum::<f64>();
    let total: f64 = (0..rows).map(row).sum();
    if (0..rows).any(|g| row(g) == 0.0) {
        return None;
    }
    let two_by_two = rows == 2 && columns == 2;
    if variant == Variant::Fisher {
        let (a, b) = (groups[0][used[0]], groups.get(1)?[used.first().copied()?]);
        return two_by_two
            .then(|| fisher(a, row(0) as u64, a + b, total as u64))
            .map(|p| TestRange {
                variant,
                statistic: None,
                df: None,
                p: Span::point(p),
            });
    }
    if variant == Variant::Yates && !two_by_two {
        return None;
    }
    let mut statistic = 0.0;
    for g in 0..rows {
        for l in 0..columns {
            let (observed, expected) = (cell(g, l), row(g) * column(l) / total);
            statistic += match variant {
                Variant::Pearson => (observed - expected).powi(2) / expected,
                Variant::Yates => ((observed - expected).abs() - 0.5).max(0.0).powi(2) / expected,
                Variant::LikelihoodRatio if observed > 0.0 => {
                    2.0 * observed * (observed / expected).ln()
                }
                Variant::LikelihoodRatio => 0.0,
                _ => return None,
            };
        }
    }
    let df = ((rows - 1) * (columns - 1)) as f64;
    Some(TestRange {
        variant,
        statistic: Some(Span::point(statistic.max(0.0))),
        df: Some(Span::point(df)),
        p: Span::point(chi2_sf(statistic.max(0.0), df)),
    })
}

/// Part of the sum below which a table and all rarer ones are left out of Fisher's test.
const NOTHING: f64 = 1e-30;

/// Two-sided Fisher: the probability of all tables no likelier than the observed one, each from its
/// neighbour by the ratio of hypergeometric probabilities.
fn fisher(a: u64, row: u64, column: u64, total: u64) -> f64 {
    let observed = hypergeometric_pmf(a, column, total, row);
    let limit = observed * (1.0 + 1e-7);
    let least = (row + column).saturating_sub(total);
    let most = row.min(column);
    // P(k + 1) / P(k)
    let ratio = |k: u64| {
        let up = (row - k) as f64 * (column - k) as f64;
        up / ((k + 1) as f64 * (total + k + 1 - row - column) as f64)
    };
    // Beyond the mode the probabilities only fall: what is left is less than the last bit of the sum.
    let spent = |p: f64, factor: f64, sum: f64| p == 0.0 || (factor < 1.0 && p <= NOTHING * sum);
    let mut sum = observed;
    let mut p = observed;
    for k in a..most {
        let factor = ratio(k);
        p *= factor;
        sum += if p <= limit { p } else { 0.0 };
        if spent(p, factor, sum) {
            break;
        }
    }
    p = observed;
    for k in (least..a).rev() {
        let factor = 1.0 / ratio(k);
        p *= factor;
        sum += if p <= limit { p } else { 0.0 };
        if spent(p, factor, sum) {
            break;
        }
    }
    sum.min(1.0)
}

/// The range over several possible count tables.
pub fn tables_range(variant: Variant, a: &[Vec<u64>], b: &[Vec<u64>]) -> Option<TestRange> {
    let mut range: Option<TestRange> = None;
    for x in a {
        for y in b {
            if let Some(here) = counts_test(variant, &[x.clone(), y.clone()]) {
                range = Some(range.map_or(here, |r| merge(r, here)));
            }
        }
    }
    range
}
