//! What agents are planned to do and what they did of it, over real HTTP and real sockets.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Board, Http, Hub, Socket};

const MINUTE: i64 = 60_000;

/// A text for an instant so many milliseconds after the hub's time when the test began.
struct Day(i64);

impl Day {
    async fn begin(hub: &Hub) -> Self {
        let (_, body) = hub.http().post("/test/clock", &json!({ "advanceMs": 1_000 })).await;
        let now: jiff::Timestamp = body["serverTime"].as_str().unwrap().parse().unwrap();
        Self(now.as_millisecond())
    }

    fn at(&self, minutes: i64) -> String {
        format!("{:.3}", jiff::Timestamp::from_millisecond(self.0 + minutes * MINUTE).unwrap())
    }

    fn time(&self, from: i64, to: i64) -> String {
        format!("from={}&to={}", self.at(from), self.at(to))
    }

    fn item(&self, from: i64, to: i64, activity: &str) -> Value {
        json!({ "start": self.at(from), "end": self.at(to), "activityId": activity })
    }

    /// What a list says, in minutes.
    fn spans(&self, list: &Value) -> Vec<(i64, i64, String)> {
        let minute = |text: &Value| {
            let at: jiff::Timestamp = text.as_str().unwrap().parse().unwrap();
            (at.as_millisecond() - self.0) / MINUTE
        };
        let span = |one: &Value| {
            (minute(&one["start"]), minute(&one["end"]), one["activityId"].as_str().unwrap_or_default().to_owned())
        };
        list["items"].as_array().unwrap_or_else(|| panic!("{list}")).iter().map(span).collect()
    }
}

async fn with_two_agents() -> Hub {
    let hub = Hub::start().await;
    let http = hub.http();
    for (agent, team) in [("ada", "billing"), ("ben", "sales")] {
        let record = json!({ "agentId": agent, "name": agent, "teams": [team], "units": 10, "enabled": true });
        assert_eq!(http.put(&format!("/api/v1/agents/{agent}"), &record).await.0, 201);
    }
    for (activity, presences, tolerance) in
        [("calls", json!(["available", "busy"]), 120), ("lunch", json!(["away"]), 0)]
    {
        let activity = json!({ "activityId": activity, "presenceIds": presences, "toleranceSeconds": tolerance });
        let (status, body) = http.post("/api/v1/activities", &activity).await;
        assert_eq!(status, 201, "{body}");
    }
    hub
}

/// A table in a request for `path`.
async fn post_table(hub: &Hub, path: &str, table: &str) -> (u16, Value) {
    let token = hub.token("wfm", &["integration"]);
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: text/csv; charset=utf-8\r\ncontent-length: {}\r\n\r\n{table}",
        hub.address(),
        table.len()
    );
    let (status, _, body) = hub.http().speaks(&request).await;
    (status, serde_json::from_str(&body).unwrap())
}

async fn gets(http: &Http, path: &str) -> Value {
    let (status, body) = http.get(&format!("/api/v1/{path}")).await;
    assert_eq!(status, 200, "{path} → {body}");
    body
}

async fn chooses(socket: &mut Socket, presence: &str) {
    socket.does(json!({ "type": "setPresence", "presenceId": presence })).await;
}

async fn pass(hub: &Hub, minutes: u64) {
    hub.time_passes(Duration::from_secs(60 * minutes)).await;
}

/// Figures of a line, in minutes: planned, in, out and excused.
fn figures(line: &Value) -> [i64; 4] {
    ["plannedMs", "inMs", "outMs", "excusedMs"].map(|figure| line[figure].as_i64().unwrap() / MINUTE)
}

