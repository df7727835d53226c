//! What comes from outside, byte by byte, as a fuzzer gives it: each function takes what nobody has looked at yet, and
//! panics if what the hub promises of it does not hold. `fuzz/` feeds them with what libFuzzer makes up; the tests here
//! with what it found worth keeping (`fuzz/corpus`), and with the golden files of the wire.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::LazyLock;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use bytes::Bytes;
use futures::executor::block_on;
use serde_json::Value;

use super::address::Whereabouts;
use super::caller::{host, origin};
use super::csv::Records;
use super::head::{Head, Kind};
use super::http::{Precondition, preferred};
use super::items::Items;
use super::requests::read;
use crate::config;
use crate::domain::agent::Agent;
use crate::domain::directory::Directory;
use crate::domain::ids::AgentId;
use crate::domain::record::AgentRecord;
use crate::domain::time::Timestamp;
use crate::engine::stored;
use crate::feed::{Matcher, Scope};
use crate::identity::{self, AuthMode, AuthSettings, Identity, KeySources, Keys, Origins, Secret, SessionCookie};
use crate::sessions::Peer;
use crate::wire::event::AssignmentEvent;
use crate::wire::problem::Problem;
use crate::wire::shapes::{
    Authenticate, Filter, ResetAgentPresence, SetAgentPresence, SetPresence, SignOutAgent, Unwatch, Watch,
};
use crate::wire::{json, parse};

/// What a refusal says at most, in bytes. It repeats a hundred characters of what was sent, each perhaps escaped, and
/// names what would be right.
const MOST_SAID: usize = 4_096;

/// A target of the fuzzer: its name, which is that of its corpus, and what is done with the bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 9] = [
    ("frames", frame),
    ("events", events),
    ("heads", head),
    ("filters", filter),
    ("settings", settings),
    ("tokens", token),
    ("keys", keys),
    ("entries", entry),
    ("tables", table),
];

/// A text frame of a socket, from whoever may ask for anything.
///
/// # Panics
/// A promise does not hold.
pub fn frame(bytes: &[u8]) {
    // The WebSocket library refuses what is no UTF-8.
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let text = Bytes::copy_from_slice(text.as_bytes());
    let head = match Head::of(&text) {
        Ok(head) => head,
        Err(refused) => return is_a_sentence(&refused.problem),
    };
    let understood = match head.kind {
        Kind::SetPresence => read::<SetPresence>(&text).and_then(|set| Ok(parse::choice(&set).map(drop)?)),
        Kind::SetAgentPresence => {
            read::<SetAgentPresence>(&text).and_then(|set| Ok(parse::choice(&set.choice).map(drop)?))
        }
        Kind::ResetAgentPresence => read::<ResetAgentPresence>(&text).map(drop),
        Kind::SignOutAgent => read::<SignOutAgent>(&text).map(drop),
        Kind::Watch => read::<Watch>(&text).map(|watch| chooses(watch.filter)),
        Kind::Unwatch => read::<Unwatch>(&text).map(drop),
        Kind::Authenticate => {
            read::<Authenticate>(&text).map(|asked| token(asked.token.unwrap_or_default().as_bytes()))
        }
        Kind::Events => {
            head.events.iter().for_each(|list| events(list));
            Ok(())
        }
        Kind::ResetPresence | Kind::Refreshing | Kind::SignOut | Kind::Awake => Ok(()),
    };
    if let Err(problem) = understood {
        is_a_sentence(&problem);
    }
}

/// A list of assignment events, or one.
///
/// # Panics
/// A promise does not hold.
pub fn events(bytes: &[u8]) {
    let one = |event: &Value| {
        if let Err(malformed) = AssignmentEvent::parse(event) {
            is_a_sentence(&malformed.problem);
        }
    };
    let Some(mut items) = Items::of_array(bytes) else {
        if let Ok(event) = serde_json::from_slice(bytes) {
            one(&event);
        }
        return;
    };
    loop {
        match block_on(items.next::<Value>()) {
            Ok(Some(event)) => one(&event),
            Ok(None) => return,
            Err(problem) => return is_a_sentence(&problem),
        }
    }
}

/// The query and the headers of a request, as lines; the library has parsed them before.
///
/// # Panics
/// A promise does not hold.
pub fn head(bytes: &[u8]) {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let query = lines.next().unwrap_or_default();
    let mut headers = HeaderMap::new();
    for line in lines.take(100) {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let (name, value) = (&line[..colon], &line[colon + 1..]);
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
            headers.append(name, value);
        }
    }
    if let Ok(query) = std::str::from_utf8(query)
        && let Err(problem) = json::read_query::<Filter>(query)
    {
        is_a_sentence(&problem);
    }
    if let Ok(shown) = identity::credentials(&headers, &SessionCookie::of(None)) {
        let another = identity::Credentials { token: String::new(), ..shown.clone() };
        assert_eq!(format!("{shown:?}"), format!("{another:?}"), "a token is never printed");
        token(shown.token.as_bytes());
    }
    let echoed = identity::sub_protocol(&headers).ok().and_then(identity::SubProtocol::name);
    assert!(echoed.is_none() || headers.contains_key(header::SEC_WEBSOCKET_PROTOCOL), "it was offered");
    let proxy = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let whereabouts = Whereabouts::of(Some(Peer::At(proxy)), &headers, &[proxy.into()]);
    assert!(whereabouts.network.is_none() || whereabouts.address.is_some(), "a network is that of an address");
    let own = Origins::new((proxy, 8_080).into(), None, Vec::new());
    if let Some(origin) = origin(&headers) {
        let allowed = own.allows(origin, host(&headers));
        assert!(!allowed || origin.contains("127.0.0.1") || origin.contains("localhost") || origin.contains("[::1]"));
    }
    let expected = Precondition::of(&headers);
    assert!(expected.check(Some("\"a\"")).is_ok() || expected != Precondition::default());
    assert!(["json", "csv"].contains(&preferred(&headers, header::ACCEPT, &["json", "csv"])));
}

