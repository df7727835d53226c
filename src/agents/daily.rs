//! The end of the day: daily profiles are given back at the time the settings say.
//!
//! A use counts until the first end of day after it. An agent knows since when it uses, so that an end that comes twice,
//! or late, gives nothing back that is of the next day alone. Of an agent that had used some before, all is given back: how
//! much of it came in the moment between the end and the agent's turn is not told apart.

use jiff::Zoned;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use tracing::{error, info};

use super::Agents;
use crate::domain::agent::Agent;
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::domain::policy::DailyReset;
use crate::domain::time::Timestamp;

/// The ends of day around a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ends {
    /// The last one, which may be now.
    last: Timestamp,
    /// The next one.
    next: Timestamp,
}

impl Agents {
    /// Gives daily profiles back at the end of each day, for ever. Settings that move the end count at
    /// once: whoever had used some before it was last due is given all of it back.
    pub async fn keep_daily_reset(self) {
        loop {
            let next = self.give_back_what_ended().await;
            let passed = async {
                match next {
                    Some(next) => self.clock().sleep_until(next).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = self.shared.settings_changed.notified() => {}
                () = passed => {}
            }
        }
    }

    /// Gives back what was used before the last end of day, whoever missed it: the hub was away, or ended amid giving
    /// back. Returns when the day ends next, if it does.
    pub(super) async fn give_back_what_ended(&self) -> Option<Timestamp> {
        let Ends { last, next } = self.ends_of_day()?;
        let is_of_that_day = |agent: &Agent| agent.daily.since().is_some_and(|since| since < last);
        for turn in self.turns() {
            turn.begins().await;
            let mut used = self.matching(is_of_that_day).await;
            used.retain(|known| self.is_turn_of(turn, known));
            if !used.is_empty() {
                self.keep_at_each(&used, &Command::new(Ask::EndDay { over: Some(last) }, Actor::System)).await;
                info!(agents = used.len(), "daily profiles were given back");
            }
        }
        Some(next)
    }

    fn ends_of_day(&self) -> Option<Ends> {
        let view = self.directory();
        let reset = view.directory.policy.daily_reset.as_ref()?;
        match ends_of_day(reset, self.clock().now()) {
            Ok(ends) => Some(ends),
            Err(error) => {
                error!(%error, zone = reset.zone, "the daily reset cannot be computed");
                None
            }
        }
    }
}

/// The ends of day around `now`. A local day has one: of a time that the clocks show twice the first counts, and one that
/// they leave out is as much later.
fn ends_of_day(reset: &DailyReset, now: Timestamp) -> Result<Ends, jiff::Error> {
    let zone = TimeZone::get(&reset.zone)?;
    let now = jiff::Timestamp::from_millisecond(now.0)?.to_zoned(zone.clone());
    let time = Time::new(reset.hour, reset.minute, 0, 0)?;
    // From the date alone: what is made from `now` would keep its offset, and come twice.
    let of = |date: Date| date.to_datetime(time).to_zoned(zone.clone());
    let today = of(now.date())?;
    let (last, next) =
        if today > now { (of(now.date().yesterday()?)?, today) } else { (today, of(now.date().tomorrow()?)?) };
    let instant = |end: &Zoned| Timestamp(end.timestamp().as_millisecond());
    Ok(Ends { last: instant(&last), next: instant(&next) })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn the_day_ends_by_the_clock_on_the_wall_also_when_daylight_saving_begins() {
        let reset = DailyReset { hour: 3, minute: 0, zone: "Europe/Berlin".to_owned() };
        let around = |now| ends_of_day(&reset, at(now)).unwrap();
        let ends = |last, next| Ends { last: at(last), next: at(next) };
        assert_eq!(around("2026-03-27T12:00:00Z"), ends("2026-03-27T02:00:00Z", "2026-03-28T02:00:00Z"));
        assert_eq!(around("2026-03-28T01:59:59Z"), ends("2026-03-27T02:00:00Z", "2026-03-28T02:00:00Z"));
        assert_eq!(around("2026-03-28T02:00:00Z"), ends("2026-03-28T02:00:00Z", "2026-03-29T01:00:00Z"));
    }

    /// All ends of day in a span, whenever the keeper looks for the next.
    fn every_end(reset: &DailyReset, from: &str, to: &str) -> BTreeSet<i64> {
        const LOOKS_EVERY: usize = 10 * 60_000;
        let looks = (at(from).0..at(to).0).step_by(LOOKS_EVERY);
        let around = looks.map(|now| ends_of_day(reset, Timestamp(now)).unwrap());
        let mut ends = BTreeSet::new();
        for Ends { last, next } in around {
            assert!(last < next);
            ends.extend([last.0, next.0]);
        }
        ends.retain(|end| (at(from).0..=at(to).0).contains(end));
        ends
    }

    #[test]
    fn a_day_on_which_the_clocks_go_back_or_forward_ends_once() {
        for (zone, minutes, from, to) in [
            ("Europe/Berlin", [(2, 0), (2, 30), (3, 0)], "2026-10-23T12:00:00Z", "2026-10-27T12:00:00Z"),
            ("America/New_York", [(1, 0), (1, 30), (2, 0)], "2026-10-30T12:00:00Z", "2026-11-03T12:00:00Z"),
            ("Australia/Sydney", [(2, 0), (2, 30), (3, 0)], "2026-04-03T12:00:00Z", "2026-04-07T12:00:00Z"),
            ("America/Santiago", [(23, 0), (23, 30), (0, 0)], "2026-04-02T16:00:00Z", "2026-04-06T16:00:00Z"),
            ("Europe/Berlin", [(2, 0), (2, 30), (3, 0)], "2026-03-27T12:00:00Z", "2026-03-31T12:00:00Z"),
            ("America/Santiago", [(23, 30), (0, 0), (0, 30)], "2026-09-04T16:00:00Z", "2026-09-08T16:00:00Z"),
        ] {
            for (hour, minute) in minutes {
                let reset = DailyReset { hour, minute, zone: zone.to_owned() };
                let ends = every_end(&reset, from, to);
                assert_eq!(ends.len(), 4, "{zone} {hour}:{minute} from {from}: {ends:?}");
            }
        }
    }
}
