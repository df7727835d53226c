use serde::Deserialize;
use serde_json::json;

use super::*;

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Record {
    max_units: u32,
    #[serde(default)]
    parts: Vec<Part>,
    #[serde(default)]
    kind: Option<Kind>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    name: String,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Kind {
    Daily,
    AtOnce,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(default)]
    teams: Vec<String>,
    limit: Option<u32>,
    explain: Option<bool>,
}

fn wrong(value: &Value) -> (String, Option<String>) {
    let problem = read::<Record>(value).unwrap_err();
    (problem.detail, problem.at.field)
}

#[test]
fn a_whole_number_may_be_written_with_a_point() {
    let record: Record = read(&json!({ "maxUnits": 2.0, "kind": "AT_ONCE" })).unwrap();
    assert_eq!(record, Record { max_units: 2, parts: Vec::new(), kind: Some(Kind::AtOnce) });
}

#[test]
fn each_error_names_its_field_and_what_would_be_right() {
    for (value, field, said) in [
        (json!({}), "maxUnits", "is missing"),
        (json!({ "maxUnits": "2" }), "maxUnits", "a whole number from 0 to 4294967295"),
        (json!({ "maxUnits": 2.5 }), "maxUnits", "a whole number"),
        (json!({ "maxUnits": -1 }), "maxUnits", "a whole number"),
        (json!({ "maxUnits": 1, "units": 1 }), "units", "no such field"),
        (json!({ "maxUnits": 1, "parts": {} }), "parts", "a list"),
        (json!({ "maxUnits": 1, "parts": [["x"]] }), "parts[0]", "an object"),
        (json!({ "maxUnits": 1, "parts": [{ "name": "a" }, {}] }), "parts[1].name", "is missing"),
        (json!({ "maxUnits": 1, "parts": [{ "name": 7 }] }), "parts[0].name", "a text"),
        (json!({ "maxUnits": 1, "kind": "daily" }), "kind", "`daily` is none of DAILY, AT_ONCE"),
    ] {
        let (detail, named) = wrong(&value);
        assert_eq!(named.as_deref(), Some(field), "{value}: {detail}");
        assert!(detail.contains(said), "{value}: {detail}");
    }
    assert_eq!(wrong(&json!([1])), ("`[1]` is wrong; an object is right".to_owned(), None));
}

#[test]
fn a_variant_with_content_is_an_object_with_its_name() {
    #[derive(Debug, PartialEq, Eq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum SignIn {
        Token(String),
    }
    assert_eq!(read::<SignIn>(&json!({ "token": "t" })).unwrap(), SignIn::Token("t".into()));
    for (value, field) in [
        (json!({}), None),
        (json!({ "token": "t", "demo": "ada" }), None),
        (json!("token"), None),
        (json!({ "token": 7 }), Some("token")),
    ] {
        assert_eq!(read::<SignIn>(&value).unwrap_err().at.field.as_deref(), field, "{value}");
    }
}

#[test]
fn a_parameter_is_repeated_for_a_list_and_taken_as_it_is() {
    let asked: Asked = read_query("teams=a%2Cb&teams=+c&limit=7&explain=true").unwrap();
    assert_eq!(asked, Asked { teams: vec!["a,b".into(), " c".into()], limit: Some(7), explain: Some(true) });
    for (query, field) in [("limit=x", "limit"), ("limit=1&limit=2", "limit"), ("explain=1", "explain"), ("x=1", "x")] {
        assert_eq!(read_query::<Asked>(query).unwrap_err().at.field.as_deref(), Some(field), "{query}");
    }
}
