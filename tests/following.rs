//! Agents follow the directory, whatever was under way when it changed: over a real engine that can be
//! told to hold everything back.

#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use presence_hub::agents::{Agents, Applied, Audience, DirectoryRefusal, DirectoryView, Known, Refusal};
use presence_hub::clock::Clock;
use presence_hub::domain::agent::Agent;
use presence_hub::domain::cause::{Actor, EventName, SubEventName};
use presence_hub::domain::change::Change;
use presence_hub::domain::command::{Ask, Choice, Command, Terms, WorkEvent};
use presence_hub::domain::directory::DirectoryChange;
use presence_hub::domain::ids::{AgentId, PresenceId, ProfileId, SessionId, WorkItemId, WorkstreamId};
use presence_hub::domain::policy::Policy;
use presence_hub::domain::presence::{BaseStatus, BuiltIn, Presence};
use presence_hub::domain::record::{
    AgentProfile, AgentRecord, CapacityProfile, PresenceEffect, ResetDuration, Workstream, WrapUpBlock,
};
use presence_hub::domain::time::Timestamp;
use presence_hub::engine::Opened;
use presence_hub::engine::embedded::{self, Embedded};
use presence_hub::engine::faulty::{Faulty, Mood};
use presence_hub::engine::{Judged, Subject};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};

const NOW: Timestamp = Timestamp(1_800_000_000_000);
/// More than two bites of a walk.
const MANY: usize = 600;
/// More polls than anything here needs to come as far as it can.
const AS_FAR_AS_IT_CAN: usize = 2_000;
/// Far more than anything here takes.
const AT_MOST: Duration = Duration::from_secs(20);

/// Tells the test of every agent that changed.
struct Told(mpsc::Sender<Arc<Agent>>);

impl Audience for Told {
    fn agent_changed(&self, known: &Known, _: &Change, _: Option<&Known>, _: &Arc<DirectoryView>) {
        self.0.try_send(known.agent.clone()).unwrap();
    }
    fn directory_changed(&self, _: &DirectoryChange, _: &Arc<DirectoryView>) {}
}

/// Whether agents follow in this life of the hub.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Follow {
    Yes,
    Never,
}

struct Life {
    agents: Agents,
    engine: Arc<Faulty<Embedded>>,
    embedded: Embedded,
    told: mpsc::Receiver<Arc<Agent>>,
    tasks: JoinSet<()>,
    judged: Judged,
}

impl Life {
    fn begins(folder: &Path, follow: Follow) -> Self {
        let clock = Clock::starting_at(NOW);
        let Opened { engine: embedded, loaded, tail } = embedded::open(folder).unwrap().start(clock.clone()).unwrap();
        let engine = Arc::new(Faulty::new(embedded.clone()));
        let judged = loaded.judged;
        let directory = DirectoryView::load(&loaded, &Policy::default());
        let agents = Agents::new(engine.clone(), clock, loaded, directory, Policy::default());
        let (telling, told) = mpsc::channel(16 * MANY);
        let mut tasks = JoinSet::new();
        tasks.spawn(agents.clone().apply(tail, Arc::new(Told(telling))));
        if follow == Follow::Yes {
            tasks.spawn(agents.clone().keep_following());
        }
        Self { agents, engine, embedded, told, tasks, judged }
    }

    async fn ends(mut self) {
        let embedded = self.embedded.clone();
        tokio::task::spawn_blocking(move || embedded.close()).await.unwrap();
        self.tasks.shutdown().await;
    }

    fn holds(&self) {
        self.engine.becomes(Mood::Stalled);
    }

    /// Returns once so much is held back.
    async fn holds_back(&self, appends: usize) {
        for _ in 0..AS_FAR_AS_IT_CAN {
            tokio::task::yield_now().await;
        }
        assert_eq!(self.engine.held(), appends);
    }

    fn keeps(&self) {
        self.engine.becomes(Mood::Calm);
    }

