//! A publication in, an audit out.

use super::build;
use super::evaluate;
use super::explain;
use super::figure::{Figures, Values};
use super::finding::Outcome;
use super::finding::{Audit, Verdict};
use super::notes;
use crate::publication::Publication;

/// Audits a publication: every check on the printed values, then an explanation for what fails.
pub fn audit(publication: &Publication) -> Audit {
    let figures = Figures::collect(publication);
    let checks = build::checks(publication, &figures);
    let values = Values::printed_as_is(&figures.list);
    let outcomes: Vec<Option<Outcome>> = checks
        .iter()
        .map(|check| evaluate::evaluate(check, &figures, &values))
        .collect();
    let findings = explain::findings(publication, &figures, &checks, &outcomes);
    let notes = notes::notes(publication, &figures, &checks, &outcomes);
    let mut verdicts = vec![Verdict::NotCheckable; figures.list.len()];
    for (check, outcome) in checks.iter().zip(&outcomes) {
        let Some(outcome) = outcome else {
            continue;
        };
        if !check.vouches() {
            continue;
        }
        let target = check.target();
        for figure in check.figures() {
            let said = match outcome.verdict {
                Verdict::Reproduced if figure == target => Verdict::Reproduced,
                // Who is to blame is for the findings to say.
                Verdict::Inconsistent | Verdict::NotCheckable => continue,
                _ => Verdict::Consistent,
            };
            verdicts[figure] = verdicts[figure].max(said);
        }
    }
    for finding in &findings {
        for &figure in &finding.figures {
            verdicts[figure] = Verdict::Inconsistent;
        }
    }
    Audit {
        figures,
        checks,
        outcomes,
        verdicts,
        findings,
        notes,
    }
}
