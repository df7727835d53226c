//! Joining the cluster: finds the log, follows it to its end, and begins a boot of this node.

mod connecting;
mod words;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tracing::{info, warn};

pub(super) use connecting::{START_ONE, connect};
pub(super) use words::every_word;
use words::{AGAIN, ELECTION, Number, other_words, patiently, say_up};

use super::actor::{Actor, Parts};
use super::api::{Api, Found, Refused, Stream};
use super::appends::Appends;
use super::settings::Settings;
use super::{Inner, Nats, Order, Status};
use crate::clock::{Clock, MOST_APART};
use crate::domain::time::Timestamp;
use crate::engine::embedded::ordered::position_of;
use crate::engine::embedded::{self, Embedded, Followed, Retention};
use crate::engine::members::next_boot;
use crate::engine::words::Word;
use crate::engine::{Copies, FromPeer, Loaded, Members, Opened, Tail};

/// There is a stream of this name already.
const IN_USE: u32 = 10_058;

/// How many things that other nodes do may wait to be heard of.
const FROM_PEERS: usize = 8_192;

/// Why this node cannot join the cluster: what is wrong, and what to do.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the sentences say it")]
pub enum OpenError {
    #[error(transparent)]
    Database(#[from] embedded::OpenError),
    #[error("no NATS server of {servers} can be used: {error}; {advice}")]
    Unreachable { servers: String, error: String, advice: &'static str },
    #[error("`cluster.{setting}`, {}, cannot be used: {error}", path.display())]
    File { setting: &'static str, path: PathBuf, error: String },
    #[error("the NATS server says that it is version {found}; the cluster needs 2.12 or newer")]
    TooOld { found: String },
    #[error("the log `{stream}` cannot be used: {error}")]
    Stream { stream: String, error: String },
    #[error(
        "the database {} does not belong to the log `{stream}`; name another data folder, or fetch another node's database into this one (`presence-hub cluster copy --replace`)",
        path.display()
    )]
    Foreign { path: PathBuf, stream: String },
    #[error(
        "the log `{stream}` begins at {first}, and the database {} knows it up to {known} only; fetch another node's database (`presence-hub cluster copy`, see docs/cluster.md)",
        path.display()
    )]
    Behind { path: PathBuf, stream: String, first: u64, known: u64 },
    #[error(
        "the log `{stream}` ends at {last}, and the database {} knows it up to {known}: an older log was put in its place (see docs/cluster.md)",
        path.display()
    )]
    Ahead { path: PathBuf, stream: String, last: u64, known: u64 },
    #[error(
        "the log `{stream}` has at {position} what was kept after the database {} had followed it to there: an older log was put in its place (see docs/cluster.md)",
        path.display()
    )]
    Replaced { path: PathBuf, stream: String, position: u64 },
    #[error(
        "this machine's clock is {apart} ms apart from that of the NATS server; half a second is the most: let both follow a time server"
    )]
    Clock { apart: u128 },
    #[error("another hub is node {node} of the cluster; give this one a number of its own (`cluster.node`)")]
    NumberTaken { node: u16 },
    #[error("the thread of the engine could not be started; raise the limit of threads or free some memory")]
    Thread(#[source] std::io::Error),
}

/// A node that is about to join.
#[derive(Debug)]
pub struct Opening {
    settings: Settings,
    folder: PathBuf,
    retention: Retention,
}

/// A node of a cluster with its database in this folder.
#[must_use]
pub fn open(settings: Settings, folder: &Path) -> Opening {
    Opening { settings, folder: folder.to_owned(), retention: Retention::FOR_EVER }
}

/// What a node that has joined gives away.
struct Joined {
    opened: Opened<(Embedded, Members)>,
    clock: Clock,
}

impl Opening {
    /// Keeps what is known for so long in this node's database, and not for ever.
    #[must_use]
    pub fn keeping(self, retention: Retention) -> Self {
        Self { retention, ..self }
    }

