//! Adherence over a database: the figures are those of replaying the log, and parts add up to the whole.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::sample::select;
use rusqlite::Connection;

use super::{BEYOND, Counts, Line, adherence, stretches};
use crate::domain::ids::{ActivityId, AgentId, PresenceId};
use crate::domain::plan::{Activity, Exception, Plan, Planned};
use crate::domain::presence::BaseStatus;
use crate::domain::time::Timestamp;
use crate::history::calendar::{Unit, parts};
use crate::history::reader::Failed;
use crate::history::report::{By, Of, Wanted};
use crate::history::row::Row;
use crate::history::scope::Scope;
use crate::history::test_world::{START, World, a_happening, replayed};
use crate::history::told::keep::change;
use crate::history::told::{Became, Told};

/// The activities: what they tolerate in seconds, and the presences that are right.
const ACTIVITIES: [(&str, u64, &[&str]); 3] =
    [("calls", 0, &["busy"]), ("training", 61, &["training"]), ("anything", 3_600, &["available", "busy"])];

fn activities() -> Vec<Activity> {
    let presence = |id: &&str| PresenceId::new(id).unwrap();
    let activity = |(id, tolerance, presences): (&str, u64, &[&str])| Activity {
        id: ActivityId::new(id).unwrap(),
        text: id.to_owned(),
        presences: presences.iter().map(presence).collect(),
        bases: [BaseStatus::BusyDoNotDisturb].into(),
        tolerance: Duration::from_secs(tolerance),
    };
    ACTIVITIES.map(activity).into()
}

/// A minute, in milliseconds, and a little: not all edges are at once.
const MINUTE: i64 = 60_000;

/// What is planned of each agent: gaps and lengths in minutes, and the activity.
type Planning = Vec<Vec<(i64, i64, usize)>>;
/// Whose exceptions, from when, for how long.
type Excusing = Vec<(usize, i64, i64)>;

fn plannings() -> impl Strategy<Value = Planning> {
    let one = (select(vec![0, 0, 0, 1, 7]), 1..20_i64, 0..ACTIVITIES.len());
    prop::collection::vec(prop::collection::vec(one, 0..12), 3)
}

fn excusings() -> impl Strategy<Value = Excusing> {
    prop::collection::vec((0..3_usize, 0..70_i64, 1..9_i64), 0..6)
}

/// The spans that are planned of an agent.
fn spans(planning: &[(i64, i64, usize)]) -> Vec<(i64, i64, usize)> {
    let mut at = START - 3 * MINUTE;
    let span = |(gap, lasts, activity): &(i64, i64, usize)| {
        let start = at + gap * MINUTE;
        at = start + lasts * MINUTE + 17;
        (start, at, *activity)
    };
    planning.iter().map(span).collect()
}

/// Keeps it, some of it in two parts.
fn plan(connection: &Connection, world: &World, plannings: &Planning, excusings: &Excusing) {
    let mut changes: Vec<Told> = activities().into_iter().map(Told::Activity).collect();
    // Nobody can be planned who never was.
    let ever_was = |agent: &AgentId| world.log.iter().any(|change| change.after.record.agent == *agent);
    for (agent, planning) in world.ids().into_iter().zip(plannings).filter(|(agent, _)| ever_was(agent)) {
        for (start, end, activity) in spans(planning) {
            let half = (start + end) / 2;
            for (start, end) in [(start, half), (half, end)] {
                let (start, end) = (Timestamp(start), Timestamp(end));
                let activity = ActivityId::new(ACTIVITIES[activity].0).unwrap();
                let plan = Plan::new(agent.clone(), start, end, vec![Planned { start, end, activity }]).unwrap();
                changes.push(Told::Plan(Arc::new(plan)));
            }
        }
    }
    for (number, (agent, from, lasts)) in excusings.iter().enumerate() {
        if !ever_was(&world.ids()[*agent]) {
            continue;
        }
        let start = START + from * MINUTE + 5;
        changes.push(Told::Exception(Exception {
            id: number.to_string(),
            agent: world.ids()[*agent].clone(),
            start: Timestamp(start),
            end: Timestamp(start + lasts * MINUTE),
            reason: "fire alarm".to_owned(),
            author: "sue".to_owned(),
            at: Timestamp(START),
        }));
    }
    let mut done = 0;
    while done < changes.len() {
        let became = change(connection, &changes[done..]).unwrap();
        assert!(became.iter().all(|one| *one == Became::Kept), "{became:?}");
        done += became.len();
    }
}

