//! What agents did, in figures, over real HTTP: and that each figure is that of the rows beneath it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Board, Http, Hub, Socket, event};

const HOUR: Duration = Duration::from_secs(3_600);

async fn report(http: &Http, path: &str) -> Value {
    let (status, body) = http.get(&format!("/api/v1/{path}")).await;
    assert_eq!(status, 200, "{path} → {body}");
    body
}

/// Two agents sign in, Ada in two tabs; Ada works, Ben misses; both lose their network, and Ada is back in time.
/// Returns when it began, and Ada's page.
async fn a_morning(hub: &Hub) -> (String, Socket) {
    let http = hub.http();
    for (agent, team) in [("ada", "billing"), ("ben", "sales")] {
        let record = json!({ "agentId": agent, "name": agent, "teams": [team], "units": 10, "enabled": true });
        assert_eq!(http.put(&format!("/api/v1/agents/{agent}"), &record).await.0, 201);
    }
    let mut board = Board::open(hub, json!({})).await;
    let (_, began) = http.post("/test/clock", &json!({ "advanceMs": 60_000 })).await;
    let ada = hub.signs_in("ada").await;
    let ben = hub.signs_in("ben").await;
    let tab = hub.signs_in("ada").await;
    board.sees("ada", |shown| shown["activeBrowserSessions"] == 2).await;
    tab.tab_closes().await;
    board.sees("ada", |shown| shown["activeBrowserSessions"] == 1).await;
    http.applies(&event("workitem.offered", json!({ "agentId": "ada", "workItemId": "c-1", "units": 4 }))).await;
    let accepted = json!({ "agentId": "ada", "workItemId": "c-1", "subEvent": "ASSIGNMENT_ACCEPT", "units": 4 });
    http.applies(&event("workitem.assigned", accepted)).await;
    http.applies(&event("workitem.offered", json!({ "agentId": "ben", "workItemId": "c-2", "units": 4 }))).await;
    http.applies(&event("workitem.missed", json!({ "agentId": "ben", "workItemId": "c-2" }))).await;
    hub.time_passes(HOUR).await;
    ada.loses_its_network();
    ben.loses_its_network();
    board.sees_presence("ada", "offline").await;
    board.sees_presence("ben", "offline").await;
    let ada = hub.signs_in("ada").await;
    board.sees_presence("ada", "busy").await;
    hub.time_passes(Duration::from_secs(151)).await;
    board.sees("ben", |shown| shown["eventName"] == "RESTORE_LAPSED").await;
    hub.time_passes(HOUR).await;
    (began["serverTime"].as_str().unwrap().to_owned(), ada)
}

