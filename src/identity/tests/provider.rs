//! Tokens of a provider that are for the hub itself.

use std::collections::BTreeSet;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::super::*;
use super::tokens::{NOW, bytes, testdata};

const ISSUER: &str = "https://login.example.com";
const CLIENT: &str = "hub";
const NONCE: &str = "n-0S6_WzA2Mj";
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A hub whose people sign in at a provider, with the key of that provider.
fn hub(jwt: JwtSettings) -> Identity {
    hub_with(jwt, TeamValues::default())
}

fn hub_with(jwt: JwtSettings, teams: TeamValues) -> Identity {
    let key = JwtSettings { public_key_file: Some(testdata("rsa.public.pem")), ..JwtSettings::default() };
    let keys = Keys::load(&KeySources::of(&key)).unwrap();
    let oidc =
        OidcSettings { issuer: Some(ISSUER.to_owned()), client_id: Some(CLIENT.to_owned()), ..OidcSettings::default() };
    Identity::with(&AuthSettings { mode: AuthMode::Oidc, jwt, oidc, teams, ..AuthSettings::default() }, keys)
}

fn seconds(from_now: i64) -> Value {
    json!(NOW.0 / 1_000 + from_now)
}

fn signed(claims: &Value, typ: Option<&str>) -> String {
    let key = EncodingKey::from_rsa_pem(&bytes("rsa.private.pem")).unwrap();
    encode(&Header { typ: typ.map(str::to_owned), ..Header::new(Algorithm::RS256) }, claims, &key).unwrap()
}

fn id_claims() -> Value {
    json!({ "iss": ISSUER, "aud": CLIENT, "sub": "p-ada", "nonce": NONCE, "roles": ["agent"],
        "iat": seconds(-1), "exp": seconds(60) })
}

fn logout_claims() -> Value {
    json!({ "iss": ISSUER, "aud": CLIENT, "sub": "p-ada", "sid": "s1", "jti": "l1", "iat": seconds(-1),
        "exp": seconds(60), "events": { EVENT: {} } })
}

/// The claims with this one so; without it if that is null.
fn but(mut claims: Value, name: &str, value: Value) -> Value {
    if value.is_null() {
        claims.as_object_mut().unwrap().remove(name);
    } else {
        claims[name] = value;
    }
    claims
}

#[test]
fn an_id_token_is_believed_if_it_was_made_for_this_client_and_this_sign_in() {
    let identity = hub(JwtSettings::default());
    let verdict = |claims: &Value| identity.id_token(&signed(claims, Some("JWT")), NONCE, NOW).map(drop);
    let right = [
        id_claims(),
        but(id_claims(), "azp", json!(CLIENT)),
        but(but(id_claims(), "aud", json!([CLIENT, "other"])), "azp", json!(CLIENT)),
        but(id_claims(), "aud", json!([CLIENT])),
        but(id_claims(), "exp", seconds(-4)),
        but(id_claims(), "iat", seconds(5)),
    ];
    for claims in right {
        assert_eq!(verdict(&claims), Ok(()), "{claims}");
    }
    let token = |error: CredentialError| ProviderTokenError::Token(error);
    for (claims, wrong) in [
        (but(id_claims(), "iss", json!("https://login.example.com/")), token(CredentialError::Issuer)),
        (but(id_claims(), "iss", Value::Null), token(CredentialError::Issuer)),
        (but(id_claims(), "aud", json!("other")), token(CredentialError::Audience)),
        (but(id_claims(), "aud", json!(["other"])), token(CredentialError::Audience)),
        (but(id_claims(), "aud", json!([CLIENT, "other"])), ProviderTokenError::AuthorizedParty),
        (but(id_claims(), "azp", json!("other")), ProviderTokenError::AuthorizedParty),
        (but(id_claims(), "nonce", json!("another")), ProviderTokenError::Nonce),
        (but(id_claims(), "nonce", Value::Null), ProviderTokenError::Nonce),
        (but(id_claims(), "exp", seconds(-5)), token(CredentialError::Expired)),
        (but(id_claims(), "exp", Value::Null), ProviderTokenError::Without("exp")),
        (but(id_claims(), "nbf", seconds(6)), token(CredentialError::NotYet)),
        (but(id_claims(), "iat", seconds(6)), ProviderTokenError::Issued),
        (but(id_claims(), "iat", Value::Null), ProviderTokenError::Issued),
        (but(id_claims(), "sub", Value::Null), ProviderTokenError::Without("sub")),
    ] {
        assert_eq!(verdict(&claims), Err(wrong), "{claims}");
    }
    for typ in ["logout+jwt", "at+jwt"] {
        let other = identity.id_token(&signed(&id_claims(), Some(typ)), NONCE, NOW);
        assert_eq!(other.map(drop), Err(token(CredentialError::Type)), "{typ}");
    }
    let secret = EncodingKey::from_secret(&bytes("rsa.public.pem"));
    let forged = encode(&Header::new(Algorithm::HS256), &id_claims(), &secret).unwrap();
    assert_eq!(identity.id_token(&forged, NONCE, NOW).map(drop), Err(token(CredentialError::Signature)));
}

