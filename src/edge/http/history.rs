//! What was: an agent's intervals, and the floor at an instant.

use serde::Deserialize;

use super::answer::ListOf;
#[cfg(test)]
use super::listing::MAX_LIMIT;
use super::listing::Page;
use super::path::OnceAgent;
use super::query::Parameters;
use super::route::{Asked, Route, Verb};
use crate::domain::time::Timestamp;
use crate::edge::past::{self, reader, scope};
use crate::history::floor::{Differs, WasThere, differences, floor};
use crate::history::intervals::{Each, Place, Wanted, intervals};
use crate::history::reader::Takes;
use crate::history::stood::Interval;
use crate::identity::Action;
use crate::wire::code::ErrorCode::*;
use crate::wire::problem::Problem;
use crate::wire::shapes::{HistoryInterval, MergeIntervals, PastPresence, PresenceDifference};
use crate::wire::{parse, show};

/// Which intervals.
#[derive(Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IntervalsQuery {
    /// Intervals that last beyond this instant. All of them if left out.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    from: Option<String>,
    /// Intervals that begin before this instant. All of them if left out.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    to: Option<String>,
    /// With `presence`, neighbours of equal presence are one interval.
    merge: Option<MergeIntervals>,
    /// The most items of the page: 1 to 1,000; 100 if left out. A page of more than 20 counts as several requests.
    #[cfg_attr(test, schemars(range(min = 1, max = MAX_LIMIT)))]
    limit: Option<u32>,
    /// Where the page begins: `nextCursor` of the page before.
    cursor: Option<String>,
}

/// Which instant, and whom to list. What is given must all hold; a parameter is repeated to name several.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InstantQuery {
    /// The instant. It cannot be in the future.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    at: String,
    /// Agents who were of any of these teams then.
    teams: Option<Vec<String>>,
    /// Agents of these ids.
    agent_ids: Option<Vec<String>>,
    /// The most items of the page: 1 to 1,000; 100 if left out. A page of more than 20 counts as several requests.
    #[cfg_attr(test, schemars(range(min = 1, max = MAX_LIMIT)))]
    limit: Option<u32>,
    /// Where the page begins: `nextCursor` of the page before.
    cursor: Option<String>,
}

/// Which two instants, and whom to list. What is given must all hold; a parameter is repeated to name several.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BetweenQuery {
    /// The first instant. It cannot be in the future.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    from: String,
    /// The second.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    to: String,
    /// Agents while they were of any of these teams.
    teams: Option<Vec<String>>,
    /// Agents of these ids.
    agent_ids: Option<Vec<String>>,
    /// The most items of the page: 1 to 1,000; 100 if left out. A page of more than 20 counts as several requests.
    #[cfg_attr(test, schemars(range(min = 1, max = MAX_LIMIT)))]
    limit: Option<u32>,
    /// Where the page begins: `nextCursor` of the page before.
    cursor: Option<String>,
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/agents/{agentId}/history", Action::ReadHistory, of_agent)
            .called("readAgentHistory", "history", "An agent's intervals")
            .says(
                "From one change to the next, oldest first, without gap or overlap; changes of capacity alone begin \
                 one too. Each is answered whole, also where it begins before `from` or ends after `to`. Changes at \
                 the same millisecond have intervals of their own, of which all but the last lasted no time. Of an agent \
                 that was deleted they are those up to then; who may read them is decided by the teams that it had last.",
            )
            .refuses(&[Unavailable]),
        Route::new(Verb::Get, "/api/v1/presence", Action::ReadReports, at_instant)
            .called("readPresenceAt", "history", "The floor as it was at an instant")
            .says(
                "The agents that were there, deleted ones included, in the order of their ids. Names, teams and the \
                 presences' texts are those of then. A supervisor of some teams sees agents who were of those teams.",
            )
            .refuses(&[NotKept, Unavailable]),
        Route::new(Verb::Get, "/api/v1/presence/changes", Action::ReadReports, between)
            .called("readPresenceChanges", "history", "What changed over the floor between two instants")
            .says(
                "The agents whose presence at `to` is another than at `from`, and those who came or went, in the order \
                 of their ids, as they were at both. A supervisor of some teams sees of each what it was while it was \
                 of those teams.",
            )
            .refuses(&[NotKept, Unavailable]),
    ]
}

