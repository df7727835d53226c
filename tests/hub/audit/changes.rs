//! Every change over HTTP, and the entry that it leads to.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{audit, entry, newest, says_audit};
use crate::harness::{Http, Hub};

/// What changes something and is no entry, and why.
const NO_ENTRY: [(&str, &str); 7] = [
    ("POST /api/v1/events", "what work systems report is in the history, with who reported it"),
    ("PUT /api/v1/agents/{agentId}/work-items", "the same"),
    (
        "POST /api/v1/agents/{agentId}/disputes",
        "it is read where its entry is, with when it was said, and never changes",
    ),
    ("POST /session", "the token is shown with the first request that needs one"),
    ("OPTIONS /api/v1/events", "it changes nothing"),
    ("POST /api/v1/tickets", "the socket that it opens is"),
    (
        "POST /sign-in/back-channel-logout",
        "each session that it ends is, as `tests/hub/sign_in.rs` tries with a provider",
    ),
];

/// Does all there is to do, each with the entry that it leads to.
struct Does {
    http: Http,
    done: BTreeSet<String>,
}

impl Does {
    /// A request, and what the newest entry says then: action and about, before and after.
    async fn request(&mut self, method: &str, route: &str, path: &str, body: Value, leads_to: (&str, &str)) -> Value {
        let body = Some(&body).filter(|body| !body.is_null());
        let headers =
            if body.is_some() && method == "PATCH" { "content-type: application/merge-patch+json\r\n" } else { "" };
        let (status, answer) = self.http.request(method, path, headers, body).await;
        assert!((200..300).contains(&status), "{method} {path} → {status} {answer}");
        self.done.insert(format!("{method} {route}"));
        let entry = newest(&self.http, 1, "").await.remove(0);
        assert_eq!(
            (entry["action"].as_str(), entry["about"].as_str()),
            (Some(leads_to.0), Some(leads_to.1)),
            "{entry}"
        );
        assert_eq!((&entry["outcome"], &entry["address"]), (&json!("DONE"), &json!("127.0.0.1")), "{entry}");
        json!({ "answer": answer, "before": entry["before"], "after": entry["after"] })
    }
}

impl Does {
    /// Each kind of record, created, changed and replaced.
    async fn records(&mut self) {
        for (kind, id, about, new, change) in &kinds() {
            let (all, one) = (format!("/api/v1/{kind}"), format!("/api/v1/{kind}/{{{id}}}"));
            let named = new[id].as_str().unwrap();
            let about = format!("{about}/{named}");
            let path = format!("{all}/{named}");
            let said = self.request("POST", &all, &all, new.clone(), ("CREATE", &about)).await;
            assert_eq!((&said["before"], &said["after"][id]), (&Value::Null, &new[id]), "{said}");
            let said = self.request("PATCH", &one, &path, change.clone(), ("CHANGE", &about)).await;
            let (name, value) = change.as_object().unwrap().iter().next().unwrap();
            assert_eq!(
                (&said["after"], said["before"].as_object().unwrap().len()),
                (&json!({ name: value }), 1),
                "{said}"
            );
            self.request("PUT", &one, &path, new.clone(), ("CHANGE", &about)).await;
        }
    }

    /// The settings, and many records at once.
    async fn settings_and_bulks(&mut self) {
        let settings = self
            .request(
                "PATCH",
                "/api/v1/settings",
                "/api/v1/settings",
                json!({ "maxOpenWorkItems": 7 }),
                ("CHANGE", "settings"),
            )
            .await;
        assert_eq!(settings["after"], json!({ "maxOpenWorkItems": 7 }));
        self.request(
            "PUT",
            "/api/v1/agents",
            "/api/v1/agents",
            json!([{ "agentId": "ben", "name": "Ben" }]),
            ("CREATE", "agent/ben"),
        )
        .await;
        let bulk = json!([{ "agentId": "ben", "name": "Benjamin" }]);
        let said = self.request("PATCH", "/api/v1/agents", "/api/v1/agents", bulk, ("CHANGE", "agent/ben")).await;
        assert_eq!((&said["before"], &said["after"]), (&json!({ "name": "Ben" }), &json!({ "name": "Benjamin" })));
    }

    /// What agents are planned to do.
    async fn plans(&mut self) {
        let span = "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z";
        let calls = json!([{ "start": "2026-01-01T08:00:00Z", "end": "2026-01-01T09:00:00Z", "activityId": "calls" }]);
        let plan = ("/api/v1/agents/{agentId}/plan", format!("/api/v1/agents/ada/plan?{span}"));
        let said = self.request("PUT", plan.0, &plan.1, json!({ "items": calls }), ("PLAN", "agent/ada")).await;
        assert_eq!(said["after"]["planned"], 1, "{said}");
        let mut import = calls.clone();
        import[0]["agentId"] = "ben".into();
        self.request(
            "POST",
            "/api/v1/plans",
            &format!("/api/v1/plans?{span}"),
            json!({ "items": import }),
            ("PLAN", "agent/ben"),
        )
        .await;
        let excuse = json!({ "start": "2026-01-01T08:00:00Z", "end": "2026-01-01T09:00:00Z", "reason": "fire alarm" });
        let of_agent = ("/api/v1/agents/{agentId}/adherence-exceptions", "/api/v1/agents/ada/adherence-exceptions");
        let said = self.request("POST", of_agent.0, of_agent.1, excuse, ("CREATE", "agent/ada")).await;
        let exception = format!("/api/v1/adherence-exceptions/{}", said["answer"]["exceptionId"].as_str().unwrap());
        self.request(
            "DELETE",
            "/api/v1/adherence-exceptions/{exceptionId}",
            &exception,
            Value::Null,
            ("DELETE", "agent/ada"),
        )
        .await;
    }

