use std::path::{Path, PathBuf};

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::super::*;
use crate::domain::time::Timestamp;

pub(super) const NOW: Timestamp = Timestamp(1_000_000_000);
pub(super) const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// Keys that were made for these tests and open nothing.
pub(super) fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/identity/testdata").join(name)
}

pub(super) fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(testdata(name)).unwrap()
}

pub(super) fn secret() -> Secret {
    Secret::from(SECRET.to_owned())
}

pub(super) fn hub(jwt: JwtSettings) -> Identity {
    Identity::open(&AuthSettings { mode: AuthMode::Jwt, jwt, ..AuthSettings::default() }, Path::new("/nowhere"))
        .unwrap()
}

pub(super) fn shared() -> JwtSettings {
    JwtSettings { hs256_secret: Some(secret()), ..JwtSettings::default() }
}

pub(super) fn public(name: &str) -> JwtSettings {
    JwtSettings { public_key_file: Some(testdata(name)), ..JwtSettings::default() }
}

pub(super) fn payload() -> Value {
    json!({"sub": "a17", "roles": ["agent"], "exp": NOW.0 / 1_000 + 60})
}

fn with(field: &str, value: Value) -> Value {
    let mut claims = payload();
    claims[field] = value;
    claims
}

fn without(field: &str) -> Value {
    let mut claims = payload();
    claims.as_object_mut().unwrap().remove(field);
    claims
}

pub(super) fn signed(claims: &Value) -> String {
    encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()
}

pub(super) fn verdict(jwt: JwtSettings, token: &str) -> Result<(), CredentialError> {
    hub(jwt).verify(token, NOW).map(|_| ())
}

#[test]
fn a_token_says_who_is_asking() {
    let claims = json!({"sub": "a17", "roles": ["supervisor", "agent", "offline_access"], "teams": ["billing"],
        "name": "Ada", "exp": 1_000_060.5, "jti": "t1", "more": {"of": "this"}});
    let caller = hub(shared()).verify(&signed(&claims), NOW).unwrap();
    assert_eq!(caller.subject, "a17");
    assert_eq!(caller.roles, [Role::Agent, Role::Supervisor].into());
    assert_eq!(caller.teams, Some(["billing".to_owned()].into()));
    assert_eq!(caller.name.as_deref(), Some("Ada"));
    assert_eq!(caller.expires, Timestamp(1_000_060_500));
    assert_eq!(caller.valid_until, Timestamp(1_000_065_500));
    assert_eq!(caller.token_id, "t1");
}

#[test]
fn what_the_hub_issues_it_believes() {
    let identity = hub(shared());
    let claims = Claims {
        teams: Some(vec!["x".to_owned()]),
        ..Claims::new("sam", [Role::Supervisor], Timestamp(NOW.0 + 60_000))
    };
    let caller = identity.verify(&identity.issue(&claims).unwrap(), NOW).unwrap();
    assert_eq!((caller.subject.as_str(), caller.expires), ("sam", Timestamp(NOW.0 + 60_000)));
    assert_eq!(Some(caller.token_id), claims.jti);
}

#[test]
fn time_is_the_hubs_own_and_has_a_little_leeway() {
    let identity = hub(shared());
    let token = signed(&payload());
    assert!(identity.verify(&token, Timestamp(NOW.0 + 64_999)).is_ok());
    assert_eq!(identity.verify(&token, Timestamp(NOW.0 + 65_000)), Err(CredentialError::Expired));
    let early = |seconds| verdict(shared(), &signed(&with("nbf", json!(NOW.0 / 1_000 + seconds))));
    assert_eq!(early(5), Ok(()));
    assert_eq!(early(6), Err(CredentialError::NotYet));
}

#[test]
fn what_is_no_token_is_malformed() {
    for text in ["", "x", "a.b.c", "....", &"x".repeat(20_000)] {
        assert_eq!(verdict(shared(), text), Err(CredentialError::Malformed), "{text:.20}");
    }
    for claims in [without("exp"), with("exp", json!("soon")), with("exp", json!(null)), with("nbf", json!("soon"))] {
        assert_eq!(verdict(shared(), &signed(&claims)), Err(CredentialError::Malformed), "{claims}");
    }
    let nobody = [json!(""), json!("a\nb"), json!("a\u{202e}b"), json!("x".repeat(257)), json!(17), json!(null)]
        .map(|sub| with("sub", sub));
    for claims in nobody.into_iter().chain([without("sub")]) {
        assert!(matches!(verdict(shared(), &signed(&claims)), Err(CredentialError::Subject(_))), "{claims}");
    }
    for teams in [json!(7), json!(["x", 7]), json!({"x": true})] {
        assert!(matches!(verdict(shared(), &signed(&with("teams", teams))), Err(CredentialError::Teams(_))));
    }
}

