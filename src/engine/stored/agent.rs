//! An agent's whole state, as it is stored.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::cause::{StoredActor, StoredCause};
use super::name::{Name, names, unnamed};
use super::offer::{self, StoredPastOffers};
use super::trace::{trace_of_texts, trace_to_texts};
use crate::domain::agent::{Agent, Connection, Grace, SignedOut};
use crate::domain::daily::DailyUse;
use crate::domain::ids::{AgentId, PresenceId, ProfileId, SessionId, WorkItemId, WorkstreamId};
use crate::domain::presence::{BaseStatus, BuiltIn};
use crate::domain::record::{AgentProfile, AgentRecord, PresenceEffect};
use crate::domain::standing::{Beginning, Hold, Origin, Planned, Standing};
use crate::domain::time::Timestamp;
use crate::domain::work_item::{Consumption, Stage, WorkItem};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StoredAgent {
    record: StoredRecord,
    version: u64,
    changed_at: i64,
    standing: StoredStanding,
    connection: StoredConnection,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    interrupted: Option<StoredBeginning>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signed_out: Option<StoredSignedOut>,
    since: i64,
    cause: StoredCause,
    by: StoredActor,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    items: Vec<StoredWorkItem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    daily: Vec<(Name<ProfileId>, u32)>,
    /// Absent where nothing was used, and from states that were kept before it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    daily_since: Option<i64>,
    /// As it was kept before there were `past_offers`.
    #[serde(default, skip_serializing)]
    ended_offers: Vec<Name<WorkItemId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    past_offers: Option<StoredPastOffers>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    former_teams: Vec<(String, i64)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deleted: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    trace: Vec<String>,
}

impl StoredAgent {
    pub(super) fn of(agent: &Agent) -> Self {
        Self {
            record: StoredRecord::of(&agent.record),
            version: agent.version,
            changed_at: agent.changed_at.0,
            standing: StoredStanding::of(&agent.standing),
            connection: StoredConnection::of(&agent.connection),
            interrupted: agent.interrupted.as_deref().map(StoredBeginning::of),
            signed_out: agent.signed_out.as_deref().map(StoredSignedOut::of),
            since: agent.since.0,
            cause: StoredCause::of(agent.cause),
            by: StoredActor::of(&agent.modified_by),
            items: agent.items.iter().map(StoredWorkItem::of).collect(),
            daily: agent.daily.used().iter().map(|(profile, used)| (Name(profile.clone()), *used)).collect(),
            daily_since: agent.daily.since().map(|since| since.0),
            ended_offers: Vec::new(),
            past_offers: StoredPastOffers::of(&agent.past_offers),
            former_teams: agent.former_teams.iter().map(|(team, left)| (team.clone(), left.0)).collect(),
            deleted: agent.deleted.map(|at| at.0),
            trace: trace_to_texts(&agent.trace),
        }
    }

