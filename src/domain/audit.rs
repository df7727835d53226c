//! The audit: who did what, as what, from where, about whom, and what became of it.

use core::net::IpAddr;
use std::sync::Arc;

use super::cause::vocabulary;
use super::role::Roles;

vocabulary! {
    /// What somebody did.
    Deed {
        SignIn = "SIGN_IN",
        SignOut = "SIGN_OUT",
        SetPresence = "SET_PRESENCE",
        ResetPresence = "RESET_PRESENCE",
        SignOutAgent = "SIGN_OUT_AGENT",
        Create = "CREATE",
        Change = "CHANGE",
        Delete = "DELETE",
        Plan = "PLAN",
        Erase = "ERASE",
        Revoke = "REVOKE",
        Export = "EXPORT",
        Refusal = "REFUSAL",
        Restore = "RESTORE",
    }
}

vocabulary! {
    /// What became of it.
    Outcome {
        Done = "DONE",
        Started = "STARTED",
        BrokenOff = "BROKEN_OFF",
        Refused = "REFUSED",
    }
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// The token's subject.
    pub subject: String,
    /// With which roles.
    pub roles: Roles,
    /// From which address, if it is known.
    pub address: Option<IpAddr>,
}

/// What something was done to: its kind and its id, such as `agent/ada`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About(String);

impl About {
    /// The settings, of which there is one set.
    pub const SETTINGS: &'static str = "settings";

    /// The thing of this kind and id.
    #[must_use]
    pub fn of(kind: &str, id: &str) -> Self {
        Self(format!("{kind}/{id}"))
    }

    /// An agent.
    #[must_use]
    pub fn agent(id: &str) -> Self {
        Self::of("agent", id)
    }

    /// Anybody, by the subject of a token.
    #[must_use]
    pub fn person(subject: &str) -> Self {
        Self::of("person", subject)
    }

    /// The settings.
    #[must_use]
    pub fn settings() -> Self {
        Self(Self::SETTINGS.to_owned())
    }

    /// What was kept as this text.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is to be kept of a deed. The engine gives it a position and the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Who; none if it was the hub itself, or whoever runs it.
    pub asker: Option<Arc<Asker>>,
    /// What.
    pub deed: Deed,
    /// To what.
    pub about: Option<About>,
    /// What was different before, as a JSON object.
    pub before: Option<String>,
    /// What is different after, or what else there is to say, as a JSON object. Never a secret.
    pub after: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
}

impl Note {
    /// It was done.
    #[must_use]
    pub fn done(asker: Arc<Asker>, deed: Deed, about: Option<About>) -> Self {
        Self { asker: Some(asker), deed, about, before: None, after: None, outcome: Outcome::Done }
    }

    /// With what was different before and after.
    #[must_use]
    pub fn differing(self, (before, after): (Option<String>, Option<String>)) -> Self {
        Self { before, after, ..self }
    }
}
