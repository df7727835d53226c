//! A turn: one command at a time is decided for an agent, on the newest kept state, and appended.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::by::Notes;
use super::cell::{AgentCell, Known, Unsettled};
use super::{Agents, DirectoryView};
use crate::domain::cause::Actor;
use crate::domain::change::Remark;
use crate::domain::command::{Ask, Command, WorkEvent};
use crate::domain::ids::AgentId;
use crate::domain::rejection::Rejection;
use crate::domain::rules::Under;
use crate::domain::rules::eligibility::Reason;
use crate::engine::{Append, Entry, Lane, OperationId, Outcome, Recalled, Seq, SizeLimit, Subject};

/// How long somebody waits for what another has kept.
const APPLIED_WITHIN: Duration = Duration::from_secs(2);

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

impl Agents {
    /// Decides `command` in the agent's turn and returns once its changes are kept and applied.
    ///
    /// # Errors
    /// [`Refusal`]; but for `OutcomeUnknown`, nothing has changed.
    pub async fn decide(&self, agent: &AgentId, command: Command) -> Result<Applied, Refusal> {
        let cell = self.cell_of(agent).await?;
        self.take_turn(&cell, None, None, |_, _| Ok(Cow::Borrowed(&command))).await.and_then(Once::now)
    }

    /// As [`Agents::decide`], for somebody of whom the audit keeps it.
    ///
    /// # Errors
    /// [`Refusal`]; but for `OutcomeUnknown`, nothing has changed.
    pub async fn decide_noted(
        &self,
        agent: &AgentId,
        command: Command,
        notes: Option<&dyn Notes>,
    ) -> Result<Applied, Refusal> {
        let cell = self.cell_of(agent).await?;
        self.take_turn(&cell, None, notes, |_, _| Ok(Cow::Borrowed(&command))).await.and_then(Once::now)
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
        let cell = self.cell_of(agent).await?;
        self.take_turn(&cell, Some(operation), None, |_, _| Ok(Cow::Borrowed(&command))).await
    }

    /// The agent's cell. Another node may have just created the agent.
    async fn cell_of(&self, agent: &AgentId) -> Result<Arc<AgentCell>, Refusal> {
        if let Some(cell) = self.cell(agent) {
            return Ok(cell);
        }
        if self.members().are_several() {
            let cell = self.cell_or_unborn(agent);
            let heard = self.settle(&cell, Lane::People).await;
            self.forget_unborn(agent, cell);
            heard?;
        }
        self.cell(agent).ok_or_else(|| Rejection::UnknownAgent.into())
    }

