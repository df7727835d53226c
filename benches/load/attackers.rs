//! Those who would bring the hub down: each attack in threads of its own, beside what is measured.
//!
//! They have the client's core, and give way on it: a thread that would take it from the client would be measured as
//! latency of the hub. So an attack is as strong as what the client leaves of its core.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread::JoinHandle;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::watch;

use super::admin::token;
use super::anew;
use super::house::{deflated_request, socket_request};
use super::unshared;

/// How far the attackers give way to the client.
const NICER: i32 = 15;
/// How long a slow one takes between two bytes.
const SLOW: Duration = Duration::from_millis(100);

/// What is sent again and again is made once: attackers of whom the hub hears little, because they make much, are none.
static PIECES: LazyLock<Vec<u8>> = LazyLock::new(|| [masked(0x01, b"{"), masked(0x00, b"").repeat(200_000)].concat());
static FILTERS: LazyLock<Vec<u8>> = LazyLock::new(filters);
static GARBAGE: LazyLock<[String; 4]> = LazyLock::new(|| {
    let event = r#"{"specversion":"1.0","id":"1","source":"/x","type":"workitem.closed","data":{}}"#;
    [
        "[".repeat(1_000_000),
        format!("[{}]", vec!["{}"; 1_000].join(",")),
        format!("[{}]", vec![event; 1_000].join(",")),
        format!("[{}]", vec![event; 10_000].join(",")),
    ]
});
/// Tokens by somebody else's secret.
static FORGED: LazyLock<Vec<String>> = LazyLock::new(|| {
    let key = jsonwebtoken::EncodingKey::from_secret(b"a secret of somebody else, who would like to be believed");
    let forged = (0..1_000).map(|number| {
        let claims = json!({ "sub": format!("f{number}"), "roles": ["admin"], "exp": 4_102_444_800_u64 });
        jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).expect("claims have text keys")
    });
    forged.collect()
});

/// What is done to the hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attack {
    /// Connections that say nothing.
    Silent,
    /// Heads and bodies, byte by byte.
    Slow,
    /// Connections, one after the other, each with a request.
    Storm,
    /// Requests and sockets with tokens that are forged.
    Forged,
    /// Frames of every type, and of none, as many as go.
    Frames,
    /// Messages in endless pieces.
    Pieces,
    /// Filters with as many names as there is room for, begun and ended.
    Filters,
    /// Batches of events that are none.
    Garbage,
    /// Many requests at once over one connection.
    Pipelines,
    /// Boards that never read.
    Deaf,
    /// Deflated watches that nobody shares, and a work system that keeps them busy.
    Unshared,
    /// Deflated boards that watch anew all the time.
    Anew,
}

impl Attack {
    /// All of them, with what they are called in the table.
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::Silent, "8,000 silent sockets"),
        (Self::Slow, "1,000 slow heads and bodies"),
        (Self::Storm, "connect storm"),
        (Self::Forged, "forged tokens"),
        (Self::Frames, "floods of every frame type"),
        (Self::Pieces, "messages in endless pieces"),
        (Self::Filters, "giant filters"),
        (Self::Garbage, "garbage batches"),
        (Self::Pipelines, "pipelined requests"),
        (Self::Deaf, "200 boards that never read"),
        (Self::Unshared, "640 watches that nobody shares, 1,000 events a second"),
        (Self::Anew, "100 boards that watch anew 18 times a second"),
    ];

    /// How many do it at once.
    fn many(self) -> usize {
        match self {
            Self::Silent => 8_000,
            Self::Slow => 1_000,
            Self::Storm | Self::Forged | Self::Frames => 64,
            Self::Pieces | Self::Garbage => 16,
            Self::Filters => 50,
            Self::Pipelines => 8,
            Self::Deaf => 200,
            Self::Unshared => unshared::SOCKETS + 1,
            Self::Anew => anew::SOCKETS,
        }
    }
}

/// An attack under way.
pub struct Attackers {
    stop: watch::Sender<()>,
    done: Arc<AtomicU64>,
    thread: JoinHandle<()>,
}

impl Attackers {
    /// Begins these attacks, each from an address of its own.
    pub fn begin(hub: SocketAddr, attacks: &[Attack]) -> Self {
        let (stop, stopped) = watch::channel(());
        let done = Arc::<AtomicU64>::default();
        let (attacks, count) = (attacks.to_vec(), done.clone());
        let thread = std::thread::spawn(move || {
            // Of this thread alone. Without it the figures would be worse, not better.
            let own = rustix::process::getpriority_process(None).unwrap_or_default();
            let _ = rustix::process::setpriority_process(None, own + NICER);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(all(hub, &attacks, &count, stopped));
        });
        Self { stop, done, thread }
    }

