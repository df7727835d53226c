//! The hub's own cookie, for its pages.

use serde_json::{Value, json};

use crate::harness::{Http, Hub, Socket};

/// The hub's own origin, as a header line.
fn own_origin(hub: &Hub) -> String {
    format!("origin: http://{}\r\n", hub.address())
}

/// Signs in; the `Cookie` line that a browser sends from then on.
async fn cookie(hub: &Hub, body: &Value) -> String {
    let (status, head, text) = Http::anonymous(hub).raw("POST", "/session", &own_origin(hub), Some(body)).await;
    assert_eq!(status, 204, "{text}");
    let line = head.lines().find(|line| line.to_lowercase().starts_with("set-cookie:")).unwrap();
    let set = line.split_once(':').unwrap().1.trim();
    for attribute in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="] {
        assert!(set.contains(attribute), "{set}");
    }
    format!("cookie: {}\r\n", set.split(';').next().unwrap())
}

#[tokio::test]
async fn a_token_becomes_a_cookie_that_reads_alone_and_writes_with_an_origin() {
    let hub = Hub::start().await;
    let browser = Http::anonymous(&hub);
    let token = hub.token("root", &["admin"]);
    let cookie = cookie(&hub, &json!({ "token": token })).await;
    let (status, session) = browser.request("GET", "/session", &cookie, None).await;
    assert_eq!((status, &session["mode"]), (200, &json!("jwt")));
    assert_eq!((&session["session"]["subject"], &session["session"]["roles"]), (&json!("root"), &json!(["admin"])));
    assert_eq!(browser.request("GET", "/api/v1/settings", &cookie, None).await.0, 200);
    let patch = json!({ "maxOpenWorkItems": 5 });
    let (status, body) = browser.request("PATCH", "/api/v1/settings", &cookie, Some(&patch)).await;
    assert_eq!((status, &body["code"]), (403, &json!("forbidden")), "without an origin");
    let elsewhere = format!("{cookie}origin: https://elsewhere.example\r\n");
    assert_eq!(browser.request("PATCH", "/api/v1/settings", &elsewhere, Some(&patch)).await.0, 403);
    let own = format!("{cookie}{}", own_origin(&hub));
    assert_eq!(browser.request("PATCH", "/api/v1/settings", &own, Some(&patch)).await.0, 200);
}

#[tokio::test]
async fn ending_the_session_ends_the_token_its_sockets_and_the_cookie() {
    let hub = Hub::start().await;
    let browser = Http::anonymous(&hub);
    let token = hub.token("ada", &["agent"]);
    let cookie = cookie(&hub, &json!({ "token": token })).await;
    let value = cookie.trim_start_matches("cookie: ").trim();
    let mut page = Socket::connect(hub.address(), "/ws", &[("cookie", value)]).await;
    page.expect("welcome").await;
    let (status, _) = browser.request("DELETE", "/session", &cookie, None).await;
    assert_eq!(status, 403, "without an origin");
    let own = format!("{cookie}{}", own_origin(&hub));
    let (status, head, _) = browser.raw("DELETE", "/session", &own, None).await;
    assert_eq!(status, 204);
    assert!(head.contains("Max-Age=0"), "{head}");
    assert_eq!(page.closed().await, Some(4410));
    let shown = hub.http().presence("ada").await;
    assert_eq!(shown["eventName"], "LOGOUT");
    assert_eq!(browser.request("GET", "/session", &cookie, None).await.1["session"], Value::Null);
    let (status, _) = browser.request("GET", "/api/v1/agents/ada/presence", &cookie, None).await;
    assert_eq!(status, 401, "the token is revoked");
    assert_eq!(hub.http_with(&token).get("/api/v1/agents/ada/presence").await.0, 401);
}

