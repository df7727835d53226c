//! The one table of role and action.

use std::collections::BTreeSet;

use super::caller::Caller;
use crate::domain::role::Role;

/// Everything that a caller can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// What needs no credentials: health, the documents, signing in.
    AskOpenly,
    /// `GET /ws`
    OpenSocket,
    /// `setPresence`, `resetPresence`, `refreshing`, `signOut` on one's own socket.
    ActAsAgent,
    /// `watch` and `unwatch`
    Watch,
    /// `setAgentPresence`, `resetAgentPresence`, `signOutAgent`
    Supervise,
    /// `events` and `POST /events`
    SendEvents,
    /// `offerWithdrawn` frames
    HearOffers,
    /// `authenticate`
    RenewCredentials,
    /// `DELETE /session`
    SignOut,
    /// `GET /agents`: agents with their presence.
    ListAgents,
    /// `GET /agents/{agentId}/presence`
    ReadPresence,
    /// `PUT /agents/{agentId}/presence`
    SetPresence,
    /// `POST /agents/{agentId}/presence/reset`
    ResetPresence,
    /// `GET /agents/{agentId}/presence/explain`
    ExplainPresence,
    /// `GET /agents/{agentId}/history` and `/adherence`
    ReadHistory,
    /// `GET /presence` at an instant, and reports.
    ReadReports,
    /// `GET /agents/{agentId}/plan`
    ReadPlan,
    /// `PUT /agents/{agentId}/plan` and `POST /plans`
    Plan,
    /// `/agents/{agentId}/adherence-exceptions` and `/adherence-exceptions/{exceptionId}`
    Excuse,
    /// `GET /changes`
    FollowChanges,
    /// `GET /agents/{agentId}/work-items`
    ReadWorkItems,
    /// `PUT /agents/{agentId}/work-items`
    ReconcileWorkItems,
    /// `GET /workstreams/{id}/eligible-agents`
    FindEligible,
    /// Reading `/presences`, `/capacity-profiles`, `/workstreams`, `/activities`, and agents' directory records.
    ReadDirectory,
    /// Changing any of those.
    Administer,
    /// `GET, PATCH /settings`
    Settings,
    /// `/webhooks`
    Webhooks,
    /// `/erasures`
    Erase,
    /// `GET /metrics`, where a token is needed for it.
    ReadMetrics,
}

/// Who may, besides the agent itself.
struct Rule {
    roles: &'static [Role],
    /// Whether the agent that it concerns may too.
    itself: bool,
}

impl Action {
    /// All of them.
    #[cfg(test)]
    pub const ALL: &'static [Self] = &[
        Self::AskOpenly,
        Self::OpenSocket,
        Self::ActAsAgent,
        Self::Watch,
        Self::Supervise,
        Self::SendEvents,
        Self::HearOffers,
        Self::RenewCredentials,
        Self::SignOut,
        Self::ListAgents,
        Self::ReadPresence,
        Self::SetPresence,
        Self::ResetPresence,
        Self::ExplainPresence,
        Self::ReadHistory,
        Self::ReadReports,
        Self::ReadPlan,
        Self::Plan,
        Self::Excuse,
        Self::FollowChanges,
        Self::ReadWorkItems,
        Self::ReconcileWorkItems,
        Self::FindEligible,
        Self::ReadDirectory,
        Self::Administer,
        Self::Settings,
        Self::Webhooks,
        Self::Erase,
        Self::ReadMetrics,
    ];

    fn rule(self) -> Rule {
        use Role::{Admin, Agent, Integration, Supervisor};
        let only = |roles| Rule { roles, itself: false };
        let or_itself = |roles| Rule { roles, itself: true };
        match self {
            Self::AskOpenly | Self::OpenSocket | Self::RenewCredentials | Self::SignOut | Self::ReadDirectory => {
                only(&Role::ALL)
            }
            Self::ActAsAgent => only(&[Agent]),
            Self::Supervise | Self::ReadReports => only(&[Supervisor]),
            Self::SendEvents | Self::HearOffers | Self::ReconcileWorkItems => only(&[Integration]),
            Self::Watch | Self::FollowChanges | Self::FindEligible => only(&[Supervisor, Integration]),
            Self::ListAgents | Self::ReadPlan => or_itself(&[Supervisor, Integration, Admin]),
            Self::ReadPresence | Self::ReadWorkItems => or_itself(&[Supervisor, Integration]),
            Self::SetPresence | Self::ResetPresence | Self::ExplainPresence | Self::ReadHistory => {
                or_itself(&[Supervisor])
            }
            Self::Plan => only(&[Integration, Admin]),
            Self::Excuse => only(&[Supervisor, Admin]),
            Self::Administer | Self::Settings | Self::Webhooks | Self::Erase => only(&[Admin]),
            // A supervisor of no team may do nothing else: that is the token for a Prometheus.
            Self::ReadMetrics => only(&[Supervisor, Admin]),
        }
    }
}

