//! Signing in at the identity provider: the way there, the way back, and its order to end a session.

use core::net::IpAddr;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue};
use serde::Deserialize;
use tracing::debug;

use super::answer::{Ok200, SeeOther};
use super::body::Form;
use super::query::Parameters;
use super::route::{Asked, Route, Verb};
use crate::domain::audit::{About, Asker, Deed, Note};
use crate::domain::time::Timestamp;
use crate::edge::Door;
use crate::edge::caller::{Anyone, host};
use crate::edge::doubts;
use crate::edge::page_sessions::{Begun, Came, Key, Refused, Started};
use crate::identity::{Action, Logout, Somebody};
use crate::sign_in::{ATTEMPT_LIFE, Attempt, CameBack, NotSignedIn, Provider, SignedIn};
use crate::wire::code::ErrorCode::*;
use crate::wire::limit::Limit;
use crate::wire::problem::Problem;
use crate::wire::shapes::{BackChannelLogout, Nothing};

/// Where the provider sends people back to.
const CALLBACK: &str = "/sign-in/callback";
/// So many tabs of one browser may be at the provider at once. One more gives the oldest up.
pub const MOST_ATTEMPTS: usize = 8;
/// The largest body with an order to end a session.
const MOST_ORDER_BYTES: usize = 32 * 1024;

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(Verb::Get, "/sign-in", Action::AskOpenly, begin)
            .called("signIn", "session", "Sign in at the identity provider")
            .says("A browser goes there. It leads to the provider, back to the hub, and on to the page that it came from.")
            .refuses(&[NotFound]),
        Route::new(Verb::Get, CALLBACK, Action::AskOpenly, finish)
            .called("finishSignIn", "session", "Come back from the identity provider")
            .says(
                "The provider sends the browser here. What it brings counts only in the browser that began, for a \
                 quarter of an hour, and once.",
            )
            .refuses(&[NotFound]),
        Route::new(Verb::Post, "/sign-in/back-channel-logout", Action::AskOpenly, end)
            .called("endSessionsOfProvider", "session", "Hear that somebody signed out at the identity provider")
            .says(
                "The provider sends a logout token here (OpenID Connect Back-Channel Logout 1.0). Sessions that it is \
                 about end; their live sockets are closed with 4401 within a second.",
            )
            .refuses(&[NotFound, Malformed, RateLimited, Unavailable])
            .takes_at_most(|_| MOST_ORDER_BYTES),
    ]
}

/// Where a sign-in begins.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct From {
    /// The page to come back to: `desk`, `board`, `admin` or nothing, for the first one; perhaps with a query.
    return_to: Option<String>,
}

/// What the browser brings back. Providers add more of their own.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Back {
    /// Which sign-in it is.
    state: Option<String>,
    /// What becomes tokens.
    code: Option<String>,
    /// Why there is no code.
    error: Option<String>,
    /// Whose code it is.
    iss: Option<String>,
}

/// Why somebody is back without being signed in, for the page to say.
#[derive(Clone, Copy, Debug)]
enum Failure {
    /// It did not begin in this browser, or too long ago.
    Stale,
    /// The provider cannot be asked now.
    Unavailable,
    /// The provider, or what it says, was refused.
    Refused,
    /// It is known who it is, and they may nothing here.
    NoRole,
}

impl Failure {
    fn word(self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::Unavailable => "unavailable",
            Self::Refused => "refused",
            Self::NoRole => "no_role",
        }
    }
}

impl std::convert::From<&NotSignedIn> for Failure {
    fn from(why: &NotSignedIn) -> Self {
        match why {
            NotSignedIn::Unreachable(_) | NotSignedIn::Crowded => Self::Unavailable,
            NotSignedIn::Refused(_) | NotSignedIn::OtherProvider | NotSignedIn::NotBelieved(_) => Self::Refused,
            NotSignedIn::NoRole { .. } => Self::NoRole,
        }
    }
}

fn provider(door: &Door) -> Result<&Provider, Problem> {
    let none = || Problem::new(NotFound, "people do not sign in at a provider here: [auth] mode is not \"oidc\"");
    door.provider.as_ref().ok_or_else(none)
}

/// Where people reach the hub. Without a public address that is a name of this machine, which was checked.
fn own_address(door: &Door, headers: &HeaderMap) -> String {
    let here = || format!("http://{}", host(headers).unwrap_or_default());
    door.server.public_url.as_ref().map_or_else(here, ToString::to_string)
}

/// Where the provider sends people who have signed out of it.
pub fn first_page(door: &Door, headers: &HeaderMap) -> String {
    format!("{}/", own_address(door, headers))
}