#[test]
fn a_logout_token_says_whose_sessions_end_and_is_nothing_else() {
    let identity = hub(JwtSettings::default());
    let verdict = |claims: &Value| identity.logout_token(&signed(claims, Some("logout+jwt")), NOW);
    let logout = verdict(&logout_claims()).unwrap();
    assert_eq!((logout.subject.as_deref(), logout.session.as_deref()), (Some("p-ada"), Some("s1")));
    assert_eq!(verdict(&but(logout_claims(), "sub", Value::Null)).unwrap().subject, None);
    assert_eq!(verdict(&but(logout_claims(), "exp", Value::Null)).unwrap().until.0, NOW.0 - 1_000 + 305_000);
    let neither = but(but(logout_claims(), "sub", Value::Null), "sid", Value::Null);
    for (claims, wrong) in [
        (but(logout_claims(), "nonce", json!(NONCE)), ProviderTokenError::NoLogout),
        (but(logout_claims(), "events", Value::Null), ProviderTokenError::NoLogout),
        (but(logout_claims(), "events", json!({ EVENT: true })), ProviderTokenError::NoLogout),
        (but(logout_claims(), "events", json!({ "https://example.com/event": {} })), ProviderTokenError::NoLogout),
        (but(logout_claims(), "jti", Value::Null), ProviderTokenError::Without("jti")),
        (neither, ProviderTokenError::Without("sub")),
        (but(logout_claims(), "aud", json!("other")), CredentialError::Audience.into()),
        (but(logout_claims(), "iss", json!("other")), CredentialError::Issuer.into()),
        (but(logout_claims(), "exp", seconds(-5)), CredentialError::Expired.into()),
        (but(logout_claims(), "iat", seconds(6)), ProviderTokenError::Issued),
        (but(but(logout_claims(), "exp", Value::Null), "iat", seconds(-306)), CredentialError::Expired.into()),
        (id_claims(), ProviderTokenError::NoLogout),
    ] {
        assert_eq!(verdict(&claims), Err(wrong), "{claims}");
    }
}

#[test]
fn programs_show_tokens_of_the_provider_if_they_are_meant_for_the_hub_and_id_tokens_are_not() {
    let access =
        json!({ "iss": ISSUER, "aud": "api://hub", "sub": "crm", "roles": ["integration"], "exp": seconds(60) });
    let verdict = |jwt: JwtSettings, claims: &Value| {
        hub(jwt).verify(&signed(claims, Some("at+jwt")), NOW).map(|caller| caller.subject)
    };
    assert_eq!(verdict(JwtSettings::default(), &access), Err(CredentialError::NoTokens));
    let with = |audience: &str| JwtSettings { audience: Some(audience.to_owned()), ..JwtSettings::default() };
    assert_eq!(verdict(with("api://hub"), &access), Ok("crm".to_owned()));
    assert_eq!(verdict(with("api://hub"), &but(access.clone(), "iss", json!("other"))), Err(CredentialError::Issuer));
    let older = JwtSettings { issuer: Some("https://sts.example.com".to_owned()), ..with("api://hub") };
    assert_eq!(verdict(older, &but(access, "iss", json!("https://sts.example.com"))), Ok("crm".to_owned()));
    assert_eq!(verdict(with(CLIENT), &id_claims()), Err(CredentialError::Type), "even with one audience for both");
}

