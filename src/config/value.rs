//! What a setting may be. Each function returns the value, or says what would be right.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use super::source::Value;
use crate::domain::policy::DailyReset;

/// A string.
pub fn text(value: &Value) -> Result<String, String> {
    value.text().map(str::to_owned).ok_or_else(|| "needs a string in quotes".to_owned())
}

/// A string, where the empty one stands for none.
pub fn optional(value: &Value) -> Result<Option<String>, String> {
    text(value).map(|text| Some(text).filter(|text| !text.is_empty()))
}

/// A path, where the empty one stands for none.
pub fn optional_path(value: &Value) -> Result<Option<PathBuf>, String> {
    Ok(optional(value)?.map(PathBuf::from))
}

/// A path.
pub fn path(value: &Value) -> Result<PathBuf, String> {
    optional_path(value)?.ok_or_else(|| "needs the path of a folder, such as \"data\"".to_owned())
}

/// `true` or `false`.
pub fn truth(value: &Value) -> Result<bool, String> {
    value.truth().ok_or_else(|| "needs true or false".to_owned())
}

/// A whole number within a range.
pub fn whole(range: RangeInclusive<u32>) -> impl FnOnce(&Value) -> Result<u32, String> {
    move |value| {
        let number = value.whole().and_then(|number| u32::try_from(number).ok());
        number
            .filter(|number| range.contains(number))
            .ok_or_else(|| format!("needs a whole number from {} to {}", range.start(), range.end()))
    }
}

/// One of a few words.
pub fn choice<T: Copy>(words: &'static [(&'static str, T)]) -> impl FnOnce(&Value) -> Result<T, String> {
    move |value| {
        let chosen = words.iter().find(|(word, _)| value.text() == Some(word));
        chosen.map(|(_, value)| *value).ok_or_else(|| {
            let quoted: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            format!("needs one of {}", quoted.join(", "))
        })
    }
}

/// A duration within a range; the range is written as it would be in the file.
pub fn duration(least: &'static str, most: &'static str) -> impl FnOnce(&Value) -> Result<Duration, String> {
    move |value| {
        let parsed = value.text().and_then(parse_duration);
        let span =
            parsed.ok_or("needs a duration in quotes with its unit, such as \"150s\", \"2m30s\" or \"250ms\"")?;
        let bound = |text| parse_duration(text).unwrap_or_else(|| unreachable!("`{text}` is written in the program"));
        if (bound(least)..=bound(most)).contains(&span) {
            Ok(span)
        } else {
            Err(format!("needs a duration from \"{least}\" to \"{most}\""))
        }
    }
}

/// Numbers with units, largest first or not: `2m30s`, `250ms`, `1h`.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let unit_end = rest[digits..].find(|c: char| !c.is_ascii_alphabetic()).map_or(rest.len(), |end| digits + end);
        let millis = match &rest[digits..unit_end] {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return None,
        };
        total = total.checked_add(Duration::from_millis(number.checked_mul(millis)?))?;
        rest = &rest[unit_end..];
    }
    Some(total)
}

/// An address and a port to listen on.
pub fn listen(value: &Value) -> Result<SocketAddr, String> {
    let text = value.text().unwrap_or_default();
    let numeric = match text.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None => text.to_owned(),
    };
    numeric.parse().map_err(|_| {
        "needs an address and a port, such as \"127.0.0.1:7350\", \"[::1]:7350\" or \"0.0.0.0:7350\"".to_owned()
    })
}

/// An origin as browsers send it, where the empty string stands for none.
pub fn optional_origin(value: &Value) -> Result<Option<String>, String> {
    optional(value)?.map(|text| parse_origin(&text)).transpose()
}

/// A list of origins as browsers send them.
pub fn origins(value: &Value) -> Result<Vec<String>, String> {
    let list = value.list().ok_or("needs a list of origins, such as [\"https://crm.example.com\"]")?;
    list.iter().map(|origin| parse_origin(origin)).collect()
}

fn parse_origin(text: &str) -> Result<String, String> {
    let wrong = || {
        format!(
            "`{text}` is no origin; \"https://crm.example.com\" or \"http://localhost:5173\" would be: scheme, host and perhaps a port, no path"
        )
    };
    let lower = text.trim_end_matches('/').to_ascii_lowercase();
    let (scheme, authority) = lower.split_once("://").ok_or_else(wrong)?;
    let default_port = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return Err(wrong()),
    };
    let authority = authority.strip_suffix(default_port).unwrap_or(authority);
    let parsed: axum::http::uri::Authority = authority.parse().map_err(|_| wrong())?;
    if parsed.host().is_empty() || parsed.host().contains('*') || authority.contains('@') {
        return Err(wrong());
    }
    Ok(format!("{scheme}://{authority}"))
}

/// `HH:MM Area/City`, where the empty string stands for none.
pub fn daily_reset(value: &Value) -> Result<Option<DailyReset>, String> {
    let Some(text) = optional(value)? else { return Ok(None) };
    parse_daily_reset(&text).map(Some)
}

/// A time of day and a time zone.
pub fn parse_daily_reset(text: &str) -> Result<DailyReset, String> {
    let (time, zone) =
        text.split_once(' ').ok_or("needs a time of day and a time zone, such as \"03:00 Europe/Berlin\"")?;
    let two_digits = |part: &str, below: i8| -> Option<i8> {
        let number: i8 = Some(part).filter(|part| part.len() == 2)?.parse().ok()?;
        Some(number).filter(|number| (0..below).contains(number))
    };
    let clock = time.split_once(':').and_then(|(hour, minute)| Some((two_digits(hour, 24)?, two_digits(minute, 60)?)));
    let (hour, minute) = clock.ok_or_else(|| format!("`{time}` is no time of day; \"03:00 {zone}\" would be"))?;
    if jiff::tz::TimeZone::get(zone).is_err() {
        return Err(format!("`{zone}` is no time zone of the IANA database; \"{time} Europe/Berlin\" would be"));
    }
    Ok(DailyReset { hour, minute, zone: zone.to_owned() })
}

/// A level, or levels by module: `info`, or `info,presence_hub::feed=debug`.
pub fn log_level(value: &Value) -> Result<String, String> {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let text = text(value)?;
    let is_right = |part: &str| match part.trim().split_once('=') {
        Some((target, level)) => !target.is_empty() && LEVELS.contains(&level.to_ascii_lowercase().as_str()),
        None => LEVELS.contains(&part.trim().to_ascii_lowercase().as_str()),
    };
    if text.split(',').all(is_right) {
        Ok(text)
    } else {
        Err(format!(
            "needs one of {}, or levels by module such as \"info,presence_hub::feed=debug\"",
            LEVELS.join(", ")
        ))
    }
}
