//! The node's own consumer: everything that the stream keeps, in its order, without a gap.
//!
//! JetStream's own ordered consumer is blind for ten seconds, and silent after the stream was put back. This one is heard
//! every half second, counts what it is given, and is made anew for every doubt.

use std::time::Duration;

use async_nats::{Client, Message, StatusCode, Subscriber};
use futures::StreamExt;
use futures::future::select_ok;
use tokio::time::Instant;
use tracing::{debug, warn};

use super::api::{Api, Refused};
use crate::domain::time::Timestamp;

/// A consumer that is not heard for so long is made anew: three of its heartbeats.
const SILENT: Duration = Duration::from_millis(1_500);

/// A message of the stream.
#[derive(Debug)]
pub(super) struct Delivered {
    pub position: u64,
    pub at: Timestamp,
    pub subject: String,
    pub payload: bytes::Bytes,
    /// How many come behind it.
    pub pending: u64,
}

/// A consumer that was made.
#[derive(Debug)]
pub(super) struct Consumer {
    name: String,
    messages: Subscriber,
    /// How many messages it has sent.
    sent: u64,
    heard: Instant,
}

/// What came from a consumer.
#[derive(Debug)]
pub(super) enum Came {
    Message(Delivered),
    /// A sign of life, and nothing else.
    Heartbeat,
    /// Something is missing, or it is over.
    Broken(&'static str),
}

/// Why there is no consumer.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotMade {
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The stream's first message stands behind what the database has.
    #[error("the log begins at {first}, and this node knows it up to {known} only")]
    Behind { first: u64, known: u64 },
    /// The stream's last message stands before what the database has.
    #[error("the log ends at {last}, and this node knows it up to {known}: an older one was put in its place")]
    Ahead { last: u64, known: u64 },
    /// The stream was taken away, and another one made in its place.
    #[error("the log is another one now, of the epoch {0}: this node begins with a copy of a database of that")]
    OfAnother(String),
    /// The stream's message there is another one than the one that came.
    #[error(
        "the log has another message at {known} than the one that this node knows: an older one was put in its place"
    )]
    Replaced { known: u64 },
}

impl Consumer {
    /// Makes one of everything behind `known`, where a message came that was kept then; returns it with the stream's first
    /// position.
    ///
    /// JetStream lets a consumer live on one server, which it picks among those of the stream, and it takes half a minute
    /// to find out that one is cut off. So `several` are asked for at once, and the first that is there is taken. The
    /// others go when nobody listens to them.
    pub async fn make(
        api: Api,
        name: String,
        (known, at): (u64, Option<Timestamp>),
        several: u32,
    ) -> Result<(Self, u64), NotMade> {
        let stream = api.stream().await?.ok_or_else(|| Refused::Unheard("the stream is gone".to_owned()))?;
        let epoch = stream.config.metadata.get("epoch").cloned().unwrap_or_default();
        if epoch != api.epoch {
            return Err(NotMade::OfAnother(epoch));
        }
        let (first, last) = (stream.state.first_seq, stream.state.last_seq);
        if first > known + 1 {
            return Err(NotMade::Behind { first, known });
        }
        if last < known {
            return Err(NotMade::Ahead { last, known });
        }
        if let Some(at) = at.filter(|_| first <= known)
            && api.at(known).await?.is_some_and(|found| found != at)
        {
            return Err(NotMade::Replaced { known });
        }
        let one = |number| Box::pin(Self::make_one(&api, format!("{name}-{number}"), known + 1));
        let (consumer, _) = select_ok((0..several.max(1)).map(one)).await?;
        Ok((consumer, first))
    }

