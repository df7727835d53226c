//! From the domain to the shapes of the contract: what others are shown of an agent.
//!
//! Nothing here fails. A presence that the catalog no longer knows is shown by its id, because a
//! board with a bare id is better than a board without the agent.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::agent::{Agent, Connection, Shown};
use crate::domain::capacity::{Capacity, Counting, Meter};
use crate::domain::catalog::Catalog;
use crate::domain::cause::{Actor, Cause};
use crate::domain::directory::Directory;
use crate::domain::ids::{PresenceId, ProfileId, WorkstreamId};
use crate::domain::presence::{BaseStatus, BuiltIn, Presence};
use crate::domain::standing::Standing;
use crate::domain::time::Timestamp;
use crate::domain::work_item::{Stage, WorkItem};

use super::shapes;
use super::words;
pub use super::words::{base, hold, origin, role};

/// What a watch shows of each agent besides the presence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Including {
    /// `include: ["capacity"]`.
    pub capacity: bool,
    /// `include: ["workItems"]`.
    pub work_items: bool,
    /// `include: ["record"]`.
    pub record: bool,
}

impl Including {
    /// What the list of a `watch` asks for.
    #[must_use]
    pub fn of(asked: &[shapes::Include]) -> Self {
        Self {
            capacity: asked.contains(&shapes::Include::Capacity),
            work_items: asked.contains(&shapes::Include::WorkItems),
            record: asked.contains(&shapes::Include::Record),
        }
    }
}

/// A presence of the catalog.
#[must_use]
pub fn presence(presence: &Presence) -> shapes::Presence {
    shapes::Presence {
        presence_id: presence.id.as_str().to_owned(),
        presence_name: presence.name.clone(),
        presence_text: presence.text.clone(),
        base_presence_status: base(presence.base),
        description: presence.description.clone(),
        built_in: presence.built_in,
        can_user_set: presence.can_user_set,
        presence_color: presence.color.clone(),
        labels: presence.labels.clone(),
        enabled: presence.enabled,
    }
}

/// The whole catalog.
#[must_use]
pub fn catalog(catalog: &Catalog) -> Vec<shapes::Presence> {
    catalog.iter().map(presence).collect()
}

/// Everything about an agent's presence, as others see it (contract, *Shown and kept*).
#[must_use]
pub fn agent_presence(seq: u64, agent: &Agent, directory: &Directory) -> shapes::AgentPresence {
    let shown = Visible::of(agent);
    let sums = Capacity::of(agent, directory, Counting::All);
    shapes::AgentPresence {
        agent_id: agent.record.agent.as_str().to_owned(),
        name: agent.record.name.clone(),
        teams: agent.record.teams.iter().cloned().collect(),
        presence: presence_of(agent.shown_presence(), agent.shown_base(), &directory.catalog),
        since: time(agent.since),
        held_since: time(agent.held_since()),
        held_by: actor(agent.held_by()),
        version: agent.version,
        seq,
        origin: shown.origin,
        hold: shown.hold,
        event_name: words::event(agent.cause.event),
        sub_event_name: agent.cause.sub_event.map(words::sub_event),
        modified_by: actor(&agent.modified_by),
        reason: shown.reason,
        until: shown.until,
        next_presence_id: shown.next_presence_id,
        is_agent_logged_in: agent.is_logged_in(),
        active_browser_sessions: agent.sessions().len(),
        restore: restore(agent, &directory.catalog),
        capacity: capacity(agent, &sums),
        is_blocked_by_some_profile: sums.is_blocked_by_some_profile(),
    }
}

/// [`agent_presence`] made small for boards.
#[must_use]
pub fn watched_agent(seq: u64, agent: &Agent, directory: &Directory, including: Including) -> shapes::WatchedAgent {
    let shown = Visible::of(agent);
    let sums = Capacity::of(agent, directory, Counting::All);
    let recorded =
        |names: &BTreeSet<String>| if including.record { names.iter().cloned().collect() } else { Vec::new() };
    shapes::WatchedAgent {
        agent_id: agent.record.agent.as_str().to_owned(),
        name: agent.record.name.clone(),
        teams: agent.record.teams.iter().cloned().collect(),
        queues: recorded(&agent.record.queues),
        skills: recorded(&agent.record.skills),
        presence_id: agent.shown_presence().to_owned(),
        since: time(agent.since),
        held_since: (agent.held_since() != agent.since).then(|| time(agent.held_since())),
        held_by: (agent.held_by() != &agent.modified_by).then(|| actor(agent.held_by())),
        version: agent.version,
        seq,
        origin: shown.origin,
        event_name: words::event(agent.cause.event),
        sub_event_name: agent.cause.sub_event.map(words::sub_event),
        is_agent_logged_in: agent.is_logged_in(),
        open_work_items: agent.open_work_items(),
        active_browser_sessions: agent.sessions().len(),
        is_blocked_by_some_profile: sums.is_blocked_by_some_profile(),
        hold: shown.hold,
        reason: shown.reason,
        until: shown.until,
        next_presence_id: shown.next_presence_id,
        modified_by: (agent.modified_by != Actor::System).then(|| actor(&agent.modified_by)),
        restore: restore_window(agent).map(|(standing, until)| shapes::WatchedRestore {
            presence_id: standing.presence.as_str().to_owned(),
            until: time(until),
        }),
        capacity: including.capacity.then(|| capacity(agent, &sums)),
        work_items: (including.work_items && !agent.items.is_empty())
            .then(|| agent.items.iter().map(work_item).collect()),
    }
}

