//! `/api/v1/settings`: `[presence]` in camelCase. What is stored here beats the file.

use serde::Serialize;
use serde_json::Value;

use super::answer::Tagged;
use super::body::Patch;
use super::precondition::{Precondition, tag};
use super::route::{Asked, Route, Verb};
use crate::agents::DirectoryView;
use crate::config::outside::{self, PatchError};
use crate::edge::Door;
use crate::identity::Action;
use crate::wire::code::ErrorCode::*;
use crate::wire::problem::Problem;

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/api/v1/settings", Action::Settings, read)
            .called("readSettings", "settings", "Settings in force")
            .says("Those of `[presence]`. What is stored here beats the file."),
        Route::new(Verb::Patch, "/api/v1/settings", Action::Settings, patch)
            .called("patchSettings", "settings", "Change settings")
            .says("All of it or nothing. null takes what is stored away, so that the file counts again.")
            .refuses(&[PreconditionFailed, TooLarge, Unavailable, OutcomeUnknown]),
    ]
}

/// The settings that an administrator may change, as [`outside`] declares them.
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct Settings(Value);

#[cfg(test)]
impl schemars::JsonSchema for Settings {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Settings".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut schema: schemars::Schema = outside::schema().try_into().unwrap();
        if generator.contract().is_deserialize() {
            // Each may be changed alone.
            schema.remove("required");
        }
        schema
    }
}

async fn read(asked: Asked) -> Result<Tagged<Settings>, Problem> {
    Ok(in_force(&asked.door))
}

async fn patch(asked: Asked<(), (), Patch<Settings>>) -> Result<Tagged<Settings>, Problem> {
    let Asked { door, caller, body: Patch { merge, .. }, headers, .. } = asked;
    let expected = Precondition::of(&headers);
    let Value::Object(changes) = merge else { return Err(Problem::malformed("a JSON object is right")) };
    let patched = |view: &DirectoryView| {
        // What is wrong by itself is so whatever was expected (RFC 9110, 13.2.1).
        let patched = outside::patched(&view.overrides, &changes)?;
        expected.check(Some(&tag(&outside::told(&view.directory.policy))))?;
        Ok::<_, Problem>(patched)
    };
    door.agents.put_settings(caller.admin(), patched).await?;
    Ok(in_force(&door))
}

fn in_force(door: &Door) -> Tagged<Settings> {
    let settings = outside::told(&door.agents.directory().directory.policy);
    Tagged { tag: tag(&settings), record: Settings(settings) }
}

impl From<PatchError> for Problem {
    fn from(error: PatchError) -> Self {
        match error {
            PatchError::Unknown { ref name, .. } => Self::invalid(name, &error),
            PatchError::Invalid(invalid) => invalid.into(),
        }
    }
}
