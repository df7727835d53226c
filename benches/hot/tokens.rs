//! What it takes to believe a token, by how it is signed.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use presence_hub::domain::time::Timestamp;
use presence_hub::identity::{AuthMode, AuthSettings, Identity, JwtSettings, Secret};
use serde_json::json;

const SECRET: &str = "a secret of the benches, long enough for HS256 to be believed";
/// How often each is shown.
const TIMES: u32 = 20_000;

/// Prints what it takes.
pub fn print() {
    let shared = JwtSettings { hs256_secret: Some(Secret::from(SECRET.to_owned())), ..JwtSettings::default() };
    shown(Algorithm::HS256, &EncodingKey::from_secret(SECRET.as_bytes()), shared);
    let rsa = EncodingKey::from_rsa_pem(&std::fs::read(pem("rsa.private")).unwrap()).unwrap();
    shown(Algorithm::RS256, &rsa, public("rsa"));
    let curve = EncodingKey::from_ec_pem(&std::fs::read(pem("es256.private")).unwrap()).unwrap();
    shown(Algorithm::ES256, &curve, public("es256"));
    let edwards = EncodingKey::from_ed_pem(&std::fs::read(pem("ed25519.private")).unwrap()).unwrap();
    shown(Algorithm::EdDSA, &edwards, public("ed25519"));
}

fn pem(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/identity/testdata").join(format!("{name}.pem"))
}

fn public(name: &str) -> JwtSettings {
    JwtSettings { public_key_file: Some(pem(&format!("{name}.public"))), ..JwtSettings::default() }
}

fn shown(algorithm: Algorithm, key: &EncodingKey, jwt: JwtSettings) {
    let settings = AuthSettings { mode: AuthMode::Jwt, jwt, ..AuthSettings::default() };
    let identity = Identity::open(&settings, Path::new("/nowhere")).unwrap();
    let claims = json!({ "sub": "a17", "roles": ["agent"], "name": "Ada", "exp": 4_102_444_800_u64, "jti": "a17" });
    let token = encode(&Header::new(algorithm), &claims, key).unwrap();
    let began = Instant::now();
    for _ in 0..TIMES {
        black_box(identity.verify(black_box(&token), Timestamp(0)).unwrap());
    }
    println!("a token of {algorithm:?} is believed: {:?}", began.elapsed() / TIMES);
}
