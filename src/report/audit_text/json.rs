//! The audit as a file: `fip/audit/1`.

use serde::Serialize;

use super::Words;
use crate::audit::figure::{At, FigureId};
use crate::audit::{Finding, Verdict};

/// The whole file.
#[derive(Debug, Clone, Serialize)]
pub struct AuditFile {
    pub schema: &'static str,
    pub publication: String,
    pub summary: Summary,
    /// The inconsistencies first, most serious first, one entry per finding and then one per further cell
    /// of it; then one per other figure.
    pub findings: Vec<Entry>,
    pub notes: Vec<String>,
}

/// How many printed figures got each verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub reproduced: usize,
    pub consistent: usize,
    pub inconsistent: usize,
    pub not_checkable: usize,
}

/// One finding, or one figure without one.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    pub table: Option<String>,
    pub row: Option<String>,
    pub column: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    pub check: Option<&'static str>,
    pub verdict: Verdict,
    pub printed: String,
    pub recomputed: Option<String>,
    pub explanation: Option<String>,
    /// The other figures of the finding.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Every check that fails with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<&'static str>,
}

impl Words<'_> {
    /// Counts the verdicts.
    pub fn summary(&self) -> Summary {
        let count = |wanted: Verdict| self.audit.verdicts.iter().filter(|&&v| v == wanted).count();
        Summary {
            reproduced: count(Verdict::Reproduced),
            consistent: count(Verdict::Consistent),
            inconsistent: count(Verdict::Inconsistent),
            not_checkable: count(Verdict::NotCheckable),
        }
    }

    /// The file as data, to be written as JSON.
    pub fn file(&self) -> AuditFile {
        let inconsistent = self.audit.findings.iter().flat_map(|finding| {
            let further = self.further_cells(finding);
            [self.finding_entry(finding)].into_iter().chain(further)
        });
        let others = (0..self.audit.verdicts.len())
            .filter(|&figure| self.audit.verdicts[figure] != Verdict::Inconsistent)
            .map(|figure| self.figure_entry(figure));
        AuditFile {
            schema: "fip/audit/1",
            publication: self.publication.id.clone(),
            summary: self.summary(),
            findings: inconsistent.chain(others).collect(),
            notes: self
                .audit
                .notes
                .iter()
                .map(|note| self.note(note))
                .collect(),
        }
    }

    fn finding_entry(&self, finding: &Finding) -> Entry {
        let names: Vec<&'static str> = finding
            .checks
            .iter()
            .map(|&c| self.audit.checks[c].name())
            .collect();
        let mut entry = self.blank(finding.figures[0]);
        entry.verdict = Verdict::Inconsistent;
        let claims = finding
            .checks
            .iter()
            .find_map(|&c| self.audit.checks[c].claim());
        let claims = claims.map(|claim| self.publication.claims[claim].id.clone());
        entry.claim = entry.claim.or(claims);
        entry.check = names.first().copied();
        entry.recomputed = finding.checks.first().map(|&check| self.problem(check));
        entry.explanation = Some(self.explanations(finding));
        entry.also = self.other_places(finding);
        entry.checks = names;
        entry
    }

    /// The finding's other cells, each with the check that fails there.
    fn further_cells(&self, finding: &Finding) -> Vec<Entry> {
        let cell = |figure: FigureId| self.audit.figures.list[figure].at.cell();
        let mut seen = vec![cell(finding.figures[0])];
        let mut entries = Vec::new();
        for &figure in &finding.figures[1..] {
            if cell(figure).is_none() || seen.contains(&cell(figure)) {
                continue;
            }
            seen.push(cell(figure));
            let about = |&&check: &&usize| {
                let check = &self.audit.checks[check];
                cell(check.target()) == cell(figure)
            };
            let touching = |&&check: &&usize| self.audit.checks[check].figures().contains(&figure);
            let checks = || finding.checks.iter();
            let mut entry = self.blank(figure);
            entry.verdict = Verdict::Inconsistent;
            let own = checks().find(about).or(checks().find(touching));
            if let Some(&check) = own {
                entry.check = Some(self.audit.checks[check].name());
                entry.recomputed = Some(self.problem(check));
            }
            entry.explanation = Some(self.explanations(finding));
            entries.push(entry);
        }
        entries
    }

    fn figure_entry(&self, figure: FigureId) -> Entry {
        let mut entry = self.blank(figure);
        entry.verdict = self.audit.verdicts[figure];
        let vouching =
            self.audit
                .checks
                .iter()
                .zip(&self.audit.outcomes)
                .filter(|(check, outcome)| {
                    outcome.is_some() && check.vouches() && check.figures().contains(&figure)
                });
        let checks: Vec<_> = vouching.map(|(check, _)| check).collect();
        let own = checks.iter().find(|check| check.target() == figure);
        entry.check = own.or(checks.first()).map(|check| check.name());
        entry
    }

    fn blank(&self, figure: FigureId) -> Entry {
        let at = self.audit.figures.list[figure].at;
        let cell = at.cell();
        let row = match at {
            At::RowStatistic(row) | At::RowDf(row) | At::RowP(row) => Some(row),
            _ => cell.map(|c| crate::publication::RowRef {
                table: c.table,
                row: c.row,
            }),
        };
        let group = match at {
            At::GroupN(group) => Some(group),
            _ => cell.map(|c| c.group),
        };
        let claim = match at {
            At::ClaimValue(c) | At::ClaimStatistic(c) | At::ClaimDf(c) | At::ClaimP(c) => Some(c),
            _ => None,
        };
        Entry {
            table: row.map(|row| self.publication.tables[row.table].id.clone()),
            row: row.map(|row| self.publication.row(row).label.clone()),
            column: group.map(|group| self.publication.groups[group].id.clone()),
            claim: claim.map(|claim| self.publication.claims[claim].id.clone()),
            check: None,
            verdict: Verdict::NotCheckable,
            printed: self.whole_cell(figure),
            recomputed: None,
            explanation: None,
            also: Vec::new(),
            checks: Vec::new(),
        }
    }

    /// What is printed: the whole cell, or the figure that stands by itself.
    fn whole_cell(&self, figure: FigureId) -> String {
        let cell = match self.audit.figures.list[figure].at {
            At::First(cell) | At::Second(cell) => self.publication.cell(cell),
            _ => None,
        };
        cell.map_or_else(
            || self.printed(figure).to_owned(),
            |cell| cell.printed.text.clone(),
        )
    }
}
