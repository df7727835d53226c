//! The thread's one task: takes orders, sends to the log, and writes what comes out of it.

mod connection;
mod sending;
mod servers;
mod tailing;
mod words;

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::{FuturesOrdered, FuturesUnordered};
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior};
use tracing::{error, info, warn};

use super::api::{Api, Found, Refused, Stream};
use super::appends::{Appends, Judged};
use super::consumer::{Came, Consumer, NotMade};
use super::following::Following;
use super::settings::Settings;
use super::{Order, Status};
use crate::clock::Clock;
use crate::domain::ids::AgentId;
use crate::engine::embedded::Embedded;
use crate::engine::words::Nodes;
use crate::engine::{FromPeer, Members, Outcome, Release, Seq, Unreachable};
use connection::Connection;
use sending::Looked;

/// How often it is looked who waits for too long, and who is silent.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Orders that are taken at once.
const ORDERS: usize = 128;

/// What the task has begun and waits for.
pub(super) enum Done {
    Made(u64, Result<(Consumer, u64), NotMade>),
    /// Up to a position.
    Wrote(Result<(), Unreachable>, u64),
    /// An agent is erased by what stands at a position, if it is: nothing about it before that is to be in the stream.
    Erased(Option<(AgentId, u64)>),
    /// That was taken from the stream, or could not be.
    Purged((AgentId, u64), Result<(), Refused>),
    IsAt(Result<u64, Unreachable>),
    Newest(Seq, Release, Result<Seq, Unreachable>),
    /// A message is to be sent again.
    Again(u64),
    /// A consumer is to be made.
    Anew,
    /// It is to be asked how far the database is.
    Where,
    /// The last word of this node, which was said to be another than it thought.
    LastWord(Result<Option<Found>, Refused>),
    /// The stream's first position.
    First(u64, Result<u64, Refused>),
    /// The stream, with the servers that keep it.
    Servers(Result<Option<Stream>, Refused>),
    /// Something was done of which only the error matters.
    Told(&'static str, Result<(), Refused>),
}

/// The task. What it knows is its own.
pub(super) struct Actor {
    pub api: Api,
    pub settings: Arc<Settings>,
    pub database: Embedded,
    pub clock: Clock,
    pub members: Members,
    pub status: Status,
    pub appends: Appends,
    pub following: Following,
    pub nodes: Nodes,
    pub orders: mpsc::Receiver<Order>,
    pub peers: mpsc::Sender<FromPeer>,
    pub jobs: FuturesUnordered<BoxFuture<'static, Done>>,
    /// Appends that wait for what the database knows, in their order.
    lookups: FuturesOrdered<BoxFuture<'static, Looked>>,
    ticks: Interval,
    consumers: u64,
    put_back: Option<Instant>,
    /// How often in a row a consumer could not be made.
    unmade: u32,
    /// When old messages were last taken from the stream.
    purged: Instant,
    /// When it was last asked how the servers are.
    servers_asked: Option<Instant>,
    connection: Connection,
    /// Whether it was said last that this node is current.
    pub said_current: bool,
    /// It takes no orders any more.
    pub is_leaving: bool,
    /// Why it cannot go on.
    pub over: Option<String>,
}

/// What an actor begins with.
pub(super) struct Parts {
    pub api: Api,
    pub settings: Arc<Settings>,
    pub database: Embedded,
    pub clock: Clock,
    pub status: Status,
    pub appends: Appends,
    pub known: u64,
    pub orders: mpsc::Receiver<Order>,
    pub peers: mpsc::Sender<FromPeer>,
}

/// One thing that happened.
enum Happened {
    Order(Option<Order>),
    Leave,
    Answer(Option<(u64, Judged)>),
    Came(Came),
    Done(Done),
    Looked(Looked),
    Due,
    Tick,
}

impl Actor {
    pub fn of(parts: Parts) -> Self {
        let Parts { api, settings, database, clock, status, appends, known, orders, peers } = parts;
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut nodes = Nodes::unborn(settings.node, settings.silent_after);
        nodes.settings.own = settings.alike.clone();
        Self {
            api,
            settings,
            database,
            clock,
            members: Members::default(),
            status,
            appends,
            following: Following::from(known),
            nodes,
            orders,
            peers,
            jobs: FuturesUnordered::new(),
            lookups: FuturesOrdered::new(),
            ticks,
            consumers: 0,
            put_back: None,
            unmade: 0,
            purged: Instant::now(),
            servers_asked: None,
            connection: Connection::default(),
            said_current: false,
            is_leaving: false,
            over: None,
        }
    }

    /// Lives until it is told to leave, or cannot go on.
    pub async fn run(mut self) {
        while self.over.is_none() {
            if !self.step().await {
                self.leave().await;
                return;
            }
        }
        let why = self.over.take().unwrap_or_default();
        error!(why, "this node is no member of the cluster any more");
        self.ends(why, "this node is no member of the cluster any more").await;
    }

    /// Nothing is current, written or answered any more.
    async fn ends(mut self, why: impl Into<String>, refusal: &str) {
        self.status.has_ended(why);
        self.members.are_current_until(Instant::now());
        self.counts();
        // The tail ends with the database's writer, and the hub with that.
        let database = self.database.clone();
        drop(tokio::task::spawn_blocking(move || database.close()).await);
        self.orders.close();
        while let Some(order) = self.orders.recv().await {
            order.refuse(refusal);
        }
    }

