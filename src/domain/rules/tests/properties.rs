//! Whatever happens, in whatever order and at whatever time: the [`laws`](super::laws) hold, and
//! time means the same to a hub that looks often and to one that looks late.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;

use super::desk::{Answer, Desk, START, blocking, custom, daily, ms, of, profile, profiles, units, workstream};
use crate::domain::agent::Agent;
use crate::domain::cause::{Actor, SubEventName};
use crate::domain::command::{Ask, Choice, Command, Ended, Opens, Terms, WorkEvent, WrapUpChoice};
use crate::domain::directory::Directory;
use crate::domain::ids::{PresenceId, ProfileId, SessionId, WorkItemId};
use crate::domain::policy::SignInPolicy;
use crate::domain::presence::BaseStatus;
use crate::domain::record::{AgentProfile, AgentRecord, PresenceEffect, Workstream};
use crate::domain::time::Timestamp;
use crate::domain::work_item::{Consumption, Stage, WorkItem};

/// Waits that fall on, just before and just after every deadline there is.
const WAITS: [u64; 12] = [0, 0, 0, 1, 999, 1_000, 5_000, 5_001, 10_001, 30_000, 150_000, 150_001];

/// What may happen. Instants are spans from when it happens; sessions are the agent's oldest.
#[derive(Clone, Debug)]
enum Happening {
    SignsIn(Opens),
    LosesASession,
    Refreshes { announced_ago: u64 },
    IsSignedOut(Who),
    TheHubIsAway,
    Chooses { presence: &'static str, lasts: Option<u64>, next: Option<&'static str>, actor: Who },
    Resets,
    Work(&'static str, WorkEvent),
    Reconciles(Vec<WorkItem>),
    GetsUnits(Option<u32>),
    GetsTeam(bool),
    IsEnabled(bool),
    PresenceIsRetired(bool),
    PresenceIs(Option<BaseStatus>),
    ProfileHas(Option<u32>),
    WorkstreamIs(bool),
    TheDayEnds,
    IsDeleted,
    Nothing,
}

#[derive(Clone, Copy, Debug)]
enum Who {
    Agent,
    Supervisor,
}

/// The wait before it, and what happens.
type Story = Vec<(u64, Happening)>;

fn an_item() -> impl Strategy<Value = &'static str> {
    select(vec!["w1", "w2", "w3", "w4"])
}

fn a_span() -> impl Strategy<Value = u64> {
    select(vec![1_000, 5_000, 30_000, 150_000, 200_000])
}

fn a_presence() -> impl Strategy<Value = &'static str> {
    select(vec!["available", "busy", "do-not-disturb", "away", "offline", "inactive", "vip", "training", "nothing"])
}

fn some_terms() -> impl Strategy<Value = Terms> {
    let both = Terms { units: Some(1), ..profiles(&["chat", "cases"]) };
    let eligible = super::desk::if_eligible(of("chat"));
    let terms = [Terms::default(), units(0), units(2), profiles(&["voice"]), profiles(&["cases"]), both, eligible];
    select([terms.as_slice(), &[of("mail"), of("chat")]].concat())
}

fn work_event() -> impl Strategy<Value = WorkEvent> {
    use SubEventName::{AssignmentAccept, ConsultJoined, ConversationClosed, MonitorLeft, Pick};
    let wrap_up = select(vec![None, Some(WrapUpChoice::Always), Some(WrapUpChoice::Custom), Some(WrapUpChoice::Dont)]);
    prop_oneof![
        3 => (some_terms(), prop::option::of(a_span()))
            .prop_map(|(terms, timeout)| WorkEvent::Offered { terms, timeout: timeout.map(ms) }),
        4 => (some_terms(), select(vec![AssignmentAccept, Pick]))
            .prop_map(|(terms, how)| WorkEvent::Assigned { terms, how }),
        2 => select(vec![WorkEvent::Missed, WorkEvent::Rejected, WorkEvent::Withdrawn]),
        2 => (wrap_up, prop::option::of(a_span()))
            .prop_map(|(block, lasts)| WorkEvent::WrapUpStarted { block, lasts: lasts.map(ms), how: None }),
        4 => Just(WorkEvent::Released { how: ConversationClosed }),
        1 => select(vec![ConsultJoined, MonitorLeft]).prop_map(WorkEvent::SideWork),
    ]
}