/// What an agent was planned to do, was, and was excused from, between two instants at which any of it changes.
struct Moment {
    time: (i64, i64),
    /// Which run of which activity.
    planned: Option<(usize, usize)>,
    excused: bool,
    was: Option<(PresenceId, BaseStatus, Vec<String>)>,
}

/// All moments of an agent, by replaying the log.
fn moments(world: &World, which: usize, plannings: &Planning, excusings: &Excusing, now: i64) -> Vec<Moment> {
    let steps = replayed(&world.log, &world.ids()[which]);
    let spans = spans(&plannings[which]);
    let excused: Vec<(i64, i64)> = excusings
        .iter()
        .filter(|one| one.0 == which)
        .map(|(_, from, lasts)| (START + from * MINUTE + 5, START + (from + lasts) * MINUTE + 5))
        .collect();
    // Neighbours of the same activity are one run: each has the number of the first.
    let mut runs: Vec<usize> = Vec::new();
    for (place, span) in spans.iter().enumerate() {
        let goes_on = place > 0 && spans[place - 1].1 == span.0 && spans[place - 1].2 == span.2;
        runs.push(if goes_on { runs[place - 1] } else { place });
    }
    let mut edges: Vec<i64> = vec![now];
    edges.extend(steps.iter().map(|step| step.0));
    edges.extend(spans.iter().flat_map(|span| [span.0, span.1]));
    edges.extend(excused.iter().flat_map(|one| [one.0, one.1]));
    edges.retain(|at| *at <= now);
    edges.sort_unstable();
    edges.dedup();
    let moment = |two: &[i64]| {
        let (start, end) = (two[0], two[1]);
        let planned = spans.iter().position(|span| (span.0..span.1).contains(&start));
        let was = steps.iter().rev().find(|step| step.0 <= start).and_then(|(_, seq, change)| {
            let teams = change.after.record.teams.iter().cloned().collect();
            Row::of(*seq, change).state.map(|seen| (seen.presence, seen.base, teams))
        });
        Moment {
            time: (start, end),
            planned: planned.map(|place| (runs[place], spans[place].2)),
            excused: excused.iter().any(|one| (one.0..one.1).contains(&start)),
            was,
        }
    };
    edges.windows(2).map(moment).collect()
}

/// As what each moment counts, by looking at those around it.
fn naive(moments: &[Moment]) -> Vec<Option<Counts>> {
    let activities = activities();
    let is_wrong = |moment: &Moment| match (&moment.planned, &moment.was) {
        (Some((_, activity)), Some((presence, base, _))) => {
            !moment.excused && !activities[*activity].allows(presence, *base)
        }
        _ => false,
    };
    let goes_on = |one: &Moment, next: &Moment| is_wrong(one) && is_wrong(next) && one.planned == next.planned;
    let counts = |(place, moment): (usize, &Moment)| {
        let (Some((_, activity)), Some(_)) = (&moment.planned, &moment.was) else { return None };
        if moment.excused {
            return Some(Counts::Excused);
        }
        if !is_wrong(moment) {
            return Some(Counts::In);
        }
        let first = (1..=place).rev().find(|at| !goes_on(&moments[at - 1], &moments[*at])).unwrap_or(0);
        let last = (place + 1..moments.len()).find(|at| !goes_on(&moments[at - 1], &moments[*at]));
        let last = last.unwrap_or(moments.len()) - 1;
        let lasts = moments[last].time.1 - moments[first].time.0;
        let tolerance = i64::try_from(activities[*activity].tolerance.as_millis()).unwrap();
        Some(if lasts <= tolerance { Counts::Tolerated } else { Counts::Out })
    };
    moments.iter().enumerate().map(counts).collect()
}

fn figures(lines: &[Line]) -> [i64; 3] {
    lines.iter().fold([0; 3], |sums, line| [sums[0] + line.inside, sums[1] + line.outside, sums[2] + line.excused])
}

