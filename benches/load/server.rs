//! The servers that are measured: the hub, and what it is measured beside. Each runs in a process of its own; a cluster in six.

use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::{fmt, fs};

use anyhow::{Context, bail};

use super::nats_server::NatsServer;

/// The secret that signs the hub's tokens.
pub const SECRET: &str = "a secret of the benches, long enough for HS256 to be believed";
/// The hubs of a cluster.
const HUBS: usize = 3;
/// The argument with which the bench starts itself as the floor.
pub const TICK_FLOOR: &str = "tick-floor";
/// The one with which it starts itself as the floor that tells each change at once.
pub const FLOOR_AT_ONCE: &str = "floor-at-once";
/// What each server says when it is ready, before its address.
const READY: &str = "listening on http://";

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// The release hub.
    Hub,
    /// One frame for everyone every few milliseconds, and nothing else: see [`crate::tick`].
    Floor,
    /// The same, that tells each change at once.
    FloorAtOnce,
    /// `ws` on Node.js.
    Ws,
    /// Socket.IO on Node.js.
    SocketIo,
    /// Three hubs over three NATS servers that sync each message to the disk before it counts.
    Cluster,
    /// The same with servers that sync once a second.
    ClusterOneSecond,
}

impl Kind {
    /// What is compared on one core, in the order of the tables.
    pub const ALL: [Self; 4] = [Self::Hub, Self::Floor, Self::Ws, Self::SocketIo];

    /// Whether the hub is measured.
    pub fn is_hub(self) -> bool {
        match self {
            Self::Hub | Self::Cluster | Self::ClusterOneSecond => true,
            Self::Floor | Self::FloorAtOnce | Self::Ws | Self::SocketIo => false,
        }
    }

    /// How often the servers of its cluster sync; none if it is none.
    fn syncs(self) -> Option<&'static str> {
        match self {
            Self::Cluster => Some("always"),
            Self::ClusterOneSecond => Some("1s"),
            Self::Hub | Self::Floor | Self::FloorAtOnce | Self::Ws | Self::SocketIo => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hub => "hub",
            Self::Floor => "floor: a 10 ms tick that keeps nothing",
            Self::FloorAtOnce => "floor that tells at once",
            Self::Ws => "ws",
            Self::SocketIo => "socket.io",
            Self::Cluster => "three hubs, NATS syncs always",
            Self::ClusterOneSecond => "three hubs, NATS syncs every second",
        })
    }
}

/// A server that listens, until it is dropped.
pub struct Server {
    process: Process,
    address: SocketAddr,
}

impl Server {
    /// Starts a server in `folder`, with `settings` in its environment, and returns once it listens.
    ///
    /// # Errors
    /// The server does not start. For the peers on Node.js the error may say what to install.
    pub fn start(kind: Kind, folder: &Path, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        let mut command = match kind {
            Kind::Hub | Kind::Cluster | Kind::ClusterOneSecond => hub(),
            Kind::Floor => floor(TICK_FLOOR)?,
            Kind::FloorAtOnce => floor(FLOOR_AT_ONCE)?,
            Kind::Ws => peer("ws.mjs")?,
            Kind::SocketIo => peer("socketio.mjs")?,
        };
        command.current_dir(folder).envs(settings.iter().copied()).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = Process(command.spawn().with_context(|| format!("{kind} cannot be started"))?);
        let address = process.address().with_context(|| format!("{kind} does not listen"))?;
        Ok(Self { process, address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Kills it (SIGKILL), and returns once its process is gone.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Asks it to end (SIGTERM).
    pub fn ask_to_end(&self) -> anyhow::Result<()> {
        let pid = rustix::process::Pid::from_child(&self.process.0);
        Ok(rustix::process::kill_process(pid, rustix::process::Signal::TERM)?)
    }

    /// Whether its process is gone.
    pub fn has_ended(&mut self) -> anyhow::Result<bool> {
        Ok(self.process.0.try_wait()?.is_some())
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.process.0.id()
    }
}

/// All servers of what is measured: one, or the hubs of a cluster over its NATS servers.
pub struct Servers {
    pub all: Vec<Server>,
    pub nats: Vec<NatsServer>,
}

impl Servers {
    /// Starts them in `folder`, with `settings` in their environment.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn start(kind: Kind, folder: &Path, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        let Some(sync) = kind.syncs() else {
            return Ok(Self { all: vec![Server::start(kind, folder, settings)?], nats: Vec::new() });
        };
        let nats = NatsServer::three_that_sync(sync);
        let mut servers = Self { all: Vec::new(), nats };
        for number in 0..HUBS {
            let hub = servers.hub(kind, number, folder, settings)?;
            servers.all.push(hub);
        }
        Ok(servers)
    }

    /// Starts a hub of the cluster.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn hub(&self, kind: Kind, number: usize, folder: &Path, settings: &[(&str, &str)]) -> anyhow::Result<Server> {
        let own = folder.join(format!("hub-{number}"));
        fs::create_dir_all(&own)?;
        let (node, addresses) = ((number + 1).to_string(), self.nats.iter().map(NatsServer::address));
        let addresses: Vec<_> = addresses.map(|address| format!("{address:?}")).collect();
        let addresses = format!("[{}]", addresses.join(", "));
        let cluster = [
            ("PRESENCE_HUB__STORAGE__ENGINE", "nats"),
            ("PRESENCE_HUB__CLUSTER__NODE", node.as_str()),
            ("PRESENCE_HUB__CLUSTER__SERVERS", addresses.as_str()),
        ];
        let settings: Vec<_> = settings.iter().copied().chain(cluster).collect();
        Server::start(kind, &own, &settings)
    }

