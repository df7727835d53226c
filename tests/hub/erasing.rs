//! A person is erased while the hub serves, is killed, and is restored from an older copy.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Http, Hub, event, within};

const HOUR: Duration = Duration::from_secs(3_600);
pub const ADA: &str = "ada@example.com";

pub async fn ok(http: &Http, path: &str) -> Value {
    let (status, body) = http.get(path).await;
    assert_eq!(status, 200, "{path} → {body}");
    body
}

pub async fn erase(http: &Http, id: &str) -> (u16, Value) {
    http.post("/api/v1/erasures", &json!({ "id": id })).await
}

/// Ada works, Ben is set by her, and Ada is deleted. Returns the time from which that was.
async fn a_day(hub: &Hub) -> String {
    let http = hub.http();
    for (agent, team) in [(ADA, "billing"), ("ben", "sales")] {
        let record = json!({ "agentId": agent, "name": format!("Name of {agent}"), "teams": [team], "units": 10, "enabled": true });
        assert_eq!(http.put(&format!("/api/v1/agents/{agent}"), &record).await.0, 201);
    }
    let mut ada = hub.signs_in(ADA).await;
    let ben = hub.signs_in("ben").await;
    ada.does(json!({ "type": "setPresence", "presenceId": "away", "reason": "ward nine" })).await;
    let work = json!({ "agentId": ADA, "workItemId": "case of ada", "subEvent": "ASSIGNMENT_ACCEPT", "units": 4 });
    http.applies(&event("workitem.assigned", work)).await;
    let set = json!({ "presenceId": "busy", "reason": "lunch" });
    assert_eq!(hub.http_as(ADA, &["supervisor"]).put("/api/v1/agents/ben/presence", &set).await.0, 200);
    hub.time_passes(HOUR).await;
    drop((ada, ben));
    hub.time_passes(HOUR).await;
    let begins = ok(&http, &format!("/api/v1/agents/{ADA}/history")).await;
    let entry = &begins["items"][1];
    let disputed = json!({ "start": entry["start"], "seq": entry["seq"], "note": "ward nine was shut" });
    let own = hub.http_as(ADA, &["agent"]);
    assert_eq!(own.post(&format!("/api/v1/agents/{ADA}/disputes"), &disputed).await.0, 201);
    begins["items"][0]["start"].as_str().unwrap().to_owned()
}

/// What the reports say of a time that is over, with `who` where it says Ada.
async fn reports(hub: &Hub, (from, to): (&str, &str), who: &str) -> Vec<Value> {
    let mut told = Vec::new();
    for path in ["reports/time-in-status", "reports/summary", "reports/sign-ins", "reports/disconnections"] {
        let mut report = ok(&hub.http(), &format!("/api/v1/{path}?from={from}&to={to}")).await;
        let items = report["items"].as_array_mut().unwrap();
        for item in items.iter_mut().filter(|item| item["agentId"] == who) {
            (item["agentId"], item["name"]) = ("ada".into(), "".into());
        }
        // Lists are in the order of ids.
        items.sort_by_key(ToString::to_string);
        told.push(report);
    }
    told
}

