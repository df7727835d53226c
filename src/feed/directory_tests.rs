//! Boards follow the directory: the catalog, and what profiles say of agents.

#![allow(clippy::wildcard_enum_match_arm, reason = "a test names the frames it expects and panics at any other")]

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::test_world::{MemoryBoard, agent, away, loaded, session, since, with_profile};
use super::*;
use crate::domain::ids::{PresenceId, ProfileId};
use crate::domain::presence::{BuiltIn, Presence};
use crate::domain::record::{CapacityProfile, ResetDuration};
use crate::wire::shapes::{HubFrame, WatchMode, WatchedAgent};

/// What a connection takes that reads now and then.
const ROOMY: usize = 1024 * 1024;
/// One that blocks in the middle of a snapshot.
const NARROW: usize = 2_000;

/// A directory that changes, and the feed that follows it.
struct Hub {
    feed: Feed,
    directory: Directory,
    seq: Seq,
}

impl Hub {
    fn of(agents: &[Agent]) -> Self {
        let mut directory = Directory::default();
        directory.profiles.insert(profile(3).id, profile(3));
        let feed = Feed::new(Settings::default(), &loaded(agents), Arc::new(directory.clone()));
        tokio::spawn(feed.clone().run());
        Self { feed, directory, seq: 100 }
    }

    fn profile_allows(&mut self, max: u32) {
        self.directory.profiles.insert(profile(max).id, profile(max));
        self.changes(&DirectoryChange::Profile(profile(max)));
    }

    fn presence_is_made(&mut self, id: &str) {
        let id = PresenceId::new(id).unwrap();
        let presence = Presence { id, built_in: false, ..Presence::built_in(BuiltIn::Away) };
        self.directory.catalog.put(presence.clone());
        self.changes(&DirectoryChange::Presence(presence));
    }

    fn changes(&mut self, change: &DirectoryChange) {
        self.seq += 1;
        self.feed.directory_changed(self.seq, Arc::new(self.directory.clone()), change);
    }

    fn publishes(&mut self, agent: Agent) {
        self.seq += 1;
        self.feed.publish(self.seq, Arc::new(agent));
    }
}

fn profile(max: u32) -> CapacityProfile {
    CapacityProfile {
        id: ProfileId::new("chats").unwrap(),
        name: "Chats".to_owned(),
        default_max: max,
        block_assignment: true,
        reset: ResetDuration::Immediate,
    }
}

fn chatter(id: &str) -> Agent {
    with_profile(agent(id), "chats")
}

/// The limit of the agents' one profile.
fn limits(agents: &[WatchedAgent]) -> Vec<u32> {
    agents.iter().map(|agent| agent.capacity.as_ref().unwrap().profiles.first().map_or(0, |own| own.max)).collect()
}

