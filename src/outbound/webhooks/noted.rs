//! What the audit keeps of a webhook: never a secret, and of its address not the query, which may have one.

use std::sync::Arc;

use serde_json::json;

use crate::domain::audit::{About, Asker, Deed, Note};
use crate::wire::audit::difference;
use crate::wire::shapes::WebhookSettings;

fn about(by: &Arc<Asker>, deed: Deed, id: &str) -> Note {
    Note::done(by.clone(), deed, Some(About::of("webhook", id)))
}

/// Settings that came, changed or went.
pub(super) fn settings(
    by: &Arc<Asker>,
    id: &str,
    before: Option<&WebhookSettings>,
    after: Option<&WebhookSettings>,
) -> Note {
    let deed = match (before, after) {
        (None, _) => Deed::Create,
        (Some(_), Some(_)) => Deed::Change,
        (Some(_), None) => Deed::Delete,
    };
    let (before, after) = (before.map(without_query), after.map(without_query));
    about(by, deed, id).differing(difference(before.as_ref(), after.as_ref()))
}

/// The secret was replaced.
pub(super) fn rotated(by: &Arc<Asker>, id: &str) -> Note {
    Note { after: Some(json!({ "secret": "replaced" }).to_string()), ..about(by, Deed::Change, id) }
}

/// It goes on from a position.
pub(super) fn resumed(by: &Arc<Asker>, id: &str, after: &str) -> Note {
    Note { after: Some(json!({ "resumedAfter": after }).to_string()), ..about(by, Deed::Change, id) }
}

fn without_query(settings: &WebhookSettings) -> WebhookSettings {
    let url = match settings.url.split_once('?') {
        Some((address, _)) => format!("{address}?…"),
        None => settings.url.clone(),
    };
    WebhookSettings { url, ..settings.clone() }
}
