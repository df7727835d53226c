//! What a watch asks for, and what its caller may see, in a form that equal watches share.

use std::collections::BTreeSet;

use serde::Serialize;
use sha1::{Digest, Sha1};

use super::names::Names;
use crate::domain::agent::Agent;
use crate::domain::directory::Directory;
use crate::domain::ids::MAX_ID_BYTES;
use crate::domain::presence::BaseStatus;
use crate::wire;
use crate::wire::shapes::{self, MAX_FILTER_NAMES};
use crate::wire::show::{self, Including};

/// Bytes of the digest that name a watch; enough that nobody meets another's by chance.
const DIGEST_BYTES: usize = 12;

/// Whom a caller may see.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Scope {
    /// Everyone.
    All,
    /// The agents of these teams.
    Teams(BTreeSet<String>),
}

impl Scope {
    /// Whether an agent of these teams is in it.
    #[inline]
    #[must_use]
    pub fn sees(&self, agent: &Agent) -> bool {
        match self {
            Self::All => true,
            Self::Teams(teams) => agent.record.teams.iter().any(|team| teams.contains(team)),
        }
    }

    /// Whether the agent is in it, or was before it left its teams.
    #[inline]
    pub(super) fn ever_saw(&self, agent: &Agent) -> bool {
        match self {
            Self::All => true,
            Self::Teams(teams) => agent.was_ever_in(teams),
        }
    }
}

/// What makes two watches the same: the filter, what is included, and whom the caller may see.
///
/// A list that is given and empty names nobody: it is "any of these", and there are none.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Criteria {
    scope: Scope,
    teams: Option<Names>,
    queues: Option<Names>,
    skills: Option<Names>,
    agents: Option<Names>,
    bases: Option<Names>,
    presences: Option<Names>,
    workstream: Option<String>,
    capacity: bool,
    work_items: bool,
    /// Left out of the digest if it is not asked for: watches keep the names that they had before there was this.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    record: bool,
}

