//! Keeping a change of the directory: in its turn, and refused only once all is heard that other nodes have kept.

use tokio::sync::OwnedMutexGuard;

use super::administration::DirectoryRefusal;
use super::by::By;
use super::cell::Known;
use super::turn::Refusal;
use super::{Agents, DirectoryView};
use crate::domain::agent::Agent;
use crate::domain::directory::DirectoryChange;
use crate::engine::{Append, Entry, Lane, Outcome, SizeLimit, Subject};

/// The turn of whoever changes the directory.
type DirectoryTurn = OwnedMutexGuard<()>;

/// What became of a change.
enum Tried {
    Kept,
    /// Another node's change of the same record was kept first; decide again.
    Overtaken(DirectoryTurn),
}

impl Agents {
    /// Keeps the change that `decide` says for the directory as it is, if it says one, and returns what
    /// else it says. It is a change of this record.
    pub(super) async fn change_directory<T, E: From<DirectoryRefusal>>(
        &self,
        subject: Subject,
        by: By,
        mut decide: impl FnMut(&DirectoryView) -> Result<(T, Option<DirectoryChange>), E>,
    ) -> Result<T, E> {
        let mut turn = self.directory_turn().await;
        // On one machine everything is heard that is kept.
        let mut has_heard_all = !self.members().are_several();
        loop {
            let view = self.directory();
            let change = match decide(&view) {
                Ok((decided, Some(change))) => (decided, change),
                Ok((decided, None)) if has_heard_all => return Ok(decided),
                Err(refused) if has_heard_all => return Err(refused),
                // What another node has kept meanwhile may make it a change, or allow it.
                Ok((_, None)) | Err(_) => {
                    self.hear_all_of(&subject, &view).await?;
                    has_heard_all = true;
                    continue;
                }
            };
            let (decided, change) = change;
            match self.keep_change(turn, &view, change, &by).await? {
                Tried::Kept => return Ok(decided),
                Tried::Overtaken(again) => turn = again,
            }
        }
    }

    /// Keeps what `removes` says for the directory as it is, and for an agent that `uses` the record, if there is one. It
    /// is a change of this record.
    pub(super) async fn remove<E: From<DirectoryRefusal>>(
        &self,
        subject: &Subject,
        by: By,
        uses: impl Fn(&Agent) -> bool,
        mut removes: impl FnMut(&DirectoryView, Option<&Known>) -> Result<DirectoryChange, E>,
    ) -> Result<(), E> {
        let mut turn = self.directory_turn().await;
        // On one machine everything is heard that is kept.
        let mut has_heard_all = !self.members().are_several();
        loop {
            let (view, holder) = (self.directory(), self.first_that_still(&uses).await?);
            let change = match removes(&view, holder.as_ref()) {
                Ok(change) => change,
                Err(refused) if has_heard_all => return Err(refused),
                // What another node has kept meanwhile may allow it.
                Err(_) => {
                    self.hear_all_of(subject, &view).await?;
                    has_heard_all = true;
                    continue;
                }
            };
            match self.keep_change(turn, &view, change, &by).await? {
                Tried::Kept => return Ok(()),
                Tried::Overtaken(again) => turn = again,
            }
        }
    }

    /// The first agent that uses a record, also by what other nodes have kept of that agent before now.
    async fn first_that_still(&self, uses: &impl Fn(&Agent) -> bool) -> Result<Option<Known>, DirectoryRefusal> {
        let mut heard = None;
        loop {
            let Some(known) = self.first_matching(uses).await else { return Ok(None) };
            let agent = &known.agent.record.agent;
            if !self.members().are_several() || heard.as_ref() == Some(agent) {
                return Ok(Some(known));
            }
            if let Some(cell) = self.cell(agent) {
                self.settle(&cell, Lane::People).await?;
            }
            heard = Some(agent.clone());
        }
    }

    /// Waits until this node knows what was kept of the directory before now.
    async fn hear_all_of(&self, subject: &Subject, view: &DirectoryView) -> Result<(), DirectoryRefusal> {
        let asks = Append {
            subject: subject.clone(),
            expected: view.position(subject),
            entries: Vec::new(),
            directory: view.seq,
            limit: SizeLimit::Usual,
            lane: Lane::People,
            operation: None,
            note: None,
        };
        match self.shared.engine.append(asks).await.unwrap_or(Outcome::Unknown) {
            Outcome::Kept { .. } => Ok(()),
            Outcome::Conflict { newest } => Ok(self.wait_until_applied(newest).await?),
            Outcome::TooLarge | Outcome::Unavailable => Err(Refusal::Unavailable.into()),
            Outcome::Duplicate(_) | Outcome::Unknown => Err(Refusal::OutcomeUnknown.into()),
        }
    }

    async fn directory_turn(&self) -> DirectoryTurn {
        self.shared.directory_turn.clone().lock_owned().await
    }

    /// Keeps a change that was decided under `view`. The turn is over only when its outcome is known,
    /// although the caller may have gone away by then: the next change is decided on this one.
    async fn keep_change(
        &self,
        turn: DirectoryTurn,
        view: &DirectoryView,
        change: DirectoryChange,
        by: &By,
    ) -> Result<Tried, DirectoryRefusal> {
        let file = &self.shared.file_policy;
        let note = by.notes.as_ref().and_then(|notes| notes.of_directory(view, &change, file)).map(Box::new);
        let entry = Entry::Directory { change, at: self.clock().now(), actor: by.actor.clone() };
        let subject = entry.subject();
        let expected = view.position(&subject);
        let append = Append {
            subject,
            expected,
            entries: vec![entry],
            directory: view.seq,
            limit: SizeLimit::Usual,
            lane: Lane::People,
            operation: None,
            note,
        };
        let outcome = self.shared.engine.append(append);
        let kept = tokio::spawn(async move { (outcome.await.unwrap_or(Outcome::Unknown), turn) });
        let Ok((outcome, turn)) = kept.await else { return Err(Refusal::OutcomeUnknown.into()) };
        match outcome {
            Outcome::Kept { .. } => Ok(Tried::Kept),
            Outcome::TooLarge => Err(Refusal::TooLarge.into()),
            Outcome::Conflict { newest } => {
                self.wait_until_applied(newest).await?;
                Ok(Tried::Overtaken(turn))
            }
            Outcome::Unavailable => Err(Refusal::Unavailable.into()),
            Outcome::Duplicate(_) | Outcome::Unknown => Err(Refusal::OutcomeUnknown.into()),
        }
    }
}
