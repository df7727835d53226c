//! The frames, bodies and answers of the contract, written down one by one in `tests/wire`, so that
//! every language that reads them can check itself against the same files.
//!
//! `ACCEPT=1 cargo test --locked --lib wire` writes the files anew. The difference is a change of the
//! contract, and is read as one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::code::ErrorCode;
use super::event::AssignmentEvent;
use super::samples::{client_frames, hub_frames, shapes, written};
use super::shapes::*;
use crate::golden_file::hold;

/// Where they are written down.
const FOLDER: &str = "tests/wire";

fn pretty(json: &Value) -> String {
    format!("{}\n", serde_json::to_string_pretty(json).unwrap())
}

#[test]
fn what_is_written_down_is_what_is_said_and_understood() {
    let mut files = BTreeMap::from([("words.json".to_owned(), json!(words()))]);
    for (name, frame) in hub_frames() {
        assert!(files.insert(format!("hub.{name}.json"), written(&frame)).is_none(), "{name} twice");
    }
    for (name, frame) in client_frames() {
        assert!(files.insert(format!("client.{name}.json"), written(&frame)).is_none(), "{name} twice");
    }
    for (name, json) in shapes() {
        assert!(files.insert(format!("shape.{name}.json"), json).is_none(), "{name} twice");
    }
    for (name, json) in &files {
        hold(&format!("{FOLDER}/{name}"), &pretty(json), "--lib wire");
    }
    let found: BTreeSet<_> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json"))
        .collect();
    assert_eq!(found, files.into_keys().collect(), "no file is without its sample");
}

/// Every text of every closed set.
fn words() -> BTreeMap<&'static str, Vec<String>> {
    let mut words = BTreeMap::new();
    macro_rules! sets {
        ($($set:ident),+ $(,)?) => {
            $(words.insert(stringify!($set), words_of::<$set>());)+
        };
    }
    sets![
        ActorType,
        AssignmentWay,
        BasePresenceStatus,
        ChangeType,
        ErrorCode,
        EventName,
        EventStatus,
        HealthStatus,
        Hold,
        Include,
        IneligibleReason,
        MergeIntervals,
        NoticeCode,
        Origin,
        ReportBy,
        Became,
        SignInEnd,
        ResetDuration,
        ResultStatus,
        ResyncReason,
        Role,
        SignInMode,
        SpecVersion,
        SubEventName,
        Utilization,
        WatchMode,
        WebhookStatus,
        WorkItemState,
        WrapUpBlock,
    ];
    words
}

/// The texts of a set, each understood as it is said.
fn words_of<T: JsonSchema + Serialize + DeserializeOwned>() -> Vec<String> {
    let words = texts(schemars::schema_for!(T).as_value()).unwrap();
    for word in &words {
        let understood: T = serde_json::from_value(json!(word)).unwrap();
        assert_eq!(json!(understood), json!(word));
    }
    words
}

/// The texts that a schema allows, if those are all that it allows. Each has its description.
fn texts(schema: &Value) -> Option<Vec<String>> {
    let one = |schema: &Value| {
        assert!(schema["description"].is_string(), "{schema} is not described");
        schema["const"].as_str().map(str::to_owned)
    };
    schema["oneOf"].as_array()?.iter().map(one).collect()
}

/// The schemas of all shapes, by their names.
fn schemas() -> BTreeMap<String, Value> {
    let mut generator = schemars::SchemaGenerator::default();
    macro_rules! shapes {
        ($($shape:ty),+ $(,)?) => { $(generator.subschema_for::<$shape>();)+ };
    }
    shapes![
        HubFrame,
        ClientFrame,
        EventsToSend,
        AgentRecords,
        PresenceRecord,
        CapacityProfile,
        Workstream,
        Reconciliation,
        WorkItems,
        Explanation,
        List<HistoryInterval>,
        List<PastPresence>,
        TimeInStatusReport,
        SummaryReport,
        SignInsReport,
        DisconnectionsReport,
        List<PresenceDifference>,
        ReportBy,
        MergeIntervals,
        List<EligibleAgent>,
        SessionInfo,
        SignIn,
        Health,
        AdvanceClock,
        ClockAdvanced,
    ];
    generator.take_definitions(true).into_iter().collect()
}

#[test]
fn every_closed_set_is_written_down() {
    let words = words();
    let sets = schemas().into_iter().filter(|(_, schema)| texts(schema).is_some());
    let missing: Vec<_> = sets.map(|(name, _)| name).filter(|name| !words.contains_key(name.as_str())).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn every_shape_and_every_field_is_described_in_plain_words() {
    let mut fields = 0;
    for (name, schema) in schemas() {
        assert!(schema["description"].is_string(), "{name} is not described");
        visit(&schema, &mut |part| {
            let properties = part["properties"].as_object().into_iter().flatten();
            // The type of a frame or an event is described beside it, and a mere reference where it leads.
            let is_told_elsewhere = |about: &Value| about.get("const").is_some() || about.get("$ref").is_some();
            for (field, about) in properties.filter(|(_, about)| !is_told_elsewhere(about)) {
                let description = about["description"].as_str().unwrap_or_default();
                assert!(!description.is_empty(), "{name}.{field} is not described");
                assert!(!description.contains("[`"), "{name}.{field} names code: {description}");
                fields += 1;
            }
        });
    }
    assert!(fields > 200, "{fields} fields were found");
}

/// Every part of a schema, but its conditions: they tell fields apart that are described beside them.
fn visit(value: &Value, seen: &mut impl FnMut(&Value)) {
    seen(value);
    let is_condition = |name: &str| ["if", "then", "else"].contains(&name);
    match value {
        Value::Object(fields) => {
            fields.iter().filter(|(name, _)| !is_condition(name)).for_each(|(_, value)| visit(value, seen));
        }
        Value::Array(items) => items.iter().for_each(|value| visit(value, seen)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_type_of_event_is_understood() {
    let events = shapes().into_iter().filter(|(name, _)| name.starts_with("CloudEvent."));
    let types: BTreeSet<String> = events
        .map(|(name, event)| {
            AssignmentEvent::parse(&event).unwrap_or_else(|error| panic!("{name}: {}", error.problem.detail));
            event["type"].as_str().unwrap().to_owned()
        })
        .collect();
    let schema = schemars::schema_for!(Happened).to_value();
    let told = schema["oneOf"].as_array().unwrap().iter().map(|one| one["properties"]["type"]["const"].as_str());
    assert_eq!(types, told.map(|kind| kind.unwrap().to_owned()).collect());
}

#[test]
fn every_type_of_frame_has_a_sample() {
    let hub: BTreeSet<String> = hub_frames().iter().map(|(_, frame)| kind(&written(frame))).collect();
    let client: BTreeSet<String> = client_frames().iter().map(|(_, frame)| kind(&written(frame))).collect();
    assert_eq!((hub, client), (kinds("HubFrame"), kinds("ClientFrame")));
}

fn kind(frame: &Value) -> String {
    frame["type"].as_str().unwrap().to_owned()
}

/// The types of frames that a schema knows.
fn kinds(name: &str) -> BTreeSet<String> {
    let schema = json!(schemas()[name]);
    let kinds = schema["oneOf"].as_array().unwrap().iter().map(|one| one["properties"]["type"]["const"].as_str());
    kinds.map(|kind| kind.unwrap().to_owned()).collect()
}
