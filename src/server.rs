//! Serving: opens the engine, lets the [hub] begin, listens, drains and stops.

pub mod hub;

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpSocket;
use tracing::{info, warn};

use crate::clock::Clock;
use crate::config::Config;
use crate::edge::accept::Reception;
use crate::edge::{self, Door};
use crate::engine::embedded::{self, Opened};
use crate::identity::Identity;
use hub::Hub;

/// Connections that wait to be accepted while the hub is busy with others.
const BACKLOG: u32 = 4096;
/// What the kernel keeps for a socket that does not read. Measured: with the kernel's own choice
/// 200 readers that stopped held 830 MB.
const SEND_BUFFER_BYTES: u32 = 128 * 1024;
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
    let Opened { engine, loaded, tail } = opening.start(clock.clone())?;
    let identity = Identity::open(&config.auth, folder).context("the keys for tokens cannot be used")?;
    let listener = listen(&config).with_context(|| format!("cannot listen on {}", config.server.listen))?;
    let address = listener.local_addr()?;
    info!(loaded.boot, loaded.epoch, agents = loaded.agents.len(), loaded.seq, "opened {}", folder.display());

    let kept = hub::Kept { engine: Arc::new(engine.clone()), loaded, tail };
    let hub = Hub::begin(&config, clock, kept, identity, address).await;
    announce(ready, address)?;
    serve(listener, hub.door(), config.server.drain_timeout).await?;
    hub.end(move || engine.close()).await?;
    info!("stopped");
    Ok(())
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
    let mut served = std::pin::pin!(edge::accept::serve(listener, Reception::new(door.clone(), stopped)));
    tokio::select! {
        biased;
        () = &mut served => unreachable!("it serves until `stop` is dropped"),
        signal = told_to_stop() => info!(signal = signal?, "stopping"),
    }
    door.closing.store(true, Ordering::Relaxed);
    edge::say_goodbye(door, COME_BACK_WITHIN).await;
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
        biased;
        _ = terminate.recv() => Ok("SIGTERM"),
        _ = interrupt.recv() => Ok("SIGINT"),
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
