//! What missing outcomes could do: whether the arms lose people differently, and how far the
//! effect could move.

use super::absent::{kernel_reason, left_out, model_reason};
use super::means::{design_matrix, difference_by};
use crate::answer::yes_no_over_strata;
use crate::columns::VariableKind;
use crate::results::{
    BoundsRow, Estimate, MissingReading, MissingRow, Note, Reason, ResultPart, TestName, TestResult,
};
use crate::stats::attrition::{Reading, attrition, reading};
use crate::stats::bounds::{Bounds, Lee, lee, lee_by_cluster, worst_case};
use crate::stats::chances::Chances;
use crate::stats::cluster::trusted;
use crate::stats::contingency::TwoByTwo;
use crate::stats::infer::Level;
use crate::stats::matrix::ModelError;
use crate::stats::strata::with_both_arms;
use crate::stats::weighting::{response_weights, weighted_difference};
use crate::study::{Contrast, NO_ARM, OutcomeInput};

/// More than this share missing overall can bias whatever the arms' shares (Schulz & Grimes 2002, Lancet 359, 781–785).
const MUCH: f64 = 0.2;

/// A difference in attrition worth a warning: more than 5 points between the arms.
const UNEQUAL: f64 = 0.05;

/// The row on missing outcomes of one comparison; none when every outcome is known.
pub fn missing(
    contrast: &Contrast<'_>,
    input: &OutcomeInput,
    notes: &mut Vec<Note>,
) -> Option<MissingRow> {
    let of = |arm: usize| {
        let shown = &contrast.summaries[arm].shown;
        (shown.n, shown.missing)
    };
    let ((n1, m1), (n0, m0)) = (of(contrast.treated), of(contrast.control()));
    if m1 + m0 == 0 {
        return None;
    }
    let level = contrast.study.level;
    let table = TwoByTwo {
        treated_yes: m1,
        treated_no: n1,
        control_yes: m0,
        control_no: n0,
    };
    let found = attrition(&table, level).ok()?;
    let mut row = MissingRow {
        treated: contrast.arm(contrast.treated).to_string(),
        control: contrast.arm(contrast.control()).to_string(),
        treated_missing: m1,
        control_missing: m0,
        treated_share: found.treated_share,
        control_share: found.control_share,
        overall: found.overall,
        difference: found.difference.estimate,
        conf_low: found.difference.conf_low,
        conf_high: found.difference.conf_high,
        test: found.test,
        reading: MissingReading::High,
        lee: None,
        worst_case: None,
        weighted: None,
    };
    let drawn = (!contrast.study.design.is_plain()).then(|| Drawn::new(contrast));
    if let Some(drawn) = &drawn {
        drawn.attrition(&mut row, level);
    }
    row.reading = match reading(row.overall, row.difference.unwrap_or_default()) {
        Reading::High => MissingReading::High,
        _ if row.overall > MUCH => MissingReading::MuchMissing,
        Reading::LowIfUnrelated => MissingReading::LowIfUnrelated,
        Reading::Low => MissingReading::Low,
    };
    if row.difference.is_some_and(|points| points.abs() > UNEQUAL) || row.overall > MUCH {
        notes.push(Note::Attrition {
            variable: contrast.measured.name().to_string(),
            treated_missing: row.treated_share,
            control_missing: row.control_share,
        });
    }
    let Some(scores) = contrast.scores else {
        return Some(row);
    };
    match &drawn {
        None => plainly(contrast, (m1, m0), range(contrast, input), &mut row, notes),
        Some(drawn) => drawn.bounds(contrast, scores, range(contrast, input), &mut row, notes),
    }
    without_intervals(contrast, &row, notes);
    match weighted(contrast, scores, notes) {
        None => {}
        Some(Ok(found)) => row.weighted = Some(found),
        Some(Err(reason)) => {
            notes.push(left_out(contrast, &[ResultPart::ResponseWeighted], reason));
        }
    }
    Some(row)
}

