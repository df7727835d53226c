//! A webhook as it is, and how many are how.

use std::sync::Arc;

use super::progress::Progress;
use super::record::Record;
use super::workshop::Task;
use crate::domain::time::Timestamp;
use crate::engine::Seq;
use crate::telemetry::metrics::WebhookMetrics;
use crate::telemetry::metrics::label::Label as _;
use crate::wire::shapes::WebhookStatus;

/// One webhook, as it is now.
pub(super) struct Endpoint {
    pub record: Record,
    pub progress: Arc<Progress>,
    /// Delivers while it lives.
    pub _task: Option<Task>,
}

impl Endpoint {
    /// Whether it delivers; what is wrong if it does not, and since when.
    pub(super) fn status(&self) -> (WebhookStatus, Option<(String, Timestamp)>) {
        match (&self.record.off, self.progress.failing()) {
            _ if !self.record.settings.enabled => (WebhookStatus::Disabled, None),
            (Some(off), _) => (WebhookStatus::Off, Some((off.why.clone(), Timestamp(off.at)))),
            (None, Some(failing)) => (WebhookStatus::Failing, Some((failing.error, failing.since))),
            (None, None) => (WebhookStatus::Active, None),
        }
    }
}

/// Counts how these are, where the newest position of the log is `head`.
pub(super) fn count<'a>(endpoints: impl Iterator<Item = &'a Endpoint>, head: Seq, metrics: &WebhookMetrics) {
    let (mut each, mut behind) = ([0; WebhookStatus::ALL.len()], 0);
    for endpoint in endpoints {
        let (status, _) = endpoint.status();
        each[status.place()] += 1;
        if status != WebhookStatus::Disabled {
            behind = behind.max(head.saturating_sub(endpoint.progress.position()));
        }
    }
    for status in WebhookStatus::ALL {
        metrics.webhooks.of(*status).set(each[status.place()]);
    }
    metrics.behind.set(i64::try_from(behind).unwrap_or(i64::MAX));
}
