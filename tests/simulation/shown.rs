//! What is shown and acknowledged, held against what was kept.

use std::time::Duration;

use presence_hub::agents::DirectoryView;
use presence_hub::domain::agent::Agent;
use presence_hub::domain::time::Timestamp;
use presence_hub::wire::shapes::{AgentPresence, HubFrame, Summary};
use presence_hub::wire::show;
use serde_json::Value;

use super::book::{Book, Broken};

/// The end of day, as settings have it, in milliseconds of a day.
const END_OF_DAY: i64 = (13 * 60 + 35) * 60_000;
const DAY: i64 = 24 * 3_600_000;

impl Book {
    /// An agent's presence that was shown was kept.
    pub fn was_shown(&self, shown: &AgentPresence) -> Result<(), Broken> {
        let who = &shown.agent_id;
        let Some(change) = self.at(shown.seq) else {
            return Err(format!("{who} was shown at position {}, where nothing was kept", shown.seq));
        };
        let agent = &change.after;
        let kept = (agent.record.agent.as_str(), agent.version, agent.shown_presence(), agent.sessions().len());
        let said = (who.as_str(), shown.version, shown.presence.presence_id.as_str(), shown.active_browser_sessions);
        if kept != said {
            return Err(format!("at position {} was kept {kept:?}, and shown {said:?}", shown.seq));
        }
        Ok(())
    }

    /// What a board is shown was kept.
    pub fn board_is_shown_what_was_kept(&self, frame: &HubFrame) -> Result<(), Broken> {
        let (HubFrame::Snapshot { agents, .. } | HubFrame::Changes { agents, .. }) = frame else { return Ok(()) };
        for shown in agents {
            let who = &shown.agent_id;
            let Some(change) = self.at(shown.seq) else {
                return Err(format!("a board was shown {who} at {}, where nothing was kept", shown.seq));
            };
            let agent = &change.after;
            let kept = (agent.record.agent.as_str(), agent.version, agent.shown_presence());
            let said = (who.as_str(), shown.version, shown.presence_id.as_str());
            if kept != said {
                return Err(format!("at {} was kept {kept:?}, and a board was shown {said:?}", shown.seq));
            }
        }
        Ok(())
    }

    /// Events that were acknowledged were kept, and each was understood.
    pub fn events_were_kept(&self, answer: &Value) -> Result<(), Broken> {
        for result in answer["results"].as_array().into_iter().flatten() {
            let status = result["status"].as_str().unwrap_or_default();
            if matches!(result["code"].as_str(), Some("malformed" | "unknown_type")) {
                return Err(format!("an event was not understood: {result}"));
            }
            if !matches!(status, "applied" | "duplicate") {
                continue;
            }
            let (Some(agent), Some(version)) = (result["agentId"].as_str(), result["version"].as_u64()) else {
                continue;
            };
            let Some(change) = self.version(agent, version) else {
                return Err(format!("an event was acknowledged that was not kept: {result}"));
            };
            if result["presenceId"] != change.after.shown_presence() {
                return Err(format!("an event was answered {result}, and led to {}", change.after.shown_presence()));
            }
        }
        Ok(())
    }

    /// What was used of daily profiles before the last end of day, as of `now`, was given back.
    pub fn days_have_ended(&self, now: Timestamp) -> Result<(), Broken> {
        let last = Timestamp(now.0 - (now.0 - END_OF_DAY).rem_euclid(DAY));
        let has_kept_some = |agent: &Agent| agent.daily.since().is_some_and(|since| since < last);
        match self.agents().find(|(_, agent)| has_kept_some(agent)) {
            Some((seq, agent)) => {
                Err(format!("the day of {} at {seq} has not ended: {:?}", agent.record.agent, agent.daily))
            }
            None => Ok(()),
        }
    }

    /// Nobody stands on what does not exist.
    pub fn nobody_stands_on_what_does_not_exist(&self, view: &DirectoryView) -> Result<(), Broken> {
        let directory = &view.directory;
        for (seq, agent) in self.agents() {
            let who = &agent.record.agent;
            // One that is planned and gone by then gives way to the built-in one of its base.
            let presence = &agent.standing.presence;
            if directory.catalog.find(presence).is_none_or(|presence| !presence.enabled) {
                return Err(format!("{who} at {seq} stands on the presence {presence}, which is no more"));
            }
            let items = agent.items.iter();
            let profiles = agent.record.profiles.iter().map(|own| &own.profile);
            for profile in profiles {
                if !directory.profiles.contains_key(profile) {
                    return Err(format!("{who} at {seq} has the profile {profile}, which is no more"));
                }
            }
            for workstream in items.filter_map(|item| item.workstream.as_ref()) {
                if !directory.workstreams.contains_key(workstream) {
                    return Err(format!("{who} at {seq} has work of {workstream}, which is no more"));
                }
            }
        }
        Ok(())
    }
}

/// The counts of a watch, from its members.
pub fn recount<'a>(agents: impl Iterator<Item = &'a Agent>) -> Summary {
    use presence_hub::domain::presence::BaseStatus;
    let mut summary = Summary::default();
    for base in BaseStatus::ALL {
        summary.by_base_status.insert(show::base(base), 0);
    }
    for agent in agents {
        summary.total += 1;
        *summary.by_base_status.entry(show::base(agent.shown_base())).or_default() += 1;
        *summary.by_presence.entry(agent.shown_presence().to_owned()).or_default() += 1;
    }
    summary
}

/// So long before a time.
pub fn before(time: Timestamp, span: Duration) -> Timestamp {
    Timestamp(time.0 - i64::try_from(span.as_millis()).unwrap())
}
