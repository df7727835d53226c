//! The writer's thread: gather, commit, hand over; and what it does when the database fails.

mod beside;
mod follow;

use std::fs::File;
use std::time::Duration;

use tokio::sync::mpsc;
use tracing::warn;

use super::SharedHealth;
use super::condition::{Condition, Tried};
use super::database::{Chance, Database, Lost};
use super::disk_use::DiskUse;
use super::erasing::Erasing;
use super::group::{Beside, Group};
use super::newest::Newest;
use super::operations::{Moved, Operations};
use super::pace::Pace;
use super::packed::packed;
use super::queue::{Job, Queue, Taken};
use super::sorted::{Alone, Sorted};
use super::store::{Failed, Store};
use super::upkeep::{Log, Upkeep};
use super::wal::WriteAheadLog;
use crate::clock::Clock;
use crate::domain::time::Timestamp;
use crate::engine::{FromPeer, Kept, Seq, Submitted};
use crate::history::keeper::Keeper;
use crate::telemetry::Seldom;
use crate::telemetry::metrics::EngineMetrics;

/// How often a failing database is tried again.
const RETRY: Duration = Duration::from_secs(1);
/// How long a caller waits for the outcome of a commit that nobody knows of.
const UNSETTLED_WAIT: Duration = Duration::from_secs(2);
/// A commit that takes so long is told of. On a good disk one takes a few milliseconds.
const SLOW: Duration = Duration::from_millis(500);

/// Where the log ends, and when that was found.
pub(super) struct End {
    pub newest: Newest,
    pub seq: Seq,
    pub now: Timestamp,
}

/// The one that writes.
pub(super) struct Writer {
    database: Database,
    newest: Newest,
    history: Keeper,
    seq: Seq,
    operations: Operations,
    log: WriteAheadLog,
    sizes: DiskUse,
    pub(super) metrics: EngineMetrics,
    slow: Seldom,
    /// The newest time known.
    now: Timestamp,
    pub(super) tail: mpsc::Sender<Vec<Kept>>,
    /// Who is told what other nodes of a cluster keep beside the log.
    peers: Option<mpsc::Sender<FromPeer>>,
    pace: Pace,
    upkeep: Upkeep,
    erasing: Erasing,
    /// Something that stands beside the log was not kept: whether anything can be, nobody knows before it is tried.
    in_doubt: bool,
    /// Keeps other hubs out of the folder for as long as this one may write.
    _lock: File,
}

impl Writer {
    pub(super) fn new(
        store: Store,
        log: WriteAheadLog,
        lock: File,
        end: End,
        (operations, upkeep, erasing): (Operations, Upkeep, Erasing),
        (tail, peers): (mpsc::Sender<Vec<Kept>>, Option<mpsc::Sender<FromPeer>>),
    ) -> Self {
        let End { newest, seq, now } = end;
        let (history, pace, slow) = (Keeper::default(), Pace::default(), Seldom::default());
        let metrics = EngineMetrics::default();
        metrics.position.set(i64::try_from(seq).unwrap_or(i64::MAX));
        let mut sizes = DiskUse::default();
        sizes.look(store.file(), Duration::ZERO, &metrics);
        let database = Database::Open(store);
        Self {
            database,
            newest,
            history,
            seq,
            operations,
            log,
            sizes,
            metrics,
            slow,
            now,
            tail,
            peers,
            pace,
            upkeep,
            erasing,
            in_doubt: false,
            _lock: lock,
        }
    }

    /// Writes until the queue is closed and empty.
    pub(super) fn run(mut self, queue: &Queue, health: &SharedHealth, clock: &Clock) {
        let mut condition = Condition::Serving;
        loop {
            match condition {
                Condition::Serving => {
                    queue.wait(self.upkeep.patience());
                    self.pace.gather(queue, clock);
                }
                Condition::Failing => queue.wait(Some(RETRY)),
            }
            let taken = queue.take();
            let (closed, nobody_waits) = (taken.closed, taken.jobs.is_empty());
            let mut questions = Vec::new();
            let tried = self.serve(taken, condition, clock, &mut questions);
            if let Tried::Failed(_) = tried {
                self.metrics.failed.inc();
            }
            condition = condition.after(tried, health);
            let is_time = self.upkeep.is_overdue() || (nobody_waits && self.upkeep.is_due(self.now));
            if is_time && condition == Condition::Serving && !closed {
                let tried = self.keep_up(clock);
                condition = condition.after(tried, health);
            }
            self.look_after_the_log(clock);
            health.warn(self.log.warning());
            self.reopen(clock, Chance::AsDue);
            for question in questions {
                self.look_up(question, clock);
            }
            if std::mem::take(&mut self.in_doubt) {
                condition = condition.after(self.probe(clock), health);
            }
            if closed {
                return;
            }
        }
    }

