//! A server with everyone who is connected to it: members, whose state changes, and watchers, who
//! are told. The same people do the same at the hub and at each peer; in a cluster they are spread over its hubs.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::{Value, json};

use super::admin::token;
use super::crowd::{Crowd, LinkId};
use super::ears::{Ears, Member, Role, Step, Watcher};
use super::link::{Dialect, Invitation};
use super::server::{Kind, Server, Servers};
use super::{cores, usage};

/// Connections that are opened at once where the time to open them is not what is measured.
pub const OPENING: usize = 256;
/// How long anything that is waited for may take.
const PATIENCE: Duration = Duration::from_secs(60);

const DEFLATED: &str = "Sec-WebSocket-Protocol: presence.v1.json.deflate\r\n";

/// How watchers take their frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Text,
    /// Only the hub speaks it.
    Deflated,
}

/// A server, and everyone there.
pub struct House {
    pub kind: Kind,
    /// How watchers that are connected from now on take their frames.
    pub form: Form,
    pub servers: Servers,
    pub crowd: Crowd,
    pub ears: Ears,
    /// Of the first members, if they were written before.
    invitations: Vec<Invitation>,
}

impl House {
    /// Starts a server; nobody is there yet.
    pub fn open(kind: Kind, folder: &Path, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        let servers = start(kind, || Servers::start(kind, folder, settings))?;
        let ears = Ears::of(servers.all.len())?;
        Ok(Self { kind, form: Form::Text, servers, crowd: Crowd::new()?, ears, invitations: Vec::new() })
    }

    /// The server; the first hub of a cluster.
    pub fn server(&self) -> &Server {
        &self.servers.all[0]
    }

    /// Where whoever has this number connects to.
    pub fn address(&self, number: usize) -> SocketAddr {
        self.servers.all[number % self.servers.all.len()].address()
    }

    /// Names members that are connected later. Their numbers go on from those before.
    pub fn expect_members(&mut self, count: usize) {
        for _ in 0..count {
            let number = self.ears.members.len();
            let name = format!("a{number}");
            self.ears.memo.name(&name, number as u32);
            self.ears.members.push(Member {
                name,
                hub: number % self.servers.all.len(),
                link: None,
                welcomed: false,
                version: 0,
                base: 0,
                asked: Vec::new(),
                answered: None,
            });
        }
    }

    /// Every member's connection is gone with the server.
    pub fn forget_members(&mut self) {
        for number in 0..self.ears.members.len() {
            if let Some(link) = self.ears.members[number].link {
                self.crowd.hang_up(link);
            }
            self.ears.gone(number);
        }
    }

    /// Writes the requests of all members before they are sent, so that to sign a token takes no time of a connect.
    pub fn write_invitations(&mut self) {
        let invitation = |member: &Member| invitation(self.kind, self.address(member.hub), "agent", &member.name);
        self.invitations = self.ears.members.iter().map(invitation).collect();
    }

    /// Begins to connect a member.
    pub fn connect_member(&mut self, number: usize) -> anyhow::Result<()> {
        let Member { name, hub, .. } = &self.ears.members[number];
        let written = self.invitations.get(number).cloned();
        let invitation = written.unwrap_or_else(|| invitation(self.kind, self.address(*hub), "agent", name));
        let link = self.crowd.open(invitation)?;
        self.ears.assign(link, Role::Member(number));
        self.ears.members[number].link = Some(link);
        Ok(())
    }

    /// Connects the first `count` members, and waits until all are in.
    pub fn connect_members(&mut self, count: usize) -> anyhow::Result<()> {
        self.connect_members_by(count, OPENING)
    }

    /// The same with so many under way at once.
    pub fn connect_members_by(&mut self, count: usize, at_once: usize) -> anyhow::Result<()> {
        for number in 0..count {
            self.connect_member(number)?;
            self.wait("members to be welcomed", |ears| ears.welcomed + at_once > number)?;
        }
        self.wait("members to be welcomed", |ears| ears.welcomed >= count)
    }

    /// Connects a watcher of the hub with this filter (peers have one room), and goes on.
    pub fn connect_watcher(&mut self, receive_buffer: Option<usize>) -> anyhow::Result<usize> {
        let number = self.ears.watchers.len();
        let link = self.open_watcher(number, receive_buffer)?;
        self.ears.watchers.push(Watcher {
            link,
            ready: false,
            closed: None,
            seq: 0,
            offline: Vec::new(),
            shown_offline: 0,
            ever_offline: Vec::new(),
            held: 0,
            history: None,
            last: None,
        });
        Ok(number)
    }