    /// Waits for the agent's turn and decides the command that `asks` makes of the newest kept state; makes
    /// and decides it again if another change of the agent was kept first.
    pub(super) async fn take_turn<'c, E: From<Refusal>>(
        &self,
        cell: &Arc<AgentCell>,
        operation: Option<OperationId>,
        notes: Option<&dyn Notes>,
        mut asks: impl FnMut(&Known, &DirectoryView) -> Result<Cow<'c, Command>, E>,
    ) -> Result<Once, E> {
        let mut turn = cell.turn.lock().await;
        // On one machine everything is heard that is kept.
        let mut has_heard_all = !self.members().are_several();
        loop {
            if let Some(Unsettled { lane, after, seen }) = turn.unsettled {
                self.settle(cell, lane).await?;
                if cell.newest().seq > after {
                    turn.seen = seen;
                }
                turn.unsettled = None;
            }
            let known = cell.newest();
            let view = self.directory();
            let command = match asks(&known, &view) {
                Ok(command) => command,
                // As below.
                Err(_) if !has_heard_all => {
                    self.settle(cell, Lane::People).await?;
                    has_heard_all = true;
                    continue;
                }
                Err(refused) => return Err(refused),
            };
            if command.ask.is_only_if_eligible() && self.has_ended_all_sessions(&known) {
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
                // What another node has kept meanwhile may allow it.
                Err(_) if !has_heard_all => {
                    self.settle(cell, lane_of(&command)).await?;
                    has_heard_all = true;
                    continue;
                }
                Err(rejection) => return Ok(self.refused(rejection, operation).await?),
            };
            // What another node has kept meanwhile may make it a change. The hub itself asks again when it hears of that.
            if decision.changes.is_empty() && !has_heard_all && command.actor != Actor::System {
                self.settle(cell, lane_of(&command)).await?;
                has_heard_all = true;
                continue;
            }
            if decision.changes.is_empty() {
                cell.is_judged(known.seq, view.seq);
                turn.seen = seen;
                return Ok(Once::Now(Applied { known, remark: decision.remark }));
            }
            let before = Some(&*known.agent).filter(|_| known.record().is_some());
            let note = notes.and_then(|notes| notes.of_agent(&command.ask, before, &decision.changes)).map(Box::new);
            let after = decision.changes.last().map(|change| change.after.clone());
            let entries = decision
                .changes
                .into_iter()
                .map(|change| Entry::Agent { change: Box::new(change), directory_seq: view.seq });
            let append = Append {
                subject: Subject::Agent(known.agent.record.agent.clone()),
                expected: known.seq,
                entries: entries.collect(),
                directory: 0,
                limit: size_limit_of(&command.ask),
                lane: lane_of(&command),
                operation: operation.clone(),
                note,
            };
            turn.unsettled = Some(Unsettled { lane: append.lane, after: known.seq, seen });
            let outcome = self.keep(append).await;
            turn.unsettled.take_if(|_| !matches!(outcome, Outcome::Conflict { .. } | Outcome::Unknown));
            match outcome {
                Outcome::Kept { seq } => {
                    turn.seen = seen;
                    // What another node has kept may have come with it; an operation is answered with what it led to itself,
                    // as it will be when it is sent again.
                    let known = match after.filter(|_| operation.is_some()) {
                        Some(agent) => Known { seq, directory_seq: view.seq, agent },
                        None => cell.newest(),
                    };
                    return Ok(Once::Now(Applied { known, remark: decision.remark }));
                }
                Outcome::Duplicate(recalled) => return Ok(Once::Before(recalled)),
                // Another change was kept first.
                Outcome::Conflict { newest } => {
                    self.catch_up(cell, newest).await?;
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
    pub(super) async fn settle(&self, cell: &AgentCell, lane: Lane) -> Result<(), Refusal> {
        let known = cell.newest();
        let subject = Subject::Agent(known.agent.record.agent.clone());
        // An append without entries, in the same lane: it is answered after the one before, should that still
        // wait.
        let asks = Append {
            subject,
            expected: known.seq,
            entries: Vec::new(),
            directory: 0,
            limit: SizeLimit::Usual,
            lane,
            operation: None,
            note: None,
        };
        match self.keep(asks).await {
            Outcome::Kept { .. } => Ok(()),
            Outcome::Conflict { newest } => self.catch_up(cell, newest).await,
            Outcome::Unavailable | Outcome::TooLarge => Err(Refusal::Unavailable),
            Outcome::Unknown | Outcome::Duplicate(_) => Err(Refusal::OutcomeUnknown),
        }
    }

    /// Appends once fewer than [`APPENDS_UNDER_WAY`](super::APPENDS_UNDER_WAY) appends of its lane are under way.
    async fn keep(&self, append: Append) -> Outcome {
        let (asked, keeps) = (Instant::now(), !append.entries.is_empty());
        // The semaphore is never closed.
        let _permit = match append.lane {
            Lane::People => {
                self.shared.people.come();
                self.shared.appends.acquire().await
            }
            Lane::Batches => self.shared.batches.acquire().await,
        };
        let outcome = self.shared.engine.append(append).await.unwrap_or(Outcome::Unknown);
        if keeps && matches!(outcome, Outcome::Kept { .. }) {
            self.shared.metrics.kept.took(asked.elapsed());
        }
        outcome
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

    /// Waits until memory holds the agent's entry at `newest`. It comes through the tail, unless the agent was
    /// deleted and removed from memory: then it is read from the log.
    async fn catch_up(&self, cell: &AgentCell, newest: Seq) -> Result<(), Refusal> {
        self.wait_until_applied(newest).await?;
        let known = cell.newest();
        if newest == 0 {
            // It was erased, and whoever asked for it has not come so far.
            self.was_erased(cell, &known.agent.record.agent);
            return Ok(());
        }
        if known.seq < newest { self.remember(cell, &known.agent.record.agent).await } else { Ok(()) }
    }

    /// Waits until what the tail brings is applied up to `seq`. On one machine that has come already; a node of a cluster
    /// may be cut off from it.
    pub(super) async fn wait_until_applied(&self, seq: Seq) -> Result<(), Refusal> {
        let mut applied = self.shared.applied.subscribe();
        let applied = applied.wait_for(|applied| *applied >= seq);
        let in_time = tokio::time::timeout(APPLIED_WITHIN, applied).await;
        in_time.map_err(|_| Refusal::Unavailable)?.map(|_| ()).map_err(|_| Refusal::Unavailable)
    }
}

/// What work systems and administrators send may be much; all else somebody waits for.
fn lane_of(command: &Command) -> Lane {
    match &command.ask {
        Ask::Work(..) | Ask::Reconcile(_) | Ask::FollowDirectory | Ask::EndDay { .. } | Ask::Delete => Lane::Batches,
        // The hub itself makes the record of an agent who signs in for the first time.
        Ask::Configure(_) if command.actor != Actor::System => Lane::Batches,
        Ask::Configure(_)
        | Ask::OpenSession(..)
        | Ask::EndSession(..)
        | Ask::SignOut
        | Ask::HubReturned { .. }
        | Ask::NodeLost { .. }
        | Ask::Choose(_)
        | Ask::Reset
        | Ask::Tick => Lane::People,
    }
}

/// Work and records are refused before an entry is full. All else adds little, and either has happened
/// already or must be possible whatever work the agent has.
fn size_limit_of(ask: &Ask) -> SizeLimit {
    match ask {
        Ask::Work(_, WorkEvent::Offered { .. } | WorkEvent::Assigned { .. })
        | Ask::Reconcile(_)
        | Ask::Configure(_) => SizeLimit::Usual,
        Ask::OpenSession(..)
        | Ask::EndSession(..)
        | Ask::SignOut
        | Ask::HubReturned { .. }
        | Ask::NodeLost { .. }
        | Ask::Choose(_)
        | Ask::Reset
        | Ask::Work(..)
        | Ask::FollowDirectory
        | Ask::EndDay { .. }
        | Ask::Delete
        | Ask::Tick => SizeLimit::Reserve,
    }
}
