use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::super::*;
use crate::domain::time::Timestamp;

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }
    headers
}

fn found(pairs: &[(&'static str, &str)]) -> Option<(String, Carrier)> {
    let credentials = credentials(&headers(pairs), &SessionCookie::of(None)).ok()?;
    Some((credentials.token, credentials.carrier))
}

fn hub(origin: &str, path: &str) -> PublicUrl {
    PublicUrl::new(origin.to_owned(), path.to_owned())
}

#[test]
fn the_first_credentials_present_decide() {
    let authorization = ("authorization", "Bearer one");
    let protocols = ("sec-websocket-protocol", "presence.v1.json, bearer.two");
    let cookie = ("cookie", "theme=dark; presence-hub=three");
    let some = |token: &str, carrier| Some((token.to_owned(), carrier));
    assert_eq!(found(&[cookie, protocols, authorization]), some("one", Carrier::Header));
    assert_eq!(found(&[cookie, protocols]), some("two", Carrier::SubProtocol));
    assert_eq!(found(&[cookie]), some("three", Carrier::Cookie));
    assert_eq!(found(&[]), None);
}

#[test]
fn an_empty_bearer_token_is_present_and_does_not_fall_through_to_the_cookie() {
    assert_eq!(found(&[("authorization", "bearer  x"), ("cookie", "presence-hub=y")]).unwrap().0, "x");
    assert_eq!(
        found(&[("authorization", "Bearer "), ("cookie", "presence-hub=y")]).unwrap(),
        (String::new(), Carrier::Header)
    );
}

#[test]
fn other_schemes_other_cookies_and_empty_ones_are_no_credentials() {
    assert_eq!(found(&[("authorization", "Basic YTpi")]), None);
    assert_eq!(found(&[("cookie", "presence-hub=; other=x")]), None);
    assert_eq!(found(&[("cookie", "__Host-presence-hub=x")]), None);
    let secure = SessionCookie::of(Some(&hub("https://hub.example", "")));
    let secure = credentials(&headers(&[("cookie", "__Host-presence-hub=x")]), &secure);
    assert_eq!(secure.unwrap().token, "x");
}

#[test]
fn credentials_are_not_printed() {
    let credentials = credentials(&headers(&[("authorization", "Bearer hunter2")]), &SessionCookie::of(None)).unwrap();
    assert!(!format!("{credentials:?}").contains("hunter2"));
}

#[test]
fn the_first_that_is_offered_and_spoken_is_echoed() {
    let chosen = |value: &str| sub_protocol(&headers(&[("sec-websocket-protocol", value)]));
    assert_eq!(sub_protocol(&HeaderMap::new()), Ok(SubProtocol::Unspoken));
    assert_eq!(chosen("presence.v1.json"), Ok(SubProtocol::V1));
    assert_eq!(chosen("other,presence.v1.json , bearer.x"), Ok(SubProtocol::V1));
    assert_eq!(chosen("presence.v1.json.deflate, presence.v1.json, bearer.x"), Ok(SubProtocol::V1Deflated));
    assert_eq!(chosen("presence.v1.json, presence.v1.json.deflate"), Ok(SubProtocol::V1));
    assert_eq!(chosen("presence.v1.json.deflate"), Ok(SubProtocol::V1Deflated));
    assert_eq!(chosen("presence.v1.json.zstd, presence.v1.json"), Ok(SubProtocol::V1));
    assert_eq!(chosen("presence.v2.json"), Err(UnsupportedSubProtocol));
    assert_eq!(chosen("bearer.x"), Err(UnsupportedSubProtocol));
    let refusal = UnsupportedSubProtocol.to_string();
    assert!(refusal.ends_with("; offer `presence.v1.json` or `presence.v1.json.deflate`"), "{refusal}");
    let spread = headers(&[("sec-websocket-protocol", "bearer.x"), ("sec-websocket-protocol", "presence.v1.json")]);
    assert_eq!(sub_protocol(&spread), Ok(SubProtocol::V1));
}

#[test]
fn the_cookie_is_kept_from_scripts_and_other_sites_and_ends_with_the_token() {
    let plain = SessionCookie::of(None);
    let cookie = plain.set("a.b.c", Timestamp(61_500), Timestamp(1_000)).unwrap();
    assert_eq!(cookie, "presence-hub=a.b.c; Max-Age=60; Path=/; HttpOnly; SameSite=Strict");
    let secure = SessionCookie::of(Some(&hub("https://hub.example", "")));
    assert_eq!(secure.clear(), "__Host-presence-hub=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict; Secure");
    assert_eq!(SessionCookie::of(Some(&hub("http://hub.example", ""))), plain);
    let below = SessionCookie::of(Some(&hub("https://example.com", "/presence")));
    let cleared = "__Secure-presence-hub=; Max-Age=0; Path=/presence; HttpOnly; SameSite=Strict; Secure";
    assert_eq!(below.clear(), cleared);
    for forged in ["x; Domain=evil", "x\r\nSet-Cookie: y=z", "x,y"] {
        assert!(plain.set(forged, Timestamp(1), Timestamp(0)).is_err(), "{forged}");
    }
}

#[test]
fn on_loopback_only_the_page_of_the_very_same_name_and_port_is_own() {
    let origins = Origins::new("127.0.0.1:7350".parse().unwrap(), None, vec!["https://crm.example".to_owned()]);
    assert!(origins.allows("http://127.0.0.1:7350", Some("127.0.0.1:7350")));
    assert!(origins.allows("http://localhost:7350", Some("localhost:7350")));
    assert!(origins.allows("http://[::1]:7350", Some("[::1]:7350")));
    // The local end of a tunnel.
    assert!(origins.allows("http://localhost:8000", Some("localhost:8000")));
    assert!(!origins.allows("http://localhost:5173", Some("localhost:7350")));
    assert!(!origins.allows("http://localhost:7350", None));
    assert!(!origins.allows("https://localhost:7350", Some("localhost:7350")));
    assert!(!origins.allows("http://rebound.example:7350", Some("rebound.example:7350")));
    assert!(!origins.allows("http://127.0.0.1.evil.example", Some("127.0.0.1.evil.example")));
    assert!(!origins.allows("null", Some("localhost:7350")));
    assert!(origins.allows("https://CRM.example", Some("localhost:7350")));
    assert!(!origins.allows("https://crm.example:8443", Some("localhost:7350")));
}

#[test]
fn on_the_network_the_public_url_is_own() {
    let origins = Origins::new("0.0.0.0:7350".parse().unwrap(), Some(hub("https://hub.example", "")), Vec::new());
    assert!(origins.allows("https://hub.example", Some("hub.example")));
    assert!(!origins.allows("http://hub.example", Some("hub.example")));
    assert!(!origins.allows("http://localhost:7350", Some("localhost:7350")));
    assert!(origins.is_own_host(Some("Hub.example")) && origins.is_own_host(Some("hub.example:443")));
    assert!(!origins.is_own_host(Some("hub.example:80")) && !origins.is_own_host(Some("rebound.example")));
    assert!(!origins.is_own_host(None));
    let node = origins.clone().of_a_node(Some("http://Hub-2.example:7350"));
    assert!(node.is_own_host(Some("hub.example")) && node.is_own_host(Some("hub-2.example:7350")));
    assert!(!origins.is_own_host(Some("hub-2.example:7350")) && !node.is_own_host(Some("hub-2.example")));
}

#[test]
fn behind_a_proxy_on_the_same_machine_both_names_are_own() {
    let origins = Origins::new("127.0.0.1:7350".parse().unwrap(), Some(hub("https://hub.example", "")), Vec::new());
    assert!(origins.is_own_host(Some("hub.example")) && origins.is_own_host(Some("127.0.0.1:7350")));
    assert!(origins.allows("https://hub.example", Some("127.0.0.1:7350")));
}

#[test]
fn a_host_is_a_name_of_the_hub_where_its_names_are_known() {
    let loopback = Origins::new("[::1]:7350".parse().unwrap(), None, Vec::new());
    assert!(loopback.is_own_host(Some("localhost:1")) && loopback.is_own_host(Some("[::1]")));
    assert!(!loopback.is_own_host(Some("rebound.example:7350")));
    for host in
        ["localhost:1@evil", "localhost:evil", "[::1]evil", "[::1]:evil", "[::1", "127.0.0.1:", "localhost:70000"]
    {
        assert!(!loopback.is_own_host(Some(host)), "{host}");
    }
    let nameless = Origins::new("0.0.0.0:7350".parse().unwrap(), None, Vec::new());
    assert!(nameless.is_own_host(Some("anything")));
    assert!(!nameless.allows("http://anything", Some("anything")));
}
