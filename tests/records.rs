//! Administration under races: real requests over connections in memory, to a hub whose engine holds
//! everything back until all who race have come as far as they can.

#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

use std::fmt::Write as _;
use std::sync::Arc;

use presence_hub::clock::Clock;
use presence_hub::config::Config;
use presence_hub::domain::time::Timestamp;
use presence_hub::edge::accept::Reception;
use presence_hub::engine::embedded::{self, Embedded};
use presence_hub::engine::faulty::{Faulty, Mood};
use presence_hub::engine::{Engine, Opened};
use presence_hub::identity::Identity;
use presence_hub::server::hub::Hub;
use presence_hub::sessions::stream::{Stream, memory};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch;
use tokio::task::JoinHandle;

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const ADDRESS: &str = "127.0.0.1:7350";
/// More than any answer here has.
const CAPACITY: usize = 1 << 20;
/// More polls than anything here needs to come as far as it can.
const AS_FAR_AS_IT_CAN: usize = 1_000;

/// Paths of a record of each kind, with what creates it and two changes of different fields.
fn kinds() -> [(&'static str, Value, Value, Value); 5] {
    [
        ("/api/v1/agents/zoe", json!({ "name": "Zoe" }), json!({ "units": 4 }), json!({ "teams": ["red"] })),
        (
            "/api/v1/presences/lunch",
            json!({ "presenceName": "Lunch", "basePresenceStatus": "AWAY" }),
            json!({ "presenceText": "At lunch" }),
            json!({ "description": "Until one" }),
        ),
        (
            "/api/v1/capacity-profiles/chat",
            json!({ "defaultMax": 3 }),
            json!({ "defaultMax": 5 }),
            json!({ "blockAssignment": true }),
        ),
        (
            "/api/v1/workstreams/mail",
            json!({ "allowedPresences": ["AVAILABLE"] }),
            json!({ "units": 7 }),
            json!({ "affectsPresence": false }),
        ),
        ("/api/v1/settings", Value::Null, json!({ "maxOpenWorkItems": 7 }), json!({ "restoreWindow": "99s" })),
    ]
}

struct World {
    hub: Hub,
    engine: Arc<Faulty<Embedded>>,
    reception: Arc<Reception>,
    _stop: watch::Sender<()>,
    _folder: tempfile::TempDir,
}

struct Answer {
    status: u16,
    tag: Option<String>,
    body: Value,
}

impl World {
    async fn begins() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::starting_at(NOW);
        let Opened { engine, loaded, tail, .. } = embedded::open(folder.path()).unwrap().start(clock.clone()).unwrap();
        let engine = Arc::new(Faulty::new(engine));
        let config = Config::default();
        let identity = Identity::open(&config.auth, folder.path()).unwrap();
        let opened: Opened<Arc<dyn Engine>> = Opened { engine: engine.clone(), loaded, tail, peers: None };
        let hub = Hub::begin(&config, clock, opened, identity, (ADDRESS.parse().unwrap(), None)).await.unwrap();
        let (stop, stopped) = watch::channel(());
        let reception = Arc::new(Reception::new(hub.door().clone(), stopped));
        Self { hub, engine, reception, _stop: stop, _folder: folder }
    }

    fn token(&self, person: &str) -> String {
        let door = self.hub.door();
        door.identity.demo_token(person, door.agents.clock().now()).unwrap()
    }

    /// A request of the administrator, under way.
    fn asks(&self, method: &str, path: &str, headers: &str, body: &Value) -> JoinHandle<Answer> {
        let token = self.token("alex");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {ADDRESS}\r\nconnection: close\r\n{headers}");
        write!(request, "authorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut stream = self.connects();
        tokio::spawn(async move {
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            let tag = head.lines().find_map(|line| line.strip_prefix("etag: ")).map(str::to_owned);
            let status = head.split(' ').nth(1).unwrap().parse().unwrap();
            Answer { status, tag, body: serde_json::from_str(body).unwrap_or(Value::Null) }
        })
    }

    async fn answers(&self, method: &str, path: &str, headers: &str, body: &Value) -> Answer {
        self.asks(method, path, headers, body).await.unwrap()
    }

    async fn reads(&self, path: &str) -> Value {
        self.answers("GET", path, "", &Value::Null).await.body
    }

    /// An agent's page opens its socket; ends once it is welcome.
    fn signs_in(&self, agent: &str) -> JoinHandle<Stream> {
        let request = format!(
            "GET /ws HTTP/1.1\r\nhost: {ADDRESS}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             authorization: Bearer {}\r\n\r\n",
            self.token(agent)
        );
        let mut stream = self.connects();
        tokio::spawn(async move {
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut read = Vec::new();
            while !String::from_utf8_lossy(&read).contains("\"welcome\"") {
                stream.read_buf(&mut read).await.unwrap();
            }
            stream
        })
    }

    fn connects(&self) -> Stream {
        let (ours, theirs) = memory::connection(CAPACITY);
        self.reception.receive(Stream::Memory(theirs));
        Stream::Memory(ours)
    }

    /// From now on nothing is kept before [`World::keeps`].
    fn holds(&self) {
        self.engine.becomes(Mood::Stalled);
    }

    async fn comes_as_far_as_it_can(&self) {
        for _ in 0..AS_FAR_AS_IT_CAN {
            tokio::task::yield_now().await;
        }
    }

    /// Everybody has come as far as they can; then what was held back is kept.
    async fn keeps(&self) {
        self.comes_as_far_as_it_can().await;
        self.engine.becomes(Mood::Calm);
    }
}

#[tokio::test]
async fn a_record_that_is_written_while_its_agent_first_signs_in_is_not_written_over() {
    let world = World::begins().await;
    world.holds();
    let written = world.asks("PUT", "/api/v1/agents/ada", "", &json!({ "name": "Countess", "units": 4 }));
    world.comes_as_far_as_it_can().await;
    let signed_in = world.signs_in("ada");
    world.keeps().await;
    assert_eq!(written.await.unwrap().status, 201);
    let _page = signed_in.await.unwrap();
    let record = world.reads("/api/v1/agents/ada").await;
    assert_eq!((&record["name"], &record["units"]), (&json!("Countess"), &json!(4)));
}

#[tokio::test]
async fn a_bulk_that_is_written_while_its_agents_first_sign_in_is_not_written_over() {
    let world = World::begins().await;
    let people = ["ada", "ben", "chidi", "dana", "elif", "femi", "grace", "hiro"];
    let bulk: Vec<Value> = people.iter().map(|agent| json!({ "agentId": agent, "units": 4 })).collect();
    world.holds();
    let written = world.asks("PUT", "/api/v1/agents", "", &json!(bulk));
    let pages = people.map(|agent| world.signs_in(agent));
    world.keeps().await;
    assert!(written.await.unwrap().body["results"].as_array().unwrap().iter().all(|one| one["status"] == "applied"));
    for (agent, page) in people.iter().zip(pages) {
        page.await.unwrap();
        assert_eq!(world.reads(&format!("/api/v1/agents/{agent}")).await["units"], 4);
    }
}

#[tokio::test]
async fn of_two_that_create_a_record_at_once_one_is_refused() {
    for (path, record, ..) in &kinds()[..4] {
        let world = World::begins().await;
        let (list, id) = path.rsplit_once('/').unwrap();
        let field = ["agentId", "presenceId", "profileId", "workstreamId"];
        let field = field[kinds().iter().position(|kind| kind.0 == *path).unwrap()];
        let mut record = record.clone();
        record[field] = json!(id);
        world.holds();
        let both = [world.asks("POST", list, "", &record), world.asks("POST", list, "", &record)];
        world.keeps().await;
        let mut statuses = Vec::new();
        for answer in both {
            statuses.push(answer.await.unwrap().status);
        }
        assert_eq!(statuses, [201, 409], "{path}");
    }
}

#[tokio::test]
async fn two_patches_of_different_fields_at_once_are_both_kept() {
    for (path, record, one, other) in kinds() {
        let world = World::begins().await;
        if !record.is_null() {
            assert_eq!(world.answers("PUT", path, "", &record).await.status, 201, "{path}");
        }
        world.holds();
        let both = [world.asks("PATCH", path, "", &one), world.asks("PATCH", path, "", &other)];
        world.keeps().await;
        for answer in both {
            assert_eq!(answer.await.unwrap().status, 200, "{path}");
        }
        let kept = world.reads(path).await;
        for (name, value) in one.as_object().unwrap().iter().chain(other.as_object().unwrap()) {
            assert_eq!(kept[name], *value, "{path} {name}: {kept}");
        }
    }
}

#[tokio::test]
async fn a_change_that_expects_an_older_state_of_a_record_is_refused() {
    let world = World::begins().await;
    for (path, record, one, other) in kinds() {
        if !record.is_null() {
            assert_eq!(world.answers("PUT", path, "if-match: *\r\n", &record).await.status, 412, "{path}");
            assert_eq!(world.answers("PUT", path, "if-none-match: *\r\n", &record).await.status, 201, "{path}");
            assert_eq!(world.answers("PUT", path, "if-none-match: *\r\n", &record).await.status, 412, "{path}");
        }
        let older = world.answers("GET", path, "", &Value::Null).await.tag.unwrap();
        let expects = |tag: &str| format!("if-match: {tag}\r\n");
        let changed = world.answers("PATCH", path, &expects(&older), &one).await;
        let newer = world.answers("GET", path, "", &Value::Null).await.tag.unwrap();
        assert_eq!((changed.status, changed.tag.as_ref()), (200, Some(&newer)), "{path}");
        assert_ne!(newer, older, "{path}");

        let refused = world.answers("PATCH", path, &expects(&older), &other).await;
        assert_eq!((refused.status, &refused.body["code"]), (412, &json!("precondition_failed")), "{path}");
        assert_eq!(world.answers("GET", path, "", &Value::Null).await.tag, Some(newer.clone()), "{path}");
        if !record.is_null() {
            assert_eq!(world.answers("PUT", path, &expects(&older), &record).await.status, 412, "{path}");
            assert_eq!(world.answers("DELETE", path, &expects(&older), &Value::Null).await.status, 412, "{path}");
            assert_eq!(world.answers("DELETE", path, &expects(&newer), &Value::Null).await.status, 204, "{path}");
        }
    }
}

#[tokio::test]
async fn an_expectation_is_judged_in_the_turn() {
    for (path, record, one, other) in kinds() {
        let world = World::begins().await;
        if !record.is_null() {
            assert_eq!(world.answers("PUT", path, "", &record).await.status, 201, "{path}");
        }
        let tag = world.answers("GET", path, "", &Value::Null).await.tag.unwrap();
        let expects = format!("if-match: {tag}\r\n");
        world.holds();
        let both = [world.asks("PATCH", path, &expects, &one), world.asks("PATCH", path, &expects, &other)];
        world.keeps().await;
        let mut statuses = Vec::new();
        for answer in both {
            statuses.push(answer.await.unwrap().status);
        }
        assert_eq!(statuses, [200, 412], "{path}");
    }
}

#[tokio::test]
async fn an_agents_tag_names_its_record_and_not_its_presence() {
    let world = World::begins().await;
    let path = "/api/v1/agents/ada";
    let before = world.answers("PUT", path, "", &json!({ "name": "Ada" })).await;
    let _page = world.signs_in("ada").await.unwrap();
    let after = world.answers("GET", path, "", &Value::Null).await;
    assert_ne!(before.body["version"], after.body["version"]);
    assert_eq!(before.tag, after.tag);
}

#[tokio::test]
async fn an_agent_whose_default_was_deleted_or_retired_can_be_edited() {
    let world = World::begins().await;
    let lunch = json!({ "presenceName": "Lunch", "basePresenceStatus": "AWAY" });
    assert_eq!(world.answers("PUT", "/api/v1/presences/lunch", "", &lunch).await.status, 201);
    let record = json!({ "defaultPresenceId": "lunch", "selectablePresenceIds": ["lunch", "away"] });
    assert_eq!(world.answers("PUT", "/api/v1/agents/zoe", "", &record).await.status, 201);
    assert_eq!(world.answers("DELETE", "/api/v1/presences/lunch", "", &Value::Null).await.status, 204);
    assert_eq!(world.reads("/api/v1/presences/lunch").await["enabled"], false, "it is named, so it is retired");
    let edited = world.answers("PATCH", "/api/v1/agents/zoe", "", &json!({ "units": 3 })).await;
    assert_eq!((edited.status, &edited.body["units"]), (200, &json!(3)), "{}", edited.body);
    let chosen_anew = json!({ "defaultPresenceId": "lunch" });
    assert_eq!(world.answers("PUT", "/api/v1/agents/ann", "", &chosen_anew).await.status, 422);
}

#[tokio::test]
async fn a_profile_that_a_workstream_is_about_to_take_is_not_deleted_although_who_asked_for_it_left() {
    let world = World::begins().await;
    assert_eq!(
        world.answers("PUT", "/api/v1/capacity-profiles/chat", "", &json!({ "defaultMax": 3 })).await.status,
        201
    );
    world.holds();
    let stream = json!({ "allowedPresences": ["AVAILABLE"], "profiles": ["chat"] });
    let left = world.asks("PUT", "/api/v1/workstreams/mail", "", &stream);
    for _ in 0..AS_FAR_AS_IT_CAN {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.engine.held(), 1);
    left.abort();
    let deleted = world.asks("DELETE", "/api/v1/capacity-profiles/chat", "", &Value::Null);
    world.keeps().await;
    assert_eq!(deleted.await.unwrap().status, 409);
    assert_eq!(world.reads("/api/v1/workstreams/mail").await["profiles"], json!(["chat"]));
}

#[tokio::test]
async fn a_list_where_a_record_belongs_is_refused_and_changes_nothing() {
    let world = World::begins().await;
    for (path, record, ..) in kinds().into_iter().take(4) {
        assert_eq!(world.answers("PUT", path, "", &record).await.status, 201, "{path}");
        let before = world.reads(path).await;
        for method in ["PUT", "PATCH"] {
            for body in [json!([]), json!(["zoe", "Zoe"])] {
                let answer = world.answers(method, path, "", &body).await;
                assert_eq!((answer.status, &answer.body["code"]), (400, &json!("malformed")), "{method} {path} {body}");
            }
        }
        assert_eq!(world.reads(path).await, before, "{path}");
    }
    let bulk = world.answers("PUT", "/api/v1/agents", "", &json!([{ "agentId": "ada" }, ["bob", "Bob"]])).await;
    assert_eq!(
        (bulk.status, &bulk.body["detail"]),
        (400, &json!("item 1: `[\"bob\",\"Bob\"]` is wrong; an object is right"))
    );
    let twice = world.answers("PUT", "/api/v1/agents", "", &json!([{ "agentId": "ada" }, { "agentId": "ada" }])).await;
    assert_eq!((twice.status, &twice.body["detail"]), (422, &json!("item 1: agentId: is there twice")));
    let wrong = json!([{ "agentId": "ada" }, { "agentId": "bob", "defaultPresenceId": "lunhc" }]);
    let wrong = world.answers("PUT", "/api/v1/agents", "", &wrong).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body["detail"].as_str().unwrap().starts_with("item 1: defaultPresenceId"), "{}", wrong.body);
}
