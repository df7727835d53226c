//! The one table of role and action.

use super::caller::Caller;
use crate::domain::role::Role;

/// Everything that a caller can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
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
    /// `authenticate`
    RenewCredentials,
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
    /// `GET /agents/{agentId}/work-items`
    ReadWorkItems,
    /// `PUT /agents/{agentId}/work-items`
    ReconcileWorkItems,
    /// `GET /workstreams/{id}/eligible-agents`
    FindEligible,
    /// Reading `/presences`, `/capacity-profiles`, `/workstreams`, and agents' directory records.
    ReadDirectory,
    /// Changing any of those.
    Administer,
    /// `GET, PATCH /settings`
    Settings,
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
        Self::OpenSocket,
        Self::ActAsAgent,
        Self::Watch,
        Self::Supervise,
        Self::SendEvents,
        Self::RenewCredentials,
        Self::ListAgents,
        Self::ReadPresence,
        Self::SetPresence,
        Self::ResetPresence,
        Self::ExplainPresence,
        Self::ReadWorkItems,
        Self::ReconcileWorkItems,
        Self::FindEligible,
        Self::ReadDirectory,
        Self::Administer,
        Self::Settings,
    ];

    fn rule(self) -> Rule {
        use Role::{Admin, Agent, Integration, Supervisor};
        let only = |roles| Rule { roles, itself: false };
        let or_itself = |roles| Rule { roles, itself: true };
        match self {
            Self::OpenSocket | Self::RenewCredentials | Self::ReadDirectory => only(&Role::ALL),
            Self::ActAsAgent => only(&[Agent]),
            Self::Supervise => only(&[Supervisor]),
            Self::SendEvents | Self::ReconcileWorkItems => only(&[Integration]),
            Self::Watch | Self::ListAgents | Self::FindEligible => only(&[Supervisor, Integration]),
            Self::ReadPresence | Self::ReadWorkItems => or_itself(&[Supervisor, Integration]),
            Self::SetPresence | Self::ResetPresence | Self::ExplainPresence => or_itself(&[Supervisor]),
            Self::Administer | Self::Settings => only(&[Admin]),
        }
    }
}

/// Whether the caller may do this at all. A supervisor of some teams sees and sets only those:
/// ask [`may_concerning`] about one agent, and narrow lists by [`Caller::supervises`].
#[must_use]
pub fn may(caller: &Caller, action: Action) -> bool {
    let rule = action.rule();
    rule.roles.iter().any(|role| caller.roles.contains(role)) || (rule.itself && caller.roles.contains(&Role::Agent))
}

/// Whether the caller may do this to, or learn this of, the agent `agent_id` of these teams.
#[must_use]
pub fn may_concerning(caller: &Caller, action: Action, agent_id: &str, teams: &[String]) -> bool {
    let rule = action.rule();
    let is_itself = rule.itself && caller.roles.contains(&Role::Agent) && caller.subject == agent_id;
    is_itself
        || rule.roles.iter().filter(|role| caller.roles.contains(role)).any(|role| match role {
            Role::Supervisor => caller.supervises(teams),
            Role::Agent | Role::Integration | Role::Admin => true,
        })
}
