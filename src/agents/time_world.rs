//! All agents over an engine in memory, for tests with a paused clock.

use std::sync::Arc;
use std::time::Duration;

use super::{Agents, Applied, Audience, DirectoryView, Known, Refusal};
use crate::clock::Clock;
use crate::domain::cause::Actor;
use crate::domain::change::Change;
use crate::domain::command::{Ask, Command, Ended, Opens};
use crate::domain::directory::DirectoryChange;
use crate::domain::ids::{AgentId, SessionId};
use crate::domain::policy::Policy;
use crate::domain::record::AgentRecord;
use crate::domain::time::Timestamp;
use crate::engine::Opened;
use crate::engine::memory::{self, Disk};

/// When the tests play.
pub(super) const START: Timestamp = Timestamp(1_600_000_000_000);

/// A hub without sockets.
pub(super) struct World {
    pub agents: Agents,
    pub clock: Clock,
    /// Gives daily profiles back.
    pub daily_reset: tokio::task::JoinHandle<()>,
    sessions: u64,
}

impl World {
    /// A hub that is alive, with one agent `ada`.
    pub async fn begin() -> Self {
        let clock = Clock::starting_at(START);
        let Opened { engine, loaded, tail, .. } = memory::open(&Disk::default(), clock.clone(), Duration::ZERO);
        let policy = Policy::default();
        let directory = DirectoryView::load(&loaded, &policy);
        let agents = Agents::new(Arc::new(engine), clock.clone(), loaded, directory, policy);
        tokio::spawn(agents.clone().apply(tail, Arc::new(Nobody)));
        tokio::spawn(clock.clone().beat());
        tokio::spawn(agents.clone().keep_deadlines());
        let daily_reset = tokio::spawn(agents.clone().keep_daily_reset());
        let world = Self { agents, clock, daily_reset, sessions: 0 };
        let record = AgentRecord { units: Some(3), ..AgentRecord::new(ada(), "Ada") };
        world.is_configured(record).await;
        world
    }

    /// Ada's record is this.
    pub async fn is_configured(&self, record: AgentRecord) {
        let made = |_: Option<&AgentRecord>| Ok::<_, Refusal>(record.clone());
        self.agents.configure(&ada(), Actor::System, made).await.unwrap();
    }

    /// Ada opens a socket.
    pub async fn signs_in(&mut self) -> SessionId {
        self.sessions += 1;
        let session = SessionId { node: 0, boot: 1, number: self.sessions };
        self.asks(Ask::OpenSession(session, self.clock.now(), Opens::ByItself)).await.unwrap();
        session
    }

    /// Ada's socket ends now.
    pub async fn loses(&self, session: SessionId) {
        let how = crate::domain::cause::SubEventName::NetworkLost;
        self.asks(Ask::EndSession(session, Ended::At { at: self.clock.now(), how, network: None })).await.unwrap();
    }

    pub async fn asks(&self, ask: Ask) -> Result<Applied, Refusal> {
        self.agents.decide(&ada(), Command::new(ask, Actor::Agent(ada()))).await
    }

    pub fn ada(&self) -> Known {
        self.agents.find(&ada()).unwrap()
    }

    pub fn shown(&self) -> String {
        self.ada().agent.shown_presence().to_owned()
    }

    /// Time passes and the hub lives through it.
    pub async fn lives(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }

    /// Time passes and nothing runs.
    pub async fn stands_still(&self, span: Duration) {
        tokio::time::advance(span).await;
    }
}

fn ada() -> AgentId {
    AgentId::new("ada").unwrap()
}

/// Nobody listens.
struct Nobody;

impl Audience for Nobody {
    fn agent_changed(&self, _: &Known, _: &Change, _: Option<&Known>, _: &Arc<DirectoryView>) {}
    fn directory_changed(&self, _: &DirectoryChange, _: &Arc<DirectoryView>) {}
}
