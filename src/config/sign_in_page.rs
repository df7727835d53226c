//! `docs/sign-in.md`, held: its settings, with its tokens, make of somebody what it says.

use std::path::Path;

use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::identity::{AuthMode, Caller, Identity, Keys, LeftOut, Secret};

/// When all tokens of the page are valid.
const THEN: Timestamp = Timestamp(1_785_000_001_000);
const SECRET: &str = "signs in place of the keys of a provider";

/// The blocks of this language in a part of the page, each with the text up to the next block.
fn blocks<'a>(part: &'a str, language: &str) -> Vec<(&'a str, &'a str)> {
    let fence = format!("```{language}\n");
    let found = part.split(&fence).skip(1).filter_map(|rest| rest.split_once("```"));
    found.map(|(block, after)| (block, after.split("```").next().unwrap_or_default())).collect()
}

/// The sentence of the page about somebody.
fn said(caller: &Caller) -> String {
    let name = caller.name.as_ref().map_or_else(|| "without a name".to_owned(), |name| format!("{name:?}"));
    let teams = caller.teams.as_ref().map(|teams| teams.iter().cloned().collect::<Vec<_>>().join(", "));
    let roles = caller.roles.each().map(|role| match role {
        Role::Supervisor => format!("supervisor of {}", teams.clone().unwrap_or_else(|| "every team".to_owned())),
        other => other.as_str().to_owned(),
    });
    format!("The hub sees `{}` ({name}): {}.", caller.subject, roles.collect::<Vec<_>>().join(", "))
}

#[test]
fn the_hub_makes_of_each_providers_token_what_the_page_says() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sign-in.md")).unwrap();
    let people = page.split("\n## ").find(|part| part.starts_with("People sign in")).unwrap();
    let [(all, _), (groups, _)] = blocks(people, "toml")[..] else { panic!("two examples of settings") };
    let (config, warnings) = super::read("people", all, []).unwrap();
    assert_eq!((config.auth.mode, warnings), (AuthMode::Oidc, Vec::new()));
    let (config, _) = super::read("groups", groups, []).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((config.auth.teams.prefix.as_str(), config.auth.teams.left_out), ("presence-team-", LeftOut::None));
    let mut providers = Vec::new();
    for part in page.split("\n## ").skip(1) {
        let (settings, tokens) = (blocks(part, "toml"), blocks(part, "json"));
        let ([(settings, _), more @ ..], [_, ..]) = (&settings[..], &tokens[..]) else { continue };
        let provider = part.lines().next().unwrap();
        for (more, _) in more {
            super::read(provider, more, []).unwrap_or_else(|error| panic!("{provider}: {error}"));
        }
        let (config, warnings) = super::read(provider, settings, []).unwrap();
        assert_eq!(warnings, Vec::<String>::new(), "{provider}");
        let identity = Identity::with(&config.auth, Keys::of_secret(&Secret::from(SECRET.to_owned())).unwrap());
        for (payload, after) in tokens {
            let payload: serde_json::Value = serde_json::from_str(payload).unwrap();
            let key = jsonwebtoken::EncodingKey::from_secret(SECRET.as_bytes());
            let sign = |payload: &serde_json::Value| {
                jsonwebtoken::encode(&jsonwebtoken::Header::default(), payload, &key).unwrap()
            };
            let caller = identity.verify(&sign(&payload), THEN).unwrap_or_else(|error| panic!("{provider}: {error}"));
            let said = said(&caller);
            assert!(after.contains(&said), "{provider}: the page does not say\n{said}\nafter\n{payload:#}");
            // The settings that the page asks for are those that keep others out.
            for claim in ["iss", "aud"] {
                let mut other = payload.clone();
                other[claim] = "https://elsewhere.example".into();
                assert!(identity.verify(&sign(&other), THEN).is_err(), "{provider}: {claim}");
            }
        }
        providers.push(provider.to_owned());
    }
    assert_eq!(providers, ["Entra ID", "Okta", "Keycloak", "Auth0"]);
}
