//! Random entries of every shape, for the tests.

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::domain::agent::{Agent, Connection, Grace, SignedOut};
use crate::domain::cause::{Actor, Cause, EventName, SubEventName};
use crate::domain::change::{Change, Moves};
use crate::domain::daily::DailyUse;
use crate::domain::directory::DirectoryChange;
use crate::domain::ids::{AgentId, PresenceId, ProfileId, SessionId, WorkItemId, WorkstreamId};
use crate::domain::network::Network;
use crate::domain::offer::{PastOffers, Withdrawal};
use crate::domain::policy::{DailyReset, PolicyOverrides, SignInPolicy};
use crate::domain::presence::{BaseStatus, Presence};
use crate::domain::record::{
    AgentProfile, AgentRecord, CapacityProfile, PresenceEffect, ResetDuration, Workstream, WrapUpBlock,
};
use crate::domain::standing::{Beginning, Hold, Origin, Planned, Standing};
use crate::domain::time::Timestamp;
use crate::domain::trace::{Considered, Rule, Trace, Verdict};
use crate::domain::work_item::{Consumption, Stage, WorkItem};

fn texts() -> impl Strategy<Value = String> {
    "\\PC{0,12}"
}

pub(super) fn times() -> impl Strategy<Value = Timestamp> + Clone {
    any::<i64>().prop_map(Timestamp)
}

fn spans() -> impl Strategy<Value = std::time::Duration> {
    any::<u32>().prop_map(|millis| std::time::Duration::from_millis(millis.into()))
}

fn agent_ids() -> impl Strategy<Value = AgentId> {
    "[a-zà-ÿ\"\\\\@-]{1,12}".prop_map(|text| AgentId::new(text).unwrap())
}

fn presence_ids() -> impl Strategy<Value = PresenceId> {
    "[a-z-]{1,12}".prop_map(|text| PresenceId::new(text).unwrap())
}

fn profile_ids() -> impl Strategy<Value = ProfileId> {
    "[a-z-]{1,12}".prop_map(|text| ProfileId::new(text).unwrap())
}

fn workstream_ids() -> impl Strategy<Value = WorkstreamId> {
    "[a-z-]{1,12}".prop_map(|text| WorkstreamId::new(text).unwrap())
}

fn work_item_ids() -> impl Strategy<Value = WorkItemId> {
    "[a-z-]{1,12}".prop_map(|text| WorkItemId::new(text).unwrap())
}

fn bases() -> impl Strategy<Value = BaseStatus> {
    select(BaseStatus::ALL.to_vec())
}

fn effects() -> impl Strategy<Value = PresenceEffect> {
    select(vec![PresenceEffect::Moves, PresenceEffect::Ignored])
}

fn causes() -> impl Strategy<Value = Cause> {
    (select(EventName::ALL), option::of(select(SubEventName::ALL)))
        .prop_map(|(event, sub_event)| Cause { event, sub_event })
}

pub(super) fn actors() -> impl Strategy<Value = Actor> {
    prop_oneof![
        Just(Actor::System),
        agent_ids().prop_map(Actor::Agent),
        texts().prop_map(Actor::Supervisor),
        texts().prop_map(Actor::Integration),
        texts().prop_map(Actor::Admin),
    ]
}

fn networks() -> impl Strategy<Value = Option<Network>> {
    option::of(any::<std::net::IpAddr>().prop_map(Network::of))
}

pub(super) fn changes() -> impl Strategy<Value = Change> {
    let moves = prop_oneof![Just(Moves::Presence), Just(Moves::Beside)];
    let about = (
        moves,
        option::of(work_item_ids()),
        vec(work_item_ids(), 0..3),
        option::of(texts()),
        networks(),
        option::of(texts()),
    );
    (times(), causes(), actors(), about, option::of(traces()), agents()).prop_map(
        |(at, cause, actor, about, trace, after)| {
            let (moves, work_item, withdrawn, reported_time, network, reason) = about;
            let after = std::sync::Arc::new(after);
            let trace = trace.unwrap_or_else(|| after.trace.clone());
            Change { at, cause, actor, moves, work_item, withdrawn, reported_time, network, reason, trace, after }
        },
    )
}

