//! Addresses that are trusted: of a key set, a provider, a page.

use serde_json::{Value, json};

use super::Kind;
use crate::config::written::Written;
use crate::identity::is_safe_address;

/// An address that nobody on the way can change the answer of: over https, or on this machine.
pub struct KeySetAddress;

impl Kind for KeySetAddress {
    type Value = String;

    fn read(&self, written: &Written) -> Result<String, String> {
        let text = written.text().ok_or_else(|| self.needs())?;
        if is_safe_address(text) { Ok(text.to_owned()) } else { Err(self.needs()) }
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

/// The address of a page that people are sent to.
pub struct PageAddress;

impl Kind for PageAddress {
    type Value = String;

    fn read(&self, written: &Written) -> Result<String, String> {
        KeySetAddress.read(written).map_err(|_| self.needs())
    }

    fn write(&self, address: &String) -> Written {
        Written::Text(address.clone())
    }

    fn right(&self) -> String {
        "an address over https, such as \"https://intranet.example.com/\"; over http only on this machine".to_owned()
    }

    fn schema(&self) -> Value {
        KeySetAddress.schema()
    }
}
