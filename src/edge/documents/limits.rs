//! The table of limits of `docs/security.md`: each with its number, as the code has it, and what one beyond it is told.

use std::fmt::Write as _;

use crate::config::{Config, documents::default_of};
use crate::domain::ids::MAX_ID_BYTES;
use crate::domain::presence::{MAX_PRESENCE_LABELS, MAX_PRESENCE_NAME, MAX_PRESENCE_TEXT};
use crate::domain::rules::{MAX_PROFILES, MAX_REASON, MAX_WORK_ITEMS};
use crate::edge::accept::MOST_HEAD_BYTES;
use crate::edge::allowance::Rate;
use crate::edge::conversation::{MAX_MALFORMED, MAX_UNDER_WAY, PEOPLES_FRAME_BYTES};
use crate::edge::exporting;
use crate::edge::head;
use crate::edge::http::{
    body::USUAL_BODY_BYTES, listing::MAX_LIMIT, session::MAX_SIGN_IN_BYTES, sign_in::MOST_ATTEMPTS,
};
use crate::edge::http::{directory::MAX_BULK_BYTES, plans::MAX_IMPORT_BYTES};
use crate::edge::page_sessions::{MOST_OF_SUBJECT, MOST_SESSIONS};
use crate::edge::people;
use crate::edge::revocations::{MOST_IN_ALL, MOST_WITHOUT_END};
use crate::edge::tickets;
use crate::history::told::disputes::MOST_OF_AN_AGENT;
use crate::history::wanted::{MOST_LINES, MOST_ROWS};
use crate::identity::MOST_TOKEN_BYTES;
use crate::outbound::MOST_WEBHOOKS;
use crate::plans::MOST_ACTIVITIES;
use crate::telemetry::metrics::label::Label as _;
use crate::wire::close::CloseCode;
use crate::wire::code::ErrorCode;
use crate::wire::limit::Limit;
use crate::wire::shapes::{
    MAX_AGENT_RECORDS, MAX_AGENTS, MAX_EVENTS, MAX_FILTER_NAMES, MAX_IMPORTED, MAX_LABELS, MAX_NAME, MAX_SELECTABLE,
};

/// A row of the table.
struct Row {
    what: String,
    /// The number, with its unit.
    most: String,
    /// The setting; none if it is fixed.
    setting: Option<&'static str>,
    told: String,
    counted: String,
}

/// How much a limit that is counted by itself allows, and what one beyond it is told.
#[allow(clippy::too_many_lines, reason = "it is a table: a row for each limit")]
fn counted(limit: Limit) -> Row {
    let config = Config::default();
    let (server, bounds) = (&config.server, &config.limits);
    let later = || closed(ErrorCode::RateLimited, CloseCode::TryAgainLater);
    let limited = || answered(ErrorCode::RateLimited);
    let full = || answered(ErrorCode::LimitReached);
    let row = |what: &str, most: String, setting: &'static str, told: String| Row {
        what: what.to_owned(),
        most,
        setting: Some(setting),
        told,
        counted: format!("`presence_hub_limited_total{{limit=\"{}\"}}`", limit.word()),
    };
    let set = |what, setting, told| row(what, default_of(setting), setting, told);
    let fixed = |what, most: String, told| Row { setting: None, ..row(what, most, "", told) };
    match limit {
        Limit::Connections => set("sockets in all", "server.max_connections", later()),
        Limit::Opening => set("sockets that are opening at once", "server.max_opening", later()),
        Limit::SocketsOfAddress => set("sockets of one address", "limits.sockets_per_address", later()),
        Limit::SocketsOfSubject => set(
            "sockets of one subject; one that gives no sign of life gives way first",
            "sessions.max_sessions_per_subject",
            closed(ErrorCode::RateLimited, CloseCode::TooManySessions),
        ),
        Limit::HttpConnectionsOfAddress => set(
            "connections of one address that may speak HTTP; one of them that is idle gives way first",
            "limits.http_connections_per_address",
            limited(),
        ),
        Limit::NewConnectionsOfAddress => row(
            "connections that one address opens",
            Rate::of_new_connections(bounds).to_string(),
            "limits.new_connections_per_address",
            limited(),
        ),
        Limit::BadTokensOfAddress => row(
            "tokens of one address that take a signature and are not believed; those that were believed before go on",
            Rate::of_bad_tokens(bounds).to_string(),
            "limits.bad_tokens_per_address",
            format!("{}; {}", limited(), later()),
        ),
        Limit::HeadTime => set(
            "time for the head of a request, and for the first byte of a connection",
            "server.head_timeout",
            "the connection ends".to_owned(),
        ),
        Limit::BodyTime => set(
            "time for the body of a request, and for taking some of an answer",
            "server.body_timeout",
            format!(
                "{}; one that takes nothing of its answer: the connection ends",
                answered(ErrorCode::RequestTimeout)
            ),
        ),
        Limit::Frames => row(
            "frames of one socket, pings and pongs included and `events` not",
            Rate::of_frames(bounds).to_string(),
            "limits.frames_per_socket",
            format!(
                "an error frame `{}`; after as many more as may come at once {}",
                ErrorCode::RateLimited,
                with(CloseCode::TooManyRequests)
            ),
        ),
        Limit::UnderWay => fixed(
            "requests of one socket that are not answered yet",
            MAX_UNDER_WAY.to_string(),
            format!("an error frame `{}`", ErrorCode::RateLimited),
        ),
        Limit::Requests => row(
            "requests over HTTP of one subject; work systems and administrators by `[limits] requests_per_machine`",
            format!("{}; {}", Rate::of_people(bounds), Rate::of_machines(bounds)),
            "limits.requests_per_person",
            limited(),
        ),
        Limit::WaitingEvents => set("events of one work system that wait", "sessions.max_waiting_events", limited()),
        Limit::Watches => set("watches of one socket", "limits.watches_per_socket", limited()),
        Limit::WatchedNames => {
            set("names in the filters of all watches of one socket", "limits.watched_names_per_socket", limited())
        }
        Limit::Followers => fixed(
            "streams of changes and exports: in all half of `[server] max_http_connections`; of one subject as many as sockets",
            format!("{}; {}", server.max_http_connections / 2, config.sessions.max_sessions_per_subject),
            limited(),
        ),
        Limit::Exports => fixed("exports under way", exporting::AT_ONCE.to_string(), limited()),
        Limit::DatabaseCopies => fixed("copies of the database for another node under way", "1".to_owned(), limited()),
        Limit::NewAgents => set(
            "agents whom nobody provisioned and who sign in for the first time in a minute",
            "limits.new_agents_per_minute",
            later(),
        ),
        Limit::Agents => set(
            "agents",
            "limits.agents",
            format!("{}; {}", full(), closed(ErrorCode::LimitReached, CloseCode::TryAgainLater)),
        ),
        Limit::Presences => set("presences", "limits.presences", full()),
        Limit::CapacityProfiles => set("capacity profiles", "limits.capacity_profiles", full()),
        Limit::Workstreams => set("workstreams", "limits.workstreams", full()),
        Limit::Tickets => fixed(
            "tickets that were made within a minute: of one subject; in all",
            format!("{}; {}", tickets::MOST_OF_SUBJECT, tickets::MOST),
            limited(),
        ),
        Limit::SignIns => fixed(
            "sign-ins that an identity provider is asked about at once; logout tokens that wait for a new key",
            format!("{}; {}", crate::sign_in::MOST_AT_ONCE, crate::sign_in::MOST_WAITING),
            format!("back to the sign-in page, which says so; the provider: {}", limited()),
        ),
        Limit::Sessions => fixed("sessions of the hub's own pages", MOST_SESSIONS.to_string(), full()),
    }
}

