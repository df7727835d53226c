//! What is kept answers as a scan of all agents does, whatever happens to agents, the directory and
//! those who ask.

use std::sync::Arc;

use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::agents::Audience;
use crate::agents::test_world::{NOW, agent, agents};
use crate::domain::agent::Grace;
use crate::domain::cause::{Actor, Cause, EventName, SubEventName};
use crate::domain::change::{Change, Moves};
use crate::domain::command::Ended;
use crate::domain::directory::DirectoryChange;
use crate::domain::ids::{ProfileId, SessionId, WorkItemId};
use crate::domain::policy::PolicyOverrides;
use crate::domain::presence::{BaseStatus, BuiltIn};
use crate::domain::record::{AgentProfile, CapacityProfile, PresenceEffect, ResetDuration, WrapUpBlock};
use crate::domain::standing::{Hold, Standing};
use crate::domain::time::Timestamp;
use crate::domain::work_item::{Stage, WorkItem};

/// Enough for several bites of a line, and for lines that are cut back.
const AGENTS: usize = 24;
const TEAMS: [&str; 2] = ["billing", "sales"];
const PROFILES: [&str; 2] = ["chat", "voice"];
const STREAMS: [&str; 2] = ["cases", "chats"];

struct Nobody;

impl Audience for Nobody {
    fn agent_changed(&self, _: &Known, _: &Change, _: Option<&Known>, _: &Arc<DirectoryView>) {}
    fn directory_changed(&self, _: &DirectoryChange, _: &Arc<DirectoryView>) {}
}

/// Something that happens.
#[derive(Clone, Debug)]
enum Event {
    Agent(Box<Agent>),
    Directory(DirectoryChange),
    SessionEnds(usize),
    EndIsKept(usize),
    Asked(Question),
}

#[derive(Clone, Debug)]
struct Question {
    workstream: &'static str,
    team: Option<&'static str>,
    base: Option<BaseStatus>,
    page: usize,
}

fn name(number: usize) -> AgentId {
    AgentId::new(format!("a{number:02}")).unwrap()
}

fn session(number: usize) -> SessionId {
    SessionId { node: 0, boot: 1, number: number as u64 + 1 }
}

fn item() -> impl Strategy<Value = WorkItem> {
    let stage = select(vec![Stage::Active, Stage::Offered { deadline: None }, Stage::WrapUpReleased]);
    (0..3_u32, vec(select(&PROFILES[..]), 0..2), stage).prop_map(|(units, profiles, stage)| WorkItem {
        id: WorkItemId::new("w").unwrap(),
        stage,
        since: NOW,
        workstream: None,
        takes: Consumption { units, profiles: profiles.iter().map(|id| ProfileId::new(id).unwrap()).collect() },
        presence_effect: PresenceEffect::Moves,
    })
}

fn changed_agent() -> impl Strategy<Value = Agent> {
    let record = (option::of(0..4_u32), btree_set(select(&TEAMS[..]), 0..2), vec(select(&PROFILES[..]), 0..2));
    let shown = (0..8_u8, select(vec![BuiltIn::Available, BuiltIn::Busy, BuiltIn::DoNotDisturb]), 0..6_i64);
    let rare = (0..12_u8, 0..12_u8, 0..12_u8);
    (0..AGENTS, record, shown, vec(item(), 0..3), rare).prop_map(
        |(number, (units, teams, profiles), (connection, kind, since), items, (hold, enabled, deleted))| {
            let mut agent = agent(name(number).as_str());
            let record = Arc::make_mut(&mut agent.record);
            record.units = units;
            record.teams = teams.into_iter().map(str::to_owned).collect();
            let own = |id: &str| AgentProfile { profile: ProfileId::new(id).unwrap(), max: None };
            record.profiles = profiles.into_iter().map(own).collect();
            record.enabled = enabled > 0;
            agent.deleted = (deleted == 0).then_some(NOW);
            agent.since = Timestamp(since);
            agent.standing = if hold == 0 { Standing::held(kind, Hold::Missed) } else { Standing::automatic(kind) };
            agent.connection = match connection {
                0 => Connection::SignedOut,
                1 => Connection::Disconnected { until: NOW },
                2 => Connection::Held { grace: Grace::Refresh, began: NOW, until: NOW },
                _ => Connection::Connected { sessions: vec![session(number)] },
            };
            agent.items = items;
            agent
        },
    )
}

