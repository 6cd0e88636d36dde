//! Results as figures: effects, balance, distributions, shares and means per arm.

use super::catalog::chart;
use super::parts::{arm_of, label, level_name};
use crate::columns::VariableKind;
use crate::document::figure::{Bar, Bars, Group, Plot, Point, Points};
use crate::document::{Document, Figure};
use crate::results::{Answer, ArmSummary, BalanceRow, BalanceTable, Evaluation, OutcomeResult};
use crate::stats::infer::{Level, infer};
use crate::stats::proportion::wilson;
use crate::words::Lang;
use crate::words::number::{self, Scale};

/// The limits beyond which a standardised difference deserves attention: 0.1 is the usual
/// rule of thumb (Austin 2009), 0.25 What Works Clearinghouse's.
const BALANCE_LINES: [f64; 2] = [0.1, 0.25];

/// The balance plot of one comparison.
pub(super) fn balance(doc: &mut Document, balance: &BalanceTable, id: &str) {
    let lang = doc.lang;
    let groups: Vec<Group> = balance
        .covariates
        .iter()
        .filter_map(|row| {
            let smd = row.smd.filter(|smd| smd.is_finite())?.abs();
            Some(Group {
                label: label(&row.name, &row.labels, doc),
                points: vec![Point {
                    series: 0,
                    value: smd,
                    interval: None,
                    shown: number::fixed(smd, 2, lang),
                }],
            })
        })
        .collect();
    if groups.is_empty() {
        return;
    }
    let mut lines = vec![0.0];
    lines.extend(BALANCE_LINES);
    doc.figure(Figure {
        id: id.to_owned(),
        caption: chart::balance_caption(lang),
        alt: listed(&chart::balance_alt(lang), &groups, &[]),
        notes: Vec::new(),
        plot: Plot::Points(Points {
            axis: chart::balance_axis(lang),
            scale: Scale::Unit,
            lines,
            series: Vec::new(),
            own_axes: false,
            groups,
        }),
    });
}

/// The figures of an evaluation; what was measured before the draw comes from the balance tables.
pub(super) fn section(doc: &mut Document, evaluation: &Evaluation, baseline: &[BalanceTable]) {
    for (index, treated) in evaluation.treated.iter().enumerate() {
        let suffix = if evaluation.treated.len() > 1 {
            format!("-{}", index + 1)
        } else {
            String::new()
        };
        outcomes(doc, evaluation, baseline, treated, &suffix);
    }
}

/// The figures of one comparison: effects, distributions, shares, means.
fn outcomes(
    doc: &mut Document,
    evaluation: &Evaluation,
    baseline: &[BalanceTable],
    treated: &str,
    suffix: &str,
) {
    forest(doc, evaluation, treated, suffix);
    let tables = || {
        evaluation
            .balance
            .iter()
            .chain(baseline)
            .filter(|table| table.treated == treated)
    };
    let before = |name: &str| {
        tables()
            .flat_map(|table| &table.covariates)
            .find(|row| row.name == *name)
    };
    for (index, outcome) in evaluation.outcomes.iter().enumerate() {
        if outcome.kind == VariableKind::Ordinal {
            let row = outcome
                .baseline
                .as_deref()
                .and_then(before)
                .filter(|row| !row.arms.is_empty());
            ladder(
                doc,
                outcome,
                row,
                evaluation,
                treated,
                &format!("distribution-{}{suffix}", index + 1),
            );
        }
    }
    per_arm(doc, evaluation, treated, true, &format!("shares{suffix}"));
    per_arm(doc, evaluation, treated, false, &format!("means{suffix}"));
}

fn forest(doc: &mut Document, evaluation: &Evaluation, treated: &str, suffix: &str) {
    let lang = doc.lang;
    let mut groups = Vec::new();
    for outcome in &evaluation.outcomes {
        let answer = outcome.answer(treated);
        let Some((value, low, high)) = answer.and_then(Answer::standardized) else {
            continue;
        };
        let interval = (low, high);
        groups.push(Group {
            label: label(&outcome.name, &outcome.labels, doc),
            points: vec![Point {
                series: 0,
                value,
                interval: Some(interval),
                shown: number::estimate(
                    Some(value),
                    Some(interval.0),
                    Some(interval.1),
                    2,
                    Scale::Unit,
                    lang,
                ),
            }],
        });
    }
    if groups.is_empty() {
        return;
    }
    doc.figure(Figure {
        id: format!("effects{suffix}"),
        caption: chart::forest_caption(lang),
        alt: listed(
            &chart::effects_alt(treated, &evaluation.control, lang),
            &groups,
            &[],
        ),
        notes: Vec::new(),
        plot: Plot::Points(Points {
            axis: chart::forest_axis(treated, &evaluation.control, lang),
            scale: Scale::Unit,
            lines: vec![0.0],
            series: Vec::new(),
            own_axes: false,
            groups,
        }),
    });
}

