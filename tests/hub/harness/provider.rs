//! An identity provider: its keys, where they stand, and the tokens that it signs.

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::within;

/// A provider whose key set is fetched from it.
pub struct Provider {
    /// Where its key set stands.
    pub address: String,
    answer: Arc<Mutex<String>>,
    asked: mpsc::Receiver<()>,
}

impl Provider {
    /// One that answers with these keys.
    pub async fn with(keys: &[&Signer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/keys", listener.local_addr().unwrap());
        let answer = Arc::new(Mutex::new(String::new()));
        let (tell, asked) = mpsc::channel(1_000);
        let says = answer.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let Ok(byte) = stream.read_u8().await else { break };
                    head.push(byte);
                }
                let answer = says.lock().clone();
                // A hub that has had enough of the answer closes before its end.
                drop(stream.write_all(answer.as_bytes()).await);
                tell.send(()).await.unwrap();
            }
        });
        let provider = Self { address, answer, asked };
        provider.has(keys);
        provider
    }

    /// From now on it has these keys.
    pub fn has(&self, keys: &[&Signer]) {
        let keys: Vec<&Value> = keys.iter().map(|signer| &signer.jwk).collect();
        self.answers("200 OK", &json!({ "keys": keys }).to_string());
    }

    /// From now on it answers so.
    pub fn answers(&self, status: &str, body: &str) {
        let length = body.len();
        *self.answer.lock() = format!(
            "HTTP/1.1 {status}\r\nlocation: http://127.0.0.1:9/\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        );
    }

    /// Waits until it is asked.
    pub async fn is_asked(&mut self) {
        within(self.asked.recv()).await.unwrap();
    }

    /// How often it was asked since.
    pub fn times_asked(&mut self) -> usize {
        let mut times = 0;
        while self.asked.try_recv().is_ok() {
            times += 1;
        }
        times
    }
}

/// A key of a provider.
pub struct Signer {
    header: Header,
    key: EncodingKey,
    /// What stands in the set.
    pub jwk: Value,
}

impl Signer {
    /// One of the keys that were made for tests: `rsa`, `es256` or `ed25519`.
    pub fn new(name: &str, kid: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/identity/testdata");
        let pem = std::fs::read(folder.join(format!("{name}.private.pem"))).unwrap();
        let (algorithm, key) = match name {
            "rsa" => (Algorithm::RS256, EncodingKey::from_rsa_pem(&pem)),
            "es256" => (Algorithm::ES256, EncodingKey::from_ec_pem(&pem)),
            _ => (Algorithm::EdDSA, EncodingKey::from_ed_pem(&pem)),
        };
        let key = key.unwrap();
        let mut jwk = if algorithm == Algorithm::EdDSA {
            let public = std::fs::read_to_string(folder.join("ed25519.public.pem")).unwrap();
            let base64: String = public.lines().filter(|line| !line.starts_with('-')).collect();
            let der = STANDARD.decode(base64).unwrap();
            let x = URL_SAFE_NO_PAD.encode(&der[der.len() - 32..]);
            json!({ "kty": "OKP", "crv": "Ed25519", "x": x })
        } else {
            serde_json::to_value(Jwk::from_encoding_key(&key, algorithm).unwrap()).unwrap()
        };
        jwk["kid"] = json!(kid);
        jwk["use"] = json!("sig");
        Self { header: Header { kid: Some(kid.to_owned()), ..Header::new(algorithm) }, key, jwk }
    }

    /// A token of an hour that it signed.
    pub fn token(&self, subject: &str, roles: &[&str]) -> String {
        let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
        let claims =
            json!({ "sub": subject, "roles": roles, "iat": now, "exp": now + 3_600, "iss": "idp", "aud": "hub" });
        self.signs(&claims)
    }

    /// A token that claims this.
    pub fn signs(&self, claims: &Value) -> String {
        encode(&self.header, claims, &self.key).unwrap()
    }
}