    async fn revocations(&mut self) {
        let all = "/api/v1/revocations";
        let said = self.request("POST", all, all, json!({ "subject": "bob" }), ("REVOKE", "person/bob")).await;
        let id = said["answer"]["revocationId"].as_str().unwrap();
        let (one, path) = (format!("{all}/{{revocationId}}"), format!("{all}/{id}"));
        self.request("DELETE", &one, &path, Value::Null, ("DELETE", &format!("revocation/{id}"))).await;
    }

    async fn api_tokens(&mut self) {
        let all = "/api/v1/tokens";
        let wanted = json!({ "subject": "crm", "name": "CRM", "roles": ["integration"] });
        let (status, made) = self.http.post(all, &wanted).await;
        assert_eq!(status, 201, "{made}");
        self.done.insert(format!("POST {all}"));
        let about = format!("token/{}", made["tokenId"].as_str().unwrap());
        let said = &audit(&self.http, "").await[0];
        assert_eq!((&said["about"], &said["after"]["subject"]), (&json!(about), &json!("crm")));
        assert!(!said.to_string().contains("pht_"), "{said}");
        let (one, path) = (format!("{all}/{{tokenId}}"), format!("/api/v1/{}", about.replace("token/", "tokens/")));
        let said = self.request("DELETE", &one, &path, Value::Null, ("DELETE", &about)).await;
        assert_eq!(said["before"]["name"], "CRM");
    }

    async fn sessions(&mut self, hub: &Hub) {
        let origin = format!("origin: http://{}\r\n", hub.address());
        let signs_in = json!({ "token": hub.token("eve", &["agent"]) });
        let (status, _) = Http::anonymous(hub).request("POST", "/session", &origin, Some(&signs_in)).await;
        assert_eq!(status, 204);
        let (_, list) = self.http.get("/api/v1/sessions?subject=eve").await;
        let id = list["items"][0]["sessionId"].as_str().unwrap();
        let (one, path) = ("/api/v1/sessions/{sessionId}", format!("/api/v1/sessions/{id}"));
        let said = self.request("DELETE", one, &path, Value::Null, ("REVOKE", &format!("session/{id}"))).await;
        assert_eq!(said["before"], json!({ "subject": "eve" }));
    }

    /// A webhook.
    async fn webhooks(&mut self) {
        let hook = json!({ "url": "http://127.0.0.1:9/hook?key=open-sesame", "enabled": false });
        let (status, made) = self.http.post("/api/v1/webhooks", &hook).await;
        assert_eq!(status, 201, "{made}");
        self.done.insert("POST /api/v1/webhooks".to_owned());
        let id = made["webhookId"].as_str().unwrap();
        let (route, path, about) =
            ("/api/v1/webhooks/{webhookId}", format!("/api/v1/webhooks/{id}"), format!("webhook/{id}"));
        assert_eq!(audit(&self.http, "").await[0]["about"], about.as_str());
        let said =
            self.request("PATCH", route, &path, json!({ "description": "to the CRM" }), ("CHANGE", &about)).await;
        assert_eq!(said["after"], json!({ "description": "to the CRM" }));
        let rotate = (format!("{route}/rotate-secret"), format!("{path}/rotate-secret"));
        self.request("POST", &rotate.0, &rotate.1, Value::Null, ("CHANGE", &about)).await;
        let resume = (format!("{route}/resume"), format!("{path}/resume"));
        self.request("POST", &resume.0, &resume.1, json!({}), ("CHANGE", &about)).await;
        self.request("DELETE", route, &path, Value::Null, ("DELETE", &about)).await;
    }

    /// What supervisors do over HTTP.
    async fn presences(&mut self, hub: &Hub) {
        let _ben = hub.signs_in("ben").await;
        let presence = ("/api/v1/agents/{agentId}/presence", "/api/v1/agents/ben/presence");
        let lunch = json!({ "presenceId": "busy", "reason": "all hands" });
        let said = self.request("PUT", presence.0, presence.1, lunch, ("SET_PRESENCE", "agent/ben")).await;
        let after = json!({ "presenceId": "busy", "reason": "all hands" });
        assert_eq!((&said["before"], &said["after"]), (&json!({ "presenceId": "available" }), &after));
        let offered = json!({ "agentId": "ben", "workItemId": "w", "units": 1 });
        for kind in ["workitem.offered", "workitem.rejected"] {
            self.http.applies(&crate::harness::event(kind, offered.clone())).await;
        }
        let reset = ("/api/v1/agents/{agentId}/presence/reset", "/api/v1/agents/ben/presence/reset");
        self.request("POST", reset.0, reset.1, Value::Null, ("RESET_PRESENCE", "agent/ben")).await;
    }

