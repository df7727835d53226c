//! Webhooks, and what became of their deliveries.

use axum::http::Uri;
#[cfg(test)]
use serde_json::Value;

use super::answer::{ListOf, New, NoContent, Ok200};
use super::body::{Json, Patch};
use super::changes::gone;
use super::path::InPath;
#[cfg(test)]
use super::path::described;
use super::route::{Asked, Route, Verb};
use crate::domain::field::line;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::identity::Action;
use crate::outbound::{Position, Refused};
use crate::wire;
use crate::wire::code::ErrorCode::{self, *};
use crate::wire::json;
use crate::wire::problem::Problem;
use crate::wire::shapes::{MAX_FILTER_NAMES, MAX_URL_BYTES, ResumeWebhook, Webhook, WebhookDelivery, WebhookSettings};

/// The longest description.
const MAX_DESCRIPTION_CHARS: usize = 1_024;

const ONE: &str = "/api/v1/webhooks/{webhookId}";

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/webhooks", Action::Webhooks, list)
            .called("listWebhooks", "webhooks", "List every webhook")
            .says("In the order of their ids; all on one page."),
        Route::new(Verb::Post, "/api/v1/webhooks", Action::Webhooks, create)
            .called("createWebhook", "webhooks", "Create a webhook")
            .says("It is told of what comes from now on. Its `secret` is in this answer only.")
            .refuses(&[TooLarge, Unavailable]),
        Route::new(Verb::Get, ONE, Action::Webhooks, read).called("readWebhook", "webhooks", "Read a webhook"),
        Route::new(Verb::Patch, ONE, Action::Webhooks, patch)
            .called("patchWebhook", "webhooks", "Change a webhook")
            .says("A JSON merge patch (RFC 7396). What is under way is tried anew, with the same ids.")
            .refuses(&[Unavailable]),
        Route::new(Verb::Delete, ONE, Action::Webhooks, delete)
            .called("deleteWebhook", "webhooks", "Delete a webhook")
            .refuses(&[Unavailable]),
        Route::new(Verb::Post, "/api/v1/webhooks/{webhookId}/resume", Action::Webhooks, resume)
            .called("resumeWebhook", "webhooks", "Deliver again")
            .says(
                "Switches it on, tries at once what waits for its next try, and goes on from where it stopped or from \
                 beyond `after`.",
            )
            .refuses(&[PositionGone, Unavailable]),
        Route::new(Verb::Post, "/api/v1/webhooks/{webhookId}/rotate-secret", Action::Webhooks, rotate)
            .called("rotateWebhookSecret", "webhooks", "Replace the secret")
            .says("The new one is in this answer only. For 24 hours deliveries are signed with both.")
            .refuses(&[Unavailable]),
        Route::new(Verb::Get, "/api/v1/webhooks/{webhookId}/deliveries", Action::Webhooks, deliveries)
            .called("listWebhookDeliveries", "webhooks", "The last tries")
            .says("The newest first, 100 at most; all on one page. A restart of the hub forgets them."),
    ]
}

/// A webhook that a path names.
pub struct NamedWebhook(Webhook);

impl InPath<Signed> for NamedWebhook {
    const REFUSALS: &'static [ErrorCode] = &[NotFound];

    fn find(named: &str, door: &Door, _: &Signed, _: Action) -> Result<Self, Problem> {
        door.webhooks.find(named).map(Self).ok_or_else(|| Problem::new(NotFound, Refused::Unknown.to_string()))
    }

    #[cfg(test)]
    fn parameter(schemas: &mut crate::wire::documents::Schemas) -> Option<Value> {
        Some(described(schemas, "webhookId", "The webhook's id."))
    }
}

/// A refusal, before what it says of positions is known.
enum Unchanged {
    Refused(Refused),
    Problem(Problem),
}