/// Those that are counted with others, by the code of their refusal.
#[allow(clippy::too_many_lines, reason = "it is a table: a row for each limit")]
fn others() -> Vec<Row> {
    let by_code = |code: ErrorCode| format!("`presence_hub_refusals_total{{code=\"{code}\"}}`");
    let by_close = |code: CloseCode| format!("`presence_hub_closes_total{{code=\"{}\"}}`", code.number());
    let fixed = |what: &str, most: String, told: String, counted: String| {
        let (what, setting) = (what.to_owned(), None);
        Row { what, most, setting, told, counted }
    };
    let set = |what: &str, setting: &'static str, told: String, counted: String| {
        let what = what.to_owned();
        Row { what, most: default_of(setting), setting: Some(setting), told, counted }
    };
    let refused = |what: &str, most: String, code: ErrorCode| fixed(what, most, answered(code), by_code(code));
    let closing = |what: &str, setting: &'static str, code: CloseCode| set(what, setting, with(code), by_close(code));
    let bytes = |most: usize| format!("{most} bytes");
    let texts = |what: &str, most: usize| refused(what, format!("{most} characters"), ErrorCode::Invalid);
    let by_hyper = |status: &str| (format!("{status}, and the connection ends"), "not counted".to_owned());
    let (head, uncounted) = by_hyper("431");
    vec![
        set(
            "connections that may speak HTTP; the one that has been idle the longest gives way first",
            "server.max_http_connections",
            "waits for a place".to_owned(),
            "not counted".to_owned(),
        ),
        fixed(
            "the head of a request, up to twice as much if it comes at once",
            bytes(MOST_HEAD_BYTES),
            head.clone(),
            uncounted.clone(),
        ),
        fixed("header lines of a request", "100".to_owned(), head, uncounted.clone()),
        set(
            "time for the next request of a connection",
            "server.idle_timeout",
            "the connection ends".to_owned(),
            uncounted,
        ),
        refused("a token", bytes(MOST_TOKEN_BYTES), ErrorCode::Unauthenticated),
        refused("a sign-in, by anybody", bytes(MAX_SIGN_IN_BYTES), ErrorCode::TooLarge),
        refused("a body", bytes(USUAL_BODY_BYTES), ErrorCode::TooLarge),
        set(
            "a batch of events over HTTP, and a frame of a work system",
            "sessions.max_frame_bytes",
            format!("{}; {}", answered(ErrorCode::TooLarge), with(CloseCode::TooLarge)),
            by_code(ErrorCode::TooLarge),
        ),
        refused("a bulk of agents' records", bytes(MAX_BULK_BYTES), ErrorCode::TooLarge),
        refused("an import of plans", bytes(MAX_IMPORT_BYTES), ErrorCode::TooLarge),
        fixed(
            "a frame of anybody else",
            bytes(PEOPLES_FRAME_BYTES as usize),
            with(CloseCode::TooLarge),
            by_close(CloseCode::TooLarge),
        ),
        fixed(
            "a frame in pieces: the bytes that came of it, the heads of its pieces included",
            bytes((PEOPLES_FRAME_BYTES + crate::sessions::IN_PIECES) as usize),
            with(CloseCode::TooLarge),
            by_close(CloseCode::TooLarge),
        ),
        refused("the `id` of a frame", bytes(head::MAX_ID_BYTES), ErrorCode::Malformed),
        fixed(
            "frames in a row that are no protocol",
            MAX_MALFORMED.to_string(),
            with(CloseCode::NoProtocol),
            by_close(CloseCode::NoProtocol),
        ),
        closing("time without a sign of life", "sessions.ping_timeout", CloseCode::Silent),
        closing("time in which a socket takes nothing of what it is sent", "feed.stall_timeout", CloseCode::TooSlow),
        refused("events of a batch", MAX_EVENTS.to_string(), ErrorCode::TooLarge),
        refused("agents of one request of a supervisor", MAX_AGENTS.to_string(), ErrorCode::TooLarge),
        refused("names in one list of a filter", MAX_FILTER_NAMES.to_string(), ErrorCode::TooLarge),
        refused("items of a page", MAX_LIMIT.to_string(), ErrorCode::Invalid),
        refused("records of a bulk", MAX_AGENT_RECORDS.to_string(), ErrorCode::TooLarge),
        refused("planned activities of an import", MAX_IMPORTED.to_string(), ErrorCode::TooLarge),
        refused("intervals that a report looks at", MOST_ROWS.to_string(), ErrorCode::TooLarge),
        refused("lines of a report", MOST_LINES.to_string(), ErrorCode::TooLarge),
        refused("activities", MOST_ACTIVITIES.to_string(), ErrorCode::TooLarge),
        refused("entries that one agent disputes", MOST_OF_AN_AGENT.to_string(), ErrorCode::TooLarge),
        fixed(
            "people and machines whose names are kept",
            people::MOST.to_string(),
            "the others have no name".to_owned(),
            "not counted".to_owned(),
        ),
        refused("webhooks", MOST_WEBHOOKS.to_string(), ErrorCode::TooLarge),
        fixed(
            "sessions of one subject",
            MOST_OF_SUBJECT.to_string(),
            "the oldest ends".to_owned(),
            "not counted".to_owned(),
        ),
        fixed(
            "sign-ins of one browser that are under way",
            MOST_ATTEMPTS.to_string(),
            "the oldest is given up".to_owned(),
            "not counted".to_owned(),
        ),
        refused(
            "revocations without an end; in all",
            format!("{MOST_WITHOUT_END}; {MOST_IN_ALL}"),
            ErrorCode::TooLarge,
        ),
        refused("an id", bytes(MAX_ID_BYTES), ErrorCode::Invalid),
        texts("an agent's name", MAX_NAME),
        texts("a presence's name", MAX_PRESENCE_NAME),
        texts("a presence's text in one language", MAX_PRESENCE_TEXT),
        refused("languages of a presence's texts", MAX_PRESENCE_LABELS.to_string(), ErrorCode::Invalid),
        texts("a reason", MAX_REASON),
        refused("teams, queues or skills of an agent", MAX_LABELS.to_string(), ErrorCode::Invalid),
        refused("presences that an agent may choose", MAX_SELECTABLE.to_string(), ErrorCode::Invalid),
        refused("capacity profiles of a work item", MAX_PROFILES.to_string(), ErrorCode::Invalid),
        refused("work items of an agent, offers included", MAX_WORK_ITEMS.to_string(), ErrorCode::Invalid),
    ]
}

/// Refused over HTTP, or by an error frame.
fn answered(code: ErrorCode) -> String {
    format!("{} `{code}`", code.status())
}

/// A socket that is told why, and closed.
fn closed(code: ErrorCode, close: CloseCode) -> String {
    format!("`{code}`, {}", with(close))
}

fn with(close: CloseCode) -> String {
    format!("closed with {}", close.number())
}

/// The table.
pub fn table() -> String {
    let mut table = "| what | at most | setting | beyond it | counted by |\n|---|---|---|---|---|\n".to_owned();
    for Row { what, most, setting, told, counted } in Limit::ALL.iter().map(|limit| counted(*limit)).chain(others()) {
        let setting = match setting.and_then(|key| key.split_once('.')) {
            Some((section, name)) => format!("`[{section}] {name}`"),
            None => "fixed".to_owned(),
        };
        writeln!(table, "| {what} | {most} | {setting} | {told} | {counted} |").unwrap();
    }
    table
}