/// Bounds where persons were drawn from all together.
fn plainly(
    contrast: &Contrast<'_>,
    (m1, m0): (u64, u64),
    range: Option<(f64, f64)>,
    row: &mut MissingRow,
    notes: &mut Vec<Note>,
) {
    let level = contrast.study.level;
    let values = |wanted: usize| -> Vec<f64> {
        let scores = contrast.scores.iter().copied().flatten();
        scores
            .zip(contrast.codes)
            .filter(|(score, code)| **code as usize == wanted && !score.is_nan())
            .map(|(score, _)| *score)
            .collect()
    };
    let (t, c) = (values(contrast.treated), values(contrast.control()));
    match lee((&t, m1), (&c, m0), level) {
        Ok(lee) => row.lee = Some(bounds(&lee.bounds, Some(lee.trimmed))),
        Err(reason) => {
            let reason = kernel_reason(contrast, reason);
            notes.push(left_out(contrast, &[ResultPart::LeeBounds], reason));
        }
    }
    let Some(range) = range else { return };
    let moments = |arm: usize| &contrast.summaries[arm].moments.moments;
    let found = worst_case(
        (moments(contrast.treated), m1),
        (moments(contrast.control()), m0),
        range,
        level,
    );
    match found {
        Ok(found) => row.worst_case = Some(bounds(&found, None)),
        Err(reason) => {
            let reason = kernel_reason(contrast, reason);
            notes.push(left_out(contrast, &[ResultPart::WorstCase], reason));
        }
    }
}

/// Everybody of two arms as they were drawn, with or without a row in the export.
struct Drawn {
    treated: Vec<bool>,
    /// The row of the study.
    rows: Vec<Option<usize>>,
    known: Vec<bool>,
    strata: Option<Vec<usize>>,
    clusters: Option<Vec<usize>>,
}

impl Drawn {
    fn new(contrast: &Contrast<'_>) -> Drawn {
        let design = &contrast.study.design;
        let missing = contrast.measured.missing();
        let mut drawn = Drawn {
            treated: Vec::new(),
            rows: Vec::new(),
            known: Vec::new(),
            strata: design.strata.as_ref().map(|_| Vec::new()),
            clusters: design.clusters.as_ref().map(|_| Vec::new()),
        };
        let mut add =
            |arm: u32, row: Option<usize>, stratum: Option<usize>, cluster: Option<usize>| {
                let (arm, treated) = (arm as usize, contrast.treated);
                let excluded = row.is_some_and(|row| contrast.codes[row] == NO_ARM);
                if excluded || (arm != treated && arm != contrast.control()) {
                    return;
                }
                drawn.treated.push(arm == treated);
                drawn.rows.push(row);
                drawn.known.push(row.is_some_and(|row| !missing[row]));
                if let (Some(all), Some(own)) = (&mut drawn.strata, stratum) {
                    all.push(own);
                }
                if let (Some(all), Some(own)) = (&mut drawn.clusters, cluster) {
                    all.push(own);
                }
            };
        let at = |of: &Option<Vec<usize>>, place: usize| of.as_ref().map(|of| of[place]);
        match &design.everyone {
            Some(everyone) => {
                for (place, arm) in everyone.codes.iter().enumerate() {
                    let own = (at(&everyone.strata, place), at(&everyone.clusters, place));
                    add(*arm, everyone.rows[place], own.0, own.1);
                }
            }
            None => {
                for (row, arm) in contrast.study.codes.iter().enumerate() {
                    let own = (at(&design.strata, row), at(&design.clusters, row));
                    add(*arm, Some(row), own.0, own.1);
                }
            }
        }
        drawn.complete()
    }

    /// Without the strata in which only one arm was drawn.
    fn complete(self) -> Drawn {
        let Some(strata) = &self.strata else {
            return self;
        };
        let Ok(Some(keep)) = with_both_arms(&self.treated, strata) else {
            return self;
        };
        let of = |values: &[usize]| -> Vec<usize> {
            let both = values.iter().zip(&keep);
            both.filter(|(_, keep)| **keep).map(|(v, _)| *v).collect()
        };
        let flags = |values: &[bool]| -> Vec<bool> {
            let both = values.iter().zip(&keep);
            both.filter(|(_, keep)| **keep).map(|(v, _)| *v).collect()
        };
        Drawn {
            treated: flags(&self.treated),
            known: flags(&self.known),
            rows: self
                .rows
                .iter()
                .zip(&keep)
                .filter(|(_, keep)| **keep)
                .map(|(row, _)| *row)
                .collect(),
            strata: self.strata.as_deref().map(of),
            clusters: self.clusters.as_deref().map(of),
        }
    }

