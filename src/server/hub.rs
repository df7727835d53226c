//! Composition: the rooms of one hub, brought together over what an engine holds, and the tasks that
//! it lives by. How its connections come in is not decided here: from a listener, or in memory.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::{JoinError, JoinHandle};

use super::keys::keep_keys;
use super::vitals::{Lost, Vitals, until_told_to_panic};
use crate::agents::{Agents, DirectoryView};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::time::Timestamp;
use crate::edge::audience::LiveAudience;
use crate::edge::{
    self, ApiTokens, Audit, Documents, Door, Doubts, Entrance, Exports, Followers, Growth, Options, PageSessions,
    People, Pulse, Queue, Requests, Revocations, Sockets, Tally, Telling, Tickets, Tls, Turnstile, Withdrawals,
};
use crate::engine::{Engine, FromPeer, Health, Ledger, Ledgers, Opened};
use crate::feed::{self, Feed};
use crate::identity::{Identity, Origins, SessionCookie, SignInCookies};
use crate::outbound::{Changes, Post, Webhooks};
use crate::plans::Plans;
use crate::sessions::{Registry, sweep};
use crate::sign_in::Provider;
use crate::telemetry::metrics::{Exposition, Parts, ProcessMetrics, StartMetrics};
use crate::wire::changed::Teller;

/// How often the engine is told that the hub is alive although nothing happens.
const ALIVE_EVERY: Duration = Duration::from_secs(5);

/// One in so many connections that may speak HTTP may follow the changes: the others are for requests.
const FOLLOWERS_OF_CONNECTIONS: usize = 2;
/// What other nodes keep beside the log and what does not count here yet; more of it waits where it comes from.
const BESIDE: usize = 1_024;

/// A hub that lives.
pub struct Hub {
    door: Arc<Door>,
    process: ProcessMetrics,
    vitals: Vitals,
    /// Not among the others, because it ends after the engine.
    applying: JoinHandle<()>,
}

const APPLIER: &str = "the applier";

/// Who tells of changes.
fn teller(config: &Config, epoch: &str) -> Teller {
    let source = config.server.public_url.as_ref().map_or_else(|| "presence-hub".to_owned(), ToString::to_string);
    Teller { epoch: epoch.to_owned(), source }
}

/// Whom the hub believes, and whom not any more.
fn believed(
    engine: &Arc<dyn Engine>,
    identity: &Identity,
    mut kept: Ledgers,
) -> (Revocations, ApiTokens, PageSessions, People) {
    let mut kept = |ledger| (engine.clone(), identity.clone(), kept.remove(&ledger).unwrap_or_default());
    let (engine, identity, records) = kept(Ledger::Revocations);
    // First: a session ends with the token that it came from.
    let revocations = Revocations::begin(engine, identity, records);
    let (engine, identity, records) = kept(Ledger::ApiTokens);
    let api_tokens = ApiTokens::begin(engine, identity, records);
    let (engine, identity, records) = kept(Ledger::Sessions);
    let page_sessions = PageSessions::begin(engine, identity, records);
    let (engine, _, records) = kept(Ledger::People);
    (revocations, api_tokens, page_sessions, People::begin(engine, records))
}

impl Hub {
    /// Brings the rooms together, and returns once whatever the hub's absence has brought is kept.
    /// `address` is where pages find it, over TLS if there is some.
    ///
    /// # Errors
    /// It cannot live on, and why.
    pub async fn begin(
        config: &Config,
        clock: Clock,
        opened: Opened<Arc<dyn Engine>>,
        identity: Identity,
        at: (SocketAddr, Option<Tls>),
    ) -> Result<Self, Lost> {
        Self::begin_with(config, clock, opened, identity, at, Post::Network).await
    }

