//! Networks that fail, in each of their ways.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;

use crate::harness::{Board, Hub, PATIENCE, Socket, event};

/// Settings under which nothing but the end of the connection can tell that somebody left.
const NO_PINGS: [(&str, &str); 2] = [("SESSIONS__PING_INTERVAL", "5m"), ("SESSIONS__PING_TIMEOUT", "10m")];

#[tokio::test]
async fn an_agent_whose_network_goes_silent_is_shown_offline_within_ten_seconds() {
    let hub = Hub::start().await;
    let network = Network::before(hub.address()).await;
    let mut ada = network.signs_in(&hub, "ada").await;
    let mut board = Board::open(&hub, json!({})).await;
    ada.does(json!({ "type": "setPresence", "presenceId": "do-not-disturb" })).await;
    board.sees_presence("ada", "do-not-disturb").await;

    network.goes_silent();
    let silent = Instant::now();
    let offline = board.sees_presence("ada", "offline").await;
    let took = silent.elapsed();
    println!("offline {took:?} after the network went silent");
    assert!(took <= Duration::from_secs(10), "{took:?}");
    assert_eq!(offline["restore"]["presenceId"], "do-not-disturb");
    assert_eq!(hub.http().presence("ada").await["subEventName"], "NETWORK_LOST");
    network.comes_back();
    assert_eq!(ada.closed().await, Some(4411), "the page that comes back to life is told why");
}

#[tokio::test]
async fn a_reset_is_offline_at_once() {
    let hub = Hub::start_with(&NO_PINGS).await;
    let ada = hub.signs_in("ada").await;
    let mut board = Board::open(&hub, json!({})).await;
    board.sees_presence("ada", "available").await;
    let lost = Instant::now();
    ada.loses_its_network();
    // No ping could have told within the patience of a test.
    board.sees_presence("ada", "offline").await;
    println!("offline {:?} after the reset", lost.elapsed());
    assert!(lost.elapsed() < PATIENCE);
    let shown = hub.http().presence("ada").await;
    assert_eq!((&shown["eventName"], &shown["isAgentLoggedIn"]), (&json!("DISCONNECTED"), &json!(true)));
}

#[tokio::test]
async fn a_return_over_a_new_network_is_never_shown_offline_and_the_old_end_overrides_nothing() {
    let hub = Hub::start_with(&[("SESSIONS__PING_INTERVAL", "1s"), ("SESSIONS__PING_TIMEOUT", "3s")]).await;
    let network = Network::before(hub.address()).await;
    let mut old = network.signs_in(&hub, "ada").await;
    old.does(json!({ "type": "setPresence", "presenceId": "do-not-disturb", "reason": "paperwork" })).await;
    let mut board = Board::open(&hub, json!({})).await;
    network.goes_silent();
    // The old socket is dead, and only the agent knows.
    let mut new = hub.signs_in("ada").await;
    assert_eq!(new.welcome["agent"]["activeBrowserSessions"], 2);
    assert_eq!(new.welcome["agent"]["presence"]["presenceId"], "do-not-disturb");
    new.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    board.sees_presence("ada", "away").await;
    // Read at once: a page that is not read does not answer pings.
    let told = new.find(|frame| frame["agent"]["activeBrowserSessions"] == 1);
    let seen = async {
        let mut shown = board.shows("ada");
        while shown["activeBrowserSessions"] != 1 {
            assert_eq!(shown["presenceId"], "away", "{shown}");
            let before = shown["version"].clone();
            shown = board.sees("ada", |shown| shown["version"] != before).await;
        }
        shown
    };
    let (told, shown) = tokio::join!(told, seen);
    assert_eq!(shown["presenceId"], "away");
    assert_eq!(told["agent"]["presence"]["presenceId"], "away");
}

