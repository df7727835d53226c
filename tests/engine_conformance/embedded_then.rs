//! What was decided at an instant, and under which directory.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use presence_hub::domain::agent::Agent;
use presence_hub::domain::directory::DirectoryChange;
use presence_hub::domain::time::Timestamp;
use presence_hub::domain::trace::{Rule, Trace};
use presence_hub::engine::embedded::{self, Embedded, then};
use presence_hub::engine::{Append, Entry, Seq, SizeLimit, Subject};
use presence_hub::history::reader::Failed;
use proptest::prelude::*;

use crate::agents::{NOW, Running, agent, entry, id, open, step};
use crate::embedded_history::{database, presence_is_called};
use crate::embedded_retention::{at, open_keeping};
use crate::history_tables::everything_of;

const DAY: Duration = Duration::from_hours(24);
const AGENTS: [&str; 3] = ["anna", "ben", "cyd"];

/// The tables as they were before rows said who was there, and before the directory of then was kept.
const AS_IT_WAS: &str = "
    DROP VIEW history_intervals; CREATE VIEW history_intervals AS SELECT 1;
    ALTER TABLE history_state DROP COLUMN whole_from; ALTER TABLE history_states DROP COLUMN connection;
    ALTER TABLE history_records DROP COLUMN units; DROP TABLE history_directory;
    DROP TABLE history_orphans; DROP TABLE erasures; ALTER TABLE history_causes DROP COLUMN network;
    DROP TABLE plans; DROP TABLE plan_activities; DROP TABLE plan_exceptions; DROP TABLE plan_people;
    DROP TABLE audit; DROP TABLE audit_chain;
    DROP TABLE ledgers; DROP TABLE disputes;
    ALTER TABLE hub DROP COLUMN position; ALTER TABLE hub DROP COLUMN sorted;
    DROP TABLE operation_runs; DROP TABLE operation_blocks;
    CREATE TABLE operations (generation INTEGER, operation TEXT, seq INTEGER);
    ALTER TABLE hub ADD COLUMN generation INTEGER; ALTER TABLE hub ADD COLUMN began INTEGER;
    PRAGMA user_version = 8;";

