//! The tables of `docs/contract.md`, and the close codes as the browser knows them.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde_json::Value;

use crate::domain::role::Role;
use crate::edge::head::Kind;
use crate::edge::http::operations;
use crate::identity::Action;
use crate::wire::close::{Advice, CloseCode};
use crate::wire::code::ErrorCode;
use crate::wire::documents::Schemas;
use crate::wire::shapes::{EventName, Happened, NoticeCode, SubEventName};

/// The tables, each with the name that it has in the page.
pub fn all() -> Vec<(&'static str, String)> {
    vec![
        ("error codes", error_codes()),
        ("close codes", close_codes()),
        ("roles", roles()),
        ("operations", table_of_operations()),
        ("events", words::<EventName>("`eventName`")),
        ("sub-events", words::<SubEventName>("`subEventName`")),
        ("notices", words::<NoticeCode>("`code`")),
        ("event types", event_types()),
    ]
}

/// The variants of an enum, with what each means.
fn variants<T: JsonSchema>() -> Vec<(String, String)> {
    let mut schemas = Schemas::default();
    let schema = schemas.inlined_read::<T>();
    let mut all = Vec::new();
    for kind in schema["oneOf"].as_array().unwrap() {
        let meaning = kind["description"].as_str().unwrap_or_default().to_owned();
        match &kind["const"] {
            Value::String(name) => all.push((name.clone(), meaning)),
            _ => all.extend(
                kind["enum"].as_array().unwrap().iter().map(|name| (name.as_str().unwrap().to_owned(), String::new())),
            ),
        }
    }
    all
}

fn words<T: JsonSchema>(head: &str) -> String {
    let mut table = format!("| {head} | meaning |\n|---|---|\n");
    for (name, meaning) in variants::<T>() {
        writeln!(table, "| `{name}` | {meaning} |").unwrap();
    }
    table
}

/// The types of assignment events.
fn event_types() -> String {
    let mut table = String::from("| `type` | what happened, and what it does |\n|---|---|\n");
    for kind in Schemas::default().inlined_written::<Happened>()["oneOf"].as_array().unwrap() {
        let (name, meaning) = (&kind["properties"]["type"]["const"], &kind["description"]);
        let meaning = meaning.as_str().unwrap().replace('\n', " ");
        writeln!(table, "| `{}` | {meaning} |", name.as_str().unwrap()).unwrap();
    }
    table
}

fn error_codes() -> String {
    let mut table = String::from("| code | HTTP | meaning |\n|---|---|---|\n");
    for (name, meaning) in variants::<ErrorCode>() {
        let code: ErrorCode = serde_json::from_value(Value::String(name.clone())).unwrap();
        writeln!(table, "| `{name}` | {} | {meaning} |", code.status()).unwrap();
    }
    table
}

fn in_words(advice: Advice) -> &'static str {
    match advice {
        Advice::ComeBack => "come back",
        Advice::Renew => "renew the credentials, then come back",
        Advice::Later => "come back later, each time after a longer delay",
        Advice::GiveUp => "do not come back by itself",
    }
}

/// The close codes, with what a client should do.
pub fn close_codes() -> String {
    let mut table = String::from("| code | why | what the client should do |\n|---|---|---|\n");
    for code in CloseCode::ALL {
        writeln!(table, "| {} | {} | {} |", code.number(), code.meaning(), in_words(code.advice())).unwrap();
    }
    table
}

/// The close codes as the browser knows them.
pub fn close_codes_in_typescript() -> String {
    let mut text = String::from(
        "\n/** What a client should do after a socket was closed. */\nexport type Advice = \"comeBack\" | \"renew\" | \"later\" | \"giveUp\";\n\
         \n/** Why the hub closes a socket, by its number. */\nexport const CLOSE_CODES: Readonly<Record<number, Advice>> = {\n",
    );
    for code in CloseCode::ALL {
        let advice = serde_json::to_string(&code.advice()).unwrap();
        writeln!(text, "  /** {} */\n  {}: {advice},", code.meaning(), code.number()).unwrap();
    }
    text.push_str("};\n");
    text
}

/// Who may do what.
fn roles() -> String {
    let mut table = String::from("| what |");
    for role in Role::ALL {
        write!(table, " {} |", role.as_str()).unwrap();
    }
    writeln!(table, "\n|---{}|", "|---".repeat(Role::ALL.len())).unwrap();
    for action in Action::ALL.iter().filter(|action| **action != Action::AskOpenly) {
        let (roles, itself) = action.roles();
        let asked = asked_by(*action);
        if asked.is_empty() {
            continue;
        }
        write!(table, "| {asked} |").unwrap();
        for role in Role::ALL {
            let may = match role {
                _ if roles.contains(&role) => "yes",
                Role::Agent if itself => "itself",
                _ => "",
            };
            write!(table, " {may} |").unwrap();
        }
        table.push('\n');
    }
    table
}

/// The operations and frames that an action is asked by.
fn asked_by(action: Action) -> String {
    let mut schemas = Schemas::default();
    let mut asked: Vec<String> = operations()
        .iter()
        .map(|route| route.operation(&mut schemas))
        .filter(|operation| operation.action == action)
        .map(|operation| format!("`{} {}`", operation.method.as_str(), operation.path.trim_start_matches("/api/v1")))
        .collect();
    let frames = Kind::ALL.into_iter().filter(|kind| kind.action() == action);
    asked.extend(frames.map(|kind| serde_json::to_string(&kind).unwrap().replace('"', "`")));
    match action {
        Action::OpenSocket => asked.insert(0, "`GET /ws`".to_owned()),
        Action::HearOffers => asked.push("to hear `offerWithdrawn`".to_owned()),
        _ => {}
    }
    asked.join(", ")
}

fn table_of_operations() -> String {
    let mut table = String::from("| method and path | for | what |\n|---|---|---|\n");
    let mut schemas = Schemas::default();
    for route in operations() {
        let operation = route.operation(&mut schemas);
        let who = if operation.action == Action::AskOpenly { "anyone".to_owned() } else { operation.action.who() };
        writeln!(table, "| `{} {}` | {who} | {} |", operation.method.as_str(), operation.path, operation.about.summary)
            .unwrap();
    }
    table
}
