use std::path::{Path, PathBuf};

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::super::*;
use super::tokens::{NOW, SECRET, bytes, hub, payload, public, shared, signed, testdata, verdict};

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
    assert_eq!(
        verdict(by_set(&path), &token_of("rsa", Some("k3"), Algorithm::RS256)),
        Err(CredentialError::UnknownKey)
    );
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
        Err(CredentialError::UnknownKey)
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
fn each_key_of_a_set_that_cannot_be_used_is_named_with_the_reason() {
    let changed = |field: &str, value: Value| {
        let mut key = jwk("es256", "k", Algorithm::ES256);
        key[field] = value;
        key
    };
    let short = json!({"kty": "RSA", "kid": "k", "e": "AQAB", "n": "xxxx".repeat(40)});
    let all = [
        (changed("d", json!("x")), Unusable::Private),
        (json!({"kty": "oct", "kid": "k", "k": "x"}), Unusable::Private),
        (changed("use", json!("enc")), Unusable::OtherUse),
        (changed("key_ops", json!(["sign"])), Unusable::OtherUse),
        (changed("alg", json!("ES512")), Unusable::Algorithm),
        (changed("alg", json!("RS256")), Unusable::Algorithm),
        (changed("alg", json!("none")), Unusable::Algorithm),
        (changed("crv", json!("secp256k1")), Unusable::Algorithm),
        (changed("kty", json!("oct")), Unusable::Algorithm),
        (short, Unusable::Length),
        (changed("crv", json!("P-384")), Unusable::Malformed),
        (changed("x", json!("!")), Unusable::Malformed),
        (changed("kid", json!("k".repeat(257))), Unusable::Malformed),
        (changed("kid", json!(7)), Unusable::Malformed),
        (json!("k"), Unusable::Malformed),
    ];
    let good = jwk("rsa", "good", Algorithm::RS256);
    let set =
        |keys: &[Value]| Keys::read(&KeySources::JwksUrl("https://idp"), json!({"keys": keys}).to_string().as_bytes());
    for (key, why) in all {
        let keys = set(&[key.clone(), good.clone()]).unwrap();
        let passed: Vec<Unusable> = keys.passed_over().iter().map(|passed| passed.why).collect();
        assert_eq!((keys.len(), passed), (1, vec![why]), "{key}");
        assert!(matches!(set(&[key]), Err(KeyError::NoKeys(_))));
    }
    assert!(matches!(set(&vec![good.clone(); 101]), Err(KeyError::TooMany(_))));
    // Entra ID writes what else it likes beside them.
    let mut more = changed("x5c", json!(["MIIC"]));
    more["issuer"] = json!("https://login.microsoftonline.com/x/v2.0");
    more.as_object_mut().unwrap().remove("alg");
    assert_eq!(set(&[more]).unwrap().len(), 1);
}

#[test]
fn keys_of_one_name_are_all_tried_and_only_so_many() {
    let folder = tempfile::tempdir().unwrap();
    let other = |at: usize| {
        let mut key = jwk("es256", "k1", Algorithm::ES256);
        key["x"] = json!(format!("{at:A<43}"));
        key
    };
    let mut keys: Vec<Value> = (0..7).map(other).collect();
    keys.push(jwk("es256", "k1", Algorithm::ES256));
    let token = token_of("es256", Some("k1"), Algorithm::ES256);
    assert_eq!(verdict(by_set(&key_set(&folder, &keys)), &token), Ok(()));
    keys.insert(0, other(8));
    assert_eq!(verdict(by_set(&key_set(&folder, &keys)), &token), Err(CredentialError::Signature));
}

#[test]
fn two_secrets_are_believed_at_once_and_the_first_one_signs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secrets");
    let of = |text: &str| {
        std::fs::write(&path, text).unwrap();
        hub(JwtSettings { hs256_secret_file: Some(path.clone()), ..JwtSettings::default() })
    };
    let (old, new) = (SECRET.to_owned(), "f".repeat(40));
    let both = of(&format!("{new}\n\n  {old}\r\n"));
    let claims = Claims::new("ada", [Role::Agent], NOW.plus(DEMO_TOKEN_LIFE));
    let of_new = both.issue(&claims).unwrap();
    assert!(both.verify(&signed(&payload()), NOW).is_ok() && both.verify(&of_new, NOW).is_ok());
    assert!(of(&new).verify(&of_new, NOW).is_ok());
    assert_eq!(of(&old).verify(&of_new, NOW), Err(CredentialError::Signature));
}

#[test]
fn files_that_are_no_public_key_say_what_they_are() {
    let load = |name: &str| Keys::load(&KeySources::PublicKeyFile(&testdata(name))).unwrap_err().to_string();
    assert!(load("rsa.private.pem").contains("holds a private key"));
    assert!(load("nowhere.pem").contains("cannot be read"));
    assert!(load("rsa-1024.public.pem").contains("less than 2048 bits"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    std::fs::write(&path, "hello").unwrap();
    assert!(matches!(Keys::load(&KeySources::PublicKeyFile(&path)), Err(KeyError::NotPem(_))));
    assert!(matches!(Keys::load(&KeySources::JwksFile(&path)), Err(KeyError::NotJson { .. })));
    assert!(matches!(Keys::load(&KeySources::SecretFile(&path)), Err(KeyError::ShortSecret(5))));
    for (text, what) in [("\n\n", "none"), (&*"x\n".repeat(5), "five")] {
        std::fs::write(&path, text).unwrap();
        assert!(matches!(Keys::load(&KeySources::SecretFile(&path)), Err(KeyError::NotSecrets(_))), "{what}");
    }
    std::fs::write(&path, format!("# the newest first, as the manual says\n{SECRET}")).unwrap();
    assert!(matches!(Keys::load(&KeySources::SecretFile(&path)), Err(KeyError::Comment(_))));
    std::fs::write(&path, "x".repeat(MOST_KEY_BYTES + 1)).unwrap();
    assert!(matches!(Keys::load(&KeySources::SecretFile(&path)), Err(KeyError::TooLarge(_))));
}

#[test]
fn public_keys_sign_nothing() {
    let claims = Claims::new("a", [Role::Agent], NOW);
    assert_eq!(hub(public("rsa.public.pem")).issue(&claims), Err(CannotSign));
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
