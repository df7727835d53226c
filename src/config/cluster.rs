//! `[cluster]`

use std::path::PathBuf;
use std::time::Duration;

use super::kind::nats::{HubAddress, Servers, StreamName};
use super::kind::number::Whole;
use super::kind::span::Span;
use super::kind::text::{Line, Optional, PathTo, SecretText};
use super::section::section;
use crate::engine::alike::Alike;
use crate::engine::nats::{Login, Settings};
use crate::identity::Secret;

section! {
    /// The cluster that this hub is a node of, with `storage.engine` `"nats"`. What is said here must be the same on all
    /// nodes but for `node` and `advertise`; so must `[presence]`, `[auth]` and the times of `[sessions]`. Where it is not,
    /// hubs say so in their log and at `/readyz`.
    pub struct ClusterSettings in "cluster" {
        /// The number of this node. Each node has its own; one that starts with a number that is taken refuses.
        node: u32 as Whole("nodes", 0..=65_535), by default 1;

        /// The addresses of the NATS servers, any of which is used: `nats://`, or `tls://`. Each must be version 2.12 or
        /// newer, with JetStream and `sync_interval: always`.
        servers: Vec<String> as Servers, by default vec!["nats://127.0.0.1:4222".to_owned()];

        /// The name by which the servers know this hub, if they want one.
        user: Option<String> as Optional(Line(200)), by default None;

        /// Its password. Better set by `PRESENCE_HUB__CLUSTER__PASSWORD` than written here.
        password: Option<Secret> as Optional(SecretText), by default None;

        /// A PEM file with the certificates by which the servers are believed, if the system does not know them. With it
        /// the hub speaks TLS only.
        tls_ca: Option<PathBuf> as Optional(PathTo("a file")), by default None;

        /// A PEM file with the certificate by which the servers believe this hub, if they want one.
        tls_certificate_file: Option<PathBuf> as Optional(PathTo("a file")), by default None;

        /// The PEM file with the private key of that certificate.
        tls_key_file: Option<PathBuf> as Optional(PathTo("a file")), by default None;

        /// The name of the stream that holds the log, with which the names of its subjects begin. The first hub makes it.
        stream: String as StreamName, by default "PRESENCE".to_owned();

        /// How many servers keep the stream when it is made. Of three any one may be lost, of five any two.
        replicas: u32 as Whole("servers", 1..=5), by default 3;

        /// How long changes stay in the stream. A node that was away for longer begins with a copy of another one's data
        /// folder. Events are known to be duplicates for a day, so that and an hour is the least.
        window: Duration as Span(Duration::from_hours(25)..=Duration::from_hours(24 * 30)),
            by default Duration::from_hours(48);

        /// A node that is not heard for so long is silent: its agents get no work, and have the restart grace to come back
        /// to another one. A sixth of it is between two of its signs of life. Less finds a lost machine sooner, and takes a
        /// short pause of a machine for its end.
        silent_after: Duration as Span(Duration::from_millis(1_500)..=Duration::from_secs(30)),
            by default Duration::from_secs(3);

        /// The address of this hub for other nodes, such as `"http://10.0.0.1:7350"`: a node that is cut off asks them
        /// whether they serve before it sends its agents away.
        advertise: Option<String> as HubAddress, by default None;
    }
}

impl ClusterSettings {
    /// As the engine wants them. `alike` is what other nodes must be told as well.
    pub(super) fn engine(&self, alike: Alike) -> Settings {
        let password = self.password.as_ref().map(|password| password.reveal().to_owned()).unwrap_or_default();
        let certificate = self.tls_certificate_file.clone().zip(self.tls_key_file.clone());
        Settings {
            // What is read is no larger.
            node: u16::try_from(self.node).unwrap_or(u16::MAX),
            servers: self.servers.clone(),
            login: self.user.clone().map(|user| Login { user, password }),
            tls_ca: self.tls_ca.clone(),
            certificate,
            stream: self.stream.clone(),
            replicas: self.replicas,
            window: self.window,
            silent_after: self.silent_after,
            advertise: self.advertise.clone(),
            alike,
        }
    }
}