proptest! {
    #[test]
    fn the_figures_are_those_of_the_log_and_parts_add_up_to_the_whole(
        happenings in prop::collection::vec(a_happening(), 1..60),
        plannings in plannings(),
        excusings in excusings(),
        bounds in (0..80_i64, 1..80_i64),
        zone in select(vec!["UTC", "Asia/Kolkata", "Australia/Lord_Howe"]),
        team in select(vec![None, Some("billing"), Some("sales")]),
        elsewhere in 0..40_i64,
    ) {
        let (world, kept) = World::kept(&happenings);
        plan(&kept, &world, &plannings, &excusings);
        let now = world.now.max(START) + 30 * MINUTE;
        let from = START - 2 * MINUTE + bounds.0 * MINUTE / 2 + 3;
        let to = (from + bounds.1 * MINUTE).min(now).max(from);
        let scope = |team: Option<&str>| Scope { teams: team.map(|team| [team.to_owned()].into()), agents: None };
        let ask = |from: i64, to: i64, by, team| {
            let wanted = Wanted { from: Timestamp(from), to: Timestamp(to), scope: scope(team), by };
            adherence(&kept, &wanted, Timestamp(now)).unwrap()
        };
        let by_agent = ask(from, to, By::Agent, team);

        let mut whole = BTreeMap::new();
        for (which, agent) in world.ids().iter().enumerate() {
            let moments = moments(&world, which, &plannings, &excusings, now);
            let mut sums = [0; 3];
            let mut told = Vec::new();
            for (moment, counts) in moments.iter().zip(naive(&moments)) {
                let (start, end) = (moment.time.0.max(from), moment.time.1.min(to));
                let (Some(counts), Some((presence, _, teams))) = (counts, &moment.was) else { continue };
                if start >= end {
                    continue;
                }
                told.push((start, end, counts, presence.clone()));
                if team.is_some_and(|team| !teams.iter().any(|of| of == team)) {
                    continue;
                }
                sums[match counts {
                    Counts::In | Counts::Tolerated => 0,
                    Counts::Out => 1,
                    Counts::Excused => 2,
                }] += end - start;
            }
            if sums != [0; 3] {
                whole.insert(agent.as_str().to_owned(), sums);
            }
            // The way down: the same, moment by moment.
            let found = stretches(&kept, agent, (Timestamp(from), Timestamp(to)), Timestamp(now)).unwrap();
            for (start, end, counts, presence) in &told {
                let is_it = |one: &&super::Stretch| one.start.0 <= *start && *end <= one.end.0;
                let stretch = found.iter().find(is_it);
                prop_assert_eq!(stretch.map(|one| (one.counts, one.presence.clone())), Some((*counts, presence.clone())));
            }
            let lasts = |found: &[super::Stretch]| found.iter().map(|one| one.end.0 - one.start.0).sum::<i64>();
            prop_assert_eq!(lasts(&found), told.iter().map(|one| one.1 - one.0).sum::<i64>());
        }
        let found: BTreeMap<String, [i64; 3]> = by_agent
            .iter()
            .map(|line| (match &line.of { Of::Agent(id) => id.clone(), _ => String::new() }, figures(std::slice::from_ref(line))))
            .collect();
        prop_assert_eq!(&found, &whole);

        // However it is split.
        let zone = TimeZone::get(zone).unwrap();
        for unit in [Unit::QuarterHour, Unit::Hour, Unit::Day] {
            let parts = parts(Timestamp(from), Timestamp(to), unit, &zone).unwrap();
            prop_assert_eq!(figures(&ask(from, to, By::Part(parts), team)), figures(&by_agent));
        }
        let middle = (from + elsewhere * MINUTE + 1).min(to);
        let (first, second) = (figures(&ask(from, middle, By::Agent, team)), figures(&ask(middle, to, By::Agent, team)));
        let both: Vec<i64> = first.iter().zip(second).map(|(one, other)| one + other).collect();
        prop_assert_eq!(&both[..], &figures(&by_agent)[..]);
        // Nobody here is of two teams at once.
        prop_assert_eq!(figures(&ask(from, to, By::Team, team)), figures(&by_agent));
    }
}

#[test]
fn what_has_to_be_known_of_the_time_before_has_to_be_kept() {
    let connection = World::new().keep();
    connection.execute("UPDATE history_state SET kept_from = ?", [START]).unwrap();
    let ask = |from: i64| {
        let (from, to) = (Timestamp(from), Timestamp(START + 3 * BEYOND));
        stretches(&connection, &AgentId::new("ada").unwrap(), (from, to), to)
    };
    assert!(ask(START + BEYOND).is_ok());
    let Err(Failed::NotKept { from }) = ask(START + BEYOND - 1) else { panic!("it is kept") };
    assert_eq!(from.0, START + BEYOND);
}
