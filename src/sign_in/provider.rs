//! The provider: what is known of it, and the two requests of a sign-in.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use form_urlencoded::{Serializer, byte_serialize};
use parking_lot::RwLock;
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::sync::Semaphore;
use tracing::debug;

use super::asking::Asking;
use super::attempt::Attempt;
use super::metadata::{Metadata, ShowsSecret, with_query};
use super::not_signed_in::{MOST_AT_ONCE, NotSignedIn};
use super::orders::Orders;
use crate::clock::Clock;
use crate::domain::time::Timestamp;
use crate::identity::{
    AuthMode, CredentialError, Identity, Logout, OidcSettings, ProviderTokenError, Secret, Somebody, claimed_time,
    read_key_file,
};
use crate::telemetry::WithCauses;

/// So many logout tokens wait for a new key at once: anybody can name one that there is not.
pub const MOST_WAITING: usize = 16;
/// The largest answers: metadata have some kilobytes, tokens with many groups a few dozen.
const MOST_METADATA_BYTES: usize = 256 * 1024;
const MOST_ANSWER_BYTES: usize = 128 * 1024;
/// How long somebody waits for a key that is new; it is looked for every ten seconds at most.
const WAITS_FOR_KEY: Duration = Duration::from_secs(20);

/// The provider at which people sign in. Clones share it.
#[derive(Clone, Debug)]
pub struct Provider {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    identity: Identity,
    asking: Asking,
    metadata: RwLock<Option<Arc<Metadata>>>,
    exchanges: Semaphore,
    /// For orders whose key is not known yet.
    waiting: Semaphore,
    orders: Orders,
}

/// With what the browser came back.
#[derive(Clone, Default)]
pub struct CameBack {
    /// What becomes tokens.
    pub code: Option<String>,
    /// Why there is no code, as a word.
    pub error: Option<String>,
    /// Whose code it is.
    pub issuer: Option<String>,
}

/// Somebody signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Who, in the claims that are set.
    pub somebody: Somebody,
    /// What the provider calls them.
    pub subject: String,
    /// What it calls their session, if it says so.
    pub session: Option<String>,
    /// When it said so.
    pub issued: Timestamp,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

#[derive(Deserialize)]
struct TokenError {
    error: String,
}

impl Provider {
    /// The one that is set, if people sign in at one. To be called within a runtime.
    #[must_use]
    pub fn of(identity: &Identity) -> Option<Self> {
        match identity.mode() {
            AuthMode::Demo | AuthMode::Jwt => None,
            AuthMode::Oidc => Some(Self {
                shared: Arc::new(Shared {
                    identity: identity.clone(),
                    asking: Asking::new(),
                    metadata: RwLock::default(),
                    exchanges: Semaphore::new(MOST_AT_ONCE),
                    waiting: Semaphore::new(MOST_WAITING),
                    orders: Orders::default(),
                }),
            }),
        }
    }

    fn settings(&self) -> &OidcSettings {
        &self.shared.identity.settings().oidc
    }

    fn client_id(&self) -> &str {
        self.settings().client_id.as_deref().unwrap_or_default()
    }

    /// Reads what it says of itself, which counts from now on.
    ///
    /// # Errors
    /// It says nothing that is of use; what was known before stays.
    pub async fn discover(&self) -> Result<Arc<Metadata>, String> {
        let issuer = self.settings().issuer.as_deref().unwrap_or_default();
        let bytes = self.shared.asking.get(&Metadata::address(issuer), None, MOST_METADATA_BYTES).await?;
        let metadata = Arc::new(Metadata::read(issuer, &bytes).map_err(|error| error.to_string())?);
        *self.shared.metadata.write() = Some(metadata.clone());
        Ok(metadata)
    }

    /// The way to it.
    #[must_use]
    pub fn asking(&self) -> &Asking {
        &self.shared.asking
    }

    fn metadata(&self) -> Result<Arc<Metadata>, NotSignedIn> {
        let known = self.shared.metadata.read().clone();
        known.ok_or_else(|| NotSignedIn::Unreachable("its metadata was not fetched yet".to_owned()))
    }

    /// What people read: sign in with this.
    #[must_use]
    pub fn name(&self) -> String {
        let settings = self.settings();
        let host = || settings.issuer.as_deref()?.split('/').nth(2).map(str::to_owned);
        settings.name.clone().or_else(host).unwrap_or_default()
    }

