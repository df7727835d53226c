//! Serving: opens the engine, lets the [hub] begin, listens, drains and stops.

mod cut_off;
pub mod hub;
mod keys;
pub mod vitals;

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context;
use sd_notify::NotifyState;
use tokio::net::TcpSocket;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tracing::{info, warn};

use crate::clock::Clock;
use crate::config::{Config, LogEngine};
use crate::domain::time::Timestamp;
use crate::edge::accept::Reception;
use crate::edge::{self, Door, Tls};
use crate::engine::embedded::{self, Embedded};
use crate::engine::nats::{self, Nats};
use crate::engine::{Engine, Opened};
use crate::identity::Identity;
use hub::Hub;
use vitals::Lost;

/// Connections that wait to be accepted while the hub is busy with others.
const BACKLOG: u32 = 4096;
/// What the kernel keeps for a socket that does not read. Measured: with the kernel's own choice
/// 200 readers that stopped held 830 MB.
const SEND_BUFFER_BYTES: u32 = 128 * 1024;
/// The same of a node whose agents should be on another one by now.
const AT_ONCE: std::ops::Range<u64> = 0..1_000;
/// How long a node that ends for a reason of the cluster's waits for its goodbye to be read.
const GOODBYE: Duration = Duration::from_millis(500);
/// Within which time the clients of a hub that stops are asked to come back.
const COME_BACK_WITHIN: std::ops::Range<u64> = 500..4_000;

/// Serves until the process is told to stop. Told a second time, it stops at once.
///
/// # Errors
/// What kept the hub from serving, or from serving on, with its cause. Then nothing that may still run,
/// or hang, should be waited for.
pub async fn run(config: Config, ready: impl Write + Send + 'static) -> anyhow::Result<()> {
    raise_file_limit();
    let folder = &config.storage.path;
    let (opened, clock, engine) = open(&config).await?;
    let identity = Identity::open(&config.auth, folder).context("the keys for tokens cannot be used")?;
    let tls = Tls::open(&config.server).context("TLS cannot be spoken")?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let listener = listen(&config).with_context(|| format!("cannot listen on {}", config.server.listen))?;
    let address = listener.local_addr()?;
    let loaded = &opened.loaded;
    info!(loaded.boot, loaded.epoch, agents = loaded.agents.len(), loaded.seq, "opened {}", folder.display());

    let mut hub = Hub::begin(&config, clock, opened, identity, (address, tls)).await?;
    hub.watch_the_thread();
    let door = hub.door().clone();
    if let Kept::Embedded(engine) = &engine
        && config.server.test_clock
    {
        tokio::spawn(let_the_writer_panic(door.panics.subscribe(), engine.clone()));
    }
    let mut signals = Signals::begin()?;
    announce(ready, scheme, address)?;
    tokio::select! {
        biased;
        lost = lost(&mut hub, &config, &engine) => return Err(part(&door, lost, &engine).await),
        served = serve(listener, &door, config.server.drain_timeout, &mut signals) => served?,
    }
    drop(door);
    tokio::select! {
        biased;
        signal = signals.next() => return Err(told_twice(signal)),
        ended = hub.end(move || engine.close()) => ended?,
    }
    info!("stopped");
    Ok(())
}

/// What keeps the log, to be closed at the end.
#[derive(Clone)]
enum Kept {
    Embedded(Embedded),
    Nats(Nats),
}

impl Kept {
    fn close(&self) {
        match self {
            Self::Embedded(engine) => engine.close(),
            Self::Nats(engine) => engine.close(),
        }
    }
}

/// Opens what keeps the log.
async fn open(config: &Config) -> anyhow::Result<(Opened<Arc<dyn Engine>>, Clock, Kept)> {
    let folder = &config.storage.path;
    match config.storage.engine {
        LogEngine::Embedded => {
            let opening = embedded::open(folder)?.keeping(config.history);
            let clock = clock(config, opening.alive());
            let Opened { engine, loaded, tail, peers } = opening.start(clock.clone())?;
            let opened = Opened { engine: Arc::new(engine.clone()) as Arc<dyn Engine>, loaded, tail, peers };
            Ok((opened, clock, Kept::Embedded(engine)))
        }
        LogEngine::Nats => {
            let opening = nats::open(config.node(), folder).keeping(config.history);
            let (opened, clock) = opening.start(Clock::system).await?;
            let Opened { engine, loaded, tail, peers } = opened;
            let opened = Opened { engine: Arc::new(engine.clone()) as Arc<dyn Engine>, loaded, tail, peers };
            Ok((opened, clock, Kept::Nats(engine)))
        }
    }
}

