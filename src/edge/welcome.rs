//! The first frame of a socket, once whatever it starts is kept.

use std::sync::Arc;

use super::Door;
use super::audit::Noted;
use super::growth;
use super::tokens::token_of;
use super::turned_away::TurnedAway;
use crate::agents::Refusal;
use crate::domain::audit::Asker;
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command, Opens};
use crate::domain::ids::AgentId;
use crate::domain::record::AgentRecord;
use crate::domain::rejection::Rejection;
use crate::domain::time::Timestamp;
use crate::identity::Caller;
use crate::sessions::{Session, frame};
use crate::wire::shapes::{HubFrame, NoticeCode};
use crate::wire::{parse, show, words};

/// Signs an agent in, and sends the first frame.
pub async fn welcome(
    door: &Door,
    session: &Session,
    caller: &Caller,
    asker: Arc<Asker>,
    (opens, accepted): (Opens, Timestamp),
) -> Result<(), TurnedAway> {
    let agent = session.who().agent.as_ref();
    if let Some(agent) = agent {
        Box::pin(provision(door, agent, caller)).await?;
        let open = Command::new(Ask::OpenSession(session.id(), accepted, opens), Actor::Agent(agent.clone()));
        // Boxed like the one before, which is gone by then: who waits for the first keeps no place for the second.
        let opened = Box::pin(door.agents.decide_noted(agent, open, Some(&Noted(asker)))).await;
        opened.inspect_err(|refusal| match refusal {
            Refusal::Rejected(Rejection::SignedOut) => tell_by_whom(door, session, agent),
            Refusal::Rejected(_) | Refusal::TooLarge | Refusal::Unavailable | Refusal::OutcomeUnknown => {}
        })?;
    } else if door.page_sessions.find(&caller.token_id, door.agents.clock().wall()).is_none() {
        // That a person signed in at a page was kept then: a page that is loaded anew is no sign-in.
        door.audit.signed_in(asker);
    }
    let view = door.agents.directory();
    let known = agent.and_then(|agent| door.agents.existing(agent));
    // Another node may have signed the agent out since then: whoever ends its sockets looks for those that were welcomed.
    if known.as_ref().is_some_and(|known| !known.agent.sessions().contains(&session.id())) {
        return Err(Refusal::Rejected(Rejection::SignedOut).into());
    }
    let agent = known.as_ref().map(|known| show::agent_presence(known.seq, &known.agent, &view.directory));
    session.welcome(frame::saying(&HubFrame::Welcome {
        session_id: session.id().to_string(),
        roles: caller.roles.each().map(words::role).collect(),
        subject: caller.subject.clone(),
        epoch: door.epoch.clone(),
        seq: door.agents.applied(),
        server_time: show::time(door.agents.clock().now()),
        heartbeat_seconds: door.limits.heartbeat_interval.as_secs(),
        token_expires_at: show::time(caller.expires),
        agent,
        presence_options: known.map(|known| door.options.of(&known.agent.record, &view)),
    }));
    session.trust(token_of(caller));
    Ok(())
}

/// Says once more who signed the agent out, and why: a page that was reloaded has forgotten it.
fn tell_by_whom(door: &Door, session: &Session, agent: &AgentId) {
    let known = door.agents.existing(agent);
    if let Some(signed_out) = known.and_then(|known| known.agent.signed_out.clone()) {
        session.outlet().send(frame::saying(&HubFrame::Notice {
            code: NoticeCode::SignedOutBySupervisor,
            actor: Some(show::actor(&signed_out.by)),
            reason: signed_out.reason,
            work_item_id: None,
        }));
    }
}

/// An unknown agent with a valid token gets a record, if the settings say so.
async fn provision(door: &Door, agent: &AgentId, caller: &Caller) -> Result<(), TurnedAway> {
    let view = door.agents.directory();
    if !view.directory.policy.auto_provision_agents || door.agents.existing(agent).is_some() {
        return Ok(());
    }
    // It holds to what an administrator may write. Unless they limit the caller, the token's teams are the agent's own.
    let teams = caller.teams.as_ref().filter(|_| caller.limit().is_none());
    let record = parse::provisioned(agent.as_str(), caller.name.as_deref(), teams);
    let record = AgentRecord { agent: agent.clone(), ..record.map_err(TurnedAway::without_record)? };
    growth::may_be_new(door)?;
    // In the agent's turn: an administrator may have been first meanwhile.
    let made = |existing: Option<&AgentRecord>| Ok::<_, TurnedAway>(existing.unwrap_or(&record).clone());
    growth::configure(door, agent, Actor::System, made).await?;
    Ok(())
}
