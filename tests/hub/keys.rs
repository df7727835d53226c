//! The keys that tokens are verified with: fetched from a provider, read again from files, changed while sockets live.

use serde_json::{Value, json};

use crate::harness::{Http, Hub, Log, Provider, Signer, Socket};

const DAY: &str = "24h";

/// A hub that has the keys of this provider.
async fn hub_of(provider: &Provider, refresh: &str) -> (Hub, Log) {
    Hub::start_heard(&[
        ("AUTH__JWT__HS256_SECRET", ""),
        ("AUTH__JWT__JWKS_URL", &provider.address),
        ("AUTH__JWT__JWKS_REFRESH", refresh),
        ("AUTH__JWT__ISSUER", "idp"),
        ("AUTH__JWT__AUDIENCE", "hub"),
        ("LOG__LEVEL", "info"),
    ])
    .await
}

const READ: &str = "the keys that tokens are verified with were read";

async fn is_let_in(hub: &Hub, token: &str) -> bool {
    hub.http_with(token).get("/api/v1/presences").await.0 == 200
}

async fn refused(hub: &Hub, token: &str) -> (u16, Value) {
    let (status, body) = hub.http_with(token).get("/api/v1/presences").await;
    (status, body["code"].clone())
}

#[tokio::test]
async fn a_provider_changes_its_keys_while_sockets_live() {
    let (rsa, ed, ec) = (Signer::new("rsa", "k1"), Signer::new("ed25519", "k2"), Signer::new("es256", "k3"));
    let mut provider = Provider::with(&[&rsa, &ed]).await;
    let (hub, mut log) = hub_of(&provider, DAY).await;
    log.says(READ).await;
    provider.is_asked().await;
    let mut ada = Socket::open(&hub, &rsa.token("ada", &["agent"])).await;
    let mut sue = Socket::open(&hub, &ed.token("sue", &["supervisor"])).await;
    assert_eq!(
        refused(&hub, &Signer::new("es256", "k1").token("ada", &["agent"])).await.0,
        401,
        "another key of that name"
    );
    assert_eq!(provider.times_asked(), 0, "a wrong signature is no reason to look for newer keys");

    provider.has(&[&ed, &ec]);
    assert_eq!(refused(&hub, &ec.token("ben", &["agent"])).await, (401, json!("unauthenticated")));
    log.says(READ).await;
    let mut ben = Socket::open(&hub, &ec.token("ben", &["agent"])).await;
    for socket in [&mut ada, &mut ben] {
        socket.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
    }
    ada.does(json!({ "type": "authenticate", "token": ed.token("ada", &["agent"]) })).await;
    sue.does(json!({ "type": "watch", "filter": {} })).await;
    assert!(!is_let_in(&hub, &rsa.token("ada", &["agent"])).await, "a key that its provider took back");

    assert_eq!(provider.times_asked(), 1);
    for made_up in 0..100 {
        let token = Signer::new("es256", &format!("made-up-{made_up}")).token("eve", &["admin"]);
        assert_eq!(refused(&hub, &token).await.0, 401);
    }
    assert!(provider.times_asked() <= 1, "one fetch at most for a hundred forged tokens");
    assert!(is_let_in(&hub, &ec.token("ben", &["agent"])).await);
}

#[tokio::test]
async fn a_provider_that_fails_leaves_the_last_keys_and_is_told_of() {
    let rsa = Signer::new("rsa", "k1");
    let provider = Provider::with(&[&rsa]).await;
    provider.answers("500 Internal Server Error", "");
    let (hub, mut log) = hub_of(&provider, "1s").await;
    let said = log.says("nobody can come in").await;
    assert!(said.contains("500") && said.contains(&provider.address), "{said}");
    let token = rsa.token("root", &["admin", "supervisor"]);
    assert_eq!(refused(&hub, &token).await, (503, json!("unavailable")));
    let header = format!("Bearer {token}");
    let mut early = Socket::connect(hub.address(), "/ws", &[("authorization", header.as_str())]).await;
    assert_eq!(early.expect("error").await["error"]["code"], "unavailable");
    assert_eq!(early.closed().await, Some(1013));
    let anyone = Http::anonymous(&hub);
    let (status, health) = anyone.get("/readyz").await;
    assert_eq!((status, &health["status"]), (503, &json!("unavailable")));
    assert!(health["warning"].as_str().unwrap().contains("there are no keys"), "{health}");

    provider.has(&[&rsa]);
    log.says(READ).await;
    assert!(is_let_in(&hub, &token).await);
    assert_eq!(anyone.get("/readyz").await, (200, json!({ "status": "serving" })));

    let huge = format!("{{\"keys\":[\"{}\"]}}", "x".repeat(300_000));
    let encryption = json!({ "keys": [{ "kty": "RSA", "use": "enc", "n": "AQAB", "e": "AQAB" }] }).to_string();
    for (status, body, why) in [
        ("302 Found", "", "redirects are not followed"),
        ("200 OK", "<html>sign in</html>", "no JSON"),
        ("200 OK", "[]", "a list of `keys`"),
        ("200 OK", huge.as_str(), "more than 262144 bytes"),
        ("200 OK", encryption.as_str(), "holds no public key"),
        ("404 Not Found", "", "404"),
    ] {
        provider.answers(status, body);
        let said = log.says("those of before are kept").await;
        assert!(said.contains(why), "{why}: {said}");
        assert!(is_let_in(&hub, &token).await, "{why}");
    }
    let (status, health) = anyone.get("/readyz").await;
    assert_eq!((status, &health["status"]), (200, &json!("serving")));
    assert!(health["warning"].as_str().unwrap().contains("may be older than they should"), "{health}");
    let metrics = hub.http_with(&token).raw("GET", "/metrics", "", None).await.2;
    assert!(
        metrics.contains("presence_hub_keys_failing 1\n") && metrics.contains("presence_hub_keys 1\n"),
        "{metrics}"
    );
}

