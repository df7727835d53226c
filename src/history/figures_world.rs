//! Agents who come and go, and take work or not, and the log that it leaves.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;
use rusqlite::Connection;

use super::test_world::World;
use crate::domain::agent::{Connection as There, Grace};
use crate::domain::cause::{Actor, Cause, EventName, SubEventName};
use crate::domain::change::{Change, Moves};
use crate::domain::ids::{SessionId, WorkItemId};
use crate::domain::network::Network;
use crate::domain::presence::BuiltIn;
use crate::domain::record::PresenceEffect;
use crate::domain::standing::{Hold, Standing};
use crate::domain::time::Timestamp;
use crate::domain::work_item::{Consumption, Stage, WorkItem};

/// What happens to an agent. What cannot, does not.
#[derive(Clone, Copy, Debug)]
pub enum What {
    Comes,
    Goes(SubEventName),
    Reloads,
    LosesPatience,
    SignsOut,
    Lapses,
    IsRemoved,
    IsNotified,
    Takes(u32),
    Closes,
    Misses,
    Rejects,
    MovesTo(&'static str),
    HasUnits(Option<u32>),
}

pub fn happenings() -> impl Strategy<Value = Vec<(usize, i64, What)>> {
    use SubEventName::{NetworkLost, TabClosed};
    let what = prop_oneof![
        6 => Just(What::Comes),
        4 => select(vec![TabClosed, NetworkLost]).prop_map(What::Goes),
        1 => Just(What::Reloads),
        1 => Just(What::LosesPatience),
        2 => Just(What::SignsOut),
        3 => Just(What::Lapses),
        1 => Just(What::IsRemoved),
        2 => Just(What::IsNotified),
        3 => (0..7_u32).prop_map(What::Takes),
        2 => Just(What::Closes),
        1 => Just(What::Misses),
        1 => Just(What::Rejects),
        1 => select(vec!["billing", "sales"]).prop_map(What::MovesTo),
        1 => select(vec![None, Some(0), Some(10)]).prop_map(What::HasUnits),
    ];
    let passes = select(vec![0, 1, 999, 9_000, 60_000, 3_600_000]);
    prop::collection::vec((0..3_usize, passes, what), 1..80)
}

fn session(number: u32) -> SessionId {
    SessionId { node: 0, boot: 1, number: number.into() }
}

/// Lets it happen, if it can.
fn happens(world: &mut World, who: usize, what: What) {
    let now = Timestamp(world.now);
    let (after, number) = (&mut world.agents[who], u32::try_from(world.log.len()).unwrap() + 1);
    let before = after.connection.clone();
    let gone = There::Disconnected { until: now.plus(std::time::Duration::from_secs(150)) };
    let is_there = matches!(before, There::Connected { .. } | There::Held { .. });
    let cause = match (what, &before) {
        (What::Comes, There::Connected { sessions }) => {
            after.connection = There::Connected { sessions: [sessions.clone(), vec![session(number)]].concat() };
            Cause::of(EventName::ConnectionAdded)
        }
        (What::Comes, _) => {
            after.connection = There::Connected { sessions: vec![session(number)] };
            after.deleted = None;
            let signed_in = before == There::SignedOut;
            if signed_in {
                after.standing = Standing::automatic(BuiltIn::Available);
            }
            Cause::of(if signed_in { EventName::Login } else { EventName::Reconnect })
        }
        (What::Goes(how), There::Connected { sessions }) if sessions.len() > 1 => {
            after.connection = There::Connected { sessions: sessions[1..].to_vec() };
            Cause::how(EventName::ConnectionEnded, how)
        }
        (What::Goes(how), There::Connected { .. }) => {
            after.connection = gone;
            Cause::how(EventName::Disconnected, how)
        }
        (What::Reloads, There::Connected { .. }) => {
            after.connection = There::Held { grace: Grace::Refresh, began: now, until: now };
            Cause::how(EventName::Disconnected, SubEventName::TabClosed)
        }
        (What::LosesPatience, There::Held { .. }) => {
            after.connection = gone;
            Cause::how(EventName::Disconnected, SubEventName::TabClosed)
        }
        (What::SignsOut, _) if is_there => {
            after.connection = gone;
            Cause::how(EventName::Logout, SubEventName::SignedOut)
        }
        (What::Lapses, There::Disconnected { .. }) => {
            after.connection = There::SignedOut;
            Cause::of(EventName::RestoreLapsed)
        }
        (What::IsRemoved, _) => {
            after.connection = There::SignedOut;
            after.deleted = Some(now);
            Arc::make_mut(&mut after.record).teams.clear();
            Cause::of(EventName::ConfigurationUpdate)
        }
        (What::IsNotified, _) => Cause::of(EventName::AssignmentAttempted),
        (What::Takes(units), _) if is_there => {
            after.items.push(WorkItem {
                id: WorkItemId::new(format!("w{number}")).unwrap(),
                stage: Stage::Active,
                since: now,
                workstream: None,
                takes: Consumption { units, profiles: Vec::new() },
                presence_effect: PresenceEffect::Moves,
            });
            Cause::how(EventName::SessionAssigned, SubEventName::AssignmentAccept)
        }
        (What::Closes, _) if !after.items.is_empty() => {
            after.items.remove(0);
            after.standing = Standing::automatic(BuiltIn::Busy);
            Cause::of(EventName::SessionClosed)
        }
        (What::Misses, _) if is_there => {
            after.standing = Standing::held(BuiltIn::Inactive, Hold::Missed);
            Cause::how(EventName::MissedNotification, SubEventName::AgentTimeout)
        }
        (What::Rejects, _) if is_there => {
            after.standing = Standing::held(BuiltIn::DoNotDisturb, Hold::Rejected);
            Cause::how(EventName::RejectedNotification, SubEventName::AgentReject)
        }
        (What::MovesTo(team), _) => {
            Arc::make_mut(&mut after.record).teams = [team.to_owned()].into();
            Cause::of(EventName::ConfigurationUpdate)
        }
        (What::HasUnits(units), _) => {
            Arc::make_mut(&mut after.record).units = units;
            Cause::of(EventName::ConfigurationUpdate)
        }
        _ => return,
    };
    after.version += 1;
    let after = after.clone();
    world.log.push(Change {
        at: now,
        cause,
        actor: Actor::System,
        moves: Moves::Presence,
        work_item: None,
        withdrawn: Vec::new(),
        reported_time: None,
        // Two of the three are of one office.
        network: cause.event.ends_a_session().then(|| Network::of([203, 0, u8::from(who == 2), 7].into())),
        reason: None,
        trace: after.trace.clone(),
        after: after.into(),
    });
}

pub fn lived(happenings: &[(usize, i64, What)]) -> (World, Connection) {
    let mut world = World::new();
    for (who, passes, what) in happenings {
        world.now += passes;
        happens(&mut world, *who, *what);
    }
    let kept = world.keep();
    (world, kept)
}
