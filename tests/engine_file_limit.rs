//! A disk that refuses writes while the engine commits. Alone in its program, because the limit on the
//! size of files holds for the whole process.
#![allow(clippy::unwrap_used, reason = "a test may end where it stands")]

#[path = "entries/mod.rs"]
mod entries;

use presence_hub::clock::Clock;
use presence_hub::engine::embedded;
use presence_hub::engine::{Append, Engine, Entry, Health, Lane, Opened, Outcome, Seq, SizeLimit};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};

/// What a write beyond the limit raises; unless it is handled, it ends the process.
const SIGXFSZ: i32 = 25;
/// Less than the heavy append takes, more than the light one.
const LIMIT: u64 = 512 * 1024;

/// That many steps of an agent, of `bytes` each.
fn steps(expected: Seq, versions: std::ops::Range<u64>, bytes: usize) -> Append {
    let entry = |version| {
        let mut after = entries::agent("anna", version);
        after.standing.reason = Some("x".repeat(bytes));
        entries::entry(after)
    };
    let entries: Vec<Entry> = versions.map(entry).collect();
    Append {
        subject: entries[0].subject(),
        expected,
        entries,
        directory: 0,
        limit: SizeLimit::Reserve,
        lane: Lane::People,
        operation: None,
        note: None,
    }
}

#[tokio::test]
async fn a_commit_that_the_disk_refuses_leaves_nothing_behind_and_works_once_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let _survives = signal(SignalKind::from_raw(SIGXFSZ)).unwrap();
    let Opened { engine, mut tail, .. } = embedded::open(folder.path()).unwrap().start(Clock::system(None)).unwrap();
    let mut keep = async |append| {
        let outcome = engine.append(append);
        for kept in tail.recv().await.unwrap() {
            if let Some(release) = kept.release {
                release.with(Outcome::Kept { seq: kept.seq });
            }
        }
        outcome.await.unwrap()
    };
    assert_eq!(keep(steps(0, 1..2, 100)).await, Outcome::Kept { seq: 1 });

    let roomy = getrlimit(Resource::Fsize);
    setrlimit(Resource::Fsize, Rlimit { current: Some(LIMIT), maximum: roomy.maximum }).unwrap();
    assert_eq!(engine.append(steps(1, 2..22, 60_000)).await.unwrap(), Outcome::Unavailable);
    let Health::Failing { error } = engine.health() else { panic!("it serves") };
    assert!(error.contains("disk I/O error"), "{error}");
    assert_eq!(keep(steps(1, 2..3, 100)).await, Outcome::Kept { seq: 2 }, "what has room is kept");
    setrlimit(Resource::Fsize, roomy).unwrap();
    assert_eq!(keep(steps(2, 3..23, 60_000)).await, Outcome::Kept { seq: 22 });
    engine.close();

    let Opened { loaded, .. } = embedded::open(folder.path()).unwrap().start(Clock::system(None)).unwrap();
    assert_eq!((loaded.seq, loaded.agents[0].agent.version), (22, 22));
}
