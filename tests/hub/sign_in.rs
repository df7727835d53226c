//! Signing in at a provider that lies, fails or is lied about. How it goes with a real one is tried in a real browser
//! (`tests/browser/sign-in.test.mjs`).

mod desk;

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Http, Hub, Socket};
use desk::{Desk, Lies, SignInProvider, time_passes};

#[tokio::test]
async fn whoever_did_not_begin_here_is_not_signed_in_here() {
    let provider = SignInProvider::start().await;
    let hub = provider.hub(&[]).await;
    let mut ada = Desk::of(&hub);
    let way = ada.begins("board").await;
    let mut mallory = Desk::of(&hub);
    let his = mallory.begins("").await;
    let code = provider.signs_in("ada", &way, Lies::None);
    let his_code = provider.signs_in("mallory", &his, Lies::None);

    for (state, code) in [(Some("made-up"), &code), (None, &code), (Some(his.state.as_str()), &his_code)] {
        let back = ada.comes_back(state, code).await;
        assert_eq!(back, "/?failed=stale&to=", "{state:?}");
    }
    let mut without_a_cookie = Desk::of(&hub);
    assert_eq!(without_a_cookie.comes_back(Some(&way.state), &code).await, "/?failed=stale&to=");
    // Somebody else's code in her own sign-in: the provider holds the verifier against it, and the nonce is another.
    assert_eq!(ada.comes_back(Some(&way.state), &his_code).await, "/?failed=refused&to=board");
    assert!(!ada.is_signed_in().await);
    let way = ada.begins("board").await;
    let code = provider.signs_in("ada", &way, Lies::None);
    assert_eq!(ada.comes_back(Some(&way.state), &code).await, "/board");
    assert!(ada.is_signed_in().await);
    assert_eq!(ada.comes_back(Some(&way.state), &code).await, "/?failed=stale&to=", "once");
    let mut late = Desk::of(&hub);
    let way = late.begins("").await;
    let code = provider.signs_in("ada", &way, Lies::None);
    time_passes(&hub, Duration::from_secs(15 * 60)).await;
    assert_eq!(late.comes_back(Some(&way.state), &code).await, "/?failed=stale&to=");
}

#[tokio::test]
async fn a_provider_that_lies_signs_nobody_in() {
    let provider = SignInProvider::start().await;
    let hub = provider.hub(&[]).await;
    let lies = [
        (Lies::Claim("nonce", json!("another")), "refused"),
        (Lies::Claim("aud", json!("another-client")), "refused"),
        (Lies::Claim("aud", json!(["hub", "another-client"])), "refused"),
        (Lies::Claim("iss", json!("http://127.0.0.1:9")), "refused"),
        (Lies::Claim("exp", json!(1)), "refused"),
        (Lies::Claim("iat", json!(9_999_999_999_u64)), "refused"),
        (Lies::Claim("sub", json!("")), "refused"),
        (Lies::Claim("teams", json!(7)), "refused"),
        (Lies::Claim("roles", json!(["cook"])), "no_role"),
        (Lies::AnotherKey, "refused"),
        (Lies::UserinfoOfAnother, "refused"),
        (Lies::NoUserinfo, "unavailable"),
        (Lies::NoToken, "refused"),
        (Lies::Failure, "unavailable"),
    ];
    for (lie, word) in &lies {
        let mut ada = Desk::of(&hub);
        let way = ada.begins("desk").await;
        let code = provider.signs_in("ada", &way, lie.clone());
        assert_eq!(ada.comes_back(Some(&way.state), &code).await, format!("/?failed={word}&to=desk"), "{lie:?}");
        assert!(!ada.is_signed_in().await, "{lie:?}");
    }
    let mut ada = Desk::of(&hub);
    let way = ada.begins("desk").await;
    let refused = format!("error=access_denied&error_description=%3Cb%3E&state={}", way.state);
    assert_eq!(ada.comes_back_with(&refused).await, "/?failed=refused&to=desk");
    let way = ada.begins("desk").await;
    let of_another = format!("code=x&iss=http%3A%2F%2Felsewhere.example&state={}", way.state);
    assert_eq!(ada.comes_back_with(&of_another).await, "/?failed=refused&to=desk");
    assert_eq!(provider.codes_shown(), lies.len(), "a code of another provider is shown to nobody");
}