    /// How often something was done so far: a connection opened, or a flood sent.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }
}

impl Attackers {
    /// Tells them to end; they do when [`Attackers::are_gone`].
    pub fn stop(&self) {
        self.stop.send_replace(());
    }

    /// Whether all have ended. Until then the client goes on: one that only waited would be lost to the hub.
    pub fn are_gone(&self) -> bool {
        self.thread.is_finished()
    }
}

async fn all(hub: SocketAddr, attacks: &[Attack], done: &AtomicU64, mut stopped: watch::Receiver<()>) {
    let mut each: Vec<BoxFuture<'_, ()>> = Vec::new();
    for attack in attacks {
        for number in 0..attack.many() {
            // The client's people come from 127.0.0.2 to 127.0.0.33.
            let from = Ipv4Addr::new(127, 0, 1, *attack as u8 + 1);
            let attacker = Attacker { hub, from, attack: *attack, number, done };
            each.push(async move { attacker.goes_on().await }.boxed());
        }
    }
    tokio::select! {
        _ = stopped.changed() => {}
        _ = futures::future::join_all(each) => {}
    }
}

struct Attacker<'a> {
    hub: SocketAddr,
    from: Ipv4Addr,
    attack: Attack,
    number: usize,
    done: &'a AtomicU64,
}

