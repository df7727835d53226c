//! Tickets: each opens one socket within a minute, as the one who asked for it. They are in memory alone; a hub that was
//! started anew knows none, and a page fetches another.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use parking_lot::Mutex;

use crate::domain::time::Timestamp;
use crate::identity::{Caller, CredentialError, Identity, OpaqueKind, TokenDigest, make_opaque};
use crate::wire::limit::Limit;
use crate::wire::problem::Problem;

/// How long a ticket is of use.
const LIFE: Duration = Duration::from_secs(60);
/// The most tickets at once: that many pages open within a minute.
pub const MOST: usize = 20_000;
/// The most tickets of one subject at once.
pub const MOST_OF_SUBJECT: usize = 1_000;

/// All tickets that are of use.
#[derive(Debug, Default)]
pub struct Tickets {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    callers: HashMap<TokenDigest, Caller>,
    /// In the order of their making, used ones among them.
    ending: VecDeque<(Timestamp, TokenDigest, String)>,
    of: HashMap<String, usize>,
}

impl State {
    /// Those that are of no use any more are forgotten.
    fn forget_over(&mut self, now: Timestamp) {
        // After a clock that was put back all of them end too late, and by a minute at most.
        while self.ending.front().is_some_and(|(until, ..)| *until <= now || until.since(now) > LIFE) {
            let Some((_, digest, subject)) = self.ending.pop_front() else { return };
            self.callers.remove(&digest);
            if let Some(many) = self.of.get_mut(&subject) {
                *many -= 1;
                if *many == 0 {
                    self.of.remove(&subject);
                }
            }
        }
    }
}

impl Tickets {
    /// A ticket of this caller, and until when it is of use.
    ///
    /// # Errors
    /// `rate_limited`
    pub fn make(&self, caller: Caller, now: Timestamp) -> Result<(String, Timestamp), Problem> {
        let mut state = self.state.lock();
        state.forget_over(now);
        let of_subject = state.of.get(&caller.subject).copied().unwrap_or_default();
        if state.ending.len() >= MOST || of_subject >= MOST_OF_SUBJECT {
            let detail = format!("{of_subject} of your tickets were made within a minute; come back later");
            return Err(Problem::limited(Limit::Tickets, detail));
        }
        let (ticket, digest) = make_opaque(OpaqueKind::Ticket);
        let until = now.plus(LIFE);
        *state.of.entry(caller.subject.clone()).or_default() += 1;
        state.ending.push_back((until, digest, caller.subject.clone()));
        state.callers.insert(digest, caller);
        Ok((ticket, until))
    }

    /// Who opens a socket with this ticket, which is used up, or why it is not believed; none if it is no ticket.
    pub fn redeem(&self, identity: &Identity, token: &str, now: Timestamp) -> Option<Result<Caller, CredentialError>> {
        (OpaqueKind::of(token) == Some(OpaqueKind::Ticket)).then(|| self.redeemed(identity, token, now))
    }

    fn redeemed(&self, identity: &Identity, ticket: &str, now: Timestamp) -> Result<Caller, CredentialError> {
        let caller = {
            let mut state = self.state.lock();
            state.forget_over(now);
            state.callers.remove(&TokenDigest::of(ticket)).ok_or(CredentialError::NotKept)?
        };
        if now >= caller.valid_until {
            return Err(CredentialError::Expired);
        }
        let is_revoked = identity.took_back(caller.key) || identity.is_revoked(&caller.subject, caller.mark());
        if is_revoked { Err(CredentialError::Revoked) } else { Ok(caller) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::followers::caller;
    use crate::wire::code::ErrorCode;

    const NOW: Timestamp = Timestamp(1_000_000);

    #[test]
    fn a_subject_has_so_many_at_once_and_all_together_too() {
        let tickets = Tickets::default();
        let identity = Identity::with(&crate::identity::AuthSettings::default(), crate::identity::Keys::default());
        let asks = |subject: &str, now: Timestamp| {
            let caller = Caller { valid_until: now.plus(LIFE * 9), ..caller(subject) };
            tickets.make(caller, now).map(|(ticket, _)| ticket)
        };
        let first = asks("crm", NOW).unwrap();
        for _ in 1..MOST_OF_SUBJECT {
            asks("crm", NOW).unwrap();
        }
        assert_eq!(tickets.redeemed(&identity, &first, NOW).map(|caller| caller.subject), Ok("crm".to_owned()));
        assert_eq!(tickets.redeemed(&identity, &first, NOW), Err(CredentialError::NotKept), "once");
        assert_eq!(asks("crm", NOW).unwrap_err().code, ErrorCode::RateLimited, "a used one counts for its minute");
        for other in 1..MOST / MOST_OF_SUBJECT {
            for _ in 0..MOST_OF_SUBJECT {
                asks(&format!("crm-{other}"), NOW).unwrap();
            }
        }
        assert_eq!(asks("another", NOW).unwrap_err().code, ErrorCode::RateLimited);
        let later = NOW.plus(LIFE);
        let fresh = asks("crm", later).unwrap();
        assert_eq!(tickets.state.lock().ending.len(), 1, "the others are over");
        let back = NOW.minus(LIFE);
        assert_eq!(tickets.redeemed(&identity, &fresh, back), Err(CredentialError::NotKept), "the clock was put back");
        let state = tickets.state.lock();
        assert_eq!((state.callers.len(), state.of.len()), (0, 0));
    }
}