    fn difference(&self, y: &[f64], level: Level) -> Result<Estimate, ModelError> {
        let design = (self.strata.as_deref(), self.clusters.as_deref());
        difference_by(design, y, &self.treated, level)
    }

    /// The shares missing by the chance of each arm, their difference and its test by the draw.
    fn attrition(&self, row: &mut MissingRow, level: Level) {
        let missing: Vec<bool> = self.known.iter().map(|known| !known).collect();
        let Ok(chances) = Chances::new(&self.treated, self.strata.as_deref()) else {
            return;
        };
        if let Ok(Some(share)) = chances.share(&missing, true) {
            row.treated_share = share;
        }
        if let Ok(Some(share)) = chances.share(&missing, false) {
            row.control_share = share;
        }
        let (test, found) = match (&self.strata, &self.clusters) {
            (Some(strata), None) => {
                let found = yes_no_over_strata(&missing, &self.treated, strata, level);
                (
                    TestName::CochranMantelHaenszel,
                    found.map(|(found, _)| found),
                )
            }
            _ => (TestName::DesignT, self.of_clusters(&missing, level)),
        };
        row.difference = Some(row.treated_share - row.control_share);
        row.conf_low = found.and_then(|found| found.conf_low);
        row.conf_high = found.and_then(|found| found.conf_high);
        row.test = found.and_then(|found| {
            Some(TestResult {
                test,
                statistic: found.statistic,
                df: found.df,
                df2: None,
                p_value: Some(found.p_value?),
            })
        });
    }

    /// The difference of shares of clusters, where its standard error can be trusted.
    fn of_clusters(&self, yes: &[bool], level: Level) -> Option<Estimate> {
        let y: Vec<f64> = yes.iter().map(|&yes| f64::from(u8::from(yes))).collect();
        let clusters = self.clusters.as_deref()?;
        let sound = trusted(&y, &self.treated, clusters, self.strata.as_deref()).ok()?;
        sound.then(|| self.difference(&y, level).ok()).flatten()
    }

    /// Bounds by the draw: the worst case with everybody's outcome filled in, Lee's of clusters.
    fn bounds(
        &self,
        contrast: &Contrast<'_>,
        scores: &[f64],
        range: Option<(f64, f64)>,
        row: &mut MissingRow,
        notes: &mut Vec<Note>,
    ) {
        let level = contrast.study.level;
        let equal = Chances::new(&self.treated, self.strata.as_deref())
            .is_ok_and(|chances| chances.equal());
        let lee = match (equal, &self.clusters) {
            (false, _) => Err(Reason::UnequalChances),
            (true, clusters) => self.lee(scores, clusters.as_deref(), level, contrast),
        };
        match lee {
            Ok(found) => row.lee = Some(bounds(&found.bounds, Some(found.trimmed))),
            Err(reason) => notes.push(left_out(contrast, &[ResultPart::LeeBounds], reason)),
        }
        let Some((least, most)) = range else { return };
        let filled = |for_treated: f64, for_control: f64| -> Result<Estimate, ModelError> {
            let people = self.rows.iter().zip(&self.known).zip(&self.treated);
            let y: Vec<f64> = people
                .map(|((row, known), treated)| match (row, known, treated) {
                    (Some(row), true, _) => scores[*row],
                    (_, _, true) => for_treated,
                    (_, _, false) => for_control,
                })
                .collect();
            self.difference(&y, level)
        };
        match (filled(least, most), filled(most, least)) {
            (Ok(low), Ok(high)) => {
                row.worst_case = Some(bounds(&Bounds::of_estimates(&low, &high, level), None));
            }
            (Err(error), _) | (_, Err(error)) => {
                let reason = model_reason(contrast, error);
                notes.push(left_out(contrast, &[ResultPart::WorstCase], reason));
            }
        }
    }

