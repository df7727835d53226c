//! People who are signed in to the hub's own pages: sessions, which the engine keeps as digests of what their cookies
//! hold. Each ends by itself, by its owner's or an administrator's word, or with what it came from.

mod came;
mod index;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use tracing::error;

use super::ledger::{NotKept, Records, next_id};
use crate::domain::audit::Note;
use crate::domain::role::{Role, Roles};
use crate::domain::time::Timestamp;
use crate::engine::{Engine, Ledger, LedgerChange, LedgerRecord};
use crate::identity::{Caller, Identity, OpaqueKind, Somebody, TokenDigest, TokenMark, is_limited, make_opaque};
pub use came::Came;
use index::Index;
pub use index::Key;

/// The most sessions of one subject: browsers and private windows of one person. One more ends the oldest.
pub const MOST_OF_SUBJECT: usize = 32;
/// The most sessions in all. A record takes some hundred bytes.
pub const MOST_SESSIONS: usize = 200_000;
/// Of those that have ended, so many are taken away at once.
const MOST_AT_ONCE: usize = 1_000;

/// A session, as it is kept: never what the cookie holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageSession {
    /// Who is signed in.
    pub subject: String,
    /// The name that people see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What they may do, by the names of the roles.
    roles: Vec<String>,
    /// What they are limited to, or are in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teams: Option<BTreeSet<String>>,
    /// The digest of what the cookie holds.
    digest: String,
    /// When they signed in.
    pub begun_at: i64,
    /// When it ends unless it is renewed.
    pub expires_at: i64,
    /// When it ends in any case.
    pub ends_at: i64,
    /// From which address they signed in, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What the session came from.
    pub came: Came,
}

impl PageSession {
    /// When the provider said who it is, or else when they signed in.
    #[must_use]
    pub fn issued(&self) -> Timestamp {
        match &self.came {
            Came::Provider { provider_issued: Some(issued), .. } => Timestamp(*issued),
            Came::Provider { provider_issued: None, .. } | Came::Token { .. } => Timestamp(self.begun_at),
        }
    }
}

/// A session that has just begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// What it is ended by.
    pub id: String,
    /// What its cookie holds.
    pub secret: String,
}

/// What a session is to be.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Whose.
    pub somebody: Somebody,
    /// What it came from.
    pub came: Came,
    /// From which address, if it is known.
    pub address: Option<String>,
    /// When it ends unless it is renewed.
    pub expires: Timestamp,
    /// When it ends in any case.
    pub ends: Timestamp,
}

/// Why there is no session.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is none of that id.
    #[error("no session has this id, or it has ended")]
    Unknown,
    /// There are enough.
    #[error("{MOST_SESSIONS} sessions are kept; end some, or let them end sooner")]
    TooMany,
    /// It would be one of a token that was just revoked.
    #[error("the token was revoked")]
    Revoked,
    /// The engine could not keep it.
    #[error(transparent)]
    NotKept(#[from] NotKept),
}

/// All sessions. Clones share them.
#[derive(Clone)]
pub struct PageSessions {
    records: Arc<Records<PageSession>>,
    index: Arc<Mutex<Index>>,
    identity: Identity,
    /// For how long one lasts that is not renewed.
    idle: Duration,
}

impl PageSession {
    /// What they may do.
    #[must_use]
    pub fn roles(&self) -> Roles {
        self.roles.iter().filter_map(|role| Role::parse(role)).collect()
    }

    /// Up to when it is believed.
    #[must_use]
    pub fn valid_until(&self) -> Timestamp {
        match &self.came {
            Came::Provider { .. } => Timestamp(self.expires_at),
            Came::Token { valid_until, .. } => Timestamp(*valid_until),
        }
    }

    fn caller(&self, id: &str) -> Caller {
        let roles = self.roles();
        Caller {
            subject: self.subject.clone(),
            limited: is_limited(roles),
            roles,
            teams: self.teams.clone(),
            name: self.name.as_deref().map(Into::into),
            expires: Timestamp(self.expires_at),
            valid_until: self.valid_until(),
            issued: Some(Timestamp(self.begun_at)),
            token_id: id.to_owned(),
            opaque: true,
            key: self.came.key(),
        }
    }

