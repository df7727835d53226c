//! Whether the writer can keep anything.

use tracing::{error, info};

use super::SharedHealth;
use crate::engine::Health;

/// What the writer tried, and how that went.
pub(super) enum Tried {
    Nothing,
    Kept,
    Failed(String),
}

/// Whether the last thing that was tried was kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    Serving,
    Failing,
}

impl Condition {
    /// Tells how it went, and what follows from it.
    pub(super) fn after(self, tried: Tried, health: &SharedHealth) -> Self {
        match tried {
            Tried::Nothing => self,
            Tried::Kept => {
                if self == Self::Failing {
                    info!("the engine keeps again");
                    health.set(Health::Serving);
                }
                Self::Serving
            }
            Tried::Failed(error) => {
                if self == Self::Serving {
                    error!(error, "the engine cannot keep anything");
                }
                health.set(Health::Failing { error });
                Self::Failing
            }
        }
    }
}
