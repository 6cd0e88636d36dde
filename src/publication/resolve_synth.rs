//! `[synth]` with its references looked up.

use std::collections::BTreeSet;

use toml::Spanned;

use super::format::Role;
use super::resolve::Reader;
use super::synth::spec::{RawColumn, RawFile, RawOnly, RawShare, RawSynth};
use super::synth::{Column, Content, Counts, File, Only, Published, Share, Spec};
use crate::error::Result;

impl Reader<'_> {
    /// `roles` are those of the publication's groups.
    pub(super) fn synth(&self, raw: RawSynth, roles: &[Role]) -> Result<Spec> {
        let RawSynth {
            seed,
            id,
            digits,
            groups,
            missing,
            delimiter,
            mark,
            arm,
            file,
        } = raw;
        let mut groups = groups
            .iter()
            .map(|name| self.group_at(name.get_ref(), name.span()))
            .collect::<Result<Vec<_>>>()?;
        if groups.is_empty() {
            let arm = |&g: &usize| matches!(roles[g], Role::Intervention | Role::Control);
            groups = (0..roles.len()).filter(arm).collect();
        }
        let delimiter = match delimiter {
            None => b',',
            Some(sign) => match sign.get_ref() {
                ',' => b',',
                ';' => b';',
                '\t' => b'\t',
                _ => {
                    return Err(self
                        .source
                        .error(sign.span(), "the delimiter is not one that files use")
                        .hint("use ',', ';' or a tab"));
                }
            },
        };
        let mut names: BTreeSet<String> = [id.clone(), mark.column.clone()].into();
        let mut files = Vec::new();
        for RawFile { name, column } in file {
            if name.get_ref().contains(['/', '\\']) || name.get_ref().starts_with('.') {
                return Err(self
                    .source
                    .error(name.span(), "this is not the plain name of a file"));
            }
            let mut columns = Vec::new();
            for raw in column {
                let at = raw.get_ref().name.span();
                let column = self.column(raw)?;
                if !names.insert(column.name.clone()) {
                    let message = format!("the column '{}' is there twice", column.name);
                    return Err(self.source.error(at, message));
                }
                columns.push(column);
            }
            files.push(File {
                name: name.into_inner(),
                columns,
            });
        }
        Ok(Spec {
            seed,
            id,
            digits,
            groups,
            missing,
            delimiter,
            mark: (mark.column, mark.value),
            arm,
            files,
        })
    }

    fn column(&self, raw: Spanned<RawColumn>) -> Result<Column> {
        let span = raw.span();
        let RawColumn {
            name,
            row,
            show,
            range,
            sd,
            shares,
            weights,
            counts,
            values,
            otherwise,
            missing,
            follows,
            jitter,
            missing_with,
            only,
        } = raw.into_inner();
        let shares = shares
            .iter()
            .map(|RawShare { row, above, below }| {
                Ok(Share {
                    row: self.row_at(row.get_ref(), row.span())?,
                    above: *above,
                    below: *below,
                })
            })
            .collect::<Result<Vec<Share>>>()?;
        let content = match (row, weights, counts) {
            (Some(row), None, None) => Content::Published(Published {
                row: self.row_at(row.get_ref(), row.span())?,
                show,
                range,
                sd: sd
                    .map(|sd| self.number(&sd, self.notation))
                    .transpose()?
                    .map(|number| number.value),
                shares,
            }),
            (None, Some(weights), None) => Content::Weights(weights),
            (None, None, Some(counts)) => Content::Counts(Counts {
                people: counts
                    .into_iter()
                    .map(|(group, counts)| {
                        let at = self.group_at(group.get_ref(), group.span())?;
                        Ok((at, counts))
                    })
                    .collect::<Result<_>>()?,
                shares,
            }),
            _ => {
                return Err(self
                    .source
                    .error(span, "a column has either row, weights or counts")
                    .hint("row for a printed variable, weights or counts for an invented one"));
            }
        };
        Ok(Column {
            name: name.into_inner(),
            content,
            values,
            otherwise,
            missing,
            follows: follows.map(Spanned::into_inner),
            jitter: jitter.unwrap_or(1),
            missing_with: missing_with.map(Spanned::into_inner),
            only: only
                .map(|only| {
                    let RawOnly {
                        column,
                        values,
                        groups,
                    } = only;
                    let groups = groups
                        .iter()
                        .map(|name| self.group_at(name.get_ref(), name.span()))
                        .collect::<Result<_>>()?;
                    Ok::<_, crate::error::Error>(Only {
                        column: column.into_inner(),
                        values,
                        groups,
                    })
                })
                .transpose()?,
        })
    }
}
