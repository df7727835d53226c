//! A node fetches the database of another one.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, spawn_blocking};

use super::{Cluster, hires};
use crate::harness::{Board, Http, Hub, Preload, event, tls_file, within};

/// Enough for what is under way between two processes to be a small part of it.
const BALLAST: usize = 64 * 1024 * 1024;

/// Lets the command fetch the database of a node.
fn copies(mut command: Command, from: &str, token: &str, more: &[&str]) -> JoinHandle<Output> {
    command.args(["cluster", "copy", from]).args(more).env("PRESENCE_HUB_TOKEN", token);
    spawn_blocking(move || command.output().unwrap())
}

fn at(hub: &Hub) -> String {
    format!("http://{}", hub.address())
}

/// What the command said on standard error, which has failed so.
fn failed(said: &Output, exit: i32) -> String {
    assert_eq!(said.status.code(), Some(exit), "{said:?}");
    String::from_utf8(said.stderr.clone()).unwrap()
}

/// What a data folder holds.
fn holds(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(folder.join("data")).unwrap().map(|entry| entry.unwrap().path());
    files.map(|file| (file.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(file).unwrap())).collect()
}

async fn stops(hub: &mut Hub) {
    hub.terminate();
    assert!(hub.ended().await.success());
}

async fn shown(hub: &Hub) -> [Value; 2] {
    let http = hub.http();
    let mut history = http.get("/api/v1/agents/ada/history?limit=1000").await.1["items"].take();
    // What lasts is longer whenever it is asked about.
    let last = history.as_array_mut().unwrap().last_mut().unwrap();
    last.as_object_mut().unwrap().retain(|field, _| field != "durationMs");
    [http.presence("ada").await, history]
}

