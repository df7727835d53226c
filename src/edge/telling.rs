//! Agents are told what a change of the directory changes for them: what they may choose, and how
//! what they hold is called and counted.
//!
//! An administrator may change hundreds of records at once, and an agent is sent a whole list each
//! time. So changes gather before agents are told again, only those are told whom it concerns, who
//! does not read is passed over until it does, and others have their turn between a few and the next.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::options::{self, Options};
use crate::agents::{Agents, DirectoryView, Known};
use crate::domain::directory::DirectoryChange;
use crate::domain::ids::{PresenceId, ProfileId, SessionId};
use crate::sessions::{Registry, Session, frame};
use crate::wire::shapes::{HubFrame, Presence};
use crate::wire::show;
use crate::wire::written::Written;

/// How long changes gather before agents are told again.
const GATHER: Duration = Duration::from_millis(250);
/// Sessions that are told before others have their turn. Measured: some 20 µs each.
const SESSIONS_AT_ONCE: usize = 32;
/// Bytes that are sent before others have their turn: long lists cost more than short ones.
const BYTES_AT_ONCE: usize = 512 * 1024;

/// Tells agents what changed in the directory.
pub struct Telling {
    agents: Agents,
    sessions: Registry,
    options: Arc<Options>,
    changed: Mutex<Changed>,
    wake: Notify,
}

/// The records that have changed since agents were last told.
#[derive(Debug, Default)]
struct Changed {
    presences: BTreeSet<PresenceId>,
    profiles: BTreeSet<ProfileId>,
}

/// What a session is told.
#[derive(Clone, Copy)]
enum What<'a> {
    /// What these changes change for its agent.
    Of(&'a Changed),
    /// All of it: it was passed over before.
    Everything,
}

impl What<'_> {
    /// Whether nobody needs to be looked at for it.
    fn is_nothing(self) -> bool {
        match self {
            Self::Everything => false,
            Self::Of(changed) => changed.presences.is_empty() && changed.profiles.is_empty(),
        }
    }

    /// Whether what the agent may choose may have changed.
    fn options(self, known: &Known) -> bool {
        match self {
            Self::Everything => true,
            Self::Of(Changed { presences, .. }) => match &known.agent.record.selectable {
                None => !presences.is_empty(),
                Some(own) => !own.is_disjoint(presences),
            },
        }
    }

    /// Whether what the agent is shown of itself may have changed.
    fn presence(self, known: &Known) -> bool {
        match self {
            Self::Everything => true,
            Self::Of(changed) => {
                changed.presences.contains(known.agent.shown_presence())
                    || known.agent.record.profiles.iter().any(|own| changed.profiles.contains(&own.profile))
            }
        }
    }
}

impl Telling {
    /// Tells the agents of these sessions.
    #[must_use]
    pub fn new(agents: Agents, sessions: Registry, options: Arc<Options>) -> Self {
        Self { agents, sessions, options, changed: Mutex::default(), wake: Notify::new() }
    }

    /// A change of the directory was kept.
    pub fn directory_changed(&self, change: &DirectoryChange) {
        let mut changed = self.changed.lock();
        match change {
            DirectoryChange::Presence(presence) => changed.presences.insert(presence.id.clone()),
            DirectoryChange::PresenceRemoved(id) => changed.presences.insert(id.clone()),
            DirectoryChange::Profile(profile) => changed.profiles.insert(profile.id.clone()),
            DirectoryChange::ProfileRemoved(id) => changed.profiles.insert(id.clone()),
            DirectoryChange::Workstream(_) | DirectoryChange::WorkstreamRemoved(_) | DirectoryChange::Settings(_) => {
                return;
            }
        };
        self.wake.notify_one();
    }

    /// Tells agents, for ever.
    pub async fn run(self: Arc<Self>) {
        let mut passed_over = BTreeSet::new();
        loop {
            if passed_over.is_empty() {
                self.wake.notified().await;
            }
            let changed = std::mem::take(&mut *self.changed.lock());
            self.tell_all(&changed, &mut passed_over).await;
            tokio::time::sleep(GATHER).await;
        }
    }

    /// Tells every agent's sessions whom it concerns, but those that do not read: they are passed over.
    async fn tell_all(&self, changed: &Changed, passed_over: &mut BTreeSet<SessionId>) {
        let before = std::mem::take(passed_over);
        let (mut behind, mut told, mut bytes) = (0, 0, 0);
        let mut common = None;
        loop {
            let bite = self.sessions.bite(behind);
            let Some(last) = bite.last() else { return };
            behind = last.id().number;
            // The first frame of one that was not welcomed yet holds what is new.
            for session in bite.iter().filter(|session| session.who().agent.is_some() && session.is_welcomed()) {
                let what = if before.contains(&session.id()) { What::Everything } else { What::Of(changed) };
                if what.is_nothing() {
                    continue;
                }
                if session.outlet().is_blocked() {
                    passed_over.insert(session.id());
                    continue;
                }
                for frame in self.frames(session, what, &mut common) {
                    bytes += frame.len();
                    session.outlet().send(frame);
                }
                told += 1;
                if told >= SESSIONS_AT_ONCE || bytes >= BYTES_AT_ONCE {
                    (told, bytes) = (0, 0);
                    tokio::task::yield_now().await;
                }
            }
            tokio::task::yield_now().await;
        }
    }

    /// The frames for one session. `common` is what it may choose if its record lists nothing, with the
    /// list that it was made from.
    fn frames(
        &self,
        session: &Session,
        what: What<'_>,
        common: &mut Option<(Written<Vec<Presence>>, Bytes)>,
    ) -> Vec<Bytes> {
        let known = session.who().agent.as_ref().and_then(|agent| self.agents.existing(agent));
        let Some(known) = known else { return Vec::new() };
        let view = self.agents.directory();
        let mut frames = Vec::new();
        if what.options(&known) {
            let list = self.options.of(&known.agent.record, &view);
            frames.push(match common {
                Some((of, frame)) if of.is(&list) => frame.clone(),
                Some(_) | None if known.agent.record.selectable.is_some() => options::frame(list),
                Some(_) | None => {
                    let frame = options::frame(list.clone());
                    common.insert((list, frame)).1.clone()
                }
            });
        }
        if what.presence(&known) {
            let agent = show::agent_presence(known.seq, &known.agent, &view.directory);
            frames.push(frame::saying(&HubFrame::Presence { agent }));
        }
        frames
    }

    /// Tells an agent what it may choose now.
    pub fn send_options(&self, known: &Known, view: &DirectoryView) {
        let frame = options::frame(self.options.of(&known.agent.record, view));
        self.sessions.send_to_agent(&known.agent.record.agent, &frame);
    }
}