    pub(super) fn into_domain(self) -> Agent {
        Agent {
            record: Arc::new(self.record.into_domain()),
            version: self.version,
            changed_at: Timestamp(self.changed_at),
            standing: self.standing.into_domain(),
            connection: self.connection.into_domain(),
            interrupted: self.interrupted.map(|began| Box::new(began.into_domain())),
            signed_out: self.signed_out.map(|signed_out| Box::new(signed_out.into_domain())),
            since: Timestamp(self.since),
            cause: self.cause.into_domain(),
            modified_by: self.by.into_domain(),
            items: self.items.into_iter().map(StoredWorkItem::into_domain).collect(),
            // Without it the uses are at least as old as the state.
            daily: DailyUse::from_kept(
                Timestamp(self.daily_since.unwrap_or(self.changed_at)),
                self.daily.into_iter().map(|(profile, used)| (profile.0, used)).collect(),
            ),
            past_offers: match self.past_offers {
                Some(past) => past.into_domain(),
                None => offer::of_names(self.ended_offers, Timestamp(self.changed_at)),
            },
            former_teams: self.former_teams.into_iter().map(|(team, left)| (team, Timestamp(left))).collect(),
            deleted: self.deleted.map(Timestamp),
            trace: trace_of_texts(&self.trace),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct StoredBeginning {
    at: i64,
    by: StoredActor,
}

impl StoredBeginning {
    fn of(began: &Beginning) -> Self {
        Self { at: began.at.0, by: StoredActor::of(&began.by) }
    }

    fn into_domain(self) -> Beginning {
        Beginning { at: Timestamp(self.at), by: self.by.into_domain() }
    }
}

#[derive(Serialize, Deserialize)]
struct StoredSignedOut {
    by: StoredActor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl StoredSignedOut {
    fn of(signed_out: &SignedOut) -> Self {
        Self { by: StoredActor::of(&signed_out.by), reason: signed_out.reason.clone() }
    }

    fn into_domain(self) -> SignedOut {
        SignedOut { by: self.by.into_domain(), reason: self.reason }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredRecord {
    agent: Name<AgentId>,
    name: String,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    teams: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    queues: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    skills: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default_presence: Option<Name<PresenceId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    selectable: Option<Vec<Name<PresenceId>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    units: Option<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    profiles: Vec<(Name<ProfileId>, Option<u32>)>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    disabled: bool,
}

impl StoredRecord {
    fn of(record: &AgentRecord) -> Self {
        Self {
            agent: Name(record.agent.clone()),
            name: record.name.clone(),
            teams: record.teams.clone(),
            queues: record.queues.clone(),
            skills: record.skills.clone(),
            default_presence: record.default_presence.clone().map(Name),
            selectable: record.selectable.as_ref().map(names),
            units: record.units,
            profiles: record.profiles.iter().map(|own| (Name(own.profile.clone()), own.max)).collect(),
            disabled: !record.enabled,
        }
    }

    fn into_domain(self) -> AgentRecord {
        let profile = |(profile, max): (Name<ProfileId>, _)| AgentProfile { profile: profile.0, max };
        AgentRecord {
            agent: self.agent.0,
            name: self.name,
            teams: self.teams,
            queues: self.queues,
            skills: self.skills,
            default_presence: self.default_presence.map(|name| name.0),
            selectable: self.selectable.map(unnamed),
            units: self.units,
            profiles: self.profiles.into_iter().map(profile).collect(),
            enabled: !self.disabled,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredStanding {
    presence: Name<PresenceId>,
    base: Name<BaseStatus>,
    origin: Name<Origin>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hold: Option<Name<Hold>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<Name<PresenceId>>,
    /// Left out by older hubs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next_base: Option<Name<BaseStatus>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    spared: bool,
}

impl StoredStanding {
    fn of(standing: &Standing) -> Self {
        Self {
            presence: Name(standing.presence.clone()),
            base: Name(standing.base),
            origin: Name(standing.origin),
            hold: standing.hold.map(Name),
            reason: standing.reason.clone(),
            until: standing.until.map(|until| until.0),
            next: standing.next.as_ref().map(|next| Name(next.presence.clone())),
            next_base: standing.next.as_ref().map(|next| Name(next.base)),
            spared: standing.spared,
        }
    }

    fn into_domain(self) -> Standing {
        Standing {
            presence: self.presence.0,
            base: self.base.0,
            origin: self.origin.0,
            hold: self.hold.map(|name| name.0),
            reason: self.reason,
            until: self.until.map(Timestamp),
            next: self.next.map(|name| Box::new(planned(name.0, self.next_base.map(|base| base.0)))),
            spared: self.spared,
        }
    }
}

/// Without a base the presence is one that ships, or nothing is known of it.
fn planned(presence: PresenceId, base: Option<BaseStatus>) -> Planned {
    let shipped = || BuiltIn::ALL.into_iter().find(|kind| kind.as_str() == presence.as_str());
    let base = base.or_else(|| shipped().map(BuiltIn::base)).unwrap_or(BaseStatus::Available);
    Planned { presence, base }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum StoredConnection {
    SignedOut,
    Connected(Vec<Name<SessionId>>),
    Held { grace: Name<Grace>, began: i64, until: i64 },
    Disconnected { until: i64 },
}

impl StoredConnection {
    fn of(connection: &Connection) -> Self {
        match connection {
            Connection::SignedOut => Self::SignedOut,
            Connection::Connected { sessions } => Self::Connected(names(sessions)),
            Connection::Held { grace, began, until } => {
                Self::Held { grace: Name(*grace), began: began.0, until: until.0 }
            }
            Connection::Disconnected { until } => Self::Disconnected { until: until.0 },
        }
    }

    fn into_domain(self) -> Connection {
        match self {
            Self::SignedOut => Connection::SignedOut,
            Self::Connected(sessions) => Connection::Connected { sessions: unnamed(sessions) },
            Self::Held { grace, began, until } => {
                Connection::Held { grace: grace.0, began: Timestamp(began), until: Timestamp(until) }
            }
            Self::Disconnected { until } => Connection::Disconnected { until: Timestamp(until) },
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredWorkItem {
    id: Name<WorkItemId>,
    stage: StoredStage,
    since: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    workstream: Option<Name<WorkstreamId>>,
    #[serde(default, skip_serializing_if = "is_zero")]
    units: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    profiles: Vec<Name<ProfileId>>,
    effect: Name<PresenceEffect>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum StoredStage {
    Offered(Option<i64>),
    Active,
    WrapUp(Option<i64>),
    WrapUpReleased,
}

impl StoredWorkItem {
    fn of(item: &WorkItem) -> Self {
        let millis = |deadline: Option<Timestamp>| deadline.map(|deadline| deadline.0);
        Self {
            id: Name(item.id.clone()),
            stage: match item.stage {
                Stage::Offered { deadline } => StoredStage::Offered(millis(deadline)),
                Stage::Active => StoredStage::Active,
                Stage::WrapUp { deadline } => StoredStage::WrapUp(millis(deadline)),
                Stage::WrapUpReleased => StoredStage::WrapUpReleased,
            },
            since: item.since.0,
            workstream: item.workstream.clone().map(Name),
            units: item.takes.units,
            profiles: names(&item.takes.profiles),
            effect: Name(item.presence_effect),
        }
    }

    fn into_domain(self) -> WorkItem {
        WorkItem {
            id: self.id.0,
            stage: match self.stage {
                StoredStage::Offered(deadline) => Stage::Offered { deadline: deadline.map(Timestamp) },
                StoredStage::Active => Stage::Active,
                StoredStage::WrapUp(deadline) => Stage::WrapUp { deadline: deadline.map(Timestamp) },
                StoredStage::WrapUpReleased => Stage::WrapUpReleased,
            },
            since: Timestamp(self.since),
            workstream: self.workstream.map(|name| name.0),
            takes: Consumption { units: self.units, profiles: unnamed(self.profiles) },
            presence_effect: self.effect.0,
        }
    }
}
