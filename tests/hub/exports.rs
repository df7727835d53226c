//! The history as a table of any length, in three forms.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::time::Duration;

use flate2::read::GzDecoder;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::RowAccessor as _;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::{Hub, event, within};

const HOUR: Duration = Duration::from_secs(3_600);
const CSV: &str = "accept: text/csv\r\n";
const PARQUET: &str = "accept: application/vnd.apache.parquet\r\n";
const GZIP: &str = "accept-encoding: gzip\r\n";

/// An answer on its way.
struct Download {
    stream: TcpStream,
    head: String,
    /// What came behind the head.
    came: Vec<u8>,
}

impl Download {
    /// Asks for an export, and reads no more than its head.
    async fn begin(hub: &Hub, token: &str, query: &str, headers: &str) -> Self {
        let mut stream = TcpStream::connect(hub.address()).await.unwrap();
        let request = format!(
            "GET /api/v1/history/export?{query} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\n{headers}\r\n",
            hub.address()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut came = Vec::new();
        loop {
            assert!(within(stream.read_buf(&mut came)).await.unwrap() > 0, "no head");
            if let Some(end) = came.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = String::from_utf8(came[..end].to_vec()).unwrap().to_lowercase();
                return Self { stream, head, came: came.split_off(end + 4) };
            }
        }
    }

    fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// Reads it to its end; none if it broke off.
    async fn ends(mut self) -> Option<Vec<u8>> {
        assert!(self.head.contains("transfer-encoding: chunked"), "{}", self.head);
        let mut body = Vec::new();
        loop {
            while let Some((chunk, used)) = next_chunk(&self.came) {
                let (is_last, chunk) = (chunk.is_empty(), chunk.to_vec());
                self.came.drain(..used);
                body.extend(chunk);
                if is_last {
                    return Some(body);
                }
            }
            if within(self.stream.read_buf(&mut self.came)).await.unwrap_or(0) == 0 {
                return None;
            }
        }
    }
}

/// The chunk at the beginning, and how long it is with its frame; none if it is not there yet.
fn next_chunk(came: &[u8]) -> Option<(&[u8], usize)> {
    let line = came.windows(2).position(|two| two == b"\r\n")?;
    let length = usize::from_str_radix(std::str::from_utf8(&came[..line]).unwrap(), 16).unwrap();
    let used = line + 2 + length + 2;
    (came.len() >= used).then(|| (&came[line + 2..line + 2 + length], used))
}

async fn downloads(hub: &Hub, token: &str, query: &str, headers: &str) -> Vec<u8> {
    let download = Download::begin(hub, token, query, headers).await;
    assert_eq!(download.status(), 200, "{}", download.head);
    download.ends().await.unwrap()
}

