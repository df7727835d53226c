//! The hub is killed (SIGKILL) again and again under load, and what it said before is held against
//! what it says afterwards.

mod said;
mod work_system;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::harness::{Hub, Socket};
use crate::history_tables::everything_of;
use said::Said;
use work_system::WorkSystem;

const KILLS: u32 = 20;
/// Of them, these come before anyone has returned.
const KILLED_AT_THE_DOOR: [u32; 2] = [6, 13];
const AGENTS: usize = 8;
const WORK_SYSTEMS: usize = 3;

#[tokio::test]
async fn nothing_acknowledged_or_shown_is_lost_in_twenty_kills_under_load() {
    let seed = seed();
    println!("seed {seed}: HUB_KILL_SEED={seed} repeats it");
    let mut random = Random(seed);
    let settings = [("PRESENCE__RESTART_GRACE", "60s"), ("PRESENCE__MAX_OPEN_WORK_ITEMS", "100")];
    let mut hub = Hub::start_with(&settings).await;
    let records: Vec<Value> =
        names().map(|name| json!({ "agentId": name, "name": name, "units": 1_000, "enabled": true })).collect();
    for record in &records {
        let path = format!("/api/v1/agents/{}", record["agentId"].as_str().unwrap());
        assert_eq!(hub.http().put(&path, record).await.0, 201);
    }
    let tokens = Tokens::of(&hub);
    let said = Said::default();
    let mut board = BoardState::default();
    let mut work_systems: Vec<WorkSystem> =
        (0..WORK_SYSTEMS).map(|number| WorkSystem::new(random.next(), number)).collect();

    for kill in 0..KILLS {
        if !KILLED_AT_THE_DOOR.contains(&kill) {
            let moment = Moment { answers: 1 + random.below(300) as u32, micros: random.below(4_000) };
            println!("kill {kill}: {moment:?}");
            board = live_until(&hub, moment, &tokens, &said, board, &mut work_systems, &mut random).await;
        }
        hub = hub.killed_and_started_again().await;
        compare(&hub, &said).await;
    }
    // What was on its way at the last kill is sent again; then the books must balance.
    drop(follow(&hub, &tokens, &said, board).await);
    let mut held = BTreeMap::new();
    for work_system in &mut work_systems {
        let mut socket = Socket::open(&hub, &tokens.work_system).await;
        assert!(work_system.sends_what_was_not_answered(&mut socket, &said).await, "nobody kills the hub now");
        for (item, agent) in &work_system.open {
            held.entry(agent.clone()).or_insert_with(BTreeSet::new).insert(item.clone());
        }
    }
    let http = hub.http();
    for name in names() {
        let (_, listed) = http.get(&format!("/api/v1/agents/{name}/work-items")).await;
        let items = listed["items"].as_array().unwrap().iter();
        let items: BTreeSet<String> = items.map(|item| item["workItemId"].as_str().unwrap().to_owned()).collect();
        let expected = held.remove(&name).unwrap_or_default();
        assert_eq!(items, expected, "{name}: every event happened exactly once");
        assert_eq!(http.presence(&name).await["capacity"]["units"]["used"], expected.len(), "{name}");
    }
    hub.terminate();
    hub.ended().await;
    let data = hub.folder().join("data");
    let kept = told(&data);
    assert_eq!(hub.says(&["rebuild-history"]), "ok: the history is as the log says\n");
    assert_eq!(told(&data), kept, "the history is that of the log, whenever the hub was killed");
    let (answers, shown) = said.counts();
    println!("{KILLS} kills; {answers} acknowledged changes and {shown} shown states compared");
    assert!(answers > 200, "the load was no load");
}

