//! The claims that hold for every engine.

/// The suite over one engine; `$open` opens it in a folder, which may take time.
macro_rules! of {
    ($engine:ident, $open:path) => {
        mod $engine {
            use crate::agents::*;
            use presence_hub::domain::cause::Actor;
            use presence_hub::domain::directory::DirectoryChange;
            use presence_hub::domain::ids::PresenceId;
            use presence_hub::domain::policy::PolicyOverrides;
            use presence_hub::domain::presence::BuiltIn;
            use presence_hub::engine::{
                Append, Engine, Entry, Health, Judged, Lane, MAX_ENTRY_BYTES, Outcome, Recalled, SizeLimit, Subject,
                USUAL_ENTRY_BYTES,
            };
            use tokio::sync::oneshot::error::TryRecvError;
            use $open as open;

            #[tokio::test(start_paused = true)]
            async fn what_was_kept_survives_a_restart() {
                let folder = tempfile::tempdir().unwrap();
                let mut hub = open(folder.path()).await;
                assert_eq!((hub.loaded.boot, hub.loaded.seq, hub.loaded.alive), (1, 0, None));
                let epoch = hub.loaded.epoch.clone();
                let first = hub.keep(step("anna", 0, 1)).await;
                let berts = hub.keep(step("bert", 0, 1)).await;
                let newest = hub.keep(step("anna", first, 2)).await;
                assert_eq!(hub.engine.health(), Health::Serving);
                hub.stop();

                let hub = open(folder.path()).await;
                assert_eq!((hub.loaded.boot, hub.loaded.seq), (2, newest));
                assert!(hub.loaded.alive.is_some());
                assert_eq!(hub.loaded.epoch, epoch);
                assert_eq!(hub.loaded_agents(), [(berts, agent("bert", 1)), (newest, agent("anna", 2))]);
                assert_eq!(hub.refusal(step("anna", first, 3)).await, Outcome::Conflict { newest });
                hub.stop();
            }

            #[tokio::test(start_paused = true)]
            async fn the_tail_is_in_the_order_of_the_log() {
                let folder = tempfile::tempdir().unwrap();
                let hub = open(folder.path()).await;
                let names: Vec<String> = (0..1_000).map(|number| format!("agent-{number}")).collect();
                let waits: Vec<_> = names.iter().map(|name| hub.engine.append(steps(name, 0, 1..3))).collect();
                let mut tail = hub.tail;
                let mut positions = Vec::new();
                while positions.len() < 2_000 {
                    positions.extend(tail.recv().await.unwrap().into_iter().map(release));
                }
                assert!(positions.is_sorted_by(|earlier, later| earlier < later));
                for (index, wait) in waits.into_iter().enumerate() {
                    assert_eq!(wait.await.unwrap(), Outcome::Kept { seq: positions[2 * index + 1] });
                }
                hub.inner.close();
            }

            #[tokio::test(start_paused = true)]
            async fn a_caller_is_released_only_by_whoever_reads_the_tail() {
                let folder = tempfile::tempdir().unwrap();
                let mut hub = open(folder.path()).await;
                let mut outcome = hub.engine.append(step("anna", 0, 1));
                hub.settled().await;
                assert_eq!(outcome.try_recv(), Err(TryRecvError::Empty));
                let positions = hub.evolve().await;
                assert_eq!(outcome.await.unwrap(), Outcome::Kept { seq: positions[0] });
                hub.stop();
            }

            #[tokio::test(start_paused = true)]
            async fn several_entries_share_one_release_at_the_last() {
                let folder = tempfile::tempdir().unwrap();
                let mut hub = open(folder.path()).await;
                let outcome = hub.engine.append(steps("anna", 0, 1..4));
                let group = hub.tail.recv().await.unwrap();
                let releases: Vec<bool> = group.iter().map(|kept| kept.release.is_some()).collect();
                assert_eq!(releases, [false, false, true]);
                let entries: Vec<&Entry> = group.iter().map(|kept| &kept.entry).collect();
                assert_eq!(entries, [&entry(agent("anna", 1)), &entry(agent("anna", 2)), &entry(agent("anna", 3))]);
                let last = group.into_iter().map(release).last().unwrap();
                assert_eq!(outcome.await.unwrap(), Outcome::Kept { seq: last });
                hub.stop();
            }

            #[tokio::test(start_paused = true)]
            async fn whoever_knows_an_older_position_conflicts_and_keeps_nothing() {
                let folder = tempfile::tempdir().unwrap();
                let mut hub = open(folder.path()).await;
                let first = hub.keep(step("anna", 0, 1)).await;
                let newest = hub.keep(step("anna", first, 2)).await;
                assert_eq!(hub.refusal(steps("anna", first, 3..6)).await, Outcome::Conflict { newest });
                assert_eq!(hub.refusal(step("anna", 0, 1)).await, Outcome::Conflict { newest });
                assert_eq!(hub.refusal(step("nobody", newest, 1)).await, Outcome::Conflict { newest: 0 });
                hub.stop();
                assert_eq!(open(folder.path()).await.loaded_agents(), [(newest, agent("anna", 2))]);
            }

            #[tokio::test(start_paused = true)]
            async fn an_append_of_nothing_asks_whether_a_position_is_the_newest() {
                let folder = tempfile::tempdir().unwrap();
                let mut hub = open(folder.path()).await;
                let first = hub.keep(step("anna", 0, 1)).await;
                let newest = hub.keep(step("anna", first, 2)).await;
                let asks = |expected| Append { entries: Vec::new(), ..step("anna", expected, 3) };
                assert_eq!(hub.refusal(asks(newest)).await, Outcome::Kept { seq: newest });
                assert_eq!(hub.refusal(asks(first)).await, Outcome::Conflict { newest });
                hub.stop();
                assert_eq!(open(folder.path()).await.loaded.seq, newest);
            }

            #[tokio::test(start_paused = true)]
            async fn of_two_that_race_one_is_kept() {
                let folder = tempfile::tempdir().unwrap();
                let mut hub = open(folder.path()).await;
                let winner = hub.engine.append(step("anna", 0, 1));
                let loser = hub.engine.append(steps("anna", 0, 1..3));
                let mut bystander = hub.engine.append(step("bert", 0, 1));
                let newest = hub.evolve().await[0];
                assert_eq!(winner.await.unwrap(), Outcome::Kept { seq: newest });
                assert_eq!(loser.await.unwrap(), Outcome::Conflict { newest });
                let kept = loop {
                    tokio::select! {
                        biased;
                        kept = &mut bystander => break kept,
                        _ = hub.evolve() => {}
                    }
                };
                position(kept.unwrap());
                hub.stop();
            }

            #[tokio::test(start_paused = true)]
            async fn an_operation_seen_again_is_a_duplicate_also_after_a_restart() {
                let folder = tempfile::tempdir().unwrap();
                let mut hub = open(folder.path()).await;
                let expected = hub.keep(as_operation("crm/1", steps("anna", 0, 1..3))).await;
                hub.keep(step("anna", expected, 3)).await;
                let known = Recalled { agent: id("anna"), version: 2, presence: BuiltIn::Offline.id() };
                let again = || as_operation("crm/1", step("anna", expected, 4));
                assert_eq!(hub.refusal(again()).await, Outcome::Duplicate(known.clone()));
                hub.stop();

                let hub = open(folder.path()).await;
                assert_eq!(hub.refusal(again()).await, Outcome::Duplicate(known.clone()));
                assert_eq!(hub.recall("crm/1").await.unwrap(), Some(known));
                assert_eq!(hub.recall("crm/2").await.unwrap(), None);
                hub.stop();
            }

            #[tokio::test(start_paused = true)]
            async fn an_entry_that_is_too_large_fails_alone() {
                let folder = tempfile::tempdir().unwrap();
                let mut hub = open(folder.path()).await;
                let mut entries = step("bert", 0, 1).entries;
                entries.extend(heavy_step("bert", 0, 2, MAX_ENTRY_BYTES).entries);
                let append = Append { entries, ..step("bert", 0, 1) };
                let outcome = hub.engine.append(append);
                let beside = hub.engine.append(step("anna", 0, 1));
                hub.evolve().await;
                assert_eq!(outcome.await.unwrap(), Outcome::TooLarge);
                let annas = position(beside.await.unwrap());
                let large = hub.keep(heavy_step("carl", 0, 1, USUAL_ENTRY_BYTES - 1_024)).await;
                let larger = heavy_step("carl", large, 2, USUAL_ENTRY_BYTES);
                let larger = hub.engine.append(Append { limit: SizeLimit::Usual, ..larger });
                assert_eq!(larger.await.unwrap(), Outcome::TooLarge);
                // The reserve is for what must always be possible.
                let owed = heavy_step("carl", large, 2, MAX_ENTRY_BYTES - 1_024);
                let large = hub.keep(owed).await;
                hub.stop();
                let kept: Vec<_> = open(folder.path()).await.loaded_agents().into_iter().map(|(seq, _)| seq).collect();
                assert_eq!(kept, [annas, large]);
            }

            #[tokio::test(start_paused = true)]
            async fn the_directory_is_loaded_with_its_own_position() {
                let folder = tempfile::tempdir().unwrap();
                let mut hub = open(folder.path()).await;
                let lunch = PresenceId::new("lunch").unwrap();
                let removed = DirectoryChange::PresenceRemoved(lunch.clone());
                let settings = DirectoryChange::Settings(PolicyOverrides::default());
                let directory = |subject, change: &DirectoryChange, before| {
                    let actor = Actor::Admin("ada".to_owned());
                    let entries = vec![Entry::Directory { change: change.clone(), at: NOW, actor }];
                    Append {
                        subject,
                        expected: 0,
                        entries,
                        directory: before,
                        limit: SizeLimit::Usual,
                        lane: Lane::People,
                        operation: None,
                        note: None,
                    }
                };
                let first = hub.keep(directory(Subject::Settings, &settings, 0)).await;
                let second = hub.keep(directory(Subject::Presence(lunch), &removed, first)).await;
                let newest = hub.keep(step("anna", 0, 1)).await;
                hub.stop();

                let hub = open(folder.path()).await;
                assert_eq!(hub.loaded.directory, [(first, settings), (second, removed)]);
                assert_eq!((hub.loaded.directory_seq, hub.loaded.seq), (second, newest));
                hub.stop();
            }

            #[tokio::test(start_paused = true)]
            async fn how_far_agents_were_judged_survives_a_restart() {
                let folder = tempfile::tempdir().unwrap();
                let mut hub = open(folder.path()).await;
                assert_eq!(hub.loaded.judged, Judged::default());
                let log = hub.keep(step("anna", 0, 1)).await;
                hub.engine.mark_judged(Judged { log, directory: 0 });
                hub.engine.mark_judged(Judged { log, directory: 7 });
                hub.stop();
                let hub = open(folder.path()).await;
                assert_eq!(hub.loaded.judged, Judged { log, directory: 7 });
                hub.stop();
                assert_eq!(open(folder.path()).await.loaded.judged, Judged { log, directory: 7 });
            }

            #[tokio::test(start_paused = true)]
            async fn what_was_handed_over_is_kept_when_the_last_handle_goes() {
                let folder = tempfile::tempdir().unwrap();
                let Running { engine, tail, inner, .. } = open(folder.path()).await;
                let waits: Vec<_> =
                    ["anna", "bert", "carl"].iter().map(|name| engine.append(step(name, 0, 1))).collect();
                drop((engine, inner));
                let kept = rest_of(tail).await.len();
                let mut outcomes = Vec::new();
                for wait in waits {
                    outcomes.push(wait.await.unwrap());
                }
                assert_eq!(kept, 3, "{outcomes:?}");
                let _kept: Vec<_> = outcomes.into_iter().map(position).collect();
            }

            #[tokio::test(start_paused = true)]
            async fn after_closing_nothing_is_kept() {
                let folder = tempfile::tempdir().unwrap();
                let hub = open(folder.path()).await;
                hub.inner.close();
                assert_eq!(hub.refusal(step("anna", 0, 1)).await, Outcome::Unavailable);
                hub.recall("crm/1").await.unwrap_err();
            }
        }
    };
}

