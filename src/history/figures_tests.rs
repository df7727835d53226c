//! Whoever comes and goes, and whatever becomes of the work: the figures are those that replaying the log gives.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::sample::select;

use super::calendar::{Unit, parts};
use super::disconnections::{APART, Became, disconnections};
use super::figures_world::{happenings, lived};
use super::floor::differences;
use super::report::{By, Of, Wanted};
use super::scope::Scope;
use super::sign_ins::{Ended, sign_ins};
use super::summary::{Figure, Line, summary};
use super::test_world::{START, World, replayed};
use crate::domain::agent::{Agent, Connection as There};
use crate::domain::cause::{EventName, SubEventName};
use crate::domain::ids::AgentId;
use crate::domain::standing::Hold;
use crate::domain::time::Timestamp;

/// Whether the agent is signed in, and whether it is there.
fn there(agent: Option<&Agent>) -> (bool, bool) {
    match agent.filter(|agent| agent.deleted.is_none()).map(|agent| &agent.connection) {
        None | Some(There::SignedOut) => (false, false),
        Some(There::Disconnected { .. }) => (true, false),
        Some(There::Connected { .. } | There::Held { .. }) => (true, true),
    }
}

/// The figures of the agents while they were of a team, by replaying the log.
fn naive(world: &World, agents: &[AgentId], from: i64, to: i64, team: Option<&str>) -> BTreeMap<Figure, i64> {
    let mut figures = BTreeMap::new();
    for agent in agents {
        let steps = replayed(&world.log, agent);
        for (place, (start, _, change)) in steps.iter().enumerate() {
            let after = &*change.after;
            let before = place.checked_sub(1).map(|before| &*steps[before].2.after);
            // Who is deleted is so in the teams of until then.
            let of = before.filter(|_| after.deleted.is_some()).unwrap_or(after);
            if team.is_some_and(|team| !of.record.teams.contains(team)) {
                continue;
            }
            let end = steps.get(place + 1).map_or(to, |(next, ..)| *next).min(to);
            let millis = (end - from.max(*start)).max(0);
            let mut lasts = |figure| *figures.entry(figure).or_default() += millis;
            let (is_signed_in, is_there) = there(Some(after));
            if is_signed_in {
                lasts(Figure::SignedIn);
            }
            if is_there {
                lasts(Figure::Connected);
                let used: u32 = after.items.iter().map(|item| item.takes.units).sum();
                match after.record.units {
                    None => {}
                    Some(units) if used >= units => lasts(Figure::Full),
                    Some(_) if used > 0 => lasts(Figure::PartlyUsed),
                    Some(_) => lasts(Figure::Unused),
                }
                match after.standing.hold {
                    Some(Hold::Missed) => lasts(Figure::MissedHold),
                    Some(Hold::Rejected) => lasts(Figure::RejectedHold),
                    Some(Hold::WorkItemLimit) | None => {}
                }
            }
            if !(from..to).contains(start) {
                continue;
            }
            let (was_signed_in, was_there) = there(before);
            let event = change.cause.event;
            let mut counts = |figure, does| *figures.entry(figure).or_default() += i64::from(does);
            counts(Figure::SignIns, event == EventName::Login);
            counts(Figure::Restores, event == EventName::Reconnect && was_signed_in && !was_there);
            counts(Figure::Lapses, event == EventName::RestoreLapsed);
            counts(Figure::SignOuts, event == EventName::Logout);
            counts(Figure::Drops, event == EventName::Disconnected && !is_there);
            counts(Figure::Removals, event == EventName::ConfigurationUpdate && was_signed_in && !is_signed_in);
            counts(Figure::Offered, event == EventName::AssignmentAttempted && is_there);
            counts(Figure::Accepted, event == EventName::SessionAssigned);
            counts(Figure::Missed, event == EventName::MissedNotification);
            counts(Figure::Rejected, event == EventName::RejectedNotification);
        }
    }
    figures.retain(|_, amount| *amount != 0);
    figures
}

const ALL: [Figure; 18] = [
    Figure::SignIns,
    Figure::SignOuts,
    Figure::Drops,
    Figure::Restores,
    Figure::Lapses,
    Figure::Removals,
    Figure::SignedIn,
    Figure::Connected,
    Figure::Offered,
    Figure::Accepted,
    Figure::Missed,
    Figure::Rejected,
    Figure::Unused,
    Figure::PartlyUsed,
    Figure::Full,
    Figure::MissedHold,
    Figure::RejectedHold,
    Figure::WorkItemLimitHold,
];

