use std::io::Read as _;
use std::sync::Arc;

use ::parquet::file::reader::{FileReader as _, SerializedFileReader};
use ::parquet::record::RowAccessor as _;
use bytes::Bytes;
use flate2::read::GzDecoder;

use super::*;
use crate::domain::cause::{Actor, Cause, EventName, SubEventName};
use crate::domain::ids::PresenceId;
use crate::domain::presence::BaseStatus;
use crate::domain::standing::{Hold, Origin};
use crate::domain::time::Timestamp;
use crate::history::export::Record;
use crate::history::row::{State, There};

/// Noon, and a second and a half after it.
const NOON: i64 = 1_764_158_400_000;

fn ada() -> Exported {
    Exported {
        agent: "ada".into(),
        record: Arc::new(Record {
            name: "=Lindqvist, \"Ada\"".to_owned(),
            teams: vec!["billing".to_owned(), "sales".to_owned()],
            units: Some(100),
        }),
        state: Arc::new(State {
            presence: PresenceId::new("lunch").unwrap(),
            base: BaseStatus::Away,
            origin: Origin::Agent,
            hold: None,
            there: There::Connected,
        }),
        text: "Lunch".into(),
        start: Timestamp(NOON),
        end: Timestamp(NOON + 1_500),
        cause: Cause::of(EventName::SetPresence),
        actor: Arc::new(Actor::System),
        reason: Some("line\nbreak".into()),
        there: Some(There::Connected),
        available_units: Some(-3),
        version: 7,
        seq: 40,
    }
}

fn ben() -> Exported {
    let cause = Cause::how(EventName::MissedNotification, SubEventName::AgentTimeout);
    let (actor, held) = (Arc::new(Actor::Integration("acd".to_owned())), Some(Hold::Missed));
    let record = Arc::new(Record { name: "Ben".to_owned(), teams: Vec::new(), units: None });
    let state = Arc::new(State { hold: held, ..(*ada().state).clone() });
    Exported {
        agent: "ben".into(),
        record,
        state,
        cause,
        actor,
        reason: None,
        there: None,
        available_units: None,
        ..ada()
    }
}

fn written(form: Form, packed: Packed) -> Vec<u8> {
    let mut sheet = Sheet::begin(form, packed).unwrap();
    let mut made = sheet.add(vec![ada()]).unwrap();
    made.extend(sheet.add(vec![ben()]).unwrap());
    made.extend(sheet.end().unwrap());
    made
}

#[test]
fn a_table_for_spreadsheets() {
    let text = String::from_utf8(written(Form::Csv, Packed::Not)).unwrap();
    let expected = "agentId,name,teams,start,end,durationMs,presenceId,presenceText,basePresenceStatus,origin,hold,\
                    connection,eventName,subEventName,modifiedByType,modifiedById,reason,units,availableUnitsCapacity,\
                    version,seq\r\n\
                    ada,\"'=Lindqvist, \"\"Ada\"\"\",\"[\"\"billing\"\",\"\"sales\"\"]\",2025-11-26T12:00:00.000Z,\
                    2025-11-26T12:00:01.500Z,1500,lunch,Lunch,AWAY,AGENT,,CONNECTED,SET_PRESENCE,,SYSTEM,,\"line\nbreak\",100,-3,7,40\r\n\
                    ben,Ben,[],2025-11-26T12:00:00.000Z,2025-11-26T12:00:01.500Z,1500,lunch,Lunch,AWAY,AGENT,MISSED,,\
                    MISSED_NOTIFICATION,AGENT_TIMEOUT,INTEGRATION,acd,,,,7,40\r\n";
    assert_eq!(text, expected);
}

#[test]
fn an_object_a_line_with_texts_as_they_are_also_compressed() {
    let text = String::from_utf8(written(Form::Ndjson, Packed::Not)).unwrap();
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["name"], &lines[0]["reason"]), (&"=Lindqvist, \"Ada\"".into(), &"line\nbreak".into()));
    assert_eq!((&lines[0]["teams"][1], &lines[1]["teams"]), (&"sales".into(), &serde_json::json!([])));
    assert_eq!((&lines[0]["durationMs"], &lines[1]["availableUnitsCapacity"]), (&1_500.into(), &().into()));
    let mut unpacked = String::new();
    GzDecoder::new(&*written(Form::Ndjson, Packed::Gzip)).read_to_string(&mut unpacked).unwrap();
    assert_eq!(unpacked, text);
}

#[test]
fn a_file_by_column_holds_the_same() {
    let file = SerializedFileReader::new(Bytes::from(written(Form::Parquet, Packed::Not))).unwrap();
    let names: Vec<_> =
        file.metadata().file_metadata().schema().get_fields().iter().map(|it| it.name().to_owned()).collect();
    assert_eq!(names.join(",") + "\r\n", text::csv_head());
    let rows: Vec<_> = file.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    let (ada, ben) = (&rows[0], &rows[1]);
    assert_eq!((ada.get_string(0).unwrap().as_str(), ben.get_string(0).unwrap().as_str()), ("ada", "ben"));
    assert_eq!((ada.get_list(2).unwrap().len(), ben.get_list(2).unwrap().len()), (2, 0));
    assert_eq!((ada.get_timestamp_millis(3).unwrap(), ada.get_long(5).unwrap()), (NOON, 1_500));
    assert!(ada.get_string(10).is_err(), "no hold");
    assert_eq!(ben.get_string(10).unwrap(), "MISSED");
    assert_eq!((ada.get_long(18).unwrap(), ada.get_long(20).unwrap()), (-3, 40));
}

#[test]
fn what_is_held_of_a_file_by_column_is_a_group_whatever_its_length() {
    let mut sheet = Sheet::begin(Form::Parquet, Packed::Not).unwrap();
    let (mut longest, mut all) = (0, 0);
    for _ in 0..100 {
        let made = sheet.add(vec![ada(); 4_096]).unwrap();
        longest = longest.max(made.len());
        all += made.len();
    }
    assert!(longest * 5 < all, "{longest} of {all}");
    let rest = sheet.end().unwrap();
    assert!(rest.len() < 64 * 1_024, "{} bytes at the end", rest.len());
}