    /// Whether the token that it came from was revoked.
    fn is_revoked(&self, identity: &Identity) -> bool {
        match &self.came {
            Came::Provider { .. } => false,
            Came::Token { token_id, issued, .. } => {
                let mark = TokenMark { id: token_id, issued: issued.map(Timestamp), opaque: false };
                identity.is_revoked(&self.subject, mark)
            }
        }
    }
}

impl PageSessions {
    /// Those that the engine had, which are believed from now on; what is revoked must be known already.
    #[must_use]
    pub fn begin(engine: Arc<dyn Engine>, identity: Identity, kept: Vec<LedgerRecord>) -> Self {
        let records = Records::<PageSession>::begin(engine, Ledger::Sessions, kept);
        let mut index = Index::default();
        records.with(|all| {
            for (id, session) in all {
                index.insert(id, session);
                match TokenDigest::from_text(&session.digest) {
                    Some(digest) if !session.is_revoked(&identity) => {
                        identity.believe_opaque(digest, session.caller(id));
                    }
                    Some(_) => {}
                    None => error!(id, "a session's digest cannot be read, and it is not believed"),
                }
            }
        });
        let idle = identity.settings().oidc.session_idle;
        Self { records: Arc::new(records), index: Arc::new(Mutex::new(index)), identity, idle }
    }

    /// Begins one, which counts once this returns, also after a restart. What its cookie is to hold is told here and
    /// never again.
    ///
    /// # Errors
    /// [`Refused`]
    pub async fn start(&self, begun: Begun, note: Option<Note>, now: Timestamp) -> Result<Started, Refused> {
        let sessions = self.clone();
        // Whoever asked may go away; what was kept counts in any case.
        let started = tokio::spawn(async move { sessions.start_here(begun, note, now).await }).await;
        started.unwrap_or_else(|error| Err(NotKept(error.to_string()).into()))
    }

    async fn start_here(&self, begun: Begun, note: Option<Note>, now: Timestamp) -> Result<Started, Refused> {
        let _turn = self.records.turn.lock().await;
        let Begun { somebody, came, address, expires, ends } = begun;
        let Somebody { subject, roles, teams, name } = somebody;
        let (secret, digest) = make_opaque(OpaqueKind::Session);
        let roles = roles.each().map(|role| role.as_str().to_owned()).collect();
        let (begun_at, expires_at, ends_at) = (now.0, expires.0, ends.0);
        let digest_text = digest.to_text();
        let session = PageSession {
            subject,
            name,
            roles,
            teams,
            digest: digest_text,
            begun_at,
            expires_at,
            ends_at,
            address,
            came,
        };
        let gone = {
            let index = self.index.lock();
            let mut gone = index.over(now, MOST_AT_ONCE);
            if index.len() - gone.len() >= MOST_SESSIONS {
                return Err(Refused::TooMany);
            }
            let others = index.of(&Key::Subject(session.subject.clone()));
            let too_many = (others.len() + 1).saturating_sub(MOST_OF_SUBJECT);
            let oldest = others.into_iter().filter(|id| !gone.contains(id)).take(too_many);
            gone.extend(oldest.collect::<Vec<_>>());
            gone
        };
        let id = next_id(now);
        self.records.put((&id, session.clone(), Some(session.valid_until())), &gone, note).await?;
        self.forget(&gone);
        self.index.lock().insert(&id, &session);
        self.identity.believe_opaque(digest, session.caller(&id));
        if session.is_revoked(&self.identity) {
            self.forget(std::slice::from_ref(&id));
            return Err(Refused::Revoked);
        }
        Ok(Started { id, secret })
    }

    /// Lets a session last for longer, if it may and that is worth keeping: not more than four times in the time for
    /// which it lasts. Returns it as it is then.
    ///
    /// # Errors
    /// [`Refused`]
    pub async fn renew(&self, id: &str, now: Timestamp) -> Result<PageSession, Refused> {
        let _turn = self.records.turn.lock().await;
        let session = self.find(id, now).ok_or(Refused::Unknown)?;
        if !self.is_worth_renewing(&session, now) {
            return Ok(session);
        }
        let until = now.plus(self.idle).min(Timestamp(session.ends_at));
        let renewed = PageSession { expires_at: until.0, ..session.clone() };
        let digest = TokenDigest::from_text(&session.digest).ok_or(Refused::Unknown)?;
        self.records.put((id, renewed.clone(), Some(renewed.valid_until())), &[], None).await?;
        self.index.lock().insert(id, &renewed);
        self.identity.believe_opaque(digest, renewed.caller(id));
        Ok(renewed)
    }