#[tokio::test]
async fn an_order_to_end_a_session_is_heard_once_and_only_from_the_provider() {
    let provider = SignInProvider::start().await;
    let hub = provider.hub(&[]).await;
    let mut ada = Desk::of(&hub);
    ada.signs_in(&provider, "ada").await;
    let mut socket = ada.opens_a_socket().await;
    let order = |claims: Value| provider.logout_token(&claims);
    for wrong in [
        "nothing".to_owned(),
        order(json!({ "sub": "ada", "aud": "another-client" })),
        order(json!({ "sub": "ada", "events": {} })),
        order(json!({ "sub": "ada", "nonce": "n" })),
        order(json!({ "sub": "ada", "exp": 1 })),
        provider.logout_token_of_another_key(),
    ] {
        let (status, problem) = ada.hears_an_order(&wrong).await;
        assert_eq!(status, 400, "{problem}");
    }
    // An order about somebody else, or about a session that began later, ends nothing.
    let early = order(json!({ "sub": "ada", "jti": "early", "iat": 1_000_000_000, "exp": 9_999_999_999_u64 }));
    for other in
        [order(json!({ "sub": "ben", "jti": "b" })), order(json!({ "sub": "ben", "sid": "s-ada", "jti": "c" })), early]
    {
        assert_eq!(ada.hears_an_order(&other).await.0, 200);
    }
    assert!(ada.is_signed_in().await);
    let right = order(json!({ "sub": "ada", "sid": "s-ada", "jti": "a" }));
    assert_eq!(ada.hears_an_order(&right).await.0, 200);
    assert_eq!(socket.closed().await, Some(4401));
    assert!(!ada.is_signed_in().await);
    assert_eq!(ada.hears_an_order(&right).await.0, 400, "once");
    let hub = hub.killed_and_started_again().await;
    assert!(!ada.at(&hub).is_signed_in().await);
}

#[tokio::test]
async fn whom_the_provider_signs_out_while_they_come_back_is_not_signed_in() {
    let provider = SignInProvider::start().await;
    let hub = provider.hub(&[]).await;
    let early = json!({ "sub": "ada", "sid": "s-ada", "jti": "early", "iat": 1_000_000_000, "exp": 9_999_999_999_u64 });
    for (order, back) in [
        (early, "/desk"),
        (json!({ "sub": "ada", "sid": "s-other", "jti": "other" }), "/desk"),
        (json!({ "sub": "ada", "sid": "s-ada", "jti": "session" }), "/?failed=stale&to=desk"),
        (json!({ "sub": "ben", "jti": "another" }), "/?failed=stale&to=desk"),
    ] {
        let mut desk = Desk::of(&hub);
        let way = desk.begins("desk").await;
        let who = order["sub"].as_str().unwrap();
        let code = provider.signs_in(who, &way, Lies::None);
        assert_eq!(desk.hears_an_order(&provider.logout_token(&order)).await.0, 200);
        assert_eq!(desk.comes_back(Some(&way.state), &code).await, back, "{order}");
        assert_eq!(desk.is_signed_in().await, back == "/desk", "{order}");
    }
    let root = Http::with_token(&hub, provider.access_token("root", &["admin"]));
    let (_, list) = root.get("/api/v1/sessions").await;
    assert_eq!(list["items"], json!([]), "nobody is left whom the provider signed out");
}