    async fn make_one(api: &Api, name: String, from: u64) -> Result<Self, Refused> {
        let inbox = api.client.new_inbox();
        let subscribed = api.client.subscribe(inbox.clone()).await;
        let messages = subscribed.map_err(|error| Refused::Unheard(error.to_string()))?;
        api.consume(&name, &inbox, from).await?;
        Ok(Self { name, messages, sent: 0, heard: Instant::now() })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it was not heard for too long.
    pub fn is_silent(&self) -> bool {
        self.heard.elapsed() > SILENT
    }

    /// What comes next from it. To be dropped at any time.
    pub async fn next(&mut self, client: &Client) -> Came {
        let Some(message) = self.messages.next().await else { return Came::Broken("its subscription has ended") };
        self.heard = Instant::now();
        match message.status {
            Some(StatusCode::IDLE_HEARTBEAT) => self.beat(message, client).await,
            Some(status) => {
                debug!(%status, "the consumer says that it is over");
                Came::Broken("it said that it is over")
            }
            None => self.message(message),
        }
    }

    /// A heartbeat says how many messages were sent; one that wants an answer asks for more to be let through.
    async fn beat(&self, message: Message, client: &Client) -> Came {
        if let Some(reply) = message.reply {
            if let Err(error) = client.publish(reply, bytes::Bytes::new()).await {
                warn!(%error, "the consumer cannot be told to go on");
            }
            return Came::Heartbeat;
        }
        let headers = message.headers.unwrap_or_default();
        if let Some(stalled) = headers.get("Nats-Consumer-Stalled")
            && let Err(error) = client.publish(stalled.as_str().to_owned(), bytes::Bytes::new()).await
        {
            warn!(%error, "the consumer cannot be told to go on");
        }
        let sent = headers.get("Nats-Last-Consumer").and_then(|sent| sent.as_str().parse::<u64>().ok());
        match sent {
            Some(sent) if sent != self.sent => Came::Broken("messages are missing"),
            Some(_) | None => Came::Heartbeat,
        }
    }

    fn message(&mut self, message: Message) -> Came {
        let Some(place) = message.reply.as_ref().and_then(|reply| Placed::parse(reply.as_str())) else {
            return Came::Broken("a message does not say where it stands");
        };
        if place.consumer != self.sent + 1 {
            return Came::Broken("messages are missing");
        }
        self.sent = place.consumer;
        Came::Message(Delivered {
            position: place.stream,
            at: Timestamp(place.nanos / 1_000_000),
            subject: message.subject.into_string(),
            payload: message.payload,
            pending: place.pending,
        })
    }
}

/// Where a message stands, as its reply subject says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Placed {
    stream: u64,
    consumer: u64,
    nanos: i64,
    pending: u64,
}

impl Placed {
    /// `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream position>.<consumer position>.<time>.<pending>`, or with a domain
    /// and an account behind `$JS.ACK`, and perhaps with more at the end.
    fn parse(reply: &str) -> Option<Self> {
        let parts: Vec<&str> = reply.strip_prefix("$JS.ACK.")?.split('.').collect();
        let skip = match parts.len() {
            7 => 3,
            9.. => 5,
            _ => return None,
        };
        let number = |place: usize| parts.get(skip + place)?.parse::<u64>().ok();
        Some(Self {
            stream: number(0)?,
            consumer: number(1)?,
            nanos: i64::try_from(number(2)?).ok()?,
            pending: number(3)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_where_it_stands_in_either_form() {
        let place = Placed { stream: 12, consumer: 3, nanos: 1_700_000_000_000_000_000, pending: 9 };
        assert_eq!(Placed::parse("$JS.ACK.HUB.c1.1.12.3.1700000000000000000.9"), Some(place));
        assert_eq!(Placed::parse("$JS.ACK.hub.ACCOUNT.HUB.c1.1.12.3.1700000000000000000.9"), Some(place));
        assert_eq!(Placed::parse("$JS.ACK.hub.ACCOUNT.HUB.c1.1.12.3.1700000000000000000.9.x7"), Some(place));
        assert_eq!(Placed::parse("$JS.ACK.HUB.c1.1.12.3"), None);
        assert_eq!(Placed::parse("_INBOX.1"), None);
    }
}
