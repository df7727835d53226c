//! The head of a frame: who asks for what is judged before the rest is understood.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use super::items::Fields;
use super::requests::{FrameProblem, Refused};
use crate::identity::Action;

/// The longest `id` of a request, as it is written. Its answer repeats it.
const MAX_ID_BYTES: usize = 512;

/// What a frame says of itself before it is understood.
#[derive(Debug)]
pub struct Head {
    /// The `id`, for an answer.
    pub id: Option<Value>,
    /// What is asked for.
    pub kind: Kind,
    /// The text of `events`.
    pub events: Option<Bytes>,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the contract names them")]
pub enum Kind {
    SetPresence,
    ResetPresence,
    Refreshing,
    SignOut,
    Watch,
    Unwatch,
    SetAgentPresence,
    ResetAgentPresence,
    SignOutAgent,
    Events,
    Authenticate,
    Awake,
}

impl Head {
    /// The head of a frame.
    ///
    /// # Errors
    /// The frame is none of the protocol.
    pub fn of(text: &Bytes) -> Result<Self, Refused> {
        let mut fields = Fields::of(text).ok_or((None, FrameProblem::malformed("no JSON object")))?;
        let (mut id, mut kind, mut events) = (None, None, None);
        while let Some((name, value)) = fields.next().map_err(|problem| (None, problem.into()))? {
            match name.as_str() {
                "id" => id = Some(value),
                "type" => kind = Some(value),
                "events" => events = Some(text.slice_ref(value)),
                _ => {}
            }
        }
        let id = id.map(id_of).transpose().map_err(|problem| (None, problem))?;
        let kind = kind.ok_or_else(|| FrameProblem::malformed("type: missing")).and_then(kind_of);
        let kind = kind.map_err(|problem| (id.clone(), problem))?;
        Ok(Self { id, kind, events })
    }
}

fn id_of(text: &[u8]) -> Result<Value, FrameProblem> {
    let problem = || FrameProblem::malformed("id: a number or a string of at most 512 bytes is right");
    if text.len() > MAX_ID_BYTES {
        return Err(problem());
    }
    match serde_json::from_slice(text) {
        Ok(id @ (Value::Number(_) | Value::String(_))) => Ok(id),
        Ok(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | Err(_) => Err(problem()),
    }
}

fn kind_of(text: &[u8]) -> Result<Kind, FrameProblem> {
    let name: String = serde_json::from_slice(&text[..text.len().min(MAX_ID_BYTES)])
        .map_err(|_| FrameProblem::malformed("type: a text is right"))?;
    serde_json::from_slice(text).map_err(|_| FrameProblem::new("unknown_type", format!("nothing is called `{name}`")))
}

impl Kind {
    /// What it takes to be allowed it.
    pub fn action(self) -> Action {
        match self {
            Self::SetPresence | Self::ResetPresence | Self::Refreshing | Self::SignOut => Action::ActAsAgent,
            Self::Watch | Self::Unwatch => Action::Watch,
            Self::SetAgentPresence | Self::ResetAgentPresence | Self::SignOutAgent => Action::Supervise,
            Self::Events => Action::SendEvents,
            Self::Authenticate => Action::RenewCredentials,
            Self::Awake => Action::OpenSocket,
        }
    }
}
