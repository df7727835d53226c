//! The feed over 10,000 agents, without the sockets: its watchers' connections have ended, so that
//! frames are made for them and nothing is written.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use presence_hub::domain::agent::Agent;
use presence_hub::domain::directory::{Directory, DirectoryChange};
use presence_hub::domain::ids::SessionId;
use presence_hub::domain::record::CapacityProfile;
use presence_hub::engine::{Loaded, LoadedAgent, Seq};
use presence_hub::feed::{Feed, Form, Scope, Settings, WatchRequest, Watches};
use presence_hub::sessions::{Limits, Outlet};
use presence_hub::wire::shapes::Filter;
use serde_json::json;
use socket2::{Domain, Type};
use tokio::net::TcpStream;

use super::Measure;
use super::floor;

/// Agents of the floor.
const AGENTS: usize = 10_000;
/// Different filters that are watched at once.
const FILTERS: usize = 200;
/// As many laps as the frames of 2,000 changes take, and a few to spare.
const LAPS: usize = 24;
/// From one agent that changes to the next. A prime, so that all take turns; a large one, so that
/// neighbours in the log are none in the roster.
const STRIDE: usize = 7_919;

/// Measures every path through the feed.
pub fn all(measure: &mut impl Measure) {
    let floor = Floor::begin();
    publish(measure, &floor);
    frames(measure, &floor);
    snapshots(measure, &floor);
    bites(measure, &floor);
}

fn publish(measure: &mut impl Measure, floor: &Floor) {
    let mut live = floor.watched();
    let feed = live.feed.clone();
    measure.path("feed: publish to 1 filter", || live.next(), |(seq, agent)| feed.publish(seq, agent));

    // Half are found by their team, half are asked at every change.
    let of_team = (0..FILTERS / 2).map(|number| Filter { teams: Some(vec![floor::team(number)]), ..Filter::default() });
    let of_skill =
        (0..FILTERS / 2).map(|number| Filter { skills: Some(vec![floor::skill(number)]), ..Filter::default() });
    let mut live = floor.live(of_team.chain(of_skill).collect());
    let feed = live.feed.clone();
    measure.path("feed: publish to 200 filters", || live.next(), |(seq, agent)| feed.publish(seq, agent));
}

/// A filter that is told first encodes the entries, and the next finds them encoded.
fn frames(measure: &mut impl Measure, floor: &Floor) {
    let of_any_skill = Filter { skills: Some((0..floor::SKILLS).map(floor::skill).collect()), ..Filter::default() };
    let mut live = floor.live(vec![Filter::default(), of_any_skill]);
    let feed = live.feed.clone();
    measure.path(
        "feed: frame of 16 changes",
        || {
            lap(&feed);
            live.publish(16);
        },
        |()| lap(&feed),
    );
    measure.path(
        "feed: frame of 16 changes, encoded before",
        || {
            lap(&feed);
            live.publish(16);
            lap(&feed);
        },
        |()| lap(&feed),
    );
    let mut live = floor.watched();
    let feed = live.feed.clone();
    measure.path("feed: frames of 2,000 changes", || live.publish(2_000), |()| laps(&feed));
}

fn snapshots(measure: &mut impl Measure, floor: &Floor) {
    let mut live = floor.watched();
    let feed = live.feed.clone();
    let watches = floor.watches(&feed, 2);
    // A change, so that it is not the snapshot of before.
    measure.path(
        "feed: plan of a snapshot of 10,000 agents",
        || live.publish(1),
        |()| watch(&watches, Filter::default()),
    );
}

/// What is done in bites, all at once: each bite costs its share.
fn bites(measure: &mut impl Measure, floor: &Floor) {
    let mut live = floor.watched();
    let feed = live.feed.clone();
    let mut number = 2;
    measure.path(
        "feed: a new filter over 10,000 agents",
        || {
            number += 1;
            (floor.watches(&feed, number), Filter { presence_ids: Some(vec![number.to_string()]), ..Filter::default() })
        },
        |(watches, filter)| watch(&watches, filter),
    );
    measure.path(
        "feed: a change of a profile, over 10,000 agents",
        || {
            laps(&feed);
            live.changes_a_profile();
        },
        |()| lap(&feed),
    );
}

/// One lap of the feed's task: the first chunk that is due is sent a frame, or a bite is taken.
fn lap(feed: &Feed) {
    assert!(feed.clone().run().now_or_never().is_none());
}

