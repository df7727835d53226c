//! What is in `docs/monitoring`, with the tools that read it: a real Prometheus, and its `promtool`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, ChildStderr};
use tokio::sync::watch;

use crate::harness::within;
use crate::metrics::{Figures, lively};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/monitoring");

/// A program of Debian's package `prometheus`: unpacked in `target/prometheus`, else wherever it is installed.
fn program(name: &str) -> PathBuf {
    let unpacked = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../prometheus/usr/bin").join(name);
    if unpacked.exists() { unpacked } else { name.into() }
}

/// What was started, or where it is said how to have it.
fn there<T>(name: &str, started: std::io::Result<T>) -> T {
    started.unwrap_or_else(|error| {
        panic!("{name}: {error}; README.md, *What you need*, says how to have it without its service")
    })
}

fn promtool(arguments: &[&str], input: &str) -> Output {
    let command = Command::new(program("promtool"))
        .args(arguments)
        .current_dir(FOLDER)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut command = there("promtool", command);
    command.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    command.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat()
}

#[test]
fn promtool_takes_the_configuration_and_each_alert_fires_for_what_it_is_for() {
    for check in [["check", "config", "prometheus.yml"], ["test", "rules", "alerts_test.yml"]] {
        let output = promtool(&check, "");
        assert!(output.status.success(), "{check:?}: {}", said(&output));
    }
    let tested = std::fs::read_to_string(format!("{FOLDER}/alerts_test.yml")).unwrap();
    for alert in alerts() {
        assert!(tested.contains(&format!("alertname=\"{alert}\"")), "nothing raises {alert} in alerts_test.yml");
    }
}

/// The names of the alerts.
fn alerts() -> Vec<String> {
    let rules = std::fs::read_to_string(format!("{FOLDER}/alerts.yml")).unwrap();
    let names = rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: "));
    names.map(str::to_owned).collect()
}

#[tokio::test]
async fn promtool_finds_nothing_to_complain_of_in_what_a_hub_with_life_in_it_tells() {
    let (hub, _sockets, _board) = lively().await;
    let output = promtool(&["check", "metrics"], &Figures::of(&hub).await.0);
    assert_eq!((output.status.success(), said(&output).as_str()), (true, ""));
    let complaint = promtool(&["check", "metrics"], "# TYPE things counter\nthings 1\n");
    assert!(!complaint.status.success(), "it does complain of others");
}

#[tokio::test]
async fn a_prometheus_scrapes_a_hub_and_answers_every_query_of_the_dashboard() {
    let (hub, _sockets, _board) = lively().await;
    let mut between = Between::before(hub.address()).await;
    let prometheus = Prometheus::start(&between.address).await;
    // Once it asks a second time, it has stored what it was told the first time.
    within(between.scrapes.wait_for(|scrapes| *scrapes >= 2)).await.unwrap();

    let sign_ins = prometheus.query("presence_hub_sign_ins_total{job=\"presence-hub\"}").await;
    assert_eq!(sign_ins["result"][0]["value"][1], "3", "{sign_ins}");
    assert_eq!(prometheus.query("up").await["result"][0]["value"][1], "1");
    let queries = queries();
    assert!(queries.len() > 15);
    for query in queries {
        let answer = prometheus.query(&query).await;
        assert!(answer["result"].is_array(), "{query}: {answer}");
    }
    let targets = prometheus.asks("/api/v1/targets?state=active").await;
    assert_eq!(targets["activeTargets"][0]["lastError"], "", "{targets}");
    let rules = prometheus.asks("/api/v1/rules").await;
    let rules = rules["groups"][0]["rules"].as_array().unwrap().iter().map(|rule| rule["name"].as_str().unwrap());
    assert!(rules.eq(alerts()), "not all alerts were loaded");
    prometheus.ends_without_a_warning().await;
}

/// The queries of the dashboard, for all hubs.
fn queries() -> Vec<String> {
    let dashboard = std::fs::read_to_string(format!("{FOLDER}/dashboard.json")).unwrap();
    let dashboard: Value = serde_json::from_str(&dashboard).unwrap();
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let targets = panels.filter_map(|panel| panel["targets"].as_array()).flatten();
    let queries = targets.map(|target| target["expr"].as_str().unwrap());
    queries.map(|query| query.replace("$instance", ".*").replace("$__rate_interval", "1m")).collect()
}

/// A Prometheus, which ends with this.
struct Prometheus {
    child: Child,
    log: Lines<BufReader<ChildStderr>>,
    address: String,
    _folder: tempfile::TempDir,
}

impl Prometheus {
    /// With the configuration of the docs, but for the address of the hub, and more often.
    async fn start(hub: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let configuration = std::fs::read_to_string(format!("{FOLDER}/prometheus.yml")).unwrap();
        let changed = configuration.replace("127.0.0.1:7350", hub).replace("15s", "250ms");
        std::fs::write(folder.path().join("prometheus.yml"), changed).unwrap();
        std::fs::copy(format!("{FOLDER}/alerts.yml"), folder.path().join("alerts.yml")).unwrap();
        let started = tokio::process::Command::new(program("prometheus"))
            .args(["--config.file=prometheus.yml", "--storage.tsdb.path=data", "--web.listen-address=127.0.0.1:0"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut child = there("prometheus", started);
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        // It says both at once, in any order.
        let (mut listens, mut ready) = (None, false);
        loop {
            let line = within(log.next_line()).await.unwrap().expect("it ended");
            if let Some((_, address)) = line.split_once("msg=\"Listening on\" address=") {
                listens = Some(address.to_owned());
            }
            ready |= line.contains("Server is ready");
            if let Some(address) = listens.take_if(|_| ready) {
                return Self { child, log, address, _folder: folder };
            }
        }
    }

    /// The data of an answer of its API.
    async fn asks(&self, path: &str) -> Value {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        stream.write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        within(stream.read_to_string(&mut answer)).await.unwrap();
        let mut answer: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
        assert_eq!(answer["status"], "success", "{path}: {answer}");
        answer["data"].take()
    }

    async fn query(&self, query: &str) -> Value {
        let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
        self.asks(&format!("/api/v1/query?query={query}")).await
    }

    /// Stops it and reads what it said.
    async fn ends_without_a_warning(mut self) {
        self.child.start_kill().unwrap();
        while let Some(line) = within(self.log.next_line()).await.unwrap() {
            assert!(!line.contains("level=warn") && !line.contains("level=error"), "{line}");
        }
    }
}

/// Passes connections on to the hub, and counts the scrapes.
struct Between {
    address: String,
    scrapes: watch::Receiver<u32>,
}

impl Between {
    async fn before(hub: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (counting, scrapes) = watch::channel(0);
        let hub = hub.to_owned();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let hub = TcpStream::connect(&hub).await.unwrap();
                tokio::spawn(pass_on(client, hub, counting.clone()));
            }
        });
        Self { address, scrapes }
    }
}

async fn pass_on(client: TcpStream, hub: TcpStream, counting: watch::Sender<u32>) {
    let (mut asks, mut is_answered) = client.into_split();
    let (mut answers, mut is_asked) = hub.into_split();
    let answering = tokio::spawn(async move { tokio::io::copy(&mut answers, &mut is_answered).await });
    let mut asked = [0; 16_384];
    while let Ok(read @ 1..) = asks.read(&mut asked).await {
        if asked[..read].starts_with(b"GET /metrics") {
            counting.send_modify(|scrapes| *scrapes += 1);
        }
        if is_asked.write_all(&asked[..read]).await.is_err() {
            break;
        }
    }
    answering.abort();
}
