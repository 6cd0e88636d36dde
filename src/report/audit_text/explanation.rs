//! What would explain a finding: offered, never asserted.

use super::Words;
use crate::audit::digits::Edit;
use crate::audit::figure::FigureId;
use crate::audit::rounding::Convention;
use crate::audit::statistic_p::Tails;
use crate::audit::{Change, Explanation, Finding, Source};
use crate::words::Lang;

impl Words<'_> {
    /// The explanations of a finding in one sentence, the nearest first.
    pub(super) fn explanations(&self, finding: &Finding) -> String {
        let mut options: Vec<String> = Vec::new();
        let mut left = &finding.explanations[..];
        while let Some((first, rest)) = left.split_first() {
            // Other values of the same figure are named in one breath.
            let same = rest
                .iter()
                .take_while(|e| one_figure(e).is_some() && one_figure(e) == one_figure(first));
            let values: Vec<String> = same.filter_map(|e| self.value(e)).collect();
            left = &rest[values.len()..];
            let or = self.pick("of", "or");
            let also: String = values
                .iter()
                .map(|value| format!(" {or} {value}"))
                .collect();
            let all = finding
                .explanations
                .iter()
                .map(|e| e.settles)
                .max()
                .unwrap_or(0);
            let partly = (first.settles < all).then(|| self.partly(first.settles, all));
            options.push(self.changes(first, &also) + &partly.unwrap_or_default());
        }
        if options.is_empty() {
            let none = self.pick(
                "Een eenvoudige verklaring is niet gevonden.",
                "No simple explanation was found.",
            );
            return none.to_owned();
        }
        let options = options.join(self.pick("; of als ", "; or if "));
        match self.lang {
            Lang::Nl => format!("Het zou kloppen als {options}."),
            Lang::En => format!("It would fit if {options}."),
        }
    }

    fn value(&self, explanation: &Explanation) -> Option<String> {
        match explanation.changes[..] {
            [Change::Figure { figure, to, .. }] => Some(self.supposed(figure, to)),
            _ => None,
        }
    }

    /// One explanation, to stand behind 'if'.
    pub fn explanation(&self, explanation: &Explanation) -> String {
        self.changes(explanation, "")
    }

    fn changes(&self, explanation: &Explanation, also: &str) -> String {
        let and = self.pick(" en ", " and ");
        let changes: Vec<String> = explanation
            .changes
            .iter()
            .map(|c| self.change(c, also))
            .collect();
        changes.join(and)
    }

    fn change(&self, change: &Change, also: &str) -> String {
        let nl = self.lang == Lang::Nl;
        match change {
            Change::Figure {
                figure,
                to,
                edit,
                source,
            } => {
                let (place, printed) = (self.place(*figure), self.printed(*figure));
                let to = self.supposed(*figure, *to);
                let why = self.why(*edit, *source);
                match nl {
                    true => format!("er {to}{also} stond in plaats van {printed}{why} ({place})"),
                    false => format!("it read {to}{also} instead of {printed}{why} ({place})"),
                }
            }
            Change::Denominator {
                table,
                group,
                n,
                others,
                ..
            } => {
                let (table, group) = (self.table(*table), self.group(*group));
                let others: Vec<String> = others.iter().take(3).map(|n| n.to_string()).collect();
                let or = if others.is_empty() {
                    String::new()
                } else {
                    format!(" ({} {})", self.pick("of", "or"), others.join(", "))
                };
                match nl {
                    true => format!(
                        "de percentages van {group} in {table} berekend zijn op n = {n}{or}"
                    ),
                    false => format!(
                        "the percentages of {group} in {table} were computed on n = {n}{or}"
                    ),
                }
            }
            Change::Column {
                group, of, implied, ..
            } => {
                let (group, of) = (self.group(*group), self.group(*of));
                let values: Vec<String> = implied
                    .iter()
                    .map(|&(figure, to)| self.supposed(figure, to))
                    .collect();
                let values = values.join("; ");
                match nl {
                    true => format!(
                        "de kolom {group} per ongeluk die van {of} herhaalt; uit de rest volgt {values}"
                    ),
                    false => format!(
                        "the column {group} repeats that of {of} by mistake; the rest implies {values}"
                    ),
                }
            }
            Change::LeftOut { figure } => {
                let (place, printed) = (self.place(*figure), self.printed(*figure));
                match nl {
                    true => format!("{printed} ({place}) niet is meegerekend"),
                    false => format!("{printed} ({place}) was left out"),
                }
            }
            Change::Rounding {
                convention: Convention::RoundedTwice,
                ..
            } => self
                .pick(
                    "er twee keer is afgerond, eerst op een cijfer meer",
                    "it was rounded twice, first to one digit more",
                )
                .to_owned(),
            Change::Rounding { .. } => self
                .pick(
                    "de cijfers zijn afgekapt, niet afgerond",
                    "the digits were cut off, not rounded",
                )
                .to_owned(),
            Change::PopulationSd { .. } => self
                .pick(
                    "de SD is berekend met n in plaats van n − 1",
                    "the SD was computed with n instead of n − 1",
                )
                .to_owned(),
            Change::OtherTest { variant } => {
                let name = self.variant(*variant);
                match nl {
                    true => format!("een andere toets is gebruikt ({name})"),
                    false => format!("another test was used ({name})"),
                }
            }
            Change::Tails { tails: Tails::One } => self
                .pick("de p-waarde eenzijdig is", "the p-value is one-sided")
                .to_owned(),
            Change::Tails {
                tails: Tails::Doubled,
            } => self
                .pick("de p-waarde verdubbeld is", "the p-value was doubled")
                .to_owned(),
            Change::Swapped { first, second } => {
                let (a, b) = (self.printed(*first), self.printed(*second));
                match nl {
                    true => format!("{a} en {b} verwisseld zijn ({})", self.place(*first)),
                    false => format!("{a} and {b} were exchanged ({})", self.place(*first)),
                }
            }
        }
    }

    fn why(&self, edit: Option<Edit>, source: Option<Source>) -> String {
        let slip = edit.map(|edit| match edit {
            Edit::OneDigit => self.pick("één cijfer anders", "one digit off"),
            Edit::Transposed => self.pick("twee cijfers verwisseld", "two digits swapped"),
            Edit::SlippedDecimal => self.pick("een verschoven komma", "a slipped decimal"),
            Edit::Length => self.pick(
                "een cijfer te veel of te weinig",
                "a digit too many or too few",
            ),
            Edit::TwoDigits => self.pick("twee cijfers anders", "two digits off"),
        });
        let from = match source {
            Some(Source::Printed(_)) => Some(self.pick("elders gedrukt", "printed elsewhere")),
            Some(Source::Implied) => {
                Some(self.pick("wat uit de rest volgt", "what the rest implies"))
            }
            None => None,
        };
        let both: Vec<&str> = slip.into_iter().chain(from).collect();
        if both.is_empty() {
            String::new()
        } else {
            format!(", {}", both.join(", "))
        }
    }

    /// An explanation that leaves something open says so.
    fn partly(&self, settles: usize, all: usize) -> String {
        match self.lang {
            Lang::Nl => format!(" (dat verklaart {settles} van de {all})"),
            Lang::En => format!(" (which explains {settles} of {all})"),
        }
    }
}

/// The figure of an explanation that replaces just one.
fn one_figure(explanation: &Explanation) -> Option<FigureId> {
    match explanation.changes[..] {
        [Change::Figure { figure, .. }] => Some(figure),
        _ => None,
    }
}
