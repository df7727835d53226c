//! Who works on the floor, and at what: the records that are provisioned before it opens.

use std::collections::BTreeMap;

use super::day::Channel;
use super::dice::Dice;
use crate::wire::shapes::{
    AgentProfile, AgentRecord, BasePresenceStatus, CapacityProfile, PresenceRecord, ResetDuration, Workstream,
    WrapUpBlock,
};

const FIRST_NAMES: [&str; 40] = [
    "Amara", "Anton", "Ayşe", "Bao", "Beatriz", "Carlos", "Chloé", "Daan", "Deepa", "Elena", "Emeka", "Fatima", "Finn",
    "Giulia", "Hana", "Henrik", "Ibrahim", "Ingrid", "Jamal", "Jana", "Kenji", "Kofi", "Laila", "Liam", "Lucía",
    "Mateo", "Mei", "Nadia", "Noah", "Olga", "Omar", "Priya", "Quentin", "Rosa", "Sanjay", "Sofia", "Tomás", "Uma",
    "Viktor", "Yuki",
];
const LAST_NAMES: [&str; 37] = [
    "Adeyemi", "Andersen", "Bauer", "Chen", "Costa", "Demir", "Diallo", "Dubois", "Fischer", "García", "Haddad",
    "Hansen", "Ito", "Jansen", "Kaya", "Kim", "Kowalski", "Larsen", "Mbeki", "Meyer", "Moreau", "Nguyen", "Novák",
    "Okafor", "Patel", "Petrov", "Popescu", "Rossi", "Santos", "Schmidt", "Singh", "Suzuki", "Tanaka", "Virtanen",
    "Weber", "Yılmaz", "Zhang",
];
/// Teams with their share of the floor in percent; each is served by a queue of its own.
const TEAMS: [(u32, &str); 5] = [(30, "support"), (25, "billing"), (20, "sales"), (15, "care"), (10, "claims")];
const LANGUAGES: [(u32, &str); 4] = [(50, "english"), (20, "german"), (15, "french"), (15, "spanish")];

/// The id of one agent of the floor.
pub fn agent_id(index: u32) -> String {
    format!("floor-{:04}", index + 1)
}

/// The id of the workstream that carries a channel.
pub fn workstream_id(channel: Channel) -> &'static str {
    match channel {
        Channel::Chat => "floor-chat",
        Channel::Voice => "floor-voice",
        Channel::Cases => "floor-cases",
    }
}

/// The presences that people choose besides those that ship.
pub fn presences() -> Vec<PresenceRecord> {
    let presence = |id: &str, text: &str, german: &str, base, color: &str| PresenceRecord {
        presence_id: id.to_owned(),
        presence_name: text.to_owned(),
        presence_text: Some(text.to_owned()),
        base_presence_status: base,
        description: String::new(),
        built_in: false,
        can_user_set: true,
        presence_color: Some(color.to_owned()),
        labels: BTreeMap::from([("de".to_owned(), german.to_owned())]),
        enabled: true,
        warnings: Vec::new(),
    };
    vec![
        presence("lunch", "Lunch", "Mittagspause", BasePresenceStatus::Away, "#eaa300"),
        presence("training", "Training", "Schulung", BasePresenceStatus::Away, "#8764b8"),
        presence("follow-up", "Follow-up", "Nachbearbeitung", BasePresenceStatus::Busy, "#d13438"),
    ]
}

/// How many items of a kind one agent may have.
pub fn profiles() -> Vec<CapacityProfile> {
    let profile = |id: &str, name: &str, most, block_assignment, reset_duration| CapacityProfile {
        profile_id: id.to_owned(),
        name: name.to_owned(),
        default_max: most,
        block_assignment,
        reset_duration,
    };
    vec![
        profile("floor-chats", "Chats at once", 3, false, ResetDuration::Immediate),
        profile("floor-cases", "Cases a day", 40, true, ResetDuration::Daily),
    ]
}

/// Where work comes from.
pub fn workstreams() -> Vec<Workstream> {
    use BasePresenceStatus::{Available, Busy};
    let workstream = |channel, name: &str, allowed: &[_], units, profile: Option<&str>, wrap_up, seconds| Workstream {
        workstream_id: workstream_id(channel).to_owned(),
        name: name.to_owned(),
        allowed_presences: allowed.to_vec(),
        units: Some(units),
        profiles: profile.map(str::to_owned).into_iter().collect(),
        block_capacity_for_wrap_up: wrap_up,
        wrap_up_seconds: seconds,
        affects_presence: true,
        warnings: Vec::new(),
    };
    vec![
        workstream(Channel::Chat, "Chat", &[Available, Busy], 30, Some("floor-chats"), WrapUpBlock::Custom, Some(30)),
        workstream(Channel::Voice, "Voice", &[Available], 100, None, WrapUpBlock::Always, None),
        workstream(Channel::Cases, "Cases", &[Available, Busy], 20, Some("floor-cases"), WrapUpBlock::Dont, None),
    ]
}

/// One agent of the floor; the same for the same seed.
pub fn agent(seed: u64, index: u32) -> AgentRecord {
    // Their day has dice of its own, so that a change here moves nobody's lunch.
    let mut dice = Dice::new(!seed, index);
    let team = dice.weighted(&TEAMS);
    let mut teams = vec![team.to_owned()];
    if dice.percent(10) {
        let second = dice.weighted(&TEAMS);
        if second != team {
            teams.push(second.to_owned());
        }
    }
    let mut skills = vec![dice.weighted(&LANGUAGES).to_owned()];
    if dice.percent(30) {
        skills.push("escalations".to_owned());
    }
    let place = index as usize;
    let first = FIRST_NAMES[place % FIRST_NAMES.len()];
    // 37 is prime to 40, so that no two of the first 1,480 share a name.
    let last = LAST_NAMES[place % LAST_NAMES.len()];
    AgentRecord {
        agent_id: agent_id(index),
        name: format!("{first} {last}"),
        queues: teams.clone(),
        teams,
        skills,
        default_presence_id: None,
        selectable_presence_ids: None,
        units: Some(100),
        profiles: profiles()
            .into_iter()
            .map(|profile| AgentProfile { profile_id: profile.profile_id, max: None })
            .collect(),
        enabled: true,
        version: None,
        seq: None,
        warnings: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_floor_is_the_same_for_the_same_seed_and_its_people_are_distinct() {
        let floor: Vec<AgentRecord> = (0..1_000).map(|index| agent(1, index)).collect();
        assert_eq!(floor, (0..1_000).map(|index| agent(1, index)).collect::<Vec<_>>());
        assert_eq!(floor.iter().map(|agent| &agent.agent_id).collect::<BTreeSet<_>>().len(), 1_000);
        assert_eq!(floor.iter().map(|agent| &agent.name).collect::<BTreeSet<_>>().len(), 1_000);
        for (_, team) in TEAMS {
            assert!(floor.iter().any(|agent| agent.teams[0] == team), "{team}");
        }
    }
}