    /// Where the browser goes to sign in, and comes back to `back_to`.
    ///
    /// # Errors
    /// [`NotSignedIn::Unreachable`]
    pub fn begin(&self, attempt: &Attempt, back_to: &str) -> Result<String, NotSignedIn> {
        let parameters = Serializer::new(String::new())
            .append_pair("response_type", "code")
            .append_pair("client_id", self.client_id())
            .append_pair("redirect_uri", back_to)
            .append_pair("scope", &self.settings().scopes.join(" "))
            .append_pair("state", &attempt.state())
            .append_pair("nonce", &attempt.nonce())
            .append_pair("code_challenge", &attempt.challenge())
            .append_pair("code_challenge_method", "S256")
            .finish();
        Ok(with_query(&self.metadata()?.authorization, &parameters))
    }

    /// Where the browser goes to sign out of it, and comes back to `back_to`; none if it has no such place.
    #[must_use]
    pub fn end_session(&self, back_to: &str) -> Option<String> {
        let address = self.metadata().ok()?.end_session.clone()?;
        let back_to = self.settings().after_sign_out.as_deref().unwrap_or(back_to);
        let parameters = Serializer::new(String::new())
            .append_pair("client_id", self.client_id())
            .append_pair("post_logout_redirect_uri", back_to)
            .finish();
        Some(with_query(&address, &parameters))
    }

    /// Who has signed in, by what the browser came back with.
    ///
    /// # Errors
    /// [`NotSignedIn`]
    pub async fn finish(
        &self,
        attempt: &Attempt,
        came: CameBack,
        back_to: &str,
        clock: &Clock,
    ) -> Result<SignedIn, NotSignedIn> {
        let metadata = self.metadata()?;
        let is_its_own = came.issuer.as_ref().map(|issuer| Some(issuer) == self.settings().issuer.as_ref());
        if !is_its_own.unwrap_or(!metadata.names_itself) {
            return Err(NotSignedIn::OtherProvider);
        }
        let code = match (came.error, came.code) {
            (Some(error), _) => return Err(NotSignedIn::Refused(shortened(&error))),
            (None, None) => return Err(NotSignedIn::Refused("it sent no code".to_owned())),
            (None, Some(code)) => code,
        };
        let _place = self.shared.exchanges.try_acquire().map_err(|_| NotSignedIn::Crowded)?;
        let Tokens { id_token, access_token } = self.exchange(&metadata, attempt, &code, back_to).await?;
        let nonce = attempt.nonce();
        let verify = |now| self.shared.identity.id_token(&id_token, &nonce, now);
        let mut claims = self.with_newer_keys(clock, verify).await?;
        let subject = text(&claims, "sub").unwrap_or_default();
        let session = text(&claims, "sid");
        let issued = claimed_time(&claims, "iat").ok().flatten().unwrap_or_else(|| clock.wall());
        if let (false, Some(address), Some(token)) =
            (self.shared.identity.is_complete(&claims), &metadata.userinfo, access_token)
        {
            self.add_userinfo(&mut claims, address, &token, &subject).await?;
        }
        let somebody = self.shared.identity.somebody(&claims)?;
        Ok(SignedIn { somebody, subject, session, issued })
    }

    /// An order to end sessions, which was not heard before.
    ///
    /// # Errors
    /// Why it is not believed.
    pub async fn order(&self, token: &str, clock: &Clock) -> Result<Logout, NotSignedIn> {
        let verify = |now| self.shared.identity.logout_token(token, now);
        let logout = match verify(clock.wall()) {
            Err(ProviderTokenError::Token(CredentialError::UnknownKey)) => {
                // Nobody who signs in waits behind these.
                let _place = self.shared.waiting.try_acquire().map_err(|_| NotSignedIn::Crowded)?;
                self.with_newer_keys(clock, verify).await?
            }
            verified => verified?,
        };
        if !self.shared.orders.is_new(&logout, clock.wall()) {
            return Err(NotSignedIn::NotBelieved("the logout token was shown before".to_owned()));
        }
        Ok(logout)
    }

    /// Those that were heard.
    #[must_use]
    pub fn orders(&self) -> &Orders {
        &self.shared.orders
    }

    /// Verifies, and once more if a key is not known yet and comes.
    async fn with_newer_keys<T>(
        &self,
        clock: &Clock,
        verify: impl Fn(Timestamp) -> Result<T, ProviderTokenError>,
    ) -> Result<T, ProviderTokenError> {
        match verify(clock.wall()) {
            Err(ProviderTokenError::Token(CredentialError::UnknownKey)) => {}
            done => return done,
        }
        let newer = self.shared.identity.keys().newer();
        // If none come, it is refused for want of the key.
        drop(tokio::time::timeout(WAITS_FOR_KEY, newer).await);
        verify(clock.wall())
    }