    /// The same, with another way for what webhooks deliver.
    ///
    /// # Errors
    /// It cannot live on, and why.
    pub async fn begin_with(
        config: &Config,
        clock: Clock,
        opened: Opened<Arc<dyn Engine>>,
        identity: Identity,
        (address, tls): (SocketAddr, Option<Tls>),
        post: Post,
    ) -> Result<Self, Lost> {
        let Opened { engine, mut loaded, tail, peers } = opened;
        let webhooks = std::mem::take(&mut loaded.webhooks);
        let (revocations, api_tokens, page_sessions, people) =
            believed(&engine, &identity, std::mem::take(&mut loaded.ledgers));
        let provider = Provider::of(&identity);
        let plans = Plans::begin(engine.clone(), std::mem::take(&mut loaded.activities));
        let (boot, epoch) = (loaded.boot, loaded.epoch.clone());
        let (alive, absent) = (loaded.alive, loaded.absent);
        let directory = DirectoryView::load(&loaded, &config.presence);
        let settings = feed::Settings { oldest_resumable: loaded.forgotten, ..feed_settings(config) };
        let withdrawals = Arc::new(Withdrawals::of_earlier_lives(&loaded.agents));
        let changes = Changes::new(loaded.seq, teller(config, &epoch), engine.log());
        let feed = Feed::new(settings, &loaded, directory.directory.clone());
        let agents = Agents::new(engine.clone(), clock.clone(), loaded, directory, config.presence.clone());
        let sessions = Registry::new(engine.members().node(), boot, clock.clone(), {
            let agents = agents.clone();
            move |end| agents.owe_end(end.agent, end.session, end.ended)
        });
        let options = Arc::new(Options::default());
        let telling = Arc::new(Telling::new(agents.clone(), sessions.clone(), options.clone()));
        let audience = LiveAudience {
            agents: agents.clone(),
            sessions: sessions.clone(),
            feed: feed.clone(),
            changes: changes.clone(),
            withdrawals: withdrawals.clone(),
            telling: telling.clone(),
        };

        let panics = watch::Sender::new(String::new());
        let told = config.server.test_clock.then(|| panics.subscribe());
        let apply = agents.clone().apply(tail, Arc::new(audience));
        let mut applying = match told.clone() {
            None => tokio::spawn(apply),
            Some(told) => tokio::spawn(until_told_to_panic(told, APPLIER, apply)),
        };
        let opening = clock.now();
        tokio::select! {
            biased;
            ended = &mut applying => return Err(applier_lost(ended, engine.health())),
            () = returned(&agents, boot, alive, absent) => {}
        }

        let way = (config.webhooks.clone(), post);
        let webhooks = Webhooks::begin(engine.clone(), clock.clone(), changes.clone(), way, webhooks).await;
        let (tally, process) = (Tally::default(), ProcessMetrics::default());
        let exposition = exposition(&agents, &sessions, &feed, &webhooks, &identity, &*engine, (&tally, &process));
        let door = Arc::new(Door {
            agents: agents.clone(),
            sessions: sessions.clone(),
            feed,
            changes,
            webhooks,
            plans,
            followers: Arc::new(followers(config)),
            audit: Audit::of(engine.clone()),
            exports: Exports::default(),
            copies: engine.copies(),
            history: engine.history(),
            identity,
            revocations,
            api_tokens,
            page_sessions,
            people,
            tickets: Tickets::default(),
            provider,
            tls,
            origins: Origins::new(address, config.server.public_url.clone(), config.server.allowed_origins.clone())
                .of_a_node(config.cluster.advertise.as_deref()),
            options,
            withdrawals,
            entrance: Entrance::new(config.server.max_opening),
            doubts: Doubts::of(&config.limits),
            growth: Growth::of(&config.limits),
            sockets: Arc::new(Sockets::of(&config.limits)),
            requests: Requests::of(&config.limits),
            queue: Queue::default(),
            batches: Turnstile::new(config.sessions.max_waiting_events, agents.people_about()),
            large: tokio::sync::Mutex::default(),
            documents: Documents::of(config.server.public_url.as_ref()),
            tally,
            exposition,
            cookie: SessionCookie::of(config.server.public_url.as_ref()),
            sign_in_cookies: SignInCookies::of(config.server.public_url.as_ref()),
            server: config.server.clone(),
            limits: config.sessions.clone(),
            bounds: config.limits.clone(),
            epoch,
            closing: AtomicBool::new(false),
            panics,
        });
        let mut vitals = Vitals::new(told);
        // The restart grace counts from here: nobody could return before.
        clock.stood_still_since(opening);
        keep_up_with_peers(&mut vitals, &door, peers);
        vitals.keep("the clock", clock.beat());
        vitals.keep("the teller of the directory", telling.run());
        vitals.keep("the heart", mark_alive(engine, agents, sessions.clone()));
        vitals.keep("the sweep", sweep::run(sessions, sweep_settings(config), Arc::new(Pulse(door.clone()))));
        keep_rooms(&mut vitals, &door);
        Ok(Self { door, process, vitals, applying })
    }

    /// Returns once the hub cannot live on, and says why.
    pub async fn lost(&mut self) -> Lost {
        tokio::select! {
            biased;
            ended = &mut self.applying => applier_lost(ended, self.door.agents.health()),
            lost = self.vitals.lost() => lost,
        }
    }

    /// Watches over the thread that this is called on. Not of a hub whose time is simulated: it would live
    /// through every tick of the watch.
    pub fn watch_the_thread(&mut self) {
        self.vitals.keep("the watch over the thread", self.process.clone().watch_the_thread());
    }

    /// What its connections come in through.
    #[must_use]
    pub fn door(&self) -> &Arc<Door> {
        &self.door
    }

    /// Ends its tasks and, with `close`, the engine. What was decided is kept; ends of sessions are
    /// not: a return in time finds what it left.
    ///
    /// # Errors
    /// `close` panicked.
    pub async fn end(self, close: impl FnOnce() + Send + 'static) -> Result<(), tokio::task::JoinError> {
        self.vitals.end().await;
        self.door.webhooks.end().await;
        drop(self.door);
        tokio::task::spawn_blocking(close).await?;
        self.applying.abort();
        Ok(())
    }
}

