//! What an engine keeps beside the log, and who waits for that.

use tokio::sync::oneshot;

use super::{Erase, Erasure, Ledger, LedgerChange, NotErased, NotedTold, Unreachable, WebhookChange};
use crate::domain::audit::Note;
use crate::history::told::Became;

/// A change of what is kept beside the log. Each is all or nothing, but for [`Beside::Told`].
#[derive(Clone, Debug)]
pub enum Beside {
    /// An entry of the audit that is about no change of anything.
    Note(Note),
    /// What has changed of webhooks, with the note of it.
    Webhooks(Vec<WebhookChange>, Option<Note>),
    /// What has changed of a ledger, with the note of it.
    Ledger(Ledger, Vec<LedgerChange>, Option<Note>),
    /// Changes of what is told, each with the note of it and all or nothing, as many of them as there is room for.
    Told(Vec<NotedTold>),
    /// A person is to be erased.
    Erase(Erase),
}

/// Who waits for a [`Beside`]. Whoever waited may have gone.
#[derive(Debug)]
pub enum Reply {
    /// Of a note, webhooks or a ledger.
    Done(oneshot::Sender<Result<(), Unreachable>>),
    /// Of what is told.
    Told(oneshot::Sender<Result<Vec<Became>, Unreachable>>),
    /// Of an erasure.
    Erased(oneshot::Sender<Result<Erasure, NotErased>>),
    /// Nobody: another node asked for it.
    Nobody,
    /// Nobody, and this node listens whether it is done.
    Overheard(oneshot::Sender<bool>),
}

impl Reply {
    /// It was not done.
    pub fn refuse(self, why: &str) {
        let unreachable = || Unreachable(why.to_owned());
        match self {
            Self::Done(reply) => drop(reply.send(Err(unreachable()))),
            Self::Told(reply) => drop(reply.send(Err(unreachable()))),
            Self::Erased(reply) => drop(reply.send(Err(NotErased::Unreachable(why.to_owned())))),
            Self::Nobody => {}
            Self::Overheard(reply) => drop(reply.send(false)),
        }
    }

    /// This became of something that is done and says no more.
    pub fn done(self, done: Result<(), Unreachable>) {
        match (self, done) {
            (Self::Done(reply), done) => drop(reply.send(done)),
            (other, Err(Unreachable(why))) => other.refuse(&why),
            (other, Ok(())) => other.refuse("it was something else"),
        }
    }

    /// This became of what was told.
    pub fn told(self, became: Result<Vec<Became>, Unreachable>) {
        match (self, became) {
            (Self::Told(reply), became) => drop(reply.send(became)),
            (other, Err(Unreachable(why))) => other.refuse(&why),
            (other, Ok(_)) => other.refuse("it was something else"),
        }
    }

    /// This became of an erasure.
    pub fn erased(self, erased: Result<Erasure, NotErased>) {
        match self {
            Self::Erased(reply) => drop(reply.send(erased)),
            Self::Overheard(reply) => drop(reply.send(erased.is_ok())),
            other @ (Self::Done(_) | Self::Told(_) | Self::Nobody) => other.refuse("it was something else"),
        }
    }
}
