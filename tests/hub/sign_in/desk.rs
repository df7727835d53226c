//! A provider that can be made to lie, and a browser without its pages.

use std::collections::HashMap;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::harness::{Http, Hub, Log, Signer, Socket};

/// What a hub says once it knows the provider's keys.
pub const READ: &str = "the keys that tokens are verified with were read";

const CLIENT: &str = "hub";
const AUDIENCE: &str = "api";
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What a provider does wrong.
#[derive(Clone, Debug)]
pub enum Lies {
    None,
    /// The ID token claims this.
    Claim(&'static str, Value),
    /// It signs with a new key, which is in its set from now on.
    NewKey,
    /// The ID token is signed with a key that is not in the set, by the name of one that is.
    AnotherKey,
    UserinfoOfAnother,
    NoUserinfo,
    NoToken,
    /// It fails.
    Failure,
}

/// A provider at which people sign in.
pub struct SignInProvider {
    shared: Arc<Shared>,
    logs: Mutex<Vec<Log>>,
}

struct Shared {
    issuer: String,
    signer: Signer,
    another: Signer,
    newer: Signer,
    has_newer: Mutex<bool>,
    codes: Mutex<HashMap<String, Code>>,
    shown: Mutex<usize>,
    userinfo: Mutex<Option<Value>>,
}

struct Code {
    claims: Value,
    challenge: String,
    lie: Lies,
}

/// Where the hub sent a browser.
pub struct Way {
    pub state: String,
    nonce: String,
    challenge: String,
}

/// The hub's time goes on by so much.
pub async fn time_passes(hub: &Hub, span: std::time::Duration) {
    let span = u64::try_from(span.as_millis()).unwrap();
    let (status, body) = Http::anonymous(hub).post("/test/clock", &json!({ "advanceMs": span })).await;
    assert_eq!(status, 200, "{body}");
}

fn now() -> u64 {
    std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()
}

fn parameters(query: &str) -> HashMap<String, String> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

impl SignInProvider {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let shared = Arc::new(Shared {
            issuer: format!("http://{}", listener.local_addr().unwrap()),
            signer: Signer::new("rsa", "k1"),
            another: Signer::new("es256", "k1"),
            newer: Signer::new("ed25519", "k2"),
            has_newer: Mutex::default(),
            codes: Mutex::default(),
            shown: Mutex::default(),
            userinfo: Mutex::default(),
        });
        let provider = Self { shared: shared.clone(), logs: Mutex::default() };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(shared.clone().answers(stream));
            }
        });
        provider
    }

    /// What a hub is told whose people sign in here.
    pub fn settings(&self) -> [(&'static str, &str); 6] {
        [
            ("AUTH__MODE", "oidc"),
            ("AUTH__JWT__HS256_SECRET", ""),
            ("AUTH__JWT__AUDIENCE", AUDIENCE),
            ("AUTH__OIDC__ISSUER", &self.shared.issuer),
            ("AUTH__OIDC__CLIENT_ID", CLIENT),
            ("LOG__LEVEL", "info"),
        ]
    }

    /// Where it is, by another name than its own.
    pub fn other_name(&self) -> String {
        self.shared.issuer.replace("127.0.0.1", "localhost")
    }

    /// A hub whose people sign in here, which knows the provider's keys.
    pub async fn hub(&self, more: &[(&'static str, &str)]) -> Hub {
        let (hub, mut log) = Hub::start_heard(&[&self.settings(), more].concat()).await;
        log.says(READ).await;
        // What it says is of no interest, but somebody has to listen.
        self.logs.lock().push(log);
        hub
    }

    /// Somebody says who they are: the code that their browser takes back.
    pub fn signs_in(&self, subject: &str, way: &Way, lie: Lies) -> String {
        let mut claims = json!({
            "iss": self.shared.issuer, "aud": CLIENT, "sub": subject, "sid": format!("s-{subject}"),
            "nonce": way.nonce, "iat": now(), "exp": now() + 600,
            "name": subject, "roles": ["agent"], "teams": [],
        });
        match &lie {
            Lies::Claim(name, value) => claims[name] = value.clone(),
            Lies::UserinfoOfAnother | Lies::NoUserinfo => drop(claims.as_object_mut().unwrap().remove("roles")),
            Lies::None | Lies::NewKey | Lies::AnotherKey | Lies::NoToken | Lies::Failure => {}
        }
        let mut codes = self.shared.codes.lock();
        let code = format!("code-{}", codes.len());
        codes.insert(code.clone(), Code { claims, challenge: way.challenge.clone(), lie });
        code
    }

    /// How many codes were shown to it.
    pub fn codes_shown(&self) -> usize {
        *self.shared.shown.lock()
    }

    /// A logout token that says this beside what all say.
    pub fn logout_token(&self, says: &Value) -> String {
        let mut claims = json!({
            "iss": self.shared.issuer, "aud": CLIENT, "iat": now(), "exp": now() + 120,
            "jti": says.to_string(), "events": { LOGOUT: {} },
        });
        for (name, value) in says.as_object().unwrap() {
            claims[name] = value.clone();
        }
        self.shared.signer.signs(&claims)
    }

    /// The same, signed with a key that is not in its set.
    pub fn logout_token_of_another_key(&self) -> String {
        self.shared.newer.signs(&json!({ "iss": self.shared.issuer, "aud": CLIENT, "iat": now(), "exp": now() + 120,
            "jti": "k2", "sub": "ada", "events": { LOGOUT: {} } }))
    }

    /// What a program shows.
    pub fn access_token(&self, subject: &str, roles: &[&str]) -> String {
        self.shared.signer.signs(&json!({
            "iss": self.shared.issuer, "aud": AUDIENCE, "sub": subject, "roles": roles,
            "iat": now(), "exp": now() + 100_000,
        }))
    }
}

impl Shared {
    async fn answers(self: Arc<Self>, mut stream: TcpStream) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let Ok(byte) = stream.read_u8().await else { return };
            head.push(byte);
        }
        let head = String::from_utf8(head).unwrap().to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
        let mut body = vec![0; length.parse().unwrap()];
        stream.read_exact(&mut body).await.unwrap();
        let path = head.split(' ').nth(1).unwrap();
        let (status, answer) = self.answer(path, &String::from_utf8(body).unwrap());
        let length = answer.len();
        let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{answer}");
        drop(stream.write_all(answer.as_bytes()).await);
    }

    fn answer(&self, path: &str, body: &str) -> (u16, String) {
        let at = |path: &str| format!("{}{path}", self.issuer);
        let answer = match path {
            "/.well-known/openid-configuration" => json!({
                "issuer": self.issuer, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
                "jwks_uri": at("/keys"), "userinfo_endpoint": at("/userinfo"), "end_session_endpoint": at("/end"),
            }),
            "/keys" if *self.has_newer.lock() => json!({ "keys": [self.signer.jwk, self.newer.jwk] }),
            "/keys" => json!({ "keys": [self.signer.jwk] }),
            "/token" => return self.exchanges(&parameters(body)),
            "/userinfo" => match self.userinfo.lock().take() {
                Some(claims) => claims,
                None => return (404, String::new()),
            },
            _ => return (404, String::new()),
        };
        (200, answer.to_string())
    }

    fn exchanges(&self, asked: &HashMap<String, String>) -> (u16, String) {
        *self.shown.lock() += 1;
        let code = self.codes.lock().remove(&asked["code"]);
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, asked["code_verifier"].as_bytes()));
        let Some(Code { claims, lie, .. }) = code.filter(|code| code.challenge == challenge) else {
            return (400, json!({ "error": "invalid_grant" }).to_string());
        };
        let signer = match &lie {
            Lies::AnotherKey => &self.another,
            Lies::NewKey => {
                *self.has_newer.lock() = true;
                &self.newer
            }
            Lies::Failure => return (500, String::new()),
            Lies::NoToken => return (200, json!({ "access_token": "a" }).to_string()),
            Lies::UserinfoOfAnother => {
                *self.userinfo.lock() = Some(json!({ "sub": "another", "roles": ["admin"] }));
                &self.signer
            }
            Lies::None | Lies::Claim(..) | Lies::NoUserinfo => &self.signer,
        };
        (200, json!({ "id_token": signer.signs(&claims), "access_token": "a", "token_type": "Bearer" }).to_string())
    }
}