/// One life of the hub: everyone returns, works, and at the moment the hub is killed.
async fn live_until(
    hub: &Hub,
    moment: Moment,
    tokens: &Tokens,
    said: &Said,
    board: BoardState,
    work_systems: &mut Vec<WorkSystem>,
    random: &mut Random,
) -> BoardState {
    let countdown = Arc::new(Countdown { left: AtomicU32::new(moment.answers), over: Notify::new() });
    let mut agents = Vec::new();
    for token in &tokens.agents {
        let socket = Socket::open(hub, token).await;
        said.agent(&socket.welcome["agent"]);
        assert_eq!(socket.welcome["epoch"], said.epoch_or(&socket.welcome["epoch"]), "the epoch stays");
        agents.push(socket);
    }
    let watching = follow(hub, tokens, said, board).await;
    let watching = tokio::spawn(watching.until_the_end(said.clone()));
    let choosing: Vec<_> = agents
        .into_iter()
        .map(|socket| tokio::spawn(chooses(socket, Random(random.next()), said.clone(), countdown.clone())))
        .collect();
    let mut working = Vec::new();
    for mut work_system in work_systems.drain(..) {
        let mut socket = Socket::open(hub, &tokens.work_system).await;
        let (said, countdown) = (said.clone(), countdown.clone());
        working.push(tokio::spawn(async move {
            if work_system.sends_what_was_not_answered(&mut socket, &said).await {
                while work_system.sends_a_batch(&mut socket, &said).await {
                    countdown.one_less();
                }
            }
            work_system
        }));
    }
    countdown.over.notified().await;
    // A moment is a time, and nothing else can be waited for.
    tokio::time::sleep(Duration::from_micros(moment.micros)).await;
    let pid = rustix::process::Pid::from_raw(i32::try_from(hub.pid()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    for choosing in choosing {
        choosing.await.unwrap();
    }
    for working in working {
        work_systems.push(working.await.unwrap());
    }
    watching.await.unwrap()
}

/// What the history in a data folder says.
fn told(data: &Path) -> Vec<String> {
    everything_of(&Connection::open(data.join("hub.db")).unwrap())
}

/// What the restarted hub says, against everything that was said before.
async fn compare(hub: &Hub, said: &Said) {
    let http = hub.http();
    for name in names() {
        let now = http.presence(&name).await;
        let newest = said.newest_version(&name);
        let version = now["version"].as_u64().unwrap();
        assert!(version >= newest, "{name}: version {newest} was said, the restarted hub knows {version}");
        said.agent(&now);
    }
}

/// An agent's page: chooses presences as fast as it is answered, until the hub is gone.
async fn chooses(mut socket: Socket, mut random: Random, said: Said, countdown: Arc<Countdown>) {
    for id in 1_u64.. {
        let presence = ["available", "busy", "away", "do-not-disturb"][random.below(4) as usize];
        let frame = json!({ "type": "setPresence", "id": id, "presenceId": presence, "reason": format!("no. {id}") });
        if !socket.tries_to_send(&frame).await {
            return;
        }
        loop {
            let Ok(frame) = socket.next().await else { return };
            match frame["type"].as_str().unwrap() {
                "presence" => said.agent(&frame["agent"]),
                "result" if frame["id"] == id => {
                    // The answer shows the newest state, which may be of a later event.
                    said.agent(&frame["result"]);
                    break;
                }
                "error" if frame["error"]["code"] == "rate_limited" => break,
                "error" => panic!("{frame}"),
                _ => {}
            }
        }
        countdown.one_less();
    }
}

/// Where a board stands when its hub dies.
#[derive(Default)]
struct BoardState {
    since: Option<Value>,
}

struct WatchingBoard {
    socket: Socket,
    watch_id: String,
    epoch: Value,
    seq: u64,
}

/// Resumes the board where it stood.
async fn follow(hub: &Hub, tokens: &Tokens, said: &Said, board: BoardState) -> WatchingBoard {
    let mut socket = Socket::open(hub, &tokens.supervisor).await;
    let resumes = board.since.is_some();
    let result = socket.does(json!({ "type": "watch", "filter": {}, "since": board.since })).await;
    assert_eq!(result["mode"], if resumes { "resumed" } else { "snapshot" });
    let watch_id = result["watchId"].as_str().unwrap().to_owned();
    let mut watching = WatchingBoard { socket, watch_id, epoch: result["epoch"].clone(), seq: 0 };
    if let Some(since) = &board.since {
        assert_eq!(since["epoch"], watching.epoch);
        assert_eq!(since["watchId"], watching.watch_id.as_str());
        watching.seq = since["seq"].as_u64().unwrap();
    }
    // Its snapshot, or what it missed.
    let frame = watching.socket.find(|frame| !frame["watchId"].is_null() && frame["type"] != "result").await;
    watching.take_in(&frame, said);
    watching
}

impl WatchingBoard {
    async fn until_the_end(mut self, said: Said) -> BoardState {
        while let Ok(frame) = self.socket.next().await {
            self.take_in(&frame, &said);
        }
        let since = json!({ "epoch": self.epoch, "seq": self.seq, "watchId": self.watch_id });
        BoardState { since: Some(since) }
    }

    fn take_in(&mut self, frame: &Value, said: &Said) {
        if let Some(seq) = frame["seq"].as_u64() {
            assert!(seq >= self.seq, "the position went back from {} to {seq}", self.seq);
            self.seq = seq;
        }
        for agent in frame["agents"].as_array().into_iter().flatten() {
            assert_ne!(agent["presenceId"], "offline", "who returns in time was never shown Offline: {agent}");
            said.agent(agent);
        }
    }
}

#[derive(Debug)]
struct Moment {
    answers: u32,
    micros: u64,
}

/// Counts answers down to the moment.
struct Countdown {
    left: AtomicU32,
    over: Notify,
}

impl Countdown {
    fn one_less(&self) {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.over.notify_one();
        }
    }
}

struct Tokens {
    agents: Vec<String>,
    supervisor: String,
    work_system: String,
}

impl Tokens {
    fn of(hub: &Hub) -> Self {
        Self {
            agents: names().map(|name| hub.token(&name, &["agent"])).collect(),
            supervisor: hub.token("sue", &["supervisor"]),
            work_system: hub.token("acd", &["integration"]),
        }
    }
}

fn names() -> impl Iterator<Item = String> {
    (0..AGENTS).map(|number| format!("a{number}"))
}

/// The seed of this run: told, or of the moment.
fn seed() -> u64 {
    let told = std::env::var("HUB_KILL_SEED").ok();
    told.map_or_else(|| u64::from(std::process::id()), |seed| seed.parse().unwrap())
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}
