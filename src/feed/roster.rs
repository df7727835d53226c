//! One list for the whole hub: agents by the position of their newest entry.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use bytes::Bytes;

use crate::domain::agent::Agent;
use crate::domain::directory::Directory;
use crate::domain::ids::AgentId;
use crate::engine::Seq;
use crate::wire::present::{self, Including};

/// An agent's place in the roster; it never changes while the hub runs.
pub(super) type Slot = u32;

/// An agent's newest state, with what was encoded of it.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) agent: Arc<Agent>,
    pub(super) seq: Seq,
    /// The entry of a frame, once for each way of including.
    encoded: [Option<Bytes>; 4],
}

/// Agents by the position of their newest entry.
#[derive(Debug, Default)]
pub(super) struct Roster {
    rows: Vec<Row>,
    slots: HashMap<AgentId, Slot>,
    order: BTreeMap<Seq, Slot>,
    /// Where entries are written before they are kept in as many bytes as they have.
    scratch: Vec<u8>,
}

impl Roster {
    /// Puts an agent's newest state in. Returns its slot and the state before; none if the
    /// roster already has this position or a newer one.
    pub(super) fn put(&mut self, seq: Seq, agent: Arc<Agent>) -> Option<(Slot, Option<Arc<Agent>>)> {
        let Some(&slot) = self.slots.get(&agent.record.agent) else {
            let slot = Slot::try_from(self.rows.len()).ok()?;
            self.slots.insert(agent.record.agent.clone(), slot);
            self.rows.push(Row { agent, seq, encoded: Default::default() });
            self.order.insert(seq, slot);
            return Some((slot, None));
        };
        let row = &mut self.rows[slot as usize];
        if row.seq >= seq {
            return None;
        }
        self.order.remove(&row.seq);
        self.order.insert(seq, slot);
        row.seq = seq;
        row.encoded = Default::default();
        Some((slot, Some(std::mem::replace(&mut row.agent, agent))))
    }

    pub(super) fn row(&self, slot: Slot) -> &Row {
        &self.rows[slot as usize]
    }

    /// Every agent, deleted ones included.
    pub(super) fn rows(&self) -> impl Iterator<Item = (Slot, &Row)> {
        (0..).zip(&self.rows)
    }

    /// Whose newest entry is beyond `from`, in the order of the log.
    pub(super) fn beyond(&self, from: Seq) -> impl Iterator<Item = (Seq, Slot)> {
        self.order.range((Bound::Excluded(from), Bound::Unbounded)).map(|(seq, slot)| (*seq, *slot))
    }

    /// The agent's entry of a frame.
    pub(super) fn encoded(&mut self, slot: Slot, directory: &Directory, including: Including) -> Bytes {
        let row = &mut self.rows[slot as usize];
        let way = usize::from(including.capacity) | usize::from(including.work_items) << 1;
        let scratch = &mut self.scratch;
        let entry = row.encoded[way].get_or_insert_with(|| {
            let shape = present::watched_agent(row.seq, &row.agent, directory, including);
            scratch.clear();
            // The shape has text keys only, so it always has a JSON form.
            drop(serde_json::to_writer(&mut *scratch, &shape));
            Bytes::copy_from_slice(scratch)
        });
        entry.clone()
    }

    /// Encodes everything anew when it is next asked for: what entries are computed from has changed.
    pub(super) fn forget_encoded(&mut self) {
        for row in &mut self.rows {
            row.encoded = Default::default();
        }
    }
}
