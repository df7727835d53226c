//! The one table of role and action.
//!
//! An action is a permission, and a role is a preset of them. A caller that is limited to some teams may do
//! what reaches agents only to those of these teams, and nothing that reaches everyone.

use std::collections::BTreeSet;

use super::caller::Caller;
use crate::domain::role::{Role, Roles};

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
    /// `GET /agents/{agentId}/history`, `/adherence` and `/disputes`
    ReadHistory,
    /// `POST /agents/{agentId}/disputes`
    Dispute,
    /// `GET /presence` at an instant, reports, and `GET /disputes`.
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
    /// `GET /agents/{agentId}`: an agent's directory record.
    ReadRecord,
    /// `GET /people`
    ReadNames,
    /// Reading `/presences`, `/capacity-profiles`, `/workstreams` and `/activities`.
    ReadDirectory,
    /// Changing any of those, and agents' directory records.
    Administer,
    /// `GET, PATCH /settings`
    Settings,
    /// `/webhooks`
    Webhooks,
    /// `/erasures`
    Erase,
    /// `GET /audit`
    ReadAudit,
    /// `/revocations`
    Revoke,
    /// `/tokens`
    ApiTokens,
    /// `GET /metrics`, where a token is needed for it.
    ReadMetrics,
    /// `GET /cluster/database`
    CopyDatabase,
}

/// Who may, besides the agent itself.
struct Rule {
    roles: &'static [Role],
    /// Whether the agent that it concerns may too.
    itself: bool,
    /// Whether it reaches agents of all teams at once.
    reaches_everyone: bool,
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
        Self::Dispute,
        Self::ReadReports,
        Self::ReadPlan,
        Self::Plan,
        Self::Excuse,
        Self::FollowChanges,
        Self::ReadWorkItems,
        Self::ReconcileWorkItems,
        Self::FindEligible,
        Self::ReadRecord,
        Self::ReadNames,
        Self::ReadDirectory,
        Self::Administer,
        Self::Settings,
        Self::Webhooks,
        Self::Erase,
        Self::ReadAudit,
        Self::Revoke,
        Self::ApiTokens,
        Self::ReadMetrics,
        Self::CopyDatabase,
    ];

    fn rule(self) -> Rule {
        use Role::{Admin, Agent, Analyst, Auditor, Integration, Observer, Supervisor};
        let only = |roles| Rule { roles, itself: false, reaches_everyone: false };
        let or_itself = |roles| Rule { itself: true, ..only(roles) };
        let on_everyone = |roles| Rule { reaches_everyone: true, ..only(roles) };
        match self {
            Self::AskOpenly
            | Self::OpenSocket
            | Self::RenewCredentials
            | Self::SignOut
            | Self::ReadNames
            | Self::ReadDirectory => only(&Role::ALL),
            Self::ActAsAgent => only(&[Agent]),
            Self::Dispute => or_itself(&[]),
            Self::Supervise => only(&[Supervisor]),
            Self::ReadReports => only(&[Supervisor, Observer, Analyst]),
            Self::SendEvents | Self::HearOffers => on_everyone(&[Integration]),
            Self::ReconcileWorkItems => only(&[Integration]),
            Self::Watch | Self::FollowChanges | Self::FindEligible => only(&[Supervisor, Observer, Integration]),
            Self::ListAgents | Self::ReadRecord => or_itself(&[Supervisor, Observer, Analyst, Integration, Admin]),
            Self::ReadPlan => or_itself(&[Supervisor, Observer, Analyst, Integration, Admin]),
            Self::ReadPresence | Self::ReadWorkItems => or_itself(&[Supervisor, Observer, Integration]),
            Self::SetPresence | Self::ResetPresence => or_itself(&[Supervisor]),
            Self::ExplainPresence | Self::ReadHistory => or_itself(&[Supervisor, Observer, Analyst]),
            Self::Plan => only(&[Integration, Admin]),
            Self::Excuse => only(&[Supervisor, Admin]),
            Self::Administer | Self::Settings => only(&[Admin]),
            Self::Webhooks | Self::Erase | Self::Revoke | Self::ApiTokens | Self::CopyDatabase => on_everyone(&[Admin]),
            Self::ReadAudit => on_everyone(&[Auditor, Admin]),
            // A supervisor of no team may do nothing else: that is the token for a Prometheus.
            Self::ReadMetrics => only(&[Supervisor, Observer, Admin]),
        }
    }
}

