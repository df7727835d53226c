//! Looks after the keys that tokens are verified with: fetches a key set by its address, and reads files of keys
//! again when they change. What cannot be had, or holds no keys, leaves those of before, and is told.

use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};
use tracing::{info, warn};

use crate::identity::{Identity, KeySources, Keys, MOST_KEY_BYTES, Unusable, read_key_file};
use crate::sign_in::{Asking, Provider};
use crate::telemetry::WithCauses;

/// How often a file of keys is read, to see whether it has changed: soon enough for whoever has just written it.
/// It has some kilobytes, and reading it beats its time of change, which is the same for two writes in one moment
/// and stays when a mounted secret is exchanged.
const READ_EVERY: Duration = Duration::from_secs(2);
/// How soon an address that failed is asked again, if not sooner anyway.
const AGAIN_AFTER: Duration = Duration::from_secs(10);
/// Tokens that name unknown keys have the set fetched at most so often: anybody can make such tokens.
const WANTED_AT_MOST_EVERY: Duration = Duration::from_secs(10);

/// Looks after the keys, for ever; with a provider, after what it says of itself as well.
pub async fn keep_keys(identity: Identity, provider: Option<Provider>) {
    let settings = identity.settings().clone();
    if let Some(provider) = provider {
        return keep_discovering(&identity, &provider, settings.jwt.jwks_refresh).await;
    }
    let sources = KeySources::of(&settings.jwt);
    match (sources, sources.file()) {
        (KeySources::JwksUrl(address), _) => {
            keep_fetching(&identity, &sources, address, settings.jwt.jwks_refresh).await
        }
        (_, Some(file)) => keep_reading(&identity, &sources, file).await,
        (_, None) => std::future::pending().await,
    }
}

async fn keep_fetching(identity: &Identity, sources: &KeySources<'_>, address: &str, every: Duration) {
    let asking = Asking::new();
    let (mut known, mut wanted) = (None, Wanted::default());
    loop {
        let taken = fetch(identity, &asking, sources, address, &mut known).await;
        wanted.pause(identity, taken, every).await;
    }
}

/// The provider's own metadata say where its keys stand.
async fn keep_discovering(identity: &Identity, provider: &Provider, every: Duration) {
    let (mut known, mut wanted) = (None, Wanted::default());
    loop {
        let taken = match provider.discover().await {
            Ok(metadata) => {
                let sources = KeySources::JwksUrl(&metadata.keys);
                fetch(identity, provider.asking(), &sources, &metadata.keys, &mut known).await
            }
            Err(error) => {
                identity.keys().metrics().reads.inc();
                let issuer = identity.settings().oidc.issuer.as_deref().unwrap_or_default();
                fails(identity, issuer, &error);
                Taken::Bad
            }
        };
        wanted.pause(identity, taken, every).await;
    }
}

async fn fetch(
    identity: &Identity,
    asking: &Asking,
    sources: &KeySources<'_>,
    address: &str,
    known: &mut Option<Vec<u8>>,
) -> Taken {
    identity.keys().metrics().reads.inc();
    match asking.get(address, None, MOST_KEY_BYTES).await {
        Ok(bytes) => take(identity, sources, bytes, known),
        Err(error) => {
            fails(identity, address, &error);
            Taken::Bad
        }
    }
}

async fn keep_reading(identity: &Identity, sources: &KeySources<'_>, file: &Path) {
    let mut known = None;
    loop {
        let path = file.to_path_buf();
        match tokio::task::spawn_blocking(move || read_key_file(&path)).await {
            Ok(Ok(bytes)) => _ = take(identity, sources, bytes, &mut known),
            Ok(Err(error)) => fails(identity, &file.display().to_string(), &WithCauses(&error).to_string()),
            Err(error) => fails(identity, &file.display().to_string(), &error.to_string()),
        }
        sleep(READ_EVERY).await;
    }
}

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    /// It holds keys, new ones or those of before.
    Good,
    /// It holds none.
    Bad,
}

/// Takes what was read, unless it is what is `known`, or holds no keys.
fn take(identity: &Identity, sources: &KeySources<'_>, bytes: Vec<u8>, known: &mut Option<Vec<u8>>) -> Taken {
    let ring = identity.keys();
    if known.as_ref() == Some(&bytes) {
        ring.are_as_they_should();
        return Taken::Good;
    }
    match Keys::read(sources, &bytes) {
        Ok(keys) => {
            for passed in keys.passed_over() {
                match passed.why {
                    Unusable::Private => warn!(key = passed.key, why = %passed.why, "a key is passed over"),
                    Unusable::OtherUse | Unusable::Algorithm | Unusable::Length | Unusable::Malformed => {
                        info!(key = passed.key, why = %passed.why, "a key is passed over");
                    }
                }
            }
            info!(keys = keys.len(), "the keys that tokens are verified with were read");
            ring.replace(keys);
            *known = Some(bytes);
            Taken::Good
        }
        Err(error) => {
            fails(identity, &sources.place(), &WithCauses(&error).to_string());
            Taken::Bad
        }
    }
}

/// Tells once what is wrong.
fn fails(identity: &Identity, place: &str, error: &str) {
    let ring = identity.keys();
    if !ring.fails(error) {
        return;
    }
    if ring.now().is_empty() {
        warn!(place, error, "there are no keys to verify tokens with; nobody can come in");
    } else {
        warn!(place, error, "the keys cannot be read again; those of before are kept");
    }
}

/// The wish for newer keys, at a bounded rate.
#[derive(Default)]
struct Wanted {
    last: Option<Instant>,
}

impl Wanted {
    /// Returns when the keys are to be fetched again.
    async fn pause(&mut self, identity: &Identity, taken: Taken, every: Duration) {
        let pause = match taken {
            Taken::Good => every,
            Taken::Bad => every.min(AGAIN_AFTER),
        };
        tokio::select! {
            () = sleep(pause) => {}
            () = self.next(identity) => {}
        }
    }

    /// Returns when newer keys are wanted and may be fetched for it.
    async fn next(&mut self, identity: &Identity) {
        identity.keys().newer_are_wanted().await;
        if let Some(last) = self.last {
            sleep_until(last + WANTED_AT_MOST_EVERY).await;
        }
        self.last = Some(Instant::now());
    }
}
