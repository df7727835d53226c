//! What agents are planned to do, and when: what their presences are held against.

use std::collections::BTreeSet;
use std::time::Duration;

use super::ids::{ActivityId, AgentId, PresenceId};
use super::presence::{BaseStatus, InvalidField};
use super::time::Timestamp;

/// The longest tolerance of an activity.
pub const MAX_TOLERANCE: Duration = Duration::from_hours(1);
/// The most planned activities of an agent that are told at once.
pub const MAX_PLANNED: usize = 500;

/// Something that agents are planned to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Its id.
    pub id: ActivityId,
    /// What people see.
    pub text: String,
    /// The presences that are right meanwhile.
    pub presences: BTreeSet<PresenceId>,
    /// The base statuses of which every presence is right.
    pub bases: BTreeSet<BaseStatus>,
    /// For how long another presence still counts as right.
    pub tolerance: Duration,
}

impl Activity {
    /// Whether this presence, of this base status, is right meanwhile.
    #[must_use]
    pub fn allows(&self, presence: &PresenceId, base: BaseStatus) -> bool {
        self.bases.contains(&base) || self.presences.contains(presence)
    }
}

/// An activity that an agent is planned to do from one instant to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// When it begins.
    pub start: Timestamp,
    /// When it ends, itself not included.
    pub end: Timestamp,
    /// What is planned.
    pub activity: ActivityId,
}

/// All that is planned of an agent from one instant to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    agent: AgentId,
    from: Timestamp,
    to: Timestamp,
    items: Vec<Planned>,
}

/// A planned activity that cannot be: which of them, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misplanned {
    /// Its place among those that were given.
    pub index: usize,
    /// What is wrong.
    pub invalid: InvalidField,
}

impl Plan {
    /// The plan of these, in any order. Each lies within the time and none overlaps with another.
    ///
    /// # Errors
    /// [`Misplanned`]
    pub fn new(agent: AgentId, from: Timestamp, to: Timestamp, mut items: Vec<Planned>) -> Result<Self, Misplanned> {
        for (index, planned) in items.iter().enumerate() {
            let wrong = |field, problem| Err(Misplanned { index, invalid: InvalidField::new(field, problem) });
            if planned.end <= planned.start {
                return wrong("end", "is not behind `start`");
            }
            if planned.start < from {
                return wrong("start", "is before `from`");
            }
            if planned.end > to {
                return wrong("end", "is behind `to`");
            }
        }
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.sort_by_key(|index| items[*index].start);
        for two in order.windows(2) {
            if items[two[1]].start < items[two[0]].end {
                let invalid = InvalidField::new("start", "lies within another planned activity of the agent");
                return Err(Misplanned { index: two[1], invalid });
            }
        }
        items.sort_by_key(|planned| planned.start);
        Ok(Self { agent, from, to, items })
    }

    /// Whose it is.
    #[must_use]
    pub fn agent(&self) -> &AgentId {
        &self.agent
    }

    /// The time that it is of.
    #[must_use]
    pub fn time(&self) -> (Timestamp, Timestamp) {
        (self.from, self.to)
    }

    /// What is planned, in order.
    #[must_use]
    pub fn items(&self) -> &[Planned] {
        &self.items
    }
}

/// A time of an agent that is not held against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Its id.
    pub id: String,
    /// Whose time.
    pub agent: AgentId,
    /// When it begins.
    pub start: Timestamp,
    /// When it ends, itself not included.
    pub end: Timestamp,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub author: String,
    /// When that was.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(times: &[(i64, i64)]) -> Result<Vec<(i64, i64)>, (usize, &'static str)> {
        let activity = ActivityId::new("calls").unwrap();
        let item = |(start, end): &(i64, i64)| Planned {
            start: Timestamp(*start),
            end: Timestamp(*end),
            activity: activity.clone(),
        };
        let items = times.iter().map(item).collect();
        let plan = Plan::new(AgentId::new("ada").unwrap(), Timestamp(10), Timestamp(20), items);
        let times = |plan: Plan| plan.items().iter().map(|one| (one.start.0, one.end.0)).collect();
        plan.map(times).map_err(|wrong| (wrong.index, wrong.invalid.field))
    }

    #[test]
    fn planned_activities_lie_within_their_time_and_do_not_overlap() {
        assert_eq!(planned(&[(15, 20), (10, 12), (12, 15)]), Ok(vec![(10, 12), (12, 15), (15, 20)]));
        assert_eq!(planned(&[]), Ok(vec![]));
        for (times, index, field) in [
            (&[(10, 12), (15, 15)][..], 1, "end"),
            (&[(9, 12)], 0, "start"),
            (&[(10, 12), (19, 21)], 1, "end"),
            (&[(12, 15), (10, 13)], 0, "start"),
            (&[(10, 20), (11, 12)], 1, "start"),
            (&[(10, 11), (10, 11)], 1, "start"),
        ] {
            assert_eq!(planned(times), Err((index, field)), "{times:?}");
        }
    }
}