    /// Writes what was taken; what is to be looked up after it goes to `questions`.
    fn serve(&mut self, taken: Taken, condition: Condition, clock: &Clock, questions: &mut Vec<Job>) -> Tried {
        self.now = taken.now.map_or(self.now, |now| now.max(self.now));
        if matches!(self.database, Database::Lost(_))
            && !self.reopen(clock, if taken.closed { Chance::Last } else { Chance::AsDue })
        {
            taken.jobs.into_iter().for_each(|job| job.refuse("its database is being opened anew"));
            return Tried::Nothing;
        }
        let sorted = Sorted::of(taken.jobs);
        *questions = sorted.questions;
        let nothing = sorted.appends.is_empty() && sorted.notes.is_empty();
        let tried = if nothing { Tried::Nothing } else { self.write(sorted.appends, sorted.notes, clock) };
        let nothing_tried = matches!(tried, Tried::Nothing);
        if nothing_tried && condition == Condition::Failing {
            return self.probe(clock);
        }
        if taken.mark && (nothing_tried || taken.judged.is_some()) {
            return self.alone(clock, |store, now| {
                store.mark_alive(now)?;
                taken.judged.map_or(Ok(()), |judged| store.mark_judged(judged))
            });
        }
        tried
    }

    /// Whether anything can be kept.
    fn probe(&mut self, clock: &Clock) -> Tried {
        self.alone(clock, |store, now| {
            store.probe()?;
            store.mark_alive(now)
        })
    }

    /// Keeps the write-ahead log from growing for ever; after the answers, because it may take a moment.
    fn look_after_the_log(&mut self, clock: &Clock) {
        if let Database::Open(store) = &self.database {
            self.log.look(store, clock.running());
            self.sizes.look(store.file(), clock.running(), &self.metrics);
        }
    }

    /// Does a bite of what nobody waits for.
    fn keep_up(&mut self, clock: &Clock) -> Tried {
        if let Database::Open(store) = &self.database
            && self.upkeep.cut_the_log(store) == Log::Held
        {
            return Tried::Nothing;
        }
        let (mut upkeep, mut history) = (self.upkeep.clone(), std::mem::take(&mut self.history));
        let erasing = &mut self.erasing.clone();
        let tried = self.alone(clock, |store, now| upkeep.bite(store, &mut history, erasing.list(), now));
        if upkeep.erases() {
            self.operations.doubt();
        }
        match tried {
            Tried::Kept => (self.upkeep, self.history) = (upkeep, history),
            // What the keeper remembers may have been undone, so the new one begins anew.
            Tried::Nothing | Tried::Failed(_) => self.upkeep.failed(self.now),
        }
        tried
    }

    /// Commits a group. If nobody in it had anything to keep, nothing was tried.
    fn write(&mut self, appends: Vec<Submitted>, notes: Vec<Alone>, clock: &Clock) -> Tried {
        let Database::Open(store) = &self.database else {
            appends.into_iter().for_each(Submitted::refuse);
            return Tried::Nothing;
        };
        self.pace.starts(clock, &appends);
        let began = clock.running();
        let mut group = Group::after(self.seq, self.upkeep.packed());
        let mut beside = Beside { history: &mut self.history, operations: &mut self.operations };
        let mut appends = appends.into_iter();
        let filled = store.begin().map_err(|error| store.roll_back(&error)).and_then(|()| {
            for mut submitted in appends.by_ref() {
                self.erasing.blank_what_goes_on(&mut submitted.append);
                let added = group.add(store, &self.newest, &mut beside, self.now, submitted);
                added.map_err(|error| store.roll_back(&error))?;
            }
            group.note(store, self.now, notes).map_err(|error| store.roll_back(&error))?;
            if !group.keeps() {
                return Ok(Moved::default());
            }
            let moved = beside.operations.go_on(store.connection(), group.len());
            moved.map_err(|error| store.roll_back(&error))
        });
        appends.for_each(Submitted::refuse);
        let committed = filled.and_then(|moved| store.commit().map(|()| moved));
        if committed.is_err() {
            self.history.forget();
        }
        let kept = group.keeps() || group.notes();
        match committed {
            Ok(moved) => {
                self.committed(&group, clock.running() - began);
                self.operations.kept(moved, (group.len(), group.seq), self.now);
                self.hand_over(group);
                if kept { Tried::Kept } else { Tried::Nothing }
            }
            Err(Failed::RolledBack(error)) => {
                group.refuse();
                Tried::Failed(error)
            }
            Err(Failed::Unsettled(error)) => {
                group.refuse_answers();
                self.give_up(Some(group), clock);
                Tried::Failed(error)
            }
        }
    }

