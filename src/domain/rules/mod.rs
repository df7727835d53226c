//! The rules, a file per chapter of the rule book (`docs/rules.md`).
//!
//! Every condition is here; keeping a [`Change`] only stores. A rule compares `now` with the
//! deadline itself, so a timer that is late, or never comes, changes nothing.

mod admission;
mod automatic;
mod disconnect;
mod draft;
pub mod eligibility;
mod held;
mod manual;
mod reconcile;
mod record;
mod settle;
mod sign_in;
mod work;

#[cfg(test)]
mod tests;

pub use admission::{MAX_PROFILES, MAX_WORK_ITEMS};
pub use manual::MAX_REASON;

use super::agent::{Agent, Connection};
use super::cause::{Actor, Cause, EventName};
use super::change::{Change, Decision, Remark};
use super::command::{Ask, Command, Ended};
use super::directory::Directory;
use super::rejection::Rejection;
use super::time::{Standstill, Timestamp};
use draft::Draft;

impl Agent {
    /// What `command` leads to at `now`: the changes that time alone has brought up to then, and
    /// those of the command.
    ///
    /// # Errors
    /// The [`Rejection`] says why the command is refused; then nothing changes.
    pub fn decide(&self, command: &Command, now: Timestamp, directory: &Directory) -> Result<Decision, Rejection> {
        self.decide_under(Under::TheSame(directory), command, now)
    }

    /// The same, under a directory that may have changed since: what time has brought is followed by
    /// what its changes bring, and then the command.
    ///
    /// # Errors
    /// As for [`Agent::decide`].
    pub fn decide_under(&self, under: Under<'_>, command: &Command, now: Timestamp) -> Result<Decision, Rejection> {
        self.decide_after(&[], under, command, now)
    }

    /// The same after the hub stood still, in the order of time: windows, graces and offers that ran
    /// then wait for it.
    ///
    /// # Errors
    /// As for [`Agent::decide`].
    pub fn decide_after(
        &self,
        standstills: &[Standstill],
        under: Under<'_>,
        command: &Command,
        now: Timestamp,
    ) -> Result<Decision, Rejection> {
        let (Under::TheSame(directory) | Under::Changed(directory)) = under;
        if (self.version == 0 || self.deleted.is_some()) && !matches!(command.ask, Ask::Configure(_)) {
            return Err(Rejection::UnknownAgent);
        }
        manual::check_reason(command.reason.as_deref())?;
        let mut draft = Draft::of(self, directory);
        draft.agent.brought_back_to(now);
        let at = took_effect(&command.ask, now).max(draft.agent.changed_at).min(now);
        // Another node of a cluster may have decided since, to which they were nothing.
        let standstills: Vec<_> = standstills.iter().filter_map(|one| one.beyond(draft.agent.changed_at)).collect();
        let (before, after) = standstills.split_at(standstills.partition_point(|one| one.began < at));
        draft.wait_for_the_hub(before);
        if let Ask::HubReturned { down, .. } = command.ask {
            draft.settle_absence(at, down);
        } else {
            draft.settle(at);
        }
        if let Under::Changed(_) = under {
            draft.follow_directory(at, &Actor::System);
        }
        if let Some(expected) = command.if_version.filter(|expected| *expected != draft.agent.version) {
            return Err(Rejection::VersionConflict { expected, newest: draft.agent.version });
        }
        let remark = draft.apply(command, at)?;
        draft.wait_for_the_hub(after);
        draft.settle(now);
        if !standstills.is_empty() && draft.has_moved() {
            draft.step(now, Cause::of(EventName::Other), &Actor::System, None);
        }
        let mut changes = draft.into_steps();
        if let Some(last) = changes.last_mut() {
            last.reported_time.clone_from(&command.reported_time);
            last.reason.clone_from(&command.reason);
            // Whoever is away shows Offline, whose reason this is not: the change itself says why it was chosen.
            if let (Ask::Choose(choice), Connection::Disconnected { .. }) = (&command.ask, &last.after.connection) {
                last.reason.clone_from(&choice.reason);
            }
        }
        if let Ask::EndSession(_, Ended::At { network, .. }) = command.ask {
            let ends = |change: &&mut Change| change.cause.event.ends_a_session();
            changes.iter_mut().filter(ends).for_each(|change| change.network = network);
        }
        Ok(Decision { changes, remark })
    }

    /// The changes that time alone has brought by `now`.
    #[must_use]
    pub fn settle(&self, now: Timestamp, directory: &Directory) -> Vec<Change> {
        let mut draft = Draft::of(self, directory);
        draft.settle(now);
        draft.into_steps()
    }
}

/// The directory that a decision is made under.
#[derive(Clone, Copy, Debug)]
pub enum Under<'d> {
    /// Nothing that concerns the agent is different from when its state was decided.
    TheSame(&'d Directory),
    /// Something is, or may be.
    Changed(&'d Directory),
}

/// When what is asked took effect: for sockets, when they were accepted or ended.
fn took_effect(ask: &Ask, now: Timestamp) -> Timestamp {
    match ask {
        Ask::OpenSession(_, at, _) | Ask::EndSession(_, Ended::At { at, .. } | Ended::Refreshing { at, .. }) => *at,
        Ask::SignOut
        | Ask::HubReturned { .. }
        | Ask::NodeLost { .. }
        | Ask::Choose(_)
        | Ask::Reset
        | Ask::Work(..)
        | Ask::Reconcile(_)
        | Ask::Configure(_)
        | Ask::FollowDirectory
        | Ask::EndDay { .. }
        | Ask::Delete
        | Ask::Tick => now,
    }
}

impl Draft<'_> {
    fn apply(&mut self, command: &Command, at: Timestamp) -> Result<Option<Remark>, Rejection> {
        let actor = &command.actor;
        match &command.ask {
            Ask::OpenSession(session, _, opens) => self.open_session(*session, *opens, at, actor)?,
            Ask::EndSession(session, ended) => self.end_session(*session, *ended, at),
            Ask::SignOut => self.sign_out(at, actor, command.reason.as_deref())?,
            Ask::HubReturned { node, boot, down } => self.hub_returned((*node, *boot), *down, at),
            Ask::NodeLost { node, boot, at: lost } => self.node_lost((*node, *boot), *lost, at),
            Ask::Choose(choice) => self.choose(choice, at, actor)?,
            Ask::Reset => self.reset(at, actor)?,
            Ask::Work(id, event) => return self.work(id, event, at, actor),
            Ask::Reconcile(items) => self.reconcile(items, at, actor)?,
            Ask::Configure(record) => self.configure(record, at, actor),
            Ask::FollowDirectory => self.follow_directory(at, actor),
            Ask::EndDay { over } => self.end_day(*over, at, actor),
            Ask::Delete => self.delete(at, actor),
            Ask::Tick => {}
        }
        Ok(None)
    }
}
