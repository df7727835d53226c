//! What nodes say in the log: this one's marks, and what is heard of the others.

use std::time::Duration;

use tokio::time::Instant;
use tracing::{info, warn};

use super::{Actor, Done};
use crate::engine::members::PeerState;
use crate::engine::nats::api::{Found, Refused};
use crate::engine::nats::appends::{Guard, Judged, Sent, Waiting};
use crate::engine::nats::message::{self, Says};
use crate::engine::nats::settings::Settings;
use crate::engine::words::{DECLARED_GONE, Heard, Meaning, Word};
use crate::engine::{Engine as _, FromPeer, Health, LostNode, Outcome, Subject, Unreachable};

/// So many times within the window the first node takes old messages from the stream: once an hour of two days.
const PURGES: u32 = 48;
/// How long a node that leaves waits for its last word to be kept.
const FAREWELL: Duration = Duration::from_secs(1);

impl Actor {
    /// This node has begun a boot with the word at `position`.
    pub fn is_up(&mut self, boot: u32, position: u64) {
        self.members = self.nodes.is_up(boot, position);
    }

    /// Takes the words whose turn has come.
    pub async fn hears_words(&mut self) {
        while let Some(heard) = self.following.word() {
            if self.nodes.own.1 > 0 {
                self.hears(&heard);
            }
        }
        if self.nodes.is_asked() {
            self.mark().await;
        }
    }

    fn hears(&mut self, heard: &Heard) {
        match self.nodes.hears(&self.members, heard) {
            Meaning::Nothing => {}
            Meaning::Over(why) => self.over = Some(why),
            Meaning::Back(number) => self.mark_is_back(number),
            Meaning::Lost(lost) => {
                if heard.word.is_the_end() && !lost.is_empty() {
                    info!(node = heard.node, boot = heard.word.boot(), word = ?heard.word, "a node is gone");
                }
                lost.into_iter().for_each(|lost| self.is_lost(lost));
            }
        }
    }

    fn mark_is_back(&mut self, number: u64) {
        drop(self.appends.take(number));
        let (is_current_again, answered) = self.nodes.is_back(&self.members, number);
        // A mark that comes back late makes it so for no time at all.
        if is_current_again && !self.said_current && self.members.is_current() {
            self.said_current = true;
            info!(node = self.nodes.own.0, boot = self.nodes.own.1, "this node is current");
        }
        if is_current_again {
            self.counts();
        }
        for (append, release) in answered {
            // A change of the directory is guarded against all others of it, and held against all of them.
            let (expected, newest) = match append.subject {
                Subject::Agent(_) => (append.expected, self.database.newest(append.subject)),
                Subject::Presence(_) | Subject::Profile(_) | Subject::Workstream(_) | Subject::Settings => {
                    (append.directory, self.database.newest_of_directory())
                }
            };
            let closed = |_| Err(Unreachable("the database is closed".to_owned()));
            self.jobs
                .push(Box::pin(async move { Done::Newest(expected, release, newest.await.unwrap_or_else(closed)) }));
        }
    }

    fn is_lost(&self, lost: LostNode) {
        let peers = self.peers.clone();
        // Nobody listens before the node serves; then it looks for itself.
        self.jobs.push(Box::pin(async move {
            drop(peers.send(FromPeer::Lost(lost)).await);
            Done::Told("other rooms", Ok(()))
        }));
    }

    /// Marks the log when it is time, and looks who is silent.
    pub async fn look_around(&mut self) {
        if self.nodes.own.1 == 0 {
            return;
        }
        if self.nodes.is_to_mark() {
            self.mark().await;
        }
        if !self.members.is_current() {
            self.is_not_current();
            return;
        }
        if self.members.is_first() && self.purged.elapsed() >= self.settings.window / PURGES {
            self.purged = Instant::now();
            self.purge_old();
        }
        self.nodes.finds_who_is_silent(&self.members);
        for node in self.nodes.to_be_declared() {
            self.declare(node).await;
        }
    }

    /// Says how it is. A node that is not current keeps nothing, and does not know how the others are.
    pub(in crate::engine::nats) fn counts(&self) {
        let metrics = &self.status.metrics;
        let is_current = self.members.is_current();
        metrics.current.set(is_current.into());
        self.status.serving.set((is_current && self.database.health() == Health::Serving).into());
        let of = |state| self.nodes.peers.values().filter(|known| is_current && known.peer.state == state).count();
        let number = |many: usize| i64::try_from(many).unwrap_or(i64::MAX);
        metrics.alive.set(number(of(PeerState::Alive)));
        metrics.silent.set(number(of(PeerState::Silent)));
        let alive = || self.nodes.peers.iter().filter(|(_, known)| known.peer.state == PeerState::Alive);
        let alive = || alive().map(|(node, _)| *node);
        metrics.other_settings.set(number(self.nodes.settings.others(alive()).count()));
        *self.status.other_settings.lock() = self.nodes.settings.warning(alive());
        metrics.behind.set(i64::try_from(self.following.pending).unwrap_or(i64::MAX));
    }

