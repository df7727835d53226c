//! What hubs of a cluster need of their settings.

use std::time::Duration;

use super::settings::Config;
use super::storage::LogEngine;

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

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (Config, Vec<String>) {
        crate::config::read("config.toml", text, []).unwrap()
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
}