async fn epoch(hub: &Hub) -> String {
    hub.supervisor().await.does(json!({ "type": "watch" })).await["epoch"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_node_for_which_the_log_begins_too_late_is_filled_while_agents_change_and_shows_the_same() {
    // What the hub of one machine knows is not in the log that begins with it.
    let cluster = Cluster::small();
    let mut one = Hub::start().await;
    hires(&one, "ada").await;
    stops(&mut one).await;
    let one = one.start_again_with(&cluster.settings("1")).await;
    let mut ada = one.signs_in("ada").await;
    // A page that answers pings.
    tokio::spawn(async move { while ada.next().await.is_ok() {} });
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let mut settings = cluster.settings("2");
    settings.push(("STORAGE__PATH", &data));
    let (status, said) = Hub::refuses_settings(&settings);
    assert!(!status.success() && said.contains("presence-hub cluster copy"), "{said}");

    let (http, token) = (one.http(), one.token("root", &["admin"]));
    let command = || Hub::command_over(folder.path(), &settings);
    let said = failed(&copies(command(), &at(&one), &token, &[]).await.unwrap(), 1);
    assert!(said.contains("there is a database") && said.contains("--replace"), "it was started there: {said}");
    let copying = copies(command(), &at(&one), &token, &["--replace"]);
    let item = json!({ "agentId": "ada", "workItemId": "w1" });
    loop {
        http.applies(&event("workitem.assigned", item.clone())).await;
        http.applies(&event("workitem.closed", item.clone())).await;
        if copying.is_finished() {
            break;
        }
    }
    let said = copying.await.unwrap();
    assert!(said.status.success() && said.stdout.starts_with(b"ok: "), "{said:?}");
    assert!(String::from_utf8_lossy(&said.stdout).contains("hub.db.before-1"), "{said:?}");
    http.applies(&event("workitem.assigned", item)).await;
    let mut two = Hub::start_over(folder, &settings).await;
    Board::open(&two, json!({})).await.sees_presence("ada", "busy").await;
    assert_eq!(shown(&two).await, shown(&one).await);
    assert!(two.says(&["check"]).starts_with("ok: "));

    // It was noted before the first byte, and at the end; that is in the log of all.
    hires(&one, "ben").await;
    let (_, audit) = http.get("/api/v1/audit?action=EXPORT").await;
    let noted = |entry: &Value| (entry["outcome"].clone(), entry["after"]["export"].clone(), entry["actor"].clone());
    let all: Vec<_> = audit["items"].as_array().unwrap().iter().map(noted).collect();
    let of = |outcome: &str| (json!(outcome), json!("database"), json!("root"));
    assert_eq!(all, [of("DONE"), of("STARTED")], "{audit}");
    assert!(audit["items"][0]["after"]["bytes"].as_u64() > Some(0), "{audit}");
    // An empty folder needs no word more, and nobody else uses it meanwhile.
    let said = failed(&copies(two.command(), &at(&one), &token, &["--replace"]).await.unwrap(), 1);
    assert!(said.contains("another hub is using"), "{said}");
    stops(&mut two).await;
    std::fs::remove_dir_all(&data).unwrap();
    let said = copies(two.command(), &at(&one), &token, &[]).await.unwrap();
    assert!(said.status.success(), "{said:?}");
    let two = two.start_again().await;
    assert_eq!(shown(&two).await, shown(&one).await);
}

#[tokio::test]
async fn a_copy_that_breaks_half_way_leaves_the_folder_as_it_was_and_nothing_at_the_node_that_was_killed() {
    let cluster = Cluster::small();
    let (mut one, mut two) = tokio::join!(cluster.node("1"), cluster.node("2"));
    hires(&one, "ada").await;
    stops(&mut two).await;
    stops(&mut one).await;
    let database = rusqlite::Connection::open(one.folder().join("data/hub.db")).unwrap();
    database.execute_batch(&format!("CREATE TABLE ballast AS SELECT zeroblob({BALLAST})")).unwrap();
    drop(database);
    let mut one = one.start_again().await;
    hires(&one, "ben").await;
    let before = holds(two.folder());

    // Between the two stands the test, and lets one megabyte of the copy pass.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let from = format!("http://{}", listener.local_addr().unwrap());
    let (http, token) = (one.http(), one.token("root", &["admin"]));
    let copying = copies(two.command(), &from, &token, &["--replace"]);
    let (mut node, _) = within(listener.accept()).await.unwrap();
    let mut hub = TcpStream::connect(one.address()).await.unwrap();
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        within(node.read_buf(&mut request)).await.unwrap();
    }
    hub.write_all(&request).await.unwrap();
    let mut some = vec![0; 1024 * 1024];
    within(hub.read_exact(&mut some)).await.unwrap();
    node.write_all(&some).await.unwrap();
    let (status, another) = http.get(&format!("/api/v1/cluster/database?epoch={}", epoch(&one).await)).await;
    assert_eq!((status, &another["code"]), (429, &json!("rate_limited")), "one at a time: {another}");
    one.kill();
    // The rest is what was in the sockets; the connection may end with a reset.
    drop(tokio::io::copy(&mut hub, &mut node).await);
    drop((hub, node));

    let said = failed(&copying.await.unwrap(), 1);
    assert!(said.contains("the copy broke off after") && said.contains("begin anew"), "{said}");
    assert_eq!(holds(two.folder()).keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    assert!(holds(two.folder()) == before, "a file of the folder is another");
    let two = two.start_again().await;
    assert_eq!(two.http().presence("ben").await["presence"]["presenceId"], "offline");

    // What has a name while it is made goes when the folder is used again.
    assert!(!holds(one.folder()).contains_key("hub.db.sending"));
    for name in ["hub.db.sending", "hub.db.sending-journal", "hub.db.restoring"] {
        std::fs::write(one.folder().join("data").join(name), "half of it").unwrap();
    }
    let one = one.start_again().await;
    assert!(holds(one.folder()).keys().all(|name| !name.contains("sending") && !name.contains("restoring")));
}

#[tokio::test]
async fn nobody_but_an_administrator_of_all_teams_copies_and_from_no_node_of_another_log() {
    let (cluster, other) = (Cluster::small(), Cluster::small());
    let (one, elsewhere, alone) = tokio::join!(cluster.node("1"), other.node("1"), Hub::start());
    let (folder, settings) = (TempDir::new().unwrap(), cluster.settings("2"));
    let command = || Hub::command_over(folder.path(), &settings);
    let refusals = [
        (at(&one), one.token("sue", &["supervisor", "integration", "auditor"]), "(403 Forbidden): this is for admin"),
        (at(&one), one.token_of("sam", &["supervisor", "admin"], &["sales"]), "limited to some teams"),
        (at(&one), "no token of a hub".to_owned(), "(401 Unauthorized)"),
        (at(&elsewhere), one.token("root", &["admin"]), "no node of that cluster"),
        (at(&alone), one.token("root", &["admin"]), "no node of a cluster"),
        ("http://127.0.0.1:1".to_owned(), one.token("root", &["admin"]), "is a hub serving there?"),
    ];
    for (from, token, why) in refusals {
        let said = failed(&copies(command(), &from, &token, &[]).await.unwrap(), 1);
        assert!(said.contains(why), "{why}: {said}");
    }
    let said = failed(&copies(command(), &at(&one), " ", &[]).await.unwrap(), 2);
    assert!(said.contains("PRESENCE_HUB_TOKEN"), "{said}");
    assert_eq!(holds(folder.path()).into_keys().collect::<Vec<_>>(), ["hub.lock"]);
    // Nor by what a browser sends by itself.
    let cookie = format!("cookie: presence-hub={}\r\n", one.token("root", &["admin"]));
    let path = format!("/api/v1/cluster/database?epoch={}", epoch(&one).await);
    let (status, answer) = Http::anonymous(&one).request("GET", &path, &cookie, None).await;
    assert_eq!(status, 401, "{answer}");
    let (_, audit) = one.http().get("/api/v1/audit?action=REFUSAL").await;
    assert!(audit.to_string().contains("GET /api/v1/cluster/database"), "{audit}");
}

#[tokio::test]
async fn a_node_that_speaks_tls_is_asked_by_its_address_and_a_full_disk_takes_nothing() {
    let cluster = Cluster::small();
    let (certificate, key) = (tls_file("first.certificate.pem"), tls_file("first.key.pem"));
    let mut settings = cluster.settings("1");
    settings.push(("SERVER__TLS_CERTIFICATE_FILE", certificate.to_str().unwrap()));
    settings.push(("SERVER__TLS_KEY_FILE", key.to_str().unwrap()));
    settings.push(("SERVER__PUBLIC_URL", "https://presence.example.com"));
    let one = Hub::start_with(&settings).await;
    let (folder, settings) = (TempDir::new().unwrap(), cluster.settings("2"));
    let command = || Hub::command_over(folder.path(), &settings);
    let from = one.address().replace("127.0.0.1", "https://localhost");
    let token = one.token("root", &["admin"]);
    let said = failed(&copies(command(), &from, &token, &[]).await.unwrap(), 1);
    assert!(said.contains("cannot be asked") && said.contains("certificate"), "{said}");

    let trusted = ["--tls-ca", certificate.to_str().unwrap()];
    let (disk, mut full) = (Preload::new("failing_disk.c", "env:FAILING_DISK"), command());
    disk.beneath(&mut full);
    disk.tell("full");
    let said = failed(&copies(full, &from, &token, &trusted).await.unwrap(), 1);
    assert!(said.contains("No space left on device"), "{said}");
    assert_eq!(holds(folder.path()).into_keys().collect::<Vec<_>>(), ["hub.lock"]);

    let said = copies(command(), &from, &token, &trusted).await.unwrap();
    assert!(said.status.success(), "{said:?}");
    drop(one);
    Hub::start_over(folder, &settings).await;
}