/// A filter of a watch, or of a list.
///
/// # Panics
/// A promise does not hold.
pub fn filter(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    match json::read::<Filter>(&value) {
        Ok(filter) => chooses(filter),
        Err(problem) => is_a_sentence(&problem),
    }
}

/// The text of `config.toml`.
///
/// # Panics
/// A promise does not hold.
pub fn settings(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Err(mistakes) = config::read("config.toml", text, []) {
        assert!(!mistakes.to_string().is_empty(), "a mistake is named");
    }
}

/// A token. No key here has signed any.
///
/// # Panics
/// It is believed.
pub fn token(bytes: &[u8]) {
    static HUB: LazyLock<Identity> = LazyLock::new(|| {
        let keys = Keys::of_secret(&Secret::from("nobody who makes up a token knows this".to_owned()));
        let settings = AuthSettings { mode: AuthMode::Jwt, ..AuthSettings::default() };
        Identity::with(&settings, keys.unwrap_or_else(|_| unreachable!("it is long enough")))
    });
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match HUB.verify(text, Timestamp(1_785_000_000_000)) {
        Ok(caller) => panic!("a token that nobody signed is believed: {caller:?}"),
        Err(error) => is_a_sentence(&error.into()),
    }
}

/// A key set of an identity provider.
///
/// # Panics
/// A promise does not hold.
pub fn keys(bytes: &[u8]) {
    if let Ok(keys) = Keys::read(&KeySources::JwksUrl("https://provider.example"), bytes) {
        assert!(!keys.is_empty(), "a set that verifies nothing is none");
    }
}

/// An entry of the log, as it is stored.
///
/// # Panics
/// What can be read is not read again as it was.
pub fn entry(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(entry) = stored::decode(text) else { return };
    let again = stored::decode(&stored::encode_whole(&entry));
    assert!(again.is_ok_and(|again| again == entry), "what is kept is what was kept: {text}");
}

/// A table of plans.
///
/// # Panics
/// A promise does not hold.
pub fn table(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (mut records, mut line) = (Records::of(text), 0);
    while let Ok(Some(record)) = records.next() {
        assert!(record.line > line && !record.cells.is_empty(), "each stands behind the one before");
        line = record.line;
    }
}

fn chooses(filter: Filter) {
    let directory = Directory::default();
    let Ok(matcher) = Matcher::of(filter.clone(), Scope::All, &directory) else { return };
    let again = Matcher::of(filter, Scope::All, &directory);
    assert_eq!(Some(matcher.name()), again.ok().map(|again| again.name()), "a choice is called the same");
    if let Ok(id) = AgentId::new("a17") {
        let ada = Agent::unborn(AgentRecord::new(id, "Ada"), Timestamp(0));
        let chosen = matcher.matches(&ada, &directory);
        assert_eq!(chosen, matcher.matches(&ada, &directory), "whom it chooses");
    }
}

fn is_a_sentence(problem: &Problem) {
    let said = &problem.detail;
    assert!(!said.is_empty() && said.len() <= MOST_SAID, "{} bytes are said", said.len());
    assert!(!said.contains("eyJ"), "no token is repeated: {said}");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::ffi::OsString;
    use std::path::Path;

    use super::*;

    /// What the files of a folder hold.
    fn files(folder: &Path) -> Vec<Vec<u8>> {
        let all = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        all.filter(|path| path.is_file()).map(|path| std::fs::read(path).unwrap()).collect()
    }

    #[test]
    fn each_target_has_a_program_of_the_fuzzer() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
        let programs = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let programs: BTreeSet<_> = programs.map(|path| path.file_stem().unwrap().to_owned()).collect();
        assert_eq!(programs, TARGETS.iter().map(|(name, _)| OsString::from(name)).collect());
    }

    #[test]
    fn what_the_fuzzer_found_worth_keeping_keeps_every_promise() {
        for (name, target) in TARGETS {
            let corpus = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name));
            assert!(corpus.len() > 10, "the corpus of {name} has {} files", corpus.len());
            corpus.iter().for_each(|bytes| target(bytes));
        }
    }

    #[test]
    fn what_goes_over_the_wire_keeps_every_promise_of_every_target() {
        let golden = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire"));
        assert!(golden.len() > 50);
        for bytes in golden {
            TARGETS.iter().for_each(|(_, target)| target(&bytes));
        }
    }
}
