use std::path::{Path, PathBuf};

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::super::*;
use crate::domain::time::Timestamp;

const NOW: Timestamp = Timestamp(1_000_000_000);
const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// Keys that were made for these tests and open nothing.
fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/identity/testdata").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(testdata(name)).unwrap()
}

fn secret() -> Secret {
    Secret::from(SECRET.to_owned())
}

fn hub(jwt: JwtSettings) -> Identity {
    Identity::open(&AuthSettings { mode: AuthMode::Jwt, jwt }, Path::new("/nowhere")).unwrap()
}

fn shared() -> JwtSettings {
    JwtSettings { hs256_secret: Some(secret()), ..JwtSettings::default() }
}

fn public(name: &str) -> JwtSettings {
    JwtSettings { public_key_file: Some(testdata(name)), ..JwtSettings::default() }
}

fn payload() -> Value {
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

fn signed(claims: &Value) -> String {
    encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()
}

fn verdict(jwt: JwtSettings, token: &str) -> Result<(), CredentialError> {
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
    for claims in [
        without("sub"),
        without("exp"),
        with("exp", json!("soon")),
        with("roles", json!("agent")),
        with("teams", json!("x")),
    ] {
        assert_eq!(verdict(shared(), &signed(&claims)), Err(CredentialError::Malformed), "{claims}");
    }
    for sub in ["", "a\nb", &"x".repeat(257)] {
        assert_eq!(verdict(shared(), &signed(&with("sub", json!(sub)))), Err(CredentialError::Subject));
    }
}

#[test]
fn a_token_without_roles_is_believed_and_may_nothing() {
    let caller = hub(shared()).verify(&signed(&without("roles")), NOW).unwrap();
    assert!(may(&caller, Action::OpenSocket).is_err());
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
fn public_keys_verify_their_algorithms() {
    let rsa = EncodingKey::from_rsa_pem(&bytes("rsa.private.pem")).unwrap();
    for algorithm in [Algorithm::RS256, Algorithm::RS512, Algorithm::PS256, Algorithm::PS384] {
        let token = encode(&Header::new(algorithm), &payload(), &rsa).unwrap();
        assert_eq!(verdict(public("rsa.public.pem"), &token), Ok(()), "{algorithm:?}");
        assert_eq!(verdict(public("es256.public.pem"), &token), Err(CredentialError::Signature));
    }
    for (name, algorithm) in [("es256", Algorithm::ES256), ("es384", Algorithm::ES384)] {
        let key = EncodingKey::from_ec_pem(&bytes(&format!("{name}.private.pem"))).unwrap();
        let token = encode(&Header::new(algorithm), &payload(), &key).unwrap();
        assert_eq!(verdict(public(&format!("{name}.public.pem")), &token), Ok(()), "{name}");
        assert_eq!(verdict(public("rsa.public.pem"), &token), Err(CredentialError::Signature));
    }
    let ed = EncodingKey::from_ed_pem(&bytes("ed25519.private.pem")).unwrap();
    let token = encode(&Header::new(Algorithm::EdDSA), &payload(), &ed).unwrap();
    assert_eq!(verdict(public("ed25519.public.pem"), &token), Ok(()));
    assert_eq!(verdict(public("es384.public.pem"), &token), Err(CredentialError::Signature));
}

#[test]
fn a_public_key_is_never_taken_for_a_shared_secret() {
    for name in ["rsa.public.pem", "es256.public.pem", "ed25519.public.pem"] {
        let forged =
            encode(&Header::new(Algorithm::HS256), &payload(), &EncodingKey::from_secret(&bytes(name))).unwrap();
        assert_eq!(verdict(public(name), &forged), Err(CredentialError::Signature), "{name}");
    }
}

#[test]
fn issuer_and_audience_are_asked_for_only_when_set() {
    let both = JwtSettings { issuer: Some("idp".to_owned()), audience: Some("hub".to_owned()), ..shared() };
    let claims = |iss: &str, aud: Value| {
        signed(&json!({"sub": "a", "roles": [], "exp": NOW.0 / 1_000 + 60, "iss": iss, "aud": aud}))
    };
    assert_eq!(verdict(both.clone(), &claims("idp", json!("hub"))), Ok(()));
    assert_eq!(verdict(both.clone(), &claims("idp", json!(["x", "hub"]))), Ok(()));
    assert_eq!(verdict(both.clone(), &claims("evil", json!("hub"))), Err(CredentialError::Issuer));
    assert_eq!(verdict(both.clone(), &claims("idp", json!("x"))), Err(CredentialError::Audience));
    assert_eq!(verdict(both.clone(), &signed(&with("iss", json!("idp")))), Err(CredentialError::Audience));
    assert_eq!(verdict(both, &signed(&with("aud", json!("hub")))), Err(CredentialError::Issuer));
    assert_eq!(verdict(shared(), &claims("anyone", json!("anything"))), Ok(()));
}

fn jwk(name: &str, kid: &str, algorithm: Algorithm) -> Value {
    let pem = bytes(&format!("{name}.private.pem"));
    let key = if name == "rsa" { EncodingKey::from_rsa_pem(&pem) } else { EncodingKey::from_ec_pem(&pem) };
    let mut jwk =
        serde_json::to_value(jsonwebtoken::jwk::Jwk::from_encoding_key(&key.unwrap(), algorithm).unwrap()).unwrap();
    jwk["kid"] = json!(kid);
    jwk["use"] = json!("sig");
    jwk
}

fn key_set(folder: &tempfile::TempDir, keys: &[Value]) -> PathBuf {
    let path = folder.path().join("keys.json");
    std::fs::write(&path, json!({"keys": keys}).to_string()).unwrap();
    path
}

fn by_set(path: &Path) -> JwtSettings {
    JwtSettings { jwks_file: Some(path.to_path_buf()), ..JwtSettings::default() }
}

fn token_of(name: &str, kid: Option<&str>, algorithm: Algorithm) -> String {
    let pem = bytes(&format!("{name}.private.pem"));
    let key = if name == "rsa" { EncodingKey::from_rsa_pem(&pem) } else { EncodingKey::from_ec_pem(&pem) };
    let header = Header { kid: kid.map(str::to_owned), ..Header::new(algorithm) };
    encode(&header, &payload(), &key.unwrap()).unwrap()
}

#[test]
fn a_key_set_is_chosen_from_by_kid() {
    let folder = tempfile::tempdir().unwrap();
    let path = key_set(&folder, &[jwk("rsa", "k1", Algorithm::RS256), jwk("es256", "k2", Algorithm::ES256)]);
    assert_eq!(verdict(by_set(&path), &token_of("rsa", Some("k1"), Algorithm::RS256)), Ok(()));
    assert_eq!(verdict(by_set(&path), &token_of("es256", Some("k2"), Algorithm::ES256)), Ok(()));
    assert_eq!(verdict(by_set(&path), &token_of("rsa", Some("k2"), Algorithm::RS256)), Err(CredentialError::Signature));
    assert_eq!(verdict(by_set(&path), &token_of("rsa", Some("k3"), Algorithm::RS256)), Err(CredentialError::Signature));
    assert_eq!(verdict(by_set(&path), &token_of("rsa", None, Algorithm::RS256)), Err(CredentialError::Signature));
    // The set says RS256, so the same key is no good for others.
    assert_eq!(verdict(by_set(&path), &token_of("rsa", Some("k1"), Algorithm::PS256)), Err(CredentialError::Signature));
}

#[test]
fn a_lone_key_of_a_set_verifies_tokens_without_a_kid() {
    let folder = tempfile::tempdir().unwrap();
    let path = key_set(&folder, &[jwk("es384", "k1", Algorithm::ES384)]);
    assert_eq!(verdict(by_set(&path), &token_of("es384", None, Algorithm::ES384)), Ok(()));
    assert_eq!(
        verdict(by_set(&path), &token_of("es384", Some("k2"), Algorithm::ES384)),
        Err(CredentialError::Signature)
    );
}

#[test]
fn shared_secrets_and_encryption_keys_of_a_set_are_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let mut encryption = jwk("rsa", "k1", Algorithm::RS256);
    encryption["use"] = json!("enc");
    let secret = json!({"kty": "oct", "k": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY", "kid": "k2", "alg": "HS256"});
    let path = key_set(&folder, &[encryption, secret]);
    assert!(matches!(Keys::load(&KeySources::JwksFile(&path)), Err(KeyError::NoKeys(_))));
}

#[test]
fn files_that_are_no_public_key_say_what_they_are() {
    let load = |name: &str| Keys::load(&KeySources::PublicKeyFile(&testdata(name))).unwrap_err().to_string();
    assert!(load("rsa.private.pem").contains("holds a private key"));
    assert!(load("nowhere.pem").contains("cannot be read"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    std::fs::write(&path, "hello").unwrap();
    assert!(matches!(Keys::load(&KeySources::PublicKeyFile(&path)), Err(KeyError::NotPem(_))));
    assert!(matches!(Keys::load(&KeySources::JwksFile(&path)), Err(KeyError::NotJwks { .. })));
}

#[test]
fn public_keys_sign_nothing() {
    let claims = Claims::new("a", [Role::Agent], NOW);
    assert_eq!(hub(public("rsa.public.pem")).issue(&claims), Err(CannotSign));
}

#[test]
fn an_ended_token_stays_ended_until_it_would_have_expired() {
    let identity = hub(shared());
    let token = signed(&with("jti", json!("t1")));
    let caller = identity.verify(&token, NOW).unwrap();
    identity.clone().revoke(&caller, NOW);
    assert_eq!(identity.verify(&token, NOW), Err(CredentialError::Revoked));
    let other = identity.verify(&signed(&with("jti", json!("t2"))), NOW).unwrap();
    // One that is ended while the wall clock is an hour ahead.
    identity.revoke(&other, Timestamp(NOW.0 + 3_600_000));
    assert_eq!(identity.verify(&token, NOW), Err(CredentialError::Revoked));
    // A token without an id is known by what it says.
    let nameless = signed(&payload());
    identity.revoke(&identity.verify(&nameless, NOW).unwrap(), NOW);
    assert_eq!(identity.verify(&nameless, NOW), Err(CredentialError::Revoked));
    let late = Timestamp(NOW.0 + 65_000);
    assert_eq!(identity.verify(&token, late), Err(CredentialError::Expired));
}

#[test]
fn in_demo_mode_the_secret_is_made_once_and_only_its_owner_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert_eq!(read(&data).unwrap(), None);
    let identity = Identity::open(&AuthSettings::default(), &data).unwrap();
    let token = identity.demo_token("ada", NOW).unwrap();
    let again = Identity::open(&AuthSettings::default(), &data).unwrap();
    let caller = again.verify(&token, NOW).unwrap();
    assert_eq!((caller.subject.as_str(), caller.name.as_deref()), ("ada", Some("Ada Lindqvist")));
    assert_eq!(caller.expires, NOW.plus(DEMO_TOKEN_LIFE));
    assert_eq!(identity.demo_token("nobody", NOW), None);
    assert_eq!(hub(shared()).demo_token("ada", NOW), None);

    assert_eq!(std::fs::read_dir(&data).unwrap().count(), 1);
    let file = data.join(SECRET_FILE);
    assert_eq!(std::fs::read_to_string(&file).unwrap().len(), 64);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn everyone_who_makes_the_secret_at_once_gets_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let made: Vec<Secret> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..8).map(|_| scope.spawn(|| make_or_read(folder.path()).unwrap())).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(made.iter().all(|secret| secret == &made[0]));
}

#[test]
fn an_emptied_secret_is_refused_rather_than_used() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(SECRET_FILE), "\n").unwrap();
    assert!(matches!(Identity::open(&AuthSettings::default(), folder.path()), Err(KeyError::ShortSecret(0))));
}