/// A work item of an agent.
#[must_use]
pub fn work_item(item: &WorkItem) -> shapes::WorkItem {
    let state = match item.stage {
        Stage::Offered { .. } => shapes::WorkItemState::Offered,
        Stage::Active => shapes::WorkItemState::Active,
        Stage::WrapUp { .. } | Stage::WrapUpReleased => shapes::WorkItemState::WrapUp,
    };
    shapes::WorkItem {
        work_item_id: item.id.as_str().to_owned(),
        state,
        since: Some(time(item.since)),
        workstream_id: item.workstream.as_ref().map(|id: &WorkstreamId| id.as_str().to_owned()),
        units: Some(item.takes.units),
        profiles: Some(item.takes.profiles.iter().map(|id: &ProfileId| id.as_str().to_owned()).collect()),
        holds_capacity: Some(item.holds_capacity()),
        deadline: shapes::Said::Is(item.deadline().map(time)),
    }
}

/// An agent's capacity, from its sums over all work.
#[must_use]
pub fn capacity(agent: &Agent, sums: &Capacity) -> shapes::Capacity {
    shapes::Capacity {
        units: sums.units.map(units),
        profiles: sums
            .profiles
            .iter()
            .map(|own| shapes::ProfileUse {
                profile_id: own.profile.as_str().to_owned(),
                max: own.meter.max,
                used: own.meter.used,
                reserved: own.meter.reserved,
                available: own.meter.available(),
                block_assignment: own.blocks,
                reset_duration: words::reset(own.reset),
            })
            .collect(),
        open_work_items: agent.open_work_items(),
        utilization: words::utilization(sums.utilization()),
    }
}

/// RFC 3339 in UTC with milliseconds. An instant beyond the calendar is shown as its last one.
#[must_use]
pub fn time(at: Timestamp) -> String {
    let instant = jiff::Timestamp::from_millisecond(at.0).unwrap_or(if at.0 < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    });
    format!("{instant:.3}")
}

/// Why an offer ended.
#[must_use]
pub fn withdrawal_reason(cause: Cause) -> shapes::WithdrawalReason {
    match cause.sub_event {
        Some(how) => shapes::WithdrawalReason::How(words::sub_event(how)),
        None => shapes::WithdrawalReason::What(words::event(cause.event)),
    }
}

/// Who changed something.
#[must_use]
pub fn actor(actor: &Actor) -> shapes::ModifiedBy {
    let (kind, id) = match actor {
        Actor::System => (shapes::ActorType::System, None),
        Actor::Agent(id) => (shapes::ActorType::Agent, Some(id.as_str())),
        Actor::Supervisor(subject) => (shapes::ActorType::Supervisor, Some(subject.as_str())),
        Actor::Integration(subject) => (shapes::ActorType::Integration, Some(subject.as_str())),
        Actor::Admin(subject) => (shapes::ActorType::Admin, Some(subject.as_str())),
    };
    shapes::ModifiedBy { kind, id: id.map(str::to_owned) }
}

/// The part of a standing that others see; nothing of it while the agent is not there.
struct Visible {
    origin: shapes::Origin,
    hold: Option<shapes::Hold>,
    reason: Option<String>,
    until: Option<String>,
    next_presence_id: Option<String>,
}

impl Visible {
    fn of(agent: &Agent) -> Self {
        match agent.shown() {
            Shown::Standing(standing) => Self {
                origin: origin(standing.origin),
                hold: standing.hold.map(hold),
                reason: standing.reason.clone(),
                until: standing.until.map(time),
                next_presence_id: standing.next.as_ref().map(|next| next.presence.as_str().to_owned()),
            },
            Shown::Offline => Self {
                origin: shapes::Origin::Automatic,
                hold: None,
                reason: None,
                until: None,
                next_presence_id: None,
            },
        }
    }
}

fn units(meter: Meter) -> shapes::Units {
    shapes::Units { max: meter.max, used: meter.used, reserved: meter.reserved, available: meter.available() }
}

/// What a return brings back, and until when; none unless the agent is disconnected inside the window.
fn restore_window(agent: &Agent) -> Option<(&Standing, Timestamp)> {
    match agent.connection {
        Connection::Disconnected { until } => Some((&agent.standing, until)),
        Connection::SignedOut | Connection::Connected { .. } | Connection::Held { .. } => None,
    }
}

fn restore(agent: &Agent, catalog: &Catalog) -> Option<shapes::Restore> {
    restore_window(agent).map(|(standing, until)| shapes::Restore {
        presence: presence_of(standing.presence.as_str(), standing.base, catalog),
        origin: origin(standing.origin),
        hold: standing.hold.map(hold),
        reason: standing.reason.clone(),
        presence_until: standing.until.map(time),
        next_presence_id: standing.next.as_ref().map(|next| next.presence.as_str().to_owned()),
        until: time(until),
    })
}

/// The catalog's presence of that id, or its bare id over the base that was decided.
fn presence_of(id: &str, status: BaseStatus, catalog: &Catalog) -> shapes::Presence {
    let known = PresenceId::new(id).ok().and_then(|id| catalog.find(&id));
    known.map_or_else(
        || shapes::Presence {
            presence_id: id.to_owned(),
            presence_name: id.to_owned(),
            presence_text: id.to_owned(),
            base_presence_status: base(status),
            description: String::new(),
            built_in: false,
            can_user_set: false,
            presence_color: catalog.built_in(status).color.clone(),
            labels: BTreeMap::new(),
            enabled: false,
        },
        presence,
    )
}

/// The built-in presence that a well-known id of the product names (rule book, *Ids of the product*), else the id itself.
#[must_use]
pub fn presence_id_of(asked: &str) -> &str {
    BuiltIn::of_well_known_id(asked).map_or(asked, |kind| kind.as_str())
}

#[cfg(test)]
#[path = "show_tests.rs"]
mod tests;
