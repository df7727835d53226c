//! The worked examples of the rule book, decided by the rules alone: no socket, no clock, no file.

#![allow(clippy::unwrap_used, clippy::wildcard_enum_match_arm, reason = "a test that meets the unexpected fails")]

mod rule_book;

use std::sync::Arc;
use std::time::Duration;

use presence_hub::domain::agent::{Agent, Connection};
use presence_hub::domain::capacity::{Capacity, Counting};
use presence_hub::domain::cause::{Actor, SubEventName};
use presence_hub::domain::command::{Ask, Choice, Command, Ended, Opens, Terms, WorkEvent, WrapUpChoice};
use presence_hub::domain::directory::Directory;
use presence_hub::domain::ids::{AgentId, PresenceId, ProfileId, SessionId, WorkItemId};
use presence_hub::domain::policy::{Policy, SignInPolicy};
use presence_hub::domain::presence::{BaseStatus, Presence};
use presence_hub::domain::record::{AgentProfile, AgentRecord, CapacityProfile, PresenceEffect, ResetDuration};
use presence_hub::domain::standing::{Hold, Origin, Standing};
use presence_hub::domain::time::Timestamp;
use presence_hub::domain::work_item::{Consumption, Stage, WorkItem};
use presence_hub::wire::code::ErrorCode;
use rule_book::{Event, Example, Initial, Step, presence_id};

/// The instant that the examples call 0.
const START: i64 = 1_600_000_000_000;
/// How long an example's custom wrap-up lasts.
const WRAP_UP: Duration = Duration::from_mins(2);

#[test]
fn the_rules_decide_every_example_of_the_rule_book() {
    let examples = rule_book::examples();
    assert_eq!(examples.len(), 96, "the book has 96 examples");
    let failures: Vec<String> =
        examples.iter().flat_map(|example| Floor::of(&example.initial).plays(example)).collect();
    assert!(failures.is_empty(), "{} steps differ:\n{}", failures.len(), failures.join("\n"));
}

/// One agent and all that its rules read.
struct Floor {
    agent: Agent,
    directory: Directory,
    now: Timestamp,
    sessions: u64,
}

/// What is compared after a step.
#[derive(Debug, PartialEq)]
struct Seen {
    presence: String,
    base: String,
    origin: String,
    hold: Option<String>,
    logged_in: bool,
    blocked_by_profile: bool,
    error: Option<String>,
}

impl Floor {
    fn of(initial: &Initial) -> Self {
        let directory = directory(initial);
        let mut record = AgentRecord::new(AgentId::new("a1").expect("a valid id"), "Ada");
        record.default_presence = Some(PresenceId::new(presence_id(&initial.default)).expect("a valid id"));
        record.units = initial.units.as_ref().map(|units| units.max);
        record.profiles = initial.profiles.keys().map(|id| AgentProfile { profile: profile(id), max: None }).collect();
        let start = Timestamp(START);
        let mut agent = Agent::unborn(record, start);
        agent.version = 1;
        agent.standing = Standing {
            origin: origin(&initial.origin),
            hold: initial.hold.as_deref().map(hold),
            ..standing(&directory, &initial.presence)
        };
        let sessions = initial.tabs;
        agent.connection = if initial.tabs > 0 {
            Connection::Connected { sessions: (1..=sessions).map(session).collect() }
        } else if initial.logged_in {
            let lost = Timestamp(START + initial.disc_at.expect("a signed-in agent without a tab lost it once"));
            Connection::Disconnected { until: lost.plus(directory.policy.restore_window) }
        } else {
            Connection::SignedOut
        };
        agent.items = initial
            .items
            .iter()
            .map(|(id, item)| WorkItem {
                id: work_item(id),
                stage: Stage::Active,
                since: start,
                workstream: None,
                takes: Consumption {
                    units: item.units,
                    profiles: item.profiles.iter().map(|id| profile(id)).collect(),
                },
                presence_effect: PresenceEffect::Moves,
            })
            .collect();
        Self { agent, directory, now: start, sessions }
    }

    /// Plays the example's steps and tells each one that differs.
    fn plays(&mut self, example: &Example) -> Vec<String> {
        let mut failures = Vec::new();
        for (number, step) in (1..).zip(&example.steps) {
            if let Some(t) = step.event.t {
                self.now = Timestamp(START + t);
            }
            let error = self.takes(&step.event).err();
            let (expected, got) = (expected(step), self.seen(error));
            if expected != got {
                failures.push(format!(
                    "{} ({}; {}), step {number} ({}):\n  {}\n  expected {expected:?}\n  got      {got:?}",
                    example.id, example.rules, example.given_text, step.event_text, example.why,
                ));
            }
        }
        failures
    }