/// As many laps as all of the changes take.
fn laps(feed: &Feed) {
    let mut laps = std::pin::pin!(feed.clone().run());
    for _ in 0..LAPS {
        assert!(laps.as_mut().now_or_never().is_none());
    }
}

fn watch(watches: &Watches, filter: Filter) {
    let request = WatchRequest { filter, scope: Scope::All, include: Vec::new(), since: None };
    watches.watch(request, &json!(1)).unwrap();
}

/// All agents, at work, and the connection that watches them.
pub struct Floor {
    agents: Vec<Arc<Agent>>,
    directory: Arc<Directory>,
    outlet: Outlet,
}

impl Floor {
    /// Before a connection that has ended.
    fn begin() -> Self {
        Self::before(ended())
    }

    pub fn before(outlet: Outlet) -> Self {
        let directory = Arc::new(floor::directory());
        let agents = (0..AGENTS).map(|number| Arc::new(floor::at_work(number, &directory))).collect();
        Self { agents, directory, outlet }
    }

    /// A feed that one board watches all of.
    pub fn watched(&self) -> Live {
        self.live(vec![Filter::default()])
    }

    /// A feed of these agents, and these watches of it.
    fn live(&self, filters: Vec<Filter>) -> Live {
        let at = |(seq, agent): (Seq, &Arc<Agent>)| LoadedAgent { seq, directory_seq: 0, agent: Arc::clone(agent) };
        let loaded = Loaded {
            epoch: "epoch".to_owned(),
            boot: 1,
            seq: self.agents.len() as u64,
            agents: (1..).zip(&self.agents).map(at).collect(),
            ..Loaded::default()
        };
        // Without gathering, a chunk that lags is due at once.
        let settings = Settings {
            effort: usize::MAX,
            watches_per_connection: filters.len(),
            ..Settings::gathering(Duration::ZERO)
        };
        let feed = Feed::new(settings, &loaded, Arc::clone(&self.directory));
        let watches = self.watches(&feed, 1);
        for filter in filters {
            watch(&watches, filter);
        }
        let directory = Arc::clone(&self.directory);
        Live { agents: self.agents.clone(), directory, seq: loaded.seq, next: 0, before: None, feed, _watches: watches }
    }

    fn watches(&self, feed: &Feed, number: u64) -> Watches {
        feed.watches_of(SessionId { node: 0, boot: 1, number }, "sam", self.outlet.clone(), Form::Text)
    }
}

/// A feed with its watches, and the agents as they were last published.
pub struct Live {
    pub feed: Feed,
    _watches: Watches,
    agents: Vec<Arc<Agent>>,
    /// Whoever publishes a change still holds the state before it.
    before: Option<Arc<Agent>>,
    directory: Arc<Directory>,
    seq: Seq,
    next: usize,
}

impl Live {
    /// The next change: agents by turns lose their network and return.
    fn next(&mut self) -> (Seq, Arc<Agent>) {
        let number = self.next % AGENTS;
        self.next += STRIDE;
        self.seq += 1;
        let agent = &mut self.agents[number];
        let command = if agent.sessions().is_empty() {
            floor::signs_in(number, floor::NOW)
        } else {
            floor::loses_its_network(number)
        };
        let after = Arc::new(floor::after(agent, &command, &self.directory));
        self.before = Some(std::mem::replace(agent, Arc::clone(&after)));
        (self.seq, after)
    }

    pub fn publish(&mut self, changes: usize) {
        for _ in 0..changes {
            let (seq, agent) = self.next();
            self.feed.publish(seq, agent);
        }
    }

    /// A change of a profile that some have.
    fn changes_a_profile(&mut self) {
        self.seq += 1;
        let before = &self.directory.profiles[&floor::profile(0).id];
        let profile = CapacityProfile { default_max: before.default_max + 1, ..before.clone() };
        let mut directory = Directory::clone(&self.directory);
        directory.profiles.insert(profile.id.clone(), profile.clone());
        self.directory = Arc::new(directory);
        self.feed.directory_changed(self.seq, Arc::clone(&self.directory), &DirectoryChange::Profile(profile));
    }
}

/// The way out of a connection that has ended.
fn ended() -> Outlet {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    let _inside = runtime.enter();
    let socket = socket2::Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.set_nonblocking(true).unwrap();
    let (outlet, _) = Outlet::split(TcpStream::from_std(socket.into()).unwrap(), Limits::default(), &Arc::default());
    outlet.abort();
    outlet
}