    /// Counts a commit of a group, and says so if it took too long.
    fn committed(&self, group: &Group, took: Duration) {
        if !group.keeps() {
            return;
        }
        self.metrics.commit.took(took);
        self.metrics.entries.had(group.len());
        self.metrics.position.set(i64::try_from(group.seq).unwrap_or(i64::MAX));
        if took >= SLOW {
            let (took_ms, entries) = (took.as_millis(), group.len());
            self.slow.tell(|left_out| warn!(took_ms, entries, left_out, "a commit took long: the disk is slow"));
        }
    }

    /// A transaction without entries.
    fn alone<E: std::error::Error>(
        &mut self,
        clock: &Clock,
        work: impl FnOnce(&Store, Timestamp) -> Result<(), E>,
    ) -> Tried {
        let Database::Open(store) = &self.database else { return Tried::Nothing };
        let begun = store.begin().map_err(|error| store.roll_back(&error));
        let worked = begun.and_then(|()| work(store, self.now).map_err(|error| store.roll_back(&error)));
        match worked.and_then(|()| store.commit()) {
            Ok(()) => Tried::Kept,
            Err(Failed::RolledBack(error)) => Tried::Failed(error),
            Err(Failed::Unsettled(error)) => {
                self.give_up(None, clock);
                Tried::Failed(error)
            }
        }
    }

    /// The group is kept: remembers it and lets it out.
    fn hand_over(&mut self, mut group: Group) {
        self.seq = group.seq;
        self.upkeep.kept(group.kept.len());
        self.newest.take_over(&mut group.newest);
        group.answer();
        if group.keeps() && self.tail.blocking_send(group.kept).is_err() {
            warn!("nobody reads what is kept; those who wait for it are told that it is unknown");
        }
    }

    /// Gives the connection up: nobody knows whether the group is in the database.
    fn give_up(&mut self, group: Option<Group>, clock: &Clock) {
        let Database::Open(store) = &self.database else { return };
        let since = clock.running();
        let file = store.file().to_owned();
        // The connection is closed here, by being replaced.
        self.database = Database::Lost(Lost { file, group, since, tried: None });
    }

    /// Opens the database anew, if it was lost, and settles what was left. Whether it is open.
    fn reopen(&mut self, clock: &Clock, chance: Chance) -> bool {
        let Database::Lost(lost) = &mut self.database else { return true };
        let now = clock.running();
        let tried_just_now = lost.tried.is_some_and(|tried| now.saturating_sub(tried) < RETRY);
        if chance == Chance::AsDue && tried_just_now {
            return false;
        }
        lost.tried = Some(now);
        let found = Store::reopen(&lost.file).and_then(|store| {
            let seq = lost.group.as_ref().filter(|group| group.keeps()).map(|group| group.seq);
            let kept = seq.map_or(Ok(false), |seq| store.has(seq))?;
            let packed = packed(store.connection())?;
            Ok((store, kept, packed))
        });
        match found {
            Ok((store, kept, packed)) => {
                self.upkeep.opened(packed);
                let group = lost.group.take();
                self.database = Database::Open(store);
                match group {
                    Some(group) if kept => self.hand_over(group),
                    Some(group) => group.refuse(),
                    None => {}
                }
                true
            }
            Err(error) => {
                if now.saturating_sub(lost.since) >= UNSETTLED_WAIT
                    && let Some(group) = &mut lost.group
                {
                    group.give_up_waiting();
                }
                warn!(%error, "the database cannot be opened anew yet");
                false
            }
        }
    }
}