fn groups() -> JwtSettings {
    JwtSettings { teams_claim: Claim::parse("groups").unwrap(), ..JwtSettings::default() }
}

/// The teams that somebody of these groups is limited to, in one line.
fn teams_of(values: TeamValues, groups_of: Value) -> Option<String> {
    let claims = but(id_claims(), "groups", groups_of);
    let somebody = hub_with(groups(), values).somebody(claims.as_object().unwrap()).unwrap();
    somebody.teams.map(|teams| teams.into_iter().collect::<Vec<_>>().join(" "))
}

#[test]
fn groups_may_be_called_otherwise_than_teams_and_some_may_mean_every_team() {
    let named = |value: &str, team: &str| NamedTeam { value: value.to_owned(), team: team.to_owned() };
    let values = || TeamValues {
        named: vec![named("5f6e", "billing"), named("7a8b", "sales"), named("9c0d", "billing")],
        every: vec!["e1e1".to_owned()],
        left_out: LeftOut::None,
        ..TeamValues::default()
    };
    assert_eq!(teams_of(values(), json!(["5f6e", "9c0d", "other"])).as_deref(), Some("billing"));
    assert_eq!(teams_of(values(), json!(["other"])).as_deref(), Some(""), "no team, rather than one that is called so");
    assert_eq!(teams_of(values(), json!(["5f6e", "e1e1"])), None, "not limited");
    assert_eq!(teams_of(values(), Value::Null).as_deref(), Some(""), "in no group");
    let prefixed = TeamValues { prefix: "team-".to_owned(), ..values() };
    assert_eq!(teams_of(prefixed, json!(["7a8b", "team-it", "it"])).as_deref(), Some("it sales"));
}

#[test]
fn groups_that_the_provider_does_not_list_because_they_are_many_limit_nobody_to_everything() {
    let overage = json!({ "groups": "src1" });
    let whole = but(id_claims(), "_claim_names", overage.clone());
    let verdict = |claims: &Value| hub(groups()).somebody(claims.as_object().unwrap()).map(|somebody| somebody.teams);
    let refused = Err(CredentialError::TooMany(Claim::parse("groups").unwrap()));
    assert_eq!(verdict(&whole), refused);
    assert_eq!(verdict(&but(id_claims(), "hasgroups", json!(true))), refused);
    assert_eq!(verdict(&but(id_claims(), "hasgroups", json!(false))), Ok(None));
    assert_eq!(verdict(&but(id_claims(), "_claim_names", json!({ "other": "src1" }))), Ok(None));
    assert_eq!(verdict(&but(whole, "groups", json!([]))), Ok(Some(BTreeSet::new())), "somebody asked for them");
}

#[test]
fn teams_may_be_the_groups_that_begin_so() {
    let teams = |prefix: &str, groups: Value| {
        teams_of(TeamValues { prefix: prefix.to_owned(), ..TeamValues::default() }, groups)
    };
    let groups = json!(["staff", "team-billing", "team-", "team-sales"]);
    assert_eq!(teams("team-", groups.clone()).as_deref(), Some("billing sales"));
    assert_eq!(teams("other-", groups.clone()).as_deref(), Some(""), "nobody is seen, rather than everybody");
    assert_eq!(teams("", groups).as_deref(), Some("staff team- team-billing team-sales"));
    assert_eq!(teams("team-", Value::Null), None);
}