    /// Lets a session last for longer because it was used, without anybody waiting for it.
    pub fn is_used(&self, caller: &Caller, now: Timestamp) {
        if !caller.opaque || caller.expires.since(now) > self.idle * 3 / 4 {
            return;
        }
        if self.find(&caller.token_id, now).is_some_and(|session| self.is_worth_renewing(&session, now)) {
            let (sessions, id) = (self.clone(), caller.token_id.clone());
            // That the engine fails is told by others; the next use tries again.
            tokio::spawn(async move { drop(sessions.renew(&id, now).await) });
        }
    }

    fn is_worth_renewing(&self, session: &PageSession, now: Timestamp) -> bool {
        let lasts_at_most = Timestamp(session.ends_at).min(now.plus(self.idle));
        let is_soon = Timestamp(session.expires_at).since(now) <= self.idle * 3 / 4;
        matches!(session.came, Came::Provider { .. }) && is_soon && lasts_at_most > Timestamp(session.expires_at)
    }

    /// Ends these, with the note of it. Sockets that they opened end within a second.
    ///
    /// # Errors
    /// [`Refused::NotKept`]
    pub async fn end(&self, ids: Vec<String>, note: Option<Note>) -> Result<(), Refused> {
        if ids.is_empty() && note.is_none() {
            return Ok(());
        }
        let sessions = self.clone();
        let ended = tokio::spawn(async move {
            let _turn = sessions.records.turn.lock().await;
            sessions.records.remove(&ids, note).await?;
            sessions.forget(&ids);
            Ok(())
        });
        ended.await.unwrap_or_else(|error| Err(NotKept(error.to_string()).into()))
    }

    /// Ends those that came from a token that was revoked. They end with it, also after a restart, whether or not that
    /// is kept.
    pub async fn end_of_token(&self, token_id: &str) {
        let ids = self.of(&Key::Token(token_id.to_owned()));
        ids.iter().for_each(|id| self.identity.forget_opaque(id));
        drop(self.end(ids, None).await);
    }

    /// The ids of those that have this in common, the oldest first.
    #[must_use]
    pub fn of(&self, key: &Key) -> Vec<String> {
        self.index.lock().of(key)
    }

    /// The one of this id, unless it has ended.
    #[must_use]
    pub fn find(&self, id: &str, now: Timestamp) -> Option<PageSession> {
        self.records.find(id).filter(|session| session.valid_until() > now)
    }

    /// So many beyond an id, in the order of their beginning, of all or of a subject.
    pub async fn beyond(
        &self,
        after: Option<&str>,
        many: usize,
        subject: Option<String>,
        now: Timestamp,
    ) -> Vec<(String, PageSession)> {
        let Some(subject) = subject else {
            return self.records.beyond(after, many, |session| session.valid_until() > now).await;
        };
        let ids = self.of(&Key::Subject(subject)).into_iter();
        let ids = ids.filter(|id| after.is_none_or(|after| id.as_str() > after));
        ids.filter_map(|id| self.find(&id, now).map(|session| (id, session))).take(many).collect()
    }

    /// Another node has begun sessions, or ended some.
    pub fn follow(&self, changes: &[LedgerChange]) {
        for change in changes {
            let id = change.id();
            let Some(session) = self.records.follow(change) else {
                self.forget(&[id.to_owned()]);
                continue;
            };
            self.index.lock().insert(id, &session);
            match TokenDigest::from_text(&session.digest) {
                Some(digest) if !session.is_revoked(&self.identity) => {
                    self.identity.believe_opaque(digest, session.caller(id));
                }
                Some(_) => {}
                None => error!(id, "a session's digest cannot be read, and it is not believed"),
            }
        }
    }

    /// A person was erased, and their sessions with them. The engine has done the same to what it keeps.
    pub async fn erase(&self, person: &str) {
        // One that is just beginning is there in memory then, or not at all.
        let _turn = self.records.turn.lock().await;
        let ids = self.of(&Key::Subject(person.to_owned()));
        self.forget(&ids);
        self.records.erase(&ids).await;
    }

    /// They are not believed any more, in memory.
    fn forget(&self, ids: &[String]) {
        let mut index = self.index.lock();
        for id in ids {
            self.identity.forget_opaque(id);
            index.remove(id);
        }
    }
}
