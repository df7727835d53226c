//! What is asked of JetStream itself: the stream, consumers, single messages.

use std::collections::BTreeMap;
use std::time::Duration;

use async_nats::{Client, RequestErrorKind};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::settings::Settings;
use super::subjects::Subjects;
use crate::domain::time::Timestamp;

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(2);
/// There is no such stream.
const NO_STREAM: u32 = 10_059;
/// There is no such message.
const NO_MESSAGE: u32 = 10_037;
/// "JetStream system temporarily unavailable": the servers that are there are too few to choose one that leads.
const NO_LEADER: u32 = 10_008;
/// How often a consumer says that it is alive.
pub(super) const HEARTBEAT: Duration = Duration::from_millis(500);
/// A consumer that nobody listens to goes after this.
const UNHEARD: Duration = Duration::from_secs(10);

/// Why JetStream did not do it.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refused {
    /// It said so.
    #[error("{} (error {code})", meant(*code, description))]
    Said { code: u32, description: String },
    /// It said nothing that can be understood.
    #[error("{0}")]
    Unheard(String),
}

/// What an error of JetStream means, where its own words do not say it.
fn meant(code: u32, description: &str) -> &str {
    match code {
        NO_LEADER => "no NATS server leads, because too few of them are there: bring servers back",
        _ => description,
    }
}

/// The way to the stream of a cluster.
#[derive(Clone)]
pub(super) struct Api {
    pub client: Client,
    pub subjects: Subjects,
    /// The incarnation of the log that this node follows; empty before it does.
    pub epoch: String,
    stream: String,
}

/// A stream, as far as it matters.
#[derive(Debug, Deserialize)]
pub(super) struct Stream {
    pub config: StreamConfig,
    pub state: StreamState,
    #[serde(default)]
    pub cluster: Servers,
    /// When the servers said this.
    #[serde(default)]
    ts: String,
}

impl Stream {
    /// When the servers said this, by their own clock; none if they do not say.
    pub fn said_at(&self) -> Option<Timestamp> {
        let at: jiff::Timestamp = self.ts.parse().ok()?;
        Some(Timestamp(at.as_millisecond()))
    }
}

