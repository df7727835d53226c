//! Nodes of a cluster, over real NATS servers.

use std::cell::RefCell;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use presence_hub::clock::Clock;
use presence_hub::engine::Opened;
use presence_hub::engine::alike::Alike;
use presence_hub::engine::nats::{self, Nats, OpenError, Settings};

use crate::agents::{Close, Running};
use crate::nats_server::{self, NatsServer};

impl Close for Nats {
    fn close(&self) {
        Nats::close(self);
    }
}

thread_local! {
    /// The servers that this test uses, until its thread ends.
    static USED: RefCell<Vec<Arc<Vec<NatsServer>>>> = RefCell::default();
}

/// Node `node` of a cluster of its own for this folder's name.
pub fn settings(node: u16, stream: &str, servers: Vec<String>, replicas: u32) -> Settings {
    Settings {
        node,
        servers,
        login: None,
        tls_ca: None,
        certificate: None,
        stream: stream.to_owned(),
        replicas,
        window: Duration::from_hours(48),
        silent_after: Duration::from_secs(12),
        advertise: None,
        alike: Alike::default(),
    }
}

/// A stream's name that no other folder has.
pub fn stream_of(folder: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    (std::process::id(), folder).hash(&mut hasher);
    format!("T{:016X}", hasher.finish())
}

/// Joins the cluster, by the clock of the machine: the log goes by that of its servers.
pub fn join(settings: Settings, folder: &Path) -> Result<Running<Nats, Nats>, OpenError> {
    let opening = nats::open(settings, folder);
    let opened = std::thread::scope(|scope| {
        let joined = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(opening.start(Clock::system))
        });
        joined.join().unwrap()
    });
    let (Opened { engine, loaded, tail, peers }, clock) = opened?;
    Ok(Running { inner: engine.clone(), engine, loaded, tail, clock, peers })
}

/// Node 1 on one server.
pub async fn one_server(folder: &Path) -> Running<Nats, Nats> {
    open_on(nats_server::shared_one(), 1, folder)
}

/// Node 1 on three servers.
pub async fn three_servers(folder: &Path) -> Running<Nats, Nats> {
    open_on(nats_server::shared_three(), 3, folder)
}

fn open_on(servers: Arc<Vec<NatsServer>>, replicas: u32, folder: &Path) -> Running<Nats, Nats> {
    let addresses = servers.iter().map(NatsServer::address).collect();
    USED.with_borrow_mut(|used| used.push(servers));
    join(settings(1, &stream_of(folder), addresses, replicas), folder).unwrap()
}