    fn takes(&mut self, event: &Event) -> Result<(), String> {
        match event.kind.as_str() {
            "SignIn" => {
                self.sessions += 1;
                self.decides(Ask::OpenSession(session(self.sessions), self.now, Opens::ByItself), Actor::System)
            }
            "SignOut" => self.decides(Ask::SignOut, agent()),
            "TabClosed" => self.loses_its_session(SubEventName::TabClosed),
            "TabSlept" | "NetworkLost" => self.loses_its_session(SubEventName::NetworkLost),
            "DeviceClosed" => self.loses_its_session(SubEventName::DeviceClosed),
            "Refresh" => self.ends_session(Ended::Refreshing { announced: self.now, at: self.now }),
            "AgentSet" => self.decides(chooses(event), agent()),
            "SupervisorSet" => self.decides(chooses(event), Actor::Supervisor("s1".to_owned())),
            "Reset" => self.decides(Ask::Reset, agent()),
            "CapacityConfigured" => {
                let record = AgentRecord { units: event.units_max, ..AgentRecord::clone(&self.agent.record) };
                self.decides(Ask::Configure(Arc::new(record)), Actor::Admin("admin".to_owned()))
            }
            "EndOfDayReset" => self.decides(Ask::EndDay { over: None }, Actor::System),
            "Tick" => self.decides(Ask::Tick, Actor::System),
            "WrapUpTimer" => {
                self.now = self.now.plus(WRAP_UP);
                self.decides(Ask::Tick, Actor::System)
            }
            _ => {
                let item = work_item(event.item.as_deref().unwrap_or("w-new"));
                self.decides(Ask::Work(item, work_event(event)), Actor::Integration("router".to_owned()))
            }
        }
    }

    fn loses_its_session(&mut self, how: SubEventName) -> Result<(), String> {
        self.ends_session(Ended::At { at: self.now, how, network: None })
    }

    fn ends_session(&mut self, ended: Ended) -> Result<(), String> {
        let session = *self.agent.sessions().first().expect("a session that can end");
        self.decides(Ask::EndSession(session, ended), Actor::System)
    }

    fn decides(&mut self, ask: Ask, actor: Actor) -> Result<(), String> {
        let decision = self.agent.decide(&Command::new(ask, actor), self.now, &self.directory);
        let decision = decision.map_err(|rejection| ErrorCode::from(&rejection).to_string())?;
        if let Some(last) = decision.changes.into_iter().last() {
            self.agent = (*last.after).clone();
        }
        Ok(())
    }

    fn seen(&self, error: Option<String>) -> Seen {
        let capacity = Capacity::of(&self.agent, &self.directory, Counting::All);
        Seen {
            presence: self.agent.shown_presence().to_owned(),
            base: self.agent.shown_base().as_str().to_owned(),
            origin: self.agent.standing.origin.as_str().to_owned(),
            hold: self.agent.standing.hold.map(|hold| hold.as_str().to_owned()),
            logged_in: self.agent.is_logged_in(),
            blocked_by_profile: capacity.is_blocked_by_some_profile(),
            error,
        }
    }
}

fn expected(step: &Step) -> Seen {
    Seen {
        presence: presence_id(&step.expect),
        base: step.expect_base.clone(),
        origin: rule_book::origin(&step.expect_origin).to_owned(),
        hold: step.expect_hold.as_deref().map(|hold| rule_book::hold(hold).to_owned()),
        logged_in: step.expect_logged_in,
        blocked_by_profile: step.expect_blocked_by_profile,
        error: step.expect_error.clone(),
    }
}

fn chooses(event: &Event) -> Ask {
    let presence = presence_id(event.presence.as_deref().expect("a presence to choose"));
    Ask::Choose(Choice { presence, until: None, next: None, reason: None })
}

