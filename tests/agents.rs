//! All agents over a real engine that can be told to stall.

#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

use std::sync::Arc;
use std::time::Duration;

use presence_hub::agents::{Agents, Applied, Audience, DirectoryView, Known, Refusal};
use presence_hub::clock::Clock;
use presence_hub::domain::cause::Actor;
use presence_hub::domain::change::Change;
use presence_hub::domain::command::{Ask, Command};
use presence_hub::domain::directory::DirectoryChange;
use presence_hub::domain::ids::AgentId;
use presence_hub::domain::policy::Policy;
use presence_hub::domain::record::AgentRecord;
use presence_hub::domain::time::Timestamp;
use presence_hub::engine::embedded::{self, Embedded};
use presence_hub::engine::faulty::{Faulty, Mood};
use presence_hub::engine::memory::{self, Disk};
use presence_hub::engine::{DELETIONS_TOLD, Opened};

/// More than the engine's queue takes at once.
const CROWD: usize = 6_000;

/// Nobody listens.
struct Nobody;

impl Audience for Nobody {
    fn agent_changed(&self, _: &Known, _: &Change, _: Option<&Known>, _: &Arc<DirectoryView>) {}
    fn directory_changed(&self, _: &DirectoryChange, _: &Arc<DirectoryView>) {}
}

/// All agents over a real engine, and the task that applies what it keeps.
struct Room {
    agents: Agents,
    engine: Arc<Faulty<Embedded>>,
    applying: tokio::task::JoinHandle<()>,
    _folder: tempfile::TempDir,
}

impl Room {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::starting_at(Timestamp(1_800_000_000_000));
        let Opened { engine, loaded, tail, .. } = embedded::open(folder.path()).unwrap().start(clock.clone()).unwrap();
        let engine = Arc::new(Faulty::new(engine));
        let policy = Policy::default();
        let directory = DirectoryView::load(&loaded, &policy);
        let agents = Agents::new(engine.clone(), clock, loaded, directory, policy);
        let applying = tokio::spawn(agents.clone().apply(tail, Arc::new(Nobody)));
        Self { agents, engine, applying, _folder: folder }
    }
}

/// Returns once every task has come as far as it can: the paused clock moves only then.
async fn all_is_quiet() {
    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
}

#[tokio::test(start_paused = true)]
async fn somebody_who_signs_in_does_not_wait_behind_an_import_that_the_engine_is_busy_with() {
    let Room { agents, engine, applying, _folder } = Room::open();
    engine.becomes(Mood::Stalled);
    let mut import = tokio::task::JoinSet::new();
    for number in 0..CROWD {
        let record = AgentRecord::new(AgentId::new(format!("a{number}")).unwrap(), "Ada");
        let agents = agents.clone();
        let admin = Actor::Admin("root".to_owned());
        import.spawn(async move { agents.configure(&record.agent, admin, |_| Ok::<_, Refusal>(record.clone())).await });
    }
    all_is_quiet().await;
    let held = engine.held();
    assert!(held < CROWD);
    let record = AgentRecord::new(AgentId::new("ada").unwrap(), "Ada");
    let signs_in = tokio::spawn({
        let agents = agents.clone();
        async move { agents.configure(&record.agent, Actor::System, |_| Ok::<_, Refusal>(record.clone())).await }
    });
    all_is_quiet().await;
    assert_eq!(engine.held(), held + 1);
    engine.becomes(Mood::Calm);
    signs_in.await.unwrap().unwrap();
    applying.abort();
}

#[tokio::test]
async fn a_crowd_that_met_a_stalled_engine_waits_for_its_turn_and_nobody_is_refused() {
    let Room { agents, engine: faulty, applying, _folder } = Room::open();
    faulty.becomes(Mood::Stalled);
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
    faulty.becomes(Mood::Calm);
    while let Some(applied) = created.join_next().await {
        applied.unwrap().unwrap();
    }
    assert_eq!(agents.all().len(), CROWD);
    applying.abort();
}

#[tokio::test(start_paused = true)]
async fn a_deleted_agent_leaves_memory_after_a_week_and_goes_on_from_its_version_when_it_is_created_again() {
    let clock = Clock::starting_at(Timestamp(1_800_000_000_000));
    let Opened { engine, loaded, tail, .. } = memory::open(&Disk::default(), clock.clone(), Duration::ZERO);
    let policy = Policy::default();
    let directory = DirectoryView::load(&loaded, &policy);
    let agents = Agents::new(Arc::new(engine), clock, loaded, directory, policy);
    let applying = tokio::spawn(agents.clone().apply(tail, Arc::new(Nobody)));
    let (gone, mut told) = tokio::sync::mpsc::channel(1);
    let forgetting =
        tokio::spawn(agents.clone().keep_forgetting(move |agent, seq| gone.try_send((agent.clone(), seq)).unwrap()));

    let ada = AgentId::new("ada").unwrap();
    let record = AgentRecord::new(ada.clone(), "Ada");
    let create = || agents.configure(&ada, Actor::System, |_| Ok::<_, Refusal>(record.clone()));
    let version = |applied: Applied| (applied.known.seq, applied.known.agent.version);
    create().await.unwrap();
    let (seq, deleted) = version(agents.decide(&ada, Command::new(Ask::Delete, Actor::System)).await.unwrap());
    tokio::time::sleep(DELETIONS_TOLD).await;
    assert!(agents.find(&ada).is_some(), "boards may still be told");
    assert_eq!(told.recv().await, Some((ada.clone(), seq)));
    assert!(agents.find(&ada).is_none());
    assert_eq!(version(create().await.unwrap()), (seq + 1, deleted + 1));
    assert!(agents.existing(&ada).is_some());
    applying.abort();
    forgetting.abort();
}