    /// A watcher whose connection broke comes back, and asks for what it has not been told.
    pub fn return_watcher(&mut self, number: usize) -> anyhow::Result<()> {
        #[derive(Deserialize)]
        struct Welcome {
            epoch: String,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Told {
            watch_id: String,
            seq: u64,
        }
        let Welcome { epoch } = serde_json::from_slice(&self.ears.welcome)?;
        let last = self.ears.watchers[number].last.as_ref().context("the watcher was told something")?;
        let Told { watch_id, seq } = serde_json::from_slice(&last.bytes)?;
        let link = self.open_watcher(number, None)?;
        let watcher = &mut self.ears.watchers[number];
        (watcher.link, watcher.history) = (link, None);
        let since = json!({ "epoch": epoch, "seq": seq, "watchId": watch_id });
        let frame = json!({ "type": "watch", "id": 1, "filter": {}, "since": since });
        self.crowd.send(link, frame.to_string().as_bytes());
        Ok(())
    }

    fn open_watcher(&mut self, number: usize, receive_buffer: Option<usize>) -> anyhow::Result<LinkId> {
        let (address, name) = (self.address(number), format!("s{number}"));
        let invitation = match self.form {
            Form::Text => invitation(self.kind, address, "supervisor", &name),
            Form::Deflated => {
                let request = deflated_request(address, &token(&name, "supervisor"));
                Invitation { address, request, dialect: Dialect::Plain, receive_buffer: None }
            }
        };
        let link = self.crowd.open(Invitation { receive_buffer, ..invitation })?;
        self.ears.assign(link, Role::Watcher(number));
        Ok(link)
    }

    /// Asks for a watch; only the hub has to be asked.
    pub fn watch(&mut self, watcher: usize, filter: &Value) {
        if self.kind.is_hub() {
            let frame = json!({ "type": "watch", "id": 1, "filter": filter });
            self.crowd.send(self.ears.watchers[watcher].link, frame.to_string().as_bytes());
        }
    }

    /// Connects watchers, and waits until each knows where everyone stands.
    pub fn connect_watchers(&mut self, count: usize, filter: impl Fn(usize) -> Value) -> anyhow::Result<()> {
        for number in 0..count {
            let watcher = self.connect_watcher(None)?;
            self.watch(watcher, &filter(number));
            self.wait("watchers to be ready", |ears| ears.ready + OPENING > watcher)?;
        }
        self.wait("watchers to be ready", |ears| ears.ready == ears.watchers.len())
    }

    /// Asks for a change of a member's state in the member's name, and notes when it was due.
    pub fn choose(&mut self, number: usize, presence: &str, due: Instant) -> anyhow::Result<()> {
        let member = &mut self.ears.members[number];
        member.asked.push((Step::Choice, due));
        let id = member.asked.len();
        let link = member.link.context("the member is connected")?;
        let frame = format!(r#"{{"type":"setPresence","id":{id},"presenceId":"{presence}"}}"#);
        self.crowd.send(link, frame.as_bytes());
        Ok(())
    }

    /// A member's connection breaks without a good-bye.
    pub fn drop_member(&mut self, number: usize, due: Instant) {
        self.ears.members[number].asked.push((Step::Drop, due));
        if let Some(link) = self.ears.members[number].link {
            self.crowd.hang_up(link);
            self.ears.gone(number);
        }
    }

    /// A member comes back.
    pub fn return_member(&mut self, number: usize, due: Instant) -> anyhow::Result<()> {
        self.ears.members[number].asked.push((Step::Return, due));
        self.connect_member(number)
    }

    /// Connects a work system of the hub.
    pub fn connect_system(&mut self, name: &str) -> anyhow::Result<LinkId> {
        let link = self.crowd.open(invitation(self.kind, self.address(0), "integration", name))?;
        self.ears.assign(link, Role::System);
        Ok(link)
    }

    /// Lets every connected member choose once, so that their versions are known and all is warm.
    /// Ends when each watcher was told each choice.
    pub fn warm_up(&mut self, members: usize) -> anyhow::Result<()> {
        for number in 0..members {
            self.choose(number, "busy", Instant::now())?;
            if number % OPENING == 0 {
                self.wait("warm-up", |ears| ears.members[..number].iter().all(|member| member.version > 0))?;
            }
        }
        let all = (members * (self.ears.watchers.len() - self.ears.uncounted)) as u64;
        self.wait("the warm-up to be told", |ears| {
            ears.deliveries >= all && ears.members[..members].iter().all(|member| member.version > 0)
        })?;
        for member in &mut self.ears.members[..members] {
            member.base = member.version;
            member.asked.clear();
        }
        self.ears.deliveries = 0;
        self.ears.latency.reset();
        self.ears.answers.reset();
        self.ears.elsewhere.reset();
        self.ears.behind.reset();
        Ok(())
    }

    /// Hears until something is so.
    pub fn wait(&mut self, what: &str, is_so: impl Fn(&Ears) -> bool) -> anyhow::Result<()> {
        let until = Instant::now() + PATIENCE;
        while !is_so(&self.ears) {
            if Instant::now() > until {
                let ears = &self.ears;
                bail!(
                    "{:?}: waited {PATIENCE:?} for {what} ({} welcomed, {} ready, {} deliveries, errors: {:?})",
                    self.kind,
                    ears.welcomed,
                    ears.ready,
                    ears.deliveries,
                    ears.errors.iter().take(3).collect::<Vec<_>>(),
                );
            }
            self.crowd.turn(Instant::now() + Duration::from_millis(5), &mut self.ears)?;
        }
        Ok(())
    }

    /// Hears for so long.
    pub fn pass(&mut self, span: Duration) -> anyhow::Result<()> {
        let until = Instant::now() + span;
        while Instant::now() < until {
            self.crowd.turn(until, &mut self.ears)?;
        }
        Ok(())
    }

    /// Processor time that the server has used; all hubs of a cluster.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        cpu(self.servers.all.iter().map(Server::pid))
    }

    /// Processor time that the NATS servers have used.
    pub fn cpu_beside(&self) -> anyhow::Result<Duration> {
        cpu(self.servers.beside())
    }

    /// Memory of the server that is resident; of all hubs of a cluster.
    pub fn resident(&self) -> anyhow::Result<u64> {
        self.servers.all.iter().map(|server| usage::resident_bytes(server.pid())).sum()
    }

    /// What of that is their own, and no page of their program; the kernel maps those a few at a time as they are needed.
    pub fn own(&self) -> anyhow::Result<u64> {
        self.servers.all.iter().map(|server| usage::own_bytes(server.pid())).sum()
    }
}

/// One server has a core for itself; six share what there is. What is started runs where its parent runs.
pub fn start<T>(kind: Kind, start: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    match kind {
        Kind::Cluster | Kind::ClusterOneSecond => cores::unpin(),
        Kind::Hub | Kind::Floor | Kind::FloorAtOnce | Kind::Ws | Kind::SocketIo => cores::pin(cores::SERVER),
    }
    let started = start();
    match kind {
        Kind::Cluster | Kind::ClusterOneSecond => {}
        Kind::Hub | Kind::Floor | Kind::FloorAtOnce | Kind::Ws | Kind::SocketIo => cores::pin(cores::CLIENT),
    }
    started
}

fn cpu(mut processes: impl Iterator<Item = u32>) -> anyhow::Result<Duration> {
    processes.try_fold(Duration::ZERO, |sum, pid| Ok(sum + Duration::from_nanos(usage::cpu_nanos(pid)?)))
}

fn invitation(kind: Kind, address: SocketAddr, role: &str, name: &str) -> Invitation {
    let (dialect, request) = match kind {
        Kind::Hub | Kind::Cluster | Kind::ClusterOneSecond => {
            (Dialect::Plain, socket_request(address, &token(name, role)))
        }
        Kind::Floor | Kind::FloorAtOnce | Kind::Ws | Kind::SocketIo => {
            let role = if role == "agent" { "member" } else { "watcher" };
            let query = format!("role={role}&id={name}");
            if kind == Kind::SocketIo {
                let path = format!("/socket.io/?EIO=4&transport=websocket&{query}");
                (Dialect::SocketIo, upgrade_request(address, &path, ""))
            } else {
                (Dialect::Plain, upgrade_request(address, &format!("/?{query}"), ""))
            }
        }
    };
    Invitation { address, request, dialect, receive_buffer: None }
}

/// Asks the hub for a socket in the name of a token.
pub fn socket_request(address: SocketAddr, token: &str) -> String {
    upgrade_request(address, "/ws", &bearer(token))
}

/// The same, by which frames of watches come deflated.
pub fn deflated_request(address: SocketAddr, token: &str) -> String {
    upgrade_request(address, "/ws", &format!("{}{DEFLATED}", bearer(token)))
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

fn upgrade_request(address: SocketAddr, path: &str, headers: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
    )
}