/// Returns once the hub cannot live on, or its agents are better off on another node.
async fn lost(hub: &mut Hub, config: &Config, engine: &Kept) -> Lost {
    match engine {
        Kept::Embedded(_) => hub.lost().await,
        Kept::Nats(engine) => tokio::select! {
            lost = hub.lost() => lost,
            why = cut_off::watch(engine.members(), config.cluster.silent_after) => Lost::CutOff { why },
        },
    }
}

/// A node that ends for a reason of the cluster's sends its agents to the others first. Returns why it ended.
async fn part(door: &Arc<Door>, lost: Lost, engine: &Kept) -> anyhow::Error {
    if matches!(engine, Kept::Nats(_)) {
        door.closing.store(true, Ordering::Relaxed);
        edge::say_goodbye(door, AT_ONCE).await;
        tokio::time::sleep(GOODBYE).await;
    }
    lost.into()
}

/// For tests: the writer is no task that could be told.
async fn let_the_writer_panic(mut panics: watch::Receiver<String>, engine: Embedded) {
    if panics.wait_for(|panics| panics == "the writer").await.is_ok() {
        engine.meddle(|_| panic!("it was told to"));
    }
}

/// With the test clock the hub goes on from wherever that was moved to.
fn clock(config: &Config, alive: Option<Timestamp>) -> Clock {
    if !config.server.test_clock {
        return Clock::system(alive);
    }
    let clock = Clock::system(None);
    clock.advance(alive.map_or(Duration::ZERO, |alive| alive.since(clock.now())));
    clock
}

/// The one line on standard output, which scripts wait for; and the word to systemd, which waits for that.
fn announce(mut ready: impl Write, scheme: &str, address: std::net::SocketAddr) -> std::io::Result<()> {
    match writeln!(ready, "listening on {scheme}://{address}").and_then(|()| ready.flush()) {
        // A reader that has ended wants to know nothing more.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => return Err(error),
        Ok(()) | Err(_) => {}
    }
    tell_systemd(NotifyState::Ready);
    Ok(())
}

/// Where nothing listens for it (`NOTIFY_SOCKET`), it is told to nobody.
fn tell_systemd(state: NotifyState) {
    if let Err(error) = sd_notify::notify(&[state]) {
        warn!(%error, "systemd cannot be told how the hub is");
    }
}

fn listen(config: &Config) -> std::io::Result<tokio::net::TcpListener> {
    let address = config.server.listen;
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    // Whoever is accepted has both from here.
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.set_nodelay(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until told to stop, then drains: says when to come back, closes, and waits for what is
/// under way.
async fn serve(
    listener: tokio::net::TcpListener,
    door: &Arc<Door>,
    drain: Duration,
    signals: &mut Signals,
) -> anyhow::Result<()> {
    let (stop, stopped) = watch::channel(());
    let mut served = tokio::spawn(edge::accept::serve(listener, Reception::new(door.clone(), stopped)));
    tokio::select! {
        biased;
        ended = &mut served => return Err(Lost::of("the listener", ended).into()),
        signal = signals.next() => info!(signal, "stopping"),
    }
    tell_systemd(NotifyState::Stopping);
    door.closing.store(true, Ordering::Relaxed);
    edge::say_goodbye(door, COME_BACK_WITHIN).await;
    drop(stop);
    let left = async {
        while !door.sessions.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let everyone_left = tokio::time::timeout(drain, async {
        let ended = tokio::join!(left, served);
        if let Some(tls) = &door.tls {
            tls.is_quiet().await;
        }
        ended
    });
    tokio::select! {
        biased;
        signal = signals.next() => return Err(told_twice(signal)),
        in_time = everyone_left => if in_time.is_err() {
            warn!(sessions = door.sessions.len(), "not everyone left in time");
        }
    }
    Ok(())
}

fn told_twice(signal: &str) -> anyhow::Error {
    anyhow::anyhow!("stopped at once, told a second time by {signal}")
}

/// What tells the process to stop.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn begin() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for SIGTERM or Ctrl-C, and says which it was.
    async fn next(&mut self) -> &'static str {
        tokio::select! {
            biased;
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
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
