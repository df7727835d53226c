//! The live sockets of each address: so many may be open.

use core::net::IpAddr;
use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

use super::address::counted_as;
use crate::config::LimitSettings;

/// The live sockets of each address.
#[derive(Debug)]
pub struct Sockets {
    most: u32,
    of: Mutex<HashMap<IpAddr, u32>>,
}

/// One of them. Dropping it says that it is over.
#[derive(Debug)]
pub struct Open {
    sockets: Arc<Sockets>,
    address: IpAddr,
}

/// This address has as many as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} sockets of this address are open already; come back later")]
pub struct Crowded(u32);

impl Sockets {
    /// As these settings say.
    #[must_use]
    pub fn of(limits: &LimitSettings) -> Self {
        Self { most: limits.sockets_per_address, of: Mutex::default() }
    }

    /// One more from there.
    ///
    /// # Errors
    /// [`Crowded`]
    pub fn open(self: &Arc<Self>, address: IpAddr) -> Result<Open, Crowded> {
        let address = counted_as(address);
        let mut of = self.of.lock();
        let open = of.entry(address).or_default();
        if *open >= self.most {
            return Err(Crowded(self.most));
        }
        *open += 1;
        drop(of);
        Ok(Open { sockets: self.clone(), address })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut of = self.sockets.of.lock();
        if let Some(open) = of.get_mut(&self.address) {
            *open -= 1;
            if *open == 0 {
                of.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_have_so_many_and_others_do_not_count() {
        let limits = LimitSettings { sockets_per_address: 2, ..LimitSettings::default() };
        let sockets = Arc::new(Sockets::of(&limits));
        let (office, home): (IpAddr, IpAddr) = ("2001:db8::1".parse().unwrap(), "198.51.100.4".parse().unwrap());
        let (first, _second) = (sockets.open(office).unwrap(), sockets.open(office).unwrap());
        assert_eq!(sockets.open("2001:db8::2".parse().unwrap()).unwrap_err(), Crowded(2));
        let at_home = sockets.open(home).unwrap();
        drop((first, at_home));
        sockets.open(office).unwrap();
        assert_eq!(sockets.of.lock().len(), 1);
    }
}