    /// Keeps the entries that are held back, and what is going: one before the other. If the change is
    /// first, all agents have been looked at for it before an entry comes that was decided without it.
    async fn keeps_in_order(
        &self,
        goes: Kind,
        first: First,
        gone: JoinHandle<Result<(), DirectoryRefusal>>,
        entries: usize,
    ) {
        match first {
            First::Entry => self.keeps(),
            First::Change => self.engine.let_go(&goes.subject()),
        }
        gone.await.unwrap().unwrap();
        match first {
            First::Entry => {}
            First::Change => {
                self.holds_back(entries).await;
                self.keeps();
            }
        }
    }

    /// Returns once everybody has followed, and the engine was told.
    async fn has_followed(&self) {
        let mut judged = self.engine.judged();
        tokio::time::timeout(AT_MOST, judged.wait_for(Option::is_some)).await.expect("they follow").unwrap();
    }

    /// Returns the first state that is as wanted, of those that agents came to.
    async fn sees(&mut self, wanted: impl Fn(&Agent) -> bool) -> Arc<Agent> {
        let seen = async {
            loop {
                let agent = self.told.recv().await.unwrap();
                if wanted(&agent) {
                    return agent;
                }
            }
        };
        tokio::time::timeout(AT_MOST, seen).await.expect("it comes to that")
    }

    fn agent(&self) -> Arc<Agent> {
        self.agents.find(&ada()).unwrap().agent
    }

    async fn has_ada_on_duty(&self) {
        let made = |_: Option<&AgentRecord>| Ok::<_, Refusal>(AgentRecord::new(ada(), "Ada"));
        self.agents.configure(&ada(), Actor::System, made).await.unwrap();
        let session = SessionId { node: 0, boot: 1, number: 1 };
        self.agents.decide(&ada(), Command::new(Ask::OpenSession(session, NOW), Actor::System)).await.unwrap();
    }

    async fn has_training(&self, text: &'static str) {
        let presence = Presence {
            id: training(),
            name: "Training".to_owned(),
            text: text.to_owned(),
            built_in: false,
            ..Presence::built_in(BuiltIn::Away)
        };
        let made = |_: Option<&Presence>| Ok::<_, DirectoryRefusal>(presence.clone());
        self.agents.put_presence(&training(), Actor::System, made).await.unwrap();
    }

    async fn has_chat(&self) {
        let profile = CapacityProfile {
            id: chat(),
            name: "Chat".to_owned(),
            default_max: 3,
            block_assignment: false,
            reset: ResetDuration::Immediate,
        };
        let made = |_: Option<&CapacityProfile>| Ok::<_, DirectoryRefusal>(profile.clone());
        self.agents.put_profile(&chat(), Actor::System, made).await.unwrap();
    }

    async fn has_mail(&self) {
        let stream = Workstream {
            id: mail(),
            name: "Mail".to_owned(),
            allowed: [BaseStatus::Available].into(),
            units: None,
            profiles: Vec::new(),
            wrap_up: WrapUpBlock::Always,
            presence_effect: PresenceEffect::Moves,
        };
        let made = |_: Option<&Workstream>| Ok::<_, DirectoryRefusal>(stream.clone());
        self.agents.put_workstream(&mail(), Actor::System, made).await.unwrap();
    }

    fn asks(&self, ask: Ask) -> JoinHandle<Result<Applied, Refusal>> {
        let agents = self.agents.clone();
        let actor = Actor::Agent(ada());
        tokio::spawn(async move { agents.decide(&ada(), Command::new(ask, actor)).await })
    }