    /// Each kind of record, deleted.
    async fn deletions(&mut self) {
        for (kind, id, about, new, _) in kinds().iter().rev().filter(|(kind, ..)| *kind != "activities") {
            let (named, route) = (new[id].as_str().unwrap(), format!("/api/v1/{kind}/{{{id}}}"));
            let path = format!("/api/v1/{kind}/{named}");
            let said =
                self.request("DELETE", &route, &path, Value::Null, ("DELETE", &format!("{about}/{named}"))).await;
            assert_eq!((&said["before"][id], &said["after"]), (&new[id], &Value::Null));
        }
        let idle = json!({ "activityId": "idle", "text": "Idle", "basePresenceStatuses": ["AWAY"] });
        self.request("POST", "/api/v1/activities", "/api/v1/activities", idle, ("CREATE", "activity/idle")).await;
        self.request(
            "DELETE",
            "/api/v1/activities/{activityId}",
            "/api/v1/activities/idle",
            Value::Null,
            ("DELETE", "activity/idle"),
        )
        .await;
    }

    /// A person is erased, and the session ends.
    async fn leaves(&mut self, hub: &Hub) {
        let (status, erasure) = self.http.post("/api/v1/erasures", &json!({ "id": "ada" })).await;
        assert_eq!(status, 200, "{erasure}");
        self.done.insert("POST /api/v1/erasures".to_owned());
        let erased = audit(&self.http, "action=ERASE").await.remove(0);
        assert_eq!(erased["about"], format!("person/{}", erasure["pseudonym"].as_str().unwrap()).as_str());
        assert_eq!(self.http.delete("/session").await.0, 204);
        self.done.insert("DELETE /session".to_owned());
        let out = entry(&hub.http(), "action=SIGN_OUT", |_| true).await;
        assert_eq!((&out["actor"], &out["about"]), (&json!("root"), &json!("person/root")));
    }
}

/// A kind of record: its path, its id's field, what the audit calls it, one that is new, and a change of it.
type OneKind = (&'static str, &'static str, &'static str, Value, Value);

fn kinds() -> [OneKind; 5] {
    [
        (
            "presences",
            "presenceId",
            "presence",
            json!({ "presenceId": "lunch", "presenceName": "Lunch", "basePresenceStatus": "AWAY" }),
            json!({ "presenceText": "Food" }),
        ),
        (
            "capacity-profiles",
            "profileId",
            "capacity-profile",
            json!({ "profileId": "chat", "name": "Chat", "defaultMax": 2 }),
            json!({ "defaultMax": 3 }),
        ),
        (
            "workstreams",
            "workstreamId",
            "workstream",
            json!({ "workstreamId": "mail", "name": "Mail", "allowedPresences": ["AVAILABLE"] }),
            json!({ "units": 5 }),
        ),
        (
            "activities",
            "activityId",
            "activity",
            json!({ "activityId": "calls", "text": "Calls", "basePresenceStatuses": ["BUSY"] }),
            json!({ "toleranceSeconds": 60 }),
        ),
        (
            "agents",
            "agentId",
            "agent",
            json!({ "agentId": "ada", "name": "Ada", "teams": ["billing"] }),
            json!({ "teams": ["sales"] }),
        ),
    ]
}

#[tokio::test]
async fn every_change_over_http_leads_to_its_entry() {
    let hub = Hub::start().await;
    let http = hub.http_as("root", &["admin", "supervisor", "integration"]);
    let mut does = Does { http, done: BTreeSet::new() };
    does.records().await;
    does.settings_and_bulks().await;
    does.plans().await;
    does.webhooks().await;
    does.revocations().await;
    does.api_tokens().await;
    does.sessions(&hub).await;
    does.presences(&hub).await;
    does.deletions().await;
    does.leaves(&hub).await;
    let whole = audit(&hub.http(), "").await;
    assert!(whole.iter().all(|entry| entry["actor"] != "ada" && entry["about"] != "agent/ada"), "she is erased");
    let text = json!(whole).to_string();
    for secret in ["open-sesame", "whsec", "eyJ"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let (_, document) = hub.http().get("/api/openapi.json").await;
    let mut missing = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys().map(|method| method.to_uppercase()) {
            let operation = format!("{method} {path}");
            let is_known = does.done.contains(&operation) || NO_ENTRY.iter().any(|(no, _)| *no == operation);
            if method != "GET" && !is_known {
                missing.insert(operation);
            }
        }
    }
    assert!(missing.is_empty(), "which entry does this lead to? {missing:?}");
    says_audit(&hub);
}
