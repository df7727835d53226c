//! What names a log in NATS.

use axum::http::uri::Authority;
use serde_json::{Value, json};

use super::Kind;
use crate::config::written::Written;

/// Addresses of servers.
pub struct Servers;

/// The name of a stream.
pub struct StreamName;

/// The address of a hub for others; none for the empty text, which is refused where others need one.
pub struct HubAddress;

/// The longest address of a hub.
const MOST_ADDRESS: usize = 200;
/// The longest name of a stream.
const MOST_CHARACTERS: usize = 64;

impl Kind for Servers {
    type Value = Vec<String>;

    fn read(&self, written: &Written) -> Result<Vec<String>, String> {
        let is_address = |address: &String| {
            let rest = address.strip_prefix("nats://").or_else(|| address.strip_prefix("tls://"));
            rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
        };
        let list = written.list().filter(|list| !list.is_empty() && list.iter().all(is_address));
        list.ok_or_else(|| self.needs())
    }

    fn write(&self, servers: &Vec<String>) -> Written {
        Written::List(servers.clone())
    }

    fn right(&self) -> String {
        "a list of addresses, such as [\"nats://10.0.0.1:4222\", \"nats://10.0.0.2:4222\"]".to_owned()
    }

    fn schema(&self) -> Value {
        json!({ "type": "array", "minItems": 1, "items": { "type": "string", "pattern": "^(nats|tls)://" } })
    }
}

impl Kind for HubAddress {
    type Value = Option<String>;

    fn read(&self, written: &Written) -> Result<Option<String>, String> {
        match written.text() {
            Some("") => Ok(None),
            Some(text) if is_hub_address(text) => Ok(Some(text.to_owned())),
            Some(_) | None => Err(self.needs()),
        }
    }

    fn write(&self, address: &Option<String>) -> Written {
        Written::Text(address.clone().unwrap_or_default())
    }

    fn right(&self) -> String {
        "an address over http or https at which other nodes reach this hub, such as \"http://10.0.0.1:7350\"".to_owned()
    }

    fn schema(&self) -> Value {
        json!({ "type": "string", "pattern": "^$|^https?://[^\\s?#@]+$", "maxLength": MOST_ADDRESS })
    }
}

/// An origin, and perhaps the path below which the hub is there.
fn is_hub_address(text: &str) -> bool {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let is_fit = |rest: &str| {
        let authority: Option<Authority> = rest.split('/').next().and_then(|authority| authority.parse().ok());
        let is_place = authority.is_some_and(|authority| !authority.host().is_empty());
        is_place && !rest.contains(|c: char| c.is_whitespace() || c.is_control() || "?#@".contains(c))
    };
    text.len() <= MOST_ADDRESS && rest.is_some_and(is_fit)
}

impl Kind for StreamName {
    type Value = String;

    fn read(&self, written: &Written) -> Result<String, String> {
        let is_fit = |name: &&str| {
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
            !name.is_empty() && name.len() <= MOST_CHARACTERS && name.bytes().all(fits)
        };
        written.text().filter(is_fit).map(str::to_owned).ok_or_else(|| self.needs())
    }

    fn write(&self, name: &String) -> Written {
        Written::Text(name.clone())
    }

    fn right(&self) -> String {
        format!("a name of at most {MOST_CHARACTERS} letters, digits, \"_\" and \"-\"")
    }

    fn schema(&self) -> Value {
        json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$" })
    }
}
