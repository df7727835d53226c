//! Reports of what agents did: comings and goings, notifications, capacity, holds.

use std::collections::BTreeMap;

use super::answer::Sheet;
use super::query::Parameters;
use super::reports::{ReportQuery, WEIGHT, takes_csv, wanted};
use super::route::{Asked, Route, Verb};
use super::sheet::table;
use crate::domain::cause::SubEventName;
use crate::edge::past::{self, reader};
use crate::history::disconnections::{self, disconnections};
use crate::history::reader::Takes;
use crate::history::report::Of;
use crate::history::sign_ins::{self, sign_ins};
use crate::history::summary::{Figure, Line, summary};
use crate::identity::Action;
use crate::wire;
use crate::wire::code::ErrorCode::*;
use crate::wire::problem::Problem;
use crate::wire::shapes::{
    Became, Disconnection, DisconnectionCause, DisconnectionsReport, Incident, ReportBy, SignInEnd, SignInsReport,
    SignedIn, SummaryLine, SummaryReport,
};
use crate::wire::{show, words};

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/reports/summary", Action::ReadReports, figures)
            .called("reportSummary", "history", "What agents did, in figures")
            .says(
                "Sign-ins, sign-outs, disconnections, restores and lapses; time signed in; notifications and what \
                 became of them; time with units unused, partly used and full; time in a hold. Exactly: what lasts \
                 counts up to now. Teams are those of then. With `Accept: text/csv` the items come as a table.",
            )
            .refuses(&[TooLarge, NotKept, Unavailable]),
        Route::new(Verb::Get, "/api/v1/reports/sign-ins", Action::ReadReports, signed_in)
            .called("reportSignIns", "history", "Each sign-in, and how it ended")
            .says(
                "The sign-ins that last within the time, each whole, of agents who were of the teams when they signed \
                 in. A sign-in goes on through a restore window; a second tab is none. With `Accept: text/csv` the \
                 items come as a table.",
            )
            .refuses(&[TooLarge, NotKept, Unavailable]),
        Route::new(Verb::Get, "/api/v1/reports/disconnections", Action::ReadReports, disconnected)
            .called("reportDisconnections", "history", "Each session that ended without a sign-out")
            .says(
                "By cause, with what became of it. Sessions of several agents that were lost in one way within ten \
                 seconds of each other are one incident. With `Accept: text/csv` the items come as a table.",
            )
            .refuses(&[TooLarge, NotKept, Unavailable]),
    ]
}

async fn figures(asked: Asked<(), Parameters<ReportQuery>>) -> Result<Sheet<SummaryReport>, Problem> {
    let Asked { door, caller, query: Parameters(which), headers, .. } = asked;
    let wanted = wanted(&door, &caller, which)?;
    caller.spend(&door, WEIGHT - 1)?;
    let answer = reader(&door)?.ask(Takes::Long, move |connection| {
        let items: Vec<SummaryLine> = summary(connection, &wanted)?.into_iter().map(line).collect();
        if takes_csv(&headers) {
            return Ok(Sheet::table(table(SUMMARY, &items)));
        }
        let report = SummaryReport { from: show::time(wanted.from), to: show::time(wanted.to), items };
        Ok(Sheet::json(wire::text(&report)))
    });
    answer.await.map_err(past::problem)
}

/// The columns of a summary.
const SUMMARY: &[&str] = &[
    "agentId",
    "name",
    "team",
    "start",
    "end",
    "signIns",
    "signOuts",
    "disconnections",
    "restores",
    "lapses",
    "removals",
    "signedInMs",
    "connectedMs",
    "notifications",
    "acceptedNotifications",
    "missedNotifications",
    "rejectedNotifications",
    "missedRate",
    "rejectedRate",
    "unusedMs",
    "partlyUsedMs",
    "fullMs",
    "missedHoldMs",
    "rejectedHoldMs",
    "workItemLimitHoldMs",
];

