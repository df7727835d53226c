//! The simulated world: one hub, everyone who uses it, and the machine it runs on.
//!
//! A life of the hub is a runtime of its own on this thread, with its clock paused: when the hub is
//! killed the runtime is dropped, and only the disk is left. Those who use the hub outlive it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::FutureExt;
use presence_hub::clock::{Clock, Seen};
use presence_hub::config::Config;
use presence_hub::domain::time::{Standstill, Timestamp};
use presence_hub::edge;
use presence_hub::engine::faulty::{Faulty, Mood};
use presence_hub::engine::memory::{self, Disk, Memory};
use presence_hub::engine::{Engine, Opened, Seq};
use presence_hub::identity::{Identity, Role};
use presence_hub::outbound::Post;
use presence_hub::sessions::stream::memory::End as Wire;
use tokio::time::Instant;

use super::board::Board;
use super::book::{Book, Broken};
use super::house::{self, Serving};
use super::people::{Outstanding, System, Tab, agent_name, token_id};
use super::step::{self, End, Step};
use super::writes::Writes;

/// When the first life begins.
const BEGINNING: Timestamp = Timestamp(1_790_000_000_000);
/// How long a commit takes.
const COMMIT: Duration = Duration::from_millis(2);
/// How long the machine takes to start a hub again.
const AWAY: i64 = 1_200;
/// As long as anyone who can listen does not.
const SLICE: Duration = Duration::from_millis(500);

/// The world, between and within lives of the hub.
pub struct World {
    pub config: Config,
    pub disk: Disk,
    pub book: Book,
    pub writes: Writes,
    pub tabs: Vec<Tab>,
    pub boards: Vec<Board>,
    pub systems: Vec<System>,
    pub outstanding: Vec<Outstanding>,
    /// Requests that were sent, over all lives: names each of them.
    pub asked: u64,
    /// Agents whose creation was acknowledged, and how often.
    pub acknowledged_creations: BTreeMap<String, usize>,
    /// The wall clock of the machine while no hub lives.
    wall: Timestamp,
    /// The life before stood still once. What waited for that is not known to the next one: a known
    /// limit, see *What does not work yet* in the README.
    pub died_after_a_standstill: bool,
    /// Tabs that come back to a hub that was started again, and when.
    returning: Vec<(Duration, u8, u32)>,
    identity: Identity,
    tokens: BTreeMap<(String, u8), String>,
    /// How many tokens of each agent somebody set out to revoke.
    pub tokens_revoked: [u32; step::AGENTS as usize],
    /// Agents and the numbers of their tokens of which an administrator was answered that they are revoked.
    pub revoked: BTreeSet<(u8, u32)>,
    pub life: Option<Life>,
}

/// A hub that lives.
pub struct Life {
    pub serving: Serving,
    pub clock: Clock,
    pub engine: Faulty<Memory>,
    pub began: Instant,
    /// The position that it was started at.
    pub seq: Seq,
}

/// How a life ended.
enum Ended {
    Killed,
    PlanIsOver,
}

impl World {
    pub fn new() -> Self {
        let config = house::settings();
        let identity = house::identity(&config);
        Self {
            config,
            disk: Disk::default(),
            book: Book::default(),
            writes: Writes::default(),
            tabs: Vec::new(),
            boards: (0..step::BOARDS).map(|_| Board::closed()).collect(),
            systems: (0..step::SYSTEMS).map(|_| System::away()).collect(),
            outstanding: Vec::new(),
            asked: 0,
            acknowledged_creations: BTreeMap::new(),
            wall: BEGINNING,
            died_after_a_standstill: false,
            returning: Vec::new(),
            identity,
            tokens: BTreeMap::new(),
            tokens_revoked: Default::default(),
            revoked: BTreeSet::new(),
            life: None,
        }
    }

