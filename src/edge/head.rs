//! The head of a frame: who asks for what is judged before the rest is understood.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use super::items::Fields;
use crate::identity::Action;
use crate::wire::code::ErrorCode;
use crate::wire::problem::Problem;

/// The longest `id` of a request, as it is written. Its answer repeats it.
pub const MAX_ID_BYTES: usize = 512;

/// A frame that is refused, with the id that the answer repeats.
#[derive(Debug)]
pub struct Refused {
    /// The id, if the frame has one that can be read.
    pub id: Option<Value>,
    /// Why.
    pub problem: Problem,
}

impl Refused {
    /// The frame cannot be read, not even its id.
    pub fn unread(detail: &str) -> Self {
        Self { id: None, problem: Problem::malformed(detail) }
    }
}

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
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the frames of the wire have these names, and say what they mean")]
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
        let unread = |problem| Refused { id: None, problem };
        let mut fields = Fields::of(text).ok_or_else(|| Refused::unread("no JSON object"))?;
        let (mut id, mut kind, mut events) = (None, None, None);
        while let Some((name, value)) = fields.next().map_err(unread)? {
            match name.as_str() {
                "id" => id = Some(value),
                "type" => kind = Some(value),
                "events" => events = Some(text.slice_ref(value)),
                _ => {}
            }
        }
        let id = id.map(id_of).transpose().map_err(unread)?;
        let kind = kind.ok_or_else(|| Problem::malformed("type: is missing").in_field("type")).and_then(kind_of);
        let kind = kind.map_err(|problem| Refused { id: id.clone(), problem })?;
        Ok(Self { id, kind, events })
    }
}

/// The id, if its answer can repeat it exactly.
fn id_of(text: &[u8]) -> Result<Value, Problem> {
    let text = text.trim_ascii();
    let id = Some(text).filter(|text| text.len() <= MAX_ID_BYTES).and_then(|text| serde_json::from_slice(text).ok());
    match id {
        Some(id @ Value::String(_)) => Ok(id),
        Some(Value::Number(number)) if number.to_string().as_bytes() == text => Ok(Value::Number(number)),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) | None => {
            let right = "a whole number of at most 64 bits or a text of at most 512 bytes is right";
            Err(Problem::malformed(format!("id: {right}")).in_field("id"))
        }
    }
}

fn kind_of(text: &[u8]) -> Result<Kind, Problem> {
    let name: String = serde_json::from_slice(&text[..text.len().min(MAX_ID_BYTES)])
        .map_err(|_| Problem::malformed("type: a text is right").in_field("type"))?;
    serde_json::from_slice(text).map_err(|_| {
        let detail = format!("no frame is called `{}`", crate::wire::repeated::shortened(&name));
        Problem::new(ErrorCode::UnknownType, detail).in_field("type")
    })
}

impl Kind {
    /// All of them.
    #[cfg(test)]
    pub const ALL: [Self; 12] = [
        Self::SetPresence,
        Self::ResetPresence,
        Self::Refreshing,
        Self::SignOut,
        Self::Watch,
        Self::Unwatch,
        Self::SetAgentPresence,
        Self::ResetAgentPresence,
        Self::SignOutAgent,
        Self::Events,
        Self::Authenticate,
        Self::Awake,
    ];

    /// Its name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SetPresence => "setPresence",
            Self::ResetPresence => "resetPresence",
            Self::Refreshing => "refreshing",
            Self::SignOut => "signOut",
            Self::Watch => "watch",
            Self::Unwatch => "unwatch",
            Self::SetAgentPresence => "setAgentPresence",
            Self::ResetAgentPresence => "resetAgentPresence",
            Self::SignOutAgent => "signOutAgent",
            Self::Events => "events",
            Self::Authenticate => "authenticate",
            Self::Awake => "awake",
        }
    }

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
