//! The orders to end sessions that were heard already: each is done once.

use std::collections::HashMap;

use parking_lot::Mutex;

use crate::domain::time::Timestamp;
use crate::identity::Logout;

/// So many are remembered: more than sign out within the minutes for which an order counts. One that is not remembered and
/// comes again ends nothing new, for it is only about sessions that began before it was given.
const MOST: usize = 100_000;

/// Those that still count.
#[derive(Debug, Default)]
pub struct Orders {
    heard: Mutex<HashMap<String, Timestamp>>,
}

impl Orders {
    /// Whether this one was not heard before.
    pub fn is_new(&self, logout: &Logout, now: Timestamp) -> bool {
        let mut heard = self.heard.lock();
        if heard.len() >= MOST {
            heard.retain(|_, until| now < *until);
        }
        if heard.len() >= MOST {
            return true;
        }
        heard.insert(logout.id.clone(), logout.until).is_none_or(|until| until <= now)
    }

    /// It was not carried out, and may come again.
    pub fn forget(&self, logout: &Logout) {
        self.heard.lock().remove(&logout.id);
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
        assert_eq!(orders.heard.lock().len(), MOST);
        orders.is_new(&order("later"), Timestamp(1_000));
        assert_eq!(orders.heard.lock().len(), 1, "what counts no more is forgotten");
    }
}
