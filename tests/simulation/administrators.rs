//! Administrators: what they write of agents, presences, profiles, workstreams and settings.

use presence_hub::identity::Role;
use serde_json::{Value, json};

use super::people::{Asked, agent_name};
use super::step::{Chosen, Field, PROFILES, Setting, Step};
use super::world::World;
use super::writes::FieldName;

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
                self.writes_agent(*agent, "PUT", &agent_path(*agent), Some(record), fields);
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
                self.writes_agent(*agent, "PATCH", &agent_path(*agent), Some(patch), fields);
            }
            Step::PatchesMany(patches) => self.patches_many(patches),
            Step::PatchesAll { whose, field } => self.patches_all(*whose, *field),
            Step::Deletes(agent) => {
                let gone = ["name", "units", "skills"].map(|field| (field, Value::Null));
                self.writes_agent(*agent, "DELETE", &agent_path(*agent), None, gone.into());
            }
            Step::PutsPresence { presence, base, enabled } => {
                self.asked += 1;
                let base = ["AVAILABLE", "BUSY", "BUSY_DO_NOT_DISTURB", "AWAY", "OFFLINE"][usize::from(*base)];
                let record = json!({
                    "presenceName": format!("custom {presence}"), "presenceText": format!("text {}", self.asked),
                    "basePresenceStatus": base, "enabled": enabled,
                });
                self.administers("PUT", &format!("/api/v1/presences/custom-{presence}"), Some(record));
            }
            Step::DropsPresence(presence) => {
                self.administers("DELETE", &format!("/api/v1/presences/custom-{presence}"), None);
            }
            Step::PutsProfile { profile, most, blocks } => {
                // The first is given back at the end of the day.
                let reset = if *profile == 0 { "DAILY" } else { "IMMEDIATE" };
                let record = json!({
                    "name": "a profile", "defaultMax": most, "blockAssignment": blocks, "resetDuration": reset,
                });
                self.administers("PUT", &format!("/api/v1/capacity-profiles/profile-{profile}"), Some(record));
            }
            Step::DropsProfile(profile) => {
                self.administers("DELETE", &format!("/api/v1/capacity-profiles/profile-{profile}"), None);
            }
            Step::PutsWorkstream { workstream, profile, moves } => {
                let profiles: Vec<String> = profile.iter().map(|profile| format!("profile-{profile}")).collect();
                let record = json!({
                    "name": "a workstream", "allowedPresences": ["AVAILABLE", "BUSY"], "units": 1,
                    "profiles": profiles, "affectsPresence": moves,
                });
                self.administers("PUT", &format!("/api/v1/workstreams/stream-{workstream}"), Some(record));
            }
            Step::DropsWorkstream(workstream) => {
                self.administers("DELETE", &format!("/api/v1/workstreams/stream-{workstream}"), None);
            }
            Step::PatchesSettings(setting) => {
                let (name, value) = match setting {
                    Setting::MaxOpenWorkItems(most) => ("maxOpenWorkItems", json!(most)),
                    Setting::RefreshGrace(seconds) => ("refreshGrace", json!(format!("{seconds}s"))),
                    Setting::RestoreAfterSignOut(restores) => ("restoreAfterSignOut", json!(restores)),
                };
                let ticket = self.writes.sent(vec![(("settings".to_owned(), name), value.clone())]);
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

    fn administers(&mut self, method: &str, path: &str, body: Option<Value>) {
        self.requests(&[Role::Admin], method, path, body, Asked::Nothing);
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
        let fields: Vec<(FieldName, Value)> =
            fields.into_iter().map(|(field, value)| ((name.clone(), field), value)).collect();
        let ticket = self.writes.sent(fields);
        self.requests(&[Role::Admin], method, path, body, Asked::Writes { ticket, agent: Some(name) });
    }
}

fn agent_path(agent: u8) -> String {
    format!("/api/v1/agents/{}", agent_name(agent))
}

fn profiles(profile: Option<u8>) -> Value {
    profile.map_or(json!([]), |profile| json!([{ "profileId": format!("profile-{}", profile % PROFILES) }]))
}