/// A browser, as far as its cookies go.
pub struct Desk {
    http: Http,
    address: String,
    cookies: HashMap<String, String>,
}

impl Desk {
    pub fn of(hub: &Hub) -> Self {
        Self { http: Http::anonymous(hub), address: hub.address().to_owned(), cookies: HashMap::new() }
    }

    /// The same browser, whose hub was started again.
    pub fn at(self, hub: &Hub) -> Self {
        Self { cookies: self.cookies, ..Self::of(hub) }
    }

    fn jar(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Goes somewhere, and is sent somewhere else.
    pub async fn goes(&mut self, path: &str) -> String {
        let cookie = format!("cookie: {}\r\n", self.jar());
        let (status, head, body) = self.http.raw("GET", path, &cookie, None).await;
        assert_eq!(status, 303, "{path}: {body}");
        for line in head.lines().filter_map(|line| line.strip_prefix("set-cookie: ")) {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap().to_owned()
    }

    /// Begins a sign-in, and is sent to the provider.
    pub async fn begins(&mut self, return_to: &str) -> Way {
        let to = self.goes(&format!("/sign-in?returnTo={return_to}")).await;
        let mut asked = parameters(to.split_once('?').unwrap().1);
        assert_eq!(asked["redirect_uri"], format!("http://{}/sign-in/callback", self.address));
        assert_eq!((asked["response_type"].as_str(), asked["code_challenge_method"].as_str()), ("code", "S256"));
        let mut take = |name| asked.remove(name).unwrap();
        Way { state: take("state"), nonce: take("nonce"), challenge: take("code_challenge") }
    }

    /// Is sent back by the provider; where it goes on to.
    pub async fn comes_back(&mut self, state: Option<&str>, code: &str) -> String {
        let state = state.map(|state| format!("&state={state}")).unwrap_or_default();
        self.comes_back_with(&format!("code={code}&session_state=x{state}")).await
    }

    pub async fn comes_back_with(&mut self, query: &str) -> String {
        self.goes(&format!("/sign-in/callback?{query}")).await
    }

    /// Signs in as this person.
    pub async fn signs_in(&mut self, provider: &SignInProvider, subject: &str) {
        let way = self.begins("desk").await;
        let code = provider.signs_in(subject, &way, Lies::None);
        assert_eq!(self.comes_back(Some(&way.state), &code).await, "/desk");
    }

    /// What it keeps of the hub.
    pub fn cookies(&self) -> impl Iterator<Item = &String> {
        self.cookies.values()
    }

    pub async fn is_signed_in(&self) -> bool {
        let cookie = format!("cookie: {}\r\n", self.jar());
        let (status, session) = self.http.request("GET", "/session", &cookie, None).await;
        assert_eq!(status, 200);
        !session["session"].is_null()
    }

    pub async fn opens_a_socket(&self) -> Socket {
        let mut socket = Socket::connect(&self.address, "/ws", &[("cookie", &self.jar())]).await;
        socket.expect("welcome").await;
        socket
    }

    /// The provider sends its hub this logout token.
    pub async fn hears_an_order(&self, token: &str) -> (u16, String) {
        let body = format!("logout_token={token}");
        let request = format!(
            "POST /sign-in/back-channel-logout HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let (status, _, answer) = self.http.speaks(request).await;
        (status, answer)
    }
}
