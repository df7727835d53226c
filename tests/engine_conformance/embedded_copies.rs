//! Copies of a hub's database: made while it serves, put in its place, and looked over.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::mpsc;

use presence_hub::engine::Seq;
use presence_hub::engine::embedded::copies::{Checked, CopyError, Replaces, backup, check, restore};
use presence_hub::engine::embedded::{AuditChecked, Embedded, OpenError};
use rusqlite::Connection;

use crate::agents::{Running, heavy_step, open, step};
use crate::history_tables::everything_of;

/// Enough for several steps of a copy.
async fn a_full_folder(folder: &Path) -> (Running<Embedded>, Seq) {
    let mut hub = open(folder);
    let mut newest = 0;
    for version in 1..=60 {
        newest = hub.keep(heavy_step("anna", newest, version, 60_000)).await;
    }
    (hub, newest)
}

fn told(database: &Path) -> Vec<String> {
    everything_of(&Connection::open(database).unwrap())
}

#[tokio::test]
async fn a_copy_is_of_one_instant_whoever_writes_meanwhile_and_takes_the_place_of_what_was() {
    let data = tempfile::tempdir().unwrap();
    let copy = data.path().join("copies/monday.db");
    std::fs::create_dir(copy.parent().unwrap()).unwrap();
    let folder = data.path().join("data");
    let (mut hub, newest) = a_full_folder(&folder).await;
    let then = told(&folder.join("hub.db"));
    for file in ["data/hub.db", "data/hub.db-wal"] {
        let mode = std::fs::metadata(data.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{file} is for its owner only");
    }
    let (half_way, at_half) = mpsc::sync_channel(1);
    let (go_on, may_go_on) = mpsc::sync_channel(1);
    let copying = std::thread::spawn({
        let (folder, copy) = (folder.clone(), copy.clone());
        move || {
            let mut steps = 0;
            let copied = backup(&folder, &copy, |_| {
                steps += 1;
                if steps == 1 {
                    half_way.send(()).unwrap();
                    may_go_on.recv().unwrap();
                }
            });
            (copied, steps)
        }
    });
    at_half.recv().unwrap();
    let newer = hub.keep(step("anna", newest, 61)).await;
    hub.keep(step("ben", 0, 1)).await;
    go_on.send(()).unwrap();
    let (copied, steps) = copying.join().unwrap();
    assert!(steps > 1 && copied.unwrap() > 3_000_000);
    assert_eq!(told(&copy), then);
    let checked = check(&copy).unwrap();
    let audit = AuditChecked { hash: "0".repeat(64), ..AuditChecked::default() };
    let expected = Checked {
        file: copy.clone(),
        entries: 60,
        agents: 1,
        position: None,
        audit: Some(audit),
        mistakes: Vec::new(),
    };
    assert_eq!(checked, expected);
    assert_eq!(check(&folder).unwrap().entries, 62, "also while a hub serves");

    // The hub keeps the folder to itself.
    let refused = restore(&copy, &folder, Replaces::PutAside);
    assert!(matches!(refused, Err(CopyError::Folder(OpenError::InUse { .. }))), "{refused:?}");
    let epoch = hub.loaded.epoch.clone();
    hub.stop();
    let refused = restore(&copy, &folder, Replaces::Nothing);
    assert!(matches!(refused, Err(CopyError::WouldReplace(_))), "{refused:?}");
    let aside = restore(&copy, &folder, Replaces::PutAside).unwrap().unwrap();
    let mut hub = open(&folder);
    assert_eq!((hub.loaded.seq, hub.loaded_agents().len()), (newest, 1));
    assert_ne!(hub.loaded.epoch, epoch, "no position of the other past means anything");
    hub.keep(step("anna", newest, 61)).await;
    hub.stop();
    assert_eq!(check(&aside).unwrap().entries, newer + 1);
}

#[tokio::test]
async fn what_cannot_be_copied_or_restored_is_named_and_leaves_everything_as_it_was() {
    let data = tempfile::tempdir().unwrap();
    let (folder, copy) = (data.path().join("data"), data.path().join("copy.db"));
    assert!(matches!(backup(&folder, &copy, |_| ()), Err(CopyError::Nothing(_))));
    assert!(!copy.exists());
    let (hub, _) = a_full_folder(&folder).await;
    hub.stop();
    std::fs::write(&copy, "a letter").unwrap();
    assert!(matches!(backup(&folder, &copy, |_| ()), Err(CopyError::IsThere(_))));
    let elsewhere = data.path().join("elsewhere");
    assert!(matches!(restore(&copy, &elsewhere, Replaces::Nothing), Err(CopyError::NoHub { .. })));
    assert!(matches!(check(&copy), Err(CopyError::NoHub { .. })));
    assert!(!elsewhere.exists() && std::fs::read_to_string(&copy).unwrap() == "a letter");
    let inside = backup(&folder, &folder.join("hub.db-journal"), |_| ());
    assert!(matches!(inside, Err(CopyError::InTheFolder(_))), "{inside:?}");
    let damaged = data.path().join("damaged.db");
    backup(&folder, &damaged, |_| ()).unwrap();
    Connection::open(&damaged).unwrap().execute_batch("UPDATE log SET entry = '{' WHERE seq = 7").unwrap();
    let refused = restore(&damaged, &elsewhere, Replaces::Nothing);
    assert!(matches!(refused, Err(CopyError::Damaged { .. })) && !elsewhere.exists(), "{refused:?}");
    let newer = data.path().join("newer.db");
    backup(&folder, &newer, |_| ()).unwrap();
    Connection::open(&newer).unwrap().pragma_update(None, "user_version", 1_000).unwrap();
    assert!(matches!(restore(&newer, &elsewhere, Replaces::Nothing), Err(CopyError::Newer { found: 1_000, .. })));
}

#[tokio::test]
async fn what_does_not_fit_together_is_found() {
    let data = tempfile::tempdir().unwrap();
    let (mut hub, newest) = a_full_folder(data.path()).await;
    hub.keep(step("ben", 0, 1)).await;
    hub.stop();
    let spoil = |sql: &str| Connection::open(data.path().join("hub.db")).unwrap().execute_batch(sql).unwrap();
    let found = || check(data.path()).unwrap().mistakes;
    assert_eq!(found(), [""; 0]);
    spoil("DELETE FROM history_recent WHERE seq = 61");
    assert_eq!(found(), ["the newest row of `ben` is of entry 0, and that of the log is 61, version 1"]);
    spoil(&format!("UPDATE log SET entry = '{{' WHERE seq = 7; DELETE FROM log WHERE seq = {newest}"));
    let mistakes = found();
    assert_eq!(mistakes.len(), 4, "{mistakes:#?}");
    assert!(mistakes[0].starts_with("entry 7 cannot be read"), "{mistakes:#?}");
    assert!(mistakes.iter().any(|told| told == "entry 60, the newest of `agent/anna`, is missing"), "{mistakes:#?}");
}