/// The claims about time, over an engine that goes by the hub's clock.
macro_rules! of_the_hubs_clock {
    ($engine:ident, $open:path) => {
        mod $engine {
            use std::time::Duration;

            use crate::agents::*;
            use presence_hub::engine::{Append, Engine, Outcome};
            use $open as open;

            #[tokio::test(start_paused = true)]
            async fn an_operation_is_remembered_for_a_day() {
                let folder = tempfile::tempdir().unwrap();
                let mut hub = open(folder.path()).await;
                let first = hub.keep(as_operation("crm/1", step("anna", 0, 1))).await;
                hub.clock.advance(Duration::from_secs(24 * 3_600 - 1));
                assert!(hub.recall("crm/1").await.unwrap().is_some());
                hub.clock.advance(Duration::from_secs(1));
                assert_eq!(hub.recall("crm/1").await.unwrap(), None);
                let second = hub.keep(as_operation("crm/1", step("anna", first, 2))).await;
                assert_eq!(hub.recall("crm/1").await.unwrap().unwrap().version, 2);
                // The first one is pruned now; the second, of the same name, is not.
                hub.keep(step("anna", second, 3)).await;
                assert_eq!(hub.recall("crm/1").await.unwrap().unwrap().version, 2);
                hub.stop();
            }

            #[tokio::test(start_paused = true)]
            async fn a_sign_of_life_survives_a_restart() {
                let folder = tempfile::tempdir().unwrap();
                let hub = open(folder.path()).await;
                hub.clock.advance(Duration::from_secs(60));
                hub.engine.mark_alive();
                hub.stop();
                let mut hub = open(folder.path()).await;
                assert_eq!(hub.loaded.alive, Some(NOW.plus(Duration::from_secs(60))));
                hub.clock.advance(Duration::from_secs(60));
                hub.keep(step("anna", 0, 1)).await;
                hub.stop();
                assert_eq!(open(folder.path()).await.loaded.alive, Some(NOW.plus(Duration::from_secs(120))));
            }

            #[tokio::test(start_paused = true)]
            async fn a_deletion_can_be_resumed_over_for_a_week_and_the_agents_version_is_kept_for_good() {
                const WEEK: Duration = Duration::from_secs(7 * 24 * 3_600);
                let folder = tempfile::tempdir().unwrap();
                let mut hub = open(folder.path()).await;
                let mut after = agent("anna", 1);
                after.deleted = Some(NOW);
                let deletion = hub.keep(Append { entries: vec![entry(after)], ..step("anna", 0, 1) }).await;
                hub.keep(step("bert", 0, 1)).await;
                hub.clock.advance(WEEK);
                hub.engine.mark_alive();
                hub.stop();

                let hub = open(folder.path()).await;
                assert_eq!((hub.loaded.agents.len(), hub.loaded.forgotten), (2, 0));
                hub.clock.advance(Duration::from_millis(1));
                hub.engine.mark_alive();
                hub.stop();

                let mut hub = open(folder.path()).await;
                assert_eq!((hub.loaded.agents.len(), hub.loaded.forgotten), (1, deletion));
                // She is not in memory; what the log knows of her is found when she is created again.
                assert_eq!(hub.refusal(step("anna", 0, 2)).await, Outcome::Conflict { newest: deletion });
                let found = hub.engine.find(id("anna")).await.unwrap().unwrap().unwrap();
                assert_eq!((found.seq, found.agent.version, found.agent.deleted), (deletion, 1, Some(NOW)));
                assert!(hub.engine.find(id("carl")).await.unwrap().unwrap().is_none());
                hub.keep(step("anna", deletion, 2)).await;
                hub.stop();
                assert_eq!(open(folder.path()).await.loaded.agents.len(), 2);
            }
        }
    };
}

pub(crate) use {of, of_the_hubs_clock};
