//! A time of day in a time zone: `03:00 Europe/Berlin`.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::Kind;
use crate::config::written::Written;
use crate::domain::policy::DailyReset;

/// When something is due each day.
pub struct DailyResetTime;

impl Kind for DailyResetTime {
    type Value = DailyReset;

    fn read(&self, written: &Written) -> Result<DailyReset, String> {
        let parts = written.text().and_then(|text| text.split_once(' '));
        let (time, zone) = parts.ok_or_else(|| self.needs())?;
        let Ok(clock) = Time::strptime("%H:%M", time) else {
            return Err(format!("`{time}` is no time of day; \"03:00 {zone}\" would be"));
        };
        if TimeZone::get(zone).is_err() {
            return Err(format!("`{zone}` is no time zone of the IANA database; \"{time} Europe/Berlin\" would be"));
        }
        Ok(DailyReset { hour: clock.hour(), minute: clock.minute(), zone: zone.to_owned() })
    }

    fn write(&self, reset: &DailyReset) -> Written {
        Written::Text(format!("{:02}:{:02} {}", reset.hour, reset.minute, reset.zone))
    }

    fn right(&self) -> String {
        "a time of day and a time zone, such as \"03:00 Europe/Berlin\"".to_owned()
    }

    fn schema(&self) -> Value {
        json!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9] [A-Za-z][A-Za-z0-9_+/-]*$" })
    }
}