fn line(line: Line) -> SummaryLine {
    let figure = |figure| line.figure(figure);
    let (accepted, missed, rejected) = (figure(Figure::Accepted), figure(Figure::Missed), figure(Figure::Rejected));
    let answered = accepted + missed + rejected;
    #[allow(clippy::cast_precision_loss, reason = "nobody is notified so often")]
    let rate = |of: i64| (answered > 0).then(|| of as f64 / answered as f64);
    let (mut agent_id, mut team, mut part) = (None, None, None);
    match &line.of {
        Of::Agent(id) => agent_id = Some(id.clone()),
        Of::Team(name) => team.clone_from(name),
        Of::Part(start, end) => part = Some((show::time(*start), show::time(*end))),
    }
    let (start, end) = part.unzip();
    SummaryLine {
        agent_id,
        name: line.name.clone(),
        team,
        start,
        end,
        sign_ins: figure(Figure::SignIns),
        sign_outs: figure(Figure::SignOuts),
        disconnections: figure(Figure::Drops),
        restores: figure(Figure::Restores),
        lapses: figure(Figure::Lapses),
        removals: figure(Figure::Removals),
        signed_in_ms: figure(Figure::SignedIn),
        connected_ms: figure(Figure::Connected),
        notifications: figure(Figure::Offered),
        accepted_notifications: accepted,
        missed_notifications: missed,
        rejected_notifications: rejected,
        missed_rate: rate(missed),
        rejected_rate: rate(rejected),
        unused_ms: figure(Figure::Unused),
        partly_used_ms: figure(Figure::PartlyUsed),
        full_ms: figure(Figure::Full),
        missed_hold_ms: figure(Figure::MissedHold),
        rejected_hold_ms: figure(Figure::RejectedHold),
        work_item_limit_hold_ms: figure(Figure::WorkItemLimitHold),
    }
}

/// A list is not split.
fn each(which: &ReportQuery) -> Result<(), Problem> {
    match which.by {
        None | Some(ReportBy::Agent) => Ok(()),
        Some(ReportBy::Team | ReportBy::QuarterHour | ReportBy::Hour | ReportBy::Day) => {
            Err(Problem::invalid("by", "this is a list of each; it is summed by /api/v1/reports/summary"))
        }
    }
}

async fn signed_in(asked: Asked<(), Parameters<ReportQuery>>) -> Result<Sheet<SignInsReport>, Problem> {
    let Asked { door, caller, query: Parameters(which), headers, .. } = asked;
    each(&which)?;
    let wanted = wanted(&door, &caller, which)?;
    caller.spend(&door, WEIGHT - 1)?;
    let now = door.agents.clock().now();
    let answer = reader(&door)?.ask(Takes::Long, move |connection| {
        let found = sign_ins(connection, &wanted, now)?;
        let items: Vec<SignedIn> = found.into_iter().map(|one| sign_in(one, now.0)).collect();
        if takes_csv(&headers) {
            return Ok(Sheet::table(table(SIGN_INS, &items)));
        }
        let report = SignInsReport { from: show::time(wanted.from), to: show::time(wanted.to), items };
        Ok(Sheet::json(wire::text(&report)))
    });
    answer.await.map_err(past::problem)
}

/// The columns of sign-ins.
const SIGN_INS: &[&str] = &[
    "agentId",
    "name",
    "start",
    "startSeq",
    "left",
    "leftSeq",
    "leftBy",
    "end",
    "endSeq",
    "ended",
    "restores",
    "signedInMs",
    "connectedMs",
];

fn sign_in(one: sign_ins::SignIn, now: i64) -> SignedIn {
    let end = one.end.map_or(now, |end| end.start.0);
    SignedIn {
        agent_id: one.agent,
        name: one.name,
        start: show::time(one.start.start),
        start_seq: one.start.seq,
        left: one.left.map(|left| show::time(left.at.start)),
        left_seq: one.left.map(|left| left.at.seq),
        left_by: one.left.and_then(|left| left.cause.sub_event).map(words::sub_event),
        end: one.end.map(|end| show::time(end.start)),
        end_seq: one.end.map(|end| end.seq),
        ended: one.ended.map(|ended| match ended {
            sign_ins::Ended::SignedOut => SignInEnd::SignedOut,
            sign_ins::Ended::Lapsed => SignInEnd::Lapsed,
            sign_ins::Ended::Removed => SignInEnd::Removed,
            sign_ins::Ended::LeftTeams => SignInEnd::LeftTeams,
        }),
        restores: one.restores,
        signed_in_ms: (end - one.start.start.0).max(0),
        connected_ms: one.connected,
    }
}

