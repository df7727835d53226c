//! What is remembered of an operation: where in the log it is said to stand.

use std::time::Duration;

use sha1::{Digest as _, Sha1};

use crate::engine::Seq;

/// How far clocks of a cluster's machines may differ. By as much the time of an entry may be before that of one that
/// stands before it.
pub(super) const SKEW: Duration = Duration::from_hours(1);

/// Says that an operation whose id has this digest stands at a position of the log. Ordered by the digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::engine::embedded) struct Claim {
    pub digest: u64,
    pub seq: Seq,
}

/// The digest of an id. It is kept, so it stays what it is.
pub(in crate::engine::embedded) fn digest_of(id: &str) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = <[u8; 20]>::from(Sha1::digest(id));
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_what_earlier_hubs_kept() {
        assert_eq!(digest_of("abc"), 0xa999_3e36_4706_816a);
    }
}
