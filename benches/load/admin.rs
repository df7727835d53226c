//! What is done in the administrator's name before a run.

use std::io::{Read, Write};
use std::net::TcpStream;

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::house::House;
use super::server::SECRET;

/// Records in one request.
const AT_ONCE: usize = 2_500;

/// A token of this subject and role.
pub fn token(subject: &str, role: &str) -> String {
    let claims = json!({ "sub": subject, "roles": [role], "name": subject, "exp": 4_102_444_800_u64, "jti": subject });
    let key = jsonwebtoken::EncodingKey::from_secret(SECRET.as_bytes());
    jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).expect("claims have text keys")
}

/// Creates the hub's agents `a0` to `a{agents - 1}`.
pub fn grow(house: &House, agents: usize, teams: impl Fn(usize) -> Vec<String>) -> anyhow::Result<()> {
    grow_with(house, agents, |agent| json!({ "teams": teams(agent) }))
}

/// The same, with these parts of each record.
pub fn grow_with(house: &House, agents: usize, parts: impl Fn(usize) -> Value) -> anyhow::Result<()> {
    let record = |agent| {
        let mut record = parts(agent);
        record["agentId"] = json!(format!("a{agent}"));
        record["name"] = json!(format!("Agent {agent}"));
        record
    };
    let all: Vec<_> = (0..agents).map(record).collect();
    for items in all.chunks(AT_ONCE) {
        put(house, "/api/v1/agents", &json!({ "items": items }).to_string())?;
    }
    Ok(())
}

/// Puts a record, or many.
pub fn put(house: &House, path: &str, body: &str) -> anyhow::Result<()> {
    let address = house.server().address();
    let mut stream = TcpStream::connect(address)?;
    let request = format!(
        "PUT {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        token("admin", "admin"),
        body.len(),
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).context("the hub's answer")?;
    ensure!(answer.starts_with("HTTP/1.1 20"), "PUT {path} was answered {}", &answer[..answer.len().min(300)]);
    ensure!(!answer.contains("rejected"), "PUT {path}: some were rejected");
    Ok(())
}