    /// Something of the directory goes.
    fn loses(&self, what: Kind) -> JoinHandle<Result<(), DirectoryRefusal>> {
        let agents = self.agents.clone();
        tokio::spawn(async move {
            match what {
                Kind::Presence => agents.remove_presence(&training(), Actor::System, |_| Ok(())).await,
                Kind::Profile => agents.remove_profile(&chat(), Actor::System, |_| Ok(())).await,
                Kind::Workstream => agents.remove_workstream(&mail(), Actor::System, |_| Ok(())).await,
            }
        })
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Presence,
    Profile,
    Workstream,
}

impl Kind {
    fn subject(self) -> Subject {
        match self {
            Self::Presence => Subject::Presence(training()),
            Self::Profile => Subject::Profile(chat()),
            Self::Workstream => Subject::Workstream(mail()),
        }
    }
}

/// Which of the two that race is kept first.
#[derive(Clone, Copy)]
enum First {
    Entry,
    Change,
}

fn ada() -> AgentId {
    AgentId::new("ada").unwrap()
}

fn training() -> PresenceId {
    PresenceId::new("training").unwrap()
}

fn chat() -> ProfileId {
    ProfileId::new("chat").unwrap()
}

fn mail() -> WorkstreamId {
    WorkstreamId::new("mail").unwrap()
}

fn chooses(presence: &str, plan: Option<&str>) -> Ask {
    let until = plan.map(|_| NOW.plus(Duration::from_secs(60)));
    let next = plan.map(ToOwned::to_owned);
    Ask::Choose(Choice { presence: presence.to_owned(), until, next, reason: None })
}

/// Ada comes to refer to something of the directory while it goes.
async fn races(ask: Ask, goes: Kind, first: First) -> (tempfile::TempDir, Life) {
    let folder = tempfile::tempdir().unwrap();
    let life = Life::begins(folder.path(), Follow::Yes);
    life.has_training("In training").await;
    life.has_mail().await;
    life.has_ada_on_duty().await;
    life.holds();
    let refers = life.asks(ask);
    life.holds_back(1).await;
    let gone = life.loses(goes);
    life.holds_back(2).await;
    life.keeps_in_order(goes, first, gone, 1).await;
    refers.await.unwrap().unwrap();
    (folder, life)
}

#[tokio::test]
async fn nobody_stays_on_a_presence_that_was_deleted_while_it_was_chosen() {
    for first in [First::Change, First::Entry] {
        let (_folder, mut life) = races(chooses("training", None), Kind::Presence, first).await;
        let moved = life.sees(|agent| agent.cause.event == EventName::PresenceRetired).await;
        assert_eq!((moved.shown_presence(), life.agent().shown_presence()), ("away", "away"));
    }
}

#[tokio::test]
async fn nobody_plans_a_presence_that_was_deleted_meanwhile() {
    for first in [First::Change, First::Entry] {
        let (_folder, mut life) = races(chooses("busy", Some("training")), Kind::Presence, first).await;
        life.sees(|agent| agent.cause.event == EventName::PresenceRetired).await;
        let next = life.agent().standing.next.clone().unwrap();
        assert_eq!((next.presence.as_str(), next.base), ("away", BaseStatus::Away));
    }
}

#[tokio::test]
async fn work_that_came_while_its_workstream_was_deleted_is_of_none() {
    for first in [First::Change, First::Entry] {
        let terms = Terms { workstream: Some(mail()), ..Terms::default() };
        let assigned = WorkEvent::Assigned { terms, how: SubEventName::Pick };
        let ask = Ask::Work(WorkItemId::new("w1").unwrap(), assigned);
        let (_folder, mut life) = races(ask, Kind::Workstream, first).await;
        life.sees(|agent| agent.items.iter().any(|item| item.workstream.is_none())).await;
        assert_eq!(life.agent().items.len(), 1);
    }
}

#[tokio::test]
async fn a_profile_that_was_deleted_while_many_got_it_is_nobodys() {
    for first in [First::Change, First::Entry] {
        let folder = tempfile::tempdir().unwrap();
        let mut life = Life::begins(folder.path(), Follow::Yes);
        life.has_chat().await;
        life.holds();
        let mut created = JoinSet::new();
        for number in 0..MANY {
            let mut record = AgentRecord::new(AgentId::new(format!("a{number}")).unwrap(), "Ada");
            record.profiles.push(AgentProfile { profile: chat(), max: None });
            let agents = life.agents.clone();
            created.spawn(async move {
                agents.configure(&record.agent, Actor::System, |_| Ok::<_, Refusal>(record.clone())).await
            });
        }
        life.holds_back(MANY).await;
        let gone = life.loses(Kind::Profile);
        life.holds_back(MANY + 1).await;
        life.keeps_in_order(Kind::Profile, first, gone, MANY).await;
        assert!(created.join_all().await.iter().all(Result::is_ok));
        for _ in 0..MANY {
            life.sees(|agent| agent.version == 2).await;
        }
        assert!(life.agents.all().iter().all(|known| known.agent.record.profiles.is_empty()));
    }
}

#[tokio::test]
async fn a_turn_follows_before_its_command_is_decided() {
    let folder = tempfile::tempdir().unwrap();
    let life = Life::begins(folder.path(), Follow::Never);
    life.has_training("In training").await;
    life.has_ada_on_duty().await;
    life.holds();
    let refers = life.asks(chooses("training", None));
    life.holds_back(1).await;
    let gone = life.loses(Kind::Presence);
    life.holds_back(2).await;
    life.keeps();
    refers.await.unwrap().unwrap();
    gone.await.unwrap().unwrap();
    assert_eq!(life.agent().shown_presence(), "training", "nobody follows in this life");
    let aside = Ask::Work(WorkItemId::new("w1").unwrap(), WorkEvent::SideWork(SubEventName::ConsultJoined));
    life.asks(aside).await.unwrap().unwrap();
    assert_eq!((life.agent().shown_presence(), life.agent().version), ("away", 5));
}

#[tokio::test]
async fn a_record_can_be_edited_before_its_agent_has_followed() {
    let folder = tempfile::tempdir().unwrap();
    let life = Life::begins(folder.path(), Follow::Never);
    life.has_chat().await;
    life.has_ada_on_duty().await;
    let gets_it = |before: Option<&AgentRecord>| {
        let mut record = before.unwrap().clone();
        record.profiles.push(AgentProfile { profile: chat(), max: None });
        Ok::<_, Refusal>(record)
    };
    life.holds();
    let agents = life.agents.clone();
    let got = tokio::spawn(async move { agents.configure(&ada(), Actor::System, gets_it).await });
    life.holds_back(1).await;
    let gone = life.loses(Kind::Profile);
    life.holds_back(2).await;
    life.keeps();
    got.await.unwrap().unwrap();
    gone.await.unwrap().unwrap();
    assert_eq!(life.agent().record.profiles.len(), 1, "nobody follows in this life");
    let edits = |before: Option<&AgentRecord>| {
        Ok::<_, Refusal>(AgentRecord { name: "Countess".to_owned(), ..before.unwrap().clone() })
    };
    life.agents.configure(&ada(), Actor::System, edits).await.unwrap();
    let record = &life.agent().record;
    assert_eq!((record.name.as_str(), record.profiles.len()), ("Countess", 0));
}

#[tokio::test]
async fn what_one_life_left_undone_the_next_does_and_notes_so_that_it_is_not_done_again() {
    let folder = tempfile::tempdir().unwrap();
    let life = Life::begins(folder.path(), Follow::Never);
    life.has_training("In training").await;
    life.has_ada_on_duty().await;
    life.asks(chooses("training", None)).await.unwrap().unwrap();
    life.has_training("In a training").await;
    let changed = life.agents.directory().seq;
    assert!(life.agents.directory().concerns(&life.agents.find(&ada()).unwrap()));
    life.ends().await;

    let life = Life::begins(folder.path(), Follow::Yes);
    assert!(life.agents.directory().concerns(&life.agents.find(&ada()).unwrap()));
    life.has_followed().await;
    assert!(!life.agents.directory().concerns(&life.agents.find(&ada()).unwrap()));
    life.ends().await;

    let life = Life::begins(folder.path(), Follow::Never);
    assert_eq!(life.judged.directory, changed);
    let known = life.agents.find(&ada()).unwrap();
    assert_eq!((life.agents.directory().concerns(&known), known.agent.shown_presence()), (false, "training"));
    // What is kept after the note is looked at anew.
    life.has_training("In the training").await;
    life.ends().await;
    let life = Life::begins(folder.path(), Follow::Never);
    assert!(life.agents.directory().concerns(&life.agents.find(&ada()).unwrap()));
    life.ends().await;
}
