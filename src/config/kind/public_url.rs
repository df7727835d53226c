//! The address that people type.

use serde_json::{Value, json};

use super::Kind;
use super::address::parse_origin;
use crate::config::written::Written;
use crate::identity::{OWN_ADDRESSES, PublicUrl};

/// An address of the hub: an origin, and perhaps a path.
pub struct PublicAddress;

impl Kind for PublicAddress {
    type Value = PublicUrl;

    fn read(&self, written: &Written) -> Result<PublicUrl, String> {
        parse(written.text().ok_or_else(|| self.needs())?)
    }

    fn write(&self, url: &PublicUrl) -> Written {
        Written::Text(url.to_string())
    }

    fn right(&self) -> String {
        "an address, such as \"https://presence.example.com\" or \"https://example.com/presence\"".to_owned()
    }

    fn schema(&self) -> Value {
        json!({ "type": "string", "format": "uri" })
    }
}

fn parse(text: &str) -> Result<PublicUrl, String> {
    if text.contains('?') {
        return Err("has a query (`?`), and people type none; leave it out".to_owned());
    }
    if text.contains('#') {
        return Err("has a fragment (`#`), which no request carries; leave it out".to_owned());
    }
    let (scheme, rest) = text.split_once("://").ok_or_else(|| {
        format!("does not say whether it is http or https; \"https://{}\" would", text.trim_start_matches('/'))
    })?;
    let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    let origin = parse_origin(&format!("{scheme}://{authority}"))?;
    // What browsers show of an origin alone.
    let path = if path == "/" { "" } else { path };
    check(path)?;
    Ok(PublicUrl::new(origin, path.to_owned()))
}

/// A path that reads the same to every proxy.
fn check(path: &str) -> Result<(), String> {
    let wrong = |what: String| Err(format!("has a path that cannot be used: {what}"));
    if path.contains('%') {
        return wrong("proxies differ in how they read `%`; name it without".to_owned());
    }
    if let Some(path) = path.strip_suffix('/') {
        return wrong(format!("it ends with a slash; `{path}` would be right"));
    }
    for (place, part) in path.split('/').skip(1).enumerate() {
        if matches!(part, "" | "." | "..") {
            return wrong(format!("proxies drop or follow `/{part}/`; name the path that it comes to"));
        }
        if let Some(strange) = part.chars().find(|c| !(c.is_ascii_alphanumeric() || "-_.~".contains(*c))) {
            return wrong(format!("`{strange}` is no letter, digit, `-`, `_`, `.` or `~`"));
        }
        if place == 0 && OWN_ADDRESSES.contains(&part) {
            return wrong(format!("`/{part}` is an address of the hub itself, so it needs another name"));
        }
    }
    Ok(())
}
