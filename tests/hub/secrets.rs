//! Secrets and tokens are told to nobody: not in the log at its loudest, not in answers, frames or metrics, not by
//! commands.

use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::harness::{Http, Hub, SECRET, Socket};

/// All that was said, and by whom.
#[derive(Default)]
struct Heard(Vec<(String, String)>);

impl Heard {
    fn hears(&mut self, who: &str, said: impl ToString) {
        self.0.push((who.to_owned(), said.to_string()));
    }

    /// Everything that a socket is sent until it is closed, or has answered so many times.
    async fn frames(&mut self, who: &str, socket: &mut Socket, many: usize) {
        for _ in 0..many {
            match socket.next().await {
                Ok(frame) => self.hears(who, frame),
                Err(_) => return,
            }
        }
    }

    fn says_nothing_of(&self, secret: &str) {
        for (who, said) in &self.0 {
            // The middle of it: nothing that begins or ends like others.
            let part = &secret[secret.len() / 4..secret.len() * 3 / 4];
            let place = said.find(part).map(|at| &said[at.saturating_sub(200)..at]);
            assert!(place.is_none(), "{who} tells a secret after: {}", place.unwrap_or_default());
        }
    }
}

/// The part of a token by which it is known, and the one that nobody can make.
fn parts(token: &str) -> [&str; 2] {
    let mut parts = token.split('.').skip(1);
    [parts.next().unwrap(), parts.next().unwrap()]
}

#[tokio::test]
async fn the_log_at_its_loudest_answers_frames_and_metrics_tell_no_secret_and_no_token() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let hub = Hub::start_written(&[("LOG__LEVEL", "trace,tungstenite=trace,hyper=trace")], &log).await;
    let mut heard = Heard::default();
    let token = |subject: &str, roles: &[&str]| hub.token(subject, roles);
    let (ada, renewed, root, sue) =
        (token("ada", &["agent"]), token("ada", &["agent"]), token("root", &["admin"]), token("sue", &["supervisor"]));
    let expired = hub.token_saying(&json!({ "sub": "late", "roles": ["agent"], "exp": 1 }));
    let nothing = hub.token_saying(&json!({ "sub": "nobody", "roles": ["cook"], "exp": 9_999_999_999_u64 }));
    let (body, _) = ada.rsplit_once('.').unwrap();
    let forged = format!("{body}.{}", "c2lnbmF0dXJlLXRoYXQtaXMtbm9uZS1idXQtbG9uZy1lbm91Z2g");
    let tokens = [&ada, &renewed, &root, &sue, &expired, &nothing, &forged];

    // In every carrier.
    let protocols = format!("presence.v1.json, bearer.{ada}");
    let mut page = Socket::connect(hub.address(), "/ws", &[("sec-websocket-protocol", &protocols)]).await;
    heard.frames("a socket", &mut page, 1).await;
    let origin = format!("origin: http://{}\r\n", hub.address());
    let anyone = Http::anonymous(&hub);
    for token in tokens {
        let (_, head, body) = anyone.raw("POST", "/session", &origin, Some(&json!({ "token": token }))).await;
        // The cookie is for whoever showed the token.
        let head = head.lines().filter(|line| !line.starts_with("set-cookie")).collect::<String>();
        heard.hears("POST /session", head + &body);
        let cookie = format!("cookie: presence-hub={token}\r\n{origin}");
        for (who, headers) in
            [("a cookie", cookie.as_str()), ("a header", &format!("authorization: Bearer {token}\r\n"))]
        {
            for path in ["/session", "/api/v1/agents", "/api/v1/nothing", "/metrics", "/ws"] {
                let (_, head, body) = anyone.raw("GET", path, headers, None).await;
                heard.hears(who, head + &body);
            }
        }
        let header = format!("Bearer {token}");
        let mut socket = Socket::connect(hub.address(), "/ws", &[("authorization", &header)]).await;
        heard.frames("a socket", &mut socket, 1).await;
        // Where no token belongs.
        for wrong in [json!({ "tokn": token }), json!({ "token": [token] }), json!(token)] {
            heard.hears("POST /session", anyone.raw("POST", "/session", &origin, Some(&wrong)).await.2);
        }
    }
    // In frames: right, wrong, and not even JSON.
    let broken = format!("{{\"type\":\"authenticate\",\"id\":1,\"token\":\"{renewed}");
    for frame in [
        json!({ "type": "authenticate", "id": 1, "token": renewed }).to_string(),
        json!({ "type": "authenticate", "id": 2, "token": sue }).to_string(),
        json!({ "type": "authenticate", "id": 3, "token": forged }).to_string(),
        json!({ "type": "authenticate", "id": 4, "token": [renewed] }).to_string(),
        json!({ "type": "authenticate", "id": 5, "tokn": renewed }).to_string(),
        broken,
    ] {
        page.send_raw(Message::text(frame)).await;
        heard.frames("a socket", &mut page, 1).await;
    }
    let administrator = hub.http_with(&root);
    let webhook = json!({ "url": "http://127.0.0.1:9/" });
    let (status, created) = administrator.post("/api/v1/webhooks", &webhook).await;
    assert_eq!(status, 201, "{created}");
    let webhook_secret = created["secret"].as_str().unwrap().to_owned();
    administrator.post("/api/v1/revocations", &json!({ "subject": "sue" })).await;
    for path in ["webhooks", "revocations", "settings", "agents"] {
        heard.hears(path, administrator.get(&format!("/api/v1/{path}")).await.1);
    }
    heard.hears("metrics", hub.http_with(&token("sam", &["supervisor"])).raw("GET", "/metrics", "", None).await.2);
    // The socket has another token since it was renewed.
    assert_eq!(hub.http_with(&renewed).delete("/session").await.0, 204);
    heard.frames("a socket", &mut page, 100).await;
    // A panic says what it knows.
    anyone.post("/test/panic", &json!({ "task": "the heart" })).await;
    let mut hub = hub;
    hub.ended().await;

    let log = std::fs::read_to_string(&log).unwrap();
    assert!(log.contains(" DEBUG ") && log.contains("a task panicked"), "the log is as loud as it gets");
    heard.hears("the log", log);
    for secret in [SECRET, &webhook_secret].into_iter().chain(tokens.iter().flat_map(|token| parts(token))) {
        heard.says_nothing_of(secret);
    }
}

