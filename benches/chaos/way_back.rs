//! The way back after an older log was put in the place of the newer one, as `docs/cluster.md` says it: hubs refuse it,
//! are stopped, the stream is taken away, and the database that goes furthest begins a new one.

use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

use crate::client::is_ready;
use crate::cluster::Cluster;
use crate::network::{MACHINES, Network};
use crate::process::Order;
use crate::programs::STREAM;

/// How a hub refuses an older log, while it runs and when it starts.
const REFUSAL: &str = "was put in its place";
/// How long hubs may take to find out: ten seconds to tell it from a moment of an election, and their start.
const FOUND_OUT_WITHIN: Duration = Duration::from_secs(60);
/// Hubs that serve for so long have not only not noticed yet.
const SERVES_FOR: Duration = Duration::from_secs(3);
const LOOKS_EVERY: Duration = Duration::from_millis(50);
const STREAM_GOES_WITHIN: Duration = Duration::from_secs(30);

/// What came of the older stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// No hub takes the log, and each says why.
    Refused,
    /// A server that had a newer store has given it to the others.
    Healed,
}

/// Waits for what hubs make of it; `said` is how much each had written to its log before.
pub async fn what_hubs_say(cluster: &Cluster, said: &[usize]) -> anyhow::Result<Became> {
    let until = Instant::now() + FOUND_OUT_WITHIN;
    let mut serving: Option<Instant> = None;
    while Instant::now() < until {
        let mut serves = [false; MACHINES];
        for (serves, address) in serves.iter_mut().zip(&cluster.addresses) {
            *serves = is_ready(address).await;
        }
        let refuse = refusals(cluster, said)?;
        if refuse == [true; MACHINES] {
            ensure!(serves == [false; MACHINES], "a hub serves from an older log: {serves:?}");
            return Ok(Became::Refused);
        }
        if serves == [true; MACHINES] {
            if serving.get_or_insert_with(Instant::now).elapsed() > SERVES_FOR {
                return Ok(Became::Healed);
            }
        } else {
            serving = None;
        }
        tokio::time::sleep(LOOKS_EVERY).await;
    }
    bail!("not all hubs refuse the older log, and not all serve: {:?} refuse", refusals(cluster, said)?)
}

fn refusals(cluster: &Cluster, said: &[usize]) -> anyhow::Result<[bool; MACHINES]> {
    let mut refuse = [false; MACHINES];
    for (hub, refuses) in refuse.iter_mut().enumerate() {
        let says = std::fs::read(cluster.log(hub))?;
        let lately = said.get(hub).and_then(|said| says.get(*said..)).unwrap_or_default();
        *refuses = String::from_utf8_lossy(lately).contains(REFUSAL);
    }
    Ok(refuse)
}

/// Goes it. Returns the hub whose database began the new log.
pub async fn walk(network: &Network, cluster: &Cluster) -> anyhow::Result<usize> {
    let stops = cluster.hubs.iter().map(|hub| hub.tell(Order::End));
    futures::future::try_join_all(stops).await?;
    take_the_stream_away(&cluster.servers_of_clients()).await?;
    let mut furthest = (0, 0);
    for hub in 0..MACHINES {
        let said = cluster.asks_hub(network, hub, &["check"]).await?;
        let position = position(&said).with_context(|| format!("`check` says no position: {said}"))?;
        furthest = furthest.max((position, hub));
    }
    let (_, first) = furthest;
    cluster.asks_hub(network, first, &["cluster", "new-epoch"]).await?;
    cluster.hubs[first].tell(Order::Start).await?;
    cluster.hub_is_ready(first).await?;
    let copy = cluster.folder().join("copy.db");
    let copy = copy.to_str().context("the folder has no name in UTF-8")?;
    cluster.asks_hub(network, first, &["backup", copy]).await?;
    for hub in (0..MACHINES).filter(|hub| *hub != first) {
        cluster.asks_hub(network, hub, &["restore", "--replace", copy]).await?;
        cluster.hubs[hub].tell(Order::Start).await?;
    }
    Ok(first)
}

/// How far a database has followed the cluster's log, as `presence-hub check` says it.
fn position(said: &str) -> Option<u64> {
    let (_, behind) = said.split_once("up to position ")?;
    let digits: String = behind.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// What `nats stream rm` does.
async fn take_the_stream_away(servers: &[String]) -> anyhow::Result<()> {
    let until = Instant::now() + STREAM_GOES_WITHIN;
    let client = async_nats::connect(servers.to_vec()).await?;
    loop {
        let answer = client.request(format!("$JS.API.STREAM.DELETE.{STREAM}"), "".into()).await;
        let said = answer.map(|answer| String::from_utf8_lossy(&answer.payload).into_owned());
        match said {
            Ok(said) if said.contains("\"success\":true") => return Ok(()),
            // There may be no leader yet.
            said if Instant::now() > until => bail!("the stream cannot be taken away: {said:?}"),
            Ok(_) | Err(_) => tokio::time::sleep(LOOKS_EVERY).await,
        }
    }
}
