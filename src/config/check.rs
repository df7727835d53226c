//! Rules between settings.

use std::time::Duration;

use super::doubts::doubts;
use super::node;
use super::reader::{Key, Reader};
use super::settings::{Config, key};
use super::several;
use crate::identity::{AuthMode, KeySources, Keys, PublicUrl, read_key_file};
use crate::telemetry::WithCauses;

/// Remembers every mistake in `reader`, and returns what is allowed and probably not meant.
pub fn check(config: &Config, reader: &mut Reader) -> Vec<String> {
    let mut warnings = Vec::new();
    exposure(config, reader, &mut warnings);
    tls(config, reader);
    keys(config, reader, &mut warnings);
    if config.auth.mode == AuthMode::Oidc && !reader.is_wrong(key!(auth.mode)) {
        provider(config, reader, &mut warnings);
    }
    times(config, reader, &mut warnings);
    node::check(config, reader, &mut warnings);
    warnings.extend(doubts(config, reader));
    warnings
}

/// A certificate is of no use without its key, and without the name that it is for: cookies, links and origins go by that.
fn tls(config: &Config, reader: &mut Reader) {
    let server = &config.server;
    let (missing, other) = match (&server.tls_certificate_file, &server.tls_key_file) {
        (Some(_), None) => (key!(server.tls_key_file), key!(server.tls_certificate_file)),
        (None, Some(_)) => (key!(server.tls_certificate_file), key!(server.tls_key_file)),
        (Some(_), Some(_)) => {
            if !server.public_url.as_ref().is_some_and(PublicUrl::is_https) && !reader.is_wrong(key!(server.public_url))
            {
                reader.wrong(
                    key!(server.public_url),
                    "is needed with TLS: the address over https that people type, such as \"https://presence.example.com\"",
                );
            }
            return;
        }
        (None, None) => return,
    };
    if !reader.is_wrong(missing) && !reader.is_wrong(other) {
        reader.wrong(missing, format!("is needed beside {}: TLS takes both", other.0));
    }
}

/// What would let strangers in is refused unless only this machine can connect.
fn exposure(config: &Config, reader: &mut Reader, warnings: &mut Vec<String>) {
    let server = &config.server;
    if server.test_clock {
        warnings.push("server.test_clock is on: anyone on this machine can move the hub's time".to_owned());
    }
    // With a wrong address nobody knows whether it would have been loopback.
    if server.listen.ip().is_loopback() || reader.is_wrong(key!(server.listen)) {
        return;
    }
    if config.auth.mode == AuthMode::Demo && !reader.is_wrong(key!(auth.mode)) {
        reader.wrong(
            key!(auth.mode),
            format!(
                "demo lets anyone in as anybody, so it needs server.listen on loopback (127.0.0.1), but that is {}; \"oidc\" or \"jwt\" would be right",
                server.listen
            ),
        );
    }
    if server.test_clock {
        reader.wrong(
            key!(server.test_clock),
            format!("needs server.listen on loopback (127.0.0.1), but that is {}; false would be right", server.listen),
        );
    }
    match &server.public_url {
        None => warnings.push(
            "server.public_url is not set: the Host of requests is not checked, and pages of the hub's own origin are refused unless server.allowed_origins names it".to_owned(),
        ),
        Some(url) if !url.is_https() => {
            warnings.push(format!("server.public_url is {url}: tokens and cookies cross the network readable by anyone"));
        }
        Some(_) => {}
    }
}

