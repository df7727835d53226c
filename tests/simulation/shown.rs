//! What is shown and acknowledged, held against what was kept.

use std::sync::Arc;
use std::time::Duration;

use presence_hub::agents::DirectoryView;
use presence_hub::domain::agent::Agent;
use presence_hub::domain::policy::Policy;
use presence_hub::domain::time::{Standstill, Timestamp};
use presence_hub::engine::Seq;
use presence_hub::wire::shapes::{AgentPresence, HubFrame, Include, Summary, WatchedAgent};
use presence_hub::wire::show::{self, Including};
use serde_json::{Value, json};

use super::board::Board;
use super::book::{Book, Broken};
use super::world::waits;
use super::writes::{FieldName, Writes, field_of};

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

    /// An answer about an agent's presence says what was kept.
    pub fn presence_of(&self, answer: &Value) -> Result<AgentPresence, Broken> {
        serde_json::from_value(answer.clone())
            .map_err(|error| format!("an answer that is no presence: {error}: {answer}"))
    }

    /// No deadline is late, as far as hubs lived.
    pub fn deadlines_were_kept(&self, now: Timestamp, late: Duration, stood: &[Standstill]) -> Result<(), Broken> {
        for (_, agent) in self.agents() {
            let Some(deadline) = agent.next_deadline() else { continue };
            let is_late = now.since(waits(stood, deadline, agent.changed_at));
            if is_late > late {
                return Err(format!("a deadline of {} is {is_late:?} late: {agent:?}", agent.record.agent));
            }
        }
        Ok(())
    }

    /// What administrators wrote, and were told is kept, is what is.
    pub fn writes_were_kept(&self, writes: &Writes, file: &Policy) -> Result<(), Broken> {
        let view = self.directory(file);
        let settings = |policy: &Policy, field: &str| match field {
            "maxOpenWorkItems" => Some(json!(policy.max_open_work_items)),
            "refreshGrace" => Some(json!(format!("{}s", policy.refresh_grace.as_secs()))),
            "restoreAfterSignOut" => Some(json!(policy.restore_after_sign_out)),
            _ => None,
        };
        let is = |(record, field): &FieldName| {
            let of_the_agent = || self.agent(record).map_or(Value::Null, |(_, agent)| field_of(&agent.record, field));
            settings(&view.directory.policy, field).unwrap_or_else(of_the_agent)
        };
        writes.check(is, |(record, field)| match *field {
            "name" => vec![json!(record)],
            "units" => vec![Value::Null],
            "skills" => vec![json!([])],
            field => settings(file, field).into_iter().collect(),
        })
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

/// A board shows these agents, and their counts.
pub fn board_shows<'a>(
    board: &Board,
    matching: impl Iterator<Item = (Seq, &'a Arc<Agent>)>,
    include: &[Include],
    view: &DirectoryView,
) -> Result<(), Broken> {
    let Some(replica) = &board.replica else { return Err("shows nothing".to_owned()) };
    let matching: Vec<(Seq, &Arc<Agent>)> = matching.collect();
    let watched =
        |(seq, agent): &(Seq, &Arc<Agent>)| show::watched_agent(*seq, agent, &view.directory, Including::of(include));
    let fresh: Vec<WatchedAgent> = matching.iter().map(watched).collect();
    let shown: Vec<&WatchedAgent> = replica.agents.values().collect();
    if !replica.whole || !fresh.iter().eq(shown.iter().copied()) {
        return Err(format!("shows {shown:?}\nand a fresh read is {fresh:?}"));
    }
    let summary = recount(matching.iter().map(|(_, agent)| &***agent));
    if replica.summary.as_ref() != Some(&summary) {
        return Err(format!("counts {:?}, and a recount is {summary:?}", replica.summary));
    }
    let catalog = show::catalog(&view.directory.catalog);
    if board.presences.as_ref() != Some(&catalog) {
        return Err(format!("knows the presences {:?}, and there are {catalog:?}", board.presences));
    }
    Ok(())
}

/// The counts of a watch, from its members.
fn recount<'a>(agents: impl Iterator<Item = &'a Agent>) -> Summary {
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
