//! From text to [`Publication`]: every name looked up, every figure taken apart, every
//! mistake reported with its line.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

use super::format::{Group, Publication, Role};
use super::formulas;
use super::printed::Notation;
use super::raw::{RawClaim, RawGroup, RawPublication, RawTable};
use super::resolve::Reader;
use crate::error::{Error, Result, nearest};

/// Reads a publication file; `file` is its name in messages.
///
/// # Errors
/// Protocol errors with line and column: not TOML, an unknown or missing key, a figure
/// that is not a number, an id used twice, a reference to nothing, a mark that the legend lacks, a formula
/// that goes round or divides by zero.
pub fn read(text: &str, file: &str) -> Result<Publication> {
    let source = Source { text, file };
    let raw: RawPublication = toml::from_str(text).map_err(|error| source.not_toml(&error))?;
    let RawPublication {
        publication: head,
        group,
        table,
        claim,
        synth,
    } = raw;
    let notation = source.notation(&head.decimal, head.thousands.as_ref())?;
    let language = source.language(head.language)?;
    let names = Names::collect(&source, &group, &table, &claim)?;
    let reader = Reader {
        source,
        names,
        notation,
        language: language.clone(),
    };
    let groups: Vec<Group> = group
        .into_iter()
        .map(|g| reader.group(g))
        .collect::<Result<_>>()?;
    for total in &groups {
        if let Some(&nested) = total.of.iter().find(|&&part| !groups[part].of.is_empty()) {
            let message = format!(
                "the total '{}' is made of another total, '{}'",
                total.id, groups[nested].id
            );
            return Err(Error::protocol(message)
                .file(file)
                .line(total.line)
                .hint("name the groups without overlap that it is made of"));
        }
    }
    let tables = table
        .into_iter()
        .map(|t| reader.table(t))
        .collect::<Result<_>>()?;
    let claims = claim
        .into_iter()
        .map(|c| reader.claim(c))
        .collect::<Result<_>>()?;
    let roles: Vec<Role> = groups.iter().map(|group| group.role).collect();
    let synth = synth.map(|synth| reader.synth(synth, &roles)).transpose()?;
    let publication = Publication {
        id: head.id,
        title: head.title,
        source: head.source,
        language,
        notation,
        rounding: head.rounding,
        groups,
        tables,
        claims,
        synth,
    };
    formulas::check(&publication, file)?;
    Ok(publication)
}

/// The text being read, to point into it.
pub(super) struct Source<'a> {
    text: &'a str,
    file: &'a str,
}

impl Source<'_> {
    pub(super) fn line(&self, at: usize) -> u64 {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        before.iter().filter(|&&byte| byte == b'\n').count() as u64 + 1
    }

    pub(super) fn error(&self, at: Range<usize>, message: impl Into<String>) -> Error {
        let start = at.start.min(self.text.len());
        let line_start = self.text[..start].rfind('\n').map_or(0, |i| i + 1);
        let column = self.text[line_start..start].chars().count() + 1;
        Error::protocol(format!("{} (character {column})", message.into()))
            .file(self.file)
            .line(self.line(start))
    }

    /// An error about an item of which only the line is kept.
    pub(super) fn error_on(&self, line: u64, message: impl Into<String>) -> Error {
        Error::protocol(message).file(self.file).line(line)
    }

    /// The language of the labels: Dutch unless another is said.
    fn language(&self, language: Option<Spanned<String>>) -> Result<String> {
        let Some(language) = language else {
            return Ok("nl".to_owned());
        };
        if !matches!(language.get_ref().as_str(), "nl" | "en") {
            let message = format!("'{}' is not a language of labels", language.get_ref());
            return Err(self
                .error(language.span(), message)
                .hint("write language = \"nl\" or language = \"en\""));
        }
        Ok(language.into_inner())
    }

    fn not_toml(&self, error: &toml::de::Error) -> Error {
        let message = error.message();
        let located = match error.span() {
            Some(span) => self.error(span, message),
            None => Error::protocol(message).file(self.file),
        };
        // serde lists the unknown key first and then the known ones, all in backticks
        let mut names = message.split('`').skip(1).step_by(2);
        match names.next() {
            Some(unknown) if message.starts_with("unknown") => match nearest(unknown, names) {
                Some(near) => located.hint(format!("did you mean '{near}'?")),
                None => located,
            },
            _ => located,
        }
    }

    fn notation(
        &self,
        decimal: &Spanned<char>,
        thousands: Option<&Spanned<char>>,
    ) -> Result<Notation> {
        if !matches!(decimal.get_ref(), ',' | '.') {
            return Err(self
                .error(decimal.span(), "the decimal sign is neither ',' nor '.'")
                .hint("write decimal = \",\" or decimal = \".\""));
        }
        if let Some(sign) = thousands
            && (sign.get_ref() == decimal.get_ref() || sign.get_ref().is_ascii_digit())
        {
            return Err(self.error(
                sign.span(),
                "the thousands sign is the decimal sign, or a digit",
            ));
        }
        Ok(Notation {
            decimal: *decimal.get_ref(),
            thousands: thousands.map(|sign| *sign.get_ref()),
        })
    }
}

/// All ids, so that references can point forward.
pub(super) struct Names {
    pub groups: Vec<String>,
    /// Each table with its rows.
    pub tables: Vec<(String, Vec<String>)>,
    pub claims: Vec<String>,
}

impl Names {
    fn collect(
        source: &Source,
        groups: &[Spanned<RawGroup>],
        tables: &[Spanned<RawTable>],
        claims: &[Spanned<RawClaim>],
    ) -> Result<Names> {
        let unique = |what: &str, ids: Vec<&Spanned<String>>| -> Result<Vec<String>> {
            let mut seen: BTreeMap<&str, Range<usize>> = BTreeMap::new();
            for id in &ids {
                let text = id.get_ref().as_str();
                if text.trim().is_empty() || text.contains(['/', '[', ']']) {
                    return Err(source
                        .error(id.span(), format!("'{text}' cannot be an id"))
                        .hint("an id is not empty and has no '/', '[' or ']'"));
                }
                if let Some(first) = seen.insert(text, id.span()) {
                    let line = source.line(first.start);
                    return Err(source
                        .error(id.span(), format!("the {what} id '{text}' is used twice"))
                        .hint(format!("it is used before on line {line}")));
                }
            }
            Ok(ids.into_iter().map(|id| id.get_ref().clone()).collect())
        };
        let table_ids = unique(
            "table",
            tables.iter().map(|table| &table.get_ref().id).collect(),
        )?;
        for (id, table) in table_ids.iter().zip(tables) {
            if matches!(id.as_str(), "n" | "claim") {
                return Err(source
                    .error(
                        table.get_ref().id.span(),
                        format!("'{id}' cannot be the id of a table"),
                    )
                    .hint("in formulas [n] is a group's size and [claim/…] a claim"));
            }
        }
        let rows = tables
            .iter()
            .map(|table| {
                let rows = &table.get_ref().row;
                unique("row", rows.iter().map(|row| &row.get_ref().id).collect())
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Names {
            groups: unique(
                "group",
                groups.iter().map(|group| &group.get_ref().id).collect(),
            )?,
            tables: table_ids.into_iter().zip(rows).collect(),
            claims: unique(
                "claim",
                claims.iter().map(|claim| &claim.get_ref().id).collect(),
            )?,
        })
    }
}
