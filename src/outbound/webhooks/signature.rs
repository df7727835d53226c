//! Signatures as Standard Webhooks says: HMAC-SHA256 over the id, the time and the body.

use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::domain::time::Timestamp;

/// How many bytes a secret has: as many as the digest.
const SECRET_BYTES: usize = 32;
/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// A secret that deliveries are signed with. It is shown to whoever made it, and to nobody else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Secret(String);

/// There is no randomness to make a secret of.
#[derive(Debug, thiserror::Error)]
#[error("the system has no randomness now")]
pub struct NoRandomness(#[from] getrandom::Error);

impl Secret {
    /// A new one.
    pub fn make() -> Result<Self, NoRandomness> {
        let mut key = [0; SECRET_BYTES];
        getrandom::fill(&mut key)?;
        Ok(Self(format!("{PREFIX}{}", STANDARD.encode(key))))
    }

    /// The text that its receiver is given.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// `v1,` and the signature of a delivery.
    pub fn sign(&self, id: &str, at: Timestamp, body: &[u8]) -> String {
        let key = STANDARD.decode(self.0.trim_start_matches(PREFIX)).unwrap_or_default();
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &key));
        context.update(format!("{id}.{}.", seconds(at)).as_bytes());
        context.update(body);
        format!("v1,{}", STANDARD.encode(context.sign()))
    }
}

/// The time of a delivery, as it is sent and signed.
pub(super) fn seconds(at: Timestamp) -> i64 {
    at.0.div_euclid(1_000)
}

/// Nothing prints a secret by mistake.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the standard's own documentation.
    #[test]
    fn the_signature_is_that_of_the_standard() {
        let secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned());
        let at = Timestamp(1_614_265_330_000);
        let signed = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, br#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn secrets_differ_and_are_not_printed() {
        let (one, other) = (Secret::make().unwrap(), Secret::make().unwrap());
        assert_ne!(one, other);
        assert!(one.reveal().starts_with("whsec_") && !format!("{one:?}").contains("whsec"));
    }
}