    fn lee(
        &self,
        scores: &[f64],
        clusters: Option<&[usize]>,
        level: Level,
        contrast: &Contrast<'_>,
    ) -> Result<Lee, Reason> {
        let arm = |wanted: bool| -> (Vec<Option<f64>>, Vec<usize>) {
            let own = (0..self.treated.len()).filter(|&i| self.treated[i] == wanted);
            own.map(|i| {
                let y = self.rows[i]
                    .filter(|_| self.known[i])
                    .map(|row| scores[row]);
                (y, clusters.map_or(i, |clusters| clusters[i]))
            })
            .unzip()
        };
        let ((y1, of1), (y0, of0)) = (arm(true), arm(false));
        let found = match clusters {
            Some(_) => lee_by_cluster((&y1, &of1), (&y0, &of0), level),
            None => {
                let known =
                    |y: &[Option<f64>]| -> Vec<f64> { y.iter().flatten().copied().collect() };
                let missing = |y: &[Option<f64>]| y.iter().filter(|y| y.is_none()).count() as u64;
                lee(
                    (&known(&y1), missing(&y1)),
                    (&known(&y0), missing(&y0)),
                    level,
                )
            }
        };
        found.map_err(|reason| kernel_reason(contrast, reason))
    }
}

/// Says which intervals a kernel did not have.
fn without_intervals(contrast: &Contrast<'_>, row: &MissingRow, notes: &mut Vec<Note>) {
    let without = |bounds: &Option<BoundsRow>| {
        let found = bounds.as_ref();
        found.is_some_and(|bounds| bounds.conf_low.is_none() || bounds.conf_high.is_none())
    };
    let mut parts = Vec::new();
    if without(&row.lee) {
        parts.push(ResultPart::LeeInterval);
    }
    if without(&row.worst_case) {
        parts.push(ResultPart::WorstCaseInterval);
    }
    if !parts.is_empty() {
        let reason = match contrast.study.design.clusters {
            Some(_) => Reason::FewClusters,
            None => Reason::TooFewValues,
        };
        notes.push(left_out(contrast, &parts, reason));
    }
}

fn bounds(found: &Bounds, trimmed: Option<f64>) -> BoundsRow {
    BoundsRow {
        low: found.low,
        high: found.high,
        conf_low: found.conf_low,
        conf_high: found.conf_high,
        trimmed,
    }
}

/// The least and greatest possible value, where the kind of outcome has one.
fn range(contrast: &Contrast<'_>, input: &OutcomeInput) -> Option<(f64, f64)> {
    match input.measured.kind {
        VariableKind::Binary => Some((0.0, 1.0)),
        VariableKind::Ordinal => {
            let (levels, _) = contrast.measured.level_codes()?;
            let scores = crate::columns::level_scores(&levels);
            Some((*scores.first()?, *scores.last()?))
        }
        VariableKind::Numeric | VariableKind::Categorical => None,
    }
}

/// The difference with people weighted by how likely people like them are to be known, from the
/// covariates; only people with a row in the export can be modelled. None where nothing is asked:
/// without covariates, or where nobody in the export lacks the outcome.
fn weighted(
    contrast: &Contrast<'_>,
    scores: &[f64],
    notes: &mut Vec<Note>,
) -> Option<Result<Estimate, Reason>> {
    let study = contrast.study;
    if study.covariates.is_empty() {
        return None;
    }
    let (people, treated) = study.rows(contrast.codes, contrast.treated, |_| true);
    let known: Vec<bool> = people.iter().map(|&row| !scores[row].is_nan()).collect();
    if !known.contains(&false) {
        return None;
    }
    let found = design_matrix(&study.covariates, &people)
        .and_then(|covariates| response_weights(&known, &treated, &covariates));
    let found = match found {
        Ok(found) => found,
        Err(ModelError::Numerical) => return Some(Err(Reason::Separated)),
        Err(error) => return Some(Err(model_reason(contrast, error))),
    };
    if found.unlike > 0 {
        notes.push(Note::NobodyLikeThem {
            variable: contrast.measured.name().to_string(),
            people: found.unlike as u64,
        });
    }
    let y: Vec<f64> = people
        .iter()
        .map(|&row| {
            if scores[row].is_nan() {
                0.0
            } else {
                scores[row]
            }
        })
        .collect();
    let strata = study.design.strata_of(&people);
    let weights = match Chances::new(&treated, strata.as_deref()) {
        Ok(chances) => {
            let both = found.weights.iter().zip(chances.weights());
            both.map(|(known, chance)| known * chance).collect()
        }
        Err(_) => found.weights,
    };
    let clusters = study.design.cluster_codes(&people);
    let found = weighted_difference(&y, &treated, &weights, clusters.as_deref(), study.level);
    Some(found.map_err(|error| model_reason(contrast, error)))
}
