//! A hub in a process of its own, and those who talk to it.

#![allow(clippy::disallowed_methods, reason = "what a real hub is waited for takes real time")]

mod board;
mod http;
#[path = "../../inflaters/mod.rs"]
mod inflaters;
mod log;
mod preload;
mod provider;
mod socket;
mod tunnel;
mod wire;

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};

pub use board::Board;
pub use http::{Http, event};
pub use log::Log;
pub use preload::Preload;
pub use provider::{Provider, Signer};
pub use socket::{Closed, Socket};
pub use tunnel::{over_tls, tls_file, tunnel};
pub use wire::{Wire, closing, masked};

/// What nothing here takes as long as, on however slow a machine; a test that waits so long fails.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// The same of something that does not come while other things do.
pub const LONGEST: Duration = Duration::from_secs(90);
/// What tokens of a hub are signed with unless its settings say otherwise.
pub const SECRET: &str = "a secret of the tests, long enough for HS256 to be believed";

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

    /// The same, whose log goes into a pipe that nobody reads.
    pub async fn start_unheard(settings: &[(&'static str, &str)]) -> Self {
        let settings = settings.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        Self::start_saying(Stdio::piped(), TempDir::new().unwrap(), settings).await
    }

    /// The same, whose log is listened to.
    pub async fn start_heard(settings: &[(&'static str, &str)]) -> (Self, Log) {
        let mut hub = Self::start_unheard(settings).await;
        let log = Log::of(hub.child.stderr.take().unwrap());
        (hub, log)
    }

    /// The same, whose log goes into this file.
    pub async fn start_written(settings: &[(&'static str, &str)], log: &Path) -> Self {
        let settings = settings.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        Self::start_saying(std::fs::File::create(log).unwrap().into(), TempDir::new().unwrap(), settings).await
    }

    /// Waits until a hub that was unheard has ended, and reads what it said at last.
    pub async fn last_words(mut self) -> (std::process::ExitStatus, String) {
        let mut log = self.child.stderr.take().unwrap();
        let status = self.ended().await;
        let mut said = String::new();
        log.read_to_string(&mut said).unwrap();
        (status, said)
    }

    /// What a hub over `data` says when it cannot start, and how it ends.
    pub fn refuses_to_start(data: &Path) -> (std::process::ExitStatus, String) {
        let settings = [("STORAGE__PATH", data.to_str().unwrap().to_owned())];
        let output = command(Path::new("/"), &settings).output().unwrap();
        (output.status, String::from_utf8(output.stderr).unwrap())
    }

    /// The same of a hub with these settings.
    pub fn refuses_settings(settings: &[(&'static str, &str)]) -> (std::process::ExitStatus, String) {
        let settings: Vec<_> = settings.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        let output = command(Path::new("/"), &settings).output().unwrap();
        (output.status, String::from_utf8(output.stderr).unwrap())
    }

    /// A hub over a folder that something was put into before.
    pub async fn start_over(folder: TempDir, settings: &[(&'static str, &str)]) -> Self {
        let settings = settings.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        Self::start_in(folder, settings).await
    }

    /// The program over a folder and settings that no hub has yet.
    pub fn command_over(folder: &Path, settings: &[(&'static str, &str)]) -> Command {
        let settings: Vec<_> = settings.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        command(folder, &settings)
    }

    async fn start_in(folder: TempDir, settings: Vec<(&'static str, String)>) -> Self {
        Self::start_saying(Stdio::inherit(), folder, settings).await
    }

    async fn start_saying(log: Stdio, folder: TempDir, settings: Vec<(&'static str, String)>) -> Self {
        let mut command = command(folder.path(), &settings);
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let out = tokio::process::ChildStdout::from_std(child.stdout.take().unwrap()).unwrap();
        let mut lines = BufReader::new(out).lines();
        let line =
            tokio::time::timeout(PATIENCE, lines.next_line()).await.expect("the hub did not start in time").unwrap();
        let Some(line) = line else { panic!("the hub did not start: {}", child.wait().unwrap()) };
        let listening = line.strip_prefix("listening on ");
        let address = listening.and_then(|at| at.strip_prefix("http://").or_else(|| at.strip_prefix("https://")));
        let address = address.unwrap_or_else(|| panic!("said `{line}`")).to_owned();
        Self { child, address, folder, settings }
    }

    /// Kills the hub (SIGKILL).
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Kills the hub (SIGKILL) and starts it again over the same folder, on a port of its own.
    pub async fn killed_and_started_again(mut self) -> Self {
        self.kill();
        self.start_again().await
    }

    /// Stops the hub (SIGTERM), waits until it has ended, and starts it again.
    pub async fn stopped_and_started_again(mut self) -> Self {
        self.terminate();
        let status = self.ended().await;
        assert!(status.success(), "a stop ends with {status}");
        self.start_again().await
    }

    /// Starts a hub that has ended again.
    pub async fn start_again(mut self) -> Self {
        let folder = std::mem::replace(&mut self.folder, TempDir::new().unwrap());
        let settings = self.settings.clone();
        drop(self);
        Self::start_in(folder, settings).await
    }

    /// Starts a hub that has ended again, with other settings.
    pub async fn start_again_with(mut self, settings: &[(&'static str, &str)]) -> Self {
        self.settings = settings.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        self.start_again().await
    }

    /// Tells the hub to stop (SIGTERM).
    pub fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// Lets the hub stand still (SIGSTOP), and returns once it does.
    pub fn stands_still(&self) {
        self.signal(Signal::STOP);
        let child = Some(Pid::from_child(&self.child));
        let (_, status) = waitpid(child, WaitOptions::UNTRACED).unwrap().unwrap();
        assert!(status.stopped(), "{status:?}");
    }

    /// Lets the hub go on after it stood still (SIGCONT).
    pub fn goes_on(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits until the process has ended. One that does not is killed, and the test fails.
    pub async fn ended(&mut self) -> std::process::ExitStatus {
        let pid = rustix::process::Pid::from_child(&self.child);
        let mut child = std::mem::replace(&mut self.child, Command::new("true").spawn().unwrap());
        let ends = tokio::task::spawn_blocking(move || child.wait().unwrap());
        if let Ok(ended) = tokio::time::timeout(PATIENCE, ends).await {
            return ended.unwrap();
        }
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        panic!("the hub did not end");
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

    /// A token that says exactly this, signed with the secret of this hub.
    pub fn token_saying(&self, claims: &serde_json::Value) -> String {
        let key = jsonwebtoken::EncodingKey::from_secret(SECRET.as_bytes());
        jsonwebtoken::encode(&jsonwebtoken::Header::default(), claims, &key).unwrap()
    }

    /// The program over the same settings and folder.
    pub fn command(&self) -> Command {
        command(self.folder.path(), &self.settings)
    }

    /// What a command over the same settings and folder says.
    pub fn says(&self, command_line: &[&str]) -> String {
        let output = self.command().args(command_line).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
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
        Http::with_token(self, self.token(subject, roles))
    }

    /// Who talks to the hub over HTTP with this token.
    pub fn http_with(&self, token: &str) -> Http {
        Http::with_token(self, token.to_owned())
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

/// Does it again with each heartbeat until it says that it is done, but not for ever.
pub async fn until(what: &str, beats: &mut Socket, mut is_done: impl AsyncFnMut() -> bool) {
    let end = std::time::Instant::now() + LONGEST;
    while !is_done().await {
        assert!(std::time::Instant::now() < end, "{what} did not happen within {LONGEST:?}");
        beats.expect("heartbeat").await;
    }
}

/// Waits, but not for ever.
pub async fn within<F: Future>(what: F) -> F::Output {
    tokio::time::timeout(PATIENCE, what).await.expect("waited too long")
}