    /// The processes that are not hubs.
    pub fn beside(&self) -> impl Iterator<Item = u32> {
        self.nats.iter().map(NatsServer::pid)
    }
}

/// A process that does not outlive its handle.
struct Process(Child);

impl Process {
    fn address(&mut self) -> anyhow::Result<SocketAddr> {
        let stdout = self.0.stdout.take().context("its standard output is not read")?;
        let mut line = String::new();
        if BufReader::new(stdout).read_line(&mut line)? == 0 {
            bail!("it ended: {}", self.0.wait()?);
        }
        let address = line.trim().strip_prefix(READY).with_context(|| format!("it says {line:?}"))?;
        address.parse().with_context(|| format!("it says {line:?}"))
    }
}

impl Process {
    /// An error here says that it has ended already.
    fn kill(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn hub() -> Command {
    let mut hub = Command::new(env!("CARGO_BIN_EXE_presence-hub"));
    hub.env("PRESENCE_HUB__SERVER__LISTEN", "127.0.0.1:0")
        .env("PRESENCE_HUB__AUTH__MODE", "jwt")
        .env("PRESENCE_HUB__AUTH__JWT__HS256_SECRET", SECRET)
        // More than a house has come at once for the first time.
        .env("PRESENCE_HUB__LIMITS__NEW_AGENTS_PER_MINUTE", "1000000")
        .env("PRESENCE_HUB__LOG__LEVEL", "warn");
    hub
}

fn floor(which: &str) -> io::Result<Command> {
    let mut floor = Command::new(std::env::current_exe()?);
    floor.arg(which);
    Ok(floor)
}

fn peer(script: &str) -> anyhow::Result<Command> {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers");
    run(Command::new("node").arg("--version"))?;
    install(&peers)?;
    let mut node = Command::new("node");
    node.arg(peers.join(script));
    Ok(node)
}

/// Installs the packages only when the lock file is not the one that was installed last.
fn install(peers: &Path) -> anyhow::Result<()> {
    let wanted = fs::read(peers.join("package-lock.json"))?;
    let stamp = peers.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let quiet = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
    run(Command::new("npm").args(quiet).current_dir(peers)).context("the peers' packages cannot be installed")?;
    Ok(fs::write(stamp, wanted)?)
}

/// Runs a tool of Node.js to its end.
fn run(command: &mut Command) -> anyhow::Result<()> {
    let tool = command.get_program().to_string_lossy().into_owned();
    let Output { status, stderr, .. } = command
        .output()
        .with_context(|| format!("`{tool}` cannot be started; install Node.js 20 or newer, with npm"))?;
    if !status.success() {
        bail!("`{tool}` ended with {status}: {}", String::from_utf8_lossy(&stderr).trim());
    }
    Ok(())
}