#[test]
fn a_token_whose_roles_mean_nothing_here_is_refused_with_what_would_be_right() {
    let refused = |claims: &Value| verdict(shared(), &signed(claims)).unwrap_err();
    for claims in
        [without("roles"), with("roles", json!([])), with("roles", json!(["Agent", 7])), with("roles", json!(7))]
    {
        let error = refused(&claims);
        assert_eq!(error.means(), Doubt::MayNothing, "{claims}");
        assert_eq!(
            error.to_string(),
            "the token gives no role here: its claim `roles` needs one of \"agent\", \"supervisor\", \
             \"observer\", \"analyst\", \"integration\", \"auditor\", \"admin\""
        );
    }
    // Who is not believed is told nothing of roles.
    assert_eq!(refused(&json!({"sub": "a17", "exp": 1})), CredentialError::Expired);
}

#[test]
fn claims_and_the_values_of_roles_are_those_that_are_set() {
    let claim = |text: &str| Claim::parse(text).unwrap();
    let jwt = JwtSettings {
        subject_claim: claim("oid"),
        roles_claim: claim("realm_access.roles"),
        teams_claim: claim("https://example.com/teams"),
        name_claim: claim("profile.name"),
        ..shared()
    };
    let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    let roles = RoleValues {
        agent: values(&["Presence.Agent", "takes work"]),
        supervisor: values(&["leads", "takes work"]),
        admin: vec![],
        ..RoleValues::default()
    };
    let settings = AuthSettings { mode: AuthMode::Jwt, jwt, roles, ..AuthSettings::default() };
    let hub = |settings: &AuthSettings| Identity::with(settings, Keys::of_secret(&secret()).unwrap());
    let claims = |roles: Value| {
        json!({"sub": "pairwise", "oid": "a17", "exp": NOW.0 / 1_000 + 60, "roles": ["admin"], "realm_access":
            {"roles": roles}, "https://example.com/teams": "billing", "profile": {"name": "Ada"}})
    };
    let caller = |roles| hub(&settings).verify(&signed(&claims(roles)), NOW);
    let ada = caller(json!(["offline_access", "Presence.Agent"])).unwrap();
    assert_eq!((ada.subject.as_str(), ada.name.as_deref()), ("a17", Some("Ada")));
    assert_eq!((ada.roles, ada.teams), ([Role::Agent].into(), Some(["billing".to_owned()].into())));
    // One text is one value, whatever spaces it has.
    assert_eq!(caller(json!("takes work")).unwrap().roles, [Role::Agent, Role::Supervisor].into());
    for roles in [json!("leads agent"), json!(["agent", "admin"]), json!("takes"), json!(null)] {
        let message = caller(roles).unwrap_err().to_string();
        assert!(message.contains("its claim `realm_access.roles` needs one of \"Presence.Agent\""), "{message}");
    }
    // What the hub issues it believes, whatever is set.
    let issued =
        Claims { name: Some("Sue".to_owned()), ..Claims::new("sue", [Role::Supervisor], NOW.plus(DEMO_TOKEN_LIFE)) };
    let sue = hub(&settings).verify(&hub(&settings).issue(&issued).unwrap(), NOW).unwrap();
    assert_eq!((sue.roles, sue.name.as_deref()), ([Role::Supervisor].into(), Some("Sue")));
}

#[test]
fn a_scope_is_a_list_that_spaces_part() {
    let jwt = JwtSettings { roles_claim: Claim::parse("scp").unwrap(), ..shared() };
    let roles = |scp: Value| hub(jwt.clone()).verify(&signed(&with("scp", scp)), NOW).map(|caller| caller.roles);
    assert_eq!(roles(json!("openid agent  admin")), Ok([Role::Agent, Role::Admin].into()));
    assert_eq!(roles(json!(["openid", "agent"])), Ok([Role::Agent].into()));
    assert!(roles(json!("openid")).is_err());
    let issued = Claims::new("root", [Role::Admin, Role::Agent], NOW.plus(DEMO_TOKEN_LIFE));
    let hub = hub(jwt);
    assert_eq!(hub.verify(&hub.issue(&issued).unwrap(), NOW).unwrap().roles, [Role::Agent, Role::Admin].into());
}

/// A token with exactly this header and this payload, signed rightly.
fn as_written(header: &str, payload: &str) -> String {
    use base64::Engine as _;
    let base64 = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    let signed = format!("{}.{}", base64(header), base64(payload));
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &key, Algorithm::HS256).unwrap();
    format!("{signed}.{signature}")
}