fn agents() -> impl Strategy<Value = Agent> {
    let versions = 0..=u64::MAX;
    let shown = (records(), versions, times(), standings(), connections(), times(), causes(), actors());
    let kept = (
        vec(work_items(), 0..3),
        (times(), vec((profile_ids(), any::<u32>()), 0..3)),
        past_offers(),
        vec((texts(), times()), 0..3),
        option::of(times()),
        traces(),
        option::of((actors(), option::of(texts()))),
        option::of((times(), actors())),
    );
    (shown, kept).prop_map(|(shown, kept)| {
        let (record, version, changed_at, standing, connection, since, cause, modified_by) = shown;
        let (items, daily, past_offers, former_teams, deleted, trace, signed_out, interrupted) = kept;
        Agent {
            record: record.into(),
            version,
            changed_at,
            standing,
            connection,
            interrupted: interrupted.map(|(at, by)| Box::new(Beginning { at, by })),
            signed_out: signed_out.map(|(by, reason)| Box::new(SignedOut { by, reason })),
            since,
            cause,
            modified_by,
            items,
            daily: DailyUse::from_kept(daily.0, daily.1),
            past_offers,
            former_teams,
            deleted,
            trace,
        }
    })
}

fn past_offers() -> impl Strategy<Value = PastOffers> {
    let withdrawal = (work_item_ids(), times(), causes()).prop_map(|(item, at, cause)| Withdrawal { item, at, cause });
    // Some were withdrawn together.
    let withdrawn = (vec(withdrawal, 0..3), 1..3_usize)
        .prop_map(|(some, times)| some.into_iter().flat_map(|one| vec![one; times]).collect());
    (times(), vec(any::<u32>(), 0..3), vec(any::<u32>(), 0..3), withdrawn)
        .prop_map(|(since, newer, older, withdrawn)| PastOffers::from_kept(since, newer, older, withdrawn))
}

fn records() -> impl Strategy<Value = AgentRecord> {
    let sets = (btree_set(texts(), 0..3), btree_set(texts(), 0..3), btree_set(texts(), 0..3));
    let presences = (option::of(presence_ids()), option::of(btree_set(presence_ids(), 0..3)));
    let profile = (profile_ids(), option::of(any::<u32>())).prop_map(|(profile, max)| AgentProfile { profile, max });
    let capacity = (option::of(any::<u32>()), vec(profile, 0..3));
    (agent_ids(), texts(), sets, presences, capacity, any::<bool>()).prop_map(
        |(agent, name, (teams, queues, skills), (default_presence, selectable), (units, profiles), enabled)| {
            AgentRecord { agent, name, teams, queues, skills, default_presence, selectable, units, profiles, enabled }
        },
    )
}

fn standings() -> impl Strategy<Value = Standing> {
    let origins = select(vec![Origin::Automatic, Origin::Agent, Origin::Supervisor, Origin::Default]);
    let holds = option::of(select(vec![Hold::Missed, Hold::Rejected, Hold::WorkItemLimit]));
    let next = option::of((presence_ids(), bases()).prop_map(|(presence, base)| Box::new(Planned { presence, base })));
    let (reason, until) = (option::of(texts()), option::of(times()));
    (presence_ids(), bases(), origins, holds, reason, until, next, any::<bool>()).prop_map(
        |(presence, base, origin, hold, reason, until, next, spared)| Standing {
            presence,
            base,
            origin,
            hold,
            reason,
            until,
            next,
            spared,
        },
    )
}

fn connections() -> impl Strategy<Value = Connection> {
    let session =
        (any::<u16>(), any::<u32>(), any::<u64>()).prop_map(|(node, boot, number)| SessionId { node, boot, number });
    let graces = select(vec![Grace::Refresh, Grace::Restart]);
    prop_oneof![
        Just(Connection::SignedOut),
        vec(session, 1..4).prop_map(|sessions| Connection::Connected { sessions }),
        (graces, times(), times()).prop_map(|(grace, began, until)| Connection::Held { grace, began, until }),
        times().prop_map(|until| Connection::Disconnected { until }),
    ]
}

