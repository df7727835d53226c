//! Three NATS servers and three hubs, each a kept process in its place.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};

use crate::client;
use crate::delays::Ways;
use crate::network::{MACHINES, Network, Node};
use crate::process::{Kept, Order};
use crate::programs::{self, Place, STREAM};
use crate::scenario::Scenario;

/// How long everything may take to serve, on however slow a machine.
const READY_WITHIN: Duration = Duration::from_secs(90);
const LOOKS_EVERY: Duration = Duration::from_millis(50);

/// The cluster of one run.
pub struct Cluster {
    pub hubs: Vec<Kept>,
    pub servers: Vec<Kept>,
    /// Where hubs serve.
    pub addresses: [String; MACHINES],
    monitors: [String; MACHINES],
    folder: PathBuf,
    place: Place,
}

impl Cluster {
    /// Starts everything in a folder, and returns once all hubs serve.
    pub async fn start(network: &Network, folder: &Path, scenario: Scenario) -> anyhow::Result<Self> {
        let machines: [usize; MACHINES] = std::array::from_fn(|number| number);
        let place = Place::of(network, scenario).await?;
        let mut servers = Vec::new();
        for number in machines {
            let make = programs::server(network, folder, &place, number)?;
            let log = folder.join(format!("{}.log", Node::Server(number).name()));
            servers.push(Kept::start(log, make).context("a NATS server cannot be started")?);
        }
        let monitors = machines.map(|number| programs::monitor(network, number));
        let addresses = machines.map(|number| programs::hub_address(network, number));
        let mut cluster = Self { hubs: Vec::new(), servers, addresses, monitors, folder: folder.to_owned(), place };
        cluster.servers_are_ready().await?;
        for number in machines {
            let hub = programs::hub(network, folder, &cluster.place, number)?;
            let hub = Kept::start(cluster.log(number), programs::copies_of(hub)).context("a hub cannot be started")?;
            cluster.hubs.push(hub);
        }
        cluster.hubs_are_ready().await?;
        Ok(cluster)
    }

    /// The folder of the run.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A hub or a server.
    pub fn process(&self, node: Node) -> &Kept {
        match node {
            Node::Hub(number) => &self.hubs[number],
            Node::Server(number) => &self.servers[number],
        }
    }

    /// The ways to the servers.
    pub fn ways(&self) -> anyhow::Result<&Ways> {
        self.place.ways.as_ref().context("servers are reached directly")
    }

    /// Where clients find the servers.
    pub fn servers_of_clients(&self) -> Vec<String> {
        self.place.clients.iter().map(|at| format!("nats://{at}")).collect()
    }

    /// What a server keeps.
    pub fn store(&self, server: usize) -> PathBuf {
        self.folder.join(Node::Server(server).name()).join("store")
    }

    /// What a hub says goes here.
    pub fn log(&self, hub: usize) -> PathBuf {
        self.folder.join(format!("{}.log", Node::Hub(hub).name()))
    }

    /// How much a hub has said, in bytes.
    pub fn has_said(&self, hub: usize) -> usize {
        std::fs::metadata(self.log(hub)).map_or(0, |log| usize::try_from(log.len()).unwrap_or(0))
    }

    /// Runs a command of the hub with the settings of one. Returns what it says.
    pub async fn asks_hub(&self, network: &Network, hub: usize, words: &[&str]) -> anyhow::Result<String> {
        let mut command = programs::hub(network, &self.folder, &self.place, hub)?;
        command.args(words).stdin(Stdio::null());
        let output = tokio::process::Command::from(command).kill_on_drop(true).output().await?;
        let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
        ensure!(output.status.success(), "presence-hub {} of hub {}: {said}", words.join(" "), hub + 1);
        Ok(said)
    }

    /// The database of a hub.
    pub fn database(&self, hub: usize) -> PathBuf {
        self.folder.join(Node::Hub(hub).name()).join("data/hub.db")
    }

    /// Returns once every server says that it is healthy.
    pub async fn servers_are_ready(&self) -> anyhow::Result<()> {
        let until = Instant::now() + READY_WITHIN;
        for monitor in &self.monitors {
            while !matches!(client::request(monitor, "", "GET", "/healthz", None).await, Ok((200, _))) {
                if Instant::now() > until {
                    bail!("the servers are not ready after {READY_WITHIN:?}");
                }
                tokio::time::sleep(LOOKS_EVERY).await;
            }
        }
        Ok(())
    }

    /// Returns once a hub says that it serves.
    pub async fn hub_is_ready(&self, hub: usize) -> anyhow::Result<()> {
        let until = Instant::now() + READY_WITHIN;
        while !client::is_ready(&self.addresses[hub]).await {
            ensure!(Instant::now() < until, "hub {} is not ready after {READY_WITHIN:?}", hub + 1);
            tokio::time::sleep(LOOKS_EVERY).await;
        }
        Ok(())
    }

