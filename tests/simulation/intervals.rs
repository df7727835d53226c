//! The history of a run: whatever happened, and whatever the clock did, an agent's intervals are those of the log.

use std::collections::BTreeMap;

use presence_hub::domain::ids::AgentId;
use presence_hub::domain::time::Timestamp;
use presence_hub::engine::memory::Disk;
use presence_hub::engine::{Entry, stored};
use presence_hub::history::intervals::{Each, Wanted, intervals};
use presence_hub::history::keeper::Keeper;
use presence_hub::history::row::Row;
use presence_hub::history::stood::Interval;
use presence_hub::history::tables;
use rusqlite::Connection;

use super::book::Broken;

/// A change as the log has it: from when on, which version, and the presence; none if the agent was deleted.
type Step = (Timestamp, u64, Option<String>);
/// An interval: from when on, until when, which version, and the presence.
type Told = (Timestamp, Option<Timestamp>, u64, String);

/// Makes the history from what was kept, and holds it against that.
pub fn are_those_of_the_log(disk: &Disk) -> Result<(), Broken> {
    let connection = Connection::open_in_memory().unwrap();
    tables::STEPS.iter().for_each(|step| connection.execute_batch(step).unwrap());
    let (mut keeper, mut steps) = (Keeper::default(), BTreeMap::<AgentId, Vec<Step>>::new());
    for kept in disk.beyond(0) {
        let Entry::Agent { change, .. } = stored::decode(&kept.text).unwrap() else { continue };
        keeper.add(&connection, &Row::of(kept.seq, &change)).unwrap();
        let steps = steps.entry(change.after.record.agent.clone()).or_default();
        // A clock that was ahead has gone back: what it dated later was over by now.
        steps.iter_mut().for_each(|(start, ..)| *start = change.at.min(*start));
        let presence = change.after.deleted.is_none().then(|| change.after.shown_presence().to_owned());
        steps.push((change.at, change.after.version, presence));
    }
    for (agent, steps) in steps {
        let wanted =
            Wanted { agent: agent.clone(), from: None, to: None, each: Each::Change, begins: None, most: usize::MAX };
        let told: Vec<Told> = intervals(&connection, &wanted).unwrap().iter().map(told).collect();
        let ends = steps.iter().skip(1).map(|(start, ..)| Some(*start)).chain([None]);
        let all = steps.iter().zip(ends);
        let expected: Vec<Told> =
            all.filter_map(|((start, version, state), end)| Some((*start, end, *version, state.clone()?))).collect();
        if told != expected {
            return Err(format!("the intervals of {agent} are {told:?}, and the log says {expected:?}"));
        }
    }
    Ok(())
}

fn told(interval: &Interval) -> Told {
    let Interval { stood, state, end } = interval;
    (stood.start, *end, stood.version, state.presence.as_str().to_owned())
}