    /// Does one thing. Whether it goes on.
    pub async fn step(&mut self) -> bool {
        let due = self.following.due();
        let is_leaving = self.is_leaving;
        let happened = {
            let Self { orders, appends, following, jobs, lookups, ticks, api, status, .. } = self;
            let came = async {
                match &mut following.consumer {
                    Some(consumer) => consumer.next(&api.client).await,
                    None => std::future::pending().await,
                }
            };
            let is_due = async {
                match due {
                    Some(due) => tokio::time::sleep_until(due).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                Some(done) = jobs.next(), if !jobs.is_empty() => Happened::Done(done),
                Some(looked) = lookups.next(), if !lookups.is_empty() => Happened::Looked(looked),
                order = orders.recv(), if !is_leaving => Happened::Order(order),
                () = status.leave.notified(), if !is_leaving => Happened::Leave,
                answer = appends.answer() => Happened::Answer(answer),
                came = came => Happened::Came(came),
                () = is_due => Happened::Due,
                _ = ticks.tick() => Happened::Tick,
            }
        };
        match happened {
            Happened::Order(None) | Happened::Leave => return false,
            Happened::Order(Some(order)) => {
                self.takes(order).await;
                for _ in 1..ORDERS {
                    let Ok(order) = self.orders.try_recv() else { break };
                    self.takes(order).await;
                }
            }
            Happened::Answer(Some((number, judged))) => self.is_judged(number, judged),
            Happened::Answer(None) => self.over = Some("the connection to NATS is closed".to_owned()),
            Happened::Came(came) => self.comes(came).await,
            Happened::Done(done) => self.is_done(done).await,
            Happened::Looked(looked) => self.is_looked_up(looked).await,
            Happened::Due => self.writes(),
            Happened::Tick => self.looks().await,
        }
        self.hears_words().await;
        true
    }

    pub(super) async fn takes(&mut self, order: Order) {
        match order {
            Order::Append(append, release, place) => self.append(append, release, place).await,
            Order::Beside(what, reply) => self.keep_beside(what, reply).await,
        }
    }

    async fn is_done(&mut self, done: Done) {
        match done {
            // Made for what was to come before a group failed.
            Done::Made(number, _) if number != self.consumers => {}
            Done::Made(_, Ok((consumer, first))) => {
                self.following.is_making = false;
                self.following.first = first;
                self.following.consumer = Some(consumer);
                (self.put_back, self.unmade) = (None, 0);
            }
            Done::Made(_, Err(not_made)) => self.is_not_made(&not_made).await,
            Done::Wrote(Ok(()), upto) => self.following.wrote(upto),
            Done::Erased(Some(erased)) => self.purge(erased),
            Done::Erased(None) | Done::Purged(_, Ok(())) | Done::Told(_, Ok(())) => {}
            Done::Purged(erased, Err(error)) => {
                warn!(%error, "the cluster's log still has what it says of somebody who was erased; it is tried again");
                self.later(Done::Erased(Some(erased)));
            }
            Done::Wrote(Err(error), ..) => {
                warn!(%error, "the database does not take what the cluster's log says; it is tried again");
                self.status.is_in_trouble(error.to_string());
                self.following.failed();
                self.following.is_making = true;
                self.consumers += 1;
                self.later(Done::Where);
            }
            Done::IsAt(Ok(position)) => {
                self.following.begins_again(position);
                self.make_consumer();
            }
            Done::IsAt(Err(error)) => {
                self.status.is_in_trouble(error.to_string());
                self.later(Done::Where);
            }
            Done::Anew => self.make_consumer(),
            Done::Where => {
                let position = self.database.position();
                let closed = |_| Err(Unreachable("the database is closed".to_owned()));
                self.jobs.push(Box::pin(async move { Done::IsAt(position.await.unwrap_or_else(closed)) }));
            }
            Done::Newest(expected, release, newest) => release.with(match newest {
                Ok(newest) if newest == expected => Outcome::Kept { seq: newest },
                Ok(newest) => Outcome::Conflict { newest },
                Err(_) => Outcome::Unavailable,
            }),
            Done::Again(number) => {
                if let Some(mut sent) = self.appends.take(number) {
                    sent.tries += 1;
                    if let Err(sent) = self.appends.send(number, sent).await {
                        sent.refuse(Outcome::Unavailable);
                    }
                }
            }
            Done::First(number, first) => self.first_is_known(number, first),
            Done::LastWord(found) => self.last_word_is(found),
            Done::Servers(stream) => self.servers_are(stream),
            Done::Told(what, Err(error)) => warn!(%error, what, "the cluster's log was not told"),
        }
    }

    async fn looks(&mut self) {
        if self.appends.is_server_quiet().await {
            info!("the NATS server is quiet, and another one is tried");
            self.try_another_server().await;
            // The mark went there.
            self.nodes.on_its_way = None;
        }
        let given_up = self.appends.give_up(Instant::now());
        self.looks_at_its_server();
        if given_up > 0 {
            self.status.metrics.unknown.inc_by(given_up as u64);
            self.status.is_in_trouble("the cluster's log did not answer in time");
            warn!(given_up, "the cluster's log did not answer in time; it will tell what it has kept");
        }
        if self.following.consumer.as_ref().is_some_and(Consumer::is_silent) {
            info!("the consumer of the cluster's log is silent, and made anew");
            self.anew();
        }
        self.nodes.words_are_late();
        self.look_around().await;
        self.counts();
        self.asks_for_servers();
    }
}