/// The figures of these lines together.
fn told<'a>(lines: impl IntoIterator<Item = &'a Line>) -> BTreeMap<Figure, i64> {
    let mut told = BTreeMap::new();
    for line in lines {
        for figure in ALL {
            *told.entry(figure).or_default() += line.figure(figure);
        }
    }
    told.retain(|_, amount| *amount != 0);
    told
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]
    #[test]
    fn figures_are_those_of_the_log_by_agent_by_team_and_in_every_hour(
        happenings in happenings(),
        (from, lasts) in (-100_000..40_000_000_i64, 0..40_000_000_i64),
    ) {
        let (world, kept) = lived(&happenings);
        let (from, to) = (START + from, START + from + lasts);
        let ids = world.ids();
        let ask = |by, teams: Option<&str>| {
            let scope = Scope { teams: teams.map(|team| [team.to_owned()].into()), agents: None };
            let wanted = Wanted { from: Timestamp(from), to: Timestamp(to), scope, by };
            summary(&kept, &wanted).unwrap()
        };
        let by_agent = ask(By::Agent, None);
        for agent in &ids {
            let of = Of::Agent(agent.as_str().to_owned());
            let expected = naive(&world, std::slice::from_ref(agent), from, to, None);
            prop_assert_eq!(told(by_agent.iter().filter(|line| line.of == of)), expected);
        }
        for team in ["billing", "sales"] {
            let expected = naive(&world, &ids, from, to, Some(team));
            prop_assert_eq!(told(&ask(By::Agent, Some(team))), expected.clone());
            let of = Of::Team(Some(team.to_owned()));
            prop_assert_eq!(told(ask(By::Team, None).iter().filter(|line| line.of == of)), expected);
        }
        let begin = parts(Timestamp(from), Timestamp(to), Unit::Hour, &TimeZone::UTC).unwrap();
        let by_hour = ask(By::Part(begin.clone()), None);
        for (place, start) in begin.iter().enumerate() {
            let end = begin.get(place + 1).map_or(to, |next| next.0);
            let lines = by_hour.iter().filter(|line| line.of == Of::Part(*start, Timestamp(end)));
            prop_assert_eq!(told(lines), naive(&world, &ids, start.0, end, None));
        }
    }

    #[test]
    fn each_sign_in_and_each_disconnection_is_told_once_and_what_became_of_it(
        happenings in happenings(),
        (from, lasts) in (-100_000..40_000_000_i64, 0..40_000_000_i64),
    ) {
        let (world, kept) = lived(&happenings);
        let now = world.now + 777;
        let ask = |from: i64, to: i64| Wanted {
            from: Timestamp(from),
            to: Timestamp(to),
            scope: Scope::default(),
            by: By::Agent,
        };
        let all = sign_ins(&kept, &ask(START - 1, now), Timestamp(now)).unwrap();
        let figures = naive(&world, &world.ids(), START - 1, now, None);
        let figure = |figure| figures.get(&figure).copied().unwrap_or(0);
        let millis = |end: Option<i64>, start: i64| end.unwrap_or(now) - start;
        let signed_in: i64 =
            all.iter().map(|one| millis(one.end.map(|end| end.start.0), one.start.start.0)).sum();
        prop_assert_eq!(signed_in, figure(Figure::SignedIn));
        prop_assert_eq!(all.iter().map(|one| one.connected).sum::<i64>(), figure(Figure::Connected));
        prop_assert_eq!(all.iter().map(|one| i64::from(one.restores)).sum::<i64>(), figure(Figure::Restores));
        let ended = |how| i64::try_from(all.iter().filter(|one| one.ended == Some(how)).count()).unwrap();
        prop_assert_eq!(i64::try_from(all.len()).unwrap(), figure(Figure::SignIns));
        prop_assert_eq!(ended(Ended::SignedOut) + ended(Ended::Lapsed), figure(Figure::Lapses));
        prop_assert_eq!(ended(Ended::Removed), figure(Figure::Removals));

        // Those of a shorter time are those of all that last within it, as they are.
        let (from, to) = (START + from, (START + from + lasts).min(now));
        if from <= to {
            let lasts = |one: &&super::sign_ins::SignIn| {
                let end = one.end.map(|end| end.start.0);
                one.start.start.0 < to && (one.start.start.0 >= from || end.is_none_or(|end| end > from))
            };
            let expected: Vec<_> = all.iter().filter(lasts).cloned().collect();
            prop_assert_eq!(sign_ins(&kept, &ask(from, to), Timestamp(now)).unwrap(), expected);
        }

        // Whoever asks about a team is told nothing of what somebody did after leaving it.
        for team in ["billing", "sales"] {
            let scope = Scope { teams: Some([team.to_owned()].into()), agents: None };
            let of_team = sign_ins(&kept, &Wanted { scope, ..ask(START - 1, now) }, Timestamp(now)).unwrap();
            for one in of_team {
                let since = world.log.iter().filter(|change| change.after.record.agent.as_str() == one.agent);
                let mut since = since.filter(|change| change.at >= one.start.start && change.after.deleted.is_none());
                let left = since.find(|change| !change.after.record.teams.contains(team)).map(|change| change.at.0);
                let told = one.end.map_or(now, |end| end.start.0);
                prop_assert!(left.is_none_or(|left| told <= left), "{one:?} left {left:?}");
                prop_assert!(one.connected <= told - one.start.start.0);
            }
        }

        let (lost, incidents) = disconnections(&kept, &ask(START - 1, now)).unwrap();
        let became = |what| i64::try_from(lost.iter().filter(|one| one.became == what).count()).unwrap();
        let others = world.log.iter().filter(|change| change.cause.event == EventName::ConnectionEnded).count();
        prop_assert_eq!(became(Some(Became::OtherSessions)), i64::try_from(others).unwrap());
        let drops = i64::try_from(lost.len() - others).unwrap();
        prop_assert_eq!(drops, figure(Figure::Drops));
        prop_assert_eq!(became(Some(Became::Lapsed)), ended(Ended::Lapsed));
        for (place, incident) in incidents.iter().enumerate() {
            let mut of: Vec<_> = lost.iter().filter(|one| one.incident == Some(place)).collect();
            of.sort_by_key(|one| one.at);
            prop_assert_eq!(of.len(), incident.sessions);
            prop_assert!(of.iter().all(|one| one.how == SubEventName::NetworkLost) && incident.agents > 1);
            prop_assert!(incident.network.is_some() && of.iter().all(|one| one.network == incident.network));
            prop_assert!(of.windows(2).all(|two| two[1].at.start.0 - two[0].at.start.0 <= APART));
            prop_assert_eq!((of[0].at.start, of[of.len() - 1].at.start), (incident.first, incident.last));
        }
        // Nobody who was lost beside another is left out.
        let lost_alone = |one: &&super::disconnections::Disconnection| {
            one.how == SubEventName::NetworkLost && one.incident.is_none()
        };
        for one in lost.iter().filter(lost_alone) {
            let beside = |other: &&super::disconnections::Disconnection| {
                (other.how, other.network) == (one.how, one.network)
                    && other.agent != one.agent
                    && (other.at.start.0 - one.at.start.0).abs() <= APART
            };
            prop_assert_eq!(lost.iter().find(beside), None);
        }
        // Those of a shorter time are told with what became of them beyond it.
        if from <= to {
            let (some, _) = disconnections(&kept, &ask(from, to)).unwrap();
            let within = lost.iter().filter(|one| (from..to).contains(&one.at.start.0));
            let plain = |one: &super::disconnections::Disconnection| (one.at, one.became, one.then);
            prop_assert!(some.iter().map(plain).eq(within.map(plain)));
        }
    }

    #[test]
    fn what_changed_over_the_floor_is_what_differs_between_two_replays(
        happenings in happenings(),
        (from, lasts) in (-100_000..40_000_000_i64, 0..40_000_000_i64),
        team in select(vec![None, Some("billing"), Some("sales")]),
    ) {
        let (world, kept) = lived(&happenings);
        let (from, to) = (START + from, START + from + lasts);
        let at = |agent: &AgentId, instant: i64| {
            let steps = replayed(&world.log, agent);
            let (_, _, change) = *steps.iter().rfind(|(start, ..)| *start <= instant)?;
            let counts = team.is_none_or(|team| change.after.record.teams.contains(team));
            (counts && change.after.deleted.is_none()).then(|| change.after.shown_presence().to_owned())
        };
        let mut expected = Vec::new();
        for agent in world.ids() {
            let (before, after) = (at(&agent, from), at(&agent, to));
            if before != after {
                expected.push((agent.as_str().to_owned(), before, after));
            }
        }
        let scope = Scope { teams: team.map(|team| [team.to_owned()].into()), agents: None };
        let (mut found, mut after) = (Vec::new(), None);
        let instants = (Timestamp(from), Timestamp(to));
        while let Some(one) = differences(&kept, instants, &scope, after.as_deref(), 1).unwrap().pop() {
            let presence = |was: Option<super::floor::WasThere>| {
                was.map(|was| was.interval.state.presence.as_str().to_owned())
            };
            after = Some(one.agent.clone());
            found.push((one.agent, presence(one.before), presence(one.after)));
        }
        prop_assert_eq!(found, expected);
    }
}
