//! Which actions the audit keeps. An action that is not decided here does not compile.

use crate::identity::Action;

/// What of an action the audit keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// Each time that something was changed by it.
    Changes,
    /// That somebody signed in by it, or out.
    SignIns,
    /// Each export by it.
    Exports,
    /// Only who was refused it: what it changes is told with its author by the log and the history, or it only reads.
    Refusals,
}

/// What of an action the audit keeps.
pub(super) fn kept_of(action: Action) -> Kept {
    match action {
        Action::Administer
        | Action::Settings
        | Action::Webhooks
        | Action::Plan
        | Action::Excuse
        | Action::Erase
        | Action::Revoke
        | Action::ApiTokens
        | Action::Supervise => Kept::Changes,
        // Of others: what agents choose for themselves is in their history.
        Action::SetPresence | Action::ResetPresence => Kept::Changes,
        Action::OpenSocket | Action::SignOut => Kept::SignIns,
        // The token for the hub's own pages is shown with the first request that needs one.
        Action::AskOpenly | Action::RenewCredentials => Kept::Refusals,
        Action::ActAsAgent
        | Action::Watch
        | Action::SendEvents
        | Action::HearOffers
        | Action::ListAgents
        | Action::ReadPresence
        | Action::ExplainPresence
        | Action::ReadHistory
        | Action::Dispute
        | Action::ReadPlan
        | Action::FollowChanges
        | Action::ReadWorkItems
        | Action::ReconcileWorkItems
        | Action::FindEligible
        | Action::ReadRecord
        | Action::ReadNames
        | Action::ReadDirectory
        | Action::ReadMetrics => Kept::Refusals,
        Action::ReadReports | Action::ReadAudit | Action::CopyDatabase => Kept::Exports,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::http::operations;
    use crate::edge::http::route::Verb;
    use crate::wire::documents::Schemas;

    /// What changes something and is no entry: what work systems report is in the history, and a token for the hub's
    /// own pages is shown with the first request that needs one. Who signs out at the provider has an entry for each
    /// session, without having asked here. A dispute is read where its entry is, and never changes.
    const NO_ENTRY: [&str; 5] =
        ["sendEvents", "reconcileAgentWorkItems", "beginSession", "endSessionsOfProvider", "disputeEntry"];

    #[test]
    fn every_operation_that_changes_something_is_kept() {
        let mut schemas = Schemas::default();
        for route in operations() {
            let operation = route.operation(&mut schemas);
            let reads = matches!(operation.method, Verb::Get | Verb::Options);
            let is_kept = kept_of(operation.action) != Kept::Refusals;
            let id = operation.about.id.as_str();
            assert!(reads || is_kept || NO_ENTRY.contains(&id), "{id}: {:?}", operation.action);
        }
        assert!(Action::ALL.iter().any(|action| kept_of(*action) == Kept::Refusals));
    }
}