/// Which changes can concern a filter.
pub(super) enum Reach<'a> {
    Agents(Vec<&'a str>),
    Teams(Vec<&'a str>),
    Everyone,
}

/// The list of a filter that is too long, and how long it is.
pub(super) fn too_long(filter: &shapes::Filter) -> Option<(&'static str, usize)> {
    let names = |list: &Option<Vec<String>>| list.as_ref().map_or(0, Vec::len);
    let lists = [
        ("teams", names(&filter.teams)),
        ("queues", names(&filter.queues)),
        ("skills", names(&filter.skills)),
        ("agentIds", names(&filter.agent_ids)),
        ("baseStatuses", filter.base_statuses.as_ref().map_or(0, Vec::len)),
        ("presenceIds", names(&filter.presence_ids)),
    ];
    lists.into_iter().find(|(_, names)| *names > MAX_FILTER_NAMES)
}

impl Criteria {
    pub(super) fn of(filter: shapes::Filter, scope: Scope, including: Including) -> Self {
        // A text that is longer than any name may be names nothing.
        let set = |list: Option<Vec<String>>| {
            list.map(|names| names.into_iter().filter(|name| name.len() <= MAX_ID_BYTES).collect())
        };
        let presences = filter.presence_ids.map(|asked| asked.iter().map(|id| show::presence_id_of(id)).collect());
        let named =
            |wanted: shapes::BasePresenceStatus| BaseStatus::ALL.into_iter().find(|base| show::base(*base) == wanted);
        let bases =
            filter.base_statuses.map(|asked| asked.into_iter().filter_map(named).map(BaseStatus::as_str).collect());
        Self {
            scope,
            teams: set(filter.teams),
            queues: set(filter.queues),
            skills: set(filter.skills),
            agents: set(filter.agent_ids),
            bases,
            presences,
            workstream: filter.workstream_id,
            capacity: including.capacity,
            work_items: including.work_items,
            record: including.record,
        }
    }

    /// How many names the filter has, each of which is kept for as long as it is watched.
    pub(super) fn number_of_names(&self) -> usize {
        let lists = [&self.teams, &self.queues, &self.skills, &self.agents, &self.bases, &self.presences];
        lists.into_iter().flatten().map(Names::len).sum()
    }

    /// The watch's name: the same for the same watch, on every node and after every restart.
    pub(super) fn digest(&self) -> String {
        let digest = Sha1::digest(wire::text(self));
        digest[..DIGEST_BYTES].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(super) fn including(&self) -> Including {
        Including { capacity: self.capacity, work_items: self.work_items, record: self.record }
    }

    pub(super) fn workstream(&self) -> Option<&str> {
        self.workstream.as_deref()
    }

    pub(super) fn reach(&self) -> Reach<'_> {
        match (&self.agents, &self.teams, &self.scope) {
            (Some(agents), _, _) => Reach::Agents(agents.iter().collect()),
            (None, Some(teams), _) => Reach::Teams(teams.iter().collect()),
            (None, None, Scope::Teams(teams)) => Reach::Teams(teams.iter().map(String::as_str).collect()),
            (None, None, Scope::All) => Reach::Everyone,
        }
    }

    /// How much it takes to judge the agent: the names that are looked up.
    #[inline]
    pub(super) fn effort(&self, agent: &Agent) -> usize {
        let record = &agent.record;
        let of = |wanted: &Option<Names>, have: &BTreeSet<String>| {
            if wanted.is_some() { have.len() } else { 0 }
        };
        1 + of(&self.teams, &record.teams) + of(&self.queues, &record.queues) + of(&self.skills, &record.skills)
    }

    /// Whether the watch shows the agent as it is now.
    #[inline]
    pub(super) fn matches(&self, agent: &Agent, directory: &Directory) -> bool {
        let record = &agent.record;
        agent.deleted.is_none()
            && self.names(agent)
            && self.scope.sees(agent)
            && self.teams.as_ref().is_none_or(|wanted| any(&record.teams, wanted))
            && self.queues.as_ref().is_none_or(|wanted| any(&record.queues, wanted))
            && self.skills.as_ref().is_none_or(|wanted| any(&record.skills, wanted))
            && self.bases.as_ref().is_none_or(|wanted| wanted.contains(agent.shown_base().as_str()))
            && self.presences.as_ref().is_none_or(|wanted| wanted.contains(agent.shown_presence()))
            && self.workstream.as_ref().is_none_or(|wanted| allows(directory, wanted, agent))
    }

    /// Whether the agent may be named as one that left: it could have matched, and the caller may
    /// know of it.
    #[inline]
    pub(super) fn may_name(&self, agent: &Agent) -> bool {
        self.names(agent) && self.scope.ever_saw(agent)
    }

    #[inline]
    fn names(&self, agent: &Agent) -> bool {
        self.agents.as_ref().is_none_or(|wanted| wanted.contains(agent.record.agent.as_str()))
    }
}

fn any(have: &BTreeSet<String>, wanted: &Names) -> bool {
    have.iter().any(|one| wanted.contains(one))
}

fn allows(directory: &Directory, workstream: &str, agent: &Agent) -> bool {
    let workstream = directory.workstreams.get(workstream);
    workstream.is_some_and(|workstream| workstream.allowed.contains(&agent.shown_base()))
}

/// A filter within a scope, for lists: the same choice that a watch makes.
#[derive(Debug)]
pub struct Matcher(Criteria);

impl Matcher {
    /// The choice of `filter` among what `scope` sees.
    ///
    /// # Errors
    /// A list of the filter is too long, or it names a workstream that there is not.
    pub fn of(filter: shapes::Filter, scope: Scope, directory: &Directory) -> Result<Self, super::FeedError> {
        if let Some((field, names)) = too_long(&filter) {
            return Err(super::FeedError::TooLong { field, names });
        }
        if let Some(unknown) =
            filter.workstream_id.as_ref().filter(|id| !directory.workstreams.contains_key(id.as_str()))
        {
            return Err(super::FeedError::UnknownWorkstream(unknown.clone()));
        }
        Ok(Self(Criteria::of(filter, scope, Including::default())))
    }

    /// A name that is the same for the same choice.
    #[must_use]
    pub fn name(&self) -> String {
        self.0.digest()
    }

    /// The agents that the filter names, if it names some: nobody else is chosen. In order, from behind a
    /// name on.
    #[must_use]
    pub fn agents(&self, behind: Option<&str>) -> Option<impl Iterator<Item = &str>> {
        self.0.agents.as_ref().map(|agents| agents.behind(behind))
    }

    /// Whether the agent is chosen.
    #[must_use]
    pub fn matches(&self, agent: &Agent, directory: &Directory) -> bool {
        self.0.matches(agent, directory)
    }
}