fn a_truth() -> impl Strategy<Value = Vec<WorkItem>> {
    let stage = select(vec![
        Stage::Offered { deadline: None },
        Stage::Active,
        Stage::WrapUp { deadline: Some(START.plus(ms(200_000))) },
        Stage::WrapUpReleased,
    ]);
    let effect = select(vec![PresenceEffect::Moves, PresenceEffect::Ignored]);
    let item = (an_item(), stage, 0..3_u32, effect).prop_map(|(id, stage, units, presence_effect)| WorkItem {
        id: WorkItemId::new(id).unwrap(),
        stage,
        since: START,
        workstream: None,
        takes: Consumption { units, profiles: vec![ProfileId::new("cases").unwrap()] },
        presence_effect,
    });
    prop::collection::vec(item, 0..4)
}

fn a_happening() -> impl Strategy<Value = Happening> {
    let who = select(vec![Who::Agent, Who::Agent, Who::Supervisor]);
    prop_oneof![
        6 => select(vec![Opens::ByItself, Opens::ByItself, Opens::ByHand]).prop_map(Happening::SignsIn),
        4 => Just(Happening::LosesASession),
        2 => select(vec![0, 2_000, 6_000]).prop_map(|announced_ago| Happening::Refreshes { announced_ago }),
        1 => who.clone().prop_map(Happening::IsSignedOut),
        1 => Just(Happening::TheHubIsAway),
        5 => (a_presence(), prop::option::of(a_span()), prop::option::of(a_presence()), who)
            .prop_map(|(presence, lasts, next, actor)| Happening::Chooses { presence, lasts, next, actor }),
        2 => Just(Happening::Resets),
        20 => (an_item(), work_event()).prop_map(|(id, event)| Happening::Work(id, event)),
        1 => a_truth().prop_map(Happening::Reconciles),
        1 => prop::option::of(0..4_u32).prop_map(Happening::GetsUnits),
        1 => any::<bool>().prop_map(Happening::GetsTeam),
        1 => any::<bool>().prop_map(Happening::IsEnabled),
        1 => any::<bool>().prop_map(Happening::PresenceIsRetired),
        1 => prop::option::of(select(BaseStatus::ALL.to_vec())).prop_map(Happening::PresenceIs),
        1 => prop::option::of(0..3_u32).prop_map(Happening::ProfileHas),
        1 => any::<bool>().prop_map(Happening::WorkstreamIs),
        1 => Just(Happening::TheDayEnds),
        1 => Just(Happening::IsDeleted),
        3 => Just(Happening::Nothing),
    ]
}

fn a_story() -> impl Strategy<Value = Story> {
    prop::collection::vec((select(WAITS.to_vec()), a_happening()), 1..40)
}

fn a_desk() -> impl Strategy<Value = Desk> {
    let default = select(vec![None, Some("away"), Some("busy"), Some("do-not-disturb"), Some("vip"), Some("inactive")]);
    let have = select(vec![vec![], vec!["chat"], vec!["chat", "voice"], vec!["cases"], vec!["chat", "cases"]]);
    (prop::option::of(0..4_u32), have, default, any::<[bool; 4]>(), 1..4_u32).prop_map(
        |(units, have, default, [default_first, restore, clear, holds], limit)| {
            Desk::of(|record, directory| {
                record.units = units;
                record.default_presence = default.map(|id| PresenceId::new(id).unwrap());
                let own = |id: &&str| AgentProfile { profile: ProfileId::new(id).unwrap(), max: None };
                record.profiles = have.iter().map(own).collect();
                directory.catalog.put(custom("vip", BaseStatus::Available));
                directory.catalog.put(custom("training", BaseStatus::Away));
                for known in [profile("chat", 2), blocking("voice", 1), daily("cases", 2)] {
                    directory.profiles.insert(known.id.clone(), known);
                }
                let mail = Workstream { presence_effect: PresenceEffect::Ignored, ..workstream("mail") };
                for known in [workstream("chat"), mail] {
                    directory.workstreams.insert(known.id.clone(), known);
                }
                let policy = &mut directory.policy;
                policy.sign_in_policy =
                    if default_first { SignInPolicy::DefaultFirst } else { SignInPolicy::CapacityFirst };
                policy.restore_after_sign_out = restore;
                policy.work_item_limit_auto_clear = clear;
                policy.missed_notifications = holds;
                policy.reject_notifications = holds;
                policy.max_open_work_items = limit;
            })
        },
    )
}