/// What happens next, after so many milliseconds.
#[derive(Clone, Copy, Debug)]
enum Happens {
    /// An agent has a presence for this reason.
    Decided(usize, Rule),
    Deleted(usize),
    /// The presence is called so.
    Renamed(&'static str),
}

fn happens() -> impl Strategy<Value = (u64, Happens)> {
    let what = prop_oneof![
        4 => (0..AGENTS.len(), prop::sample::select(Rule::ALL)).prop_map(|(who, why)| Happens::Decided(who, why)),
        1 => (0..AGENTS.len()).prop_map(Happens::Deleted),
        2 => prop::sample::select(vec!["Training", "Learning", "Study"]).prop_map(Happens::Renamed),
    ];
    (prop::sample::select(vec![0, 1, 999, 3_600_000]), what)
}

/// What was known at an instant: of each agent, and of the directory.
#[derive(Clone, Debug, Default)]
struct Known {
    agents: [Option<(Seq, Agent)>; 3],
    directory: Option<(Seq, DirectoryChange)>,
}

/// What was known from each instant on at which something happened.
type Lived = BTreeMap<i64, Known>;

/// Lives through it.
async fn lives(hub: &mut Running<Embedded>, happenings: &[(u64, Happens)]) -> Lived {
    let (mut lived, mut known) = (Lived::new(), Known::default());
    let mut newest = [(0, 0); 3];
    for (passes, happens) in happenings {
        hub.clock.advance(Duration::from_millis(*passes));
        let now = hub.clock.now();
        match *happens {
            Happens::Decided(who, _) | Happens::Deleted(who) => {
                let (seq, version) = &mut newest[who];
                *version += 1;
                let mut after = agent(AGENTS[who], *version);
                match *happens {
                    Happens::Decided(_, rule) => {
                        let mut trace = Trace::default();
                        trace.decided(rule);
                        after.trace = trace;
                    }
                    Happens::Deleted(_) | Happens::Renamed(_) => after.deleted = Some(now),
                }
                let append = Append {
                    subject: Subject::Agent(id(AGENTS[who])),
                    entries: vec![entry(after.clone())],
                    directory: 0,
                    limit: SizeLimit::Usual,
                    ..step(AGENTS[who], *seq, *version)
                };
                *seq = hub.keep(at(now, append)).await;
                known.agents[who] = after.deleted.is_none().then_some((*seq, after));
            }
            Happens::Renamed(text) => {
                let append = at(now, presence_is_called(text, known.directory.as_ref().map_or(0, |(seq, _)| *seq)));
                let Entry::Directory { change, .. } = append.entries[0].clone() else { panic!("{append:?}") };
                known.directory = Some((hub.keep(append).await, change));
            }
        }
        lived.insert(now.0, known.clone());
    }
    lived
}

/// Every instant leads to what was known then.
fn compare(folder: &Path, lived: &Lived) {
    let database = database(folder);
    let before = then(&database, &id("anna"), Timestamp(NOW.0 - 1)).unwrap();
    assert!(before.is_none(), "{before:?}");
    let ends: Vec<i64> = lived.keys().skip(1).copied().chain([i64::MAX]).collect();
    for ((from, known), end) in lived.iter().zip(ends) {
        for instant in [*from, end - 1] {
            for (name, expected) in AGENTS.iter().zip(&known.agents) {
                let found = then(&database, &id(name), Timestamp(instant)).unwrap();
                let told = found.as_ref().map(|then| (then.agent.seq, &*then.agent.agent));
                assert_eq!(told, expected.as_ref().map(|(seq, agent)| (*seq, agent)), "{name} at {instant}");
                let directory = found.map(|then| then.directory);
                assert!(directory.is_none_or(|directory| directory.iter().eq(&known.directory)), "at {instant}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn every_instant_leads_to_what_was_decided_then_packed_made_anew_and_brought_up_to_date(
        happenings in prop::collection::vec(happens(), 1..40),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut hub = open(folder.path());
            let lived = lives(&mut hub, &happenings).await;
            compare(folder.path(), &lived);
            hub.clock.advance(DAY * 5);
            hub.engine.keep_up().await.unwrap();
            compare(folder.path(), &lived);
            hub.stop();
            let kept = everything_of(&database(folder.path()));
            embedded::open(folder.path()).unwrap().rebuild_history(|_| {}).unwrap();
            compare(folder.path(), &lived);
            database(folder.path()).execute_batch(AS_IT_WAS).unwrap();
            open(folder.path()).stop();
            compare(folder.path(), &lived);
            assert_eq!(everything_of(&database(folder.path())), kept);
        });
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_log_has_no_longer_is_not_explained_and_it_is_said_from_when_on_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = open_keeping(folder.path(), 30);
    let hour = |happens| (3_600_000, happens);
    let decided: Vec<_> = [Rule::Missed, Rule::Held].map(|rule| hour(Happens::Decided(0, rule))).into();
    let before = [decided.clone(), vec![hour(Happens::Decided(1, Rule::Held)), hour(Happens::Renamed("Training"))]];
    let lived = lives(&mut hub, &before.concat()).await;
    let [anna, ben, _] = lived.last_key_value().unwrap().1.agents.clone().map(|known| known.map_or(0, |(seq, _)| seq));
    hub.clock.advance(DAY * 20);
    hub.engine.keep_up().await.unwrap();
    let begins = hub.clock.now();
    hub.keep(at(begins, step("anna", anna, 3))).await;
    hub.keep(at(begins, presence_is_called("Learning", 4))).await;
    hub.clock.advance(DAY * 25);
    hub.engine.keep_up().await.unwrap();
    let database = database(folder.path());
    let asked = |name: &str, instant: Timestamp| then(&database, &id(name), instant);
    // Everything before what is kept.
    let gone = asked("anna", Timestamp(NOW.0 + 1));
    assert!(matches!(gone, Err(Failed::NotKept { from }) if from > NOW && from < begins), "{gone:?}");
    // The row is kept, the entry is not.
    let gone = asked("anna", begins.minus(Duration::from_millis(1)));
    assert!(matches!(gone, Err(Failed::NotKept { from }) if from == begins), "{gone:?}");
    // Nothing came after it, so it stayed.
    let found = asked("ben", begins.minus(Duration::from_millis(1))).unwrap().unwrap();
    assert_eq!((found.agent.seq, found.directory.len()), (ben, 1));
    assert!(asked("anna", begins).unwrap().is_some());
    assert!(asked("nobody", begins).unwrap().is_none());
    drop(database);
    hub.stop();

    // Whoever comes from an older hub whose log has gaps knows the directory since then.
    crate::embedded_history::database(folder.path()).execute_batch(AS_IT_WAS).unwrap();
    open(folder.path()).stop();
    let database = crate::embedded_history::database(folder.path());
    let gone = then(&database, &id("ben"), begins.minus(Duration::from_millis(1)));
    assert!(matches!(gone, Err(Failed::NotKept { from }) if from == begins), "{gone:?}");
    let found = then(&database, &id("ben"), begins).unwrap().unwrap();
    assert_eq!((found.agent.seq, found.directory.len()), (ben, 1));
}