    /// Plays a plan to its end, through as many lives of the hub as it takes.
    pub fn play(&mut self, plan: &[Step]) -> Result<(), Broken> {
        let mut steps = plan.iter();
        loop {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
            let runtime = runtime.map_err(|error| error.to_string())?;
            let ended = runtime.block_on(self.live(&mut steps));
            // The time outside the runtime is that of this machine.
            let within = runtime.enter();
            self.read_book()?;
            let stood_still = !self.standstills().is_empty();
            if let Some(life) = self.life.take() {
                self.wall = Timestamp(life.clock.wall().0 + AWAY);
                self.died_after_a_standstill = stood_still;
            }
            drop(within);
            drop(runtime);
            self.everyone_is_cut_off();
            match ended? {
                Ended::Killed => {}
                Ended::PlanIsOver => return Ok(()),
            }
        }
    }

    async fn live(&mut self, steps: &mut std::slice::Iter<'_, Step>) -> Result<Ended, Broken> {
        self.begin().await?;
        for step in steps {
            match step {
                Step::Killed => return Ok(Ended::Killed),
                Step::Stopped => {
                    self.stop().await?;
                    return Ok(Ended::Killed);
                }
                Step::Panics(task) => {
                    self.life().serving.hub.door().panics.send_replace(step::VITAL[usize::from(*task)].to_owned());
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    return match self.is_lost() {
                        Some(_) => Ok(Ended::Killed),
                        None => Err(format!("the hub lives on without {}", step::VITAL[usize::from(*task)])),
                    };
                }
                Step::Passes { millis } => self.pass(Duration::from_millis(u64::from(*millis))).await?,
                Step::StandsStill { seconds } => {
                    tokio::time::advance(Duration::from_secs(u64::from(*seconds))).await;
                    self.pass(Duration::from_millis(1)).await?;
                }
                Step::WallClockSteps { seconds } => {
                    self.life().clock.wall_clock_steps(i64::from(*seconds) * 1_000);
                }
                Step::Calms => self.check_when_calm().await?,
                Step::Engine(mood) => self.life().engine.becomes(*mood),
                step => self.someone_acts(step),
            }
            self.listen()?;
        }
        self.check_when_calm().await?;
        Ok(Ended::PlanIsOver)
    }

    /// A hub begins, over whatever the disk holds.
    async fn begin(&mut self) -> Result<(), Broken> {
        let clock = Clock::simulated(self.wall, memory::alive(&self.disk));
        let Opened { engine, loaded, tail, .. } = memory::open(&self.disk, clock.clone(), COMMIT);
        let seq = loaded.seq;
        let engine = Faulty::new(engine);
        let opened: Opened<Arc<dyn Engine>> = Opened { engine: Arc::new(engine.clone()), loaded, tail, peers: None };
        let serving = Serving::begin(&self.config, clock.clone(), opened, Post::Network).await?;
        self.life = Some(Life { serving, clock, engine, began: Instant::now(), seq });
        Ok(())
    }

    /// Why the hub cannot live on, if it cannot.
    fn is_lost(&mut self) -> Option<String> {
        let life = self.life.as_mut()?;
        life.serving.hub.lost().now_or_never().map(|lost| lost.to_string())
    }

    /// A planned stop: the hub says goodbye, and is ended.
    async fn stop(&mut self) -> Result<(), Broken> {
        let door = self.life().serving.hub.door().clone();
        door.closing.store(true, Ordering::Relaxed);
        edge::say_goodbye(&door, 500..4_000).await;
        self.pass(Duration::from_millis(300)).await
    }

    pub fn life(&self) -> &Life {
        self.life.as_ref().expect("a hub lives")
    }

    /// Reads what the hub has kept since the last time.
    pub fn read_book(&mut self) -> Result<(), Broken> {
        let standstills = self.standstills();
        self.book.read_on(self.disk.beyond(self.book.seq()), |deadline, set| waits(&standstills, deadline, set))
    }

    /// The times of this life in which the hub stood still.
    pub fn standstills(&self) -> Vec<Standstill> {
        self.life().clock.standstills_since(&mut Seen::default())
    }

