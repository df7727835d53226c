//! Whatever happens, and however a watcher lags, blocks, leaves and resumes: once all is quiet, what
//! it holds is the filter applied to the state as a fresh read would show it, its catalog is the
//! directory's, and its summary is a recount.

#![allow(clippy::wildcard_enum_match_arm, reason = "a test names the frames it expects and panics at any other")]

mod board;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;

use super::test_world::{agent, shown, with_profile};
use super::*;
use crate::domain::ids::{PresenceId, ProfileId, WorkstreamId};
use crate::domain::presence::{BaseStatus, BuiltIn, Presence};
use crate::domain::record::{CapacityProfile, PresenceEffect, ResetDuration, Workstream, WrapUpBlock};
use crate::domain::time::Timestamp;
use crate::engine::{Loaded, LoadedAgent};
use crate::wire::show;
use board::{Board, Place, Replica};

const AGENTS: usize = 14;
/// Of the last seven each watches what one of the first seven does, in the other form.
const BOARDS: usize = 14;
const TEAMS: [&str; 3] = ["red", "blue", "green"];
const KINDS: usize = 2;

/// Everything small, so that frames are cut, snapshots have parts, chunks are full, and filters are
/// made in bites.
const SMALL: Settings = Settings {
    gather: Duration::from_millis(1),
    chunk: 2,
    frame_bytes: 700,
    part_bytes: 3000,
    effort: 5,
    watches_per_connection: 4,
    names_per_connection: 4_000,
    oldest_resumable: 0,
};

#[derive(Clone, Debug)]
enum Step {
    Shows(usize, BuiltIn),
    Holds(usize, usize),
    JoinsTeam(usize, usize),
    LeavesTeam(usize, usize),
    IsDeleted(usize),
    WorkstreamAllows(Vec<BaseStatus>),
    PresenceSays(usize, u8),
    ProfileAllows(usize, u32),
    Reads(usize, usize),
    LosesOrRegainsItsConnection(usize),
    HubPauses(u64),
    HubRestarts,
}

fn step() -> impl Strategy<Value = Step> {
    let agent = 0..AGENTS;
    let kind = proptest::sample::select(BuiltIn::ALL.to_vec());
    let bases = proptest::sample::subsequence(BaseStatus::ALL.to_vec(), 0..=5);
    prop_oneof![
        12 => (agent.clone(), kind).prop_map(|(agent, kind)| Step::Shows(agent, kind)),
        3 => (agent.clone(), 0..KINDS).prop_map(|(agent, presence)| Step::Holds(agent, presence)),
        3 => (agent.clone(), 0..TEAMS.len()).prop_map(|(agent, team)| Step::JoinsTeam(agent, team)),
        3 => (agent.clone(), 0..TEAMS.len()).prop_map(|(agent, team)| Step::LeavesTeam(agent, team)),
        1 => agent.prop_map(Step::IsDeleted),
        1 => bases.prop_map(Step::WorkstreamAllows),
        2 => (0..KINDS, 0..3_u8).prop_map(|(presence, text)| Step::PresenceSays(presence, text)),
        2 => (0..KINDS, 0..3_u32).prop_map(|(profile, max)| Step::ProfileAllows(profile, max)),
        4 => (0..BOARDS, 1..6_usize).prop_map(|(board, frames)| Step::Reads(board, frames)),
        3 => (0..BOARDS).prop_map(Step::LosesOrRegainsItsConnection),
        4 => prop_oneof![Just(0), Just(2), Just(300)].prop_map(Step::HubPauses),
        1 => Just(Step::HubRestarts),
    ]
}

/// What each board watches.
fn asks(board: usize) -> (serde_json::Value, Scope, Vec<Include>) {
    let red_and_blue = Scope::Teams(["red".to_owned(), "blue".to_owned()].into());
    let both = vec![Include::Capacity, Include::WorkItems];
    match board % 7 {
        0 => (json!({}), Scope::All, Vec::new()),
        1 | 5 => (json!({}), Scope::All, vec![Include::Capacity]),
        2 => (json!({"baseStatuses": ["AVAILABLE", "AWAY"]}), red_and_blue, both),
        3 => (json!({"workstreamId": "chat", "teams": ["red", "green"]}), Scope::All, Vec::new()),
        6 => (json!({"workstreamId": "chat"}), Scope::All, both),
        _ => (
            json!({"agentIds": ["agent-1", "agent-2", "agent-3"], "presenceIds": ["busy", "offline", "inactive"]}),
            red_and_blue,
            Vec::new(),
        ),
    }
}

/// In which form each takes frames.
fn form(board: usize) -> Form {
    if board.is_multiple_of(2) { Form::Text } else { Form::Deflated }
}

/// After how many bytes its connection blocks.
fn takes(board: usize) -> usize {
    match form(board) {
        Form::Text => 4096,
        Form::Deflated => 1024,
    }
}

