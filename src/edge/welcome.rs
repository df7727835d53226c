//! The first frame of a socket, once whatever it starts is kept.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

use super::Door;
use super::conversation::{Refused, json_text};
use crate::agents::{DirectoryView, Refusal};
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::domain::ids::AgentId;
use crate::domain::record::AgentRecord;
use crate::domain::time::Timestamp;
use crate::engine::Seq;
use crate::identity::{Caller, Role};
use crate::sessions::{Session, frame};
use crate::wire::present;
use crate::wire::shapes::{self, HubFrame};

/// Signs an agent in, and sends the first frame.
pub async fn welcome(door: &Door, session: &Session, caller: &Caller, accepted: Timestamp) -> Result<(), Refused> {
    if let Some(agent) = caller.agent() {
        Box::pin(provision(door, &agent, caller)).await?;
        let open = Command::new(Ask::OpenSession(session.id(), accepted), Actor::Agent(agent.clone()));
        door.agents.decide(&agent, open).await?;
    }
    let view = door.agents.directory();
    let known = caller.agent().and_then(|agent| door.agents.existing(&agent));
    let agent = known.as_ref().map(|known| present::agent_presence(known.seq, &known.agent, &view.directory));
    let mut text = json_text(&HubFrame::Welcome {
        session_id: session.id().to_string(),
        roles: caller.roles.iter().map(|role| shape_of(*role)).collect(),
        subject: caller.subject.clone(),
        epoch: door.epoch.clone(),
        seq: door.agents.applied(),
        server_time: present::time(door.agents.clock().now()),
        heartbeat_seconds: door.limits.heartbeat_interval.as_secs(),
        token_expires_at: present::time(caller.expires),
        agent,
        presence_options: None,
    });
    if let Some(known) = known {
        append_field(&mut text, "presenceOptions", &door.options.of(&known.agent.record, &view));
    }
    session.welcome(frame::text(&text));
    session.trust_until(caller.expires, caller.valid_until);
    Ok(())
}

/// What agents may choose, as JSON. Hardly any record lists a choice of its own, so what all the
/// others may choose is made once for each state of the directory: it is the larger half of a welcome.
#[derive(Debug, Default)]
pub struct Options {
    common: Mutex<Option<(Seq, Bytes)>>,
}

impl Options {
    fn of(&self, record: &AgentRecord, view: &DirectoryView) -> Bytes {
        let made = || {
            let options = view.directory.presence_options(record);
            Bytes::from(json_text(&options.into_iter().map(present::presence).collect::<Vec<_>>()))
        };
        if record.selectable.is_some() {
            return made();
        }
        let mut common = self.common.lock().unwrap_or_else(PoisonError::into_inner);
        match &*common {
            Some((seq, options)) if *seq == view.seq => options.clone(),
            Some(_) | None => common.insert((view.seq, made())).1.clone(),
        }
    }
}

/// One more field behind the others of an object that has some.
fn append_field(object: &mut Vec<u8>, name: &str, value: &[u8]) {
    let end = object.pop();
    object.extend_from_slice(b",\"");
    object.extend_from_slice(name.as_bytes());
    object.extend_from_slice(b"\":");
    object.extend_from_slice(value);
    object.extend(end);
}

/// An unknown agent with a valid token gets a record, if the settings say so.
async fn provision(door: &Door, agent: &AgentId, caller: &Caller) -> Result<(), Refused> {
    let view = door.agents.directory();
    if !view.directory.policy.auto_provision_agents || door.agents.existing(agent).is_some() {
        return Ok(());
    }
    let name = caller.name.clone().unwrap_or_else(|| agent.as_str().to_owned());
    let mut record = AgentRecord::new(agent.clone(), name);
    // For an agent that is no supervisor too, the token's teams are its own.
    if !caller.roles.contains(&Role::Supervisor) {
        record.teams = caller.teams.clone().unwrap_or_default();
    }
    // In the agent's turn: an administrator may have been first meanwhile.
    let made = |existing: Option<&AgentRecord>| Ok::<_, Refusal>(existing.unwrap_or(&record).clone());
    door.agents.configure(agent, Actor::System, made).await?;
    Ok(())
}

fn shape_of(role: Role) -> shapes::Role {
    match role {
        Role::Agent => shapes::Role::Agent,
        Role::Supervisor => shapes::Role::Supervisor,
        Role::Integration => shapes::Role::Integration,
        Role::Admin => shapes::Role::Admin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::directory::Directory;
    use crate::domain::ids::PresenceId;
    use crate::domain::presence::Presence;

    fn record(agent: &str) -> AgentRecord {
        AgentRecord::new(AgentId::new(agent).unwrap(), agent)
    }

    #[test]
    fn a_field_stands_behind_the_others() {
        let mut object = br#"{"type":"welcome"}"#.to_vec();
        append_field(&mut object, "presenceOptions", b"[1]");
        assert_eq!(object, br#"{"type":"welcome","presenceOptions":[1]}"#);
    }

    #[test]
    fn the_options_of_all_who_list_none_are_made_once_for_each_state_of_the_directory() {
        let options = Options::default();
        let before = DirectoryView::default();
        let first = options.of(&record("ada"), &before);
        assert_eq!(options.of(&record("bob"), &before).as_ptr(), first.as_ptr());
        let away = before.directory.catalog.iter().find(|presence| presence.id.as_str() == "away").unwrap();
        let one = AgentRecord { selectable: Some([away.id.clone()].into()), ..record("eve") };
        assert_eq!(&options.of(&one, &before)[..], json_text(&[present::presence(away)]));
        assert_eq!(options.of(&record("ada"), &before), first);

        let mut directory = Directory::default();
        directory.catalog.put(Presence { id: PresenceId::new("lunch").unwrap(), built_in: false, ..away.clone() });
        let mut after = DirectoryView::default();
        (after.seq, after.directory) = (7, directory.into());
        assert_ne!(options.of(&record("ada"), &after), first);
    }
}
