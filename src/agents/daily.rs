//! The end of the day: daily profiles are given back at the time the settings say.

use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use tracing::{error, info};

use super::Agents;
use crate::domain::cause::Actor;
use crate::domain::command::{Ask, Command};
use crate::domain::policy::DailyReset;
use crate::domain::time::Timestamp;

/// How often the settings are looked at while no daily reset is set.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

impl Agents {
    /// Gives daily profiles back at the end of each day, for ever.
    pub async fn keep_daily_reset(self) {
        loop {
            let now = self.clock().now();
            let reset = self.directory().directory.policy.daily_reset.clone();
            let next = reset.as_ref().and_then(|reset| next_end_of_day(reset, now));
            // Wakes early to follow a changed setting.
            self.clock().sleep_until(next.map_or(now.plus(LOOK_AGAIN), |next| next.min(now.plus(LOOK_AGAIN)))).await;
            if next.is_some_and(|next| next <= self.clock().now()) {
                self.end_day().await;
            }
        }
    }

    /// The day may have ended while the hub was away.
    pub(super) async fn make_up_for_missed_end_of_day(&self, alive: Timestamp) {
        let reset = self.directory().directory.policy.daily_reset.clone();
        let missed = reset.as_ref().and_then(|reset| next_end_of_day(reset, alive));
        if missed.is_some_and(|missed| missed <= self.clock().now()) {
            self.end_day().await;
        }
    }

    async fn end_day(&self) {
        let used = self.those(|agent| !agent.daily.is_empty()).await;
        self.keep_at_each(&used, &Command::new(Ask::EndDay, Actor::System)).await;
        info!(agents = used.len(), "daily profiles were given back");
    }
}

/// The first end of day after `now`.
fn next_end_of_day(reset: &DailyReset, now: Timestamp) -> Option<Timestamp> {
    let next = || {
        let zone = TimeZone::get(&reset.zone)?;
        let now = jiff::Timestamp::from_millisecond(now.0)?.to_zoned(zone);
        let time = Time::new(reset.hour, reset.minute, 0, 0)?;
        let today = now.with().time(time).build()?;
        if today > now { Ok(today) } else { now.tomorrow()?.with().time(time).build() }
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
}