    /// Joins the cluster, and begins a boot of this node. Its clock is made by `clock` from when the cluster was last
    /// alive.
    ///
    /// # Errors
    /// [`OpenError`], whose sentence is meant for the operator.
    pub async fn start(
        self,
        clock: impl FnOnce(Option<Timestamp>) -> Clock + Send + 'static,
    ) -> Result<(Opened<Nats>, Clock), OpenError> {
        let copies = Copies::of(&self.folder);
        let (orders, takes) = mpsc::channel(2 * super::MOST_WAITING);
        let status = Status::default();
        let (tell, told) = oneshot::channel();
        let thread = std::thread::Builder::new().name("cluster".to_owned()).spawn({
            let status = status.clone();
            move || live(self, clock, takes, status, tell)
        });
        let thread = thread.map_err(OpenError::Thread)?;
        let ended = || OpenError::Thread(std::io::Error::other("it has ended"));
        let Joined { opened, clock } = told.await.map_err(|_| ended())??;
        let Opened { engine: (database, members), loaded, tail, peers } = opened;
        let inner = Inner { orders, database, copies, members, status, thread: Mutex::new(Some(thread)) };
        Ok((Opened { engine: Nats { inner: Arc::new(inner) }, loaded, tail, peers }, clock))
    }
}

/// The thread.
fn live(
    opening: Opening,
    clock: impl FnOnce(Option<Timestamp>) -> Clock,
    orders: mpsc::Receiver<Order>,
    status: Status,
    tell: oneshot::Sender<Result<Joined, OpenError>>,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        // Whoever opens may have gone.
        Err(error) => return drop(tell.send(Err(OpenError::Thread(error)))),
    };
    runtime.block_on(async move {
        match join(opening, clock, orders, status).await {
            Ok((actor, joined)) => {
                if tell.send(Ok(joined)).is_ok() {
                    actor.run().await;
                }
            }
            Err(error) => drop(tell.send(Err(error))),
        }
    });
}

async fn join(
    opening: Opening,
    clock: impl FnOnce(Option<Timestamp>) -> Clock,
    orders: mpsc::Receiver<Order>,
    status: Status,
) -> Result<(Actor, Joined), OpenError> {
    let Opening { settings, folder, retention } = opening;
    let folder_opening = embedded::open(&folder)?.keeping(retention);
    let followed = folder_opening.followed()?;
    let client = connect(&settings).await?;
    let api = Api::new(client, &settings.stream);
    let stream = find_stream(&api, &settings, &followed).await?;
    let (epoch, known) = begin_at(&settings, &folder, &stream, &followed)?;
    let api = api.of_epoch(&epoch);
    has_been_followed(&api, (&settings, &folder), stream.state.first_seq, &followed).await?;
    let clock = clock(stream.state.last_at());
    let (tell, peers) = mpsc::channel::<FromPeer>(FROM_PEERS);
    let (database, tail) = folder_opening.follow(clock.clone(), (&epoch, known), tell.clone())?;
    let (settings, last) = (Arc::new(settings), stream.state.last_seq);
    let appends = Appends::begin(api.clone()).await;
    let appends =
        appends.map_err(|error| OpenError::Stream { stream: settings.stream.clone(), error: error.to_string() });
    let begun = appends.map(|appends| {
        let (api, settings, database, clock) = (api, settings, database.clone(), clock.clone());
        Actor::of(Parts { api, settings, database, clock, status, appends, known, orders, peers: tell })
    });
    let joined = match begun {
        Ok(actor) => join_from(actor, (&folder, followed.boot), last, (tail, peers)).await,
        Err(error) => Err(error),
    };
    match joined {
        Ok((actor, opened)) => {
            let ((node, boot), position) = (actor.nodes.own, actor.nodes.last);
            info!(node, boot, position, stream = actor.settings.stream, epoch, "joined the cluster");
            Ok((actor, Joined { opened, clock }))
        }
        Err(error) => {
            // The folder is free when this is told.
            drop(tokio::task::spawn_blocking(move || database.close()).await);
            Err(error)
        }
    }
}