#[tokio::test]
async fn figures_are_those_of_the_rows_beneath_them_and_each_team_sees_its_own() {
    let hub = Hub::start().await;
    let (from, _ada) = a_morning(&hub).await;
    let http = hub.http();
    let path = format!("reports/summary?from={from}");
    let summary = report(&http, &path).await;
    let [ada, ben] = summary["items"].as_array().unwrap().as_slice() else { panic!("{summary}") };
    let figures = |line: &Value| {
        ["signIns", "disconnections", "restores", "lapses", "notifications", "acceptedNotifications", "missedRate"]
            .map(|figure| line[figure].as_f64().unwrap())
    };
    assert_eq!(figures(ada), [1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0], "{ada}");
    assert_eq!(figures(ben), [1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0], "{ben}");

    // Ada's time is that of her intervals.
    let rows = report(&http, &format!("agents/ada/history?from={from}&to={}", summary["to"].as_str().unwrap())).await;
    let rows = rows["items"].as_array().unwrap();
    let there = |row: &&Value| row["presenceId"] != "offline";
    let millis = |row: &Value| row["durationMs"].as_i64().unwrap();
    let times: i64 = ["unusedMs", "partlyUsedMs", "fullMs"].map(|figure| ada[figure].as_i64().unwrap()).iter().sum();
    assert_eq!(ada["connectedMs"], times);
    let ended: i64 = rows.iter().filter(there).filter(|row| row["end"].is_string()).map(millis).sum();
    assert!(times > ended, "the last interval lasts, and counts");
    let unused = rows.iter().filter(there).filter(|row| row["availableUnitsCapacity"] == 10).map(millis).sum::<i64>();
    assert_eq!(ada["unusedMs"], unused);
    let held = report(&http, &format!("agents/ben/history?from={from}")).await;
    let held = held["items"].as_array().unwrap().iter().filter(|row| row["hold"] == "MISSED").map(millis).sum::<i64>();
    assert_eq!(ben["missedHoldMs"], held);

    let sign_ins = report(&http, &format!("reports/sign-ins?from={from}")).await;
    let [of_ada, of_ben] = sign_ins["items"].as_array().unwrap().as_slice() else { panic!("{sign_ins}") };
    assert_eq!((&of_ada["end"], &of_ada["left"], &of_ada["restores"]), (&Value::Null, &Value::Null, &json!(1)));
    assert_eq!((&of_ben["ended"], &of_ben["leftBy"]), (&json!("LAPSED"), &json!("UNKNOWN")), "{of_ben}");
    assert_eq!(of_ben["signedInMs"], ben["signedInMs"]);

    let lost = report(&http, &format!("reports/disconnections?from={from}")).await;
    let told: Vec<_> = lost["items"].as_array().unwrap().iter().map(|one| (&one["agentId"], &one["became"])).collect();
    let (ada_told, ben_told) = (json!("ada"), json!("ben"));
    let became = ["OTHER_SESSIONS", "RESTORED", "LAPSED"].map(|word| json!(word));
    assert_eq!(told, [(&ada_told, &became[0]), (&ada_told, &became[1]), (&ben_told, &became[2])], "{lost}");
    let [incident] = lost["incidents"].as_array().unwrap().as_slice() else { panic!("{lost}") };
    assert_eq!((&incident["agents"], &incident["subEventName"]), (&json!(2), &json!("UNKNOWN")));
    // Its rows can be looked up.
    let row = rows.iter().find(|row| row["seq"] == lost["items"][1]["seq"]).unwrap();
    assert_eq!(row["eventName"], "DISCONNECTED");

    let to = summary["to"].as_str().unwrap();
    let changes = report(&http, &format!("presence/changes?from={from}&to={to}")).await;
    let [changed] = changes["items"].as_array().unwrap().as_slice() else { panic!("{changes}") };
    let presences = (&changed["before"]["presenceId"], &changed["after"]["presenceId"]);
    assert_eq!((&changed["agentId"], presences), (&ada_told, (&json!("offline"), &json!("busy"))));

    let (status, head, table) = http.raw("GET", &format!("/api/v1/{path}"), "accept: text/csv\r\n", None).await;
    assert!(status == 200 && head.to_lowercase().contains("content-type: text/csv"), "{head}");
    assert!(table.starts_with("agentId,name,team,start,end,signIns,"), "{table}");
    assert!(table.contains("\r\nada,ada,,,,1,0,1,1,0,0,"), "{table}");

    let of_sales = hub.http_with(&hub.token_of("sam", &["supervisor"], &["sales"]));
    let of_ada = [path, format!("reports/sign-ins?from={from}"), format!("reports/disconnections?from={from}")];
    for path in &of_ada {
        let seen = report(&of_sales, path).await;
        let agents: Vec<_> = seen["items"].as_array().unwrap().iter().map(|line| &line["agentId"]).collect();
        assert_eq!(agents, [&ben_told], "{path} → {seen}");
    }
    assert_eq!(report(&of_sales, &format!("presence/changes?from={from}&to={to}")).await["items"], json!([]));
    for path in of_ada {
        assert_eq!(hub.http_as("ada", &["agent"]).get(&format!("/api/v1/{path}")).await.0, 403, "{path}");
    }
}

#[tokio::test]
async fn what_cannot_be_asked_is_named() {
    let hub = Hub::start().await;
    for (path, field) in [
        ("reports/summary", "from"),
        ("reports/summary?from=noon", "from"),
        ("reports/summary?from=1026-01-01T00:00:00Z&by=hour", "from"),
        ("reports/sign-ins?from=2026-01-01T00:00:00Z&by=team", "by"),
        ("reports/disconnections?from=2026-01-01T00:00:00Z&by=day", "by"),
        ("presence/changes?from=2026-01-01T00:00:00Z", "to"),
        ("presence/changes?from=2026-01-01T00:00:00Z&to=2100-01-01T00:00:00Z", "to"),
        ("presence/changes?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "to"),
    ] {
        let (status, problem) = hub.http().get(&format!("/api/v1/{path}")).await;
        assert_eq!((status, problem["field"].as_str()), (422, Some(field)), "{path} → {problem}");
    }
}