fn directory_change() -> impl Strategy<Value = DirectoryChange> {
    let profile = |id: &str| ProfileId::new(id).unwrap();
    prop_oneof![
        (select(&PROFILES[..]), 0..3_u32, any::<bool>()).prop_map(move |(id, default_max, block_assignment)| {
            let (name, reset) = (id.to_owned(), ResetDuration::Immediate);
            DirectoryChange::Profile(CapacityProfile { id: profile(id), name, default_max, block_assignment, reset })
        }),
        select(&PROFILES[..]).prop_map(move |id| DirectoryChange::ProfileRemoved(profile(id))),
        workstream().prop_map(DirectoryChange::Workstream),
        select(&STREAMS[..]).prop_map(|id| DirectoryChange::WorkstreamRemoved(WorkstreamId::new(id).unwrap())),
        (1..3_u32).prop_map(|limit| DirectoryChange::Settings(PolicyOverrides {
            max_open_work_items: Some(limit),
            ..PolicyOverrides::default()
        })),
    ]
}

fn workstream() -> impl Strategy<Value = Workstream> {
    let allowed = btree_set(select(BaseStatus::ALL.to_vec()), 1..4);
    (select(&STREAMS[..]), allowed, option::of(0..3_u32), vec(select(&PROFILES[..]), 0..2)).prop_map(
        |(id, allowed, units, profiles)| Workstream {
            id: WorkstreamId::new(id).unwrap(),
            name: id.to_owned(),
            allowed,
            units,
            profiles: profiles.iter().map(|id| ProfileId::new(id).unwrap()).collect(),
            wrap_up: WrapUpBlock::Always,
            presence_effect: PresenceEffect::Moves,
        },
    )
}

fn question() -> impl Strategy<Value = Question> {
    let team = option::of(select(&TEAMS[..]));
    let base = option::weighted(0.2, select(vec![BaseStatus::Available, BaseStatus::Busy]));
    (select(&STREAMS[..]), team, base, 1..6_usize).prop_map(|(workstream, team, base, page)| Question {
        workstream,
        team,
        base,
        page,
    })
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        12 => changed_agent().prop_map(|agent| Event::Agent(Box::new(agent))),
        1 => directory_change().prop_map(Event::Directory),
        1 => (0..AGENTS).prop_map(Event::SessionEnds),
        1 => (0..AGENTS).prop_map(Event::EndIsKept),
        6 => question().prop_map(Event::Asked),
    ]
}

impl Question {
    fn selects(&self, agent: &Agent) -> bool {
        self.team.is_none_or(|team| agent.record.teams.contains(team))
            && self.base.is_none_or(|base| agent.shown_base() == base)
    }

    /// What a scan of all agents gives: those who may get work, in order, and the others by id.
    fn scan(&self, agents: &Agents) -> Option<(Vec<AgentId>, Vec<AgentId>)> {
        let view = agents.directory();
        let terms = Terms::of(&view, &WorkstreamId::new(self.workstream).unwrap()).ok()?;
        let chosen = agents.all().into_iter().filter(|known| self.selects(&known.agent));
        let (mut eligible, others): (Vec<_>, Vec<_>) =
            chosen.map(|known| agents.assess(known, &terms)).partition(|one| one.reasons.is_empty());
        eligible.sort_by_key(|one| {
            let free = one.capacity.units.map_or(i64::MAX, |units| units.unreserved());
            (std::cmp::Reverse(free), one.known.agent.since, one.known.agent.record.agent.clone())
        });
        Some((ids(&eligible), ids(&others)))
    }

    /// What is answered, page by page.
    async fn ask(&self, agents: &Agents) -> Option<(Vec<AgentId>, Vec<AgentId>)> {
        let workstream = WorkstreamId::new(self.workstream).unwrap();
        let selects = |agent: &Agent, _: &Directory| self.selects(agent);
        let selection = Selection { name: format!("{:?} {:?}", self.team, self.base), selects: &selects };
        let (mut eligible, mut others) = (Vec::<Eligibility>::new(), Vec::<Eligibility>::new());
        loop {
            let after = eligible.last().map(Eligibility::rank);
            let page = agents.eligible(&workstream, &selection, after.as_ref(), self.page).await.ok()?;
            let full = page.len() == self.page;
            eligible.extend(page);
            if !full {
                break;
            }
        }
        loop {
            let after = others.last().map(|one| one.known.agent.record.agent.as_str().to_owned());
            let page = agents.ineligible(&workstream, &selection, after.as_deref(), self.page).await.ok()?;
            let full = page.len() == self.page;
            others.extend(page);
            if !full {
                return Some((ids(&eligible), ids(&others)));
            }
        }
    }
}