async fn of_agent(asked: Asked<OnceAgent, Parameters<IntervalsQuery>>) -> Result<ListOf<HistoryInterval>, Problem> {
    let Asked { door, caller, path: agent, query: Parameters(which), .. } = asked;
    let page = Page::of(which.limit, which.cursor)?;
    let instant = |field, text: &Option<String>| text.as_ref().map(|text| parse::time(field, text)).transpose();
    let (from, to) = (instant("from", &which.from)?, instant("to", &which.to)?);
    past::in_order(from, to)?;
    past::may_read(&door, &caller, Action::ReadHistory, &agent).await?;
    let wanted = Wanted {
        agent: agent.id,
        from,
        to,
        each: which.merge.map_or(Each::Change, |MergeIntervals::Presence| Each::Presence),
        begins: page.after().map(place).transpose()?,
        most: page.wants(),
    };
    caller.spend(&door, page.weight())?;
    let found = reader(&door)?.ask(Takes::Moments, move |connection| intervals(connection, &wanted)).await;
    let (found, now) = (found.map_err(past::problem)?, door.agents.clock().now());
    // The next page begins with the first that this one has no room for.
    let next = found.last().map(|next| format!("{}.{}", next.stood.start.0, next.stood.seq));
    Ok(page.cut(&door, &found, |_| next.as_deref(), |interval| shape(interval, now)).await)
}

/// Where the page begins that a cursor names.
fn place(cursor: &str) -> Result<Place, Problem> {
    let parts = cursor.split_once('.').and_then(|(start, seq)| Some((start.parse().ok()?, seq.parse().ok()?)));
    // The tables know no greater position.
    let place = parts.filter(|(_, seq)| i64::try_from(*seq).is_ok());
    let place = place.map(|(start, seq)| Place { start: Timestamp(start), seq });
    place.ok_or_else(|| Problem::invalid("cursor", "is not from a page before"))
}

fn shape(interval: &Interval, now: Timestamp) -> HistoryInterval {
    let start = interval.stood.start;
    HistoryInterval {
        start: show::time(start),
        end: interval.end.map(show::time),
        duration_ms: (interval.end.unwrap_or(now).0 - start.0).max(0),
        was: past::state(interval),
    }
}

async fn at_instant(asked: Asked<(), Parameters<InstantQuery>>) -> Result<ListOf<PastPresence>, Problem> {
    let Asked { door, caller, query: Parameters(when), .. } = asked;
    let page = Page::of(when.limit, when.cursor)?;
    let at = past::instant(&door, "at", &when.at)?;
    let scope = scope(&caller, when.teams, when.agent_ids);
    let (after, most) = (page.after().map(str::to_owned), page.wants());
    caller.spend(&door, page.weight())?;
    // Everybody who was ever there may have to be looked at to fill one page.
    let ask = reader(&door)?.ask(Takes::Long, move |connection| floor(connection, at, &scope, after.as_deref(), most));
    let found = ask.await.map_err(past::problem)?;
    Ok(page.cut(&door, &found, |was: &WasThere| was.agent.as_str(), past_presence).await)
}

async fn between(asked: Asked<(), Parameters<BetweenQuery>>) -> Result<ListOf<PresenceDifference>, Problem> {
    let Asked { door, caller, query: Parameters(when), .. } = asked;
    let page = Page::of(when.limit, when.cursor)?;
    let instants = (past::instant(&door, "from", &when.from)?, past::instant(&door, "to", &when.to)?);
    past::in_order(Some(instants.0), Some(instants.1))?;
    let scope = scope(&caller, when.teams, when.agent_ids);
    let (after, most) = (page.after().map(str::to_owned), page.wants());
    caller.spend(&door, page.weight())?;
    let ask = reader(&door)?
        .ask(Takes::Long, move |connection| differences(connection, instants, &scope, after.as_deref(), most));
    let found = ask.await.map_err(past::problem)?;
    Ok(page.cut(&door, &found, |differs: &Differs| differs.agent.as_str(), difference).await)
}

fn difference(differs: &Differs) -> PresenceDifference {
    PresenceDifference {
        agent_id: differs.agent.clone(),
        before: differs.before.as_ref().map(past_presence),
        after: differs.after.as_ref().map(past_presence),
    }
}

fn past_presence(was: &WasThere) -> PastPresence {
    PastPresence {
        agent_id: was.agent.clone(),
        name: was.name.clone(),
        teams: was.teams.clone(),
        presence_text: was.text.clone(),
        start: show::time(was.interval.stood.start),
        was: past::state(&was.interval),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_that_no_page_gave_is_refused() {
        assert_eq!(place("17.3").unwrap().seq, 3);
        for cursor in ["", "17", "17.", ".3", "17.-3", "17.3.4", "17.9223372036854775808", "17.18446744073709551615"] {
            assert_eq!(place(cursor).unwrap_err().code, Invalid, "{cursor}");
        }
    }
}
