//! The orders to end sessions that were heard already: each is done once, and holds for a sign-in that is still under way.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;

use crate::domain::time::Timestamp;
use crate::identity::Logout;

/// So many are remembered: more than sign out within the minutes for which an order counts. One that is not remembered and
/// comes again ends nothing new, for it is only about sessions that began before it was given.
const MOST: usize = 100_000;

/// Those that still count.
#[derive(Debug, Default)]
pub struct Orders {
    heard: Mutex<Heard>,
}

#[derive(Debug, Default)]
struct Heard {
    /// Until when each counts.
    orders: HashMap<String, Timestamp>,
    /// Whose last order was given when, and counts until when.
    ended: HashMap<Whose, (Timestamp, Timestamp)>,
}

/// Whose sessions an order ends, as the provider calls them.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Whose {
    Session(String),
    Subject(String),
}

impl Orders {
    /// Whether this one was not heard before.
    pub fn is_new(&self, logout: &Logout, now: Timestamp) -> bool {
        let mut heard = self.heard.lock();
        if heard.orders.len() >= MOST {
            heard.orders.retain(|_, until| now < *until);
            heard.ended.retain(|_, (_, until)| now < *until);
        }
        if heard.orders.len() >= MOST {
            return true;
        }
        let Logout { id, subject, session, issued, until } = logout;
        let whose = match (session, subject) {
            (Some(session), _) => Whose::Session(session.clone()),
            (None, subject) => Whose::Subject(subject.clone().unwrap_or_default()),
        };
        heard.ended.insert(whose, (*issued, *until));
        heard.orders.insert(id.clone(), *until).is_none_or(|until| until <= now)
    }

    /// Whether one ends what an ID token of this subject and session says, which was issued then. The provider may have
    /// given it while the token was on its way.
    pub fn end(&self, subject: &str, session: Option<&str>, issued: Timestamp, leeway: Duration) -> bool {
        let heard = self.heard.lock();
        let whose =
            [session.map(|session| Whose::Session(session.to_owned())), Some(Whose::Subject(subject.to_owned()))];
        let mut given = whose.into_iter().flatten().filter_map(|whose| heard.ended.get(&whose));
        given.any(|(given, _)| issued <= given.plus(leeway))
    }

    /// It was not carried out, and may come again.
    pub fn forget(&self, logout: &Logout) {
        self.heard.lock().orders.remove(&logout.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_heard_once_as_long_as_it_counts() {
        let orders = Orders::default();
        let order = |id: &str| Logout {
            id: id.to_owned(),
            subject: Some("ada".to_owned()),
            session: None,
            issued: Timestamp(0),
            until: Timestamp(1_000),
        };
        assert!(orders.is_new(&order("a"), Timestamp(0)) && orders.is_new(&order("b"), Timestamp(0)));
        assert!(!orders.is_new(&order("a"), Timestamp(999)));
        orders.forget(&order("a"));
        assert!(orders.is_new(&order("a"), Timestamp(999)));
        for number in 0..MOST {
            orders.is_new(&order(&number.to_string()), Timestamp(999));
        }
        assert_eq!(orders.heard.lock().orders.len(), MOST);
        orders.is_new(&order("later"), Timestamp(1_000));
        assert_eq!(orders.heard.lock().orders.len(), 1, "what counts no more is forgotten");
    }

    #[test]
    fn an_order_ends_what_was_issued_before_it_and_nothing_later() {
        let orders = Orders::default();
        let order = |subject: Option<&str>, session: Option<&str>| Logout {
            id: format!("{subject:?} {session:?}"),
            subject: subject.map(str::to_owned),
            session: session.map(str::to_owned),
            issued: Timestamp(10_000),
            until: Timestamp(99_000),
        };
        orders.is_new(&order(Some("ada"), Some("s1")), Timestamp(10_000));
        orders.is_new(&order(Some("ben"), None), Timestamp(10_000));
        let leeway = Duration::from_secs(1);
        let ends = |subject, session, issued| orders.end(subject, session, Timestamp(issued), leeway);
        assert!(ends("ada", Some("s1"), 9_000) && ends("ada", Some("s1"), 11_000) && ends("ben", Some("s2"), 9_000));
        assert!(!ends("ada", Some("s1"), 11_001) && !ends("ada", Some("s3"), 9_000) && !ends("ben", None, 11_001));
    }
}
