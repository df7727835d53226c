//! For how long agents were as they were planned to be.

use serde::Deserialize;

use crate::edge::http::answer::Sheet;
use crate::edge::http::path::OnceAgent;
use crate::edge::http::query::Parameters;
use crate::edge::http::reports::{ReportQuery, WEIGHT, takes_csv, wanted};
use crate::edge::http::route::{Asked, Route, Verb};
use crate::edge::http::sheet::table;
use crate::edge::past::{self, reader};
use crate::history::adherence::{Counts, Line, Stretch, adherence, stretches};
use crate::history::reader::Takes;
use crate::history::report::Of;
use crate::identity::Action;
use crate::wire;
use crate::wire::code::ErrorCode::*;
use crate::wire::problem::Problem;
use crate::wire::shapes::{AdherenceCounts, AdherenceLine, AdherenceReport, AdherenceStretch, AgentAdherence};
use crate::wire::{parse, show};

/// Which time.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StretchesQuery {
    /// From this instant on.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    from: String,
    /// Up to this instant, or up to now if that is earlier or this is left out.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    to: Option<String>,
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/reports/adherence", Action::ReadReports, report)
            .called("reportAdherence", "adherence", "For how long agents were as they were planned to be")
            .says(
                "Milliseconds of planned time in adherence, out of it and excused, exactly, from what is planned now; \
                 what lasts counts up to now, and time that is not planned nowhere. A stretch that is not right counts \
                 as in if it lasts no longer than its activity tolerates, whatever of it lies in the time asked for; \
                 a longer one is out from its first millisecond. Teams are those of then. With `Accept: text/csv` the \
                 items come as a table.",
            )
            .refuses(&[TooLarge, NotKept, Unavailable]),
        Route::new(Verb::Get, "/api/v1/agents/{agentId}/adherence", Action::ReadHistory, of_agent)
            .called("readAgentAdherence", "adherence", "An agent's planned time, stretch by stretch")
            .says(
                "What the figures of the report rest on: each stretch of planned time with one presence, cut to the \
                 time, and as what it counts. At most 10,000. With `Accept: text/csv` the items come as a table.",
            )
            .refuses(&[TooLarge, NotKept, Unavailable]),
    ]
}

async fn report(asked: Asked<(), Parameters<ReportQuery>>) -> Result<Sheet<AdherenceReport>, Problem> {
    let Asked { door, caller, query: Parameters(which), headers, .. } = asked;
    let wanted = wanted(&door, &caller, which)?;
    caller.spend(&door, WEIGHT - 1)?;
    let now = door.agents.clock().now();
    let answer = reader(&door)?.ask(Takes::Long, move |connection| {
        let items: Vec<AdherenceLine> = adherence(connection, &wanted, now)?.into_iter().map(line).collect();
        if takes_csv(&headers) {
            return Ok(Sheet::table(table(LINES, &items)));
        }
        let report = AdherenceReport { from: show::time(wanted.from), to: show::time(wanted.to), items };
        Ok(Sheet::json(wire::text(&report)))
    });
    answer.await.map_err(past::problem)
}

/// The columns of the report.
const LINES: &[&str] =
    &["agentId", "name", "team", "start", "end", "plannedMs", "inMs", "outMs", "excusedMs", "adherence"];

fn line(line: Line) -> AdherenceLine {
    let (mut agent_id, mut team, mut part) = (None, None, None);
    match line.of {
        Of::Agent(id) => agent_id = Some(id),
        Of::Team(name) => team = name,
        Of::Part(start, end) => part = Some((show::time(start), show::time(end))),
    }
    let (start, end) = part.unzip();
    let tracked = line.inside + line.outside;
    #[allow(clippy::cast_precision_loss, reason = "no time is so long")]
    let adherence = (tracked > 0).then(|| line.inside as f64 / tracked as f64);
    AdherenceLine {
        agent_id,
        name: line.name,
        team,
        start,
        end,
        planned_ms: tracked + line.excused,
        in_ms: line.inside,
        out_ms: line.outside,
        excused_ms: line.excused,
        adherence,
    }
}

async fn of_agent(asked: Asked<OnceAgent, Parameters<StretchesQuery>>) -> Result<Sheet<AgentAdherence>, Problem> {
    let Asked { door, caller, path: whose, query: Parameters(which), headers, .. } = asked;
    let from = parse::time("from", &which.from)?;
    let to = which.to.as_ref().map(|text| parse::time("to", text)).transpose()?;
    past::in_order(Some(from), to)?;
    let now = door.agents.clock().now();
    let to = to.unwrap_or(now).min(now);
    let from = from.min(to);
    caller.spend(&door, WEIGHT - 1)?;
    past::may_read(&door, &caller, Action::ReadHistory, &whose).await?;
    let agent = whose.id;
    let answer = reader(&door)?.ask(Takes::Moments, move |connection| {
        let found = stretches(connection, &agent, (from, to), now)?;
        let items: Vec<AdherenceStretch> = found.into_iter().map(stretch).collect();
        if takes_csv(&headers) {
            return Ok(Sheet::table(table(STRETCHES, &items)));
        }
        let answer = AgentAdherence { from: show::time(from), to: show::time(to), items };
        Ok(Sheet::json(wire::text(&answer)))
    });
    answer.await.map_err(past::problem)
}

/// The columns of stretches.
const STRETCHES: &[&str] = &["start", "end", "durationMs", "activityId", "presenceId", "counts", "seq"];

fn stretch(stretch: Stretch) -> AdherenceStretch {
    AdherenceStretch {
        start: show::time(stretch.start),
        end: show::time(stretch.end),
        duration_ms: stretch.end.0 - stretch.start.0,
        activity_id: stretch.activity.as_str().to_owned(),
        presence_id: stretch.presence.as_str().to_owned(),
        counts: match stretch.counts {
            Counts::In => AdherenceCounts::In,
            Counts::Tolerated => AdherenceCounts::Tolerated,
            Counts::Out => AdherenceCounts::Out,
            Counts::Excused => AdherenceCounts::Excused,
        },
        seq: stretch.seq,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::samples::example;

    #[test]
    fn every_field_of_an_item_is_a_column() {
        for (name, columns) in [("AdherenceReport", LINES), ("AgentAdherence", STRETCHES)] {
            let report = example(name).unwrap();
            for field in report["items"][0].as_object().unwrap().keys() {
                assert!(columns.contains(&field.as_str()), "{field} of {name}");
            }
        }
    }
}
