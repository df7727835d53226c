//! The audit: page by page, and as a table of any length.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::answer::{Exported, ListOf};
#[cfg(test)]
use super::listing::MAX_LIMIT;
use super::listing::Page;
use super::preference::preferred;
use super::query::Parameters;
use super::route::{Asked, Route, Verb};
use super::sheet;
use crate::edge::Door;
use crate::edge::audit::NotedExport;
use crate::edge::export::{Form, Packed};
use crate::edge::followers::Follower;
use crate::edge::past;
use crate::engine::embedded::{self, AuditQuery, audit};
use crate::history::reader::{Failed, Takes};
use crate::identity::Action;
use crate::wire;
use crate::wire::code::ErrorCode::*;
use crate::wire::problem::Problem;
use crate::wire::shapes::{AuditAction, AuditEntry, List};
use crate::wire::{parse, show, words};

/// What an export takes off the caller's allowance besides the request itself: as much as a report.
const WEIGHT: u32 = 20;
/// Entries that are exported at once.
const PIECE: usize = 1_000;

/// Which entries. What is given must all hold.
#[derive(Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntriesQuery {
    /// What this subject did.
    actor: Option<String>,
    /// What was done.
    action: Option<AuditAction>,
    /// To what it was done: its kind and its id, such as `agent/a17`.
    about: Option<String>,
    /// From this instant on.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    from: Option<String>,
    /// Before this instant.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    to: Option<String>,
    /// The most items of the page: 1 to 1,000; 100 if left out. A page of more than 20 counts as several requests.
    #[cfg_attr(test, schemars(range(min = 1, max = MAX_LIMIT)))]
    limit: Option<u32>,
    /// Where the page begins: `nextCursor` of the page before.
    cursor: Option<String>,
}

/// Which entries to export. What is given must all hold.
#[derive(Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportQuery {
    /// What this subject did.
    actor: Option<String>,
    /// What was done.
    action: Option<AuditAction>,
    /// To what it was done: its kind and its id, such as `agent/a17`.
    about: Option<String>,
    /// From this instant on.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    from: Option<String>,
    /// Before this instant.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    to: Option<String>,
}

impl EntriesQuery {
    fn understood(self, page: &Page) -> Result<AuditQuery, Problem> {
        let below = |cursor: &str| cursor.parse().map_err(|_| Problem::invalid("cursor", "is none of this list"));
        let [from, to] = [("from", &self.from), ("to", &self.to)]
            .map(|(name, instant)| instant.as_ref().map(|instant| parse::time(name, instant)).transpose());
        let (from, to) = (from?, to?);
        past::in_order(from, to)?;
        Ok(AuditQuery {
            actor: self.actor,
            deed: self.action.map(words::deed_of),
            about: self.about,
            from,
            to,
            below: page.after().map(below).transpose()?,
            most: page.wants() - 1,
        })
    }
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/audit", Action::ReadAudit, list)
            .called("listAudit", "audit", "Read the audit")
            .says(
                "Who administered, supervised, signed in, was refused and exported; newest first. New entries do not \
                 move the pages. A page that looks at much and finds little is shorter than it may be: there is more \
                 while there is a `nextCursor`.",
            )
            .refuses(&[Unavailable]),
        Route::new(Verb::Get, "/api/v1/audit/export", Action::ReadAudit, export)
            .called("exportAudit", "audit", "The audit, as a table of any length")
            .says(
                "Newest first. `Accept` chooses between `application/x-ndjson`, which is usual, and `text/csv`. The \
                 answer is made as it is read. One that breaks off ends without its end.",
            )
            .refuses(&[RateLimited, Unavailable]),
    ]
}

async fn list(asked: Asked<(), Parameters<EntriesQuery>>) -> Result<ListOf<AuditEntry>, Problem> {
    let Asked { door, caller, query: Parameters(which), .. } = asked;
    let page = Page::of(which.limit, which.cursor.clone())?;
    let query = which.understood(&page)?;
    caller.spend(&door, page.weight())?;
    let answer = past::reader(&door)?.ask(Takes::Moments, move |connection| {
        let found = audit(connection, &query)?;
        let next_cursor = found.below.map(|below| below.to_string());
        Ok(ListOf::written(wire::text(&List { items: shown(found.entries), next_cursor })))
    });
    answer.await.map_err(past::problem)
}

