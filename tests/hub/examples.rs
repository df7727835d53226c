//! The rule book's worked examples, through the contract alone: over sockets and HTTP, with the
//! test clock. A step at the very edge of the restore window stays inside it here, because this
//! machine's own time passes too; the exact millisecond is proven where time is an argument.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Board, Http, Hub, Socket, event};
use crate::rule_book::{self, Event, Example, Initial, Profile, Settings, Step};

/// Beyond this, what was waited for will not come.
const SOON: Duration = Duration::from_secs(10);
/// How far inside the restore window a step at its very edge stays.
const MARGIN_MS: i64 = 5_000;
/// How long the custom wrap-up of the examples lasts.
const WRAP_UP_SECONDS: u64 = 120;

/// Examples whose beginning nobody can bring about from outside.
const UNREACHABLE: [(&str, &str); 1] = [("X-020", "a record whose default is Inactive is refused when it is saved")];

#[tokio::test]
async fn every_worked_example_holds_through_the_contract() {
    let hub = Hub::start_with(&[("SESSIONS__PING_TIMEOUT", "10m")]).await;
    let http = hub.http();
    for (id, custom) in rule_book::custom_presences() {
        let record = json!({ "presenceName": id, "presenceText": custom.text, "basePresenceStatus": custom.base });
        let (status, body) = http.put(&format!("/api/v1/presences/{id}"), &record).await;
        assert_eq!(status, 201, "{body}");
    }
    let mut board = Board::open(&hub, json!({})).await;
    let mut unreachable = Vec::new();
    let mut failures = Vec::new();
    let examples = rule_book::examples();
    assert_eq!(examples.len(), 96);
    for example in &examples {
        let named = format!("{} ({}; {}: {})", example.id, example.given_text, example.rules, example.why);
        let mut play = Play::of(example, &hub, &http, &mut board);
        match play.begin().await {
            Ok(()) => {}
            Err(Begun::Unreachable) => {
                unreachable.push(example.id.as_str());
                continue;
            }
            Err(Begun::Elsewhere(got)) => {
                failures.push(format!("{named} began as {got}"));
                continue;
            }
        }
        for step in &example.steps {
            if let Err(got) = play.step(step).await {
                failures.push(format!("{named}, {}: expected {}\n    got {got}", step.event_text, expected(step)));
                break;
            }
        }
    }
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
    assert_eq!(unreachable, UNREACHABLE.map(|(id, _)| id));
}

/// Why an example did not begin.
enum Begun {
    Unreachable,
    /// Not in the state that it says.
    Elsewhere(String),
}

/// One example, on a hub that plays all of them one after the other.
struct Play<'a> {
    example: &'a Example,
    agent: String,
    hub: &'a Hub,
    http: &'a Http,
    board: &'a mut Board,
    tabs: Vec<Socket>,
    /// The example's own time.
    now: i64,
    /// When the agent was last disconnected, in the example's time.
    lost: Option<i64>,
}

impl<'a> Play<'a> {
    fn of(example: &'a Example, hub: &'a Hub, http: &'a Http, board: &'a mut Board) -> Self {
        let agent = example.id.to_lowercase();
        Self { example, agent, hub, http, board, tabs: Vec::new(), now: 0, lost: None }
    }

    /// Brings the agent to where the example begins.
    async fn begin(&mut self) -> Result<(), Begun> {
        let initial = &self.example.initial;
        self.settings(&initial.cfg).await;
        for (name, profile) in &initial.profiles {
            self.profile(name, profile).await;
        }
        let (status, body) = self.http.put(&format!("/api/v1/agents/{}", self.agent), &self.record()).await;
        if status == 422 {
            assert_eq!(body["field"], "defaultPresenceId", "{body}");
            return Err(Begun::Unreachable);
        }
        assert_eq!(status, 201, "{body}");
        for _ in 0..initial.tabs.max(u64::from(initial.logged_in)) {
            self.opens_a_tab().await;
        }
        if initial.logged_in && initial.default != "Available" {
            // The default gives way, so that the presence follows the work.
            self.chooses("Available").await;
        }
        for (item, takes) in &initial.items {
            let data = json!({ "workItemId": item, "units": takes.units, "profiles": self.all_own(&takes.profiles) });
            self.work("workitem.assigned", data).await;
        }
        self.takes_its_place(initial).await;
        self.began(initial).await.map_err(Begun::Elsewhere)
    }