impl Action {
    /// Who may, in words.
    #[must_use]
    pub fn who(self) -> String {
        let Rule { roles, itself } = self.rule();
        if *roles == Role::ALL {
            return "every role".to_owned();
        }
        let itself = itself.then_some("the agent itself");
        let who: Vec<&str> = itself.into_iter().chain(roles.iter().map(|role| role.as_str())).collect();
        match &who[..] {
            [who @ .., last] if !who.is_empty() => format!("{} or {last}", who.join(", ")),
            who => who.concat(),
        }
    }

    /// The roles that may, and whether the agent that it concerns may too.
    #[must_use]
    pub fn roles(self) -> (&'static [Role], bool) {
        let Rule { roles, itself } = self.rule();
        (roles, itself)
    }
}

/// The caller may not do this.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is for {}; the caller is {}", action.who(), has_of(roles))]
pub struct Forbidden {
    action: Action,
    roles: BTreeSet<Role>,
}

fn has_of(roles: &BTreeSet<Role>) -> String {
    if roles.is_empty() {
        return "of no role".to_owned();
    }
    roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(" and ")
}

/// The caller may do this, but not to this agent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotConcerning {
    /// By none of its roles.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A supervisor of other teams.
    #[error("the agent is in none of the teams that the caller supervises")]
    OtherTeams,
    /// An agent about another.
    #[error("an agent may ask this about itself only")]
    AnotherAgent,
}

/// Goes on only if the caller may do this at all. A supervisor of some teams sees and sets only those:
/// ask [`may_concerning`] about one agent, and narrow lists by [`sees`].
///
/// # Errors
/// [`Forbidden`]
pub fn may(caller: &Caller, action: Action) -> Result<(), Forbidden> {
    let Rule { roles, itself } = action.rule();
    let has = |role: &Role| caller.roles.contains(role);
    if roles.iter().any(has) || (itself && has(&Role::Agent)) {
        return Ok(());
    }
    Err(Forbidden { action, roles: caller.roles.clone() })
}

/// Goes on only if the caller may do this to an agent of this id, whoever that is: an agent may not even
/// ask whether there is another.
///
/// # Errors
/// [`NotConcerning`]
pub fn may_name(caller: &Caller, action: Action, agent_id: &str) -> Result<(), NotConcerning> {
    may(caller, action)?;
    let by_role = action.rule().roles.iter().any(|role| caller.roles.contains(role));
    if by_role || caller.subject == agent_id { Ok(()) } else { Err(NotConcerning::AnotherAgent) }
}

/// Goes on only if the caller may do this to, or learn this of, the agent `agent_id` of these teams.
///
/// # Errors
/// [`NotConcerning`]
pub fn may_concerning(
    caller: &Caller,
    action: Action,
    agent_id: &str,
    teams: &BTreeSet<String>,
) -> Result<(), NotConcerning> {
    may_name(caller, action, agent_id)?;
    let Rule { roles, itself } = action.rule();
    let is_itself = itself && caller.roles.contains(&Role::Agent) && caller.subject == agent_id;
    let by_role = roles.iter().filter(|role| caller.roles.contains(role)).any(|role| match role {
        Role::Supervisor => caller.supervises(teams),
        Role::Agent | Role::Integration | Role::Admin => true,
    });
    if is_itself || by_role { Ok(()) } else { Err(NotConcerning::OtherTeams) }
}

/// Whom a caller sees in lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sees {
    /// All agents.
    Everyone,
    /// The agents of these teams.
    Teams(BTreeSet<String>),
    /// The agent that it is.
    Itself,
}

/// Whom the caller sees in a list that it may ask for: everyone for a work system, an administrator or a
/// supervisor of all teams; else the supervisor's teams; else the agent itself.
#[must_use]
pub fn sees(caller: &Caller) -> Sees {
    let has = |role| caller.roles.contains(&role);
    if has(Role::Integration) || has(Role::Admin) {
        return Sees::Everyone;
    }
    match &caller.teams {
        _ if !has(Role::Supervisor) => Sees::Itself,
        None => Sees::Everyone,
        Some(teams) => Sees::Teams(teams.clone()),
    }
}
