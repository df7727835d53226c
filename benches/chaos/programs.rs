//! The programs of a cluster, with their settings, each in its place.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::client::SECRET;
use crate::delays::Ways;
use crate::network::{MACHINES, Network, Node};
use crate::scenario::Scenario;

/// The stream that holds the log.
pub const STREAM: &str = "PRESENCE";
const CLIENTS: u16 = 4222;
const ROUTES: u16 = 6222;
const MONITOR: u16 = 8222;
const HUB: u16 = 7350;

/// Where servers are found: by clients, and by each other.
pub struct Place {
    pub clients: Vec<String>,
    pub routes: Vec<String>,
    /// On these, if they are not reached directly.
    pub ways: Option<Ways>,
}

impl Place {
    pub async fn of(network: &Network, scenario: Scenario) -> anyhow::Result<Self> {
        let all = |port| (0..MACHINES).map(|number| at(network, Node::Server(number), port)).collect::<Vec<_>>();
        let (clients, routes) = (all(CLIENTS), all(ROUTES));
        if !scenario.delays() {
            return Ok(Self { clients, routes, ways: None });
        }
        let ways = Ways::open(&network.own_address(), &clients, &routes).await?;
        Ok(Self {
            clients: (0..MACHINES).map(|server| ways.to_clients(server)).collect(),
            routes: (0..MACHINES).map(|server| ways.to_servers(server)).collect(),
            ways: Some(ways),
        })
    }
}

fn at(network: &Network, node: Node, port: u16) -> String {
    format!("{}:{port}", network.address(node))
}

/// Where a server tells how it is.
pub fn monitor(network: &Network, number: usize) -> String {
    at(network, Node::Server(number), MONITOR)
}

/// Where a hub serves.
pub fn hub_address(network: &Network, number: usize) -> String {
    at(network, Node::Hub(number), HUB)
}

/// A server. It tells nobody another address than the one where it is to be found.
pub fn server(
    network: &Network,
    folder: &Path,
    place: &Place,
    number: usize,
) -> anyhow::Result<impl Fn() -> Command + Send + 'static> {
    let node = Node::Server(number);
    let (name, listens) = (node.name(), |port| at(network, node, port));
    let own = folder.join(&name);
    std::fs::create_dir_all(&own)?;
    let routes: Vec<String> = place.routes.iter().map(|at| format!("nats-route://{at}")).collect();
    let config = format!(
        "server_name: {name}\nlisten: {:?}\nclient_advertise: {:?}\nhttp: {:?}\n\
         jetstream {{ store_dir: {:?}, sync_interval: always, max_mem: 64MB, max_file: 1GB }}\n\
         cluster {{ name: chaos, listen: {:?}, advertise: {:?}, routes: [{}] }}\n",
        listens(CLIENTS),
        place.clients[number],
        listens(MONITOR),
        own.join("store"),
        listens(ROUTES),
        place.routes[number],
        routes.join(", ")
    );
    let file = own.join("nats.conf");
    std::fs::write(&file, config)?;
    let mut command = network.command(node, &nats_program());
    command.arg("-c").arg(&file);
    Ok(copies_of(command))
}

fn nats_program() -> PathBuf {
    let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/nats/nats-server");
    let named = std::env::var_os("NATS_SERVER").map(PathBuf::from);
    let there = [Some(unpacked), named].into_iter().flatten().find(|path| path.exists());
    there.unwrap_or_else(|| PathBuf::from("nats-server"))
}

/// A hub, which serves if no other command follows.
pub fn hub(network: &Network, folder: &Path, place: &Place, number: usize) -> anyhow::Result<Command> {
    let node = Node::Hub(number);
    let address = hub_address(network, number);
    let own = folder.join(node.name());
    std::fs::create_dir_all(&own)?;
    let servers: Vec<String> = place.clients.iter().map(|at| format!("\"nats://{at}\"")).collect();
    let mut command = network.command(node, &hub_program());
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
    Ok(command)
}

/// The hub of this build, or the one that `HUB_PROGRAM` names.
fn hub_program() -> PathBuf {
    std::env::var_os("HUB_PROGRAM").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_presence-hub")), PathBuf::from)
}

/// Makes the same command again and again.
pub fn copies_of(command: Command) -> impl Fn() -> Command + Send + 'static {
    move || {
        let mut copy = Command::new(command.get_program());
        copy.args(command.get_args());
        copy.envs(command.get_envs().filter_map(|(key, value)| value.map(|value| (key, value))));
        if let Some(folder) = command.get_current_dir() {
            copy.current_dir(folder);
        }
        copy
    }
}