    /// Lets time pass; everyone who can listen does, often enough to be believed alive.
    pub async fn pass(&mut self, span: Duration) -> Result<(), Broken> {
        let end = Instant::now() + span;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match left.min(SLICE) {
                Duration::ZERO => tokio::task::yield_now().await,
                slice => tokio::time::sleep(slice).await,
            }
            self.those_who_return_come();
            self.listen()?;
            if let Some(lost) = self.is_lost() {
                return Err(format!("the hub ended: {lost}"));
            }
            if left <= SLICE {
                return Ok(());
            }
        }
    }

    fn those_who_return_come(&mut self) {
        let lives = self.life().began.elapsed();
        let (due, later) = std::mem::take(&mut self.returning).into_iter().partition(|(at, ..)| *at <= lives);
        self.returning = later;
        let due: Vec<(Duration, u8, u32)> = due;
        for (_, agent, token) in due {
            self.opens(agent, token, "");
        }
    }

    /// The hub is gone, and with it every connection. Agents' pages come back by themselves.
    fn everyone_is_cut_off(&mut self) {
        let mut comes = Duration::from_millis(300);
        self.returning.clear();
        for tab in std::mem::take(&mut self.tabs).into_iter().filter(|tab| !tab.silent) {
            self.returning.push((comes, tab.agent, tab.token));
            comes += Duration::from_millis(700);
        }
        for board in &mut self.boards {
            board.socket = None;
            board.rests = false;
        }
        for system in &mut self.systems {
            system.socket = None;
        }
        for outstanding in std::mem::take(&mut self.outstanding) {
            self.never_answered(outstanding);
        }
    }

    /// A connection to the hub.
    pub fn connects(&self) -> Wire {
        self.life().serving.connects()
    }

    /// A token, made once for each subject and roles.
    pub fn token(&mut self, subject: &str, roles: &[Role], team: Option<u8>) -> String {
        let key = (subject.to_owned(), team.map_or(u8::MAX, |team| team));
        if let Some(token) = self.tokens.get(&key) {
            return token.clone();
        }
        let mut claims = house::claims(subject, roles, BEGINNING);
        claims.teams = team.map(|team| vec![format!("team-{team}")]);
        let token = self.identity.issue(&claims).expect("a secret signs");
        self.tokens.insert(key, token.clone());
        token
    }

    /// An agent's token of this number.
    pub fn token_of_agent(&self, agent: u8, token: u32) -> String {
        let mut claims = house::claims(&agent_name(agent), &[Role::Agent], BEGINNING);
        claims.jti = Some(token_id(agent, token));
        self.identity.issue(&claims).expect("a secret signs")
    }

    /// Remembers a request until it is answered.
    pub fn remember(&mut self, outstanding: Outstanding) {
        self.outstanding.push(outstanding);
    }

    /// Whether the engine keeps what it is given, so that promises about the future hold.
    pub fn calm(&self) {
        self.life().engine.becomes(Mood::Calm);
    }
}

/// Until when a deadline waits that was set at `set`: nobody is to blame for a hub that stands still.
pub fn waits(standstills: &[Standstill], deadline: Timestamp, set: Timestamp) -> Timestamp {
    moved(deadline, standstills.iter().filter(|one| one.began >= set).copied())
}

/// Until when it waits at most where one node set it while another stood still, which waits for what came after it.
pub fn waits_at_most(standstills: &[Standstill], deadline: Timestamp, set: Timestamp) -> Timestamp {
    moved(deadline, standstills.iter().filter_map(|one| one.beyond(set)))
}

fn moved(deadline: Timestamp, missed: impl Iterator<Item = Standstill>) -> Timestamp {
    missed.fold(deadline, |deadline, one| if one.began <= deadline { deadline.plus(one.lasted) } else { deadline })
}

/// Ends a tab in this way.
pub fn end(tab: &mut Tab, how: End) {
    match how {
        End::Closed => tab.socket.close(),
        End::BrokenOff => tab.socket.break_off(),
        End::Silent => tab.silent = true,
        End::Reloads => {
            tab.socket.say(&serde_json::json!({ "type": "refreshing" }));
            tab.socket.close();
        }
    }
}
