//! A turn: decide on the newest kept state, append, wait.

use std::borrow::Cow;
use std::sync::Arc;

use super::slot::{Known, Slot, Unsettled};
use super::{Agents, DirectoryView};
use crate::domain::cause::Actor;
use crate::domain::change::Remark;
use crate::domain::command::{Ask, Command, WorkEvent};
use crate::domain::ids::AgentId;
use crate::domain::rejection::Rejection;
use crate::domain::rules::Under;
use crate::domain::rules::eligibility::Reason;
use crate::engine::{Append, Entry, Lane, OperationId, Outcome, Recalled, Room, Seq, Subject};

/// What a command led to; it is durable.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The state it led to.
    pub known: Known,
    /// What the caller should know besides.
    pub remark: Option<Remark>,
}

/// What became of an operation that was not refused.
#[derive(Clone, Debug)]
pub enum Once {
    /// It was applied now.
    Now(Applied),
    /// It was applied before; nothing happened now.
    Before(Recalled),
}

impl Once {
    /// For a command that is no operation. No engine remembers an operation that it was not given;
    /// should one say so, nobody knows what it has kept.
    pub(super) fn now(self) -> Result<Applied, Refusal> {
        match self {
            Self::Now(applied) => Ok(applied),
            Self::Before(_) => Err(Refusal::OutcomeUnknown),
        }
    }
}

/// Why a command was not applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The rules refuse it.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// It could not be kept; nothing was changed.
    #[error("the hub could not keep it now; nothing was changed, send it again")]
    Unavailable,
    /// The state it leads to is larger than an entry may be.
    #[error("the agent's state would become too large to keep")]
    TooLarge,
    /// It may have been kept.
    #[error("the hub cannot say now whether it was kept; ask again with the same id")]
    OutcomeUnknown,
}

impl Refusal {
    /// The stable code of the contract.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rejected(rejection) => rejection.code(),
            Self::Unavailable => "unavailable",
            Self::TooLarge => "too_large",
            Self::OutcomeUnknown => "outcome_unknown",
        }
    }
}

impl Agents {
    /// Decides `command` in the agent's turn and returns once its changes are kept and applied.
    ///
    /// # Errors
    /// [`Refusal`]; but for `OutcomeUnknown`, nothing has changed.
    pub async fn decide(&self, agent: &AgentId, command: Command) -> Result<Applied, Refusal> {
        let slot = self.slot(agent).ok_or(Rejection::UnknownAgent)?;
        self.take_turn(&slot, None, |_, _| Ok(Cow::Borrowed(&command))).await.and_then(Once::now)
    }

    /// As [`Agents::decide`], for an operation that happens once however often it is sent.
    ///
    /// # Errors
    /// [`Refusal`]; but for `OutcomeUnknown`, nothing has changed.
    pub async fn decide_once(
        &self,
        agent: &AgentId,
        command: Command,
        operation: OperationId,
    ) -> Result<Once, Refusal> {
        let slot = self.slot(agent).ok_or(Rejection::UnknownAgent)?;
        self.take_turn(&slot, Some(operation), |_, _| Ok(Cow::Borrowed(&command))).await
    }

