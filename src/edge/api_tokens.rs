//! API tokens: made by administrators for machines, kept by the engine as digests, believed until they end or are
//! taken away.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tracing::error;

use super::ledger::{NotKept, Records, next_id};
use crate::domain::audit::{About, Asker, Deed, Note};
use crate::domain::role::{Role, Roles};
use crate::domain::time::Timestamp;
use crate::engine::{Engine, Ledger, LedgerChange, LedgerRecord};
use crate::identity::{Caller, Identity, OpaqueKind, TokenDigest, is_limited, make_opaque};

/// The most API tokens: a machine needs one, and while it changes to another two.
pub const MOST_API_TOKENS: usize = 1_000;

/// An API token, as it is kept: never itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiToken {
    /// Who shows it, as the history and the audit say it.
    pub subject: String,
    /// What it is for.
    pub name: String,
    /// What it allows, by the names of the roles.
    roles: Vec<String>,
    /// The teams that it is limited to; none means every team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teams: Option<BTreeSet<String>>,
    /// The digest of the token.
    digest: String,
    /// The administrator who made it.
    pub made_by: String,
    /// When.
    pub made_at: i64,
    /// When it ends.
    pub expires_at: i64,
}

/// What a token is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Who shows it.
    pub subject: String,
    /// What it is for.
    pub name: String,
    /// What it allows.
    pub roles: Roles,
    /// What it is limited to.
    pub teams: Option<BTreeSet<String>>,
    /// When it ends.
    pub expires: Timestamp,
}

/// Why none was made, or taken away.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is none of that id.
    #[error("no API token has this id, or it has ended")]
    Unknown,
    /// There are enough.
    #[error("there are {MOST_API_TOKENS} API tokens; delete those that nobody uses")]
    TooMany,
    /// The engine could not keep it.
    #[error(transparent)]
    NotKept(#[from] NotKept),
}

/// All API tokens. Clones share them.
#[derive(Clone)]
pub struct ApiTokens {
    records: Arc<Records<ApiToken>>,
    identity: Identity,
}

impl ApiToken {
    /// What it allows.
    #[must_use]
    pub fn roles(&self) -> Roles {
        self.roles.iter().filter_map(|role| Role::parse(role)).collect()
    }

    fn caller(&self, id: &str) -> Caller {
        let (roles, expires) = (self.roles(), Timestamp(self.expires_at));
        Caller {
            subject: self.subject.clone(),
            limited: is_limited(roles),
            roles,
            teams: self.teams.clone(),
            name: Some(self.name.as_str().into()),
            expires,
            valid_until: expires,
            issued: Some(Timestamp(self.made_at)),
            token_id: id.to_owned(),
            opaque: true,
            key: None,
        }
    }
}

impl ApiTokens {
    /// Those that the engine had, which are believed from now on.
    #[must_use]
    pub fn begin(engine: Arc<dyn Engine>, identity: Identity, kept: Vec<LedgerRecord>) -> Self {
        let records = Records::<ApiToken>::begin(engine, Ledger::ApiTokens, kept);
        records.with(|all| {
            for (id, token) in all {
                match TokenDigest::from_text(&token.digest) {
                    Some(digest) => identity.believe_opaque(digest, token.caller(id)),
                    None => error!(id, "an API token's digest cannot be read, and the token is not believed"),
                }
            }
        });
        Self { records: Arc::new(records), identity }
    }

    /// Makes one, which counts once this returns, also after a restart. The token itself is told here and never again.
    ///
    /// # Errors
    /// [`Refused`]
    pub async fn make(
        &self,
        wanted: Wanted,
        asker: Arc<Asker>,
        now: Timestamp,
    ) -> Result<(String, ApiToken, String), Refused> {
        let tokens = self.clone();
        // Whoever asked may go away; what was kept counts in any case.
        let made = tokio::spawn(async move { tokens.make_here(wanted, asker, now).await }).await;
        made.unwrap_or_else(|error| Err(NotKept(error.to_string()).into()))
    }