fn ids(found: &[Eligibility]) -> Vec<AgentId> {
    found.iter().map(|one| one.known.agent.record.agent.clone()).collect()
}

async fn play(events: Vec<Event>) {
    let agents = agents((0..AGENTS / 2).map(|number| agent(name(number).as_str())));
    let mut owed = std::collections::BTreeSet::new();
    let mut asked = Vec::new();
    for (seq, event) in (AGENTS as u64..).zip(events) {
        match event {
            Event::Agent(mut after) => {
                after.version = agents.find(&after.record.agent).map_or(0, |before| before.agent.version) + 1;
                let change = Change {
                    at: NOW,
                    cause: Cause::of(EventName::Other),
                    actor: Actor::System,
                    moves: Moves::Presence,
                    work_item: None,
                    withdrawn: Vec::new(),
                    reported_time: None,
                    network: None,
                    reason: None,
                    trace: after.trace.clone(),
                    after: Arc::from(after),
                };
                agents.evolve(seq, agents.directory().seq, &change, &Nobody);
            }
            Event::Directory(change) => agents.evolve_directory(seq, &change, &Nobody),
            Event::SessionEnds(number) => {
                if owed.insert(number) {
                    let how = SubEventName::NetworkLost;
                    agents.owe_end(name(number), session(number), Ended::At { at: NOW, how, network: None });
                }
            }
            Event::EndIsKept(number) => {
                if owed.remove(&number) {
                    agents.end_is_kept(&name(number), session(number));
                }
            }
            Event::Asked(question) => {
                assert_eq!(question.ask(&agents).await, question.scan(&agents), "{question:?}");
                asked.push(question);
            }
        }
    }
    for question in asked {
        assert_eq!(question.ask(&agents).await, question.scan(&agents), "{question:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn the_answer_is_that_of_a_scan_whatever_happened_before(
        streams in vec(workstream(), 1..4),
        events in vec(event(), 1..120),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let streams = streams.into_iter().map(|stream| Event::Directory(DirectoryChange::Workstream(stream)));
        runtime.block_on(play(streams.chain(events).collect()));
    }
}

#[tokio::test(start_paused = true)]
async fn asking_again_looks_only_at_agents_who_changed_since() {
    let mut on_duty: Vec<Agent> = (0..AGENTS).map(|number| agent(name(number).as_str())).collect();
    for (number, agent) in on_duty.iter_mut().enumerate() {
        agent.standing = Standing::automatic(BuiltIn::Available);
        agent.connection = Connection::Connected { sessions: vec![session(number)] };
    }
    let agents = agents(on_duty);
    let stream = Workstream {
        id: WorkstreamId::new("chats").unwrap(),
        name: "Chats".to_owned(),
        allowed: [BaseStatus::Available].into(),
        units: Some(1),
        profiles: Vec::new(),
        wrap_up: WrapUpBlock::Always,
        presence_effect: PresenceEffect::Moves,
    };
    agents.evolve_directory(AGENTS as u64 + 1, &DirectoryChange::Workstream(stream.clone()), &Nobody);
    let looked_at = std::sync::atomic::AtomicUsize::new(0);
    let selects = |agent: &Agent, _: &Directory| {
        looked_at.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        agent.record.agent >= name(AGENTS - 3)
    };
    let selection = || Selection { name: "the last three".to_owned(), selects: &selects };
    let looks = || looked_at.swap(0, std::sync::atomic::Ordering::Relaxed);
    for (expected, why) in [(AGENTS, "nobody has asked"), (0, "nothing has changed")] {
        assert_eq!(agents.eligible(&stream.id, &selection(), None, 2).await.unwrap().len(), 2);
        assert!(looks() <= expected, "{why}");
    }
}

#[test]
fn a_rank_is_read_as_it_was_written() {
    let mut one = agent("a.b,c d");
    Arc::make_mut(&mut one.record).units = Some(3);
    for agent in [one, agent("-1.2.3")] {
        let rank = Rank::of(&agent);
        assert_eq!(Rank::read(&rank.write()), Some(rank));
    }
    for text in ["", "1", "1.2", "x.1.a", "1.x.a", "1.2."] {
        assert_eq!(Rank::read(text), None, "{text}");
    }
}
