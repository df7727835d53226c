//! The machine of one node: a hub that lives there or does not, in a runtime of its own whose clock is paused.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::FutureExt;
use parking_lot::Mutex;
use presence_hub::clock::{Clock, Seen};
use presence_hub::config::Config;
use presence_hub::domain::time::{Standstill, Timestamp};
use presence_hub::edge;
use presence_hub::engine::shared::{self, Cut, Disk, Shared};
use presence_hub::engine::{Engine, Opened};
use presence_hub::outbound::Post;
use presence_hub::sessions::stream::memory::End as Wire;
use tokio::runtime::Runtime;
use tokio::time::Instant;

use super::BEGINNING;
use super::letters::Letters;
use crate::book::Broken;
use crate::house::Serving;

/// After which time without a word a node is silent.
pub const SILENT_AFTER: Duration = Duration::from_secs(3);

/// A machine.
pub struct Place {
    pub number: u16,
    /// How far its wall clock is from that of the world, in milliseconds.
    skew: i64,
    /// The same of the clock of its hub, from when that began.
    clock_skew: i64,
    pub life: Option<Life>,
    pub cut: Cut,
    /// Since when it is cut off or stands still, if it does.
    pub unreachable_since: Option<u64>,
    /// Until when its process stands still.
    pub stands_until: Option<u64>,
    /// When a hub is started on it again.
    pub starts_at: u64,
    /// Since when its hub is current, and its ways are as they should be.
    pub steady_since: Option<u64>,
    /// Since when its hub is not current.
    pub not_current_since: Option<u64>,
    /// When its hub, which says goodbye, ends.
    pub ends_at: Option<u64>,
    /// The times in which its hubs stood still.
    pub stood: Vec<Standstill>,
}

/// A hub that lives, or begins to.
pub struct Life {
    runtime: Runtime,
    /// When it began, by the world and by the runtime.
    born: (u64, Instant),
    begun: Arc<Mutex<Option<Result<Begun, Broken>>>>,
}

/// A hub that serves.
pub struct Begun {
    pub serving: Serving,
    pub engine: Shared,
    pub clock: Clock,
}

impl Place {
    pub fn of(number: u16, skew: i64) -> Self {
        Self {
            number,
            skew,
            clock_skew: skew,
            life: None,
            cut: Cut::Nowhere,
            unreachable_since: None,
            stands_until: None,
            starts_at: 0,
            steady_since: None,
            not_current_since: None,
            ends_at: None,
            stood: Vec::new(),
        }
    }