fn shown(entries: Vec<embedded::AuditEntry>) -> Vec<AuditEntry> {
    let said = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    let shown = |entry: embedded::AuditEntry| AuditEntry {
        position: entry.position,
        at: show::time(entry.at),
        actor: entry.actor,
        roles: entry.roles,
        address: entry.address,
        action: words::deed(entry.deed),
        about: entry.about,
        before: said(entry.before),
        after: said(entry.after),
        outcome: words::outcome(entry.outcome),
        blanked: entry.blanked,
        hash: entry.hash,
    };
    entries.into_iter().map(shown).collect()
}

async fn export(asked: Asked<(), Parameters<ExportQuery>>) -> Result<Exported, Problem> {
    let Asked { door, caller, query: Parameters(which), headers, .. } = asked;
    let ExportQuery { actor, action, about, from, to } = which.clone();
    let entries = EntriesQuery { actor, action, about, from, to, limit: None, cursor: None };
    let query = AuditQuery { most: PIECE, ..entries.understood(&Page::of(None, None)?)? };
    past::reader(&door)?;
    let kinds = [Form::Ndjson, Form::Csv].map(Form::media_type);
    let form = if preferred(&headers, header::ACCEPT, &kinds) == kinds[1] { Form::Csv } else { Form::Ndjson };
    let (place, follower) = (door.exports.enter()?, door.followers.enter(&caller.0)?);
    caller.spend(&door, WEIGHT - 1)?;
    let said = json!({
        "export": "audit", "form": form.extension(), "actor": which.actor, "action": which.action,
        "about": which.about, "from": which.from, "to": which.to,
    });
    let noted = NotedExport::begin(door.audit.clone(), caller.1.clone(), said).await?;
    let until = caller.0.valid_until;
    let exporting = Exporting { door, follower, until, form, next: Some(query), is_first: true, noted, _place: place };
    let pieces = futures::stream::unfold(exporting, |mut exporting| async move {
        let piece = exporting.piece().await?;
        let piece = piece.inspect_err(|error| tracing::warn!(%error, "an export ends before its end"));
        Some((piece.map(Bytes::from), exporting))
    });
    Ok(Exported { name: "audit", form, packed: Packed::Not, body: Body::from_stream(pieces) })
}

/// An export, as long as its client reads.
struct Exporting {
    door: Arc<Door>,
    follower: Follower,
    until: crate::domain::time::Timestamp,
    form: Form,
    next: Option<AuditQuery>,
    is_first: bool,
    noted: NotedExport,
    _place: tokio::sync::OwnedSemaphorePermit,
}

impl Exporting {
    async fn piece(&mut self) -> Option<Result<Vec<u8>, Failed>> {
        loop {
            let Some(query) = self.next.take() else {
                self.noted.is_over();
                return None;
            };
            if self.follower.ending().is_some() || self.door.agents.clock().wall() >= self.until {
                return Some(Err(Failed::Nobody));
            }
            let Some(reader) = &self.door.history else { return Some(Err(Failed::Nobody)) };
            let (form, has_head) = (self.form, self.is_first);
            let piece = reader.ask(Takes::Long, move |connection| {
                let found = audit(connection, &query)?;
                let next = found.below.map(|below| AuditQuery { below: Some(below), ..query });
                let items = shown(found.entries);
                Ok((items.len(), written(form, has_head, &items), next))
            });
            match piece.await {
                Ok((rows, made, next)) => {
                    (self.next, self.is_first) = (next, false);
                    self.noted.made(rows, made.len());
                    if !made.is_empty() {
                        return Some(Ok(made));
                    }
                }
                Err(failed) => return Some(Err(failed)),
            }
        }
    }
}

/// The columns of the table.
const COLUMNS: &[&str] = &[
    "position", "at", "actor", "roles", "address", "action", "about", "before", "after", "outcome", "blanked", "hash",
];

fn written(form: Form, has_head: bool, items: &[AuditEntry]) -> Vec<u8> {
    match form {
        Form::Csv if has_head => sheet::table(COLUMNS, items),
        Form::Csv => sheet::lines(COLUMNS, items),
        Form::Ndjson | Form::Parquet => {
            let mut lines = Vec::new();
            for item in items {
                wire::write(item, &mut lines);
                lines.push(b'\n');
            }
            lines
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::samples::example;

    #[test]
    fn every_field_of_an_entry_is_a_column() {
        for field in example("AuditEntry").unwrap().as_object().unwrap().keys() {
            assert!(COLUMNS.contains(&field.as_str()), "{field}");
        }
    }
}
