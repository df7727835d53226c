//! Rules between the settings of a cluster.

use std::path::PathBuf;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::cluster::ClusterSettings;
use super::kind::Kind as _;
use super::kind::nats::HubAddress;
use super::reader::{Key, Reader};
use super::settings::{Config, key};
use super::storage::LogEngine;
use crate::identity::read_key_file;
use crate::telemetry::WithCauses;

/// Remembers every mistake in `reader`, and what is allowed and probably not meant in `warnings`. What is set beside a log
/// of one machine has no use, and is not looked at.
pub fn check(config: &Config, reader: &mut Reader, warnings: &mut Vec<String>) {
    if config.storage.engine != LogEngine::Nats || reader.is_wrong(key!(storage.engine)) {
        return;
    }
    let cluster = &config.cluster;
    servers(cluster, reader);
    pairs(cluster, reader);
    files(cluster, reader);
    address(cluster, reader, warnings);
}

/// Each server stands there once, and there are as many as are to keep the log.
fn servers(cluster: &ClusterSettings, reader: &mut Reader) {
    let (servers, replicas) = (key!(cluster.servers), key!(cluster.replicas));
    if reader.is_wrong(servers) {
        return;
    }
    let named: Vec<String> = cluster.servers.iter().map(|server| place(server)).collect();
    let twice = named.iter().enumerate().find(|(number, server)| named[..*number].contains(*server));
    if let Some((_, server)) = twice {
        reader.wrong(servers, format!("names {server} twice; name each server once"));
        return;
    }
    let many = cluster.servers.len();
    if cluster.replicas as usize > many && !reader.is_wrong(replicas) {
        reader.wrong(
            replicas,
            format!(
                "needs to be at most {many}, which is how many cluster.servers are named; name all servers there, or let \
                 fewer keep the log"
            ),
        );
    }
}

/// Where a server is, whatever is spoken with it.
fn place(server: &str) -> String {
    let place = server.split_once("://").map_or(server, |(_, place)| place).trim_end_matches('/').to_ascii_lowercase();
    let has_port = place.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    if has_port { place } else { format!("{place}:4222") }
}

/// What is of no use without another.
fn pairs(cluster: &ClusterSettings, reader: &mut Reader) {
    let (user, password) = (key!(cluster.user), key!(cluster.password));
    let (certificate, own_key) = (key!(cluster.tls_certificate_file), key!(cluster.tls_key_file));
    let pairs = [
        (user, cluster.user.is_some(), password, cluster.password.is_some(), "the servers want both"),
        (
            certificate,
            cluster.tls_certificate_file.is_some(),
            own_key,
            cluster.tls_key_file.is_some(),
            "TLS takes both",
        ),
    ];
    for (one, one_is_set, other, other_is_set, why) in pairs {
        if one_is_set == other_is_set || reader.is_wrong(one) || reader.is_wrong(other) {
            continue;
        }
        let (missing, set) = if one_is_set { (other, one) } else { (one, other) };
        reader.wrong(missing, format!("is needed beside {}: {why}", set.0));
    }
}

/// What a file holds that TLS needs.
type Holds = fn(&[u8]) -> bool;

fn files(cluster: &ClusterSettings, reader: &mut Reader) {
    let files: [(Key, &Option<PathBuf>, Holds, &str); 3] = [
        (key!(cluster.tls_ca), &cluster.tls_ca, holds_certificates, "certificate"),
        (key!(cluster.tls_certificate_file), &cluster.tls_certificate_file, holds_certificates, "certificate"),
        (key!(cluster.tls_key_file), &cluster.tls_key_file, holds_a_key, "private key"),
    ];
    for (key, file, holds, what) in files {
        let Some(file) = file else { continue };
        match read_key_file(file) {
            Err(error) => reader.wrong(key, WithCauses(&error).to_string()),
            Ok(pem) if !holds(&pem) => {
                reader.wrong(key, format!("holds no {what} in PEM, which begins with \"-----BEGIN\""));
            }
            Ok(_) => {}
        }
    }
}

/// Without an address of each other, hubs that are cut off cannot tell whether it is they alone.
fn address(cluster: &ClusterSettings, reader: &mut Reader, warnings: &mut Vec<String>) {
    let advertise = key!(cluster.advertise);
    if cluster.advertise.is_some() || reader.is_wrong(advertise) {
        return;
    }
    if reader.is_said(advertise) {
        reader.wrong(advertise, HubAddress.needs());
    } else {
        warnings.push(
            "cluster.advertise is not set: a hub that is cut off from the log cannot ask this one whether it serves, and keeps its agents for longer".to_owned(),
        );
    }
}