#[tokio::test]
async fn a_sign_in_that_cannot_be_is_refused() {
    let hub = Hub::start().await;
    let browser = Http::anonymous(&hub);
    let own = own_origin(&hub);
    for (body, status) in [
        (json!({ "token": "rubbish" }), 401),
        (json!({ "demo": "ada" }), 401),
        (json!({}), 400),
        (json!({ "token": "a", "demo": "b" }), 400),
        (json!({ "password": "x" }), 400),
    ] {
        assert_eq!(browser.request("POST", "/session", &own, Some(&body)).await.0, status, "{body}");
    }
    let token = json!({ "token": hub.token("sue", &["supervisor"]) });
    let elsewhere = "origin: https://elsewhere.example\r\n";
    assert_eq!(browser.request("POST", "/session", elsewhere, Some(&token)).await.0, 403);
    assert_eq!(browser.request("GET", "/session", "", None).await.1, json!({ "mode": "jwt", "session": null }));
}

#[tokio::test]
async fn in_demo_mode_a_demo_person_signs_in_by_name() {
    let hub = Hub::start_with(&[("AUTH__MODE", "demo")]).await;
    let browser = Http::anonymous(&hub);
    let (_, session) = browser.get("/session").await;
    assert_eq!((&session["mode"], &session["session"]), (&json!("demo"), &Value::Null));
    let people = session["demo"]["people"].as_array().unwrap();
    assert!(people.iter().any(|person| person["subject"] == "sam" && person["roles"] == json!(["supervisor"])));
    let sam = cookie(&hub, &json!({ "demo": "sam" })).await;
    assert_eq!(browser.request("GET", "/api/v1/agents", &sam, None).await.0, 200);
    let (_, audit) = hub.http().get("/api/v1/audit?about=person/sam").await;
    assert_eq!((&audit["items"][0]["action"], &audit["items"][0]["actor"]), (&json!("SIGN_IN"), &json!("sam")));
    let (_, session) = browser.request("GET", "/session", &sam, None).await;
    assert_eq!(session["session"]["name"], "Sam Rivera");
    let body = json!({ "demo": "nobody" });
    assert_eq!(browser.request("POST", "/session", &own_origin(&hub), Some(&body)).await.0, 401);
}

#[tokio::test]
async fn a_session_is_small_whatever_its_token_ends_with_it_and_lasts_over_a_kill() {
    let hub = Hub::start().await;
    let groups: Vec<_> = (0..200).map(|number| format!("a-group-of-the-directory-{number}")).collect();
    let large = |jti: &str| {
        let claims =
            json!({ "sub": "root", "roles": ["admin"], "groups": groups, "jti": jti, "exp": 9_999_999_999_u64 });
        hub.token_saying(&claims)
    };
    assert!(large("t1").len() > 6_000);
    let (first, second) =
        (cookie(&hub, &json!({ "token": large("t1") })).await, cookie(&hub, &json!({ "token": large("t2") })).await);
    assert!(first.len() < 80 && first.contains("presence-hub=phs_"), "{first}");
    let (_, list) = hub.http().get("/api/v1/sessions").await;
    let sessions = list["items"].as_array().unwrap();
    assert_eq!((sessions.len(), &sessions[0]["by"], &sessions[0]["subject"]), (2, &json!("token"), &json!("root")));
    let revoked = json!({ "tokenId": "t1" });
    assert_eq!(hub.http().post("/api/v1/revocations", &revoked).await.0, 201);
    let hub = hub.killed_and_started_again().await;
    let is_signed_in = async |cookie: &str| {
        let (_, session) = Http::anonymous(&hub).request("GET", "/session", cookie, None).await;
        !session["session"].is_null()
    };
    assert_eq!((is_signed_in(&first).await, is_signed_in(&second).await), (false, true));
    let end = format!("/api/v1/sessions/{}", sessions[1]["sessionId"].as_str().unwrap());
    let value = second.trim_start_matches("cookie: ").trim();
    let mut page = Socket::connect(hub.address(), "/ws", &[("cookie", value)]).await;
    page.expect("welcome").await;
    assert_eq!(hub.http().delete(&end).await.0, 204);
    assert_eq!(page.closed().await, Some(4401));
    assert!(!is_signed_in(&second).await);
    assert_eq!(hub.http().delete(&end).await.0, 404);
}
