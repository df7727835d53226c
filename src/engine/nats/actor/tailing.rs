//! What comes out of the log, on its way to the database.

use std::time::Duration;

use futures::FutureExt as _;
use tokio::sync::oneshot;
use tokio::time::Instant;
use tracing::{info, warn};

use super::sending::random;
use super::{Actor, Done};
use crate::domain::ids::AgentId;
use crate::engine::embedded::ordered::{self, Ordered, What};
use crate::engine::nats::appends::{Sent, Waiting};
use crate::engine::nats::consumer::{Came, Consumer, Delivered, NotMade};
use crate::engine::nats::message::{self, Says};
use crate::engine::nats::subjects::Kind;
use crate::engine::words::Heard;
use crate::engine::{Append, Beside, Entry, Lane, Reply, SizeLimit, Unreachable, stored};

/// How soon a consumer is made anew that could not be made, and a group is written again.
const ANEW_AFTER: Duration = Duration::from_millis(500);
/// Messages that are taken at once.
const MESSAGES: usize = 128;
/// An older log was put in the place of the one that the database has followed, and that for so long: it is no moment
/// of an election.
const PUT_BACK: Duration = Duration::from_secs(10);

impl Actor {
    pub(super) async fn comes(&mut self, came: Came) {
        self.come(came);
        for _ in 1..MESSAGES {
            let Some(consumer) = &mut self.following.consumer else { return };
            let next = futures::FutureExt::now_or_never(consumer.next(&self.api.client));
            match next {
                Some(came) => self.come(came),
                None => return,
            }
        }
    }

    pub(super) fn come(&mut self, came: Came) {
        match came {
            Came::Heartbeat => self.following.pending = 0,
            Came::Broken(why) => {
                info!(why, "the consumer of the cluster's log is made anew");
                self.anew();
            }
            Came::Message(delivered) => {
                self.following.pending = delivered.pending;
                let position = delivered.position;
                if let Err(unreadable) = self.understand(delivered) {
                    self.over = Some(format!("message {position} of the cluster's log cannot be read: {unreadable}"));
                }
            }
        }
    }

    pub(super) fn understand(&mut self, delivered: Delivered) -> Result<(), stored::Unreadable> {
        let Delivered { position, at, subject, payload, .. } = delivered;
        self.following.known_at = Some(at);
        let Some(kind) = self.api.subjects.kind(&subject) else {
            self.following.passes(position);
            return Ok(());
        };
        // Its own time never goes back.
        let place = ordered::Place { position, at: self.nodes.time(at) };
        let (by, says) = message::read(&payload)?;
        let own = self.appends.came(by, self.nodes.own);
        if let Some(Sent { what: Waiting::Append { .. } | Waiting::Beside { .. }, at, .. }) = &own {
            self.status.metrics.came_back.took(at.elapsed());
        }
        self.clock.observe(at);
        let what = match (says, kind, own.map(|sent| sent.what)) {
            (Says::Word(word), Kind::Node(node), _) => {
                let came = Instant::now();
                self.following.hears(Heard { position, at: place.at, node, by, word, came });
                return Ok(());
            }
            (Says::Word(_), Kind::Entries | Kind::Beside, _) => {
                self.following.passes(position);
                return Ok(());
            }
            (Says::Entries { .. }, _, Some(Waiting::Append { append, texts, release, .. })) => {
                What::Append { append, texts, release }
            }
            (Says::Entries { texts, operation, note }, _, _) => {
                let entries: Vec<Entry> = texts.iter().map(|text| stored::decode(text)).collect::<Result<_, _>>()?;
                let Some(first) = entries.first() else {
                    self.following.passes(position);
                    return Ok(());
                };
                let append = Append {
                    subject: first.subject(),
                    expected: 0,
                    entries,
                    directory: 0,
                    limit: SizeLimit::Reserve,
                    lane: Lane::People,
                    operation,
                    note: note.map(Box::new),
                };
                What::Append { append, texts, release: None }
            }
            (Says::Beside(_), _, Some(Waiting::Beside { what, reply })) => What::Beside(what, reply),
            (Says::Beside(what), _, _) => What::Beside(what, Reply::Nobody),
        };
        self.following.takes(Ordered { place, what });
        Ok(())
    }

