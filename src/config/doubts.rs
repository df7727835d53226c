//! What is allowed and probably not meant, of roles and of files that hold secrets.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::reader::{Key, Reader};
use super::settings::{Config, key};
use crate::identity::AuthMode;

/// The bit of a file's mode by which everybody on the machine may read it.
const READABLE_TO_ALL: u32 = 0o004;

/// What is doubted about these settings.
pub fn doubts(config: &Config, reader: &Reader) -> Vec<String> {
    let mut doubts = Vec::new();
    doubts.extend(roles(config, reader));
    doubts.extend(files(config));
    doubts
}

/// Where some roles have values of a provider, a role that has none keeps its own name, which that provider may give to
/// anybody: a group `admin`, say.
fn roles(config: &Config, reader: &Reader) -> Option<String> {
    let all = [
        key!(auth.roles.agent),
        key!(auth.roles.supervisor),
        key!(auth.roles.observer),
        key!(auth.roles.analyst),
        key!(auth.roles.integration),
        key!(auth.roles.auditor),
        key!(auth.roles.admin),
    ];
    let left_out: Vec<&str> = all.iter().filter(|key| !reader.is_said(**key)).map(|key| key.0).collect();
    let is_demo = config.auth.mode == AuthMode::Demo;
    if is_demo || left_out.is_empty() || left_out.len() == all.len() {
        return None;
    }
    Some(format!(
        "{} not set, and a token that says the role's own name has it; set [] where nobody should",
        match left_out[..] {
            [one] => format!("{one} is"),
            _ => format!("{} are", left_out.join(", ")),
        }
    ))
}

fn files(config: &Config) -> impl Iterator<Item = String> {
    let files: [(Key, _); 4] = [
        (key!(auth.jwt.hs256_secret_file), &config.auth.jwt.hs256_secret_file),
        (key!(auth.oidc.client_secret_file), &config.auth.oidc.client_secret_file),
        (key!(server.tls_key_file), &config.server.tls_key_file),
        (key!(cluster.tls_key_file), &config.cluster.tls_key_file),
    ];
    let open = files.into_iter().filter_map(|(key, file)| Some((key, file.as_deref()?)));
    open.filter(|(_, file)| is_readable_to_all(file)).map(|(key, file)| {
        let file = file.display();
        format!("{}: everybody on this machine can read {file}; `chmod o= {file}` keeps it from others", key.0)
    })
}

/// One that cannot be looked at is told of by whoever reads it.
fn is_readable_to_all(file: &Path) -> bool {
    file.metadata().is_ok_and(|metadata| metadata.mode() & READABLE_TO_ALL != 0)
}
