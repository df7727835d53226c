//! Where the quarter hours, hours and days of a time zone begin.

use jiff::tz::TimeZone;

use crate::domain::time::Timestamp;

/// The most parts that a time is split into: a leap year's hours, and some.
pub const MOST_PARTS: usize = 9_000;

/// What a time is split into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Quarters of the hours of the zone's clock, with which workforce management plans.
    QuarterHour,
    /// Hours of the zone's clock. Where that is put forward or back within one, a part ends there.
    Hour,
    /// From midnight to midnight: 23 or 25 hours where the clock is put forward or back.
    Day,
}

/// The instants at which the parts of the time from `from` to `to` begin, `from` the first. None if they are
/// more than [`MOST_PARTS`].
#[must_use]
pub fn parts(from: Timestamp, to: Timestamp, unit: Unit, zone: &TimeZone) -> Option<Vec<Timestamp>> {
    let mut begin = vec![from];
    let mut at = from;
    loop {
        at = match unit {
            Unit::QuarterHour => next_full(at, HOUR / 4, zone),
            Unit::Hour => next_full(at, HOUR, zone),
            Unit::Day => next_day(at, zone),
        };
        if at >= to {
            return Some(begin);
        }
        if begin.len() == MOST_PARTS {
            return None;
        }
        begin.push(at);
    }
}

const HOUR: i64 = 3_600_000;

/// Beyond the last instant that a calendar has, there are no more parts.
const NEVER: Timestamp = Timestamp(i64::MAX);

/// The next time that the zone's clock shows a multiple of this, or is put forward or back.
fn next_full(at: Timestamp, millis: i64, zone: &TimeZone) -> Timestamp {
    let Ok(instant) = jiff::Timestamp::from_millisecond(at.0) else { return NEVER };
    let local = at.0 + i64::from(zone.to_offset(instant).seconds()) * 1_000;
    let full = at.0 + millis - local.rem_euclid(millis);
    let change = zone.following(instant).next().map(|change| change.timestamp().as_millisecond());
    Timestamp(change.filter(|change| (at.0 + 1..full).contains(change)).unwrap_or(full))
}

fn next_day(at: Timestamp, zone: &TimeZone) -> Timestamp {
    let midnight = || {
        let today = jiff::Timestamp::from_millisecond(at.0)?.to_zoned(zone.clone()).date();
        today.tomorrow()?.to_zoned(zone.clone()).map(|midnight| midnight.timestamp().as_millisecond())
    };
    midnight().map_or(NEVER, |midnight: i64| Timestamp(midnight.max(at.0 + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    /// How long the parts are, in minutes.
    fn minutes(zone: &str, from: &str, to: &str, unit: Unit) -> Vec<i64> {
        let mut begin = parts(at(from), at(to), unit, &TimeZone::get(zone).unwrap()).unwrap();
        begin.push(at(to));
        begin.windows(2).map(|two| (two[1].0 - two[0].0) / 60_000).collect()
    }

    #[test]
    fn a_day_has_23_hours_when_the_clock_is_put_forward_and_25_when_it_is_put_back() {
        let days = |from, to| minutes("Europe/Berlin", from, to, Unit::Day);
        assert_eq!(days("2026-03-27T23:00:00Z", "2026-03-30T22:00:00Z"), [24 * 60, 23 * 60, 24 * 60]);
        assert_eq!(days("2026-10-23T22:00:00Z", "2026-10-26T23:00:00Z"), [24 * 60, 25 * 60, 24 * 60]);
        assert_eq!(days("2026-10-24T10:00:00Z", "2026-10-25T10:00:00Z"), [12 * 60, 12 * 60]);
    }

    #[test]
    fn midnights_that_there_are_not_are_where_the_day_begins() {
        // The clock goes from 24:00 to 01:00.
        let days = minutes("America/Asuncion", "2023-09-30T04:00:00Z", "2023-10-02T03:00:00Z", Unit::Day);
        assert_eq!(days, [24 * 60, 23 * 60]);
        // A whole day was left out.
        let days = minutes("Pacific/Apia", "2011-12-29T10:00:00Z", "2012-01-01T10:00:00Z", Unit::Day);
        assert_eq!(days, [24 * 60, 24 * 60, 24 * 60]);
    }

    #[test]
    fn hours_are_those_of_the_zone() {
        let hours = |zone, from, to| minutes(zone, from, to, Unit::Hour);
        assert_eq!(hours("Asia/Kolkata", "2026-01-01T00:00:00Z", "2026-01-01T02:00:00Z"), [30, 60, 30]);
        assert_eq!(hours("Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z"), [60, 60]);
        // Half an hour is lived twice.
        let twice = hours("Australia/Lord_Howe", "2026-04-04T14:00:00Z", "2026-04-04T16:30:00Z");
        assert_eq!(twice, [60, 30, 60]);
    }

    #[test]
    fn quarter_hours_are_those_of_the_zone() {
        let quarters = |zone, from, to| minutes(zone, from, to, Unit::QuarterHour);
        assert_eq!(quarters("Asia/Kathmandu", "2026-01-01T00:00:00Z", "2026-01-01T00:40:00Z"), [15, 15, 10]);
        assert_eq!(quarters("Europe/Berlin", "2026-03-29T00:50:00Z", "2026-03-29T01:20:00Z"), [10, 15, 5]);
    }

    #[test]
    fn what_would_be_too_many_parts_is_none() {
        let utc = TimeZone::UTC;
        assert!(parts(at("2024-01-01T00:00:00Z"), at("2025-01-01T00:00:00Z"), Unit::Hour, &utc).is_some());
        assert_eq!(parts(at("2024-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z"), Unit::Hour, &utc), None);
        assert_eq!(parts(Timestamp(0), Timestamp(0), Unit::Day, &utc), Some(vec![Timestamp(0)]));
    }
}
