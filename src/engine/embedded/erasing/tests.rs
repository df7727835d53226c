use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use super::list::List;
use super::{Left, Pending, bite};
use crate::clock::Clock;
use crate::domain::agent::{Agent, Connection as There};
use crate::domain::cause::{Actor, Cause, EventName};
use crate::domain::change::{Change, Moves};
use crate::domain::ids::AgentId;
use crate::domain::record::AgentRecord;
use crate::domain::time::Timestamp;
use crate::engine::embedded::copies::check;
use crate::engine::embedded::packed;
use crate::engine::embedded::{open, schema};
use crate::engine::{Append, Engine, Entry, Erase, Kept, Lane, Opened, Outcome, Seq, SizeLimit, Subject, stored};
use crate::history::keeper::Keeper;

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const ADA: &str = "ada-quokka";
const MARK: &str = "quokka";

fn step(name: &str, expected: Seq, version: u64, by: Actor) -> Append {
    let id = AgentId::new(name).unwrap();
    let mut after = Agent { version, ..Agent::unborn(AgentRecord::new(id.clone(), name), NOW) };
    after.connection = There::Connected { sessions: vec!["0-1-1".parse().unwrap()] };
    after.standing.reason = Some(format!("reason {} of {name}", version % 7));
    after.modified_by = by.clone();
    let at = Timestamp(NOW.0 + i64::try_from(version).unwrap() * 1_000);
    let cause = Cause::of(EventName::SetPresence);
    let trace = after.trace.clone();
    let change = Change {
        at,
        cause,
        actor: by,
        moves: Moves::Presence,
        work_item: None,
        withdrawn: Vec::new(),
        reported_time: None,
        network: None,
        reason: None,
        trace,
        after: after.into(),
    };
    let entries = vec![Entry::Agent { change: Box::new(change), directory_seq: 0 }];
    let subject = Subject::Agent(id);
    let (limit, lane) = (SizeLimit::Usual, Lane::People);
    Append { subject, expected, entries, directory: 0, limit, lane, operation: None, note: None }
}

/// Ada and Ben live, Ada sets Ben's presence, and is deleted and erased. Nothing was rewritten yet.
async fn an_erasure_that_has_begun(folder: &Path) {
    let Opened { engine, mut tail, .. } = open(folder).unwrap().start(Clock::starting_at(NOW)).unwrap();
    let reads = tokio::spawn(async move {
        while let Some(group) = tail.recv().await {
            for Kept { seq, release, .. } in group {
                release.into_iter().for_each(|release| release.with(Outcome::Kept { seq }));
            }
        }
    });
    let (mut ada, mut ben) = (0, 0);
    for version in 1..=300 {
        let mut of_ada = step(ADA, ada, version, Actor::Agent(AgentId::new(ADA).unwrap()));
        if version == 300 {
            let Entry::Agent { change, .. } = &mut of_ada.entries[0] else { panic!("an agent's") };
            Arc::make_mut(&mut change.after).deleted = Some(change.at);
        }
        for (append, newest) in
            [(of_ada, &mut ada), (step("ben", ben, version, Actor::Supervisor(ADA.to_owned())), &mut ben)]
        {
            let Outcome::Kept { seq } = engine.append(append).await.unwrap() else { panic!("not kept") };
            *newest = seq;
        }
    }
    engine
        .erase(Erase {
            id: ADA.to_owned(),
            by: "root".to_owned(),
            at: NOW,
            asker: None,
            pseudonym: None,
            deleted: None,
        })
        .await
        .unwrap()
        .unwrap();
    tokio::task::spawn_blocking(move || engine.close()).await.unwrap();
    reads.abort();
}

/// What the history says, without reasons: those of Ada go.
fn figures(connection: &Connection) -> Vec<String> {
    let told = "SELECT agent_id || ' ' || seq || ' ' || version || ' ' || start || ' ' || ifnull(end, 'lasts') || ' ' ||
                presence_id || ' ' || name || ' ' || modified_by_id || ' ' || ifnull(iif(agent_id = 'ben', reason, ''), '-')
                FROM history_intervals ORDER BY seq";
    connection.prepare(told).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// The log as it is read.
fn the_log(connection: &Connection) -> String {
    let pending = Pending::read(connection).unwrap();
    let all = packed::beyond(connection, 0, usize::MAX, usize::MAX).unwrap().into_iter();
    all.map(|old| stored::encode_whole(&pending.blank(old.seq, stored::decode(&old.text).unwrap()))).collect()
}

#[tokio::test]
async fn ended_after_any_bite_the_hub_says_the_same_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    an_erasure_that_has_begun(folder).await;
    let file = folder.join("hub.db");
    let then = {
        let connection = schema::connect(&file).unwrap();
        for _ in 0..4 {
            packed::pack(&connection, Timestamp(i64::MAX), Timestamp(i64::MAX)).unwrap().unwrap();
        }
        (figures(&connection), the_log(&connection))
    };
    assert!(then.0.len() == 599 && !then.0.iter().any(|row| row.contains(MARK)) && !then.1.contains(MARK));
    let mut bites = 0;
    loop {
        // What was remembered is lost with each.
        let connection = schema::connect(&file).unwrap();
        let mut list = List::read(folder).unwrap();
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        let left = bite(&connection, &mut Keeper::default(), &mut list).unwrap();
        connection.execute_batch("COMMIT").unwrap();
        assert_eq!(figures(&connection), then.0, "after bite {bites}");
        assert_eq!(the_log(&connection), then.1, "after bite {bites}");
        assert_eq!(check(folder).unwrap().mistakes, [""; 0], "after bite {bites}");
        if left == Left::Clean {
            break;
        }
        bites += 1;
    }
    assert!(bites > 15, "{bites} bites");
    let connection = schema::connect(&file).unwrap();
    let raw: String =
        packed::beyond(&connection, 0, usize::MAX, usize::MAX).unwrap().into_iter().map(|old| old.text).collect();
    assert_eq!(raw, then.1, "it is kept as it was read");
    let reasons = "SELECT count(*) FROM history_reasons WHERE reason LIKE '%quokka%'";
    assert_eq!(connection.query_row(reasons, [], |row| row.get::<_, u64>(0)).unwrap(), 0);
}
