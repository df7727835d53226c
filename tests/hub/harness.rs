//! A hub in a process of its own, and those who talk to it.

use std::collections::VecDeque;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{self, Message};

/// What nothing here takes as long as, on however slow a machine; a test that waits so long fails.
pub const PATIENCE: Duration = Duration::from_secs(30);
const SECRET: &str = "a secret of the tests, long enough for HS256 to be believed";

/// A running hub. Dropping it kills it.
pub struct Hub {
    child: Child,
    address: String,
    folder: TempDir,
    settings: Vec<(&'static str, String)>,
}

impl Hub {
    /// A hub with the test clock, on a free port, in a folder of its own.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with settings, as environment variables without their prefix.
    pub async fn start_with(settings: &[(&'static str, &str)]) -> Self {
        let settings = settings.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        Self::start_in(TempDir::new().unwrap(), settings).await
    }

    /// What a hub over `data` says when it cannot start, and how it ends.
    pub fn refuses_to_start(data: &Path) -> (std::process::ExitStatus, String) {
        let settings = [("STORAGE__PATH", data.to_str().unwrap().to_owned())];
        let output = command(Path::new("/"), &settings).output().unwrap();
        (output.status, String::from_utf8(output.stderr).unwrap())
    }

    async fn start_in(folder: TempDir, settings: Vec<(&'static str, String)>) -> Self {
        let mut command = command(folder.path(), &settings);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let out = tokio::process::ChildStdout::from_std(child.stdout.take().unwrap()).unwrap();
        let mut lines = BufReader::new(out).lines();
        let line = within(lines.next_line()).await.unwrap();
        let Some(line) = line else { panic!("the hub did not start: {}", child.wait().unwrap()) };
        let address = line.strip_prefix("listening on http://").unwrap_or_else(|| panic!("said `{line}`")).to_owned();
        Self { child, address, folder, settings }
    }

    /// Kills the hub (SIGKILL) and starts it again over the same folder, on a port of its own.
    pub async fn killed_and_started_again(mut self) -> Self {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.start_again().await
    }

    /// Stops the hub (SIGTERM), waits until it has ended, and starts it again.
    pub async fn stopped_and_started_again(mut self) -> Self {
        self.terminate();
        let status = self.ended().await;
        assert!(status.success(), "a stop ends with {status}");
        self.start_again().await
    }

    async fn start_again(mut self) -> Self {
        let folder = std::mem::replace(&mut self.folder, TempDir::new().unwrap());
        let settings = self.settings.clone();
        drop(self);
        Self::start_in(folder, settings).await
    }

    /// Tells the hub to stop (SIGTERM).
    pub fn terminate(&self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    }

    /// Waits until the process has ended.
    pub async fn ended(&mut self) -> std::process::ExitStatus {
        let mut child = std::mem::replace(&mut self.child, Command::new("true").spawn().unwrap());
        within(tokio::task::spawn_blocking(move || child.wait().unwrap())).await.unwrap()
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// `127.0.0.1:port`
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The data folder's parent.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A token of this hub.
    pub fn token(&self, subject: &str, roles: &[&str]) -> String {
        self.token_of(subject, roles, &[])
    }

    /// A token limited to teams.
    pub fn token_of(&self, subject: &str, roles: &[&str], teams: &[&str]) -> String {
        let mut more = vec!["--ttl", "100h"];
        for team in teams {
            more.extend(["--team", team]);
        }
        self.issue(subject, roles, &more)
    }

    /// A socket of this agent, welcomed.
    pub async fn signs_in(&self, agent: &str) -> Socket {
        Socket::open(self, &self.token(agent, &["agent"])).await
    }

    /// A token that lasts so long.
    pub fn token_for(&self, subject: &str, roles: &[&str], lasts: &str) -> String {
        self.issue(subject, roles, &["--ttl", lasts])
    }

    fn issue(&self, subject: &str, roles: &[&str], more: &[&str]) -> String {
        let mut command = command(self.folder.path(), &self.settings);
        command.args(["token", "--sub", subject]).args(more);
        for role in roles {
            command.args(["--role", role]);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// A supervisor's socket, welcomed.
    pub async fn supervisor(&self) -> Socket {
        Socket::open(self, &self.token("sue", &["supervisor"])).await
    }

    /// A work system's socket, welcomed.
    pub async fn work_system(&self) -> Socket {
        Socket::open(self, &self.token("acd", &["integration"])).await
    }

    /// Who talks to the hub over HTTP, in all roles but that of an agent.
    pub fn http(&self) -> Http {
        self.http_as("root", &["supervisor", "integration", "admin"])
    }

    /// Who talks to the hub over HTTP in these roles.
    pub fn http_as(&self, subject: &str, roles: &[&str]) -> Http {
        Http { address: self.address.clone(), token: Some(self.token(subject, roles)) }
    }

    /// Who talks to the hub over HTTP with this token.
    pub fn http_with(&self, token: &str) -> Http {
        Http { address: self.address.clone(), token: Some(token.to_owned()) }
    }

    /// Moves the hub's time forward.
    pub async fn time_passes(&self, span: Duration) {
        let millis = u64::try_from(span.as_millis()).unwrap();
        let (status, body) = self.http().post("/test/clock", &json!({ "advanceMs": millis })).await;
        assert_eq!(status, 200, "{body}");
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn command(folder: &Path, settings: &[(&'static str, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_presence-hub"));
    command.current_dir(folder).env("PRESENCE_HUB__SERVER__LISTEN", "127.0.0.1:0");
    command.env("PRESENCE_HUB__SERVER__TEST_CLOCK", "true").env("PRESENCE_HUB__LOG__LEVEL", "warn");
    command.env("PRESENCE_HUB__AUTH__MODE", "jwt").env("PRESENCE_HUB__AUTH__JWT__HS256_SECRET", SECRET);
    for (key, value) in settings {
        // What is no setting of the hub is the environment of its process.
        match key.strip_prefix("env:") {
            Some(variable) => command.env(variable, value),
            None => command.env(format!("PRESENCE_HUB__{key}"), value),
        };
    }
    command
}

/// Waits, but not for ever.
pub async fn within<F: Future>(what: F) -> F::Output {
    tokio::time::timeout(PATIENCE, what).await.expect("waited too long")
}

/// Talks HTTP: one request a connection.
#[derive(Clone)]
pub struct Http {
    address: String,
    token: Option<String>,
}

impl Http {
    /// Without a token.
    pub fn anonymous(hub: &Hub) -> Self {
        Self { address: hub.address.clone(), token: None }
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.request("GET", path, "", None).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> (u16, Value) {
        self.request("PUT", path, "", Some(body)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.request("POST", path, "", Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> (u16, Value) {
        self.request("PATCH", path, "", Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> (u16, Value) {
        self.request("DELETE", path, "", None).await
    }

    /// A request with more headers, each line ending in CRLF.
    pub async fn request(&self, method: &str, path: &str, headers: &str, body: Option<&Value>) -> (u16, Value) {
        let (status, _, body) = self.raw(method, path, headers, body).await;
        let body =
            if body.is_empty() { Value::Null } else { serde_json::from_str(&body).unwrap_or(Value::String(body)) };
        (status, body)
    }

    /// The same, with the headers of the answer and its body as they came.
    pub async fn raw(&self, method: &str, path: &str, headers: &str, body: Option<&Value>) -> (u16, String, String) {
        let body = body.map(Value::to_string).unwrap_or_default();
        let token = self.token.as_ref().map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n{token}{headers}\r\n{body}",
            self.address,
            body.len(),
        );
        self.speaks(&request).await
    }

    /// Sends this text as the whole request.
    pub async fn speaks(&self, request: &str) -> (u16, String, String) {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        within(stream.read_to_end(&mut answer)).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no HTTP answer: {answer:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_owned(), body.to_owned())
    }

    /// An agent's presence.
    pub async fn presence(&self, agent: &str) -> Value {
        let (status, body) = self.get(&format!("/api/v1/agents/{agent}/presence")).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    /// Sends one event; what became of it.
    pub async fn event(&self, event: &Value) -> Value {
        let (status, mut body) = self.post("/api/v1/events", event).await;
        assert_eq!(status, 200, "{body}");
        body["results"][0].take()
    }

    /// Sends one event that must be applied.
    pub async fn applies(&self, event: &Value) -> Value {
        let result = self.event(event).await;
        assert_eq!(result["status"], "applied", "{event} → {result}");
        result
    }
}

/// An event of a work system, with an id of its own.
pub fn event(kind: &str, data: Value) -> Value {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let id = NEXT.fetch_add(1, Ordering::Relaxed).to_string();
    json!({ "specversion": "1.0", "id": id, "source": "/tests", "type": kind, "data": data })
}

/// How a socket ended: a close code, or none if there was no close frame.
pub type Closed = Option<u16>;

/// A live socket, and the frames that were read but not asked for.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    unread: VecDeque<Value>,
    next_id: u64,
    /// The first frame.
    pub welcome: Value,
}

impl Socket {
    /// A socket with this token, welcomed.
    pub async fn open(hub: &Hub, token: &str) -> Self {
        let mut socket = Self::connect(hub.address(), "/ws", &[("authorization", &format!("Bearer {token}"))]).await;
        socket.welcome = socket.expect("welcome").await;
        socket
    }

    /// A socket that was accepted; nothing is read yet.
    pub async fn connect(address: &str, path: &str, headers: &[(&'static str, &str)]) -> Self {
        Self::over(TcpStream::connect(address).await.unwrap(), address, path, headers).await
    }

    /// The same over a connection of the caller's making.
    pub async fn over(stream: TcpStream, address: &str, path: &str, headers: &[(&'static str, &str)]) -> Self {
        Self::handshake(stream, address, path, headers).await.unwrap_or_else(|status| panic!("HTTP {status}")).0
    }

    /// A socket and the sub-protocol that the hub chose; else the status of the answer.
    pub async fn handshake(
        stream: TcpStream,
        address: &str,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<(Self, Option<String>), u16> {
        let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match within(tokio_tungstenite::client_async(request, stream)).await {
            Ok((stream, response)) => {
                let protocol = response.headers().get("sec-websocket-protocol");
                let protocol = protocol.map(|protocol| protocol.to_str().unwrap().to_owned());
                Ok((Self { stream, unread: VecDeque::new(), next_id: 1, welcome: Value::Null }, protocol))
            }
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("no handshake: {error}"),
        }
    }

    /// The next frame, none once the socket has ended.
    pub async fn next(&mut self) -> Result<Value, Closed> {
        if let Some(frame) = self.unread.pop_front() {
            return Ok(frame);
        }
        self.read().await
    }

    async fn read(&mut self) -> Result<Value, Closed> {
        loop {
            match within(self.stream.next()).await {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// The next pong, frames before it are kept for later.
    pub async fn pong(&mut self) -> String {
        loop {
            match within(self.stream.next()).await {
                Some(Ok(Message::Pong(bytes))) => return String::from_utf8(bytes.to_vec()).unwrap(),
                Some(Ok(Message::Text(text))) => self.unread.push_back(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Ping(_))) => {}
                other => panic!("no pong but {other:?}"),
            }
        }
    }

    /// The first frame that `wanted` wants; the others are kept for later.
    pub async fn find(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(place) = self.unread.iter().position(&wanted) {
            return self.unread.remove(place).unwrap();
        }
        loop {
            match self.read().await {
                Ok(frame) if wanted(&frame) => return frame,
                Ok(frame) => self.unread.push_back(frame),
                Err(closed) => panic!("closed with {closed:?}; unread: {:?}", self.unread),
            }
        }
    }

    /// The first frame of this type.
    pub async fn expect(&mut self, kind: &str) -> Value {
        self.find(|frame| frame["type"] == kind).await
    }

    /// All frames up to the first that `wanted` wants.
    pub async fn until(&mut self, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await.unwrap_or_else(|closed| panic!("closed with {closed:?} after {frames:?}"));
            let last = wanted(&frame);
            frames.push(frame);
            if last {
                return frames;
            }
        }
    }

    /// Sends a request that must be refused; the error's code.
    pub async fn refused(&mut self, frame: Value) -> String {
        let answer = self.request(frame.clone()).await;
        assert_eq!(answer["type"], "error", "{frame} → {answer}");
        answer["error"]["code"].as_str().unwrap().to_owned()
    }

    /// Waits for the end of the socket.
    pub async fn closed(&mut self) -> Closed {
        loop {
            if let Err(closed) = self.read().await {
                return closed;
            }
        }
    }

    /// Sends a request; its answer, a `result` or an `error` frame.
    pub async fn request(&mut self, mut frame: Value) -> Value {
        let id = self.next_id;
        self.next_id += 1;
        frame["id"] = json!(id);
        self.send(&frame).await;
        self.find(|frame| frame["id"] == id).await
    }

    /// Sends a request that must succeed; its result.
    pub async fn does(&mut self, frame: Value) -> Value {
        let mut answer = self.request(frame.clone()).await;
        assert_eq!(answer["type"], "result", "{frame} → {answer}");
        answer["result"].take()
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: &Value) {
        self.stream.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// Sends a frame. Whether the connection still took it.
    pub async fn tries_to_send(&mut self, frame: &Value) -> bool {
        self.stream.send(Message::text(frame.to_string())).await.is_ok()
    }

    /// Sends whatever this is.
    pub async fn send_raw(&mut self, message: Message) {
        self.stream.send(message).await.unwrap();
    }

    /// Closes as a browser does when its tab is closed.
    pub async fn tab_closes(mut self) {
        let frame = CloseFrame { code: CloseCode::Away, reason: "".into() };
        // The hub may have closed first.
        drop(self.stream.close(Some(frame)).await);
    }

    /// Ends without a word: the connection is reset.
    pub fn loses_its_network(self) {
        let stream = self.stream.into_inner().into_std().unwrap();
        socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
    }
}

/// A supervisor's board: what a watch has shown so far.
pub struct Board {
    socket: Socket,
    agents: std::collections::BTreeMap<String, Value>,
    /// The watch.
    pub watch_id: String,
    /// The position held.
    pub seq: u64,
    /// The newest counts.
    pub summary: Value,
}

impl Board {
    /// A board over this filter, its snapshot complete.
    pub async fn open(hub: &Hub, filter: Value) -> Self {
        Self::watch(hub.supervisor().await, json!({ "type": "watch", "filter": filter })).await
    }

    /// A board from this `watch` request on, with its snapshot or its first changes.
    pub async fn watch(mut socket: Socket, request: Value) -> Self {
        let result = socket.does(request).await;
        let watch_id = result["watchId"].as_str().unwrap().to_owned();
        let mut board = Self { socket, agents: Default::default(), watch_id, seq: 0, summary: Value::Null };
        loop {
            let frame = board.read().await;
            if frame["type"] == "changes" || frame["part"] == frame["parts"] {
                return board;
            }
        }
    }

    /// Reads the next frame of the watch and takes it in.
    async fn read(&mut self) -> Value {
        let watch_id = self.watch_id.clone();
        let frame = self.socket.find(|frame| frame["watchId"] == watch_id.as_str()).await;
        for agent in frame["agents"].as_array().into_iter().flatten() {
            self.agents.insert(agent["agentId"].as_str().unwrap().to_owned(), agent.clone());
        }
        for left in frame["left"].as_array().into_iter().flatten() {
            self.agents.remove(left.as_str().unwrap());
        }
        self.seq = frame["seq"].as_u64().unwrap_or(self.seq);
        if !frame["summary"].is_null() {
            self.summary = frame["summary"].clone();
        }
        frame
    }

    /// What the board shows of an agent, null if nothing.
    pub fn shows(&self, agent: &str) -> Value {
        self.agents.get(agent).cloned().unwrap_or_default()
    }

    /// How many agents the board shows.
    pub fn len(&self) -> usize {
        self.agents.len()
    }

    /// Waits until the board shows the agent so.
    pub async fn sees(&mut self, agent: &str, so: impl Fn(&Value) -> bool) -> Value {
        while !so(&self.shows(agent)) {
            self.read().await;
        }
        self.shows(agent)
    }

    /// Waits until the board shows this presence.
    pub async fn sees_presence(&mut self, agent: &str, presence: &str) -> Value {
        self.sees(agent, |shown| shown["presenceId"] == presence).await
    }

    /// The socket behind the board.
    pub fn socket(&mut self) -> &mut Socket {
        &mut self.socket
    }
}