fn names(presences: &[crate::wire::shapes::Presence]) -> Vec<&str> {
    presences.iter().map(|presence| presence.presence_id.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_profile_that_changed_is_shown_on_boards_that_were_there_and_on_those_that_come() {
    let mut hub = Hub::of(&[chatter("a1"), agent("a2"), chatter("a3")]);
    let mut board = MemoryBoard::of(&hub.feed, 1, ROOMY).await;
    board.asks(json!({}), vec![Include::Capacity], None);
    board.begins().await;
    hub.profile_allows(0);
    let HubFrame::Changes { agents, left, seq, .. } = board.next().await else { panic!("changes") };
    assert_eq!((limits(&agents), left.len(), seq), (vec![0, 0], 0, 101));
    assert!(agents.iter().all(|agent| agent.is_blocked_by_some_profile && agent.version == 1));
    let mut later = MemoryBoard::of(&hub.feed, 2, ROOMY).await;
    later.asks(json!({}), vec![Include::Capacity], None);
    let (_, frames) = later.begins().await;
    let HubFrame::Snapshot { agents, .. } = &frames[0] else { panic!("a snapshot") };
    assert_eq!(limits(agents), [0, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn who_comes_while_another_is_being_sent_a_snapshot_ends_with_the_newest_profile() {
    let agents: Vec<Agent> = (0..60).map(|number| chatter(&format!("a{number}"))).collect();
    let mut hub = Hub::of(&agents);
    let slow = MemoryBoard::of(&hub.feed, 1, NARROW).await;
    slow.asks(json!({}), vec![Include::Capacity], None);
    while !slow.outlet.is_blocked() {
        tokio::task::yield_now().await;
    }
    hub.profile_allows(7);
    let mut board = MemoryBoard::of(&hub.feed, 2, ROOMY).await;
    board.asks(json!({}), vec![Include::Capacity], None);
    let (_, frames) = board.begins().await;
    let mut held = std::collections::BTreeMap::new();
    let mut take = |agents: &[WatchedAgent]| {
        held.extend(agents.iter().map(|agent| (agent.agent_id.clone(), limits(std::slice::from_ref(agent))[0])));
    };
    for frame in &frames {
        let HubFrame::Snapshot { agents, .. } = frame else { panic!("a snapshot") };
        take(agents);
    }
    while hub.feed.position(session(2)) != Some(hub.feed.head()) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    board.outlet.send(crate::sessions::frame::text(b"{\"type\":\"presences\",\"presences\":[]}"));
    for frame in board.until(|frame| matches!(frame, HubFrame::Presences { .. })).await {
        if let HubFrame::Changes { agents, .. } = frame {
            take(&agents);
        }
    }
    assert_eq!(held.values().filter(|max| **max == 7).count(), 60);
    drop(slow);
}

#[tokio::test(start_paused = true)]
async fn a_profile_that_was_only_renamed_is_no_news() {
    let mut hub = Hub::of(&[chatter("a1")]);
    hub.changes(&DirectoryChange::Profile(profile(3)));
    assert!(hub.feed.state().reshown.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_profile_that_changed_while_a_board_was_away_is_told_when_it_resumes_even_after_a_restart() {
    let agents = [chatter("a1"), agent("a2")];
    let mut hub = Hub::of(&agents);
    hub.profile_allows(5);
    let mut restarted = loaded(&agents);
    restarted.seq = 101;
    restarted.directory = vec![(101, DirectoryChange::Profile(profile(5)))];
    let feed = Feed::new(Settings::default(), &restarted, Arc::new(hub.directory.clone()));
    tokio::spawn(feed.clone().run());
    for feed in [&hub.feed, &feed] {
        let mut board = MemoryBoard::of(feed, 1, ROOMY).await;
        while feed.state().reshown.is_some() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        board.asks(json!({}), vec![Include::Capacity], since(100));
        assert!(matches!(board.next().await, HubFrame::Result { .. }));
        let HubFrame::Changes { agents, seq, .. } = board.next().await else { panic!("changes") };
        assert_eq!((limits(&agents), seq), (vec![5], 101));
    }
}

#[tokio::test(start_paused = true)]
async fn until_all_is_told_anew_no_position_beyond_the_change_is_given_out() {
    let mut hub = Hub::of(&[chatter("a1")]);
    let (feed, mut board) = (hub.feed.clone(), MemoryBoard::of(&hub.feed, 1, ROOMY).await);
    // Nothing here lets the feed's task run.
    hub.profile_allows(5);
    hub.publishes(away(agent("a2")));
    board.asks(json!({}), Vec::new(), None);
    assert_eq!(feed.state().advance(session(1)), Advanced::AsFarAsItGoes);
    assert_eq!((feed.head(), feed.position(session(1))), (102, Some(100)));
    let HubFrame::Result { result, .. } = board.next().await else { panic!("the result comes first") };
    assert_eq!(result["seq"], 100);
}

#[tokio::test(start_paused = true)]
async fn a_board_that_resumes_beside_another_is_sent_the_newest_catalog() {
    let mut hub = Hub::of(&[agent("a1"), agent("a2")]);
    let mut first = MemoryBoard::of(&hub.feed, 1, ROOMY).await;
    first.asks(json!({}), Vec::new(), since(1));
    assert!(matches!(first.next().await, HubFrame::Result { .. }));
    let HubFrame::Changes { presences, .. } = first.next().await else { panic!("changes") };
    assert!(!names(&presences.unwrap()).contains(&"lunch"));
    hub.presence_is_made("lunch");
    let HubFrame::Presences { presences } = first.next().await else { panic!("the catalog") };
    assert!(names(&presences).contains(&"lunch"));
    let mut second = MemoryBoard::of(&hub.feed, 2, ROOMY).await;
    second.asks(json!({}), Vec::new(), since(1));
    let HubFrame::Result { result, .. } = second.next().await else { panic!("the result comes first") };
    assert_eq!(result["mode"], json!(WatchMode::Resumed));
    let HubFrame::Changes { presences, .. } = second.next().await else { panic!("changes") };
    assert!(names(&presences.unwrap()).contains(&"lunch"));
}

#[tokio::test(start_paused = true)]
async fn hundreds_of_new_presences_reach_a_board_as_a_few_catalogs() {
    let mut hub = Hub::of(&[agent("a1")]);
    let mut board = MemoryBoard::of(&hub.feed, 1, ROOMY).await;
    board.asks(json!({}), Vec::new(), None);
    board.begins().await;
    for number in 0..500 {
        hub.presence_is_made(&format!("presence-{number}"));
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let frames =
        board.until(|frame| matches!(frame, HubFrame::Presences { presences } if presences.len() == 506)).await;
    assert!(frames.len() <= 4, "{} catalogs", frames.len());
}

#[tokio::test(start_paused = true)]
async fn a_presence_that_someone_is_shown_as_is_told_before_it_however_soon_after_the_last_news() {
    let mut hub = Hub::of(&[agent("a1")]);
    let mut board = MemoryBoard::of(&hub.feed, 1, ROOMY).await;
    board.asks(json!({}), Vec::new(), None);
    board.begins().await;
    hub.presence_is_made("coffee");
    assert!(matches!(board.next().await, HubFrame::Presences { .. }));
    hub.presence_is_made("lunch");
    let mut eating = away(agent("a1"));
    eating.standing.presence = PresenceId::new("lunch").unwrap();
    hub.publishes(eating);
    let HubFrame::Presences { presences } = board.next().await else { panic!("the catalog comes first") };
    assert!(names(&presences).contains(&"lunch"));
    assert!(matches!(board.next().await, HubFrame::Changes { seq: 103, .. }));
}

#[tokio::test(start_paused = true)]
async fn a_filter_that_is_quiet_keeps_no_snapshot() {
    let hub = Hub::of(&[agent("a1")]);
    let mut board = MemoryBoard::of(&hub.feed, 1, ROOMY).await;
    board.asks(json!({}), Vec::new(), None);
    board.begins().await;
    let state = hub.feed.state();
    assert!(state.filters.values().all(|watched| !watched.view.is_sending_a_snapshot()));
    drop(state);
    drop(board);
}

#[tokio::test(start_paused = true)]
async fn a_frame_of_changes_is_kept_for_others_and_for_nobody_else() {
    let mut hub = Hub::of(&[agent("a1")]);
    let frames_kept = |hub: &Hub| hub.feed.state().steps.kept();
    let mut board = MemoryBoard::of(&hub.feed, 1, ROOMY).await;
    board.asks(json!({}), Vec::new(), None);
    board.begins().await;
    hub.publishes(away(agent("a1")));
    assert!(matches!(board.next().await, HubFrame::Changes { .. }));
    assert_eq!(frames_kept(&hub), 0);

    let mut other = MemoryBoard::of(&hub.feed, 2, ROOMY).await;
    other.asks(json!({}), Vec::new(), None);
    other.begins().await;
    hub.publishes(agent("a1"));
    assert!(matches!(board.next().await, HubFrame::Changes { .. }));
    assert!(matches!(other.next().await, HubFrame::Changes { .. }));
    assert_eq!(frames_kept(&hub), 1);
}
