//! Whatever happens to whom, and whatever is asked: the answers are those that replaying the log would give.

use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::sample::select;

use super::calendar::{Unit, parts};
use super::floor::floor;
use super::intervals::{Each, Place, Wanted, intervals};
use super::report::{self, By, Of, time_in_status};
use super::scope::Scope;
use super::stood::Interval;
use super::test_world::{Happening, START, What, World, a_happening, replayed};
use crate::domain::ids::AgentId;
use crate::domain::time::Timestamp;

/// An interval, as far as it is compared: start, end, presence and position.
type Told = (i64, Option<i64>, String, u64);

fn told(interval: &Interval) -> Told {
    let Interval { stood, state, end } = interval;
    (stood.start.0, end.map(|end| end.0), state.presence.as_str().to_owned(), stood.seq)
}

/// What the log says of an agent, as intervals.
fn expected(world: &World, agent: &AgentId, each: Each) -> Vec<Told> {
    let steps = replayed(&world.log, agent);
    let mut all: Vec<Told> = Vec::new();
    let mut goes_on = false;
    for (place, (start, seq, change)) in steps.iter().enumerate() {
        let end = steps.get(place + 1).map(|(next, ..)| *next);
        let presence = change.after.shown_presence().to_owned();
        match all.last_mut() {
            _ if change.after.deleted.is_some() => goes_on = false,
            Some(last) if goes_on && each == Each::Presence && last.2 == presence => last.1 = end,
            Some(_) | None => {
                all.push((*start, end, presence, *seq));
                goes_on = true;
            }
        }
    }
    all
}