fn ladder(
    doc: &mut Document,
    outcome: &OutcomeResult,
    before: Option<&BalanceRow>,
    evaluation: &Evaluation,
    treated: &str,
    id: &str,
) {
    let lang = doc.lang;
    let Some(levels) = arm_of(&outcome.arms, treated).map(|summary| &summary.levels) else {
        return;
    };
    let names: Vec<String> = levels
        .iter()
        .enumerate()
        .map(|(index, level)| level_name(doc, outcome, index, &level.level))
        .collect();
    let same_levels = |summary: &ArmSummary| {
        summary
            .levels
            .iter()
            .map(|level| &level.level)
            .eq(levels.iter().map(|level| &level.level))
    };
    let mut bars = Vec::new();
    let mut alt = Vec::new();
    for arm in [evaluation.control.as_str(), treated] {
        let start = before
            .and_then(|row| arm_of(&row.arms, arm))
            .filter(|summary| same_levels(summary));
        let when = |is_start: bool| start.is_some().then_some(is_start);
        let end = arm_of(&outcome.arms, arm);
        let both = start
            .map(|summary| (summary, when(true)))
            .into_iter()
            .chain(end.map(|summary| (summary, when(false))));
        for (summary, when) in both.filter(|(summary, _)| summary.n > 0) {
            let shares: Vec<(f64, String)> = summary
                .levels
                .iter()
                .map(|level| {
                    (
                        level.share.unwrap_or(0.0),
                        number::percent(level.share, 0, lang),
                    )
                })
                .collect();
            let name = chart::bar(arm, when, summary.n, lang);
            let parts: Vec<String> = names
                .iter()
                .zip(&summary.levels)
                .map(|(name, level)| format!("{name} {}", number::percent(level.share, 1, lang)))
                .collect();
            alt.push(format!("{name}: {}.", parts.join(", ")));
            bars.push(Bar {
                label: name,
                shares,
            });
        }
    }
    if bars.is_empty() {
        return;
    }
    doc.figure(Figure {
        id: id.to_owned(),
        caption: chart::ladder_caption(
            &label(&outcome.name, &outcome.labels, doc),
            before.is_some(),
            lang,
        ),
        alt: alt.join(" "),
        notes: Vec::new(),
        plot: Plot::Bars(Bars {
            levels: names,
            bars,
        }),
    });
}

/// Shares of binary outcomes on one axis, or means of the others, each on its own.
fn per_arm(doc: &mut Document, evaluation: &Evaluation, treated: &str, shares: bool, id: &str) {
    let lang = doc.lang;
    let Ok(level) = Level::new(evaluation.level) else {
        return;
    };
    let arms = [treated, evaluation.control.as_str()];
    let wanted = |kind: VariableKind| match shares {
        true => kind == VariableKind::Binary,
        false => matches!(kind, VariableKind::Numeric | VariableKind::Ordinal),
    };
    let mut groups = Vec::new();
    for outcome in evaluation
        .outcomes
        .iter()
        .filter(|outcome| wanted(outcome.kind))
    {
        let points: Vec<Point> = arms
            .into_iter()
            .enumerate()
            .filter_map(|(series, arm)| {
                let summary = arm_of(&outcome.arms, arm)?;
                if shares {
                    share_point(summary, series, level, lang)
                } else {
                    mean_point(summary, series, level, lang)
                }
            })
            .collect();
        if !points.is_empty() {
            groups.push(Group {
                label: label(&outcome.name, &outcome.labels, doc),
                points,
            });
        }
    }
    if groups.is_empty() {
        return;
    }
    let series: Vec<String> = arms.into_iter().map(str::to_owned).collect();
    let (caption, axis, scale) = match shares {
        true => (
            chart::shares_caption(lang),
            chart::shares_axis(lang),
            Scale::Percent,
        ),
        false => (
            chart::means_caption(lang),
            chart::means_axis(lang),
            Scale::Unit,
        ),
    };
    doc.figure(Figure {
        id: id.to_owned(),
        alt: listed(&caption, &groups, &series),
        caption,
        notes: vec![chart::arm_interval_legend(shares, evaluation.level, lang)],
        plot: Plot::Points(Points {
            axis,
            scale,
            lines: if shares { vec![0.0] } else { Vec::new() },
            series,
            own_axes: !shares,
            groups,
        }),
    });
}

fn share_point(summary: &ArmSummary, series: usize, level: Level, lang: Lang) -> Option<Point> {
    let [_, yes] = summary.levels.as_slice() else {
        return None;
    };
    let share = wilson(yes.count, summary.n, level).ok()?;
    Some(Point {
        series,
        value: share.estimate,
        interval: Some((share.conf_low, share.conf_high)),
        shown: format!(
            "{} {}",
            number::percent(share.estimate, 1, lang),
            number::interval(
                Some(share.conf_low),
                Some(share.conf_high),
                1,
                Scale::Points,
                lang
            )
        ),
    })
}

fn mean_point(summary: &ArmSummary, series: usize, level: Level, lang: Lang) -> Option<Point> {
    let mean = summary.mean?;
    // Counts of people are far below 2^53.
    let n = summary.n as f64;
    let estimate = infer(mean, summary.sd? / n.sqrt(), Some(n - 1.0), level);
    Some(Point {
        series,
        value: mean,
        interval: estimate.conf_low.zip(estimate.conf_high),
        shown: number::estimate(
            Some(mean),
            estimate.conf_low,
            estimate.conf_high,
            2,
            Scale::Unit,
            lang,
        ),
    })
}

/// 'What: a 0,12; b 0,30.' With series: 'a: first 12%, second 4%;'.
fn listed(what: &str, groups: &[Group], series: &[String]) -> String {
    let parts: Vec<String> = groups
        .iter()
        .map(|group| {
            let points: Vec<String> = group
                .points
                .iter()
                .map(|point| match series.get(point.series) {
                    Some(name) => format!("{name} {}", point.shown),
                    None => point.shown.clone(),
                })
                .collect();
            format!("{}: {}", group.label, points.join(", "))
        })
        .collect();
    format!("{what}. {}.", parts.join("; "))
}
