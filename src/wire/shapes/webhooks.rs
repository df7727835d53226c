//! Webhooks, as administrators write and read them.

use serde::{Deserialize, Serialize};

#[cfg(test)]
use super::MAX_FILTER_NAMES;
use super::{ChangeType, is_true, yes};

/// The longest address of a webhook.
pub const MAX_URL_BYTES: usize = 2_048;

/// A webhook, as it is written: where changes of agents are sent, and which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookSettings {
    /// Where each change is sent to with `POST`: an `https` address, or an `http` one, which anybody on the way can
    /// read. Redirections are not followed.
    #[cfg_attr(test, schemars(length(min = 1, max = MAX_URL_BYTES)))]
    pub url: String,
    /// What it is for, in the words of an administrator. Left out if nothing was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<super::Line<1_024>>"))]
    pub description: Option<String>,
    /// Changes of agents of any of these teams. All if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(length(max = MAX_FILTER_NAMES)))]
    pub teams: Option<Vec<String>>,
    /// Changes of these types. All if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(length(max = 4)))]
    pub types: Option<Vec<ChangeType>>,
    /// Whether changes are sent. True if left out. Switched on again it goes on from where it stopped.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub enabled: bool,
}

/// A webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// Its id.
    pub webhook_id: String,
    /// Where each change is sent to.
    pub url: String,
    /// What it is for. Left out if nothing was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Changes of agents of any of these teams. Left out if all are sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teams: Option<Vec<String>>,
    /// Changes of these types. Left out if all are sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<ChangeType>>,
    /// Whether changes are to be sent, as an administrator said.
    pub enabled: bool,
    /// Whether they are.
    pub status: WebhookStatus,
    /// Why the hub switched it off, or what the last try that failed ran into. Left out if all is well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Since when every try has failed, or since when it is off. Left out if all is well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub since: Option<String>,
    /// The position up to which everything was delivered.
    pub after: String,
    /// The secret that deliveries are signed with. Only in the answer to its creation and its replacement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// Until when deliveries are also signed with the secret before. Left out if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub former_secret_until: Option<String>,
}

/// Whether a webhook delivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum WebhookStatus {
    /// It delivers, or has nothing to deliver.
    Active,
    /// The last try has failed, and is repeated after a pause.
    Failing,
    /// The hub has switched it off; it has to be resumed.
    Off,
    /// An administrator has switched it off.
    Disabled,
}

/// From where a webhook goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResumeWebhook {
    /// The position behind which it goes on: an `id` of an event, or a `seq`. Where it stopped if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// A try to deliver a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct WebhookDelivery {
    /// The id of the event, which is its `webhook-id`.
    pub id: String,
    /// When.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub at: String,
    /// The how manieth try of this event, since the webhook began or the hub started.
    pub attempt: u32,
    /// The status that was answered. Left out if nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why it failed. Left out if it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}
