//! Delivering to one endpoint: some changes at a time, in the order of each agent.
//!
//! The changes of a window go out together, those of one agent one after the other, and the next window waits for
//! all of them. So what fails holds up the whole endpoint, but for the rest of its window. That is enough: an
//! endpoint that refuses one change nearly always refuses all, and one position says how far it has come.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt as _;
use parking_lot::Mutex;
use prometheus_client::metrics::counter::Counter;
use tokio::time::Instant;

use super::Limits;
use super::post::{Answer, Letter, Poster};
use super::progress::Progress;
use super::record::Record;
use super::signature::seconds;
use crate::clock::Clock;
use crate::engine::Seq;
use crate::outbound::changes::{Bite, Changes, NotFollowed};
use crate::telemetry::metrics::{By, Delivery};
use crate::wire::shapes::WebhookDelivery;
use crate::wire::show;

/// Changes of a window.
const WINDOW: usize = 32;
/// Requests to an endpoint at once.
const AT_ONCE: usize = 8;
/// The pause after the first try that failed; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// How soon a log that could not be read is read again.
const READ_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// The answer of an endpoint that is no more.
const GONE: u16 = 410;

/// Who delivers to one endpoint.
pub(super) struct Delivering {
    pub id: String,
    pub record: Record,
    pub progress: Arc<Progress>,
    pub changes: Changes,
    pub poster: Poster,
    pub clock: Clock,
    pub tries: By<Delivery, Counter>,
    pub limits: Limits,
}

/// One change on its way.
struct Item {
    seq: Seq,
    body: Bytes,
}

impl Delivering {
    /// Delivers until there is a reason to deliver no more, which is returned.
    pub async fn run(self) -> String {
        let mut follow = self.changes.follow();
        let wanted = self.record.wanted();
        loop {
            let position = self.progress.position();
            let Bite { changes, reached } = match follow.beyond(position, WINDOW, &wanted).await {
                Ok(bite) => bite,
                Err(error @ (NotFollowed::Older { .. } | NotFollowed::OtherEpoch | NotFollowed::Beyond)) => {
                    return error.to_string();
                }
                Err(NotFollowed::Unreadable(error)) => {
                    tracing::debug!(error, "a webhook cannot read the log");
                    tokio::time::sleep(READ_AGAIN_AFTER).await;
                    continue;
                }
            };
            if reached == position {
                follow.wait_beyond(position).await;
                continue;
            }
            let mut lanes: BTreeMap<&str, Vec<Item>> = BTreeMap::new();
            for told in &changes {
                if let Some(event) = told.to(&wanted) {
                    lanes.entry(&told.agent).or_default().push(Item { seq: told.seq, body: event.event() });
                }
            }
            if let Err(why) = self.deliver(lanes.into_values().collect(), reached).await {
                return why;
            }
        }
    }

    /// Delivers the changes of a window, at which end is `reached`.
    async fn deliver(&self, lanes: Vec<Vec<Item>>, reached: Seq) -> Result<(), String> {
        let left: BTreeSet<Seq> = lanes.iter().flatten().map(|item| item.seq).collect();
        let left = Mutex::new(left);
        let delivered = |seq: Option<Seq>| {
            let mut left = left.lock();
            seq.map(|seq| left.remove(&seq));
            self.progress.reaches(left.first().map_or(reached, |first| first - 1));
        };
        delivered(None);
        let mut lanes = futures::stream::iter(lanes)
            .map(|lane| async {
                for item in lane {
                    self.deliver_one(&item).await?;
                    delivered(Some(item.seq));
                }
                Ok::<(), String>(())
            })
            .buffer_unordered(AT_ONCE);
        while let Some(lane) = lanes.next().await {
            lane?;
        }
        Ok(())
    }

    /// Tries until it is delivered, or there is a reason to try no more.
    async fn deliver_one(&self, item: &Item) -> Result<(), String> {
        let id = self.changes.position(item.seq);
        let (began, mut pause) = (Instant::now(), FIRST_PAUSE);
        for attempt in 1.. {
            let tried = self.attempt(&id, attempt, item).await;
            let (error, asked) = match tried {
                Ok(Answer { status: 200..=299, .. }) => return Ok(()),
                Ok(Answer { status: GONE, .. }) => return Err("the endpoint answered 410: it is gone".to_owned()),
                Ok(Answer { status, retry_after }) => (format!("it answered {status}"), retry_after),
                Err(error) => (error, None),
            };
            if began.elapsed() >= self.limits.give_up_after {
                return Err(format!("{id} could not be delivered for {} s: {error}", began.elapsed().as_secs()));
            }
            tokio::time::sleep(jittered(pause).max(asked.unwrap_or_default())).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Ok(())
    }

    async fn attempt(&self, id: &str, attempt: u32, item: &Item) -> Result<Answer, String> {
        let (now, began) = (self.clock.wall(), Instant::now());
        let signature = self.record.sign(id, now, &item.body);
        let to = &self.record.settings.url;
        let letter = Letter { to, id, at: seconds(now), signature, body: item.body.clone() };
        let tried = self.poster.post(letter, self.limits.timeout, now).await;
        let (status, error) = match &tried {
            Ok(Answer { status: status @ 200..=299, .. }) => (Some(*status), None),
            Ok(Answer { status, .. }) => (Some(*status), Some(format!("it answered {status}"))),
            Err(error) => (None, Some(error.clone())),
        };
        self.tries.of(if error.is_none() { Delivery::Delivered } else { Delivery::Failed }).inc();
        let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(id, attempt, status, error, duration_ms, "a delivery");
        let delivery = WebhookDelivery { id: id.to_owned(), at: show::time(now), attempt, status, error, duration_ms };
        self.progress.tried(delivery, now);
        if let Some(error) = self.progress.to_be_told(now) {
            let webhook = &self.id;
            tracing::warn!(webhook, url = to, error, "a webhook's endpoint has taken nothing for a minute");
        }
        tried
    }
}

/// Half of it, and of the other half some: endpoints that failed together are not tried together.
fn jittered(pause: Duration) -> Duration {
    let mut random = [0; 4];
    // Without randomness there is no jitter.
    let share =
        getrandom::fill(&mut random).map_or(1.0, |()| f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX));
    pause / 2 + (pause / 2).mul_f64(share)
}
