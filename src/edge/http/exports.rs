//! The history as a table of any length.

use axum::http::{HeaderMap, header};
use serde::Deserialize;
use serde_json::json;

use super::answer::Exported;
use super::preference::preferred;
use super::query::Parameters;
use super::route::{Asked, Route, Verb};
use crate::edge::audit::NotedExport;
use crate::edge::export::{Form, Packed, Sheet};
use crate::edge::exporting::Exporting;
use crate::edge::past::{self, scope};
use crate::history::export::Wanted;
use crate::identity::Action;
use crate::wire::code::ErrorCode::*;
use crate::wire::problem::Problem;
use crate::wire::{parse, show};

/// What an export takes off the caller's allowance besides the request itself: as much as a report.
const WEIGHT: u32 = 20;

/// Which time, and whose. What is given must all hold; a parameter is repeated to name several.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportQuery {
    /// From this instant on.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    from: String,
    /// Up to this instant, or up to now if that is earlier or this is left out.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    to: Option<String>,
    /// Intervals of agents while they were of any of these teams.
    teams: Option<Vec<String>>,
    /// Intervals of agents of these ids.
    agent_ids: Option<Vec<String>>,
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/history/export", Action::ReadReports, export)
            .called("exportHistory", "history", "The intervals of many agents, as a table of any length")
            .says(
                "From one change to the next, agent by agent in the order of their ids, of each oldest first; cut to \
                 the time asked for, so that exports of times that follow each other have each millisecond once. \
                 Names, teams and the presences' texts are those of then. `Accept` chooses between \
                 `application/x-ndjson`, which is usual, `text/csv` and `application/vnd.apache.parquet`; the first \
                 two are compressed for `Accept-Encoding: gzip`. The answer is made as it is read. One that breaks \
                 off ends without its end.",
            )
            .refuses(&[NotKept, RateLimited, Unavailable]),
    ]
}

async fn export(asked: Asked<(), Parameters<ExportQuery>>) -> Result<Exported, Problem> {
    let Asked { door, caller, query: Parameters(which), headers, .. } = asked;
    let from = parse::time("from", &which.from)?;
    let to = which.to.as_ref().map(|text| parse::time("to", text)).transpose()?;
    past::in_order(Some(from), to)?;
    let now = door.agents.clock().now();
    // Of a time that has not come there is nothing to say.
    let to = to.unwrap_or(now).min(now);
    let wanted = Wanted { from: from.min(to), to, scope: scope(&caller, which.teams, which.agent_ids) };
    past::reader(&door)?;
    let form = form(&headers);
    let packed = match form {
        // It is compressed inside.
        Form::Parquet => Packed::Not,
        Form::Csv | Form::Ndjson => packed(&headers),
    };
    let (place, follower) = (door.exports.enter()?, door.followers.enter(&caller.0)?);
    caller.spend(&door, WEIGHT - 1)?;
    let said = json!({
        "export": "history", "form": form.extension(), "from": show::time(wanted.from), "to": show::time(wanted.to),
        "teams": wanted.scope.teams, "agentIds": wanted.scope.agents,
    });
    let noted = NotedExport::begin(door.audit.clone(), caller.1.clone(), said).await?;
    let sheet = Sheet::begin(form, packed).map_err(|error| Problem::new(Unavailable, error.to_string()))?;
    let until = caller.0.valid_until;
    let exporting = Exporting::begin(door, follower, until, (place, noted), wanted, sheet).await?;
    Ok(Exported { name: "history", form, packed, body: exporting.body() })
}

/// The form that the client would rather have.
fn form(headers: &HeaderMap) -> Form {
    let kinds = Form::ALL.map(Form::media_type);
    let preferred = preferred(headers, header::ACCEPT, &kinds);
    Form::ALL.into_iter().find(|form| form.media_type() == preferred).unwrap_or(Form::ALL[0])
}

fn packed(headers: &HeaderMap) -> Packed {
    match preferred(headers, header::ACCEPT_ENCODING, &["identity", "gzip"]) {
        "gzip" => Packed::Gzip,
        _ => Packed::Not,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn the_form_that_is_asked_for_is_given() {
        let given = |accept| form(&headers(header::ACCEPT, accept));
        assert_eq!(given("text/csv"), Form::Csv);
        assert_eq!(given("text/html, Text/CSV;q=0.5"), Form::Csv);
        assert_eq!(given("text/csv;q=0, application/vnd.apache.parquet"), Form::Parquet);
        assert_eq!(given("*/*"), Form::Ndjson);
        assert_eq!(form(&HeaderMap::new()), Form::Ndjson);
    }

    #[test]
    fn text_is_packed_for_whoever_can_unpack_it() {
        let given = |encoding| packed(&headers(header::ACCEPT_ENCODING, encoding));
        assert_eq!(given("br, gzip;q=0.8"), Packed::Gzip);
        assert_eq!(given("gzip;q=0"), Packed::Not);
        assert_eq!(given("gzip;q=0.000, br"), Packed::Not);
        assert_eq!(given("identity"), Packed::Not);
    }
}