#[tokio::test]
async fn whoever_makes_codes_up_does_not_keep_the_provider_busy_for_ever() {
    let provider = SignInProvider::start().await;
    let hub = provider.hub(&[("LIMITS__BAD_TOKENS_PER_ADDRESS", "1")]).await;
    let mut ada = Desk::of(&hub);
    let root = Http::with_token(&hub, provider.access_token("root", &["admin"]));
    assert_eq!(root.get("/api/v1/presences").await.0, 200);
    // Five at once, and one a second after that, which nobody keeps up with.
    let mut refused = 0;
    loop {
        let way = ada.begins("desk").await;
        match ada.comes_back(Some(&way.state), "made-up").await.as_str() {
            "/?failed=refused&to=desk" => refused += 1,
            "/?failed=unavailable&to=desk" => break,
            other => panic!("{other}"),
        }
    }
    assert!((5..100).contains(&refused), "{refused}");
    assert_eq!(provider.codes_shown(), refused, "then the provider is not asked");
    let (_, metrics) = Http::anonymous(&hub).get("/metrics").await;
    assert!(metrics.as_str().unwrap().contains("presence_hub_limited_total{limit=\"bad_tokens_of_address\"}"));
    assert_eq!(root.get("/api/v1/presences").await.0, 200, "whoever was believed before goes on");
}

#[tokio::test]
async fn a_session_is_one_of_so_many_ends_with_its_person_and_needs_no_token_to_go_on() {
    let provider = SignInProvider::start().await;
    let hub = provider.hub(&[("AUTH__OIDC__SESSION_IDLE", "10m"), ("AUTH__OIDC__SESSION_MAX", "30m")]).await;
    let mut first = Desk::of(&hub);
    first.signs_in(&provider, "ada").await;
    let mut socket = first.opens_a_socket().await;
    let ends = |answer: &Value| answer["tokenExpiresAt"].as_str().unwrap().to_owned();
    let soon = ends(&socket.does(json!({ "type": "authenticate" })).await);
    assert_eq!(soon, ends(&socket.does(json!({ "type": "authenticate" })).await), "nothing is kept for nothing");
    time_passes(&hub, Duration::from_secs(9 * 60)).await;
    socket.expect("tokenExpiring").await;
    let later = ends(&socket.does(json!({ "type": "authenticate" })).await);
    assert!(later > soon, "{later}");
    let mut with_token = Socket::open(&hub, &provider.access_token("crm", &["integration"])).await;
    assert_eq!(with_token.refused(json!({ "type": "authenticate" })).await, "invalid");

    let mut desks = Vec::new();
    for _ in 0..32 {
        let mut desk = Desk::of(&hub);
        desk.signs_in(&provider, "ada").await;
        desks.push(desk);
    }
    assert!(!first.is_signed_in().await, "one more ends the oldest");
    assert!(desks[0].is_signed_in().await);
    let root = Http::with_token(&hub, provider.access_token("root", &["admin"]));
    let (_, list) = root.get("/api/v1/sessions?subject=ada&limit=30").await;
    assert_eq!(list["items"].as_array().unwrap().len(), 30);
    let (_, rest) =
        root.get(&format!("/api/v1/sessions?subject=ada&cursor={}", list["nextCursor"].as_str().unwrap())).await;
    assert_eq!(rest["items"].as_array().unwrap().len(), 2);
    let mut eve = Desk::of(&hub);
    eve.signs_in(&provider, "eve").await;
    // Sign out everywhere.
    assert_eq!(root.post("/api/v1/revocations", &json!({ "subject": "ada" })).await.0, 201);
    assert!(!desks[31].is_signed_in().await);
    let hub = hub.killed_and_started_again().await;
    let eve = eve.at(&hub);
    assert_eq!((eve.is_signed_in().await, desks.remove(31).at(&hub).is_signed_in().await), (true, false));
    time_passes(&hub, Duration::from_secs(31 * 60)).await;
    assert!(!eve.is_signed_in().await, "who does nothing for so long is signed out");
}