/// The same in plain words.
fn should_show(board: usize, agent: &Agent, allowed: &[BaseStatus]) -> bool {
    let of = |teams: &[&str]| teams.iter().any(|team| agent.record.teams.contains(*team));
    let base = agent.shown_base();
    agent.deleted.is_none()
        && match board % 7 {
            0 | 1 | 5 => true,
            2 => of(&["red", "blue"]) && matches!(base, BaseStatus::Available | BaseStatus::Away),
            3 => of(&["red", "green"]) && allowed.contains(&base),
            6 => allowed.contains(&base),
            _ => {
                of(&["red", "blue"])
                    && ["agent-1", "agent-2", "agent-3"].contains(&agent.record.agent.as_str())
                    && ["busy", "offline", "inactive"].contains(&agent.shown_presence())
            }
        }
}

/// The hub's state, as the applier would know it.
struct Hub {
    feed: Feed,
    walker: tokio::task::JoinHandle<()>,
    agents: Vec<(Seq, Agent)>,
    directory: Directory,
    changes: BTreeMap<String, (Seq, DirectoryChange)>,
    allowed: Vec<BaseStatus>,
    seq: Seq,
    session: u64,
}

impl Hub {
    fn begin() -> Self {
        let profiled =
            |number: usize| with_profile(agent(&format!("agent-{number}")), &format!("profile-{}", number % 3));
        let agents: Vec<(Seq, Agent)> = (1..).zip((0..AGENTS).map(profiled)).collect();
        let allowed = vec![BaseStatus::Available];
        let mut directory = Directory::default();
        directory.workstreams.insert(WorkstreamId::new("chat").unwrap(), chat(&allowed));
        let changes = BTreeMap::new();
        let loaded = loaded(&agents, &changes, AGENTS as Seq);
        let feed = Feed::new(SMALL, &loaded, Arc::new(directory.clone()));
        let walker = tokio::spawn(feed.clone().run());
        Self { feed, walker, agents, directory, changes, allowed, seq: AGENTS as Seq, session: 0 }
    }

    /// Starts again from what was kept. All connections have ended.
    fn restarts(&mut self) {
        self.walker.abort();
        let loaded = loaded(&self.agents, &self.changes, self.seq);
        self.feed = Feed::new(SMALL, &loaded, Arc::new(self.directory.clone()));
        self.walker = tokio::spawn(self.feed.clone().run());
    }

    fn publishes(&mut self, index: usize, change: impl FnOnce(&mut Agent)) {
        // Gaps are part of the log.
        self.seq += 1 + self.seq % 2;
        let (seq, agent) = &mut self.agents[index];
        *seq = self.seq;
        change(agent);
        agent.version += 1;
        self.feed.publish(self.seq, Arc::new(agent.clone()));
    }

    fn directory_changes(&mut self, subject: String, change: DirectoryChange) {
        self.seq += 1;
        self.feed.directory_changed(self.seq, Arc::new(self.directory.clone()), &change);
        self.changes.insert(subject, (self.seq, change));
    }

    fn workstream_allows(&mut self, allowed: Vec<BaseStatus>) {
        self.allowed = allowed;
        let workstream = chat(&self.allowed);
        self.directory.workstreams.insert(workstream.id.clone(), workstream.clone());
        self.directory_changes("chat".to_owned(), DirectoryChange::Workstream(workstream));
    }

    fn presence_says(&mut self, number: usize, text: u8) {
        let (id, text) = (PresenceId::new(format!("presence-{number}")).unwrap(), format!("text {text}"));
        let presence = Presence { id, text, built_in: false, ..Presence::built_in(BuiltIn::Away) };
        self.directory.catalog.put(presence.clone());
        self.directory_changes(format!("presence {number}"), DirectoryChange::Presence(presence));
    }

    fn profile_allows(&mut self, number: usize, max: u32) {
        let profile = CapacityProfile {
            id: ProfileId::new(format!("profile-{number}")).unwrap(),
            name: "Chat".to_owned(),
            default_max: max,
            block_assignment: true,
            reset: ResetDuration::Immediate,
        };
        self.directory.profiles.insert(profile.id.clone(), profile.clone());
        self.directory_changes(format!("profile {number}"), DirectoryChange::Profile(profile));
    }

    /// The agent holds a presence of the catalog, if there is that one.
    fn holds(&mut self, index: usize, number: usize) {
        let id = PresenceId::new(format!("presence-{number}")).unwrap();
        if self.directory.catalog.find(&id).is_some() {
            self.publishes(index, |agent| {
                *agent = shown(agent.clone(), BuiltIn::Away);
                agent.standing.presence = id;
            });
        }
    }

    async fn connects(&mut self, place: Place, number: usize) -> Place {
        self.session += 1;
        match place {
            Place::Away(replica) => {
                Place::Connected(Box::new(Board::connect(&self.feed, number, self.session, replica).await))
            }
            Place::Connected(_) => place,
        }
    }
}

