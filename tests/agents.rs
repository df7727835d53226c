//! All agents over a real engine that can be told to stall.

#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

use std::sync::Arc;

use presence_hub::agents::{Agents, Applied, Audience, DirectoryView, Known, Refusal};
use presence_hub::clock::Clock;
use presence_hub::domain::cause::Actor;
use presence_hub::domain::change::Change;
use presence_hub::domain::directory::DirectoryChange;
use presence_hub::domain::ids::AgentId;
use presence_hub::domain::policy::Policy;
use presence_hub::domain::record::AgentRecord;
use presence_hub::domain::time::Timestamp;
use presence_hub::engine::embedded::{self, Opened};
use presence_hub::engine::faulty::{Faulty, Mood};

/// More than the engine's queue takes at once.
const CROWD: usize = 6_000;

/// Nobody listens.
struct Nobody;

impl Audience for Nobody {
    fn agent_changed(&self, _: &Known, _: &Change, _: Option<&Known>, _: &Arc<DirectoryView>) {}
    fn directory_changed(&self, _: &DirectoryChange, _: &Arc<DirectoryView>) {}
}

#[tokio::test]
async fn a_crowd_that_met_a_stalled_engine_waits_for_its_turn_and_nobody_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::starting_at(Timestamp(1_800_000_000_000));
    let Opened { engine, loaded, tail } = embedded::open(folder.path()).unwrap().start(clock.clone()).unwrap();
    let faulty = Arc::new(Faulty::new(engine));
    let policy = Policy::default();
    let directory = DirectoryView::load(&loaded, &policy);
    let agents = Agents::new(faulty.clone(), clock, loaded, directory, policy);
    let applying = tokio::spawn(agents.clone().apply(tail, Arc::new(Nobody)));

    faulty.turn(Mood::Stalled);
    let mut created = tokio::task::JoinSet::new();
    for number in 0..CROWD {
        let record = AgentRecord::new(AgentId::new(format!("a{number}")).unwrap(), "Ada");
        let agents = agents.clone();
        created.spawn(async move {
            agents.configure(&record.agent, Actor::System, |_| Ok::<_, Refusal>(record.clone())).await
        });
    }
    // Every task has come as far as it can.
    tokio::task::yield_now().await;
    faulty.turn(Mood::Calm);
    while let Some(applied) = created.join_next().await {
        assert!(matches!(applied.unwrap(), Ok(Applied::Now { .. })));
    }
    assert_eq!(agents.all().len(), CROWD);
    applying.abort();
}