impl Action {
    /// Who may, in words.
    #[must_use]
    pub fn who(self) -> String {
        let Rule { roles, itself, .. } = self.rule();
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
        let Rule { roles, itself, .. } = self.rule();
        (roles, itself)
    }
}

/// The caller may not do this.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// By none of its roles.
    #[error("this is for {}; the caller is {}", action.who(), has_of(*roles))]
    Role {
        /// What it wished to do.
        action: Action,
        /// What it is.
        roles: Roles,
    },
    /// By its role, but not limited as it is.
    #[error("this reaches agents of every team, and the caller is limited to some teams")]
    Limited,
}

fn has_of(roles: Roles) -> String {
    if roles.is_empty() {
        return "of no role".to_owned();
    }
    roles.each().map(Role::as_str).collect::<Vec<_>>().join(" and ")
}

/// The caller may do this, but not to this agent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotConcerning {
    /// To nobody.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Someone who is limited to teams. Whether there is an agent of this id is not told.
    #[error("no agent of this id is in a team that the caller is limited to")]
    OtherTeams,
    /// An agent about another.
    #[error("an agent may ask this about itself only")]
    AnotherAgent,
}

/// Goes on only if the caller may do this at all. Whoever is limited to some teams sees and sets only those: ask
/// [`may_concerning`] about one agent, and narrow lists by [`sees`].
///
/// # Errors
/// [`Forbidden`]
pub fn may(caller: &Caller, action: Action) -> Result<(), Forbidden> {
    let Rule { roles, itself, reaches_everyone } = action.rule();
    let has = |role: &Role| caller.roles.contains(*role);
    if !(roles.iter().any(has) || (itself && has(&Role::Agent))) {
        return Err(Forbidden::Role { action, roles: caller.roles });
    }
    if reaches_everyone && caller.limit().is_some() { Err(Forbidden::Limited) } else { Ok(()) }
}

/// Goes on only if the caller may do this to an agent of this id, whoever that is: an agent may not even
/// ask whether there is another.
///
/// # Errors
/// [`NotConcerning`]
pub fn may_name(caller: &Caller, action: Action, agent_id: &str) -> Result<(), NotConcerning> {
    may(caller, action)?;
    if by_role(caller, action) || caller.subject == agent_id { Ok(()) } else { Err(NotConcerning::AnotherAgent) }
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
    let is_itself = action.rule().itself && caller.roles.contains(Role::Agent) && caller.subject == agent_id;
    let reaches = by_role(caller, action) && caller.reaches(teams);
    if is_itself || reaches { Ok(()) } else { Err(NotConcerning::OtherTeams) }
}

/// Goes on only if the caller may be told that no agent has an id. A caller that is limited to teams is answered as
/// if an agent of another team had it.
///
/// # Errors
/// [`NotConcerning::OtherTeams`]
pub fn may_know_of_nobody(caller: &Caller) -> Result<(), NotConcerning> {
    if caller.limit().is_some() { Err(NotConcerning::OtherTeams) } else { Ok(()) }
}

/// Whether a role lets the caller, and not only that it is the agent.
fn by_role(caller: &Caller, action: Action) -> bool {
    action.rule().roles.iter().any(|role| caller.roles.contains(*role))
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

/// Whom the caller sees in a list that it may ask for: the teams that it is limited to, else everyone; an agent
/// that is nothing else, itself.
#[must_use]
pub fn sees(caller: &Caller) -> Sees {
    let is_only_an_agent = caller.roles.each().all(|role| role == Role::Agent);
    match caller.limit() {
        _ if is_only_an_agent => Sees::Itself,
        Some(teams) => Sees::Teams(teams.clone()),
        None => Sees::Everyone,
    }
}
