//! All live sessions of this node.
//!
//! A session is in the registry while its [`Registration`] lives, and the task of its connection
//! holds that: a panic takes the session out like any other end. Methods are small and not async;
//! none holds two guards, none calls out while it holds one.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use bytes::Bytes;
use dashmap::DashMap;
use parking_lot::{Mutex, RwLock};

use super::ending::{EndCause, Ending, SessionEnd};
use super::outlet::Outlet;
use super::sweep::signs::Signs;
use super::who::Who;
use crate::clock::Clock;
use crate::domain::ids::{AgentId, SessionId};
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::telemetry::metrics::SessionMetrics;
use crate::wire::close::CloseCode;

/// Sessions that are looked at before other tasks are served.
pub(super) const BITE: usize = 256;

/// One live session.
#[derive(Debug)]
pub struct Session {
    id: SessionId,
    who: Who,
    outlet: Outlet,
    ending: Mutex<Ending>,
    trust: Mutex<Trust>,
    /// Requests that are not answered yet.
    under_way: AtomicU32,
    /// Whether its page announced that it answers heartbeats.
    page_answers: AtomicBool,
    /// Whether its page answered since the sweep last looked.
    page_answered: AtomicBool,
    pub(super) signs: Mutex<Signs>,
}

/// How long a session's token is believed, and whether the client has been greeted.
#[derive(Clone, Debug, Default)]
struct Trust {
    welcomed: bool,
    /// When the token ends; none once the client was told.
    expires: Option<Timestamp>,
    token: Option<Arc<Token>>,
}

/// The token that a session was opened, or renewed, with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is told from others by.
    pub id: String,
    /// When it was issued, if it says so.
    pub issued: Option<Timestamp>,
    /// Whether it is believed only for as long as the hub keeps it.
    pub opaque: bool,
    /// When it ends.
    pub expires: Timestamp,
    /// Up to when it is believed.
    pub valid_until: Timestamp,
}

impl Session {
    /// Sends the first frame. Before it, nothing that goes to an agent's sessions goes to this one:
    /// the first frame holds it already.
    pub fn welcome(&self, frame: Bytes) {
        self.trust.lock().welcomed = true;
        self.outlet.send(frame);
    }

    /// Whether the first frame was sent.
    #[must_use]
    pub fn is_welcomed(&self) -> bool {
        self.trust.lock().welcomed
    }

    /// It is believed for this token from now on.
    pub fn trust(&self, token: Token) {
        let mut trust = self.trust.lock();
        trust.expires = Some(token.expires);
        trust.token = Some(Arc::new(token));
    }

    /// The token that it is believed for; none before the welcome.
    #[must_use]
    pub fn token(&self) -> Option<Arc<Token>> {
        self.trust.lock().token.clone()
    }

    /// Whether the token is no longer believed.
    #[must_use]
    pub fn is_distrusted(&self, now: Timestamp) -> bool {
        self.trust.lock().token.as_ref().is_some_and(|token| token.valid_until <= now)
    }

    /// When the token ends, if that is by `soon` and was not told before.
    #[must_use]
    pub fn take_expiring(&self, soon: Timestamp) -> Option<Timestamp> {
        self.trust.lock().expires.take_if(|expires| *expires <= soon)
    }

    /// The page announced that it answers heartbeats; one that stops is asleep.
    pub fn promises_answers(&self) {
        self.page_answers.store(true, Ordering::Relaxed);
    }

    /// The page said something: it is awake.
    pub fn answers(&self) {
        self.page_answered.store(true, Ordering::Relaxed);
    }

    pub(super) fn page_answers(&self) -> bool {
        self.page_answers.load(Ordering::Relaxed)
    }