/// Follows the log to its end at `last`, and begins a boot: a later one than the database knows.
async fn join_from(
    mut actor: Actor,
    (folder, known_boot): (&Path, u32),
    last: u64,
    (tail, mut peers): (Tail, mpsc::Receiver<FromPeer>),
) -> Result<(Actor, Opened<(Embedded, Members)>), OpenError> {
    let (api, settings, clock) = (actor.api.clone(), actor.settings.clone(), actor.clock.clone());
    let unusable = |error: String| OpenError::Stream { stream: settings.stream.clone(), error };
    // Nobody hears of what came before this life.
    let (stop, stopped) = oneshot::channel::<()>();
    let drain = tokio::spawn(drain(tail, stopped));
    actor.anew();
    follow_to(&mut actor, last).await.map_err(unusable)?;

    let own = api.subjects.node(settings.node);
    let mut number = Number::of(&api, &own, &settings);
    let (before, others, began, boot, position) = loop {
        let before = number.last_word().await?;
        let has_lost_some = before.is_none() && actor.following.first > 1;
        let boot = next_boot(before.as_ref().map(|(_, word)| word.boot()), known_boot, has_lost_some, clock.wall());
        let others = patiently(|| other_words(&api, settings.node)).await;
        let others = others.map_err(|error| unusable(error.to_string()))?;
        let up = Word::Up { boot, address: settings.advertise.clone(), alike: Some(settings.alike.clone()) };
        let began = clock.wall();
        let last = before.as_ref().map_or(0, |(found, _)| found.position);
        match say_up(&mut actor, &own, &up, last).await? {
            Some(position) => break (before, others, began, boot, position),
            None => number.was_heard()?,
        }
    };
    actor.is_up(boot, position);
    follow_to(&mut actor, position).await.map_err(unusable)?;
    compare_clocks(&actor, began)?;
    // It waits for that.
    let _ = stop.send(());
    let ended = |_| OpenError::Thread(std::io::Error::other("it has ended"));
    let tail = drain.await.map_err(ended)?;
    let mut loaded = load(&mut actor, folder, boot, clock.now()).await?;
    tell_absence(&mut actor, &mut loaded, before.map(|(found, word)| word.heard(found.at)), &others);
    while peers.try_recv().is_ok() {}
    let engine = (actor.database.clone(), actor.members.clone());
    Ok((actor, Opened { engine, loaded, tail, peers: Some(peers) }))
}

/// The first word was sent at `began`, and the log has dated it since.
fn compare_clocks(actor: &Actor, began: Timestamp) -> Result<(), OpenError> {
    let (log, now) = (actor.nodes.newest, actor.clock.wall());
    actor.status.metrics.clock_ahead.set((began.0 - log.0) as f64 / 1_000.0);
    let apart = began.since(log).max(log.since(now));
    if apart > MOST_APART { Err(OpenError::Clock { apart: apart.as_millis() }) } else { Ok(()) }
}

/// The stream, which is made if there is none. While it has no leader it is waited for.
async fn find_stream(api: &Api, settings: &Settings, followed: &Followed) -> Result<Stream, OpenError> {
    let until = Instant::now() + ELECTION;
    loop {
        let found = match api.stream().await {
            Ok(Some(stream)) => Ok(stream),
            Ok(None) if followed.position.is_some() => {
                Err(Refused::Unheard("there is none, and this database has followed one".to_owned()))
            }
            // A database of one machine is the beginning of the cluster's log.
            Ok(None) => make_stream(api, settings, followed).await,
            Err(refused) => Err(refused),
        };
        match found {
            Ok(stream) => return Ok(stream),
            // Another node has just made it.
            Err(Refused::Said { code: IN_USE, .. }) => tokio::task::yield_now().await,
            Err(refused) if Instant::now() < until => {
                warn!(%refused, "the cluster's log cannot be used yet");
                tokio::time::sleep(AGAIN).await;
            }
            Err(refused) => {
                return Err(OpenError::Stream { stream: settings.stream.clone(), error: refused.to_string() });
            }
        }
    }
}

async fn make_stream(api: &Api, settings: &Settings, followed: &Followed) -> Result<Stream, Refused> {
    let made = api.make_stream(settings, &followed.epoch, begins_behind(followed) + 1).await?;
    let (stream, epoch, replicas) = (&settings.stream, &followed.epoch, settings.replicas);
    info!(stream, epoch, replicas, "there was no log of this name, so it was made: a cluster of its own");
    Ok(made)
}

/// The position behind which a log begins that is made from this database. Behind that of one which a hub has lived with
/// there is something that only the database has, so that an empty one is behind.
fn begins_behind(followed: &Followed) -> u64 {
    if followed.boot > 0 { position_of(followed.newest) + 1 } else { 0 }
}

