//! `/api/v1/settings`: `[presence]` in camelCase. What is stored here beats the file.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value};

use super::Unread;
use super::precondition::{Precondition, tag, tagged};
use crate::agents::DirectoryView;
use crate::config::outside::{self, PatchError};
use crate::edge::Door;
use crate::edge::caller::Signed;
use crate::edge::problem::Problem;
use crate::identity::Action;

/// `GET /api/v1/settings`
pub async fn read(State(door): State<Arc<Door>>, signed: Signed) -> Result<Response, Problem> {
    signed.may(Action::Settings)?;
    Ok(answer(&door))
}

/// `PATCH /api/v1/settings`: null takes what is stored away, so that the file counts again.
pub async fn patch(
    State(door): State<Arc<Door>>,
    signed: Signed,
    expected: Precondition,
    body: Unread<Map<String, Value>>,
) -> Result<Response, Problem> {
    signed.may(Action::Settings)?;
    let patch = body.read().await?;
    let patched = |view: &DirectoryView| {
        expected.check(Some(&tag(&outside::told(&view.directory.policy))))?;
        Ok::<_, Problem>(outside::patched(&view.overrides, &patch)?)
    };
    door.agents.put_settings(signed.admin(), patched).await?;
    Ok(answer(&door))
}

fn answer(door: &Door) -> Response {
    let settings = outside::told(&door.agents.directory().directory.policy);
    tagged(&tag(&settings), Json(settings))
}

impl From<PatchError> for Problem {
    fn from(error: PatchError) -> Self {
        match error {
            PatchError::Unknown { .. } => Self::malformed(error.to_string()),
            PatchError::Invalid(invalid) => invalid.into(),
        }
    }
}