/// What other nodes of a cluster do is heard.
fn keep_up_with_peers(vitals: &mut Vitals, door: &Arc<Door>, peers: Option<mpsc::Receiver<FromPeer>>) {
    let Some(peers) = peers else { return };
    let (kept, beside) = mpsc::channel(BESIDE);
    vitals.keep("the ear for other nodes", door.agents.clone().keep_up_with_peers(peers, kept));
    vitals.keep("what other nodes keep beside the log", edge::peers::keep_up(door.clone(), beside));
}

/// The tasks that the rooms live by.
fn keep_rooms(vitals: &mut Vitals, door: &Arc<Door>) {
    let agents = &door.agents;
    vitals.keep("the keeper of deadlines", agents.clone().keep_deadlines());
    vitals.keep("the keeper of the daily reset", agents.clone().keep_daily_reset());
    vitals.keep("the keeper of who is remembered", {
        let feed = door.feed.clone();
        agents.clone().keep_forgetting(move |agent, seq| feed.forget(agent, seq))
    });
    vitals.keep("the keeper of the directory", agents.clone().keep_following());
    vitals.keep("the feed", door.feed.clone().run());
    vitals.keep("the waker of followers", door.changes.clone().run());
    vitals.keep("the keeper of webhooks", door.webhooks.clone().run());
    vitals.keep("the keeper of ends", {
        let door = door.clone();
        agents.clone().keep_ends(move || door.is_closing())
    });
    vitals.keep("the keeper of keys", keep_keys(door.identity.clone(), door.provider.clone()));
    if let Some(tls) = door.tls.clone() {
        vitals.keep("the keeper of the certificate", tls.keep_reading());
    }
    vitals.keep("the watch over tokens", edge::watch_tokens(door.clone()));
}

/// The applier ends by itself only when the engine does.
fn applier_lost(ended: Result<(), JoinError>, engine: Health) -> Lost {
    match (ended, engine) {
        (Ok(()), Health::Failing { error }) => Lost::Engine { why: error },
        (ended, Health::Serving | Health::Failing { .. }) => Lost::of(APPLIER, ended),
    }
}

/// What the rooms count.
fn exposition(
    agents: &Agents,
    sessions: &Registry,
    feed: &Feed,
    webhooks: &Webhooks,
    identity: &Identity,
    engine: &dyn Engine,
    (tally, process): (&Tally, &ProcessMetrics),
) -> Exposition {
    let clock = agents.clock();
    Exposition::of(Parts {
        agents: agents.metrics(),
        sessions: sessions.metrics(),
        feed: feed.metrics(),
        door: &tally.metrics,
        webhooks: webhooks.metrics(),
        keys: identity.keys().metrics(),
        engine: &engine.metrics(),
        cluster: &engine.cluster_metrics(),
        clock: clock.metrics(),
        process,
        start: &StartMetrics::at(clock.wall()),
    })
}

/// The places of those who follow changes.
fn followers(config: &Config) -> Followers {
    let most = config.server.max_http_connections as usize / FOLLOWERS_OF_CONNECTIONS;
    Followers::new(most, config.sessions.max_sessions_per_subject as usize)
}

fn feed_settings(config: &Config) -> feed::Settings {
    feed::Settings {
        watches_per_connection: config.limits.watches_per_socket as usize,
        names_per_connection: config.limits.watched_names_per_socket as usize,
        ..feed::Settings::gathering(config.feed.gather)
    }
}

fn sweep_settings(config: &Config) -> sweep::Settings {
    sweep::Settings {
        ping_interval: config.sessions.ping_interval,
        ping_timeout: config.sessions.ping_timeout,
        heartbeat: config.sessions.heartbeat_interval,
        page_timeout: config.sessions.page_timeout,
        stall_limit: config.feed.stall_timeout,
        close_timeout: sweep::CLOSE_TIMEOUT,
        too_slow_timeout: sweep::TOO_SLOW_TIMEOUT,
    }
}

/// The hub is back, or this node of it is.
async fn returned(agents: &Agents, boot: u32, alive: Option<Timestamp>, absent: Option<Timestamp>) {
    match absent {
        Some(at) => agents.return_of_the_node(boot, at).await,
        None => agents.return_of_the_hub(boot, alive).await,
    }
}

/// Marks the hub alive while somebody would miss it, for ever.
async fn mark_alive(engine: Arc<dyn Engine>, agents: Agents, sessions: Registry) {
    let mut ticks = tokio::time::interval(ALIVE_EVERY);
    loop {
        ticks.tick().await;
        if !sessions.is_empty() || agents.is_waiting_for_a_deadline() {
            engine.mark_alive();
        }
    }
}

#[cfg(test)]
#[path = "hub_tests.rs"]
mod tests;