async fn begin(asked: Asked<(), Parameters<From>, (), Anyone>) -> Result<SeeOther, Problem> {
    let Asked { door, headers, query: Parameters(from), caller: Anyone { address }, .. } = asked;
    let provider = provider(&door)?;
    let now = door.agents.clock().wall();
    let attempt = Attempt::new(from.return_to.as_deref().unwrap_or_default(), now);
    let way = provider.begin(&attempt, &format!("{}{CALLBACK}", own_address(&door, &headers)));
    let way = match way {
        Ok(way) => way,
        Err(why) => return Ok(failed(&door, address, &attempt, &why, Vec::new())),
    };
    let mut cookies = old_attempts(&door, &headers, now);
    cookies.extend(door.sign_in_cookies.set(&attempt.name(), &attempt.kept(), ATTEMPT_LIFE));
    Ok(SeeOther { to: way, cookies })
}

/// What clears the cookies of sign-ins that nobody can finish any more, and of those that are too many.
fn old_attempts(door: &Door, headers: &HeaderMap, now: Timestamp) -> Vec<HeaderValue> {
    let cookies = &door.sign_in_cookies;
    let (mut alive, mut gone) = (Vec::new(), Vec::new());
    for (name, kept) in cookies.all(headers) {
        match Attempt::read(kept, now) {
            Some(attempt) => alive.push((attempt.begun(), name)),
            None => gone.push(name),
        }
    }
    alive.sort_unstable();
    let too_many = (alive.len() + 1).saturating_sub(MOST_ATTEMPTS);
    gone.extend(alive.into_iter().take(too_many).map(|(_, name)| name));
    gone.into_iter().filter_map(|name| cookies.clear(name).ok()).collect()
}

async fn finish(asked: Asked<(), Parameters<Back>, (), Anyone>) -> Result<SeeOther, Problem> {
    let Asked { door, headers, caller: Anyone { address }, query: Parameters(back), .. } = asked;
    let provider = provider(&door)?;
    let clock = door.agents.clock();
    let Back { state, code, error, iss } = back;
    // Whoever did not begin here is not signed in here: it may be somebody else's sign-in.
    let mut begun = door.sign_in_cookies.all(&headers).filter_map(|(_, kept)| Attempt::read(kept, clock.wall()));
    let Some(attempt) = begun.find(|attempt| Some(attempt.state()) == state) else {
        debug!("somebody came back from the provider who did not begin here, or too long ago");
        return Ok(to_first_page(&door, Failure::Stale, "", Vec::new()));
    };
    // Whoever makes up codes does not keep the provider busy for those who have one.
    if doubts::are_looked_into(&door, address).is_err() {
        return Ok(to_first_page(&door, Failure::Unavailable, attempt.return_to(), Vec::new()));
    }
    let cookies: Vec<_> = door.sign_in_cookies.clear(&attempt.name()).into_iter().collect();
    let came = CameBack { code, error, issuer: iss };
    let back_to = format!("{}{CALLBACK}", own_address(&door, &headers));
    let SignedIn { somebody, subject, session, issued } = match provider.finish(&attempt, came, &back_to, clock).await {
        Ok(signed_in) => signed_in,
        Err(why) => return Ok(failed(&door, address, &attempt, &why, cookies)),
    };
    let now = clock.wall();
    let (oidc, leeway) = (&door.identity.settings().oidc, door.identity.settings().jwt.leeway);
    let ends = now.plus(oidc.session_max);
    let asker = asker(&somebody, address);
    let note = Note::done(asker.clone(), Deed::SignIn, Some(About::person(&somebody.subject)));
    let begun = Begun {
        somebody,
        came: Came::Provider {
            provider_subject: subject.clone(),
            provider_session: session.clone(),
            provider_issued: Some(issued.0),
        },
        address: address.map(|address| address.to_string()),
        expires: now.plus(oidc.session_idle),
        ends,
    };
    match door.page_sessions.start(begun, Some(note), now).await {
        // It may have signed them out while they came back, when there was no session yet to end.
        Ok(Started { id, .. }) if provider.orders().end(&subject, session.as_deref(), issued, leeway) => {
            let note = Note::done(asker, Deed::SignOut, Some(About::of("session", &id)));
            if let Err(refused) = door.page_sessions.end(vec![id], Some(note)).await {
                debug!(%refused, "a session of which nobody has the cookie is listed until it ends");
            }
            door.tally.not_signed_in("the provider has signed them out meanwhile");
            Ok(to_first_page(&door, Failure::Stale, attempt.return_to(), cookies))
        }
        Ok(Started { secret, .. }) => {
            let mut cookies = cookies;
            cookies.extend(door.cookie.set(&secret, ends, now));
            Ok(SeeOther { to: page(&door, attempt.return_to()), cookies })
        }
        Err(refused) => {
            door.tally.not_signed_in(&refused.to_string());
            Ok(to_first_page(&door, Failure::Unavailable, attempt.return_to(), cookies))
        }
    }
}

