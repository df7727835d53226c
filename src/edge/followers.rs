//! Those who follow the changes over HTTP: so many at once, until their sessions end or the hub stops.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::watch;

use super::tokens::token_of;
use crate::identity::Caller;
use crate::sessions::Token;

/// All who follow. Each holds a connection that speaks HTTP, of which there are so many.
#[derive(Debug)]
pub struct Followers {
    most: usize,
    most_of_subject: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    of: HashMap<String, Vec<Live>>,
    all: usize,
    /// Within how many milliseconds those who follow are to come back; none before a stop has begun.
    restarting: Option<Range<u64>>,
}

#[derive(Debug)]
struct Live {
    number: u64,
    token: Token,
    end: watch::Sender<Option<Ending>>,
}

/// Why following ends before the client ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The token was revoked: the subject has signed out, or was.
    SignedOut,
    /// The hub stops; the client comes back after so many milliseconds.
    Restart {
        /// So many.
        come_back_after: u64,
    },
}

/// More cannot follow now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Crowded {
    /// All together.
    #[error("as many follow the changes as may; come back later")]
    Hub,
    /// One subject.
    #[error("{0} of yours follow the changes, and more may not")]
    Subject(usize),
}

/// One who follows. Dropping it ends that.
#[derive(Debug)]
pub struct Follower {
    followers: Arc<Followers>,
    subject: String,
    number: u64,
    ended: watch::Receiver<Option<Ending>>,
}

impl Followers {
    /// So many may follow, and so many of one subject.
    #[must_use]
    pub fn new(most: usize, most_of_subject: usize) -> Self {
        Self { most, most_of_subject, state: Mutex::default() }
    }

    /// Lets the caller follow.
    ///
    /// # Errors
    /// [`Crowded`]
    pub fn enter(self: &Arc<Self>, caller: &Caller) -> Result<Follower, Crowded> {
        let mut state = self.state.lock();
        if state.all >= self.most {
            return Err(Crowded::Hub);
        }
        let number = state.next;
        let ending = state.restarting.as_ref().map(|within| restart(within, number));
        let (end, ended) = watch::channel(ending);
        let of_subject = state.of.entry(caller.subject.clone()).or_default();
        if of_subject.len() >= self.most_of_subject {
            return Err(Crowded::Subject(self.most_of_subject));
        }
        of_subject.push(Live { number, token: token_of(caller), end });
        state.next += 1;
        state.all += 1;
        Ok(Follower { followers: self.clone(), subject: caller.subject.clone(), number, ended })
    }

    /// Those follow no more whose subject and token are such.
    pub fn end_those(&self, such: impl Fn(&str, &Token) -> bool) {
        for (subject, live) in &self.state.lock().of {
            for live in live.iter().filter(|live| such(subject, &live.token)) {
                live.end.send_replace(Some(Ending::SignedOut));
            }
        }
    }

    /// The hub stops: all are told to come back, spread over `within` milliseconds.
    pub fn restart(&self, within: &Range<u64>) {
        let mut state = self.state.lock();
        state.restarting = Some(within.clone());
        for live in state.of.values().flatten() {
            live.end.send_replace(Some(restart(within, live.number)));
        }
    }
}

/// Steps of about the golden ratio leave no two close together.
fn restart(within: &Range<u64>, number: u64) -> Ending {
    let span = within.end.saturating_sub(within.start).max(1);
    Ending::Restart { come_back_after: within.start + number.wrapping_mul(618) % span }
}

impl Follower {
    /// Why following is to end, if it is.
    pub fn ending(&self) -> Option<Ending> {
        *self.ended.borrow()
    }

    /// Returns once following is to end.
    pub async fn ended(&mut self) {
        // The sender stays until this is dropped.
        drop(self.ended.wait_for(Option::is_some).await);
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let mut state = self.followers.state.lock();
        state.all -= 1;
        if let Some(live) = state.of.get_mut(&self.subject) {
            live.retain(|live| live.number != self.number);
            if live.is_empty() {
                state.of.remove(&self.subject);
            }
        }
    }
}

/// Somebody, as far as who follows is told apart.
#[cfg(test)]
pub(super) fn caller(subject: &str) -> Caller {
    Caller {
        subject: subject.to_owned(),
        roles: Default::default(),
        teams: None,
        limited: false,
        name: None,
        expires: crate::domain::time::Timestamp(0),
        valid_until: crate::domain::time::Timestamp(0),
        issued: None,
        token_id: String::new(),
        opaque: false,
        key: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn so_many_follow_at_once_and_who_leaves_makes_room() {
        let followers = Arc::new(Followers::new(3, 2));
        let first = followers.enter(&caller("acd")).unwrap();
        let _second = followers.enter(&caller("acd")).unwrap();
        assert_eq!(followers.enter(&caller("acd")).unwrap_err(), Crowded::Subject(2));
        let _third = followers.enter(&caller("sue")).unwrap();
        assert_eq!(followers.enter(&caller("sue")).unwrap_err(), Crowded::Hub);
        drop(first);
        followers.enter(&caller("acd")).unwrap();
        assert_eq!(followers.state.lock().all, 2);
    }

    #[tokio::test]
    async fn whoever_signs_out_follows_no_more_and_nobody_does_once_the_hub_stops() {
        let followers = Arc::new(Followers::new(9, 9));
        let (mut acd, mut sue) = (followers.enter(&caller("acd")).unwrap(), followers.enter(&caller("sue")).unwrap());
        followers.end_those(|subject, _| subject == "acd");
        acd.ended().await;
        assert_eq!((acd.ending(), sue.ending()), (Some(Ending::SignedOut), None));
        followers.restart(&(500..4_000));
        let mut late = followers.enter(&caller("late")).unwrap();
        for follower in [&mut sue, &mut late] {
            follower.ended().await;
            let Some(Ending::Restart { come_back_after }) = follower.ending() else { panic!("it goes on") };
            assert!((500..4_000).contains(&come_back_after));
        }
    }
}