    /// Takes the agent's turn for what `asks` says of the newest kept state, and again if another change
    /// of the agent was kept first.
    pub(super) async fn take_turn<'c, E: From<Refusal>>(
        &self,
        slot: &Arc<Slot>,
        operation: Option<OperationId>,
        mut asks: impl FnMut(&Known, &DirectoryView) -> Result<Cow<'c, Command>, E>,
    ) -> Result<Once, E> {
        let mut turn = slot.turn.lock().await;
        loop {
            if let Some(Unsettled { lane, after, seen }) = turn.unsettled {
                self.settle(slot, lane).await?;
                if slot.newest().seq > after {
                    turn.seen = seen;
                }
                turn.unsettled = None;
            }
            let known = slot.newest();
            let view = self.directory();
            let command = asks(&known, &view)?;
            if command.ask.is_only_if_eligible() && self.is_gone_but_not_kept(&known) {
                let rejection = Rejection::NotEligible { reasons: vec![Reason::NotConnected] };
                return Ok(self.refused(rejection, operation).await?);
            }
            let under = if view.concerns(&known) { Under::Changed } else { Under::TheSame };
            // In this order: whoever reads the clock first after a standstill finds it.
            let now = self.clock().now();
            let mut seen = turn.seen;
            let standstills = self.clock().standstills_since(&mut seen);
            let under = under(&view.directory);
            let decision = match known.agent.decide_after(&standstills, under, &command, now) {
                Ok(decision) => decision,
                Err(rejection) => return Ok(self.refused(rejection, operation).await?),
            };
            if decision.changes.is_empty() {
                slot.is_judged(known.seq, view.seq);
                turn.seen = seen;
                return Ok(Once::Now(Applied { known, remark: decision.remark }));
            }
            let entries = decision
                .changes
                .into_iter()
                .map(|change| Entry::Agent { change: Box::new(change), directory_seq: view.seq });
            let append = Append {
                subject: Subject::Agent(known.agent.record.agent.clone()),
                expected: known.seq,
                entries: entries.collect(),
                room: room_of(&command.ask),
                lane: lane_of(&command),
                operation: operation.clone(),
            };
            turn.unsettled = Some(Unsettled { lane: append.lane, after: known.seq, seen });
            let outcome = self.keep(append).await;
            turn.unsettled.take_if(|_| !matches!(outcome, Outcome::Conflict { .. } | Outcome::Unknown));
            match outcome {
                Outcome::Kept { .. } => {
                    turn.seen = seen;
                    return Ok(Once::Now(Applied { known: slot.newest(), remark: decision.remark }));
                }
                Outcome::Duplicate(recalled) => return Ok(Once::Before(recalled)),
                // Another change was kept first.
                Outcome::Conflict { newest } => {
                    self.catch_up(slot, newest).await?;
                    turn.unsettled = None;
                }
                Outcome::TooLarge => return Err(Refusal::TooLarge.into()),
                Outcome::Unavailable => return Err(Refusal::Unavailable.into()),
                Outcome::Unknown => return Err(Refusal::OutcomeUnknown.into()),
            }
        }
    }

    /// Nobody knows what became of the agent's last append: its outcome was unknown, or whoever waited for
    /// it went away. Finds out before anything is decided, because a command that changes nothing, or is
    /// refused, would not be held against what the engine has kept.
    async fn settle(&self, slot: &Slot, lane: Lane) -> Result<(), Refusal> {
        let known = slot.newest();
        let subject = Subject::Agent(known.agent.record.agent.clone());
        // Behind the append itself, should it still wait.
        let asks =
            Append { subject, expected: known.seq, entries: Vec::new(), room: Room::Usual, lane, operation: None };
        match self.keep(asks).await {
            Outcome::Kept { .. } => Ok(()),
            Outcome::Conflict { newest } => self.catch_up(slot, newest).await,
            Outcome::Unavailable | Outcome::TooLarge => Err(Refusal::Unavailable),
            Outcome::Unknown | Outcome::Duplicate(_) => Err(Refusal::OutcomeUnknown),
        }
    }

    /// Appends, once it is this append's turn.
    async fn keep(&self, append: Append) -> Outcome {
        // The semaphore is never closed; a permit is only a place in the line.
        let _place = match append.lane {
            Lane::People => {
                self.shared.people.come();
                self.shared.appends.acquire().await
            }
            Lane::Batches => self.shared.batches.acquire().await,
        };
        self.shared.engine.append(append).await.unwrap_or(Outcome::Unknown)
    }

    /// A refused event may be one that was applied before and no longer fits; then it is a duplicate.
    async fn refused(&self, rejection: Rejection, operation: Option<OperationId>) -> Result<Once, Refusal> {
        let Some(operation) = operation else { return Err(rejection.into()) };
        match self.shared.engine.recall(operation).await {
            Ok(Ok(Some(recalled))) => Ok(Once::Before(recalled)),
            Ok(Ok(None)) => Err(rejection.into()),
            Ok(Err(_)) | Err(_) => Err(Refusal::Unavailable),
        }
    }

    /// The agent's newest entry is at `newest`: it comes through the tail, or it is one that memory has
    /// let go of.
    async fn catch_up(&self, slot: &Slot, newest: Seq) -> Result<(), Refusal> {
        self.wait_until_applied(newest).await?;
        let known = slot.newest();
        if known.seq < newest { self.remember(slot, &known.agent.record.agent).await } else { Ok(()) }
    }

    /// Another writer's entry won; it comes through the tail.
    pub(super) async fn wait_until_applied(&self, seq: Seq) -> Result<(), Refusal> {
        let mut applied = self.shared.applied.subscribe();
        applied.wait_for(|applied| *applied >= seq).await.map(|_| ()).map_err(|_| Refusal::Unavailable)
    }
}

/// What work systems and administrators send may be much; all else somebody waits for.
fn lane_of(command: &Command) -> Lane {
    match &command.ask {
        Ask::Work(..) | Ask::Reconcile(_) | Ask::FollowDirectory | Ask::EndDay | Ask::Delete => Lane::Batches,
        // The hub itself makes the record of an agent who signs in for the first time.
        Ask::Configure(_) if command.actor != Actor::System => Lane::Batches,
        Ask::Configure(_)
        | Ask::OpenSession(..)
        | Ask::EndSession(..)
        | Ask::SignOut
        | Ask::HubReturned { .. }
        | Ask::Choose(_)
        | Ask::Reset
        | Ask::Tick => Lane::People,
    }
}

/// Work and records are refused before an entry is full. All else adds little, and either has happened
/// already or must be possible whatever work the agent has.
fn room_of(ask: &Ask) -> Room {
    match ask {
        Ask::Work(_, WorkEvent::Offered { .. } | WorkEvent::Assigned { .. })
        | Ask::Reconcile(_)
        | Ask::Configure(_) => Room::Usual,
        Ask::OpenSession(..)
        | Ask::EndSession(..)
        | Ask::SignOut
        | Ask::HubReturned { .. }
        | Ask::Choose(_)
        | Ask::Reset
        | Ask::Work(..)
        | Ask::FollowDirectory
        | Ask::EndDay
        | Ask::Delete
        | Ask::Tick => Room::Reserve,
    }
}
