//! A hub over an engine in memory whose commits take long: who waits for whom at a start.

use super::*;
use crate::agents::Refusal;
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command, Opens};
use crate::domain::ids::{AgentId, SessionId};
use crate::domain::record::AgentRecord;
use crate::domain::time::Timestamp;
use crate::engine::memory::{self, Disk};
use crate::identity::{Keys, Secret};

const START: Timestamp = Timestamp(1_600_000_000_000);
/// What one commit of a slow disk takes.
const SLOW: Duration = Duration::from_secs(8);

/// A hub over this disk, which begins at `now`.
async fn begin(disk: &Disk, now: Timestamp, commit: Duration) -> Hub {
    let config = Config::default();
    let clock = Clock::starting_at(now);
    let Opened { engine, loaded, tail, peers } = memory::open(disk, clock.clone(), commit);
    let secret = Secret::from("a secret that is long enough to be taken for one".to_owned());
    let identity = Identity::with(&config.auth, Keys::of_secret(&secret).unwrap());
    let opened: Opened<Arc<dyn Engine>> = Opened { engine: Arc::new(engine), loaded, tail, peers };
    Hub::begin(&config, clock, opened, identity, (([127, 0, 0, 1], 80).into(), None)).await.unwrap()
}

/// What a hub kept that died while Ada was there.
async fn ada_was_here(disk: &Disk) {
    let hub = begin(disk, START, Duration::ZERO).await;
    let agents = &hub.door().agents;
    let record = |_: Option<&AgentRecord>| Ok::<_, Refusal>(AgentRecord::new(ada(), "Ada"));
    agents.configure(&ada(), Actor::System, record).await.unwrap();
    let session = SessionId { node: 0, boot: 1, number: 1 };
    let opens = Command::new(Ask::OpenSession(session, START, Opens::ByItself), Actor::Agent(ada()));
    agents.decide(&ada(), opens).await.unwrap();
    hub.end(|| ()).await.unwrap();
}

fn ada() -> AgentId {
    AgentId::new("ada").unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_restart_grace_counts_from_the_moment_the_hub_serves_however_long_its_opening_takes() {
    let disk = Disk::default();
    ada_was_here(&disk).await;
    let opened = START.plus(Duration::from_secs(60));
    let hub = begin(&disk, opened, SLOW).await;
    let serves = hub.door().agents.clock().now();
    assert!(serves >= opened.plus(SLOW), "opening took a commit");
    let shown = || hub.door().agents.find(&ada()).unwrap().agent.shown_presence().to_owned();
    tokio::time::sleep(Duration::from_millis(9_900)).await;
    assert_eq!(shown(), "available", "held");
    tokio::time::sleep(SLOW * 3).await;
    assert_eq!(shown(), "offline");
    let known = hub.door().agents.find(&ada()).unwrap();
    assert_eq!(known.agent.since, serves.plus(Duration::from_secs(10)));
}

#[tokio::test(start_paused = true)]
async fn a_hub_that_was_ahead_goes_on_today_with_what_its_agents_had_left() {
    let disk = Disk::default();
    ada_was_here(&disk).await;
    let yesterday = START.minus(Duration::from_secs(86_400));
    let hub = begin(&disk, yesterday, Duration::ZERO).await;
    let known = hub.door().agents.find(&ada()).unwrap();
    assert_eq!((known.agent.since, known.agent.changed_at), (yesterday, yesterday));
    assert_eq!(known.agent.shown_presence(), "available", "held");
    tokio::time::sleep(Duration::from_secs(11)).await;
    let known = hub.door().agents.find(&ada()).unwrap();
    assert_eq!(known.agent.since, yesterday.plus(Duration::from_secs(10)));
}
