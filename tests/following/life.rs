//! A life of the hub's agents, over an engine that can be told to hold everything back; and what changes
//! in it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use presence_hub::agents::{Agents, Applied, Audience, DirectoryRefusal, DirectoryView, Known, Refusal};
use presence_hub::clock::Clock;
use presence_hub::domain::agent::Agent;
use presence_hub::domain::cause::Actor;
use presence_hub::domain::change::Change;
use presence_hub::domain::command::{Ask, Choice, Command, Opens};
use presence_hub::domain::directory::DirectoryChange;
use presence_hub::domain::ids::{AgentId, PresenceId, ProfileId, SessionId, WorkstreamId};
use presence_hub::domain::policy::Policy;
use presence_hub::domain::presence::{BaseStatus, BuiltIn, Presence};
use presence_hub::domain::record::{
    AgentRecord, CapacityProfile, PresenceEffect, ResetDuration, Workstream, WrapUpBlock,
};
use presence_hub::domain::time::Timestamp;
use presence_hub::engine::Opened;
use presence_hub::engine::embedded::{self, Embedded};
use presence_hub::engine::faulty::{Faulty, Mood};
use presence_hub::engine::{Judged, Subject};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};

pub const NOW: Timestamp = Timestamp(1_800_000_000_000);
/// More than two bites of a walk.
pub const MANY: usize = 600;
/// More polls than anything here needs to come as far as it can.
pub const AS_FAR_AS_IT_CAN: usize = 2_000;
/// Far more than anything here takes.
pub const AT_MOST: Duration = Duration::from_secs(20);

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
pub enum Follow {
    Yes,
    Never,
}

pub struct Life {
    pub agents: Agents,
    engine: Arc<Faulty<Embedded>>,
    embedded: Embedded,
    told: mpsc::Receiver<Arc<Agent>>,
    tasks: JoinSet<()>,
    pub judged: Judged,
}

impl Life {
    pub fn begins(folder: &Path, follow: Follow) -> Self {
        let clock = Clock::starting_at(NOW);
        let Opened { engine: embedded, loaded, tail, .. } =
            embedded::open(folder).unwrap().start(clock.clone()).unwrap();
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

    pub async fn ends(mut self) {
        let embedded = self.embedded.clone();
        tokio::task::spawn_blocking(move || embedded.close()).await.unwrap();
        self.tasks.shutdown().await;
    }

    pub fn holds(&self) {
        self.engine.becomes(Mood::Stalled);
    }

    /// Returns once so much is held back.
    pub async fn holds_back(&self, appends: usize) {
        for _ in 0..AS_FAR_AS_IT_CAN {
            tokio::task::yield_now().await;
        }
        assert_eq!(self.engine.held(), appends);
    }

    pub fn keeps(&self) {
        self.engine.becomes(Mood::Calm);
    }

    /// Keeps the entries that are held back, and what is going: one before the other. If the change is
    /// first, all agents have been looked at for it before an entry comes that was decided without it.
    pub async fn keeps_in_order(
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
    pub async fn has_followed(&self) {
        let mut judged = self.engine.judged();
        tokio::time::timeout(AT_MOST, judged.wait_for(Option::is_some)).await.expect("they follow").unwrap();
    }

    /// Returns the first state that is as wanted, of those that agents came to.
    pub async fn sees(&mut self, wanted: impl Fn(&Agent) -> bool) -> Arc<Agent> {
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

    pub fn agent(&self) -> Arc<Agent> {
        self.agents.find(&ada()).unwrap().agent
    }

    pub async fn has_ada_on_duty(&self) {
        let made = |_: Option<&AgentRecord>| Ok::<_, Refusal>(AgentRecord::new(ada(), "Ada"));
        self.agents.configure(&ada(), Actor::System, made).await.unwrap();
        let session = SessionId { node: 0, boot: 1, number: 1 };
        self.agents
            .decide(&ada(), Command::new(Ask::OpenSession(session, NOW, Opens::ByItself), Actor::System))
            .await
            .unwrap();
    }

    pub async fn has_training(&self, text: &'static str) {
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

    pub async fn has_chat(&self) {
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

    pub async fn has_mail(&self) {
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

    pub fn asks(&self, ask: Ask) -> JoinHandle<Result<Applied, Refusal>> {
        let agents = self.agents.clone();
        let actor = Actor::Agent(ada());
        tokio::spawn(async move { agents.decide(&ada(), Command::new(ask, actor)).await })
    }

    /// Something of the directory goes.
    pub fn loses(&self, what: Kind) -> JoinHandle<Result<(), DirectoryRefusal>> {
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
pub enum Kind {
    Presence,
    Profile,
    Workstream,
}

impl Kind {
    pub fn subject(self) -> Subject {
        match self {
            Self::Presence => Subject::Presence(training()),
            Self::Profile => Subject::Profile(chat()),
            Self::Workstream => Subject::Workstream(mail()),
        }
    }
}

/// Which of the two that race is kept first.
#[derive(Clone, Copy)]
pub enum First {
    Entry,
    Change,
}

pub fn ada() -> AgentId {
    AgentId::new("ada").unwrap()
}

pub fn training() -> PresenceId {
    PresenceId::new("training").unwrap()
}

pub fn chat() -> ProfileId {
    ProfileId::new("chat").unwrap()
}

pub fn mail() -> WorkstreamId {
    WorkstreamId::new("mail").unwrap()
}

pub fn chooses(presence: &str, plan: Option<&str>) -> Ask {
    let until = plan.map(|_| NOW.plus(Duration::from_secs(60)));
    let next = plan.map(ToOwned::to_owned);
    Ask::Choose(Choice { presence: presence.to_owned(), until, next, reason: None })
}
