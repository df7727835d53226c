//! Administrators: what they write of agents, presences, profiles, workstreams and settings.

use presence_hub::identity::Role;
use serde_json::{Value, json};

use super::people::{Asked, agent_name};
use super::records::{self, agent_path, profiles};
use super::step::{Chosen, Field, Step};
use super::world::World;

impl World {
    pub fn administrator_acts(&mut self, step: &Step) {
        match step {
            Step::Puts { agent, with } => {
                self.asked += 1;
                let name = format!("name {}", self.asked);
                let record = json!({
                    "name": name, "units": with.units, "skills": [], "teams": [format!("team-{}", with.team)],
                    "profiles": profiles(with.profile), "defaultPresenceId": with.default.map(Chosen::id),
                });
                let fields = vec![("name", json!(name)), ("units", json!(with.units)), ("skills", json!([]))];
                self.writes_agent(*agent, "PUT", &agent_path(&agent_name(*agent)), Some(record), fields);
            }
            Step::Posts { agent } => {
                self.asked += 1;
                let name = format!("name {}", self.asked);
                let record = json!({ "agentId": agent_name(*agent), "name": name });
                let fields = vec![("name", json!(name)), ("units", Value::Null), ("skills", json!([]))];
                self.writes_agent(*agent, "POST", "/api/v1/agents", Some(record), fields);
            }
            Step::Patches { agent, field } => {
                self.asked += 1;
                let (patch, fields) = self.patch(*field);
                self.writes_agent(*agent, "PATCH", &agent_path(&agent_name(*agent)), Some(patch), fields);
            }
            Step::PatchesMany(patches) => self.patches_many(patches),
            Step::PatchesAll { whose, field } => self.patches_all(*whose, *field),
            Step::Deletes(agent) => {
                let gone = ["name", "units", "skills"].map(|field| (field, Value::Null));
                self.writes_agent(*agent, "DELETE", &agent_path(&agent_name(*agent)), None, gone.into());
            }
            Step::PutsPresence { presence, base, enabled } => {
                self.asked += 1;
                self.administers(records::puts_presence(*presence, *base, *enabled, self.asked));
            }
            Step::DropsPresence(presence) => self.administers(records::drops_presence(*presence)),
            Step::PutsProfile { profile, most, blocks } => {
                self.administers(records::puts_profile(*profile, *most, *blocks));
            }
            Step::DropsProfile(profile) => self.administers(records::drops_profile(*profile)),
            Step::PutsWorkstream { workstream, profile, moves } => {
                self.administers(records::puts_workstream(*workstream, *profile, *moves));
            }
            Step::DropsWorkstream(workstream) => self.administers(records::drops_workstream(*workstream)),
            Step::PatchesSettings(setting) => {
                let (name, value) = setting.field();
                let ticket = self.writes.sent_of("settings", vec![(name, value.clone())]);
                let asked = Asked::Writes { ticket, agent: None };
                self.requests(&[Role::Admin], "PATCH", "/api/v1/settings", Some(json!({ name: value })), asked);
            }
            other => unreachable!("{other:?} is played elsewhere"),
        }
    }

    pub fn patch(&self, field: Field) -> (Value, Vec<(&'static str, Value)>) {
        match field {
            Field::Name => {
                let name = json!(format!("name {}", self.asked));
                (json!({ "name": name }), vec![("name", name)])
            }
            Field::Units(units) => (json!({ "units": units }), vec![("units", json!(units))]),
            Field::Skill(skill) => {
                let skills = json!([format!("skill-{skill}")]);
                (json!({ "skills": skills }), vec![("skills", skills)])
            }
            Field::Team(team) => (json!({ "teams": [format!("team-{team}")] }), Vec::new()),
            Field::Profile(profile) => (json!({ "profiles": profiles(profile) }), Vec::new()),
            Field::Default(default) => (json!({ "defaultPresenceId": default.map(Chosen::id) }), Vec::new()),
            Field::Enabled(enabled) => (json!({ "enabled": enabled }), Vec::new()),
        }
    }

    fn administers(&mut self, (method, path, body): records::Write) {
        self.requests(&[Role::Admin], method, &path, body, Asked::Nothing);
    }

    fn writes_agent(
        &mut self,
        agent: u8,
        method: &str,
        path: &str,
        body: Option<Value>,
        fields: Vec<(&'static str, Value)>,
    ) {
        let name = agent_name(agent);
        let ticket = self.writes.sent_of(&name, fields);
        self.requests(&[Role::Admin], method, path, body, Asked::Writes { ticket, agent: Some(name) });
    }
}