    async fn exchange(
        &self,
        metadata: &Metadata,
        attempt: &Attempt,
        code: &str,
        back_to: &str,
    ) -> Result<Tokens, NotSignedIn> {
        let secret = self.secret().await.map_err(NotSignedIn::Unreachable)?;
        let (parameters, authorization) = self.exchanged(metadata, attempt, code, back_to, secret.as_ref())?;
        let asked = self.shared.asking.post(&metadata.token, parameters, authorization, MOST_ANSWER_BYTES);
        let (status, answer) = asked.await.map_err(NotSignedIn::Unreachable)?;
        if status.is_server_error() {
            return Err(NotSignedIn::Unreachable(format!("the answer is {status}")));
        }
        if status != StatusCode::OK {
            let why = serde_json::from_slice(&answer).map(|TokenError { error }| shortened(&error));
            return Err(NotSignedIn::Refused(why.unwrap_or_else(|_| format!("the answer is {status}"))));
        }
        // What serde says of it might repeat a token.
        let none = |_| NotSignedIn::NotBelieved("it holds no ID token; is `openid` among the scopes?".to_owned());
        serde_json::from_slice(&answer).map_err(none)
    }

    /// What is sent for a code, and the header beside it.
    fn exchanged(
        &self,
        metadata: &Metadata,
        attempt: &Attempt,
        code: &str,
        back_to: &str,
        secret: Option<&Secret>,
    ) -> Result<(String, Option<HeaderValue>), NotSignedIn> {
        let mut parameters = Serializer::new(String::new());
        parameters
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", back_to)
            .append_pair("code_verifier", &attempt.verifier());
        let authorization = match (secret, metadata.shows_secret) {
            (Some(secret), ShowsSecret::Basic) => Some(self.basic(secret)?),
            (Some(secret), ShowsSecret::Post) => {
                parameters.append_pair("client_id", self.client_id()).append_pair("client_secret", secret.reveal());
                None
            }
            (None, ShowsSecret::Basic | ShowsSecret::Post) => {
                parameters.append_pair("client_id", self.client_id());
                None
            }
        };
        Ok((parameters.finish(), authorization))
    }

    /// As RFC 6749 (2.3.1) has it: both parts as in a form.
    fn basic(&self, secret: &Secret) -> Result<HeaderValue, NotSignedIn> {
        let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!("{}:{}", encoded(self.client_id()), encoded(secret.reveal()));
        let header = HeaderValue::from_str(&format!("Basic {}", BASE64.encode(pair)));
        header.map_err(|error| NotSignedIn::Unreachable(error.to_string()))
    }

    /// The client's secret as it is now: a file may have been written anew.
    async fn secret(&self) -> Result<Option<Secret>, String> {
        let settings = self.settings();
        let Some(file) = settings.client_secret_file.clone() else { return Ok(settings.client_secret.clone()) };
        let read = tokio::task::spawn_blocking(move || read_secret(&file)).await;
        read.map_err(|error| error.to_string())?.map(Some)
    }

    /// Adds what the provider keeps for whoever asks. What the ID token says stands.
    async fn add_userinfo(
        &self,
        claims: &mut Map<String, Value>,
        address: &str,
        token: &str,
        subject: &str,
    ) -> Result<(), NotSignedIn> {
        let answer = self.shared.asking.get(address, Some(token), MOST_ANSWER_BYTES).await;
        // Without it somebody might be limited to no teams who should be.
        let answer = answer.map_err(|why| NotSignedIn::Unreachable(format!("userinfo: {why}")))?;
        let more: Map<String, Value> = serde_json::from_slice(&answer)
            .map_err(|_| NotSignedIn::NotBelieved("what stands at userinfo is no JSON object".to_owned()))?;
        if text(&more, "sub").as_deref() != Some(subject) {
            return Err(NotSignedIn::NotBelieved("userinfo is about somebody else".to_owned()));
        }
        debug!(claims = more.len(), "userinfo was asked");
        for (name, value) in more {
            claims.entry(name).or_insert(value);
        }
        Ok(())
    }
}

/// What a file holds, without the end of its line.
fn read_secret(file: &Path) -> Result<Secret, String> {
    let bytes = read_key_file(file).map_err(|error| WithCauses(&error).to_string())?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{} holds no text", file.display()))?;
    Ok(Secret::from(text.trim().to_owned()))
}

fn text(claims: &Map<String, Value>, name: &str) -> Option<String> {
    claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A word of the provider's, for the log.
fn shortened(word: &str) -> String {
    word.chars().filter(|letter| !letter.is_control()).take(100).collect()
}
