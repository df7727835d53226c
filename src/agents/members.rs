//! The nodes of a cluster, as far as they matter to agents.
//!
//! Every node decides by itself what the log says, so what the hub brings about (a passed deadline, a lost node) would be
//! decided on each. One does it: the [first in rank](crate::engine::Members::rank) of the agent. Should that one be slow,
//! the next steps in a second later; what was decided already is then nothing to decide. On one machine all of it happens
//! at once.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::mpsc;

use super::{Agents, Known};
use crate::domain::agent::{Agent, Connection};
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::domain::ids::{AgentId, SessionId};
use crate::engine::members::Peer;
use crate::engine::{Beside, FromPeer, LostNode};

/// How long a node leaves to the one before it in rank.
const STEPS_IN_AFTER: Duration = Duration::from_secs(1);

/// Whose turn it is: of nodes up to a rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn(u32);

impl Turn {
    /// Returns when it is.
    pub async fn begins(self) {
        if self.0 > 0 {
            tokio::time::sleep(STEPS_IN_AFTER).await;
        }
    }
}

impl Agents {
    /// The turns in which something is done for many agents: at first for those of whom this node is the first, then for
    /// those whom others have left out.
    pub(super) fn turns(&self) -> impl Iterator<Item = Turn> + use<> {
        let peers = u32::try_from(self.members().peers().len()).unwrap_or(u32::MAX);
        (0..=peers).map(Turn)
    }

    /// Whether it is this node's turn to act on the agent.
    pub(super) fn is_turn_of(&self, turn: Turn, known: &Known) -> bool {
        self.rank(&known.agent) <= turn.0
    }

    fn rank(&self, agent: &Agent) -> u32 {
        self.members().rank(&agent.record.agent, agent.sessions())
    }

    /// Returns when it is this node's turn to act on the agent.
    pub(super) async fn wait_for_the_turn(&self, agent: &AgentId) {
        let rank = self.find(agent).map_or(0, |known| self.rank(&known.agent));
        if rank > 0 {
            tokio::time::sleep(STEPS_IN_AFTER * rank).await;
        }
    }

    /// How many sessions of somebody are on other nodes that are there.
    #[must_use]
    pub fn sessions_elsewhere(&self, subject: &str) -> usize {
        let members = self.members();
        if !members.are_several() {
            return 0;
        }
        let known = AgentId::new(subject).ok().and_then(|agent| self.existing(&agent));
        let is_elsewhere = |session: &&SessionId| session.node != members.node() && members.is_there(session);
        known.map_or(0, |known| known.agent.sessions().iter().filter(is_elsewhere).count())
    }

    /// Decides what other nodes bring about, and hands on to `kept` what they keep beside the log, for ever.
    pub async fn keep_up_with_peers(self, mut from_peers: mpsc::Receiver<FromPeer>, kept: mpsc::Sender<Beside>) {
        let Some(mut changes) = self.members().changes() else { return std::future::pending().await };
        // Whoever was lost while this node was not there, or began to decide and ended.
        self.decide_whoever_is_over().await;
        let mut known = self.members().peers();
        loop {
            tokio::select! {
                from_peer = from_peers.recv() => match from_peer {
                    Some(FromPeer::Lost(lost)) => drop(tokio::spawn(self.clone().decide_in_turn(lost))),
                    // Nobody takes it once the hub ends.
                    Some(FromPeer::Kept(beside)) => drop(kept.send(beside).await),
                    None => return std::future::pending().await,
                },
                Ok(()) = changes.changed() => {
                    let now = self.members().peers();
                    self.tell_eligibility(&known, &now).await;
                    known = now;
                }
            }
        }
    }

    /// Agents whose sessions are on nodes that have become silent, or are heard again, may be eligible no more, or again.
    async fn tell_eligibility(&self, before: &BTreeMap<u16, Peer>, now: &BTreeMap<u16, Peer>) {
        let differs = |session: &SessionId| before.get(&session.node) != now.get(&session.node);
        let mut bite = self.bite(None);
        loop {
            let concerned = bite.agents.iter().filter(|known| known.agent.sessions().iter().any(differs));
            concerned.for_each(|known| self.shared.eligible.changed(Some(&known.agent), &known.agent));
            let Some(last) = bite.last else { return };
            tokio::task::yield_now().await;
            bite = self.bite(Some(last.as_str()));
        }
    }

    /// A node is gone: decides it for those of whom this node is the first, and then for whom others have left out.
    async fn decide_in_turn(self, lost: LostNode) {
        for turn in self.turns() {
            turn.begins().await;
            self.decide_lost(lost, |known| self.is_turn_of(turn, known)).await;
        }
    }

    /// The same for all agents.
    pub(super) async fn decide_at_once(&self, lost: LostNode) {
        self.decide_lost(lost, |_| true).await;
    }

    async fn decide_lost(&self, lost: LostNode, is_its: impl Fn(&Known) -> bool) {
        let is_lost = |session: &SessionId| session.node == lost.node && session.boot <= lost.boot;
        let mut there = self.matching(|agent| agent.sessions().iter().any(is_lost)).await;
        there.retain(is_its);
        self.keep_at_each(&there, &command(lost)).await;
    }

    async fn decide_whoever_is_over(&self) {
        let is_over = |session: &SessionId| self.members().is_over(session);
        for known in self.matching(|agent| agent.sessions().iter().any(is_over)).await {
            self.look_for_lost_sessions(&known);
        }
    }

    /// An entry may say that a session is open whose node was declared to be gone meanwhile: the node stood still between
    /// two looks at its clock.
    pub(super) fn look_for_lost_sessions(&self, known: &Known) {
        let Connection::Connected { sessions } = &known.agent.connection else { return };
        let Some(over) = sessions.iter().find(|session| self.members().is_over(session)) else { return };
        let lost = LostNode { node: over.node, boot: over.boot, at: known.agent.changed_at };
        let (agents, agent) = (self.clone(), known.agent.record.agent.clone());
        tokio::spawn(async move {
            agents.wait_for_the_turn(&agent).await;
            agents.keep_at_it(&agent, command(lost)).await;
        });
    }
}

fn command(LostNode { node, boot, at }: LostNode) -> Command {
    Command::new(Ask::NodeLost { node, boot, at }, Actor::System)
}
