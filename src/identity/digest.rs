//! What stands for a text that is not to be kept itself.

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest as hash};

/// `sha256:` and the SHA-256 of a text in hexadecimal.
pub fn digest(text: &str) -> String {
    let mut digest = "sha256:".to_owned();
    for byte in hash(&SHA256, text.as_bytes()).as_ref() {
        write!(digest, "{byte:02x}").unwrap_or_else(|_| unreachable!("a text takes whatever is written"));
    }
    digest
}