#[test]
fn what_a_header_asks_for_or_points_to_is_not_followed() {
    let payload = payload().to_string();
    let said = |more: &str| verdict(shared(), &as_written(&format!(r#"{{"alg":"HS256"{more}}}"#), &payload));
    for fine in ["", r#","typ":"JWT""#, r#","typ":"at+jwt""#, r#","typ":"application/at+JWT""#, r#","kid":"any""#] {
        assert_eq!(said(fine), Ok(()), "{fine}");
    }
    for crit in ["[]", r#"["exp"]"#, r#"["b64"],"b64":false"#, "null", r#""exp""#] {
        assert_eq!(said(&format!(r#","crit":{crit}"#)), Err(CredentialError::Critical), "{crit}");
    }
    for typ in ["logout+jwt", "dpop+jwt", "secevent+jwt"] {
        assert_eq!(said(&format!(r#","typ":"{typ}""#)), Err(CredentialError::Type), "{typ}");
    }
    for odd in [r#","alg":"HS256""#, r#","kid":"a","kid":"b""#, r#","kid":7"#, r#","kid":null"#, r#","typ":["JWT"]"#] {
        assert_eq!(said(odd), Err(CredentialError::Malformed), "{odd}");
    }
    // Keys that a token brings along, or says where to fetch, are nobody's.
    let other = EncodingKey::from_secret(&[7; 32]);
    let mut header = Header::new(Algorithm::HS256);
    header.jku = Some("http://127.0.0.1:9/keys.json".to_owned());
    header.x5u = header.jku.clone();
    assert_eq!(said(r#","jku":"http://127.0.0.1:9/k","x5u":"http://127.0.0.1:9/x""#), Ok(()));
    assert_eq!(verdict(shared(), &encode(&header, &self::payload(), &other).unwrap()), Err(CredentialError::Signature));
}

#[test]
fn a_name_that_is_said_twice_is_no_token() {
    let exp = NOW.0 / 1_000 + 60;
    let said = |payload: &str| verdict(shared(), &as_written(r#"{"alg":"HS256"}"#, payload));
    assert_eq!(said(&format!(r#"{{"sub":"a","roles":["agent"],"exp":{exp}}}"#)), Ok(()));
    for twice in [
        format!(r#"{{"sub":"a","sub":"b","roles":["agent"],"exp":{exp}}}"#),
        format!(r#"{{"sub":"a","roles":["agent"],"exp":{exp},"roles":["admin"]}}"#),
        format!(r#"{{"sub":"a","roles":["agent"],"exp":{exp},"x":[{{"y":1,"y":1}}]}}"#),
        format!(r#"{{"sub":"a","roles":["agent"],"exp":{exp},"ex\u0070":{exp}}}"#),
        "[]".to_owned(),
        "{".repeat(5_000),
    ] {
        assert_eq!(said(&twice), Err(CredentialError::Malformed), "{twice:.80}");
    }
}

#[test]
fn a_changed_or_foreign_token_is_refused() {
    let token = signed(&payload());
    let (head, _) = token.rsplit_once('.').unwrap();
    let other = encode(&Header::new(Algorithm::HS256), &payload(), &EncodingKey::from_secret(&[7; 32])).unwrap();
    let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhMTcifQ.";
    assert_eq!(verdict(shared(), &other), Err(CredentialError::Signature));
    assert_eq!(verdict(shared(), &format!("{head}.{}", "A".repeat(43))), Err(CredentialError::Signature));
    assert!(verdict(shared(), unsigned).is_err());
    let wider =
        encode(&Header::new(Algorithm::HS512), &payload(), &EncodingKey::from_secret(SECRET.as_bytes())).unwrap();
    assert_eq!(verdict(shared(), &wider), Err(CredentialError::Signature));
}

#[test]
fn issuer_and_audience_are_asked_for_only_when_set() {
    let both = JwtSettings { issuer: Some("idp".to_owned()), audience: Some("hub".to_owned()), ..shared() };
    let claims = |iss: &str, aud: Value| {
        signed(&json!({"sub": "a", "roles": ["agent"], "exp": NOW.0 / 1_000 + 60, "iss": iss, "aud": aud}))
    };
    assert_eq!(verdict(both.clone(), &claims("idp", json!("hub"))), Ok(()));
    assert_eq!(verdict(both.clone(), &claims("idp", json!(["x", "hub"]))), Ok(()));
    assert_eq!(verdict(both.clone(), &claims("evil", json!("hub"))), Err(CredentialError::Issuer));
    for other in [json!("x"), json!(["x"]), json!([]), json!({"hub": "hub"}), json!(null), json!("hubs")] {
        assert_eq!(verdict(both.clone(), &claims("idp", other)), Err(CredentialError::Audience));
    }
    let many = with("iss", json!(["idp"]));
    assert_eq!(verdict(both.clone(), &signed(&many)), Err(CredentialError::Issuer));
    assert_eq!(verdict(both.clone(), &signed(&with("iss", json!("idp")))), Err(CredentialError::Audience));
    assert_eq!(verdict(both, &signed(&with("aud", json!("hub")))), Err(CredentialError::Issuer));
    assert_eq!(verdict(shared(), &claims("anyone", json!("anything"))), Ok(()));
}

#[test]
fn a_revoked_token_is_not_believed_and_others_are() {
    let identity = hub(shared());
    let token = |jti: &str| signed(&with("jti", json!(jti)));
    let revoke = |text: &str| {
        let caller = identity.verify(text, NOW).unwrap();
        let revoke = Revoke::Token(caller.token_id);
        let before = identity.times_something_ended();
        identity.revoke(&revoke);
        assert_ne!(identity.times_something_ended(), before, "live sockets are looked at for it");
        assert_eq!(identity.clone().verify(text, NOW), Err(CredentialError::Revoked));
        revoke
    };
    let first = revoke(&token("t1"));
    assert!(identity.verify(&token("t2"), NOW).is_ok());
    // A token without an id is known by what it says, and a long id by its digest; neither is kept itself.
    for (text, secret) in [(signed(&payload()), signed(&payload())), (token(&"j".repeat(300)), "j".repeat(300))] {
        let Revoke::Token(id) = revoke(&text) else { panic!("it is about a token") };
        assert!(id.starts_with("sha256:") && id.len() == 71 && !secret.contains(&id), "{id}");
    }
    let late = Timestamp(NOW.0 + 65_000);
    assert_eq!(identity.verify(&token("t1"), late), Err(CredentialError::Expired));
    // Revoked twice and taken back once it is still revoked.
    identity.revoke(&first);
    identity.believe_again(&first);
    assert_eq!(identity.verify(&token("t1"), NOW), Err(CredentialError::Revoked));
    identity.believe_again(&first);
    assert!(identity.verify(&token("t1"), NOW).is_ok());
}

#[test]
fn what_the_hub_made_of_a_token_ends_when_it_is_forgotten_and_with_the_key_of_the_token() {
    let identity = hub(shared());
    let session = |id: &str| {
        let (secret, digest) = make_opaque(OpaqueKind::Session);
        let caller = identity.verify(&signed(&payload()), NOW).unwrap();
        identity.believe_opaque(digest, Caller { opaque: true, token_id: id.to_owned(), ..caller });
        secret
    };
    let (first, second) = (session("first"), session("second"));
    let before = identity.times_something_ended();
    identity.forget_opaque("first");
    assert_ne!(identity.times_something_ended(), before, "live sockets are looked at for it");
    assert_eq!(identity.verify(&first, NOW), Err(CredentialError::NotKept));
    assert!(identity.verify(&second, NOW).is_ok());
    identity.keys().replace(Keys::of_secret(&"another secret of the hub, long enough".to_owned().into()).unwrap());
    assert_eq!(identity.verify(&second, NOW), Err(CredentialError::NotKept));
    identity.keys().replace(Keys::default());
    assert!(identity.verify(&second, NOW).is_ok(), "before there are keys nobody knows");
}

#[test]
fn of_a_revoked_subject_only_what_was_issued_later_is_believed() {
    let identity = hub(shared());
    let seconds = NOW.0 / 1_000;
    let of = |sub: &str, iat: Value| {
        let claims = json!({"sub": sub, "roles": ["agent"], "exp": seconds + 600, "iat": iat});
        identity.verify(&signed(&claims), NOW).map(|_| ())
    };
    let everything = Revoke::subject("a17", NOW);
    identity.revoke(&everything);
    for iat in [json!(seconds - 60), json!(seconds), json!(seconds + 5), json!(null)] {
        assert_eq!(of("a17", iat.clone()), Err(CredentialError::Revoked), "{iat}");
        assert_eq!(of("b", iat.clone()), Ok(()), "{iat}");
    }
    // The issuer's clock may be ahead by the leeway, and what is issued after that is new for sure.
    for iat in [json!(seconds + 6), json!(seconds as f64 + 5.5)] {
        assert_eq!(of("a17", iat.clone()), Ok(()), "{iat}");
    }
    assert_eq!(identity.verify(&signed(&payload()), NOW), Err(CredentialError::Revoked), "a token without `iat`");
    assert_eq!(of("b", json!("yesterday")), Err(CredentialError::Malformed));
    identity.believe_again(&everything);
    assert_eq!(of("a17", json!(seconds)), Ok(()));
}