fn holds_certificates(pem: &[u8]) -> bool {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    read.is_ok_and(|certificates| !certificates.is_empty())
}

fn holds_a_key(pem: &[u8]) -> bool {
    PrivateKeyDer::from_pem_slice(pem).is_ok()
}

#[cfg(test)]
mod tests {
    use crate::config::read;

    const TLS_FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hub/testdata");

    /// The mistakes of a node with these settings, which has three servers if they name none.
    fn mistakes(settings: &str) -> Vec<String> {
        let servers = "servers = [\"nats://n1:4222\", \"nats://n2:4222\", \"nats://n3\"]\n";
        let servers = if settings.contains("servers =") { "" } else { servers };
        let text = format!("[storage]\nengine = \"nats\"\n[cluster]\n{servers}{settings}\n");
        let read = read("config.toml", &text, []);
        read.err().map(|errors| errors.0.iter().map(ToString::to_string).collect()).unwrap_or_default()
    }

    #[track_caller]
    fn says(settings: &str, parts: &[&str]) {
        let said = mistakes(settings);
        let is_said = said.len() == 1 && parts.iter().all(|part| said[0].contains(part));
        assert!(is_said, "{settings}: {said:#?}");
    }

    #[test]
    fn a_node_with_all_that_it_needs_has_no_mistakes() {
        let tls = format!(
            "tls_ca = \"{TLS_FILES}/first.certificate.pem\"\ntls_certificate_file = \"{TLS_FILES}/first.certificate.pem\"\n\
             tls_key_file = \"{TLS_FILES}/first.key.pem\"\n"
        );
        let all = format!("{tls}user = \"hub\"\npassword = \"x\"\nadvertise = \"http://10.0.0.1:7350\"");
        assert_eq!(mistakes(&all), Vec::<String>::new());
        assert_eq!(mistakes("replicas = 1\nservers = [\"nats://n1\"]"), Vec::<String>::new());
    }

    #[test]
    fn each_server_is_named_once_and_there_are_as_many_as_are_to_keep_the_log() {
        says("replicas = 5", &["cluster.replicas = 5", "at most 3", "cluster.servers"]);
        says("servers = [\"nats://n1\"]", &["cluster.replicas", "at most 1"]);
        let twice = "servers = [\"nats://n1:4222\", \"nats://n2\", \"tls://N1\"]";
        says(twice, &["cluster.servers", "n1:4222 twice"]);
    }

    #[test]
    fn what_belongs_together_is_set_together() {
        says("user = \"hub\"", &["cluster.password", "is needed beside cluster.user"]);
        says("password = \"x\"", &["cluster.user", "is needed beside cluster.password"]);
        says(
            &format!("tls_certificate_file = \"{TLS_FILES}/first.certificate.pem\""),
            &["cluster.tls_key_file", "is needed beside cluster.tls_certificate_file"],
        );
        says(
            &format!("tls_key_file = \"{TLS_FILES}/first.key.pem\""),
            &["cluster.tls_certificate_file", "is needed beside cluster.tls_key_file"],
        );
    }

    #[test]
    fn the_files_of_tls_are_there_and_hold_what_they_are_to_hold() {
        says("tls_ca = \"/nowhere/ca.pem\"", &["cluster.tls_ca", "/nowhere/ca.pem", "cannot be read"]);
        says(&format!("tls_ca = \"{TLS_FILES}/first.key.pem\""), &["cluster.tls_ca", "no certificate in PEM"]);
        let swapped = format!(
            "tls_certificate_file = \"{TLS_FILES}/first.certificate.pem\"\n\
             tls_key_file = \"{TLS_FILES}/first.certificate.pem\"\n"
        );
        says(&swapped, &["cluster.tls_key_file", "no private key in PEM"]);
    }

    #[test]
    fn other_nodes_are_given_an_address_that_they_can_ask() {
        for wrong in ["", "10.0.0.1:7350", "nats://n1:4222", "http://", "http://a b"] {
            says(&format!("advertise = \"{wrong}\""), &["cluster.advertise", "\"http://10.0.0.1:7350\""]);
        }
        assert_eq!(mistakes("advertise = \"https://hub1.example/presence\""), Vec::<String>::new());
        let servers = "servers = [\"nats://n1\", \"nats://n2\", \"nats://n3\"]";
        let (_, warnings) =
            read("config.toml", &format!("[storage]\nengine = \"nats\"\n[cluster]\n{servers}"), []).unwrap();
        assert!(warnings.iter().any(|warning| warning.contains("cluster.advertise is not set")), "{warnings:?}");
    }
}
