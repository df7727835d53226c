//! The session of the hub's own pages: who is signed in, and how one signs in.

use serde::{Deserialize, Serialize};

use super::Role;

/// Who is signed in, and how one signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SessionInfo {
    /// How one signs in here.
    pub mode: SignInMode,
    /// Who is signed in by the cookie. Null if nobody is.
    pub session: Option<Person>,
    /// Who may sign in without a token. Left out unless the hub is in demo mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demo: Option<DemoPeople>,
    /// Where one signs in. Left out unless that is an identity provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<SignInProvider>,
    /// Whom people can ask who may not do something. Left out if the settings name nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// How one signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum SignInMode {
    /// With a token.
    Jwt,
    /// With a token, or by the name of a demo person.
    Demo,
    /// At an identity provider: `GET /sign-in` leads there.
    Oidc,
}

/// The identity provider at which one signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SignInProvider {
    /// Its name for people.
    pub name: String,
    /// Where a page goes to sign out of it too, once the session here has ended. Left out if it has no such place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_out_url: Option<String>,
}

/// Who may sign in without a token, in demo mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct DemoPeople {
    /// The demo people.
    pub people: Vec<Person>,
}

/// Someone who is or may be signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Person {
    /// Who it is, by the token; for agents the agent's id.
    pub subject: String,
    /// The name that people see; the subject if the token says none.
    pub name: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// The teams of the token. Null if it names none.
    pub teams: Option<Vec<String>>,
    /// What one sees signed in as them. Left out unless they are a demo person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
}

/// Somebody who acted, with their name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct NamedPerson {
    /// The subject.
    pub id: String,
    /// What they are called.
    pub name: String,
}

/// How to sign in to the hub's own pages: one of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum SignIn {
    /// With a token.
    Token(
        /// A JSON Web Token that has `sub`, `roles` and `exp`.
        String,
    ),
    /// As a demo person; in demo mode only.
    Demo(
        /// The subject of the demo person.
        String,
    ),
}