fn work_items() -> impl Strategy<Value = WorkItem> {
    let stages = prop_oneof![
        option::of(times()).prop_map(|deadline| Stage::Offered { deadline }),
        Just(Stage::Active),
        option::of(times()).prop_map(|deadline| Stage::WrapUp { deadline }),
        Just(Stage::WrapUpReleased),
    ];
    let takes = (any::<u32>(), vec(profile_ids(), 0..3)).prop_map(|(units, profiles)| Consumption { units, profiles });
    (work_item_ids(), stages, times(), option::of(workstream_ids()), takes, effects()).prop_map(
        |(id, stage, since, workstream, takes, presence_effect)| WorkItem {
            id,
            stage,
            since,
            workstream,
            takes,
            presence_effect,
        },
    )
}

fn traces() -> impl Strategy<Value = Trace> {
    let considered = (select(Rule::ALL), select(vec![Verdict::Decided, Verdict::Passed]))
        .prop_map(|(rule, verdict)| Considered { rule, verdict });
    vec(considered, 0..5).prop_map(Trace::from_kept)
}

pub(super) fn directory_changes() -> impl Strategy<Value = DirectoryChange> {
    prop_oneof![
        presences().prop_map(DirectoryChange::Presence),
        presence_ids().prop_map(DirectoryChange::PresenceRemoved),
        profiles().prop_map(DirectoryChange::Profile),
        profile_ids().prop_map(DirectoryChange::ProfileRemoved),
        workstreams().prop_map(DirectoryChange::Workstream),
        workstream_ids().prop_map(DirectoryChange::WorkstreamRemoved),
        settings().prop_map(DirectoryChange::Settings),
    ]
}

fn presences() -> impl Strategy<Value = Presence> {
    let words = (texts(), texts(), texts(), texts(), btree_map(texts(), texts(), 0..3));
    (presence_ids(), bases(), words, any::<(bool, bool, bool)>()).prop_map(
        |(id, base, (name, text, description, color, labels), (built_in, can_user_set, enabled))| Presence {
            id,
            name,
            text,
            base,
            description,
            built_in,
            can_user_set,
            color,
            labels,
            enabled,
        },
    )
}

fn profiles() -> impl Strategy<Value = CapacityProfile> {
    let resets = select(vec![ResetDuration::Immediate, ResetDuration::Daily]);
    (profile_ids(), texts(), any::<u32>(), any::<bool>(), resets).prop_map(
        |(id, name, default_max, block_assignment, reset)| CapacityProfile {
            id,
            name,
            default_max,
            block_assignment,
            reset,
        },
    )
}

fn workstreams() -> impl Strategy<Value = Workstream> {
    let wrap_up =
        prop_oneof![Just(WrapUpBlock::Always), spans().prop_map(WrapUpBlock::Custom), Just(WrapUpBlock::Dont)];
    let takes = (option::of(any::<u32>()), vec(profile_ids(), 0..3));
    (workstream_ids(), texts(), btree_set(bases(), 0..5), takes, wrap_up, effects()).prop_map(
        |(id, name, allowed, (units, profiles), wrap_up, presence_effect)| Workstream {
            id,
            name,
            allowed,
            units,
            profiles,
            wrap_up,
            presence_effect,
        },
    )
}

fn settings() -> impl Strategy<Value = PolicyOverrides> {
    let flag = || option::of(any::<bool>());
    let spans = || option::of(spans());
    let policies = option::of(select(vec![SignInPolicy::CapacityFirst, SignInPolicy::DefaultFirst]));
    let reset = (any::<i8>(), any::<i8>(), texts()).prop_map(|(hour, minute, zone)| DailyReset { hour, minute, zone });
    let times = (spans(), spans(), spans(), option::of(option::of(reset)));
    let flags = (flag(), flag(), flag(), flag(), flag());
    (times, flags, policies, option::of(any::<u32>())).prop_map(
        |(times, flags, sign_in_policy, max_open_work_items)| {
            let (restore_window, refresh_grace, restart_grace, daily_reset) = times;
            let (restore_after_sign_out, missed_notifications, reject_notifications, auto_clear, auto_provision) =
                flags;
            PolicyOverrides {
                restore_window,
                restore_after_sign_out,
                refresh_grace,
                restart_grace,
                sign_in_policy,
                missed_notifications,
                reject_notifications,
                max_open_work_items,
                work_item_limit_auto_clear: auto_clear,
                daily_reset,
                auto_provision_agents: auto_provision,
            }
        },
    )
}