    /// The hold or the choice that the example begins with.
    async fn takes_its_place(&mut self, initial: &Initial) {
        let ended = match initial.hold.as_deref() {
            Some("MISSED") => Some("workitem.missed"),
            Some("REJECTED") => Some("workitem.rejected"),
            // One more than an agent may have.
            Some("SESSION_LIMIT") => Some("workitem.offered"),
            Some(unknown) => panic!("no hold: `{unknown}`"),
            None => None,
        };
        if let Some(kind) = ended {
            self.work(kind, json!({ "workItemId": "before" })).await;
        }
        if initial.origin == "AGENT" {
            self.chooses(&initial.presence).await;
        }
        if initial.disc_at.is_some() {
            self.drops().await;
        }
    }

    async fn settings(&self, cfg: &Settings) {
        let settings = json!({
            "signInPolicy": cfg.sign_in_policy,
            "missedNotifications": cfg.missed_enabled,
            "rejectNotifications": cfg.reject_enabled,
            "restoreAfterSignOut": cfg.restore_after_sign_out,
        });
        let (status, body) = self.http.patch("/api/v1/settings", &settings).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!(body["restoreWindow"], format!("{}s", cfg.restore_ms / 1_000));
        assert_eq!(body["refreshGrace"], format!("{}s", cfg.refresh_grace_ms / 1_000));
        assert_eq!(body["maxOpenWorkItems"], cfg.max_sessions);
        assert_eq!(body["workItemLimitAutoClear"], cfg.session_limit_auto_clear);
    }

    async fn profile(&self, name: &str, profile: &Profile) {
        let reset = if profile.reset.as_deref() == Some("EndOfDay") { "DAILY" } else { "IMMEDIATE" };
        let record = json!({
            "defaultMax": profile.limit, "blockAssignment": profile.blocking, "resetDuration": reset,
        });
        let path = format!("/api/v1/capacity-profiles/{}", self.own(name));
        let (status, body) = self.http.put(&path, &record).await;
        assert_eq!(status, 201, "{body}");
    }

    /// A profile's id, of this example alone.
    fn own(&self, profile: &str) -> String {
        format!("{}-{profile}", self.agent)
    }

    fn all_own(&self, profiles: &[String]) -> Vec<String> {
        profiles.iter().map(|profile| self.own(profile)).collect()
    }

    fn record(&self) -> Value {
        let initial = &self.example.initial;
        let profiles: Vec<Value> = initial.profiles.keys().map(|name| json!({ "profileId": self.own(name) })).collect();
        let mut record = json!({ "profiles": profiles });
        if let Some(units) = &initial.units {
            record["units"] = json!(units.max);
        }
        if !self.example.given_text.starts_with("no default") {
            record["defaultPresenceId"] = json!(rule_book::presence_id(&initial.default));
        }
        record
    }

    /// Plays a step and compares.
    async fn step(&mut self, step: &Step) -> Result<(), String> {
        if let Some(t) = step.event.t {
            self.time_is(t, step).await;
        }
        let error = self.does(step).await;
        if error != step.expect_error {
            return Err(format!("the error {error:?}"));
        }
        self.compare(step).await
    }

    /// Moves the time to `t` of the example.
    async fn time_is(&mut self, t: i64, step: &Step) {
        let window = i64::try_from(self.example.initial.cfg.restore_ms).unwrap();
        let at_the_edge = self.lost.is_some_and(|lost| t - lost == window) && step.event.kind == "SignIn";
        let t = if at_the_edge { t - MARGIN_MS } else { t };
        self.hub.time_passes(Duration::from_millis(u64::try_from(t - self.now).unwrap())).await;
        self.now = t;
    }

