//! Agents follow the directory, whatever was under way when it changed: over a real engine that can be
//! told to hold everything back.

#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

mod life;

use life::{First, Follow, Kind, Life, MANY, ada, chat, chooses, mail};
use presence_hub::agents::Refusal;
use presence_hub::domain::cause::{Actor, EventName, SubEventName};
use presence_hub::domain::command::{Ask, Terms, WorkEvent};
use presence_hub::domain::ids::{AgentId, WorkItemId};
use presence_hub::domain::presence::BaseStatus;
use presence_hub::domain::record::{AgentProfile, AgentRecord};
use tokio::task::JoinSet;

/// Ada comes to refer to something of the directory while it goes.
async fn races(ask: Ask, goes: Kind, first: First) -> (tempfile::TempDir, Life) {
    let folder = tempfile::tempdir().unwrap();
    let life = Life::begins(folder.path(), Follow::Yes);
    life.has_training("In training").await;
    life.has_mail().await;
    life.has_ada_on_duty().await;
    life.holds();
    let refers = life.asks(ask);
    life.holds_back(1).await;
    let gone = life.loses(goes);
    life.holds_back(2).await;
    life.keeps_in_order(goes, first, gone, 1).await;
    refers.await.unwrap().unwrap();
    (folder, life)
}

#[tokio::test]
async fn nobody_stays_on_a_presence_that_was_deleted_while_it_was_chosen() {
    for first in [First::Change, First::Entry] {
        let (_folder, mut life) = races(chooses("training", None), Kind::Presence, first).await;
        let moved = life.sees(|agent| agent.cause.event == EventName::PresenceRetired).await;
        assert_eq!((moved.shown_presence(), life.agent().shown_presence()), ("away", "away"));
    }
}

#[tokio::test]
async fn nobody_plans_a_presence_that_was_deleted_meanwhile() {
    for first in [First::Change, First::Entry] {
        let (_folder, mut life) = races(chooses("busy", Some("training")), Kind::Presence, first).await;
        life.sees(|agent| agent.cause.event == EventName::PresenceRetired).await;
        let next = life.agent().standing.next.clone().unwrap();
        assert_eq!((next.presence.as_str(), next.base), ("away", BaseStatus::Away));
    }
}

#[tokio::test]
async fn work_that_came_while_its_workstream_was_deleted_is_of_none() {
    for first in [First::Change, First::Entry] {
        let terms = Terms { workstream: Some(mail()), ..Terms::default() };
        let assigned = WorkEvent::Assigned { terms, how: SubEventName::Pick };
        let ask = Ask::Work(WorkItemId::new("w1").unwrap(), assigned);
        let (_folder, mut life) = races(ask, Kind::Workstream, first).await;
        life.sees(|agent| agent.items.iter().any(|item| item.workstream.is_none())).await;
        assert_eq!(life.agent().items.len(), 1);
    }
}

#[tokio::test]
async fn a_profile_that_was_deleted_while_many_got_it_is_nobodys() {
    for first in [First::Change, First::Entry] {
        let folder = tempfile::tempdir().unwrap();
        let mut life = Life::begins(folder.path(), Follow::Yes);
        life.has_chat().await;
        life.holds();
        let mut created = JoinSet::new();
        for number in 0..MANY {
            let mut record = AgentRecord::new(AgentId::new(format!("a{number}")).unwrap(), "Ada");
            record.profiles.push(AgentProfile { profile: chat(), max: None });
            let agents = life.agents.clone();
            created.spawn(async move {
                agents.configure(&record.agent, Actor::System, |_| Ok::<_, Refusal>(record.clone())).await
            });
        }
        life.holds_back(MANY).await;
        let gone = life.loses(Kind::Profile);
        life.holds_back(MANY + 1).await;
        life.keeps_in_order(Kind::Profile, first, gone, MANY).await;
        assert!(created.join_all().await.iter().all(Result::is_ok));
        for _ in 0..MANY {
            life.sees(|agent| agent.version == 2).await;
        }
        assert!(life.agents.all().iter().all(|known| known.agent.record.profiles.is_empty()));
    }
}