async fn disconnected(asked: Asked<(), Parameters<ReportQuery>>) -> Result<Sheet<DisconnectionsReport>, Problem> {
    let Asked { door, caller, query: Parameters(which), headers, .. } = asked;
    each(&which)?;
    let wanted = wanted(&door, &caller, which)?;
    caller.spend(&door, WEIGHT - 1)?;
    let answer = reader(&door)?.ask(Takes::Long, move |connection| {
        let (found, incidents) = disconnections(connection, &wanted)?;
        let causes = causes(&found);
        let items: Vec<Disconnection> = found.into_iter().map(disconnection).collect();
        if takes_csv(&headers) {
            return Ok(Sheet::table(table(DISCONNECTIONS, &items)));
        }
        let incidents = incidents.into_iter().enumerate().map(|(place, one)| incident(place, &one)).collect();
        let (from, to) = (show::time(wanted.from), show::time(wanted.to));
        Ok(Sheet::json(wire::text(&DisconnectionsReport { from, to, causes, incidents, items })))
    });
    answer.await.map_err(past::problem)
}

/// The columns of disconnections.
const DISCONNECTIONS: &[&str] =
    &["agentId", "name", "at", "seq", "subEventName", "network", "became", "becameAt", "becameSeq", "incident"];

fn causes(found: &[disconnections::Disconnection]) -> Vec<DisconnectionCause> {
    let mut causes: BTreeMap<&str, (SubEventName, usize, usize)> = BTreeMap::new();
    for one in found {
        let (_, sessions, disconnections) = causes.entry(one.how.as_str()).or_insert((one.how, 0, 0));
        *sessions += 1;
        *disconnections += usize::from(one.became != Some(disconnections::Became::OtherSessions));
    }
    let cause = |(how, sessions, disconnections)| DisconnectionCause {
        sub_event_name: words::sub_event(how),
        sessions,
        disconnections,
    };
    causes.into_values().map(cause).collect()
}

fn disconnection(one: disconnections::Disconnection) -> Disconnection {
    Disconnection {
        agent_id: one.agent,
        name: one.name,
        at: show::time(one.at.start),
        seq: one.at.seq,
        sub_event_name: words::sub_event(one.how),
        network: one.network.map(|network| network.to_string()),
        became: one.became.map(|became| match became {
            disconnections::Became::OtherSessions => Became::OtherSessions,
            disconnections::Became::Restored => Became::Restored,
            disconnections::Became::Lapsed => Became::Lapsed,
            disconnections::Became::Removed => Became::Removed,
        }),
        became_at: one.then.map(|then| show::time(then.start)),
        became_seq: one.then.map(|then| then.seq),
        incident: one.incident.map(number),
    }
}

fn incident(place: usize, one: &disconnections::Incident) -> Incident {
    Incident {
        incident: number(place),
        sub_event_name: words::sub_event(one.how),
        network: one.network.map(|network| network.to_string()),
        first: show::time(one.first),
        last: show::time(one.last),
        agents: one.agents,
        sessions: one.sessions,
    }
}

/// People count from 1.
fn number(place: usize) -> usize {
    place + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::samples::example;

    #[test]
    fn every_field_of_an_item_is_a_column() {
        for (name, columns) in
            [("SummaryReport", SUMMARY), ("SignInsReport", SIGN_INS), ("DisconnectionsReport", DISCONNECTIONS)]
        {
            let report = example(name).unwrap();
            for field in report["items"][0].as_object().unwrap().keys() {
                assert!(columns.contains(&field.as_str()), "{field} of {name}");
            }
        }
    }
}
