//! How a cluster is, for whoever runs it.

use std::time::Duration;

use futures::future::join_all;

use super::api::{Api, Refused, Replica, Stream};
use super::opening::{OpenError, START_ONE, connect, every_word};
use super::settings::Settings;
use crate::clock::Clock;
use crate::domain::time::Timestamp;
use crate::engine::words::Word;

/// How long a server may take to answer.
const ANSWERS_WITHIN: Duration = Duration::from_secs(3);
/// A server of which the leader has heard nothing for so long is taken for lost: it hears of each with every message, and
/// once a second without one. NATS itself says that a killed server is offline many seconds later.
const UNHEARD_AFTER: Duration = Duration::from_secs(3);

/// How a cluster is.
#[derive(Clone, Debug)]
pub struct ClusterStatus {
    /// The stream that holds the log.
    pub stream: String,
    /// The log's incarnation.
    pub epoch: String,
    /// The first position.
    pub first: u64,
    /// The last position.
    pub last: u64,
    /// Its size.
    pub bytes: u64,
    /// How long ago the newest message was kept; none if there never was one.
    pub newest: Option<Duration>,
    /// The server that leads, if there is one.
    pub leader: Option<String>,
    /// The other servers that keep it.
    pub servers: Vec<ServerStatus>,
    /// The addresses of the settings at which no server answers, each with the reason.
    pub unanswered: Vec<(String, String)>,
    /// The nodes that have ever said a word, as far as the log has it.
    pub nodes: Vec<NodeStatus>,
    /// After which time without a sign of life a node is silent.
    pub silent_after: Duration,
}

/// How a server is that keeps the log.
#[derive(Clone, Debug)]
pub struct ServerStatus {
    /// Its name.
    pub name: String,
    /// How it is.
    pub state: ServerState,
}

/// How a server that does not lead is, as the one that does says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerState {
    /// It has all that the leader has.
    Follows,
    /// It lacks so many messages.
    Behind(u64),
    /// It was not heard for so long; zero if this leader has never heard it.
    Unheard(Duration),
    /// It is known not to be there.
    Offline,
}

/// How a node is.
#[derive(Clone, Debug)]
pub struct NodeStatus {
    /// Its number.
    pub node: u16,
    /// Its newest boot.
    pub boot: u32,
    /// What its last word says.
    pub word: &'static str,
    /// How long ago it said so.
    pub ago: Duration,
    /// Whether that boot is over.
    pub is_over: bool,
    /// Where it is.
    pub address: Option<String>,
    /// The sections in which its settings differ from those with which it is asked.
    pub differs_in: Vec<String>,
}

impl ServerState {
    /// As the leader says of one that keeps the log with it.
    pub(super) fn of(replica: &Replica) -> Self {
        let unheard = Duration::from_nanos(replica.active);
        match (replica.offline, replica.current) {
            (true, _) => Self::Offline,
            (false, _) if unheard >= UNHEARD_AFTER => Self::Unheard(unheard),
            (false, true) => Self::Follows,
            (false, false) if replica.active == 0 => Self::Unheard(Duration::ZERO),
            (false, false) => Self::Behind(replica.lag),
        }
    }

    fn is_heard(self) -> bool {
        match self {
            Self::Follows | Self::Behind(_) => true,
            Self::Unheard(_) | Self::Offline => false,
        }
    }
}

impl ClusterStatus {
    /// Why nothing can be kept, or is; none if all is well.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        let (all, heard) =
            (1 + self.servers.len(), 1 + self.servers.iter().filter(|server| server.state.is_heard()).count());
        let needed = all / 2 + 1;
        if self.leader.is_none() {
            return Some(format!(
                "no server leads the log: it needs {needed} of its {all} servers; bring servers back"
            ));
        }
        if heard < needed {
            return Some(format!(
                "the log needs {needed} of its {all} servers, and {heard} is heard; bring servers back"
            ));
        }
        match self.newest {
            Some(newest) if newest < self.silent_after => None,
            Some(newest) => Some(format!(
                "the newest message is {:.1} s old, and every hub that is current marks the log more often than once in \
                 {:.1} s: no hub runs, or none reaches the servers",
                newest.as_secs_f64(),
                self.silent_after.as_secs_f64()
            )),
            None => Some("no hub has ever said a word".to_owned()),
        }
    }
}

