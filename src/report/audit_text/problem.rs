//! What does not fit, per check.

use super::Words;
use crate::audit::Arithmetic;
use crate::audit::check::{Check, PClaim};
use crate::audit::debit::{self, Divisor};
use crate::audit::figure::{At, FigureId, Values};
use crate::audit::formula;
use crate::audit::span::Span;
use crate::audit::summary_test::{TestRange, Variant};
use crate::publication::format::Comparison;
use crate::publication::{Bound, Expr, Operator};
use crate::words::{Lang, number};

impl Words<'_> {
    /// What does not fit, with the arithmetic.
    pub(super) fn problem(&self, index: usize) -> String {
        let check = &self.audit.checks[index];
        let target = check.target();
        let place = self.place(target);
        let printed = self.printed(target);
        let body = match &self.audit.outcomes[index] {
            Some(outcome) => self.arithmetic(check, &outcome.arithmetic, printed),
            None => self
                .pick("niet te controleren", "cannot be checked")
                .to_owned(),
        };
        format!("{place}: {body}.")
    }

    /// What else fails for the same reason.
    pub(super) fn also(&self, others: &[usize]) -> Option<String> {
        let mut places: Vec<String> = others
            .iter()
            .map(|&check| {
                let check = &self.audit.checks[check];
                format!("{} ({})", self.place(check.target()), self.kind(check))
            })
            .collect();
        places.dedup();
        let count = places.len();
        places.truncate(4);
        let more = if count > places.len() { " …" } else { "" };
        let list = places.join("; ");
        (count > 0).then(|| match self.lang {
            Lang::Nl => format!("Om dezelfde reden klopt ook dit niet: {list}{more}."),
            Lang::En => format!("For the same reason this does not fit either: {list}{more}."),
        })
    }

    /// A check's name in words.
    pub fn kind(&self, check: &Check) -> &'static str {
        match check {
            Check::CountShare { .. } => self.pick("aantal en percentage", "count and percentage"),
            Check::ShareOfN { .. } => self.pick("percentage en n", "percentage and n"),
            Check::Binary { .. } => {
                self.pick("gemiddelde en SD van ja/nee", "mean and SD of yes/no")
            }
            Check::MeanOfN { .. } => {
                self.pick("gemiddelde van gehele getallen", "mean of whole numbers")
            }
            Check::MeanSd { .. } => self.pick(
                "gemiddelde en SD van gehele getallen",
                "mean and SD of whole numbers",
            ),
            Check::Range { .. } => self.pick("bereik", "range"),
            Check::AtMost { .. } => self.pick("deel en geheel", "part and whole"),
            Check::PartCounts { .. } => self.pick("optelling van aantallen", "sum of counts"),
            Check::PartShares { .. } => {
                self.pick("optelling van percentages", "sum of percentages")
            }
            Check::Distribution { .. } => {
                self.pick("verdeling en gemiddelde", "distribution and mean")
            }
            Check::TotalCount { .. } => self.pick("totaal van de groepen", "total of the groups"),
            Check::TotalMean { .. } => self.pick("gewogen gemiddelde", "weighted mean"),
            Check::TotalSd { .. } => self.pick("SD van het totaal", "SD of the total"),
            Check::Same { .. } => self.pick("zelfde cijfer elders", "same figure elsewhere"),
            Check::Column { .. } => self.pick("herhaalde kolom", "repeated column"),
            Check::Formula { .. } => self.pick("berekening", "calculation"),
            Check::Significance {
                claim: PClaim::Mark { .. },
                ..
            } => self.pick("sterren", "stars"),
            Check::Significance {
                claim: PClaim::Printed { .. },
                ..
            } => self.pick("p-waarde", "p-value"),
            Check::Significance {
                claim: PClaim::Words { .. },
                ..
            }
            | Check::PLevel { .. } => {
                self.pick("significantie in de tekst", "significance in the text")
            }
            Check::Statistic { .. } => self.pick("toetsingsgrootheid", "test statistic"),
            Check::StatisticRange { .. } => {
                self.pick("onmogelijke toetsingsgrootheid", "impossible statistic")
            }
            Check::StatisticP { .. } => self.pick("toetsingsgrootheid en p", "statistic and p"),
            Check::Order { .. } => self.pick("richting in de tekst", "direction in the text"),
        }
    }

    fn arithmetic(&self, check: &Check, arithmetic: &Arithmetic, printed: &str) -> String {
        let nl = self.lang == Lang::Nl;
        let target = check.target();
        match arithmetic {
            Arithmetic::Ratio {
                count,
                n,
                fitting_n,
                ..
            } => {
                let share = Span::point(*count as f64 / *n as f64);
                let is = self.as_printed(target, share, 2);
                let fits = fitting_n.map(|(a, b)| match (nl, a == b) {
                    (true, true) => format!("; {printed} hoort bij n = {a}"),
                    (true, false) => format!("; {printed} hoort bij een n van {a} tot {b}"),
                    (false, true) => format!("; {printed} goes with n = {a}"),
                    (false, false) => format!("; {printed} goes with an n from {a} to {b}"),
                });
                let not = self.pick("niet", "not");
                let of = self.pick("van", "of");
                let equals = self.pick("is", "is");
                format!(
                    "{count} {of} {n} {equals} {is}, {not} {printed}{}",
                    fits.unwrap_or_default()
                )
            }
            Arithmetic::Nearest { n, below, above } => {
                let near = [below, above].map(|&v| self.as_printed(target, Span::point(v), 2));
                match nl {
                    true => format!(
                        "geen geheel aantal op n = {n} geeft {printed}; het dichtst bij zijn {} en {}",
                        near[0], near[1]
                    ),
                    false => format!(
                        "no whole number of n = {n} gives {printed}; the nearest are {} and {}",
                        near[0], near[1]
                    ),
                }
            }
            Arithmetic::BinarySd {
                n,
                counts: (first, last),
                ..
            } => {
                let sd = |k: u64| {
                    debit::sd(k, *n, Divisor::Sample)
                        .map(|sd| self.as_printed(target, Span::point(sd), 2))
                };
                let options: Vec<String> = (*first..=*last)
                    .take(6)
                    .filter_map(|k| Some(format!("{} ({k}/{n})", sd(k)?)))
                    .collect();
                let more = if last - first >= 6 { " …" } else { "" };
                let list = options.join("; ") + more;
                match nl {
                    true => format!(
                        "een ja/nee-gegeven met dit gemiddelde en n = {n} kan geen SD van {printed} hebben, wel: {list}"
                    ),
                    false => format!(
                        "yes/no data with this mean and n = {n} cannot have an SD of {printed}, but: {list}"
                    ),
                }
            }
            Arithmetic::NoSd { n, scale, .. } => {
                let on = scale.map(|s| match nl {
                    true => format!(" van {} tot {}", s.low, s.high),
                    false => format!(" from {} to {}", s.low, s.high),
                });
                let on = on.unwrap_or_default();
                match nl {
                    true => format!(
                        "geen {n} gehele getallen{on} hebben dit gemiddelde én een SD van {printed}"
                    ),
                    false => {
                        format!("no {n} whole numbers{on} have this mean and an SD of {printed}")
                    }
                }
            }
            Arithmetic::Limits { low, high, most_sd } => {
                let ends = self.range(Span::new(*low, *high), 0);
                let sd = number::fixed(*most_sd, 2, self.lang);
                match nl {
                    true => format!(
                        "tussen {ends} kan dit gemiddelde niet, of een SD van hoogstens {sd}"
                    ),
                    false => {
                        format!("between {ends} this mean is impossible, or an SD of at most {sd}")
                    }
                }
            }
            Arithmetic::AtMost { part, whole } => match nl {
                true => format!("{part} is meer dan het geheel van {whole}"),
                false => format!("{part} is more than the whole of {whole}"),
            },
            Arithmetic::Sum { terms, sum, whole } => {
                let terms: Vec<String> =
                    terms.iter().map(|&t| number::count(t, self.lang)).collect();
                let (sum, whole) = (
                    number::count(*sum, self.lang),
                    number::count(*whole, self.lang),
                );
                format!(
                    "{} = {sum}, {} {whole}",
                    terms.join(" + "),
                    self.pick("niet", "not")
                )
            }
            Arithmetic::ShareSum { range, whole, n } => {
                let (range_text, whole_text) = (
                    self.as_printed(target, *range, 0),
                    self.as_printed(target, *whole, 0),
                );
                match (range.overlaps(*whole), n) {
                    (true, Some(n)) if nl => format!(
                        "geen gehele aantallen die samen n = {n} zijn, geven deze percentages"
                    ),
                    (true, Some(n)) => {
                        format!("no whole numbers that add up to n = {n} give these percentages")
                    }
                    _ if nl => format!("de delen zijn samen {range_text}, niet {whole_text}"),
                    _ => format!("the parts add up to {range_text}, not {whole_text}"),
                }
            }
            Arithmetic::Moments { n, mean, sd } => {
                let (mean, sd) = (self.range(*mean, 3), self.range(*sd, 3));
                match nl {
                    true => format!(
                        "de verdeling (n = {n}) geeft een gemiddelde van {mean} en een SD van {sd}, niet {printed}"
                    ),
                    false => format!(
                        "the distribution (n = {n}) gives a mean of {mean} and an SD of {sd}, not {printed}"
                    ),
                }
            }
            Arithmetic::Weighted { terms, range } => {
                let each: Vec<String> = terms
                    .iter()
                    .map(|(n, m)| {
                        format!(
                            "{n} × {}",
                            number::fixed(m.value(), m.decimals as usize, self.lang)
                        )
                    })
                    .collect();
                let all: u64 = terms.iter().map(|t| t.0).sum();
                let range = self.as_printed(target, *range, 1);
                let not = self.pick("niet", "not");
                format!("({}) / {all} = {range}, {not} {printed}", each.join(" + "))
            }
            Arithmetic::CombinedSd { range } => {
                let range = self.as_printed(target, *range, 1);
                match nl {
                    true => format!(
                        "uit de gemiddelden en SD’s van de groepen volgt een SD van {range}, niet {printed}"
                    ),
                    false => {
                        format!("the groups’ means and SDs give an SD of {range}, not {printed}")
                    }
                }
            }
            Arithmetic::Other { figure } => {
                let (place, other) = (self.place(*figure), self.printed(*figure));
                match nl {
                    true => format!("hier staat {printed}, elders {other} ({place})"),
                    false => format!("{printed} here, {other} elsewhere ({place})"),
                }
            }
            Arithmetic::Formula { range } => self.formula(check, *range, printed),
            Arithmetic::Tests { ranges, claimed } => self.tests(check, ranges, *claimed, printed),
            Arithmetic::P { range, .. } => {
                let p = self.p(*range);
                let printed = match self.audit.figures.list[target].bound {
                    Bound::Equal => printed.to_owned(),
                    Bound::Less => format!("< {printed}"),
                    Bound::Greater => format!("> {printed}"),
                };
                let statistic = match check {
                    Check::StatisticP { statistic, .. } => self.printed(*statistic),
                    _ => "",
                };
                match nl {
                    true => format!(
                        "bij een toetsingsgrootheid van {statistic} hoort {p}, niet {printed}"
                    ),
                    false => format!("a statistic of {statistic} goes with {p}, not {printed}"),
                }
            }
            Arithmetic::Outside { high, .. } if *high > 1.0 => match nl {
                true => format!("{printed}, maar χ² of F kan niet negatief zijn"),
                false => format!("{printed}, but χ² or F cannot be negative"),
            },
            Arithmetic::Outside { .. } => match nl {
                true => format!("{printed}, maar een correlatie ligt tussen −1 en 1"),
                false => format!("{printed}, but a correlation lies between −1 and 1"),
            },
            Arithmetic::Level { level, significant } => {
                let level = number::level(*level, self.lang);
                let text = check
                    .claim()
                    .map(|claim| self.claim(claim))
                    .unwrap_or_default();
                match (nl, significant) {
                    (true, true) => format!(
                        "p = {printed} is niet significant op {level}, zoals de tekst zegt ({text})"
                    ),
                    (true, false) => format!(
                        "p = {printed} is wel significant op {level}, anders dan de tekst zegt ({text})"
                    ),
                    (false, true) => format!(
                        "p = {printed} is not significant at {level}, as the text has it ({text})"
                    ),
                    (false, false) => format!(
                        "p = {printed} is significant at {level}, unlike the text has it ({text})"
                    ),
                }
            }
            Arithmetic::Order { first, second, is } => self.order(check, *first, *second, *is),
            Arithmetic::Repeat { of, repeat } => {
                let of = self.group(*of);
                let chance = number::significant(repeat.chance, 1, self.lang);
                match nl {
                    true => format!(
                        "de kolom is tot op het cijfer gelijk aan die van {of}; de kans daarop is ongeveer {chance}"
                    ),
                    false => format!(
                        "the column is equal to that of {of} to the digit; the chance of that is about {chance}"
                    ),
                }
            }
            Arithmetic::None => self.pick("past niet", "does not fit").to_owned(),
        }
    }

    fn order(&self, check: &Check, first: FigureId, second: FigureId, is: Comparison) -> String {
        let text = match check {
            Check::Order { claim, .. } => self.claim(*claim),
            _ => String::new(),
        };
        let (a, b) = (self.printed(first), self.printed(second));
        // What the words deny is said plainly: no 'not not higher'.
        let word = match is {
            Comparison::Higher | Comparison::NotHigher => self.pick("hoger dan", "higher than"),
            Comparison::Lower | Comparison::NotLower => self.pick("lager dan", "lower than"),
            Comparison::Equal => self.pick("gelijk aan", "equal to"),
        };
        let denied = matches!(is, Comparison::NotHigher | Comparison::NotLower);
        match (self.lang, denied) {
            (Lang::Nl, false) => format!("{a} is niet {word} {b}, zoals de tekst zegt ({text})"),
            (Lang::En, false) => format!("{a} is not {word} {b}, as the text has it ({text})"),
            (Lang::Nl, true) => format!("{a} is {word} {b}, anders dan de tekst zegt ({text})"),
            (Lang::En, true) => format!("{a} is {word} {b}, unlike the text has it ({text})"),
        }
    }

    fn tests(&self, check: &Check, ranges: &[TestRange], claimed: Span, printed: &str) -> String {
        let by_statistic = matches!(check, Check::Statistic { .. });
        let each: Vec<String> = ranges
            .iter()
            .filter_map(|r| {
                let value = match (by_statistic, r.statistic) {
                    (true, Some(statistic)) => self.range(statistic, 3),
                    (true, None) => return None,
                    (false, _) => self.p(r.p),
                };
                Some(format!("{} {value}", self.variant(r.variant)))
            })
            .collect();
        let list = each.join("; ");
        let (low, high) = (
            number::level(claimed.low, self.lang),
            number::level(claimed.high, self.lang),
        );
        let says = match check {
            Check::Significance {
                claim: PClaim::Mark { marks, .. },
                ..
            } => match (self.lang, marks.is_empty()) {
                (Lang::Nl, true) => format!("zonder ster, dus p ≥ {low}"),
                (Lang::En, true) => format!("no star, so p ≥ {low}"),
                (Lang::Nl, false) => format!("{marks} staat voor {low} ≤ p < {high}"),
                (Lang::En, false) => format!("{marks} stands for {low} ≤ p < {high}"),
            },
            Check::Significance {
                claim: PClaim::Words { claim, .. },
                ..
            } => {
                let text = self.claim(*claim);
                let level = if claimed.high < 1.0 {
                    format!("p < {high}")
                } else {
                    format!("p ≥ {low}")
                };
                format!("{level} ({text})")
            }
            _ => printed.to_owned(),
        };
        match self.lang {
            Lang::Nl => format!("gedrukt: {says}; uit de gedrukte cijfers volgt {list}"),
            Lang::En => format!("printed: {says}; the printed figures give {list}"),
        }
    }

    /// What a variant of a test is called.
    pub(super) fn variant(&self, variant: Variant) -> &'static str {
        match variant {
            Variant::Welch => "Welch",
            Variant::Student => "Student",
            Variant::Pearson => "Pearson",
            Variant::Yates => "Yates",
            Variant::LikelihoodRatio => self.pick("likelihood-ratio", "likelihood ratio"),
            Variant::Fisher => "Fisher",
        }
    }

    fn formula(&self, check: &Check, range: Span, printed: &str) -> String {
        let Check::Formula { expr, target, .. } = check else {
            return String::new();
        };
        let written = self.written(expr, false);
        let values = Values::printed_as_is(&self.audit.figures.list);
        let face = formula::at_face_value(expr, &self.audit.figures, &values);
        let result = face.map_or_else(
            || self.as_printed(*target, range, 1),
            |value| {
                self.range(
                    Span::point(value),
                    self.audit.figures.list[*target].printed.decimals + 1,
                )
            },
        );
        format!(
            "{written} = {result}, {} {printed}",
            self.pick("niet", "not")
        )
    }

    /// A formula with the printed figures in the place of their references.
    fn written(&self, expr: &Expr, inside: bool) -> String {
        let figure = |at: At| {
            let id = self.audit.figures.id(at);
            id.map_or("?".to_owned(), |id| {
                self.printed(id).trim_end_matches('%').trim().to_owned()
            })
        };
        match expr {
            Expr::Number(value) => {
                number::fixed(value.to_f64(), value.decimals as usize, self.lang)
            }
            Expr::Cell(cell) => figure(At::First(*cell)),
            Expr::GroupSize(group) => figure(At::GroupN(*group)),
            Expr::Claim(claim) => figure(At::ClaimValue(*claim)),
            Expr::OwnCell(_) | Expr::OwnSize => "?".to_owned(),
            Expr::Binary(operator, left, right) => {
                let (sign, tight) = match operator {
                    Operator::Add => ("+", false),
                    Operator::Subtract => ("−", false),
                    Operator::Multiply => ("×", true),
                    Operator::Divide => ("/", true),
                };
                let text = format!(
                    "{} {sign} {}",
                    self.written(left, tight),
                    self.written(right, true)
                );
                if inside && !tight {
                    format!("({text})")
                } else {
                    text
                }
            }
        }
    }
}
