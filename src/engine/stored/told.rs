//! What is told, as the log of a cluster carries it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::name::{Name, names, unnamed};
use crate::domain::dispute::Dispute;
use crate::domain::ids::{ActivityId, AgentId, PresenceId};
use crate::domain::plan::{Activity, Exception, Plan, Planned};
use crate::domain::presence::BaseStatus;
use crate::domain::time::Timestamp;
use crate::history::told::Told;

/// A change of what is told, as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum StoredTold {
    /// See [`Told::Activity`].
    Activity {
        /// Its id.
        id: Name<ActivityId>,
        /// What people read.
        text: String,
        /// What it allows by name.
        presences: Vec<Name<PresenceId>>,
        /// What it allows by base.
        bases: Vec<Name<BaseStatus>>,
        /// In milliseconds.
        tolerance: u64,
    },
    /// See [`Told::ActivityRemoved`].
    ActivityRemoved(Name<ActivityId>),
    /// See [`Told::Plan`]: agent, from, to, and what is planned.
    Plan(Name<AgentId>, i64, i64, Vec<(i64, i64, Name<ActivityId>)>),
    /// See [`Told::Exception`].
    Exception {
        /// Its id.
        id: String,
        /// Whose.
        agent: Name<AgentId>,
        /// When it starts.
        start: i64,
        /// When it ends.
        end: i64,
        /// Why.
        reason: String,
        /// Who says so.
        author: String,
        /// When they did.
        at: i64,
    },
    /// See [`Told::ExceptionRemoved`].
    ExceptionRemoved(String),
    /// See [`Told::Dispute`].
    Dispute {
        /// Its id.
        id: String,
        /// Whose.
        agent: Name<AgentId>,
        /// When the entry starts.
        start: i64,
        /// The entry's position.
        seq: u64,
        /// What the agent says.
        note: String,
        /// When.
        at: i64,
    },
}

impl StoredTold {
    pub(super) fn of(told: &Told) -> Self {
        match told {
            Told::Activity(Activity { id, text, presences, bases, tolerance }) => Self::Activity {
                id: Name(id.clone()),
                text: text.clone(),
                presences: names(presences),
                bases: names(bases),
                tolerance: u64::try_from(tolerance.as_millis()).unwrap_or(u64::MAX),
            },
            Told::ActivityRemoved(id) => Self::ActivityRemoved(Name(id.clone())),
            Told::Plan(plan) => {
                let (from, to) = plan.time();
                let items = plan.items().iter().map(|item| (item.start.0, item.end.0, Name(item.activity.clone())));
                Self::Plan(Name(plan.agent().clone()), from.0, to.0, items.collect())
            }
            Told::Exception(Exception { id, agent, start, end, reason, author, at }) => Self::Exception {
                id: id.clone(),
                agent: Name(agent.clone()),
                start: start.0,
                end: end.0,
                reason: reason.clone(),
                author: author.clone(),
                at: at.0,
            },
            Told::ExceptionRemoved(id) => Self::ExceptionRemoved(id.clone()),
            Told::Dispute(Dispute { id, agent, start, seq, note, at }) => Self::Dispute {
                id: id.clone(),
                agent: Name(agent.clone()),
                start: start.0,
                seq: *seq,
                note: note.clone(),
                at: at.0,
            },
        }
    }

    pub(super) fn into_domain(self) -> Option<Told> {
        Some(match self {
            Self::Activity { id, text, presences, bases, tolerance } => Told::Activity(Activity {
                id: id.0,
                text,
                presences: unnamed::<_, BTreeSet<_>>(presences),
                bases: unnamed::<_, BTreeSet<_>>(bases),
                tolerance: Duration::from_millis(tolerance),
            }),
            Self::ActivityRemoved(id) => Told::ActivityRemoved(id.0),
            Self::Plan(agent, from, to, items) => {
                let planned = |(start, end, activity): (i64, i64, Name<ActivityId>)| Planned {
                    start: Timestamp(start),
                    end: Timestamp(end),
                    activity: activity.0,
                };
                let items = items.into_iter().map(planned).collect();
                Told::Plan(Arc::new(Plan::new(agent.0, Timestamp(from), Timestamp(to), items).ok()?))
            }
            Self::Exception { id, agent, start, end, reason, author, at } => Told::Exception(Exception {
                id,
                agent: agent.0,
                start: Timestamp(start),
                end: Timestamp(end),
                reason,
                author,
                at: Timestamp(at),
            }),
            Self::ExceptionRemoved(id) => Told::ExceptionRemoved(id),
            Self::Dispute { id, agent, start, seq, note, at } => {
                let (start, at) = (Timestamp(start), Timestamp(at));
                Told::Dispute(Dispute { id, agent: agent.0, start, seq, note, at })
            }
        })
    }
}
