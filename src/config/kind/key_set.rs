//! The address of a key set.

use axum::http::Uri;
use serde_json::{Value, json};

use super::Kind;
use crate::config::written::Written;
use crate::identity::is_loopback_name;

/// An address that nobody on the way can change the answer of: over https, or on this machine.
pub struct KeySetAddress;

impl Kind for KeySetAddress {
    type Value = String;

    fn read(&self, written: &Written) -> Result<String, String> {
        let text = written.text().ok_or_else(|| self.needs())?;
        let uri: Uri = text.parse().map_err(|_| self.needs())?;
        let authority = uri.authority().map(|authority| authority.as_str()).unwrap_or_default();
        let is_safe = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => is_loopback_name(authority),
            Some(_) | None => false,
        };
        // A name and a password would stand in the log.
        let is_plain = !authority.is_empty() && !authority.contains('@') && !text.contains('#');
        if is_safe && is_plain { Ok(text.to_owned()) } else { Err(self.needs()) }
    }

    fn write(&self, address: &String) -> Written {
        Written::Text(address.clone())
    }

    fn right(&self) -> String {
        "an address over https, such as \"https://login.example.com/keys\"; over http only on this machine".to_owned()
    }

    fn schema(&self) -> Value {
        json!({ "type": "string" })
    }
}
