//! `[presence]` as it is said over the API: in JSON, by names in camelCase.

use std::sync::LazyLock;

use heck::ToLowerCamelCase as _;
use serde_json::{Map, Value, json};

use super::nearest::nearest;
use super::presence;
use super::section::{Section as _, Setting};
use super::written::Written;
use crate::domain::policy::{Policy, PolicyOverrides};
use crate::domain::presence::InvalidField;

/// Why settings were not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    /// There is no setting of this name.
    #[error("`{name}` is no setting{}", .nearest.map(|nearest| format!("; did you mean `{nearest}`?")).unwrap_or_default())]
    Unknown {
        /// It.
        name: String,
        /// What was probably meant.
        nearest: Option<&'static str>,
    },
    /// A value is not what it may be.
    #[error(transparent)]
    Invalid(#[from] InvalidField),
}

struct Named {
    setting: Setting,
    outside: String,
    store: presence::Store,
}

static SETTINGS: LazyLock<Vec<Named>> = LazyLock::new(|| {
    let mut sections = Vec::new();
    Policy::declared(&mut sections);
    let settings = sections.into_iter().flat_map(|section| section.settings).zip(presence::STORES);
    let named =
        |(setting, store): (Setting, &_)| Named { outside: setting.name.to_lower_camel_case(), setting, store: *store };
    settings.map(named).collect()
});

/// The settings in force.
#[must_use]
pub fn told(policy: &Policy) -> Value {
    let values = policy.written().into_iter().map(|(_, written)| written.json());
    Value::Object(SETTINGS.iter().map(|named| named.outside.clone()).zip(values).collect())
}

/// What is stored, with a patch over it. Null takes what is stored away, so that the file counts again.
///
/// # Errors
/// The first name or value that is wrong.
pub fn patched(stored: &PolicyOverrides, patch: &Map<String, Value>) -> Result<PolicyOverrides, PatchError> {
    let mut patched = stored.clone();
    for (name, value) in patch {
        let Some(named) = SETTINGS.iter().find(|named| named.outside == *name) else {
            let nearest = nearest(name, SETTINGS.iter().map(|named| named.outside.as_str()));
            return Err(PatchError::Unknown { name: name.clone(), nearest });
        };
        let written = (!value.is_null()).then(|| Written::of_json(value));
        (named.store)(&mut patched, written.as_ref()).map_err(|right| InvalidField::new(&named.outside, right))?;
    }
    Ok(patched)
}

/// The JSON Schema of the settings as they are told.
#[must_use]
pub fn schema() -> Value {
    let names: Vec<&str> = SETTINGS.iter().map(|named| named.outside.as_str()).collect();
    let properties: Map<String, Value> =
        SETTINGS.iter().map(|named| (named.outside.clone(), named.setting.schema())).collect();
    let description = "The settings in force: `[presence]` of the file, with what is stored over it.";
    json!({ "type": "object", "description": description, "required": names, "properties": properties, "additionalProperties": false })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn of(body: Value) -> Result<PolicyOverrides, PatchError> {
        let Value::Object(body) = body else { panic!("{body} is no object") };
        patched(&PolicyOverrides { max_open_work_items: Some(3), ..PolicyOverrides::default() }, &body)
    }

    #[test]
    fn what_is_told_can_be_given_and_is_what_stood_there() {
        let told = told(&Policy::default());
        assert_eq!(of(told).unwrap().over(&Policy { max_open_work_items: 7, ..Policy::default() }), Policy::default());
    }

    #[test]
    fn a_patch_stores_what_it_names_and_null_takes_it_away() {
        let stored = of(json!({ "restoreWindow": "1m", "dailyReset": "" })).unwrap();
        let restore_window = Some(Duration::from_mins(1));
        let expected = PolicyOverrides { restore_window, daily_reset: Some(None), ..of(json!({})).unwrap() };
        assert_eq!((stored, expected.max_open_work_items), (expected, Some(3)));
        assert_eq!(of(json!({ "maxOpenWorkItems": null })).unwrap(), PolicyOverrides::default());
    }

    #[test]
    fn a_wrong_value_is_told_with_its_field_and_what_the_file_may_say() {
        for (field, wrong, right) in [
            ("restoreWindow", json!("25h"), "needs a duration from \"0s\" to \"24h\""),
            ("restartGrace", json!("2h"), "needs a duration from \"0s\" to \"1h\""),
            ("restoreWindow", json!(150), "needs a duration in quotes with its unit"),
            ("maxOpenWorkItems", json!(101), "needs a whole number of work items from 1 to 100"),
            ("maxOpenWorkItems", json!(1.5), "needs a whole number of work items from 1 to 100"),
            ("missedNotifications", json!("yes"), "needs true or false"),
            ("signInPolicy", json!({}), "needs one of \"capacity_first\", \"default_first\""),
            ("dailyReset", json!("25:00 Europe/Berlin"), "`25:00` is no time of day"),
        ] {
            let Err(PatchError::Invalid(invalid)) = of(json!({ field: wrong })) else { panic!("{wrong} was taken") };
            assert_eq!(invalid.field, field);
            assert!(invalid.problem.starts_with(right), "{}", invalid.problem);
        }
    }

    #[test]
    fn an_unknown_name_is_told_with_the_one_that_was_probably_meant() {
        let said = |body| of(body).unwrap_err().to_string();
        assert_eq!(said(json!({ "colour": "red" })), "`colour` is no setting");
        assert_eq!(
            said(json!({ "restore_window": "1s" })),
            "`restore_window` is no setting; did you mean `restoreWindow`?"
        );
    }
}