#[test]
fn commands_tell_no_secret_of_settings_that_are_wrong() {
    const SECRET: &str = "correct-horse-battery-staple-0123456789";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hub.toml");
    for settings in [
        format!("[auth.jwt]\nhs256_secret = \"{SECRET}\n"),
        format!("[auth.jwt]\nhs256_secret = {SECRET}\n"),
        format!("[auth.jwt]\nhs256_secret = [\"{SECRET}\"]\n"),
        format!("[auth.jwt]\nhs256_secret = {{ text = \"{SECRET}\" }}\n"),
        format!("[auth.jwt]\nhs256_secret = \"{SECRET}\"\nhs256_secret = \"{SECRET}\"\n"),
        format!("[auth.jwt]\nhs256_secrets = \"{SECRET}\"\n"),
        format!("[auth]\nmode = \"jwt\"\njwt.hs256_secret = \"{SECRET}\"\njwt.jwks_file = \"x\"\n"),
        format!("[auth]\nmode = \"jwt\"\njwt.hs256_secret = \"{}\"\n", &SECRET[..30]),
    ] {
        std::fs::write(&file, &settings).unwrap();
        for command in ["check-config", "serve", "token"] {
            let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_presence-hub"));
            program.current_dir(folder.path()).args(["--config", file.to_str().unwrap(), command]);
            if command == "token" {
                program.args(["--sub", "ada", "--role", "agent"]);
            }
            let output = program.output().unwrap();
            assert!(!output.status.success(), "{settings}");
            let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
            assert!(said.contains("hub.toml"), "{command}: {said}");
            assert!(!said.contains("horse-battery"), "{command} of\n{settings}says\n{said}");
        }
    }
}
