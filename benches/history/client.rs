//! The hub, and those who talk to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;

const SECRET: &str = "a secret of the benches, long enough for HS256 to be believed";

/// A connection that stays, of a caller of its own.
pub struct Http {
    stream: BufReader<TcpStream>,
    address: String,
    bearer: String,
}

impl Http {
    pub fn of(hub: &Hub) -> Self {
        let stream = TcpStream::connect(&hub.address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream), address: hub.address.clone(), bearer: bearer() }
    }

    pub fn get(&mut self, path: &str) -> String {
        self.request("GET", path, "")
    }

    pub fn post(&mut self, path: &str, body: &str) -> String {
        self.request("POST", path, body)
    }

    fn request(&mut self, method: &str, path: &str, body: &str) -> String {
        let (address, length, bearer) = (&self.address, body.len(), &self.bearer);
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: {bearer}\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}"
        );
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut line, mut length) = (String::new(), 0);
        self.stream.read_line(&mut line).unwrap();
        let status = line.clone();
        while line != "\r\n" {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            if let Some((name, value)) =
                line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            {
                length = value.trim().parse().unwrap_or_else(|_| panic!("{name}: {value}"));
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer).unwrap();
        let answer = String::from_utf8(answer).unwrap();
        assert!(status.contains(" 200 "), "{status} {path} {answer}");
        answer
    }
}

/// A token of somebody new: each caller has an allowance of its own.
pub fn bearer() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let subject = format!("bench-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let roles = ["supervisor", "integration", "admin"];
    let claims = json!({ "sub": subject, "roles": roles, "exp": 4_102_444_800_u64, "jti": subject });
    let key = jsonwebtoken::EncodingKey::from_secret(SECRET.as_bytes());
    format!("Bearer {}", jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).unwrap())
}

/// The program over a folder.
pub fn program(folder: &Path) -> Command {
    let program = std::env::var_os("PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_presence-hub").into());
    let mut command = Command::new(program);
    command.current_dir(env!("CARGO_TARGET_TMPDIR"));
    command.env("PRESENCE_HUB__STORAGE__PATH", folder).env("PRESENCE_HUB__SERVER__LISTEN", "127.0.0.1:0");
    command.env("PRESENCE_HUB__AUTH__MODE", "jwt").env("PRESENCE_HUB__AUTH__JWT__HS256_SECRET", SECRET);
    command.env("PRESENCE_HUB__LOG__LEVEL", "warn");
    command
}

/// The release hub, until it is dropped.
pub struct Hub {
    child: Child,
    pub address: String,
}

impl Hub {
    pub fn start(folder: &Path) -> Self {
        let mut child = program(folder).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
        Self { child, address }
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