/// Tokens are verified by one source of keys, so that nobody wonders which.
fn keys(config: &Config, reader: &mut Reader, warnings: &mut Vec<String>) {
    let jwt = &config.auth.jwt;
    let sources = [
        (key!(auth.jwt.hs256_secret), jwt.hs256_secret.is_some()),
        (key!(auth.jwt.hs256_secret_file), jwt.hs256_secret_file.is_some()),
        (key!(auth.jwt.public_key_file), jwt.public_key_file.is_some()),
        (key!(auth.jwt.jwks_file), jwt.jwks_file.is_some()),
        (key!(auth.jwt.jwks_url), jwt.jwks_url.is_some()),
    ];
    let set: Vec<Key> = sources.iter().filter(|(_, is_set)| *is_set).map(|(key, _)| *key).collect();
    if let [first, second, ..] = set[..] {
        reader.wrong(second, format!("only one source of keys can be set, and {} is another", first.0));
        return;
    }
    match config.auth.mode {
        AuthMode::Demo => {
            let signs = [key!(auth.jwt.hs256_secret), key!(auth.jwt.hs256_secret_file)];
            if let Some(file) = set.first().filter(|key| !signs.contains(key)) {
                reader.wrong(
                    *file,
                    "demo signs tokens itself, so a public key has no use; set auth.mode = \"jwt\" or leave this out",
                );
                return;
            }
        }
        AuthMode::Oidc => {
            if let Some(key) = set.first() {
                reader
                    .wrong(*key, "in mode oidc tokens are verified with the keys of auth.oidc.issuer; leave this out");
            }
            return;
        }
        AuthMode::Jwt => {
            if set.is_empty() && !sources.iter().any(|(key, _)| reader.is_wrong(*key)) {
                reader.wrong(
                    key!(auth.mode),
                    "jwt needs the key that tokens are verified with: auth.jwt.jwks_url, auth.jwt.jwks_file, auth.jwt.public_key_file, auth.jwt.hs256_secret_file or auth.jwt.hs256_secret",
                );
                return;
            }
            let is_own = jwt.issuer.is_some() && jwt.audience.is_some();
            if jwt.jwks_url.is_some() && !is_own {
                warnings.push(
                    "auth.jwt.issuer or auth.jwt.audience is not set: what the provider issued for other programs is believed here too".to_owned(),
                );
            }
        }
    }
    if config.auth.roles.all().next().is_none() {
        reader.wrong(key!(auth.roles.admin), "no role has a value, so no token means anything; name one at least");
    }
    if let Some(issuer) = jwt.issuer.as_ref().filter(|issuer| issuer.trim() != issuer.as_str()) {
        reader
            .wrong(key!(auth.jwt.issuer), format!("`{issuer}` begins or ends with a blank, as no token's `iss` does"));
    }
    if let (Some(key), Err(error)) = (set.first(), Keys::load(&KeySources::of(jwt))) {
        reader.wrong(*key, WithCauses(&error).to_string());
    }
}

/// What people need to sign in at a provider.
fn provider(config: &Config, reader: &mut Reader, warnings: &mut Vec<String>) {
    let (server, oidc) = (&config.server, &config.auth.oidc);
    for (key, is_set) in
        [(key!(auth.oidc.issuer), oidc.issuer.is_some()), (key!(auth.oidc.client_id), oidc.client_id.is_some())]
    {
        if !is_set && !reader.is_wrong(key) {
            reader.wrong(key, "is needed in mode oidc; the provider says it where the hub is registered as a client");
        }
    }
    if !oidc.scopes.iter().any(|scope| scope == "openid") {
        reader
            .wrong(key!(auth.oidc.scopes), "needs \"openid\" among them, without which no provider says who signed in");
    }
    if oidc.client_secret.is_some() && oidc.client_secret_file.is_some() {
        reader.wrong(key!(auth.oidc.client_secret_file), "is one of two: auth.oidc.client_secret is set as well");
    } else if let Some(Err(error)) = oidc.client_secret_file.as_ref().map(|file| read_key_file(file)) {
        reader.wrong(key!(auth.oidc.client_secret_file), WithCauses(&error).to_string());
    }
    if oidc.session_idle > oidc.session_max && !reader.is_wrong(key!(auth.oidc.session_max)) {
        reader.wrong(key!(auth.oidc.session_idle), "needs to be at most auth.oidc.session_max");
    }
    if server.public_url.is_none() && !server.listen.ip().is_loopback() && !reader.is_wrong(key!(server.public_url)) {
        reader.wrong(
            key!(server.public_url),
            "is needed in mode oidc: the provider sends people back to <server.public_url>/sign-in/callback",
        );
    }
    if config.auth.jwt.audience.is_none() && config.auth.jwt.issuer.is_some() {
        warnings.push(
            "auth.jwt.issuer is set without auth.jwt.audience: in mode oidc no token of a program is believed"
                .to_owned(),
        );
    }
}

fn times(config: &Config, reader: &mut Reader, warnings: &mut Vec<String>) {
    let sessions = &config.sessions;
    if sessions.ping_timeout <= sessions.ping_interval && !reader.is_wrong(key!(sessions.ping_interval)) {
        reader.wrong(
            key!(sessions.ping_timeout),
            format!(
                "needs to be longer than sessions.ping_interval, which is {:?}; twice as long lets one pong be lost",
                sessions.ping_interval
            ),
        );
    }
    let history = &config.history;
    if history.keep.is_some_and(|keep| history.log.is_none_or(|log| log > keep)) && !reader.is_wrong(key!(history.keep))
    {
        reader.wrong(
            key!(history.log),
            "needs to be at most history.keep: the log would still say what the history is to have forgotten",
        );
    }
    warnings.extend(several::doubt(config));
    let policy = &config.presence;
    if policy.restore_window < policy.refresh_grace {
        warnings.push(
            "presence.restore_window is shorter than presence.refresh_grace: a page that reloads slowly is back only after its status was given up"
                .to_owned(),
        );
    }
    if policy.restart_grace == Duration::ZERO {
        warnings
            .push("presence.restart_grace is zero: every restart of the hub shows all its agents Offline".to_owned());
    }
}
