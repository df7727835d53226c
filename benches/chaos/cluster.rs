//! Three NATS servers and three hubs, each a kept process in its place.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::client::{self, SECRET};
use crate::network::{MACHINES, Network, Node};
use crate::process::{Kept, Order};

const STREAM: &str = "PRESENCE";
const CLIENTS: u16 = 4222;
const ROUTES: u16 = 6222;
const MONITOR: u16 = 8222;
const HUB: u16 = 7350;
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
}

impl Cluster {
    /// Starts everything in a folder, and returns once all hubs serve.
    pub async fn start(network: &Network, folder: &Path) -> anyhow::Result<Self> {
        let at = |node: Node, port: u16| format!("{}:{port}", network.address(node));
        let machines: [usize; MACHINES] = std::array::from_fn(|number| number);
        let servers = machines.map(|number| server(network, folder, number)).into_iter();
        let servers = servers.collect::<anyhow::Result<Vec<_>>>()?;
        let monitors = machines.map(|number| at(Node::Server(number), MONITOR));
        let addresses = machines.map(|number| at(Node::Hub(number), HUB));
        let mut cluster = Self { hubs: Vec::new(), servers, addresses, monitors, folder: folder.to_owned() };
        cluster.servers_are_ready().await?;
        for number in machines {
            cluster.hubs.push(hub(network, folder, number)?);
        }
        cluster.hubs_are_ready().await?;
        Ok(cluster)
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

    /// Kills everything, and returns once nothing runs.
    pub async fn end(&self) -> anyhow::Result<()> {
        let all = self.hubs.iter().chain(&self.servers).map(|process| process.tell(Order::Kill));
        futures::future::try_join_all(all).await?;
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

fn server(network: &Network, folder: &Path, number: usize) -> anyhow::Result<Kept> {
    let node = Node::Server(number);
    let (name, address) = (node.name(), network.address(node));
    let own = folder.join(&name);
    std::fs::create_dir_all(&own)?;
    let routes: Vec<String> = (0..MACHINES)
        .map(|number| format!("nats-route://{}:{ROUTES}", network.address(Node::Server(number))))
        .collect();
    let config = format!(
        "server_name: {name}\nlisten: {address}:{CLIENTS}\nhttp: {address}:{MONITOR}\n\
         jetstream {{ store_dir: {:?}, sync_interval: always, max_mem: 64MB, max_file: 1GB }}\n\
         cluster {{ name: chaos, listen: {address}:{ROUTES}, routes: [{}] }}\n",
        own.join("store"),
        routes.join(", ")
    );
    let file = own.join("nats.conf");
    std::fs::write(&file, config)?;
    let program = program();
    let mut command = network.command(node, &program);
    command.arg("-c").arg(&file);
    Kept::start(folder.join(format!("{name}.log")), copies_of(command)).context("a NATS server cannot be started")
}

fn program() -> PathBuf {
    let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/nats/nats-server");
    let named = std::env::var_os("NATS_SERVER").map(PathBuf::from);
    let there = [Some(unpacked), named].into_iter().flatten().find(|path| path.exists());
    there.unwrap_or_else(|| PathBuf::from("nats-server"))
}

fn hub(network: &Network, folder: &Path, number: usize) -> anyhow::Result<Kept> {
    let node = Node::Hub(number);
    let address = format!("{}:{HUB}", network.address(node));
    let own = folder.join(node.name());
    std::fs::create_dir_all(&own)?;
    let servers: Vec<String> =
        (0..MACHINES).map(|number| format!("\"nats://{}:{CLIENTS}\"", network.address(Node::Server(number)))).collect();
    let mut command = network.command(node, Path::new(env!("CARGO_BIN_EXE_presence-hub")));
    let settings = [
        ("SERVER__LISTEN", address.clone()),
        ("AUTH__MODE", "jwt".to_owned()),
        ("AUTH__JWT__HS256_SECRET", SECRET.to_owned()),
        ("LOG__LEVEL", "info,presence_hub=debug".to_owned()),
        ("SESSIONS__HEARTBEAT_INTERVAL", "1s".to_owned()),
        ("STORAGE__ENGINE", "nats".to_owned()),
        ("CLUSTER__NODE", (number + 1).to_string()),
        ("CLUSTER__SERVERS", format!("[{}]", servers.join(", "))),
        ("CLUSTER__STREAM", STREAM.to_owned()),
        ("CLUSTER__ADVERTISE", format!("http://{address}")),
    ];
    command.current_dir(own).envs(settings.map(|(key, value)| (format!("PRESENCE_HUB__{key}"), value)));
    Kept::start(folder.join(format!("{}.log", node.name())), copies_of(command)).context("a hub cannot be started")
}

/// Makes the same command again and again.
fn copies_of(command: std::process::Command) -> impl Fn() -> std::process::Command + Send + 'static {
    move || {
        let mut copy = std::process::Command::new(command.get_program());
        copy.args(command.get_args());
        copy.envs(command.get_envs().filter_map(|(key, value)| value.map(|value| (key, value))));
        if let Some(folder) = command.get_current_dir() {
            copy.current_dir(folder);
        }
        copy
    }
}