#[tokio::test]
async fn the_log_at_its_loudest_tells_nothing_that_somebody_could_sign_in_with() {
    const SECRET: &str = "correct-horse-battery-staple";
    let provider = SignInProvider::start().await;
    let more = [("LOG__LEVEL", "trace,hyper=trace"), ("AUTH__OIDC__CLIENT_SECRET", SECRET)];
    let (hub, mut log) = Hub::start_heard(&[&provider.settings()[..], &more].concat()).await;
    log.says(desk::READ).await;
    let said = tokio::spawn(log.rest());
    let mut ada = Desk::of(&hub);
    let way = ada.begins("desk").await;
    let mut secrets: Vec<_> = ada.cookies().cloned().collect();
    let code = provider.signs_in("ada", &way, Lies::None);
    assert_eq!(ada.comes_back(Some(&way.state), &code).await, "/desk");
    let order = provider.logout_token(&json!({ "sub": "ada", "jti": "a" }));
    secrets.extend(ada.cookies().cloned().chain([code, order.clone(), SECRET.to_owned()]));
    assert_eq!(ada.hears_an_order(&order).await.0, 200);
    drop(hub);
    let said = said.await.unwrap();
    assert!(said.contains(" DEBUG "), "the log is as loud as it gets");
    for secret in secrets {
        assert!(!said.contains(&secret), "the log tells {secret}");
    }
}

#[tokio::test]
async fn who_signed_in_and_out_and_who_tried_is_in_the_audit_and_an_erased_person_has_no_session() {
    let provider = SignInProvider::start().await;
    let hub = provider.hub(&[]).await;
    let mut ada = Desk::of(&hub);
    ada.signs_in(&provider, "ada").await;
    let way = ada.begins("").await;
    let code = provider.signs_in("ada", &way, Lies::Claim("roles", json!(["cook"])));
    ada.comes_back(Some(&way.state), &code).await;
    ada.opens_a_socket().await.tab_closes().await;
    let root = Http::with_token(&hub, provider.access_token("root", &["admin"]));
    let (_, list) = root.get("/api/v1/audit?action=SIGN_IN").await;
    let entries: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["outcome"].as_str().unwrap(), entry["about"].as_str().unwrap_or_default(), &entry["actor"]))
        .collect();
    assert!(entries.contains(&("DONE", "person/ada", &json!("ada"))), "{list}");
    assert!(entries.contains(&("REFUSED", "person/ada", &json!("ada"))), "{list}");
    assert_eq!(root.delete("/api/v1/agents/ada").await.0, 204);
    assert!(ada.is_signed_in().await, "a session is somebody's, agent or not");
    assert_eq!(root.post("/api/v1/erasures", &json!({ "id": "ada" })).await.0, 200);
    assert!(!ada.is_signed_in().await);
    let hub = hub.killed_and_started_again().await;
    assert!(!ada.at(&hub).is_signed_in().await);
}

#[tokio::test]
async fn somebody_whose_token_has_a_new_key_waits_for_it_and_is_signed_in() {
    let provider = SignInProvider::start().await;
    let hub = provider.hub(&[("AUTH__JWT__JWKS_REFRESH", "24h")]).await;
    let mut ada = Desk::of(&hub);
    let way = ada.begins("desk").await;
    let code = provider.signs_in("ada", &way, Lies::NewKey);
    assert_eq!(ada.comes_back(Some(&way.state), &code).await, "/desk");
}

#[tokio::test]
async fn metadata_of_another_issuer_are_not_believed_and_that_is_told() {
    let provider = SignInProvider::start().await;
    let other = provider.other_name();
    let settings = [&provider.settings()[..], &[("AUTH__OIDC__ISSUER", other.as_str())]].concat();
    let (hub, mut log) = Hub::start_heard(&settings).await;
    let said = log.says("nobody can come in").await;
    assert!(said.contains("must be the same, to the letter") && said.contains(&other), "{said}");
    let (status, health) = Http::anonymous(&hub).get("/readyz").await;
    assert_eq!((status, health["warning"].as_str().unwrap().contains("to the letter")), (503, true), "{health}");
    let back = Desk::of(&hub).goes("/sign-in?returnTo=board").await;
    assert_eq!(back, "/?failed=unavailable&to=board");
}
