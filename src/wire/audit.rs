//! What differs between two versions of a record, as the audit keeps it.

use serde::Serialize;
use serde_json::{Map, Value};

/// The fields that differ, as they were and as they are, each as a JSON object, null where there was or is none; the
/// whole record if there was none before, or is none after.
#[must_use]
pub fn difference<T: Serialize>(before: Option<&T>, after: Option<&T>) -> (Option<String>, Option<String>) {
    let fields = |record: Option<&T>| match record.map(|record| serde_json::json!(record)) {
        Some(Value::Object(fields)) => Some(fields),
        Some(_) | None => None,
    };
    let (mut before, mut after) = (fields(before), fields(after));
    if let (Some(before), Some(after)) = (&mut before, &mut after) {
        before.retain(|name, value| match after.get(name) {
            Some(same) if same == value => {
                after.remove(name);
                false
            }
            Some(_) | None => true,
        });
        fill(before, after);
        fill(after, before);
    }
    (before.map(text), after.map(text))
}

/// A field that only `other` has.
fn fill(fields: &mut Map<String, Value>, other: &Map<String, Value>) {
    for name in other.keys() {
        fields.entry(name).or_insert(Value::Null);
    }
}

fn text(fields: Map<String, Value>) -> String {
    Value::Object(fields).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_fields_that_differ_are_said_and_a_whole_record_where_there_is_but_one() {
        let (ada, ben) = (json!({ "name": "Ada", "units": 1, "gone": 2 }), json!({ "name": "Ada", "units": 3 }));
        let said = |before, after| {
            let (before, after) = difference::<Value>(before, after);
            let read = |text: Option<String>| text.map(|text| serde_json::from_str::<Value>(&text).unwrap());
            (read(before), read(after))
        };
        assert_eq!(
            said(Some(&ada), Some(&ben)),
            (Some(json!({ "units": 1, "gone": 2 })), Some(json!({ "units": 3, "gone": null })))
        );
        assert_eq!(said(None, Some(&ben)), (None, Some(ben.clone())));
        assert_eq!(said(Some(&ada), None), (Some(ada.clone()), None));
    }
}