/// What a server of the settings says.
type Asked = (String, Result<async_nats::Client, OpenError>);

/// How the cluster of these settings is.
///
/// # Errors
/// [`OpenError`], whose sentence is meant for the operator.
pub async fn status(settings: &Settings) -> Result<ClusterStatus, OpenError> {
    let asked = join_all(settings.servers.iter().map(|address| ask(settings, address))).await;
    if let Some(error) = first_error(settings, &asked) {
        return Err(error);
    }
    let mut refused = Refused::Unheard("no server answers".to_owned());
    // One that is cut off from the others knows less than they do.
    for client in asked.iter().filter_map(|(_, client)| client.as_ref().ok()) {
        match status_at(&Api::new(client.clone(), &settings.stream), settings).await {
            Ok(status) => return Ok(ClusterStatus { unanswered: unanswered(&asked), ..status }),
            Err(error) => refused = error,
        }
    }
    let answers = asked.iter().filter_map(|(address, client)| {
        let name = client.as_ref().ok()?.server_info().server_name;
        Some(format!("{name} ({address}) answers"))
    });
    let silent = unanswered(&asked).into_iter().map(|(address, error)| format!("{address} does not ({error})"));
    let servers: Vec<String> = answers.chain(silent).collect();
    Err(OpenError::Stream { stream: settings.stream.clone(), error: format!("{refused}; {}", servers.join(", ")) })
}

async fn ask(settings: &Settings, address: &str) -> Asked {
    let alone = Settings { servers: vec![address.to_owned()], ..settings.clone() };
    let late = || OpenError::Unreachable {
        servers: address.to_owned(),
        error: "it does not answer in time".to_owned(),
        advice: START_ONE,
    };
    let client = tokio::time::timeout(ANSWERS_WITHIN, connect(&alone)).await.unwrap_or_else(|_| Err(late()));
    (address.to_owned(), client)
}

/// Why there is nobody to ask, if there is nobody.
fn first_error(settings: &Settings, asked: &[Asked]) -> Option<OpenError> {
    if asked.iter().any(|(_, client)| client.is_ok()) {
        return None;
    }
    let errors: Vec<String> = unanswered(asked).into_iter().map(|(_, error)| error).collect();
    let advice = asked.iter().find_map(|(_, client)| match client {
        Err(OpenError::Unreachable { advice, .. }) if *advice != START_ONE => Some(*advice),
        Ok(_) | Err(_) => None,
    });
    let (servers, advice) = (settings.servers.join(", "), advice.unwrap_or(START_ONE));
    Some(OpenError::Unreachable { servers, error: errors.join(", "), advice })
}

fn unanswered(asked: &[Asked]) -> Vec<(String, String)> {
    let said = |error: &OpenError| {
        if let OpenError::Unreachable { error, .. } = error { error.clone() } else { error.to_string() }
    };
    asked.iter().filter_map(|(address, client)| Some((address.clone(), said(client.as_ref().err()?)))).collect()
}

/// How it is, as one server says.
async fn status_at(api: &Api, settings: &Settings) -> Result<ClusterStatus, Refused> {
    let none = || Refused::Unheard("there is none; the first hub that starts makes it".to_owned());
    let stream = api.stream().await?.ok_or_else(none)?;
    let words = every_word(api).await?;
    let now = stream.said_at().unwrap_or_else(|| Clock::system(None).wall());
    let nodes = words.into_iter().map(|(node, found, word)| {
        let said = match &word {
            Word::Up { .. } => "began",
            Word::Mark { .. } => "marked the log",
            Word::Leaving { .. } => "left",
            Word::Gone { .. } => "was declared to be gone",
        };
        let address = word.address().map(str::to_owned);
        let differs_in = word.alike().map(|alike| settings.alike.differs_in(alike)).unwrap_or_default();
        let (ago, is_over) = (now.since(found.at), word.is_the_end());
        NodeStatus { node, boot: word.boot(), word: said, ago, is_over, address, differs_in }
    });
    Ok(of(&stream, now, nodes.collect(), settings))
}