fn lines(body: &[u8]) -> Vec<Value> {
    std::str::from_utf8(body).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Milliseconds by agent and presence.
fn sums(rows: &[Value]) -> BTreeMap<(String, String), i64> {
    let mut sums = BTreeMap::new();
    for row in rows {
        let text = |field: &str| row[field].as_str().unwrap().to_owned();
        *sums.entry((text("agentId"), text("presenceId"))).or_default() += row["durationMs"].as_i64().unwrap();
    }
    sums.retain(|_, millis| *millis != 0);
    sums
}

#[tokio::test]
async fn a_day_in_three_forms_is_what_was_and_has_the_sums_of_the_report() {
    let hub = Hub::start().await;
    let http = hub.http();
    for (agent, team) in [("ada", "billing"), ("ben", "sales")] {
        let record = json!({ "agentId": agent, "name": agent, "teams": [team], "units": 10, "enabled": true });
        assert_eq!(http.put(&format!("/api/v1/agents/{agent}"), &record).await.0, 201);
    }
    let lunch = |text: &str| json!({ "presenceName": "Lunch", "presenceText": text, "basePresenceStatus": "AWAY" });
    assert_eq!(http.put("/api/v1/presences/lunch", &lunch("Lunch")).await.0, 201);
    let mut ada = hub.signs_in("ada").await;
    hub.time_passes(HOUR).await;
    http.applies(&event("workitem.assigned", json!({ "agentId": "ada", "workItemId": "c-1", "units": 4 }))).await;
    hub.time_passes(HOUR).await;
    ada.does(json!({ "type": "setPresence", "presenceId": "lunch", "reason": "=soup, bread" })).await;
    hub.time_passes(HOUR).await;
    // What comes now moves nothing of what was.
    assert_eq!(http.put("/api/v1/presences/lunch", &lunch("Meal")).await.0, 200);
    assert_eq!(http.patch("/api/v1/agents/ada", &json!({ "name": "Ada", "teams": ["sales"] })).await.0, 200);

    let (_, whole) = http.get("/api/v1/agents/ada/history?limit=1000").await;
    let whole = whole["items"].as_array().unwrap();
    let instant = |text: &Value| text.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let from = instant(&whole[1]["start"]) + jiff::SignedDuration::from_mins(30);
    let query = format!("from={from}");
    let token = hub.token("sue", &["supervisor"]);
    let (_, report) = http.get(&format!("/api/v1/reports/time-in-status?{query}")).await;
    let query = format!("{query}&to={}", report["to"].as_str().unwrap());
    let rows = lines(&downloads(&hub, &token, &query, "").await);
    assert_eq!(sums(&rows), sums(report["items"].as_array().unwrap()));

    // Cut at both ends, and otherwise as it was.
    let of_ada: Vec<_> = rows.iter().filter(|row| row["agentId"] == "ada").collect();
    assert_eq!(instant(&of_ada[0]["start"]), from);
    assert_eq!(of_ada.last().unwrap()["end"], report["to"]);
    let positions: Vec<_> = of_ada.iter().map(|row| &row["seq"]).collect();
    assert_eq!(positions, whole[1..].iter().map(|row| &row["seq"]).collect::<Vec<_>>());
    let at_lunch = of_ada.iter().find(|row| row["presenceId"] == "lunch").unwrap();
    let said = ["presenceText", "name", "reason", "eventName", "modifiedByType", "modifiedById"];
    let said = said.map(|field| at_lunch[field].as_str().unwrap());
    assert_eq!(said, ["Lunch", "ada", "=soup, bread", "SET_PRESENCE", "AGENT", "ada"]);
    assert_eq!((&at_lunch["connection"], &at_lunch["units"]), (&json!("CONNECTED"), &json!(10)));
    assert_eq!((&at_lunch["teams"], &of_ada.last().unwrap()["teams"]), (&json!(["billing"]), &json!(["sales"])));

    let packed = Download::begin(&hub, &token, &query, GZIP).await;
    assert!(packed.head.contains("content-encoding: gzip"), "{}", packed.head);
    let mut unpacked = Vec::new();
    GzDecoder::new(&*packed.ends().await.unwrap()).read_to_end(&mut unpacked).unwrap();
    assert_eq!(lines(&unpacked), rows);
    let table = String::from_utf8(downloads(&hub, &token, &query, CSV).await).unwrap();
    assert_eq!(table.lines().count(), rows.len() + 1);
    assert!(table.starts_with("agentId,name,teams,start,end,durationMs,"), "{table}");
    assert!(table.contains(",\"'=soup, bread\","), "{table}");
    let file = downloads(&hub, &token, &query, &[PARQUET, GZIP].concat()).await;
    let file = SerializedFileReader::new(bytes::Bytes::from(file)).unwrap();
    let by_column: Vec<i64> = file.get_row_iter(None).unwrap().map(|row| row.unwrap().get_long(20).unwrap()).collect();
    assert_eq!(by_column, rows.iter().map(|row| row["seq"].as_i64().unwrap()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_supervisor_of_some_teams_exports_what_was_of_them_and_others_nothing() {
    let hub = Hub::start().await;
    let http = hub.http();
    let record = json!({ "agentId": "ada", "name": "Ada", "teams": ["billing"], "enabled": true });
    assert_eq!(http.put("/api/v1/agents/ada", &record).await.0, 201);
    hub.time_passes(HOUR).await;
    assert_eq!(http.patch("/api/v1/agents/ada", &json!({ "teams": ["sales"] })).await.0, 200);
    hub.time_passes(HOUR).await;
    let query = "from=2020-01-01T00:00:00Z";
    for (teams, more, seen) in [
        (&["billing"][..], "", vec![json!(["billing"])]),
        (&["sales"], "", vec![json!(["sales"])]),
        (&["sales"], "&teams=billing", vec![]),
        (&["sales"], "&agentIds=ben", vec![]),
        (&[], "&teams=billing&teams=sales", vec![json!(["billing"]), json!(["sales"])]),
        (&["care"], "", vec![]),
    ] {
        let token = hub.token_of("sam", &["supervisor"], teams);
        let rows = lines(&downloads(&hub, &token, &format!("{query}{more}"), "").await);
        assert_eq!(rows.iter().map(|row| row["teams"].clone()).collect::<Vec<_>>(), seen, "{teams:?} {more}");
        let table = downloads(&hub, &token, &format!("{query}{more}"), CSV).await;
        assert_eq!(String::from_utf8(table).unwrap().lines().count(), 1 + seen.len(), "a head in any case");
    }
    for who in ["agent", "integration"] {
        let (status, _) = hub.http_as("ada", &[who]).get(&format!("/api/v1/history/export?{query}")).await;
        assert_eq!(status, 403, "{who}");
    }
    for (query, field) in [
        ("", "from"),
        ("from=noon", "from"),
        ("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "to"),
        ("from=2026-01-02T00:00:00Z&tz=UTC", "tz"),
    ] {
        let (status, problem) = http.get(&format!("/api/v1/history/export?{query}")).await;
        assert_eq!((status, problem["field"].as_str()), (422, Some(field)), "{query} → {problem}");
    }
}

#[tokio::test]
async fn whoever_does_not_read_holds_a_place_and_nothing_else_and_whoever_goes_gives_it_back() {
    let mut hub = Hub::start().await;
    hub.terminate();
    hub.ended().await;
    std::fs::remove_dir_all(hub.folder().join("data")).unwrap();
    let written = hub.says(&["simulate", "--history", "14d", "--agents", "40", "--changes", "60"]);
    assert!(written.starts_with("ok: "), "{written}");
    let hub = hub.start_again().await;
    let (token, query) = (hub.token("sue", &["supervisor"]), "from=2020-01-01T00:00:00Z");
    let first = Download::begin(&hub, &token, query, "").await;
    let second = Download::begin(&hub, &token, query, "").await;
    assert_eq!((first.status(), second.status()), (200, 200));
    let third = Download::begin(&hub, &token, query, "").await;
    assert_eq!(third.status(), 429, "{}", third.head);

    // The hub keeps and answers meanwhile, and its write-ahead log is nobody's to hold.
    let (status, report) = hub.http().get(&format!("/api/v1/reports/time-in-status?{query}")).await;
    assert_eq!(status, 200);
    let database = rusqlite::Connection::open(hub.folder().join("data/hub.db")).unwrap();
    let read: bool = database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).unwrap();
    assert!(!read, "a reader holds the write-ahead log");

    // Who reads on is given all of it.
    let rows = lines(&first.ends().await.unwrap());
    assert!(rows.len() > 20_000, "{}", rows.len());
    let settled = |sums: BTreeMap<(String, String), i64>| {
        // Up to now everybody is offline.
        sums.into_iter().filter(|((_, presence), _)| presence != "offline").collect::<BTreeMap<_, _>>()
    };
    assert_eq!(settled(sums(&rows)), settled(sums(report["items"].as_array().unwrap())));

    // Who goes away is noticed: both places are free again.
    let third = Download::begin(&hub, &token, query, "").await;
    assert_eq!(third.status(), 200);
    drop(second);
    let fourth = within(async {
        loop {
            let fourth = Download::begin(&hub, &token, query, "").await;
            if fourth.status() != 429 {
                return fourth;
            }
        }
    });
    assert_eq!(fourth.await.status(), 200);

    // Who signs out is not told the rest.
    assert_eq!(hub.http_with(&token).delete("/session").await.0, 204);
    assert_eq!(third.ends().await, None);
}