/// What the hub is asked when this happens as the `number`th, after a wait of `waited`.
fn asks(happening: &Happening, desk: &mut Desk, number: u32, waited: u64) -> Command {
    let (agent, now) = (&desk.agent, desk.now);
    let nobody = SessionId { node: 0, boot: 0, number: 0 };
    let session = agent.sessions().first().copied().unwrap_or(nobody);
    let configure = |change: &dyn Fn(&mut AgentRecord)| {
        let mut record = AgentRecord::clone(&agent.record);
        change(&mut record);
        Ask::Configure(Arc::new(record))
    };
    let ask = match happening {
        Happening::SignsIn(opens) => {
            Ask::OpenSession(SessionId { node: 0, boot: 1, number: number.into() }, now, *opens)
        }
        Happening::LosesASession => {
            Ask::EndSession(session, Ended::At { at: now, how: SubEventName::NetworkLost, network: None })
        }
        Happening::Refreshes { announced_ago } => {
            let announced = now.minus(ms(*announced_ago));
            Ask::EndSession(session, Ended::Refreshing { announced, at: now })
        }
        Happening::IsSignedOut(_) => Ask::SignOut,
        Happening::TheHubIsAway => Ask::HubReturned { node: 0, boot: 2 + number, down: ms(waited) },
        Happening::Chooses { presence, lasts, next, .. } => Ask::Choose(Choice {
            presence: (*presence).to_owned(),
            until: lasts.map(|lasts| now.plus(ms(lasts))),
            next: next.map(ToOwned::to_owned),
            reason: None,
        }),
        Happening::Resets => Ask::Reset,
        Happening::Work(id, event) => Ask::Work(WorkItemId::new(id).unwrap(), event.clone()),
        Happening::Reconciles(items) => Ask::Reconcile(items.clone()),
        Happening::GetsUnits(units) => configure(&|record| record.units = *units),
        Happening::GetsTeam(there) => configure(&|record| {
            record.teams = if *there { ["billing".to_owned()].into() } else { [].into() };
        }),
        Happening::IsEnabled(enabled) => configure(&|record| record.enabled = *enabled),
        Happening::PresenceIsRetired(retired) => {
            let mut training = custom("training", BaseStatus::Away);
            training.enabled = !retired;
            desk.directory.catalog.put(training);
            Ask::FollowDirectory
        }
        Happening::PresenceIs(base) => {
            match base {
                Some(base) => desk.directory.catalog.put(custom("training", *base)),
                None => desk.directory.catalog.remove(&PresenceId::new("training").unwrap()),
            }
            Ask::FollowDirectory
        }
        Happening::ProfileHas(max) => {
            let chat = ProfileId::new("chat").unwrap();
            match max {
                Some(max) => drop(desk.directory.profiles.insert(chat, profile("chat", *max))),
                None => drop(desk.directory.profiles.remove(&chat)),
            }
            Ask::FollowDirectory
        }
        Happening::WorkstreamIs(there) => {
            let mail = Workstream { presence_effect: PresenceEffect::Ignored, ..workstream("mail") };
            match there {
                true => drop(desk.directory.workstreams.insert(mail.id.clone(), mail)),
                false => drop(desk.directory.workstreams.remove(&mail.id)),
            }
            Ask::FollowDirectory
        }
        Happening::TheDayEnds => Ask::EndDay { over: None },
        Happening::IsDeleted => Ask::Delete,
        Happening::Nothing => Ask::Tick,
    };
    let actor = if let Happening::Chooses { actor, .. } | Happening::IsSignedOut(actor) = happening {
        match actor {
            Who::Agent => Actor::Agent(desk.agent.record.agent.clone()),
            Who::Supervisor => super::desk::supervisor(),
        }
    } else {
        Actor::System
    };
    Command::new(ask, actor)
}

