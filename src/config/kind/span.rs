//! Durations: `2m30s`, `250ms`, `1h`.

use std::ops::RangeInclusive;
use std::time::Duration;

use jiff::SpanRelativeTo;
use jiff::fmt::friendly::{Spacing, SpanParser, SpanPrinter};
use serde_json::{Value, json};

use super::Kind;
use crate::config::written::Written;

/// The usual ways to write a duration. More are understood, such as `2 minutes` and `PT2M`.
const PATTERN: &str = "^([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?([0-9]{1,9}ms)?$";

/// A duration within a range.
pub struct Span(pub RangeInclusive<Duration>);

/// The same, of whole seconds.
pub struct WholeSeconds(pub RangeInclusive<Duration>);

/// The duration that a text says, in whole milliseconds.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let span = SpanParser::new().parse_span(text.trim()).ok()?;
    let duration = Duration::try_from(span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?).ok()?;
    // Nothing in the hub is timed or stored more exactly.
    duration.subsec_nanos().is_multiple_of(1_000_000).then_some(duration)
}

/// In one unit, as people compare settings with each other and with their monitoring; a printer of
/// durations says `2m30s`.
fn written(duration: Duration) -> Written {
    Written::Text(match duration.subsec_millis() {
        0 => format!("{}s", duration.as_secs()),
        _ => format!("{}ms", duration.as_millis()),
    })
}

fn read(written: &Written) -> Result<Duration, String> {
    let duration = written.text().and_then(parse_duration);
    duration
        .ok_or_else(|| "needs a duration in quotes with its unit, such as \"150s\", \"2m30s\" or \"250ms\"".to_owned())
}

/// `"0s" to "24h"`
fn bounds(range: &RangeInclusive<Duration>) -> String {
    let printer = SpanPrinter::new().spacing(Spacing::None);
    let bound = |duration| printer.unsigned_duration_to_string(duration);
    format!("\"{}\" to \"{}\"", bound(range.start()), bound(range.end()))
}

impl Kind for Span {
    type Value = Duration;

    fn read(&self, written: &Written) -> Result<Duration, String> {
        let duration = read(written)?;
        if self.0.contains(&duration) { Ok(duration) } else { Err(self.needs()) }
    }

    fn write(&self, duration: &Duration) -> Written {
        written(*duration)
    }

    fn right(&self) -> String {
        format!("a duration from {}", bounds(&self.0))
    }

    fn schema(&self) -> Value {
        json!({ "type": "string", "minLength": 2, "pattern": PATTERN })
    }
}

impl Kind for WholeSeconds {
    type Value = Duration;

    fn read(&self, written: &Written) -> Result<Duration, String> {
        let duration = read(written)?;
        let is_right = self.0.contains(&duration) && duration.subsec_nanos() == 0;
        if is_right { Ok(duration) } else { Err(self.needs()) }
    }

    fn write(&self, duration: &Duration) -> Written {
        written(*duration)
    }

    fn right(&self) -> String {
        format!("a duration of whole seconds from {}", bounds(&self.0))
    }

    fn schema(&self) -> Value {
        json!({ "type": "string", "minLength": 2, "pattern": PATTERN })
    }
}