    async fn make_here(
        &self,
        wanted: Wanted,
        asker: Arc<Asker>,
        now: Timestamp,
    ) -> Result<(String, ApiToken, String), Refused> {
        let _turn = self.records.turn.lock().await;
        let over = self.over(now);
        if self.records.with(|all| all.len()) - over.len() >= MOST_API_TOKENS {
            return Err(Refused::TooMany);
        }
        let Wanted { subject, name, roles, teams, expires } = wanted;
        let (secret, digest) = make_opaque(OpaqueKind::Api);
        let token = ApiToken {
            subject,
            name,
            roles: roles.each().map(|role| role.as_str().to_owned()).collect(),
            teams,
            digest: digest.to_text(),
            made_by: asker.subject.clone(),
            made_at: now.0,
            expires_at: expires.0,
        };
        let id = next_id(now);
        let note = Note::done(asker, Deed::Create, Some(About::of("token", &id)));
        let note = note.differing((None, Some(token.told())));
        self.records.put((&id, token.clone(), Some(expires)), &over, Some(note)).await?;
        over.iter().for_each(|id| self.identity.forget_opaque(id));
        self.identity.believe_opaque(digest, token.caller(&id));
        Ok((id, token, secret))
    }

    /// Takes one away: it is not believed any more once this returns, and its sockets end within a second.
    ///
    /// # Errors
    /// [`Refused`]
    pub async fn delete(&self, id: String, asker: Arc<Asker>) -> Result<(), Refused> {
        let tokens = self.clone();
        let deleted = tokio::spawn(async move {
            let _turn = tokens.records.turn.lock().await;
            let token = tokens.records.find(&id).ok_or(Refused::Unknown)?;
            let note = Note::done(asker, Deed::Delete, Some(About::of("token", &id)));
            let note = note.differing((Some(token.told()), None));
            tokens.records.remove(std::slice::from_ref(&id), Some(note)).await?;
            tokens.identity.forget_opaque(&id);
            Ok(())
        });
        deleted.await.unwrap_or_else(|error| Err(NotKept(error.to_string()).into()))
    }

    /// The one of this id, unless it has ended.
    #[must_use]
    pub fn find(&self, id: &str, now: Timestamp) -> Option<ApiToken> {
        self.records.find(id).filter(|token| Timestamp(token.expires_at) > now)
    }

    /// So many beyond an id, in the order of their making, of those that have not ended.
    pub async fn beyond(&self, after: Option<&str>, many: usize, now: Timestamp) -> Vec<(String, ApiToken)> {
        self.records.beyond(after, many, |token| Timestamp(token.expires_at) > now).await
    }

    /// Another node has made tokens, or deleted some.
    pub fn follow(&self, changes: &[LedgerChange]) {
        for change in changes {
            match self.records.follow(change) {
                Some(token) => match TokenDigest::from_text(&token.digest) {
                    Some(digest) => self.identity.believe_opaque(digest, token.caller(change.id())),
                    None => {
                        error!(id = change.id(), "an API token's digest cannot be read, and the token is not believed")
                    }
                },
                None => self.identity.forget_opaque(change.id()),
            }
        }
    }

    /// A person was erased: what they could show is gone, and elsewhere they are called otherwise. The engine has done
    /// the same to what it keeps.
    pub async fn erase(&self, person: &str, pseudonym: &str) {
        // One that is just being made is there in memory then, or not at all.
        let _turn = self.records.turn.lock().await;
        let gone: Vec<String> = self.records.with(|all| {
            all.values_mut().filter(|token| token.made_by == person).for_each(|token| {
                pseudonym.clone_into(&mut token.made_by);
            });
            all.iter().filter(|(_, token)| token.subject == person).map(|(id, _)| id.clone()).collect()
        });
        gone.iter().for_each(|id| self.identity.forget_opaque(id));
        self.records.erase(&gone).await;
    }

    fn over(&self, now: Timestamp) -> Vec<String> {
        let is_over = |token: &ApiToken| Timestamp(token.expires_at) <= now;
        self.records.with(|all| all.iter().filter(|(_, token)| is_over(token)).map(|(id, _)| id.clone()).collect())
    }
}

impl ApiToken {
    /// As the audit says it.
    fn told(&self) -> String {
        let Self { subject, name, roles, teams, expires_at, .. } = self;
        let expires = crate::wire::show::time(Timestamp(*expires_at));
        serde_json::json!({ "subject": subject, "name": name, "roles": roles, "teams": teams, "expiresAt": expires })
            .to_string()
    }
}