/// What time brought before the directory changed is decided by the directory as it was then.
fn settles_before_the_directory_changes(desk: &mut Desk, happening: &Happening) {
    if matches!(
        happening,
        Happening::PresenceIsRetired(_)
            | Happening::PresenceIs(_)
            | Happening::ProfileHas(_)
            | Happening::WorkstreamIs(_)
    ) {
        desk.ticks();
    }
}

fn plays(desk: &mut Desk, story: &[(u64, Happening)]) {
    for (number, (wait, happening)) in (1..).zip(story) {
        desk.after(*wait);
        settles_before_the_directory_changes(desk, happening);
        let command = asks(happening, desk, number, *wait);
        desk.commands(&command);
    }
}

/// The same, but the hub looks at the clock at every deadline; while it is away it does not.
fn plays_punctually(desk: &mut Desk, story: &[(u64, Happening)]) {
    for (number, (wait, happening)) in (1..).zip(story) {
        let then = desk.now.plus(ms(*wait));
        let looks_until = if matches!(happening, Happening::TheHubIsAway) { desk.now } else { then };
        while let Some(deadline) = desk.agent.next_deadline().filter(|deadline| *deadline <= looks_until) {
            desk.now = deadline;
            assert_ne!(desk.ticks(), Answer::Unchanged, "something happens at a deadline");
        }
        desk.now = then;
        settles_before_the_directory_changes(desk, happening);
        let command = asks(happening, desk, number, *wait);
        desk.commands(&command);
    }
}

/// The last instant at which nothing has come of time yet, if there is a first at which it does.
fn just_before(agent: &Agent) -> Option<(Timestamp, Timestamp)> {
    let deadline = agent.next_deadline()?;
    Some((Timestamp(deadline.0 - 1), deadline))
}

fn settles_to(agent: &Agent, at: Timestamp, directory: &Directory) -> usize {
    agent.settle(at, directory).len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_laws_hold_whatever_happens(mut desk in a_desk(), story in a_story()) {
        plays(&mut desk, &story);
    }

    #[test]
    fn a_hub_that_looks_late_decides_as_one_that_looks_in_time(desk in a_desk(), story in a_story()) {
        let (mut late, mut punctual) = (desk.clone(), desk);
        plays(&mut late, &story);
        plays_punctually(&mut punctual, &story);
        // A refused command keeps nothing, so what time brought before it may still be to come.
        late.ticks();
        punctual.ticks();
        prop_assert_eq!(late.log, punctual.log);
    }

    #[test]
    fn the_next_deadline_is_the_first_instant_at_which_time_changes_anything(
        desk in a_desk(),
        story in a_story(),
    ) {
        for until in 1..=story.len() {
            let mut desk = desk.clone();
            plays(&mut desk, &story[..until]);
            if let Some((before, deadline)) = just_before(&desk.agent) {
                prop_assert_eq!(settles_to(&desk.agent, before, &desk.directory), 0);
                prop_assert_ne!(settles_to(&desk.agent, deadline, &desk.directory), 0);
            } else {
                prop_assert_eq!(settles_to(&desk.agent, Timestamp(i64::MAX), &desk.directory), 0);
            }
        }
    }

    #[test]
    fn a_decision_depends_on_nothing_but_its_arguments(mut desk in a_desk(), story in a_story(), last in a_happening()) {
        plays(&mut desk, &story);
        let command = asks(&last, &mut desk, 1_000, 0);
        let decide = || desk.agent.decide(&command, desk.now, &desk.directory);
        prop_assert_eq!(decide(), decide());
    }
}
