//! Which proxies are believed.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::{Value, json};

use super::Kind;
use crate::config::written::Written;

/// Addresses and ranges of addresses.
pub struct Proxies;

impl Kind for Proxies {
    type Value = Vec<IpNet>;

    fn read(&self, written: &Written) -> Result<Vec<IpNet>, String> {
        let list = written.list().ok_or_else(|| self.needs())?;
        list.iter().map(|text| range(text)).collect()
    }

    fn write(&self, ranges: &Vec<IpNet>) -> Written {
        Written::List(ranges.iter().map(IpNet::to_string).collect())
    }

    fn right(&self) -> String {
        "a list of addresses and ranges of addresses, such as [\"127.0.0.1\", \"10.0.0.0/8\"]".to_owned()
    }

    fn schema(&self) -> Value {
        json!({ "type": "array", "items": { "type": "string" } })
    }
}

fn range(text: &str) -> Result<IpNet, String> {
    let one = text.parse::<IpAddr>().ok().map(|address| IpNet::from(address.to_canonical()));
    let range = one.or_else(|| text.parse::<IpNet>().ok());
    let range = range.ok_or_else(|| format!("`{text}` is no address; \"127.0.0.1\" or \"10.0.0.0/8\" would be"))?;
    if range.prefix_len() == 0 {
        return Err(format!("`{text}` is everybody, who would then say where they come from; name the proxies"));
    }
    Ok(range.trunc())
}
