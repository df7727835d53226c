//! Who may get work of a workstream (rule book, *Eligibility*).

use crate::domain::agent::{Agent, Connection};
use crate::domain::capacity::{Capacity, Counting, units};
use crate::domain::directory::Directory;
use crate::domain::ids::ProfileId;
use crate::domain::record::Workstream;
use crate::domain::work_item::Consumption;

/// Why an agent may not get work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The workstream does not allow the agent's base status.
    PresenceNotAllowed,
    /// What work and offers leave is not enough.
    Capacity,
    /// The item takes a profile that the agent does not have, so it finds no capacity there.
    ProfileMissing,
    /// A blocking profile is used up.
    BlockedByProfile,
    /// A hold is set, whatever presences are allowed.
    Hold,
    /// No live session, whatever is shown.
    NotConnected,
    /// The agent's record is disabled.
    Disabled,
    /// The limit of open work items is reached.
    WorkItemLimit,
}

impl Reason {
    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PresenceNotAllowed => "PRESENCE_NOT_ALLOWED",
            Self::Capacity => "CAPACITY",
            Self::ProfileMissing => "PROFILE_MISSING",
            Self::BlockedByProfile => "BLOCKED_BY_PROFILE",
            Self::Hold => "HOLD",
            Self::NotConnected => "NOT_CONNECTED",
            Self::Disabled => "DISABLED",
            Self::WorkItemLimit => "WORK_ITEM_LIMIT",
        }
    }
}

/// What an item of this workstream takes unless an event says otherwise (contract, *What an item takes*).
#[must_use]
pub fn takes_by_default(workstream: &Workstream) -> Consumption {
    let units = workstream.units.unwrap_or(u32::from(workstream.profiles.is_empty()));
    Consumption { units, profiles: workstream.profiles.clone() }
}

/// Whether the state of `agent` alone does not rule out all work. If it does, [`obstacles`] finds a reason for
/// every workstream.
#[must_use]
pub fn may_get_some_work(agent: &Agent) -> bool {
    agent.record.enabled
        && agent.deleted.is_none()
        && matches!(agent.connection, Connection::Connected { .. })
        && agent.standing.hold.is_none()
        && units(agent).is_none_or(|meter| meter.max > 0 && meter.unreserved() >= 0)
}

/// Why `agent` may not get an item of `workstream` that takes `takes`; nothing if it may.
#[must_use]
pub fn obstacles(agent: &Agent, directory: &Directory, workstream: &Workstream, takes: &Consumption) -> Vec<Reason> {
    let capacity = Capacity::of(agent, directory, Counting::All);
    let units_short = capacity.units.is_some_and(|meter| meter.unreserved() < i64::from(takes.units) || meter.max == 0);
    let profiles_short = capacity
        .profiles
        .iter()
        .any(|profile| takes.profiles.contains(&profile.profile) && profile.meter.unreserved() < 1);
    let has = |profile: &ProfileId| agent.record.profiles.iter().any(|own| own.profile == *profile);
    let missing = !takes.profiles.iter().all(has);
    let blocked = capacity.profiles.iter().any(|profile| profile.blocks && profile.meter.unreserved() <= 0);
    let limit = usize::try_from(directory.policy.max_open_work_items).unwrap_or(usize::MAX);
    let obstacle = [
        (Reason::Disabled, !agent.record.enabled || agent.deleted.is_some()),
        (Reason::NotConnected, !matches!(agent.connection, Connection::Connected { .. })),
        (Reason::PresenceNotAllowed, !workstream.allowed.contains(&agent.shown_base())),
        (Reason::Hold, agent.standing.hold.is_some()),
        (Reason::Capacity, units_short || profiles_short),
        (Reason::ProfileMissing, missing),
        (Reason::BlockedByProfile, blocked),
        (Reason::WorkItemLimit, agent.open_work_items() >= limit),
    ];
    let reasons: Vec<Reason> = obstacle.into_iter().filter(|(_, applies)| *applies).map(|(reason, _)| reason).collect();
    debug_assert!(may_get_some_work(agent) || !reasons.is_empty(), "an agent who can get no work has a reason");
    reasons
}
