//! Agents' records: created, changed and deleted in the agent's turn.

use std::borrow::Cow;
use std::sync::Arc;

use super::Agents;
use super::by::By;
use super::turn::{Applied, Refusal};
use crate::domain::command::{Ask, Command};
use crate::domain::ids::AgentId;
use crate::domain::record::AgentRecord;
use crate::domain::rejection::Rejection;

impl Agents {
    /// Creates the agent or replaces its record, by what `make` says of the newest kept record: none if
    /// there is no such agent. It is asked in the agent's turn, and again if another change of the
    /// agent was kept first.
    ///
    /// # Errors
    /// [`Refusal`], or that of `make`; but for an unknown outcome, nothing has changed.
    pub async fn configure<E: From<Refusal>>(
        &self,
        agent: &AgentId,
        by: impl Into<By>,
        mut make: impl FnMut(Option<&AgentRecord>) -> Result<AgentRecord, E>,
    ) -> Result<Applied, E> {
        let By { actor, notes } = by.into();
        let cell = self.cell_or_unborn(agent);
        let applied = self
            .take_turn(&cell, None, notes.as_deref(), |known, view| {
                let before = known.record().map(|record| view.directory.without_what_is_gone(record));
                let record = make(before.as_ref())?;
                view.check_record(&record, before.as_ref()).map_err(Refusal::from)?;
                Ok(Cow::Owned(Command::new(Ask::Configure(Arc::new(record)), actor.clone())))
            })
            .await
            .and_then(|once| once.now().map_err(E::from));
        if applied.is_err() {
            self.forget_unborn(agent, cell);
        }
        applied
    }

    /// Deletes the agent if `check` agrees, which is asked in the agent's turn.
    ///
    /// # Errors
    /// [`Refusal`], or that of `check`; but for an unknown outcome, nothing has changed.
    pub async fn delete<E: From<Refusal>>(
        &self,
        agent: &AgentId,
        by: impl Into<By>,
        mut check: impl FnMut(&AgentRecord) -> Result<(), E>,
    ) -> Result<Applied, E> {
        let By { actor, notes } = by.into();
        let unknown = || Refusal::from(Rejection::UnknownAgent);
        let cell = self.cell(agent).ok_or_else(unknown)?;
        self.take_turn(&cell, None, notes.as_deref(), |known, _| {
            check(known.record().ok_or_else(unknown)?)?;
            Ok(Cow::Owned(Command::new(Ask::Delete, actor.clone())))
        })
        .await
        .and_then(|once| once.now().map_err(E::from))
    }
}
