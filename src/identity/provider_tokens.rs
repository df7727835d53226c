//! Tokens of the provider that are for the hub itself: the one that says who signed in, and the order to end a session.

use serde_json::{Map, Value};

use super::doubt::CredentialError;
use super::keys::Keys;
use super::settings::AuthSettings;
use super::signed;
use crate::domain::time::Timestamp;

/// What an ID token may say it is.
const ID_TOKEN_TYPES: [&str; 2] = ["jwt", "application/jwt"];
/// What a logout token may say it is; not every provider says it in its own word.
const LOGOUT_TOKEN_TYPES: [&str; 4] = ["logout+jwt", "application/logout+jwt", "jwt", "application/jwt"];
/// The event of a logout token (OpenID Connect Back-Channel Logout 1.0, 2.4).
const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// How old a logout token without `exp` may be.
const LOGOUT_TOKEN_LIFE: std::time::Duration = std::time::Duration::from_mins(5);

/// Why such a token is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each prints as the sentence that says it")]
pub enum ProviderTokenError {
    #[error(transparent)]
    Token(#[from] CredentialError),
    #[error("the ID token was made for another sign-in: its `nonce` is not the one that was sent")]
    Nonce,
    #[error("the token was made for another client: `azp` is not `[auth.oidc] client_id`")]
    AuthorizedParty,
    #[error("the token does not say when it was issued (`iat`), or was issued in the future")]
    Issued,
    #[error("the token has no `{0}`")]
    Without(&'static str),
    #[error("the logout token is none: it has a `nonce`, or no event of that kind")]
    NoLogout,
}

/// The order to end sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logout {
    /// What tells this order from others.
    pub id: String,
    /// Whose sessions, as the provider calls them (`sub`).
    pub subject: Option<String>,
    /// Which session, as the provider calls it (`sid`).
    pub session: Option<String>,
    /// When it was given.
    pub issued: Timestamp,
    /// When it counts no more.
    pub until: Timestamp,
}

/// What an ID token claims that was made for this client and the sign-in of this nonce.
pub fn id_token(
    settings: &AuthSettings,
    keys: &Keys,
    token: &str,
    nonce: &str,
    now: Timestamp,
) -> Result<Map<String, Value>, ProviderTokenError> {
    let claims = for_client(settings, keys, token, &ID_TOKEN_TYPES, now)?;
    if signed::instant(&claims, "exp")?.is_none() {
        return Err(ProviderTokenError::Without("exp"));
    }
    if signed::text(&claims, "sub").is_none() {
        return Err(ProviderTokenError::Without("sub"));
    }
    if signed::text(&claims, "nonce") != Some(nonce) {
        return Err(ProviderTokenError::Nonce);
    }
    Ok(claims)
}

/// What a logout token orders.
pub fn logout_token(
    settings: &AuthSettings,
    keys: &Keys,
    token: &str,
    now: Timestamp,
) -> Result<Logout, ProviderTokenError> {
    let claims = for_client(settings, keys, token, &LOGOUT_TOKEN_TYPES, now)?;
    let is_logout = claims.get("events").and_then(|events| events.get(LOGOUT_EVENT)).is_some_and(Value::is_object);
    if !is_logout || claims.contains_key("nonce") {
        return Err(ProviderTokenError::NoLogout);
    }
    let leeway = settings.jwt.leeway;
    let issued = signed::instant(&claims, "iat")?.ok_or(ProviderTokenError::Issued)?;
    let until = signed::instant(&claims, "exp")?.unwrap_or_else(|| issued.plus(LOGOUT_TOKEN_LIFE)).plus(leeway);
    if now >= until {
        return Err(CredentialError::Expired.into());
    }
    let text = |name: &'static str| signed::text(&claims, name).map(str::to_owned);
    let (subject, session) = (text("sub"), text("sid"));
    if subject.is_none() && session.is_none() {
        return Err(ProviderTokenError::Without("sub"));
    }
    Ok(Logout { id: text("jti").ok_or(ProviderTokenError::Without("jti"))?, subject, session, issued, until })
}

/// What a token claims that the provider made for this client, and that is valid now.
fn for_client(
    settings: &AuthSettings,
    keys: &Keys,
    token: &str,
    types: &[&str],
    now: Timestamp,
) -> Result<Map<String, Value>, ProviderTokenError> {
    let said = signed::read(token, types)?;
    // What would be refused anyway is, before the signature, which costs the most. Nothing of it is believed yet.
    check(settings, &said.claims, now)?;
    Ok(said.proven(keys)?.0)
}

/// Whether these are the claims of a token that the provider made for this client, and that is valid now.
fn check(settings: &AuthSettings, claims: &Map<String, Value>, now: Timestamp) -> Result<(), ProviderTokenError> {
    let (oidc, leeway) = (&settings.oidc, settings.jwt.leeway);
    let is = |name: &str, right: &Option<String>| right.as_ref().is_some_and(|right| signed::says(claims, name, right));
    if !is("iss", &oidc.issuer) {
        return Err(CredentialError::Issuer.into());
    }
    if !is("aud", &oidc.client_id) {
        return Err(CredentialError::Audience.into());
    }
    // One that is for others as well says who asked for it.
    let is_for_others = claims.get("aud").and_then(Value::as_array).is_some_and(|audiences| audiences.len() > 1);
    if (is_for_others || claims.contains_key("azp")) && !is("azp", &oidc.client_id) {
        return Err(ProviderTokenError::AuthorizedParty);
    }
    if signed::instant(claims, "exp")?.is_some_and(|expires| now >= expires.plus(leeway)) {
        return Err(CredentialError::Expired.into());
    }
    if signed::instant(claims, "nbf")?.is_some_and(|from| from > now.plus(leeway)) {
        return Err(CredentialError::NotYet.into());
    }
    if signed::instant(claims, "iat")?.is_none_or(|issued| issued > now.plus(leeway)) {
        return Err(ProviderTokenError::Issued);
    }
    Ok(())
}
