//! Where hubs and servers live: a network namespace each, or loopback.

use std::process::Command;

use anyhow::{Context, bail};

/// Hubs, and servers.
pub const MACHINES: usize = 3;
/// A hardware address that nobody has: what is sent there is lost without a word.
const NOWHERE: &str = "02:00:00:00:00:01";

/// One end of a cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node {
    /// The hub of a machine.
    Hub(usize),
    /// The server of a machine.
    Server(usize),
}

impl Node {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..MACHINES).map(Self::Hub).chain((0..MACHINES).map(Self::Server))
    }

    fn host(self) -> usize {
        match self {
            Self::Hub(number) => 11 + number,
            Self::Server(number) => 21 + number,
        }
    }

    /// `h1`, `s3`.
    pub fn name(self) -> String {
        match self {
            Self::Hub(number) => format!("h{}", number + 1),
            Self::Server(number) => format!("s{}", number + 1),
        }
    }
}

/// How many subnets there are to choose from.
const SUBNETS: u32 = 250;

/// The namespaces, which vanish with it.
pub struct Network {
    number: u32,
    /// No other bench that runs has the same.
    subnet: u32,
    has_namespaces: bool,
}

impl Network {
    /// Makes it; on loopback if namespaces cannot be made.
    pub fn make() -> anyhow::Result<Self> {
        sweep();
        let number = std::process::id();
        let mut network = Self { number, subnet: number % SUBNETS, has_namespaces: true };
        if let Err(error) = ip(&["netns", "add", &network.bridge()]) {
            println!("no network namespaces ({error:#}): on loopback, without the scenarios that cut the network");
            network.has_namespaces = false;
            return Ok(network);
        }
        network.takes_a_subnet()?;
        network.join()?;
        Ok(network)
    }

    /// Makes the bench's own end, whose name says the subnet: there is only one of a name.
    fn takes_a_subnet(&mut self) -> anyhow::Result<()> {
        let mut tries = 0;
        loop {
            let (own, bridge) = (self.own_end(), self.bridge());
            match ip(&["link", "add", &own, "type", "veth", "peer", "name", "clients", "netns", &bridge]) {
                Ok(()) => return Ok(()),
                Err(error) if tries == SUBNETS => return Err(error),
                Err(_) => {
                    self.subnet = (self.subnet + 1) % SUBNETS;
                    tries += 1;
                }
            }
        }
    }

    fn join(&self) -> anyhow::Result<()> {
        let bridge = self.bridge();
        ip(&["-n", &bridge, "link", "add", "br0", "type", "bridge"])?;
        ip(&["-n", &bridge, "link", "set", "br0", "up"])?;
        for node in Node::all() {
            let (space, end) = (self.space(node), node.name());
            ip(&["netns", "add", &space])?;
            ip(&["-n", &space, "link", "set", "lo", "up"])?;
            ip(&["-n", &space, "link", "add", "eth0", "type", "veth", "peer", "name", &end, "netns", &bridge])?;
            ip(&["-n", &space, "addr", "add", &format!("{}/24", self.address(node)), "dev", "eth0"])?;
            ip(&["-n", &space, "link", "set", "eth0", "up"])?;
            ip(&["-n", &bridge, "link", "set", &end, "master", "br0", "up"])?;
        }
        let own = self.own_end();
        ip(&["addr", "add", &format!("{}/24", self.own_address()), "dev", &own])?;
        ip(&["link", "set", &own, "up"])?;
        ip(&["-n", &bridge, "link", "set", "clients", "master", "br0", "up"])
    }

    /// Whether directions can be cut.
    pub fn can_cut(&self) -> bool {
        self.has_namespaces
    }

    /// What there is, for people.
    pub fn says(&self) -> String {
        match self.has_namespaces {
            true => format!("namespaces chaos-{}-*, addresses 10.77.{}.0/24", self.number, self.subnet),
            false => format!("loopback, addresses 127.77.{}.0/24", self.subnet),
        }
    }

    /// The address of a hub or a server.
    pub fn address(&self, node: Node) -> String {
        self.at(node.host())
    }

    /// That of the bench itself, and of all clients.
    pub fn own_address(&self) -> String {
        self.at(1)
    }

    fn at(&self, host: usize) -> String {
        let first = if self.has_namespaces { 10 } else { 127 };
        format!("{first}.77.{}.{host}", self.subnet)
    }

    /// A command that runs where this node lives.
    pub fn command(&self, node: Node, program: &std::path::Path) -> Command {
        if !self.has_namespaces {
            return Command::new(program);
        }
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.space(node)]).arg(program);
        command
    }

    /// What `from` sends to `to` is lost from now on, without a word to either.
    pub fn cut(&self, from: Node, to: Node) -> anyhow::Result<()> {
        self.neighbour(from, to, &["lladdr", NOWHERE, "nud", "permanent"], "replace")
    }

    /// It arrives again.
    pub fn heal(&self, from: Node, to: Node) -> anyhow::Result<()> {
        self.neighbour(from, to, &[], "del")
    }

    fn neighbour(&self, from: Node, to: Node, more: &[&str], what: &str) -> anyhow::Result<()> {
        let (space, address) = (self.space(from), self.address(to));
        let mut words = vec!["-n", &space, "neigh", what, &address, "dev", "eth0"];
        words.extend(more);
        ip(&words)
    }

    fn bridge(&self) -> String {
        format!("chaos-{}-b", self.number)
    }

    fn space(&self, node: Node) -> String {
        format!("chaos-{}-{}", self.number, node.name())
    }

    fn own_end(&self) -> String {
        format!("chaos{}", self.subnet)
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        if !self.has_namespaces {
            return;
        }
        // What was not made cannot go.
        drop(ip(&["link", "del", &self.own_end()]));
        for space in Node::all().map(|node| self.space(node)).chain([self.bridge()]) {
            drop(ip(&["netns", "del", &space]));
        }
    }
}

/// Takes away what benches have left that were killed.
fn sweep() {
    let Ok(listed) = Command::new("ip").args(["netns", "list"]).output() else { return };
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    for space in listed.lines().filter_map(|line| line.split(' ').next()) {
        let number = space.strip_prefix("chaos-").and_then(|rest| rest.split('-').next());
        if number.is_some_and(|number| !std::path::Path::new("/proc").join(number).exists()) {
            drop(ip(&["netns", "del", space]));
        }
    }
}

fn ip(words: &[&str]) -> anyhow::Result<()> {
    let output = Command::new("ip").args(words).output().context("`ip` is not there")?;
    if !output.status.success() {
        bail!("ip {}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
