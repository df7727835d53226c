//! Composition: opens the engine, brings the rooms together, serves, drains and stops.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpSocket;
use tokio::task::JoinSet;
use tracing::{info, warn};

use crate::agents::{Agents, DirectoryView};
use crate::clock::Clock;
use crate::config::Config;
use crate::edge::audience::LiveAudience;
use crate::edge::{self, Door, Entrance, Options, Pulse};
use crate::engine::embedded::{self, Embedded, Opened};
use crate::feed::{self, Feed};
use crate::identity::{Identity, Origins, SessionCookie};
use crate::sessions::{Registry, sweep};

/// The number of this node; there is one.
const NODE: u16 = 0;
/// Connections that wait to be accepted while the hub is busy with others.
const BACKLOG: u32 = 4096;
/// What the kernel keeps for a socket that does not read. Measured: with the kernel's own choice
/// 200 readers that stopped held 830 MB.
const SEND_BUFFER_BYTES: u32 = 128 * 1024;
/// How often the engine is told that the hub is alive although nothing happens.
const ALIVE_EVERY: Duration = Duration::from_secs(5);
/// Within which time the clients of a hub that stops are asked to come back.
const COME_BACK_WITHIN: std::ops::Range<u64> = 500..4_000;

/// Serves until the process is told to stop.
///
/// # Errors
/// What kept the hub from serving, with its cause.
pub async fn run(config: Config, ready: impl Write + Send + 'static) -> anyhow::Result<()> {
    raise_file_limit();
    let folder = &config.storage.path;
    let opening = embedded::open(folder)?;
    let clock = Clock::system(opening.alive());
    let alive = opening.alive();
    let Opened { engine, loaded, tail } = opening.start(clock.clone())?;
    let identity = Identity::open(&config.auth, folder).context("the keys for tokens cannot be used")?;
    let listener = listen(&config).with_context(|| format!("cannot listen on {}", config.server.listen))?;
    let address = listener.local_addr()?;

    let (boot, epoch) = (loaded.boot, loaded.epoch.clone());
    info!(boot, epoch, agents = loaded.agents.len(), seq = loaded.seq, "opened {}", folder.display());
    let directory = DirectoryView::load(&loaded, &config.presence);
    let settings =
        feed::Settings { gather: config.feed.gather, oldest_resumable: loaded.forgotten, ..feed::Settings::default() };
    let feed = Feed::new(settings, &loaded, directory.directory.clone());
    let shared_engine: Arc<dyn crate::engine::Engine> = Arc::new(engine.clone());
    let agents = Agents::new(shared_engine, clock.clone(), loaded, directory, config.presence.clone());
    let sessions = Registry::new(NODE, boot, clock.clone());
    let audience = LiveAudience { agents: agents.clone(), sessions: sessions.clone(), feed: feed.clone() };

    let applying = tokio::spawn(agents.clone().apply(tail, Arc::new(audience)));
    agents.return_of_the_hub(NODE, boot, alive).await;

    let door = Arc::new(Door {
        agents: agents.clone(),
        sessions: sessions.clone(),
        feed: feed.clone(),
        identity,
        origins: Origins::new(address, config.server.public_url.clone(), config.server.allowed_origins.clone()),
        options: Options::default(),
        entrance: Entrance::new(config.server.max_opening),
        cookie: SessionCookie::for_origin(config.server.public_url.as_deref()),
        server: config.server.clone(),
        limits: config.sessions.clone(),
        epoch,
        closing: AtomicBool::new(false),
    });
    let mut tasks = JoinSet::new();
    if !config.server.test_clock {
        tasks.spawn(clock.follow_wall_clock());
    }
    tasks.spawn(agents.clone().keep_deadlines());
    tasks.spawn(agents.clone().keep_daily_reset());
    tasks.spawn(feed.run());
    tasks.spawn(keep_ends(door.clone()));
    tasks.spawn(mark_alive(engine.clone(), agents, sessions.clone()));
    tasks.spawn(edge::watch_tokens(door.clone()));
    tasks.spawn(sweep::run(sessions, sweep_settings(&config), Arc::new(Pulse(door.clone()))));

    announce(ready, address)?;
    serve(listener, &door, config.server.drain_timeout).await?;
    // What was decided is kept; ends of sessions are not: a return in time finds what it left.
    tasks.shutdown().await;
    drop(door);
    tokio::task::spawn_blocking(move || engine.close()).await?;
    applying.abort();
    info!("stopped");
    Ok(())
}

fn sweep_settings(config: &Config) -> sweep::Settings {
    sweep::Settings {
        ping_interval: config.sessions.ping_interval,
        ping_timeout: config.sessions.ping_timeout,
        heartbeat: config.sessions.heartbeat_interval,
        stall_limit: config.feed.stall_timeout,
        ..sweep::Settings::default()
    }
}

/// The one line on standard output, which scripts wait for.
fn announce(mut ready: impl Write, address: std::net::SocketAddr) -> std::io::Result<()> {
    writeln!(ready, "listening on http://{address}")?;
    ready.flush()
}

fn listen(config: &Config) -> std::io::Result<tokio::net::TcpListener> {
    let address = config.server.listen;
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until told to stop, then drains: says when to come back, closes, and waits for what is
/// under way.
async fn serve(listener: tokio::net::TcpListener, door: &Arc<Door>, drain: Duration) -> anyhow::Result<()> {
    let (stop, stopped) = tokio::sync::watch::channel(());
    let mut served = std::pin::pin!(edge::accept::serve(listener, door.clone(), stopped));
    tokio::select! {
        () = &mut served => unreachable!("it serves until `stop` is dropped"),
        signal = told_to_stop() => info!(signal = signal?, "stopping"),
    }
    door.closing.store(true, Ordering::Relaxed);
    edge::say_goodbye(door, COME_BACK_WITHIN);
    drop(stop);
    let left = async {
        while !door.sessions.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    if tokio::time::timeout(drain, async { tokio::join!(left, &mut served) }).await.is_err() {
        warn!(sessions = door.sessions.len(), "not everyone left in time");
    }
    Ok(())
}

/// Waits for SIGTERM or Ctrl-C, and says which it was.
async fn told_to_stop() -> std::io::Result<&'static str> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => Ok("SIGTERM"),
        _ = interrupt.recv() => Ok("SIGINT"),
    }
}

/// Keeps the ends of sessions, for ever. Each in a task of its own, so that those that ended
/// together are kept together.
async fn keep_ends(door: Arc<Door>) {
    loop {
        let ends = door.sessions.ends().take().await;
        if door.is_closing() {
            // The hub left, not the agents: they are held in the restart grace of the next start.
            return;
        }
        for end in ends {
            let agents = door.agents.clone();
            tokio::spawn(async move {
                agents.end_session(end.agent(), end.session(), end.ended()).await;
                end.settle();
            });
        }
    }
}

/// Marks the hub alive while somebody would miss it, for ever.
async fn mark_alive(engine: Embedded, agents: Agents, sessions: Registry) {
    let mut ticks = tokio::time::interval(ALIVE_EVERY);
    loop {
        ticks.tick().await;
        if !sessions.is_empty() || agents.is_waiting_for_a_deadline() {
            crate::engine::Engine::mark_alive(&engine);
        }
    }
}

/// A socket is a file: raises the limit as far as it may, and says what it got.
pub fn raise_file_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    match setrlimit(Resource::Nofile, limit) {
        Ok(()) => info!(files = limit.maximum, "file limit"),
        Err(error) => warn!(%error, files = getrlimit(Resource::Nofile).current, "the file limit could not be raised"),
    }
}