    /// Those who ask what became of something are told that nobody knows it now.
    fn is_not_current(&mut self) {
        let (was_current, asked) = self.nodes.is_not_current();
        if was_current && std::mem::take(&mut self.said_current) {
            warn!(
                node = self.nodes.own.0,
                "this node is not current: its marks do not come back from the cluster's log"
            );
        }
        for release in asked {
            release.with(Outcome::Unavailable);
        }
    }

    /// Says that another node is gone, if it has not said a word in between.
    async fn declare(&mut self, node: u16) {
        if let Some((word, last)) = self.nodes.declare(node) {
            self.say(node, &word, last, Waiting::Gone).await;
        }
    }

    async fn mark(&mut self) {
        let (node, boot) = self.nodes.own;
        let Settings { advertise, alike, .. } = &*self.settings;
        let word = Word::Mark { boot, address: advertise.clone(), alike: Some(alike.clone()) };
        let number = self.say(node, &word, self.nodes.last, Waiting::Word).await;
        self.nodes.has_marked(number);
    }

    async fn say(&mut self, node: u16, word: &Word, last: u64, what: Waiting) -> Option<u64> {
        let number = self.appends.number();
        let payload = message::of_word(self.by(number), word);
        let subject = self.api.subjects.node(node);
        let last = if last < self.following.first { 0 } else { last };
        let guard = Some(Guard { last, group: None });
        let sent = Sent { what, subject, payload, guard, tries: 0, at: Instant::now() };
        self.appends.send(number, sent).await.is_ok().then_some(number)
    }

    /// A mark that is refused says that something else was kept as this node's last word: a mark of which no answer came,
    /// or that this node is gone. The log is asked.
    pub fn word_is_judged(&mut self, number: u64, judged: Judged) {
        match judged {
            Judged::Kept { position } => self.nodes.last = self.nodes.last.max(position),
            Judged::Overtaken { .. } => {
                drop(self.appends.take(number));
                let (api, subject) = (self.api.clone(), self.api.subjects.node(self.nodes.own.0));
                self.jobs.push(Box::pin(async move { Done::LastWord(api.last(&subject).await) }));
            }
            Judged::Undecided | Judged::Nobody | Judged::Unknown(_) => {
                drop(self.appends.take(number));
                self.nodes.is_lost(number);
            }
        }
    }

    /// What the log says that this node's last word is.
    pub fn last_word_is(&mut self, found: Result<Option<Found>, Refused>) {
        self.nodes.on_its_way = None;
        let Ok(found) = found else { return };
        if found.as_ref().is_some_and(|found| found.position < self.nodes.last) {
            // An older log stands in the place of this one, or a server that was cut off has answered. Nothing is said
            // after such a word; the consumer finds out which.
            self.status.is_in_trouble("the cluster's log does not have this node's last word");
            return self.anew();
        }
        let word = match found.map(|found| (found.position, message::read(&found.payload))) {
            None => None,
            Some((position, Ok((by, Says::Word(word))))) => Some((position, by, word)),
            Some((_, Ok(_) | Err(_))) => return self.over = Some(DECLARED_GONE.to_owned()),
        };
        let is_none = word.is_none();
        if !self.nodes.last_word_is(word.as_ref().map(|(position, by, word)| (*position, *by, word))) {
            self.over = Some(DECLARED_GONE.to_owned());
        }
        // The way there may hang on a server that was cut off.
        if !is_none {
            self.anew();
        }
    }

    /// Whether the last word was kept.
    async fn says_goodbye(&mut self, (node, boot): (u16, u32), until: Instant) -> bool {
        let number = self.say(node, &Word::Leaving { boot }, self.nodes.last, Waiting::Gone).await;
        let kept = async {
            while let Some((answered, judged)) = self.appends.answer().await {
                if Some(answered) == number {
                    return matches!(judged, Judged::Kept { .. });
                }
            }
            false
        };
        tokio::time::timeout_at(until, kept).await.unwrap_or(false)
    }

    /// The last word, and the end.
    pub async fn leave(mut self) {
        if self.nodes.own.1 > 0 {
            let (node, boot) = self.nodes.own;
            let until = Instant::now() + FAREWELL;
            // What was handed over before is kept, if that is possible.
            self.is_leaving = true;
            while let Ok(order) = self.orders.try_recv() {
                self.takes(order).await;
            }
            let is_busy = |actor: &Self| {
                let is_written = actor.following.is_even() && actor.jobs.is_empty() && actor.lookups.is_empty();
                actor.appends.is_waited_for() || !is_written || actor.nodes.on_its_way.is_some()
            };
            while is_busy(&self) && Instant::now() < until && self.over.is_none() {
                self.step().await;
            }
            // Who was declared gone has nothing more to say: its word would follow the one that ended its boot.
            if self.over.is_none() && !self.says_goodbye((node, boot), until).await {
                warn!(node, "the log was not told that this node leaves; others find out for themselves");
            }
        }
        self.ends("it was stopped", "the hub stops").await;
    }
}