    pub(super) fn take_page_answered(&self) -> bool {
        self.page_answered.swap(false, Ordering::Relaxed)
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// Whose it is.
    #[must_use]
    pub fn who(&self) -> &Who {
        &self.who
    }

    /// The way out to it.
    #[must_use]
    pub fn outlet(&self) -> &Outlet {
        &self.outlet
    }

    /// A request is under way.
    pub fn begin_request(&self) {
        self.under_way.fetch_add(1, Ordering::Relaxed);
    }

    /// A request was answered.
    pub fn end_request(&self) {
        self.under_way.fetch_sub(1, Ordering::Relaxed);
    }

    /// How many requests are not answered yet.
    #[must_use]
    pub fn requests_under_way(&self) -> u32 {
        self.under_way.load(Ordering::Relaxed)
    }

    /// Says why the session ends, before it does. The first cause stands.
    pub fn ends_as(&self, cause: EndCause) {
        self.ending.lock().is_caused_by(cause);
    }

    /// The page announced that it reloads itself.
    pub fn announce_refresh(&self, at: Timestamp) {
        self.ending.lock().reload_is_announced(at);
    }
}

/// Sessions by their numbers.
type Numbered = RwLock<BTreeMap<u64, Arc<Session>>>;

/// All live sessions of this node. Clones share them.
#[derive(Clone, Debug)]
pub struct Registry {
    shared: Arc<Shared>,
}

struct Shared {
    node: u16,
    boot: u32,
    next: AtomicU64,
    clock: Clock,
    sessions: Numbered,
    subjects: DashMap<Arc<str>, Vec<Arc<Session>>>,
    integrations: Numbered,
    metrics: Arc<SessionMetrics>,
    /// Takes in the ends of agents' sessions.
    owe: Box<dyn Fn(SessionEnd) + Send + Sync>,
}

impl Registry {
    /// An empty registry of one life of a node. When an agent's session ends, `owe` is told before the
    /// session is gone, so that at every moment one of the two says that it was there.
    #[must_use]
    pub fn new(node: u16, boot: u32, clock: Clock, owe: impl Fn(SessionEnd) + Send + Sync + 'static) -> Self {
        let shared = Shared {
            node,
            boot,
            next: AtomicU64::new(1),
            clock,
            sessions: Numbered::default(),
            subjects: DashMap::new(),
            integrations: Numbered::default(),
            metrics: Arc::default(),
            owe: Box::new(owe),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Takes a session in under a new id. It stays as long as the registration.
    #[must_use]
    pub fn register(&self, who: Who, outlet: Outlet) -> Registration {
        let shared = &self.shared;
        let number = shared.next.fetch_add(1, Ordering::Relaxed);
        let id = SessionId { node: shared.node, boot: shared.boot, number };
        let signs = Mutex::new(Signs::new());
        let (ending, trust) = Default::default();
        let (page_answers, page_answered, under_way) = Default::default();
        let session =
            Arc::new(Session { id, who, outlet, ending, trust, under_way, page_answers, page_answered, signs });
        let before = shared.sessions.write().insert(number, Arc::clone(&session));
        debug_assert!(before.is_none(), "a number is given once");
        let subject = Arc::clone(&session.who.subject);
        // Most have one session: a vector that grows by itself would begin with room for four.
        shared.subjects.entry(subject).or_insert_with(|| Vec::with_capacity(1)).push(Arc::clone(&session));
        for role in session.who.roles.each() {
            shared.metrics.sessions.of(role).inc();
        }
        if session.who.roles.contains(Role::Integration) {
            shared.integrations.write().insert(number, Arc::clone(&session));
        }
        Registration { registry: self.clone(), session }
    }

    /// What is counted of them.
    #[must_use]
    pub fn metrics(&self) -> &Arc<SessionMetrics> {
        &self.shared.metrics
    }

    /// The session of that id.
    #[must_use]
    pub fn find(&self, id: SessionId) -> Option<Arc<Session>> {
        let session = self.shared.sessions.read().get(&id.number).cloned();
        session.filter(|session| session.id == id)
    }

    /// The sessions of a subject, in any role.
    #[must_use]
    pub fn of_subject(&self, subject: &str) -> Vec<Arc<Session>> {
        self.shared.subjects.get(subject).map(|sessions| sessions.clone()).unwrap_or_default()
    }

    /// The sessions that sign an agent in.
    #[must_use]
    pub fn of_agent(&self, agent: &AgentId) -> Vec<Arc<Session>> {
        let mut sessions = self.of_subject(agent.as_str());
        sessions.retain(|session| session.who.agent.is_some());
        sessions
    }

    /// Sessions with numbers above `behind`, in the order in which they came: as many as are looked at before
    /// other tasks are served, and none at the end. Numbers begin at 1.
    #[must_use]
    pub fn bite(&self, behind: u64) -> Vec<Arc<Session>> {
        let sessions = self.shared.sessions.read();
        let range = sessions.range((Bound::Excluded(behind), Bound::Unbounded));
        range.take(BITE).map(|(_, session)| Arc::clone(session)).collect()
    }

    /// How many sessions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shared.sessions.read().len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shared.sessions.read().is_empty()
    }

    /// Whether a session of the agent was welcomed here, and so is told what changes.
    #[must_use]
    pub fn is_told(&self, agent: &AgentId) -> bool {
        self.of_agent(agent).iter().any(|session| session.is_welcomed())
    }

    /// Sends a frame to every session of an agent that was welcomed.
    pub fn send_to_agent(&self, agent: &AgentId, frame: &Bytes) {
        for session in self.of_agent(agent) {
            if session.is_welcomed() {
                session.outlet.send(frame.clone());
            }
        }
    }

    /// Sends a frame to every integration that was welcomed.
    pub fn send_to_integrations(&self, frame: &Bytes) {
        let sessions: Vec<_> = self.shared.integrations.read().values().cloned().collect();
        for session in sessions.iter().filter(|session| session.is_welcomed()) {
            session.outlet.send(frame.clone());
        }
    }

    /// Closes every session of an agent; each then ends for this `cause`.
    pub fn close_agent(&self, agent: &AgentId, code: CloseCode, reason: &str, cause: EndCause) {
        for session in self.of_agent(agent) {
            session.ends_as(cause);
            session.outlet.close(code, reason);
        }
    }

    /// Closes the welcomed sessions of an agent that are not among `kept`; each then ends for this `cause`.
    pub fn close_all_but(&self, agent: &AgentId, kept: &[SessionId], code: CloseCode, reason: &str, cause: EndCause) {
        for session in self.of_agent(agent) {
            if session.is_welcomed() && !kept.contains(&session.id) {
                session.ends_as(cause);
                session.outlet.close(code, reason);
            }
        }
    }

    /// Whether a session of this subject is believed for another token than this one.
    #[must_use]
    pub fn has_another_token(&self, subject: &str, token: &str) -> bool {
        self.of_subject(subject).iter().any(|session| session.token().is_some_and(|other| other.id != token))
    }

    /// Closes the sessions of a subject that are believed for this token, in any role; each then ends for this `cause`.
    pub fn close_token(&self, subject: &str, token: &str, code: CloseCode, reason: &str, cause: EndCause) {
        for session in self.of_subject(subject) {
            if session.token().is_some_and(|own| own.id == token) {
                session.ends_as(cause);
                session.outlet.close(code, reason);
            }
        }
    }

    fn take_out(&self, session: &Session) {
        let shared = &self.shared;
        if let Some(agent) = &session.who.agent {
            let ended = session.ending.lock().now(session.who.network, &shared.clock);
            (shared.owe)(SessionEnd { session: session.id, agent: agent.clone(), ended });
        }
        for role in session.who.roles.each() {
            shared.metrics.sessions.of(role).dec();
        }
        shared.sessions.write().remove(&session.id.number);
        shared.integrations.write().remove(&session.id.number);
        shared.subjects.remove_if_mut(&session.who.subject, |_, sessions| {
            sessions.retain(|other| other.id != session.id);
            sessions.is_empty()
        });
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("node", &self.node).field("boot", &self.boot).finish_non_exhaustive()
    }
}

/// Keeps a session in the registry. Dropping it takes the session out; if it signed an agent in, its end
/// is owed from then on.
#[derive(Debug)]
pub struct Registration {
    registry: Registry,
    session: Arc<Session>,
}

impl Registration {
    /// The session.
    #[must_use]
    pub fn session(&self) -> &Arc<Session> {
        &self.session
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.registry.take_out(&self.session);
    }
}

#[cfg(test)]
#[path = "registry_tests.rs"]
mod tests;