#[tokio::test]
async fn an_end_that_comes_late_never_ends_a_newer_sign_in() {
    let hub = Hub::start_with(&[("SESSIONS__PING_INTERVAL", "1s"), ("SESSIONS__PING_TIMEOUT", "3s")]).await;
    let network = Network::before(hub.address()).await;
    let _old = network.signs_in(&hub, "ada").await;
    let mut board = Board::open(&hub, json!({})).await;
    network.goes_silent();
    // A supervisor signs the agent out while the old socket cannot hear it; the agent signs in anew.
    board.socket().does(json!({ "type": "signOutAgent", "agentIds": ["ada"] })).await;
    let mut new = Socket::open_by_hand(&hub, &hub.token("ada", &["agent"])).await;
    new.does(json!({ "type": "setPresence", "presenceId": "busy" })).await;
    // Long after the old socket is given up, the newer sign-in stands. Another agent's lost network
    // tells that the time is over: it went silent later.
    let later = Network::before(hub.address()).await;
    let _bob = later.signs_in(&hub, "bob").await;
    later.goes_silent();
    // The new socket is read meanwhile, and so answers its pings.
    tokio::select! {
        _ = board.sees_presence("bob", "offline") => {}
        closed = new.closed() => panic!("the newer sign-in was ended with {closed:?}"),
    }
    let ada = hub.http().presence("ada").await;
    assert_eq!((&ada["presence"]["presenceId"], &ada["activeBrowserSessions"]), (&json!("busy"), &json!(1)));
}

#[tokio::test]
async fn a_client_that_never_reads_is_closed_while_others_are_served() {
    let hub = Hub::start_with(&[("FEED__STALL_TIMEOUT", "1s")]).await;
    crowd(&hub).await;
    let mut board = Board::open(&hub, json!({ "agentIds": ["a0"] })).await;
    let mut lazy = reads_little(&hub).await;
    lazy.send(&json!({ "type": "watch", "id": 1, "filter": {} })).await;
    let asked = Instant::now();
    // The others go on: change after change until the lazy one must have been given up, which takes
    // one to one and a half seconds. It can still be told for two seconds after that.
    let changes = changes_for(&hub, &mut board, Duration::from_millis(2_300), asked).await;
    println!("{changes} changes seen while one client did not read");
    assert_eq!(lazy.closed().await, Some(4408));
}

#[tokio::test]
async fn a_stop_does_not_wait_for_a_client_that_was_given_up() {
    let drain = Duration::from_secs(30);
    let mut hub = Hub::start_with(&[("FEED__STALL_TIMEOUT", "1s"), ("SERVER__DRAIN_TIMEOUT", "30s")]).await;
    crowd(&hub).await;
    let mut lazy = reads_little(&hub).await;
    lazy.send(&json!({ "type": "watch", "id": 1, "filter": {} })).await;
    // It never reads again; that it was given up is told by nobody else, so the time has to pass.
    let asked = Instant::now();
    let mut board = Board::open(&hub, json!({ "agentIds": ["a0"] })).await;
    changes_for(&hub, &mut board, Duration::from_millis(2_300), asked).await;
    let stopped = Instant::now();
    hub.terminate();
    let board = async { board.socket().closed().await };
    let (ended, _) = tokio::join!(hub.ended(), board);
    assert!(ended.success(), "{ended}");
    assert!(stopped.elapsed() < drain, "it waited for a client that does not read");
    drop(lazy);
}

/// More agents than the kernel takes for a socket that nobody reads from.
pub async fn crowd(hub: &Hub) {
    let http = hub.http();
    let records: Vec<Value> = (0..3_000)
        .map(|number| json!({ "agentId": format!("a{number}"), "name": "x".repeat(100), "teams": ["floor"] }))
        .collect();
    for records in records.chunks(500) {
        let (status, body) = http.put("/api/v1/agents", &json!({ "items": records })).await;
        assert!(status < 300, "{status} {body}");
    }
}

