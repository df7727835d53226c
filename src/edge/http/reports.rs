//! Reports over the history.

use axum::http::{HeaderMap, header};
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::answer::Sheet;
use super::preference::preferred;
use super::query::Parameters;
use super::route::{Asked, Route, Verb};
use super::sheet::table;
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::past::{self, reader, scope};
use crate::history::calendar::{MOST_PARTS, Unit, parts};
use crate::history::reader::Takes;
use crate::history::report::{By, Line, Of, Wanted, time_in_status};
use crate::identity::Action;
use crate::wire;
use crate::wire::code::ErrorCode::*;
use crate::wire::problem::Problem;
use crate::wire::shapes::{ReportBy, TimeInStatus, TimeInStatusReport};
use crate::wire::{parse, show, words};

/// The media type of a table.
const CSV: &str = "text/csv";

/// What a report takes off the caller's allowance besides the request itself: as much as a page of 400 items.
pub const WEIGHT: u32 = 20;

/// Which time, whose, and what has a sum of its own. What is given must all hold; a parameter is repeated to
/// name several.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportQuery {
    /// From this instant on.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    from: String,
    /// Up to this instant, or up to now if that is earlier or this is left out.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    to: Option<String>,
    /// Time of agents while they were of any of these teams.
    teams: Option<Vec<String>>,
    /// Time of agents of these ids.
    agent_ids: Option<Vec<String>>,
    /// What has a sum of its own. Each agent if left out.
    pub by: Option<ReportBy>,
    /// The time zone whose hours and days are meant, such as `Europe/Berlin`. UTC if left out.
    #[cfg_attr(test, schemars(extend("pattern" = "^[A-Za-z][A-Za-z0-9_+/-]*$")))]
    tz: Option<String>,
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/reports/time-in-status", Action::ReadReports, time)
            .called("reportTimeInStatus", "history", "How long agents had each presence")
            .says(
                "Milliseconds per presence, exactly. What lasts counts up to now; days in which the clock is put \
                 forward or back have 23 or 25 hours. Teams are those of then, so an agent who moved counts for each \
                 team while it was in it. With `Accept: text/csv` the items come as a table with a head.",
            )
            .refuses(&[TooLarge, NotKept, Unavailable]),
    ]
}

/// What is wanted, as far as the caller may.
///
/// # Errors
/// `invalid` from, to, tz
pub fn wanted(door: &Door, caller: &Signed, which: ReportQuery) -> Result<Wanted, Problem> {
    let from = parse::time("from", &which.from)?;
    let to = which.to.as_ref().map(|text| parse::time("to", text)).transpose()?;
    past::in_order(Some(from), to)?;
    let zone = zone(which.tz.as_deref())?;
    let now = door.agents.clock().now();
    // Of a time that has not come there is nothing to say.
    let to = to.unwrap_or(now).min(now);
    let from = from.min(to);
    let scope = scope(caller, which.teams, which.agent_ids);
    let split = |unit| {
        let too_many =
            || Problem::invalid("from", format_args!("makes more than {MOST_PARTS} parts; a shorter time is right"));
        parts(from, to, unit, &zone).map(By::Part).ok_or_else(too_many)
    };
    let by = match which.by.unwrap_or_default() {
        ReportBy::Agent => By::Agent,
        ReportBy::Team => By::Team,
        ReportBy::QuarterHour => split(Unit::QuarterHour)?,
        ReportBy::Hour => split(Unit::Hour)?,
        ReportBy::Day => split(Unit::Day)?,
    };
    Ok(Wanted { from, to, scope, by })
}

async fn time(asked: Asked<(), Parameters<ReportQuery>>) -> Result<Sheet<TimeInStatusReport>, Problem> {
    let Asked { door, caller, query: Parameters(which), headers, .. } = asked;
    let wanted = wanted(&door, &caller, which)?;
    caller.spend(&door, WEIGHT - 1)?;
    let as_table = takes_csv(&headers);
    let answer = reader(&door)?.ask(Takes::Long, move |connection| {
        let items: Vec<TimeInStatus> = time_in_status(connection, &wanted)?.into_iter().map(item).collect();
        if as_table {
            return Ok(Sheet::table(table(TIME_IN_STATUS, &items)));
        }
        let report = TimeInStatusReport { from: show::time(wanted.from), to: show::time(wanted.to), items };
        Ok(Sheet::json(wire::text(&report)))
    });
    answer.await.map_err(past::problem)
}

fn zone(name: Option<&str>) -> Result<TimeZone, Problem> {
    let Some(name) = name else { return Ok(TimeZone::UTC) };
    let unknown =
        || Problem::invalid("tz", format_args!("no time zone is called `{name}`; right is such as `Europe/Berlin`"));
    // What the machine is set to is nobody's zone.
    if name.eq_ignore_ascii_case("localtime") {
        return Err(unknown());
    }
    TimeZone::get(name).map_err(|_| unknown())
}

/// Whether the client asks for a table.
pub fn takes_csv(headers: &HeaderMap) -> bool {
    preferred(headers, header::ACCEPT, &["application/json", CSV]) == CSV
}

fn item(line: Line) -> TimeInStatus {
    let (mut agent_id, mut team, mut part) = (None, None, None);
    match line.of {
        Of::Agent(id) => agent_id = Some(id),
        Of::Team(name) => team = name,
        Of::Part(start, end) => part = Some((show::time(start), show::time(end))),
    }
    let (start, end) = part.unzip();
    TimeInStatus {
        agent_id,
        name: line.name,
        team,
        start,
        end,
        presence_id: line.presence.as_str().to_owned(),
        presence_text: line.text,
        base_presence_status: words::base(line.base),
        duration_ms: line.millis,
    }
}

/// The columns of time in status.
const TIME_IN_STATUS: &[&str] =
    &["agentId", "name", "team", "start", "end", "presenceId", "presenceText", "basePresenceStatus", "durationMs"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::shapes::BasePresenceStatus;

    #[test]
    fn a_cell_that_could_be_taken_for_several_is_quoted() {
        let item = TimeInStatus {
            agent_id: Some("a17".to_owned()),
            name: Some("Lindqvist, \"Ada\"".to_owned()),
            team: None,
            start: None,
            end: None,
            presence_id: "lunch".to_owned(),
            presence_text: "Lunch\nbreak".to_owned(),
            base_presence_status: BasePresenceStatus::Away,
            duration_ms: 1_500,
        };
        let text = String::from_utf8(table(TIME_IN_STATUS, &[item])).unwrap();
        let (_, row) = text.split_once("\r\n").unwrap();
        assert_eq!(row, "a17,\"Lindqvist, \"\"Ada\"\"\",,,,lunch,\"Lunch\nbreak\",AWAY,1500\r\n");
    }
}