impl From<Refused> for Unchanged {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

async fn list(asked: Asked) -> Result<ListOf<Webhook>, Problem> {
    Ok(whole(&asked.door.webhooks.all()))
}

async fn create(asked: Asked<(), (), Json<WebhookSettings>>) -> Result<New<Webhook>, Problem> {
    let Asked { door, caller, body: Json(settings), .. } = asked;
    check(&settings)?;
    match door.webhooks.create(settings, &caller.1).await {
        Ok(webhook) => Ok(New(webhook)),
        Err(refused) => Err(problem(&door, refused).await),
    }
}

async fn read(asked: Asked<NamedWebhook>) -> Result<Ok200<Webhook>, Problem> {
    Ok(Ok200(asked.path.0))
}

async fn patch(asked: Asked<NamedWebhook, (), Patch<WebhookSettings>>) -> Result<Ok200<Webhook>, Problem> {
    let Asked { door, caller, path: NamedWebhook(webhook), body: Patch { merge, .. }, .. } = asked;
    let change = |current: &WebhookSettings| {
        let mut whole = json::value(current);
        json_patch::merge(&mut whole, &merge);
        let settings = json::read(&whole).map_err(Unchanged::Problem)?;
        check(&settings).map_err(Unchanged::Problem)?;
        Ok(settings)
    };
    match door.webhooks.change(&webhook.webhook_id, &caller.1, change).await {
        Ok(webhook) => Ok(Ok200(webhook)),
        Err(Unchanged::Problem(problem)) => Err(problem),
        Err(Unchanged::Refused(refused)) => Err(problem(&door, refused).await),
    }
}

async fn delete(asked: Asked<NamedWebhook>) -> Result<NoContent, Problem> {
    let Asked { door, caller, path: NamedWebhook(webhook), .. } = asked;
    match door.webhooks.remove(&webhook.webhook_id, &caller.1).await {
        Ok(()) => Ok(NoContent::default()),
        Err(refused) => Err(problem(&door, refused).await),
    }
}

async fn resume(asked: Asked<NamedWebhook, (), Json<ResumeWebhook>>) -> Result<Ok200<Webhook>, Problem> {
    let Asked { door, caller, path: NamedWebhook(webhook), body: Json(ResumeWebhook { after }), .. } = asked;
    let after = after.as_deref().map(str::parse::<Position>).transpose();
    let after = after.map_err(|error| Problem::invalid("after", error))?;
    match door.webhooks.resume(&webhook.webhook_id, after, &caller.1).await {
        Ok(webhook) => Ok(Ok200(webhook)),
        Err(refused) => Err(problem(&door, refused).await),
    }
}

async fn rotate(asked: Asked<NamedWebhook>) -> Result<Ok200<Webhook>, Problem> {
    let Asked { door, caller, path: NamedWebhook(webhook), .. } = asked;
    match door.webhooks.replace_secret(&webhook.webhook_id, &caller.1).await {
        Ok(webhook) => Ok(Ok200(webhook)),
        Err(refused) => Err(problem(&door, refused).await),
    }
}

async fn deliveries(asked: Asked<NamedWebhook>) -> Result<ListOf<WebhookDelivery>, Problem> {
    let Asked { door, path: NamedWebhook(webhook), .. } = asked;
    Ok(whole(&door.webhooks.deliveries(&webhook.webhook_id).unwrap_or_default()))
}

/// All of them on one page.
fn whole<T: serde::Serialize + Clone>(items: &[T]) -> ListOf<T> {
    ListOf::written(wire::text(&wire::shapes::List { items: items.to_vec(), next_cursor: None }))
}

/// What cannot be told from the shape alone.
fn check(settings: &WebhookSettings) -> Result<(), Problem> {
    let right = "an `https` or `http` address with a host and without a user is right";
    let uri: Uri = settings.url.parse().map_err(|_| Problem::invalid("url", format_args!("is no address; {right}")))?;
    let has_host = uri.authority().is_some_and(|authority| !authority.host().is_empty());
    let has_user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    if !matches!(uri.scheme_str(), Some("https" | "http")) || !has_host || has_user {
        return Err(Problem::invalid("url", format_args!("cannot be sent to; {right}")));
    }
    if settings.url.len() > MAX_URL_BYTES {
        return Err(Problem::invalid("url", format_args!("is longer than {MAX_URL_BYTES} bytes")));
    }
    line("description", settings.description.as_deref().unwrap_or_default(), 0, MAX_DESCRIPTION_CHARS)?;
    if settings.teams.as_ref().is_some_and(|teams| teams.len() > MAX_FILTER_NAMES) {
        return Err(Problem::invalid("teams", format_args!("names more than {MAX_FILTER_NAMES}")));
    }
    if settings.types.as_ref().is_some_and(|types| types.len() > 4) {
        return Err(Problem::invalid("types", "names more than there are"));
    }
    Ok(())
}

async fn problem(door: &Door, refused: Refused) -> Problem {
    match refused {
        Refused::Unknown => Problem::new(NotFound, refused.to_string()),
        Refused::TooMany => Problem::too_large(refused.to_string()),
        Refused::NotKept(_) => Problem::new(Unavailable, refused.to_string()),
        Refused::Position(error) => gone(door, error).await,
    }
}
