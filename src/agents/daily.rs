//! The end of the day: daily profiles are given back at the time the settings say.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use tracing::{error, info};

use super::Agents;
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::domain::policy::DailyReset;
use crate::domain::time::Timestamp;

impl Agents {
    /// Gives daily profiles back at the end of each day, for ever.
    pub async fn keep_daily_reset(self) {
        loop {
            let next = self.end_of_day_after(self.clock().now());
            let passed = async {
                match next {
                    Some(next) => self.clock().sleep_until(next).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = self.shared.settings_changed.notified() => {}
                () = passed => {}
            }
            if next.is_some_and(|next| next <= self.clock().now()) {
                self.end_day().await;
            }
        }
    }

    /// The day may have ended while the hub was away.
    pub(super) async fn make_up_for_missed_end_of_day(&self, alive: Timestamp) {
        if self.end_of_day_after(alive).is_some_and(|missed| missed <= self.clock().now()) {
            self.end_day().await;
        }
    }

    fn end_of_day_after(&self, instant: Timestamp) -> Option<Timestamp> {
        next_end_of_day(self.directory().directory.policy.daily_reset.as_ref()?, instant)
    }

    async fn end_day(&self) {
        let used = self.matching(|agent| !agent.daily.is_empty()).await;
        self.keep_at_each(&used, &Command::new(Ask::EndDay, Actor::System)).await;
        info!(agents = used.len(), "daily profiles were given back");
    }
}

/// The first end of day after `now`. A local day has one: of a time that the clocks show twice the
/// first counts, and one that they leave out is as much later.
fn next_end_of_day(reset: &DailyReset, now: Timestamp) -> Option<Timestamp> {
    let next = || {
        let zone = TimeZone::get(&reset.zone)?;
        let now = jiff::Timestamp::from_millisecond(now.0)?.to_zoned(zone.clone());
        let time = Time::new(reset.hour, reset.minute, 0, 0)?;
        // From the date alone: what is made from `now` would keep its offset, and come twice.
        let of = |date: Date| date.to_datetime(time).to_zoned(zone.clone());
        let today = of(now.date())?;
        if today > now { Ok(today) } else { of(now.date().tomorrow()?) }
    };
    match next() {
        Ok(zoned) => Some(Timestamp(zoned.timestamp().as_millisecond())),
        Err(error) => {
            error!(%error, zone = reset.zone, "the daily reset cannot be computed");
            None
        }
    }
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
        assert_eq!(next_end_of_day(&reset, at("2026-03-27T12:00:00Z")), Some(at("2026-03-28T02:00:00Z")));
        assert_eq!(next_end_of_day(&reset, at("2026-03-28T02:00:00Z")), Some(at("2026-03-29T01:00:00Z")));
    }

    /// All ends of day in a span, whenever the keeper looks for the next.
    fn ends_of_day(reset: &DailyReset, from: &str, to: &str) -> BTreeSet<i64> {
        const LOOKS_EVERY: usize = 10 * 60_000;
        let looks = (at(from).0..at(to).0).step_by(LOOKS_EVERY);
        looks
            .filter_map(|now| next_end_of_day(reset, Timestamp(now)))
            .map(|next| next.0)
            .filter(|next| *next <= at(to).0)
            .collect()
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
                let ends = ends_of_day(&reset, from, to);
                assert_eq!(ends.len(), 4, "{zone} {hour}:{minute} from {from}: {ends:?}");
            }
        }
    }
}
