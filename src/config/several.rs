//! What hubs of a cluster need of their settings.

use std::time::Duration;

use super::cluster::ClusterSettings;
use super::section::Section;
use super::sessions::SessionSettings;
use super::settings::Config;
use super::storage::LogEngine;
use crate::domain::policy::Policy;
use crate::engine::alike::Alike;
use crate::engine::nats;
use crate::identity::{AuthSettings, JwtSettings, OidcSettings, RoleValues, TeamValues};

/// Hubs of a cluster say heartbeats at least so often: a machine that loses its power closes no socket, and its agents are
/// shown Offline soon after the others have missed it.
const MOST_BETWEEN_HEARTBEATS: Duration = Duration::from_secs(3);
/// What a frame may be late beyond two heartbeats before a client takes its hub for lost.
const LATE: Duration = Duration::from_secs(2);
/// How long a client waits for a hub that does not answer before it tries the next one.
const ATTEMPT: Duration = Duration::from_millis(2_500);
/// What it takes to come in at a hub that answers.
const WELCOME: Duration = Duration::from_secs(1);

/// Lets the hub say heartbeats as often as a cluster needs them.
pub fn bound(config: &mut Config) {
    if config.storage.engine == LogEngine::Nats {
        let heartbeat = &mut config.sessions.heartbeat_interval;
        *heartbeat = (*heartbeat).min(MOST_BETWEEN_HEARTBEATS);
    }
}

/// Whether agents of a machine that is lost would be shown Offline although they come back as soon as they can.
pub fn doubt(config: &Config) -> Option<String> {
    if config.storage.engine != LogEngine::Nats {
        return None;
    }
    let back = 2 * config.sessions.heartbeat_interval + LATE + ATTEMPT + WELCOME;
    // The last mark may have been one interval old.
    let missed = config.cluster.silent_after * 5 / 6;
    let (grace, least) = (config.presence.restart_grace, back.saturating_sub(missed));
    (grace < least).then(|| {
        format!(
            "presence.restart_grace is {grace:?}, and the agents of a machine that is lost need {least:?} to be at another hub before they are shown Offline (with sessions.heartbeat_interval and cluster.silent_after as they are)"
        )
    })
}

impl Config {
    /// What this hub has to be told as a node of a cluster.
    #[must_use]
    pub fn node(&self) -> nats::Settings {
        self.cluster.engine(alike(self))
    }
}

/// What decides presence, and who may say what. Secrets are left out, of which even a digest tells something, and where
/// things are: files and addresses.
fn alike(config: &Config) -> Alike {
    let auth = &config.auth;
    let who = [
        said::<AuthSettings>(auth, &["mode"]),
        said::<JwtSettings>(
            &auth.jwt,
            &["issuer", "audience", "leeway", "subject_claim", "roles_claim", "teams_claim", "name_claim"],
        ),
        said::<OidcSettings>(&auth.oidc, &["issuer", "client_id", "session_idle", "session_max"]),
        said::<RoleValues>(&auth.roles, ALL),
        said::<TeamValues>(&auth.teams, ALL),
    ];
    Alike::of([
        ("auth", who.join("\n")),
        ("cluster", said::<ClusterSettings>(&config.cluster, &["window", "silent_after"])),
        ("presence", said::<Policy>(&config.presence, ALL)),
        (
            "sessions",
            said::<SessionSettings>(&config.sessions, &["heartbeat_interval", "ping_timeout", "page_timeout"]),
        ),
    ])
}

/// Every setting of a section.
const ALL: &[&str] = &[];

/// The settings of a section that are not as by default, so that a release which knows one more says the same of an older
/// file.
fn said<S: Section>(section: &S, which: &[&str]) -> String {
    let by_default = S::default().written();
    let said = section.written().into_iter().filter(|(name, _)| which.is_empty() || which.contains(name));
    let said = said.filter(|setting| !by_default.contains(setting));
    said.map(|(name, value)| format!("{name} = {}\n", value.shown())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With one server, where nothing else is said.
    fn of(text: &str) -> (Config, Vec<String>) {
        let one = ("PRESENCE_HUB__CLUSTER__REPLICAS".to_owned(), "1".to_owned());
        crate::config::read("config.toml", text, [one]).unwrap()
    }

    #[test]
    fn a_hub_of_a_cluster_says_heartbeats_often_enough_whatever_its_file_says() {
        let heartbeat = |text| of(text).0.sessions.heartbeat_interval.as_secs();
        assert_eq!(heartbeat("[storage]\nengine = \"nats\""), 3);
        assert_eq!(heartbeat("[storage]\nengine = \"nats\"\n[sessions]\nheartbeat_interval = \"30s\""), 3);
        assert_eq!(heartbeat("[storage]\nengine = \"nats\"\n[sessions]\nheartbeat_interval = \"1s\""), 1);
        assert_eq!(heartbeat(""), 10);
    }

    #[test]
    fn a_grace_that_ends_before_anybody_can_be_back_is_doubted() {
        let doubts = |text: &str| of(text).1.into_iter().any(|warning| warning.contains("at another hub"));
        let cluster = "[storage]\nengine = \"nats\"\n";
        assert!(!doubts(cluster));
        assert!(doubts(&format!("{cluster}[presence]\nrestart_grace = \"8s\"")));
        assert!(!doubts(&format!("{cluster}[presence]\nrestart_grace = \"9s\"")));
        assert!(!doubts(&format!(
            "{cluster}[presence]\nrestart_grace = \"5s\"\n[sessions]\nheartbeat_interval = \"1s\""
        )));
        assert!(doubts(&format!("{cluster}[cluster]\nsilent_after = \"1500ms\"")));
        assert!(!doubts("[presence]\nrestart_grace = \"5s\""));
    }

    #[test]
    fn what_decides_is_alike_on_all_nodes_and_what_is_a_nodes_own_is_not_compared() {
        let cluster = "[storage]\nengine = \"nats\"\n";
        let one = of(cluster).0.node().alike;
        for (other, differs) in [
            ("[presence]\nmax_open_work_items = 1", "presence"),
            ("[presence]\nrestart_grace = \"20s\"", "presence"),
            ("[presence]\ndaily_reset = \"03:00 Europe/Berlin\"", "presence"),
            ("[cluster]\nsilent_after = \"5s\"", "cluster"),
            ("[sessions]\nping_timeout = \"9s\"", "sessions"),
            ("[auth]\nmode = \"jwt\"\n[auth.jwt]\nhs256_secret = \"0123456789012345678901234567890123456789\"", "auth"),
            ("[auth.roles]\nagent = [\"Agent\"]", "auth"),
        ] {
            assert_eq!(one.differs_in(&of(&format!("{cluster}{other}")).0.node().alike), [differs], "{other}");
        }
        for own in [
            "[cluster]\nnode = 2\nadvertise = \"http://10.0.0.2:7350\"\nservers = [\"nats://10.0.0.2:4222\"]",
            "[sessions]\nheartbeat_interval = \"20s\"",
            "[presence]\nmax_open_work_items = 10",
            "[limits]\nwatches_per_socket = 3",
        ] {
            assert_eq!(one.differs_in(&of(&format!("{cluster}{own}")).0.node().alike), [""; 0], "{own}");
        }
    }
}