impl Attacker<'_> {
    /// Again and again, whatever becomes of it.
    async fn goes_on(&self) {
        loop {
            // The hub, or the machine's ports, may have had enough; a moment later it is tried again.
            if self.once().await.is_err() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            self.done.fetch_add(1, Ordering::Relaxed);
        }
    }

    async fn once(&self) -> std::io::Result<()> {
        match self.attack {
            Attack::Silent => self.hears(&mut self.connect(None).await?).await,
            Attack::Slow => self.slowly().await,
            Attack::Storm => self.says(&self.healthz()).await,
            Attack::Forged => self.says(&self.forged()).await,
            Attack::Frames => self.floods(&flood(self.number)).await,
            Attack::Pieces => self.floods(&PIECES).await,
            Attack::Filters => self.floods(&FILTERS).await,
            Attack::Garbage => self.says(&self.garbage()).await,
            Attack::Pipelines => self.says(&self.pipeline()).await,
            Attack::Deaf => self.never_reads().await,
            Attack::Unshared if self.number < unshared::SOCKETS => self.watches().await,
            Attack::Unshared => self.works().await,
            Attack::Anew => self.watches_anew().await,
        }
    }

    async fn connect(&self, receive_buffer: Option<u32>) -> std::io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        if let Some(bytes) = receive_buffer {
            socket.set_recv_buffer_size(bytes)?;
        }
        socket.bind(SocketAddr::from((self.from, 0)))?;
        socket.connect(self.hub).await
    }

    /// Reads up to the end of the connection.
    async fn hears(&self, mut stream: impl AsyncRead + Unpin) -> std::io::Result<()> {
        let mut heard = vec![0; 16 * 1024];
        while stream.read(&mut heard).await? > 0 {}
        Ok(())
    }

    /// Says this at once, and hears meanwhile.
    async fn says(&self, said: &[u8]) -> std::io::Result<()> {
        let mut stream = self.connect(None).await?;
        let (reads, mut writes) = stream.split();
        let says = async {
            drop(writes.write_all(said).await);
            std::future::pending::<()>().await;
        };
        tokio::select! {
            heard = self.hears(reads) => heard,
            () = says => Ok(()),
        }
    }

    async fn slowly(&self) -> std::io::Result<()> {
        let mut stream = self.connect(None).await?;
        if self.number.is_multiple_of(2) {
            let head = format!("POST /session HTTP/1.1\r\nHost: {}\r\nContent-Length: 1000\r\n\r\n", self.hub);
            stream.write_all(head.as_bytes()).await?;
        } else {
            stream.write_all(b"GET /healthz HTTP/1.1\r\nX-Slow: ").await?;
        }
        loop {
            tokio::time::sleep(SLOW).await;
            stream.write_all(b"x").await?;
        }
    }

    fn healthz(&self) -> Vec<u8> {
        format!("GET /healthz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.hub).into_bytes()
    }

    /// Half of them over sockets, half over HTTP, many at once over a connection.
    fn forged(&self) -> Vec<u8> {
        let first = usize::try_from(self.done.load(Ordering::Relaxed)).unwrap_or_default();
        let tokens = FORGED.iter().cycle().skip(first % FORGED.len());
        if self.number.is_multiple_of(2) {
            return tokens.take(1).flat_map(|token| socket_request(self.hub, token).into_bytes()).collect();
        }
        let mut said: Vec<u8> = tokens
            .take(20)
            .flat_map(|token| {
                let line = format!("Authorization: Bearer {token}\r\n");
                format!("GET /api/v1/agents HTTP/1.1\r\nHost: {}\r\n{line}\r\n", self.hub).into_bytes()
            })
            .collect();
        said.extend(self.healthz());
        said
    }

    fn garbage(&self) -> Vec<u8> {
        let body = &GARBAGE[self.number % GARBAGE.len()];
        let head = format!(
            "POST /api/v1/events HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            self.hub,
            token(&format!("garbage{}", self.number), "integration"),
            body.len()
        );
        [head.as_bytes(), body.as_bytes()].concat()
    }

    fn pipeline(&self) -> Vec<u8> {
        let bearer = token(&format!("pipe{}", self.number), "supervisor");
        let one =
            format!("GET /api/v1/agents HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {bearer}\r\n\r\n", self.hub);
        [one.repeat(1_000).into_bytes(), self.healthz()].concat()
    }

    /// Opens a socket, and sends all of this over it as far as it is taken.
    async fn floods(&self, frames: &[u8]) -> std::io::Result<()> {
        let name = format!("{:?}{}", self.attack, self.number).to_lowercase();
        let ask = socket_request(self.hub, &token(&name, "supervisor")).into_bytes();
        self.says(&[&ask, frames].concat()).await
    }

    async fn never_reads(&self) -> std::io::Result<()> {
        let mut stream = self.connect(Some(4_096)).await?;
        let ask = socket_request(self.hub, &token(&format!("deaf{}", self.number), "supervisor"));
        let watch = masked(0x81, br#"{"type":"watch","id":1,"filter":{}}"#);
        stream.write_all(&[ask.as_bytes(), &watch].concat()).await?;
        std::future::pending().await
    }

    async fn watches(&self) -> std::io::Result<()> {
        let ask = deflated_request(self.hub, &token(&unshared::caller(self.number), "supervisor")).into_bytes();
        self.says(&[ask, unshared::watches(self.number)].concat()).await
    }

    async fn works(&self) -> std::io::Result<()> {
        let ask = socket_request(self.hub, &token("unshared", "integration"));
        self.keeps_saying(&ask, unshared::PAUSE, std::iter::repeat_with(unshared::events)).await
    }

    async fn watches_anew(&self) -> std::io::Result<()> {
        let ask = deflated_request(self.hub, &token(&anew::caller(self.number), "supervisor"));
        self.keeps_saying(&ask, anew::PAUSE, anew::watches(self.number).into_iter().cycle()).await
    }

    /// Says these at their pace, whether or not the hub keeps up, and hears meanwhile.
    async fn keeps_saying(
        &self,
        ask: &str,
        pause: Duration,
        frames: impl Iterator<Item = Vec<u8>>,
    ) -> std::io::Result<()> {
        let mut stream = self.connect(None).await?;
        stream.write_all(ask.as_bytes()).await?;
        let (reads, mut writes) = stream.split();
        let mut due = tokio::time::interval(pause);
        let says = async {
            for frame in frames {
                due.tick().await;
                writes.write_all(&frame).await?;
                self.done.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        };
        tokio::select! {
            heard = self.hears(reads) => heard,
            said = says => said,
        }
    }
}

/// A thousand frames of one type, or of none.
fn flood(number: usize) -> Vec<u8> {
    let kinds: [&[u8]; 8] = [
        br#"{"type":"awake"}"#,
        br#"{"type":"unwatch","id":1,"watchId":"none"}"#,
        br#"{"type":"watch","id":1,"filter":{}}"#,
        br#"{"type":"setAgentPresence","id":1,"agentIds":["nobody"],"presenceId":"away"}"#,
        br#"{"type":"setPresence","id":1,"presenceId":"away"}"#,
        br#"{"type":"authenticate","id":1,"token":"none"}"#,
        br#"{"type":"#,
        b"",
    ];
    match number % (kinds.len() + 2) {
        8 => masked(0x89, b"ping"),
        9 => masked(0x82, b"\0\0\0"),
        kind => masked(0x81, kinds[kind]),
    }
    .repeat(1_000)
}

/// Watches of 1,000 names each: as many as have room, and then more.
fn filters() -> Vec<u8> {
    let watch = |time: usize| {
        let names: Vec<String> = (0..1_000).map(|name| format!("n{}", 1_000 * time + name)).collect();
        masked(0x81, json!({ "type": "watch", "id": time, "filter": { "agentIds": names } }).to_string().as_bytes())
    };
    (0..250).flat_map(watch).collect()
}

/// A frame as a client sends it, with a mask of zeros.
pub fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match u16::try_from(payload.len()).expect("frames of attackers are short") {
        short @ 0..=125 => frame.push(0x80 | short as u8),
        long => {
            frame.push(0x80 | 126);
            frame.extend(long.to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}