#[tokio::test]
async fn keys_that_cannot_be_used_are_passed_over_and_named() {
    let rsa = Signer::new("rsa", "k1");
    let provider = Provider::with(&[]).await;
    let private = json!({ "kty": "EC", "crv": "P-256", "kid": "leaked", "x": "AA", "y": "AA", "d": "AA" });
    let odd = json!({ "kty": "EC", "crv": "secp256k1", "kid": "odd", "x": "AA", "y": "AA" });
    provider.answers("200 OK", &json!({ "keys": [private, odd, rsa.jwk, 7] }).to_string());
    let (hub, mut log) = hub_of(&provider, DAY).await;
    for (key, why) in
        [("leaked", "whoever reads it can make tokens"), ("odd", "not spoken here"), ("number 4", "as a key is")]
    {
        let said = log.says("a key is passed over").await;
        assert!(said.contains(key) && said.contains(why), "{said}");
    }
    log.says(READ).await;
    assert!(is_let_in(&hub, &rsa.token("ada", &["agent"])).await);
}

#[tokio::test]
async fn secrets_of_a_file_change_without_a_gap() {
    const OLD: &str = "the old secret, which is as long as it must be";
    const NEW: &str = "the new secret, which is as long as it must be";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secrets");
    std::fs::write(&file, OLD).unwrap();
    let settings = [
        ("AUTH__JWT__HS256_SECRET", ""),
        ("AUTH__JWT__HS256_SECRET_FILE", file.to_str().unwrap()),
        ("LOG__LEVEL", "info"),
    ];
    let (hub, mut log) = Hub::start_heard(&settings).await;
    log.says(READ).await;
    let of_old = hub.token("ada", &["agent"]);
    let mut ada = Socket::open(&hub, &of_old).await;

    std::fs::write(&file, format!("{NEW}\n{OLD}\n")).unwrap();
    log.says(READ).await;
    let of_new = hub.token("ben", &["agent"]);
    assert!(is_let_in(&hub, &of_old).await && is_let_in(&hub, &of_new).await);

    std::fs::write(&file, "too short\n").unwrap();
    let said = log.says("those of before are kept").await;
    assert!(said.contains("needs at least 32") && !said.contains("too short"), "{said}");
    assert!(is_let_in(&hub, &of_old).await && is_let_in(&hub, &of_new).await);

    std::fs::write(&file, NEW).unwrap();
    log.says(READ).await;
    assert_eq!(refused(&hub, &of_old).await, (401, json!("unauthenticated")));
    assert!(is_let_in(&hub, &of_new).await);
    ada.does(json!({ "type": "setPresence", "presenceId": "away" })).await;
}

#[tokio::test]
async fn sessions_and_tickets_end_with_the_key_of_the_token_that_they_came_from() {
    const STOLEN: &str = "a secret that somebody else has had by now";
    const NEW: &str = "the new secret, which is as long as it must be";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secrets");
    std::fs::write(&file, STOLEN).unwrap();
    let settings = [
        ("AUTH__JWT__HS256_SECRET", ""),
        ("AUTH__JWT__HS256_SECRET_FILE", file.to_str().unwrap()),
        ("LOG__LEVEL", "info"),
    ];
    let (hub, mut log) = Hub::start_heard(&settings).await;
    log.says(READ).await;
    let forged = hub.token_for("mallory", &["admin"], "10000d");
    let origin = format!("origin: http://{}\r\n", hub.address());
    let body = json!({ "token": forged });
    let (status, head, text) = Http::anonymous(&hub).raw("POST", "/session", &origin, Some(&body)).await;
    assert_eq!(status, 204, "{text}");
    let set = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    let cookie = format!("cookie: {}\r\n", set.split(';').next().unwrap());
    let whose = async |hub: &Hub| {
        let (status, session) = Http::anonymous(hub).request("GET", "/session", &cookie, None).await;
        assert_eq!(status, 200, "{session}");
        session["session"]["subject"].clone()
    };
    assert_eq!(whose(&hub).await, "mallory");
    let (status, ticket) = hub.http_with(&forged).post("/api/v1/tickets", &json!({})).await;
    assert_eq!(status, 201, "{ticket}");

    std::fs::write(&file, format!("{NEW}\n{STOLEN}\n")).unwrap();
    log.says(READ).await;
    assert_eq!(whose(&hub).await, "mallory", "while both are believed");
    std::fs::write(&file, NEW).unwrap();
    log.says(READ).await;
    assert_eq!(whose(&hub).await, Value::Null);
    let bearer = format!("Bearer {}", ticket["ticket"].as_str().unwrap());
    let mut socket = Socket::connect(hub.address(), "/ws", &[("authorization", &bearer)]).await;
    assert_eq!(socket.closed().await, Some(4401));
    let hub = hub.killed_and_started_again().await;
    assert_eq!(whose(&hub).await, Value::Null);
}