#[tokio::test]
async fn a_turn_follows_before_its_command_is_decided() {
    let folder = tempfile::tempdir().unwrap();
    let life = Life::begins(folder.path(), Follow::Never);
    life.has_training("In training").await;
    life.has_ada_on_duty().await;
    life.holds();
    let refers = life.asks(chooses("training", None));
    life.holds_back(1).await;
    let gone = life.loses(Kind::Presence);
    life.holds_back(2).await;
    life.keeps();
    refers.await.unwrap().unwrap();
    gone.await.unwrap().unwrap();
    assert_eq!(life.agent().shown_presence(), "training", "nobody follows in this life");
    let aside = Ask::Work(WorkItemId::new("w1").unwrap(), WorkEvent::SideWork(SubEventName::ConsultJoined));
    life.asks(aside).await.unwrap().unwrap();
    assert_eq!((life.agent().shown_presence(), life.agent().version), ("away", 5));
}

#[tokio::test]
async fn a_record_can_be_edited_before_its_agent_has_followed() {
    let folder = tempfile::tempdir().unwrap();
    let life = Life::begins(folder.path(), Follow::Never);
    life.has_chat().await;
    life.has_ada_on_duty().await;
    let gets_it = |before: Option<&AgentRecord>| {
        let mut record = before.unwrap().clone();
        record.profiles.push(AgentProfile { profile: chat(), max: None });
        Ok::<_, Refusal>(record)
    };
    life.holds();
    let agents = life.agents.clone();
    let got = tokio::spawn(async move { agents.configure(&ada(), Actor::System, gets_it).await });
    life.holds_back(1).await;
    let gone = life.loses(Kind::Profile);
    life.holds_back(2).await;
    life.keeps();
    got.await.unwrap().unwrap();
    gone.await.unwrap().unwrap();
    assert_eq!(life.agent().record.profiles.len(), 1, "nobody follows in this life");
    let edits = |before: Option<&AgentRecord>| {
        Ok::<_, Refusal>(AgentRecord { name: "Countess".to_owned(), ..before.unwrap().clone() })
    };
    life.agents.configure(&ada(), Actor::System, edits).await.unwrap();
    let record = &life.agent().record;
    assert_eq!((record.name.as_str(), record.profiles.len()), ("Countess", 0));
}

#[tokio::test]
async fn what_one_life_left_undone_the_next_does_and_notes_so_that_it_is_not_done_again() {
    let folder = tempfile::tempdir().unwrap();
    let life = Life::begins(folder.path(), Follow::Never);
    life.has_training("In training").await;
    life.has_ada_on_duty().await;
    life.asks(chooses("training", None)).await.unwrap().unwrap();
    life.has_training("In a training").await;
    let changed = life.agents.directory().seq;
    assert!(life.agents.directory().concerns(&life.agents.find(&ada()).unwrap()));
    life.ends().await;

    let life = Life::begins(folder.path(), Follow::Yes);
    assert!(life.agents.directory().concerns(&life.agents.find(&ada()).unwrap()));
    life.has_followed().await;
    assert!(!life.agents.directory().concerns(&life.agents.find(&ada()).unwrap()));
    life.ends().await;

    let life = Life::begins(folder.path(), Follow::Never);
    assert_eq!(life.judged.directory, changed);
    let known = life.agents.find(&ada()).unwrap();
    assert_eq!((life.agents.directory().concerns(&known), known.agent.shown_presence()), (false, "training"));
    // What is kept after the note is looked at anew.
    life.has_training("In the training").await;
    life.ends().await;
    let life = Life::begins(folder.path(), Follow::Never);
    assert!(life.agents.directory().concerns(&life.agents.find(&ada()).unwrap()));
    life.ends().await;
}