#[tokio::test]
async fn a_person_is_erased_and_every_figure_stays_through_a_kill_and_a_restoring() {
    let mut hub = Hub::start().await;
    let from = a_day(&hub).await;
    let copy = hub.folder().join("copy.db").to_str().unwrap().to_owned();
    hub.says(&["backup", &copy]);
    let http = hub.http();
    let (status, problem) = erase(&http, ADA).await;
    assert_eq!((status, problem["code"].as_str()), (409, Some("in_use")), "{problem}");
    let (status, problem) = erase(&http, "nobody").await;
    assert_eq!((status, problem["code"].as_str()), (404, Some("not_found")), "{problem}");
    assert_eq!(erase(&hub.http_as("sam", &["supervisor"]), ADA).await.0, 403);
    let (status, problem) = erase(&http, "").await;
    assert_eq!((status, problem["field"].as_str()), (422, Some("id")), "{problem}");

    assert_eq!(http.delete(&format!("/api/v1/agents/{ADA}")).await.0, 204);
    hub.time_passes(HOUR).await;
    let (_, clock) = http.post("/test/clock", &json!({ "advanceMs": 1 })).await;
    let to = clock["serverTime"].as_str().unwrap().to_owned();
    let span = (from.as_str(), to.as_str());
    let before = reports(&hub, span, ADA).await;

    // Who follows has the changes in memory.
    let changes = "/api/v1/changes?after=0&limit=1000";
    assert!(ok(&http, changes).await.to_string().contains(ADA));
    let (status, erasure) = erase(&http, ADA).await;
    let told = ok(&http, changes).await.to_string();
    assert!(told.contains("erased-") && !told.contains(ADA) && !told.contains("ward nine"), "{told}");
    assert_eq!((status, erasure["state"].as_str()), (200, Some("UNDER_WAY")), "{erasure}");
    hub.kill();
    let pseudonym = erasure["pseudonym"].as_str().unwrap().to_owned();
    let mut hub = hub.start_again().await;
    // It goes on with the wall clock.
    hub.time_passes(HOUR * 4).await;
    assert_eq!(reports(&hub, span, &pseudonym).await, before, "while it is under way");
    done(&hub).await;
    let http = hub.http();
    assert_eq!(reports(&hub, span, &pseudonym).await, before);
    assert_eq!(erase(&http, ADA).await.1["pseudonym"], pseudonym.as_str());
    assert_eq!(http.get(&format!("/api/v1/agents/{ADA}/history")).await.0, 404);
    let history = ok(&http, &format!("/api/v1/agents/{pseudonym}/history")).await;
    let explain =
        format!("/api/v1/agents/{pseudonym}/presence/explain?at={}", history["items"][3]["start"].as_str().unwrap());
    let explained = ok(&http, &explain).await;
    for told in [history.to_string(), explained.to_string(), ok(&http, "/api/v1/agents/ben/history").await.to_string()]
    {
        assert!(![ADA, "ward nine", "case of ada"].iter().any(|gone| told.contains(gone)), "{told}");
    }
    assert!(ok(&http, "/api/v1/agents/ben/history").await.to_string().contains("lunch"));
    is_said_nowhere(&hub);

    // A new person of the same id.
    let record = json!({ "name": "Another Ada", "teams": ["billing"], "enabled": true });
    assert_eq!(http.put(&format!("/api/v1/agents/{ADA}"), &record).await.0, 201);
    let anew = ok(&http, &format!("/api/v1/agents/{ADA}/history")).await;
    assert_eq!((anew["items"].as_array().unwrap().len(), &anew["items"][0]["version"]), (1, &json!(1)));

    // The copy still knows her, and that she works.
    hub.terminate();
    hub.ended().await;
    hub.says(&["restore", &copy, "--replace"]);
    std::fs::remove_file(hub.folder().join("data/hub.db.before-1")).unwrap();
    let hub = hub.start_again().await;
    assert_eq!(hub.http().get(&format!("/api/v1/agents/{ADA}/presence")).await.0, 404);
    let audit = ok(&hub.http(), "/api/v1/erasures").await;
    assert_eq!((&audit["items"][0]["pseudonym"], &audit["items"][0]["at"]), (&erasure["pseudonym"], &erasure["at"]));
    done(&hub).await;
    is_said_nowhere(&hub);
}

/// Waits until the erasure is done. The folder passes the check all the time.
pub async fn done(hub: &Hub) {
    within(async {
        while ok(&hub.http(), "/api/v1/erasures").await["items"][0]["state"] != "DONE" {
            assert!(hub.says(&["check"]).starts_with("ok: "));
        }
    })
    .await;
}

pub fn is_said_nowhere(hub: &Hub) {
    for file in ["hub.db", "hub.db-wal", "erasures.json"] {
        let bytes = std::fs::read(hub.folder().join("data").join(file)).unwrap_or_default();
        for gone in [ADA, "ward nine", "case of ada"] {
            let place = bytes.windows(gone.len()).position(|bytes| bytes == gone.as_bytes());
            let around = place.map(|place| &bytes[place.saturating_sub(120)..bytes.len().min(place + 120)]);
            assert!(around.is_none(), "{file} says {gone}: {}", String::from_utf8_lossy(around.unwrap_or_default()));
        }
    }
}