    /// A hub begins on it.
    pub fn starts(&mut self, config: &Config, disk: &Disk, letters: &Letters, now: u64) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let begun = Arc::new(Mutex::new(None));
        let wall = Timestamp(BEGINNING.0 + self.skew + i64::try_from(now).unwrap());
        let (config, disk, number, slot) = (config.clone(), disk.clone(), self.number, begun.clone());
        let post = letters.post(number);
        let born = {
            let _within = runtime.enter();
            Instant::now()
        };
        runtime.spawn(async move {
            let at_birth = Instant::now();
            let clock = move |alive| Clock::simulated(wall.plus(at_birth.elapsed()), alive);
            let (opened, clock) = shared::open(&disk, number, SILENT_AFTER, clock).await;
            let begun = begin(&config, clock, opened, post).await;
            *slot.lock() = Some(begun);
        });
        self.clock_skew = self.skew;
        self.life = Some(Life { runtime, born: (now, born), begun });
    }

    /// Its hub's process ends at once.
    pub fn is_killed(&mut self, disk: &Disk, now: u64, away: u64) {
        if let Some(standstills) = self.with(|begun| begun.clock.standstills_since(&mut Seen::default())) {
            self.stood.extend(standstills);
        }
        if let Some(life) = self.life.take() {
            let Life { runtime, begun, .. } = life;
            let within = runtime.enter();
            drop(begun.lock().take());
            drop(within);
            drop(runtime);
        }
        disk.is_gone(self.number);
        self.starts_at = now + away;
        (self.stands_until, self.ends_at, self.not_current_since) = (None, None, None);
        self.is_reached_again();
    }

    fn is_reached_again(&mut self) {
        if self.cut == Cut::Nowhere && self.stands_until.is_none() {
            self.unreachable_since = None;
        }
    }

    /// Lives on until it is so late, unless it stands still.
    pub fn lives_until(&mut self, now: u64) {
        if self.stands_until.is_some_and(|until| until > now) {
            return;
        }
        if self.stands_until.take().is_some() {
            self.is_reached_again();
        }
        let Some(life) = &self.life else { return };
        let due = life.born.1 + Duration::from_millis(now - life.born.0);
        life.runtime.block_on(async {
            // What a standstill has missed is missed at once.
            let behind = due.saturating_duration_since(Instant::now());
            if behind > Duration::from_millis(100) {
                tokio::time::advance(behind - Duration::from_millis(1)).await;
            }
            tokio::time::sleep_until(due).await;
        });
    }

    pub fn stands_still(&mut self, now: u64, millis: u64) {
        if self.life.is_some() {
            self.stands_until = Some(self.stands_until.unwrap_or(0).max(now + millis));
            self.unreachable_since.get_or_insert(now);
        }
    }

    pub fn is_cut(&mut self, disk: &Disk, cut: Cut, now: u64) {
        self.cut = cut;
        disk.cut(self.number, cut);
        match cut {
            Cut::Nowhere => self.is_reached_again(),
            Cut::Sends | Cut::Hears | Cut::Both => drop(self.unreachable_since.get_or_insert(now)),
        }
    }

    /// Its wall clock is put so many milliseconds off that of the world, forward or back.
    pub fn sets_clock(&mut self, skew: i64) {
        self.skew = skew;
        let steps = skew - self.clock_skew;
        if self.with(|begun| begun.clock.wall_clock_steps(steps)).is_some() {
            self.clock_skew = skew;
        }
    }

    /// Asks the hub that serves, if one does.
    pub fn with<T>(&self, ask: impl FnOnce(&mut Begun) -> T) -> Option<T> {
        let life = self.life.as_ref()?;
        let _within = life.runtime.enter();
        let mut begun = life.begun.lock();
        begun.as_mut()?.as_mut().ok().map(ask)
    }

    pub fn could_not_begin(&self) -> Option<Broken> {
        self.life.as_ref()?.begun.lock().as_ref()?.as_ref().err().cloned()
    }

    pub fn stands(&self) -> bool {
        self.stands_until.is_some()
    }

    /// Whether its hub serves and is current.
    pub fn is_current(&self) -> bool {
        !self.stands() && self.with(|begun| begun.engine.members().is_current()).unwrap_or(false)
    }

    /// Why its hub cannot live on, if it cannot.
    pub fn is_lost(&self) -> Option<String> {
        self.with(|begun| begun.serving.hub.lost().now_or_never().map(|lost| lost.to_string()))?
    }

    /// A connection to its hub; none if none serves.
    pub fn connects(&self) -> Option<Wire> {
        self.with(|begun| begun.serving.connects())
    }

    /// Its hub says goodbye; with `leaves` it tells the log. It ends a little later.
    pub fn says_goodbye(&mut self, now: u64, leaves: bool) {
        let Some(life) = &self.life else { return };
        let told = self.with(|begun| (begun.serving.hub.door().clone(), begun.engine.clone()));
        let Some((door, engine)) = told else { return };
        if self.ends_at.is_some() {
            return;
        }
        door.closing.store(true, Ordering::Relaxed);
        life.runtime.spawn(async move {
            edge::say_goodbye(&door, 100..1_000).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
            if leaves {
                engine.leave().await;
            }
        });
        self.ends_at = Some(now + if leaves { 1_500 } else { 200 });
    }
}

async fn begin(config: &Config, clock: Clock, opened: Opened<Shared>, post: Post) -> Result<Begun, Broken> {
    let Opened { engine, loaded, tail, peers } = opened;
    let opened: Opened<Arc<dyn Engine>> = Opened { engine: Arc::new(engine.clone()), loaded, tail, peers };
    let serving = Serving::begin(config, clock.clone(), opened, post).await?;
    Ok(Begun { serving, engine, clock })
}
