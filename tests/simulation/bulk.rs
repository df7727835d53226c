//! Bulks of an administrator: many agents' records in one request, each decided in its agent's turn.

use std::collections::BTreeSet;

use presence_hub::domain::agent::Agent;
use presence_hub::engine::Seq;
use presence_hub::identity::Role;
use presence_hub::wire::shapes::{AgentResult, ResultStatus, Results};
use serde_json::{Value, json};

use super::book::Broken;
use super::people::{Asked, agent_name};
use super::step::{AGENTS, Field, Whose};
use super::world::World;
use super::writes::{FieldName, Ticket, field_of};

/// A bulk that was sent.
pub struct Bulk {
    /// The position of the log then.
    sent_at: Seq,
    named: Named,
    /// What it writes, agent by agent. If a filter names the agents, that is each who may be named.
    writes: Vec<OfOne>,
}

/// How a bulk names its agents.
enum Named {
    OneByOne,
    By(Whose),
}

/// What a bulk writes of one agent.
struct OfOne {
    agent: String,
    ticket: Ticket,
    fields: Vec<(&'static str, Value)>,
}

impl Whose {
    fn filter(self) -> Value {
        match self {
            Self::Everyone => json!({}),
            Self::Team(team) => json!({ "teams": [format!("team-{team}")] }),
            Self::Skill(skill) => json!({ "skills": [format!("skill-{skill}")] }),
        }
    }

    fn names(self, agent: &Agent) -> bool {
        agent.deleted.is_none()
            && match self {
                Self::Everyone => true,
                Self::Team(team) => agent.record.teams.contains(&format!("team-{team}")),
                Self::Skill(skill) => agent.record.skills.contains(&format!("skill-{skill}")),
            }
    }
}

impl World {
    pub fn patches_many(&mut self, patches: &[(u8, Field)]) {
        let mut writes = Vec::new();
        let mut body = Vec::new();
        for (agent, field) in patches {
            self.asked += 1;
            let (mut patch, fields) = self.patch(*field);
            patch["agentId"] = json!(agent_name(*agent));
            body.push(patch);
            writes.push(self.writes_of_one(*agent, fields));
        }
        self.sends_bulk(Named::OneByOne, writes, Value::Array(body));
    }

    pub fn patches_all(&mut self, whose: Whose, field: Field) {
        self.asked += 1;
        let (patch, fields) = self.patch(field);
        let writes = (0..AGENTS).map(|agent| self.writes_of_one(agent, fields.clone())).collect();
        self.sends_bulk(Named::By(whose), writes, json!({ "filter": whose.filter(), "change": patch }));
    }

    fn writes_of_one(&mut self, agent: u8, fields: Vec<(&'static str, Value)>) -> OfOne {
        let agent = agent_name(agent);
        let written: Vec<(FieldName, Value)> =
            fields.iter().map(|(field, value)| ((agent.clone(), *field), value.clone())).collect();
        OfOne { ticket: self.writes.sent(written), agent, fields }
    }

    fn sends_bulk(&mut self, named: Named, writes: Vec<OfOne>, body: Value) {
        let bulk = Bulk { sent_at: self.book.seq(), named, writes };
        self.requests(&[Role::Admin], "PATCH", "/api/v1/agents", Some(body), Asked::Bulk(bulk));
    }

    /// The whole bulk was answered with this status, or by nobody.
    pub fn bulk_ended(&mut self, bulk: &Bulk, status: u16) {
        for one in &bulk.writes {
            self.writes.answered(one.ticket, status);
        }
    }

    /// A bulk that is done says what became of each agent that it named, once; and what was applied was kept.
    pub fn bulk_was_kept(&mut self, bulk: &Bulk, answer: &Value) -> Result<(), Broken> {
        let answer: Results<AgentResult> = serde_json::from_value(answer.clone())
            .map_err(|error| format!("an answer that is none of a bulk: {error}: {answer}"))?;
        let answered: Vec<&str> = answer.results.iter().map(|result| result.agent_id.as_str()).collect();
        let once: BTreeSet<&str> = answered.iter().copied().collect();
        if once.len() != answered.len() {
            return Err(format!("a bulk answered more than once about an agent: {answered:?}"));
        }
        self.all_named_are_answered(bulk, &answered)?;
        for one in &bulk.writes {
            let result = answer.results.iter().find(|result| result.agent_id == one.agent);
            let status = match result {
                Some(AgentResult { status: ResultStatus::Applied, version, .. }) => {
                    self.patch_was_kept(one, version.unwrap_or_default())?;
                    200
                }
                Some(AgentResult { code, .. }) => code.map_or(500, |code| code.status()),
                // The filter did not name it.
                None => 404,
            };
            self.writes.answered(one.ticket, status);
        }
        Ok(())
    }

    /// A list is answered in its order. A filter names whoever matched it since it was sent, and nobody who never
    /// did.
    fn all_named_are_answered(&self, bulk: &Bulk, answered: &[&str]) -> Result<(), Broken> {
        let listed = || bulk.writes.iter().map(|one| one.agent.as_str());
        let Named::By(whose) = bulk.named else {
            return if listed().eq(answered.iter().copied()) {
                Ok(())
            } else {
                Err(format!("a bulk of {:?} was answered for {answered:?}", listed().collect::<Vec<_>>()))
            };
        };
        for agent in listed() {
            let named: Vec<bool> = self
                .book
                .states_since(bulk.sent_at, agent)
                .map(|state| state.is_some_and(|one| whose.names(one)))
                .collect();
            let is_answered = answered.contains(&agent);
            if !is_answered && named.iter().all(|named| *named) {
                return Err(format!("a bulk for {whose:?} left out {agent}, who matched all the time"));
            }
            if is_answered && !named.contains(&true) {
                return Err(format!("a bulk for {whose:?} changed {agent}, who never matched"));
            }
        }
        Ok(())
    }

    fn patch_was_kept(&self, one: &OfOne, version: u64) -> Result<(), Broken> {
        let Some(change) = self.book.version(&one.agent, version) else {
            return Err(format!("a patch of {} was acknowledged as version {version}, which was not kept", one.agent));
        };
        for (field, value) in &one.fields {
            let is = field_of(&change.after.record, field);
            if is != *value {
                return Err(format!("a patch of {} to {field} {value} was acknowledged, and led to {is}", one.agent));
            }
        }
        Ok(())
    }
}
