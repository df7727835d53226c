//! What the audit keeps of changes of agents and of the directory, in the words of the API.

use std::sync::Arc;

use serde::Serialize;
use serde_json::json;

use crate::agents::{DirectoryView, Notes};
use crate::config::outside;
use crate::domain::agent::Agent;
use crate::domain::audit::{About, Asker, Deed, Note};
use crate::domain::cause::EventName;
use crate::domain::change::Change;
use crate::domain::command::Ask;
use crate::domain::directory::DirectoryChange;
use crate::domain::policy::Policy;
use crate::wire::audit::difference;
use crate::wire::directory as shape;
use crate::wire::show;

/// Somebody whose changes the audit keeps.
pub struct Noted(pub Arc<Asker>);

impl Noted {
    fn done(&self, deed: Deed, about: About) -> Option<Note> {
        Some(Note::done(self.0.clone(), deed, Some(about)))
    }

    /// Of a record: created, changed or deleted.
    pub fn record<T: Serialize>(&self, about: About, before: Option<&T>, after: Option<&T>) -> Option<Note> {
        let deed = match (before, after) {
            (None, _) => Deed::Create,
            (Some(_), Some(_)) => Deed::Change,
            (Some(_), None) => Deed::Delete,
        };
        self.done(deed, about).map(|note| note.differing(difference(before, after)))
    }

    fn presence(&self, deed: Deed, before: Option<&Agent>, change: &Change) -> Option<Note> {
        let shown = |agent: &Agent| {
            let (presence, standing) = (agent.shown_presence_id(), &agent.standing);
            let mut shown = json!({ "presenceId": presence.as_str() });
            if agent.is_logged_in() && deed != Deed::SignOutAgent {
                // Whoever is away is Offline, and has what was set once back.
                if presence != standing.presence {
                    shown["onReturn"] = standing.presence.as_str().into();
                }
                if let Some(until) = standing.until {
                    shown["until"] = show::time(until).into();
                }
                if let Some(next) = &standing.next {
                    shown["nextPresenceId"] = next.presence.as_str().into();
                }
            }
            shown
        };
        let reason = change.reason.as_ref().or(change.after.standing.reason.as_ref());
        let mut after = shown(&change.after);
        if let Some(reason) = reason {
            after["reason"] = reason.as_str().into();
        }
        let note = self.done(deed, About::agent(change.after.record.agent.as_str()))?;
        Some(note.differing((before.map(|agent| shown(agent).to_string()), Some(after.to_string()))))
    }
}

impl Notes for Noted {
    fn of_agent(&self, ask: &Ask, before: Option<&Agent>, changes: &[Change]) -> Option<Note> {
        let change = changes.last()?;
        let about = || About::agent(change.after.record.agent.as_str());
        match ask {
            Ask::Configure(_) => {
                let before = before.map(|before| shape::agent_record(&before.record));
                self.record(about(), before.as_ref(), Some(&shape::agent_record(&change.after.record)))
            }
            Ask::Delete => self.record(about(), before.map(|it| shape::agent_record(&it.record)).as_ref(), None),
            // A further tab, and a return in time, are no new sign-in, unless the agent was signed out.
            Ask::OpenSession(..) => {
                let was_signed_out = before.is_some_and(|before| before.cause.event == EventName::Logout);
                let signs_in = |change: &Change| {
                    let event = change.cause.event;
                    event == EventName::Login || (event == EventName::Reconnect && was_signed_out)
                };
                if changes.iter().any(signs_in) { self.done(Deed::SignIn, about()) } else { None }
            }
            Ask::SignOut => self.presence(Deed::SignOutAgent, before, change),
            Ask::Choose(_) => self.presence(Deed::SetPresence, before, change),
            Ask::Reset => self.presence(Deed::ResetPresence, before, change),
            // What work systems report, and what time brings, is in the history.
            Ask::EndSession(..)
            | Ask::HubReturned { .. }
            | Ask::NodeLost { .. }
            | Ask::Work(..)
            | Ask::Reconcile(_)
            | Ask::FollowDirectory
            | Ask::EndDay { .. }
            | Ask::Tick => None,
        }
    }

    fn of_directory(&self, view: &DirectoryView, change: &DirectoryChange, file: &Policy) -> Option<Note> {
        let known = &view.directory;
        let presence = |id: &str| About::of("presence", id);
        let profile = |id: &str| About::of("capacity-profile", id);
        let stream = |id: &str| About::of("workstream", id);
        match change {
            DirectoryChange::Presence(after) => {
                let before = known.catalog.find(&after.id).map(shape::presence);
                self.record(presence(after.id.as_str()), before.as_ref(), Some(&shape::presence(after)))
            }
            DirectoryChange::PresenceRemoved(id) => {
                self.record(presence(id.as_str()), known.catalog.find(id).map(shape::presence).as_ref(), None)
            }
            DirectoryChange::Profile(after) => {
                let before = known.profiles.get(&after.id).map(shape::capacity_profile);
                self.record(profile(after.id.as_str()), before.as_ref(), Some(&shape::capacity_profile(after)))
            }
            DirectoryChange::ProfileRemoved(id) => {
                self.record(profile(id.as_str()), known.profiles.get(id).map(shape::capacity_profile).as_ref(), None)
            }
            DirectoryChange::Workstream(after) => {
                let before = known.workstreams.get(&after.id).map(shape::workstream);
                self.record(stream(after.id.as_str()), before.as_ref(), Some(&shape::workstream(after)))
            }
            DirectoryChange::WorkstreamRemoved(id) => {
                self.record(stream(id.as_str()), known.workstreams.get(id).map(shape::workstream).as_ref(), None)
            }
            DirectoryChange::Settings(after) => {
                let after = outside::told(&after.over(file));
                self.record(About::settings(), Some(&outside::told(&known.policy)), Some(&after))
            }
        }
    }
}
