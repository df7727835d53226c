//! Where to listen, and which pages are believed.

use std::net::SocketAddr;

use axum::http::uri::Authority;
use serde_json::{Value, json};

use super::Kind;
use crate::config::written::Written;

/// An address and a port to listen on.
pub struct Listen;

/// Origins as browsers send them.
pub struct Origins;

impl Kind for Listen {
    type Value = SocketAddr;

    fn read(&self, written: &Written) -> Result<SocketAddr, String> {
        let text = written.text().unwrap_or_default();
        let numeric = match text.strip_prefix("localhost:") {
            Some(port) => format!("127.0.0.1:{port}"),
            None => text.to_owned(),
        };
        numeric.parse().map_err(|_| self.needs())
    }

    fn write(&self, address: &SocketAddr) -> Written {
        Written::Text(address.to_string())
    }

    fn right(&self) -> String {
        "an address and a port, such as \"127.0.0.1:7350\", \"[::1]:7350\" or \"0.0.0.0:7350\"".to_owned()
    }

    fn schema(&self) -> Value {
        json!({ "type": "string" })
    }
}

impl Kind for Origins {
    type Value = Vec<String>;

    fn read(&self, written: &Written) -> Result<Vec<String>, String> {
        let list = written.list().ok_or_else(|| self.needs())?;
        list.iter().map(|origin| parse_origin(origin)).collect()
    }

    fn write(&self, origins: &Vec<String>) -> Written {
        Written::List(origins.clone())
    }

    fn right(&self) -> String {
        "a list of origins, such as [\"https://crm.example.com\"]".to_owned()
    }

    fn schema(&self) -> Value {
        json!({ "type": "array", "items": { "type": "string", "format": "uri" } })
    }
}

/// Written as browsers write it: in small letters, without the port that goes without saying.
pub(super) fn parse_origin(text: &str) -> Result<String, String> {
    let wrong = || {
        format!(
            "`{text}` is no origin; \"https://crm.example.com\" or \"http://localhost:5173\" would be: scheme, host and perhaps a port, no path"
        )
    };
    let lower = text.trim_end_matches('/').to_ascii_lowercase();
    let (scheme, authority) = lower.split_once("://").ok_or_else(wrong)?;
    let default_port = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return Err(wrong()),
    };
    let authority = authority.strip_suffix(default_port).unwrap_or(authority);
    let parsed: Authority = authority.parse().map_err(|_| wrong())?;
    let has_odd_port = parsed.port_u16().is_none() && parsed.host().len() != authority.len();
    if parsed.host().is_empty() || parsed.host().contains('*') || authority.contains('@') || has_odd_port {
        return Err(wrong());
    }
    Ok(format!("{scheme}://{authority}"))
}