    /// What happens in a step; the code that it was refused with, if it was.
    async fn does(&mut self, step: &Step) -> Option<String> {
        let happened = &step.event;
        match happened.kind.as_str() {
            "SignIn" => self.opens_a_tab().await,
            "SignOut" => {
                self.tabs.pop().unwrap().does(json!({ "type": "signOut" })).await;
                self.lost = Some(self.now);
            }
            "NetworkLost" | "DeviceClosed" | "TabSlept" => self.drops().await,
            "TabClosed" => self.closes_a_tab().await,
            "Refresh" => {
                self.tabs.last_mut().unwrap().send(&json!({ "type": "refreshing" })).await;
                self.closes_a_tab().await;
            }
            "AgentSet" => return self.chooses(happened.presence.as_ref().unwrap()).await,
            "SupervisorSet" => return self.is_set(happened.presence.as_ref().unwrap()).await,
            "Reset" => return code(&self.tabs.last_mut().unwrap().request(json!({ "type": "resetPresence" })).await),
            "CapacityConfigured" => {
                let path = format!("/api/v1/agents/{}", self.agent);
                let (status, body) = self.http.patch(&path, &json!({ "units": happened.units_max })).await;
                assert_eq!(status, 200, "{body}");
            }
            "Tick" => self.waits_for(step).await,
            "WrapUpTimer" => {
                let version = self.version().await;
                self.hub.time_passes(Duration::from_secs(WRAP_UP_SECONDS)).await;
                self.waits_beyond(version).await;
            }
            _ => return self.works(happened).await,
        }
        None
    }

    /// What a work system reports.
    async fn works(&mut self, happened: &Event) -> Option<String> {
        let assigned = |how: &str| ("workitem.assigned", json!({ "subEvent": how }));
        let (kind, mut data) = match happened.kind.as_str() {
            "Accepted" => assigned("ASSIGNMENT_ACCEPT"),
            "Picked" => assigned("PICK"),
            "AutoAssigned" => assigned("AUTO_ASSIGN"),
            "SupervisorAssigned" => assigned("ASSIGNED_BY_SUPERVISOR"),
            "TransferIn" => assigned("TRANSFER"),
            "OutboundCall" => assigned("REPRESENTATIVE_INITIATED_OUTBOUND_CALL"),
            "Offered" | "NewWorkAtSessionLimit" => ("workitem.offered", json!({})),
            "Missed" => ("workitem.missed", json!({})),
            "Rejected" => ("workitem.rejected", json!({})),
            "SystemRejected" => ("workitem.withdrawn", json!({})),
            "Ended" => ("workitem.wrap_up_started", wrap_up(happened.block.as_deref().unwrap())),
            "Closed" => ("workitem.closed", json!({})),
            "ReleasedToQueue" => ("workitem.requeued", json!({})),
            "TransferredOut" => ("workitem.transferred", json!({})),
            "MonitorJoined" => ("workitem.monitor_joined", json!({})),
            "EndOfDayReset" => ("capacity.end_of_day", json!({})),
            unknown => panic!("the examples have an event `{unknown}` that is not played here"),
        };
        data["workItemId"] = json!(happened.item.as_deref().unwrap_or("another"));
        if let Some(units) = happened.units {
            data["units"] = json!(units);
        }
        if let Some(profiles) = &happened.profiles {
            data["profiles"] = json!(self.all_own(profiles));
        }
        self.work(kind, data).await
    }

    async fn work(&self, kind: &str, mut data: Value) -> Option<String> {
        data["agentId"] = json!(self.agent);
        let result = self.http.event(&event(kind, data)).await;
        (result["status"] != "applied").then(|| result["code"].to_string())
    }

    async fn opens_a_tab(&mut self) {
        self.tabs.push(self.hub.signs_in(&self.agent).await);
    }

    async fn chooses(&mut self, presence: &str) -> Option<String> {
        let frame = json!({ "type": "setPresence", "presenceId": rule_book::presence_id(presence) });
        code(&self.tabs.last_mut().unwrap().request(frame).await)
    }

