//! The door: credentials, sub-protocols, roles, and what refused sockets are told.

use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::harness::{Closed, Http, Hub, Socket};

/// The error that a refused socket is told, and the code it is closed with.
async fn refusal(hub: &Hub, path: &str, headers: &[(&'static str, &str)]) -> (Value, Closed) {
    let mut socket = Socket::connect(hub.address(), path, headers).await;
    let frame = socket.next().await.unwrap();
    assert_eq!(frame["type"], "error", "{frame}");
    assert!(frame.get("id").is_none(), "{frame}");
    assert!(frame["error"]["message"].is_string(), "{frame}");
    (frame["error"]["code"].clone(), socket.closed().await)
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

#[tokio::test]
async fn credentials_are_taken_from_header_sub_protocol_and_cookie_and_the_first_decides() {
    let hub = Hub::start().await;
    let token = hub.token("sue", &["supervisor"]);
    let header = bearer(&token);
    let list = format!("presence.v1.json, bearer.{token}");
    let cookie = format!("other=1; presence-hub={token}");
    for headers in [
        vec![("authorization", header.as_str())],
        vec![("sec-websocket-protocol", list.as_str())],
        vec![("cookie", cookie.as_str())],
        vec![("authorization", header.as_str()), ("cookie", "presence-hub=rubbish")],
        vec![("sec-websocket-protocol", list.as_str()), ("cookie", "presence-hub=rubbish")],
    ] {
        let mut socket = Socket::connect(hub.address(), "/ws", &headers).await;
        assert_eq!(socket.expect("welcome").await["subject"], "sue");
    }
    for headers in [
        vec![("authorization", "Bearer rubbish"), ("sec-websocket-protocol", list.as_str())],
        vec![("authorization", "Bearer"), ("cookie", cookie.as_str())],
        vec![("sec-websocket-protocol", "presence.v1.json, bearer.rubbish"), ("cookie", cookie.as_str())],
    ] {
        assert_eq!(refusal(&hub, "/ws", &headers).await, (json!("unauthenticated"), Some(4401)), "{headers:?}");
    }
}

#[tokio::test]
async fn a_token_in_the_url_is_no_credential() {
    let hub = Hub::start().await;
    let token = hub.token("sue", &["supervisor"]);
    for name in ["token", "access_token", "bearer"] {
        let path = format!("/ws?{name}={token}");
        assert_eq!(refusal(&hub, &path, &[]).await, (json!("unauthenticated"), Some(4401)));
        let (status, _) = Http::anonymous(&hub).get(&format!("/api/v1/agents?{name}={token}")).await;
        assert_eq!(status, 401);
    }
}

#[tokio::test]
async fn the_sub_protocol_is_echoed_alone_or_not_at_all_or_refused() {
    let hub = Hub::start().await;
    let token = hub.token("sue", &["supervisor"]);
    let header = bearer(&token);
    let offers = [
        (None, Ok(None)),
        (Some("presence.v1.json".to_owned()), Ok(Some("presence.v1.json".to_owned()))),
        (Some("presence.v2.json, presence.v1.json".to_owned()), Ok(Some("presence.v1.json".to_owned()))),
        (Some(format!("presence.v1.json, bearer.{token}")), Ok(Some("presence.v1.json".to_owned()))),
        (
            Some(format!("presence.v1.json.deflate, presence.v1.json, bearer.{token}")),
            Ok(Some("presence.v1.json.deflate".to_owned())),
        ),
        (Some("presence.v1.json.zstd, presence.v1.json".to_owned()), Ok(Some("presence.v1.json".to_owned()))),
        (Some("presence.v2.json".to_owned()), Err(400)),
        (Some(format!("bearer.{token}")), Err(400)),
    ];
    for (offered, expected) in offers {
        let mut headers = vec![("authorization", header.as_str())];
        headers.extend(offered.iter().map(|list| ("sec-websocket-protocol", list.as_str())));
        let stream = TcpStream::connect(hub.address()).await.unwrap();
        let answer = Socket::handshake(stream, hub.address(), "/ws", &headers).await;
        assert_eq!(answer.map(|(_, protocol)| protocol), expected, "{offered:?}");
    }
}

#[tokio::test]
async fn a_refused_socket_is_told_why_and_closed_with_a_code_that_says_so() {
    let hub = Hub::start_with(&[("SESSIONS__MAX_SESSIONS_PER_SUBJECT", "1")]).await;
    let http = hub.http();
    let (status, _) = http.put("/api/v1/agents/off", &json!({ "enabled": false })).await;
    assert_eq!(status, 201);
    let sue = bearer(&hub.token("sue", &["supervisor"]));
    let agent = bearer(&hub.token("off", &["agent"]));
    assert_eq!(refusal(&hub, "/ws", &[]).await, (json!("unauthenticated"), Some(4401)));
    let headers = [("authorization", "Bearer rubbish")];
    assert_eq!(refusal(&hub, "/ws", &headers).await, (json!("unauthenticated"), Some(4401)));
    let headers = [("authorization", sue.as_str()), ("origin", "https://elsewhere.example")];
    assert_eq!(refusal(&hub, "/ws", &headers).await, (json!("forbidden"), Some(4403)));
    for roles in ["admin", "king", ""] {
        let path = format!("/ws?roles={roles}");
        assert_eq!(refusal(&hub, &path, &[("authorization", &sue)]).await, (json!("forbidden"), Some(4403)), "{roles}");
    }
    assert_eq!(refusal(&hub, "/ws", &[("authorization", &agent)]).await, (json!("agent_disabled"), Some(4404)));
    let first = hub.supervisor().await;
    assert_eq!(refusal(&hub, "/ws", &[("authorization", &sue)]).await, (json!("rate_limited"), Some(4409)));
    drop(first);
}

#[tokio::test]
async fn one_connection_too_many_is_told_to_come_back_later() {
    let hub = Hub::start_with(&[("SERVER__MAX_CONNECTIONS", "1")]).await;
    let _first = hub.supervisor().await;
    let header = bearer(&hub.token("sam", &["supervisor"]));
    assert_eq!(refusal(&hub, "/ws", &[("authorization", &header)]).await.1, Some(1013));
}

#[tokio::test]
async fn an_unknown_agent_gets_a_record_or_is_refused_as_the_settings_say() {
    let hub = Hub::start().await;
    let http = hub.http();
    let token = hub.token_of("new", &["agent"], &["billing"]);
    let socket = Socket::open(&hub, &token).await;
    assert_eq!(socket.welcome["agent"]["teams"], json!(["billing"]));
    assert_eq!(http.get("/api/v1/agents/new").await.0, 200);
    assert_eq!(http.patch("/api/v1/settings", &json!({ "autoProvisionAgents": false })).await.0, 200);
    let header = bearer(&hub.token("newer", &["agent"]));
    assert_eq!(refusal(&hub, "/ws", &[("authorization", &header)]).await, (json!("unknown_agent"), Some(4404)));
    assert_eq!(http.get("/api/v1/agents/newer").await.0, 404);
}

#[tokio::test]
async fn narrowed_roles_open_a_board_without_becoming_routable() {
    let hub = Hub::start().await;
    let header = bearer(&hub.token("tess", &["agent", "supervisor"]));
    let headers = [("authorization", header.as_str())];
    let mut board = Socket::connect(hub.address(), "/ws?roles=supervisor", &headers).await;
    board.welcome = board.expect("welcome").await;
    assert_eq!(board.welcome["roles"], json!(["supervisor"]));
    assert!(board.welcome.get("agent").is_none() && board.welcome.get("presenceOptions").is_none());
    assert_eq!(hub.http().get("/api/v1/agents/tess").await.0, 404, "the socket signed the agent in");
    assert_eq!(board.refused(json!({ "type": "setPresence", "presenceId": "away" })).await, "forbidden");
    board.does(json!({ "type": "watch", "filter": {} })).await;

    let mut desk = Socket::connect(hub.address(), "/ws?roles=agent", &headers).await;
    assert_eq!(desk.expect("welcome").await["agent"]["isAgentLoggedIn"], true);
    assert_eq!(desk.refused(json!({ "type": "watch", "filter": {} })).await, "forbidden");
    let mut both = Socket::connect(hub.address(), "/ws", &headers).await;
    assert_eq!(both.expect("welcome").await["roles"], json!(["agent", "supervisor"]));
    both.does(json!({ "type": "watch", "filter": {} })).await;
    both.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
}

#[tokio::test]
async fn the_welcome_says_everything_that_a_client_starts_from() {
    let hub = Hub::start().await;
    let ada = hub.signs_in("ada").await;
    let welcome = &ada.welcome;
    for field in ["sessionId", "epoch", "serverTime", "tokenExpiresAt"] {
        assert!(welcome[field].is_string(), "{field}: {welcome}");
    }
    assert!(welcome["seq"].is_u64() && welcome["heartbeatSeconds"].is_u64(), "{welcome}");
    assert_eq!((&welcome["roles"], &welcome["subject"]), (&json!(["agent"]), &json!("ada")));
    assert_eq!(welcome["agent"]["agentId"], "ada");
    let options: Vec<&str> =
        welcome["presenceOptions"].as_array().unwrap().iter().map(|one| one["presenceId"].as_str().unwrap()).collect();
    assert_eq!(options.len(), 5, "{options:?}");
    assert!(!options.contains(&"inactive"));
    let sue = hub.supervisor().await;
    assert!(sue.welcome.get("agent").is_none() && sue.welcome.get("presenceOptions").is_none());
}

#[tokio::test]
async fn http_never_signs_in() {
    let hub = Hub::start().await;
    assert_eq!(hub.http().put("/api/v1/agents/ada", &json!({})).await.0, 201);
    let ada = hub.http_as("ada", &["agent"]);
    let (status, body) = ada.put("/api/v1/agents/ada/presence", &json!({ "presenceId": "available" })).await;
    assert_eq!((status, &body["code"]), (409, &json!("agent_not_connected")));
    assert_eq!(ada.get("/api/v1/agents/ada/presence").await.1["isAgentLoggedIn"], false);
}

#[tokio::test]
async fn only_pages_of_the_hub_and_of_allowed_origins_may_use_it() {
    let hub = Hub::start_with(&[("SERVER__ALLOWED_ORIGINS", "https://crm.example")]).await;
    let http = hub.http();
    let own = format!("http://{}", hub.address());
    for (origin, status) in [(own.as_str(), 200), ("https://crm.example", 200), ("https://elsewhere.example", 403)] {
        let headers = format!("origin: {origin}\r\n");
        assert_eq!(http.request("GET", "/api/v1/agents", &headers, None).await.0, status, "{origin}");
    }
    let header = bearer(&hub.token("sue", &["supervisor"]));
    let headers = [("authorization", header.as_str()), ("origin", "https://crm.example")];
    Socket::connect(hub.address(), "/ws", &headers).await.expect("welcome").await;
}

#[tokio::test]
async fn a_name_that_is_not_the_hubs_is_not_answered() {
    let hub = Hub::start().await;
    let http = Http::anonymous(&hub);
    let ask = |path: &str, host: &str| format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    for path in ["/api/v1/agents", "/session", "/ws", "/"] {
        let (status, _, body) = http.speaks(&ask(path, "rebound.example")).await;
        assert_eq!(status, 403, "{path}: {body}");
    }
    assert_eq!(http.speaks(&ask("/healthz", "rebound.example")).await.0, 200);
    assert_eq!(http.speaks(&ask("/session", "localhost")).await.0, 200);
}

#[tokio::test]
async fn a_request_that_is_no_upgrade_gets_a_plain_status() {
    let hub = Hub::start().await;
    let (status, body) = hub.http().get("/ws").await;
    assert_eq!((status, &body["code"]), (426, &json!("upgrade_required")));
}

#[tokio::test]
async fn a_handshake_is_held_to_the_protocol_and_told_what_is_wrong() {
    let hub = Hub::start().await;
    let http = Http::anonymous(&hub);
    let right = "upgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\n\
                 sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let ask = |method: &str, version: &str, headers: &str| {
        let host = hub.address();
        format!("{method} /ws HTTP/{version}\r\nhost: {host}\r\nauthorization: Bearer x\r\n{headers}\r\n")
    };
    for (wrong, instead, status, said) in [
        ("upgrade: websocket\r\n", "", 426, "WebSocket client"),
        ("upgrade: websocket\r\n", "upgrade: h2c\r\n", 426, "WebSocket client"),
        ("connection: Upgrade\r\n", "connection: close\r\n", 426, "WebSocket client"),
        ("sec-websocket-version: 13\r\n", "connection: close\r\n", 426, "Sec-WebSocket-Version"),
        ("-version: 13", "-version: 8", 426, "Sec-WebSocket-Version"),
        ("-version: 13", "-version: 13, 8", 426, "Sec-WebSocket-Version"),
        ("sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==", "connection: close", 400, "Sec-WebSocket-Key"),
        ("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZQ==", 400, "Sec-WebSocket-Key"),
        ("dGhlIHNhbXBsZSBub25jZQ==", "the sample nonce", 400, "Sec-WebSocket-Key"),
        ("sec-websocket-key", "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-key", 400, "once"),
    ] {
        let headers = right.replacen(wrong, instead, 1);
        let closing = if headers.contains("close") { headers } else { headers + "connection: close\r\n" };
        let (answered, head, body) = http.speaks(&ask("GET", "1.1", &closing)).await;
        assert_eq!(answered, status, "{instead}: {body}");
        assert!(body.contains(said), "{instead}: {body}");
        let head = head.to_ascii_lowercase();
        assert_eq!(status == 426, head.contains("\r\nsec-websocket-version: 13"), "{head}");
    }
    let (status, _, body) = http.speaks(&ask("GET", "1.0", right)).await;
    assert_eq!(status, 400, "{body}");
    let with_body = format!("{right}connection: close\r\ncontent-length: 2\r\n");
    let (status, _, body) = http.speaks(&format!("{}{{}}", ask("GET", "1.1", &with_body))).await;
    assert!(status == 400 && body.contains("no body"), "{body}");
}

#[tokio::test]
async fn no_answer_is_kept_framed_or_taken_for_something_else() {
    let plain = Hub::start().await;
    let https = Hub::start_with(&[("SERVER__PUBLIC_URL", "https://presence.example.com")]).await;
    for path in [
        "/api/v1/agents",
        "/api/v1/agents/nobody",
        "/api/v1/none",
        "/none",
        "/session",
        "/healthz",
        "/metrics",
        "/desk",
    ] {
        for (hub, is_https) in [(&plain, false), (&https, true)] {
            let (_, head, _) = hub.http().raw("GET", path, "", None).await;
            let head = head.to_lowercase();
            for line in ["x-content-type-options: nosniff", "referrer-policy: no-referrer", "frame-ancestors 'none'"] {
                assert_eq!(head.matches(line).count(), 1, "{path}: {line} in {head}");
            }
            let kept = if path == "/desk" { "no-cache" } else { "no-store" };
            assert!(head.contains(&format!("cache-control: {kept}")), "{path}: {head}");
            assert_eq!(head.contains("strict-transport-security: max-age=31536000"), is_https, "{path}: {head}");
        }
    }
}