#[tokio::test]
async fn activities_are_records_and_one_that_is_planned_stays() {
    let hub = with_two_agents().await;
    let http = hub.http();
    let calls = "/api/v1/activities/calls";
    let (status, head, body) = http.raw("GET", calls, "", None).await;
    let tag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap().to_owned();
    let record: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &record["text"], &record["toleranceSeconds"]), (200, &json!("calls"), &json!(120)));
    assert_eq!(http.put(calls, &record).await.0, 200, "what was read can be sent back");
    let (status, patched) = http.patch(calls, &json!({ "text": "Calls", "basePresenceStatuses": ["BUSY"] })).await;
    assert_eq!((status, &patched["basePresenceStatuses"]), (200, &json!(["BUSY"])));
    let stale = http.request("PUT", calls, &format!("if-match: {tag}\r\n"), Some(&record)).await;
    assert_eq!((stale.0, &stale.1["code"]), (412, &json!("precondition_failed")));
    let listed = gets(&http, "activities").await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    for (record, code, field) in [
        (json!({ "activityId": "x" }), "invalid", "presenceIds"),
        (json!({ "activityId": "x", "presenceIds": ["nowhere"] }), "unknown_presence", "presenceIds"),
        (
            json!({ "activityId": "x", "basePresenceStatuses": ["AWAY"], "toleranceSeconds": 3_601 }),
            "invalid",
            "toleranceSeconds",
        ),
    ] {
        let (_, problem) = http.post("/api/v1/activities", &record).await;
        assert_eq!((problem["code"].as_str(), problem["field"].as_str()), (Some(code), Some(field)), "{record}");
    }
    let taken = http.post("/api/v1/activities", &json!({ "activityId": "lunch", "presenceIds": ["away"] })).await;
    assert_eq!(taken.1["code"], "in_use");
    assert_eq!(hub.http_as("wfm", &["integration"]).delete(calls).await.0, 403);

    let day = Day::begin(&hub).await;
    let path = format!("/api/v1/agents/ada/plan?{}", day.time(0, 60));
    assert_eq!(http.put(&path, &json!({ "items": [day.item(0, 60, "calls")] })).await.0, 200);
    assert_eq!(http.delete(calls).await.1["code"], "in_use");
    assert_eq!(http.put(&path, &json!({ "items": [] })).await.0, 200);
    assert_eq!(http.delete(calls).await.0, 204);
    assert_eq!(http.delete(calls).await.0, 404);
    assert_eq!(http.get(calls).await.1["code"], "unknown_activity");
    // What is left is there after a restart.
    let hub = hub.killed_and_started_again().await;
    let listed = gets(&hub.http(), "activities").await;
    assert_eq!(listed["items"][0]["activityId"], "lunch", "{listed}");
}

