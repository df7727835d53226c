//! Webhooks of several hubs: one tells, and another one goes on when that is lost, starts or stops.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Cluster, hires, stays};
use crate::harness::{Http, until};
use crate::webhooks::endpoint::Endpoint;

const WEBHOOKS: &str = "/api/v1/webhooks";

fn seq(position: &Value) -> u64 {
    position.as_str().unwrap().split_once('-').unwrap().0.parse().unwrap()
}

/// What an endpoint was told, by one hub after the other.
#[derive(Default)]
struct Told {
    /// The newest version of each agent.
    newest: BTreeMap<String, u64>,
    /// The same of what the present hub has told.
    of_this_hub: BTreeMap<String, u64>,
    events: BTreeMap<u64, Value>,
    /// What was told once more.
    again: Vec<u64>,
}

impl Told {
    /// Nothing is left out, each hub tells in the order of each agent, and what comes again is what came before.
    fn note(&mut self, event: &Value) {
        let agent = event["subject"].as_str().unwrap().to_owned();
        let version = event["data"]["version"].as_u64().unwrap();
        let newest = self.newest.entry(agent.clone()).or_insert(version - 1);
        assert!(version <= *newest + 1, "{event} comes after version {newest}");
        *newest = version.max(*newest);
        if let Some(before) = self.of_this_hub.insert(agent, version) {
            assert_eq!(version, before + 1, "{event}");
        }
        if let Some(before) = self.events.insert(seq(&event["id"]), event.clone()) {
            assert_eq!(before, *event);
            self.again.push(seq(&event["id"]));
        }
    }

    /// Another hub tells from now on. Returns what the last one has told again.
    fn another_hub_tells(&mut self) -> Vec<u64> {
        self.of_this_hub.clear();
        std::mem::take(&mut self.again)
    }

    /// Takes what the endpoint is told, up to a position.
    async fn up_to(&mut self, position: u64, endpoint: &mut Endpoint) {
        while !self.events.contains_key(&position) {
            self.note(&endpoint.takes().await);
        }
    }
}

/// Changes an agent's presence; the position of the last of it.
async fn changes(hub: &Http, agent: &str, times: usize) -> u64 {
    for presence in ["away", "busy"].repeat(times) {
        let path = format!("/api/v1/agents/{agent}/presence");
        let (status, body) = hub.put(&path, &json!({ "presenceId": presence })).await;
        assert_eq!(status, 200, "{body}");
    }
    hub.presence(agent).await["seq"].as_u64().unwrap()
}

#[tokio::test]
async fn another_hub_goes_on_with_webhooks_nothing_is_lost_and_only_a_kill_lets_something_come_again() {
    let cluster = Cluster::small().that_finds_out_soon();
    let (mut one, two) = tokio::join!(cluster.node("1"), cluster.node("2"));
    hires(&two, "ada").await;
    hires(&two, "ben").await;
    let (mut endpoint, mut told) = (Endpoint::open().await, Told::default());
    let http = two.http();
    let (status, webhook) = http.post(WEBHOOKS, &json!({ "url": endpoint.url })).await;
    assert_eq!(status, 201, "{webhook}");
    let webhook = format!("{WEBHOOKS}/{}", webhook["webhookId"].as_str().unwrap());
    for agent in ["ada", "ben"] {
        stays(two.signs_in(agent).await);
    }
    let (adas, bens) = tokio::join!(changes(&http, "ada", 10), changes(&http, "ben", 10));
    told.up_to(adas, &mut endpoint).await;
    told.up_to(bens, &mut endpoint).await;
    assert_eq!(told.again, [0; 0], "one hub tells");
    // Who looks after the webhook at a hub that does not tell it changes nothing of how far it has come.
    let (status, body) = http.patch(&webhook, &json!({ "description": "the planners" })).await;
    assert_eq!(status, 200, "{body}");
    let newest = changes(&http, "ada", 1).await;
    told.up_to(newest, &mut endpoint).await;
    assert_eq!(told.again, [0; 0], "a webhook that was changed goes on from where it is");

    // The hub that tells is killed.
    let kept = adas.max(bens);
    let (after, mut beats) = (async || seq(&http.get(&webhook).await.1["after"]), two.supervisor().await);
    until("that the position is kept", &mut beats, async || after().await >= kept).await;
    changes(&http, "ada", 3).await;
    told.note(&endpoint.takes().await);
    told.note(&endpoint.takes().await);
    let held = endpoint.next().await;
    one.kill();
    drop(held);
    told.another_hub_tells();
    let (bens, adas) = (changes(&http, "ben", 2).await, changes(&http, "ada", 1).await);
    told.up_to(bens, &mut endpoint).await;
    told.up_to(adas, &mut endpoint).await;
    let again = told.another_hub_tells();
    assert!(again.iter().all(|again| *again > kept), "{again:?} come again, and {kept} was kept");

    // It starts again and is the first, while changes go on.
    let (mut one, mut beats) = (one.start_again().await, two.supervisor().await);
    let ones = one.http();
    until("that the first hub tells", &mut beats, async || {
        let newest = changes(&http, "ada", 1).await;
        told.up_to(newest, &mut endpoint).await;
        let told = ones.get(&format!("{webhook}/deliveries")).await.1;
        !told["items"].as_array().unwrap().is_empty()
    })
    .await;
    assert_eq!(told.another_hub_tells(), [0; 0], "a hub that starts goes on where another one was");
    let newest = changes(&http, "ada", 2).await;
    told.up_to(newest, &mut endpoint).await;
    // It stops, having heard that all was taken.
    let after = async || seq(&ones.get(&webhook).await.1["after"]);
    until("that the endpoint's last answer is heard", &mut beats, async || after().await >= newest).await;
    one.terminate();
    assert!(one.ended().await.success());
    told.another_hub_tells();
    let newest = changes(&http, "ada", 2).await;
    told.up_to(newest, &mut endpoint).await;
    assert_eq!(told.another_hub_tells(), [0; 0], "a hub that stops leaves nothing to be told again");
}
