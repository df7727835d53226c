//! Where something that is shown has changed.

use crate::engine::Seq;

/// A place in the order of what is shown. An agent's entry stands at its position in the log. What
/// a change of the directory changes about an agent has no entry of its own: it stands behind the
/// newest one, in the order in which the feed came to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) seq: Seq,
    behind: u64,
}

impl Place {
    /// The place of that entry.
    pub(super) fn of(seq: Seq) -> Self {
        Self { seq, behind: 0 }
    }

    /// The place behind that entry which has this number.
    pub(super) fn behind(seq: Seq, number: u64) -> Self {
        Self { seq, behind: number }
    }

    /// The first place behind this one.
    pub(super) fn next(self) -> Self {
        Self { behind: self.behind + 1, ..self }
    }
}