#[tokio::test]
async fn a_plan_takes_the_place_of_its_time_and_a_mistake_of_an_import_keeps_nothing() {
    let hub = with_two_agents().await;
    let (http, day) = (hub.http(), Day::begin(&hub).await);
    let plan = |from, to| format!("/api/v1/agents/ada/plan?{}", day.time(from, to));
    let (status, put) =
        http.put(&plan(0, 240), &json!({ "items": [day.item(120, 240, "calls"), day.item(0, 120, "calls")] })).await;
    assert_eq!(status, 200, "{put}");
    assert_eq!(http.put(&plan(60, 180), &json!({ "items": [day.item(90, 120, "lunch")] })).await.0, 200);
    let planned = |from, to, what: &str| (from, to, what.to_owned());
    let whole = [planned(0, 60, "calls"), planned(90, 120, "lunch"), planned(180, 240, "calls")];
    let read = async |from, to| day.spans(&gets(&http, plan(from, to).trim_start_matches("/api/v1/")).await);
    assert_eq!(read(0, 240).await, whole);
    assert_eq!(read(30, 100).await, [planned(30, 60, "calls"), planned(90, 100, "lunch")], "cut");

    let import = format!("/api/v1/plans?{}", day.time(60, 300));
    let row = |agent: &str, from, to, what: &str| format!("{agent},{},{},{what}\r\n", day.at(from), day.at(to));
    let head = "agentId,start,end,activityId\r\n";
    let good = row("ben", 60, 120, "calls");
    let naive = "2026-11-22T09:30:00";
    for (table, status, code, says) in [
        (head.to_owned() + &good + &row("nobody", 60, 61, "calls"), 422, "unknown_agent", "line 3: "),
        (head.to_owned() + &good + "\r\n" + &row("ben", 130, 140, "calling"), 422, "unknown_activity", "line 4: "),
        (head.to_owned() + &good + &row("ben", 119, 140, "calls"), 422, "invalid", "line 3: start: lies within"),
        (head.to_owned() + &row("ben", 59, 140, "calls"), 422, "invalid", "line 2: start: is before `from`"),
        (head.to_owned() + &row("ben", 140, 140, "calls"), 422, "invalid", "line 2: end: "),
        (head.to_owned() + &format!("ben,{naive},{naive},calls"), 422, "invalid", "does not say of which zone it is"),
        (head.to_owned() + "ben,now", 400, "malformed", "line 2: has 2 cells"),
        (head.to_owned() + "\"ben", 400, "malformed", "line 2: "),
        ("agentId,start,end\r\n".to_owned() + &good, 400, "malformed", "line 1: "),
    ] {
        let (answered, problem) = post_table(&hub, &import, &table).await;
        assert_eq!((answered, problem["code"].as_str()), (status, Some(code)), "{table} → {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(says), "{problem}");
    }
    assert_eq!(day.spans(&gets(&http, &format!("agents/ben/plan?{}", day.time(0, 300))).await), []);

    // Columns in any order, quoted or not; instants with any offset.
    let offset = day.at(60).replace('Z', "+00:00");
    let table = format!(
        "activityId,agentId,end,start\n\"calls\",ben,{},{offset}\nlunch,ada,{},{}\n",
        day.at(90),
        day.at(300),
        day.at(200)
    );
    let (status, results) = post_table(&hub, &import, &table).await;
    assert_eq!(status, 200, "{results}");
    let told: Vec<_> = results["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["agentId"], &one["status"], &one["planned"]))
        .collect();
    let (ada, ben, applied, one) = (json!("ada"), json!("ben"), json!("applied"), json!(1));
    assert_eq!(told, [(&ben, &applied, &one), (&ada, &applied, &one)]);
    assert_eq!(read(0, 400).await, [planned(0, 60, "calls"), planned(200, 300, "lunch")]);
    let items =
        json!({ "items": [{ "agentId": "ben", "start": day.at(70), "end": day.at(80), "activityId": "lunch" }] });
    let (status, results) = http.post(&import, &items).await;
    assert_eq!((status, &results["results"][0]["status"]), (200, &applied), "{results}");
    let ben = gets(&hub.http_as("ben", &["agent"]), &format!("agents/ben/plan?{}", day.time(0, 300))).await;
    assert_eq!(day.spans(&ben), [planned(70, 80, "lunch")], "an agent reads its own plan");

    let wrong = json!({ "items": [{ "agentId": "ben", "start": day.at(70), "end": "noon", "activityId": "lunch" }] });
    let (_, problem) = http.post(&import, &wrong).await;
    assert_eq!((problem["field"].as_str(), problem["index"].as_u64()), (Some("end"), Some(0)), "{problem}");
    let (_, problem) =
        http.put(&plan(0, 60), &json!({ "items": [day.item(0, 9, "calls"), day.item(50, 70, "calls")] })).await;
    assert_eq!(problem["field"], "items[1].end", "{problem}");
    assert_eq!(http.put(&plan(60, 60), &json!({ "items": [] })).await.1["field"], "to");

    let put = async |http: Http| http.put(&plan(0, 1), &json!({ "items": [] })).await.0;
    assert_eq!(put(hub.http_as("sue", &["supervisor"])).await, 403);
    assert_eq!(put(hub.http_as("ada", &["agent"])).await, 403);
    assert_eq!(put(hub.http_as("wfm", &["integration"])).await, 200);
    let of_sales = hub.http_with(&hub.token_of("sam", &["supervisor"], &["sales"]));
    assert_eq!(of_sales.get(&plan(0, 1)).await.0, 403);
    assert_eq!(hub.http_as("ben", &["agent"]).get(&plan(0, 1)).await.0, 403);
}

#[tokio::test]
async fn adherence_is_computed_from_what_is_planned_now_and_an_exception_excuses() {
    let hub = with_two_agents().await;
    let (http, day) = (hub.http(), Day::begin(&hub).await);
    let import = format!("/api/v1/plans?{}", day.time(0, 600));
    let item = |agent: &str, from, to, what: &str| json!({ "agentId": agent, "start": day.at(from), "end": day.at(to), "activityId": what });
    let items = json!({ "items": [item("ada", 0, 30, "calls"), item("ada", 30, 60, "lunch"), item("ada", 60, 600, "calls"), item("ben", 0, 10, "calls")] });
    assert_eq!(http.post(&import, &items).await.0, 200);

    // Ten minutes of calls, one of a tolerated break, nineteen of calls; lunch as planned, ten minutes too long.
    let mut board = Board::open(&hub, json!({})).await;
    let mut ada = hub.signs_in("ada").await;
    pass(&hub, 10).await;
    chooses(&mut ada, "away").await;
    pass(&hub, 1).await;
    chooses(&mut ada, "available").await;
    pass(&hub, 19).await;
    chooses(&mut ada, "away").await;
    pass(&hub, 40).await;
    chooses(&mut ada, "available").await;
    pass(&hub, 10).await;
    board.sees_presence("ada", "available").await;

    // A little real time passes besides, less than a minute.
    let path = format!("reports/adherence?from={}", day.at(0));
    let report = gets(&http, &path).await;
    let [line, ben] = report["items"].as_array().unwrap().as_slice() else { panic!("{report}") };
    assert_eq!((&line["agentId"], figures(ben)), (&json!("ada"), [10, 0, 10, 0]), "who is signed out is out: {report}");
    assert_eq!(figures(line)[2..], [10, 0], "{report}");
    let stretches = gets(&http, &format!("agents/ada/adherence?from={}", day.at(0))).await;
    let counts: Vec<_> =
        stretches["items"].as_array().unwrap().iter().map(|one| one["counts"].as_str().unwrap()).collect();
    assert!(counts.contains(&"TOLERATED") && counts.contains(&"OUT") && !counts.contains(&"EXCUSED"), "{stretches}");
    let sum = |kinds: &[&str]| -> i64 {
        let items = stretches["items"].as_array().unwrap().iter();
        items
            .filter(|one| kinds.contains(&one["counts"].as_str().unwrap()))
            .map(|one| one["durationMs"].as_i64().unwrap())
            .sum()
    };
    assert_eq!(sum(&["OUT"]), line["outMs"].as_i64().unwrap(), "the way down has the same sums");
    // Each stretch leads to a row of the history.
    let rows = gets(&http, "agents/ada/history").await;
    let seqs: Vec<_> = rows["items"].as_array().unwrap().iter().map(|row| row["seq"].as_u64()).collect();
    assert!(
        stretches["items"].as_array().unwrap().iter().all(|one| seqs.contains(&one["seq"].as_u64())),
        "{stretches}"
    );

    // By hours it is the same, and as a table.
    let to = report["to"].as_str().unwrap();
    let whole = gets(&http, &format!("{path}&to={to}&agentIds=ada")).await;
    let hours = gets(&http, &format!("{path}&to={to}&agentIds=ada&by=hour&tz=Asia/Kolkata")).await;
    for figure in ["plannedMs", "inMs", "outMs", "excusedMs"] {
        let sum: i64 = hours["items"].as_array().unwrap().iter().map(|line| line[figure].as_i64().unwrap()).sum();
        assert_eq!(Some(sum), whole["items"][0][figure].as_i64(), "{figure} of {hours}");
    }
    let (_, head, table) = http.raw("GET", &format!("/api/v1/{path}"), "accept: text/csv\r\n", None).await;
    assert!(head.to_lowercase().contains("content-type: text/csv"), "{head}");
    assert!(
        table.starts_with("agentId,name,team,start,end,plannedMs,inMs,outMs,excusedMs,adherence\r\nada,ada,"),
        "{table}"
    );

    // A supervisor of the team excuses the late return; one of another team may not, and nobody without a reason.
    let exceptions = "/api/v1/agents/ada/adherence-exceptions";
    let excuse = json!({ "start": day.at(59), "end": day.at(75), "reason": "fire alarm" });
    let billing = hub.http_with(&hub.token_of("bea", &["supervisor"], &["billing"]));
    let sales = hub.http_with(&hub.token_of("sam", &["supervisor"], &["sales"]));
    for http in [&sales, &hub.http_as("ada", &["agent"]), &hub.http_as("wfm", &["integration"])] {
        assert_eq!(http.post(exceptions, &excuse).await.0, 403);
    }
    let blank = json!({ "start": day.at(59), "end": day.at(75), "reason": " " });
    assert_eq!(billing.post(exceptions, &blank).await.1["field"], "reason");
    let (status, made) = billing.post(exceptions, &excuse).await;
    assert_eq!((status, &made["author"], &made["reason"]), (201, &json!("bea"), &json!("fire alarm")), "{made}");
    let excused = gets(&http, &format!("{path}&to={to}&agentIds=ada")).await;
    assert_eq!(figures(&excused["items"][0])[2..], [0, 16], "{excused}");
    let id = made["exceptionId"].as_str().unwrap();
    let listed = gets(&billing, &format!("agents/ada/adherence-exceptions?{}", day.time(70, 80))).await;
    assert_eq!(listed["items"], json!([made]));
    let one = format!("/api/v1/adherence-exceptions/{id}");
    assert_eq!(sales.delete(&one).await.0, 403);
    assert_eq!((billing.delete(&one).await.0, billing.delete(&one).await.0), (204, 404));
    assert_eq!(gets(&http, &format!("{path}&to={to}&agentIds=ada")).await, whole);

    // A corrected plan changes the past.
    let lunch = format!("/api/v1/agents/ada/plan?{}", day.time(60, 75));
    assert_eq!(http.put(&lunch, &json!({ "items": [day.item(60, 75, "lunch")] })).await.0, 200);
    let corrected = gets(&http, &format!("{path}&to={to}&agentIds=ada")).await;
    let [before, after] = [&whole, &corrected].map(|report| figures(&report["items"][0]));
    assert!(after[0] == before[0] && after[2] != before[2], "{whole} → {corrected}");

    // Each team its own, and an agent its own stretches only.
    let of_sales = gets(&sales, &path).await;
    assert_eq!(of_sales["items"].as_array().unwrap().iter().map(|line| &line["agentId"]).collect::<Vec<_>>(), ["ben"]);
    assert_eq!(
        hub.http_as("ada", &["agent"]).get(&format!("/api/v1/agents/ben/adherence?from={}", day.at(0))).await.0,
        403
    );
    gets(&hub.http_as("ada", &["agent"]), &format!("agents/ada/adherence?from={}", day.at(0))).await;
    assert_eq!(hub.http_as("ada", &["agent"]).get(&format!("/api/v1/{path}")).await.0, 403);
}