fn loaded(agents: &[(Seq, Agent)], changes: &BTreeMap<String, (Seq, DirectoryChange)>, seq: Seq) -> Loaded {
    let at = |(seq, agent): &(Seq, Agent)| LoadedAgent { seq: *seq, directory_seq: 0, agent: Arc::new(agent.clone()) };
    Loaded {
        epoch: "e".to_owned(),
        boot: 1,
        seq,
        agents: agents.iter().map(at).collect(),
        directory: changes.values().cloned().collect(),
        ..Loaded::default()
    }
}

fn chat(allowed: &[BaseStatus]) -> Workstream {
    Workstream {
        id: WorkstreamId::new("chat").unwrap(),
        name: "Chat".to_owned(),
        allowed: allowed.iter().copied().collect(),
        units: None,
        profiles: Vec::new(),
        wrap_up: WrapUpBlock::Always,
        presence_effect: PresenceEffect::Moves,
    }
}

fn away(place: &mut Place) -> Place {
    std::mem::replace(place, Place::Away(Replica::default()))
}

async fn holds(steps: Vec<Step>) {
    let mut hub = Hub::begin();
    let mut boards = Vec::new();
    for number in 0..BOARDS {
        boards.push(hub.connects(Place::Away(Replica::default()), number).await);
    }
    for step in steps {
        match step {
            Step::Shows(agent, kind) => hub.publishes(agent, |agent| *agent = shown(agent.clone(), kind)),
            Step::Holds(agent, presence) => hub.holds(agent, presence),
            Step::JoinsTeam(agent, team) => hub.publishes(agent, |agent| {
                Arc::make_mut(&mut agent.record).teams.insert(TEAMS[team].to_owned());
            }),
            Step::LeavesTeam(agent, team) => hub.publishes(agent, |agent| {
                if Arc::make_mut(&mut agent.record).teams.remove(TEAMS[team]) {
                    agent.former_teams.push((TEAMS[team].to_owned(), Timestamp(0)));
                }
            }),
            Step::IsDeleted(agent) => hub.publishes(agent, |agent| agent.deleted = Some(Timestamp(0))),
            Step::WorkstreamAllows(allowed) => hub.workstream_allows(allowed),
            Step::PresenceSays(presence, text) => hub.presence_says(presence, text),
            Step::ProfileAllows(profile, max) => hub.profile_allows(profile, max),
            Step::Reads(board, frames) => {
                if let Place::Connected(board) = &mut boards[board] {
                    for _ in 0..frames {
                        assert!(!board.reads().await);
                    }
                }
            }
            Step::LosesOrRegainsItsConnection(number) => {
                boards[number] = match away(&mut boards[number]) {
                    Place::Connected(board) => Place::Away(board.loses_its_connection()),
                    place @ Place::Away(_) => hub.connects(place, number).await,
                };
            }
            Step::HubPauses(millis) => tokio::time::sleep(Duration::from_millis(millis)).await,
            Step::HubRestarts => {
                for place in &mut boards {
                    if let Place::Connected(board) = away(place) {
                        *place = Place::Away(board.loses_its_connection());
                    }
                }
                hub.restarts();
            }
        }
    }
    let catalog = show::catalog(&hub.directory.catalog);
    for (number, place) in boards.into_iter().enumerate() {
        let Place::Connected(mut board) = hub.connects(place, number).await else { panic!("all are back") };
        board.reads_until_quiet(&hub.feed, &catalog).await;
        let shown: Vec<&(Seq, Agent)> =
            hub.agents.iter().filter(|(_, agent)| should_show(board.number, agent, &hub.allowed)).collect();
        let including = Including::of(&asks(number).2);
        let entry = |(seq, agent): &&(Seq, Agent)| {
            (agent.record.agent.to_string(), show::watched_agent(*seq, agent, &hub.directory, including))
        };
        assert_eq!(board.replica.held, shown.iter().map(entry).collect::<BTreeMap<_, _>>(), "board {}", board.number);
        let mut recount = BTreeMap::new();
        for (_, agent) in &shown {
            *recount.entry(agent.shown_presence().to_owned()).or_insert(0_u32) += 1;
        }
        let summary = board.replica.summary.clone().unwrap();
        hub.feed.state().assert_consistent();
        assert_eq!((summary.total as usize, summary.by_presence), (shown.len(), recount), "board {}", board.number);
    }
    hub.walker.abort();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_replica_is_the_filter_applied_to_the_state(steps in proptest::collection::vec(step(), 1..120)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(holds(steps));
    }
}

/// A board was told a position beyond a change that it had not been shown all of, and resumed from
/// there after a restart.
#[tokio::test(start_paused = true)]
async fn a_profile_that_a_board_was_shown_in_part_is_shown_in_full_after_a_restart() {
    use Step::{HubPauses, HubRestarts, ProfileAllows, Reads, Shows};
    let shows = |agent| Shows(agent, BuiltIn::Available);
    for frames in 1..12 {
        let mut steps: Vec<Step> = [0, 0, 0, 1].map(shows).into();
        steps.extend([Reads(5, 2), shows(10), ProfileAllows(1, 0), shows(2), HubPauses(2), shows(0)]);
        steps.extend([Reads(5, frames), HubRestarts]);
        holds(steps).await;
    }
}
