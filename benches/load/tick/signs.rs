//! Pings and heartbeats, if the floor is asked for them: as often as the hub's, each connection in its turn.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use bytes::Bytes;
use presence_hub::sessions::frame::{self, PING_FRAME};

use super::outlet::Outlet;

/// Set in the environment of a floor that is asked for them.
pub const SIGNS: &str = "TICK_FLOOR_SIGNS";
/// Ticks between two pings of a connection: 4 s.
const PING_TICKS: usize = 400;
/// Ticks between two of its heartbeats: 10 s.
const HEARTBEAT_TICKS: usize = 1_000;

/// Whom to ask for signs of life; nobody unless that is asked of the floor.
pub struct Signs {
    are_wanted: bool,
    everyone: RefCell<Vec<Weak<Outlet>>>,
    ticks: Cell<usize>,
    heartbeat: Bytes,
}

impl Signs {
    pub fn as_asked() -> Self {
        Self {
            are_wanted: std::env::var_os(SIGNS).is_some(),
            everyone: RefCell::default(),
            ticks: Cell::new(0),
            heartbeat: frame::text(br#"{"type":"heartbeat"}"#),
        }
    }

    /// This connection is asked from now on.
    pub fn are_asked_of(&self, outlet: &Rc<Outlet>) {
        if self.are_wanted {
            self.everyone.borrow_mut().push(Rc::downgrade(outlet));
        }
    }

    /// Asks those whose turn is in this tick.
    pub fn ask_some(&self) {
        let tick = self.ticks.replace(self.ticks.get() + 1);
        for (frame, ticks) in [(&PING_FRAME, PING_TICKS), (&self.heartbeat, HEARTBEAT_TICKS)] {
            let everyone = self.everyone.borrow();
            for outlet in everyone.iter().skip(tick % ticks).step_by(ticks).filter_map(Weak::upgrade) {
                outlet.send(frame.clone());
            }
        }
    }
}