fn some_time() -> impl Strategy<Value = (i64, i64)> {
    (-100_000..4_000_000_i64, 0..4_000_000_i64).prop_map(|(from, lasts)| (START + from, START + from + lasts))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn an_agents_intervals_are_those_of_the_log_whichever_are_asked_for_and_page_by_page(
        happenings in prop::collection::vec(a_happening(), 1..60),
        (from, to) in some_time(),
        each in select(vec![Each::Change, Each::Presence]),
        page in 1..5_usize,
    ) {
        let (world, kept) = World::kept(&happenings);
        for agent in world.ids() {
            let all = expected(&world, &agent, each);
            let ask = |from: Option<i64>, to: Option<i64>, begins, most| {
                let (from, to) = (from.map(Timestamp), to.map(Timestamp));
                intervals(&kept, &Wanted { agent: agent.clone(), from, to, each, begins, most }).unwrap()
            };
            let found: Vec<Told> = ask(None, None, None, usize::MAX).iter().map(told).collect();
            prop_assert_eq!(&found, &all);

            let within = |(start, end, ..): &Told| *start < to && (*start >= from || end.is_none_or(|end| end > from));
            let some: Vec<Told> = all.iter().filter(|one| within(one)).cloned().collect();
            let found: Vec<Told> = ask(Some(from), Some(to), None, usize::MAX).iter().map(told).collect();
            prop_assert_eq!(&found, &some);

            let (mut paged, mut begins) = (Vec::new(), None);
            loop {
                let found = ask(Some(from), Some(to), begins, page + 1);
                paged.extend(found.iter().take(page).map(told));
                let Some(next) = found.get(page) else { break };
                begins = Some(Place { start: next.stood.start, seq: next.stood.seq });
            }
            prop_assert_eq!(&paged, &some);
        }
    }

    #[test]
    fn the_floor_at_an_instant_is_what_replaying_the_log_up_to_it_gives(
        happenings in prop::collection::vec(a_happening(), 1..60),
        after in -1_000..4_000_000_i64,
        place in any::<prop::sample::Index>(),
        team in select(vec![None, Some("billing"), Some("sales")]),
    ) {
        let (world, kept) = World::kept(&happenings);
        // Some instant, and one at which something changed.
        for at in [START + after, place.get(&world.log).at.0] {
            let mut there = Vec::new();
            for agent in world.ids() {
                let steps = replayed(&world.log, &agent);
                let Some((_, seq, change)) = steps.iter().rfind(|(start, ..)| *start <= at) else { continue };
                let is_asked = team.is_none_or(|team| change.after.record.teams.contains(team));
                if change.after.deleted.is_none() && is_asked {
                    there.push((agent.as_str().to_owned(), change.after.shown_presence().to_owned(), *seq));
                }
            }
            let scope = Scope { teams: team.map(|team| [team.to_owned()].into()), agents: None };
            let (mut found, mut after) = (Vec::new(), None);
            while let Some(was) = floor(&kept, Timestamp(at), &scope, after.as_deref(), 1).unwrap().pop() {
                found.push((was.agent.clone(), was.interval.state.presence.as_str().to_owned(), was.interval.stood.seq));
                after = Some(was.agent);
            }
            prop_assert_eq!(found, there);
        }
    }

    #[test]
    fn sums_are_those_of_the_intervals_cut_to_the_time_in_every_zone_and_however_it_is_split(
        happenings in prop::collection::vec(a_happening(), 1..60),
        (from, to) in some_time(),
        zone in select(vec!["UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York"]),
    ) {
        let (world, kept) = World::kept(&happenings);
        let (from, to) = (Timestamp(from), Timestamp(to));
        let sums = |by| time_in_status(&kept, &report::Wanted { from, to, scope: Scope::default(), by }).unwrap();
        let mut all = 0;
        let by_agent = sums(By::Agent);
        for agent in world.ids() {
            let lasts = |(start, end, ..): &Told| (end.unwrap_or(i64::MAX).min(to.0) - (*start).max(from.0)).max(0);
            let there: i64 = expected(&world, &agent, Each::Change).iter().map(lasts).sum();
            let of = Of::Agent(agent.as_str().to_owned());
            let summed: i64 = by_agent.iter().filter(|line| line.of == of).map(|line| line.millis).sum();
            prop_assert_eq!(summed, there);
            all += there;
        }
        // Nobody is of two teams here.
        prop_assert_eq!(sums(By::Team).iter().map(|line| line.millis).sum::<i64>(), all);
        let zone = TimeZone::get(zone).unwrap();
        for unit in [Unit::QuarterHour, Unit::Hour, Unit::Day] {
            let begin = parts(from, to, unit, &zone).unwrap();
            let lines = sums(By::Part(begin.clone()));
            prop_assert_eq!(lines.iter().map(|line| line.millis).sum::<i64>(), all);
            for line in &lines {
                let Of::Part(start, end) = line.of else { panic!("{line:?}") };
                prop_assert!(begin.contains(&start) && (begin.contains(&end) || end == to), "{:?}", line);
                prop_assert!(line.millis <= 3 * (end.0 - start.0), "{:?}", line);
            }
        }
    }
}

fn becomes(presence: usize) -> Happening {
    Happening { agent: 0, passes: 0, what: What::Becomes(presence), after_undoing: false }
}

#[test]
fn a_shift_over_midnight_is_split_there_and_what_lasts_counts_up_to_the_end() {
    let (mut world, day) = (World::new(), 86_400_000);
    world.happens(&becomes(1));
    world.now += day / 2;
    world.happens(&becomes(2));
    let kept = world.keep();
    // START is 08:00 in UTC.
    let (from, to) = (Timestamp(START), Timestamp(START + day));
    let begin = parts(from, to, Unit::Day, &TimeZone::UTC).unwrap();
    let wanted = report::Wanted { from, to, scope: Scope::default(), by: By::Part(begin) };
    let lines = time_in_status(&kept, &wanted).unwrap();
    let told: Vec<_> = lines.iter().map(|line| (line.presence.as_str(), line.millis / 3_600_000)).collect();
    assert_eq!(told, [("busy", 12), ("training", 4), ("training", 8)]);
}
