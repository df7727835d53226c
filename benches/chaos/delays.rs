//! Ways to the servers on which bytes take their time: the bench takes connections in a server's place and passes on
//! what comes, later. The kernel could do it (netem), but not every kernel can.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::network::MACHINES;

/// What is under way in one direction of a connection, at most. Then the sender waits, as it would with a long line.
const UNDER_WAY: usize = 4_096;
const AT_ONCE: usize = 64 * 1024;
/// The first port of a way for clients, and for other servers; each server has one of each.
const CLIENTS: u16 = 4_231;
const ROUTES: u16 = 6_231;

/// The ways to all servers. They end when it is dropped.
pub struct Ways {
    /// Where they begin.
    address: String,
    late: Late,
    tasks: JoinSet<()>,
}

/// How much later what a server sends arrives, in milliseconds. Clones share it.
#[derive(Clone, Default)]
struct Late(Arc<AtomicU64>);

/// What a way delays. A server is far from everybody, so whatever it sends is late.
#[derive(Clone, Copy)]
enum Between {
    ServerAndClients,
    Servers,
}

impl Ways {
    /// Opens them at an address; `clients` and `routes` are where servers listen.
    pub async fn open(address: &str, clients: &[String], routes: &[String]) -> anyhow::Result<Self> {
        let late = Late::default();
        let mut tasks = JoinSet::new();
        let ways = [(CLIENTS, clients, Between::ServerAndClients), (ROUTES, routes, Between::Servers)];
        for (first, servers, between) in ways {
            for (port, server) in (first..).zip(servers) {
                let listener =
                    TcpListener::bind((address, port)).await.context("a way to a server cannot be opened")?;
                tasks.spawn(takes(listener, address.to_owned(), server.clone(), between, late.clone()));
            }
        }
        Ok(Self { address: address.to_owned(), late, tasks })
    }

    /// Ends them, and returns once others can be opened in their place.
    pub async fn close(mut self) {
        self.tasks.shutdown().await;
    }

    /// Where they begin: no connection to a server comes from elsewhere.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Where clients find a server.
    pub fn to_clients(&self, server: usize) -> String {
        self.at(CLIENTS, server)
    }

    /// Where servers find it.
    pub fn to_servers(&self, server: usize) -> String {
        self.at(ROUTES, server)
    }

    fn at(&self, first: u16, server: usize) -> String {
        let port = (first..).take(MACHINES).nth(server).unwrap_or(first);
        format!("{}:{port}", self.address)
    }

    /// From now on, what a server sends arrives so much later.
    pub fn are_late(&self, by: Duration) {
        self.late.0.store(u64::try_from(by.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

impl Late {
    fn by(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }
}

/// Takes connections for a server.
async fn takes(listener: TcpListener, own: String, server: String, between: Between, late: Late) {
    let mut passing = JoinSet::new();
    loop {
        // Those that are over go.
        while passing.try_join_next().is_some() {}
        let Ok((caller, _)) = listener.accept().await else { continue };
        passing.spawn(passes(caller, own.clone(), server.clone(), between, late.clone()));
    }
}

/// Passes a connection on until it is over in both directions.
async fn passes(caller: TcpStream, own: String, server: String, between: Between, late: Late) {
    // A server that is not there closes the connection, as far as the caller sees.
    let Ok(called) = call(&own, &server).await else { return };
    drop((caller.set_nodelay(true), called.set_nodelay(true)));
    let (from_caller, to_caller) = caller.into_split();
    let (from_server, to_server) = called.into_split();
    let there = match between {
        Between::Servers => late.clone(),
        Between::ServerAndClients => Late::default(),
    };
    tokio::join!(pass(from_caller, to_server, there), pass(from_server, to_caller, late));
}

/// From its own address, so that a server knows who went past it.
async fn call(own: &str, server: &str) -> anyhow::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(own.parse()?, 0))?;
    Ok(socket.connect(server.parse()?).await?)
}

/// Everything in one direction, in its order. The end comes as late as the rest.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, late: Late) {
    let (tx, mut rx) = mpsc::channel::<(Instant, Vec<u8>)>(UNDER_WAY);
    let reads = async move {
        let mut buffer = vec![0; AT_ONCE];
        while let Ok(length @ 1..) = from.read(&mut buffer).await {
            let bytes = buffer.iter().take(length).copied().collect();
            if tx.send((Instant::now() + late.by(), bytes)).await.is_err() {
                return;
            }
        }
        // Nobody waits for what comes after the end.
        drop(tx.send((Instant::now() + late.by(), Vec::new())).await);
    };
    let writes = async move {
        while let Some((due, bytes)) = rx.recv().await {
            tokio::time::sleep_until(due).await;
            if bytes.is_empty() || to.write_all(&bytes).await.is_err() {
                break;
            }
        }
        // One that is closed already is shut down as well.
        drop(to.shutdown().await);
    };
    tokio::join!(reads, writes);
}
