//! A hub that a proxy serves below a path.

use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::harness::{Http, Hub, Socket};

const PUBLIC: &str = "https://example.com/presence";

async fn hub() -> Hub {
    Hub::start_with(&[("SERVER__PUBLIC_URL", PUBLIC)]).await
}

#[tokio::test]
async fn pages_api_and_health_answer_below_the_path_and_without_it() {
    let hub = hub().await;
    let http = hub.http();
    for base in ["/presence", ""] {
        let (status, _, page) = http.raw("GET", &format!("{base}/desk"), "", None).await;
        assert_eq!(status, 200, "{base}");
        let script = page.split("src=\"./").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        for path in ["/", "/board", &format!("/{script}"), "/healthz", "/readyz", "/session", "/api/openapi.json"] {
            assert_eq!(http.raw("GET", &format!("{base}{path}"), "", None).await.0, 200, "{base}{path}");
        }
        let ada = json!({ "agentId": format!("ada{}", base.len()) });
        let (status, created) = http.post(&format!("{base}/api/v1/agents"), &ada).await;
        assert_eq!(status, 201, "{created}");
        let (status, found) = http.get(&format!("{base}/api/v1/agents?limit=1")).await;
        assert_eq!((status, found["items"].as_array().map(Vec::len)), (200, Some(1)), "{base}");
        let (status, problem) = http.get(&format!("{base}/api/v1/agents/nobody/presence")).await;
        assert_eq!((status, &problem["code"]), (404, &json!("unknown_agent")), "{base}");
    }
    for path in
        ["/presences/desk", "/Presence/desk", "/presence/presence/desk", "/other/presence/desk", "/presence//desk"]
    {
        assert_eq!(http.get(path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn the_path_alone_leads_to_the_page() {
    let hub = hub().await;
    let (status, head, _) = hub.http().raw("GET", "/presence", "", None).await;
    assert_eq!(status, 307);
    assert!(head.contains("location: /presence/\r\n"), "{head}");
}

#[tokio::test]
async fn a_socket_opens_below_the_path_too() {
    let hub = hub().await;
    let credentials = format!("Bearer {}", hub.token("ada", &["agent"]));
    for path in ["/presence/ws", "/presence/ws?roles=agent&heartbeats=answered", "/ws"] {
        let mut ada = Socket::connect(hub.address(), path, &[("authorization", &credentials)]).await;
        assert_eq!(ada.expect("welcome").await["type"], "welcome", "{path}");
    }
    let stream = TcpStream::connect(hub.address()).await.unwrap();
    assert_eq!(Socket::handshake(stream, hub.address(), "/presencews", &[]).await.err(), Some(404));
}

#[tokio::test]
async fn the_cookie_is_for_the_path_and_goes_to_nobody_else_on_the_host() {
    let hub = hub().await;
    let token = hub.token("ada", &["agent"]);
    let http = Http::anonymous(&hub);
    let origin = "origin: https://example.com\r\n";
    let sign_in = http.raw("POST", "/presence/session", origin, Some(&json!({ "token": token }))).await;
    let (status, head, body) = sign_in;
    assert_eq!(status, 204, "{body}");
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    assert!(cookie.starts_with("__Secure-presence-hub="), "{cookie}");
    assert!(cookie.ends_with("; Path=/presence; HttpOnly; SameSite=Strict; Secure"), "{cookie}");
    let kept = format!("cookie: {}\r\n", cookie.split(';').next().unwrap());
    let (_, session) = http.request("GET", "/presence/session", &kept, None).await;
    assert_eq!(session["session"]["subject"], "ada");
    let (status, head, _) = http.raw("DELETE", "/presence/session", &format!("{kept}{origin}"), None).await;
    assert_eq!(status, 204);
    assert!(head.contains("set-cookie: __Secure-presence-hub=; Max-Age=0; Path=/presence;"), "{head}");
    let (_, _, foreign) = http.raw("GET", "/presence/session", "origin: https://example.com.evil\r\n", None).await;
    assert!(foreign.contains("forbidden"), "{foreign}");
}

#[tokio::test]
async fn the_documents_say_where_the_hub_is() {
    let hub = hub().await;
    let http = Http::anonymous(&hub);
    let (_, openapi) = http.get("/presence/api/openapi.json").await;
    assert_eq!(openapi["servers"][0]["url"], PUBLIC);
    let (_, asyncapi) = http.get("/presence/api/asyncapi.json").await;
    let at = &asyncapi["servers"]["hub"];
    let said = ["host", "pathname", "protocol"].map(|field| at[field].as_str().unwrap_or_default());
    assert_eq!((said, &at["variables"]), (["example.com", "/presence", "wss"], &Value::Null));
}
