//! What of all that is done here the audit keeps.

#[cfg(test)]
mod decided;
mod exports;
mod few;
mod noted;

use core::net::IpAddr;
use std::sync::Arc;

use serde_json::{Value, json};

pub use exports::NotedExport;
use few::{Few, Later};
pub use noted::Noted;

use crate::domain::audit::{About, Asker, Deed, Note, Outcome};
use crate::domain::role::Roles;
use crate::engine::Engine;
use crate::identity::Caller;
use crate::wire::code::ErrorCode;
use crate::wire::problem::Problem;

/// How many notes of one kind of one subject are kept in a minute, and of how many subjects that is remembered.
const OF_SOMEBODY: u32 = 10;
const MOST_SUBJECTS: usize = 10_000;
/// The same of tokens that are not believed, by their address: whoever shows them need not be anybody.
const OF_AN_ADDRESS: u32 = 1;
const MOST_ADDRESSES: usize = 100;
/// The longest id of what was refused that is kept.
const MAX_NAMED_BYTES: usize = 256;

/// The way to the audit. Clones share it.
#[derive(Clone)]
pub struct Audit {
    engine: Arc<dyn Engine>,
    few: Arc<Few>,
    strangers: Arc<Few>,
}

impl Audit {
    /// The audit that the engine keeps.
    #[must_use]
    pub fn of(engine: Arc<dyn Engine>) -> Self {
        let few = Arc::new(Few::of(OF_SOMEBODY, MOST_SUBJECTS));
        Self { engine, few, strangers: Arc::new(Few::of(OF_AN_ADDRESS, MOST_ADDRESSES)) }
    }

    /// Keeps a note, in its turn.
    pub fn keep(&self, note: Note) {
        // Nobody waits for it. That the engine fails is told by others.
        drop(self.engine.note(note));
    }

    /// Keeps a note, before what it is about.
    ///
    /// # Errors
    /// `unavailable`: it is not kept.
    pub async fn keep_first(&self, note: Note) -> Result<(), Problem> {
        let kept = self.engine.note(note).await;
        if matches!(kept, Ok(Ok(()))) {
            return Ok(());
        }
        Err(Problem::new(ErrorCode::Unavailable, "the audit cannot be kept now, and this is not done without it"))
    }

    /// Somebody who is no agent has opened a socket.
    pub fn signed_in(&self, asker: Arc<Asker>) {
        self.keep_few(Note::done(asker, Deed::SignIn, None));
    }

    /// Somebody was refused for want of permission. `asked` is what for, `named` whom or what it names.
    pub fn refused(&self, asker: &Arc<Asker>, asked: &str, about: Option<About>) {
        let note = Note {
            outcome: Outcome::Refused,
            after: Some(json!({ "asked": asked }).to_string()),
            ..Note::done(asker.clone(), Deed::Refusal, about)
        };
        self.keep_few(note);
    }

    /// Somebody who is known asked to come in, and has no role here.
    pub fn has_no_role(&self, subject: &str, address: Option<IpAddr>, why: &impl std::fmt::Display) {
        let asker = Asker { subject: subject.to_owned(), roles: Roles::default(), address };
        let note = Note {
            outcome: Outcome::Refused,
            after: Some(json!({ "because": why.to_string() }).to_string()),
            ..Note::done(asker.into(), Deed::SignIn, Some(About::person(subject)))
        };
        self.keep_few(note);
    }

    /// Somebody there showed a token that is not believed, or came back from the provider with one. Who, nobody knows.
    pub fn not_believed(&self, address: Option<IpAddr>, why: &impl std::fmt::Display) {
        let named = address.map_or_else(|| "unknown".to_owned(), |address| address.to_string());
        let note = |named: &str, after: Value| Note {
            asker: None,
            deed: Deed::SignIn,
            about: (!named.is_empty()).then(|| About::of("address", named)),
            before: None,
            after: Some(after.to_string()),
            outcome: Outcome::Refused,
        };
        let first = note(&named, json!({ "because": why.to_string() }));
        if let Some(Later { subject, at }) = self.strangers.takes(&named, Deed::SignIn, || self.keep(first)) {
            let audit = self.clone();
            tokio::spawn(async move {
                tokio::time::sleep_until(at).await;
                let left_out = audit.strangers.left_out(&subject, Deed::SignIn);
                if left_out > 0 {
                    audit.keep(note(&subject, json!({ "leftOut": left_out })));
                }
            });
        }
    }

    /// Keeps the first notes of this kind of somebody in a minute, and then how many more there were.
    fn keep_few(&self, note: Note) {
        let Some(asker) = note.asker.clone() else { return self.keep(note) };
        let (deed, outcome) = (note.deed, note.outcome);
        if let Some(Later { subject, at }) = self.few.takes(&asker.subject, deed, || self.keep(note)) {
            let audit = self.clone();
            tokio::spawn(async move {
                tokio::time::sleep_until(at).await;
                let left_out = audit.few.left_out(&subject, deed);
                if left_out > 0 {
                    let after = Some(json!({ "leftOut": left_out }).to_string());
                    audit.keep(Note { outcome, after, ..Note::done(asker, deed, None) });
                }
            });
        }
    }
}

/// The agent whom a request names, as far as what it names could be one.
pub fn about_agent(named: &str) -> Option<About> {
    (!named.is_empty() && named.len() <= MAX_NAMED_BYTES).then(|| About::agent(named))
}

/// Who a caller is, as the audit says it.
pub fn asker(caller: &Caller, address: Option<IpAddr>) -> Arc<Asker> {
    let (subject, roles) = (caller.subject.clone(), caller.roles);
    Arc::new(Asker { subject, roles, address })
}