/// The servers that keep it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Servers {
    #[serde(default)]
    pub leader: Option<String>,
    #[serde(default)]
    pub replicas: Vec<Replica>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Replica {
    pub name: String,
    #[serde(default)]
    pub current: bool,
    #[serde(default)]
    pub offline: bool,
    #[serde(default)]
    pub lag: u64,
    /// How long ago the leader heard of it, in nanoseconds.
    #[serde(default)]
    pub active: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct StreamConfig {
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    #[serde(default)]
    pub max_age: i64,
    #[serde(default)]
    pub max_msgs: i64,
    #[serde(default)]
    pub max_bytes: i64,
    #[serde(default)]
    pub max_msgs_per_subject: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct StreamState {
    pub first_seq: u64,
    pub last_seq: u64,
    #[serde(default)]
    pub bytes: u64,
    #[serde(default)]
    last_ts: String,
    #[serde(default)]
    pub subjects: BTreeMap<String, u64>,
}

impl StreamState {
    /// When the last message was kept; none if there never was one.
    pub fn last_at(&self) -> Option<Timestamp> {
        let at: jiff::Timestamp = self.last_ts.parse().ok()?;
        (self.last_seq > 0 && at.as_millisecond() > 0).then(|| Timestamp(at.as_millisecond()))
    }
}

/// A message that was asked for.
#[derive(Debug)]
pub(super) struct Found {
    pub position: u64,
    pub at: Timestamp,
    pub payload: Vec<u8>,
}

#[derive(Deserialize)]
struct Answer<T> {
    error: Option<Said>,
    #[serde(flatten)]
    answer: Option<T>,
}

/// An error in the words of JetStream.
#[derive(Debug, Deserialize)]
pub(super) struct Said {
    #[serde(default)]
    pub err_code: u32,
    #[serde(default)]
    pub description: String,
}

#[derive(Deserialize)]
struct GotMessage {
    message: RawMessage,
}

#[derive(Deserialize)]
struct RawMessage {
    seq: u64,
    #[serde(default)]
    data: String,
    time: String,
}

#[derive(Deserialize)]
struct Anything {}

impl Api {
    pub fn new(client: Client, stream: &str) -> Self {
        Self { client, subjects: Subjects::of(stream), epoch: String::new(), stream: stream.to_owned() }
    }

    /// The same, of this incarnation of the log.
    pub fn of_epoch(self, epoch: &str) -> Self {
        Self { epoch: epoch.to_owned(), ..self }
    }

    /// The stream; none if there is none.
    pub async fn stream(&self) -> Result<Option<Stream>, Refused> {
        match self.ask(&format!("STREAM.INFO.{}", self.stream), &json!({})).await {
            Ok(stream) => Ok(Some(stream)),
            Err(Refused::Said { code: NO_STREAM, .. }) => Ok(None),
            Err(refused) => Err(refused),
        }
    }

    /// Makes the stream, whose first position will be `first`.
    pub async fn make_stream(&self, settings: &Settings, epoch: &str, first: u64) -> Result<Stream, Refused> {
        let config = json!({
            "name": self.stream,
            "subjects": [self.subjects.all()],
            "retention": "limits",
            "storage": "file",
            "discard": "new",
            "num_replicas": settings.replicas,
            "max_consumers": -1, "max_msgs": -1, "max_bytes": -1, "max_age": 0, "max_msgs_per_subject": -1,
            "allow_direct": false,
            "deny_delete": true,
            "first_seq": first,
            "metadata": { "epoch": epoch },
        });
        self.ask(&format!("STREAM.CREATE.{}", self.stream), &config).await
    }

    /// Which subjects of nodes there are.
    pub async fn nodes(&self) -> Result<Vec<String>, Refused> {
        let filter = json!({ "subjects_filter": self.subjects.nodes() });
        let stream: Stream = self.ask(&format!("STREAM.INFO.{}", self.stream), &filter).await?;
        Ok(stream.state.subjects.into_keys().collect())
    }

    /// The last message of a subject; none if there is none.
    pub async fn last(&self, subject: &str) -> Result<Option<Found>, Refused> {
        let got: GotMessage =
            match self.ask(&format!("STREAM.MSG.GET.{}", self.stream), &json!({ "last_by_subj": subject })).await {
                Ok(got) => got,
                Err(Refused::Said { code: NO_MESSAGE, .. }) => return Ok(None),
                Err(refused) => return Err(refused),
            };
        let unheard = |error: String| Refused::Unheard(error);
        let payload = BASE64_STANDARD.decode(&got.message.data).map_err(|error| unheard(error.to_string()))?;
        let at: jiff::Timestamp = got.message.time.parse().map_err(|error: jiff::Error| unheard(error.to_string()))?;
        Ok(Some(Found { position: got.message.seq, at: Timestamp(at.as_millisecond()), payload }))
    }

    /// The first message from a position on; none behind the last.
    async fn from(&self, position: u64) -> Result<Option<(u64, Timestamp)>, Refused> {
        let request = json!({ "seq": position, "next_by_subj": self.subjects.all() });
        let got: GotMessage = match self.ask(&format!("STREAM.MSG.GET.{}", self.stream), &request).await {
            Ok(got) => got,
            Err(Refused::Said { code: NO_MESSAGE, .. }) => return Ok(None),
            Err(refused) => return Err(refused),
        };
        let at: jiff::Timestamp =
            got.message.time.parse().map_err(|error: jiff::Error| Refused::Unheard(error.to_string()))?;
        Ok(Some((got.message.seq, Timestamp(at.as_millisecond()))))
    }

    /// Takes all messages from the stream that were kept longer than `window` before the last one.
    pub async fn purge_old(&self, window: Duration) -> Result<(), Refused> {
        let Some(Stream { state, .. }) = self.stream().await? else { return Ok(()) };
        let Some(last_at) = state.last_at() else { return Ok(()) };
        let first = self.first_since(&state, last_at.minus(window)).await?;
        if first > state.first_seq { self.purge_before(first).await } else { Ok(()) }
    }

    /// The position before which all messages are older than an instant; that of the last one, or behind it, if all are.
    async fn first_since(&self, state: &StreamState, oldest: Timestamp) -> Result<u64, Refused> {
        let (mut first, mut end) = (state.first_seq, state.last_seq);
        // The first one that is not old stands from `first` on and before `end`, or is that.
        while first < end {
            let middle = first + (end - first) / 2;
            match self.from(middle).await? {
                Some((position, at)) if at < oldest => first = position + 1,
                Some(_) | None => end = middle,
            }
        }
        Ok(first)
    }

    /// The message at a position; none if there is none.
    pub async fn at(&self, position: u64) -> Result<Option<Timestamp>, Refused> {
        let found = self.from(position).await?;
        Ok(found.filter(|(found, _)| *found == position).map(|(_, at)| at))
    }

    /// Makes a consumer that sends everything from a position on to `inbox`. One of this name may not be there.
    pub async fn consume(&self, name: &str, inbox: &str, from: u64) -> Result<(), Refused> {
        let request = json!({
            "stream_name": self.stream,
            "config": {
                "name": name,
                "deliver_subject": inbox,
                "deliver_policy": "by_start_sequence",
                "opt_start_seq": from,
                "ack_policy": "none",
                "replay_policy": "instant",
                "max_deliver": 1,
                "flow_control": true,
                "idle_heartbeat": nanos(HEARTBEAT),
                "inactive_threshold": nanos(UNHEARD),
                "mem_storage": true,
                "num_replicas": 1,
            },
        });
        self.ask(&format!("CONSUMER.CREATE.{}.{name}", self.stream), &request).await.map(|Anything {}| ())
    }

    /// Takes a consumer away.
    pub async fn consume_no_more(&self, name: &str) -> Result<(), Refused> {
        self.ask(&format!("CONSUMER.DELETE.{}.{name}", self.stream), &json!({})).await.map(|Anything {}| ())
    }

    /// Takes all messages of a subject before a position from the stream.
    pub async fn purge_subject(&self, subject: &str, position: u64) -> Result<(), Refused> {
        let request = json!({ "filter": subject, "seq": position });
        self.ask(&format!("STREAM.PURGE.{}", self.stream), &request).await.map(|Anything {}| ())
    }

    /// Takes all messages before a position from the stream.
    async fn purge_before(&self, position: u64) -> Result<(), Refused> {
        let request = json!({ "seq": position });
        self.ask(&format!("STREAM.PURGE.{}", self.stream), &request).await.map(|Anything {}| ())
    }

    async fn ask<T: DeserializeOwned>(&self, what: &str, request: &impl Serialize) -> Result<T, Refused> {
        let payload = serde_json::to_vec(request).map_err(|error| Refused::Unheard(error.to_string()))?;
        let asked = tokio::time::timeout(PATIENCE, self.client.request(format!("$JS.API.{what}"), payload.into()));
        let answer = match asked.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) if error.kind() == RequestErrorKind::NoResponders => {
                return Err(Refused::Unheard("JetStream does not answer; is it enabled on the servers?".to_owned()));
            }
            Ok(Err(error)) => return Err(Refused::Unheard(error.to_string())),
            Err(_) => return Err(Refused::Unheard("JetStream does not answer in time".to_owned())),
        };
        let Answer { error, answer } =
            serde_json::from_slice(&answer.payload).map_err(|error| Refused::Unheard(error.to_string()))?;
        match (error, answer) {
            (Some(Said { err_code: code, description }), _) => Err(Refused::Said { code, description }),
            (None, Some(answer)) => Ok(answer),
            (None, None) => Err(Refused::Unheard("JetStream's answer is not understood".to_owned())),
        }
    }
}

fn nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[path = "api_tests.rs"]
mod tests;