    /// Writes a group.
    pub(super) fn writes(&mut self) {
        let (mut group, upto) = self.following.group();
        for ordered in &mut group {
            self.listens_for_erasures(ordered);
        }
        let written = self.database.follow(group);
        self.jobs.push(Box::pin(async move {
            let closed = |_| Err(Unreachable("the database is closed".to_owned()));
            Done::Wrote(written.await.unwrap_or_else(closed), upto)
        }));
    }

    /// The node that was asked to erase somebody hears whether they are erased; so does the first of all, because that one
    /// may have gone.
    fn listens_for_erasures(&self, ordered: &mut Ordered) {
        let What::Beside(Beside::Erase(erase), reply) = &mut ordered.what else { return };
        let (Ok(agent), position) = (AgentId::new(&erase.id), ordered.place.position) else { return };
        let is_erased = match std::mem::replace(reply, Reply::Nobody) {
            Reply::Erased(asked) => {
                let (tell, told) = oneshot::channel();
                *reply = Reply::Erased(tell);
                async move {
                    let Ok(erased) = told.await else { return false };
                    let is_erased = erased.is_ok();
                    // Whoever asked may have gone.
                    drop(asked.send(erased));
                    is_erased
                }
                .boxed()
            }
            Reply::Nobody if self.members.is_first() => {
                let (tell, told) = oneshot::channel();
                *reply = Reply::Overheard(tell);
                async move { told.await.unwrap_or(false) }.boxed()
            }
            other @ (Reply::Done(_) | Reply::Told(_) | Reply::Nobody | Reply::Overheard(_)) => return *reply = other,
        };
        self.jobs.push(Box::pin(async move { Done::Erased(is_erased.await.then_some((agent, position))) }));
    }

    /// A new consumer, of everything that has not come.
    pub(in crate::engine::nats) fn anew(&mut self) {
        if let Some(consumer) = self.following.consumer.take() {
            let (api, name) = (self.api.clone(), consumer.name().to_owned());
            // It goes by itself if it cannot be told.
            tokio::spawn(async move { drop(api.consume_no_more(&name).await) });
        }
        if !self.following.is_making {
            self.make_consumer();
        }
    }

    pub(super) fn make_consumer(&mut self) {
        self.following.is_making = true;
        self.consumers += 1;
        self.status.metrics.consumers.inc();
        let (node, boot) = self.nodes.own;
        let name = format!("n{node}-{boot}-{}-{}", self.consumers, random());
        // The first one of a life is made while nothing is in doubt.
        let several = if self.consumers == 1 { 1 } else { self.settings.replicas };
        let (number, known) = (self.consumers, (self.following.known, self.following.known_at));
        let made = Consumer::make(self.api.clone(), name, known, several);
        self.jobs.push(Box::pin(async move { Done::Made(number, made.await) }));
    }

    pub(super) async fn is_not_made(&mut self, why: &NotMade) {
        self.status.is_in_trouble(why.to_string());
        match why {
            NotMade::Behind { .. } | NotMade::Replaced { .. } | NotMade::OfAnother(_) => {
                self.over = Some(why.to_string());
            }
            NotMade::Ahead { .. } => {
                let since = *self.put_back.get_or_insert_with(Instant::now);
                if since.elapsed() >= PUT_BACK {
                    self.over = Some(why.to_string());
                }
            }
            NotMade::Refused(_) => {
                self.put_back = None;
                self.unmade += 1;
                warn!(%why, tries = self.unmade, "there is no consumer of the cluster's log yet");
                self.try_another_server().await;
            }
        }
        self.later(Done::Anew);
    }

    /// The server that this node is connected to may itself be cut off from the others.
    pub(super) async fn try_another_server(&mut self) {
        self.leaves_its_server();
        if let Err(error) = self.api.client.force_reconnect().await {
            warn!(%error, "no other server can be tried");
        }
    }

    pub(super) fn later(&mut self, done: Done) {
        self.jobs.push(Box::pin(async {
            tokio::time::sleep(ANEW_AFTER).await;
            done
        }));
    }
}