    async fn is_set(&self, presence: &str) -> Option<String> {
        let path = format!("/api/v1/agents/{}/presence", self.agent);
        let (status, body) = self.http.put(&path, &json!({ "presenceId": rule_book::presence_id(presence) })).await;
        (status != 200).then(|| body["code"].as_str().unwrap().to_owned())
    }

    /// The last tab ends without a word.
    async fn drops(&mut self) {
        let version = self.version().await;
        self.tabs.pop().unwrap().loses_its_network();
        self.lost = Some(self.now);
        self.waits_beyond(version).await;
    }

    async fn closes_a_tab(&mut self) {
        let version = self.version().await;
        self.tabs.pop().unwrap().tab_closes().await;
        self.lost = Some(self.now);
        self.waits_beyond(version).await;
    }

    async fn version(&self) -> u64 {
        self.http.presence(&self.agent).await["version"].as_u64().unwrap()
    }

    async fn waits_beyond(&mut self, version: u64) {
        let newer = self.board.sees(&self.agent, |shown| shown["version"].as_u64() > Some(version));
        // What did not come shows in the comparison.
        drop(tokio::time::timeout(SOON, newer).await);
    }

    /// Waits for what the step expects.
    async fn waits_for(&mut self, step: &Step) {
        let expected = rule_book::presence_id(&step.expect);
        let so = |shown: &Value| {
            shown["presenceId"] == expected.as_str()
                && shown["isAgentLoggedIn"].as_bool().unwrap_or_default() == step.expect_logged_in
        };
        drop(tokio::time::timeout(SOON, self.board.sees(&self.agent, so)).await);
    }

    async fn began(&self, initial: &Initial) -> Result<(), String> {
        let shown = self.http.presence(&self.agent).await;
        let kept = kept(&shown);
        let same = kept["presence"]["presenceId"] == rule_book::presence_id(&initial.presence)
            && kept["origin"] == rule_book::origin(&initial.origin)
            && kept["hold"] == json!(initial.hold.as_deref().map(rule_book::hold))
            && shown["isAgentLoggedIn"] == initial.logged_in;
        if same { Ok(()) } else { Err(shown.to_string()) }
    }

    /// Compares with what others see, and with what is kept while the agent is away.
    async fn compare(&self, step: &Step) -> Result<(), String> {
        let shown = self.http.presence(&self.agent).await;
        let kept = kept(&shown);
        let got = json!({
            "presence": shown["presence"]["presenceId"], "base": shown["presence"]["basePresenceStatus"],
            "origin": kept["origin"], "hold": kept["hold"], "loggedIn": shown["isAgentLoggedIn"],
            "blocked": shown["isBlockedBySomeProfile"],
        });
        let hides = shown["restore"].is_null() || shown["origin"] == "AUTOMATIC" && shown["hold"].is_null();
        if got == expected(step) && hides { Ok(()) } else { Err(shown.to_string()) }
    }
}

/// What a step expects, as [`Play::compare`] puts it together.
fn expected(step: &Step) -> Value {
    json!({
        "presence": rule_book::presence_id(&step.expect), "base": step.expect_base,
        "origin": rule_book::origin(&step.expect_origin), "hold": step.expect_hold.as_deref().map(rule_book::hold),
        "loggedIn": step.expect_logged_in, "blocked": step.expect_blocked_by_profile,
    })
}

/// What a return would bring back, else what is shown.
fn kept(shown: &Value) -> &Value {
    if shown["restore"].is_null() { shown } else { &shown["restore"] }
}

fn wrap_up(block: &str) -> Value {
    match block {
        "always" => json!({ "blockCapacityForWrapUp": "ALWAYS" }),
        "none" => json!({ "blockCapacityForWrapUp": "DONT" }),
        "custom" => json!({ "blockCapacityForWrapUp": "CUSTOM", "wrapUpSeconds": WRAP_UP_SECONDS }),
        unknown => panic!("no wrap-up: `{unknown}`"),
    }
}

/// The code of an error frame, none of a result.
fn code(answer: &Value) -> Option<String> {
    (answer["type"] == "error").then(|| answer["error"]["code"].as_str().unwrap().to_owned())
}