/// Who somebody is in the audit.
pub fn asker(somebody: &Somebody, address: Option<IpAddr>) -> Arc<Asker> {
    Asker { subject: somebody.subject.clone(), roles: somebody.roles, address }.into()
}

/// Nobody signed in. Why is told to whoever runs the hub, and to the person in a word.
fn failed(
    door: &Door,
    address: Option<IpAddr>,
    attempt: &Attempt,
    why: &NotSignedIn,
    cookies: Vec<HeaderValue>,
) -> SeeOther {
    door.tally.not_signed_in(&why.to_string());
    match why {
        NotSignedIn::OtherProvider | NotSignedIn::NotBelieved(_) => {
            doubts::was_in_vain(door, address);
            door.audit.not_believed(address, why);
        }
        NotSignedIn::Refused(_) => doubts::was_in_vain(door, address),
        NotSignedIn::NoRole { subject, .. } => door.audit.has_no_role(subject, address, why),
        NotSignedIn::Crowded => {
            door.tally.met(Limit::SignIns, address.map_or_else(String::new, |address| address.to_string()));
        }
        NotSignedIn::Unreachable(_) => {}
    }
    to_first_page(door, why.into(), attempt.return_to(), cookies)
}

fn to_first_page(door: &Door, failure: Failure, return_to: &str, cookies: Vec<HeaderValue>) -> SeeOther {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("failed", failure.word())
        .append_pair("to", return_to)
        .finish();
    SeeOther { to: page(door, &format!("?{query}")), cookies }
}

/// A page of the hub's own.
fn page(door: &Door, relative: &str) -> String {
    format!("{}/{relative}", door.server.base_path())
}

/// Answered 200: not every provider takes another status for done.
async fn end(asked: Asked<(), (), Form<BackChannelLogout>, Anyone>) -> Result<Ok200<Nothing>, Problem> {
    let Asked { door, body: Form(BackChannelLogout { logout_token }), caller: Anyone { address }, .. } = asked;
    let provider = provider(&door)?;
    doubts::are_looked_into(&door, address)?;
    let order = provider.order(&logout_token, door.agents.clock()).await.map_err(|why| {
        if matches!(why, NotSignedIn::NotBelieved(_)) {
            doubts::was_in_vain(&door, address);
        }
        not_heard(&why)
    })?;
    let Logout { subject, session, issued, .. } = &order;
    let now = door.agents.clock().wall();
    let leeway = door.identity.settings().jwt.leeway;
    let key = match (session, subject) {
        (Some(session), _) => Key::ProviderSession(session.clone()),
        (None, subject) => Key::ProviderSubject(subject.clone().unwrap_or_default()),
    };
    let mut ended = Vec::new();
    for id in door.page_sessions.of(&key) {
        let Some(found) = door.page_sessions.find(&id, now) else { continue };
        // What began later, the order does not know of; and a session of this name is somebody's.
        let is_meant =
            found.issued() <= issued.plus(leeway) && subject.as_ref().is_none_or(|subject| found.came.is_of(subject));
        if is_meant {
            ended.push((id, found));
        }
    }
    for (id, found) in ended {
        let asker = Asker { subject: found.subject.clone(), roles: found.roles(), address };
        let note = Note::done(asker.into(), Deed::SignOut, Some(About::of("session", &id)));
        if let Err(refused) = door.page_sessions.end(vec![id], Some(note)).await {
            provider.orders().forget(&order);
            return Err(problem(&refused));
        }
    }
    Ok(Ok200(Nothing {}))
}

fn not_heard(why: &NotSignedIn) -> Problem {
    let code = match why {
        NotSignedIn::Unreachable(_) => Unavailable,
        NotSignedIn::Crowded => return Problem::limited(Limit::SignIns, why.to_string()),
        NotSignedIn::Refused(_)
        | NotSignedIn::OtherProvider
        | NotSignedIn::NotBelieved(_)
        | NotSignedIn::NoRole { .. } => Malformed,
    };
    Problem::new(code, why.to_string())
}

/// Why a session is not kept, or not found.
pub fn problem(refused: &Refused) -> Problem {
    let code = match refused {
        Refused::Unknown => NotFound,
        Refused::TooMany => return Problem::no_more(Limit::Sessions, refused.to_string()),
        Refused::Revoked => Unauthenticated,
        Refused::NotKept(_) => Unavailable,
    };
    Problem::new(code, refused.to_string())
}