    /// Returns once every hub says that it serves, all at the same time.
    pub async fn hubs_are_ready(&self) -> anyhow::Result<()> {
        let until = Instant::now() + READY_WITHIN;
        loop {
            let mut ready = 0;
            for address in &self.addresses {
                ready += usize::from(client::is_ready(address).await);
            }
            if ready == MACHINES {
                return Ok(());
            }
            if Instant::now() > until {
                bail!("{ready} of {MACHINES} hubs are ready after {READY_WITHIN:?}");
            }
            tokio::time::sleep(LOOKS_EVERY).await;
        }
    }

    /// Returns once the stream has a leader, and all servers have what it has.
    pub async fn replicas_are_even(&self) -> anyhow::Result<()> {
        let until = Instant::now() + READY_WITHIN;
        while Instant::now() < until {
            let leader = self.leader().await?;
            let path = "/jsz?streams=true&accounts=true";
            let said = client::request(&self.monitors[leader], "", "GET", path, None).await;
            if let Ok((200, said)) = said
                && cluster_of(&said).and_then(|it| it["replicas"].as_array()).is_some_and(|all| {
                    all.len() == MACHINES - 1 && all.iter().all(|one| one["current"] == true && one["offline"] != true)
                })
            {
                return Ok(());
            }
            tokio::time::sleep(LOOKS_EVERY).await;
        }
        bail!("the servers are not even after {READY_WITHIN:?}")
    }

    /// Everybody who is connected to a server came over the ways; each server knows of hubs and of the others.
    pub async fn nobody_goes_past_the_ways(&self) -> anyhow::Result<()> {
        let own = self.ways()?.address();
        for monitor in &self.monitors {
            for (path, list) in [("/connz", "connections"), ("/routez", "routes")] {
                let (_, said) = client::request(monitor, "", "GET", path, None).await?;
                let all = said[list].as_array().context("a server does not say who is connected")?;
                let strangers: Vec<&Value> = all.iter().map(|one| &one["ip"]).filter(|ip| *ip != own).collect();
                ensure!(strangers.is_empty(), "past the ways of {own} to {monitor}: {strangers:?}");
                ensure!(list == "connections" || all.len() >= MACHINES - 1, "{monitor} has {} routes", all.len());
            }
        }
        Ok(())
    }

    /// Kills everything, and returns once nothing runs and nothing is held.
    pub async fn end(self) -> anyhow::Result<()> {
        let all = self.hubs.iter().chain(&self.servers).map(|process| process.tell(Order::Kill));
        futures::future::try_join_all(all).await?;
        if let Some(ways) = self.place.ways {
            ways.close().await;
        }
        Ok(())
    }

    /// The server that leads the stream.
    pub async fn leader(&self) -> anyhow::Result<usize> {
        let until = Instant::now() + READY_WITHIN;
        while Instant::now() < until {
            for monitor in &self.monitors {
                let path = "/jsz?streams=true&accounts=true";
                let Ok((200, said)) = client::request(monitor, "", "GET", path, None).await else { continue };
                if let Some(leader) = leader_of(&said) {
                    return Ok(leader);
                }
            }
            tokio::time::sleep(LOOKS_EVERY).await;
        }
        bail!("no server says who leads the stream")
    }

    /// Makes the workstream and the agents.
    pub async fn hires(&self, agents: &[String]) -> anyhow::Result<()> {
        let token = client::token("root", &["admin"])?;
        let path = format!("/api/v1/workstreams/{}", crate::routers::WORKSTREAM);
        let made =
            client::request(&self.addresses[0], &token, "PUT", &path, Some(&crate::routers::workstream())).await?;
        if made.0 != 201 {
            bail!("no workstream: {made:?}");
        }
        let records = agents.iter().map(|agent| json!({ "agentId": agent, "name": agent, "units": 1000 }));
        let records = Value::from(records.collect::<Vec<_>>());
        let hired = client::request(&self.addresses[0], &token, "PUT", "/api/v1/agents", Some(&records)).await?;
        if hired.0 != 200 {
            bail!("no agents: {hired:?}");
        }
        Ok(())
    }
}

/// What a server says of the stream's servers.
fn cluster_of(said: &Value) -> Option<&Value> {
    let accounts = said["account_details"].as_array()?;
    let mut streams = accounts.iter().filter_map(|account| account["stream_detail"].as_array()).flatten();
    streams.find(|stream| stream["name"] == STREAM).map(|stream| &stream["cluster"])
}

fn leader_of(said: &Value) -> Option<usize> {
    let leader = cluster_of(said)?["leader"].as_str()?;
    (0..MACHINES).find(|number| Node::Server(*number).name() == leader)
}