fn of(stream: &Stream, now: Timestamp, nodes: Vec<NodeStatus>, settings: &Settings) -> ClusterStatus {
    let servers = stream.cluster.replicas.iter();
    let servers = servers.map(|replica| ServerStatus { name: replica.name.clone(), state: ServerState::of(replica) });
    ClusterStatus {
        stream: settings.stream.clone(),
        epoch: stream.config.metadata.get("epoch").cloned().unwrap_or_default(),
        first: stream.state.first_seq,
        last: stream.state.last_seq,
        bytes: stream.state.bytes,
        newest: stream.state.last_at().map(|newest| now.since(newest)),
        // A server that is none of a cluster keeps the stream alone.
        leader: stream.cluster.leader.clone().filter(|leader| !leader.is_empty()),
        servers: servers.collect(),
        unanswered: Vec::new(),
        nodes,
        silent_after: settings.silent_after,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::alike::Alike;

    /// What JetStream says of a stream whose newest message is from half past, asked then and so many seconds.
    fn asked(seconds: u32, replicas: &serde_json::Value) -> ClusterStatus {
        let stream = serde_json::from_value(json!({
            "config": { "metadata": { "epoch": "7" } },
            "state": { "first_seq": 1, "last_seq": 9, "last_ts": "2026-01-01T00:30:00Z" },
            "cluster": { "leader": "n1", "replicas": replicas },
            "ts": format!("2026-01-01T00:30:{seconds:02}.25Z"),
        }));
        let stream: Stream = stream.unwrap();
        let settings = Settings {
            node: 1,
            servers: Vec::new(),
            login: None,
            tls_ca: None,
            certificate: None,
            stream: "PRESENCE".to_owned(),
            replicas: 3,
            window: Duration::from_hours(48),
            silent_after: Duration::from_secs(3),
            advertise: None,
            alike: Alike::default(),
        };
        of(&stream, stream.said_at().unwrap(), Vec::new(), &settings)
    }

    fn replica(name: &str, active: Duration) -> serde_json::Value {
        json!({ "name": name, "current": true, "active": active.as_nanos() as u64 })
    }

    #[test]
    fn nothing_is_kept_while_most_servers_are_unheard_though_nats_still_calls_them_current() {
        let soon = Duration::from_millis(300);
        let well = asked(0, &json!([replica("n2", soon), replica("n3", soon)]));
        assert_eq!((well.trouble(), well.newest), (None, Some(Duration::from_millis(250))));
        let one_lost = asked(0, &json!([replica("n2", soon), replica("n3", 7 * Duration::from_secs(1))]));
        assert_eq!(one_lost.trouble(), None);
        assert_eq!(one_lost.servers[1].state, ServerState::Unheard(Duration::from_secs(7)));
        let two_lost = asked(7, &json!([replica("n2", 24 * soon), replica("n3", 24 * soon)]));
        let trouble = two_lost.trouble().unwrap();
        assert!(trouble.contains("needs 2 of its 3 servers, and 1 is heard"), "{trouble}");
    }

    #[test]
    fn a_log_that_nobody_marks_is_said_to_be_one() {
        let soon = Duration::from_millis(300);
        let left = asked(7, &json!([replica("n2", soon), replica("n3", soon)]));
        let trouble = left.trouble().unwrap();
        assert!(trouble.contains("the newest message is 7.2 s old") && trouble.contains("no hub runs"), "{trouble}");
    }
}
