//! How people sign in at an identity provider: OpenID Connect, authorization code with PKCE.
//!
//! ```text
//! browser ── GET /sign-in ──▶ hub: an attempt, kept in a cookie ── 303 ──▶ provider: who are you?
//!    ▲                                                                       │ 303, with a code
//!    └─ 303, a session ── hub: code and verifier ──▶ ID token ◀── GET /sign-in/callback
//! ```
//!
//! Written here and not taken from the crate `openidconnect`, which brings an HTTP client and JSON types of its own for
//! every flow there is: what is delicate, the signatures, `jsonwebtoken` does for all tokens of the hub alike, with keys
//! that are fetched in the background; what remains is two requests.

mod asking;
mod attempt;
mod metadata;
mod not_signed_in;
mod orders;
mod provider;

pub use asking::Asking;
pub use attempt::{ATTEMPT_LIFE, Attempt, is_own_page};
pub use metadata::{Metadata, MetadataError};
pub use not_signed_in::{MOST_AT_ONCE, NotSignedIn};
pub use orders::Orders;
pub use provider::{CameBack, MOST_WAITING, Provider, SignedIn};
