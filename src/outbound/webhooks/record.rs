//! A webhook, as it is kept.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::signature::Secret;
use crate::domain::time::Timestamp;
use crate::outbound::told::Wanted;
use crate::wire::shapes::{Webhook, WebhookSettings};

/// How long the secret before the newest still signs, so that a receiver can be told of the newest without a gap.
const FORMER_SECRET_FOR: Duration = Duration::from_secs(24 * 3_600);

/// What is kept of a webhook, beside how far it has come.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    pub settings: WebhookSettings,
    pub secret: Secret,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<Former>,
    /// Why and when the hub switched it off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off: Option<Off>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Former {
    pub secret: Secret,
    pub until: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Off {
    pub why: String,
    pub at: i64,
}

impl Record {
    pub fn new(settings: WebhookSettings, secret: Secret) -> Self {
        Self { settings, secret, former: None, off: None }
    }

    /// Whether it is to deliver.
    pub fn delivers(&self) -> bool {
        self.settings.enabled && self.off.is_none()
    }

    /// What it is to be told of.
    pub fn wanted(&self) -> Wanted {
        let WebhookSettings { teams, types, .. } = &self.settings;
        let teams = teams.as_ref().map(|teams| teams.iter().cloned().collect());
        Wanted { teams, agents: None, types: types.as_ref().map(|types| types.iter().copied().collect()) }
    }

    /// Signs with another secret from now on, and with the one before for a while.
    pub fn replace_secret(&mut self, secret: Secret, now: Timestamp) {
        let former = std::mem::replace(&mut self.secret, secret);
        self.former = Some(Former { secret: former, until: now.plus(FORMER_SECRET_FOR).0 });
    }

    /// The secret before, while it still signs.
    pub fn former(&self, now: Timestamp) -> Option<&Former> {
        self.former.as_ref().filter(|former| now.0 < former.until)
    }

    /// The signatures of a delivery, one of each secret.
    pub fn sign(&self, id: &str, at: Timestamp, body: &[u8]) -> String {
        let mut signed = self.secret.sign(id, at, body);
        if let Some(former) = self.former(at) {
            signed.push(' ');
            signed.push_str(&former.secret.sign(id, at, body));
        }
        signed
    }
}

/// The answer to whoever made the secret.
pub(super) fn with_secret((webhook, record): (Webhook, Record)) -> Webhook {
    Webhook { secret: Some(record.secret.reveal().to_owned()), ..webhook }
}