fn work_event(event: &Event) -> WorkEvent {
    let terms = Terms {
        units: event.units,
        profiles: event.profiles.as_ref().map(|profiles| profiles.iter().map(|id| profile(id)).collect()),
        ..Terms::default()
    };
    let assigned = |how| WorkEvent::Assigned { terms: terms.clone(), how };
    let released = |how| WorkEvent::Released { how };
    match event.kind.as_str() {
        "Offered" | "NewWorkAtSessionLimit" => WorkEvent::Offered { terms, timeout: None },
        "Accepted" => assigned(SubEventName::AssignmentAccept),
        "Picked" => assigned(SubEventName::Pick),
        "AutoAssigned" => assigned(SubEventName::AutoAssign),
        "SupervisorAssigned" => assigned(SubEventName::AssignedBySupervisor),
        "TransferIn" => assigned(SubEventName::Transfer),
        "OutboundCall" => assigned(SubEventName::OutboundCall),
        "Missed" => WorkEvent::Missed,
        "Rejected" => WorkEvent::Rejected,
        "SystemRejected" => WorkEvent::Withdrawn,
        "Ended" => WorkEvent::WrapUpStarted {
            block: Some(match event.block.as_deref() {
                Some("always") => WrapUpChoice::Always,
                Some("custom") => WrapUpChoice::Custom,
                Some("none") => WrapUpChoice::Dont,
                other => panic!("no wrap-up setting is called {other:?}"),
            }),
            lasts: Some(WRAP_UP),
            how: None,
        },
        "Closed" => released(SubEventName::ConversationClosed),
        "TransferredOut" => released(SubEventName::AgentTransfered),
        "ReleasedToQueue" => released(SubEventName::AgentClosed),
        "MonitorJoined" => WorkEvent::SideWork(SubEventName::MonitorJoined),
        other => panic!("no event is called {other}"),
    }
}

fn directory(initial: &Initial) -> Directory {
    let settings = &initial.cfg;
    let mut directory = Directory {
        policy: Policy {
            restore_window: Duration::from_millis(settings.restore_ms),
            restore_after_sign_out: settings.restore_after_sign_out,
            refresh_grace: Duration::from_millis(settings.refresh_grace_ms),
            sign_in_policy: match settings.sign_in_policy.as_str() {
                "capacity_first" => SignInPolicy::CapacityFirst,
                "default_first" => SignInPolicy::DefaultFirst,
                other => panic!("no sign-in policy is called {other}"),
            },
            missed_notifications: settings.missed_enabled,
            reject_notifications: settings.reject_enabled,
            max_open_work_items: settings.max_sessions,
            work_item_limit_auto_clear: settings.session_limit_auto_clear,
            ..Policy::default()
        },
        ..Directory::default()
    };
    for (id, custom) in rule_book::custom_presences() {
        directory.catalog.put(Presence {
            id: PresenceId::new(&id).expect("a valid id"),
            name: custom.text.clone(),
            text: custom.text,
            base: BaseStatus::parse(&custom.base).expect("a base status"),
            description: String::new(),
            built_in: false,
            can_user_set: true,
            color: "#13a10e".to_owned(),
            labels: Default::default(),
            enabled: true,
        });
    }
    for (id, limits) in &initial.profiles {
        let known = CapacityProfile {
            id: profile(id),
            name: id.clone(),
            default_max: limits.limit,
            block_assignment: limits.blocking,
            reset: match limits.reset.as_deref() {
                Some("EndOfDay") => ResetDuration::Daily,
                None => ResetDuration::Immediate,
                other => panic!("no reset is called {other:?}"),
            },
        };
        directory.profiles.insert(profile(id), known);
    }
    directory
}

fn standing(directory: &Directory, name: &str) -> Standing {
    let presence = directory.catalog.named(&presence_id(name)).expect("a presence of the catalog");
    Standing {
        presence: presence.id.clone(),
        base: presence.base,
        origin: Origin::Automatic,
        hold: None,
        reason: None,
        until: None,
        next: None,
        spared: false,
    }
}

fn origin(name: &str) -> Origin {
    let all = [Origin::Automatic, Origin::Agent, Origin::Supervisor, Origin::Default];
    all.into_iter().find(|origin| origin.as_str() == rule_book::origin(name)).expect("an origin")
}

fn hold(name: &str) -> Hold {
    let all = [Hold::Missed, Hold::Rejected, Hold::WorkItemLimit];
    all.into_iter().find(|hold| hold.as_str() == rule_book::hold(name)).expect("a hold")
}

fn agent() -> Actor {
    Actor::Agent(AgentId::new("a1").expect("a valid id"))
}

fn session(number: u64) -> SessionId {
    SessionId { node: 0, boot: 1, number }
}

fn work_item(id: &str) -> WorkItemId {
    WorkItemId::new(id).expect("a valid id")
}

fn profile(id: &str) -> ProfileId {
    ProfileId::new(id).expect("a valid id")
}
