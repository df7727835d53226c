//! A sign-in under way. The browser keeps it, in a cookie that no script and no other site reads: so two tabs sign in at
//! once, nobody can fill the hub's memory by beginning, and whoever comes back without it did not begin here.
//!
//! It is one secret. What is sent to the provider are digests of it, from which nobody finds it: the `state` that the
//! provider sends back, the `nonce` that it puts into the token, and the challenge of the verifier that only whoever
//! knows the secret can show.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::domain::time::Timestamp;
use crate::identity::unguessable_secret;

/// How long somebody may take at the provider: for a password, a second factor, and looking for the phone.
pub const ATTEMPT_LIFE: Duration = Duration::from_mins(15);
/// The pages that a sign-in goes back to.
const PAGES: [&str; 5] = ["", "desk", "board", "admin", "reports"];
/// The longest address of a page with its query.
const MOST_RETURN_BYTES: usize = 200;
const SECRET_DIGITS: usize = 64;

/// A sign-in under way.
#[derive(Clone, PartialEq, Eq)]
pub struct Attempt {
    secret: String,
    begun: Timestamp,
    return_to: String,
}

impl std::fmt::Debug for Attempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attempt").field("return_to", &self.return_to).finish_non_exhaustive()
    }
}

/// Whether this is the address of a page of the hub's own, relative to where the hub is.
#[must_use]
pub fn is_own_page(address: &str) -> bool {
    let (page, query) = address.split_once('?').unwrap_or((address, ""));
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"=&-_.~%".contains(&byte);
    PAGES.contains(&page) && address.len() <= MOST_RETURN_BYTES && query.bytes().all(is_plain)
}

impl Attempt {
    /// One that begins now, and goes back to this page of the hub's own; to the first page if it is none.
    #[must_use]
    pub fn new(return_to: &str, now: Timestamp) -> Self {
        let return_to = if is_own_page(return_to) { return_to } else { "" };
        Self { secret: unguessable_secret(), begun: now, return_to: return_to.to_owned() }
    }

    /// The one that a cookie holds, if it is still under way.
    #[must_use]
    pub fn read(kept: &str, now: Timestamp) -> Option<Self> {
        let mut parts = kept.splitn(3, '.');
        let (secret, begun, return_to) = (parts.next()?, parts.next()?, parts.next()?);
        let return_to = String::from_utf8(URL_SAFE_NO_PAD.decode(return_to).ok()?).ok()?;
        let begun = Timestamp(begun.parse().ok()?);
        let is_secret = secret.len() == SECRET_DIGITS && secret.bytes().all(|digit| digit.is_ascii_hexdigit());
        let is_under_way = now < begun.plus(ATTEMPT_LIFE);
        (is_secret && is_under_way && is_own_page(&return_to)).then(|| Self {
            secret: secret.to_owned(),
            begun,
            return_to,
        })
    }

    /// As a cookie holds it.
    #[must_use]
    pub fn kept(&self) -> String {
        format!("{}.{}.{}", self.secret, self.begun.0, URL_SAFE_NO_PAD.encode(&self.return_to))
    }

    /// What tells its cookie from others.
    #[must_use]
    pub fn name(&self) -> String {
        let mut name = self.state();
        name.truncate(12);
        name
    }

    /// When it began.
    #[must_use]
    pub fn begun(&self) -> Timestamp {
        self.begun
    }

    /// Where the person was.
    #[must_use]
    pub fn return_to(&self) -> &str {
        &self.return_to
    }

    /// What the provider sends back with the browser.
    #[must_use]
    pub fn state(&self) -> String {
        self.derived("state")
    }

    /// What the provider puts into the ID token.
    #[must_use]
    pub fn nonce(&self) -> String {
        self.derived("nonce")
    }

    /// What proves to the provider that whoever has the code has begun (RFC 7636).
    #[must_use]
    pub fn verifier(&self) -> String {
        self.derived("verifier")
    }

    /// What the provider holds the verifier against, by `S256`.
    #[must_use]
    pub fn challenge(&self) -> String {
        sha256(&self.verifier())
    }

    fn derived(&self, what: &str) -> String {
        sha256(&format!("{what}:{}", self.secret))
    }
}

fn sha256(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000_000);

    #[test]
    fn a_cookie_keeps_it_for_a_while_and_nothing_else_makes_one() {
        let attempt = Attempt::new("board?role=observer", NOW);
        let kept = attempt.kept();
        assert_eq!(Attempt::read(&kept, NOW), Some(attempt.clone()));
        assert!(!kept.contains([';', ',', ' ', '"']), "{kept}");
        let late = NOW.plus(ATTEMPT_LIFE);
        assert_eq!(
            (Attempt::read(&kept, late), Attempt::read(&kept, late.minus(Duration::from_millis(1))).is_some()),
            (None, true)
        );
        for wrong in ["", "..", "a.1.", &kept[1..], &kept.replace('.', ","), &kept.replacen("1000000000", "soon", 1)] {
            assert_eq!(Attempt::read(wrong, NOW), None, "{wrong}");
        }
        let elsewhere = format!("{}.{}.{}", "0".repeat(64), NOW.0, URL_SAFE_NO_PAD.encode("//elsewhere.example"));
        assert_eq!(Attempt::read(&elsewhere, NOW), None);
    }

    #[test]
    fn what_is_sent_are_digests_that_differ() {
        let (one, other) = (Attempt::new("", NOW), Attempt::new("", NOW));
        let said = |attempt: &Attempt| [attempt.state(), attempt.nonce(), attempt.verifier(), attempt.challenge()];
        let all: std::collections::BTreeSet<String> = said(&one).into_iter().chain(said(&other)).collect();
        assert_eq!(all.len(), 8);
        assert!(all.iter().all(|text| text.len() == 43 && !text.contains(&one.secret)));
        // RFC 7636, appendix B.
        assert_eq!(
            sha256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn it_goes_back_to_a_page_of_the_hubs_own_alone() {
        for own in ["", "desk", "board", "board?role=observer", "admin?section=agents&record=a%20b"] {
            assert_eq!(Attempt::new(own, NOW).return_to(), own);
        }
        for other in [
            "/",
            "//elsewhere.example",
            "https://elsewhere.example",
            "desk/..//x",
            "\\\\x",
            "session",
            "desk?a=<b>",
            "desk#x",
            "desk\r\nx",
        ] {
            assert_eq!(Attempt::new(other, NOW).return_to(), "", "{other}");
        }
    }
}
