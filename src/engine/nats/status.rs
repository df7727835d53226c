//! How a cluster is, for whoever runs it.

use std::time::Duration;

use super::api::{Api, Refused};
use super::opening::{OpenError, connect, every_word};
use super::settings::Settings;
use crate::engine::words::Word;

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
    /// The server that leads, if there is one.
    pub leader: Option<String>,
    /// The other servers that keep it.
    pub servers: Vec<ServerStatus>,
    /// The nodes that have ever said a word, as far as the log has it.
    pub nodes: Vec<NodeStatus>,
}

/// How a server is that keeps the log.
#[derive(Clone, Debug)]
pub struct ServerStatus {
    /// Its name.
    pub name: String,
    /// Whether it has all that the leader has.
    pub current: bool,
    /// Whether it is not there.
    pub offline: bool,
    /// How many messages it lacks.
    pub lag: u64,
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
    /// How long before the newest message it said so.
    pub before: Duration,
    /// Where it is.
    pub address: Option<String>,
}

/// How the cluster of these settings is.
///
/// # Errors
/// [`OpenError`], whose sentence is meant for the operator.
pub async fn status(settings: &Settings) -> Result<ClusterStatus, OpenError> {
    let unusable = |refused: Refused| OpenError::Stream { stream: settings.stream.clone(), error: refused.to_string() };
    let api = Api::new(connect(settings).await?, &settings.stream);
    let none = || Refused::Unheard("there is none; the first hub that starts makes it".to_owned());
    let words = every_word(&api).await.map_err(unusable)?;
    let stream = api.stream().await.and_then(|stream| stream.ok_or_else(none)).map_err(unusable)?;
    let newest = stream.state.last_at();
    let nodes = words.into_iter().map(|(node, found, word)| {
        let (word_said, address) = match &word {
            Word::Up { address, .. } => ("began", address.clone()),
            Word::Mark { address, .. } => ("marked the log", address.clone()),
            Word::Leaving { .. } => ("left", None),
            Word::Gone { .. } => ("was declared to be gone", None),
        };
        let before = newest.map_or(Duration::ZERO, |newest| newest.since(found.at));
        NodeStatus { node, boot: word.boot(), word: word_said, before, address }
    });
    let servers = stream.cluster.replicas.into_iter().map(|replica| ServerStatus {
        name: replica.name,
        current: replica.current,
        offline: replica.offline,
        lag: replica.lag,
    });
    Ok(ClusterStatus {
        stream: settings.stream.clone(),
        epoch: stream.config.metadata.get("epoch").cloned().unwrap_or_default(),
        first: stream.state.first_seq,
        last: stream.state.last_seq,
        bytes: stream.state.bytes,
        leader: stream.cluster.leader,
        servers: servers.collect(),
        nodes: nodes.collect(),
    })
}