/// Lets `a0` change, seen by the board each time, until `span` has passed since `began`. Returns how often.
pub async fn changes_for(hub: &Hub, board: &mut Board, span: Duration, began: Instant) -> u32 {
    let http = hub.http();
    let mut changes = 0;
    while began.elapsed() < span {
        let item = json!({ "agentId": "a0", "workItemId": "w" });
        http.applies(&event("workitem.assigned", item.clone())).await;
        board.sees("a0", |shown| shown["openWorkItems"] == 1).await;
        http.applies(&event("workitem.closed", item)).await;
        board.sees("a0", |shown| shown["openWorkItems"].is_null()).await;
        changes += 2;
    }
    changes
}

/// A supervisor's socket whose kernel holds little of what is not read.
pub async fn reads_little(hub: &Hub) -> Socket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let stream = socket.connect(hub.address().parse().unwrap()).await.unwrap();
    let bearer = format!("Bearer {}", hub.token("lazy", &["supervisor"]));
    let mut socket = Socket::over(stream, hub.address(), "/ws", &[("authorization", &bearer)]).await;
    socket.expect("welcome").await;
    socket
}

/// A network between a client and the hub, which can go silent: nothing passes any more, and nobody
/// is told.
struct Network {
    address: String,
    silent: watch::Sender<bool>,
}

impl Network {
    async fn before(hub: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (silent, watched) = watch::channel(false);
        let hub = hub.to_owned();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let hub = TcpStream::connect(&hub).await.unwrap();
                let (client_reads, client_writes) = client.into_split();
                let (hub_reads, hub_writes) = hub.into_split();
                tokio::spawn(forward(client_reads, hub_writes, watched.clone()));
                tokio::spawn(forward(hub_reads, client_writes, watched.clone()));
            }
        });
        Self { address, silent }
    }

    async fn signs_in(&self, hub: &Hub, agent: &str) -> Socket {
        let bearer = format!("Bearer {}", hub.token(agent, &["agent"]));
        let mut socket = Socket::connect(&self.address, "/ws", &[("authorization", &bearer)]).await;
        socket.welcome = socket.expect("welcome").await;
        socket
    }

    fn goes_silent(&self) {
        self.silent.send(true).unwrap();
    }

    fn comes_back(&self) {
        self.silent.send(false).unwrap();
    }
}

async fn forward(
    from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut silent: watch::Receiver<bool>,
) {
    let mut buffer = [0; 4_096];
    loop {
        if silent.wait_for(|silent| !silent).await.is_err() {
            return;
        }
        tokio::select! {
            ready = from.readable() => if ready.is_err() { return },
            changed = silent.changed() => {
                if changed.is_err() {
                    return;
                }
                continue;
            }
        }
        match from.try_read(&mut buffer) {
            Ok(0) => return,
            Ok(read) => {
                if to.write_all(&buffer[..read]).await.is_err() {
                    return;
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}

#[tokio::test]
async fn an_agent_with_as_much_work_as_can_be_kept_still_signs_in_chooses_and_is_offline_when_its_network_goes() {
    let hub = Hub::start().await;
    let http = hub.http();
    let mut board = Board::open(&hub, json!({})).await;
    // Names and ids as long as they may be, whose quotes double when they are stored, then short ids:
    // until nothing more fits.
    let teams: Vec<String> = (0..30).map(|number| format!("{number:02}{}", "\"".repeat(120))).collect();
    assert_eq!(http.put("/api/v1/agents/ada", &json!({ "teams": teams })).await.0, 201);
    let mut refused = 0;
    for quotes in [120, 1] {
        for number in 0..100 {
            let id = format!("{quotes}-{number:02}{}", "\"".repeat(quotes));
            let result = http.event(&event("workitem.assigned", json!({ "agentId": "ada", "workItemId": id }))).await;
            if result["code"] == "too_large" {
                refused += 1;
                break;
            }
        }
    }
    assert_eq!(refused, 2, "work is refused before it leaves no room");
    let mut ada = hub.signs_in("ada").await;
    let reason = "\"".repeat(500);
    ada.does(json!({ "type": "setPresence", "presenceId": "away", "reason": reason })).await;
    ada.loses_its_network();
    let offline = board.sees("ada", |shown| shown["restore"]["presenceId"] == "away").await;
    assert_eq!(offline["presenceId"], "offline");
}