/// The log's epoch, and the position behind which the database follows it.
fn begin_at(
    settings: &Settings,
    folder: &Path,
    stream: &Stream,
    followed: &Followed,
) -> Result<(String, u64), OpenError> {
    let name = || settings.stream.clone();
    let path = || embedded::database(folder);
    let config = &stream.config;
    let drops = config.max_age > 0 || config.max_msgs > 0 || config.max_bytes > 0 || config.max_msgs_per_subject > 0;
    let Some(epoch) = config.metadata.get("epoch").filter(|_| !drops) else {
        let error = "it was not made by a hub, or has limits by which it would lose messages".to_owned();
        return Err(OpenError::Stream { stream: name(), error });
    };
    let (first, last) = (stream.state.first_seq.max(1), stream.state.last_seq);
    let known = match followed.position {
        Some(_) if followed.epoch != *epoch => return Err(OpenError::Foreign { path: path(), stream: name() }),
        Some(position) => position,
        // The database of one machine that the log was made from.
        None if followed.epoch == *epoch => begins_behind(followed),
        None if followed.boot > 0 => return Err(OpenError::Foreign { path: path(), stream: name() }),
        None => 0,
    };
    if first > known + 1 {
        return Err(OpenError::Behind { path: path(), stream: name(), first, known });
    }
    if last < known {
        return Err(OpenError::Ahead { path: path(), stream: name(), last, known });
    }
    Ok((epoch.clone(), known))
}

/// Whether the stream has what the database has of it: an older one that was put in its place may have grown further since.
async fn has_been_followed(
    api: &Api,
    (settings, folder): (&Settings, &Path),
    first: u64,
    followed: &Followed,
) -> Result<(), OpenError> {
    let position = position_of(followed.newest);
    if followed.position.is_none() || position < first.max(1) {
        return Ok(());
    }
    let stream = || settings.stream.clone();
    let at = patiently(|| api.at(position)).await;
    let at = at.map_err(|refused| OpenError::Stream { stream: stream(), error: refused.to_string() })?;
    // The time of the log never goes back in the database.
    match at.is_some_and(|at| at > followed.newest_at) {
        true => Err(OpenError::Replaced { path: embedded::database(folder), stream: stream(), position }),
        false => Ok(()),
    }
}

/// Lives until everything up to a position is written.
async fn follow_to(actor: &mut Actor, position: u64) -> Result<(), String> {
    while actor.following.known < position || !actor.following.is_even() {
        if !actor.step().await {
            return Err("the hub was stopped".to_owned());
        }
        if let Some(why) = actor.over.take() {
            return Err(why);
        }
    }
    Ok(())
}

/// Reads the database. Meanwhile nothing is written to it, and this node goes on marking the log.
async fn load(actor: &mut Actor, folder: &Path, boot: u32, now: Timestamp) -> Result<Loaded, OpenError> {
    actor.following.is_held = true;
    let folder = folder.to_owned();
    let load = tokio::task::spawn_blocking(move || embedded::load_followed(&folder, boot, now));
    while !load.is_finished() && actor.over.is_none() {
        actor.step().await;
    }
    actor.following.is_held = false;
    Ok(load.await.map_err(|_| OpenError::Thread(std::io::Error::other("it has ended")))??)
}

/// Reads the tail, and lets everything go, until it is told to stop.
async fn drain(mut tail: Tail, mut stopped: oneshot::Receiver<()>) -> Tail {
    loop {
        tokio::select! {
            biased;
            _ = &mut stopped => break,
            group = tail.recv() => if group.is_none() { return tail },
        }
    }
    while tail.try_recv().is_ok() {}
    tail
}

/// What the life before has left: if no node was alive the hub was away, else this node was.
fn tell_absence(actor: &mut Actor, loaded: &mut Loaded, before: Option<Timestamp>, others: &[(u16, Found, Word)]) {
    for (node, found, word) in others {
        actor.nodes.knew(&actor.members, *node, (found.position, found.at), word);
    }
    let heard = others.iter().map(|(_, found, word)| word.heard(found.at));
    (loaded.alive, loaded.absent) = actor.nodes.absence(before, heard);
}
